"""May somebody do something? Law: one pure function answers for every face; what nothing allows is refused, with what is missing.

A tag is allowed by a grant of the role, or by name to this person; either way only for the purposes its own entry names.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assistant.policy.identity import Identity, Operation, Owner, Protection, Purpose
from assistant.policy.model import Layer, Policy, Status, Step, TagGrant

_ABOUT_CUSTOMERS: frozenset[Operation] = frozenset({"ask", "list_members", "export", "save", "share", "make_calls", "write_result"})
"""Operations that say something of customers: they need units to say it of."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What the policy knows of an element of the catalog. `purposes`: those it may be used for at all (empty: any)."""

    code: str
    layer: Layer
    owner: Owner
    level: int = 2
    sensitive: bool = False
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Denial:
    """Why not. `code`: forbidden_operation (the role may not), forbidden_token (the token may not), forbidden_no_unit (bound to no unit yet), forbidden_tag (no grant),
    forbidden_for_role (a grant, not for this purpose), forbidden_purpose (the tag itself not), forbidden_step (there is none), forbidden_step_of_others,
    forbidden_same_person, forbidden_own_request (nobody else asked it), forbidden_words_of_others (a line's that is not theirs)."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


def denied(
    policy: Policy, identity: Identity, operation: Operation, asset: Asset | None = None, purpose: Purpose = "analysis"
) -> Denial | None:
    """What stands in the way of an operation, on a tag where one is named; None where nothing does."""
    role = policy.roles[identity.role]
    if operation not in role.operations and operation not in identity.operations:
        return Denial("forbidden_operation", (("operation", operation), ("role", identity.role)))
    if identity.scopes is not None and operation not in identity.scopes:
        return Denial("forbidden_token", (("operation", operation),))
    if operation in _ABOUT_CUSTOMERS and role.scope == "branches" and not identity.branches:
        return Denial("forbidden_no_unit")
    if asset is None:
        return None
    told = (("code", asset.code), ("purpose", purpose))
    if asset.purposes and purpose not in asset.purposes:
        return Denial("forbidden_purpose", told)
    if asset.code in identity.tags:
        return None
    covering = [one for one in role.tags if _covers(one, asset, identity)]
    if any(purpose in one.purposes for one in covering):
        return None
    return Denial("forbidden_for_role" if covering else "forbidden_tag", (*told, ("role", identity.role)))


def may(policy: Policy, identity: Identity, operation: Operation, asset: Asset | None = None, purpose: Purpose = "analysis") -> bool:
    """Whether nothing stands in the way of an operation."""
    return denied(policy, identity, operation, asset, purpose) is None


def may_move(policy: Policy, identity: Identity, asset: Asset, before: Status, after: Status, last_moved_by: str = "") -> Denial | None:
    """What stands in the way of a step of a tag's lifecycle. `last_moved_by`: who took the step before (empty: nobody here)."""
    denial = denied(policy, identity, "edit_tag")
    if denial is not None and asset.code not in identity.stewards:
        return denial
    told = (("tag", asset.code), ("before", before), ("after", after))
    step = next((one for one in policy.lifecycle if (one.before, one.after) == (before, after)), None)
    if step is None or not _takes(policy, identity, asset, step):
        return Denial("forbidden_step" if step is None else "forbidden_step_of_others", (*told, ("line", _line(policy, asset, step))))
    if step.another_person and last_moved_by == identity.user:
        return Denial("forbidden_same_person", told)
    return None


def may_review(policy: Policy, identity: Identity, askers: Collection[str]) -> Denial | None:
    """What stands in the way of deciding on a rule that was generated for some people: four eyes see it, so that nobody decides on what they alone have asked."""
    return denied(policy, identity, "approve") or _own_only(identity, askers)


def may_name(policy: Policy, identity: Identity, asset: Asset, askers: Collection[str]) -> Denial | None:
    """What stands in the way of deciding on a word proposed for an element, by the requests of some people: it falls to the line that owns it, or whom it was delegated to."""
    if asset.code not in identity.stewards:
        denial = denied(policy, identity, "edit_tag")
        if denial is not None:
            return denial
        if asset.owner not in identity.lines:
            return Denial("forbidden_words_of_others", (("tag", asset.code), ("line", asset.owner)))
    return _own_only(identity, askers)


def _own_only(identity: Identity, askers: Collection[str]) -> Denial | None:
    return Denial("forbidden_own_request") if set(askers) == {identity.user} else None


def protection(policy: Policy, identity: Identity) -> Protection:
    """What is hidden from somebody in a count: small groups, unless they may list those very customers."""
    return Protection(0 if may(policy, identity, "list_members") else policy.minimum_cell)


def _covers(grant: TagGrant, asset: Asset, identity: Identity) -> bool:
    return (
        asset.layer in grant.layers
        and asset.level <= grant.level
        and (grant.sensitive or not asset.sensitive)
        and (grant.lines == "any" or asset.owner in identity.lines)
    )


def _takes(policy: Policy, identity: Identity, asset: Asset, step: Step) -> bool:
    """Whether a step is theirs: as the line it falls to, or because the tag was delegated to them (which makes them its owner, not the steward of a layer)."""
    if _line(policy, asset, step) in identity.lines:
        return True
    return asset.code in identity.stewards and _line(policy, asset, step) == asset.owner


def _line(policy: Policy, asset: Asset, step: Step | None) -> Owner:
    """The line that a step falls to."""
    return policy.stewards.get(asset.layer, asset.owner) if step is not None and step.by == "steward" else asset.owner
