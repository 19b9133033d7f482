"""Only a number of customers is a size; one that may be an amount is asked about, and a size never changes the rule."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import AS_OF, PLATINUM, TODAY, WOMEN, asks, catalog, read, spells, talk


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("白金客户，我要大约5000人", "5000"), ("白金客户凑够5000人", "5000"), ("白金客户控制在5000人以内", "<=5000"), ("白金客户缩到5000人左右", "5000"),
        ("白金客户，需要大约5000个", "5000"), ("白金客户，控制在4000到6000人", "4000..6000"), ("白金客户扩到一万人", "10000"), ("白金客户，凑够至少5000人", ">=5000"),
        ("I need about 5,000 platinum tier customers", "5000"), ("platinum tier customers, size it to 5,000", "5000"),
        ("platinum tier customers, limited to at most 5k customers", "<=5000"),
    ],
)  # fmt: skip
def test_a_number_of_customers_is_a_size(text: str, detail: str) -> None:
    found = read(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("size", detail)]
    assert not asks(found)
    assert spells(found.rule, PLATINUM)


@pytest.mark.parametrize(
    ("turns", "detail"),
    [
        (("白金客户", "凑够5000人"), "5000"),
        (("白金客户", "大概2000个客户"), "2000"),
        (("白金客户", "我想要800个人"), "800"),
        (("白金客户", "扩大到2000人左右"), "2000"),
        (("platinum tier customers", "about 2000 customers"), "2000"),
        (("platinum tier customers", "we want 800 people"), "800"),
        (("platinum tier customers", "I need some 800 people"), "800"),
    ],
)
def test_a_size_of_what_was_said_before(turns: tuple[str, ...], detail: str) -> None:
    found = talk(*turns)
    assert [(request.kind, request.detail) for request in found.requests] == [("size", detail)]
    assert not found.changed
    assert spells(found.rule, PLATINUM)


@pytest.mark.parametrize("text", ["改成3000左右", "make it roughly 3000"])
def test_a_number_by_itself_goes_on_with_the_size_asked_before(text: str) -> None:
    """Without one it may be the number of a condition, and is asked about."""
    rule = SegmentRule(node=node_from_short(PLATINUM))
    sized = Context(catalog(), AS_OF, TODAY, turn=2, rule=rule, asked=(Request("size", detail="5000"),))
    assert [(one.kind, one.detail) for one in GrammarInterpreter().interpret(text, sized).requests] == [("size", "3000")]
    assert asks(GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, turn=1, rule=rule)))


@pytest.mark.parametrize(
    "text",
    ["白金客户，我要5万的客户", "白金客户，要5万以上的", "白金客户，选5万元的", "platinum tier customers, need 50k", "白金客户，凑够0.5人"],
)
def test_a_number_that_may_be_an_amount_is_no_size(text: str) -> None:
    found = read(text)
    assert "size" not in [request.kind for request in found.requests]
    assert asks(found)


def test_two_sizes_are_asked_about() -> None:
    assert asks(read("白金客户，凑够5000人，控制在8000人以内"))


AUM_OF_TWO_THOUSAND = [("size", "aum_bal", "2000")]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("哪个门槛能得到大约2000个AUM高的客户", None), ("AUM不低于多少的客户大约有2000人", None), ("AUM多少以上的客户有2000人", None),
        ("女客户里AUM多少以上的有2000人", WOMEN), ("白金客户，AUM门槛设多少能得到2000人", PLATINUM),
        ("which AUM threshold gives about 2000 customers", None), ("what AUM would give us about 2000 customers", None),
        ("platinum tier customers, what AUM threshold gives 2000 customers", PLATINUM),
    ],
)  # fmt: skip
def test_the_number_of_a_tag_that_gives_so_many(text: str, short: dict[str, object] | None) -> None:
    found = read(text)
    assert [(one.kind, one.code, one.detail) for one in found.requests] == AUM_OF_TWO_THOUSAND
    assert not asks(found)
    assert found.rule is None if short is None else spells(found.rule, short)


@pytest.mark.parametrize(
    "text",
    [
        "哪个门槛能得到大约2000个AUM低的客户", "AUM多少以下的客户有2000人", "AUM不低于多少", "which threshold gives about 2000 customers",
        "AUM门槛多少能得到2000人和3000人",
    ],
)  # fmt: skip
def test_a_number_that_nobody_can_tell_is_asked_about(text: str) -> None:
    assert asks(read(text))


@pytest.mark.parametrize(
    ("text", "detail"),
    [("白金客户，大约2000人", "2000"), ("platinum tier customers, about 2000 people please", "2000"), ("白金客户，2000人", "2000")],
)
def test_a_number_of_people_by_itself_is_a_size(text: str, detail: str) -> None:
    found = read(text)
    assert [(one.kind, one.detail) for one in found.requests] == [("size", detail)]
    assert spells(found.rule, PLATINUM)
    assert not asks(found)


@pytest.mark.parametrize("text", ["按分行看，2000人以上", "白金客户，2000以上", "by branch, more than 2000 people", "大约2000人"])
def test_a_number_that_may_be_of_something_else_is_no_size(text: str) -> None:
    assert "size" not in [one.kind for one in read(text).requests]


def again(words: str, *asked: Request) -> Interpretation:
    upon = SegmentRule(node=node_from_short(PLATINUM))
    return GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, rule=upon, asked=asked))


@pytest.mark.parametrize(
    ("words", "asked", "detail"),
    [
        ("那3000人呢", (Request("size", detail="1000"),), "3000"), ("what about 3000 people?", (Request("size", detail="1000"),), "3000"),
        ("再少一半", (Request("size", detail="1000"),), "500"), ("half of that", (Request("size", detail="<=1000"),), "500"),
        ("减半", (Request("size", detail="4000..6000"),), "2500"), ("twice as many", (Request("size", detail="1000"),), "2000"),
        ("减半", (), "0.5x"), ("cut it in half", (), "0.5x"), ("太少了，再多一倍", (), "2x"), ("再少一半", (Request("size", detail="0.5x"),), "0.25x"),
    ],
)  # fmt: skip
def test_another_size(words: str, asked: tuple[Request, ...], detail: str) -> None:
    found = again(words, *asked)
    assert [(one.kind, one.detail) for one in found.requests] == [("size", detail)]
    assert not found.changed
    assert not asks(found)


@pytest.mark.parametrize(
    ("words", "wanted", "detail", "said"),
    [
        ("再少一点", "2000", "1600", {"words": "再少一点", "before": "2,000", "n": "1,600"}),
        ("再多一点", "2000", "2500", {"words": "再多一点", "before": "2,000", "n": "2,500"}),
        ("再放宽一点", "<=4000", "5000", {"words": "再放宽一点", "before": "4,000", "n": "5,000"}),
        ("收紧一点", "4000..6000", "4000", {"words": "收紧一点", "before": "5,000", "n": "4,000"}),
        ("a bit fewer", "2000", "1600", {"words": "a bit fewer", "before": "2,000", "n": "1,600"}),
        ("a bit more", "2000", "2500", {"words": "a bit more", "before": "2,000", "n": "2,500"}),
        ("a bit fewer", "0.5x", "0.40x", {"words": "a bit fewer", "percent": "40"}),
    ],
)
def test_a_bit_fewer_is_of_the_number_wanted_last_and_says_so(words: str, wanted: str, detail: str, said: dict[str, str]) -> None:
    found = again(words, Request("size", detail=wanted))
    assert [(one.kind, one.detail) for one in found.requests] == [("size", detail)]
    assert not found.changed
    assert not found.ladders
    assert not asks(found)
    assert said in [dict(one.params) for one in found.assumptions if one.code.startswith("size_stepped")]


@pytest.mark.parametrize("asked", [(), (Request("persona"),), (Request("size", detail="2000"), Request("persona"))])
def test_a_bit_fewer_of_no_number_wanted_is_no_size(asked: tuple[Request, ...]) -> None:
    assert all(one.kind != "size" for one in again("再少一点", *asked).requests)


@pytest.mark.parametrize("words", ["再少一半", "half of that"])
def test_half_of_something_else_is_no_size(words: str) -> None:
    assert asks(again(words, Request("persona")))


OFTEN_ZH, OFTEN_EN = "近30天登录手机银行10次以上的客户", "customers with more than 10 app logins in the last 30 days"


@pytest.mark.parametrize(
    ("turns", "detail"),
    [
        ((OFTEN_ZH, "扩大到2000人"), "2000"), ((OFTEN_ZH, "减少到1000人"), "1000"), ((OFTEN_ZH, "把人数调到3000人"), "3000"),
        ((OFTEN_ZH, "缩小到500人"), "500"), ((OFTEN_ZH, "改成2000人以内"), "<=2000"), (("AUM大于1000的客户", "提高到3000人"), "3000"),
        ((OFTEN_EN, "increase to 3000 people"), "3000"), ((OFTEN_EN, "reduce it to 300 customers"), "300"),
        ((OFTEN_EN, "limit it to 500 people"), "500"), (("customers with AUM over 1000", "increase to 3k people"), "3000"),
    ],
)  # fmt: skip
def test_changing_a_segment_to_a_number_of_people_is_a_size_of_it(turns: tuple[str, ...], detail: str) -> None:
    found = talk(*turns)
    assert [(one.kind, one.detail) for one in found.requests] == [("size", detail)]
    assert not found.changed
    assert not asks(found)


@pytest.mark.parametrize(
    "turns",
    [(OFTEN_ZH, "再加2000人"), (OFTEN_ZH, "登录次数改成2000人"), (OFTEN_ZH, "那2000人呢"), (OFTEN_EN, "add 3000 people")],
)
def test_a_number_of_people_never_changes_what_is_counted_otherwise(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert not found.changed
    assert asks(found)


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("AUM最高的100个客户", "扩大到200人"), {"rank": "aum_bal", "count": 200}),
        ((OFTEN_ZH, "提到20次"), {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 20}),
        (("AUM大于5万的客户", "改成50万以上客户"), {"tag": "aum_bal", "operator": ">=", "value": 500000}),
    ],
)
def test_a_number_of_what_a_condition_counts_still_changes_it(turns: tuple[str, ...], short: dict[str, object]) -> None:
    found = talk(*turns)
    assert not found.requests
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    ("turns", "tag", "values"),
    [
        (("活期10万以上的客户", "如果门槛改成20万、50万、100万分别多少"), "dep_demand_bal", "200000 500000 1000000"),
        (("活期10万以上的客户", "门槛20万和50万各多少"), "dep_demand_bal", "200000 500000"),
        (
            ("customers with demand deposits over 100k", "what if the threshold was 200k, 500k, 1m"),
            "dep_demand_bal",
            "200000 500000 1000000",
        ),
    ],
)
def test_several_values_of_a_number_are_tried_and_change_nothing(turns: tuple[str, ...], tag: str, values: str) -> None:
    found = talk(*turns)
    assert found.requests == (Request("at_values", tag, detail=values),)
    assert not asks(found)
    assert not found.changed


@pytest.mark.parametrize("turns", [("白金客户", "门槛20万、50万各多少"), ("活期10万以上且定期5万以上的客户", "门槛20万、50万各多少")])
def test_values_of_no_number_or_of_two_are_tried_of_none(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert asks(found)
    assert not any(request.kind == "at_values" for request in found.requests)


@pytest.mark.parametrize(
    "turns",
    [
        ("活期10万以上的客户", "我要2000人，门槛定在哪"),
        ("customers with demand deposits over 100k", "i want 2000, where to put the threshold"),
    ],
)
def test_which_threshold_gives_so_many_of_the_segment_there_is(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert found.requests == (Request("size", detail="2000"),)
    assert not asks(found)
    assert not found.changed


@pytest.mark.parametrize(
    ("turns", "detail"),
    [
        (("白金客户，要500",), "500"),
        (("platinum tier customers, I need about 500",), "500"),
        (("白金客户", "还是太多，要500"), "500"),
        (("白金客户", "太多了，我要500人"), "500"),
        (("platinum tier customers", "still too many, I need 500"), "500"),
        (("白金客户", "门槛调到多少才有800人"), "800"),
        (("platinum tier customers", "what threshold gives 800"), "800"),
    ],
)
def test_a_bare_number_wanted_by_itself_is_of_customers(turns: tuple[str, ...], detail: str) -> None:
    found = talk(*turns)
    assert [(request.kind, request.detail) for request in found.requests] == [("size", detail)]
    assert spells(found.rule, PLATINUM)


@pytest.mark.parametrize("text", ["我要50万", "要500"])
def test_an_amount_or_a_number_of_nobody_is_not(text: str) -> None:
    assert read(text).requests == ()
    assert asks(read(text))
