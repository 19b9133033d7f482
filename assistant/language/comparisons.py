"""Comparisons: an operator with its number, or a range, and ranks. Law: MEANING.md "Comparisons and ranges"; what does not fit together carries a doubt.

Operators stand before the number (大于5万, more than 5), behind it (5万以上, 5 or more), or mirrored (5万<AUM). A lower and an upper bound side by side
make one range; a correction (大于一次不对是一次以上) keeps the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from assistant.language.numbers import Quantity, Span, mask, plain, read_bare_scale, read_bare_share, read_quantities
from assistant.language.quantities import unit_after
from assistant.language.words import Phrases, is_latin, merged_groups, merged_list, skip_spaces

ComparisonOperator = Literal["=", ">", ">=", "<", "<=", "range"]

_LOWER: tuple[ComparisonOperator, ...] = (">", ">=")
_UPPER: tuple[ComparisonOperator, ...] = ("<", "<=")
_MIRROR: dict[str, ComparisonOperator] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}
_STRICT: dict[ComparisonOperator, ComparisonOperator] = {">=": ">", "<=": "<"}
_LOOSE: dict[ComparisonOperator, ComparisonOperator] = {">": ">=", "<": "<="}
_DAY = re.compile(r"(?<![\d.-])(?:19|20)\d\d-\d\d-\d\d(?![\d.-])")
_AMOUNT = 100
"""From here on a bare number is rather an amount than how many of something."""

_NEVER_OVER = ("times", "count", "days", "weeks", "months", "quarters", "years")


@dataclass(frozen=True, slots=True)
class Comparison:
    """[start, end) of the normalised text: `operator` None is a bare number in `value`; "range" has `low` and `high` instead.

    `assumption` names a convention the user should see, `doubt` why it must be asked about; `number_spans` are the quantities inside.
    `scale_said`: a scale word (万, k) was used, so the number is not in the tag's own unit.
    """

    start: int
    end: int
    operator: ComparisonOperator | None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False
    unit: str | None = None
    unit_word: str | None = None
    scale_said: bool = False
    approximate: bool = False
    assumption: str | None = None
    doubt: str | None = None
    number_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """前10%, top 10: the `direction` end of an order; exactly one of `count` and `percent`. Ends open to doubt are asked about."""

    start: int
    end: int
    direction: Literal["top", "bottom"]
    count: int | None = None
    percent: Decimal | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Tables:
    before: Phrases[str]
    behind: Phrases[str]
    not_operators: Phrases[bool]
    inclusive: Phrases[bool]
    exclusive: Phrases[bool]
    also_equal: Phrases[bool]
    negators: tuple[str, ...]
    fillers: tuple[str, ...]
    separators: Phrases[bool]
    conjunctions: Phrases[bool]
    opening: tuple[str, ...]
    closing: Phrases[bool]
    connectives: frozenset[str]
    change_verbs: tuple[str, ...]
    corrections: Phrases[bool]
    correction_fillers: Phrases[bool]
    compared: tuple[str, ...]
    adjectives: Phrases[str]
    even: tuple[str, ...]
    even_less: Phrases[bool]
    even_none: Phrases[bool]
    not_adjectives: Phrases[bool]
    ranks: Phrases[str]
    places: Phrases[bool]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    before = dict(merged_groups(lambda grammar: grammar.operators.prefix).meanings)
    before |= dict.fromkeys(merged_list(lambda grammar: grammar.operators.ever_or_over).meanings, "ever")
    before |= dict.fromkeys(merged_list(lambda grammar: grammar.operators.not_operators).meanings, "")
    ranks = dict.fromkeys(merged_list(lambda grammar: grammar.ranks.top).meanings, "top")
    ranks |= dict.fromkeys(merged_list(lambda grammar: grammar.ranks.bottom).meanings, "bottom")
    ranks |= dict.fromkeys(merged_list(lambda grammar: grammar.ranks.not_ranks).meanings, "")
    return _Tables(
        before=Phrases(before),
        behind=merged_groups(lambda grammar: grammar.operators.postfix),
        not_operators=merged_list(lambda grammar: grammar.operators.not_operators),
        inclusive=merged_list(lambda grammar: grammar.operators.inclusive),
        exclusive=merged_list(lambda grammar: grammar.operators.exclusive),
        also_equal=merged_list(lambda grammar: grammar.operators.also_equal),
        negators=tuple(merged_list(lambda grammar: grammar.operators.negators).meanings),
        fillers=_longest_first(merged_list(lambda grammar: grammar.operators.fillers)),
        separators=merged_list(lambda grammar: grammar.ranges.between),
        conjunctions=merged_list(lambda grammar: grammar.ranges.needs_opening),
        opening=_longest_first(merged_list(lambda grammar: grammar.ranges.opening)),
        closing=merged_list(lambda grammar: grammar.ranges.closing),
        connectives=frozenset(merged_list(lambda grammar: grammar.ranges.connectives).meanings),
        change_verbs=tuple(merged_list(lambda grammar: grammar.ranges.change_verbs).meanings),
        corrections=merged_list(lambda grammar: grammar.ranges.corrections),
        correction_fillers=merged_list(lambda grammar: grammar.ranges.correction_fillers),
        compared=tuple(merged_list(lambda grammar: grammar.operators.compared_with).meanings),
        even=_longest_first(merged_list(lambda grammar: grammar.operators.even)),
        even_less=merged_list(lambda grammar: grammar.operators.even_less),
        even_none=merged_list(lambda grammar: grammar.operators.even_none),
        adjectives=merged_groups(lambda grammar: grammar.operators.compared),
        not_adjectives=merged_list(lambda grammar: grammar.operators.not_compared),
        ranks=Phrases(ranks),
        places=merged_list(lambda grammar: grammar.ranks.places),
    )


def _longest_first(words: Phrases[bool]) -> tuple[str, ...]:
    return tuple(sorted(words.meanings, key=len, reverse=True))


def _ends_with(text: str, end: int, words: Sequence[str]) -> int | None:
    """The start of the first of `words` that ends at `end` (spaces before `end` allowed), or None."""
    while end > 0 and text[end - 1] == " ":
        end -= 1
    for word in words:
        start = end - len(word)
        if start >= 0 and text.startswith(word, start):
            glued = is_latin(word[0]) and word != "n't" and start > 0 and is_latin(text[start - 1])
            if not glued:
                return start
    return None


def counts_persons(comparison: Comparison) -> bool:
    """Whether a number is one of persons (5人, 100位, 5 people), which says neither how often somebody did a thing nor how much of it he has."""
    return comparison.unit == "count" and comparison.unit_word in _person_counters()


def counts_kinds(comparison: Comparison) -> bool:
    """Whether a number is one of different kinds (3种), which records do not tell of: two of them may be of one kind. At least one kind is at least one of them."""
    kinds = merged_list(lambda grammar: grammar.kind_counters).meanings
    at_least_one = comparison.operator == ">=" and comparison.value == 1
    return comparison.unit == "count" and comparison.unit_word in kinds and not at_least_one


@lru_cache(maxsize=1)
def _person_counters() -> frozenset[str]:
    return frozenset(merged_list(lambda grammar: grammar.person_counters).meanings)


@dataclass(frozen=True, slots=True)
class _Operator:
    start: int
    end: int
    meaning: str
    symbol: bool


class _Scene:
    """One text with its quantities and the operators that stand before numbers, indexed by where they end and begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        quantities = read_quantities(text)
        walls = bytearray(len(text))
        for quantity in quantities:
            walls[quantity.start : quantity.end] = b"\1" * (quantity.end - quantity.start)
        self.operators = {
            end: _Operator(start, end, meaning, text[start] in "<>=≤≥")
            for start, end, meaning in _tables().before.scan(text, walls)
            if meaning
        }
        starts = {quantity.start for quantity in quantities}
        bare: list[Quantity] = []
        for operator in self.operators.values():
            place = skip_spaces(text, operator.end)
            if place in starts or place >= len(text) or walls[place]:
                continue
            scale = read_bare_scale(text, place) or read_bare_share(text, place)
            if scale is not None and not any(scale.start < start < scale.end for start in starts):
                bare.append(scale)
        self.quantities = tuple(sorted((*quantities, *bare), key=lambda quantity: quantity.start))

    def operator_before(self, place: int) -> _Operator | None:
        """The operator that ends at `place`, over spaces and one filler word (超过了5万, 等于是5万)."""
        end = place
        while end > 0 and self.text[end - 1] == " ":
            end -= 1
        if end in self.operators:
            return self.operators[end]
        filler = _ends_with(self.text, end, _tables().fillers)
        if filler is None:
            return None
        while filler > 0 and self.text[filler - 1] == " ":
            filler -= 1
        found = self.operators.get(filler)
        return found if found is not None and found.meaning != "ever" else None

    def symbol_after(self, place: int) -> _Operator | None:
        """A symbol that begins after the number and has no number of its own: 5万<AUM."""
        start = skip_spaces(self.text, place)
        for operator in self.operators.values():
            if operator.start == start and operator.symbol:
                follows = skip_spaces(self.text, operator.end)
                return None if any(quantity.start == follows for quantity in self.quantities) else operator
        return None

    def words_behind(self, place: int) -> tuple[int, str] | None:
        """The operator words that begin behind a number, unless an operator of the next number begins among them (5k and less than 20k)."""
        found = _tables().behind.match(self.text, place)
        if found is None or any(place < operator.start < found[0] < operator.end for operator in self.operators.values()):
            return None
        follows = skip_spaces(self.text, found[0])
        begins = any(place < operator.start < found[0] <= operator.end for operator in self.operators.values())
        return None if begins and any(quantity.start == follows for quantity in self.quantities) else found

    def negated(self, place: int) -> bool:
        """Whether a word for not ends at `place`."""
        return _ends_with(self.text, place, _tables().negators) is not None


