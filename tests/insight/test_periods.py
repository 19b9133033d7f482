"""Which date is meant, by the rule; what cannot be read at it is refused by name."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assistant.catalog.load import TagCatalog
from assistant.errors import Unanswerable, UserError
from assistant.insight.periods import Earlier, as_read_then, days_counted, earlier, redefined
from assistant.policy import Identity
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, RecordCondition, SegmentRule, Snapshot, TagComparison, walk
from assistant.rule.window import resolve
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

CATALOG = TagCatalog.load()
AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
SNAPSHOTS = (date(2025, 7, 31), date(2025, 8, 31), date(2025, 9, 30), date(2026, 7, 31), date(2026, 8, 31), AS_OF)
TIER = {"tag": "cust_tier", "value": ["T3"]}
LOGIN_30 = {"records": "app_login", "window": "rolling 30 day"}
LOGIN_7 = {"records": "app_login", "window": "rolling 7 day"}
THIS_MONTH = {"records": "app_login", "window": "calendar month 0"}
LAST_MONTH = {"records": "app_login", "window": "calendar month -1"}
LAST_WEEK = {"records": "app_login", "window": "calendar week -1"}
AUGUST = {"records": "app_login", "window": "2026-08-01..2026-08-31"}
JULY = (date(2026, 7, 1), date(2026, 7, 31))
OPENED_30 = {"tag": "open_date", "within": "rolling 30 day"}
OPENED_THIS_MONTH = {"tag": "open_date", "within": "calendar month 0"}
LAST_BUY_30 = {"tag": "wealth_last_buy", "within": "rolling 30 day"}
LAST_BUY_THIS_YEAR = {"tag": "wealth_last_buy", "within": "calendar year 0"}
SIGNED_UP_LONG_AGO = {"tag": "app_reg_date", "within": "ago 30 day"}
MATURES_SOON = {"tag": "wealth_next_mature", "within": "future 30 day"}
GROWN = TagComparison(left="aum_bal", right="aum_bal", right_snapshot=Snapshot(unit="month", offset=-1), operator=">", value=Decimal(1))
MID_SEPTEMBER = {"records": "zone_view", "window": "2026-09-11..2026-09-20"}

SINCE_MID_SEPTEMBER = {"records": "zone_view", "window": "2026-09-11.."}


def rule(short: Mapping[str, Any] | AnyNode, as_of: date = AS_OF) -> ValidatedRule:
    found = validate(
        SegmentRule(node=node_from_short(short) if isinstance(short, Mapping) else short),
        CATALOG,
        Identity(),
        as_of,
        date.fromordinal(as_of.toordinal() + 1),
        SNAPSHOTS,
    )
    assert isinstance(found, ValidatedRule)
    return found


@pytest.mark.parametrize(
    ("short", "said", "expected"),
    [
        (TIER, "2026-03-31", Earlier(date(2026, 3, 31))),
        (TIER, "last_year", Earlier(date(2025, 9, 24), "year", -1)),
        (TIER, "ago 3 month", Earlier(date(2026, 6, 24), "month", -3)),
        (TIER, "ago 1 half_year", Earlier(date(2026, 3, 24), "half_year", -1)),
        (TIER, "last month", Earlier(date(2026, 8, 31))),
        (TIER, "last quarter", Earlier(date(2026, 6, 30))),
        (TIER, "last week", Earlier(date(2026, 9, 20))),
        (LOGIN_30, "last month", Earlier(date(2026, 8, 25), "day", -30)),
        (LOGIN_7, "last week", Earlier(date(2026, 9, 17), "day", -7)),
        (LOGIN_7, "last month", Earlier(date(2026, 8, 31))),
        ({"all": [TIER, LOGIN_7]}, "last week", Earlier(date(2026, 9, 17), "day", -7)),
        ({"all": [TIER, LOGIN_30]}, "last month", Earlier(date(2026, 8, 31))),
        ({"all": [LOGIN_7, LOGIN_30]}, "last week", Earlier(date(2026, 9, 20))),
        (THIS_MONTH, "last month", Earlier(date(2026, 8, 24), "month", -1)),
        (LAST_MONTH, "last month", Earlier(date(2026, 8, 24), "month", -1)),
        (LAST_WEEK, "last week", Earlier(date(2026, 9, 17), "week", -1)),
        (AUGUST, "last month", Earlier(date(2026, 8, 24), "month", -1)),
        (TIER, "previous_period", Earlier(date(2026, 8, 31))),
        (SINCE_MID_SEPTEMBER, "last month", Earlier(date(2026, 8, 24), "month", -1)),
        (SINCE_MID_SEPTEMBER, "last quarter", Earlier(date(2026, 6, 24), "quarter", -1)),
        (SINCE_MID_SEPTEMBER, "previous_period", Earlier(date(2026, 9, 10), "day", -14)),
        (SINCE_MID_SEPTEMBER, "2026-08-11..2026-08-24", Earlier(date(2026, 8, 24), "month", -1)),
        (MID_SEPTEMBER, "last month", Earlier(date(2026, 8, 24), "month", -1)),
        (MID_SEPTEMBER, "same month 2026-07-01", Earlier(date(2026, 7, 24), "month", -2)),
        (MID_SEPTEMBER, "same year 2025-01-01", Earlier(date(2025, 9, 24), "year", -1)),
        (AUGUST, "same month 2026-07-01", Earlier(date(2026, 8, 24), "month", -1)),
        (LOGIN_30, "same month 2026-08-01", Earlier(date(2026, 8, 24), "month", -1)),
        (TIER, "same month 2026-08-01", Earlier(date(2026, 8, 31))),
        (TIER, "same year 2025-01-01", Earlier(date(2025, 9, 24), "year", -1)),
        (LOGIN_30, "previous_period", Earlier(date(2026, 8, 25), "day", -30)),
        (LOGIN_30, "before 30 day", Earlier(date(2026, 8, 25), "day", -30)),
        (SINCE_MID_SEPTEMBER, "before 14 day", Earlier(date(2026, 9, 10), "day", -14)),
        (SINCE_MID_SEPTEMBER, "before 2 week", Earlier(date(2026, 9, 10), "day", -14)),
        ({"all": [TIER, LOGIN_30]}, "previous_period", Earlier(date(2026, 8, 25), "day", -30)),
        (THIS_MONTH, "previous_period", Earlier(date(2026, 8, 24), "month", -1)),
        (MID_SEPTEMBER, "previous_period", Earlier(date(2026, 9, 14), "day", -10)),
        (AUGUST, "previous_period", Earlier(date(2026, 8, 24), "month", -1)),
        (OPENED_THIS_MONTH, "last month", Earlier(date(2026, 8, 24), "month", -1)),
        ({"all": [TIER, OPENED_30]}, "previous_period", Earlier(date(2026, 8, 25), "day", -30)),
        ({"all": [OPENED_30, THIS_MONTH]}, "previous_period", Earlier(date(2026, 8, 24), "month", -1)),
        ({"tag": "open_date", "within": "ago 1 year"}, "previous_period", Earlier(date(2026, 8, 31))),
        (LAST_BUY_30, "previous_period", Earlier(date(2026, 8, 31))),
    ],
)
def test_the_date_that_is_meant(short: Mapping[str, Any], said: str, expected: Earlier) -> None:
    assert earlier(rule(short), said) == expected


@pytest.mark.parametrize("gap", [0, 1, 3])
@pytest.mark.parametrize("short", [THIS_MONTH, LAST_MONTH])
@pytest.mark.parametrize("said", ["last month", "ago 1 month", "previous_period"])
def test_a_month_back_is_the_whole_month_before_or_as_many_of_its_days(short: Mapping[str, Any], said: str, gap: int) -> None:
    """On every day of two years, one of them with a 29th of February: whole months against whole ones, the first days of a month against as many of the one before."""
    node, looked_at = SegmentRule(node=node_from_short(short)), 0
    for number in range(731):
        as_of = date(2027, 3, 1) + timedelta(days=number)
        now = validate(node, CATALOG, Identity(), as_of, as_of + timedelta(days=gap), SNAPSHOTS)
        if not isinstance(now, ValidatedRule):
            assert (as_of + timedelta(days=gap)).month != as_of.month, "only a month that has not begun in the data is refused"
            continue
        days, before = (_days_of(one) for one in (now, as_read_then(now, earlier(now, said), SNAPSHOTS)))
        first, length = days[0], monthrange(days[0].year, days[0].month)[1]
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        whole = monthrange(year, month)[1]
        expected = whole if len(days) == length else min(len(days), whole)
        assert before == [date(year, month, day) for day in range(1, expected + 1)], as_of
        looked_at += 1
    assert looked_at > 600


def _days_of(rule: ValidatedRule) -> list[date]:
    (node,) = (part for _, part in walk(rule.expanded) if isinstance(part, RecordCondition))
    assert node.window is not None
    span = resolve(node.window, rule.as_of, rule.today)
    assert span.start
    assert span.end
    return [span.start + timedelta(days=number) for number in range((span.end - span.start).days + 1)]


def test_what_is_read_of_tags_a_month_before_the_end_of_april_is_the_end_of_march() -> None:
    now = rule({"all": [TIER, {"records": "app_login", "window": "2026-04-01..2026-04-30"}]}, date(2026, 4, 30))
    assert earlier(now, "last month") == earlier(now, "ago 1 month") == Earlier(date(2026, 3, 31), "month", -1)
    then = as_read_then(now, earlier(now, "last month"), (*SNAPSHOTS, date(2026, 3, 31)))
    assert (then.snapshot, then.today) == (date(2026, 3, 31), date(2026, 4, 1))


def test_on_the_last_day_of_a_month_the_month_before_is_meant() -> None:
    assert earlier(rule(TIER, date(2026, 8, 31)), "last month") == Earlier(date(2026, 7, 31))


@pytest.mark.parametrize(
    ("said", "when", "days"),
    [
        ("2026-08-11..2026-08-20", Earlier(date(2026, 8, 24), "month", -1), (date(2026, 8, 11), date(2026, 8, 20))),
        ("2026-09-01..2026-09-10", Earlier(date(2026, 9, 14), "day", -10), (date(2026, 9, 1), date(2026, 9, 10))),
        ("ago 1 month", Earlier(date(2026, 8, 24), "month", -1), (date(2026, 8, 11), date(2026, 8, 20))),
        ("previous_period", Earlier(date(2026, 9, 14), "day", -10), (date(2026, 9, 1), date(2026, 9, 10))),
    ],
)
def test_given_days_against_given_days(said: str, when: Earlier, days: tuple[date, date]) -> None:
    found = earlier(rule(MID_SEPTEMBER), said)
    assert found == when
    assert days_counted(as_read_then(rule(MID_SEPTEMBER), found, (date(2026, 7, 31), date(2026, 8, 31)))) == days


def test_given_days_of_another_length_are_not_compared() -> None:
    """And the answer says which days these are, so that what was not said (近30天) is seen as well."""
    with pytest.raises(UserError, match="compare_other_length") as whole_month:
        earlier(rule(MID_SEPTEMBER), "2026-08-01..2026-08-31")
    assert dict(whole_month.value.params) == {
        "own_first": "2026-09-11", "own_last": "2026-09-20", "own_days": 10, "first": "2026-08-01", "last": "2026-08-31", "days": 31,
    }  # fmt: skip
    lately = rule({"records": "zone_view", "window": "rolling 30 day"})
    with pytest.raises(UserError, match="compare_other_length") as week:
        earlier(lately, "2026-09-01..2026-09-07")
    assert (week.value.params["own_days"], week.value.params["days"]) == (30, 7)
    assert earlier(lately, "2026-08-01..2026-08-31") == Earlier(date(2026, 8, 31))
    assert earlier(lately, "2026-08-21..2026-08-31") == Earlier(date(2026, 8, 31))


def test_a_rule_without_given_days_is_read_at_the_last_of_those_said() -> None:
    assert earlier(rule(TIER), "2026-08-11..2026-08-20") == Earlier(date(2026, 8, 20))
    assert days_counted(rule(TIER)) is None


def test_what_is_not_earlier_is_not_compared() -> None:
    with pytest.raises(UserError, match="compare_not_earlier"):
        earlier(rule(TIER), "2026-09-24")


def test_a_named_month_so_far_goes_back_to_the_same_days() -> None:
    september = {"records": "zone_view", "window": "2026-09-01..2026-09-30"}
    then = as_read_then(rule(september), earlier(rule(september), "previous_period"), SNAPSHOTS)
    assert days_counted(then) == (date(2026, 8, 1), date(2026, 8, 24))


@pytest.mark.parametrize(("short", "days"), [(LAST_MONTH, JULY), (AUGUST, JULY), (LAST_WEEK, (date(2026, 9, 7), date(2026, 9, 13)))])
def test_a_whole_unit_is_compared_with_the_one_before_and_not_with_itself(short: Mapping[str, Any], days: tuple[date, date]) -> None:
    unit = "week" if short is LAST_WEEK else "month"
    assert days_counted(as_read_then(rule(short), earlier(rule(short), f"last {unit}"), SNAPSHOTS)) == days


@pytest.mark.parametrize("said", ["2026-09-20", "last week"])
def test_the_same_days_are_not_compared_with_themselves(said: str) -> None:
    with pytest.raises(UserError, match="compare_same_days"):
        as_read_then(rule(AUGUST), earlier(rule(AUGUST), said), SNAPSHOTS)


def test_records_of_several_lengths_have_no_period_in_common() -> None:
    both = {"all": [LOGIN_30, {"records": "zone_view", "window": "rolling 7 day"}]}
    with pytest.raises(UserError, match="compare_which_period"):
        earlier(rule(both), "previous_period")


def test_the_rule_then() -> None:
    then = as_read_then(rule({"all": [TIER, MID_SEPTEMBER]}), Earlier(date(2025, 9, 24), "year", -1), SNAPSHOTS)
    assert (then.as_of, then.today, then.snapshot) == (date(2025, 9, 24), date(2025, 9, 25), date(2025, 8, 31))
    assert then.expanded == node_from_short({"all": [TIER, {**MID_SEPTEMBER, "window": "2025-09-11..2025-09-20"}]})


@pytest.mark.parametrize(
    ("short", "day", "code", "tag"),
    [
        (TIER, date(2025, 7, 15), "compare_before_snapshots", None),
        ({"all": [TIER, {"records": "app_login", "window": "rolling 180 day"}]}, date(2025, 8, 31), "compare_reaches_back", "app_login"),
        ({"all": [TIER, MID_SEPTEMBER]}, date(2026, 8, 31), "compare_window_ahead", "zone_view"),
    ],
)
def test_what_the_data_do_not_say_of_then_is_refused_by_name(short: Mapping[str, Any], day: date, code: str, tag: str | None) -> None:
    with pytest.raises(Unanswerable, match=code) as caught:
        as_read_then(rule(short), Earlier(day), SNAPSHOTS)
    assert caught.value.params.get("tag") == tag
    assert caught.value.params["date"] == day.isoformat()


def test_a_condition_that_looks_back_from_then_says_how_far() -> None:
    """Of a year ago the month end before that year's is not held; the day named is the one that is missing."""
    back = rule({"tag": "aum_bal", "snapshot": "month -13", "operator": ">", "value": 1})
    with pytest.raises(Unanswerable, match="compare_reaches_back") as caught:
        as_read_then(back, Earlier(date(2025, 9, 24), "year", -1), SNAPSHOTS)
    assert (caught.value.params["date"], caught.value.params["reaches"]) == ("2025-09-24", "2024-08-31")
    assert caught.value.params["reaches"] < str(caught.value.params["since"]) < caught.value.params["date"]


