"""我猜是按揭客户, is it because they have mortgages?: a guess about the customers, to be tested and not to be added. Law: a guess is what follows the words of
guessing; what stands before them is the segment, and with nothing before them it is the segment so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.interpret.clauses import phrase_only
from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases_of


@dataclass(frozen=True, slots=True)
class Guess:
    """Tokens [first, last) say that what follows, up to `stop`, is a guess. `own_segment`: the words before them say whom it is about. `how`: the words of `HOW` said."""

    first: int
    last: int
    stop: int
    own_segment: bool
    how: frozenset[str]


HOW = {"everyone": "request.guess_all", "most": "request.guess_most", "because": "request.guess_cause"}
"""What a guess claims besides that they are so more than others: it is guessed of all of them, of most, or as the reason."""
_WHO = (
    "edit.pronoun",
    "people",
    "frame",
    "ignored",
    "connective.comma",
    "connective.then",
    "edit.what_about",
    "edit.correct",
    "correction",
)
"""Words that only say again whom the guess is about."""


def find_guess(tokens: Sequence[Token], follows: bool) -> Guess | None:
    """Where a turn guesses; `follows`: there is a segment so far. None where it does not, or where there is nobody to guess about."""
    first = next((place for place, token in enumerate(tokens) if token.phrase("request.guess")), _of_most(tokens) if follows else None)
    if first is None:
        return None
    before = tokens[:first]
    own_segment = any(token.content or token.window is not None or token.comparison is not None for token in before)
    if own_segment:
        last_said = next((token for token in reversed(before) if not token.phrase("ignored")), None)
        if last_said is None or not (last_said.content or last_said.phrase("people", "connective.comma", "edit.pronoun")):
            return None
    elif not follows or any(not token.phrase(*_WHO) for token in before):
        return None
    last = first
    how: set[str] = set()
    while last < len(tokens) and tokens[last].phrase("request.guess", "request.guess_all", "request.guess_most", "edit.pronoun", "is"):
        how |= {name for name, kind in HOW.items() if tokens[last].phrase(kind)}
        last += 1
    stop = len(tokens)
    while stop > last and tokens[stop - 1].phrase("request.guess_tag", "question", "ignored") and phrase_only(tokens[stop - 1]):
        stop -= 1
    stop = stop if any(token.phrase("request.guess_tag") for token in tokens[stop:]) else len(tokens)
    return None if last == stop else Guess(first, last, stop, own_segment, frozenset(how))


def _of_most(tokens: Sequence[Token]) -> int | None:
    """大部分是女的吧, more than half of them are women, right?: said of most of the customers spoken of, and calling for no customers of their own."""
    first = next((place for place, token in enumerate(tokens) if not token.phrase(*_WHO)), None)
    if first is None or not tokens[first].phrase("request.guess_most") or tokens[-1].text.endswith(tuple(phrases_of("people"))):
        return None
    superlative = tokens[first].phrases("superlative.") or tokens[first].phrase("request.most")  # most deposits, the most active
    return None if superlative and (first + 1 == len(tokens) or not tokens[first + 1].phrase("copula")) else first
