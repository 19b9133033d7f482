"""The spelling in which two words are compared. Law: one for the checks of a catalog and for every search in it."""

from __future__ import annotations

import re

from assistant.language.text import normalise

_JOINT = re.compile(r"\s+|(?<=[^\W\d_])-(?=[^\W\d_])")


def fold(word: str) -> str:
    """The spelling in which two words are compared: NFKC, case and traditional characters folded, blanks and hyphens between letters left out."""
    return _JOINT.sub("", normalise(word).text)


def stem(word: str) -> str:
    """`fold`, an English plural made singular: both are one word to a reader."""
    key = fold(word)
    if key.endswith("ies"):
        return key[:-3] + "y"
    return key[:-1] if key.endswith("s") and not key.endswith("ss") else key
