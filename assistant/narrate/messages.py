"""The words of answers, by key and language. Law: a sentence a user reads is written in `language/<locale>/messages.yaml` and nowhere else.

Keys are dotted (`issue.unread`); both locales hold the same keys with the same placeholders (a test says so).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

import yaml

from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import Param

_NOTHING: Mapping[str, str] = MappingProxyType({})


@cache
def messages(language: Language) -> Mapping[str, str]:
    """Every message of a language by its dotted key, in file order."""
    path = Path(__file__).resolve().parent.parent / "language" / language / "messages.yaml"
    sections: Mapping[str, Mapping[str, str]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return MappingProxyType({f"{section}.{name}": text for section, entries in sections.items() for name, text in entries.items()})


def placeholders(text: str) -> frozenset[str]:
    """The names in braces of a message."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def message(language: Language, key: str, params: Mapping[str, str] = _NOTHING) -> str:
    """The message of a key with its placeholders filled; values are never read as templates. KeyError for an unknown key or a missing value."""
    parts: list[str] = []
    for literal, name, _, _ in Formatter().parse(messages(language)[key]):
        parts.append(literal)
        if name is not None:
            parts.append(params[name])
    return "".join(parts)


def has_message(key: str) -> bool:
    """Whether a key exists (it then exists in every language)."""
    return key in messages(LANGUAGES[0])


NOTHING = ("-",)
"""A list that has nothing in it, where its message needs a word."""


def texts(language: Language, params: Mapping[str, Param]) -> dict[str, str]:
    """Parameters of an issue or error as text: lists joined as the language joins them, numbers with thousands separators."""
    return {name: _text(language, value) for name, value in params.items()}


def _text(language: Language, value: Param) -> str:
    if value == NOTHING:
        return message(language, "readback.nothing")
    if isinstance(value, tuple):
        return message(language, "readback.list_join").join(value)
    if isinstance(value, int | float):
        return f"{value:,}"
    return value
