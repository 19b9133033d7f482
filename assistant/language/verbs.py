"""The forms of English verbs and the small words before their objects. Law: words come from verbs.yaml; a phrase without a listed verb stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Verbs:
    """`forms`: any form of a verb -> all of them. `determiner`: matches one between two words, or what only stresses a denial, with the blank behind it."""

    forms: Mapping[str, tuple[str, ...]]
    determiner: re.Pattern[str]


@lru_cache(maxsize=1)
def verbs() -> Verbs:
    data = yaml.load((Path(__file__).parent / "en" / "verbs.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(data["determiners"], key=len, reverse=True))
    stress = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(data["stress"], key=len, reverse=True))
    denied = r"(?:(?<=\bnever\s)|(?<=n't\s)|(?<=\bnot\s))"
    pattern = re.compile(rf"(?:(?<=[a-z]\s)(?:{words})|{denied}(?:{stress}))\s+(?=[a-z])")
    return Verbs({form: tuple(forms) for forms in data["forms"] for form in forms}, pattern)


def inflected(phrase: str) -> Iterator[str]:
    """A phrase that begins with a verb, with every form of it: bought funds -> buy funds, buys funds, bought funds, buying funds."""
    first, blank, rest = phrase.partition(" ")
    for form in verbs().forms.get(first, (first,)):
        yield f"{form}{blank}{rest}"


def undetermined(phrase: str) -> str:
    """A folded phrase without the determiners inside it: opened a time deposit -> opened time deposit; never ever used -> never used."""
    return verbs().determiner.sub("", phrase)


def determined(text: str) -> Iterator[tuple[int, int]]:
    """Where in a folded text the determiners between two words stand, as [start, end)."""
    return (found.span() for found in verbs().determiner.finditer(text))
