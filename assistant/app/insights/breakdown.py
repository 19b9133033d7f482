"""A breakdown as JSON and as a table. Law: a row too small to be shown is named, without its number."""

from __future__ import annotations

from functools import partial

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.breakdown import Breakdown, row_id
from assistant.narrate.messages import message
from assistant.narrate.sentences.breakdown import row_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Breakdown, answer: Answer) -> Json:
    """The dimension and its rows, each with its count, share and base."""
    rule = answer.validated
    assert rule is not None, "what was broken down was validated"
    rows: list[Json] = [
        {
            "code": row.code,
            "kind": row.kind,
            "label": both(partial(row_phrase, row, found, rule)),
            **{
                name: number_of(answer, f"breakdown.{row_id(row)}.{fact}")
                for name, fact in (("count", "n"), ("share", "share"), ("base", "base"))
            },
        }
        for row in found.rows
    ]
    return {"tag": found.dimension.tag, "level": found.dimension.level, "rows": rows, "next_level": found.next_level}


def grid(found: Breakdown, answer: Answer, language: Language) -> Grid | None:
    """Rows somebody of the segment is in; those too small to show are named below."""
    rule, facts = answer.validated, answer.facts
    if rule is None or facts is None:
        return None
    reached = [row for row in found.rows if row.n]
    shown = [row for row in reached if not facts[f"breakdown.{row_id(row)}.n"].suppressed]
    rows = tuple(
        (
            row_phrase(row, found, rule, language),
            *(words_of(answer, f"breakdown.{row_id(row)}.{fact}", language) for fact in ("n", "share")),
        )
        for row in shown
    )
    hidden = message(language, "readback.list_join").join(row_phrase(row, found, rule, language) for row in reached if row not in shown)
    name = dimension_name(found, answer.catalog, language)
    title = message(language, "page.bracketed", {"text": message(language, "page.breakdown"), "more": name})
    note = message(language, "page.hidden_rows", {"rows": hidden}) if hidden else ""
    header = (name, message(language, "page.count"), message(language, "page.share"))
    return Grid(title, header, rows, frozenset({1, 2}), note)


def dimension_name(found: Breakdown, catalog: TagCatalog, language: Language) -> str:
    """What it is broken down by: the tag's name, or the level of the organisation."""
    level = found.dimension.level
    if level is None:
        return catalog.tags[found.dimension.tag].name.get(language)
    return message(language, "page.region") if level == "region" else catalog.header.levels[int(level)].get(language)
