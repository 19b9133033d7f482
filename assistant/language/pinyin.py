"""How Chinese characters sound. Law: toneless, every reading of a character counts, and a character that the list lacks sounds like itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_MOST_READINGS = 8
_BLENDED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
"""Initials that many speakers, and so many typists, do not keep apart; finals in -ng and -n likewise."""


@lru_cache(maxsize=1)
def _sounds() -> MappingProxyType[str, tuple[str, ...]]:
    first: dict[str, list[str]] = {}
    also: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("pinyin.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, _, characters = line.partition(" ")
            for read_so, listed in zip((first, also), characters.split("|"), strict=False):
                for character in listed:
                    read_so.setdefault(character, []).append(syllable)
    return MappingProxyType({character: (*syllables, *also.get(character, ())) for character, syllables in first.items()})


def sounds(character: str) -> tuple[str, ...]:
    """The syllables of a character, toneless Hanyu Pinyin, the most usual first; the character itself when it is none the list has."""
    return _sounds().get(character, (character,))


@lru_cache(maxsize=1024)
def blended(syllable: str) -> str:
    """A syllable without what is often confused in it: zh, ch, sh as z, c, s; -ng as -n; l- as n-."""
    if not syllable.isascii() or len(syllable) < 2:
        return syllable
    for initial, plain in _BLENDED:
        if syllable.startswith(initial):
            syllable = plain + syllable[2:]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return "n" + syllable[1:] if syllable.startswith("l") else syllable


@lru_cache(maxsize=8192)
def _blended_sounds(character: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(blended(syllable) for syllable in sounds(character)))


def readings(text: str) -> Iterator[tuple[str, ...]]:
    """The ways to say a text, a blended syllable for each character; at most eight, the first readings first."""
    return itertools.islice(itertools.product(*(_blended_sounds(character) for character in text)), _MOST_READINGS)


def sound_alike(one: str, other: str) -> bool:
    """Whether two characters share a syllable."""
    return not set(sounds(one)).isdisjoint(sounds(other))


def sound_near(one: str, other: str) -> bool:
    """Whether two characters share a syllable once what is often confused is left out."""
    return not set(_blended_sounds(one)).isdisjoint(_blended_sounds(other))
