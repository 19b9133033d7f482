"""What the parts of an answer are shown with: a Fact on the wire or in words, a text in both languages, a small table. Law: every number is a Fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.catalog.model import LANGUAGES, Language
from assistant.facts import Fact
from assistant.narrate.render import plain, render
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table in words: a title, its columns and rows. `numeric`: the columns that hold figures; `note`: what stands below it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""


def number(fact: Fact) -> Json:
    """A Fact on the wire: whole numbers as such, others as decimal strings, hidden ones as what may be said of them."""
    if fact.suppressed:
        return {"fewer_than": fact.floor} if fact.floor else {"withheld": True}
    value = fact.value
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def both(say: Callable[[Language], str]) -> dict[str, Json]:
    """A text in every language."""
    return {language: say(language) for language in LANGUAGES}


def fact_of(answer: Answer, identifier: str) -> Fact | None:
    """A fact of the answer by its id; None where there is none."""
    return answer.facts[identifier] if answer.facts is not None and identifier in answer.facts else None


def number_of(answer: Answer, identifier: str) -> Json:
    """A fact of the answer on the wire; None where there is none."""
    fact = fact_of(answer, identifier)
    return None if fact is None else number(fact)


def words_of(answer: Answer, identifier: str, language: Language) -> str:
    """A fact of the answer where a heading says what it counts; empty where there is none."""
    fact = fact_of(answer, identifier)
    return "" if fact is None else figure(fact, language)


def figure(fact: Fact, language: Language) -> str:
    """A Fact where a heading already says what is counted: a number of customers without the word."""
    if fact.suppressed or fact.unit != "customers" or not isinstance(fact.value, int):
        return render(fact, language)
    return plain(Decimal(fact.value))
