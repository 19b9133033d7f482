"""Counts held against those told before. Law: whoever may not list customers is not told two counts whose difference is a few customers, and no more counts a day than the policy says.

The tracker of Denning and Schlörer (1980, A fast procedure for finding a tracker in a statistical database, ACM TODS 5) subtracts two counts that are large and differ by the customer sought, so that no smallest
group protects by itself. Here a segment is held against every other one its asker was told of: where the two have all but a few customers in common, those few or none, nothing is told of the later
one. That they differ by nobody is no exception: otherwise being refused would tell what the difference would have (Kenthapadi, Mishra and Nissim 2005, Simulatable auditing). It is the earlier one that
is told however often it is asked again. The counts a day bound what can be added up from several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import UserError
from assistant.insight import overlap
from assistant.pipeline.run import Run
from assistant.policy import PURPOSES
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import SegmentRule
from assistant.store.event import Told
from assistant.store.segments import node_of
from assistant.validation.verdict import ValidatedRule

TOO_NEAR = "count_too_near"
"""The code of the warning of an answer whose figures are withheld for it."""
_AT_ONCE = 8
"""Earlier segments that one query is held against: its rows are at most 2 to one more than these."""


def too_near(rule: ValidatedRule, run: Run) -> Told | None:
    """The first segment the asker was told of before this one that has all but a few customers in common with it; None for whoever may list. UserError `counts_spent` for one count more than a day has."""
    floor, policy, user = run.protection.min_cell, run.catalog.policy, run.identity.user
    if not floor:
        return None
    own = fingerprint(rule.rule.node)
    told = run.kept.told(user, policy.remembered_days)
    place = next((place for place, one in enumerate(told) if (one.fingerprint, one.as_of) == (own, rule.as_of.isoformat())), None)
    if place is None and len(run.kept.told(user, 1)) >= policy.daily_counts:
        raise UserError("counts_spent", limit=policy.daily_counts)
    before = [(one, other) for one in told[:place] if one.fingerprint != own and (other := _then(one, run)) is not None]
    for first in range(0, len(before), _AT_ONCE):
        some = before[first : first + _AT_ONCE]
        near = _first(rule, [other for _, other in some], floor, run)
        if near is not None:
            return some[near][0]
    return None


def _then(one: Told, run: Run) -> ValidatedRule | None:
    """An earlier segment on the data of now, for the purpose it was asked for; None where it can no longer be counted."""
    purpose = next((known for known in PURPOSES if known == one.purpose), run.purpose)
    verdict = replace(run, purpose=purpose).validate(SegmentRule(node=node_of(one.rule)))
    return verdict if isinstance(verdict, ValidatedRule) else None


def _first(rule: ValidatedRule, others: Sequence[ValidatedRule], floor: int, run: Run) -> int | None:
    """The place of the first that differs from the rule by fewer customers than the floor, counting those of either that are not of both. Of a small group, on either side, no count is told that
    could be subtracted."""
    query = overlap.plan([rule, *others], run.engine.qualifier)[0]
    found = overlap.read((run.execute(query, "nearest"),), 1 + len(others))
    own, *counts = found.counts
    if own < floor:
        return None
    apart = ((n, own + n - 2 * found.both[0][place]) for place, n in enumerate(counts, 1))
    return next((place for place, (n, few) in enumerate(apart) if n >= floor > few), None)
