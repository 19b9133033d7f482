"""Which elements a request may be about: found by whole aliases, by parts of them and by likeness; the same every time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.retrieval import EmbeddingRetriever, FusedRetriever, GramRetriever, retriever_of


@pytest.fixture(scope="module")
def retriever() -> GramRetriever:
    return retriever_of(TagCatalog.load())


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("活期存款大于5万的客户", "dep_demand_bal"),
        ("手里攥着基金的", "fund_bal"),
        ("逛过理财频道的", "zone_view"),
        ("customers with demand deposits over 50k", "dep_demand_bal"),
        ("retirees who buy funds", "fund_buy"),
        ("people who redeemd their wealth products", "wealth_redeem"),
        ("簡訊營銷授權", "consent_sms"),
        ("白金", "cust_tier"),
    ],
)
def test_the_element_is_among_the_first(retriever: GramRetriever, request_: str, code: str) -> None:
    assert code in retriever.ranked(request_, 10)


def test_the_same_request_has_the_same_order_and_no_element_twice(retriever: GramRetriever) -> None:
    found = retriever.ranked("活期存款大于5万、持有理财的白金客户", 40)
    assert found == retriever.ranked("活期存款大于5万、持有理财的白金客户", 40)
    assert len(found) == len(set(found)) == 40
    assert retriever.ranked("活期存款大于5万、持有理财的白金客户", 5) == found[:5]


@pytest.mark.parametrize("request_", ["", "   ", "!!!", "🙂", "customers"])
def test_a_request_that_says_nothing_finds_nothing(retriever: GramRetriever, request_: str) -> None:
    assert retriever.ranked(request_, 10) == ()


class Letters:
    """An embedding for a test: how often each of a few characters stands in a text."""

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        return [[float(text.count(letter)) for letter in "活期基金理财"] for text in texts]


def test_an_embedding_adds_its_order_by_ranks() -> None:
    catalog = TagCatalog.load()
    meaning = EmbeddingRetriever.of(catalog, Letters())
    assert "fund_bal" in meaning.ranked("基金", 12)
    fused = FusedRetriever((retriever_of(catalog), meaning))
    found = fused.ranked("手里攥着基金的", 12)
    assert "fund_bal" in found
    assert len(found) == len(set(found)) == 12
