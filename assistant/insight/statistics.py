"""How two shares differ, how surely, and how many of such findings are chance. Law: every method is a published one, named where it stands.

scipy's own functions are the yardstick in the tests; they are not imported here, because that alone takes longer than an answer may.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)
EXACT_BELOW = 100
"""Customers a cell must expect for the normal test."""
_FAR = 12.0


def effect_size(p1: float, p2: float) -> float:
    """Cohen's h of two shares, 2 asin sqrt(p1) - 2 asin sqrt(p2): 0.2 small, 0.5 medium, 0.8 large (Cohen 1988, Statistical Power Analysis, ch. 6)."""
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


def wilson(n: float, of: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share (1927). `of` may be an effective sample size."""
    p, z2 = n / of, _Z * _Z
    centre = p + z2 / (2 * of)
    spread = _Z * math.sqrt(max(0.0, p * (1 - p)) / of + z2 / (4 * of * of))
    return max(0.0, (centre - spread) / (1 + z2 / of)), min(1.0, (centre + spread) / (1 + z2 / of))


def difference_interval(n1: float, of1: float, n2: float, of2: float) -> tuple[float, float]:
    """Newcombe's 95 % hybrid score interval of the difference of two shares, from their Wilson intervals (Newcombe 1998, method 10)."""
    p1, p2 = n1 / of1, n2 / of2
    (l1, u1), (l2, u2) = wilson(n1, of1), wilson(n2, of2)
    return p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def p_value(n1: int, of1: int, n2: int, of2: int) -> float:
    """Two-sided probability of a difference at least this large between two shares that are equal: the pooled z-test, and Fisher's exact test where a cell
    expects fewer than 100 (tables at most as likely, as scipy.stats.fisher_exact). The usual mark, 5, is for tests at 5 %: among hundreds of tests only the far tail
    counts, where the normal curve promises too little of a skewed count."""
    total, having = of1 + of2, n1 + n2
    if having in (0, total) or not of1 or not of2:
        return 1.0
    if min(of1, of2) * min(having, total - having) < EXACT_BELOW * total:
        return _fisher(n1, of1, having, total)
    pooled = having / total
    z = (n1 / of1 - n2 / of2) / math.sqrt(pooled * (1 - pooled) * (1 / of1 + 1 / of2))
    return math.erfc(abs(z) / math.sqrt(2))


def _fisher(n1: int, of1: int, having: int, total: int) -> float:
    """Fisher's exact test: the probability of all tables with these margins that are at most as likely as the one seen. Tables beyond `_FAR` standard deviations
    on the other side add nothing that could be seen."""

    def choices(k: int, of: int) -> float:
        return math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)

    expected = of1 * having / total
    reach = max(abs(n1 - expected), _FAR * math.sqrt(expected * (1 - having / total)) + _FAR)
    least, most = max(0, of1 + having - total), min(of1, having)
    whole_table = choices(of1, total)
    logs = {
        k: choices(k, having) + choices(of1 - k, total - having) - whole_table
        for k in range(max(least, math.floor(expected - reach)), min(most, math.ceil(expected + reach)) + 1)
    }
    seen = logs[n1] + 1e-7
    return min(1.0, math.fsum(math.exp(log) for log in logs.values() if log <= seen))


Share = tuple[int, int]
"""n of so many."""


def overlapping_interval(only: Share, both: Share, other_only: Share) -> tuple[float, float]:
    """95 % interval of the difference of two shares whose customers overlap, from those of the first only, of both and of the second only: the difference is a weighted
    sum of their shares, and their Wilson intervals are put together as its weights say (MOVER: Zou, Huang and Zhang 2009). Without overlap it is Newcombe's."""
    centre = below = above = 0.0
    for weight, (n, of) in zip(_weights(only, both, other_only), (only, both, other_only), strict=True):
        if of:
            (low, high), p = wilson(n, of), n / of
            centre += weight * p
            down, up = sorted((weight * (low - p), weight * (high - p)))
            below, above = math.hypot(below, down), math.hypot(above, up)
    return centre - below, centre + above


def overlapping_p_value(only: Share, both: Share, other_only: Share) -> float:
    """Two-sided probability of such a difference where all three share one chance: the z-test of partly overlapping samples (Derrick et al. 2015), whose variance is that
    of two samples less what they share; and, where cells are small, no less than the exact one of the smaller side against those of the larger one it lacks."""
    having, total = only[0] + both[0] + other_only[0], only[1] + both[1] + other_only[1]
    first, second = only[1] + both[1], both[1] + other_only[1]
    if having in (0, total) or not first or not second or not only[1] + other_only[1]:
        return 1.0
    difference = (only[0] + both[0]) / first - (both[0] + other_only[0]) / second
    pooled = having / total
    variance = pooled * (1 - pooled) * (1 / first + 1 / second - 2 * both[1] / (first * second))
    apart = smaller_against_rest(only, both, other_only)
    return max(
        math.erfc(abs(difference) / math.sqrt(2 * variance)), p_value(apart.n, apart.of, apart.rest_n, apart.rest_of) if apart.rare else 0.0
    )


def smaller_against_rest(only: Share, both: Share, other_only: Share) -> Stratum:
    """The smaller of two overlapping sides against those of the larger one it lacks: two groups that share nobody."""
    side, rest = (only, other_only) if only[1] <= other_only[1] else (other_only, only)
    return Stratum(side[0] + both[0], side[1] + both[1], *rest)


def _weights(only: Share, both: Share, other_only: Share) -> tuple[float, float, float]:
    first, second = only[1] + both[1], both[1] + other_only[1]
    return only[1] / first, both[1] / first - both[1] / second, -other_only[1] / second


