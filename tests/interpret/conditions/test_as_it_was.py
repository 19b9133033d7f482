"""A tier beside a change of tier is asked about: the tier before it or the one now; where today or nothing of a change is said, it is plain."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.rule.canonical import canonical_rule
from tests.interpret.reading import AS_OF, TODAY, asked, canonical, catalog, read, read_rule

WAS = {"tag": "cust_tier", "operator": "in", "value": ["T5"], "snapshot": "year -1"}
IS = {"tag": "cust_tier", "operator": "in", "value": ["T5"]}


@pytest.mark.parametrize("text", ["钻石客户降级的有多少", "降级的钻石客户", "diamond customers who were downgraded"])
def test_those_who_were_are_offered_before_those_who_are(text: str) -> None:
    (question,) = [one for one in read(text).questions if one.ask]
    rules = [canonical_rule(reading.rule.node, catalog().expand_all) for reading in question.readings]
    assert rules == [canonical({"all": [tier, {"concept": "downgraded"}]}) for tier in (WAS, IS)]


def test_of_today_is_plain() -> None:
    assert "ambiguous_time_of_value" not in asked("现在是钻石客户的降级户")
    assert read_rule("现在是钻石客户的降级户") == canonical({"all": [IS, {"concept": "downgraded"}]})


@pytest.mark.parametrize("text", ["钻石客户", "降级户", "钻石客户或降级户", "女客户里降级的", "AUM比上年末下降30%的钻石客户"])
def test_either_alone_is_plain(text: str) -> None:
    assert "ambiguous_time_of_value" not in asked(text)


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ("钻石客户", "其中降级的"),
        ("钻石客户", "只看降级的"),
        ("降级户", "只看钻石客户"),
        ("diamond customers", "only those who were downgraded"),
    ],
)
def test_said_of_a_rule_that_has_the_other_it_is_asked_as_in_one_sentence(before: str, then: str) -> None:
    context = Context(catalog(), AS_OF, TODAY, turn=1, rule=read(before).rule)
    (question,) = [one for one in GrammarInterpreter().interpret(then, context).questions if one.ask]
    rules = [canonical_rule(reading.rule.node, catalog().expand_all) for reading in question.readings]
    assert rules == [canonical({"all": [tier, {"concept": "downgraded"}]}) for tier in (WAS, IS)]
