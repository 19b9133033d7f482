"""A change in size as a waterfall. Law: every step is a Fact; where one may not be shown there is no picture, for the others would give it away."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from assistant.app.charts.bars import FONTS, MUTED, PALETTE, label_lines, length
from assistant.app.insights.compare import part_words
from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.facts import Fact
from assistant.insight.compare import PARTS, Comparison
from assistant.narrate.messages import message
from assistant.narrate.sentences.compare import now_words, then_words
from assistant.pipeline import Answer

CAME, WENT = PALETTE[2], PALETTE[1]
_LABEL = {"zh": 12, "en": 24}
_ROW, _EDGE = 34, 40
_MOSTLY_STAYED = 0.5
"""Above this share of the longest bar that no step reaches, the axis begins further on: steps of a few among many would not be seen."""


def compare_chart(found: Comparison, answer: Answer, language: Language) -> go.Figure | None:
    """From the count then, through those who came and went, to the count now; parts of nobody are left out. None where nobody can have stayed or gone."""
    facts = answer.facts
    parts = [part for part in PARTS if part != "stayed" and found.parts[part]]
    ends = ("compare.count_then", "compare.count_now")
    if found.once or facts is None or any(facts[name].suppressed for name in (*ends, *(f"compare.{part}" for part in parts))):
        return None
    names = [message(language, "page.compare_then", {"date": then_words(found, language)})]
    names += [part_words(part, language) for part in parts]
    names.append(message(language, "page.compare_now", {"date": now_words(found, language)}))
    shown: list[Fact] = [facts["compare.count_then"], *(facts[f"compare.{part}"] for part in parts), facts["compare.count_now"]]
    signs = [0, *(-1 if part.startswith("left") else 1 for part in parts), 0]
    drawn = go.Figure(
        go.Waterfall(
            orientation="h",
            measure=["absolute", *("relative" for _ in parts), "total"],
            y=list(range(len(names))),
            x=[length(fact) * (sign or 1) for fact, sign in zip(shown, signs, strict=True)],
            text=[f"{'+−'[sign < 0] if sign else ''}{figure(fact, language)}" for fact, sign in zip(shown, signs, strict=True)],
            hovertext=[escape(name) for name in names],
            hoverinfo="text",
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": CAME}},
            decreasing={"marker": {"color": WENT}},
            totals={"marker": {"color": PALETTE[0]}},
            connector={"line": {"color": MUTED, "width": 1}},
        )
    )
    labels = ["<br>".join(escape(line) for line in label_lines(name, language, _LABEL[language])) for name in names]
    drawn.update_layout(
        template="none",
        height=_EDGE + _ROW * len(names),
        margin={"l": 8, "r": 64, "t": 8, "b": 8},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        waterfallgap=0.3,
        dragmode=False,
    )
    drawn.update_xaxes(visible=False, fixedrange=True, range=_span(shown, signs))
    drawn.update_yaxes(
        tickmode="array", tickvals=list(range(len(names))), ticktext=labels, autorange="reversed", automargin=True, fixedrange=True,
        showgrid=False, zeroline=False, ticks="",
    )  # fmt: skip
    return drawn


def _span(shown: list[Fact], signs: list[int]) -> list[float]:
    """From nothing, or from a little before the lowest step where that would show nothing of the steps, to the furthest with room for its number."""
    level = length(shown[0])
    levels = [level]
    for fact, sign in zip(shown[1:-1], signs[1:-1], strict=True):
        level += sign * length(fact)
        levels.append(level)
    low, high = min(levels), max(levels)
    start = max(0.0, low - (high - low)) if low > _MOSTLY_STAYED * high else 0.0
    return [start, high + 0.02 * (high - start) if high else 1.0]
