"""How far a denial reaches over the names listed behind the first: all nouns of people, and it is asked of any others."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, canonical, read, read_rule

_NO_MORTGAGE, _NO_CARD = {"tag": "mort_flag", "value": False}, {"tag": "cc_flag", "value": False}
_NOT_PAID = {"tag": "payroll_flag", "value": False}
_PLATINUM = {"tag": "cust_tier", "value": ["T3"]}


@pytest.mark.parametrize(
    "text",
    [
        "platinum customers without the mortgage holders and the card holders",
        "platinum customers without mortgage holders and card holders",
        "platinum customers who are not mortgage holders and card holders",
        "platinum customers but not the mortgage holders and the card holders",
        "没有按揭客户和持卡客户的白金客户",
        "不是按揭客户、持卡客户的白金客户",
    ],
)
def test_each_noun_of_people_is_denied(text: str) -> None:
    assert (read_rule(text), asked(text)) == (canonical({"all": [_PLATINUM, _NO_MORTGAGE, _NO_CARD]}), [])


@pytest.mark.parametrize(
    "text",
    [
        "platinum customers without the mortgage holders, the card holders and the payroll customers",
        "不是按揭客户、持卡客户和代发客户的白金客户",
    ],
)
def test_so_is_each_of_three(text: str) -> None:
    assert (read_rule(text), asked(text)) == (canonical({"all": [_PLATINUM, _NO_MORTGAGE, _NO_CARD, _NOT_PAID]}), [])


@pytest.mark.parametrize(
    "text",
    [
        "platinum customers without a mortgage and the card holders",
        "platinum customers without the mortgage holders and those with a credit card",
        "platinum customers, not women, card holders",
        "not staff and on payroll",
        "customers who are not women or mortgage holders",
        "platinum customers, no mortgage holders or card holders",
        "没有按揭和女性的白金客户",
        "不是按揭客户,代发客户",
        "没有按揭或者女性的客户",
    ],
)
def test_of_any_others_it_is_asked(text: str) -> None:
    questions = [question for question in read(text).questions if question.ask]
    assert [question.key.split(":")[0] for question in questions] == ["denied_list"]
    assert len({str(reading.rule) for reading in questions[0].readings}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "platinum customers who are not staff and have a mortgage",
        "customers not on payroll and with a mortgage",
        "非本行员工,代发客户,女客户",
        "女性、非本行员工、代发客户",
        "没有按揭的白金客户",
    ],
)
def test_what_has_its_own_verb_or_is_a_list_of_its_own_is_not(text: str) -> None:
    assert asked(text) == []
    assert str(read_rule(text)).count("False") == 1