def _behind(scene: _Scene, place: int) -> tuple[int, ComparisonOperator | None, bool]:
    """(end, operator, also equal) of the words behind a number, (含) and (不含) applied; the operator None when there is none."""
    tables, text = _tables(), scene.text
    start = skip_spaces(text, place)
    early = tables.inclusive.match(text, start)
    start = skip_spaces(text, early[0]) if early else start
    found = scene.words_behind(start)
    blocked = tables.not_operators.match(text, start)
    if found is None or (blocked is not None and blocked[0] > found[0]) or (text[start] == "+" and text[start + 1 : start + 2].isdigit()):
        equal = tables.also_equal.match(text, skip_spaces(text, place))
        return (equal[0], None, True) if equal else (place, None, False)
    operator: ComparisonOperator = _operator(found[1])
    end = found[0]
    closed = tables.inclusive.match(text, skip_spaces(text, end))
    if closed is not None and _says_no_more(text, closed[0]):
        return closed[0], operator, False
    opened = tables.exclusive.match(text, skip_spaces(text, end))
    if opened is not None and _says_no_more(text, opened[0]):
        return opened[0], _STRICT.get(operator, operator), False
    return end, operator, False


def _says_no_more(text: str, end: int) -> bool:
    """Whether 含 or 不含, which ends at `end`, is of the number before it: in 50万以上不含白金客户 it leaves out what stands behind it."""
    place = skip_spaces(text, end)
    following = text[place : place + 1]
    return text[end - 1].isascii() or following == "的" or not following.isalnum()


