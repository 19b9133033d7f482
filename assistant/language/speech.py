"""Words of ordinary speech, of all locales: what people talk with, never what a bank could know of a customer. Law: words come from phrases.yaml and verbs.yaml; no logic but theirs."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.phrases import phrases
from assistant.language.text import is_cjk
from assistant.language.verbs import verbs

_LATIN = re.compile(r"[a-z]+")
_FEWEST_LETTERS, _FEWEST_CHARACTERS = 3, 2
"""Of a name: what is shorter is a small word nobody listed."""


def names_something(text: str) -> bool:
    """Whether a folded text holds a word that is not only ordinary speech, so that it may be the name of something."""
    words, pattern = _speech()
    if any(len(word) >= _FEWEST_LETTERS and word not in words for word in _LATIN.findall(text)):
        return True
    rest = "".join(one if is_cjk(one) else " " for one in pattern.sub(" ", text))
    return any(len(run) >= _FEWEST_CHARACTERS for run in rest.split())


@lru_cache(maxsize=1)
def _speech() -> tuple[frozenset[str], re.Pattern[str]]:
    """The English words by themselves, and what finds the Chinese ones, longest first."""
    said = [words.lower() for _, _, words in phrases()]
    english = {word for words in said for word in _LATIN.findall(words)} | set(verbs().forms)
    chinese = sorted({words for words in said if is_cjk(words[0])}, key=len, reverse=True)
    return frozenset(english), re.compile("|".join(map(re.escape, chinese)))
