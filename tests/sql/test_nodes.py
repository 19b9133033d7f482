"""Literals are exact, names are quoted where they must be, and connectives group as they were meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from assistant.errors import Fault
from assistant.sql import nodes

A, B, C = (nodes.column(name, "t") for name in "abc")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("50000"), "50000"), (Decimal("5E+4"), "50000"), (Decimal("-0.30"), "-0.3"), (Decimal("0.00000001"), "0.00000001"), (Decimal("-0"), "0"),
        (Decimal("9999999999999999.99999999"), "9999999999999999.99999999"), (7, "7"), (Decimal("1.000000000000000000000000000000"), "1"),
    ],
)  # fmt: skip
def test_number_is_spelled_exactly(value: Decimal, text: str) -> None:
    assert nodes.number(value).sql(dialect="duckdb") == text


@given(st.decimals(min_value=-(10**16) + 1, max_value=10**16 - 1, allow_nan=False, allow_infinity=False, places=8))
def test_number_keeps_its_value(value: Decimal) -> None:
    assert Decimal(nodes.number(value).sql(dialect="duckdb")) == value


@pytest.mark.parametrize("value", ["10000000000000000", "0.000000001", "1E+300", "-1E+17"])
def test_number_too_long(value: str) -> None:
    with pytest.raises(Fault, match="number_too_long"):
        nodes.number(Decimal(value))


def test_names_are_quoted_where_they_must_be() -> None:
    assert nodes.table(("my bank", "main"), "tags", "c").sql(dialect="duckdb") == '"my bank".main.tags AS c'
    assert nodes.column('od"d', "c").sql(dialect="duckdb") == 'c."od""d"'
    assert nodes.column("Age", "c").sql(dialect="spark") == "c.`Age`"
    assert nodes.table((), "tags", "c").sql(dialect="duckdb") == "tags AS c"


def test_a_date_is_a_typed_literal() -> None:
    assert nodes.day(date(2026, 1, 31)).sql(dialect="duckdb") == "CAST('2026-01-31' AS DATE)"


def test_connectives_keep_their_grouping() -> None:
    either = nodes.any_of([A.copy(), B.copy()])
    assert nodes.all_of([either, C.copy()]).sql() == "(t.a OR t.b) AND t.c"
    assert nodes.any_of([nodes.all_of([A.copy(), B.copy()]), C.copy()]).sql() == "(t.a AND t.b) OR t.c"
    assert nodes.all_of([either.copy()]).sql() == "t.a OR t.b"
    assert nodes.all_of([]).sql() == "TRUE"
    assert nodes.any_of([]).sql() == "FALSE"
    assert nodes.negated(either.copy()).sql() == "NOT (t.a OR t.b)"
    assert nodes.negated(nodes.negated(either.copy())).sql() == "t.a OR t.b"
    assert nodes.negated(nodes.present(A.copy())).sql() == "t.a IS NULL"


def test_in_an_empty_list_is_nobody() -> None:
    assert nodes.one_of(A.copy(), []).sql() == "FALSE"
    assert isinstance(nodes.one_of(A.copy(), [nodes.text("x")]), exp.In)
