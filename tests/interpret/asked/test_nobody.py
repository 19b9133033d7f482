"""What leans on customers, or on a comparison, that nobody has said is asked about."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, talk


@pytest.mark.parametrize(
    "text", ["他们的AUM中位数是多少", "what is their median AUM", "what is their median AUM compared with the whole bank", "who are they"]
)
def test_they_are_nobody_before_a_segment(text: str) -> None:
    assert asked(text) == ["them_unsaid"]


@pytest.mark.parametrize("turns", [("白金客户", "他们的AUM中位数是多少"), ("customers with a mortgage", "what is their median AUM")])
def test_they_are_the_segment_so_far(turns: tuple[str, str]) -> None:
    assert not talk(*turns).issues


def test_all_customers_are_not_they() -> None:
    assert not asked("what is the median AUM of all customers")


@pytest.mark.parametrize(
    "turns",
    [
        ("有房贷的客户", "那和男客户呢"),
        ("有房贷的客户", "那跟白金客户呢"),
        ("customers with a mortgage", "and from the men"),
        ("customers with a mortgage", "and from platinum customers"),
    ],
)
def test_customers_behind_the_preposition_of_a_comparison_narrow_nothing(turns: tuple[str, str]) -> None:
    found = talk(*turns)
    assert [issue.code for issue in found.issues] == ["compare_whom"]
    assert not found.changed
    assert found.rule == talk(turns[0]).rule


@pytest.mark.parametrize("turn", ["and from Shanghai branch", "and with a credit card"])
def test_a_preposition_of_a_condition_still_narrows(turn: str) -> None:
    found = talk("customers with a mortgage", turn)
    assert found.edit
    assert not found.issues
