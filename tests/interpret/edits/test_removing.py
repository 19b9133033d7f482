"""What goes is what the words name, by any word for it; what no condition is about is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.rule.tree import walk
from tests.interpret.reading import DEMAND, MORTGAGE, PLATINUM, TIME, WOMEN, asks, both, spells, talk

PAYROLL = {"tag": "payroll_flag", "value": True}


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("payroll customers", "only women", "any gender"), PAYROLL),
        (("代发客户", "只看女性", "性别不限"), PAYROLL),
        (("代发客户", "只看女性", "不管性别"), PAYROLL),
        (("platinum tier customers", "only Shanghai Branch", "any branch"), PLATINUM),
        (("platinum tier customers", "only Shanghai Branch", "remove the branch as well"), PLATINUM),
        (("上海分行有按揭的客户", "分行也去掉"), MORTGAGE),
        (("上海分行有按揭的客户", "不管哪个分行"), MORTGAGE),
        (("women with a mortgage", "we don't need the mortgage condition"), WOMEN),
        (("women with a mortgage", "the mortgage can go"), WOMEN),
        (("women with a mortgage", "never mind the mortgage"), WOMEN),
        (("women with a mortgage", "and the mortgage condition too, drop it"), WOMEN),
        (("women with a mortgage", "drop the second one"), WOMEN),
        (("women with a mortgage", "forget the mortgage bit"), WOMEN),
        (("platinum tier customers", "also women", "remove that one"), PLATINUM),
        (("活期5万以上、定期10万以上的客户", "定期那块不用了"), DEMAND),
        (("活期5万以上、定期10万以上的客户", "活期的条件也不要了"), TIME),
        (("活期5万以上、定期10万以上、有按揭的客户", "去掉第二个，去掉第一个"), MORTGAGE),
        (("women with a mortgage who logged in at least 3 times in the last 30 days", "drop the login condition"), both(WOMEN, MORTGAGE)),
    ],
)  # fmt: skip
def test_what_is_named_goes(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        (("women with a mortgage", "drop the insurance policy"), "unread"),
        (("women with a mortgage", "drop that one"), "edit_fits_two"),
        (("women with a mortgage", "any mortgage"), "unread"),
    ],
)
def test_what_is_not_there_or_is_two_is_asked(turns: tuple[str, ...], code: str) -> None:
    assert code in asks(talk(*turns))


@pytest.mark.parametrize(
    "said",
    [
        "去掉60岁以上的和没有信用卡的",
        "把有按揭的和有信用卡的都去掉",
        "不要女的和上海分行的",
        "leave out those over 60 and those without a credit card",
    ],
)
def test_two_groups_are_never_left_out_silently_only_where_they_meet(said: str) -> None:
    assert "ambiguous_scope" in asks(talk("platinum tier customers", said))


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("代发客户", "不要女的", "加回来"), PAYROLL),
        (("代发客户", "不要女的", "把女的加回来"), PAYROLL),
        (("代发客户", "不要女的", "女的加回来吧"), PAYROLL),
        (("代发客户", "不要女的", "还是把她们加回来"), PAYROLL),
        (("代发客户", "不要女的", "不要有按揭的", "加回来"), both(PAYROLL, {"not": WOMEN})),
        (("payroll customers", "without women", "bring them back"), PAYROLL),
        (("payroll customers", "without women", "add the women back"), PAYROLL),
        (("payroll customers", "without women", "bring back the women"), PAYROLL),
        (("payroll customers", "exclude those with a mortgage", "put them back in"), PAYROLL),
    ],
)
def test_who_was_left_out_comes_back(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    "turns", [("代发客户", "加回来"), ("代发客户", "不要女的", "把按揭的加回来"), ("payroll customers", "bring them back")]
)
def test_whom_nothing_leaves_out_cannot_come_back(turns: tuple[str, ...]) -> None:
    assert "edit_fits_none" in asks(talk(*turns))


@pytest.mark.parametrize(
    "turns",
    [
        ("who have a credit card and deposits over 100k", "without the card condition?"),
        ("who have a credit card and deposits over 100k", "what would happen if I dropped the card condition"),
        ("有信用卡存款10万以上的", "如果去掉信用卡条件会怎样"),
    ],
)
def test_a_condition_named_by_a_word_of_its_name_goes_where_it_is_called_a_condition(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert asks(found) == []
    assert found.rule is not None
    tags = {getattr(node, "tag", "") for _, node in walk(found.rule.node)} - {""}
    assert tags == {"dep_total_bal"}


def test_what_is_not_called_a_condition_is_lacked() -> None:
    found = talk("who have a credit card and deposits over 100k", "without a mortgage")
    assert found.rule is not None
    assert len([node for _, node in walk(found.rule.node) if getattr(node, "tag", "")]) == 3
