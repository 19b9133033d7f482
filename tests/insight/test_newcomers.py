"""Only what held before either date's days sets those who came in apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.insight import newcomers, persona
from assistant.insight.newcomers import before_both, borne_out, meant
from assistant.insight.statistics import p_value
from assistant.rule.tree import Snapshot
from assistant.sql.query import Table
from tests.insight.rules import profiled, validated
from tests.narrate.catalog import AS_OF, CATALOG

MONTH_ENDS = (date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), AS_OF)
TAG = {"tag": "mort_flag", "value": True}
THEN = replace(validated(TAG), as_of=date(2026, 8, 31), today=date(2026, 9, 1), snapshot=date(2026, 8, 31), snapshots=MONTH_ENDS[:4])
FOUND = persona.read(profiled(validated(TAG), ("gender", "F", 700, 300), ("gender", "M", 300, 700)), validated(TAG)).traits


def earlier(*rows: tuple[str, int, int]) -> Table:
    return Table(("tag", "bucket", "n", "rest_n"), tuple(("gender", *row) for row in rows), "q")


def test_a_tag_is_looked_at_on_its_day() -> None:
    assert before_both(THEN, MONTH_ENDS) == date(2026, 7, 31)
    assert before_both(THEN, MONTH_ENDS[3:]) is None


def test_a_tag_of_an_earlier_month_is_looked_at_then() -> None:
    node = THEN.expanded.model_copy(update={"snapshot": Snapshot(unit="month", offset=-2)})
    assert before_both(replace(THEN, expanded=node), MONTH_ENDS) == date(2026, 6, 30)


def test_what_is_borne_out_has_the_larger_p() -> None:
    assert [(one.tag, one.bucket) for one in FOUND] == [("gender", "F")]
    (surer,) = borne_out(FOUND, earlier(("F", 900, 100), ("M", 100, 900)), CATALOG)
    assert surer == FOUND[0]
    (one,) = borne_out(FOUND, earlier(("F", 530, 470), ("M", 470, 530)), CATALOG)
    assert one.p == pytest.approx(p_value(530, 1000, 470, 1000) / 2)
    assert one.p > FOUND[0].p


@pytest.mark.parametrize("rows", [(("F", 300, 600), ("M", 700, 400)), (("F", 500, 500), ("M", 500, 500)), (("F", 9, 0), ("M", 0, 0)), ()])
def test_what_was_not_so_before_counts_for_nothing(rows: tuple[tuple[str, int, int], ...]) -> None:
    assert [one.p for one in borne_out(FOUND, earlier(*rows), CATALOG)] == [1.0]


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


def test_it_is_asked_only_of_what_was_found() -> None:
    rule, before = validated(TAG), replace(validated({"all": []}), as_of=date(2026, 7, 31), snapshot=date(2026, 7, 31))
    asked = newcomers.steps(rule, validated({"tag": "mort_flag", "value": False}), before, date(2026, 8, 31), ("bank", "main"))
    found = list(next(asked))
    rows = (("gender", "F", 700, 300), ("gender", "M", 300, 700))
    own = profiled(rule, *rows)
    others = Table(("tag", "bucket", "n"), tuple((tag, bucket, rest) for tag, bucket, _, rest in rows), "q")
    queries = asked.send([own[0], others, *own[2:]])
    assert len(found) == len(own)
    while [query.purpose for query in queries] != ["persona_before"]:
        queries = asked.send([Table(("tag", "bucket", "by_0", "n", "rest_n"), (), "q") for _ in queries])
    statement = queries[0].tree.sql()
    assert "2026-07-31" in statement
    with pytest.raises(StopIteration) as end:
        asked.send([earlier(("F", 505, 500), ("M", 495, 500))])
    assert end.value.value.traits == ()
