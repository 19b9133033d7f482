"""One step tighter or looser: round rungs in the right direction, nearest first."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.catalog.load import TagCatalog
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.rule.edits import SetComparison, SetParameter

CATALOG = TagCatalog.load()


def rungs(first: str, step: str) -> list[list[object]]:
    """For each condition that could move, the values it could move to."""
    read = GrammarInterpreter().interpret
    rule = read(first, Context(CATALOG, date(2026, 9, 24), date(2026, 9, 25))).rule
    found = read(step, Context(CATALOG, date(2026, 9, 24), date(2026, 9, 25), 1, rule))
    assert not found.issues
    assert found.rule == rule, "which rung is taken is decided by the customers"
    edits = [ladder.rungs for ladder in found.ladders]
    assert all(isinstance(edit, SetComparison | SetParameter) for rung in edits for edit in rung)
    return [[edit.value for edit in rung if isinstance(edit, SetComparison | SetParameter)] for rung in edits]


@pytest.mark.parametrize(
    ("first", "step", "values"),
    [
        ("AUM50万以上的客户", "收紧一点", [2_000_000, 6_000_000]),
        ("AUM50万以上的客户", "放宽一点", [200_000, 50_000, 10_000]),
        ("AUM50万以上的客户", "再多一点", [200_000, 50_000, 10_000]),
        ("AUM50万以上的客户", "人再少一点", [2_000_000, 6_000_000]),
        ("AUM over 500k", "a few more", [200_000, 50_000, 10_000]),
        ("AUM over 500k", "a bit fewer", [2_000_000, 6_000_000]),
        ("AUM不超过50万的客户", "再多一点", [2_000_000, 6_000_000]),
        ("AUM不超过50万的客户", "收紧一点", [200_000, 50_000, 10_000]),
        ("AUM over 500k", "loosen it a bit", [200_000, 50_000, 10_000]),
        ("白金以上客户", "收紧", [("T4",), ("T5",), ("T6",)]),
        ("白金以上客户", "放宽", [("T2",), ("T1",)]),
        ("AUM前10%的客户", "收紧", [5, 2, 1]),
        ("近30天登录手机银行3次以上的客户", "收紧", [4, 5, 6]),
        ("近30天登录手机银行3次以上的客户", "放宽", [2, 1]),
        ("手机银行活跃客户", "tighter", [4, 5, 6]),
    ],
)
def test_rungs(first: str, step: str, values: list[object]) -> None:
    (found,) = rungs(first, step)
    assert found[: len(values)] == values
    assert len(found) <= 6


def test_each_condition_that_could_move_and_only_the_one_named() -> None:
    assert len(rungs("AUM50万以上、年龄30岁以上的女性", "收紧一点")) == 2
    assert [found[0] for found in rungs("AUM50万以上、年龄30岁以上的女性", "AUM收紧一点")] == [2_000_000]
    assert [found[0] for found in rungs("AUM50万以上、年龄30岁以上的女性", "第一个条件放宽")] == [200_000]


@pytest.mark.parametrize("step", ["AUM再多一点", "AUM多一点的", "a bit more AUM"])
def test_more_of_an_amount_is_no_step_of_the_customers(step: str) -> None:
    read = GrammarInterpreter().interpret
    rule = read("AUM50万以上的客户", Context(CATALOG, date(2026, 9, 24), date(2026, 9, 25))).rule
    found = read(step, Context(CATALOG, date(2026, 9, 24), date(2026, 9, 25), 1, rule))
    assert not found.ladders
    assert found.issues
