"""Catalog elements -> the lines of a prompt. Law: names, phrases and value labels only, never a customer's value; a line break or a mark of ours in a bank's own text cannot pass for another line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Concept, Language, RecordSet, Tag, Words

MOST_VALUES = 8
_PHRASES = 2
_LONGEST_WORD = 60
_SLOT = re.compile(r"\{([a-z_]+)\}")
_SPACES = re.compile(r"\s+")


def excerpt(catalog: TagCatalog, codes: Sequence[str], language: Language) -> str:
    """One line for each element: what it is called and how it is said, in the given language. Unknown codes are left out."""
    return "\n".join("- " + "; ".join(_tidy(word) for word in words) for code in codes if (words := tuple(_words(catalog, code, language))))


def _tidy(word: str) -> str:
    """A word on one line, no longer than names are."""
    return _SPACES.sub(" ", word).strip()[:_LONGEST_WORD]


def _words(catalog: TagCatalog, code: str, language: Language) -> Iterator[str]:
    if code in catalog.tags:
        yield from _tag(catalog.tags[code], catalog, language)
    elif code in catalog.records:
        yield from _record(catalog.records[code], catalog, language)
    elif code in catalog.concepts:
        yield from _concept(catalog.concepts[code], language)


def _in(words: Words, language: Language) -> tuple[str, ...]:
    return words.zh if language == "zh" else words.en


def _tag(tag: Tag, catalog: TagCatalog, language: Language) -> Iterator[str]:
    yield tag.name.get(language)
    yield from _in(tag.holding_words, language)[:1]
    if tag.values_from is None:
        yield from (value.label.get(language) for value in catalog.values(tag)[:MOST_VALUES])


def _record(record: RecordSet, catalog: TagCatalog, language: Language) -> Iterator[str]:
    """The set's first phrases without a slot, and its first one with a slot for each of the first values."""
    actions = _in(record.actions, language)
    yield from [action for action in actions if not _SLOT.search(action)][:_PHRASES] or [record.name.get(language)]
    slotted = next((action for action in actions if len(_SLOT.findall(action)) == 1), None)
    if slotted is not None:
        name = _SLOT.findall(slotted)[0]
        prop = record.property(name)
        if prop is not None:
            yield from (slotted.replace("{" + name + "}", value.label.get(language)) for value in catalog.values(prop)[:MOST_VALUES])


def _concept(concept: Concept, language: Language) -> Iterator[str]:
    yield concept.name.get(language)
    if concept.negation_name is not None:
        yield concept.negation_name.get(language)
