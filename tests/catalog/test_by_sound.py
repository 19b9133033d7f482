"""Names found by their pinyin: whole, by initials, from a syllable on; never from the middle of one."""

from __future__ import annotations

import pytest

from assistant.catalog.by_sound import found_by_sound
from assistant.catalog.load import TagCatalog


@pytest.fixture(scope="module")
def catalog() -> TagCatalog:
    return TagCatalog.load()


@pytest.mark.parametrize("typed", ["huoqicunkuanyue", "huoqi", "huo qi", "HUOQICUN", "hqck", "hqckye"])
def test_a_name_is_found_as_it_is_typed(catalog: TagCatalog, typed: str) -> None:
    assert catalog.tags["dep_demand_bal"].name.zh == "活期存款余额"
    assert "dep_demand_bal" in found_by_sound(typed, catalog, 5)


def test_the_whole_name_stands_before_what_holds_it(catalog: TagCatalog) -> None:
    assert found_by_sound("nianling", catalog, 3)[0] == "age"
    assert "age" in found_by_sound("nl", catalog, 24)


@pytest.mark.parametrize("typed", ["", "h", "uoqi", "活期", "5万", "qqqqqq"])
def test_what_is_no_beginning_of_a_syllable_finds_nothing(catalog: TagCatalog, typed: str) -> None:
    assert found_by_sound(typed, catalog, 5) == ()
