"""A size without a number, as a person meets it: asked with lines drawn in the data, each with its customers, and said back once one was chosen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.app.words import assumption_text, option_labels
from assistant.catalog.model import Language
from assistant.insight.requested import those
from assistant.insight.sizing import Sizing
from assistant.interpret.interpretation import Conversation
from assistant.narrate.readback import condition_phrase
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity
from assistant.rule.edits import AddCondition
from assistant.rule.tree import TagCondition


def asked(assistant: Assistant, text: str) -> tuple[Answer, Conversation]:
    answer, conversation = assistant.ask(text)
    assert answer.outcome == "choice"
    assert [one.question.code for one in answer.questions] == ["vague_size"]
    return answer, conversation


@pytest.mark.parametrize(("text", "language"), [("大额活期的客户", "zh"), ("customers with high demand deposits", "en")])
def test_every_line_has_its_share_and_its_customers(assistant: Assistant, text: str, language: Language) -> None:
    answer, _ = asked(assistant, text)
    (question,) = answer.questions
    labels = option_labels(question, answer, language)
    assert len(labels) == len(question.options) >= 2
    assert all("%" in label for label in labels)
    counts = [option.count.value for option in question.options]
    assert all(isinstance(n, int) and n > 0 for n in counts)
    assert counts == sorted(counts)  # type: ignore[type-var]


def test_a_line_is_asked_for_even_where_each_gives_the_same_customers(assistant: Assistant) -> None:
    answer, _ = assistant.ask("存款比较少、定期100万以上的客户")
    assert answer.outcome == "choice"
    assert [(one.question.code, one.same) for one in answer.questions] == [("vague_size", True)]


def test_a_line_is_near_its_quantile(assistant: Assistant) -> None:
    answer, _ = asked(assistant, "大额活期的客户")
    everyone, _ = assistant.ask("活期大于0的客户")
    assert everyone.count is not None
    for option, share in zip(answer.questions[0].options, ("0.1", "0.25"), strict=True):
        assert abs(Decimal(str(option.count.value)) - everyone.count.n * Decimal(share)) <= everyone.count.n * Decimal(share) * Decimal(
            "0.15"
        )


@pytest.mark.parametrize("said", ["第一个", "前{share}%"])
def test_the_line_chosen_is_the_rule_and_is_said(assistant: Assistant, said: str) -> None:
    answer, conversation = asked(assistant, "大额活期的客户")
    first = answer.questions[0].options[0]
    assert first.reading.cut is not None
    share = str(round(first.reading.cut.share * 100))
    chosen, _ = assistant.ask(said.format(share=share), conversation)
    assert chosen.outcome == "answered"
    assert chosen.count is not None
    assert chosen.count.n == first.count.value
    assert chosen.rule is not None
    assert isinstance(chosen.rule.node, TagCondition)
    assert chosen.rule.node == first.reading.cut.node
    told = [assumption_text(one, chosen, "zh") for one in chosen.assumptions if one.code == "size_taken_large"]
    assert len(told) == 1
    assert "大额活期" in told[0]
    assert f"前{share}%" in told[0]


def test_the_lines_are_drawn_among_those_the_asker_may_see(assistant: Assistant) -> None:
    branch = replace(assistant, identity=Identity("manager", "branch_manager", ("3100",)))
    whole, own = asked(assistant, "经常登录手机银行的客户")[0], asked(branch, "经常登录手机银行的客户")[0]
    assert max(str(one.count.value) for one in own.questions[0].options) != max(str(one.count.value) for one in whole.questions[0].options)
    cuts = [one.reading.cut for one in own.questions[0].options if one.reading.cut is not None]
    mine, _ = branch.ask("近30天登录过手机银行的客户")
    assert mine.count is not None
    assert [round(cut.share * mine.count.n) for cut in cuts] == [one.count.value for one in own.questions[0].options if one.reading.cut]


def test_the_line_is_said_of_those_compared_with_too(assistant: Assistant) -> None:
    _, conversation = assistant.ask("近30天登录过手机银行的客户")
    asked_about, conversation = assistant.ask("和存款多的客户比", conversation)
    (question,) = asked_about.questions
    cut = question.options[0].reading.cut
    assert cut is not None
    answer, _ = assistant.ask("第一个", conversation)
    assert answer.outcome == "answered"
    (told,) = [assumption_text(one, answer, "zh") for one in answer.assumptions if one.code == "size_taken_large"]
    assert condition_phrase(cut.node, answer.catalog, "zh") in told


@pytest.mark.parametrize(
    ("turns", "operator"),
    [
        (("大额活期客户", "改成50万以上"), ">="),
        (("大额活期客户", "50万以上"), ">="),
        (("customers with high demand deposits", "make it over 500k"), ">"),
    ],
)
def test_a_number_said_to_the_question_is_the_size(assistant: Assistant, turns: tuple[str, str], operator: str) -> None:
    _, conversation = asked(assistant, turns[0])
    answer, after = assistant.ask(turns[1], conversation)
    assert answer.outcome == "answered"
    assert answer.rule is not None
    node = answer.rule.node
    assert isinstance(node, TagCondition)
    assert (node.tag, node.operator, node.value) == ("dep_demand_bal", operator, Decimal(500000))
    assert after.pending is None


@pytest.mark.parametrize("turn", ["北京分行50万以上", "改成50万以上的理财", "不要65岁以上的"])
def test_a_number_of_something_else_is_not_the_size(assistant: Assistant, turn: str) -> None:
    _, conversation = asked(assistant, "大额活期客户")
    answer, _ = assistant.ask(turn, conversation)
    assert answer.outcome == "choice"


@pytest.mark.parametrize(
    ("segment", "question"),
    [
        ("AUM最高的50人", "AUM多少以上能有{n}人"),
        ("top 50 by AUM", "which AUM threshold gives about {n} customers"),
        ("女客户", "AUM多少以上能有{n}人"),
    ],
)
def test_the_threshold_asked_for_is_told_where_there_are_as_many_already(assistant: Assistant, segment: str, question: str) -> None:
    before, conversation = assistant.ask(segment)
    assert before.count is not None
    answer, _ = assistant.ask(question.format(n=before.count.n), conversation)
    assert answer.outcome == "answered"
    (sizing,) = those(answer.insights, Sizing)
    (best, *_) = sizing.proposals
    assert isinstance(best.edit, AddCondition)
    assert isinstance(best.edit.node, TagCondition)
    assert best.edit.node.tag == "aum_bal"
    assert condition_phrase(best.edit.node, answer.catalog, answer.language) in answer.narrative[answer.language].text


@pytest.mark.parametrize(
    ("segment", "question"), [("AUM最高的50人", "AUM多少以上能有80人"), ("top 50 by AUM", "which AUM threshold gives about 80 customers")]
)
def test_no_threshold_is_told_for_more_than_there_are(assistant: Assistant, segment: str, question: str) -> None:
    _, conversation = assistant.ask(segment)
    answer, _ = assistant.ask(question, conversation)
    assert answer.outcome == "answered"
    (sizing,) = those(answer.insights, Sizing)
    assert sizing.proposals == ()