def false_discovery_rates(ps: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg q-values (1995), in the order of the p-values. Under the global null the chance that any is at most q is q itself, and at most
    that for positively dependent tests (Benjamini and Yekutieli 2001): buckets of overlapping tags are, and `assistant eval shuffled` measures it."""
    rates = [1.0] * len(ps)
    lowest = 1.0
    for rank, place in sorted(enumerate(sorted(range(len(ps)), key=lambda one: ps[one]), 1), reverse=True):
        lowest = min(lowest, ps[place] * len(ps) / rank)
        rates[place] = lowest
    return rates


def rates_among(ps: Sequence[float], tested: int) -> list[float]:
    """The q-values of these p-values among so many tests, of which the others failed a further condition and so count as p = 1: what is not told helps nothing pass."""
    return false_discovery_rates([*ps, *[1.0] * (tested - len(ps))])[: len(ps)]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Two shares within one stratum: n of `of`, and rest_n of `rest_of`."""

    n: int
    of: int
    rest_n: int
    rest_of: int

    @property
    def least_expected(self) -> float:
        """What the smallest of its four cells expects if both shares are the same."""
        total, having = self.of + self.rest_of, self.n + self.rest_n
        return min(self.of, self.rest_of) * min(having, total - having) / total if total else 0.0

    @property
    def rare(self) -> bool:
        """Whether a cell expects too few for the normal test."""
        return self.least_expected < EXACT_BELOW


@dataclass(frozen=True, slots=True)
class Standardised:
    """Two shares over strata that both have, the second one with the first one's mix. `of` and `rest_of`: effective sample sizes, the ones at which plain
    shares would vary as much. `reversed`: the part of the first one's customers who are in strata where the difference has the other sign than over all of them."""

    share: float
    rest_share: float
    of: float
    rest_of: float
    p: float
    reversed: float

    def interval(self) -> tuple[float, float]:
        """95 % interval of the difference: Newcombe's, at the effective sample sizes."""
        return difference_interval(self.share * self.of, self.of, self.rest_share * self.rest_of, self.rest_of)


def standardised(strata: Iterable[Stratum]) -> Standardised | None:
    """Direct standardisation (post-stratification) of the second share to the first one's mix of strata; strata that one side lacks are left out. None when
    no stratum is left. Test: Mantel and Haenszel 1959, without continuity correction. Variance: the binomial one within strata, where a single customer tells
    nothing of it the other side's; the effective sizes follow Korn and Graubard 1998."""
    both = [one for one in strata if one.of and one.rest_of]
    total = sum(one.of for one in both)
    if not total:
        return None
    share = sum(one.n for one in both) / total
    rest_share = sum(one.of * one.rest_n / one.rest_of for one in both) / total
    overall = (sum(one.n + one.rest_n for one in both)) / sum(one.of + one.rest_of for one in both)
    spread = rest_spread = 0.0
    for one in both:
        within, rest_within = _within(one.n, one.of), _within(one.rest_n, one.rest_of)
        fallback = overall * (1 - overall)
        spread += one.of * _first(within, rest_within, fallback)
        rest_spread += one.of**2 / one.rest_of * _first(rest_within, within, fallback)
    crude = sum(one.n for one in both) / total - sum(one.rest_n for one in both) / sum(one.rest_of for one in both)
    opposite = (one.of for one in both if (one.n / one.of - one.rest_n / one.rest_of) * crude < 0)
    return Standardised(
        share,
        rest_share,
        _effective(share, spread / total**2, total),
        _effective(rest_share, rest_spread / total**2, sum(one.rest_of for one in both)),
        _mantel_haenszel(both),
        sum(opposite) / total,
    )


def _within(n: int, of: int) -> float | None:
    """Unbiased p (1 - p) within a stratum; a single customer gives none."""
    return n * (of - n) / (of * (of - 1)) if of > 1 else None


def _first(*found: float | None) -> float:
    return next(one for one in found if one is not None)


def _effective(share: float, variance: float, size: int) -> float:
    return share * (1 - share) / variance if variance and 0 < share < 1 else float(size)


def _mantel_haenszel(strata: Iterable[Stratum]) -> float:
    surplus = variance = 0.0
    for one in strata:
        total, having = one.of + one.rest_of, one.n + one.rest_n
        surplus += one.n - one.of * having / total
        if total > 1:
            variance += one.of * one.rest_of * having * (total - having) / (total**2 * (total - 1))
    return math.erfc(abs(surplus) / math.sqrt(2 * variance)) if variance else 1.0


def uncertainty(joint: Mapping[tuple[str, str], int]) -> float:
    """How much of one of two things the other tells, the larger way round: 0 nothing, 1 everything. Theil's U, mutual information over entropy (Theil 1970),
    the information less its bias (rows - 1)(columns - 1) / 2n (Miller 1955). 0 where either has one value only."""
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for (row, column), n in joint.items():
        rows[row] = rows.get(row, 0) + n
        columns[column] = columns.get(column, 0) + n
    total = sum(rows.values())
    if not total:
        return 0.0
    one, other = _entropy(rows.values(), total), _entropy(columns.values(), total)
    least = min(one, other)
    if least <= 0:
        return 0.0
    bias = (sum(map(bool, rows.values())) - 1) * (sum(map(bool, columns.values())) - 1) / (2 * total)
    return max(0.0, one + other - _entropy(joint.values(), total) - bias) / least


def _entropy(counts: Iterable[int], total: int) -> float:
    return -math.fsum(n / total * math.log(n / total) for n in counts if n)
