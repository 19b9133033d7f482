"""A bare number that is all a clause says of people is their age, and said to be; beside a number of something else it is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read, read_rule, talk

WOMEN = {"tag": "gender", "value": ["F"]}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("四十五往上的女客户", {"all": [{"tag": "age", "operator": ">=", "value": 45}, WOMEN]}),
        ("三十往下、有基金的", {"all": [{"tag": "age", "operator": "<=", "value": 30}, {"tag": "fund_bal", "operator": ">", "value": 0}]}),
        ("under 30, women", {"all": [{"tag": "age", "operator": "<", "value": 30}, WOMEN]}),
        ("三十到五十的女客户", {"all": [{"tag": "age", "range": [30, 50]}, WOMEN]}),
    ],
)
def test_a_number_alone_is_an_age(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)
    assert "age_read" in [assumption.code for assumption in read(text).assumptions]


@pytest.mark.parametrize(
    "text", ["五十往上的客户", "AUM二十万往上，五十往上的", "登录三次以上，四十往上的", "两百往上的女客户", "五往上的女客户"]
)
def test_a_number_that_may_be_of_something_else_is_asked_about(text: str) -> None:
    assert asked(text)


def test_a_number_that_counts_what_is_behind_it_is_no_age() -> None:
    assert read_rule("五十往上的登录") == canonical({"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 50})


def test_a_number_alone_after_a_rule_changes_no_age() -> None:
    assert "age_read" not in [assumption.code for assumption in talk("AUM20万以上的客户", "五十往上").assumptions]
