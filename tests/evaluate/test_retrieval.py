"""Recall is counted over the elements a rule names, in each language by itself."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.catalog.load import TagCatalog
from assistant.evaluate.cases import Theme
from assistant.evaluate.retrieval import measure_recall
from assistant.evaluate.widened import widened

THEME = Theme.model_validate(
    {
        "theme": "made",
        "cases": [
            {"id": "one", "zh": "甲", "rule": {"all": [{"tag": "aum_bal", "operator": ">", "value": 1}, {"records": "app_login"}]}},
            {"id": "two", "en": "b", "rule": {"not": {"concept": "mobile_active"}}},
            {"id": "later", "zh": "乙", "rule": {"tag": "age", "operator": ">", "value": 30}, "before": {"zh": ["丙"], "en": []}},
            {"id": "asked", "zh": "丁", "outcome": "choice", "code": "unread"},
        ],
    }
)


@dataclass
class Fixed:
    """A retriever that always has the same order."""

    codes: tuple[str, ...]

    def ranked(self, request: str, limit: int) -> tuple[str, ...]:
        return self.codes[:limit]


def test_what_is_named_is_looked_for_among_the_first() -> None:
    recall = measure_recall(Fixed(("age", "aum_bal", "gender", "mobile_active")), TagCatalog.load(), (THEME,), (1, 2, 4))
    assert recall.requests == 2
    assert recall.found["zh"] == {1: (0, 2), 2: (1, 2), 4: (1, 2)}
    assert recall.found["en"] == {1: (0, 1), 2: (0, 1), 4: (1, 1)}
    assert recall.share("zh", 2) == 0.5


def test_the_widened_catalog_has_as_many_tags_as_asked_for_and_keeps_the_others() -> None:
    catalog, own = widened(300), TagCatalog.load()
    assert len(catalog.tags) == 300
    assert list(catalog.tags)[: len(own.tags)] == list(own.tags)
    assert widened(300).tags == catalog.tags
