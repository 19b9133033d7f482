"""Whoever moved more is named; whoever moved like everybody, or does much of it anyway, is not."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scipy import stats

from assistant.catalog.load import TagCatalog
from assistant.facts import FactSheet
from assistant.insight import drivers
from assistant.insight.drivers import Driver, Moments, Move, driver, student
from assistant.insight.traits import Split
from assistant.policy import Protection
from assistant.rule.window import DateSpan
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated
from tests.narrate.catalog import CATALOG

COLUMNS = ("tag", "bucket", "n", "n_before", "days", "days_before", "days_2", "days_before_2", "both")


def table(seed: int, times: float, everybody: float = 1.0, customers: int = 3000) -> Table:
    """Customers with a mortgage (12 %, in the app twice as often as others) whose days in the window are `times` as many as before, the others' `everybody`."""
    source = random.Random(seed)
    cells: dict[tuple[str, str], Moments] = defaultdict(Moments)
    for _ in range(customers):
        mortgage = source.random() < 0.12
        rate = source.gammavariate(0.7, 0.04) * (2 if mortgage else 1)
        days = sum(source.random() < rate * (times if mortgage else everybody) for _ in range(14))
        days_before = sum(source.random() < rate for _ in range(56))
        if days or days_before:
            own = Moments(bool(days), bool(days_before), days, days_before, days**2, days_before**2, days * days_before)
            cells["mort_flag", str(mortgage).lower()] += own
            cells["gender", source.choice(("F", "M"))] += own
    rows = tuple((*key, *(getattr(own, name) for name in COLUMNS[2:])) for key, own in cells.items())
    return Table(COLUMNS, rows, "q")


def told(eve: Table, rise: bool = True, given: frozenset[str] = frozenset(), before: Table | None = None) -> tuple[Driver, ...]:
    """The drivers by one table of tags, and what another one (the same unless given) bears out of them."""
    earlier = drivers.cells_of(eve if before is None else before, CATALOG)
    return drivers.borne_out(drivers.read(eve, CATALOG, given, rise), earlier, CATALOG, rise)


def test_who_moved_more_is_named() -> None:
    found = told(table(1, 3.0))
    assert [(one.tag, one.bucket) for one in found] == [("mort_flag", "true")]
    (one,) = found
    assert one.times == pytest.approx(Decimal(3), rel=Decimal("0.3"))
    assert one.low < float(one.share - one.share_before) < one.high


def test_who_moved_less_drives_a_fall() -> None:
    found = told(table(2, 0.3), rise=False)
    assert [(one.tag, one.bucket) for one in found] == [("mort_flag", "true")]


def test_what_is_given_is_no_driver() -> None:
    assert told(table(1, 3.0), given=frozenset({"mort_flag"})) == ()


def test_who_lately_got_what_they_were_picked_for_is_no_driver_and_what_holders_differ_in_is() -> None:
    """Whoever had no mortgage yet at the eve does half of the days: looked at among holders, no rate moves by that; one that half of the holders have may."""
    few, lots, most = (Moments(n, n, n * 2, n * 2, n * 4, n * 4, n) for n in (80, 160, 400))
    bank, held = TagCatalog.load(), frozenset({"mort_rate_type"})

    def by_rate(lpr: Moments, fixed: Moments, absent: Moments) -> Table:
        rows = (("lpr", lpr), ("fixed", fixed), (None, absent))
        return Table(COLUMNS, tuple(("mort_rate_type", bucket, *own.parts()) for bucket, own in rows), "q")

    none_yet = Moments(400, 40, 800, 80, 1600, 160, 40)
    lately = by_rate(lots, lots, none_yet)
    assert drivers.read(lately, bank, frozenset(), rise=False).drivers
    assert not drivers.read(lately, bank, frozenset(), rise=False, held=held).drivers
    moved = by_rate(Moments(400, 80, 800, 160, 1600, 320, 80), few, most)
    assert {(one.tag, one.bucket) for one in drivers.read(moved, bank, frozenset(), rise=True, held=held).drivers} == {
        ("mort_rate_type", "lpr")
    }


