"""Words of a goal -> the strategy templates that serve it, and words near a template's name -> those called so. Law: the same words find the same templates in the same order.

A goal is compared by its grams (two ideographs, a letter word without its ending) with those of each template's goal, names, track, line and stage; a gram that few templates have counts for more
(inverse document frequency: Sparck Jones 1972). A gram that no template has counts against all of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import EnumValue
from assistant.catalog.spelling import fold
from assistant.catalog.strategy import Strategy
from assistant.language.text import is_cjk, normalise

MOST_FOUND = 3
LEAST_SERVED = 0.34
"""Part of the weight of a goal's grams that a template must have."""
_BESIDE_BEST = 0.45
"""What a template must reach of the best one's score to be named beside it."""
_LEAST_NEAR, _INSIDE = 50.0, 80.0
"""Of 100: edit similarity of a name (rapidfuzz ratio) from which it is near, and what one counts that holds the other."""
_UNKNOWN = 1.5
"""What a gram counts that no template has."""
_GOAL, _NAME, _PLACE = 1.0, 0.9, 0.45
"""What a gram of a goal, of a name, and of a track, line or stage is worth."""
_WORD = re.compile(r"[a-z0-9]+")
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_EMPTY = frozenset({"the", "a", "an", "of", "to", "for", "in", "and", "or", "our", "with", "more", "on", "who", "that", "get"})


def grams(words: str) -> tuple[str, ...]:
    """What a text is compared by: every two neighbouring ideographs, one that stands alone, and every letter word without its ending."""
    text = normalise(words).text
    found: list[str] = []
    run = ""
    for character in [*text, " "]:
        if is_cjk(character):
            run += character
            continue
        found += [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]
        run = ""
    for word in _WORD.findall(text):
        if word not in _EMPTY:
            found.append(_ENDING.sub("", word) if len(word) > 4 else word)
    return tuple(found)


@lru_cache(maxsize=2)
def strategies_of(catalog: TagCatalog) -> StrategySearch:
    """The search over a catalog's templates, made when it is first asked for."""
    return StrategySearch(catalog)


class StrategySearch:
    """The templates of one catalog, their words taken apart once."""

    def __init__(self, catalog: TagCatalog) -> None:
        self._all = tuple(one for one in catalog.strategies.values() if one.status == "online")
        places = {value.code: value for value in (*catalog.framework.tracks, *catalog.framework.lines, *catalog.framework.stages)}
        self._grams: Mapping[str, Mapping[str, float]] = {one.code: _weights(one, places) for one in self._all}
        self._spread = Counter(gram for weights in self._grams.values() for gram in weights)
        self._named = {fold(word): one for one in self._all for _, word in one.said()}

    def named(self, words: str) -> Strategy | None:
        """The template of a name or alias, however it is spaced; None where none is called so."""
        return self._named.get(fold(words))

    def for_goal(self, words: str, least: float = LEAST_SERVED) -> tuple[Strategy, ...]:
        """The templates that serve a goal, best first: at most three, none much worse than the first. Empty where the best one has less than `least` of its weight."""
        asked = Counter(grams(words))
        whole = sum(self._rarity(gram) * n for gram, n in asked.items())
        if not whole:
            return ()
        scored = [
            (sum(self._rarity(gram) * n * self._grams[one.code].get(gram, 0.0) for gram, n in asked.items()) / whole, one)
            for one in self._all
        ]
        best = max((score for score, _ in scored), default=0.0)
        kept = [(score, one) for score, one in scored if best >= least and score >= max(LEAST_SERVED, _BESIDE_BEST * best)]
        kept.sort(key=lambda item: (-item[0], item[1].code))
        return tuple(one for _, one in kept[:MOST_FOUND])

    def near(self, words: str) -> tuple[Strategy, ...]:
        """The templates whose names are nearest to words that name none, best first, at most three; those that serve it as a goal where no name is near."""
        key = fold(words)
        found: dict[str, tuple[float, Strategy]] = {}
        for name, one in self._named.items():
            inside = min(len(key), len(name)) > 1 and (key in name or name in key)
            score = max(fuzz.ratio(key, name), _INSIDE if inside else 0.0)
            if key and score >= _LEAST_NEAR and score > found.get(one.code, (0.0, one))[0]:
                found[one.code] = (score, one)
        ranked = sorted(found.values(), key=lambda item: (-item[0], item[1].code))
        return tuple(one for _, one in ranked[:MOST_FOUND]) or self.for_goal(words)

    def _rarity(self, gram: str) -> float:
        if gram not in self._spread:
            return _UNKNOWN
        return math.log((1 + len(self._all)) / (1 + self._spread[gram])) + 0.1


def _weights(strategy: Strategy, places: Mapping[str, EnumValue]) -> dict[str, float]:
    """What each gram of a template is worth: where it stands in the goal, a name, or what its track, line and stage are called."""
    found: dict[str, float] = {}
    of_place = [places[code] for code in (strategy.track, strategy.line, strategy.stage)]
    texts = [(word, _PLACE) for value in of_place for word in (value.label.zh, value.label.en, *value.aliases.all())]
    texts += [(word, _NAME) for _, word in strategy.said()]
    texts += [(strategy.goal.zh, _GOAL), (strategy.goal.en, _GOAL)]
    for text, worth in texts:
        for gram in grams(text):
            found[gram] = max(worth, found.get(gram, 0.0))
    return found
