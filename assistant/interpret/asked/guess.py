"""我猜是按揭客户, is it because they have mortgages?: a guess about the customers, to be tested and not to be added. Law: a guess is what follows the words of
guessing; what stands before them is the segment, and with nothing before them it is the segment so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.interpret.lexer import Token


@dataclass(frozen=True, slots=True)
class Guess:
    """Tokens [first, last) say that what follows is a guess. `own_segment`: the words before them say whom it is about. `everyone`: it is guessed of all."""

    first: int
    last: int
    own_segment: bool
    everyone: bool


_WHO = ("edit.pronoun", "people", "frame", "ignored", "connective.comma", "connective.then", "edit.what_about")
"""Words that only say again whom the guess is about."""


def find_guess(tokens: Sequence[Token], follows: bool) -> Guess | None:
    """Where a turn guesses; `follows`: there is a segment so far. None where it does not, or where there is nobody to guess about."""
    first = next((place for place, token in enumerate(tokens) if token.phrase("request.guess")), None)
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
    everyone = False
    while last < len(tokens) and tokens[last].phrase("request.guess", "request.guess_all", "edit.pronoun", "is"):
        everyone = everyone or tokens[last].phrase("request.guess_all") is not None
        last += 1
    return None if last == len(tokens) else Guess(first, last, own_segment, everyone)
