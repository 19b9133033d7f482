"""GATE 3: a draft becomes a GroundedNarrative only if every number and every direction in it is a rendered Fact, and another wording of it only if it claims
the same. Law: nothing else makes one.

A draft's own words may hold no digit, no numeral in words, no percent and no word that compares: such claims enter as {fact.id} alone, and a Fact
carries its own protection. What is grounded stands sentence by sentence, each a claim: its facts in their order, and its own words. Another wording of a
claim (a model's) must hold the same facts in the same order, and of the guarded words (whose a number is, when, not, more, because, perhaps, very) the same
kinds in the same order: so a number cannot change its subject, a direction cannot turn, a doubt cannot be dropped and a cause cannot be added.
A draft or a wording that fails is refused whole; nothing is patched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest

from assistant.catalog.model import LANGUAGES, Language
from assistant.facts import FactSheet
from assistant.narrate.messages import message, messages
from assistant.narrate.render import render

_PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")
_KEPT = "grounding.kept_"
_LONGER, _ROOM = 2, 12
"""How much longer than the claim's own words another wording may be: what is added could be checked by nobody."""


@dataclass(frozen=True, slots=True)
class NarrativeDraft:
    """Sentences with {fact.id} for everything that is not plain words, not yet believed. `by`: the narrator."""

    sentences: tuple[str, ...]
    language: Language
    by: str = "template"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence: its own words around its facts (one piece more than there are facts), the facts' ids, and the facts as they are written."""

    words: tuple[str, ...]
    facts: tuple[str, ...]
    written: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(chain.from_iterable(zip_longest(self.words, self.written, fillvalue="")))


@dataclass(frozen=True, slots=True)
class GroundedNarrative:
    """Claims whose every number is a rendered Fact. `by`: whose words they are."""

    claims: tuple[Claim, ...]
    language: Language
    by: str

    @property
    def text(self) -> str:
        return ("" if self.language == "zh" else " ").join(claim.text for claim in self.claims)

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts told, in order."""
        return tuple(chain.from_iterable(claim.facts for claim in self.claims))


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """Why a draft was refused: the words that are no Fact, the ids that are not on the sheet; and of another wording the sentences that claim something else."""

    words: tuple[str, ...]
    unknown: tuple[str, ...]
    sentences: tuple[str, ...] = ()


def ground(draft: NarrativeDraft, sheet: FactSheet) -> GroundedNarrative | Ungrounded:
    """Fill the draft's placeholders from the sheet, or refuse it. Rendered values are never read again, so a name cannot smuggle in a placeholder."""
    parts = [_PLACEHOLDER.split(sentence) for sentence in draft.sentences]
    words = tuple(word for part in parts for literal in part[0::2] for word in claims(literal))
    unknown = tuple(identifier for part in parts for identifier in part[1::2] if identifier not in sheet)
    if words or unknown:
        return Ungrounded(words, unknown)
    told = (
        Claim(tuple(part[0::2]), tuple(part[1::2]), tuple(render(sheet[identifier], draft.language) for identifier in part[1::2]))
        for part in parts
    )
    return GroundedNarrative(tuple(told), draft.language, draft.by)


def reworded(sentences: Sequence[str], narrative: GroundedNarrative, by: str) -> GroundedNarrative | Ungrounded:
    """The narrative in the words of another narrator (`by`): a sentence for each claim, in the claims' order, with every fact written as it is there; or a
    refusal. What is grounded are the new words, so that a wording of a wording is held to the same."""
    if len(sentences) != len(narrative.claims):
        return Ungrounded((), (), tuple(sentences))
    found = [_worded(sentence.strip(), claim) for sentence, claim in zip(sentences, narrative.claims, strict=True)]
    told = tuple(one for one in found if isinstance(one, Claim))
    if len(told) < len(found):
        words = tuple(word for one in found if isinstance(one, tuple) for word in one)
        refused = tuple(sentence for sentence, one in zip(sentences, found, strict=True) if not isinstance(one, Claim))
        return Ungrounded(words, (), refused)
    return GroundedNarrative(told, narrative.language, by)


def _worded(sentence: str, claim: Claim) -> Claim | tuple[str, ...]:
    """The claim in the words of a sentence; else the words that claim something by themselves (none where facts are missing or stand in another order, or
    guarded words differ)."""
    words: list[str] = []
    rest = sentence
    for written in claim.written:
        before, found, rest = rest.partition(written)
        words.append(before)
        if not found:
            return claims(sentence)
    words.append(rest)
    said = tuple(word for piece in words for word in claims(piece))
    length = sum(map(len, words))
    if said or length > _LONGER * sum(map(len, claim.words)) + _ROOM:
        return said
    return Claim(tuple(words), claim.facts, claim.written) if kept(words) == kept(claim.words) else ()


def claims(words: str) -> tuple[str, ...]:
    """The numbers and directions said in plain words, in either language (a text may mix them): digits of any script, numerals, comparisons, braces left over."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    found = [character for character in words + folded if unicodedata.category(character)[0] == "N" or character in "{}"]
    for language in LANGUAGES:
        harmless, telling = _patterns(language)
        found += telling.findall(harmless.sub(" ", folded))
    return tuple(dict.fromkeys(found))


def kept(pieces: Sequence[str]) -> tuple[str, ...]:
    """The kinds of the guarded words in a sentence's own words, in order; what is said twice running counts once."""
    found: list[str] = []
    for piece in pieces:
        folded = unicodedata.normalize("NFKC", piece).casefold()
        places: list[tuple[int, str]] = []
        for language in LANGUAGES:
            harmless, guarded, kinds = _guarded(language)
            blanked = harmless.sub(lambda match: " " * len(match.group()), folded)
            places += [(match.start(), kinds[match.group()]) for match in guarded.finditer(blanked)]
        found += [kind for _, kind in sorted(places)]
    return tuple(kind for place, kind in enumerate(found) if not place or found[place - 1] != kind)


@cache
def _patterns(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand although it holds a numeral (一起), and what may not. English words count whole, Chinese ones anywhere."""
    telling = message(language, "grounding.numerals").split() + message(language, "grounding.directions").split()
    return _any_of(message(language, "grounding.harmless").split(), language), _any_of(telling, language)


@cache
def _guarded(language: Language) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """What may stand although it holds a guarded word (不过), the guarded words, and the kind of each."""
    kinds = {word: key for key, words in messages(language).items() if key.startswith(_KEPT) for word in words.split()}
    return _any_of(message(language, "grounding.unguarded").split(), language), _any_of(list(kinds), language), kinds


def _any_of(words: list[str], language: Language) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    if language == "zh":
        return re.compile("|".join(map(re.escape, longest_first)))
    return re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in longest_first))
