"""Findings are told where they happened, once; what may be the data's fault says so; each opens as a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy
import pytest

from assistant.insight import monitor
from assistant.insight.expected import forecast, judge, rhythm
from assistant.insight.monitor import Key, Place, Series, Unusual, of_many
from assistant.rule.tree import AllOf, Filter, RecordCondition, TagCondition
from assistant.rule.window import Absolute
from assistant.sql.query import Cell, Table
from tests.insight.rules import QUALIFIER, validated
from tests.narrate.catalog import AS_OF, CATALOG

EVERYONE = validated({"all": []})
ZONE = next(item for item in CATALOG.records["zone_view"].properties if item.code == "zone")
UNIT = CATALOG.tags["home_org"]
START = AS_OF - timedelta(days=300)


def series(place: Place, seed: int, mean: float = 50, since: date | None = None, times: float = 1.0, until: date = AS_OF) -> Series:
    source = numpy.random.default_rng(seed)
    days = [START + timedelta(days=number) for number in range(301)]
    counts = [int(source.poisson(mean * (times if since is not None and since <= day <= until else 1))) for day in days]
    return Series(place, forecast(counts, START, rhythm(counts, START, CATALOG.calendar)))


def found(*listed: Series) -> tuple[Unusual, ...]:
    return monitor.unusual({one.place.key: one for one in listed}, CATALOG)


RECORDS = CATALOG.records["zone_view"]
ALL, LOAN, FUND = Place(RECORDS), Place(RECORDS, ZONE, "loan"), Place(RECORDS, ZONE, "fund")
LATELY = AS_OF - timedelta(days=9)


def test_what_a_condition_counts_is_asked_for_by_name() -> None:
    """What is said of a condition is read as the very series; what is no one series is not said."""
    zones = Filter(property="zone", operator="in", value=("loan", "mortgage"))
    assert monitor.said(RecordCondition(records="zone_view")) == "zone_view"
    said = monitor.said(RecordCondition(records="zone_view", filters=(zones,)))
    assert said is not None
    assert monitor.asked(said, "").only == {("zone_view", "zone", "loan"), ("zone_view", "zone", "mortgage")}
    assert monitor.said(RecordCondition(records="zone_view", filters=(zones, zones))) is None
    assert monitor.said(RecordCondition(records="zone_view", filters=(Filter(property="zone", operator="=", value=True),))) is None


def test_one_query_a_record_set_with_days() -> None:
    purposes = [query.purpose for query in monitor.plan(EVERYONE, QUALIFIER)]
    assert purposes == [f"daily_{one.code}" for one in monitor.watched(CATALOG)]
    assert "daily_zone_view" in purposes


def test_what_the_rule_picks_by_is_not_looked_at() -> None:
    """Who is picked for having browsed browsed more than before: that is the rule, as is whatever else only users of the app do; so with a tag that counts logins."""
    browsed = validated({"records": "zone_view"})
    own, apart = monitor.set_apart(browsed)
    assert [one.code for one in own] == ["zone_view"]
    left = [one.code for one in monitor.looked_at(browsed)]
    assert "zone_view" not in left
    assert "wealth_buy" in left
    assert len(left) + apart == len(monitor.watched(CATALOG))
    assert [query.purpose for query in monitor.plan(browsed, QUALIFIER)] == [f"daily_{code}" for code in left]
    assert "zone_view" not in [one.code for one in monitor.looked_at(validated({"tag": "login_cnt", "operator": ">=", "value": 5}))]
    assert monitor.set_apart(validated({"tag": "mort_flag", "value": True})) == ((), 0)


def test_what_only_kin_of_its_tags_count_is_not_named_as_the_rules_own() -> None:
    """A stage that is made of what is counted sets the count apart; the rule's tag is named for it, and not the records."""
    staged = CATALOG.tags["gender"].model_copy(update={"derived_from": ("login_cnt",)})
    catalog = replace(CATALOG, tags={**CATALOG.tags, "gender": staged})
    rule = replace(validated({"tag": "gender", "operator": "in", "value": ["F"]}), catalog=catalog)
    own, apart = monitor.set_apart(rule)
    assert own == ()
    assert apart
    assert [tag.code for tag in monitor.by_kin(rule)] == ["gender"]
    assert monitor.by_kin(validated({"tag": "login_cnt", "operator": ">=", "value": 5})) == ()


