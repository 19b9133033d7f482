"""One number said of several tags, and lists paired off: 活期和定期都在10万以上, 活期和定期分别在5万和20万以上. Law: see `parser`; lists of unequal length are not read."""

from __future__ import annotations

from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.tags import TagPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.nodes import all_of, any_of
from assistant.language.comparisons import Comparison
from assistant.rule.tree import AnyNode, TagCondition

Parsed = tuple[AnyNode, int]
_FILL = ("ignored", "is", "have")
_JOINS = ("connective.and", "connective.or", "connective.comma")


class PairPatterns:
    """The patterns that begin with a list of tags or values."""

    def __init__(self, cursor: Cursor, amounts: Amounts, tags: TagPatterns) -> None:
        self.cursor, self.amounts, self.tags = cursor, amounts, tags

    def shared(self, index: int) -> Parsed | None:
        """活期和定期都在10万以上, 活期或定期在50万以上: each of them, or any. 和 without 都 could be their sum: not read."""
        named = self._tags(index)
        if named is None:
            return None
        tokens, joins, last = named
        at = self._skip(last, "pair.each", "both")
        found = self.cursor.comparison(at)
        each = any(self.cursor.tokens[place].phrase("pair.each", "both") for place in range(last, at))
        either = set(joins) == {"connective.or"}
        if found is None or found[0].operator is None or each == either or self._numbers(at)[2] > found[1]:
            return None
        nodes = self._conditions(tokens, [found[0]] * len(tokens), index, found[1])
        return None if nodes is None else (any_of(nodes) if either else all_of(nodes), found[1])

    def paired(self, index: int) -> Parsed | None:
        """活期和定期分别在5万以上和20万以上; A and B with AUM of at least 1 million and 500k respectively: the first with the first, and so on."""
        named = self._tags(index)
        if named is not None:
            tokens, joins, last = named
            numbers = self._numbers(self._skip(last, "pair.respectively"))
            end = self._respectively(last, numbers[2])
            if end is None or "connective.or" in joins or len(numbers[0]) != len(tokens):
                return None
            nodes = self._conditions(tokens, list(numbers[0]), index, end)
            return None if nodes is None else (all_of(nodes), end)
        return self._paired_values(index)

    def _paired_values(self, index: int) -> Parsed | None:
        """上海分行和北京分行AUM分别在100万以上和50万以上: one branch with one number, or the other with the other."""
        values = self.tags.value_list(index)
        if values is None or len(values[1]) < 2:
            return None
        tag, codes, last = values
        at = self._skip(last, "connective.comma", "people")
        named = self.cursor.token(at)
        if named is None or not (named.of("tag") or named.of("hold")):
            return None
        numbers = self._numbers(self._skip(at + 1, "pair.respectively"))
        end = self._respectively(at + 1, numbers[2])
        if end is None or len(numbers[0]) != len(codes):
            return None
        said = self.cursor.said(index, end)
        groups: list[AnyNode] = []
        for code, comparison in zip(codes, numbers[0], strict=True):
            nodes = self._conditions([named], [comparison], index, end)
            if nodes is None:
                return None
            groups.append(all_of([TagCondition(tag=tag.code, operator="in", value=(code,), said=said), *nodes]))
        return any_of(groups), end

    def _respectively(self, first: int, last: int) -> int | None:
        """The index after the pairs when 分别 stands before the numbers or respectively behind them; None when nothing pairs them off."""
        if any(self.cursor.tokens[place].phrase("pair.respectively") for place in range(first, last)):
            return last
        behind = self.cursor.token(self.cursor.skip(last, "ignored", "connective.comma"))
        if behind is not None and behind.phrase("pair.respectively"):
            return self.cursor.skip(last, "ignored", "connective.comma") + 1
        return None

    def _tags(self, index: int) -> tuple[list[Token], list[str], int] | None:
        """Two or more names of number tags, joined; their tokens, the joins and the index after them."""
        tokens: list[Token] = []
        joins: list[str] = []
        last = index
        while True:
            token = self.cursor.token(last)
            if token is None or not any(
                self.cursor.catalog.tags[meaning.code].numeric for kind in ("tag", "hold") for meaning in token.of(kind)
            ):
                return None
            tokens.append(token)
            last += 1
            place = self.cursor.skip(last, "ignored")
            join = self.cursor.token(place)
            kind = None if join is None else join.phrase(*_JOINS)
            following = self.cursor.token(self.cursor.skip(place + 1, "ignored", "connective.and"))
            if kind is None or following is None or not (following.of("tag") or following.of("hold")):
                break
            joins.append(kind)
            last = self.cursor.skip(place + 1, "ignored", "connective.and")
        return (tokens, joins, last) if len(tokens) > 1 else None

    def _numbers(self, index: int) -> tuple[tuple[Comparison, ...], int, int]:
        """The numbers from a token on, joined by 和 or 、; where they begin and end. A bare number takes the bound of the last one (5万和20万以上)."""
        found: list[Comparison] = []
        last = index
        at = self._skip(index)
        while True:
            one = self.cursor.comparison(at)
            if one is None:
                break
            found.append(one[0])
            last = one[1]
            place = self.cursor.skip(last, "ignored")
            join = self.cursor.token(place)
            if join is None or not join.phrase("connective.and", "connective.comma"):
                break
            at = self._skip(place + 1, "connective.and")
        return tuple(found), index, last

    def _conditions(self, tokens: list[Token], comparisons: list[Comparison], first: int, last: int) -> list[AnyNode] | None:
        nodes: list[AnyNode] = []
        for token, comparison in zip(tokens, comparisons, strict=True):
            tag = self.amounts.number_tag(token, comparison)
            node = None if tag is None or comparison.operator is None else self.amounts.number_condition(tag, comparison, first, last)
            if node is None:
                return None
            nodes.append(node)
        return nodes

    def _skip(self, index: int, *kinds: str) -> int:
        return self.cursor.skip(index, *_FILL, *kinds)
