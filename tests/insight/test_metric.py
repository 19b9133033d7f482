"""A figure with the number of customers it is taken over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import metric
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated

RULE = validated({"tag": "mort_flag", "value": True})


def test_plan() -> None:
    assert metric.plan(RULE, "aum_bal", "median", QUALIFIER)[0].purpose == "summary"
    assert metric.plan(RULE, "app_flag", "share", QUALIFIER)[0].purpose == "profile"
    for tag, kind in (("gender", "average"), ("aum_bal", "share")):
        with pytest.raises(Fault, match="metric_unfit"):
            metric.plan(RULE, tag, "share" if kind == "share" else "average", QUALIFIER)


def test_average_prints_its_denominator() -> None:
    found = metric.read((Table(("n", "known", "avg"), ((100, 90, Decimal("1234.5")),), "q"),), RULE, "aum_bal", "average")
    assert (found.value, found.known, found.n, found.unit) == (Decimal("1234.5"), 90, 100, "CNY")
    sheet = FactSheet(Protection(0))
    found.facts(sheet)
    assert sheet["metric.aum_bal.average.known"].value == 90
    whole = metric.read((Table(("n", "known", "sum"), ((100, 90, Decimal("111105")),), "other"),), RULE, "aum_bal", "sum")
    whole.facts(sheet)
    assert (sheet["metric.aum_bal.sum.known"].query, sheet["metric.aum_bal.average.known"].query) == ("other", "q")


def test_a_figure_over_few_customers_is_hidden() -> None:
    found = metric.read((Table(("n", "known", "avg"), ((100, 3, Decimal(5)),), "q"),), RULE, "aum_bal", "average")
    sheet = FactSheet(Protection(0))
    found.facts(sheet)
    assert sheet["metric.aum_bal.average"].suppressed


def test_over_nobody_there_is_no_figure() -> None:
    found = metric.read((Table(("n", "known", "avg"), ((0, 0, None),), "q"),), RULE, "aum_bal", "average")
    assert found.value is None


def test_share_of_a_yes_no() -> None:
    table = Table(
        ("tag", "bucket", "n", "rest_n"), (("app_flag", "true", 30, 0), ("app_flag", "false", 60, 5), ("app_flag", None, 10, 0)), "q"
    )
    found = metric.read((table,), RULE, "app_flag", "share")
    assert (found.value, found.known, found.n) == (Decimal(30) / Decimal(90), 90, 100)


def test_a_share_of_so_few_is_hidden_as_their_count_is() -> None:
    """Ten of seventy-two: the share and its denominator would tell the ten that may not be counted; and so would those without."""
    for yes, no in ((10, 62), (62, 10)):
        table = Table(("tag", "bucket", "n", "rest_n"), (("app_flag", "true", yes, 0), ("app_flag", "false", no, 5)), "q")
        found = metric.read((table,), RULE, "app_flag", "share")
        for floor, hidden in ((20, True), (0, False)):
            sheet = FactSheet(Protection(floor))
            found.facts(sheet)
            assert sheet["metric.app_flag.share"].suppressed is hidden
            assert sheet["metric.app_flag.share.known"].value == 72


@pytest.mark.parametrize(("floor", "hidden"), [(20, True), (0, False)])
def test_how_many_have_no_value_does_not_follow(floor: int, hidden: bool) -> None:
    """One of seventy-two has no age: neither the denominator, nor all digits of the average, nor the sum beside it tell so."""
    sheet = FactSheet(Protection(floor))
    years = Decimal(3221)
    for kind, value in (("average", years / 71), ("sum", years)):
        metric.Metric("age", "average" if kind == "average" else "sum", value, 71, 72, "number", "q").facts(sheet)
    assert sheet["metric.age.average.known"].suppressed is sheet["metric.age.sum.known"].suppressed is hidden
    assert sheet["metric.age.sum"].suppressed is hidden
    average = sheet["metric.age.average"].value
    assert average == (Decimal("45.4") if hidden else years / 71)


def test_a_share_does_not_tell_how_many_have_no_value() -> None:
    for unknown, hidden in ((0, False), (1, True), (19, True), (20, False)):
        sheet = FactSheet(Protection(20))
        metric.Metric("app_flag", "share", Decimal(30) / Decimal(71), 71, 71 + unknown, "share", "q").facts(sheet)
        assert sheet["metric.app_flag.share"].suppressed is sheet["metric.app_flag.share.known"].suppressed is hidden


def test_an_average_is_told_over_the_holders_too_where_the_others_count_as_zero() -> None:
    """Of 1,805 customers 157 have a mortgage: the average of all is not that of those who have one."""
    columns = ("n", "known", "avg", "held", "avg_held")
    found = metric.read((Table(columns, ((1805, 1805, Decimal(69200), 157, Decimal(795500)),), "q"),), RULE, "dep_demand_bal", "average")
    for floor, held, hidden in ((0, 157, False), (20, 157, False), (20, 12, True), (20, 1800, True)):
        sheet = FactSheet(Protection(floor))
        replace(found, held=held).facts(sheet)
        assert sheet["metric.dep_demand_bal.average.held"].suppressed is sheet["metric.dep_demand_bal.average.of_held"].suppressed is hidden
    assert found.apart
    assert not replace(found, held=1805).apart
    assert [column.alias for column in metric.plan(RULE, "dep_demand_bal", "average", QUALIFIER)[0].tree.selects] == list(columns)
    assert [column.alias for column in metric.plan(RULE, "age", "average", QUALIFIER)[0].tree.selects] == list(columns[:3])
    assert [column.alias for column in metric.plan(RULE, "dep_demand_bal", "sum", QUALIFIER)[0].tree.selects] == ["n", "known", "sum"]
