"""A template fits when it selects neither too few nor too many and both languages read it alike."""

from __future__ import annotations

import pytest

from assistant.evaluate.strategies import Applied


@pytest.mark.parametrize(
    ("selected", "alike", "fits"),
    [(20, True, True), (19, True, False), (250, True, True), (251, True, False), (100, False, False), (None, True, False)],
)
def test_sizes_are_judged_against_the_base(selected: int | None, alike: bool, fits: bool) -> None:
    assert Applied("x", selected, selected, 1000, alike).fits is fits
