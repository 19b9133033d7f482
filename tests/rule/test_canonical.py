"""canonical: idempotent, blind to order, nesting and words; never more than exact. fingerprint: the same in every process."""

import os
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.rule.canonical import canonical, canonical_number, canonical_rule, fingerprint, text
from assistant.rule.short import node_from_short
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Filter,
    Not,
    Quote,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SegmentRef,
    SequenceCondition,
    TagComparison,
    TagCondition,
)
from assistant.rule.window import Absolute, Calendar, Rolling

codes = st.sampled_from(["aum_bal", "age", "客户等级", "é", "e\u0301", "T3", "😀"])
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12) | st.sampled_from(
    [Decimal("5E+4"), Decimal("50000.00"), Decimal("-0"), Decimal("1E-7")]
)
code_lists = st.lists(codes, min_size=1, max_size=4).map(tuple)
windows = st.sampled_from([None, Rolling(n=30), Calendar(unit="month", first=-1, last=-1), Absolute(start="2026-02-28")])
quotes = st.sampled_from([(), (Quote(start=0, end=2),)])


def _compared(draw: st.DrawFn) -> dict[str, object]:
    operator = draw(st.sampled_from(["=", "<>", ">", "<=", "in", "not_in", "range", "within", "is_absent"]))
    if operator in ("in", "not_in"):
        return {"operator": operator, "value": draw(code_lists)}
    if operator == "range":
        low, high = sorted((draw(numbers), draw(numbers)))
        return {"operator": operator, "value": Range(low=low, high=high, low_open=draw(st.booleans()))}
    if operator == "within":
        return {"operator": operator, "value": Rolling(n=7)}
    return {"operator": operator, "value": None if operator == "is_absent" else draw(numbers)}


@st.composite
def leaves(draw: st.DrawFn) -> AnyNode:
    filters = st.lists(st.builds(lambda code, rest: Filter(property=code, **rest), codes, st.composite(_compared)()), max_size=3).map(tuple)
    said = draw(quotes)
    match draw(st.integers(0, 5)):
        case 0:
            return TagCondition(tag=draw(codes), said=said, **_compared(draw))
        case 1:
            return TagComparison(left=draw(codes), right=draw(codes), operator=">", value=draw(numbers), said=said)
        case 2:
            return RecordCondition(records=draw(codes), filters=draw(filters), window=draw(windows), value=draw(numbers), said=said)
        case 3:
            first = Records(records=draw(codes), filters=draw(filters), window=draw(windows), said=said)
            then = Records(records=draw(codes), filters=draw(filters), window=draw(windows))
            return SequenceCondition(first=first, then=then, within_days=draw(st.integers(0, 9)), said=said)
        case 4:
            return ConceptRef(concept=draw(codes), parameters={"n": draw(numbers)}, said=said)
        case _:
            return SegmentRef(segment=draw(codes))


def _around(inner: st.SearchStrategy[AnyNode]) -> st.SearchStrategy[AnyNode]:
    return st.one_of(
        st.lists(inner, max_size=4).map(lambda found: AllOf(children=tuple(found))),
        st.lists(inner, min_size=1, max_size=4).map(lambda found: AnyOf(children=tuple(found))),
        inner.map(lambda node: Not(child=node)),
        st.builds(
            lambda node, percent: RankCondition(tag="age", percent=percent, within=node), inner, st.sampled_from(["10", "10.0", "2.5"])
        ),
    )


nodes = st.recursive(leaves(), _around, max_leaves=8)


@given(nodes)
@settings(max_examples=200, deadline=None)
def test_idempotent_and_readable_back(node: AnyNode) -> None:
    once = canonical(node)
    assert text(canonical(once)) == text(once)
    assert '"said"' not in text(once)
    assert fingerprint(node) == fingerprint(once)
    again = type(once).model_validate_json(once.model_dump_json())
    assert text(canonical(again)) == text(once)


