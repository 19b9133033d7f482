"""Only what held before either date's days sets those who came in apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.insight import newcomers, persona
from assistant.insight.newcomers import before_both, borne_out, meant
from assistant.insight.spread import Spreads, strata, together
from assistant.insight.statistics import p_value
from assistant.rule.tree import Snapshot
from assistant.sql.query import Table
from tests.insight.rules import profiled, validated
from tests.narrate.catalog import AS_OF, CATALOG

Rows = tuple[tuple[str, int, int], ...]

MONTH_ENDS = (date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), AS_OF)
TAG = {"tag": "mort_flag", "value": True}
THEN = replace(validated(TAG), as_of=date(2026, 8, 31), today=date(2026, 9, 1), snapshot=date(2026, 8, 31), snapshots=MONTH_ENDS[:4])
FOUND = persona.read(profiled(validated(TAG), ("gender", "F", 700, 300), ("gender", "M", 300, 700)), validated(TAG)).traits


def earlier(*rows: tuple[str, int, int]) -> Table:
    return Table(("tag", "bucket", "n", "rest_n"), tuple(("gender", *row) for row in rows), "q")


def spread(*rows: tuple[str, int, int]) -> Spreads:
    (parts,) = strata(earlier(*rows), CATALOG, [[]])
    return together(parts)


def test_a_tag_is_looked_at_on_its_day() -> None:
    assert before_both(THEN, MONTH_ENDS) == date(2026, 7, 31)
    assert before_both(THEN, MONTH_ENDS[3:]) is None


def test_a_tag_of_an_earlier_month_is_looked_at_then() -> None:
    node = THEN.expanded.model_copy(update={"snapshot": Snapshot(unit="month", offset=-2)})
    assert before_both(replace(THEN, expanded=node), MONTH_ENDS) == date(2026, 6, 30)


def test_what_is_borne_out_has_the_larger_p() -> None:
    assert [(one.tag, one.bucket) for one in FOUND] == [("gender", "F")]
    surely, hardly = spread(("F", 900, 100), ("M", 100, 900)), spread(("F", 530, 470), ("M", 470, 530))
    assert borne_out(FOUND, [surely], CATALOG) == FOUND
    (one,) = borne_out(FOUND, [surely, hardly], CATALOG)
    assert one.p == pytest.approx(p_value(530, 1000, 470, 1000) / 2)
    assert one.p > FOUND[0].p


@pytest.mark.parametrize("rows", [(("F", 300, 600), ("M", 700, 400)), (("F", 500, 500), ("M", 500, 500)), (("F", 9, 0), ("M", 0, 0)), ()])
def test_what_was_not_so_before_counts_for_nothing(rows: tuple[tuple[str, int, int], ...]) -> None:
    assert [one.p for one in borne_out(FOUND, [spread(*rows)], CATALOG)] == [1.0]


@pytest.mark.parametrize(
    ("bucket", "since", "follows"),
    [
        ("d30", date(2026, 8, 1), True),
        ("<=d180", date(2025, 9, 24), True),
        ("<=d180", date(2026, 8, 31), False),
        ("d365", date(2026, 3, 28), False),
        (">d30", date(2025, 9, 24), False),
        ("older", date(2025, 9, 24), False),
    ],
)
def test_a_date_since_then_follows_from_having_come_in(bucket: str, since: date, follows: bool) -> None:
    trait = replace(FOUND[0], tag="open_date", bucket=bucket)
    assert meant(trait, validated(TAG), since) == follows


def test_the_date_of_what_the_rule_asks_for_follows_from_it() -> None:
    held = CATALOG.tags["open_date"].model_copy(update={"held_by": "mort_flag"})
    catalog = replace(CATALOG, tags={**CATALOG.tags, "open_date": held})
    trait = replace(FOUND[0], tag="open_date", bucket=">d30")
    assert meant(trait, replace(validated(TAG), catalog=catalog), date(2026, 8, 31))
    assert not meant(trait, replace(validated({"tag": "gender", "operator": "in", "value": ["F"]}), catalog=catalog), date(2026, 8, 31))
    assert not meant(replace(trait, tag="gender", bucket="F"), replace(validated(TAG), catalog=catalog), date(2026, 8, 31))


FEMALE, ALIKE = (("F", 700, 300), ("M", 300, 700)), (("F", 505, 500), ("M", 495, 500))


def told(now: Rows, then: Rows, gone_now: Rows | None, gone_then: Rows) -> tuple[list[str], list[tuple[str, Decimal]]]:
    """What tells those who came in, and what those who left have as well: from the counts of a value of both sides today and before, of those who were in and of those who left."""
    rule, before = validated(TAG), replace(validated({"all": []}), as_of=date(2026, 7, 31), snapshot=date(2026, 7, 31))
    left = None if gone_now is None else validated({"tag": "gender", "operator": "in", "value": ["M"]})
    asked = newcomers.steps(rule, validated({"tag": "mort_flag", "value": False}), before, date(2026, 8, 31), ("bank", "main"), left)
    first = list(next(asked))
    own = profiled(rule, *(("gender", *row) for row in now))
    others = Table(("tag", "bucket", "n"), tuple(("gender", value, rest) for value, _, rest in now), "q")
    assert [query.purpose for query in first[len(own) :]] == ([] if gone_now is None else ["persona_left"])
    queries = asked.send([own[0], others, *own[2:], *([] if gone_now is None else [earlier(*gone_now)])])
    assert {query.purpose for query in queries} == {"persona_before"}
    assert all("2026-07-31" in query.tree.sql() for query in queries)
    answers = [earlier(*then)] if gone_now is None else [earlier(*then), earlier(*gone_then)]
    try:
        asked.send(answers)
        while True:
            asked.send([Table(("tag", "bucket", "by_0", "n", "rest_n"), (), "q")])
    except StopIteration as end:
        persona_of, alike = end.value
    return [one.bucket for one in persona_of.traits], [(one.trait.bucket, one.share) for one in alike]


def test_what_was_not_so_before_is_not_told() -> None:
    assert told(FEMALE, ALIKE, None, ()) == ([], [])
    assert told(FEMALE, FEMALE, None, ()) == (["F"], [])


def test_what_those_who_left_have_as_well_explains_nothing() -> None:
    as_many = (("F", 700, 140), ("M", 300, 60))
    assert told(FEMALE, FEMALE, as_many, as_many) == ([], [("F", Decimal("0.7"))])


def test_what_those_who_left_have_less_of_is_told() -> None:
    fewer = (("F", 700, 60), ("M", 300, 140))
    assert told(FEMALE, FEMALE, fewer, fewer) == (["F"], [])


@pytest.mark.parametrize("turned", [False, True])
def test_those_who_left_must_differ_by_the_tags_of_both_days(turned: bool) -> None:
    fewer, as_many = (("F", 700, 60), ("M", 300, 140)), (("F", 700, 140), ("M", 300, 60))
    now, then = (as_many, fewer) if turned else (fewer, as_many)
    traits, alike = told(FEMALE, FEMALE, now, then)
    assert traits == []
    assert [bucket for bucket, _ in alike] == (["F"] if turned else [])
