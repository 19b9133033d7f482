"""What a rule makes up is no finding: not the whole that its part is counted in, nor what its records date, nor what its customers are bounded to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from assistant.catalog.load import TagCatalog
from assistant.insight import persona
from assistant.insight.definition import among_holders, bounded, declared, follows, implied, parts, settled, wholes
from assistant.insight.spread import Spread
from assistant.insight.statistics import Stratum
from assistant.rule.short import node_from_short
from assistant.validation.verdict import ValidatedRule
from tests.insight.rules import profiled, validated
from tests.narrate.catalog import CATALOG


@cache
def bank() -> TagCatalog:
    return TagCatalog.load()


def rule(short: Mapping[str, object]) -> ValidatedRule:
    """The rule over the bank's own catalog."""
    node = node_from_short(short)
    return replace(validated({"tag": "mort_flag", "value": True}), catalog=bank(), expanded=bank().expand_all(node))


@pytest.mark.parametrize(
    ("short", "made", "found"),
    [
        ({"tag": "mort_flag", "value": True}, {"prod_hold_cnt"}, {"aum_bal", "cc_flag", "loan_view_cnt_30d"}),
        ({"tag": "cc_flag", "value": True}, {"prod_hold_cnt", "txn_cnt_3m"}, {"aum_bal", "mort_flag"}),
        (
            {"tag": "fund_bal", "operator": ">", "value": 0},
            {"prod_hold_cnt", "aum_bal", "cust_tier", "mau_stage"},
            {"has_rm", "dep_time_bal"},
        ),
        ({"tag": "aum_bal", "operator": ">", "value": 500000}, set(), {"prod_hold_cnt", "has_rm", "cc_flag"}),
        ({"tag": "risk_level", "value": "R4"}, {"wealth_stage"}, {"wealth_bal", "wealth_first_buy"}),
        (
            {"records": "wealth_buy", "window": "rolling 30 day"},
            {
                "wealth_last_buy",
                "wealth_first_buy",
                "wealth_bal",
                "wealth_pnl_pct",
                "wealth_stage",
                "aum_bal",
                "cust_tier",
                "prod_hold_cnt",
            },
            {"has_rm", "fund_bal", "dep_time_bal"},
        ),
        ({"records": "risk_test", "window": "rolling 30 day"}, {"risk_expire", "risk_level"}, {"aum_bal"}),
        ({"records": "branch_visit", "window": "rolling 30 day"}, set(), {"prod_hold_cnt", "aum_bal"}),
    ],
)
def test_a_whole_is_set_apart_from_its_parts_and_no_part_from_its_whole(
    short: Mapping[str, object], made: set[str], found: set[str]
) -> None:
    one = rule(short)
    assert made <= wholes(one)
    assert wholes(one) <= settled(one)
    assert settled(one).isdisjoint(found)


@pytest.mark.parametrize(
    "short",
    [
        {"tag": "aum_bal", "operator": "range", "value": {"low": 100000, "high": 500000}},
        {"tag": "cust_tier", "operator": "in", "value": ["T3"]},
        {"tag": "aum_last_me", "operator": ">", "value": 500000},
    ],
)
def test_the_amounts_of_a_bounded_sum_are_bounded_with_it(short: Mapping[str, object]) -> None:
    found = parts(rule(short))
    assert {"dep_time_bal", "wealth_bal", "fund_bal", "dep_demand_bal", "dep_demand_avg_last_m", "aum_chg_ytd"} <= found
    assert found.isdisjoint({"mort_bal", "cons_loan_bal", "cc_limit", "ins_policy_cnt", "has_rm"})
    assert found <= settled(rule(short))


