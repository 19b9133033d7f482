"""All words the interpreter knows, from the catalog and the phrase lists: key -> meanings. Law: built once per catalog; no reading is chosen here.

A key is the phrase folded like a request and with its blanks taken out, so "App 推送" and "app推送" meet.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, RecordSet, Text, Words
from assistant.language.phrases import phrases, phrases_of
from assistant.language.text import normalise
from assistant.language.verbs import inflected, undetermined

MeaningKind = Literal[
    "tag", "value", "hold", "action", "dated", "property", "property_value", "concept", "concept_not",
    "ambiguous", "inexpressible", "level", "unit", "segment", "phrase", "soon",
]  # fmt: skip
HEAD = 4
"""Characters of a text by which the keys that may stand there are known: four tell most places where none does."""
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a phrase can mean. `code`: the tag, record set, concept, phrase kind, … ; `value`: the enum code or property; `filters`: what the slots of
    an action fixed, as (property, codes); `number`: which entry of `words.yaml`."""

    kind: MeaningKind
    code: str = ""
    value: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrase key -> meanings, and the longest key's length. `counted`: the same for phrases that mean something only with a number inside them.
    `longest_by_head`: the first `HEAD` characters of keys -> the length of the longest key that begins so."""

    entries: Mapping[str, tuple[Meaning, ...]]
    longest: int
    counted: Mapping[str, tuple[Meaning, ...]]
    longest_by_head: Mapping[str, int]

    def reach(self, head: str) -> int:
        """How long a key may be that stands where a text goes on with `head`, its next `HEAD` characters (fewer at its end)."""
        return self.longest_by_head.get(head, HEAD - 1)


def squeeze(text: str) -> str:
    """A folded text without blanks, and without hyphens between letters."""
    if "-" not in text:
        return "".join(text.split())
    return "".join(text[index] for index in kept_positions(text))


def kept_positions(text: str) -> list[int]:
    """Positions of a folded text that `squeeze` keeps."""
    return [
        index
        for index, character in enumerate(text)
        if not character.isspace()
        and not (character == "-" and 0 < index < len(text) - 1 and text[index - 1].isalpha() and text[index + 1].isalpha())
    ]


@lru_cache(maxsize=65536)
def key_of(phrase: str) -> str:
    """The lexicon key of a phrase."""
    if phrase.isascii() and phrase.isprintable():
        return squeeze(phrase.lower())
    return squeeze(normalise(phrase).text)


def _english_variants(phrase: str) -> Iterator[str]:
    yield phrase
    if phrase and phrase[-1].isascii() and phrase[-1].isalpha() and len(phrase) > 3:
        if phrase.endswith("s") and not phrase.endswith("ss"):
            yield phrase[:-1]
        elif phrase.endswith("y") and phrase[-2:-1] not in "aeiou":
            yield phrase[:-1] + "ies"
        elif phrase.endswith(("ch", "sh", "x")):
            yield phrase + "es"
        elif not phrase.endswith("s"):
            yield phrase + "s"


_CODE = re.compile(r"[A-Z]+\d+")
"""A code that bankers say as it is: T4, C3. A code that is a plain word or number means other things too."""

_MONTHS = re.compile(r"近(\d+)月")


@lru_cache(maxsize=1)
def _ours() -> tuple[str, ...]:
    """What staff call their own bank, as it stands in names of the catalog first."""
    return tuple(words for _, kind, words in phrases() if kind == "ours")


def _as_staff_say(phrase: str) -> Iterator[str]:
    """A name that says 我行, with every other word for it: 工资在我们这儿发."""
    bank, *others = _ours()
    yield phrase
    if bank in phrase and phrase != bank:
        yield from (phrase.replace(bank, other) for other in others)


def _names(name: Text, aliases: Words) -> Iterator[str]:
    for phrase in (said for alias in (name.zh, *aliases.zh) for said in _as_staff_say(alias)):
        yield phrase
        if _MONTHS.search(phrase):
            yield _MONTHS.sub(r"近\1个月", phrase)
    for phrase in (name.en, *aliases.en):
        yield from _english_variants(phrase)


def _concept_names(name: Text, aliases: Words) -> Iterator[str]:
    """As `_names`, and without determiners: what one did or never did is said with any of them (never done the risk test)."""
    for phrase in _names(name, aliases):
        yield phrase
        bare = undetermined(phrase.lower()) if phrase.isascii() else phrase
        if bare != phrase.lower():
            yield bare


def _actions(record: RecordSet, words: Words, catalog: TagCatalog) -> Iterator[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]:
    """Every phrase with its slots filled by every label and alias of the property's values."""
    for language, actions in (("zh", words.zh), ("en", words.en)):
        for action in actions:
            slots = _SLOT.findall(action)
            choices = [list(_slot_words(record.property(slot), catalog, language)) for slot in slots]
            for combination in itertools.product(*choices):
                phrase = action
                for slot, (word, _) in zip(slots, combination, strict=True):
                    phrase = phrase.replace("{" + slot + "}", word, 1)
                filters = tuple((slot, (code,)) for slot, (_, code) in zip(slots, combination, strict=True))
                if language == "en":
                    for variant in _english_variants(phrase):
                        for form in inflected(variant):
                            yield form, filters
                            bare = undetermined(form.lower())
                            if bare != form:
                                yield bare, filters
                else:
                    yield phrase, filters


def _soon(phrase: str) -> Iterator[str]:
    """理财快到期[的客户] of 理财到期, wealth products maturing soon: a day that comes before long, with no number said."""
    if phrase.isascii():
        yield from (f"{phrase} {word}" for word in sorted(phrases_of("due.behind")))
        return
    for verb in sorted(phrases_of("due.verb")):
        for word in sorted(phrases_of("due.soon")) if verb in phrase else ():
            found = phrase.replace(verb, word + verb, 1)
            yield from (found, f"{found}的客户", f"{found}客户") if found.endswith(verb) else (found,)


