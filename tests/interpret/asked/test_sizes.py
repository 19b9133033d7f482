"""Only a number of customers is a size; one that may be an amount is asked about, and a size never changes the rule."""

from __future__ import annotations

import pytest

from tests.interpret.reading import PLATINUM, asks, read, spells, talk


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


def test_a_size_of_what_was_said_before() -> None:
    found = talk("白金客户", "凑够5000人")
    assert [(request.kind, request.detail) for request in found.requests] == [("size", "5000")]
    assert not found.changed
    assert spells(found.rule, PLATINUM)


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
