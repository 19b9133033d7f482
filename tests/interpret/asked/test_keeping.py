"""What is asked of saved segments: names as typed, whole turns or the end of one, and nothing read that was not said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, Not, SegmentRef, SegmentRule, TagCondition, walk
from assistant.store.segment import Library, Policy, SavedSegment, Version
from tests.interpret.reading import AS_OF, MORTGAGE, TODAY, WOMEN, catalog

GOLD = TagCondition(tag="cust_tier", operator="in", value=("T3",))


def saved(identifier: str, name: str, owner: str = "lihua", policy: Policy = "living") -> SavedSegment:
    return SavedSegment(identifier, name, owner, "", owner != "lihua", False, (Version(1, GOLD, policy, "", owner, "", AS_OF, ""),))


LIBRARY = Library(
    "lihua",
    (
        saved("s1", "重点客户"),
        saved("s2", "Wealth Folks"),
        saved("s3", "理财潜客"),
        saved("s4", "定格", policy="frozen"),
        saved("s5", "同名", "wangwei"),
        saved("s6", "同名", "zhaolei"),
    ),
)
RULE = SegmentRule(node=node_from_short(WOMEN))


def read(text: str, rule: SegmentRule | None = RULE, opened: str | None = None, choices: dict[str, int] | None = None) -> Interpretation:
    context = Context(catalog(), AS_OF, TODAY, 1, rule, choices or {}, library=LIBRARY, opened=opened)
    return GrammarInterpreter().interpret(text, context)


@pytest.mark.parametrize(
    ("text", "name", "policy"),
    [
        ("保存为高净值女性", "高净值女性", ""),
        ("把这个客群存成「高净值女性」", "高净值女性", ""),
        ("请把他们保存成“高净值 女性”吧", "高净值 女性", ""),
        ("保存为 VIP女客 谢谢", "VIP女客", ""),
        ("另存为：优质女客户。", "优质女客户", ""),
        ("存为固定名单「九月名单」", "九月名单", "frozen"),
        ("保存为动态客群 女客一号", "女客一号", "living"),
        ("save this as Well-off Women", "Well-off Women", ""),
        ("save as “well-off, women” please", "well-off, women", ""),
        ("Save them as a frozen list called September Women", "September Women", "frozen"),
        ("please save this segment as ladies 2026, thanks", "ladies 2026", ""),
        ("call it ladies of the north", "ladies of the north", ""),
    ],
)
def test_the_segment_so_far_is_saved_under_the_name_typed(text: str, name: str, policy: str) -> None:
    found = read(text)
    assert found.requests == (Request("save", detail=name, level=policy),)
    assert (found.issues, found.rule, found.changed) == ((), RULE, False)
    assert "".join(text[one.start : one.end] for one in found.ledger) == text
    assert {one.kind for one in found.ledger} <= {"request", "ignored"}


@pytest.mark.parametrize(
    "text", ["有房贷的客户,保存为房贷客户群", "有房贷的客户另存为「房贷客户群」", "customers with a mortgage, save them as 房贷客户群"]
)
def test_what_stands_before_is_the_segment(text: str) -> None:
    found = read(text, None)
    assert found.rule is not None
    assert found.rule.node == node_from_short(MORTGAGE)
    assert [one.detail for one in found.requests] == ["房贷客户群"]
    assert found.changed
    assert not found.issues


def test_what_stands_before_may_be_unread_and_is_then_asked_about() -> None:
    found = read("养宠物的女性客户,保存为某某客户", None)
    assert [one.code for one in found.issues] == ["unread"]


@pytest.mark.parametrize("text", ["保存为「女客」再按分行看", "保存为女客,按分行看", "save as “northern ladies” by branch"])
def test_what_stands_behind_a_name_is_unread(text: str) -> None:
    found = read(text)
    assert [one.code for one in found.issues] == ["unread"]
    assert found.ledger[-1].kind == "unread"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("保存为", "segment_name_missing"),
        ("save as", "segment_name_missing"),
        ("save this as please", "segment_name_missing"),
        ("保存为上海", "segment_name_unfit"),
        ("保存为客户", "segment_name_unfit"),
        ("保存为A", "segment_name_unfit"),
        ("save as gold", "segment_name_unfit"),
        (f"保存为{'很长' * 40}", "segment_name_too_long"),
    ],
)
def test_what_cannot_be_a_name_is_asked_about(text: str, code: str) -> None:
    assert [one.code for one in read(text).issues] == [code]


def test_a_business_word_may_be_a_name() -> None:
    assert read("保存为理财潜客").issues == ()


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("打开重点客户", Request("load", "s1")),
        ("打开「重点客户」", Request("load", "s1")),
        ("open Wealth folks", Request("load", "s2")),
        ("open my wealth folks please", Request("load", "s2")),
        ("load the segment “Wealth Folks”", Request("load", "s2")),
        ("刷新重点客户", Request("refresh", "s1")),
        ("把重点客户刷新一下", Request("refresh", "s1")),
        ("refresh wealth folks", Request("refresh", "s2")),
        ("归档重点客户", Request("archive", "s1")),
        ("把重点客户归档", Request("archive", "s1")),
        ("删掉重点客户", Request("archive", "s1")),
        ("把重点客户删除", Request("archive", "s1")),
        ("delete Wealth Folks", Request("archive", "s2")),
        ("archive my wealth folks", Request("archive", "s2")),
        ("把重点客户改名为核心客户", Request("rename", "s1", detail="核心客户")),
        ("重点客户改名为「核心客户」", Request("rename", "s1", detail="核心客户")),
        ("rename wealth folks to Folks of Wealth", Request("rename", "s2", detail="Folks of Wealth")),
        ("刷新", Request("refresh", "s2")),
        ("归档吧", Request("archive", "s2")),
        ("改名为核心客户", Request("rename", "s2", detail="核心客户")),
        ("rename it to core folks", Request("rename", "s2", detail="core folks")),
    ],
)
def test_a_saved_segment_is_named_or_the_open_one_is_meant(text: str, request_: Request) -> None:
    found = read(text, opened="s2")
    assert found.requests == (request_,)
    assert found.issues == ()


@pytest.mark.parametrize(
    "text", ["我的客群", "我的客群有哪些？", "我保存的客群有哪些", "list my segments", "What segments do I have?", "saved segments please"]
)
def test_saved_segments_are_listed(text: str) -> None:
    assert read(text).requests == (Request("segments"),)


def test_opening_gives_the_rule_or_the_list() -> None:
    living, frozen = read("打开重点客户"), read("打开定格")
    assert living.rule == SegmentRule(node=GOLD)
    assert frozen.rule == SegmentRule(node=SegmentRef(segment="s4"))
    assert living.changed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("打开「没有的」", "segment_not_found"),
        ("刷新", "segment_none_open"),
        ("打开同名", "segment_name_twice"),
        ("归档「无此客群」", "segment_not_found"),
    ],
)
def test_what_is_not_known_is_asked_about(text: str, code: str) -> None:
    assert [one.code for one in read(text).issues] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "打开手机银行的客户",
        "open rate above 20%",
        "刷新过额度的客户",
        "归档的合同",
        "load customers with a mortgage",
        "删掉",
        "删掉有房贷的",
        "delete those with a mortgage",
    ],
)
def test_verbs_with_no_name_behind_them_are_read_as_ever(text: str) -> None:
    assert not any(one.kind in ("load", "refresh", "archive") and one.code for one in read(text, None).requests)


def refs(node: AnyNode) -> list[str]:
    return [part.segment for _, part in walk(node) if isinstance(part, SegmentRef)]


@pytest.mark.parametrize(
    "text",
    [
        "在重点客户里没有信用卡的",
        "重点客户中没有信用卡的",
        "我的重点客户里没有信用卡的",
        "「重点客户」里没有信用卡的客户",
        "my wealth folks without a credit card",
        "wealth folks without a credit card",
    ],
)
def test_a_saved_segment_is_a_condition_among_others(text: str) -> None:
    found = read(text, None)
    assert [one.code for one in found.issues] == []
    assert found.rule is not None
    assert isinstance(found.rule.node, AllOf)
    first, second = found.rule.node.children
    assert isinstance(first, SegmentRef)
    assert first.segment in ("s1", "s2")
    assert first.name in ("重点客户", "Wealth Folks")
    assert isinstance(second, TagCondition)


@pytest.mark.parametrize(
    "text", ["不是重点客户的女性", "除了重点客户以外的女性", "women who are not in wealth folks", "women except wealth folks"]
)
def test_a_saved_segment_may_be_left_out(text: str) -> None:
    found = read(text, None)
    assert found.rule is not None
    assert not found.issues
    denied = [part for _, part in walk(found.rule.node) if isinstance(part, Not)]
    assert [refs(one) for one in denied] in ([["s1"]], [["s2"]])
    assert len(refs(found.rule.node)) == 1


def test_a_name_that_is_a_business_word_too_is_asked_about() -> None:
    found = read("理财潜客中上海分行的", None)
    (question,) = (one for one in found.questions if one.code == "saved_or_concept")
    assert question.ask
    assert [refs(reading.rule.node) for reading in question.readings] == [["s3"], []]
    chosen = read("理财潜客中上海分行的", None, choices={question.key: 1})
    assert chosen.rule is not None
    assert refs(chosen.rule.node) == []


def test_a_name_of_two_peoples_segments_is_asked_about() -> None:
    found = read("同名里的女性", None)
    (question,) = (one for one in found.questions if one.code == "saved_or_concept")
    assert [refs(reading.rule.node) for reading in question.readings] == [["s5"], ["s6"]]


def test_without_saved_segments_nothing_changes() -> None:
    context = Context(catalog(), AS_OF, TODAY)
    assert [one.code for one in GrammarInterpreter().interpret("在重点客户里没有信用卡的", context).issues] != []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("白金客户存一下", "save"),
        ("save platinum tier customers as a segment", "save"),
        ("加载已保存的客群", "load"),
        ("open my saved segment", "load"),
    ],
)
def test_without_a_name_it_is_still_known_what_is_asked(text: str, kind: str) -> None:
    (found,) = read(text, None).requests
    assert (found.kind, found.code, found.detail) == (kind, "", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("存一下，叫潜力客户", "潜力客户"),
        ("存起来叫理财重点", "理财重点"),
        ("保存，名为活跃客户", "活跃客户"),
        ("save it, call it prime", "prime"),
    ],
)
def test_what_follows_saving_and_calling_is_a_name(text: str, name: str) -> None:
    found = read(text)
    assert found.requests == (Request("save", detail=name),)
    assert (found.rule, found.changed, found.issues) == (RULE, False, ())


PUT_AWAY = Library("lihua", (*LIBRARY.segments[:2], replace(saved("s7", "理财潜客女"), archived=True)))


@pytest.mark.parametrize(
    ("text", "request_", "codes"),
    [
        ("恢复理财潜客女", Request("restore", "s7"), []),
        ("把「理财潜客女」恢复使用", Request("restore", "s7"), []),
        ("restore 理财潜客女", Request("restore", "s7"), []),
        ("打开理财潜客女", Request("load", "s7"), ["segment_put_away"]),
        ("open 理财潜客女", Request("load", "s7"), ["segment_put_away"]),
        ("归档理财潜客女", Request("archive", "s7"), ["segment_put_away"]),
        ("恢复重点客户", Request("restore", "s1"), ["segment_in_use"]),
        ("restore Wealth Folks", Request("restore", "s2"), ["segment_in_use"]),
    ],
)
def test_an_archived_segment_comes_back_by_name_and_does_nothing_before(text: str, request_: Request, codes: list[str]) -> None:
    context = Context(catalog(), AS_OF, TODAY, 1, RULE, {}, library=PUT_AWAY)
    found = GrammarInterpreter().interpret(text, context)
    assert (found.requests, [one.code for one in found.issues]) == ((request_,), codes)


@pytest.mark.parametrize("text", ["理财潜客女里有房贷的", "customers in 理财潜客女 with a mortgage"])
def test_a_name_that_only_an_archived_segment_has_is_that_segment_and_no_other_words(text: str) -> None:
    context = Context(catalog(), AS_OF, TODAY, 1, None, {}, library=PUT_AWAY)
    found = GrammarInterpreter().interpret(text, context)
    assert found.rule is not None
    assert [node.segment for _, node in walk(found.rule.node) if isinstance(node, SegmentRef)] == ["s7"]
    assert not any(isinstance(node, TagCondition) and node.tag == "gender" for _, node in walk(found.rule.node))
