"""Names a sentence tells values apart by."""

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import EnumValue, Text, Words
from assistant.catalog.naming import distinct_label, has_children, said_unit

NORTH = EnumValue(code="1", label=Text(zh="北区", en="North"))
SOUTH = EnumValue(code="2", label=Text(zh="南区", en="South"))
PARK = EnumValue(code="11", label=Text(zh="公园支行", en="Park"), parent="1")
OTHER_PARK = EnumValue(code="21", label=Text(zh="公园支行", en="Park"), aliases=Words(zh=("南公园",), en=("Park",)), parent="2")
VALUES = (NORTH, SOUTH, PARK, OTHER_PARK)


def test_a_name_of_its_own_stands_alone() -> None:
    assert distinct_label(VALUES, NORTH, "zh") == ("北区", None)


def test_a_shared_name_takes_an_alias_of_its_own_else_the_parent() -> None:
    assert distinct_label(VALUES, OTHER_PARK, "zh") == ("南公园", None)
    assert distinct_label(VALUES, OTHER_PARK, "en") == ("Park", "South")
    assert distinct_label(VALUES, PARK, "zh") == ("公园支行", "北区")


def test_what_has_units_below_it() -> None:
    assert has_children(VALUES, "1")
    assert not has_children(VALUES, "11")


def test_years_of_life_are_counted_in_their_own_word() -> None:
    tags = TagCatalog.load().tags
    assert said_unit(tags["age"]) == "age"
    assert said_unit(tags["aum_bal"]) == "CNY"
