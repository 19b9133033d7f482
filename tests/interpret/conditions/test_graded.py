"""A tier whose words name a card is asked about beside a card, and only there."""

from __future__ import annotations

import pytest

from assistant.rule.canonical import canonical_rule
from tests.interpret.reading import asked, canonical, catalog, read, read_rule

TIER, CARD = {"tag": "cust_tier", "value": ["T2"]}, {"records": "credit_card", "where": {"grade": ["gold"]}}
HELD = {"tag": "cc_flag", "value": True}


@pytest.mark.parametrize("text", ["持有信用卡的金卡客户", "有信用卡的金卡客户"])
def test_a_card_beside_it_makes_the_tier_a_question(text: str) -> None:
    (question,) = [one for one in read(text).questions if one.ask]
    assert question.code == "ambiguous_word"
    rules = [one.rule.node for one in question.readings]
    assert [canonical_rule(rule, catalog().expand_all) for rule in rules] == [
        canonical({"all": [HELD, TIER]}),
        canonical({"all": [HELD, CARD]}),
    ]


@pytest.mark.parametrize("text", ["半年没刷过信用卡的金卡客户", "刷过信用卡的金卡客户", "gold card customers with a credit card"])
def test_so_does_what_is_done_with_one(text: str) -> None:
    assert "ambiguous_word" in asked(text)


@pytest.mark.parametrize(
    "text", ["金卡客户", "活期5万以上的金卡客户", "买过理财的金卡客户", "有信用卡的白金客户", "gold customers with a mortgage"]
)
def test_without_one_the_word_for_customers_settles_it(text: str) -> None:
    assert "ambiguous_word" not in asked(text)
    assert "cust_tier" in str(read_rule(text))