def _operator(word: str) -> ComparisonOperator:
    return next(operator for operator in (">", ">=", "<", "<=", "=") if operator == word)


def _bare(quantity: Quantity) -> Comparison:
    """A quantity without operator: a plain value, or the interval a vague number stands for."""
    common = Comparison(
        quantity.start, quantity.end, None, quantity.value, unit=quantity.unit, unit_word=quantity.unit_word, scale_said=quantity.scale_said,
        doubt=quantity.doubt, number_spans=((quantity.start, quantity.end),),
    )  # fmt: skip
    if quantity.low is None:
        return common
    common = replace(common, approximate=True, assumption=quantity.assumed)
    if quantity.high is None:
        return replace(common, operator=">=", value=quantity.low, approximate=False, assumption=None)
    return replace(
        common, operator="range", value=None, low=quantity.low, high=quantity.high, low_open=quantity.low_open, high_open=quantity.high_open
    )


def _compared(scene: _Scene, quantity: Quantity) -> Comparison | None:
    """比5万多, 比170低: a word in front and an adjective behind, which alone would make the number vague (5万多)."""
    tables = _tables()
    start = _ends_with(scene.text, quantity.start, tables.compared)
    if start is None:
        return None
    vague = quantity.assumed == "a_bit_over" and tables.adjectives.match(scene.text, quantity.end - 1) is not None
    if quantity.low is not None and not vague:
        return None
    found = tables.adjectives.match(scene.text, quantity.end - 1 if vague else skip_spaces(scene.text, quantity.end))
    follows = skip_spaces(scene.text, found[0]) if found is not None else 0
    if found is None or tables.not_adjectives.match(scene.text, found[0] - 1) or any(one.start == follows for one in scene.quantities):
        return None
    plain_one = replace(quantity, low=None, high=None, assumed=None)
    return replace(_bare(plain_one), start=start, end=found[0], operator=_operator(found[1]))


