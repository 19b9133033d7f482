"""What is told of a tag: its findings, its score, and a drift beyond chance."""

from __future__ import annotations

import math
import random
from collections import Counter
from decimal import Decimal

import pytest

from assistant.insight.quality import TagQuality, beyond_chance, stability_index
from tests.narrate.catalog import CATALOG

TAG = next(tag for tag in CATALOG.tags.values() if tag.numeric)


def quality(**figures: int) -> TagQuality:
    return TagQuality(TAG, **{"of": 1000, "missing": 0, "outside": 0, "contradicted": 0, **figures})


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ({}, ()),
        ({"missing": 1000}, ("empty",)),
        ({"missing": 60}, ("missing",)),
        ({"missing": 40}, ()),
        ({"missing": 40, "missing_before": 10, "of_before": 1000, "outside_before": 0}, ("fewer_known",)),
        ({"missing": 40, "missing_before": 36, "of_before": 900, "outside_before": 0}, ()),
        ({"outside": 1, "contradicted": 2}, ("impossible", "contradicted")),
    ],
)
def test_findings(figures: dict[str, int], found: tuple[str, ...]) -> None:
    assert quality(**figures).findings == found


def test_the_score_is_the_share_of_customers_with_a_usable_value() -> None:
    assert quality(missing=100, outside=20, contradicted=30).score == Decimal("0.85")
    assert quality(missing=600, outside=300, contradicted=300).score == 0
    assert quality(of=0).score is None


def test_the_stability_index_is_that_of_its_formula() -> None:
    now, before = {"a": 50, "b": 50}, {"a": 80, "b": 20}
    assert stability_index(now, before) == pytest.approx((0.5 - 0.8) * math.log(0.5 / 0.8) + (0.5 - 0.2) * math.log(0.5 / 0.2))
    assert stability_index(now, now) == 0
    assert stability_index(now, {}) == 0
    assert math.isfinite(stability_index({"a": 100}, {"b": 100}))


def test_two_samples_of_one_population_seldom_drift() -> None:
    chance = random.Random(7)
    weights = [5, 10, 20, 30, 20, 10, 5]

    def sample(n: int) -> Counter[str]:
        return Counter(chance.choices("abcdefg", weights, k=n))

    told = 0
    for _ in range(300):
        now, before = sample(400), sample(400)
        told += beyond_chance(stability_index(now, before), now, before)
    assert told <= 12
    moved = Counter(chance.choices("abcdefg", [*weights[::-1][:3], 60, 60, 40, 40], k=400))
    assert beyond_chance(stability_index(moved, sample(400)), moved, sample(400))
