"""A number against another one: a tag and its own earlier value (比上月末降30%), or two tags (活期比定期多5万, twice the time deposits). Law: see `parser`.

Without the point compared with, or the other tag, nothing is read. A rise or fall with no number is any rise or fall.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.interpret.conditions.amounts import MONEY, Amounts, unit_fits
from assistant.interpret.cursor import Cursor
from assistant.interpret.month_ends import month_end_said
from assistant.interpret.nodes import all_of
from assistant.language.comparisons import Comparison
from assistant.rule.tree import AllOf, AnyNode, Operator, Quote, Range, Snapshot, TagComparison
from assistant.rule.window import Calendar

Parsed = tuple[AnyNode, int]
_MIRROR: dict[str, Operator] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}
_ORDERS: dict[str, Operator] = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_LEAST_SUM = Decimal(1000)
_GAP = ("ignored", "is", "sequence.again")
_THAN = ("比", "较", "相比", "相较", "相较于", "对比", "比起", "than", "versus", "vs", "compared with", "compared to")
_MULTIPLES = ("times", "multiple")

_LEVELS = ("below", "under", "above", "破")
"""What says to where something rose or fell, before a number."""


class ChangePatterns:
    """Changes and comparisons; the last tag and point compared with are kept, so that "降30%且降5万" is two conditions on one change."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts
        self._last: tuple[str, Snapshot] | None = None

    def change(self, index: int) -> Parsed | None:
        """Whatever a tag at `index` is compared with, when it is not a plain value."""
        if not self._is_tag(index):
            return None
        return self._in_a_row(index) or self._against_earlier(index) or self._against_other(index)

    def continued(self, index: int) -> Parsed | None:
        """…且降了5万以上: another bound on the change just read."""
        moved = None if self._last is None else self._moved(index)
        if self._last is None or moved is None or moved[1] is None:
            return None
        direction, comparison, last = moved
        node = self._node(*self._last, direction, comparison, index, last)
        return None if node is None else (node, last)

    def more_than(self, index: int) -> Parsed | None:
        """[with] more demand deposits than time deposits, [at least 50k] more in funds than in insurance: the one said first is the larger."""
        at = self.cursor.skip(index, "have")
        number = self.cursor.comparison(at)
        at = at if number is None else self.cursor.skip(number[1], "ignored")
        more = self.cursor.token(at)
        direction = None if more is None else more.phrase("change.more", "change.less")
        one = self.cursor.skip(at + 1, *_GAP)
        than = self.cursor.skip(one + 1, "ignored")
        joined = self.cursor.token(than)
        if direction is None or joined is None or joined.text != "than":
            return None
        other = self.cursor.skip(than + 1, *_GAP)
        if not self._is_tag(one) or self._other(one, other) is None or self.cursor.said_of(other + 1):
            return None
        found = self._gap(one, other, "change.up" if direction == "change.more" else "change.down", number, other + 1)
        if found is None:
            return None
        last = max(found[1], other + 1)
        return found[0].model_copy(update={"said": self.cursor.said(index, last)}), last

    def _is_tag(self, index: int) -> bool:
        token = self.cursor.token(index)
        return token is not None and bool(token.of("tag") or token.of("hold") or self.amounts.numbers_meant(index))

    # a tag against itself

    def since(self, index: int, after: int) -> Parsed | None:
        """今年AUM涨了10万以上: the unit that has begun, then the tag and how it moved since the end of the one before."""
        snapshot, _ = self._snapshot(index)
        if snapshot is None or self.cursor.tokens[index].window is None or not self._is_tag(after):
            return None
        return self._against_earlier(after, snapshot)

    def moved_first(self, index: int) -> Parsed | None:
        """down 50k or more in AUM since the last month end: the movement, then of what and since when."""
        direction = self._direction(index)
        at = self.cursor.skip(index + 1, *_GAP)
        number = None if self._reaches(index, at) else self.cursor.comparison(at)
        if direction not in ("change.up", "change.down") or number is None:
            return None
        link, place = self.cursor.token(number[1]), self.cursor.skip(number[1] + 1, "ignored")
        if link is None or link.text != "in" or not self._is_tag(place):
            return None
        at = self.cursor.skip(place + 1, *_GAP, "change.than")
        snapshot, _ = self._snapshot(at)
        tag = self._tag(place, lambda each: each.numeric)
        node = None if snapshot is None or tag is None else self._node(tag.code, snapshot, direction, number[0], index, at + 1)
        return None if node is None else (node, at + 1)

    def _against_earlier(self, index: int, since: Snapshot | None = None) -> Parsed | None:
        """TAG 比 SNAPSHOT 下降 NUMBER; AUM down 30% on last month end; AUM fell by 30% and by 50k since …; AUM低于上月末."""
        after = self.cursor.skip(index + 1, *_GAP, "have", "change.than")
        lower = self._order_of(index, after)
        if lower is not None:
            return lower
        snapshot, after = self._snapshot(after)
        if since is not None and snapshot is not None:
            return None
        denied = snapshot is not None and self._denied(after)
        after = self.cursor.skip(after + 1 if denied else after, "ignored", "have")
        denied = denied or (snapshot is None and self._denied(after))
        after = after + 1 if snapshot is None and denied else after
        moves: list[tuple[str, Comparison | None]] = []
        moved = self._moved(after)
        while moved is not None:
            direction, comparison, after = moved
            moves.append((direction, comparison))
            joined = self.cursor.skip(after, "connective.and", "connective.also", "connective.comma")
            moved = self._moved(joined, direction) if joined > after and snapshot is None else None
        if not moves:
            return None
        if since is not None:
            snapshot = since
        if snapshot is None:
            snapshot, _ = self._snapshot(self.cursor.skip(after, *_GAP, "change.than"))
            after = self.cursor.skip(after, *_GAP, "change.than") + 1
        tag = self._tag(index, lambda each: each.numeric or (each.ordered and moves[0][1] is None))
        if snapshot is None or tag is None or (denied and any(comparison is not None for _, comparison in moves)):
            return None
        nodes = [self._node(tag.code, snapshot, _opposite(move) if denied else move, number, index, after) for move, number in moves]
        found = [node for node in nodes if node is not None]
        if len(found) != len(nodes):
            return None
        self._last = (tag.code, snapshot)
        return all_of(list(found)), after

    def _order_of(self, index: int, after: int) -> Parsed | None:
        """AUM低于上月末, lower than at the last month end: below or above its own earlier value."""
        order = self.cursor.order(after, prefix=True)
        snapshot, last = (None, after) if order is None else self._snapshot(self.cursor.skip(order[1], "ignored", "is", "edit.pronoun"))
        following = self.cursor.token(last)
        if order is None or snapshot is None or order[0] not in _ORDERS:
            return None
        behind = last > 0 and self.cursor.tokens[last - 1].phrase("ignored") is not None
        goes_on = following is not None and (
            (bool(following.of("tag") or following.of("hold")) and not behind) or following.comparison is not None
        )
        if goes_on:
            return None
        tag = self._tag(index, lambda each: each.numeric or each.ordered)
        if tag is None:
            return None
        return self._compared(
            tag.code, tag.code, None, snapshot, "difference", _ORDERS[order[0]], _ZERO, self.cursor.said(index, last)
        ), last

    def _in_a_row(self, index: int) -> Parsed | None:
        """AUM连续三个月下降, AUM fell for three consecutive months: each full month's end against the one before."""
        after = self.cursor.skip(index + 1, *_GAP, "have")
        moved = self._direction(after)
        place = after if moved is None else self.cursor.skip(after + 1, "ignored")
        last = place + 1
        if moved is None:
            moved, last = self._direction(self.cursor.skip(last, "ignored")), self.cursor.skip(last, "ignored") + 1
        return self._each_month(index, place, moved, index, last)

    def in_a_row(self, index: int, at: int) -> Parsed | None:
        """连续三个月AUM下降: the months at `index`, the tag at `at`, then which way it moved."""
        if not self._is_tag(at):
            return None
        place = self.cursor.skip(at + 1, *_GAP, "have", "pair.each")
        return self._each_month(at, index, self._direction(place), index, place + 1)

    def _each_month(self, tag_at: int, span_at: int, moved: str | None, first: int, last: int) -> Parsed | None:
        token = self.cursor.token(span_at)
        span = None if token is None else token.window
        if span is None or span.kind != "each_of" or not isinstance(span.window, Calendar) or span.window.unit != "month":
            return None
        tag = self._tag(tag_at, lambda each: each.numeric or each.ordered)
        following = self.cursor.comparison(self.cursor.skip(last, *_GAP))
        if moved not in ("change.up", "change.down") or tag is None or span.window.last != -1 or following is not None:
            return None
        said = self.cursor.said(first, last)
        operator: Operator = ">" if moved == "change.up" else "<"
        months = range(-1, span.window.first - 1, -1)
        nodes = [
            self._compared(tag.code, tag.code, Snapshot(offset=month), Snapshot(offset=month - 1), "difference", operator, _ZERO, said)
            for month in months
        ]
        return AllOf(children=tuple(nodes), said=said), last

    def _snapshot(self, index: int) -> tuple[Snapshot | None, int]:
        """The point compared with. A unit that has begun (this year, since the start of the year) is compared with the end of the one before."""
        token = self.cursor.token(index)
        span = None if token is None else token.window
        if span is None:
            return None, index
        snapshot = span.snapshot or month_end_said(span, self.cursor.context.today)
        if snapshot is None and isinstance(span.window, Calendar) and (span.window.first, span.window.last) == (0, 0):
            unit = span.window.unit
            snapshot = Snapshot(unit=unit) if unit in ("month", "quarter", "year") else None
        if snapshot is None and isinstance(span.window, Calendar) and (span.window.first, span.window.last) == (-1, -1):
            # 比上月少: against its end, as 环比 is (MEANING.md); 比去年 may also mean a year ago and stays unread
            than = index > 0 and self.cursor.tokens[index - 1].text in _THAN
            unit = span.window.unit
            snapshot = Snapshot(unit=unit) if than and unit in ("month", "quarter") else None
        return snapshot, (index if snapshot is None else self.cursor.skip(index + 1, *_GAP, "change.than"))

    def _direction(self, index: int) -> str | None:
        token = self.cursor.token(index)
        return None if token is None else token.phrase("change.down", "change.up", "change.doubled", "change.halved")

    def _moved(self, index: int, direction: str | None = None) -> tuple[str, Comparison | None, int] | None:
        """A word of rising or falling, then a number or none. `direction`: said before, so that "and by 50k" needs no word of its own."""
        said = self._direction(index)
        if said is None and direction is None:
            return None
        after = self.cursor.skip(index if said is None else index + 1, *_GAP, "change.than")
        found = self.cursor.comparison(after)
        if said is None and found is None:
            return None
        if found is not None and (self.cursor.tokens[after].text.startswith(_LEVELS) or self._reaches(index, after)):
            return None  # fell below 500k, 跌破50万: to what it fell, not by how much
        if found is None or said in ("change.doubled", "change.halved"):
            return said or direction or "", None, index + 1
        return said or direction or "", found[0], found[1]

    def _reaches(self, index: int, after: int) -> bool:
        """fell to 50k: a word between the movement and the number says where it ended."""
        return any(token.text == "to" for token in self.cursor.tokens[index:after])

    def _denied(self, index: int) -> bool:
        token = self.cursor.token(index)
        return token is not None and token.phrase("negation.not") is not None

    def _node(
        self, tag: str, snapshot: Snapshot, direction: str, comparison: Comparison | None, first: int, last: int
    ) -> TagComparison | None:
        quote = self.cursor.quote(first, last)
        if comparison is None:
            return self._unmeasured(tag, snapshot, direction, quote)
        relative = comparison.unit == "percent"
        if comparison.unit in _MULTIPLES:
            return self._multiplied(tag, snapshot, direction, comparison, quote)
        unit = self.cursor.catalog.tags[tag].unit
        points = comparison.unit in ("percentage_point", "basis_point") and unit in ("percent", "percentage_point")
        if not (relative or points) and not _sum_fits(self.cursor.catalog.tags[tag], comparison):
            return None
        if comparison.operator == "range" or comparison.value is None:
            return None
        operator, value = self.amounts.moved_by(comparison, quote)
        if not isinstance(value, Decimal) or operator not in _MIRROR:
            return None
        if relative or comparison.unit == "basis_point":
            value = value / _HUNDRED
        if direction == "change.down":
            operator, value = _MIRROR[operator], -value
        measure = "relative_change" if relative else "difference"
        if comparison.operator in ("<", "<="):
            return self._compared(tag, tag, None, snapshot, measure, "range", _moved_less(value, comparison.operator == "<"), (quote,))
        return self._compared(tag, tag, None, snapshot, measure, operator, value, (quote,))

    def _unmeasured(self, tag: str, snapshot: Snapshot, direction: str, quote: Quote) -> TagComparison | None:
        """Risen, fallen, doubled, halved, or (denied) not: no number said."""
        plain: dict[str, tuple[str, Operator, Decimal]] = {
            "change.up": ("difference", ">", _ZERO),
            "change.down": ("difference", "<", _ZERO),
            "not change.up": ("difference", "<=", _ZERO),
            "not change.down": ("difference", ">=", _ZERO),
            "change.doubled": ("ratio", ">=", Decimal(2)),
            "change.halved": ("relative_change", "<=", Decimal("-0.5")),
        }
        if direction not in plain:
            return None
        measure, operator, value = plain[direction]
        return self._compared(tag, tag, None, snapshot, measure, operator, value, (quote,))

    def _multiplied(self, tag: str, snapshot: Snapshot, direction: str, comparison: Comparison, quote: Quote) -> TagComparison | None:
        """增长2倍以上: to three times the value, or more (BANK: 增长2倍 = ×3)."""
        if direction != "change.up" or comparison.value is None or comparison.operator == "range":
            return None
        operator, value = self.amounts.operator_and_value(comparison, quote)
        if not isinstance(value, Decimal):
            return None
        return self._compared(tag, tag, None, snapshot, "ratio", operator, value + 1, (quote,))

    # two tags

    def _against_other(self, index: int) -> Parsed | None:
        """活期比定期多5万以上, demand deposits exceed time deposits by 100k, 活期占AUM一半以上, at least twice their time deposits."""
        after = self._fallen_to(index, self.cursor.skip(index + 1, *_GAP, "have"))
        order = self.cursor.order(after, prefix=True)
        if order is not None:
            return self._ordered(index, _ORDERS.get(order[0]), self.cursor.skip(order[1], "ignored", "is"))
        number = self.cursor.comparison(self.cursor.skip(after, "change.share_of", "ignored"))
        if number is not None:
            order = self.cursor.order(self.cursor.skip(number[1], "ignored"), prefix=True)
            other = None if order is None else self.cursor.skip(order[1], *_GAP)
            if order is not None and order[0] in (">", "<") and other is not None and self._other(index, other) is not None:
                found = self._gap(index, other, "change.up" if order[0] == ">" else "change.down", number, other + 1)
                return None if found is None else (found[0].model_copy(update={"said": self.cursor.said(index, other + 1)}), other + 1)
            return self._multiple(index, self.cursor.skip(number[1], *_GAP), number[0], number[1])
        than = self.cursor.token(after)
        compares = than is not None and than.phrase("change.than") is not None
        other = self.cursor.skip(after, *_GAP, "change.share_of", *(("change.than",) if compares else ()))
        if self._other(index, other) is None:
            return None
        behind = self.cursor.skip(other + 1, *_GAP)
        share = self.cursor.comparison(self.cursor.skip(behind, "change.share_of", "ignored"))
        if not compares:
            return None if share is None else self._multiple(index, other, share[0], share[1])
        direction = self._direction(behind)
        if direction not in ("change.up", "change.down"):
            return None
        by = self.cursor.comparison(self.cursor.skip(behind + 1, *_GAP))
        if by is None and than is not None and than.phrase("connective.and"):
            return None  # 理财和基金多: nothing says that the one is compared with the other
        return self._gap(index, other, direction, by, behind + 1)

    def _fallen_to(self, index: int, after: int) -> int:
        """AUM has fallen below 70% of their three-month average: the fall is to that share of the other, not by it."""
        found = self.cursor.comparison(after + 1)
        ways = {"change.down": ("<", "<="), "change.up": (">", ">=")}
        if found is None or found[0].operator not in ways.get(self._direction(after) or "", ()) or not _is_share(found[0]):
            return after
        of = self.cursor.token(found[1])
        other = self._other(index, self.cursor.skip(found[1], *_GAP))
        bound = self.cursor.tokens[after + 1].text.startswith(("below", "under", "above", "over"))
        return after + 1 if of is not None and of.text == "of" and other is not None and bound else after

    def part_of(self, index: int) -> Parsed | None:
        """[with] at least half of their deposits in certificates of deposit: the share that one tag is of another."""
        at = self.cursor.skip(index, "have")
        found = self.cursor.comparison(at)
        if found is None or found[0].unit != "percent" or found[0].operator == "range" or found[0].value is None:
            return None
        whole = self.cursor.skip(found[1], *_GAP)
        token = self.cursor.token(whole)
        part = self.cursor.skip(whole + 1, *_GAP)
        inside = any(one.text in ("in", "as") for one in self.cursor.tokens[whole + 1 : part])
        if token is None or not inside or not self._is_tag(whole) or self._other(part, whole) is None or self.cursor.said_of(part + 1):
            return None
        operator, value = self.amounts.operator_and_value(found[0], self.cursor.quote(index, part + 1))
        if not isinstance(value, Decimal):
            return None
        read = self._ratio(part, whole, operator, _share(found[0]), part + 1)
        return None if read is None else (read[0].model_copy(update={"said": self.cursor.said(index, part + 1)}), part + 1)

    def _ordered(self, index: int, operator: Operator | None, at: int) -> Parsed | None:
        """A above B, A above B by N, A above half of B said as 超过B的一半."""
        if operator is None or self._other(index, at) is None:
            return None
        behind = self.cursor.skip(at + 1, *_GAP)
        share = self.cursor.comparison(behind)
        if share is not None:
            plain = share[0].operator is None and _is_share(share[0]) and share[0].value is not None
            return self._ratio(index, at, operator, _share(share[0]), share[1]) if plain else None
        by = self.cursor.token(behind)
        number = self.cursor.comparison(self.cursor.skip(behind + 1, "ignored")) if by is not None and by.phrase("change.than") else None
        if number is not None:
            return self._gap(index, at, "change.up" if operator in (">", ">=") else "change.down", number, behind)
        pair = self._other(index, at)
        assert pair is not None, "looked at above"
        said = self.cursor.said(index, at + 1)
        return self._compared(pair[0].code, pair[1].code, None, None, "difference", operator, _ZERO, said), at + 1

    def _gap(self, index: int, at: int, direction: str, number: tuple[Comparison, int] | None, last: int) -> Parsed | None:
        """By how much one is above or below the other; by anything at all with no number."""
        pair = self._other(index, at)
        if pair is None:
            return None
        operator: Operator = ">" if direction == "change.up" else "<"
        value = _ZERO
        if number is not None:
            comparison, last = number
            money = pair[0].unit in MONEY
            if (
                comparison.operator in ("range", "<", "<=")
                or not unit_fits(pair[0].unit, comparison)
                or (money and not _said_amount(comparison))
            ):
                return None
            read_operator, read_value = self.amounts.operator_and_value(comparison, self.cursor.quote(index, last))
            if not isinstance(read_value, Decimal):
                return None
            operator, value = (read_operator, read_value) if direction == "change.up" else (_MIRROR[read_operator], -read_value)
        return self._compared(pair[0].code, pair[1].code, None, None, "difference", operator, value, self.cursor.said(index, last)), last

    def _multiple(self, index: int, at: int, comparison: Comparison, last: int) -> Parsed | None:
        """A is N times B, N % of B. Nothing else may be said of B, or the number is not about the two."""
        pair = self._other(index, at)
        last = max(last, at + 1)
        following = self.cursor.token(self.cursor.skip(last, *_GAP))
        said_of_other = following is not None and (
            following.comparison is not None or self._direction(self.cursor.skip(last, *_GAP)) is not None
        )
        order = self.cursor.order(self.cursor.skip(last, *_GAP), prefix=True)
        if pair is None or not _is_share(comparison) or said_of_other or order is not None or comparison.operator == "range":
            return None
        if comparison.value is None:
            return None
        operator, value = self.amounts.operator_and_value(comparison, self.cursor.quote(index, last))
        if not isinstance(value, Decimal):
            return None
        return self._ratio(index, at, operator, _share(comparison), last)

    def _ratio(self, index: int, at: int, operator: Operator, value: Decimal, last: int) -> Parsed | None:
        pair = self._other(index, at)
        if pair is None or pair[0].unit in ("percent", "percentage_point"):
            return None
        return self._compared(pair[0].code, pair[1].code, None, None, "ratio", operator, value, self.cursor.said(index, last)), last

    def _other(self, index: int, at: int) -> tuple[Tag, Tag] | None:
        """The two tags at two places, when both are numbers of one unit."""
        token = self.cursor.token(at)
        if token is None or at == index or not (token.of("tag") or token.of("hold")):
            return None
        left, right = self._tag(index, lambda each: each.numeric), self._tag(at, lambda each: each.numeric)
        return None if left is None or right is None or left.unit != right.unit or left == right else (left, right)

    def _tag(self, index: int, fits: Callable[[Tag], bool]) -> Tag | None:
        return self.amounts.only_tag(self.cursor.tokens[index], fits, holdings=True) or self.amounts.ambiguous_tag(index)

    def _compared(
        self,
        left: str,
        right: str,
        left_snapshot: Snapshot | None,
        right_snapshot: Snapshot | None,
        measure: str,
        operator: Operator,
        value: Decimal | Range,
        said: tuple[Quote, ...],
    ) -> TagComparison:
        return TagComparison.model_validate(
            {
                "left": left, "right": right, "left_snapshot": left_snapshot, "right_snapshot": right_snapshot, "measure": measure,
                "operator": operator, "value": value, "said": said,
            }
        )  # fmt: skip


