"""Checks of what elements are called: repeats, collisions, languages, polarity, slots. Law: words of two elements collide when they fold to the same spelling."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from pydantic import BaseModel

from assistant.catalog.lint.folder import Entry, Folder, LintFinding, Place
from assistant.catalog.model import (
    Concept,
    Element,
    RecordSet,
    Tag,
    Words,
)
from assistant.catalog.spelling import fold, stem
from assistant.language.text import is_cjk, normalise

SLOT = re.compile(r"\{([^{}]*)\}")
_POLARITY = re.compile(r"未(?!来|成年|结)|不(?!动产)|(?<!多久)没|无(?!感)|\b(?:no|not|never|without)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9０-９<>≥≤]")
_COUNTING = re.compile(r"[0-9０-９一二三四五六七八九十两]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase of an element. `filling`: the slots it was made with."""

    text: str
    at: Place
    filling: tuple[tuple[str, str], ...] = ()


def _listed(words: Words, at: Place) -> Iterator[Word]:
    for language, group in (("zh", words.zh), ("en", words.en)):
        for number, word in enumerate(group):
            yield Word(word, (*at, language, number))


def _phrases(record: RecordSet) -> Iterator[Word]:
    yield from _listed(record.actions, ("actions",))
    for code, words in record.dated_actions.items():
        yield from _listed(words, ("dated_actions", code))


def _expanded(record: RecordSet, phrase: Word) -> Iterator[Word]:
    """The phrase with every label and alias of its slots' values in place; nothing when a slot is not a listed enum."""
    slots = SLOT.findall(phrase.text)
    choices: list[list[tuple[str, str]]] = []
    for slot in slots:
        item = record.property(slot)
        choices.append(
            [(value.code, word) for value in item.values for word in (value.label.zh, value.label.en, *value.aliases.all())] if item else []
        )
    for chosen in product(*choices):
        pieces = iter(chosen)
        text = SLOT.sub(lambda _, pieces=pieces: next(pieces)[1], phrase.text)  # type: ignore[misc]
        yield Word(text, phrase.at, tuple((slot, code) for slot, (code, _) in zip(slots, chosen, strict=True)))


def _names(element: Element) -> Iterator[Word]:
    yield Word(element.name.zh, ("name", "zh"))
    if fold(element.name.zh) != fold(element.name.en):
        yield Word(element.name.en, ("name", "en"))
    yield from _listed(element.aliases, ("aliases",))
    if isinstance(element, Concept):
        if element.negation_name is not None:
            yield Word(element.negation_name.zh, ("negation_name", "zh"))
            yield Word(element.negation_name.en, ("negation_name", "en"))
        yield from _listed(element.negation_aliases, ("negation_aliases",))


def check_repeats(room: Folder) -> Iterator[LintFinding]:
    """No element lists one word twice, and no phrase of a record set can be filled in two ways."""
    for entry in room.elements:
        element = entry.model
        groups: list[Iterable[Word]] = [_names(element)]
        if isinstance(element, RecordSet):
            groups.append(_phrases(element))
        if isinstance(element, Tag):
            groups.append(_listed(element.holding_words, ("holding_words",)))
        for group in groups:
            seen: set[tuple[str, str]] = set()
            for word in group:
                key = " ".join(normalise(word.text).text.split()), next((str(step) for step in word.at if step in ("zh", "en")), "")
                if key in seen:
                    yield entry.finding("word_repeated", {"word": word.text}, word.at)
                seen.add(key)
    for record in room.records:
        fillings: dict[str, Word] = {fold(word.text): Word(word.text, ("actions",)) for word in _names(record.model)}
        for phrase in _phrases(record.model):
            for word in _expanded(record.model, phrase):
                other = fillings.setdefault(fold(word.text), word)
                if other.filling != word.filling and other.at[0] == word.at[0]:
                    yield record.finding("phrase_ambiguous", {"word": word.text}, word.at)