def test_only_what_is_asked_about_is_looked_at() -> None:
    loan = monitor.asked("zone_view/zone/loan app_login", "")
    assert [one.code for one in monitor.looked_at(EVERYONE, loan)] == ["app_login", "zone_view"]
    assert loan.takes(("zone_view", "zone", "loan"))
    assert loan.takes(("app_login", "os", "ios"))
    assert not loan.takes(("zone_view", "zone", "fund"))
    assert not loan.takes(("zone_view", "", ""))
    assert [(one.records.code, one.value) for one in monitor.places(EVERYONE, loan)] == [("app_login", ""), ("zone_view", "loan")]
    assert monitor.set_apart(validated({"records": "zone_view"}), monitor.asked("wealth_buy", "")) == ((), 0)


def test_what_is_looked_at_may_end_earlier() -> None:
    until = AS_OF - timedelta(days=10)
    since = until - timedelta(days=6)
    asked = monitor.asked("zone_view", f"{since}..{until}")
    assert monitor.judged_days(EVERYONE, asked) == (since, until)
    (query,) = monitor.plan(EVERYONE, QUALIFIER, asked)
    (later,) = monitor.plan(EVERYONE, QUALIFIER, monitor.asked("zone_view", ""))
    assert until.isoformat() in query.tree.sql()
    assert until.isoformat() not in later.tree.sql()
    blank: tuple[Cell, ...] = (None,) * len(monitor.dimensions(RECORDS, CATALOG))
    rows = tuple((until - timedelta(days=back), *blank, 40) for back in range(120))
    (one,) = monitor.read([Table((), rows, "q")], EVERYONE, asked).values()
    assert one.forecast.last == until


@pytest.mark.parametrize(("days", "judged"), [(1, 1), (2, 2), (7, 7), (30, 30), (31, 30), (60, 30)])
def test_the_days_asked_about_are_the_days_judged_up_to_the_most(days: int, judged: int) -> None:
    asked = monitor.asked("", f"{AS_OF - timedelta(days=days - 1)}..{AS_OF}")
    first, last = monitor.judged_days(EVERYONE, asked)
    assert (last, (last - first).days + 1) == (AS_OF, judged)


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_only_the_days_asked_about_are_searched(length: int) -> None:
    """What happened in the fortnight before is not told of the days asked about; what happened in them is."""
    first = AS_OF - timedelta(days=length - 1)
    before = series(ALL, 1, 200, first - timedelta(days=14), 3, first - timedelta(days=1))
    within = series(ALL, 1, 200, first, 3)
    assert monitor.unusual({ALL.key: before}, CATALOG)
    assert not monitor.unusual({ALL.key: before}, CATALOG, length)
    (one,) = monitor.unusual({ALL.key: within}, CATALOG, length)
    assert first <= one.window.first <= one.window.last <= AS_OF


def test_series_are_read_by_value_and_branch() -> None:
    (place,) = [number for number, one in enumerate(monitor.watched(CATALOG)) if one.code == "zone_view"]
    by = monitor.dimensions(RECORDS, CATALOG)
    days = [AS_OF - timedelta(days=back) for back in range(120)]
    blank: tuple[Cell, ...] = (None,) * len(by)
    rows: list[tuple[Cell, ...]] = [(day, *blank, 40) for day in days]
    at = by.index(ZONE)
    rows += [(day, *blank[:at], "loan", *blank[at + 1 :], 30) for day in days]
    rows += [(day, *blank[:at], "", *blank[at + 1 :], 10) for day in days]
    rows += [(AS_OF, *blank[:at], "fund", *blank[at + 1 :], 2)]
    tables = [Table(("on_day", "n"), (), "q") for _ in monitor.watched(CATALOG)]
    tables[place] = Table(("on_day", *(f"by_{number}" for number in range(len(by))), "n"), tuple(rows), "q")
    assert set(monitor.read(tables, EVERYONE)) == {("zone_view", "", ""), ("zone_view", "zone", "loan")}


def test_nothing_unusual() -> None:
    assert found(series(ALL, 1, 100), series(LOAN, 2), series(FUND, 3)) == ()


def test_a_value_is_named_where_the_rest_is_as_usual() -> None:
    loan = series(LOAN, 2, since=LATELY, times=4)
    total = series(ALL, 1, 400, LATELY, 1.375)
    (one,) = found(total, loan, series(FUND, 3, 350))
    assert one.series.place.key == ("zone_view", "zone", "loan")
    assert one.rise
    assert not one.doubts


