"""A figure of a segment at two dates as JSON and as a table. Law: each with its date and the customers it is taken over."""

from __future__ import annotations

from assistant.app.shown import Grid, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.figure_then import FigureThen
from assistant.narrate.messages import message
from assistant.pipeline import Answer
from assistant.rule.canonical import Json

_SIDES = ("was", "is_now")


def wire(found: FigureThen, answer: Answer) -> Json:
    """Both dates with the figure and its customers, and that of the same customers at both."""
    sides: dict[str, Json] = {
        name: {
            "value": number_of(answer, f"{found.id}.{side}"),
            "known": number_of(answer, f"{found.id}.{side}.known"),
            "n": number_of(answer, f"{found.id}.{side}.n"),
        }
        for name, side in zip(("then", "now"), _SIDES, strict=True)
    }
    same: dict[str, Json] = {
        name: number_of(answer, f"{found.id}.{fact}") for name, fact in (("n", "same"), ("then", "same_was"), ("now", "same_now"))
    }
    days: dict[str, Json] = {"tags_then": found.then.isoformat(), "tags_now": found.now.isoformat()}
    return {"tag": found.tag, "kind": found.kind, **days, **sides, "same": same}


def grid(found: FigureThen, answer: Answer, language: Language) -> Grid:
    """One row a date, and one of the same customers at each."""
    name = message(language, f"narrative.metric_{found.kind}", {"tag": answer.catalog.tags[found.tag].name.get(language)})
    days = (found.then.isoformat(), found.now.isoformat())
    whole = [
        (
            message(language, "page.figure_of", {"date": day, "now": days[1]}),
            *(words_of(answer, f"{found.id}.{part}", language) for part in (side, f"{side}.known")),
        )
        for day, side in zip(days, _SIDES, strict=True)
    ]
    same = [
        (
            message(language, "page.figure_of_same", {"date": day, "now": days[1]}),
            *(words_of(answer, f"{found.id}.{part}", language) for part in (side, "same")),
        )
        for day, side in zip(days, ("same_was", "same_now"), strict=True)
    ]
    header = (message(language, "page.figure_whose"), name, message(language, "page.known"))
    note = message(language, "page.figure_then_note", {"now": days[1], "then": days[0]})
    return Grid(message(language, "page.figure_then"), header, (*whole, *same), frozenset({1, 2}), note)
