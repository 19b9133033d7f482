"""Values against values: the one place that defines what NULL means. Law: every predicate is TRUE or FALSE, never NULL, so that Not is the exact complement.

How an empty cell reads is the catalog's word (`null_means`): `zero` reads as 0 and `false` as FALSE; `unknown` and `none` match no comparison. Of the two
operators about absence itself, `is_absent` matches an empty cell that means zero, false or none (a stored 0 is a value, not an absence), `is_unknown` one
that means unknown. A `never_null` column that is empty all the same matches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from operator import ge, gt, le, lt

from sqlglot import exp

from assistant.catalog.model import Property, Tag
from assistant.errors import Fault
from assistant.rule.tree import Comparing, Range
from assistant.rule.window import DateSpan, Frozen, Tense, Yearly, resolve
from assistant.sql import nodes
from assistant.validation.verdict import ValidatedRule

_ORDER: dict[str, type[exp.Binary]] = {"=": exp.EQ, "<>": exp.NEQ, ">": exp.GT, ">=": exp.GTE, "<": exp.LT, "<=": exp.LTE}


@dataclass(frozen=True, slots=True)
class Reading:
    """A column as the catalog says it is read. `raw`: the cell; `value`: what it reads as; `always_known`: an empty cell reads as a value too."""

    raw: exp.Expr
    value: exp.Expr
    always_known: bool
    item: Tag | Property

    def known(self) -> exp.Expr:
        """There is a value to compare."""
        return nodes.truth(True) if self.always_known else nodes.present(self.raw.copy())

    @property
    def stored(self) -> exp.Expr:
        """The cell in the catalog's unit, NULL where it is empty."""
        return _in_unit(self.item, self.raw)

    def guard(self, predicate: exp.Expr) -> exp.Expr:
        """The predicate, FALSE where the value is not known."""
        return predicate if self.always_known else nodes.all_of([nodes.present(self.raw.copy()), predicate])


def read(item: Tag | Property, raw: exp.Expr) -> Reading:
    """How a tag or property reads. A stored unit of `multiplier` is brought to the catalog's unit."""
    value = _in_unit(item, raw)
    if item.null_means == "zero" and item.numeric:
        return Reading(raw, nodes.first_known(value, nodes.number(0)), True, item)
    if item.null_means == "false" and item.type == "flag":
        return Reading(raw, nodes.first_known(value, nodes.truth(False)), True, item)
    return Reading(raw, value, False, item)


def _in_unit(item: Tag | Property, raw: exp.Expr) -> exp.Expr:
    return raw.copy() if item.multiplier == 1 else exp.Mul(this=raw.copy(), expression=nodes.number(item.multiplier))


def comparison(reading: Reading, asked: Comparing, rule: ValidatedRule) -> exp.Expr:
    """A reading compared as a condition or filter asks. Fault `operator_unfit` when the type has no such comparison (validation refuses it first)."""
    item = reading.item
    if asked.operator == "is_absent":
        return nodes.missing(reading.raw.copy()) if item.null_means in ("zero", "false", "none") else nodes.truth(False)
    if asked.operator == "is_unknown":
        return nodes.missing(reading.raw.copy()) if item.null_means == "unknown" else nodes.truth(False)
    if item.numeric:
        return reading.guard(numbers(reading.value, asked))
    if item.type == "flag" and asked.operator in ("=", "<>") and isinstance(asked.value, bool):
        return reading.guard(nodes.equal(reading.value.copy(), nodes.truth(asked.value == (asked.operator == "="))))
    if item.type == "enum" and isinstance(asked.value, tuple):
        return reading.guard(_codes(reading, asked, rule))
    if item.type == "date":
        return reading.guard(within(reading.value, span(asked, rule, item.tense, item.code)))
    if item.type == "month_day":
        return reading.guard(_month_days(reading.value, span(asked, rule, item.tense, item.code), asked, item.code))
    raise unfit(asked, item.code)


def unfit(asked: Comparing, code: str) -> Fault:
    """The fault of an operator that has no meaning for what it compares."""
    return Fault("operator_unfit", operator=asked.operator, element=code)


def span(asked: Comparing, rule: ValidatedRule, tense: Tense, code: str) -> DateSpan:
    """The dates of a `within`, by the tense of what it dates. Fault `operator_unfit` for any other operator."""
    value = asked.value
    if asked.operator != "within" or not isinstance(value, Frozen) or isinstance(value, Range):
        raise unfit(asked, code)
    return resolve(value, rule.as_of, rule.today, tense)


def numbers(value: exp.Expr, asked: Comparing, times: exp.Expr | None = None) -> exp.Expr:
    """A number (NULL-free) against the asked one; `times` multiplies the asked side (average: the count, ratio: the right tag), so nothing is divided."""

    def side(bound: Decimal) -> exp.Expr:
        return nodes.number(bound) if times is None else exp.Mul(this=nodes.number(bound), expression=times.copy())

    match asked.value:
        case Range(low=low, high=high, low_open=low_open, high_open=high_open):
            lower = exp.GT if low_open else exp.GTE
            upper = exp.LT if high_open else exp.LTE
            return nodes.all_of([lower(this=value.copy(), expression=side(low)), upper(this=value.copy(), expression=side(high))])
        case Decimal() as bound if asked.operator in _ORDER:
            return _ORDER[asked.operator](this=value.copy(), expression=side(bound))
    raise unfit(asked, "number")