def test_the_whole_is_named_where_all_values_move() -> None:
    (one,) = found(series(ALL, 1, 100, LATELY, 2), series(LOAN, 2, since=LATELY, times=2), series(FUND, 3, since=LATELY, times=2))
    assert one.series.place.key == ("zone_view", "", "")


def test_hardly_a_record_left_may_be_the_data() -> None:
    (one,) = found(series(ALL, 4, 100, LATELY, 0.02))
    assert not one.rise
    assert one.doubts == ("stopped",)


def test_days_without_a_record_may_be_the_data() -> None:
    day = AS_OF - timedelta(days=5)
    (one,) = found(series(ALL, 5, 40, day, 0.0, day))
    assert one.doubts == ("gap",)
    assert (one.window.first, one.window.last) == (day, day)


def test_what_one_unit_loses_another_finds() -> None:
    rise = series(Place(RECORDS, UNIT, "4400"), 6, 60, LATELY, 2)
    fall = series(Place(RECORDS, UNIT, "3100"), 7, 120, LATELY, 0.5)
    both = found(series(ALL, 8, 500), rise, fall)
    assert {(one.series.place.value, one.doubts) for one in both} == {("4400", ("moved",)), ("3100", ("moved",))}


def test_a_definition_that_took_effect_then_is_said() -> None:
    place = Place(RECORDS.model_copy(update={"effective_from": LATELY}))
    (one,) = found(series(place, 9, 100, LATELY, 2))
    assert one.doubts == ("redefined",)


def test_one_customer_who_came_often_is_no_event_of_the_bank() -> None:
    assert of_many((508, 1, 20, 19)) == (0, 2)


def test_a_rise_opens_as_those_who_did_it() -> None:
    (one,) = found(series(LOAN, 2, since=LATELY, times=4))
    node = one.node(AllOf())
    assert isinstance(node, RecordCondition)
    assert node.window == Absolute(start=one.window.first, end=one.window.last)
    assert node.filters[0].value == ("loan",)
    among = one.node(TagCondition(tag="mort_flag", operator="=", value=True))
    assert isinstance(among, AllOf)
    assert len(among.children) == 2


def test_a_fall_opens_as_those_who_stopped() -> None:
    (one,) = found(series(Place(RECORDS, UNIT, "3100"), 2, since=LATELY, times=0.2))
    node = one.node(AllOf())
    assert isinstance(node, AllOf)
    branch, before, after = node.children
    assert isinstance(branch, TagCondition)
    assert isinstance(before, RecordCondition)
    assert isinstance(after, RecordCondition)
    assert (after.operator, after.value) == ("=", Decimal(0))
    assert before.window == Absolute(start=one.window.first - timedelta(days=56), end=one.window.first - timedelta(days=1))


def test_a_branch_that_the_customers_are_of_is_said_once() -> None:
    (one,) = found(series(Place(RECORDS, UNIT, "3100"), 2, since=LATELY, times=4))
    branch = TagCondition(tag="home_org", operator="in", value=("3100",))
    among = one.node(AllOf(children=(branch, TagCondition(tag="mort_flag", operator="=", value=True))))
    assert isinstance(among, AllOf)
    assert [part for part in among.children if part == branch] == [branch]
    assert len(among.children) == 3


@pytest.mark.parametrize("exposure", [None, {"all": []}])
def test_what_customers_do_comes_first(exposure: Mapping[str, object] | None) -> None:
    sent = Place(CATALOG.records["wealth_buy"].model_copy(update={"exposure": None}))
    own = Place(RECORDS.model_copy(update={"exposure": exposure}))
    listed: dict[Key, Series] = {}
    for place, seed, mean, times in ((sent, 10, 300.0, 3.0), (own, 11, 50.0, 2.0)):
        listed[place.key] = series(place, seed, mean, LATELY, times)
    first, second = monitor.unusual(listed, CATALOG)
    assert (first.series.place is own) == (exposure is not None)
    assert {first.series.place.key, second.series.place.key} == set(listed)


def test_judged_windows_stay_as_they_are() -> None:
    one = series(LOAN, 2, since=LATELY, times=4)
    (told,) = found(one)
    again = judge(one.forecast, told.window.first, told.window.last)
    assert again == told.window
    assert replace(told, q=0.0).distance == told.distance
