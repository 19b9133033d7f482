"""The first time ever: first bought funds in May, bought funds for the first time. Law: see `parser`; answered from the lifetime date tag of the records, never from the records."""

from __future__ import annotations

from assistant.interpret.cursor import Cursor
from assistant.rule.tree import AnyNode, Quote, TagCondition
from assistant.rule.window import Rolling, TimeWindow

Parsed = tuple[AnyNode, int]
_GAP = ("ignored", "is")
_LATELY = (Rolling(unit="day", n=30), Rolling(unit="day", n=90), Rolling(unit="year", n=1))


class FirstPatterns:
    """The patterns in which a behaviour is the first of its kind in the customer's life."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def first(self, index: int) -> Parsed | None:
        """[in May] first bought funds [in May]; bought funds [in May] for the first time [in May]. Without a time it is asked how long ago at most."""
        window, at = self._window(index)
        in_front = self._says(at, "first_time")
        action = self.cursor.skip(at + 1, *_GAP) if in_front else at
        tag = self._first_date(action)
        if tag is None:
            return None
        last = action + 1
        for _ in range(2):
            place = self.cursor.skip(last, *_GAP)
            if not in_front and self._says(place, "first_time"):
                in_front, last = True, place + 1
            elif window is None:
                window, after = self._window(place)
                last = last if window is None else after
        if not in_front or self._goes_on(last):
            return None
        if window is None:
            if any(token.window is not None for token in self.cursor.tokens):
                return None  # a time said elsewhere may be meant
            window = how_lately(self.cursor, self.cursor.quote(index, last))
        return TagCondition(tag=tag, operator="within", value=window, said=self.cursor.said(index, last)), last

    def _window(self, index: int) -> tuple[TimeWindow | None, int]:
        """The past time that stands at a token, with the index behind it."""
        token = self.cursor.token(index)
        span = None if token is None else token.window
        if span is None or span.kind != "window" or span.window is None or span.future:
            return None, index
        return span.window, self.cursor.skip(index + 1, *_GAP)

    def _first_date(self, index: int) -> str | None:
        """The lifetime date of the first of the records an action names, when nothing narrows them."""
        token = self.cursor.token(index)
        if token is None or not token.of("action"):
            return None  # the verb was said of another object, which the first time may be said of too
        tags = {None if meaning.filters else self.cursor.catalog.records[meaning.code].first_date_tag for meaning in token.of("action")}
        return tags.pop() if len(tags) == 1 else None

    def _says(self, index: int, *kinds: str) -> bool:
        token = self.cursor.token(index)
        return token is not None and token.phrase(*kinds) is not None

    def _goes_on(self, last: int) -> bool:
        """Whether an amount, more of the list, or a second behaviour follows that the first time would have to be said of too."""
        place = self.cursor.skip(last, *_GAP)
        token = self.cursor.token(place)
        if token is None:
            return False
        listed = self.cursor.token(self.cursor.skip(place + 1, *_GAP))
        beyond = listed is not None and token.phrase("connective.and", "connective.or") and (listed.of("hold") or not listed.read)
        return (
            token.comparison is not None or bool(beyond) or token.phrase("sequence.then", "sequence.then_not", "sequence.after") is not None
        )


def how_lately(cursor: Cursor, quote: Quote) -> TimeWindow:
    """最近开户, 第一次买理财的: a day that lies behind has no usual time to look back over; how far is asked."""
    return _LATELY[cursor.choose("lately", quote, "how_lately", {"words": cursor.words(quote)}, (None,) * len(_LATELY))]
