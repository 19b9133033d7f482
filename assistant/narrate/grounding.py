"""GATE 3: a draft becomes a GroundedNarrative only if every number and every direction in it is a rendered Fact. Law: nothing else makes one.

A draft's own words may hold no digit, no numeral in words, no percent and no word that compares: such claims enter as {fact.id} alone, and a Fact
carries its own protection. A draft that fails is refused whole (the caller takes the template narrator's); nothing is patched.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.narrate.messages import LANGUAGES, message
from assistant.narrate.render import render

_PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")


@dataclass(frozen=True, slots=True)
class NarrativeDraft:
    """Text with {fact.id} for everything that is not plain words, not yet believed. `by`: the narrator."""

    text: str
    language: Language
    by: str = "template"


@dataclass(frozen=True, slots=True)
class GroundedNarrative:
    """Text whose every number is a rendered Fact, and the ids of those Facts in order."""

    text: str
    facts: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """Why a draft was refused: the words that are no Fact, and the ids that are not on the sheet."""

    words: tuple[str, ...]
    unknown: tuple[str, ...]


def ground(draft: NarrativeDraft, sheet: FactSheet) -> GroundedNarrative | Ungrounded:
    """Fill the draft's placeholders from the sheet, or refuse it. Rendered values are never read again, so a name cannot smuggle in a placeholder."""
    parts = _PLACEHOLDER.split(draft.text)
    literals, ids = parts[0::2], parts[1::2]
    words = tuple(word for literal in literals for word in claims(literal))
    unknown = tuple(identifier for identifier in ids if identifier not in sheet)
    if words or unknown:
        return Ungrounded(words, unknown)
    rendered = [render(sheet[identifier], draft.language) for identifier in ids]
    text = literals[0] + "".join(value + literal for value, literal in zip(rendered, literals[1:], strict=True))
    return GroundedNarrative(text, tuple(ids), draft.by)


def claims(words: str) -> tuple[str, ...]:
    """The numbers and directions said in plain words, in either language (a text may mix them): digits of any script, numerals, comparisons, braces left over."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    found = [character for character in words + folded if unicodedata.category(character)[0] == "N" or character in "{}"]
    for language in LANGUAGES:
        harmless, telling = _patterns(language)
        found += telling.findall(harmless.sub(" ", folded))
    return tuple(dict.fromkeys(found))


@cache
def _patterns(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand although it holds a numeral (一起), and what may not. English words count whole, Chinese ones anywhere."""
    telling = message(language, "grounding.numerals").split() + message(language, "grounding.directions").split()
    return _any_of(message(language, "grounding.harmless").split(), language), _any_of(telling, language)


def _any_of(words: list[str], language: Language) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    if language == "zh":
        return re.compile("|".join(map(re.escape, longest_first)))
    return re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in longest_first))
