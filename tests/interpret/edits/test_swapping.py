"""One value or level in another's place: what gives way is what the words name; a level keeps its "and above" only where that is said or sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import BEIJING, MEN, WOMEN, asks, both, spells, talk

GOLD_UP, PLATINUM_UP = {"tag": "cust_tier", "operator": ">=", "value": "T2"}, {"tag": "cust_tier", "operator": ">=", "value": "T3"}
DIAMOND = {"tag": "cust_tier", "value": ["T5"]}


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("金卡及以上客户", "提到白金及以上"), PLATINUM_UP),
        (("customers of gold tier and above", "raise it to platinum and above"), PLATINUM_UP),
        (("customers of gold tier and above", "raise it to platinum"), PLATINUM_UP),
        (("platinum tier and above", "lower it to gold and above"), GOLD_UP),
        (("金卡及以上客户", "换成白金及以上"), PLATINUM_UP),
        (("白金客户", "升到钻石"), DIAMOND),
        (("上海分行的女性", "女性改成男性，上海换成北京"), both(BEIJING, MEN)),
        (("上海分行的女性", "把女性改成男性并且去掉上海"), MEN),
        (("Shanghai Branch women", "Beijing instead of Shanghai"), both(BEIJING, WOMEN)),
    ],
)  # fmt: skip
def test_one_thing_takes_the_place_of_another(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        (("金卡及以上客户", "改成白金客户"), "ambiguous_level"),
        (("白金及以上客户", "提到金卡"), "unread"),
        (("platinum tier and above", "lower it to diamond"), "unread"),
    ],
)
def test_a_level_against_the_direction_or_without_one_is_asked(turns: tuple[str, ...], code: str) -> None:
    assert code in asks(talk(*turns))
