"""Two sides, each read by itself: who is compared with whom, what they share, and what is asked because it can be parted or understood in two ways."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Request
from assistant.rule.canonical import canonical_rule
from assistant.rule.short import node_from_short
from assistant.rule.tree import Not, SegmentRule
from tests.interpret.reading import (
    AS_OF,
    BEIJING,
    MORTGAGE,
    PLATINUM,
    SHANGHAI,
    TODAY,
    WOMEN,
    asked,
    asks,
    both,
    canonical,
    catalog,
    read,
    spells,
    talk,
)

CARD = {"tag": "cc_flag", "value": True}
PAYROLL, NO_PAYROLL = {"tag": "payroll_flag", "value": True}, {"tag": "payroll_flag", "value": False}
NO_MORTGAGE = {"tag": "mort_flag", "value": False}
GOLD = {"tag": "cust_tier", "value": ["T2"]}
WEALTH = {"tag": "wealth_bal", "operator": ">", "value": 0}


def compared(found: Interpretation) -> object:
    """The canonical rule of those compared with."""
    (request,) = (one for one in found.requests if one.kind == "compare_segments")
    assert request.node is not None
    return canonical_rule(request.node, catalog().expand_all)


def whole(text: str, found: Interpretation) -> bool:
    """Whether the ledger is a partition of the text."""
    places = [(entry.start, entry.end) for entry in found.ledger]
    return places[0][0] == 0 and places[-1][1] == len(text) and all(one[1] == other[0] for one, other in pairwise(places))


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("对比有房贷的客户和有信用卡的客户", MORTGAGE, CARD),
        ("把代发客户和非代发客户比一比", PAYROLL, NO_PAYROLL),
        ("代发客户跟非代发客户有什么区别", PAYROLL, NO_PAYROLL),
        ("代发客户相比白金客户有什么特点", PAYROLL, PLATINUM),
        ("与白金客户相比，代发客户有什么特点", PAYROLL, PLATINUM),
        ("上海分行的和北京分行的理财客户有什么不同", both(SHANGHAI, WEALTH), both(BEIJING, WEALTH)),
        ("上海分行的白金客户和北京分行的白金客户的差异", both(SHANGHAI, PLATINUM), both(BEIJING, PLATINUM)),
        ("白金客户中有房贷的和没有房贷的有什么不同", both(PLATINUM, MORTGAGE), both(PLATINUM, NO_MORTGAGE)),
        ("compare payroll customers with non-payroll customers", PAYROLL, NO_PAYROLL),
        ("compare customers with a mortgage with customers with a credit card", MORTGAGE, CARD),
        ("what is the difference between customers with a mortgage and customers with a credit card", MORTGAGE, CARD),
        ("platinum tier customers versus gold tier customers", PLATINUM, GOLD),
        ("compared with gold tier customers, how do platinum tier customers differ", PLATINUM, GOLD),
        (
            "compare platinum tier customers of Shanghai Branch with those of Beijing Branch",
            both(PLATINUM, SHANGHAI),
            both(PLATINUM, BEIJING),
        ),
        ("compare platinum tier customers with a mortgage and those without", both(PLATINUM, MORTGAGE), both(PLATINUM, NO_MORTGAGE)),
        ("有房贷的和没有的有什么区别", MORTGAGE, NO_MORTGAGE),
        ("有房贷的白金客户和没有的有什么区别", both(MORTGAGE, PLATINUM), both(PLATINUM, NO_MORTGAGE)),
    ],
)
def test_two_segments_by_name(text: str, own: Mapping[str, object], other: Mapping[str, object]) -> None:
    found = read(text)
    assert asked(text) == []
    assert spells(found.rule, own)
    assert compared(found) == canonical_rule(node_from_short(other), catalog().expand_all)
    assert whole(text, found)
    assert found.changed


@pytest.mark.parametrize(
    "text",
    [
        "和白金客户比呢", "与白金客户相比这些人有什么特点", "相比白金客户，他们有什么特点", "对比白金客户", "这群人跟白金客户有什么不同",
        "how do these differ from platinum tier customers in general", "compare them with platinum tier customers",
        "what makes them different from platinum tier customers", "compared with platinum tier customers, what are they like",
    ],
)  # fmt: skip
def test_the_segment_so_far_is_pointed_at(text: str) -> None:
    found = talk("女性客户", text)
    assert asks(found) == []
    assert not found.changed
    assert spells(found.rule, WOMEN)
    assert compared(found) == canonical_rule(node_from_short(PLATINUM), catalog().expand_all)


@pytest.mark.parametrize("text", ["这群人跟其他白金客户比有什么不同", "how do they differ from other platinum tier customers"])
def test_other_ones_are_those_outside(text: str) -> None:
    found = talk("女性客户", text)
    assert asks(found) == []
    assert compared(found) == canonical_rule(node_from_short(both(PLATINUM, {"not": WOMEN})), catalog().expand_all)


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("和全体客户相比这些人有什么特点", "", "everyone"),
        ("这群人跟全行比有什么不同", "", "everyone"),
        ("跟其余客户比有什么特点", "", ""),
        ("和同样年龄和客户等级的客户相比有什么特点", "age cust_tier", "matched"),
        ("与同年龄同等级的客户相比", "age cust_tier", "matched"),
        ("和年龄、等级相同的客户比", "age cust_tier", "matched"),
        ("和同类客户比有什么特点", "", "matched"),
        ("compared with customers of the same age and tier, what are they like", "age cust_tier", "matched"),
        ("compared with everyone else, what are they like", "", ""),
        ("compared to the rest, what are they like", "", ""),
    ],
)
def test_a_persona_against_a_baseline(text: str, code: str, detail: str) -> None:
    found = talk("女性客户", text)
    assert asks(found) == []
    assert [(one.kind, one.code, one.detail) for one in found.requests] == [("persona", code, detail)]
    assert spells(found.rule, WOMEN)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("对比金卡、白金和钻石客户", "compare_several"),
        ("对比白金客户和金卡客户和钻石客户", "compare_several"),
        ("对比白金客户和金卡客户的平均AUM", "compare_alone"),
        ("和白金客户相比他们有什么特点", "compare_nobody"),
        ("和同年龄的客户相比有什么特点", "compare_nobody"),
        ("比较活跃的客户", "compare_whom"),
        ("白金客户和名字很长的客户相比有什么不同", "unread"),
        ("白金客户和同年龄同名字的客户相比", "unread"),
        ("白金客户和同年龄同等级同性别同分行同职业的客户相比", "match_on_fewer"),
        ("对比代发的和有房贷的白金客户", "compare_shared"),
    ],
)
def test_what_can_be_understood_in_two_ways_is_asked(text: str, code: str) -> None:
    assert code in asked(text)


def test_a_choice_of_what_is_shared_is_kept() -> None:
    text = "对比代发的和有房贷的白金客户"
    (question,) = (one for one in read(text).questions if one.code == "compare_shared")
    assert [spells(reading.rule, rule) for reading, rule in zip(question.readings, (both(PAYROLL, PLATINUM), PAYROLL), strict=True)] == [
        True
    ] * 2
    assert spells(talk(text, choices={question.key: 1}).rule, PAYROLL)


def test_a_new_pair_is_another_segment_and_a_pair_among_them_is_not() -> None:
    anew = talk("女性客户", "对比有房贷的客户和有信用卡的客户")
    assert spells(anew.rule, MORTGAGE)
    assert [one.code for one in anew.assumptions] == ["new_segment"]
    within = talk("女性客户", "其中有房贷的和没有房贷的比一比")
    assert spells(within.rule, both(WOMEN, MORTGAGE))
    assert compared(within) == canonical_rule(node_from_short(both(WOMEN, NO_MORTGAGE)), catalog().expand_all)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("和去年同期比", "compare"),
        ("和上一版比有什么不同", "compare_before"),
        ("白金客户和金卡客户按分行对比", "breakdown"),
        ("有房贷和有信用卡的客户有什么特点", "persona"),
        ("有房贷的客户和去年同期比", "compare"),
    ],
)
def test_what_compares_no_two_segments_stays_what_it_is(text: str, kind: str) -> None:
    assert [one.kind for one in talk("女性客户", text).requests] == [kind]


@pytest.mark.parametrize(
    "text", ["上海分行的客户对比全行的白金客户", "对比全行的白金客户,上海分行的客户有什么特点", "上海分行的客户对比全部客户的白金客户"]
)
def test_everyone_of_some_kind_is_a_segment_of_its_own(text: str) -> None:
    found = read(text)
    assert spells(found.rule, SHANGHAI)
    assert compared(found) == canonical_rule(node_from_short(PLATINUM), catalog().expand_all)


@pytest.mark.parametrize(
    "text",
    [
        "上海分行的客户对比全行,白金客户有什么特点",
        "上海分行的客户和全行比的白金客户",
        "platinum customers compared with similar customers with a mortgage",
    ],
)
def test_words_that_either_side_could_take_are_asked_about(text: str) -> None:
    assert asks(read(text)) == ["compare_several"]
    assert read(text).rule is None


def test_everyone_with_a_mortgage_may_lean_on_the_first_side() -> None:
    assert "compare_shared" in asks(read("Shanghai customers compared with all customers with a mortgage"))


@pytest.mark.parametrize("text", ["男女有什么不同", "男女有什么区别", "他们男女有什么差别"])
def test_the_two_values_of_a_tag_that_one_word_names(text: str) -> None:
    found = talk("代发客户", text)
    assert compared(found) == canonical(both(PAYROLL, {"tag": "gender", "value": ["M"]}))
    assert spells(found.rule, both(PAYROLL, WOMEN))
    assert not asks(found)
    assert spells(read("男女有什么不同").rule, WOMEN)


@pytest.mark.parametrize("text", ["客户等级有什么不同", "年龄有什么区别"])
def test_a_tag_of_more_values_is_no_two_segments(text: str) -> None:
    assert "compare_segments" not in [one.kind for one in talk("代发客户", text).requests if one.node is not None]


def test_like_customers_after_a_comparison_are_said_to_be_of_all() -> None:
    upon = SegmentRule(node=node_from_short(PLATINUM))
    context = Context(catalog(), AS_OF, TODAY, rule=upon, asked=(Request("compare_segments", node=node_from_short(GOLD)),))
    found = GrammarInterpreter().interpret("年龄相近的比呢", context)
    assert [(one.kind, one.code, one.detail) for one in found.requests] == [("persona", "age", "matched")]
    assert "matched_of_all" in [one.code for one in found.assumptions]
    assert not found.issues


MEN = {"tag": "gender", "value": ["M"]}


@pytest.mark.parametrize(
    ("text", "clause", "own", "other", "ask"),
    [
        ("how do women differ from men among payroll customers", PAYROLL, WOMEN, MEN, False),
        ("what differs between women and men with a mortgage", MORTGAGE, WOMEN, MEN, False),
        ("compare gold tier customers and platinum tier customers in Shanghai Branch", SHANGHAI, GOLD, PLATINUM, False),
        ("上海分行里女性客户和男性客户有什么不同", SHANGHAI, WOMEN, MEN, False),
        ("how do gold tier customers differ from platinum tier customers in Shanghai Branch", SHANGHAI, GOLD, PLATINUM, True),
        ("compare women with men in Shanghai Branch", SHANGHAI, WOMEN, MEN, True),
        ("how do mortgage customers differ from payroll customers in Shanghai Branch", SHANGHAI, MORTGAGE, PAYROLL, True),
        ("上海分行的金卡客户和白金客户有什么不同", SHANGHAI, GOLD, PLATINUM, True),
        ("对比上海分行的女性客户和男性客户", SHANGHAI, WOMEN, MEN, True),
        ("上海分行的女性客户跟男性客户有什么不同", SHANGHAI, WOMEN, MEN, True),
        ("上海分行的代发客户和有房贷的客户有什么不同", SHANGHAI, PAYROLL, MORTGAGE, True),
    ],
)
def test_a_clause_at_the_edge_of_both_is_both_sides_or_asked_about(
    text: str, clause: Mapping[str, object], own: Mapping[str, object], other: Mapping[str, object], ask: bool
) -> None:
    found = read(text)
    assert asks(found) == (["compare_shared"] if ask else [])
    assert spells(found.rule, both(own, clause))
    assert compared(found) == canonical(both(other, clause))
    assert whole(text, found)
    (question,) = (one for one in found.questions if one.code == "compare_shared")
    alone = talk(text, choices={question.key: 1})
    first, second = spells(alone.rule, own), compared(alone) == canonical(other)
    assert first != second, "the other reading leaves the clause on one side only"


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("how do women with a mortgage differ from men", both(WOMEN, MORTGAGE), MEN),
        ("女性客户和上海分行的男性客户有什么不同", WOMEN, both(MEN, SHANGHAI)),
        ("women in Shanghai Branch versus men in Beijing Branch", both(WOMEN, SHANGHAI), both(MEN, BEIJING)),
        ("compare customers with a mortgage with customers with a credit card and a wealth product", MORTGAGE, both(CARD, WEALTH)),
        ("compare payroll customers with platinum tier women", PAYROLL, both(WOMEN, PLATINUM)),
    ],
)
def test_a_clause_between_the_two_or_one_of_each_is_its_own_sides(
    text: str, own: Mapping[str, object], other: Mapping[str, object]
) -> None:
    found = read(text)
    assert "compare_shared" not in asks(found)
    assert spells(found.rule, own)
    assert compared(found) == canonical(other)


def test_everyone_else_takes_over_nothing_of_those_left_out() -> None:
    found = read("how do women differ from everyone else in Shanghai Branch")
    assert asks(found) == ["compare_shared"]
    assert spells(found.rule, both(WOMEN, SHANGHAI))
    assert compared(found) == canonical(both(SHANGHAI, {"not": both(WOMEN, SHANGHAI)}))


NEVER = "mortgage customers who did not visit loan pages since 11 September"


@pytest.mark.parametrize("time", ["since 11 September", "in the last 30 days", "last month"])
def test_who_did_are_those_not_denied_what_the_segment_is(time: str) -> None:
    found = talk(f"mortgage customers who did not visit loan pages {time}", "how do they differ from mortgage customers who did?")
    visited = read(f"mortgage customers who visited loan pages {time}").rule
    assert asks(found) == []
    assert visited is not None
    assert compared(found) == canonical_rule(visited.node, catalog().expand_all)


def test_who_did_within_a_branch_or_in_all_is_asked() -> None:
    text = "how do they differ from mortgage customers who did?"
    found = talk(NEVER + " in Shanghai Branch", text)
    (question,) = found.questions
    within, everywhere = (canonical_rule(reading.rule.node, catalog().expand_all) for reading in question.readings)
    visited = read("mortgage customers who visited loan pages since 11 September").rule
    local = read("mortgage customers in Shanghai Branch who visited loan pages since 11 September").rule
    assert visited is not None
    assert local is not None
    assert within == canonical_rule(local.node, catalog().expand_all)
    assert everywhere == canonical_rule(visited.node, catalog().expand_all)
    chosen = talk(NEVER + " in Shanghai Branch", text, choices={question.key: 1})
    assert compared(chosen) == everywhere


def test_who_did_after_a_segment_denied_nothing_is_not_read() -> None:
    assert asks(talk("platinum tier customers", "how do they differ from gold tier customers who have")) == ["unread"]


@pytest.mark.parametrize("text", ["跟全行代发客户比有什么不同", "how do they differ from all payroll customers"])
def test_a_wider_segment_is_compared_with_as_it_is_said(text: str) -> None:
    found = talk("女性代发客户", text)
    assert asks(found) == []
    assert compared(found) == canonical(PAYROLL)


JULY, AUGUST = "calendar month -2", "calendar month -1"
LOGGED = {"records": "app_login", "window": AUGUST}
WEEK_BEFORE = {"records": "app_login", "window": "calendar week -2"}


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("上个月新开户的和前一个月新开户的比", {"tag": "open_date", "within": AUGUST}, {"tag": "open_date", "within": JULY}),
        ("上个月登录过的和前一个月登录过的比", LOGGED, {**LOGGED, "window": JULY}),
        ("上周登录过的客户和前一周登录过的比", {**LOGGED, "window": "calendar week -1"}, WEEK_BEFORE),
        ("compare customers who logged in last month with those who logged in the month before", LOGGED, {**LOGGED, "window": JULY}),
        (
            "customers who joined the bank last month vs those who joined the bank the month before",
            {"tag": "open_date", "within": AUGUST},
            {"tag": "open_date", "within": JULY},
        ),
        ("本月登录过的客户和前一个月登录过的比", {**LOGGED, "window": "calendar month 0"}, LOGGED),
        ("近7天登录过的客户和前一个月登录过的比", {**LOGGED, "window": "rolling 7 day"}, LOGGED),
    ],
)
def test_a_period_before_is_counted_from_the_time_of_the_first_side(
    text: str, own: Mapping[str, object], other: Mapping[str, object]
) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, own)
    assert compared(found) == canonical(other)


@pytest.mark.parametrize(
    "text", ["上个月登录过而且前一个月买过基金的客户", "customers who logged in last month and bought funds the month before"]
)
def test_a_period_before_is_counted_from_the_time_said_in_front_of_it(text: str) -> None:
    assert spells(read(text).rule, both(LOGGED, {"records": "fund_buy", "window": JULY}))


@pytest.mark.parametrize(
    "text",
    ["买了理财的和没买的有什么区别", "how do those who bought wealth products differ from those who did not", "买了理财的客户和没买的比"],
)
def test_those_who_did_not_are_the_others_in_the_same_days(text: str) -> None:
    found = read(text)
    assert asks(found) == []
    assert found.rule is not None
    assert compared(found) == canonical_rule(Not(child=found.rule.node), catalog().expand_all)
    assert whole(text, found)


@pytest.mark.parametrize("text", ["没买理财的和没买的有什么区别", "买了理财的和没开的有什么区别", "有房贷和信用卡的和没有的有什么区别"])
def test_what_the_second_have_not_is_not_guessed(text: str) -> None:
    assert "unread" in asks(read(text))
