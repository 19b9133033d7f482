"""A masked id has one length and two digits."""

from __future__ import annotations

import pytest

from assistant.policy import masked


@pytest.mark.parametrize(("customer", "shown"), [(10000013, "****13"), (7, "****07"), (0, "****00"), (1234567890123456789, "****89")])
def test_two_digits_are_left(customer: int, shown: str) -> None:
    assert masked(customer) == shown
