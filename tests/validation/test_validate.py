"""Gate 1: what is refused, asked and passed, whoever proposed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from assistant.catalog.load import TagCatalog
from assistant.policy import Identity, Purpose
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from assistant.validation.validate import validate
from assistant.validation.verdict import Choice, Refusal, ValidatedRule, Verdict

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
SNAPSHOTS = (date(2025, 7, 31), date(2026, 8, 31), AS_OF)


@cache
def catalog() -> TagCatalog:
    return TagCatalog.load()


def check(
    short: Mapping[str, Any], today: date = TODAY, as_of: date = AS_OF, identity: Identity | None = None, purpose: Purpose = "analysis"
) -> Verdict:
    return validate(SegmentRule(node=node_from_short(short)), catalog(), identity or Identity(), as_of, today, SNAPSHOTS, purpose)


def check_rule(rule: SegmentRule) -> Verdict:
    return validate(rule, catalog(), Identity(), AS_OF, TODAY, SNAPSHOTS, "analysis")


@pytest.mark.parametrize(
    ("short", "code"),
    [
        ({"tag": "no_such_tag", "operator": ">", "value": 1}, "unknown_tag"),
        ({"records": "no_such_event"}, "unknown_record"),
        ({"concept": "no_such_concept"}, "unknown_concept"),
        ({"concept": "mobile_active", "parameters": {"colour": 3}}, "unknown_parameter"),
        ({"tag": "gender", "value": ["X"]}, "unknown_value"),
        ({"tag": "gender", "operator": ">", "value": ["F"]}, "operator_unfit"),
        ({"tag": "gender", "operator": ">", "value": 3}, "operator_unfit"),
        ({"tag": "aum_bal", "value": True}, "operator_unfit"),
        ({"tag": "aum_bal", "within": "rolling 30 day"}, "operator_unfit"),
        ({"rank": "gender", "percent": 10}, "operator_unfit"),
        ({"records": "zone_view", "where": {"colour": ["red"]}}, "unknown_property"),
        ({"records": "zone_view", "where": {"zone": ["moon"]}}, "unknown_value"),
        ({"records": "app_login", "aggregate": "sum", "of": "os", "operator": ">", "value": 3}, "operator_unfit"),
        ({"records": "app_login", "window": "2020-01-01..2020-02-01"}, "window_before_history"),
        ({"tag": "aum_bal", "snapshot": "year -3", "operator": ">", "value": 1}, "window_before_history"),
        ({"left": "aum_bal", "right": "age", "measure": "difference", "operator": ">", "value": 0}, "operator_unfit"),
        ({"segment": "s1"}, "segment_unknown"),
    ],
)
def test_refused(short: Mapping[str, Any], code: str) -> None:
    verdict = check(short)
    assert isinstance(verdict, Refusal)
    assert verdict.kind == "inexpressible"
    assert code in [issue.code for issue in verdict.issues]


def test_restricted_purpose_is_forbidden() -> None:
    verdict = check({"tag": "marital_status", "value": ["married"]})
    assert isinstance(verdict, Refusal)
    assert verdict.kind == "forbidden"
    assert isinstance(check({"tag": "marital_status", "value": ["married"]}, purpose="service"), ValidatedRule)


def test_empty_window_is_asked_and_cut_one_warned() -> None:
    first_of_month = check({"records": "app_login", "window": "calendar month 0"}, today=date(2026, 10, 1), as_of=date(2026, 9, 30))
    assert isinstance(first_of_month, Choice)
    assert [issue.code for issue in first_of_month.issues] == ["window_empty"]
    cut = check({"records": "app_login", "window": "calendar month 0"})
    assert isinstance(cut, ValidatedRule)
    assert "window_cut" in [issue.code for issue in cut.warnings]


def test_a_sequence_of_a_set_kept_by_the_day_says_that_it_keeps_no_order_within_one() -> None:
    viewed = {"records": "zone_view", "window": "rolling 30 day"}
    by_day, timed = (check({"first": viewed, "then": {"records": code}, "within_days": 7}) for code in ("quickpay_pay", "wealth_buy"))
    assert isinstance(by_day, ValidatedRule)
    assert isinstance(timed, ValidatedRule)
    assert [(one.code, one.params) for one in by_day.warnings] == [("same_day_unordered", {"record": "quickpay_pay"})]
    assert timed.warnings == ()


@pytest.mark.parametrize(
    ("short", "warned"),
    [
        ({"records": "app_login"}, True),
        ({"records": "app_login", "window": "..2026-08-31"}, True),
        ({"first": {"records": "zone_view"}, "then": {"records": "wealth_buy"}, "within_days": 7}, True),
        ({"first": {"records": "zone_view", "window": "rolling 30 day"}, "then": {"records": "wealth_buy"}, "within_days": 7}, False),
        ({"records": "app_login", "window": "rolling 30 day"}, False),
    ],
)
def test_records_of_however_long_ago_are_said_to_begin_where_they_do(short: Mapping[str, Any], warned: bool) -> None:
    found = check(short)
    assert isinstance(found, ValidatedRule)
    assert ("since_history" in [one.code for one in found.warnings]) == warned


@pytest.mark.parametrize(("zones", "left"), [(["loan"], "mortgage"), (["loan", "mortgage"], ""), (["mortgage"], ""), (["wealth"], "")])
def test_a_value_that_leaves_out_what_people_take_for_a_part_of_it_says_so(zones: list[str], left: str) -> None:
    found = check({"records": "zone_view", "where": {"zone": zones}, "window": "rolling 30 day"})
    assert isinstance(found, ValidatedRule)
    assert [one.params["values"] for one in found.warnings if one.code == "value_apart"] == ([left] if left else [])


@pytest.mark.parametrize("within", ["2026-10-01..", "..2026-09-30", "ago 30 day"])
def test_a_day_that_comes_every_year_is_asked_for_with_both_ends(within: str) -> None:
    """One end alone would hold every day of the year."""
    verdict = check({"tag": "birth_mmdd", "within": within})
    assert isinstance(verdict, Choice)
    assert [issue.code for issue in verdict.issues] == ["yearly_open"]
    assert isinstance(check({"tag": "birth_mmdd", "within": "2026-10-01..2026-12-31"}), ValidatedRule)


def test_a_tag_is_never_compared_with_itself() -> None:
    """Between two snapshots the last one is that of the last month end as well."""
    fallen = {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "difference", "operator": "<", "value": 0}
    between = check(fallen, today=date(2026, 9, 21), as_of=date(2026, 9, 20))
    assert isinstance(between, Refusal)
    assert [(issue.code, issue.params["date"]) for issue in between.issues] == [("same_snapshot", "2026-08-31")]
    assert isinstance(check(fallen), ValidatedRule)


def test_scope_is_the_subtree_of_the_identity() -> None:
    verdict = check({"all": []}, identity=Identity("manager", "branch_manager", ("3100",)))
    assert isinstance(verdict, ValidatedRule)
    assert "3101" in verdict.scope
    assert "1100" not in verdict.scope


def test_huge_rule_is_refused() -> None:
    verdict = check({"all": [{"tag": "age", "operator": ">", "value": number} for number in range(300)]})
    assert isinstance(verdict, Refusal)
    assert verdict.issues[0].code == "rule_too_large"


def test_concepts_are_spelled_out() -> None:
    verdict = check({"concept": "mobile_active"})
    assert isinstance(verdict, ValidatedRule)
    assert verdict.expanded.kind == "record"
    assert verdict.snapshot == AS_OF
