"""The words with which people put a request together, of all locales at once. Law: words and meanings come from phrases.yaml; no logic."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

LOCALES = ("zh", "en")


def _flatten(prefix: str, item: object) -> Iterator[tuple[str, str]]:
    if isinstance(item, dict):
        for name, value in item.items():
            yield from _flatten(f"{prefix}.{name}" if prefix else str(name), value)
    elif isinstance(item, list):
        for word in item:
            yield prefix, str(word)


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[str, str, str], ...]:
    """(locale, kind such as "connective.and", words) for every phrase."""
    found: list[tuple[str, str, str]] = []
    for locale in LOCALES:
        data = yaml.load((Path(__file__).parent / locale / "phrases.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        found.extend((locale, kind, words) for kind, words in _flatten("", data))
    return tuple(found)


@lru_cache(maxsize=64)
def phrases_of(kind: str) -> frozenset[str]:
    """The words of one kind, of all locales."""
    return frozenset(words for _, each, words in phrases() if each == kind)
