"""The same rule with itself at an earlier date: who entered, stayed and left, and why. Law: both dates are read under one definition, and the parts add
up exactly, as counts of customers: then + joined + entered = now + left the bank + left.

A customer of only one of the two base populations joined or left the bank, and whoever became a customer only after the days that were counted then joined as well. For any other, four readings decide (see `sql/two_dates.py`): the rule then, the
rule now, and the two that never were: tags then with records now, and tags now with records then. Whoever is in now and was not then entered
  by behaviour  - records now bring them in although their tags are those of then, and tags alone do not;
  by tags       - tags now bring them in although their records are those of then, and behaviour alone does not;
  by either     - each of the two alone would have;
  by both       - neither alone would have.
Leaving likewise. This is the exact form of what decompositions by averages (Oaxaca-Blinder, Shapley) estimate: with two factors each customer's four
readings are all there is to know, so no share is left to be attributed and no interval is needed; the counts are of everyone, not of a sample.

"Tags" are all that a snapshot holds, dates counted from the tags' day included: a customer who only grew older, or whose product came nearer to its
maturity, entered by tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight.count import whole
from assistant.insight.drivers import Driver, Drivers
from assistant.insight.newcomers import Alike
from assistant.insight.periods import redefined
from assistant.insight.persona import Persona
from assistant.insight.traits import TRAIT_FIGURES, Trait
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import AnyNode
from assistant.rule.window import DateSpan
from assistant.sql import two_dates
from assistant.sql.query import Query, Table
from assistant.sql.two_dates import BEHAVIOUR_NOW, IN_BASE_NOW, IN_BASE_THEN, JOINED_SINCE, MASKS, NOW, TAGS_NOW, THEN
from assistant.validation.verdict import ValidatedRule

Way = Literal["behaviour", "tags", "either", "both"]
WAYS: tuple[Way, ...] = ("behaviour", "tags", "either", "both")
Part = Literal[
    "joined", "entered.behaviour", "entered.tags", "entered.either", "entered.both", "stayed",
    "left.behaviour", "left.tags", "left.either", "left.both", "left_bank",
]  # fmt: skip
PARTS: tuple[Part, ...] = (
    "joined", "entered.behaviour", "entered.tags", "entered.either", "entered.both", "stayed",
    "left.behaviour", "left.tags", "left.either", "left.both", "left_bank",
)  # fmt: skip
"""Every customer who was in the segment at either date is in exactly one of these."""


def part_of(mask: int) -> Part | None:
    """The part a customer belongs to, by the mask of `two_dates.flow`; None for one who was in the segment at neither date."""
    was, is_now = bool(mask & THEN), bool(mask & NOW)
    if was and is_now:
        return "stayed"
    if is_now:
        if not mask & IN_BASE_THEN or mask & JOINED_SINCE:
            return "joined"
        return _ENTERED[bool(mask & BEHAVIOUR_NOW), bool(mask & TAGS_NOW)]
    if was:
        if not mask & IN_BASE_NOW:
            return "left_bank"
        return _LEFT[bool(mask & BEHAVIOUR_NOW), bool(mask & TAGS_NOW)]
    return None


_ENTERED: dict[tuple[bool, bool], Part] = {
    (True, False): "entered.behaviour",
    (False, True): "entered.tags",
    (True, True): "entered.either",
    (False, False): "entered.both",
}
"""Who is in with (tags then and records now, tags now and records then): what is in alone suffices."""
_LEFT: dict[tuple[bool, bool], Part] = {
    (False, True): "left.behaviour",
    (True, False): "left.tags",
    (False, False): "left.either",
    (True, True): "left.both",
}
"""The same for leaving: what is out alone suffices."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The parts of the change between the dates `then` and `now` (each with its tag snapshot), and both base populations, as counts of customers."""

    then: date
    now: date
    tags_then: date
    tags_now: date
    base_then: int
    base_now: int
    parts: dict[Part, int]
    query: str
    redefined: tuple[tuple[str, date], ...] = ()
    """Concepts and tags whose present definition is younger than `then`, and since when it holds."""
    segments: tuple[tuple[str, AnyNode], ...] = ()
    """Of "entered", "stayed", "left" and "joined" those that a rule of today holds, customer count checked; each with that whole rule."""
    days: tuple[date, date] | None = None
    """The first and last of the days that were counted then instead of those the rule names (9月中旬 a month earlier)."""
    days_now: tuple[date, date] | None = None
    """The same of now."""
    newcomers: Persona | None = None
    """Of today's base those who meet the conditions now and did not then, against those who did then: what differs by the tags of today and by those from before
    either date's days; None where no rule says them, where there are no such tags, and where `whose` tells it better."""
    alike: tuple[Alike, ...] = ()
    """What those who came in have more of than those who were in, and those who went out as well: no reason for the change."""
    eve: date | None = None
    """The snapshot of those earlier tags."""
    by_tags: bool = False
    """No part of the rule is known of the very day, so that those of then are those at the tags of then."""
    overlapping: DateSpan | None = None
    """The days that the behaviour of the rule was counted on then, where some of them are counted now as well; both ends known."""
    shared: int = 0
    """How many of them are."""
    people_then: date | None = None
    """The snapshot that tells who was a customer then, and of settled dates, where it is a later one than `then`."""
    claimed: Literal["", "up", "down"] = ""
    """Which way the question said that the number went."""
    once: bool = False
    """What the rule counts happens once to a customer (the day they came to the bank), and on other days then than now: nobody is in at both dates, and nobody went out."""
    whose: Drivers | None = None
    """Of a segment that is made of one behaviour: the traits whose part of the days changed."""

    @property
    def count_then(self) -> int:
        return sum(n for part, n in self.parts.items() if part in ("stayed", "left_bank") or part.startswith("left."))

    @property
    def count_now(self) -> int:
        return sum(n for part, n in self.parts.items() if part in ("stayed", "joined") or part.startswith("entered."))

    @property
    def entered(self) -> int:
        """Customers of both bases who came in."""
        return sum(n for part, n in self.parts.items() if part.startswith("entered."))

    @property
    def left(self) -> int:
        """Customers of both bases who went out."""
        return sum(n for part, n in self.parts.items() if part.startswith("left."))

    @property
    def counted_then(self) -> date:
        """The day that the customers of then are of: the last one with tags, where the rule looks at nothing else."""
        return self.tags_then if self.by_tags else self.then

    @property
    def same_tags(self) -> bool:
        """Both dates read one tag snapshot: only behaviour, and dates counted from the day, can have moved anybody."""
        return self.tags_then == self.tags_now

    def facts(self, sheet: FactSheet) -> None:
        """compare.then, .now, .tags_then, .tags_now (dates), .people_then where it is another; compare.count_then, .count_now, .base_then, .base_now, .net; compare.joined, .entered,
        .stayed, .left, .left_bank, and compare.entered.<way>, .left.<way>; compare.until (the last day counted then, where `once`); compare.eve (`eve`); compare.overlapping.first, .last and compare.shared (days); compare.before.first and .last (the days that drivers are measured against), and of
        each driver compare.<tag>.<bucket>.share, … (`Driver.facts`), compare.newly.share; of each trait of the newcomers, and of those in `alike`, compare.new.<tag>.<bucket>.share, … as of a
        persona, of the latter .left_share as well. Parts of
        one sum are shown all or none, since the last would follow from the others; and with them the shares of the newcomers, whose number would follow from exact ones."""
        for name, day in (("then", self.then), ("now", self.now), ("tags_then", self.tags_then), ("tags_now", self.tags_now)):
            sheet.given(f"compare.{name}", day, "date")
        if self.people_then is not None:
            sheet.given("compare.people_then", self.people_then, "date")
        if self.overlapping is not None and self.overlapping.start is not None and self.overlapping.end is not None:
            sheet.given("compare.overlapping.first", self.overlapping.start, "date")
            sheet.given("compare.overlapping.last", self.overlapping.end, "date")
            sheet.given("compare.shared", self.shared, "days")
        if self.once and self.days is not None:
            sheet.given("compare.until", self.days[1], "date")
        few = sheet.protection.hides(self.base_then - self.count_then)
        counts = {"count_then": self.count_then, "count_now": self.count_now, "base_then": self.base_then, "base_now": self.base_now}
        for name, n in counts.items():
            sheet.customers(f"compare.{name}", n, self.query, few and name == "count_then")
        net = self.count_now - self.count_then
        hidden = any(sheet["compare." + name].suppressed for name in ("count_then", "count_now"))
        for name, value in (("net", net), ("change", abs(net))):
            if hidden:
                sheet.withheld(f"compare.{name}", "customers", self.query)
            else:
                sheet.measured(f"compare.{name}", value, "customers", self.query, group=max(self.count_then, self.count_now))
        ends = {
            "joined": self.parts["joined"],
            "entered": self.entered,
            "stayed": self.stayed,
            "left": self.left,
            "left_bank": self.parts["left_bank"],
        }
        closed = self._together(sheet, ends, few)
        for side in ("entered", "left"):
            self._together(sheet, {f"{side}.{way}": n for way, n in self.ways(side).items()}, closed)
        if self.whose is not None and self.whose.earlier.start is not None and self.whose.earlier.end is not None:
            sheet.given("compare.before.first", self.whose.earlier.start, "date")
            sheet.given("compare.before.last", self.whose.earlier.end, "date")
            for driver in self.whose.drivers:
                driver.facts(sheet, "compare", self.whose.query)
            if self.whose.newly is not None:
                self.whose.newly.facts(sheet, "compare")
        if self.eve is not None:
            sheet.given("compare.eve", self.eve, "date")
        if self.newcomers is not None:
            for trait in (*self.traits, *(one.trait for one in self.alike)):
                if closed:
                    for figure, unit in TRAIT_FIGURES.items():
                        sheet.withheld(f"{newcomers_id(trait)}.{figure}", unit, self.newcomers.query)
                else:
                    self.newcomers.trait_facts(trait, newcomers_id(trait), sheet)
            for one in self.alike:
                few = closed or any(PERSONA_CELL.hides(size) or sheet.protection.hides(size) for size in (one.n, one.of - one.n))
                name = f"{newcomers_id(one.trait)}.left_share"
                if few:
                    sheet.withheld(name, "share", self.newcomers.query)
                else:
                    sheet.measured(name, one.share, "share", self.newcomers.query)

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """The traits whose part of the days changed, strongest first."""
        return () if self.whose is None else self.whose.drivers

    @property
    def traits(self) -> tuple[Trait, ...]:
        """What sets the newcomers apart from those who were in, surest first: the two are much alike, and the largest of small differences would often be chance."""
        return () if self.newcomers is None else tuple(sorted(self.newcomers.traits, key=lambda trait: trait.p))

    @property
    def stayed(self) -> int:
        return self.parts["stayed"]

    def ways(self, side: Literal["entered", "left"]) -> dict[Way, int]:
        """How those who entered, or left, did so."""
        entered: dict[Way, Part] = dict(zip(WAYS, PARTS[1:5], strict=True))
        left: dict[Way, Part] = dict(zip(WAYS, PARTS[6:10], strict=True))
        return {way: self.parts[part] for way, part in (entered if side == "entered" else left).items()}

    def _together(self, sheet: FactSheet, parts: dict[str, int], closed: bool) -> bool:
        """The parts of one sum as facts; whether any of them had to be hidden, or the sum itself is (`closed`)."""
        hidden = closed or any(sheet.protection.hides(n) for n in parts.values())
        for name, n in parts.items():
            if hidden and not sheet.protection.hides(n):
                sheet.withheld(f"compare.{name}", "customers", self.query)
            else:
                sheet.measured(f"compare.{name}", n, "customers", self.query)
        return hidden