def _not_even(scene: _Scene, quantity: Quantity) -> Comparison | None:
    """一千都不到, 连五万都没有: below the number. 都没有 says so of an amount, or behind 连; 两个都没有 is neither of two, 一次都没有 none at all."""
    tables, text = _tables(), scene.text
    if quantity.low is not None or quantity.value <= 1 or scene.operator_before(quantity.start) is not None:
        return None
    begin = _ends_with(text, quantity.start, tables.even)
    less = tables.even_less.match(text, skip_spaces(text, quantity.end))
    none = tables.even_none.match(text, skip_spaces(text, quantity.end))
    amount = begin is not None or quantity.scale_said or (quantity.unit is None and quantity.value >= _AMOUNT)
    end = less[0] if less is not None else none[0] if none is not None and amount and _says_no_more(text, none[0]) else None
    if end is None or any(one.start == skip_spaces(text, end) for one in scene.quantities):
        return None
    return replace(_bare(quantity), start=quantity.start if begin is None else begin, end=end, operator="<")


def _single(scene: _Scene, quantity: Quantity) -> Comparison:
    """One number with the operators around it."""
    comparison = _bare(quantity)
    compared = _compared(scene, quantity) or _not_even(scene, quantity)
    if compared is not None:
        return compared
    before = scene.operator_before(quantity.start)
    end, behind, also_equal = _behind(scene, quantity.end)
    start, operator, doubt = quantity.start, None, comparison.doubt
    if before is not None and before.meaning == "ever":
        if quantity.unit in _NEVER_OVER:
            before = None
        elif quantity.multiplier != quantity.value:
            doubt = doubt or "ever_or_over"
    if before is not None:
        start = before.start
        operator = ">" if before.meaning == "ever" else _operator(before.meaning)
        if scene.negated(before.start):
            doubt = doubt or "negated_comparison"
        if scene.operator_before(before.start) is not None:
            doubt = doubt or "operators_disagree"
    if also_equal and operator is not None:
        operator = _LOOSE.get(operator, operator)
    elif behind is not None:
        if operator not in (None, "=", behind):
            doubt = doubt or "operators_disagree"
        loose = operator == "=" or (before is not None and before.meaning == "ever")  # 买过5万以上: 以上 alone compares
        operator = behind if loose else operator or behind
    elif operator is None:
        mirrored = scene.symbol_after(quantity.end)
        if mirrored is None:
            return comparison
        operator, end = _MIRROR[mirrored.meaning], mirrored.end
    else:
        end = quantity.end
    unit = None if behind is None or quantity.unit is not None else unit_after(scene.text, end, False)  # 8 or more times
    if unit is not None:
        end, quantity = unit[0], replace(quantity, unit=unit[1], unit_word=unit[2])
        comparison = replace(comparison, unit=quantity.unit, unit_word=quantity.unit_word)
    if comparison.operator is not None:
        doubt = doubt or "operator_on_approximate"
    return replace(
        comparison, start=start, end=end, operator=operator, value=quantity.value, low=None, high=None, low_open=False, high_open=False, doubt=doubt
    )  # fmt: skip


def _separator(scene: _Scene, left: Quantity, right: Quantity) -> bool:
    """Whether only a word for "to" stands between two numbers; "and" needs "between" in front."""
    tables = _tables()
    between = scene.text[left.end : right.start]
    words = between.strip(" ")
    if words in tables.separators.meanings:
        return True
    return words in tables.conjunctions.meanings and _ends_with(scene.text, left.start, tables.opening) is not None


