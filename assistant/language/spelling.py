"""Known words that something misspelt may stand for: by sound and by letters. Law: nearness only, with a cost that says how far; nothing is decided here.

Chinese is compared character by character: a character may sound like the right one, be another, be missing, be written twice or stand in its neighbour's
place. Candidates come from a table of the words with one syllable left out (the symmetric deletes of SymSpell, over syllables), so a homophone costs nothing to
find. English is compared word by word: rapidfuzz's optimal string alignment over the vocabulary.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.language.pinyin import readings, sound_near, sounds
from assistant.language.text import is_cjk

LONGEST = 12
"""Characters of the longest Chinese word that is looked up."""
_SAME_SOUND, _NEAR_SOUND, _DOUBLED, _SWAPPED, _OTHER, _NEVER = 0.35, 0.5, 0.5, 0.7, 1.0, 9.0
_MOST_COST = 0.36
"""Of the cost for each character: two homophones of two, one other character of three."""
_LATIN_DISTANCES = ((4, 1), (7, 2))
"""From so many letters on, so many changes of a Latin word."""
_LETTER_MAY_DIFFER, _FIRST_MAY_DIFFER = 5, 7
"""Letters a Latin word must have for one of them, and for the first one, to be another."""
_LETTERS_OF_PHRASE = 8
"""With its blanks: a shorter English phrase is looked up word by word alone."""
_FEWEST_LETTERS = 5
"""Of a word written in pinyin."""
_MOST_FOUND = 8
_FEWEST_SLIPPED = 3
"""Letters of a word that may have one slip: of two letters, each may be another."""


@dataclass(frozen=True, slots=True)
class Near:
    """A known word and how far the misspelt one is from it: 0 for none, about a third for a character in three."""

    word: str
    cost: float
    sounds: bool = False
    """Whether it sounds like what was written, character by character."""


class Spelling:
    """The known words, indexed. `words`: as people write them, folded to one spelling, blanks between English words."""

    def __init__(self, words: Iterable[str], polar: frozenset[str] = frozenset()) -> None:
        """`polar`: characters that turn a meaning round (不, 未, 没); a word is never near another that has more or fewer of them."""
        self._polar = polar
        self._by_sound: dict[str, list[str]] = {}
        self._by_letters: dict[str, list[str]] = {}
        vocabulary: dict[str, None] = {}
        phrases: dict[str, None] = {}
        for word in dict.fromkeys(words):
            squeezed = "".join(word.split())
            if any(is_cjk(character) for character in squeezed):
                if 2 <= len(squeezed) <= LONGEST:
                    self._index(squeezed)
            else:
                if " " in word and len(word) >= _LETTERS_OF_PHRASE:
                    phrases[word] = None
                vocabulary.update(dict.fromkeys(part for part in word.split() if part.isalpha() and len(part) > 2))
        self._vocabulary = tuple(vocabulary)
        self._phrases = tuple(phrases)

    def _index(self, word: str) -> None:
        for key in _keys(word):
            self._by_sound.setdefault(key, []).append(word)
        if all(is_cjk(character) for character in word):
            letters = "".join(sounds(character)[0] for character in word)
            if len(letters) >= _FEWEST_LETTERS:
                self._by_letters.setdefault(letters, []).append(word)

    def near(self, fragment: str) -> tuple[Near, ...]:
        """The words near a Chinese fragment without blanks, nearest first: at most eight. The fragment itself is not among them."""
        if not 2 <= len(fragment) <= LONGEST + 1:
            return ()
        found: dict[str, float] = {}
        swapped = _keys(fragment[::-1]) if len(fragment) == 2 else ()
        for key in itertools.chain(_keys(fragment), swapped):
            for word in self._by_sound.get(key, ()):
                if word not in found and word != fragment and self._same_polarity(word, fragment):
                    found[word] = _cost(fragment, word)
        near = [Near(word, cost, _sounds_like(fragment, word)) for word, cost in found.items() if cost <= _MOST_COST * len(word)]
        return tuple(sorted(near, key=lambda one: (one.cost / len(one.word), one.word)))[:_MOST_FOUND]

    def near_latin(self, word: str) -> tuple[Near, ...]:
        """The known words near an English word, or, of one written in pinyin, the Chinese words that sound so; nearest first."""
        said = [Near(one, 0.0, sounds=True) for one in self._by_letters.get(word, ())]
        most = max((distance for letters, distance in _LATIN_DISTANCES if len(word) >= letters), default=0)
        if not most:
            return tuple(said)
        close = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=most, limit=_MOST_FOUND)
        near = [Near(one, float(distance)) for one, distance, _ in close if distance and _plausible(word, one)]
        return (*said, *sorted(near, key=lambda one: (one.cost, abs(len(one.word) - len(word)), one.word)))

    def near_phrase(self, fragment: str) -> tuple[Near, ...]:
        """The known English phrases one slip away from several words: long enough for any letter to be another."""
        if len(fragment) < _LETTERS_OF_PHRASE - 1:
            return ()
        close = process.extract(fragment, self._phrases, scorer=OSA.distance, score_cutoff=1, limit=_MOST_FOUND)
        return tuple(sorted((Near(one, float(distance)) for one, distance, _ in close if distance), key=lambda one: one.word))

    def _same_polarity(self, word: str, fragment: str) -> bool:
        return sorted(set(word) & self._polar) == sorted(set(fragment) & self._polar)


def one_slip_from(words: Iterable[str], written: str) -> bool:
    """Whether an English word is one of some words, or one letter off, more or fewer, or two in each other's place."""
    near = (word for word in words if min(len(word), len(written)) >= _FEWEST_SLIPPED)
    return any(OSA.distance(word, written, score_cutoff=1) <= 1 for word in near)


