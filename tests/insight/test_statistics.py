"""The statistics agree with scipy's and with published examples."""

from __future__ import annotations

import math
from collections import Counter
from random import Random

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assistant.insight import statistics
from assistant.insight.statistics import Stratum

SHARES = st.tuples(st.integers(1, 900), st.integers(1, 900)).map(lambda pair: (min(pair), max(pair)))


@settings(max_examples=200, deadline=None)
@given(SHARES, SHARES)
def test_p_value_is_scipys(one: tuple[int, int], other: tuple[int, int]) -> None:
    (n1, of1), (n2, of2) = one, other
    table = [[n1, of1 - n1], [n2, of2 - n2]]
    ours = statistics.p_value(n1, of1, n2, of2)
    if n1 + n2 == of1 + of2:
        assert ours == 1
    elif stats.contingency.expected_freq(table).min() < statistics.EXACT_BELOW:
        assert ours == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-5, abs=1e-12)
    else:
        assert ours == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-6, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_false_discovery_rates_are_scipys(ps: list[float]) -> None:
    assert statistics.false_discovery_rates(ps) == pytest.approx(list(stats.false_discovery_control(numpy.array(ps), method="bh")))


@given(SHARES)
def test_wilson_is_scipys(one: tuple[int, int]) -> None:
    expected = stats.binomtest(*one).proportion_ci(0.95, method="wilson")
    assert statistics.wilson(*one) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_newcombe_gives_its_published_example() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80, method 10: 0.0524 to 0.3339."""
    assert statistics.difference_interval(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_effect_size_is_cohens() -> None:
    assert statistics.effect_size(1.0, 0.0) == pytest.approx(math.pi)
    assert statistics.effect_size(0.5, 0.5) == 0


BERKELEY = (
    Stratum(512, 825, 89, 108), Stratum(353, 560, 17, 25), Stratum(120, 325, 202, 593),
    Stratum(138, 417, 131, 375), Stratum(53, 191, 94, 393), Stratum(22, 373, 24, 341),
)  # fmt: skip
"""Men and women admitted to the six largest departments of Berkeley in 1973 (Bickel, Hammel and O'Connell 1975): more men over all, not within departments."""


def test_the_stratified_test_is_mantel_and_haenszels() -> None:
    """R: mantelhaen.test(UCBAdmissions) prints 1.4269 with the continuity correction and 1.5246 without."""
    found = statistics.standardised(BERKELEY)
    assert found is not None
    assert found.p == pytest.approx(float(stats.chi2.sf(1.5246, 1)), abs=5e-5)


def test_berkeley_is_reversed_within_departments() -> None:
    found = statistics.standardised(BERKELEY)
    assert found is not None
    men, women = sum(one.n for one in BERKELEY) / 2691, sum(one.rest_n for one in BERKELEY) / 1835
    assert men > women
    assert found.share == pytest.approx(men)
    assert found.share < found.rest_share
    assert found.reversed == pytest.approx((825 + 560 + 417 + 373) / 2691)


def test_one_stratum_is_the_plain_comparison() -> None:
    found = statistics.standardised([Stratum(300, 1000, 400, 4000)])
    assert found is not None
    plain = statistics.difference_interval(300, 1000, 400, 4000)
    assert found.interval() == pytest.approx(plain, abs=2e-4)
    assert found.reversed == 0


def test_strata_without_a_counterpart_are_left_out() -> None:
    alone = statistics.standardised([Stratum(10, 20, 30, 90), Stratum(5, 5, 0, 0), Stratum(0, 0, 7, 9)])
    assert alone == statistics.standardised([Stratum(10, 20, 30, 90)])
    assert statistics.standardised([Stratum(5, 5, 0, 0)]) is None


def test_stratified_intervals_cover_the_truth() -> None:
    """Shares that differ between strata far more than between the groups, strata of a few customers among them."""
    generator = numpy.random.default_rng(11)
    shares, sizes, rest_sizes = [0.05, 0.3, 0.6, 0.9], [4, 60, 90, 30], [300, 500, 150, 40]
    truth, runs, covered = 0.05, 2000, 0
    for _ in range(runs):
        strata = [
            Stratum(int(generator.binomial(of, p + truth)), of, int(generator.binomial(rest_of, p)), rest_of)
            for p, of, rest_of in zip(shares, sizes, rest_sizes, strict=True)
        ]
        found = statistics.standardised(strata)
        assert found is not None
        low, high = found.interval()
        covered += low <= truth <= high
    assert abs(covered / runs - 0.95) <= 0.02


def test_uncertainty_is_nothing_of_independent_and_all_of_determined() -> None:
    independent = {(a, b): 250 for a in "xyz" for b in "uv"}
    assert statistics.uncertainty(independent) == 0
    determined = {("x1", "u"): 100, ("x2", "u"): 300, ("x3", "v"): 200}
    assert statistics.uncertainty(determined) == pytest.approx(1, abs=0.01)
    assert statistics.uncertainty({("x", "u"): 5, ("x", "v"): 9}) == 0
    assert statistics.uncertainty({}) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("uvw"), st.integers(1, 500)), min_size=1, max_size=9))