def test_those_picked_for_having_something_differ_in_what_they_have() -> None:
    """What only mortgage customers have is fixed for them as against others, not among themselves; what the rule compares by, and its kin, is fixed all the same."""
    mortgage = {"tag": "mort_flag", "value": True}
    freed = among_holders(rule(mortgage))
    assert {"mort_rate", "mort_rate_type", "mort_open_date"} <= freed <= declared(rule(mortgage))
    assert freed.isdisjoint({"mort_flag", "mort_bal"})
    assert "mort_rate_type" not in among_holders(rule({"tag": "mort_rate_type", "operator": "in", "value": ["lpr"]}))
    assert not among_holders(rule({"records": "zone_view", "window": "rolling 30 day"}))


def test_a_part_bounds_no_other_part() -> None:
    assert not parts(rule({"tag": "fund_bal", "operator": ">", "value": 0}))
    assert not parts(rule({"tag": "mort_flag", "value": True}))


def test_who_could_do_something_at_all_holds_what_only_holders_have() -> None:
    prepaid = {"records": "mort_prepay", "window": "rolling 365 day"}
    assert {"mort_flag", "mort_bal", "mort_rate", "mort_rate_type", "mort_open_date"} <= declared(rule(prepaid))
    spent = {"records": "cc_spend", "window": "rolling 30 day"}
    assert {"cc_flag", "cc_limit", "cc_activated", "cc_last_txn"} <= declared(rule(spent))


@pytest.mark.parametrize(
    ("one", "is_bounded", "is_implied"),
    [
        (Stratum(978, 1000, 290, 10000), False, True),
        (Stratum(940, 1000, 290, 10000), False, False),
        (Stratum(978, 1000, 900, 10000), False, False),
        (Stratum(1000, 1000, 4900, 10000), True, True),
        (Stratum(1000, 1000, 9000, 10000), True, False),
        (Stratum(1000, 1000, 10000, 10000), False, False),
        (Stratum(60, 60, 4900, 10000), False, False),
        (Stratum(0, 0, 10, 10), False, False),
    ],
)
def test_what_all_of_many_are_is_a_bound(one: Stratum, is_bounded: bool, is_implied: bool) -> None:
    assert (bounded(one), implied(one)) == (is_bounded, is_implied)


def test_either_side_of_a_threshold_can_be_the_rule() -> None:
    tag = CATALOG.tags["prod_cnt"].model_copy(update={"bands": (1, 2, 4)})
    spread = Spread(n=Counter({"2": 500, "3": 480, "0": 20}), rest=Counter({"0": 9000, "1": 800, "2": 200}))
    assert follows(tag, CATALOG, spread)
    assert not follows(tag, CATALOG, Spread(spread.rest, spread.rest))


def test_nobody_past_a_bound_is_no_finding_and_what_is_told_within_it_is() -> None:
    """Nobody with a loan is 60 or over, as nine in ten of the others; that they are mostly under 35 is another matter."""
    one = validated({"tag": "mort_flag", "value": True})
    rows = [("age", "1", 700, 4000), ("age", "2", 300, 5000), ("age", "3", 0, 1000)]
    found = persona.read(profiled(one, *rows), one)
    assert {(trait.tag, trait.bucket) for trait in found.by_definition} == {("age", "<3")}
    assert [trait.tag for trait in found.traits] == ["age"]
    assert found.traits[0].share < 1


def test_a_whole_is_no_trait_of_its_part() -> None:
    one = validated({"tag": "mort_flag", "value": True})
    rows = [("prod_cnt", "1", 60, 8000), ("prod_cnt", "2", 940, 2000), ("app_flag", "true", 700, 5400), ("app_flag", "false", 300, 4600)]
    assert [trait.tag for trait in persona.read(profiled(one, *rows), one).traits] == ["prod_cnt", "app_flag"]
    counted = CATALOG.tags["prod_cnt"].model_copy(update={"made_of": ("mort_flag",)})
    told = replace(one, catalog=replace(CATALOG, tags={**CATALOG.tags, "prod_cnt": counted}))
    found = persona.read(profiled(told, *rows), told)
    assert [trait.tag for trait in found.traits] == ["app_flag"]
    assert [trait.tag for trait in found.by_definition] == ["prod_cnt"]
