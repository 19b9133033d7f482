"""The period before: counted from the time that stands, in its unit; asked about where that is no single period of it, never counted from today."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Request
from assistant.rule.tree import RecordCondition
from assistant.rule.window import Absolute, Calendar, Rolling, Shifted, TimeWindow
from tests.interpret.reading import AS_OF, TODAY, asks, both, catalog, spells, talk

JUNE = Absolute(start=date(2026, 6, 1), end=date(2026, 6, 30))
DAY_BEFORE = Absolute(start=date(2026, 9, 19), end=date(2026, 9, 19))
WEEK_BEFORE = Absolute(start=date(2026, 9, 7), end=date(2026, 9, 13))
DAYS_BEFORE = Shifted(base=Rolling(unit="day", n=30), unit="day", n=-30)


@pytest.mark.parametrize(
    ("turns", "window"),
    [
        (("9月20号登录的", "前一天呢"), DAY_BEFORE),
        (("9月20号登录的", "再往前一天呢"), DAY_BEFORE),
        (("7月登录过的", "那前一个月呢"), JUNE),
        (("7月登录过的", "前一个月有多少"), JUNE),
        (("7月登录过的", "改成前一个月"), JUNE),
        (("customers who logged in in July", "change it to the previous month"), JUNE),
        (("7月登录过的", "上个月呢", "再上个月呢"), Calendar(unit="month", first=-2, last=-2)),
        (("近30天登录过的", "再之前30天"), DAYS_BEFORE),
        (("近30天登录过的", "前30天呢", "再之前30天呢"), DAYS_BEFORE.model_copy(update={"n": -60})),
        (("9月14号到9月20号登录过的", "前一周呢"), WEEK_BEFORE),
        (("customers who logged in on September 20", "and the day before?"), DAY_BEFORE),
        (("customers who logged in from September 14 to September 20", "and the week before?"), WEEK_BEFORE),
        (("customers who logged in in July", "what about the previous month?"), JUNE),
        (("customers who logged in in July", "the month before that"), JUNE),
        (("customers who logged in in the last 30 days", "and the 30 days before?"), DAYS_BEFORE),
        # counted from today, as it says
        (("7月登录过的", "上个月呢"), Calendar(unit="month", first=-1, last=-1)),
        (("customers who logged in in July", "what about last month?"), Calendar(unit="month", first=-1, last=-1)),
    ],
)
def test_the_period_right_before_the_one_that_stands(turns: tuple[str, ...], window: TimeWindow) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert found.rule is not None
    assert isinstance(found.rule.node, RecordCondition)
    assert found.rule.node.window == window


@pytest.mark.parametrize(
    "turns",
    [
        ("9月20号登录的", "前一个月呢"),
        ("近7天登录过的", "前30天呢"),
        ("近一个月登录过的", "前一个月呢"),
        ("7月登录过的", "上一个月呢"),
        ("7月登录过的", "那前一个月买过理财的呢"),
        ("7月登录的，8月买过理财的", "前一个月呢"),
        ("按揭客户", "前一个月呢"),
        ("customers who logged in on September 20", "what about the previous month?"),
        ("customers who logged in in July and bought funds in August", "and the previous month?"),
    ],
)
def test_a_time_of_another_unit_or_one_of_several_is_asked(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert "edit_fits_none" in asks(found)
    assert not found.changed


@pytest.mark.parametrize("turn", ["再上个月呢", "前一个月呢", "what about the previous month?"])
def test_after_a_comparison_with_a_date_it_is_asked_which_month_comes_after_it(turn: str) -> None:
    rule = talk("7月登录过的").rule
    context = Context(catalog(), AS_OF, TODAY, 2, rule, asked=(Request("compare", "month -1"),))
    found = GrammarInterpreter().interpret(turn, context)
    assert "edit_fits_none" in asks(found)
    assert not found.requests


@pytest.mark.parametrize(
    "turns",
    [("近30天没登录手机银行的客户", "前30天呢"), ("customers who have not logged in for 30 days", "the 30 days before that?")],
)
def test_the_base_of_a_denial_moves_with_its_window(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert not asks(found)
    denied = {"not": {"records": "app_login", "window": {"kind": "shifted", "base": {"kind": "rolling", "n": 30}, "unit": "day", "n": -30}}}
    base = ({"tag": "app_reg_flag", "value": True}, {"tag": "app_reg_date", "within": "ago 60 day"})
    assert spells(found.rule, both(*base, denied))


@pytest.mark.parametrize("text", ["9月之前没登录过手机银行的", "customers who did not log in before September"])
def test_a_denial_of_all_the_time_before_a_day_is_of_those_who_could_by_that_day(text: str) -> None:
    base = ({"tag": "app_reg_flag", "value": True}, {"tag": "app_reg_date", "within": "..2026-08-31"})
    assert spells(talk(text).rule, both(*base, {"not": {"records": "app_login", "window": "..2026-08-31"}}))
