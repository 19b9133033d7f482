"""What is offered is what is had: an offer taken leaves exactly the customers its button told, in both languages, and is one turn that can be undone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.app.offers import offer_line, offer_words, offered, offers_json
from assistant.app.ui.session import Session
from assistant.app.view import as_json
from assistant.catalog.model import LANGUAGES, Language
from assistant.facts import FactSheet
from assistant.insight.contrast import Contrast
from assistant.insight.offers import offers
from assistant.insight.persona import Persona
from assistant.insight.requested import those
from assistant.insight.traits import Trait
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant
from assistant.policy import Identity, Protection
from assistant.rule.edits import AddCondition, RemoveCondition
from assistant.rule.tree import TagCondition

REQUESTS = (
    "女性客户的十六宫格", "AUM大于1万的客户按客户等级看", "AUM大于1万的客户按年龄看", "按分行看有多少", "按分行和性别交叉看", "AUM大于5万的客户是什么样的人", "按手机银行签约看", "女性客户从上月末到现在客户等级的迁移",
    "AUM大于20万的客户凑够100人", "近30天登录手机银行超过3次且AUM大于5万的客户，控制在20人以内", "活期大于9000万且年龄大于30的客户",
)  # fmt: skip


@pytest.mark.parametrize("request_text", REQUESTS)
def test_an_offer_taken_leaves_what_its_button_told(assistant: Assistant, request_text: str) -> None:
    answer, conversation = assistant.ask(request_text, Conversation())
    assert answer.outcome == "answered"
    for offer in offered(answer):
        taken, after = assistant.ask(offer_words(offer, answer, "zh"), conversation, edit=offer.edit)
        assert taken.outcome == "answered"
        assert taken.count is not None
        assert answer.facts is not None
        if offer.count is not None:
            assert taken.count.n == answer.facts[offer.count].value
        assert after.history.past[-1] == conversation.rule
        for language in LANGUAGES:
            assert offer_line(offer, answer, language)


def test_most_findings_offer_something(assistant: Assistant) -> None:
    assert sum(bool(offered(assistant.ask(text, Conversation())[0])) for text in REQUESTS) >= len(REQUESTS) - 1


def test_the_wire_carries_the_rule(assistant: Assistant) -> None:
    answer, _ = assistant.ask(REQUESTS[1], Conversation())
    found = as_json(answer)["offers"]
    assert isinstance(found, list)
    assert found == offers_json(answer)
    assert isinstance(found[0], dict)
    assert set(found[0]) == {"label", "rule", "count"}


def test_nobody_is_offered_a_group_too_small_to_be_shown(assistant: Assistant) -> None:
    bound = replace(assistant, identity=Identity(role="analyst"))
    answer, _ = bound.ask("按支行看有多少", Conversation())
    assert answer.facts is not None
    for offer in offered(answer):
        assert offer.count is None or not answer.facts[offer.count].suppressed


def test_a_session_takes_an_offer_as_a_turn(assistant: Assistant) -> None:
    session = Session().say(assistant, REQUESTS[0])
    taken = session.take(assistant, 0)
    assert taken.last is not None
    assert taken.last.outcome == "answered"
    assert len(taken.answers) == 2
    assert session.take(assistant, 99) is session
    assert Session().take(assistant, 0).answers == ()


def test_an_edit_that_does_not_fit_is_told(assistant: Assistant) -> None:
    answer, _ = assistant.ask("…", Conversation(), edit=RemoveCondition(path=(3,)))
    assert answer.outcome == "choice"
    assert [issue.code for issue in answer.issues] == ["edit_not_possible"]


def test_what_all_have_is_no_segment_of_its_own(assistant: Assistant) -> None:
    """Nineteen in twenty, or more, would leave the segment as it is; and what others explain is offered last."""

    def trait(tag: str, n: int, explained_by: tuple[str, ...] = ()) -> Trait:
        share, rest = Decimal(n) / 1000, Decimal("0.2")
        return Trait(tag, "true", n, 1000, 200, 1000, share, rest, 0.1, 0.9, 0.7, 0.0, explained_by=explained_by)

    traits = (trait("app_reg_flag", 1000), trait("cc_flag", 600, ("age",)), trait("payroll_flag", 951), trait("mort_flag", 500))
    found = Persona(1000, 1000, traits, (), 4, 0, (), "q")
    kept = [
        offer.edit.node for offer in offers([found], assistant.catalog, FactSheet(Protection(0))) if isinstance(offer.edit, AddCondition)
    ]
    assert [node.tag for node in kept if isinstance(node, TagCondition)] == ["mort_flag", "cc_flag"]


@pytest.mark.parametrize(
    ("language", "text", "shared", "apart"),
    [
        ("zh", "金卡客户和白金客户比", "重叠", "点开对比客群"),
        ("en", "compare gold customers with platinum customers", "in both", "open the other segment"),
    ],
)
def test_an_overlap_is_offered_only_where_there_is_one(
    assistant: Assistant, language: Language, text: str, shared: str, apart: str
) -> None:
    answer, _ = assistant.ask(text, Conversation())
    (found,) = those(answer.insights, Contrast)
    assert not found.both
    last = answer.narrative[language].claims[-1].text
    assert apart in last
    assert shared not in last
