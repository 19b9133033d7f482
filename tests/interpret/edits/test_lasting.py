"""What is still so holds besides the earlier condition; 还是 before a time may as well change it, and is asked about."""

from __future__ import annotations

import pytest

from tests.interpret.reading import PLATINUM, asks, both, spells, talk

THEN = {**PLATINUM, "snapshot": "month -1"}
WEALTH = {"records": "zone_view", "where": {"zone": "wealth"}}
AUGUST, NOW = {**WEALTH, "window": "calendar month -1"}, {**WEALTH, "window": "calendar month 0"}
VISITED = "customers who visited wealth pages last month"


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("上月末的白金客户", "现在还是白金的"), both(THEN, PLATINUM)),
        ((VISITED, "who still did this month?"), both(AUGUST, NOW)),
        ((VISITED, "who still visited wealth pages this month"), both(AUGUST, NOW)),
    ],
)
def test_still_is_a_condition_besides(turns: tuple[str, ...], short: dict[str, object]) -> None:
    found = talk(*turns)
    assert spells(found.rule, short)
    assert not asks(found)


@pytest.mark.parametrize(
    ("turns", "shorts"),
    [
        (("上月末的白金客户", "还是白金的呢"), (both(THEN, PLATINUM), PLATINUM)),
        (("上月访问理财专区的客户", "还是本月吧"), (both(AUGUST, NOW), NOW)),
    ],
)
def test_still_or_rather_is_asked(turns: tuple[str, ...], shorts: tuple[dict[str, object], ...]) -> None:
    found = talk(*turns)
    assert asks(found) == ["still_or_instead"]
    assert all(spells(reading.rule, short) for reading, short in zip(found.questions[0].readings, shorts, strict=True))


@pytest.mark.parametrize(
    ("turns", "short"),
    [(("金卡客户", "还是白金吧"), PLATINUM), ((VISITED, "make it this month"), NOW)],
)
def test_another_value_or_time_without_still_takes_the_place(turns: tuple[str, ...], short: dict[str, object]) -> None:
    found = talk(*turns)
    assert spells(found.rule, short)
    assert not asks(found)
