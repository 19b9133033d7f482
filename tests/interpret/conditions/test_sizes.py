"""Sizes without a number: what is to be measured, that nothing is taken before it was, and the options once it was."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from assistant.interpret.conditions.sizes import measure_of, percent
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Cut, Interpretation, Measure
from assistant.rule.tree import AllOf, Not, Range, RecordCondition, TagCondition
from tests.interpret.reading import AS_OF, TODAY, asks, catalog, read


def cuts(measure: Measure, *numbers: int) -> tuple[Cut, ...]:
    """What the data might say: a tenth, a fifth, … of the customers."""
    made = []
    for place, number in enumerate(numbers, start=1):
        held = measure.node.value
        value = held.model_copy(update={"high": Decimal(number)}) if isinstance(held, Range) else Decimal(number)
        made.append(Cut(measure.node.model_copy(update={"value": value}), Decimal(place) / 10, measure.size))
    return tuple(made)


def measured(text: str, *numbers: int, choices: Mapping[str, int] | None = None) -> Interpretation:
    """A request read again with numbers for all that it has a size of."""
    found = {one: cuts(one, *numbers) for one in read(text).measures}
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, cuts=found, choices=choices or {}))


@pytest.mark.parametrize(
    ("text", "tag", "size"),
    [
        ("大额活期的客户", "dep_demand_bal", "large"),
        ("活期余额比较高的客户", "dep_demand_bal", "large"),
        ("有大量基金的女性客户", "fund_bal", "large"),
        ("小额存款的客户", "dep_total_bal", "small"),
        ("活期余额低的客户", "dep_demand_bal", "small"),
        ("customers with high demand deposits", "dep_demand_bal", "large"),
        ("customers with a lot of money in funds", "fund_bal", "large"),
        ("customers with small deposits", "dep_total_bal", "small"),
        ("存款大户", "dep_total_bal", "large"),
        ("big spenders", "cc_spend_3m", "large"),
    ],
)
def test_a_size_is_measured_before_it_is_read(text: str, tag: str, size: str) -> None:
    found = read(text)
    assert [(one.node.tag, one.size) for one in found.measures if isinstance(one.node, TagCondition)] == [(tag, size)]
    assert asks(found)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("经常登录手机银行的客户", "app_login"),
        ("登录次数多的客户", "app_login"),
        ("近90天转账频繁的客户", "transfer_out"),
        ("最近经常登录的客户", "app_login"),
        ("最近老转账的客户", "transfer_out"),
        ("谁时不时就转账", "transfer_out"),
        ("customers who often log in", "app_login"),
        ("customers who visit branches frequently", "branch_visit"),
    ],
)
def test_often_is_a_number_of_times(text: str, records: str) -> None:
    (one,) = read(text).measures
    assert isinstance(one.node, RecordCondition)
    assert (one.node.records, one.node.aggregate, one.node.operator) == (records, "count", ">=")
    assert one.whose == one.node


@pytest.mark.parametrize("text", ["大额活期的客户", "customers with high demand deposits"])
def test_every_number_found_is_an_option_and_none_is_taken_unasked(text: str) -> None:
    found = measured(text, 30000, 8000)
    (question,) = found.questions
    assert question.code == "vague_size"
    assert question.ask
    assert question.always
    assert [one.cut is not None and percent(one.cut) for one in question.readings] == ["10", "20"]
    assert [one.rule.node.value for one in question.readings if isinstance(one.rule.node, TagCondition)] == [Decimal(30000), Decimal(8000)]
    assert not [one for one in found.assumptions if one.code.startswith("size_taken")]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("有不少基金的客户", "large"),
        ("存款不少的客户", "large"),
        ("存款少的客户", "small"),
        ("存款多的客户", "large"),
        ("存款不多的客户", "small"),
    ],
)
def test_a_denied_size_is_the_other_one(text: str, size: str) -> None:
    assert [one.size for one in read(text).measures] == [size]


@pytest.mark.parametrize(
    "text", ["少存款的客户", "存款不算少的客户", "不经常登录的客户", "登录不频繁的客户", "customers who do not log in often"]
)
def test_other_denials_are_asked_about(text: str) -> None:
    assert "unread" in asks(measured(text, 30, 8))


def test_the_number_chosen_is_said() -> None:
    key = measured("大额活期的客户", 30000, 8000).questions[0].key
    found = measured("大额活期的客户", 30000, 8000, choices={key: 1})
    assert isinstance(found.rule and found.rule.node, TagCondition)
    assert found.rule is not None
    assert isinstance(found.rule.node, TagCondition)
    assert found.rule.node.value == 8000
    (said,) = [one for one in found.assumptions if one.code == "size_taken_large"]
    assert (said.params["words"], said.params["share"]) == ("大额活期", "20")
    assert asks(found) == []


def test_a_choice_among_other_numbers_is_another_choice() -> None:
    key = measured("大额活期的客户", 30000, 8000).questions[0].key
    assert measured("大额活期的客户", 40000, 9000, choices={key: 1}).questions[0].ask


def test_a_concept_on_the_same_thing_stands_beside_the_numbers() -> None:
    labels = [one.label.zh for one in measured("经常登录手机银行的客户", 18, 8).questions[0].readings if one.label is not None]
    assert labels == ["手机银行活跃"]


def test_words_of_the_catalog_have_their_own_readings_first() -> None:
    (question,) = measured("有钱人", 500000, 120000).questions
    assert question.code == "ambiguous_word"
    assert [one.cut is None for one in question.readings] == [True, True, True, False, False]


def test_what_the_data_cannot_tell_stays_unread() -> None:
    for numbers in ((), (30000,)):
        assert "unread" in asks(measured("大额活期的客户", *numbers))
        assert "unread" in asks(measured("存款大户", *numbers))


@pytest.mark.parametrize(
    "text",
    [
        "大额活期5万以上的客户",  # says the number after all
        "理财和基金多的客户",  # of which, or of both?
        "很少登录的客户",
        "没有大额存款的客户",
        "customers with high",
    ],
)
def test_what_is_not_plain_is_asked_about(text: str) -> None:
    assert asks(measured(text, 30000, 8000))


@pytest.mark.parametrize("text", ["活期高于5万的客户", "存款比基金多的客户", "近90天大额转出的客户", "有大额存单的客户"])
def test_what_says_a_number_or_names_a_thing_has_no_size(text: str) -> None:
    found = read(text)
    assert not found.measures
    assert asks(found) == []


def test_who_has_none_is_not_measured() -> None:
    tags = catalog().tags
    large, small, age = measure_of(tags["fund_bal"], "large"), measure_of(tags["fund_bal"], "small"), measure_of(tags["age"], "small")
    assert large.whose == small.whose == TagCondition(tag="fund_bal", operator=">", value=Decimal(0))
    assert isinstance(small.node.value, Range)
    assert small.node.value.low_open
    assert age.whose == Not(child=TagCondition(tag="age", operator="is_unknown"))
    assert age.node.operator == "<="
    assert measure_of(tags["age"].model_copy(update={"null_means": "never_null"}), "large").whose == AllOf()


def test_shares_are_said_in_whole_percent() -> None:
    node = TagCondition(tag="aum_bal", operator=">=", value=Decimal(1))
    assert [percent(Cut(node, Decimal(share), "large")) for share in ("0.104", "0.25", "0.0012")] == ["10", "25", "0.1"]
