"""How much money they have, with nothing said of in total or each: both are told."""

from __future__ import annotations

import pytest

from assistant.interpret.interpretation import Request
from tests.interpret.reading import asks, read, talk


@pytest.mark.parametrize(
    ("turns", "tag", "functions"),
    [
        (("代发客户", "他们有多少存款"), "dep_total_bal", ["sum", "average"]),
        (("代发客户", "这些人贡献了多少存款"), "dep_total_bal", ["sum", "average"]),
        (("代发客户有多少存款",), "dep_total_bal", ["sum", "average"]),
        (("代发客户", "一共有多少存款"), "dep_total_bal", ["sum"]),
        (("payroll customers", "how much AUM do they have"), "aum_bal", ["sum", "average"]),
        (("payroll customers", "how much do they have in deposits"), "dep_total_bal", ["sum", "average"]),
        (("payroll customers", "how much AUM do they have in total"), "aum_bal", ["sum"]),
    ],
)
def test_how_much_is_told_in_total_and_each(turns: tuple[str, ...], tag: str, functions: list[str]) -> None:
    found = talk(*turns)
    assert asks(found) == []
    assert [(one.kind, one.code, one.detail) for one in found.requests] == [("metric", tag, each) for each in functions]


@pytest.mark.parametrize(
    "text", ["有多少存款50万以上的客户", "有多少理财客户", "有多少基金的客户", "how many customers have deposits of at least 500k"]
)
def test_so_many_customers_with_so_much_are_counted(text: str) -> None:
    assert [request.kind for request in talk(text).requests] == ["count"]


def test_how_many_ends_with_its_question() -> None:
    found = read("有基金的客户有多少？基金市值中位数是多少？")
    assert found.requests == (Request("count"), Request("metric", "fund_bal", detail="median"))
