"""Approvals of lists that leave the house. Law: values; who approves is whoever signed in to do it, never the one who asked, and an approval holds for those very customers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ExportApproval:
    """A list that somebody wants to take out. `id` stands for the asker, the rule, the purpose, the channels and the data date; `rule`: in canonical words; `rows`: how many it may be of; `approver`: empty while nobody
    approved."""

    id: str
    user: str
    purpose: str
    said: str
    rule: str
    rows: int
    as_of: date
    at: str = ""
    approver: str = ""
    approved_at: str = ""


@dataclass(frozen=True, slots=True)
class AskApproval:
    """A list waits for somebody's approval from now on."""

    asked: ExportApproval

    @property
    def segment(self) -> str:
        """What the audit calls it."""
        return f"approval:{self.asked.id}"


@dataclass(frozen=True, slots=True)
class Approve:
    """A list is approved by whoever records it."""

    id: str

    @property
    def segment(self) -> str:
        return f"approval:{self.id}"


@dataclass(frozen=True, slots=True)
class Use:
    """A list that was approved leaves: the approval is spent, and stays in the audit."""

    id: str

    @property
    def segment(self) -> str:
        return f"approval:{self.id}"


ApprovalChange = AskApproval | Approve | Use
