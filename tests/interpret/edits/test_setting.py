"""Another number, time or size for what a rule has: in the unit, the direction and the kind that the condition has; what fits two is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import DEMAND, TIME, WOMEN, asks, both, spells, talk

LOGINS = {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 3}
AUM = {"tag": "aum_bal", "operator": ">=", "value": 200000}
FALL = {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "relative_change", "operator": "<=", "value": -0.2}
AGE = {"tag": "age", "operator": ">=", "value": 40}
SAID = "women with demand deposits of at least 50k"
ZH = "活期5万以上的女性"
BOTH_ZH = "近30天登录手机银行3次以上，AUM20万以上的客户"
BOTH_EN = "customers with AUM of at least 200k who logged in at least 3 times in the last 30 days"
FELL_ZH = "AUM比上月末降了20%以上的客户"
FELL_EN = "customers whose AUM fell by at least 20% since the last month end"


def demand(value: int, operator: str = ">=") -> Mapping[str, Any]:
    return both({**DEMAND, "operator": operator, "value": value}, WOMEN)


def two(logins: int = 3, days: int = 30, aum: int = 200000) -> Mapping[str, Any]:
    return both({**LOGINS, "value": logins, "window": f"rolling {days} day"}, {**AUM, "value": aum})


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        # a number, by any word for it
        ((SAID, "could you bring it up to 80k please"), demand(80000)),
        ((SAID, "let's make it 80k"), demand(80000)),
        ((SAID, "80k instead of 50k"), demand(80000)),
        ((SAID, "change 50k to 80k"), demand(80000)),
        ((SAID, "change the deposit threshold to 80k"), demand(80000)),
        ((SAID, "lower the demand deposits to 30k"), demand(30000)),
        ((SAID, "demand deposits should be at least 80k"), demand(80000)),
        ((SAID, "I meant 80k"), demand(80000)),
        ((SAID, "make it at most 80k"), demand(80000, "<=")),
        ((SAID, "more than 80k"), demand(80000, ">")),
        ((ZH, "麻烦把活期提高到8万"), demand(80000)),
        ((ZH, "门槛放低到3万"), demand(30000)),
        ((ZH, "从5万提到8万"), demand(80000)),
        ((ZH, "改成8万以下"), demand(80000, "<=")),
        ((ZH, "8万试试"), demand(80000)),
        ((ZH, "换成8万看看"), demand(80000)),
        ((ZH, "至少8万"), demand(80000)),
        (("40岁以上的客户", "年龄改成30到50岁"), {"tag": "age", "range": "[30, 50]"}),
        (("customers aged at least 40", "change the age to between 30 and 50"), {"tag": "age", "range": "[30, 50]"}),
        (("customers with AUM of at least 200k", "make it between 300k and 800k"), {"tag": "aum_bal", "range": "[300000, 800000]"}),
        # a range between two edges of the catalog's bands is that band
        (("AUM20万以上的客户", "改成20万到50万之间"), {"tag": "aum_bal", "range": "[200000, 500000)"}),
        # which of two, by what they count
        ((BOTH_EN, "make it 5 logins"), two(logins=5)),
        ((BOTH_EN, "change the logins to 5"), two(logins=5)),
        ((BOTH_EN, "at least 5 times"), two(logins=5)),
        ((BOTH_EN, "5 times instead of 3"), two(logins=5)),
        ((BOTH_EN, "300k"), two(aum=300000)),
        # a bare number of the amount's order is in its unit
        ((BOTH_EN, "raise it to 300000"), two(aum=300000)),
        ((BOTH_ZH, "提到300000"), two(aum=300000)),
        ((BOTH_ZH, "降到150000"), two(aum=150000)),
        ((BOTH_EN, "change 200k to 300k"), two(aum=300000)),
        ((BOTH_ZH, "次数加到5次"), two(logins=5)),
        ((BOTH_ZH, "20万改成30万"), two(aum=300000)),
        (("近30天登录过手机银行、近30天到过网点的客户", "登录次数提到5次以上"),
         both({**LOGINS, "value": 5}, {"records": "branch_visit", "window": "rolling 30 day"})),
        # several in one turn
        ((BOTH_ZH, "时间改成近60天，AUM提到50万"), two(days=60, aum=500000)),
        ((BOTH_ZH, "30天改成60天，3次改成5次"), two(days=60, logins=5)),
        ((BOTH_ZH, "改成近60天5次以上"), two(days=60, logins=5)),
        (("活期5万以上、定期10万以上的客户", "第一个不要，第二个改成20万"), {**TIME, "value": 200000}),
        # a rise or a fall keeps its direction
        ((FELL_ZH, "改成30%"), {**FALL, "value": -0.3}),
        ((FELL_ZH, "降幅改成30%"), {**FALL, "value": -0.3}),
        ((FELL_ZH, "改成下降30%以上"), {**FALL, "value": -0.3}),
        ((FELL_EN, "raise it to 30%"), {**FALL, "value": -0.3}),
        # a rank, at the end that is said
        (("AUM前10%的客户", "前20%呢"), {"rank": "aum_bal", "percent": 20}),
        (("AUM前10%的客户", "改成后10%"), {"rank": "aum_bal", "percent": 10, "direction": "bottom"}),
        (("top 100 customers by AUM", "make it the top 200"), {"rank": "aum_bal", "count": 200}),
    ],
)  # fmt: skip
def test_a_number_or_time_is_set(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        (("AUM20万以上、活期5万以上的客户", "50万以上"), "edit_fits_two"),
        ((BOTH_EN, "change 700k to 900k"), "edit_fits_none"),
        (("AUM20万以上的客户", "至少5次"), "unread"),
        (("AUM20万以上的客户", "50万以下"), "unread"),
        (("customers with AUM of at least 200k", "under 500k"), "unread"),
        (("白金客户", "提到100万"), "edit_fits_none"),
        ((FELL_EN, "make it 300k"), "edit_fits_none"),
    ],
)
def test_what_fits_two_or_none_is_asked(turns: tuple[str, ...], code: str) -> None:
    assert code in asks(talk(*turns))


def deposits(value: int, operator: str = ">=") -> Mapping[str, Any]:
    return {"tag": "dep_total_bal", "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("存款5万以上的客户", "把门槛降一半"), deposits(25000)),
        (("存款5万以上的客户", "门槛减半"), deposits(25000)),
        (("存款5万以上的客户", "门槛提高一倍"), deposits(100000)),
        (("存款5万以上的客户", "门槛提高20%"), deposits(60000)),
        (("deposits over 50k", "halve the threshold"), deposits(25000, ">")),
        (("deposits over 50k", "double the threshold"), deposits(100000, ">")),
        (("deposits over 50k", "raise the threshold by 20%"), deposits(60000, ">")),
        ((ZH, "不是5万，是8万"), demand(80000)),
        ((SAID, "not 50k, 80k"), demand(80000)),
        ((SAID, "not 50k but 80k"), demand(80000)),
    ],
)
def test_a_threshold_by_a_part_of_itself_and_the_number_that_was_wrong(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert asks(found) == []
    assert not found.requests
    assert spells(found.rule, short)


def test_which_of_two_thresholds_is_doubled_is_asked() -> None:
    assert asks(talk(BOTH_ZH, "门槛提高一倍")) == ["edit_fits_two"]


@pytest.mark.parametrize("turns", [(ZH, "不是7万，是8万"), (SAID, "not 70k, 80k")])
def test_a_number_that_no_condition_has_is_not_the_one_that_gives_way(turns: tuple[str, ...]) -> None:
    assert "unread" in asks(talk(*turns))


def test_half_of_them_is_of_the_customers_and_never_of_the_threshold() -> None:
    assert [request.kind for request in talk("存款5万以上的客户", "减半").requests] == ["size"]


@pytest.mark.parametrize(
    "turns",
    [
        ("有房贷没买过保险的客户", "改成2000以内"),
        ("近30天没登录过的客户", "改成少于3次"),
        ("近30天登录过的客户", "改成2000以内"),
        ("mortgage customers who never bought insurance", "make it under 2,000"),
        ("customers who logged in in the last 30 days", "make it under 2,000"),
    ],
)
def test_what_only_happened_or_did_not_has_no_number_that_could_be_fewer(turns: tuple[str, ...]) -> None:
    assert asks(talk(*turns)) == ["edit_fits_none"]


def test_a_number_of_times_is_one_of_what_happened() -> None:
    found = talk("customers who logged in in the last 30 days", "make it fewer than 3 times")
    assert spells(found.rule, {"records": "app_login", "window": "rolling 30 day", "operator": "<", "value": 3})