def _ends(left: Quantity, right: Quantity) -> tuple[Decimal, Decimal, str | None]:
    """(low, high, doubt) of a range. The scale of the last number covers the first if the range then ascends, else it is asked about."""
    low, high, doubt = left.value, right.value, left.doubt or right.doubt
    if left.low is not None or right.low is not None:
        doubt = doubt or "approximate_range"
    if left.unit is not None and right.unit is not None and left.unit != right.unit:
        doubt = doubt or "range_unit_unclear"
    if right.multiplier > 1 and left.scale == 1 and left.unit_word is None and low != 0:
        shared = next((low * by for by in (right.multiplier, right.scale) if by > left.multiplier and abs(low * by) < abs(high)), None)
        if shared is not None:
            low = shared
        elif right.scale > 1 and not left.scale_said:
            doubt = doubt or "range_unit_unclear"
    elif left.scale_said and not right.scale_said and high <= low:
        doubt, high = doubt or "range_unit_unclear", high * left.multiplier
    if low > high:
        return high, low, doubt or "range_descends"
    return low, high, doubt


def _range(scene: _Scene, left: Quantity, right: Quantity, chained: bool) -> Comparison:
    tables = _tables()
    text = scene.text
    low, high, doubt = _ends(left, right)
    start, end = left.start, right.end
    opening = _ends_with(text, start, tables.opening)
    if opening is not None:
        start = opening
        if _changes(text[max(0, opening - 24) : opening]):
            doubt = doubt or "range_or_change"
    closing = tables.closing.match(text, skip_spaces(text, end))
    before = scene.operator_before(left.start)
    _, behind, _ = _behind(scene, end)
    if closing is not None:
        end = closing[0]
    elif behind is not None:
        doubt = doubt or "operator_on_range"
        end = _behind(scene, end)[0]
    if before is not None and before.meaning != "ever":
        start, doubt = min(start, before.start), doubt or "operator_on_range"
    if scene.negated(start):
        doubt = doubt or "negated_comparison"
    if chained:
        doubt = doubt or "more_than_two_numbers"
    if left.unit is not None and left.unit.islower() and not left.scale_said and right.unit is None and right.scale_said:
        doubt = doubt or "range_unit_unclear"
    return Comparison(
        start, end, "range", None, plain(low), plain(high), unit=right.unit or left.unit, unit_word=right.unit_word or left.unit_word,
        scale_said=left.scale_said or right.scale_said, doubt=doubt, number_spans=((left.start, left.end), (right.start, right.end)),
    )  # fmt: skip


def _changes(before: str) -> bool:
    """Whether a word for changing a value stands shortly before "from 5 to 10": then it may be an edit and not a range."""
    for verb in _tables().change_verbs:
        place = before.find(verb)
        while place >= 0:
            end = place + len(verb)
            whole = not is_latin(verb[0]) or not ((place and is_latin(before[place - 1])) or (end < len(before) and is_latin(before[end])))
            if whole:
                return True
            place = before.find(verb, place + 1)
    return False


def _raw(scene: _Scene) -> Iterator[Comparison]:
    place = 0
    quantities = scene.quantities
    while place < len(quantities):
        left = quantities[place]
        if place + 1 < len(quantities) and _separator(scene, left, quantities[place + 1]):
            last = place + 1
            while last + 1 < len(quantities) and _separator(scene, quantities[last], quantities[last + 1]):
                last += 1
            yield _range(scene, left, quantities[last], last > place + 1)
            place = last + 1
            continue
        yield _single(scene, left)
        place += 1


