"""Who may not list is refused before anything is read; within a scope all others are told the same."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.view import as_json
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant
from assistant.policy import Identity
from assistant.rule.tree import AllOf, SegmentRule


def test_who_may_not_list_may_not_ask_about_one(assistant: Assistant) -> None:
    bound = replace(assistant, identity=Identity(role="analyst"))
    _, conversation = bound.ask("女性客户", Conversation())
    answer, _ = bound.ask("客户10000011为什么不在里面", conversation)
    assert answer.outcome == "forbidden"
    assert [issue.code for issue in answer.issues] == ["forbidden_list"]
    assert not answer.insights
    assert not answer.sql


def test_others_customers_and_no_customers_are_told_the_same(assistant: Assistant) -> None:
    everyone, _ = assistant.ask("上海分行的客户", Conversation())
    assert everyone.validated is not None
    ours = assistant.members(everyone.validated)
    all_of_them, _ = assistant.ask("所有客户", Conversation())
    assert all_of_them.validated is not None
    assert all_of_them.rule == SegmentRule(node=AllOf())
    other = next(one for one in assistant.members(all_of_them.validated) if one not in ours)
    bound = replace(assistant, identity=Identity(role="branch_manager", branches=("3100",)))
    told = []
    for one in (other, 999_999_999):
        answer, _ = bound.ask(f"客户{one}为什么不在里面", bound.ask("女性客户", Conversation())[1])
        told.append(answer.narrative["zh"].text.replace(str(one), "…"))
        wire = as_json(answer)["why_in"]
        assert wire == [{"customer": one, "known": False, "inside": False, "clauses": [], "remedies": []}]
    assert told[0] == told[1]


def test_who_may_look_at_everybody_is_told_no_matter_of_permission(assistant: Assistant) -> None:
    answer, _ = assistant.ask("客户999999999为什么不在", Conversation())
    assert "不满足统计范围" in answer.narrative["zh"].text
    assert "查看" not in answer.narrative["zh"].text
    assert "there is no such customer number" in answer.narrative["en"].text
