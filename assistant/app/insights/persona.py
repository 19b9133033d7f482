"""A persona as JSON and as a table. Law: every share stands beside the one it is compared with."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from assistant.app.shown import Grid, both, fact_of, number_of, words_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.breakdown import cut_points
from assistant.insight.persona import Persona
from assistant.insight.traits import Trait
from assistant.narrate.messages import message
from assistant.narrate.readback import trait_phrase
from assistant.narrate.render import plain, rounded
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Persona, answer: Answer) -> Json:
    """The sizes compared, the traits, and what holds by definition."""
    return {
        "baseline": found.baseline.kind,
        "matched_on": list(found.baseline.matched_on),
        "customers": number_of(answer, "persona.n"),
        "rest": number_of(answer, "persona.rest"),
        "unmatched": number_of(answer, "persona.unmatched"),
        "traits": [trait_wire(trait, trait.id, answer) for trait in found.traits],
        "by_definition": [trait_wire(trait, trait.id, answer) for trait in found.by_definition],
    }


def trait_wire(trait: Trait, name: str, answer: Answer) -> Json:
    """A trait with its figures, which stand on the sheet under `name`."""
    return {
        "tag": trait.tag,
        "bucket": trait.bucket,
        "label": both(partial(trait_words, trait, answer.catalog)),
        "reversed_in": list(trait.reversed_in),
        "explained_by": list(trait.explained_by),
        **{figure: number_of(answer, f"{name}.{figure}") for figure in ("share", "rest_share", "index", "difference", "low", "high")},
    }


def grid(found: Persona, answer: Answer, language: Language) -> Grid | None:
    """What sets the segment apart, strongest first. None when nothing does."""
    if not found.traits:
        return None
    rows = tuple(trait_row(trait, trait.id, answer, language) for trait in found.traits)
    header = tuple(message(language, f"page.{name}") for name in ("tag", "segment_share", rest_key(found), "index", "interval"))
    return Grid(message(language, "page.persona"), header, rows, frozenset({1, 2, 3, 4}))


def trait_row(trait: Trait, name: str, answer: Answer, language: Language) -> tuple[str, ...]:
    """A trait, both shares, the index and the interval of the difference, which stand on the sheet under `name`."""
    figures = (words_of(answer, f"{name}.{figure}", language) for figure in ("share", "rest_share", "index"))
    return (trait_words(trait, answer.catalog, language), *figures, interval_words(answer, name, language))


def rest_key(found: Persona) -> str:
    """The message that names those a persona compares with."""
    return "rest_share" if found.baseline.kind == "rest" else f"rest_share_{found.baseline.kind}"


def trait_words(trait: Trait, catalog: TagCatalog, language: Language) -> str:
    """The name of a persona's bucket: tag and value."""
    tag = catalog.tags[trait.tag]
    return trait_phrase(tag, trait.bucket, cut_points(tag), catalog, language)


def interval_words(answer: Answer, identifier: str, language: Language) -> str:
    """Both ends of the difference of a trait, by its id, in percentage points, which the heading says."""
    ends = [fact_of(answer, f"{identifier}.{end}") for end in ("low", "high")]
    low, high = (plain(rounded(end.value * 100, 1)) if end and isinstance(end.value, Decimal) else "" for end in ends)
    return message(language, "page.from_to", {"low": low, "high": high}) if low and high else ""
