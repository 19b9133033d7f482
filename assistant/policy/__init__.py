"""Who may do what: identities, the bank's policy, and the one function that decides. Law: what no grant allows is refused."""

from assistant.policy.identity import (
    LINES,
    OPERATIONS,
    PERSONA_CELL,
    PURPOSES,
    ROLES,
    Identity,
    Operation,
    Owner,
    Protection,
    Purpose,
    Role,
)
from assistant.policy.masking import masked
from assistant.policy.may import Asset, Denial, denied, may, may_move, may_name, may_review, protection
from assistant.policy.model import POLICY_FILE, STATUSES, Layer, Policy, Status, load_policy

__all__ = [
    "LINES", "OPERATIONS", "PERSONA_CELL", "POLICY_FILE", "PURPOSES", "ROLES", "STATUSES", "Asset", "Denial", "Identity", "Layer", "Operation", "Owner", "Policy", "Protection",
    "Purpose", "Role", "Status", "denied", "load_policy", "masked", "may", "may_move", "may_name", "may_review",
    "protection",
]  # fmt: skip
