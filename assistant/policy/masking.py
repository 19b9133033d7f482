"""How a customer is written where they may not be named. Law: what is left does not tell one customer from another."""

from __future__ import annotations

SHOWN_DIGITS = 2


def masked(customer: int) -> str:
    """A customer id of which the last two digits are left, always of the same length, so that neither size nor length tells anything."""
    return "****" + f"{customer:0{SHOWN_DIGITS}d}"[-SHOWN_DIGITS:]
