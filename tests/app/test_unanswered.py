"""Whose customers a follow-up means: those of a turn not answered, or those under the same conditions, are asked about, never left out without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode
from assistant.store.open import open_store

UNREAD = {"zh": "按揭客户啵啵", "en": "mortgage customers frobnicated"}


def talk(assistant: Assistant, *turns: str) -> Answer:
    conversation = Conversation()
    for turn in turns:
        answer, conversation = assistant.ask(turn, conversation)
    return answer


def rule_of(answer: Answer) -> AnyNode:
    assert answer.rule is not None
    return canonical(answer.rule.node)


def said(assistant: Assistant, words: str) -> AnyNode:
    answer = talk(assistant, words)
    assert answer.outcome == "answered"
    return rule_of(answer)


def options(answer: Answer) -> list[AnyNode]:
    (question,) = answer.questions
    return [canonical(option.reading.rule.node) for option in question.options]


@pytest.mark.parametrize(
    ("turns", "all_of_it"),
    [
        (("AUM 20万以上客户本月下降的有多少", "跟上月比呢"), "AUM 20万以上的客户"),
        (("AUM 20万以上客户本月下降的有多少", "最近有什么异常"), "AUM 20万以上的客户"),
        ((UNREAD["zh"], "为什么变少了"), "按揭客户"),
        (("mortgage customers not frobnicated", "compare with last month"), "mortgage customers"),
        (("mortgage customers not frobnicated", "what is unusual lately"), "mortgage customers"),
    ],
)
def test_a_finding_without_a_segment_is_asked_about(assistant: Assistant, turns: tuple[str, ...], all_of_it: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "choice"
    assert [question.question.code for question in answer.questions] == ["of_unanswered"]
    assert options(answer) == [said(assistant, all_of_it), canonical(AllOf())]
    assert answer.insights == ()


@pytest.mark.parametrize(
    ("turns", "narrowed", "anew"),
    [
        ((UNREAD["zh"], "那女客户呢"), "有按揭的女客户", "女客户"),
        (("AUM 20万以上客户本月下降的有多少", "只看女客户"), "AUM 20万以上的女客户", "女客户"),
        ((UNREAD["en"], "what about women?"), "women with a mortgage", "women"),
    ],
)
def test_customers_named_beside_those_are_asked_about(assistant: Assistant, turns: tuple[str, ...], narrowed: str, anew: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "choice"
    assert options(answer) == [said(assistant, narrowed), said(assistant, anew)]
    for number, words in (("1", narrowed), ("2", anew)):
        chosen = talk(assistant, *turns, number)
        assert chosen.outcome == "answered"
        assert rule_of(chosen) == said(assistant, words)


@pytest.mark.parametrize(("number", "words"), [("第一个", "AUM 20万以上的客户"), ("第二个", "")])
def test_the_choice_is_answered_and_is_the_segment_then(assistant: Assistant, number: str, words: str) -> None:
    turns = ("AUM 20万以上客户本月下降的有多少", "跟上月比呢", number)
    answer = talk(assistant, *turns)
    wanted = said(assistant, words) if words else canonical(AllOf())
    assert answer.outcome == "answered"
    assert [one.kind for one in answer.requests] == ["compare"]
    assert rule_of(answer) == wanted
    assert rule_of(talk(assistant, *turns, "有多少人")) == wanted


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        ((UNREAD["zh"], "女客户有多少"), "女客户"),
        ((UNREAD["zh"], "女客户", "和上月比"), "女客户"),
        ((UNREAD["zh"], "算了", "女客户", "和上月比"), "女客户"),
        ((UNREAD["en"], "how many women are there"), "women"),
    ],
)
def test_a_turn_that_names_its_customers_leaves_it(assistant: Assistant, turns: tuple[str, ...], words: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert rule_of(answer) == said(assistant, words)
    left = [one.params["words"] for one in talk(assistant, *turns[:2]).assumptions if one.code == "without_unsettled"]
    assert left == ([turns[0]] if turns[1] != "算了" else []), "it is said that the turn before is left aside"


def test_a_turn_taken_back_is_gone(assistant: Assistant) -> None:
    answer = talk(assistant, UNREAD["zh"], "算了", "和上月比")
    assert answer.outcome == "answered"
    assert rule_of(answer) == canonical(AllOf())


def test_the_segment_before_is_the_other_option(assistant: Assistant) -> None:
    answer = talk(assistant, "女客户", "AUM 20万以上客户本月下降的有多少", "和上月比")
    assert answer.outcome == "choice"
    assert options(answer) == [said(assistant, "AUM 20万以上的客户"), said(assistant, "女客户")]


@pytest.mark.parametrize(
    ("turns", "same_otherwise", "every"),
    [
        (("有按揭的女客户", "和男客户比"), "有按揭的男客户", "男客户"),
        (("women with a mortgage", "compare them with the men"), "men with a mortgage", "men"),
    ],
)
def test_the_other_side_of_a_condition_is_asked_about(
    assistant: Assistant, turns: tuple[str, ...], same_otherwise: str, every: str
) -> None:
    wanted = [said(assistant, same_otherwise), said(assistant, every)]
    assert options(talk(assistant, *turns)) == wanted
    for number, node in zip(("1", "2"), wanted, strict=True):
        chosen = talk(assistant, *turns, number)
        assert chosen.outcome == "answered"
        assert [canonical(one.node) for one in chosen.requests if one.node is not None] == [node]


@pytest.mark.parametrize(
    ("turns", "lost"),
    [
        (("有房贷的客户", "资产啵啵超过10万的客户有多少", "按分行看"), "资产啵啵超过10万的客户有多少"),
        (("mortgage customers", "frobnicated folk", "by branch"), "frobnicated folk"),
    ],
)
def test_an_answer_that_leans_on_more_than_was_understood_says_what_is_not_in_it(
    assistant: Assistant, turns: tuple[str, ...], lost: str
) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert rule_of(answer) == said(assistant, turns[0])
    assert [one.params["words"] for one in answer.assumptions if one.code == "without_unsettled"] == [lost]


@pytest.mark.parametrize(
    ("turns", "lost"),
    [
        (("啵啵客户", "那个嘟嘟", "去年同期呢"), "啵啵客户 / 那个嘟嘟"),
        (("frobnicated folk", "wibbles", "by branch"), "frobnicated folk / wibbles"),
    ],
)
def test_where_nobody_stands_it_is_asked_whether_everyone_is_meant(assistant: Assistant, turns: tuple[str, ...], lost: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "choice"
    assert [one.question.code for one in answer.questions] == ["of_unsettled"]
    assert answer.questions[0].question.params["lost"] == lost
    assert options(answer) == [canonical(AllOf())]
    chosen = talk(assistant, *turns, "1")
    assert chosen.outcome == "answered"
    assert rule_of(chosen) == canonical(AllOf())
    assert [one.params["words"] for one in chosen.assumptions if one.code == "without_unsettled"] == [lost]


@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (("怎么提高理财首购", "能触达多少"), "怎么提高理财首购"),
        (("大额存款客户", "可触达的有多少"), "大额存款客户"),
        (("customers with large deposits", "how many are reachable"), "customers with large deposits"),
    ],
)
def test_a_question_that_names_no_customers_waits_for_the_open_one(assistant: Assistant, turns: tuple[str, ...], left: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "choice"
    assert [issue.code for issue in answer.issues] == ["answer_first"]
    assert answer.text == left
    assert len(options(answer)) > 1


@pytest.mark.parametrize(
    "turns",
    [
        ("大额存款客户", "全行有多少客户"),
        ("customers with large deposits", "show me all customers by branch"),
    ],
)
def test_a_question_of_everyone_leaves_the_open_one(assistant: Assistant, turns: tuple[str, ...]) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert rule_of(answer) == canonical(AllOf())


def test_what_was_answered_since_is_nothing_lost(assistant: Assistant) -> None:
    answer = talk(assistant, "有房贷的客户", "啵啵的客户有多少", "有房贷的女客户", "按分行看")
    assert "without_unsettled" not in {one.code for one in answer.assumptions}


@pytest.mark.parametrize(
    "turns",
    [
        ("代发客户和去年末比", "那按揭客户呢", "女客户呢"),
        ("payroll customers, compare with the end of last year", "what about mortgage customers", "what about the women"),
    ],
)
def test_the_understanding_shown_is_that_of_the_first_option(assistant: Assistant, turns: tuple[str, ...]) -> None:
    """A second follow-up while the first is open: what is shown as understood and what an option counts are of one segment, and so is what a choice gives."""
    conversation = Conversation()
    for turn in turns:
        answer, conversation = assistant.ask(turn, conversation)
    assert rule_of(answer) == options(answer)[0]
    taken, _ = assistant.ask("第一个", conversation)
    assert taken.outcome == "answered"
    assert rule_of(taken) == options(answer)[0]


def test_customers_compared_with_a_time_that_does_not_fit_are_asked_about(assistant: Assistant) -> None:
    answer = talk(assistant, "9月11日到24日浏览过贷款专区的客户和之前10天比", "为什么多了")
    assert [question.question.code for question in answer.questions] == ["of_unanswered"]
    assert options(answer)[0] == said(assistant, "9月11日到24日浏览过贷款专区的客户")


@pytest.mark.parametrize("words", ["不想买理财的客户", "不打算买理财的客户", "customers who don't want to buy wealth products"])
def test_not_wanting_to_buy_is_neither_bought_nor_not_bought(assistant: Assistant, words: str) -> None:
    answer = talk(assistant, words)
    assert answer.outcome == "choice"
    assert answer.rule is None
    assert answer.questions == ()
    assert any(issue.code == "unread" for issue in answer.issues)


def test_a_turn_read_again_with_what_was_chosen_is_nothing_lost(assistant: Assistant) -> None:
    answer = talk(assistant, "钻石客户", "其中降级的", "2")
    assert answer.outcome == "answered"
    assert "without_unsettled" not in {one.code for one in answer.assumptions}


def test_once_the_customers_spoken_of_are_meant_it_is_asked_of_which_time_their_tier_is(assistant: Assistant) -> None:
    first = talk(assistant, "钻石客户", "降级的")
    assert [one.question.code for one in first.questions] == ["new_or_narrow"]
    second = talk(assistant, "钻石客户", "降级的", "1")
    assert [one.question.code for one in second.questions] == ["ambiguous_time_of_value"]
    assert talk(assistant, "钻石客户", "降级的", "2").outcome == "answered"
    asked_on = talk(assistant, "钻石客户", "降级的呢")
    assert [one.question.code for one in asked_on.questions] == ["ambiguous_time_of_value"]


@pytest.mark.parametrize(
    "turns", [("有钱人有多少", "那走掉的那些人是谁"), ("大额活期客户", "跟上月比呢"), ("wealthy folks", "compare with last month")]
)
def test_what_customers_are_spoken_of_is_settled_before_anything_leans_on_them(assistant: Assistant, turns: tuple[str, str]) -> None:
    first, conversation = assistant.ask(turns[0])
    assert first.outcome == "choice"
    answer, after = assistant.ask(turns[1], conversation)
    assert [issue.code for issue in answer.issues] == ["answer_first"]
    assert [one.question.key for one in answer.questions] == [one.question.key for one in first.questions]
    assert assistant.ask("1", after)[0].outcome == "answered"


@pytest.mark.parametrize(
    "turns",
    [
        ("金卡客户", "女的", "存为金卡女"),
        ("金卡客户", "女的", "建一个营销外呼名单"),
        ("gold customers", "women", "save as Gold Ladies"),
    ],
)
def test_nothing_is_saved_or_called_while_it_is_open_whose_customers_are_meant(assistant: Assistant, turns: tuple[str, ...]) -> None:
    conversation = Conversation()
    for turn in turns:
        answer, conversation = assistant.ask(turn, conversation)
    assert (answer.outcome, [issue.code for issue in answer.issues]) == ("choice", ["answer_first"])
    assert answer.kept is None
    assert answer.calls is None


def test_customers_named_by_a_trait_alone_are_never_the_whole_banks_behind_an_open_question(assistant: Assistant) -> None:
    waiting = talk(assistant, "近30天理财买了超过10万的有几个", "女的有多少")
    assert (waiting.outcome, [issue.code for issue in waiting.issues]) == ("choice", ["answer_first"])
    turns = ("who bought more than 100k of wealth in the last 30 days", "how many women")
    asked = talk(assistant, *turns)
    assert (asked.outcome, [one.question.code for one in asked.questions]) == ("choice", ["new_or_narrow"])
    assert options(asked) == [rule_of(talk(assistant, turns[0], "1", "only women")), said(assistant, "women")]


@pytest.mark.parametrize("turns", [("大额存款客户", "存款大于50万的客户"), ("large depositors", "deposits above 500k")])
def test_a_turn_about_the_same_things_says_the_open_question_again_in_other_words(assistant: Assistant, turns: tuple[str, str]) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert rule_of(answer) == said(assistant, turns[1])


@pytest.mark.parametrize(
    ("turns", "codes"),
    [
        (("大额活期客户", "最近有什么异常"), ["without_unsettled"]),
        (("customers with large demand deposits", "anything unusual lately?"), ["without_unsettled"]),
        (("大额活期客户", "算了，按揭客户有多少"), ["question_left", "without_unsettled"]),
        (("customers with large demand deposits", "never mind, how many mortgage customers"), ["question_left", "without_unsettled"]),
    ],
)
def test_a_question_left_open_blocks_nothing_clear_and_is_named(assistant: Assistant, turns: tuple[str, ...], codes: list[str]) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert [one.code for one in answer.assumptions] == codes


@pytest.mark.parametrize(
    ("turns", "lost"),
    [(("金卡客户", "只看甲乙丙丁", "保存为金卡的"), "只看甲乙丙丁"), (("gold customers", "only xyzzy", "save as gold ones"), "only xyzzy")],
)
def test_what_is_saved_behind_a_turn_that_was_not_read_is_said_to_be_without_it(
    assistant: Assistant, turns: tuple[str, ...], lost: str
) -> None:
    store = open_store()
    answer = talk(replace(assistant, kept=store), *turns)
    assert answer.outcome == "answered"
    assert answer.kept is not None
    assert [one.params["words"] for one in answer.assumptions if one.code == "without_unsettled"] == [lost]
    store.close()


@pytest.mark.parametrize("number", ["1", "2"])
@pytest.mark.parametrize(
    "turns",
    [
        ("who bought more than 100k of wealth in the last 30 days", "how many women"),
        ("large depositors", "how many women are there"),
        ("大额存款客户", "女客户有多少"),
    ],
)
def test_a_choice_made_behind_an_open_question_is_the_option_that_was_offered(
    assistant: Assistant, turns: tuple[str, ...], number: str
) -> None:
    asked = talk(assistant, *turns)
    if asked.issues:
        assert [issue.code for issue in asked.issues] == ["answer_first"]
        return
    answer = talk(assistant, *turns, number)
    assert answer.outcome == "answered"
    assert rule_of(answer) == options(asked)[int(number) - 1]
    assert ("unanswered_first" in [one.code for one in answer.assumptions]) == (number == "1")


def test_a_question_shown_once_more_is_the_one_that_was_asked(assistant: Assistant) -> None:
    turns = ("who bought more than 100k of wealth in the last 30 days", "how many women")
    asked, again = talk(assistant, *turns), talk(assistant, *turns, "only the women")
    assert (again.outcome, [issue.code for issue in again.issues]) == ("choice", ["answer_first"])
    assert options(again) == options(asked)
