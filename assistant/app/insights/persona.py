"""A persona as JSON and as a table. Law: every share stands beside the one it is compared with."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from assistant.app.shown import Grid, both, fact_of, number_of, words_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.breakdown import cut_points
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.persona import Persona
from assistant.insight.traits import Trait
from assistant.narrate.messages import message
from assistant.narrate.readback import trait_phrase
from assistant.narrate.render import plain, rounded
from assistant.pipeline import Answer
from assistant.rule.canonical import Json

_PARTS = ("low", "middle", "high")


def wire(found: Persona, answer: Answer) -> Json:
    """The sizes compared, the traits, and what holds by definition."""
    return {
        "baseline": found.baseline.kind,
        "matched_on": list(found.baseline.matched_on),
        "customers": number_of(answer, "persona.n"),
        "rest": number_of(answer, "persona.rest"),
        "unmatched": number_of(answer, "persona.unmatched"),
        "alike": number_of(answer, "persona.alike"),
        "traits": [trait_wire(trait, trait.id, answer) for trait in found.traits],
        "by_definition": [trait_wire(trait, trait.id, answer) for trait in found.by_definition],
        "quartiles": [
            {"tag": one.tag, **{part: number_of(answer, f"{one.id}.{part}") for part in (*_PARTS, *(f"rest.{part}" for part in _PARTS))}}
            for one in found.spans
        ],
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
    medians = [(medians_words(found, trait, answer, language),) if found.spans else () for trait in found.traits]
    rows = tuple((*trait_row(trait, trait.id, answer, language), *more) for trait, more in zip(found.traits, medians, strict=True))
    names = ("tag", "segment_share", rest_key(found), "index", "interval", *(("medians",) if found.spans else ()))
    header = tuple(message(language, f"page.{name}") for name in names)
    return Grid(message(language, "page.persona"), header, rows, frozenset(range(1, len(names))))


def medians_words(found: Persona, trait: Trait, answer: Answer, language: Language) -> str:
    """The median of a number in the segment and among the others; nothing for what is no number."""
    span = next((one for one in found.spans if one.tag == trait.tag), None)
    if span is None:
        return ""
    own, rest = (words_of(answer, f"{span.id}.{part}", language) for part in ("middle", "rest.middle"))
    return message(language, "page.here_and_there", {"here": own, "there": rest})


def trait_row(trait: Trait, name: str, answer: Answer, language: Language) -> tuple[str, ...]:
    """A trait, both shares, the index and the interval of the difference, which stand on the sheet under `name`."""
    figures = (words_of(answer, f"{name}.{figure}", language) for figure in ("share", "rest_share", "index"))
    return (trait_words(trait, answer.catalog, language), *figures, interval_words(answer, name, language))


def rest_key(found: Persona | Hypothesis) -> str:
    """The message that names those a finding compares with."""
    return "rest_share" if found.baseline.kind == "rest" else f"rest_share_{found.baseline.kind}"


def trait_words(trait: Trait, catalog: TagCatalog, language: Language) -> str:
    """The name of a persona's bucket: tag and value."""
    tag = catalog.tags[trait.tag]
    words = trait_phrase(tag, trait.bucket, cut_points(tag), catalog, language)
    return message(language, "trait.among_known", {"trait": words}) if trait.among_known else words


def interval_words(answer: Answer, identifier: str, language: Language) -> str:
    """Both ends of the difference of a trait, by its id, in percentage points, which the heading says."""
    ends = [fact_of(answer, f"{identifier}.{end}") for end in ("low", "high")]
    low, high = (plain(rounded(end.value * 100, 1)) if end and isinstance(end.value, Decimal) else "" for end in ends)
    return message(language, "page.from_to", {"low": low, "high": high}) if low and high else ""