def test_what_the_earlier_tags_do_not_say_is_no_driver() -> None:
    assert told(table(1, 3.0), before=table(4, 1.0)) == ()
    assert told(table(1, 3.0), before=table(2, 0.3)) == ()
    assert told(table(1, 3.0), before=Table(COLUMNS, (), "q")) == ()
    assert told(table(1, 3.0, customers=12_000), before=table(4, 1.3, customers=12_000)) == (), "less than half as far, however surely"


def test_its_p_is_that_of_the_less_certain_reading() -> None:
    proposed = drivers.read(table(1, 3.0), CATALOG, frozenset(), rise=True)
    weaker = drivers.cells_of(table(1, 2.2), CATALOG)
    (one,), (kept,) = proposed.drivers, drivers.as_before(proposed.drivers, weaker, CATALOG, rise=True)
    assert one.p < kept.p < 1


def test_what_is_not_told_helps_nothing_pass() -> None:
    """One trait of a hundred tested needs p <= 0.05 / 100 however many others were significant and not borne out."""
    table_1 = table(1, 3.0)
    proposed = drivers.read(table_1, CATALOG, frozenset(), rise=True)
    (one,) = proposed.drivers
    cells = drivers.cells_of(table_1, CATALOG)
    for p, told_of in ((0.0004, 1), (0.0013, 0)):
        found = drivers.Proposed((replace(one, p=p), *(replace(one, tag="gender", bucket="F", p=1e-9) for _ in range(11))), 100)
        assert len(drivers.borne_out(found, cells, CATALOG, rise=True)) == told_of


@pytest.mark.parametrize("everybody", [1.0, 3.0])
def test_a_move_of_all_names_nobody(everybody: float) -> None:
    named = [told(table(seed, everybody, everybody, 1200)) for seed in range(10, 50)]
    assert sum(map(bool, named)) <= 4


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    missed = 0
    for seed in range(60):
        cells = {row[1]: Moments(*row[2:]) for row in table(200 + seed, 1.0, customers=900).rows if row[0] == "mort_flag"}  # type: ignore[arg-type]
        one = driver("mort_flag", Split("true", frozenset(["true"])), cells["true"], cells["true"] + cells["false"])
        missed += not one.low <= 0 <= one.high
    assert missed <= 8


def test_few_customers_say_nothing() -> None:
    assert told(table(3, 3.0, customers=60)) == ()


@pytest.mark.parametrize(("t", "freedom"), [(0.0, 5.0), (1.3, 1.0), (2.5, 7.5), (4.2, 40.0), (6.0, 900.0)])
def test_student_is_scipys(t: float, freedom: float) -> None:
    assert student(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), rel=1e-9)


def test_few_busy_customers_are_less_certain_than_many() -> None:
    many, busy = (Moments(n, n, 60, 120, 3600 // n, 14400 // n, 7200 // n) for n in (60, 6))
    rest = Moments(900, 900, 1800, 7200, 9000, 90000, 18000)
    few, lots = (driver("mort_flag", Split("true", frozenset(["true"])), own, own + rest) for own in (busy, many))
    assert few.p > 10 * lots.p


def test_the_eve_is_the_last_snapshot_before() -> None:
    snapshots = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 24))
    assert drivers.eve(date(2026, 9, 11), snapshots) == date(2026, 8, 31)
    assert drivers.eve(date(2026, 8, 31), snapshots) == date(2026, 7, 31)
    assert drivers.eve(date(2026, 1, 1), snapshots) == date(2026, 7, 31)


def test_only_what_told_something_is_asked_again() -> None:
    rule = validated({"all": []})
    spans = DateSpan(date(2026, 7, 17), date(2026, 9, 10)), DateSpan(date(2026, 9, 11), date(2026, 9, 24))
    move = Move("zone_view", (), (), *spans, rule, rule, frozenset(), rise=True)
    asked = drivers.steps([move, move], QUALIFIER)
    first = next(asked)
    (again,) = asked.send([table(1, 3.0), table(5, 1.0)])
    assert len(first) == 2
    assert first[0].tree.sql().count("bucket_") > again.tree.sql().count("bucket_") > 0
    with pytest.raises(StopIteration) as end:
        asked.send([table(1, 3.0)])
    one, other = end.value.value
    assert [driver.tag for driver in one.drivers] == ["mort_flag"]
    assert other.drivers == ()
    assert one.compared


