"""Why one customer is in or out, as JSON and as a table. Law: one row a condition; of a customer who is not the asker's there is none."""

from __future__ import annotations

from functools import partial

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.why import Clause, WhyIn
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.sentences.why import remedy_phrase, value_words, what_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json

_HELD = {"held": "held", "not": "not_held", "unknown": "not_known"}


def wire(found: WhyIn, answer: Answer) -> Json:
    """Whether the customer is known and inside, each condition with what the customer has, and the changes that would let them in."""
    rule = answer.rule
    assert rule is not None, "asked of a segment"
    clauses: list[Json] = [
        {
            "condition": both(partial(condition_phrase, clause.node, answer.catalog)),
            "held": clause.held,
            "figures": [
                {
                    "of": both(partial(what_phrase, figure, answer.catalog)),
                    "value": figure.value if isinstance(figure.value, bool | str) else number_of(answer, f"why.{number}.{place}.value"),
                    "gap": number_of(answer, f"why.{number}.{place}.gap"),
                }
                for place, figure in enumerate(clause.figures)
            ],
        }
        for number, clause in enumerate(found.clauses)
    ]
    remedies: list[Json] = [
        {"label": both(partial(remedy_phrase, one, rule, answer.catalog)), "count": number_of(answer, f"why.remedy.{place}.n")}
        for place, one in enumerate(found.remedies)
    ]
    return {"customer": found.customer, "known": found.known, "inside": found.inside, "clauses": clauses, "remedies": remedies}


def grid(found: WhyIn, answer: Answer, language: Language) -> Grid | None:
    """One row a condition. None without any."""
    if not found.clauses:
        return None
    rows = tuple(
        (
            condition_phrase(clause.node, answer.catalog, language),
            message(language, f"page.{_HELD[clause.held]}"),
            _has(number, clause, answer, language),
        )
        for number, clause in enumerate(found.clauses)
    )
    header = tuple(message(language, f"page.{name}") for name in ("condition", "holds", "customer_has"))
    return Grid(message(language, "page.why_in", {"customer": str(found.customer)}), header, rows)


def _has(number: int, clause: Clause, answer: Answer, language: Language) -> str:
    said = []
    for place, figure in enumerate(clause.figures):
        words = value_words(figure, answer.catalog, language)
        name = what_phrase(figure, answer.catalog, language)
        value = words or words_of(answer, f"why.{number}.{place}.value", language)
        said.append(value if isinstance(figure.value, bool) else message(language, "page.has", {"name": name, "value": value}))
    return message(language, "readback.list_join").join(said)