def test_uncertainty_is_mutual_information_over_entropy(cells: list[tuple[str, str, int]]) -> None:
    joint: Counter[tuple[str, str]] = Counter()
    for row, column, n in cells:
        joint[row, column] += n
    rows, columns = sorted({row for row, _ in joint}), sorted({column for _, column in joint})
    table = numpy.array([[joint[row, column] for column in columns] for row in rows], dtype=float)
    n = table.sum()
    entropies = [float(stats.entropy(table.sum(axis))) for axis in (0, 1)]
    if min(entropies) == 0:
        assert statistics.uncertainty(joint) == 0
        return
    information = sum(entropies) - float(stats.entropy(table.ravel())) - (len(rows) - 1) * (len(columns) - 1) / (2 * n)
    assert statistics.uncertainty(joint) == pytest.approx(max(0.0, information) / min(entropies), abs=1e-9)


def test_without_overlap_two_shares_differ_as_ever() -> None:
    only, other = (30, 200), (90, 300)
    assert statistics.overlapping_interval(only, (0, 0), other) == pytest.approx(statistics.difference_interval(30, 200, 90, 300))
    assert statistics.overlapping_p_value((3000, 20000), (0, 0), (9000, 30000)) == pytest.approx(
        statistics.p_value(3000, 20000, 9000, 30000), rel=1e-9, abs=1e-300
    )


def test_a_part_against_its_whole_is_the_part_against_the_rest() -> None:
    """A within B: the difference is that to the rest of B, scaled by the rest's share of B, and the test the same."""
    both, rest = (3200, 10000), (6100, 20000)
    low, high = statistics.difference_interval(*both, *rest)
    assert statistics.overlapping_interval((0, 0), both, rest) == pytest.approx((low * 2 / 3, high * 2 / 3))
    assert statistics.overlapping_p_value((0, 0), both, rest) == pytest.approx(statistics.p_value(*both, *rest), rel=1e-9)


def test_intervals_of_overlapping_shares_cover_the_truth() -> None:
    """Customers of the first only have it with 0.3, of both with 0.6, of the second only with 0.4: 1,000 draws, two standard errors."""
    random = Random(7)
    sizes, chances = (300, 200, 500), (0.3, 0.6, 0.4)
    truth = (300 * 0.3 + 200 * 0.6) / 500 - (200 * 0.6 + 500 * 0.4) / 700
    covered = 0
    for _ in range(1000):
        drawn = [(sum(random.random() < chance for _ in range(size)), size) for size, chance in zip(sizes, chances, strict=True)]
        low, high = statistics.overlapping_interval(drawn[0], drawn[1], drawn[2])
        covered += low <= truth <= high
    assert covered / 1000 == pytest.approx(0.95, abs=2 * (0.95 * 0.05 / 1000) ** 0.5)


def test_chance_alone_is_rarely_significant_where_shares_overlap() -> None:
    random = Random(11)
    found = 0
    for _ in range(1000):
        drawn = [(sum(random.random() < 0.4 for _ in range(size)), size) for size in (400, 300, 500)]
        found += statistics.overlapping_p_value(drawn[0], drawn[1], drawn[2]) <= 0.05
    assert found / 1000 <= 0.05 + 2 * (0.05 * 0.95 / 1000) ** 0.5
    assert found / 1000 >= 0.03