@given(st.lists(nodes, min_size=2, max_size=4), st.randoms(use_true_random=False), st.sampled_from([AllOf, AnyOf]))
@settings(max_examples=100, deadline=None)
def test_order_nesting_and_repetition_do_not_matter(members: list[AnyNode], random, kind) -> None:  # type: ignore[no-untyped-def]
    plain = kind(children=tuple(members))
    shuffled = [*members, members[0]]
    random.shuffle(shuffled)
    nested = kind(children=(kind(children=tuple(shuffled[:2])), *shuffled[2:]))
    assert fingerprint(nested) == fingerprint(plain)
    assert fingerprint(Not(child=Not(child=nested))) == fingerprint(plain)
    assert fingerprint(AllOf(children=(AllOf(), plain))) == fingerprint(plain)


def _tag(operator: str, value: object) -> AnyNode:
    return TagCondition.model_validate({"tag": "aum_bal", "operator": operator, "value": value})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_tag(">", 3), _tag(">=", 4)),
        (Not(child=_tag(">", 3)), _tag("<=", 3)),
        (Not(child=_tag("in", ["a"])), _tag("not_in", ["a"])),
        (_tag("=", True), _tag("=", 1)),
        (_tag("=", ["1"]), _tag("=", 1)),
        (_tag("in", ["a"]), _tag("=", ["a"])),
        (AllOf(children=(_tag(">=", 1), _tag("<=", 2))), _tag("range", Range(low=Decimal(1), high=Decimal(2)))),
        (AllOf(children=(_tag(">", 1), _tag(">", 2))), _tag(">", 2)),
        (AnyOf(children=(_tag("=", True), _tag("=", 1))), _tag("=", 1)),
        (_tag("in", ["é"]), _tag("in", ["e\u0301"])),
        (RankCondition(tag="age", count=10, within=AllOf()), RankCondition(tag="age", percent=10, within=AllOf())),
    ],
)
def test_what_stays_apart(one: AnyNode, other: AnyNode) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ({"all": []}, {"all": []}),
        ({"all": [{"all": []}]}, {"all": []}),
        ({"any": [{"all": [{"tag": "a", "operator": ">", "value": "3.50"}]}]}, {"tag": "a", "operator": ">", "value": "3.5"}),
        ({"not": {"not": {"not": {"all": []}}}}, {"not": {"all": []}}),
        ({"tag": "a", "operator": "in", "value": ["y", "x", "y"]}, {"tag": "a", "operator": "in", "value": ["x", "y"]}),
        (
            {"records": "buy", "where": {"b": ["y"], "a": ["x"]}, "window": "rolling 7 day"},
            {"records": "buy", "where": {"a": ["x"], "b": ["y"]}, "window": "rolling 7 day"},
        ),
    ],
)
def test_examples(short: dict[str, object], expected: dict[str, object]) -> None:
    assert text(canonical(node_from_short(short))) == text(node_from_short(expected))


def test_a_sequence_forgets_the_window_it_does_not_use() -> None:
    first = Records(records="a", window=Rolling(n=7))
    plain = SequenceCondition(first=first, then=Records(records="b"), within_days=3)
    windowed = SequenceCondition(first=first, then=Records(records="b", window=Rolling(n=5)), within_days=3)
    assert fingerprint(plain) == fingerprint(windowed)


@given(numbers)
def test_numbers_keep_their_value(number: Decimal) -> None:
    assert canonical_number(number) == number
    assert str(canonical_number(number)) == str(canonical_number(Decimal(format(number, "E"))))


def test_numbers_of_any_size() -> None:
    huge = Decimal("1" * 60 + ".5")
    assert canonical_number(huge) == huge
    assert str(canonical_number(Decimal("1E+999999"))) == "1E+999999"
    assert str(canonical_number(Decimal("5E+4"))) == str(canonical_number(Decimal("50000.000"))) == "50000"
    assert str(canonical_number(Decimal("-0.00"))) == "0"


def test_canonical_rule_expands_first() -> None:
    meaning = _tag(">", 3)
    assert canonical_rule(ConceptRef(concept="active"), lambda node: AllOf(children=(meaning,))) == meaning


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    script = (
        "from assistant.rule.canonical import fingerprint\nfrom assistant.rule.short import node_from_short\n"
        "print(fingerprint(node_from_short({'any': [{'tag': '客户等级', 'value': ['T4', 'T3', 'é']}, {'not': {'records': 'login', "
        "'where': {'b': ['x'], 'a': ['y']}, 'window': 'rolling 30 day'}}, {'concept': 'active', 'parameters': {'n': 5}}]})))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(seen) == 1
    assert len(seen.pop().strip()) == 16
