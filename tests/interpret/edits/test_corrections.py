"""A slip taken back in the same breath: the new words count, and what says something else is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import PLATINUM, WOMEN, asks, both, spells, talk

HANGZHOU = {"tag": "home_org", "value": ["3300"]}
DIAMOND = {"tag": "cust_tier", "value": ["T5"]}
LOGINS = {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 5}


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("platinum tier, I mean diamond tier customers",), DIAMOND),
        (("白金，哦不，钻石客户",), DIAMOND),
        (("customers of Shanghai Branch, sorry, Hangzhou Branch",), HANGZHOU),
        (("customers with demand deposits over 50k, no, over 100k",), {"tag": "dep_demand_bal", "operator": ">", "value": 100000}),
        (("women over 50k in demand deposits, no, over 100k",), both({"tag": "dep_demand_bal", "operator": ">", "value": 100000}, WOMEN)),
        (("近30天登录3次以上，不，5次以上的客户",), LOGINS),
        (("近7天登录5次以上，不，近30天",), LOGINS),
        (("白金客户", "只看上海分行，不，杭州分行"), both(PLATINUM, HANGZHOU)),
        (("platinum tier customers", "only Shanghai Branch, no, Hangzhou Branch"), both(PLATINUM, HANGZHOU)),
        (("platinum tier customers", "also AUM of at least 100k, no, at least 200k"),
         both(PLATINUM, {"tag": "aum_bal", "operator": ">=", "value": 200000})),
        # a denial behind a comma is no correction
        (("platinum tier customers, no mortgage",), both(PLATINUM, {"tag": "mort_flag", "value": False})),
        (("白金客户，不是上海分行的",),
         both(PLATINUM, {"tag": "home_org", "operator": "not_in", "value": ["3100"]})),
    ],
)  # fmt: skip
def test_the_corrected_words_count(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), asks(found)
    assert spells(found.rule, short)


def test_a_correction_is_shown() -> None:
    assert [one.code for one in talk("platinum tier, I mean diamond tier customers").assumptions] == ["self_correction"]


@pytest.mark.parametrize("text", ["women, no, platinum tier customers", "有按揭的，不对，有信用卡的客户", "代发客户，不，近60天"])
def test_what_says_something_else_is_asked_about(text: str) -> None:
    assert "unread" in asks(talk(text))
