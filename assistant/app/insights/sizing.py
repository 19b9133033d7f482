"""A sizing as JSON and as a table. Law: the segment as it is stands in the first row, so that a proposal is read against it."""

from __future__ import annotations

from functools import partial

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.sizing import Sizing
from assistant.narrate.messages import message
from assistant.narrate.sentences.sizing import change_phrase, target_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Sizing, answer: Answer) -> Json:
    """The target, each number's curve, and the proposals with whom they keep and what those are worth."""
    rule = answer.rule
    assert rule is not None, "a segment is sized"
    proposals: list[Json] = [
        {
            "label": both(partial(change_phrase, one, rule, answer.catalog)),
            "curve": one.curve,
            "value": str(one.point.value),
            **{name: number_of(answer, f"size.proposal.{place}.{name}") for name in ("n", "kept", "average")},
        }
        for place, one in enumerate(found.proposals)
    ]
    curves: list[Json] = [
        {
            "path": list(line.threshold.path),
            "present": str(line.threshold.present),
            "points": [[str(point.value), number_of(answer, f"size.{number}.{place}.n")] for place, point in enumerate(line.points)],
        }
        for number, line in enumerate(found.curves)
    ]
    return {
        "target": None if found.target is None else both(partial(target_phrase, found.target)),
        "reached": found.reached,
        "average_of": found.tag,
        "average": number_of(answer, "size.average"),
        "proposals": proposals,
        "curves": curves,
    }


def grid(found: Sizing, answer: Answer, language: Language) -> Grid | None:
    """As it is now, then the proposals. None without any."""
    rule = answer.rule
    if not found.proposals or rule is None:
        return None
    names = ["count", "kept"]
    header = [message(language, f"page.{name}") for name in ("proposal", *names)]
    rows = [[message(language, "page.as_now"), words_of(answer, "count", language), words_of(answer, "count", language)]]
    for place, one in enumerate(found.proposals):
        figures = (words_of(answer, f"size.proposal.{place}.{name}", language) for name in ("n", "kept"))
        rows.append([change_phrase(one, rule, answer.catalog, language), *figures])
    if found.tag is not None:
        header.append(message(language, "page.average_of", {"tag": answer.catalog.tags[found.tag].name.get(language)}))
        averages = ("size.average", *(f"size.proposal.{place}.average" for place in range(len(found.proposals))))
        for row, average in zip(rows, averages, strict=True):
            row.append(words_of(answer, average, language))
    title = message(language, f"page.{found.title}")
    return Grid(title, tuple(header), tuple(map(tuple, rows)), frozenset(range(1, len(header))))
