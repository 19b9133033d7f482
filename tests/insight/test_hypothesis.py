"""The verdict follows from fixed marks; too few is no verdict; what the rule settles is no finding; strata can speak against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.facts import FactSheet
from assistant.insight import hypothesis
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.persona import Baseline
from assistant.policy import Protection
from assistant.sql.guard import guard
from assistant.sql.query import Cell, Table
from assistant.validation.verdict import ValidatedRule
from tests.insight.rules import validated
from tests.insight.test_definition import rule as bank_rule
from tests.narrate.catalog import CATALOG
from tests.sql import small_bank

VISITS = validated({"records": "zone_view"})
MORTGAGE = validated({"tag": "mort_flag", "value": True})
TIERS = CATALOG.header.model_copy(update={"matched_on": ("cust_tier",)})


def read(*rows: tuple[Cell, ...], rule: ValidatedRule = VISITS, guess: ValidatedRule = MORTGAGE) -> Hypothesis:
    columns = ("n", "of", "rest_n", "rest_of")
    by = hypothesis.held_equal(rule, guess)
    return hypothesis.read((Table((*(f"by_{number}" for number in range(len(by))), *columns), rows, "q"),), rule, guess)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ((400, 1000, 600, 10000), "clearly"),
        ((150, 1000, 800, 10000), "somewhat"),
        ((70, 1000, 500, 10000), "slightly"),
        ((350, 1000, 4000, 10000), "slightly_fewer"),
        ((510, 1000, 5000, 10000), "no_difference"),
        ((100, 1000, 4000, 10000), "opposite"),
        ((11, 20, 4000, 10000), "too_few"),
        ((10, 19, 40, 10000), "too_few"),
        ((10, 100, 4, 12), "too_few"),
        ((0, 0, 4, 1200), "too_few"),
    ],
)
def test_verdicts(row: tuple[int, ...], verdict: str) -> None:
    assert read(row).verdict == verdict


@pytest.mark.parametrize(
    ("rule", "guess", "settled"),
    [
        ({"tag": "mort_flag", "value": True}, {"tag": "mort_flag", "value": True}, True),
        ({"tag": "aum_bal", "operator": ">", "value": 1}, {"tag": "aum_avg_3m", "operator": ">", "value": 5}, True),
        ({"records": "zone_view"}, {"tag": "app_flag", "value": True}, True),
        ({"records": "zone_view"}, {"records": "app_login"}, True),
        ({"records": "zone_view"}, {"records": "wealth_buy"}, False),
        ({"records": "wealth_buy"}, {"records": "wealth_buy"}, True),
        ({"records": "zone_view"}, {"tag": "mort_flag", "value": True}, False),
    ],
)
def test_what_the_rule_settles_is_no_finding(rule: Mapping[str, object], guess: Mapping[str, object], settled: bool) -> None:
    found = read((900, 1000, 600, 10000), rule=validated(rule), guess=validated(guess))
    assert (found.verdict == "by_definition") is settled


def test_strata_can_turn_the_verdict_round_or_explain_it() -> None:
    rule = replace(VISITS, catalog=replace(CATALOG, header=TIERS))
    turned = read(("T1", 5, 100, 1000, 5000), ("T2", 240, 400, 450, 500), rule=rule)
    assert (turned.verdict, turned.reversed_in, turned.explained_by) == ("somewhat", ("cust_tier",), ())
    gone = read(("T1", 20, 100, 1000, 5000), ("T2", 320, 400, 400, 500), rule=rule)
    assert (gone.verdict, gone.reversed_in, gone.explained_by) == ("clearly", (), ("cust_tier",))
    stays = read(("T1", 60, 100, 1000, 5000), ("T2", 380, 400, 400, 500), rule=rule)
    assert (stays.verdict, stays.reversed_in, stays.explained_by) == ("clearly", (), ())


def test_what_the_guess_speaks_of_is_not_held_equal() -> None:
    rule = replace(VISITS, catalog=replace(CATALOG, header=TIERS))
    assert hypothesis.held_equal(rule, validated({"tag": "cust_tier", "operator": ">=", "value": "T2"})) == ()
    assert [tag.code for tag in hypothesis.held_equal(rule, MORTGAGE)] == ["cust_tier"]


@pytest.mark.parametrize("row", [(400, 1000, 10, 10000), (990, 1000, 600, 10000), (10, 1000, 600, 10000)])
def test_no_small_group_is_shown_nor_told_by_subtraction(row: tuple[int, ...]) -> None:
    sheet = FactSheet(Protection(0))
    read(row).facts(sheet)
    told = {fact.id for fact in sheet if not fact.suppressed}
    assert told == {"hypothesis.known", "hypothesis.rest_known"}


def test_unknown_is_left_out_and_counted_from_the_bank(small_engine: DuckDBEngine) -> None:
    """Of the four customers of Shanghai all have an age, three of them 30 or over; of the two others one has, 60 or over (tests/sql: counted by hand)."""
    rule = small_bank.rule({"tag": "home_org", "operator": "in", "value": ["31"]})
    guess = small_bank.rule({"tag": "age", "operator": ">=", "value": 30})
    (query,) = hypothesis.plan(rule, guess, small_bank.QUALIFIER)
    (row,) = small_engine.execute(guard(query, small_bank.CATALOG, "duckdb", small_bank.QUALIFIER)).rows
    assert row == (3, 4, 1, 1)
    (query,) = hypothesis.plan(rule, small_bank.rule({"not": {"tag": "age", "operator": ">=", "value": 30}}), small_bank.QUALIFIER)
    (row,) = small_engine.execute(guard(query, small_bank.CATALOG, "duckdb", small_bank.QUALIFIER)).rows
    assert row == (1, 4, 0, 1)
    header = small_bank.CATALOG.header.model_copy(update={"matched_on": ("app", "gender")})
    held = replace(rule, catalog=replace(small_bank.CATALOG, header=header))
    (query,) = hypothesis.plan(held, guess, small_bank.QUALIFIER)
    rows = small_engine.execute(guard(query, small_bank.CATALOG, "duckdb", small_bank.QUALIFIER)).rows
    for column in (0, 1):
        assert [sum(int(str(row[place])) for row in rows if row[column] is not None) for place in (2, 3, 4, 5)] == [3, 4, 1, 1]


def test_what_kind_the_holders_have_is_a_finding_among_holders_alone() -> None:
    bare = bank_rule({"records": "zone_view"}).catalog
    bare = replace(bare, header=bare.header.model_copy(update={"matched_on": (), "activity_tag": None}))
    rule = replace(bank_rule({"all": [{"tag": "mort_flag", "value": True}, {"records": "zone_view"}]}), catalog=bare)
    guess = replace(bank_rule({"tag": "mort_rate_type", "operator": "in", "value": ["lpr"]}), catalog=bare)
    table = Table(("n", "of", "rest_n", "rest_of"), ((366, 398, 2305, 2646),), "q")
    among = hypothesis.read((table,), rule, guess, baseline=Baseline("eligible", rule))
    assert (among.verdict, hypothesis.read((table,), rule, guess).verdict) == ("slightly", "by_definition")