def zero_satisfies(asked: Comparing) -> bool:
    """Whether 0 passes the comparison: then the customers without any record belong to the set."""
    match asked.operator, asked.value:
        case "range", Range(low=low, high=high, low_open=low_open, high_open=high_open):
            return (low < 0 if low_open else low <= 0) and (high > 0 if high_open else high >= 0)
        case "=", Decimal() as bound:
            return bound == 0
        case "<>", Decimal() as bound:
            return bound != 0
        case ">", Decimal() as bound:
            return bound < 0
        case ">=", Decimal() as bound:
            return bound <= 0
        case "<", Decimal() as bound:
            return bound > 0
        case "<=", Decimal() as bound:
            return bound >= 0
    raise unfit(asked, "number")


def within(value: exp.Expr, dates: DateSpan) -> exp.Expr:
    """A date (NULL-free) inside inclusive bounds; FALSE for an empty window."""
    if dates.empty:
        return nodes.truth(False)
    bounds: list[exp.Expr] = []
    if dates.start is not None:
        bounds.append(exp.GTE(this=value.copy(), expression=nodes.day(dates.start)))
    if dates.end is not None:
        bounds.append(exp.LTE(this=value.copy(), expression=nodes.day(dates.end)))
    return nodes.all_of(bounds)


def _month_days(value: exp.Expr, dates: DateSpan, asked: Comparing, code: str) -> exp.Expr:
    """A yearly day stored as text MM-DD whose occurrence falls inside the dates. 02-29 occurs on 02-28 in a common year; 02-28 is no 29 February. Fault `operator_unfit` for dates with an open end,
    which every day of a year would fit."""
    start, end = dates.start, dates.end
    if dates.empty:
        return nodes.truth(False)
    if start is None or end is None:
        raise unfit(asked, code)
    if end - start >= timedelta(days=365):
        return nodes.truth(True)
    first, last = f"{start:%m-%d}", f"{end:%m-%d}"
    if first == "02-28" and isinstance(asked.value, Yearly) and asked.value.begins_on_leap_day:
        first = "02-29"
    if last == "02-28" and (end + timedelta(days=1)).month == 3:
        last = "02-29"
    after = exp.GTE(this=value.copy(), expression=nodes.text(first))
    before = exp.LTE(this=value.copy(), expression=nodes.text(last))
    return nodes.all_of([after, before]) if start.year == end.year else nodes.any_of([after, before])


def _codes(reading: Reading, asked: Comparing, rule: ValidatedRule) -> exp.Expr:
    """A code (NULL-free) against codes: a tree by subtree, an ordered enum by rank. A cell whose code the catalog does not list is still different."""
    item, codes = reading.item, asked.value
    if not isinstance(codes, tuple):
        raise unfit(asked, item.code)
    if asked.operator in ("=", "in", "<>", "not_in"):
        for code in codes:
            if rule.catalog.values(item) and rule.catalog.value(item, code) is None and rule.catalog.subtree(item, (code,)) == (code,):
                raise Fault("value_unknown", element=item.code, value=code[:64])
        listed = nodes.one_of(reading.value.copy(), (nodes.text(code) for code in rule.catalog.subtree(item, codes)))
        return listed if asked.operator in ("=", "in") else nodes.negated(listed)
    return nodes.one_of(reading.value.copy(), (nodes.text(code) for code, _ in ranks_allowed(item, asked)))


def ranks_allowed(item: Tag | Property, asked: Comparing) -> tuple[tuple[str, int], ...]:
    """The codes of an ordered enum that pass an order comparison (or `=` `<>` `in` `not_in`), with their ranks. Fault `rank_unknown` for a code without one."""
    ranks = rank_by_code(item)
    codes = asked.value
    if not isinstance(codes, tuple) or any(code not in ranks for code in codes):
        raise Fault("rank_unknown", element=item.code)
    listed = [ranks[code] for code in codes]
    if asked.operator in ("=", "in", "<>", "not_in"):
        inside = asked.operator in ("=", "in")
        return tuple((code, rank) for code, rank in ranks.items() if (rank in listed) == inside)
    passes = {">": gt, ">=": ge, "<": lt, "<=": le}.get(asked.operator)
    if passes is None:
        raise unfit(asked, item.code)
    return tuple((code, rank) for code, rank in ranks.items() if passes(rank, listed[0]))


def rank_by_code(item: Tag | Property) -> dict[str, int]:
    """The ranks of an ordered enum, in catalog order; empty for any other."""
    return {value.code: value.rank for value in item.values if value.rank is not None} if item.ordered else {}


def measure(reading: Reading) -> exp.Expr:
    """The reading as something that has an order: numbers and dates as they are, an ordered enum as its rank. Fault `no_order` for anything else."""
    item = reading.item
    if item.numeric or item.type == "date":
        return reading.value.copy()
    ranks = rank_by_code(item)
    if not ranks:
        raise Fault("no_order", element=item.code)
    return nodes.case((nodes.equal(reading.value.copy(), nodes.text(code)), nodes.number(rank)) for code, rank in ranks.items())


def orderable(reading: Reading) -> exp.Expr:
    """There is a value that `measure` gives a place in the order (a code that the catalog does not rank has none)."""
    ranks = rank_by_code(reading.item)
    return reading.guard(nodes.one_of(reading.value.copy(), map(nodes.text, ranks))) if ranks else reading.known()
