"""Findings are real, not tautologies, not chance, not persons."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.facts import FactSheet
from assistant.insight import persona
from assistant.insight.definition import declared
from assistant.insight.persona import REST, Baseline
from assistant.insight.traits import HAS_VALUE, Trait
from assistant.policy import Protection
from assistant.sql.query import Cell, Table
from tests.insight.rules import QUALIFIER, profiled, validated
from tests.narrate.catalog import CATALOG
from tests.narrate.catalog import tag as new_tag

RULE = validated({"tag": "mort_flag", "value": True})
PLAIN = new_tag("payroll_flag", "代发客户", "Payroll customer", type="flag", null_means="false")
DERIVED = new_tag(
    "payroll_months", "代发月数", "Payroll months", type="integer", unit="count", null_means="zero", derived_from=["payroll_flag"]
)
HELD = replace(RULE, catalog=replace(CATALOG, header=CATALOG.header.model_copy(update={"matched_on": ("cust_tier",)})))


def read(*rows: tuple[Cell, ...], baseline: Baseline = REST) -> persona.Persona:
    return persona.read(profiled(RULE, *rows), RULE, baseline)


def test_the_base_is_asked_in_the_same_words_for_every_rule_and_sampled_only_where_it_is_large() -> None:
    segment, base, own = persona.plan(RULE, QUALIFIER)
    assert [query.purpose for query in (segment, base, own)] == ["persona", "persona_baseline", "persona_1"]
    assert [query.tree for query in persona.plan(validated({"tag": "gender", "value": "F"}), QUALIFIER)][1] == base.tree
    large = persona.plan(RULE, QUALIFIER, base=20 * persona.MEASURED_ON)
    assert [query.tree for query in large[:2]] == [segment.tree, base.tree]
    assert "% 20 = 0" in large[2].tree.sql(dialect="duckdb")
    assert "%" not in own.tree.sql(dialect="duckdb")


def test_usable_tags_only() -> None:
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
    assert declared(validated(short)) == fixed


def test_traits_are_ranked_and_definitions_set_apart() -> None:
    found = read(
        ("mort_flag", "true", 1000, 0), ("mort_flag", "false", 0, 9000),
        ("gender", "F", 500, 4500), ("gender", "M", 490, 4400), ("gender", None, 10, 100),
        ("cust_tier", "T1", 200, 6000), ("cust_tier", "T2", 500, 2000), ("cust_tier", "T3", 300, 1000),
        ("app_flag", "true", 700, 5400), ("app_flag", "false", 300, 3600),
    )  # fmt: skip
    assert (found.n, found.rest) == (1000, 9000)
    assert [(trait.tag, trait.bucket) for trait in found.traits] == [("cust_tier", ">=T2"), ("app_flag", "true")]
    assert [trait.tag for trait in found.by_definition] == ["mort_flag"]
    strongest = found.traits[0]
    assert strongest.index is not None
    assert float(strongest.index) == pytest.approx(240)
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


def test_a_yes_no_that_says_it_more_plainly_stands_before_what_is_stronger() -> None:
    rows = (
        ("payroll_months", "1", 510, 100),
        ("payroll_months", "0", 490, 900),
        ("payroll_flag", "true", 500, 100),
        ("payroll_flag", "false", 500, 900),
    )
    catalog = replace(CATALOG, tags={**CATALOG.tags, "payroll_flag": PLAIN, "payroll_months": DERIVED})
    rule = replace(RULE, catalog=catalog)
    found = persona.read(profiled(rule, *rows), rule)
    assert [trait.tag for trait in found.traits] == ["payroll_flag"], "what is all but the same customers is no news"


def test_a_yes_no_that_is_rarer_reads_as_its_no() -> None:
    found = read(("app_flag", "true", 100, 900), ("app_flag", "false", 900, 100))
    assert [(trait.tag, trait.bucket) for trait in found.traits] == [("app_flag", "false")]


def test_unknown_is_left_out_of_shares_and_counted() -> None:
    found = read(("gender", "F", 300, 300), ("gender", "M", 100, 700), ("gender", None, 600, 0))
    assert found.traits[0].known == 400
    assert found.unknown == (("gender", 600),)


def test_who_never_had_a_date_counts_in_its_shares() -> None:
    """All of the 40 with a maturity date have it far off, against two in three of the others: of 1,000 customers that is 4 %, and no news."""
    rows: tuple[tuple[Cell, ...], ...] = (
        ("mature_date", "in90", 0, 1000), ("mature_date", "later", 40, 2000), ("mature_date", None, 960, 6000),
        ("gender", "F", 700, 4500), ("gender", "M", 300, 4500),
    )  # fmt: skip
    found = read(*rows)
    assert [trait.tag for trait in found.traits] == ["gender"]
    assert found.unknown == ()
    dated = read(("mature_date", "in90", 600, 1000), ("mature_date", "later", 100, 2000), ("mature_date", None, 300, 6000)).traits[0]
    assert (dated.bucket, dated.n, dated.known) == ("in90", 600, 1000)


def test_what_all_of_one_side_have_is_compared_among_those_who_have_it() -> None:
    """Of mortgage holders all have a rate, of the others one in ten: that is another tag's finding, and this one's only how high it is."""
    found = read(
        ("mort_rate", "0", 300, 500), ("mort_rate", "1", 700, 500), ("mort_rate", None, 0, 9000),
        ("gender", "F", 500, 5000), ("gender", "M", 500, 5000),
    )  # fmt: skip
    assert [(one.tag, one.bucket, one.share, one.rest_share) for one in found.traits] == [
        ("mort_rate", "1", Decimal("0.7"), Decimal("0.5"))
    ]


def test_the_flag_of_those_who_have_a_tag_comes_before_what_marks_some_of_them() -> None:
    held = CATALOG.tags["mort_rate"].model_copy(update={"held_by": "mort_flag"})
    rate = CATALOG.tags["mature_date"].model_copy(update={"held_by": "mort_flag"})
    catalog = replace(CATALOG, tags={**CATALOG.tags, "mort_rate": held, "mature_date": rate})
    low = Trait("mort_rate", "0", 60, 100, 20, 100, Decimal("0.6"), Decimal("0.2"), 0.2, 0.5, 0.85, 1e-9)
    due = replace(low, tag="mature_date", bucket="in90", effect=0.8)
    flag = replace(low, tag="mort_flag", bucket="true", effect=0.75)
    assert persona.strongest([low, due, flag], catalog) == (flag, low), "one of what holders have is told, the one that marks them best"
    assert persona.strongest([low, due, replace(flag, effect=0.6)], catalog)[0] == low, "most who have it are not meant"
    assert persona.strongest([replace(low, tag="gender", bucket="F"), flag], catalog)[0].tag == "gender"


def test_who_has_a_value_at_all_is_told_where_the_values_hardly_part_them() -> None:
    """Half have a maturity date against a tenth, nearly all of either far off: what tells them apart is to have one."""
    found = read(("mature_date", "in90", 10, 100), ("mature_date", "later", 490, 900), ("mature_date", None, 500, 9000))
    assert [(one.tag, one.bucket, one.share, one.rest_share) for one in found.traits] == [
        ("mature_date", HAS_VALUE, Decimal("0.5"), Decimal("0.1"))
    ]
    parted = read(("mature_date", "in90", 60, 800), ("mature_date", "later", 440, 200), ("mature_date", None, 500, 9000))
    assert parted.traits[0].bucket == "later", "most of theirs are far off, few of the others': that is news"


def test_to_have_a_value_yields_to_a_flag_and_to_a_balance_that_say_so_and_is_told_once_of_the_same_holders() -> None:
    date = CATALOG.tags["mature_date"]
    first, last = (date.model_copy(update={"code": code, "derived_from": ("aum_bal",)}) for code in ("first_date", "last_date"))
    catalog = replace(CATALOG, tags={**CATALOG.tags, "first_date": first, "last_date": last})
    has = Trait("first_date", HAS_VALUE, 50, 100, 10, 100, Decimal("0.5"), Decimal("0.1"), 0.3, 0.5, 0.93, 1e-9)
    later, other = replace(has, bucket="later", effect=0.95), replace(has, tag="last_date", effect=0.9)
    balance = replace(has, tag="aum_bal", bucket=">=1", effect=0.9)
    assert persona.strongest([later, has], catalog) == (has,)
    assert persona.strongest([later, has, balance], catalog) == (balance,)
    assert persona.strongest([has, other, replace(balance, effect=0.5)], catalog) == (has,)
    flag = replace(has, tag="mort_flag", bucket="true", effect=0.85)
    held = replace(catalog, tags={**catalog.tags, "first_date": first.model_copy(update={"held_by": "mort_flag"})})
    assert persona.strongest([has, flag], held) == (flag,), "of former holders nothing is told beside it"


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


def test_everyone_as_a_baseline_scales_the_same_comparison() -> None:
    rows: tuple[tuple[Cell, ...], ...] = (("gender", "F", 300, 300), ("gender", "M", 100, 700))
    rest, everyone = read(*rows).traits[0], read(*rows, baseline=Baseline("everyone")).traits[0]
    assert (float(rest.rest_share), float(everyone.rest_share)) == (0.3, pytest.approx(600 / 1400))
    others = 1000 / 1400
    assert float(everyone.share - everyone.rest_share) == pytest.approx(others * float(rest.share - rest.rest_share))
    assert (everyone.low, everyone.high) == pytest.approx((others * rest.low, others * rest.high))
    assert everyone.p == rest.p


def test_a_matched_baseline_has_the_segments_mix() -> None:
    """Within either tier as many hold the app; the segment is of the tier that does: against the rest it stands out, against its like it does not."""
    rows = (
        ("app_flag", "true", "T1", 20, 1000), ("app_flag", "false", "T1", 80, 4000),
        ("app_flag", "true", "T2", 320, 400), ("app_flag", "false", "T2", 80, 100),
        ("app_flag", "true", "T3", 30, 0), ("gender", "F", "T3", 30, 0),
    )  # fmt: skip
    matched = Baseline("matched", matched_on=("cust_tier",))
    own = Table(("tag", "bucket", "by_0", "n"), (("app_flag", "true", "true", 1770), ("app_flag", "false", "true", 4260)), "q")
    found = persona.judged(Table(("tag", "bucket", "by_0", "n", "rest_n"), rows, "q"), (own,), RULE, matched)
    assert found.traits == ()
    assert found.unmatched == 30
    assert [trait.tag for trait in read(*((*row[:2], *row[3:]) for row in rows[:4])).traits] == ["app_flag"]


def test_of_a_matched_baseline_those_are_told_who_are_compared() -> None:
    """Thirty of the segment have no like, 700 of the rest are like nobody: neither is in any share, and neither is counted as compared."""
    rows = (
        ("app_flag", "true", "T2", 320, 400), ("app_flag", "false", "T2", 80, 100),
        ("app_flag", "true", "T3", 30, 0), ("app_flag", "true", "T4", 0, 700),
    )  # fmt: skip
    own = Table(("tag", "bucket", "by_0", "n"), (("app_flag", "true", "true", 1450), ("app_flag", "false", "true", 180)), "q")
    found = persona.judged(
        Table(("tag", "bucket", "by_0", "n", "rest_n"), rows, "q"), (own,), RULE, Baseline("matched", matched_on=("cust_tier",))
    )
    assert (found.n, found.rest, found.unmatched, found.alike) == (430, 1200, 30, 500)
    sheet = FactSheet(Protection(0))
    found.facts(sheet)
    assert (sheet["persona.matched"].value, sheet["persona.alike"].value) == (400, 500)
    protected = FactSheet(Protection(50))
    found.facts(protected)
    assert protected["persona.unmatched"].suppressed
    assert protected["persona.matched"].suppressed, "thirty follow from the segment and those with their like"


def test_a_difference_that_goes_the_other_way_within_tiers_is_flagged() -> None:
    rows = (
        ("app_flag", "true", "T1", 5, 1000), ("app_flag", "false", "T1", 95, 4000),
        ("app_flag", "true", "T2", 240, 450), ("app_flag", "false", "T2", 160, 50),
    )  # fmt: skip
    found = read(*((*row[:2], *row[3:]) for row in rows))
    assert [trait.reversed_in for trait in found.traits] == [()]
    assert [query.purpose for query in persona.plan_check(found, HELD, QUALIFIER)] == ["persona_within"]
    checked = persona.read_check((Table(("tag", "bucket", "by_0", "n", "rest_n"), rows, "q"),), found, HELD)
    assert checked.traits[0].reversed_in == ("cust_tier",)


def test_a_difference_that_is_gone_within_tiers_is_explained() -> None:
    rows = (
        ("app_flag", "true", "T1", 20, 1000), ("app_flag", "false", "T1", 80, 4000),
        ("app_flag", "true", "T2", 320, 400), ("app_flag", "false", "T2", 80, 100),
    )  # fmt: skip
    found = read(*((*row[:2], *row[3:]) for row in rows))
    checked = persona.read_check((Table(("tag", "bucket", "by_0", "n", "rest_n"), rows, "q"),), found, HELD)
    assert (checked.traits[0].reversed_in, checked.traits[0].explained_by) == ((), ("cust_tier",))


def test_what_is_explained_never_leads_however_strong() -> None:
    rows = (
        ("app_flag", "true", "T1", 20, 1000), ("app_flag", "false", "T1", 80, 4000),
        ("app_flag", "true", "T2", 320, 400), ("app_flag", "false", "T2", 80, 100),
        ("gender", "F", "T1", 80, 2500), ("gender", "M", "T1", 20, 2500),
        ("gender", "F", "T2", 320, 250), ("gender", "M", "T2", 80, 250),
    )  # fmt: skip
    found = read(*((*row[:2], *row[3:]) for row in rows))
    assert [trait.tag for trait in found.traits] == ["app_flag", "gender"]
    checked = persona.read_check((Table(("tag", "bucket", "by_0", "n", "rest_n"), rows, "q"),), found, HELD)
    assert [(trait.tag, trait.explained_by) for trait in checked.traits] == [("gender", ()), ("app_flag", ("cust_tier",))]


def test_a_tag_that_the_rules_tag_determines_is_no_finding_and_one_that_goes_with_it_is() -> None:
    rows = (
        ("app_stage", "b", "true", 900), ("app_stage", "a", "false", 900), ("app_stage", "b", "false", 100), ("app_stage", "a", "true", 100),
        ("app_flag", "true", "true", 600), ("app_flag", "false", "true", 400), ("app_flag", "true", "false", 400), ("app_flag", "false", "false", 600),
    )  # fmt: skip
    sides = (
        ("app_stage", "b", 900, 100), ("app_stage", "a", 100, 900),
        ("app_flag", "true", 600, 400), ("app_flag", "false", 400, 600),
    )  # fmt: skip
    found = persona.judged(Table(("tag", "bucket", "n", "rest_n"), sides, "q"), (Table(("tag", "bucket", "by_0", "n"), rows, "q"),), RULE)
    assert found.determined == {"app_stage"}
    assert [trait.tag for trait in found.traits] == ["app_flag"]
    assert [trait.tag for trait in found.by_definition] == ["app_stage"]


def test_a_yes_no_is_told_for_a_number_of_its_kin_that_says_the_same() -> None:
    stronger = (("app_stage", "b", 700, 300), ("app_stage", "a", 300, 700))
    assert [trait.tag for trait in read(*stronger, ("login_cnt", "0", 310, 700), ("login_cnt", "1", 690, 300)).traits] == ["app_stage"]
    assert persona.NEARLY_AS_STRONG < 1


@pytest.mark.parametrize(("times", "told"), [(1, 0), (100, 1)])
def test_a_trait_whose_interval_reaches_nothing_is_not_told(times: int, told: int) -> None:
    """Four in ten of the segment are in a tier that the rest has three customers in: what the rest is there nobody knows, whatever chance says of all."""
    rows = (
        ("app_flag", "true", "T1", 300, 2000), ("app_flag", "false", "T1", 300, 6000),
        ("app_flag", "true", "T2", 200, times), ("app_flag", "false", "T2", 200, 2 * times),
    )  # fmt: skip
    table = Table(("tag", "bucket", "by_0", "n", "rest_n"), rows, "q")
    own = Table(("tag", "bucket", "by_0", "n"), (), "q")
    found = persona.judged(table, (own,), HELD, Baseline("matched", matched_on=("cust_tier",)))
    assert found.tested == 1
    assert len(found.traits) == told
