"""Follow-ups -> rules: each edit changes what it names and nothing else; what it could also mean is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.interpret.edits.pointing import subjects
from assistant.rule.canonical import canonical, text
from assistant.rule.order import in_order
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import (
    BEIJING,
    DEMAND,
    MEN,
    MORTGAGE,
    PLATINUM,
    SHANGHAI,
    TIME,
    WOMEN,
    asks,
    both,
    spells,
    talk,
)  # fmt: skip


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        # by place
        (("上海分行活期5万以上的女性", "把第二个条件去掉"), both(SHANGHAI, WOMEN)),
        (("上海分行活期5万以上的女性", "最后一个条件不要了"), both(SHANGHAI, DEMAND)),
        (("上海分行活期5万以上的女性", "只保留第一个条件"), SHANGHAI),
        (("Shanghai Branch women with demand deposits of at least 50k", "change the last condition to 80k"),
         both(SHANGHAI, WOMEN, {**DEMAND, "value": 80000})),
        (("上海分行的女性", "再加上有房贷的", "刚才那个条件去掉"), both(SHANGHAI, WOMEN)),
        (("上海分行的女性", "换成北京分行", "刚才那个去掉"), WOMEN),
        (("上海分行的女性", "换成北京分行", "第一个条件去掉"), WOMEN),
        # by name
        (("活期5万以上、定期10万以上的客户", "把活期那个条件去掉"), TIME),
        (("活期5万以上、定期10万以上的客户", "定期不要了"), DEMAND),
        (("活期5万以上，有房贷", "去掉活期和房贷"), {"all": []}),
        (("上海分行或北京分行的女性", "去掉北京分行"), both(SHANGHAI, WOMEN)),
        (("有房贷或者有信用卡的客户", "再加上女性", "去掉信用卡"), both(MORTGAGE, WOMEN)),
        (("women with a mortgage", "drop the gender condition"), MORTGAGE),
        # one value in another's place
        (("上海分行的女性", "换成男的"), both(SHANGHAI, MEN)),
        (("上海分行的女性", "不要上海要北京"), both(BEIJING, WOMEN)),
        (("上海分行的女性", "那北京呢"), both(BEIJING, WOMEN)),
        # what is denied gives way to what is meant
        (("有房贷的女性", "不是房贷，是信用卡"), both({"tag": "cc_flag", "value": True}, WOMEN)),
        (("有房贷的女性", "不是房贷，而是信用卡"), both({"tag": "cc_flag", "value": True}, WOMEN)),
        (("women with a mortgage", "not a mortgage, a credit card"), both({"tag": "cc_flag", "value": True}, WOMEN)),
        (("women with a mortgage", "I meant a credit card, not a mortgage"), both({"tag": "cc_flag", "value": True}, WOMEN)),
        (("Shanghai Branch women", "not Shanghai Branch, Beijing Branch"), both(BEIJING, WOMEN)),
        # the same behaviour at another time
        (("昨天登录手机银行的女客户", "上周登录的呢"), both({"records": "app_login", "window": "calendar week -1"}, WOMEN)),
        (("women who logged in yesterday", "what about those who logged in last week?"),
         both({"records": "app_login", "window": "calendar week -1"}, WOMEN)),
        (("Shanghai Branch women", "what about Beijing?"), both(BEIJING, WOMEN)),
        (("Shanghai Branch women", "not women but men"), both(SHANGHAI, MEN)),
        (("Shanghai Branch women", "Beijing instead"), both(BEIJING, WOMEN)),
        (("上海分行的女性", "北京分行的男性呢"), both(BEIJING, MEN)),
        (("上海分行或杭州分行的女性", "上海换成北京"), both({"tag": "home_org", "value": ["3300", "1100"]}, WOMEN)),
        (("活期5万以上的女性", "活期换成定期"), both({**DEMAND, "tag": "dep_time_bal"}, WOMEN)),
        # numbers and windows
        (("活期5万以上的女性", "不对，是10万"), both({**DEMAND, "value": 100000}, WOMEN)),
        (("活期5万以上的女性", "10万以上的呢"), both({**DEMAND, "value": 100000}, WOMEN)),
        (("women with demand deposits of at least 50k", "actually make it 80k"), both({**DEMAND, "value": 80000}, WOMEN)),
        (("活期5万以上的女性", "活期改成5万到20万"), both({"tag": "dep_demand_bal", "range": "[50000, 200000]"}, WOMEN)),
        (("AUM前10%的客户", "改成前5%"), {"rank": "aum_bal", "percent": 5}),
        (("AUM最高的500名客户", "改成200名"), {"rank": "aum_bal", "count": 200}),
        (("近30天登录过手机银行的客户", "近90天呢"), {"records": "app_login", "window": "rolling 90 day", "operator": ">=", "value": 1}),
        (("近30天登录过手机银行的客户", "次数改成5次"), {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 5}),
        # among them
        (("上海分行的客户", "这批客户里AUM前10%的"), {"rank": "aum_bal", "percent": 10, "within": SHANGHAI}),
        (("customers of Shanghai Branch", "the top 10% of them by AUM"), {"rank": "aum_bal", "percent": 10, "within": SHANGHAI}),
        (("customers of Shanghai Branch", "who are the top 10 by AUM"), {"rank": "aum_bal", "count": 10, "within": SHANGHAI}),
        (("上海分行的客户", "里面女的"), both(SHANGHAI, WOMEN)),
        (("上海分行的客户", "里头AUM最高的10个"), {"rank": "aum_bal", "count": 10, "within": SHANGHAI}),
        (("上海分行的客户", "其中AUM最高的10个"), {"rank": "aum_bal", "count": 10, "within": SHANGHAI}),
        (("上海分行的客户", "只看AUM最高的10个"), {"rank": "aum_bal", "count": 10, "within": SHANGHAI}),
        (("有房贷的客户", "他们里面女性有多少"), both(MORTGAGE, WOMEN)),
        (("customers with a mortgage", "also women"), both(MORTGAGE, WOMEN)),
        # several edits in one turn
        (("活期5万以上的女性", "活期提到10万，再加上有房贷的"), both({**DEMAND, "value": 100000}, WOMEN, MORTGAGE)),
        (("platinum tier women", "drop women, and also with a mortgage"), both(PLATINUM, MORTGAGE)),
        # a mind changed
        (("上海分行的女性", "算了，换成男的"), both(SHANGHAI, MEN)),
        # anew
        (("上海分行的女性", "帮我重新找有房贷的客户"), MORTGAGE),
        # said before: no second time
        (("上海分行的女性", "再加上女性"), both(SHANGHAI, WOMEN)),
    ],
)  # fmt: skip
def test_an_edit(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short), text(canonical(found.rule.node)) if found.rule else None


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        (("活期5万以上、定期10万以上的客户", "提到20万"), "edit_fits_two"),
        (("有房贷的白金客户", "那个条件去掉"), "edit_fits_two"),
        (("有房贷的白金客户", "第五个条件去掉"), "edit_fits_none"),
        (("上海分行的白金客户", "也包括北京分行的"), "ambiguous_widening"),
        (("上海分行的客户", "再加上AUM前10%的"), "ambiguous_rank"),
        (("上海分行的客户", "有房贷的"), "new_or_narrow"),
        (("上海分行的客户", "那按揭客户呢"), "new_or_narrow"),
        (("customers of Shanghai Branch", "what about mortgage holders?"), "new_or_narrow"),
        (("上海分行的客户", "换成喜欢钓鱼的"), "unread"),
        (("活期5万以上的客户", "活期改成8"), "value_implausible"),
        (("白金客户", "收紧理财"), "unread"),
    ],
)
def test_what_an_edit_could_also_mean_is_asks(turns: tuple[str, ...], code: str) -> None:
    assert code in asks(talk(*turns))


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("上海分行的客户", "那有房贷的呢"), both(SHANGHAI, MORTGAGE)),
        (("上海分行的客户", "女的呢"), both(SHANGHAI, WOMEN)),
        (("customers of Shanghai Branch", "what about the women?"), both(SHANGHAI, WOMEN)),
        (("customers of Shanghai Branch", "and the women?"), both(SHANGHAI, WOMEN)),
    ],
)
def test_who_asks_on_asks_of_the_customers_spoken_of(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found)
    assert spells(found.rule, short)


def test_an_edit_that_fits_two_can_be_made_of_both() -> None:
    turns = ("活期5万以上、定期10万以上的客户", "提到20万")
    (question,) = (question for question in talk(*turns).questions if question.code == "edit_fits_two")
    assert [spells(reading.rule, both({**DEMAND, "value": demand}, {**TIME, "value": time})) for reading, (demand, time) in zip(
        question.readings, ((200000, 100000), (50000, 200000), (200000, 200000)), strict=True)] == [True] * 3  # fmt: skip
    assert not asks(talk(*turns, choices={question.key: 2}))


def test_an_edit_waits_for_the_open_question_unless_it_is_dropped() -> None:
    assert asks(talk("上海分行的客户", "但不要女性", pending=True)) == ["answer_first"]
    assert asks(talk("上海分行的客户", "收紧一点", pending=True)) == ["answer_first"]
    dropped = talk("上海分行的客户", "算了，再加上女性", pending=True)
    assert not asks(dropped)
    assert spells(dropped.rule, both(SHANGHAI, WOMEN))


SAID = {
    "home_org": ("上海分行", "北京分行"), "gender": ("女性", "男性"), "cust_tier": ("白金客户", "钻石客户"),
    "mort_flag": ("有房贷的", "没有房贷的"), "dep_demand_bal": ("活期5万以上", "活期8万以上"), "dep_time_bal": ("定期10万以上", "定期30万以上"),
    "age": ("40岁以上", "55岁以上"),
}  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(sorted(SAID)), min_size=2, max_size=4, unique=True), st.data())
def test_an_edit_leaves_every_condition_it_does_not_name(tags: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(tags) - 1))
    old, new = SAID[tags[place]]
    edit = data.draw(
        st.sampled_from(
            [f"去掉第{'一二三四'[place]}个条件", f"第{'一二三四'[place]}个条件换成{new}", f"换成{new}", f"去掉{old}", f"只看{new}"]
        )
    )
    before = talk("，".join(SAID[tag][0] for tag in tags) + "的客户").rule
    assert before is not None
    assert len(in_order(before.node)) == len(tags)
    found = talk("，".join(SAID[tag][0] for tag in tags) + "的客户", edit)
    assert found.rule is not None
    assert not asks(found), (edit, asks(found))

    def others(rule: SegmentRule) -> list[str]:
        return [text(canonical(node)) for _, node in in_order(rule.node) if subjects(node) != {tags[place]}]

    assert others(found.rule) == others(before)
    assert found.rule != before


@pytest.mark.parametrize("turn", ["各分行对比上月", "按分行对比上月", "each branch compared with last month"])
def test_a_time_that_groups_are_compared_with_is_not_that_of_the_segment(turn: str) -> None:
    before = talk("9月中旬浏览贷款专区的客户")
    found = talk("9月中旬浏览贷款专区的客户", turn)
    assert found.rule == before.rule
    assert not found.changed
    assert [one.kind for one in found.requests if one.kind in ("compare_figure", "compare_segments")] or asks(found)
