"""Small worlds hold what they promise: missing values, strange codes, leavers, month ends."""

from random import Random

from assistant.evaluate.world import SEVERAL_A_DAY, small_world
from assistant.rule.tree import AllOf

WORLDS = [small_world(Random(seed)) for seed in range(12)]


def test_rows_have_the_columns_of_their_table() -> None:
    for world in WORLDS:
        for table in world.tables.values():
            assert all(list(row) == list(table.types) for row in table.rows)


def test_every_kind_of_cell_occurs() -> None:
    for tag in WORLDS[0].catalog.tags.values():
        cells = {row[tag.column_name] for world in WORLDS for row in world.tables["customer"].rows}
        assert (None in cells) == (tag.null_means != "never_null")
        assert len(cells) > 1
    colours = {row["colour"] for world in WORLDS for row in world.tables["customer"].rows}
    assert colours & {"é", "e\u0301", "a'b", "😀", ""}
    assert any(row["birthday"] == "02-29" for world in WORLDS for row in world.tables["customer"].rows)


def test_customers_come_and_go() -> None:
    for world in WORLDS:
        present = [set(people) for _, people in sorted(world.bank.people.items())]
        assert any(one != present[-1] for one in present)
        assert world.as_of in world.bank.people
        assert world.members(AllOf())


def test_days_order_the_records_that_are_asked_for_their_last() -> None:
    for world in WORLDS:
        for records in world.catalog.records.values():
            if records.date_column is None or records.code in SEVERAL_A_DAY:
                continue
            days = [(row[records.key], row[records.date_column]) for row in world.tables[records.table].rows]
            assert len(days) == len(set(days))
