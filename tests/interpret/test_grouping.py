"""Groups side by side: built alike they are beside each other, else nobody can meet them and that is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read_rule


def _org(code: str) -> Mapping[str, Any]:
    return {"tag": "home_org", "value": [code]}


def _aum(value: int) -> Mapping[str, Any]:
    return {"tag": "aum_bal", "operator": ">=", "value": value}


EACH_BRANCH = {"any": [{"all": [_org("3300"), _aum(500000)]}, {"all": [_org("3302"), _aum(300000)]}]}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("杭州分行AUM50万以上和宁波分行AUM30万以上的客户", EACH_BRANCH),
        ("AUM50万以上的杭州分行客户和AUM30万以上的宁波分行客户", EACH_BRANCH),
        ("Hangzhou Branch customers with AUM of at least 500k, and Ningbo Branch customers with AUM of at least 300k", EACH_BRANCH),
        (
            "上海分行的女性和北京分行的男性",
            {
                "any": [
                    {"all": [_org("3100"), {"tag": "gender", "value": ["F"]}]},
                    {"all": [_org("1100"), {"tag": "gender", "value": ["M"]}]},
                ]
            },
        ),
    ],
)
def test_groups_built_alike_are_beside_each_other(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "杭州分行AUM50万以上且宁波分行AUM30万以上的客户",  # 且 asks for both at once
        "杭州分行AUM50万以上和宁波分行AUM30万以上的代发客户",  # the last words may be said of both groups
        "杭州分行AUM50万以上和活期10万以上的客户",
    ],
)
def test_other_groups_all_hold(text: str) -> None:
    rule = read_rule(text)
    assert rule != canonical(EACH_BRANCH)
    assert "AnyOf" not in repr(rule)
