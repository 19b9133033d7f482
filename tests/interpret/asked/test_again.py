"""A turn that asks nothing of its own asks the last question again: of other customers, from another time, or of both where either may be meant."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from assistant.interpret.asked.again import remembered
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Assumption, Context, Interpretation, Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, SegmentRule
from tests.interpret.reading import AS_OF, BEIJING, MORTGAGE, PLATINUM, SHANGHAI, TODAY, WOMEN, asks, both, catalog, spells

GOLD, DIAMOND = {"tag": "cust_tier", "value": ["T2"]}, {"tag": "cust_tier", "value": ["T5"]}
CARD, PAYROLL = {"tag": "cc_flag", "value": True}, {"tag": "payroll_flag", "value": True}
MONITOR, PERSONA, BY_GENDER = Request("monitor"), Request("persona"), Request("breakdown", "gender")
SINCE_MONTH = Request("compare", detail="last month")
VISITS = {"records": "zone_view", "value": 1, "window": "rolling 30 day"}


def node(short: Mapping[str, Any]) -> AnyNode:
    return node_from_short(short)


def upon(words: str, rule: AnyNode, *asked: Request, found: tuple[AnyNode, ...] = (), **choices: int) -> Interpretation:
    """A turn after an answer about a rule that was asked something."""
    context = Context(catalog(), AS_OF, TODAY, rule=SegmentRule(node=rule), asked=asked, found=found, choices=choices)
    return GrammarInterpreter().interpret(words, context)


def kinds(found: Interpretation) -> list[str]:
    return [one.kind for one in found.requests]


def stated(found: Interpretation) -> list[str]:
    return [str(one.params["request"]) for one in found.assumptions if one.code == "asked_again"]


def whole(text: str, found: Interpretation) -> bool:
    """Whether the ledger is a partition of the text."""
    places = [(entry.start, entry.end) for entry in found.ledger]
    return places[0][0] == 0 and places[-1][1] == len(text) and all(one[1] == other[0] for one, other in pairwise(places))


@pytest.mark.parametrize("asked", [MONITOR, PERSONA, BY_GENDER, SINCE_MONTH], ids=lambda one: one.kind)
@pytest.mark.parametrize("words", ["那北京分行呢", "只看北京分行", "what about Beijing Branch", "only Beijing Branch"])
def test_the_question_goes_on_with_the_branch_named(words: str, asked: Request) -> None:
    found = upon(words, node(SHANGHAI), asked)
    assert found.requests == (asked,)
    assert stated(found) == [asked.kind]
    assert spells(found.rule, BEIJING)
    assert asks(found) == []


@pytest.mark.parametrize("words", ["那女的呢", "how about women"])
def test_who_asks_on_asks_of_them_and_the_question_goes_on_with_the_other_reading_too(words: str) -> None:
    found = upon(words, node(PLATINUM), PERSONA)
    (question,) = found.questions
    assert (question.code, question.ask) == ("new_or_narrow", False)
    assert spells(found.rule, both(PLATINUM, WOMEN))
    assert found.requests == (PERSONA,)
    taken = upon(words, node(PLATINUM), PERSONA, **{question.key: 1})
    assert taken.requests == (PERSONA,)
    assert spells(taken.rule, WOMEN)


@pytest.mark.parametrize(
    "words",
    [
        "北京分行的白金客户",
        "找有房贷的客户",
        "那帮我找北京分行的代发客户",
        "find customers with a mortgage",
        "再加上有房贷的",
        "also require a mortgage",
    ],
)
def test_a_turn_that_does_not_ask_on_carries_nothing(words: str) -> None:
    assert kinds(upon(words, node(SHANGHAI), PERSONA)) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [("那北京分行有多少人", "count"), ("那按年龄段看呢", "breakdown"), ("what about Beijing Branch, by tier", "breakdown")],
)
def test_a_turn_with_a_question_of_its_own_asks_that(words: str, kind: str) -> None:
    assert kinds(upon(words, node(SHANGHAI), PERSONA)) == [kind]


@pytest.mark.parametrize("words", ["上上个月呢", "那上上个月呢", "what about the month before last?"])
def test_another_time_is_another_date_to_compare_with(words: str) -> None:
    found = upon(words, node(PLATINUM), SINCE_MONTH)
    assert found.requests == (Request("compare", detail="2026-07-31"),)
    assert not found.changed
    assert asks(found) == []
    assert whole(words, found)


def test_a_time_that_the_segment_could_take_is_asked_about() -> None:
    found = upon("上月呢", node(VISITS), Request("compare", detail="last_year"))
    (question,) = [one for one in found.questions if one.ask]
    assert question.code == "again_when"
    assert found.requests == (SINCE_MONTH,)
    taken = upon("上月呢", node(VISITS), Request("compare", detail="last_year"), **{question.key: 1})
    assert taken.requests == (Request("compare", detail="last_year"),)
    assert spells(taken.rule, {**VISITS, "window": "calendar month -1"})


@pytest.mark.parametrize("words", ["上周呢", "what about last week?"])
def test_another_time_for_what_is_going_on(words: str) -> None:
    found = upon(words, node(PLATINUM), Request("monitor", "app_login"))
    assert found.requests == (Request("monitor", "app_login", detail="2026-09-14..2026-09-20"),)
    assert asks(found) == []


@pytest.mark.parametrize("words", ["那和钻石客户呢", "那跟钻石客户呢"])
def test_the_preposition_of_a_comparison_says_which_side(words: str) -> None:
    (request,) = upon(words, node(PLATINUM), Request("compare_segments", node=node(GOLD))).requests
    assert spells(SegmentRule(node=request.node or AllOf()), DIAMOND)
    assert asks(upon(words, node(PLATINUM), Request("compare_segments", node=node(GOLD)))) == []


def test_a_time_after_a_question_without_one_is_not_taken_for_a_date() -> None:
    assert upon("上月呢", node(PLATINUM), PERSONA).requests == ()


@pytest.mark.parametrize(("words", "named"), [("那信用卡呢", CARD), ("what about credit cards?", CARD), ("那代发客户呢", PAYROLL)])
def test_after_a_guess_other_customers_are_another_guess_or_whom_it_is_asked_of(words: str, named: Mapping[str, Any]) -> None:
    guess = Request("hypothesis", node=node(MORTGAGE))
    found = upon(words, node(PLATINUM), guess)
    (question,) = [one for one in found.questions if one.code == "again_who"]
    assert question.ask
    assert question.always
    assert found.requests == (Request("hypothesis", node=found.requests[0].node),)
    assert spells(SegmentRule(node=found.requests[0].node or AllOf()), named)
    assert spells(found.rule, PLATINUM)
    assert whole(words, found)
    other = upon(words, node(PLATINUM), guess, **{question.key: 1})
    assert other.requests == (guess,)
    assert spells(other.rule, both(PLATINUM, named))
    assert whole(words, other)


@pytest.mark.parametrize("words", ["那钻石客户呢", "what about diamond tier customers"])
def test_after_a_comparison_they_take_either_side(words: str) -> None:
    compared = Request("compare_segments", node=node(both(GOLD, BEIJING)))
    found = upon(words, node(both(PLATINUM, BEIJING)), compared)
    (question,) = [one for one in found.questions if one.code == "again_who"]
    (request,) = found.requests
    assert spells(SegmentRule(node=request.node or AllOf()), both(DIAMOND, BEIJING))
    other = upon(words, node(both(PLATINUM, BEIJING)), compared, **{question.key: 1})
    assert other.requests == (compared,)
    assert spells(other.rule, both(DIAMOND, BEIJING))


@pytest.mark.parametrize("words", ["只看北京分行的", "only those of Beijing Branch"])
def test_what_narrows_one_side_of_a_comparison_narrows_the_other(words: str) -> None:
    found = upon(words, node(PLATINUM), Request("compare_segments", node=node(GOLD)))
    (request,) = found.requests
    assert spells(found.rule, both(PLATINUM, BEIJING))
    assert spells(SegmentRule(node=request.node or AllOf()), both(GOLD, BEIJING))


@pytest.mark.parametrize("words", ["为什么", "为什么呢？", "why?", "why is that"])
def test_why_after_a_comparison_is_whose_doing_it_is(words: str) -> None:
    found = upon(words, node(PLATINUM), SINCE_MONTH)
    assert found.requests == (SINCE_MONTH,)
    assert "why_by_traits" in [one.code for one in found.assumptions]
    assert asks(found) == []


@pytest.mark.parametrize("words", ["为什么", "why?"])
def test_why_after_what_is_going_on_asks_of_which_finding(words: str) -> None:
    found = upon(words, node(PLATINUM), MONITOR, found=(node(WOMEN), node(MORTGAGE)))
    (question,) = [one for one in found.questions if one.code == "ambiguous_found"]
    assert question.always
    assert len(question.readings) == 3
    assert kinds(found) == ["persona"]


@pytest.mark.parametrize("words", ["为什么", "why?"])
def test_why_after_nothing_of_the_kind_is_asked_about(words: str) -> None:
    assert "why_what" in asks(upon(words, node(PLATINUM), PERSONA))


@pytest.mark.parametrize("words", ["画个图", "画张图看看", "draw a chart", "show me a chart"])
def test_a_picture_is_of_the_last_finding(words: str) -> None:
    assert upon(words, node(PLATINUM), BY_GENDER).requests == (BY_GENDER,)
    assert asks(upon(words, node(PLATINUM))) == ["again_nothing"]


@pytest.mark.parametrize("words", ["给他们推什么", "适合推荐什么产品呢", "what should I offer them", "what should we offer them?"])
def test_what_to_offer_is_told_to_be_another_question(words: str) -> None:
    found = upon(words, node(PLATINUM), PERSONA)
    assert asks(found) == ["offer_asked"]
    assert not found.changed


def test_what_is_remembered() -> None:
    nothing = Interpretation((), None, ())
    assert remembered((PERSONA,), nothing) == (PERSONA,)
    assert remembered((PERSONA,), Interpretation((), None, (), changed=True, edit=True)) == (PERSONA,)
    assert remembered((PERSONA,), Interpretation((), None, (), changed=True)) == ()
    assert remembered((PERSONA,), Interpretation((Request("count"),), None, ())) == ()
    assert remembered((PERSONA,), Interpretation((Request("why_changed", detail="last month"),), None, ())) == (SINCE_MONTH,)


@pytest.mark.parametrize("asked", [MONITOR, BY_GENDER, Request("migration", "cust_tier", detail="last month")], ids=lambda one: one.kind)
@pytest.mark.parametrize("words", ["上海分行呢", "只看上海分行的", "what about Shanghai Branch?", "only Shanghai Branch"])
def test_a_question_of_the_whole_bank_goes_on_within_it(words: str, asked: Request) -> None:
    found = GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, asked=(asked,)))
    assert found.requests == (asked,)
    assert stated(found) == [asked.kind]
    assert spells(found.rule, SHANGHAI)
    assert asks(found) == []


@pytest.mark.parametrize("words", ["上海分行的客户", "找上海分行的女客户", "customers of Shanghai Branch"])
def test_customers_named_afresh_are_only_counted(words: str) -> None:
    found = GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, asked=(MONITOR,)))
    assert found.requests == ()


@pytest.mark.parametrize(
    "asked", [Request("grid", "grid16_cell"), Request("migration", "cust_tier", detail="2025-12-31")], ids=lambda one: one.kind
)
@pytest.mark.parametrize("words", ["看按揭客户的", "再看按揭客户的", "for mortgage customers"])
def test_customers_whose_part_is_left_open_are_asked_the_last_question(words: str, asked: Request) -> None:
    found = upon(words, AllOf(), asked)
    assert found.requests == (asked,)
    assert spells(found.rule, MORTGAGE)
    assert asks(found) == []


@pytest.mark.parametrize("words", ["看按揭客户", "customers with a mortgage"])
def test_customers_named_whole_are_looked_at_by_themselves(words: str) -> None:
    assert upon(words, AllOf(), Request("grid", "grid16_cell")).requests == ()


def test_the_question_of_a_comparison_is_not_of_those_who_left() -> None:
    found = Interpretation((), SegmentRule(node=node(PLATINUM)), (), changed=True, edit=True, assumptions=(Assumption("part_left"),))
    assert remembered((SINCE_MONTH,), found) == ()


@pytest.mark.parametrize("words", ["有什么异常吗", "最近有没有异动吗"])
def test_the_word_that_asks_says_no_more(words: str) -> None:
    found = upon(words, node(PLATINUM))
    assert kinds(found) == ["monitor"]
    assert asks(found) == []


def test_a_denial_that_is_asked_may_claim_the_opposite() -> None:
    assert "unread" in asks(upon("他们不是按揭客户吗", node(PLATINUM)))


@pytest.mark.parametrize("words", ["第2条", "第二条里的客户是谁", "the second", "open the second one", "第二个"])
def test_a_finding_is_named_by_its_place(words: str) -> None:
    found = upon(words, node(PLATINUM), MONITOR, found=(node(WOMEN), node(MORTGAGE)))
    assert spells(found.rule, MORTGAGE)
    assert asks(found) == []


@pytest.mark.parametrize("words", ["只看上海分行", "only Shanghai"])
def test_a_share_asked_on_is_called_one(words: str) -> None:
    asked = Request("hypothesis", detail="part", node=node(WOMEN))
    found = upon(words, node(PLATINUM), asked)
    assert asked in found.requests
    assert stated(found) == ["part"]


@pytest.mark.parametrize(
    ("asked", "words", "code"),
    [
        ("app_login", "那理财购买呢", "wealth_buy"),
        ("wealth_buy", "手机银行登录呢", "app_login"),
        ("app_login", "what about wealth purchases?", "wealth_buy"),
        ("wealth_buy", "and mobile banking logins?", "app_login"),
        ("", "那登录呢", "app_login"),
    ],
)
def test_another_behaviour_is_watched_instead_and_picks_nobody(asked: str, words: str, code: str) -> None:
    found = upon(words, node(SHANGHAI), Request("monitor", asked))
    assert found.requests == (Request("monitor", code),)
    assert stated(found) == ["monitor"]
    assert not found.changed
    assert asks(found) == []
    assert whole(words, found)


def test_customers_of_a_behaviour_are_still_customers() -> None:
    assert upon("买过理财的客户呢", node(SHANGHAI), Request("monitor", "app_login")).changed


@pytest.mark.parametrize(
    ("words", "asked", "detail"),
    [
        ("再往前一个月呢", "last month", "2026-07-31"),
        ("再上个月呢", "2026-07-31", "2026-06-30"),
        ("and the month before that", "last month", "2026-07-31"),
        ("how about the month before", "2026-06-21..2026-06-30", "2026-05-31"),
        ("再往前一周呢", "2026-08-20", "2026-08-13"),
    ],
)
def test_further_back_is_counted_from_the_day_compared_with(words: str, asked: str, detail: str) -> None:
    found = upon(words, node(PAYROLL), Request("compare", detail=asked))
    assert found.requests == (Request("compare", detail=detail),)
    assert asks(found) == []
    assert whole(words, found)
    assert spells(found.rule, PAYROLL)


@pytest.mark.parametrize(
    ("words", "rule", "asked"),
    [
        ("再往前一个月呢", VISITS, "last month"),
        ("再往前一个月呢", PAYROLL, "previous_period"),
        ("再往前一个月的女性呢", PAYROLL, "last month"),
    ],
)
def test_where_no_one_day_was_compared_none_is_guessed(words: str, rule: Mapping[str, Any], asked: str) -> None:
    assert asks(upon(words, node(rule), Request("compare", detail=asked)))
