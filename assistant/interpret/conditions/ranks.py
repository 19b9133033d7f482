"""So many of some customers by a number: the 30 gold customers with the lowest AUM, the top 100 merchants by turnover, the 100 oldest payroll customers.
Law: a number of customers is one of those it stands before, so the rank is taken inside them; nothing between the number and the measure may stay unread.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import MeaningKind
from assistant.interpret.nodes import Item, all_of
from assistant.rule.tree import AnyNode, RankCondition

Parsed = tuple[AnyNode, int]
Direction = Literal["top", "bottom"]
_HALTING = ("connective.comma", "connective.also", "connective.but", "negation.not", "negation.never", "negation.except_open")
_PEOPLE: tuple[MeaningKind, ...] = ("tag", "value", "concept", "segment", "hold")
_CLAUSES = ("who", "that", "whose", "which", "in", "at", "of", "from")


class Host(Protocol):
    """What reads a list of conditions."""

    def items(self, first: int) -> list[Item]:
        """The conditions from a token up to the limit of the cursor."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many, or which share; which end where that is said in front; and the index behind."""

    count: int | None
    percent: Decimal | None
    direction: Direction | None
    last: int


class RankPatterns:
    """The patterns that begin with how many customers are meant."""

    def __init__(self, cursor: Cursor, host: Host, amounts: Amounts) -> None:
        self.cursor, self.host, self.amounts = cursor, host, amounts

    def ranked(self, index: int) -> Parsed | None:
        """Either kind, beginning at `index`."""
        return self._by_age(index) or self._measured(index)

    def _measured(self, index: int) -> Parsed | None:
        """the 30 wealth tier customers with the lowest AUM, top 100 merchants by turnover, the top 5% of payroll customers by AUM."""
        size = self._size(index)
        if size is None:
            return None
        for place in range(size.last + 1, self.cursor.limit - 1):
            token = self.cursor.tokens[place]
            if token.phrase(*_HALTING):
                return None
            measure = self._measure(place, size.direction) if token.phrase("have", "request.breakdown") else None
            if measure is not None:
                tag, direction, last = measure
                return self._node(index, size, tag, direction, place, last)
        return None

    def _by_age(self, index: int) -> Parsed | None:
        """the 100 oldest mobile banking users, the oldest 100 of them: by the one tag that counts years of life."""
        tags = [tag for tag in self.cursor.catalog.unit_tags if tag.unit == "years" and tag.numeric]
        first = self._eldest(self.cursor.tokens[index])
        at = index if first is None else index + 1
        size = self._size(at)
        if size is None or len(tags) != 1:
            return None
        direction = first or self._eldest(self.cursor.token(size.last))
        if direction is None or size.percent is not None or size.direction is not None:
            return None
        start = size.last if first is not None else size.last + 1
        end = start
        while end < self.cursor.limit and not self._clause(self.cursor.tokens[end]):
            end += 1
        closing = self.cursor.tokens[end - 1]
        if not (closing.phrase("people") or any(closing.of(kind) for kind in _PEOPLE)):
            return None  # the oldest accounts are no customers
        return self._node(index, Size(size.count, None, direction, start), tags[0].code, direction, end, end)

    def _eldest(self, token: Token | None) -> Direction | None:
        kind = None if token is None else token.phrase("superlative.oldest", "superlative.youngest")
        return None if kind is None else "top" if kind == "superlative.oldest" else "bottom"

    def _clause(self, token: Token) -> bool:
        return (
            token.text in _CLAUSES
            or token.phrase("have", *_HALTING) is not None
            or token.window is not None
            or bool(token.phrases("request."))
        )

    def _size(self, index: int) -> Size | None:
        token = self.cursor.token(index)
        if token is None:
            return None
        if token.rank is not None:
            following = self.cursor.token(index + 1)
            inside = following is not None and following.text in ("of", "among")
            if token.rank.percent is not None and not inside:
                return None  # 前10%的X is asked: inside X, or in the whole base
            return Size(token.rank.count, token.rank.percent, token.rank.direction, index + 1)
        found = token.comparison
        number = None if found is None else found.value
        if found is None or number is None or found.operator is not None or found.approximate or found.scale_said:
            return None
        plain = found.unit in (None, "count") and number == int(number) and number >= 1
        return Size(int(number), None, None, index + 1) if plain else None

    def _measure(self, place: int, said: Direction | None) -> tuple[str, Direction, int] | None:
        """[with] the lowest AUM, [by] turnover: the number, the end of it that is meant, and the index behind."""
        at = self.cursor.skip(place + 1, "ignored", "have")
        token = self.cursor.token(at)
        most = None if token is None else token.phrase("superlative.top", "superlative.bottom")
        direction: Direction | None = said if most is None else "top" if most == "superlative.top" else "bottom"
        if direction is None or (said is not None and most is not None):
            return None
        if most is not None:
            at = self.cursor.skip(at + 1, "ignored")
            token = self.cursor.token(at)
        tag = None if token is None else self.amounts.only_tag(token, lambda each: each.numeric, holdings=True)
        behind = self.cursor.token(self.cursor.skip(at + 1, "ignored", "is"))
        if tag is None or (behind is not None and behind.comparison is not None):
            return None
        return tag.code, direction, at + 1

    def _node(self, index: int, size: Size, tag: str, direction: Direction, end: int, last: int) -> Parsed | None:
        """The rank inside the conditions between the number and `end`; None when some word of them stays unread, or they do not end in people."""
        limit, self.cursor.limit = self.cursor.limit, end
        items = self.host.items(size.last)
        self.cursor.limit = limit
        words = range(size.last, end)
        unread = any(self.cursor.kinds[place] == "unread" or place in self.cursor.skipped for place in words)
        closing = self.cursor.tokens[end - 1]
        named = bool(items) or closing.phrase("people") is not None
        if not named or unread or any(item.join for item in items) or any(isinstance(item.node, RankCondition) for item in items):
            return None
        data = {
            "tag": tag, "direction": direction, "count": size.count, "percent": size.percent,
            "within": all_of([item.node for item in items]), "said": self.cursor.said(index, last),
        }  # fmt: skip
        return RankCondition.model_validate(data), last
