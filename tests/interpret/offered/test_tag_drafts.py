"""What the catalog lacks becomes a draft in the user's words; what can be put in other words does not."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from assistant.catalog.load import TagCatalog
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.interpret.offered.tag_drafts import TagDraft
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule


@cache
def catalog() -> TagCatalog:
    return TagCatalog.load()


def drafted(text: str) -> TagDraft | None:
    return GrammarInterpreter().interpret(text, Context(catalog(), date(2026, 9, 24), date(2026, 9, 25))).draft


@pytest.mark.parametrize(
    ("text", "kind", "record", "item"),
    [
        ("最近一次去网点的时间超过30天的客户", "last", "branch_visit", None),
        ("最常看的专区是理财专区的客户", "preference", "zone_view", "zone"),
        ("最常用的转账渠道是手机银行的客户", "preference", "transfer_out", None),
        ("近半年打客服电话的频率很高的客户", "count", "call_in", None),
        ("customers whose favourite zone is wealth", "preference", "zone_view", "zone"),
        ("有游艇的女性", "other", None, None),
        ("customers who own a yacht", "other", None, None),
    ],
)
def test_kind_and_records_are_suggested_from_what_exists(text: str, kind: str, record: str | None, item: str | None) -> None:
    draft = drafted(text)
    assert draft is not None
    assert (draft.kind, draft.record, draft.property) == (kind, record, item)
    assert draft.definition == text
    assert all(part in text for part in draft.words.split(" / "))
    assert bool(draft.dry_run) == (record is not None)


def test_the_dry_run_says_how_it_would_spread() -> None:
    last, favourite = drafted("最近一次去网点的时间超过30天的客户"), drafted("最常看的专区是理财专区的客户")
    assert last is not None
    assert favourite is not None
    expected = node_from_short(
        {"records": "branch_visit", "aggregate": "last", "operator": "within", "value": {"kind": "rolling", "unit": "day", "n": 30}}
    )
    assert last.dry_run[0] == expected
    assert [one.filters[0].value for one in favourite.dry_run][:2] == [("wealth",), ("loan",)]


def test_words_known_to_be_missing_name_what_is_nearest() -> None:
    draft = drafted("对公存款大于5万")
    assert draft is not None
    assert draft.words == "对公存款"
    assert "dep_total_bal" in draft.nearest


@pytest.mark.parametrize(
    "text", ["活期存款大于5万的客户", "活期村款大于5万的客户", "上海分行的客户有多少", "customers with a credit crad", "撤销"]
)
def test_what_is_read_or_may_be_mended_is_no_missing_tag(text: str) -> None:
    assert drafted(text) is None


@pytest.mark.parametrize("text", ["我要年龄的白金客户", "platinum customers, show their age"])
def test_words_of_the_catalog_are_known_though_not_understood(text: str) -> None:
    found = GrammarInterpreter().interpret(text, Context(catalog(), date(2026, 9, 24), date(2026, 9, 25)))
    (issue,) = found.issues
    assert issue.code == "unread"
    assert "known" in issue.params
    assert "near" not in issue.params
    assert found.draft is None


@pytest.mark.parametrize(
    "text",
    [
        "加回来",
        "再往前一个月",
        "从哪个格子来的",
        "是不是年纪大",
        "哪些人从高掉到低了",
        "bring them back",
        "and that month before?",
        "who left",
        "how did they move",
        "i want 2000, where to put the threshold",
    ],
)
def test_ordinary_speech_is_no_property_of_a_customer(text: str) -> None:
    found = GrammarInterpreter().interpret(text, Context(catalog(), date(2026, 9, 24), date(2026, 9, 25)))
    assert found.issues
    assert found.draft is None


@pytest.mark.parametrize(("begun", "say"), [(False, "anew"), (True, "here")])
@pytest.mark.parametrize("text", ["再往前一个月呢呗", "where did they run, colleague"])
def test_words_only_talked_with_are_answered_with_what_can_be_said(text: str, begun: bool, say: str) -> None:
    rule = SegmentRule(node=node_from_short({"tag": "mort_flag", "value": True})) if begun else None
    found = GrammarInterpreter().interpret(text, Context(catalog(), date(2026, 9, 24), date(2026, 9, 25), rule=rule))
    unread = [issue for issue in found.issues if issue.code == "unread"]
    assert [issue.params["say"] for issue in unread if "say" in issue.params] == [say]
    assert all("near" not in issue.params for issue in unread)


def test_a_time_that_is_said_makes_no_tag_of_the_last_time() -> None:
    draft = drafted("how many frobs bought more than 100k wealth in the last 30 days")
    assert draft is not None
    assert (draft.kind, draft.dry_run) == ("other", ())
