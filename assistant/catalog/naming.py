"""What a rule's sentence calls the values and units of the catalog. Law: writing a sentence and reading it back use these same names."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalog.model import EnumValue, Language, Property, Tag


def said_unit(item: Tag | Property) -> str:
    """The unit's message name. People say 岁, not 年, of what the catalog says is counted in 岁."""
    if item.unit == "years" and any("岁" in word for word in item.aliases.zh):
        return "age"
    return item.unit


def distinct_label(values: Sequence[EnumValue], value: EnumValue, language: Language) -> tuple[str, str | None]:
    """A name no other of `values` has: its label, else an alias of its own, else its label with that of its parent (the second part)."""
    label = value.label.get(language)
    others = [other for other in values if other.code != value.code]
    if all(other.label.get(language) != label for other in others):
        return label, None
    taken = {word for other in others for word in (other.label.get(language), *_words(other, language))}
    own = next((alias for alias in _words(value, language) if alias not in taken), None)
    if own is not None:
        return own, None
    parent = next((other for other in others if other.code == value.parent), None)
    return label, None if parent is None else parent.label.get(language)


def has_children(values: Sequence[EnumValue], code: str) -> bool:
    """Whether others of a tree stand below a value."""
    return any(value.parent == code for value in values)


def _words(value: EnumValue, language: Language) -> tuple[str, ...]:
    return value.aliases.zh if language == "zh" else value.aliases.en