def _opposite(direction: str) -> str:
    return f"not {direction}"


def _is_share(comparison: Comparison) -> bool:
    part = comparison.unit is None and comparison.value is not None and 0 < comparison.value < 1  # 十分之一
    return part or comparison.unit in ("percent", *_MULTIPLES)


def _share(comparison: Comparison) -> Decimal:
    assert comparison.value is not None, "a share is a number"
    return comparison.value / _HUNDRED if comparison.unit == "percent" else comparison.value


def _sum_fits(tag: Tag, comparison: Comparison) -> bool:
    """Whether a number can be by how much a tag moved. A bare one of a sum must be as large as the tag's own sums: 30 could be a percentage."""
    if not unit_fits(tag.unit, comparison):
        return False
    if tag.unit not in MONEY or _said_amount(comparison):
        return True
    return comparison.value is not None and tag.plausible is not None and comparison.value >= max(tag.plausible[0], _LEAST_SUM)


def _said_amount(comparison: Comparison) -> bool:
    return comparison.scale_said or comparison.unit in MONEY


def _moved_less(value: Decimal, strictly: bool) -> Range:
    """下降不到10%: it fell, by less than that; who rose or stayed did not."""
    if value < 0:
        return Range(low=value, high=_ZERO, low_open=strictly, high_open=True)
    return Range(low=_ZERO, high=value, low_open=True, high_open=strictly)