def _both_bounds(text: str, left: Comparison, right: Comparison) -> Comparison | None:
    """大于5万小于20万, 5万以上20万以下: one range, when only a connective stands between a lower and an upper bound."""
    between = text[left.end : right.start].strip(" ")
    if between and between not in _tables().connectives:
        return None
    if left.operator in _LOWER and right.operator in _UPPER:
        lower, upper = left, right
    elif left.operator in _UPPER and right.operator in _LOWER:
        lower, upper = right, left
    else:
        return None
    if lower.value is None or upper.value is None or left.doubt or right.doubt:
        return None
    if lower.unit is not None and upper.unit is not None and lower.unit != upper.unit:
        return None
    if any(
        one.unit is not None and one.unit.islower() and not one.scale_said and other.unit is None and other.scale_said
        for one, other in ((left, right), (right, left))
    ):
        return None  # 5次以上不超过10万: how often, and how much
    doubt = "bounds_cross" if lower.value > upper.value else None
    if left.scale_said != right.scale_said and left.unit_word is None and left.value:
        doubt = doubt or "range_unit_unclear"
    if doubt == "bounds_cross":
        return None
    return Comparison(
        left.start, right.end, "range", None, lower.value, upper.value, lower.operator == ">", upper.operator == "<", left.unit or right.unit,
        left.unit_word or right.unit_word, left.scale_said or right.scale_said, doubt=doubt, number_spans=left.number_spans + right.number_spans,
    )  # fmt: skip


def _corrects(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is a word of correction with nothing but fillers around it."""
    tables = _tables()
    corrected, place = False, start
    while place < end:
        found = tables.corrections.match(text, place)
        if found is not None and found[0] <= end:
            corrected, place = True, found[0]
            continue
        filler = tables.correction_fillers.match(text, place)
        if filler is not None and filler[0] <= end:
            place = filler[0]
        elif text[place] == " ":
            place += 1
        else:
            return False
    return corrected


def read_comparisons(text: str, taken: Sequence[Span] = ()) -> tuple[Comparison, ...]:
    """All comparisons, ranges and bare numbers of a normalised text, left to right, not overlapping. Ranks, days in figures (2026-09-20) and `taken` are left alone."""
    ranks = read_ranks(text, taken)
    days = (found.span() for found in _DAY.finditer(text))  # else the 20 and the 2026 of two days make a range
    visible = mask(text, [*taken, *days, *((rank.start, rank.end) for rank in ranks)])
    found: list[Comparison] = []
    for comparison in _raw(_Scene(visible)):
        if found and _corrects(visible, found[-1].end, comparison.start):
            former = found.pop()
            comparison = replace(
                comparison, start=former.start, assumption=comparison.assumption or "self_correction", number_spans=former.number_spans + comparison.number_spans
            )  # fmt: skip
        elif found and (both := _both_bounds(visible, found[-1], comparison)) is not None:
            found.pop()
            comparison = both
        if found and comparison.start < found[-1].end:
            # One sign between two numbers (0=到0) says nothing sure of either.
            found[-1] = replace(found[-1], doubt=found[-1].doubt or "numbers_run_together")
            comparison = replace(comparison, start=found[-1].end, doubt=comparison.doubt or "numbers_run_together")
        found.append(comparison)
    return tuple(found)


def read_ranks(text: str, taken: Sequence[Span] = ()) -> tuple[Rank, ...]:
    """All rank phrases (前10%, 前100名, top 10, bottom 5%). A time (前3个月) or an order of events (之前) is none."""
    tables = _tables()
    visible = mask(text, taken)
    quantities = {quantity.start: quantity for quantity in read_quantities(visible)}
    found = []
    for start, end, direction in tables.ranks.scan(visible):
        quantity = quantities.get(skip_spaces(visible, end))
        if not direction or quantity is None or quantity.low is not None or quantity.value <= 0:
            continue
        finish, doubt = quantity.end, quantity.doubt
        share = quantity.unit is None and 0 < quantity.value < 1
        percent = quantity.value if quantity.unit == "percent" else quantity.value * 100 if share else None
        if percent is None:
            if quantity.unit not in (None, "count") or quantity.value % 1 or (quantity.scale_said and quantity.value > 10**7):
                continue
            place = tables.places.match(visible, skip_spaces(visible, finish)) if quantity.unit is None else None
            finish = place[0] if place else finish
        elif percent > 100:
            doubt = doubt or "percent_over_hundred"
        side: Literal["top", "bottom"] = "top" if direction == "top" else "bottom"
        found.append(Rank(start, finish, side, int(quantity.value) if percent is None else None, percent, doubt))
    return tuple(found)
