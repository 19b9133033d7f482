"""Who asks, for what, and the smallest group they are shown. Law: values; what an identity may do is decided by `may` alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Purpose = Literal["analysis", "service", "marketing"]
Role = Literal["branch_manager", "head_office_manager", "head_office_analyst", "analyst", "catalog_owner", "administrator"]
Operation = Literal[
    "ask",
    "list_members",
    "export",
    "save",
    "share",
    "make_calls",
    "write_result",
    "approve",
    "approve_export",
    "edit_tag",
    "publish_strategy",
    "read_audit",
    "manage_users",
]
"""ask: counts and insights · list_members: ids and exact counts of small groups · export: ids as a file · save, share: a segment · make_calls: call
lists of one's own customers, and see them · write_result: what came of a call · approve: a rule that was generated, as an
example · approve_export: a list somebody else hands over · edit_tag: move a tag along its lifecycle · publish_strategy · read_audit · manage_users: users, grants and tokens."""
Owner = Literal["DP", "DIG", "DEP", "WM", "LN", "CC", "PAY", "MKT", "RISK"]
"""The business lines that own tags."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
ROLES: tuple[Role, ...] = get_args(Role)
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
LINES: tuple[Owner, ...] = get_args(Owner)


@dataclass(frozen=True, slots=True)
class Protection:
    """Groups of 1 to min_cell - 1 customers are hidden (0 hides nothing). An empty group is shown: it names nobody."""

    min_cell: int = 0

    def hides(self, size: int) -> bool:
        return 0 < size < self.min_cell


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, as they stand at this moment.

    `branches`: codes of the organisation units whose subtrees they are bound to (empty: as their role is, the whole bank or nothing); `lines`: the business lines they answer
    for; `operations`, `tags`: granted to them besides what their role may, the tags by code; `stewards`: codes of tags whose lifecycle was delegated to them; `scopes`: what a
    token is narrowed to (None: signed in by themselves).
    """

    user: str = "demo"
    role: Role = "head_office_analyst"
    branches: tuple[str, ...] = ()
    lines: tuple[Owner, ...] = ()
    operations: tuple[Operation, ...] = ()
    tags: tuple[str, ...] = ()
    stewards: tuple[str, ...] = ()
    scopes: tuple[Operation, ...] | None = None


PERSONA_CELL = Protection(20)
"""Cells of a persona and figures of few people describe persons, not the segment: small ones are hidden from everyone."""
