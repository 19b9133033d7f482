"""What kind of tag words speak of. Law: words and kinds come from tag_kinds.yaml; the first kind of the list that is said is taken."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml

from assistant.language.phrases import LOCALES
from assistant.language.text import normalise

TagKind = Literal["first", "last", "preference", "distribution", "count", "other"]
"""first, last: when something was done for the first or the last time; preference: what is done most; distribution: how often each; count: how often."""


@lru_cache(maxsize=1)
def tag_kinds() -> tuple[tuple[TagKind, str], ...]:
    """(kind, words) of all locales, kinds in the order of `TagKind`, folded as requests are."""
    found: list[tuple[TagKind, str]] = []
    for locale in LOCALES:
        listed = yaml.load((Path(__file__).parent / locale / "tag_kinds.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        found.extend((kind, normalise(words).text) for kind in get_args(TagKind) for words in listed.get(kind, ()))
    return tuple(sorted(found, key=lambda one: get_args(TagKind).index(one[0])))


def tag_kind(text: str) -> TagKind:
    """The kind that a request speaks of; "other" when it says none. English words count whole."""
    folded = normalise(text).text
    for kind, words in tag_kinds():
        if re.search(rf"\b{re.escape(words)}\b" if words.isascii() else re.escape(words), folded):
            return kind
    return "other"
