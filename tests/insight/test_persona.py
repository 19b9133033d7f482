"""Findings are real, not tautologies, not chance, not persons; the statistics agree with scipy's."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assistant.facts import FactSheet
from assistant.insight import persona
from assistant.policy import Protection
from assistant.sql.query import Cell, Table
from tests.insight.rules import QUALIFIER, validated

RULE = validated({"tag": "mort_flag", "value": True})


def read(*rows: tuple[Cell, ...], rule: object = None) -> persona.Persona:
    return persona.read((Table(("tag", "bucket", "n", "rest_n"), rows, "q"),), RULE)


def test_one_query_over_usable_tags_only() -> None:
    assert [query.purpose for query in persona.plan(RULE, QUALIFIER)] == ["profile"]
    assert "marital" not in {tag.code for tag in persona.usable_tags(RULE)}


@pytest.mark.parametrize(
    ("short", "fixed"),
    [
        ({"tag": "aum_bal", "operator": ">", "value": 1}, {"aum_bal", "aum_avg_3m"}),
        ({"tag": "aum_avg_3m", "operator": ">", "value": 1}, {"aum_bal", "aum_avg_3m"}),
        ({"not": {"tag": "gender", "value": "F"}}, {"gender"}),
        ({"concept": "high_value"}, {"aum_bal", "aum_avg_3m"}),
        ({"records": "wealth_buy"}, set()),
        ({"records": "zone_view"}, {"app_flag", "login_cnt", "app_stage"}),
        ({"rank": "dep_demand_bal", "count": 5}, {"dep_demand_bal"}),
    ],
)
def test_what_the_rule_fixes_is_no_finding(short: Mapping[str, object], fixed: set[str]) -> None:
    assert persona.definitional_tags(validated(short)) == fixed


def test_traits_are_ranked_and_definitions_set_apart() -> None:
    found = read(
        ("mort_flag", "true", 1000, 0), ("mort_flag", "false", 0, 9000),
        ("gender", "F", 500, 4500), ("gender", "M", 490, 4400), ("gender", None, 10, 100),
        ("cust_tier", "T1", 200, 6000), ("cust_tier", "T2", 500, 2000), ("cust_tier", "T3", 300, 1000),
        ("app_flag", "true", 700, 5400), ("app_flag", "false", 300, 3600),
    )  # fmt: skip
    assert (found.n, found.rest) == (1000, 9000)
    assert [(trait.tag, trait.bucket) for trait in found.traits] == [("cust_tier", "T2"), ("cust_tier", "T3"), ("app_flag", "true")]
    assert [trait.tag for trait in found.by_definition] == ["mort_flag"]
    strongest = found.traits[0]
    assert strongest.index is not None
    assert float(strongest.index) == pytest.approx(225)
    assert strongest.low < float(strongest.share - strongest.rest_share) < strongest.high
    assert not found.small


def test_nobody_in_a_cell_of_fewer_than_twenty_is_shown_nor_told_by_subtraction() -> None:
    found = read(
        ("cust_tier", "T1", 19, 500),
        ("cust_tier", "T2", 81, 300),
        ("cust_tier", "T3", 900, 19),
        ("app_flag", "true", 990, 100),
        ("app_flag", "false", 10, 719),
    )
    assert found.traits == ()
    assert found.suppressed == 3


def test_of_tags_that_determine_each_other_only_the_strongest_is_told() -> None:
    found = read(("aum_bal", "3", 500, 100), ("aum_bal", "0", 500, 900), ("aum_avg_3m", "3", 450, 100), ("aum_avg_3m", "0", 550, 900))
    assert [trait.tag for trait in found.traits] == ["aum_bal"]


def test_a_yes_no_that_is_rarer_reads_as_its_no() -> None:
    found = read(("app_flag", "true", 100, 900), ("app_flag", "false", 900, 100))
    assert [(trait.tag, trait.bucket) for trait in found.traits] == [("app_flag", "false")]


def test_unknown_is_left_out_of_shares_and_counted() -> None:
    found = read(("gender", "F", 300, 300), ("gender", "M", 100, 700), ("gender", None, 600, 0))
    assert found.traits[0].known == 400
    assert found.unknown == (("gender", 600),)


def test_an_empty_segment_has_no_traits() -> None:
    assert read(("gender", "F", 0, 300), ("gender", "M", 0, 700)).traits == ()
    assert read().traits == ()


def test_branches_are_taken_together() -> None:
    found = read(("home_org", "310011", 100, 50), ("home_org", "310111", 300, 50), ("home_org", "440011", 100, 900))
    assert [(trait.bucket, trait.n) for trait in found.traits] == [("3100", 400)]


def test_shuffled_labels_find_nothing() -> None:
    """Under chance alone at most about one persona in twenty may list anything."""
    generator = random.Random(7)
    listed = 0
    for _ in range(200):
        rows: list[tuple[Cell, ...]] = []
        for tag, buckets in (
            ("cust_tier", ("T1", "T2", "T3")),
            ("gender", ("F", "M")),
            ("app_flag", ("true", "false")),
            ("age", ("0", "1", "2", "3")),
        ):
            drawn = [generator.choices(range(len(buckets)), k=size) for size in (300, 900)]
            rows += [(tag, bucket, drawn[0].count(place), drawn[1].count(place)) for place, bucket in enumerate(buckets)]
        listed += bool(read(*rows).traits)
    assert listed <= 20


def test_facts_carry_every_figure_of_a_trait() -> None:
    sheet = FactSheet(Protection(0))
    read(("gender", "F", 300, 300), ("gender", "M", 100, 700)).facts(sheet)
    names = {fact.id.rsplit(".", 1)[1] for fact in sheet if fact.id.startswith("persona.gender.F.")}
    assert names == {"share", "rest_share", "index", "difference", "low", "high"}


SHARES = st.tuples(st.integers(1, 400), st.integers(1, 400)).map(lambda pair: (min(pair), max(pair)))


@settings(max_examples=200, deadline=None)
@given(SHARES, SHARES)
def test_p_value_is_scipys(one: tuple[int, int], other: tuple[int, int]) -> None:
    (n1, of1), (n2, of2) = one, other
    table = [[n1, of1 - n1], [n2, of2 - n2]]
    ours = persona.p_value(n1, of1, n2, of2)
    if n1 + n2 == of1 + of2:
        assert ours == 1
    elif stats.contingency.expected_freq(table).min() < 5:
        assert ours == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-5, abs=1e-12)
    else:
        assert ours == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-6, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_false_discovery_rates_are_scipys(ps: list[float]) -> None:
    assert persona.false_discovery_rates(ps) == pytest.approx(list(stats.false_discovery_control(numpy.array(ps), method="bh")))


@given(SHARES)
def test_wilson_is_scipys(one: tuple[int, int]) -> None:
    expected = stats.binomtest(*one).proportion_ci(0.95, method="wilson")
    assert persona.wilson(*one) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_newcombe_gives_its_published_example() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80, method 10: 0.0524 to 0.3339."""
    assert persona.difference_interval(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_effect_size_is_cohens() -> None:
    assert persona.effect_size(1.0, 0.0) == pytest.approx(math.pi)
    assert persona.effect_size(0.5, 0.5) == 0