def test_a_definition_younger_than_then_is_named() -> None:
    valid = rule({"concept": "valid"})
    assert redefined(valid, date(2026, 3, 31)) == (("valid", date(2026, 4, 1)),)
    assert redefined(valid, date(2026, 4, 1)) == ()
    assert redefined(rule(TIER), date(2025, 8, 31)) == ()


@pytest.mark.parametrize(
    ("short", "as_of", "people"),
    [
        (OPENED_30, date(2025, 9, 24), date(2025, 9, 30)),
        (LOGIN_30, date(2025, 9, 24), date(2025, 9, 30)),
        ({"all": [TIER, LOGIN_30]}, date(2025, 9, 24), date(2025, 9, 30)),
        ({"all": [SIGNED_UP_LONG_AGO, LOGIN_30]}, date(2025, 9, 24), date(2025, 9, 30)),
        (TIER, date(2025, 8, 31), date(2025, 8, 31)),
        (LAST_BUY_30, date(2025, 8, 31), date(2025, 8, 31)),
        (MATURES_SOON, date(2025, 8, 31), date(2025, 8, 31)),
    ],
)
def test_between_two_snapshots_a_rule_is_read_on_the_day_as_far_as_the_day_is_known(
    short: Mapping[str, Any], as_of: date, people: date
) -> None:
    """Records, customers and what happens once are known of the very day; what only tags tell is of the day of the tags, its window too."""
    then = as_read_then(rule(short), Earlier(date(2025, 9, 24), "year", -1), SNAPSHOTS)
    assert (then.as_of, then.snapshot, then.people) == (as_of, date(2025, 8, 31), people)
    by_tags = as_read_then(rule(short), Earlier(date(2025, 9, 24), "year", -1), SNAPSHOTS, by_tags=True)
    assert (by_tags.as_of, by_tags.people) == (date(2025, 8, 31), date(2025, 8, 31))


