"""Counts held against those told before. Law: whoever may not list customers is not told two numbers whose difference is a few customers, however each is told, and no more numbers a day than the policy says.

The tracker of Denning and Schlörer (1980, A fast procedure for finding a tracker in a statistical database, ACM TODS 5) subtracts two counts that are large and differ by the customer sought, so that no smallest
group protects by itself. Here every set of customers that an answer tells a number of, its own segment and those beside it (`insight/counted.py`), is held against every one that its asker was told of
before, and against the rest of the base beside that one, which its number tells as well: where the two have all but a few customers in common, those few or none, nothing is told of the later
one, nor of what it would follow from. That they differ by nobody is no exception: otherwise being refused would tell what the difference would have (Kenthapadi, Mishra and Nissim 2005, Simulatable
auditing). It is the earlier one that is told however often it is asked again. Numbers of one face of an answer are held against each other, and against its own, by `insight/disclosure.py`; those of two
faces here. What can be added up from three or more is bounded only by how many are told a day.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from assistant.errors import AssistantError, Issue, Severity, UserError
from assistant.facts import FactSheet
from assistant.insight.count import whole
from assistant.insight.counted import CountedSet
from assistant.pipeline.run import Run
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.canonical import text as canonical_text
from assistant.rule.tree import AnyNode
from assistant.sql import compile
from assistant.store.event import Told
from assistant.store.segments import node_of
from assistant.validation.verdict import ValidatedRule

TOO_NEAR = "count_too_near"
"""The code of the warning of an answer whose figures are withheld for it."""
FIGURES_TOO_NEAR = "figures_too_near"
"""The code of the warning of an answer some of whose figures beside its own are."""
_OWN = "own"
"""The mark of the segment that was asked for, among the faces that tell a set."""
_AT_ONCE = 10
"""Sets that one query looks at: its rows are at most 2 to so many."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was found of some sets that are about to be told: `near`, by fact, the earlier one that each is too near to; `new`: by fact, the fingerprints of those that nobody was told before in this telling
    (`batch`)."""

    near: Mapping[str, Told] = field(default_factory=dict)
    sets: tuple[CountedSet, ...] = ()
    new: Mapping[str, str] = field(default_factory=dict)
    batch: str = ""

    @property
    def all_near(self) -> bool:
        """Whether the segment that was asked for is itself too near to one told of: then nothing of it is told."""
        return any(one.own and one.fact in self.near for one in self.sets)

    def close(self, sheet: FactSheet) -> None:
        """Withhold on a sheet what may not be told; before the facts are added."""
        for one in self.sets:
            if one.fact in self.near:
                sheet.close(one.closes)

    def warning(self, floor: int) -> tuple[Issue, ...]:
        """What is said of it; nothing where all may be told."""
        first = next((self.near[one.fact] for one in self.sets if one.fact in self.near), None)
        if first is None:
            return ()
        code = TOO_NEAR if self.all_near else FIGURES_TOO_NEAR
        return (Issue(code, Severity.WARN, params={"request": first.text, "floor": str(floor)}),)


NOTHING_HELD = Held()


def own_set(fact: str, rule: ValidatedRule, n: int) -> CountedSet:
    """The customers of the rule that was asked for, told by a fact."""
    return CountedSet(fact, rule.rule.node, n, fact, own=True)


def held(sets: Sequence[CountedSet], within: ValidatedRule, said: str, run: Run) -> Held:
    """Sets of customers about to be told, on the day of a rule, against those the asker was told of before; nothing for whoever may list. They are kept as told from here on; `settled` takes back those that
    are not. UserError `counts_spent`, `figures_spent` for more than a day has."""
    floor, policy, user = run.protection.min_cell, run.catalog.policy, run.identity.user
    own = next((one.n for one in sets if one.own), None)
    told = [one for one in sets if one.own or (one.n >= floor and not (one.inside and one.n == own))]
    if not floor or not told:
        return NOTHING_HELD
    batch, base = secrets.token_hex(8), whole(run.execute(compile.base(within, run.engine.qualifier)).scalar())
    kept = [_told(one, within, said, batch) for one in told]
    distinct = {one.fingerprint: one for one in reversed(kept)}
    ranges = {(n - floor, n + floor) for one in kept if one.n is not None for n in (one.n, base - one.n)}
    before = run.kept.tell(user, tuple(reversed(distinct.values())), policy.remembered_days, ranges)
    rows = {row.fingerprint: row for row in before if row.day == _day(within)}
    new = {
        one.fact: row.fingerprint
        for one, row in zip(told, kept, strict=True)
        if row.fingerprint in rows and rows[row.fingerprint].batch == batch
    }
    found = Held({}, tuple(sets), new, batch)
    _within_budget(found, run)
    faces: dict[str, set[str]] = {}
    for one, row in zip(told, kept, strict=True):
        faces.setdefault(row.fingerprint, set()).update([one.face, *([_OWN] if one.own else [])])
    near: dict[str, Told] = {}
    pairs = [
        (one.fact, rows[row.fingerprint], other)
        for one, row in zip(told, kept, strict=True)
        for other in before
        if row.fingerprint in rows
        and _may_be_near(rows[row.fingerprint], other, base, floor)
        and not (other.day == row.day and faces.get(other.fingerprint, set()) & {one.face, *([_OWN] if one.beside_own else [])})
        and not (other.batch == rows[row.fingerprint].batch != batch)
    ]
    for fact, other in _apart(pairs, within, floor, run):
        if fact not in near or other.place < near[fact].place:
            near[fact] = other
    return replace(found, near=near)


def settled(found: Held, sheet: FactSheet, run: Run) -> None:
    """Take back what was kept as told and is not: what may not be told for another reason gives nothing away."""
    untold = {mark for fact, mark in found.new.items() if fact not in sheet or sheet[fact].suppressed}
    untold -= {mark for fact, mark in found.new.items() if fact in sheet and not sheet[fact].suppressed}
    if untold:
        run.kept.untell(run.identity.user, found.batch, tuple(untold))


def _within_budget(found: Held, run: Run) -> None:
    asked, figures = run.kept.spent(run.identity.user)
    policy = run.catalog.policy
    of_own = any(one.own and one.fact in found.new for one in found.sets)
    over = (of_own and asked > policy.daily_counts, bool(found.new) and figures > policy.daily_figures)
    if any(over):
        run.kept.untell(run.identity.user, found.batch, tuple(found.new.values()))
        code, limit = ("counts_spent", policy.daily_counts) if over[0] else ("figures_spent", policy.daily_figures)
        raise UserError(code, limit=limit)


def _told(one: CountedSet, within: ValidatedRule, said: str, batch: str) -> Told:
    node = canonical(within.expand(one.node))
    return Told(canonical_text(node), fingerprint(node), _day(within), one.n, said, batch, one.own)


def _day(within: ValidatedRule) -> str:
    """The day of the data, with the business day where that is not the one after."""
    usual = within.today == within.as_of + timedelta(days=1)
    return within.as_of.isoformat() if usual else f"{within.as_of.isoformat()}/{within.today.isoformat()}"


def _may_be_near(one: Told, other: Told, base: int, floor: int) -> bool:
    """Whether a set told earlier could have all but a few customers in common with one, or with the rest of the base, by their numbers. Of a small group nothing can be subtracted."""
    if other.place >= one.place or other.fingerprint == one.fingerprint or one.n is None or one.n < floor:
        return False
    return other.n is None or (other.n >= floor and (abs(one.n - other.n) < floor or abs(base - one.n - other.n) < floor))


def _apart(pairs: Sequence[tuple[str, Told, Told]], within: ValidatedRule, floor: int, run: Run) -> Iterator[tuple[str, Told]]:
    """Of pairs those that have all but a few customers in common, or but for a few share out the base."""
    usable = {row.rule: node for _, *rows in pairs for row in rows if (node := _countable(row, within, run)) is not None}
    left = [(fact, one.rule, row) for fact, one, row in pairs if one.rule in usable and row.rule in usable]
    while left:
        rules: list[str] = []
        some = []
        for fact, one, row in left:
            wanted = [rule for rule in dict.fromkeys((one, row.rule)) if rule not in rules]
            if len(rules) + len(wanted) <= _AT_ONCE:
                rules += wanted
                some.append((fact, one, row))
        table = run.execute(compile.mask(within, [usable[rule] for rule in rules], run.engine.qualifier), "nearest")
        masks = [(whole(mask), whole(n)) for mask, n in table.rows]
        everybody = sum(n for _, n in masks)
        for fact, one, row in some:
            first, second = (1 << rules.index(rule) for rule in (one, row.rule))
            size, told = (sum(n for mask, n in masks if mask & bit) for bit in (first, second))
            differ = sum(n for mask, n in masks if bool(mask & first) != bool(mask & second))
            if size >= floor and floor <= told and min(differ, everybody - differ) < floor:
                yield fact, row
        left = [pair for pair in left if pair not in some]


def _countable(told: Told, within: ValidatedRule, run: Run) -> AnyNode | None:
    """What was told of, where the data of the day still say it."""
    node = node_of(told.rule)
    try:
        compile.mask(within, [node], run.engine.qualifier)
    except (AssistantError, KeyError):
        return None
    return node
