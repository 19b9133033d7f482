"""A call list as it is asked for and as its owner sees it. Law: values."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.facts import FactSheet
from assistant.insight.contactable import Contactable
from assistant.store.call import CallItem, CallList

LONGEST_NAME = 60
"""Characters of a list's name."""


@dataclass(frozen=True, slots=True)
class AskedCalls:
    """Whom a list is made of: the words it was asked in, its name (empty: made of them), the saved segment it is of (id@version), and how many come onto it (None: as the bank does)."""

    said: str
    name: str = ""
    segment: str = ""
    most: int | None = None
    before: CallList | None = None
    """The list that is made once more."""


@dataclass(frozen=True, slots=True)
class Calls:
    """A call list as its owner sees it. `items`: of the run just made, or of all; `reach`: whom its purpose leaves (None where it is only shown), with its figures as calls.… in `facts`;
    `withdrawn`: items whose customer has declined since, on whatever list; `hidden`: items whose customer is not the owner's any more."""

    made: CallList
    items: tuple[CallItem, ...]
    facts: FactSheet
    reach: Contactable | None = None
    withdrawn: frozenset[int] = frozenset()
    hidden: int = 0