def _slot_words(prop: Property | None, catalog: TagCatalog, language: str) -> Iterator[tuple[str, str]]:
    if prop is None:
        return
    for value in catalog.values(prop):
        words = (value.label.zh, *value.aliases.zh) if language == "zh" else (value.label.en.lower(), *value.aliases.en)
        for word in words:
            yield word, value.code


def catalog_words(catalog: TagCatalog) -> Iterator[tuple[str, Meaning]]:
    for tag in catalog.tags.values():
        if tag.status not in ("online", "deprecated", "offline"):  # of one that is offline the gate says so, and why
            continue
        for phrase in _names(tag.name, tag.aliases):
            yield phrase, Meaning("tag", tag.code)
        for phrase in itertools.chain(tag.holding_words.zh, *(_english_variants(word) for word in tag.holding_words.en)):
            yield phrase, Meaning("hold", tag.code)
        for phrase in tag.unit_words.all():
            yield phrase, Meaning("unit", tag.code)
        for value in catalog.values(tag):
            for phrase in _names(value.label, value.aliases):
                yield phrase, Meaning("value", tag.code, value.code)
            if _CODE.fullmatch(value.code):
                yield value.code, Meaning("value", tag.code, value.code)
    for region in catalog.header.regions:
        for phrase in _names(region.label, region.aliases):
            yield phrase, Meaning("value", catalog.header.organisation_tag, region.code)
    for record in catalog.records.values():
        if record.status not in ("online", "deprecated"):
            continue
        for phrase in _names(record.name, record.aliases):
            yield phrase, Meaning("action", record.code)
        for phrase, filters in _actions(record, record.actions, catalog):
            yield phrase, Meaning("action", record.code, filters=filters)
        for name, words in record.dated_actions.items():
            for phrase, filters in _actions(record, words, catalog):
                yield phrase, Meaning("dated", record.code, name, filters)
                for soon in _soon(phrase) if getattr(record.property(name), "tense", "") == "future" else ():
                    yield soon, Meaning("soon", record.code, name, filters)
        for prop in record.properties:
            for phrase in _names(prop.name, prop.aliases):
                yield phrase, Meaning("property", record.code, prop.code)
            for value in catalog.values(prop):
                for phrase in _names(value.label, value.aliases):
                    yield phrase, Meaning("property_value", record.code, prop.code, ((prop.code, (value.code,)),))
    for concept in catalog.concepts.values():
        if concept.status not in ("online", "deprecated"):
            continue
        for phrase in _concept_names(concept.name, concept.aliases):
            yield phrase, Meaning("concept", concept.code)
        if concept.negation_name is not None:
            for phrase in _concept_names(concept.negation_name, concept.negation_aliases):
                yield phrase, Meaning("concept_not", concept.code)
    for number, ambiguous in enumerate(catalog.ambiguous):
        for phrase in ambiguous.words.all():
            yield phrase, Meaning("ambiguous", number=number)
    for number, unknown in enumerate(catalog.inexpressible):
        for phrase in unknown.words.all():
            yield phrase, Meaning("inexpressible", number=number)
    for level, words in catalog.header.level_words.items():
        for phrase in words.all():
            yield phrase, Meaning("level", level)


@lru_cache(maxsize=8)
def lexicon(catalog: TagCatalog) -> Lexicon:
    """The words of a catalog and of all locales. Meanings of one key keep catalog order."""
    entries: dict[str, dict[Meaning, None]] = {}
    for phrase, meaning in catalog_words(catalog):
        key = key_of(phrase)
        if key:
            entries.setdefault(key, {})[meaning] = None
    for _, kind, words in phrases():
        if kind.startswith(("call.", "choose.", "due.", "held.", "keep.", "ours", "part.", "speech", "strategy.", "turning", "where.")):
            continue  # whole turns with readers of their own (a call list, a question, a saved segment, a comparison before, a template), never part of a request;
            # verbs that are words of the request only behind a denial, words that stand in names of the catalog, words only looked for where nothing is read, and words of a place
        key = key_of(words)
        if key:
            entries.setdefault(key, {})[Meaning("phrase", kind)] = None
    counted: dict[str, dict[Meaning, None]] = {}
    for record in catalog.records.values():
        for phrase, filters in _actions(record, record.counted_actions, catalog):
            counted.setdefault(key_of(phrase), {})[Meaning("action", record.code, filters=filters)] = None
    longest: dict[str, int] = {}
    for key in entries:
        if len(key) > longest.get(key[:HEAD], 0):
            longest[key[:HEAD]] = len(key)
    return Lexicon(
        {key: tuple(meanings) for key, meanings in entries.items()},
        max(map(len, entries), default=1),
        {key: tuple(meanings) for key, meanings in counted.items()},
        longest,
    )


def with_names(words: Lexicon, names: Sequence[tuple[str, str]]) -> Lexicon:
    """The same words and some names besides, each a key and what it names: saved segments, which are no part of a catalog."""
    if not names:
        return words
    added: dict[str, tuple[Meaning, ...]] = {}
    longest = dict(words.longest_by_head)
    for key, code in names:
        added[key] = (*added.get(key, ()), Meaning("segment", code))
        longest[key[:HEAD]] = max(len(key), longest.get(key[:HEAD], 0))
    entries = {**words.entries, **{key: (*words.entries.get(key, ()), *meanings) for key, meanings in added.items()}}
    return replace(words, entries=entries, longest=max(words.longest, *map(len, added)), longest_by_head=longest)
