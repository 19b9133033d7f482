"""Which numbers of a rule may be moved, as edits of it; the values asked about are the bank's and people's own."""

from __future__ import annotations

from decimal import Decimal

from assistant.insight.thresholds import between, coarse, thresholds, valued
from assistant.policy import Identity
from assistant.rule.edits import SetComparison, SetParameter, apply
from assistant.rule.short import node_from_short
from assistant.rule.tree import Comparing, Range, SegmentRule, at
from assistant.validation.verdict import ValidatedRule
from tests.interpret.reading import AS_OF, TODAY, catalog

AUM = {"tag": "aum_bal", "operator": ">", "value": 200000}


def passed(short: object) -> ValidatedRule:
    assert isinstance(short, dict)
    node = node_from_short(short)
    return ValidatedRule(
        SegmentRule(node=node), catalog().expand_all(node), (), "analysis", AS_OF, TODAY, AS_OF, (AS_OF,), catalog(), Identity()
    )


def test_numbers_are_found_in_the_order_of_their_conditions() -> None:
    band = {"tag": "age", "operator": "range", "value": {"kind": "range", "low": 30, "high": 40}}
    found = thresholds(
        passed({"all": [AUM, {"not": band}, {"tag": "gender", "value": ["F"]}, {"rank": "aum_bal", "count": 100, "within": AUM}]})
    )
    assert [(one.path, one.end, one.widens) for one in found] == [
        ((0,), "value", False), ((1, 0), "low", False), ((1, 0), "high", True), ((3,), "count", True),
    ]  # fmt: skip
    assert found[1].high == 40
    assert found[2].low == 30


def test_a_number_inside_a_rank_is_none_of_them() -> None:
    (only,) = thresholds(passed({"rank": "aum_bal", "percent": 10, "within": AUM}))
    assert (only.path, only.end) == ((), "percent")
    assert not only.may_be(Decimal(101))


def test_a_parameter_is_moved_by_its_name() -> None:
    (only,) = thresholds(passed({"concept": "mobile_active"}))
    assert isinstance(only.edit(Decimal(8)), SetParameter)
    rule = passed({"concept": "mobile_active"})
    moved = catalog().expand_all(apply(rule.rule, only.edit(Decimal(8))).node)
    changed = at(moved, only.at)
    assert isinstance(changed, Comparing)
    assert changed.value == 8
    assert changed == only.moved(Decimal(8))


def test_one_end_of_a_range_moves_and_the_other_stays() -> None:
    rule = passed({"tag": "age", "operator": "range", "value": {"kind": "range", "low": 30, "high": 40, "high_open": True}})
    low, high = thresholds(rule)
    edit = low.edit(Decimal(25))
    assert isinstance(edit, SetComparison)
    assert edit.value == Range(low=Decimal(25), high=Decimal(40), high_open=True)
    assert at(apply(rule.rule, high.edit(Decimal(50))).node, ()) == high.moved(Decimal(50))


def test_values_are_bands_and_round_figures_round_the_present_one() -> None:
    (aum,) = thresholds(passed(AUM))
    values = coarse(aum)
    assert aum.present in values
    assert values >= {band for band in catalog().tags["aum_bal"].bands if aum.may_be(band)}
    assert all(aum.may_be(value) for value in values)
    assert min(values) <= 1000
    assert not any("E" in str(value) for value in values)
    assert max(values) >= 100_000_000


def test_finer_values_lie_strictly_between_and_are_round() -> None:
    (aum,) = thresholds(passed(AUM))
    assert between(aum, Decimal(70000), Decimal(100000)) == {Decimal(70000 + step * 5000) for step in range(1, 6)}
    (logins,) = thresholds(passed({"records": "app_login", "operator": ">=", "value": 3}))
    assert between(logins, Decimal(3), Decimal(6)) == {Decimal(4), Decimal(5)}
    assert between(logins, Decimal(3), Decimal(4)) == set()


def test_what_customers_are_valued_by_is_the_catalogs_word() -> None:
    tag = valued(passed(AUM))
    assert tag is not None
    assert tag.code == catalog().header.value_tag


def test_what_a_customer_may_plausibly_hold_is_no_bound_of_an_amount() -> None:
    """不超过1000元 may be moved below the least of a plausible range, down to nothing."""
    (one,) = thresholds(passed({"tag": "aum_bal", "operator": "<=", "value": 1000}))
    assert {Decimal(0), Decimal(300), Decimal(500)} <= coarse(one)