def newcomers_id(trait: Trait) -> str:
    """The part of a newcomers' trait's fact ids that names it."""
    return f"compare.new.{trait.tag}.{trait.bucket}"


def driver_id(driver: Driver) -> str:
    """The part of a driver's fact ids that names it."""
    return f"compare.{driver.tag}.{driver.bucket}"


def plan(then: ValidatedRule, now: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One query over the customers of either base."""
    return (two_dates.flow(then, now, qualifier),)


def read(tables: Sequence[Table], then: ValidatedRule, now: ValidatedRule, count: int) -> Comparison:
    """From the table of `plan`. `count`: the segment's size now; Fault `compare_sum` when the parts do not add up to it."""
    (table,) = tables
    parts: dict[Part, int] = dict.fromkeys(PARTS, 0)
    base_then = base_now = 0
    for mask_cell, n_cell in table.rows:
        mask, n = whole(mask_cell), whole(n_cell)
        base_then += n if mask & IN_BASE_THEN else 0
        base_now += n if mask & IN_BASE_NOW else 0
        part = part_of(mask)
        if part is not None:
            parts[part] += n
    changed = redefined(now, then.as_of)
    people = None if then.people == then.snapshot else then.people
    found = Comparison(
        then.as_of, now.as_of, then.snapshot, now.snapshot, base_then, base_now, parts, table.query, changed, people_then=people
    )
    if found.count_now != count:
        raise Fault("compare_sum")
    return found


def plan_members(then: ValidatedRule, now: ValidatedRule, part: Part, qualifier: tuple[str, ...]) -> tuple[Query]:
    """The customers of one part: rows (one_id), ascending."""
    masks = [mask for mask in range(MASKS) if part_of(mask) == part]
    return (two_dates.flow_members(then, now, masks, qualifier),)