def test_those_without_tags_at_the_eve_are_counted_apart() -> None:
    """61 of 104 days are of customers who came since: they are in no driver, and it is said."""
    everyone = validated({"all": []})
    then = replace(everyone, as_of=date(2026, 8, 31), snapshot=date(2026, 8, 31))
    spans = DateSpan(date(2026, 7, 17), date(2026, 9, 10)), DateSpan(date(2026, 9, 11), date(2026, 9, 24))
    move = Move("zone_view", (), (), *spans, then, then, frozenset(), rise=True, members=everyone)
    asked = drivers.steps([move], QUALIFIER)
    first, second = next(asked)
    assert [first.purpose, second.purpose] == ["contributions_zone_view", "newly_zone_view"]
    assert "2026-08-31" in second.tree.sql()
    split = Table(("known", *COLUMNS[2:]), ((True, 40, 90, 43, 120, 50, 300, 20), (False, 60, 2, 61, 2, 63, 2, 2)), "w")
    with pytest.raises(StopIteration) as end:
        asked.send([Table(COLUMNS, (), "q"), split])
    (found,) = end.value.value
    assert found.newly is not None
    assert found.newly.many
    assert (found.newly.own.days, found.newly.all.days) == (61, 104)
    for protection, hidden in ((0, False), (50, True)):
        sheet = FactSheet(Protection(protection))
        found.newly.facts(sheet, "monitor.0")
        assert sheet["monitor.0.newly.share"].suppressed == hidden
        assert hidden or sheet["monitor.0.newly.share"].value == Decimal(61) / Decimal(104)


def test_whoever_came_lately_makes_nothing_fall() -> None:
    """Of 497 days before 4 were of customers who came since, of 39 left 34: the fall is of the others, however much of what is left is not."""
    rows = ((True, 5, 493, 5, 493, 5, 493, 0), (False, 34, 4, 34, 4, 34, 4, 0))
    fall, rise = (drivers.read_newly(Table(COLUMNS, rows, "q"), up) for up in (False, True))
    assert (fall.many, rise.many) == (False, True)
    before = drivers.read_newly(Table(COLUMNS, ((True, 5, 90, 5, 90, 5, 90, 0), (False, 9, 30, 9, 30, 9, 30, 0)), "q"), rise=False)
    assert before.many
    sheet = FactSheet(Protection(0))
    before.facts(sheet, "monitor.0")
    assert sheet["monitor.0.newly.share"].value == Decimal(30) / Decimal(120)


def test_few_without_tags_leave_the_others_to_speak_for_all() -> None:
    few, many = (
        drivers.read_newly(Table(COLUMNS, ((True, 90, 90, 96, 96, 96, 96, 9), (False, 4, 4, 4, 4, 4, 4, 0)), "q")),
        drivers.MOST_UNKNOWN,
    )
    assert few.own.days == 4
    assert many > 4 / 100
    assert not few.many


def test_facts_hide_small_groups() -> None:
    own = Moments(5, 30, 9, 60, 20, 150, 30)
    one = driver("mort_flag", Split("true", frozenset(["true"])), own, own + Moments(100, 100, 300, 900, 1000, 9000, 3000))
    sheet = FactSheet(Protection(0))
    one.facts(sheet, "monitor.0", "q")
    assert sheet["monitor.0.mort_flag.true.share"].suppressed


@pytest.mark.parametrize(("floor", "hidden"), [(20, True), (0, False)])
@pytest.mark.parametrize(("others", "others_before"), [(9, 40), (40, 9)])
def test_few_without_the_trait_are_protected(others: int, others_before: int, floor: int, hidden: bool) -> None:
    """161 of 170 have a mortgage: the share, beside the 170, would tell the nine."""
    own, rest = Moments(161, 161, 170, 170), Moments(others, others_before, 50, 50)
    sheet = FactSheet(Protection(floor))
    Driver("mort_flag", "true", own, own + rest, 0.1, 0.02, 0.2, 0.001).facts(sheet, "monitor.0", "q")
    assert {fact.suppressed for fact in sheet} == {hidden}
