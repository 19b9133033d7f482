"""金卡客户 beside a word for cards: the grade of a customer or of the card. Law: told by the catalog's own ambiguous words; where no product of the same noun is spoken
of, the word for customers behind settles it."""

from __future__ import annotations

from assistant.catalog.model import AmbiguousWord
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexicon import key_of, lexicon
from assistant.language.phrases import phrases_of

_SHORTEST = 2


def grade_beside_product(cursor: Cursor, index: int) -> AmbiguousWord | None:
    """半年没刷过信用卡的金卡客户: the word that is ambiguous without its 客户, where the request speaks of the product that another of its readings names, and both
    end in the same noun. None anywhere else."""
    token = cursor.tokens[index]
    if not token.of("value"):
        return None
    entries = lexicon(cursor.catalog).entries
    for people in phrases_of("people"):
        base = token.text.removesuffix(people).rstrip()
        word = (
            next((one for one in entries.get(key_of(base), ()) if one.kind == "ambiguous"), None) if base not in ("", token.text) else None
        )
        if word is None:
            continue
        found = cursor.catalog.ambiguous[word.number]
        labels = [name.casefold() for reading in found.readings for name in (reading.label.zh, reading.label.en)]
        others = (other.text for place, other in enumerate(cursor.tokens) if place != index and other.content)
        if any(_names(cursor, text, base, labels) for text in others):
            return found
    return None


def _names(cursor: Cursor, said: str, base: str, labels: list[str]) -> bool:
    """Whether words said hold the name of a product that stands in one of the labels and ends as the ambiguous word does."""
    entries = lexicon(cursor.catalog).entries
    pieces = {said[start:end] for start in range(len(said)) for end in range(start + _SHORTEST, len(said) + 1)}
    return any(
        piece[-1] == base[-1]
        and any(piece in label for label in labels)
        and any(one.kind == "hold" for one in entries.get(key_of(piece), ()))
        for piece in pieces
    )
