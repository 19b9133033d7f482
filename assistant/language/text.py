"""Original words -> the one spelling all readers work on. Law: every character of the normalised text knows which original characters it came from.

Each character is folded on its own: NFKC, case, traditional to simplified, dashes and quotes to ASCII. Superscripts, circled numbers and vulgar
fractions are left as they are: folding them would glue digits together (10² would read as 102). Words that are typed short (havent, w/o, ppl) are then
spelt out, each whole or not at all, and English verbs in a Chinese sentence (没buy过基金) said in Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

_KEPT_FORMS = ("<super>", "<sub>", "<circle>", "<fraction>")
_ENUMERATORS = range(0x2474, 0x24EA)
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_FOLDED = MappingProxyType(
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("〜∼", "~")
    | dict.fromkeys("‘’‛′", "'")
    | dict.fromkeys("“”„″", '"')
    | {"≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤"}
)


@lru_cache(maxsize=1)
def _simplified() -> MappingProxyType[str, str]:
    path = Path(__file__).with_name("traditional.txt")
    pairs = [pair for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#") for pair in line.split()]
    return MappingProxyType({pair[0]: pair[1] for pair in pairs})


_SAME_IN_TRADITIONAL = "面只千秋表出才冬合斗谷松丰卷回志布占云干升台姜板家了向折采念"
_USUAL_TRADITIONAL = (
    "发發 里裡 复複 历歷 钟鐘 系係 当當 获獲 签簽 证證 汇匯 产產 说說 须須 个個 并並 闲閒 术術 后後 制製 准準 范範 苏蘇 团團 征徵"
)
"""Where a simplified character has several traditional forms: the one a bank's sentences use."""


@lru_cache(maxsize=1)
def _traditional() -> Mapping[str, str]:
    """Simplified -> traditional where one choice is by far the usual one in a bank's sentences."""
    found = {simplified: original for original, simplified in _simplified().items() if simplified not in _SAME_IN_TRADITIONAL}
    return MappingProxyType(found | {pair[0]: pair[1] for pair in _USUAL_TRADITIONAL.split()})


def traditional(text: str) -> str:
    """A text in traditional characters, one for one; `normalise` folds it back to the same text."""
    table = _traditional()
    return "".join(table.get(one, one) for one in text)


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    """What one character becomes: usually one character, several when NFKC expands it, none when it is invisible."""
    category = unicodedata.category(character)
    if category == "Cf" or ord(character) in _VARIATION_SELECTORS:
        return ""
    if category in ("Cc", "Zs", "Zl", "Zp", "Cs", "Co", "Cn"):
        return " "
    if ord(character) in _ENUMERATORS or unicodedata.decomposition(character).startswith(_KEPT_FORMS):
        return character
    folded = unicodedata.normalize("NFKC", character).casefold()
    simplified = _simplified()
    return "".join(_FOLDED.get(one, simplified.get(one, one)) for one in folded)


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` is what readers see; `starts[i]`, `ends[i]` are where its i-th character stands in `original`."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of `text` as [start, end) of `original`. An empty span stays empty."""
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else len(self.original)
            return place, place
        return self.starts[start], self.ends[end - 1]


def replaced(text: Normalised, pieces: Sequence[tuple[int, int, str]]) -> Normalised:
    """The text with other words in the place of [start, end) stretches of it, in any order, none touching another; each character of a new word stands for all
    that was typed in its place."""
    words, starts, ends = text.text, text.starts, text.ends
    for first, last, word in sorted(pieces, reverse=True):
        start, end = text.span(first, last)
        size = len(word)
        words = words[:first] + word + words[last:]
        starts = (*starts[:first], *(start,) * size, *starts[last:])
        ends = (*ends[:first], *(end,) * size, *ends[last:])
    return Normalised(text.original, words, starts, ends)


@lru_cache(maxsize=1)
def _shorthand() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """What finds the words that people type short, and what each of them is in full."""
    lines = Path(__file__).with_name("shorthand.txt").read_text(encoding="utf-8").splitlines()
    full = dict(line.split(" = ") for line in lines if line and not line.startswith("#"))
    either = "|".join(re.escape(short) for short in sorted(full, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9'/_-])(?:{either})(?:(?<=/)|(?![a-z0-9'/_-]))"), MappingProxyType(full)


def _spelt_out(text: Normalised) -> Normalised:
    """The text with the words in full that were typed short; a Chinese one only where it was typed beside Chinese."""
    pattern, full = _shorthand()
    found = [(*one.span(), full[one[0]]) for one in pattern.finditer(text.text)]
    return replaced(text, [one for one in found if not is_cjk(one[2][0]) or _beside_chinese(text.text, one[0], one[1])])


def _beside_chinese(text: str, start: int, end: int) -> bool:
    return any(is_cjk(one) for one in (*text[:start].rstrip()[-1:], *text[end:].lstrip()[:1]))


def normalise(original: str) -> Normalised:
    """Fold a text character by character, words typed short spelt out, offsets kept. Never fails; an invisible character disappears, a control character is a space."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(original):
        for one in _fold(character):
            characters.append(one)
            starts.append(place)
            ends.append(place + 1)
    return _spelt_out(Normalised(original, "".join(characters), tuple(starts), tuple(ends)))


def is_cjk(character: str) -> bool:
    """Whether a character is a Chinese ideograph (the unified blocks and their compatibility forms)."""
    code = ord(character)
    return (
        0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF or character == "〇"
    )


def says_language(original: str) -> bool:
    """Whether a text shows a language at all: an ideograph, or an English word that is no acronym. "AUM 20-50W" does not."""
    if any(is_cjk(character) for character in original):
        return True
    return any(len(word) > 2 and word.isalpha() and not word.isupper() for word in original.split())


def detect(original: str) -> Literal["zh", "en"]:
    """The language to reply in. Two ideographs weigh as much as one English word; acronyms (AUM, VIP) and the letters of 50k or 5W belong to
    both languages and weigh nothing. A tie is Chinese, as is a text with no letters; letters and no ideograph is English."""
    ideographs = sum(is_cjk(character) for character in original)
    if not ideographs:
        return "en" if any(character.isalpha() for character in original) else "zh"
    words = 0
    place = 0
    while place < len(original):
        end = place
        while end < len(original) and original[end].isalpha() and not is_cjk(original[end]):
            end += 1
        word = original[place:end]
        after_digit = place > 0 and original[place - 1].isdigit()
        words += bool(word) and not word.isupper() and not after_digit
        place = max(end, place + 1)
    return "zh" if ideographs >= 2 * words else "en"