@pytest.mark.parametrize(
    ("short", "tag"),
    [
        ({"all": [LAST_BUY_30, LOGIN_30]}, "wealth_last_buy"),
        ({"all": [MATURES_SOON, OPENED_30]}, "wealth_next_mature"),
        (LAST_BUY_THIS_YEAR, "wealth_last_buy"),
        ({"tag": "wealth_last_buy", "within": "2026-09-01..2026-09-20"}, "wealth_last_buy"),
    ],
)
def test_a_date_that_no_snapshot_tells_of_the_day_is_refused_by_name(short: Mapping[str, Any], tag: str) -> None:
    with pytest.raises(Unanswerable) as caught:
        as_read_then(rule(short), Earlier(date(2025, 9, 24), "year", -1), SNAPSHOTS)
    assert caught.value.params["tag"] == tag
    assert caught.value.code in ("compare_between_snapshots", "compare_window_ahead")


def test_a_day_with_tags_of_its_own_refuses_no_date() -> None:
    then = as_read_then(rule({"all": [LAST_BUY_30, LOGIN_30]}), Earlier(date(2026, 8, 31)), SNAPSHOTS)
    assert then.as_of == then.snapshot == then.people == date(2026, 8, 31)


def test_a_tag_is_not_compared_with_itself() -> None:
    """The last month end of the day after a month end is that day: nobody could have grown."""
    with pytest.raises(Unanswerable, match="compare_impossible") as caught:
        as_read_then(rule(GROWN), Earlier(date(2026, 8, 31)), SNAPSHOTS)
    assert caught.value.params["tag"] == "aum_bal"


@pytest.mark.parametrize(
    ("short", "said", "code"),
    [
        (SINCE_MID_SEPTEMBER, "before 10 day", "compare_other_length"),
        (LAST_MONTH, "before 30 day", "compare_other_length"),
        (TIER, "before 14 day", "compare_no_period"),
        ({"all": [LOGIN_30, MID_SEPTEMBER]}, "before 30 day", "compare_which_period"),
    ],
)
def test_the_days_before_are_as_many_as_those_of_the_rule(short: Mapping[str, Any], said: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        earlier(rule(short), said)
    assert caught.value.code == code