def _keys(word: str) -> Iterator[str]:
    """The ways to say a word, whole and with one syllable left out."""
    for said in readings(word):
        yield " ".join(said)
        if len(said) > 2:
            for place in range(len(said)):
                yield " ".join(said[:place] + said[place + 1 :])


def _plausible(written: str, word: str) -> bool:
    """Whether a slip could make one Latin word of the other: the first letter is seldom wrong, and a short word with another letter is another word."""
    if len(written) < _LETTER_MAY_DIFFER and len(written) == len(word) and sorted(written) != sorted(word):
        return False
    return word[0] in written[:2] or len(written) >= _FIRST_MAY_DIFFER


def _sounds_like(one: str, other: str) -> bool:
    return len(one) == len(other) and all(_differ(*pair) <= _NEAR_SOUND for pair in zip(one, other, strict=True))


def _differ(one: str, other: str) -> float:
    """The cost of one character written for another. Digits and signs are not mistaken for anything."""
    if one == other:
        return 0.0
    if not (one.isalpha() and other.isalpha()):
        return _NEVER
    if sounds(one)[0] == sounds(other)[0]:
        return _SAME_SOUND
    return _NEAR_SOUND if sound_near(one, other) else _OTHER


def _cost(said: str, word: str) -> float:
    """The least cost of turning what was said into a word (optimal string alignment with weights). A character too many counts only as one written twice:
    leaving out anything else would leave out something that was said."""
    rows = [[_NEVER] * (len(word) + 1) for _ in range(len(said) + 1)]
    rows[0][0] = 0.0
    for i in range(len(said) + 1):
        for j in range(len(word) + 1):
            best = rows[i][j]
            if i and j:
                best = min(best, rows[i - 1][j - 1] + _differ(said[i - 1], word[j - 1]))
            if i > 1 and j > 1 and said[i - 1] == word[j - 2] and said[i - 2] == word[j - 1] and said[i - 1].isalpha():
                best = min(best, rows[i - 2][j - 2] + _SWAPPED)
            if i > 1 and said[i - 1] == said[i - 2]:
                best = min(best, rows[i - 1][j] + _DOUBLED)
            if j and word[j - 1].isalpha():
                best = min(best, rows[i][j - 1] + _OTHER)
            rows[i][j] = best
    return rows[-1][-1]
