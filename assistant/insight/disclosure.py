"""Which figures may not be shown, because a small group would follow from those that are. Law: what is shown leaves every protected group more than one possible size.

Complementary suppression, as statistical offices do it for tables (Hundepool et al. 2012, Statistical Disclosure Control, chapter 4). Figures are sums over groups that
share nobody, so that cells, margins, totals and steps of a funnel are one closed system, and whoever reads it can solve it. A protected group is safe when the groups can be
of other sizes, its own among them, while everything shown stays as it is: none below nothing, no figure said to be small at nothing or above the floor, no withheld one below
the floor. (In a table such changes are cycles of hidden cells: Gusfield 1988, SIAM Journal on Computing 17. Here they are the null space of whatever is shown.) Until all are
safe the smallest figure next to one that is not is withheld too. Nor may a sum be so close to its shown parts that the hidden ones together are a small group.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from assistant.policy import Protection

Groups = frozenset[str]
"""What a figure sums, or what is protected: groups of customers by name."""
Change = dict[str, int]
"""By how much groups could be larger or smaller; those that stay are left out."""


def withheld(
    protection: Protection,
    sizes: Mapping[str, int],
    figures: Mapping[str, Collection[str]],
    known: Collection[Collection[str]] = (),
    guarded: Collection[Collection[str]] = (),
    first: Collection[str] = (),
) -> frozenset[str]:
    """The figures, by id, that must be withheld although they are not small. `sizes`: customers of groups that share nobody; `figures`: the groups each sums;
    `known`: sums that are said elsewhere, whatever is withheld here; `guarded`: groups that no figure tells, but that may not follow either; `first`: the figures
    that are given up before others."""
    members = {name: frozenset(groups) for name, groups in figures.items()}
    yielding = {members[name] for name in first}
    fixed = {frozenset(groups) for groups in known}
    system = _System(protection, sizes, frozenset({*members.values(), *fixed}), frozenset(frozenset(groups) for groups in guarded))
    shown = {groups for groups in system.figures if not system.small(groups)}
    given_up: list[Groups] = []
    while (exposed := system.exposed(shown)) is not None and shown - fixed:
        given_up.append(min(shown - fixed, key=lambda groups: _cost(groups, exposed, shown, sizes, yielding)))
        shown.discard(given_up[-1])
    for groups in sorted(given_up, key=lambda groups: (groups not in yielding, len(groups), system.size(groups)), reverse=True):
        if system.exposed(shown | {groups}) is None:
            shown.add(groups)
    return frozenset(name for name, groups in members.items() if groups not in shown and not system.small(groups))


@dataclass(frozen=True, slots=True)
class _System:
    protection: Protection
    sizes: Mapping[str, int]
    figures: frozenset[Groups]
    guarded: frozenset[Groups]

    def size(self, groups: Groups) -> int:
        return sum(self.sizes[group] for group in groups)

    def small(self, groups: Groups) -> bool:
        return self.protection.hides(self.size(groups))

    def exposed(self, shown: Collection[Groups]) -> Groups | None:
        """A protected group whose size follows from the shown figures; None when each could be of another size."""
        single = frozenset[str]().union(*(groups for groups in shown if len(groups) == 1))
        for groups in _in_order(shown):
            if self.small(groups - single):
                return groups - single
        secret = [groups for groups in _in_order(self.figures | self.guarded) if self.small(groups)]
        if not secret:
            return None
        hidden: dict[str, list[Groups]] = {}
        for figure in self.figures - set(shown):
            for group in figure:
                hidden.setdefault(group, []).append(figure)
        unsafe = set(secret)
        for change in _changes(self.sizes, shown):
            if unsafe and self._allowed(change, hidden):
                unsafe -= {groups for groups in unsafe if _step(change, groups)}
        return next((groups for groups in secret if groups in unsafe), None)

    def _allowed(self, change: Change, hidden: Mapping[str, Collection[Groups]]) -> bool:
        """Whether every group stays at or above nothing, and every hidden figure with it (by group) within what is said of it: small, or not."""
        if any(self.sizes[group] + step < 0 for group, step in change.items()):
            return False
        floor = self.protection.min_cell
        for groups in {figure for group in change for figure in hidden.get(group, ())}:
            if step := _step(change, groups):
                size = self.size(groups)
                low, high = (1, floor - 1) if self.small(groups) else (min(size, floor), size + step)
                if not low <= size + step <= high:
                    return False
        return True


def _step(change: Change, groups: Groups) -> int:
    return sum(step for group, step in change.items() if group in groups)


def _in_order(sets: Collection[Groups]) -> list[Groups]:
    return sorted(sets, key=lambda groups: (len(groups), sorted(groups)))


def _cost(
    groups: Groups, exposed: Groups, shown: Collection[Groups], sizes: Mapping[str, int], yielding: Collection[Groups]
) -> tuple[int, bool, bool, int, int, list[str]]:
    """What is lost by withholding a figure, least first: it is near what is exposed (in the shortest shown sum with it), given up readily, somebody, few."""
    near = min((len(line) for line in shown if groups <= line and line & exposed), default=len(sizes) + 1)
    size = sum(sizes[group] for group in groups)
    return near, groups not in yielding, not size, size, len(groups), sorted(groups)


def _changes(sizes: Mapping[str, int], shown: Collection[Groups]) -> list[Change]:
    """Changes of sizes that leave every shown sum as it is, either way: a basis of the null space, by Gauss and Jordan. Small groups are the free ones, for the
    large ones that follow them have room."""
    pivots: dict[str, dict[str, Fraction]] = {}
    for groups in _in_order(shown):
        row = {group: Fraction(1) for group in groups}
        for group in [group for group in row if group in pivots]:
            _subtract(row, pivots[group], row[group])
        if not row:
            continue
        pivot = max(row, key=lambda group: (sizes[group], group))
        scale = row[pivot]
        row = {group: part / scale for group, part in row.items()}
        for other in pivots.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        pivots[pivot] = row
    found = []
    for free in sizes:
        if free not in pivots:
            parts = {free: Fraction(1), **{pivot: -row[free] for pivot, row in pivots.items() if free in row}}
            whole = lcm(*(part.denominator for part in parts.values()))
            change = {group: int(part * whole) for group, part in parts.items()}
            found += [change, {group: -step for group, step in change.items()}]
    return found


def _subtract(row: dict[str, Fraction], other: Mapping[str, Fraction], times: Fraction) -> None:
    for group, part in other.items():
        left = row.get(group, Fraction(0)) - times * part
        if left:
            row[group] = left
        else:
            row.pop(group, None)