def check_collisions(room: Folder) -> Iterator[LintFinding]:
    """One word names one element: names, aliases, holding words, phrases with their slots filled, negations, words to ask about or to refuse."""
    owners: dict[str, list[tuple[Entry[Element], Word]]] = defaultdict(list)
    for entry in room.elements:
        element = entry.model
        words = list(_names(element))
        if isinstance(element, Tag):
            words += _listed(element.holding_words, ("holding_words",))
        if isinstance(element, RecordSet):
            words += [word for phrase in _phrases(element) for word in _expanded(element, phrase)]
        for word in words:
            known = owners[stem(word.text)]
            if all(other.model is not element for other, _ in known):
                known.append((entry, word))
    for known in owners.values():
        for number, (entry, word) in enumerate(known):
            for other, _ in known[:number]:
                yield entry.finding("word_collision", {"word": word.text, "other": other.label}, word.at)
    asked: dict[str, Entry[BaseModel]] = {}
    specials: list[tuple[Entry[BaseModel], Words]] = [(entry, entry.model.words) for entry in room.ambiguous]
    specials += [(entry, entry.model.words) for entry in room.inexpressible]
    for special, listed in specials:
        for word in _listed(listed, ("words",)):
            key = stem(word.text)
            for other, _ in owners.get(key, ()):
                yield special.finding("special_word_collision", {"word": word.text, "other": other.label}, word.at)
            if asked.setdefault(key, special) is not special:
                yield special.finding("special_word_collision", {"word": word.text, "other": asked[key].label}, word.at)


def check_languages(room: Folder) -> Iterator[LintFinding]:
    """Aliases and phrases in one language have fellows in the other; English sentences hold no Chinese, Chinese ones some."""
    for entry in room.elements:
        element = entry.model
        groups: list[tuple[Words, Place]] = [(element.aliases, ("aliases",))]
        if isinstance(element, RecordSet):
            groups.append((element.actions, ("actions",)))
            groups += [(words, ("dated_actions", code)) for code, words in element.dated_actions.items()]
        if isinstance(element, Tag):
            groups += [(element.holding_words, ("holding_words",)), (element.unit_words, ("unit_words",))]
        if isinstance(element, Concept):
            groups.append((element.negation_aliases, ("negation_aliases",)))
        for words, at in groups:
            if bool(words.zh) != bool(words.en):
                yield entry.finding("words_one_language", {"where": at[0], "language": "zh" if words.en else "en"}, at)
        for where, text in (("name", element.name), ("definition", element.definition)):
            if any(is_cjk(character) for character in text.en):
                yield entry.finding("wrong_language", {"where": where, "language": "en"}, (where, "en"))
        if not any(is_cjk(character) for character in element.definition.zh):
            yield entry.finding("wrong_language", {"where": "definition", "language": "zh"}, ("definition", "zh"))


def check_polarity(room: Folder) -> Iterator[LintFinding]:
    """An alias never carries a value or a polarity that the name does not have: as an alias it would silently lose the condition."""

    def faults(names: str, words: Words, at: Place) -> Iterator[Word]:
        for word in _listed(words, (*at, "aliases")):
            if (_POLARITY.search(word.text) and not _POLARITY.search(names)) or (_AMOUNT.search(word.text) and not _COUNTING.search(names)):
                yield word

    for entry in (*room.tags, *room.records):
        element = entry.model
        for word in faults(f"{element.name.zh} {element.name.en}", element.aliases, ()):
            yield entry.finding("alias_carries_condition", {"word": word.text}, word.at)
    for record in room.records:
        for number, item in enumerate(record.model.properties):
            for word in faults(f"{item.name.zh} {item.name.en}", item.aliases, ("properties", number)):
                yield record.finding("alias_carries_condition", {"word": word.text}, word.at)


def check_slots(room: Folder) -> Iterator[LintFinding]:
    """A slot of a phrase names an enum property whose values are known."""
    for entry in room.records:
        for phrase in _phrases(entry.model):
            for slot in SLOT.findall(phrase.text):
                item = entry.model.property(slot)
                if item is None:
                    yield entry.finding("slot_unknown", {"slot": slot, "phrase": phrase.text}, phrase.at)
                elif not item.values and item.values_from is None:
                    yield entry.finding("slot_without_values", {"slot": slot, "phrase": phrase.text}, phrase.at)
            if SLOT.sub("", phrase.text).count("{") or SLOT.sub("", phrase.text).count("}"):
                yield entry.finding("slot_unknown", {"slot": "", "phrase": phrase.text}, phrase.at)
