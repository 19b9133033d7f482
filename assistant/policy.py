"""Who may see what: identities, grants, and the smallest group that is shown. Law: pure functions of an identity and the catalog's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["analysis", "service", "marketing"]
Role = Literal["head_office_analyst", "branch_manager", "analyst", "administrator"]


@dataclass(frozen=True, slots=True)
class Protection:
    """Groups of 1 to min_cell - 1 customers are hidden (0 hides nothing). An empty group is shown: it names nobody."""

    min_cell: int = 0

    def hides(self, size: int) -> bool:
        return 0 < size < self.min_cell


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. `branches`: codes of the organisation units whose subtrees they may see; empty = the whole bank. `may_list`: may see ids and exact counts."""

    user: str = "demo"
    role: Role = "head_office_analyst"
    branches: tuple[str, ...] = ()
    may_list: bool = True

    @property
    def protection(self) -> Protection:
        """What is hidden from this identity in a count of a whole segment."""
        return Protection(0 if self.may_list else 20)


PERSONA_CELL = Protection(20)
"""Cells of a persona and figures of few people describe persons, not the segment: small ones are hidden from everyone."""
