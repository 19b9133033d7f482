"""Whom each purpose may contact: every column adds up, a service notice heeds fewer reasons, and nothing small follows from another column."""

from __future__ import annotations

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.facts import FactSheet
from assistant.insight.contactable import LeftOut, left_out
from assistant.insight.purposes import ByPurpose, reasons
from assistant.policy import PURPOSES, Protection
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf

CATALOG = TagCatalog.load()
RICH = node_from_short({"tag": "dep_demand_bal", "operator": ">", "value": 50000})


def found(*held: tuple[int, int], serving: int = 1) -> ByPurpose:
    why = tuple(LeftOut(f"r{place}", Text(zh="因", en="r"), AllOf()) for place in range(3))
    return ByPurpose(why, serving, held, "q")


def test_every_column_adds_up() -> None:
    one = found((0b000, 50), (0b001, 5), (0b011, 7), (0b100, 11), (0b110, 13))
    assert {purpose: one.reachable(purpose) for purpose in PURPOSES} == {"analysis": 86, "service": 74, "marketing": 50}
    assert [one.lost(place) for place in range(3)] == [12, 13, 11]
    for purpose in PURPOSES:
        assert one.reachable(purpose) + sum(one.lost(place) for place in one.heeded(purpose)) == one.selected


def test_selling_heeds_what_a_notice_does_and_more() -> None:
    why, serving = reasons(CATALOG, RICH, ("call",))
    assert [one.code for one in why[:serving]] == [one.code for one in left_out(CATALOG, "service", RICH, ("call",))]
    assert [one.code for one in why] == [one.code for one in left_out(CATALOG, "marketing", RICH, ("call",))]
    assert "declined" in [one.code for one in why[serving:]]
    with pytest.raises(KeyError):
        reasons(CATALOG, RICH, ("smoke",))


def test_a_small_group_does_not_follow_from_the_columns() -> None:
    sheet = FactSheet(Protection(20))
    found((0b000, 500), (0b010, 7), (0b100, 300), (0b001, 200)).facts(sheet)
    assert sheet["purposes.1.lost"].suppressed
    shown = {name for name in ("purposes.service", "purposes.marketing", "purposes.2.lost") if not sheet[name].suppressed}
    assert len(shown) < 3, "service - marketing - the other reason is the small one"
    plain = FactSheet(Protection())
    found((0b000, 500), (0b010, 7)).facts(plain)
    assert [plain[name].value for name in ("purposes.selected", "purposes.service", "purposes.marketing", "purposes.1.lost")] == [
        507,
        507,
        500,
        7,
    ]
