"""The flywheel counts every turn once, in its week; the cases are what stands as approved, and the eval runner reads them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.app.build import build_assistant
from assistant.app.desk.cases import cases_yaml
from assistant.app.desk.deciding import approve, correct, reject, tried
from assistant.app.desk.flywheel import flywheel, flywheel_grid, flywheel_json
from assistant.app.desk.queue import open_review
from assistant.app.identity import Desk
from assistant.app.proofs import as_served, prove_cases
from assistant.errors import UserError
from assistant.evaluate.cases import load_cases
from assistant.evaluate.runner import run_cases
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.open import open_store
from tests.app.desk.conftest import Asks, Sits

RICH = "AUM大于5万的客户"


def test_every_turn_is_counted_once(asks: Asks, sits: Sits) -> None:
    for text in (RICH, RICH, "女客户", "近期登录过的客户", "羊毛党里的女客户"):
        asks("lihua", text)
    unread, recent, women, rich = sits("chen").items()
    approve(sits("chen"), rich)
    reject(sits("chen"), women, "x")
    correct(sits("chen"), recent, tried(sits("chen"), recent, "近60天"))
    asks("lihua", "近期登录过的客户")
    rows = {one.way: dict(one.counts) for one in flywheel(sits("chen"))}
    assert rows == {
        "read": {"waiting": 0, "accepted": 2, "edited": 0, "rejected": 1},
        "verified": {"waiting": 0, "accepted": 1, "edited": 0, "rejected": 0},
        "assumed": {"waiting": 0, "accepted": 0, "edited": 1, "rejected": 0},
        "unread": {"waiting": 1, "accepted": 0, "edited": 0, "rejected": 0},
    }
    assert unread.state == "waiting"
    grid = flywheel_grid(flywheel(sits("chen")), "zh")
    assert ("全部读懂", "0", "2", "0", "1", "3") in [row[1:] for row in grid.rows]
    assert sum(int(row[-1]) for row in grid.rows) == 6
    with pytest.raises(UserError, match="forbidden_operation"):
        flywheel(sits("lihua"))


def test_a_week_begins_on_its_monday(assistant: Assistant) -> None:
    moments = iter([datetime(2026, 11, 22, 21, 0, tzinfo=UTC) + timedelta(hours=2 * number) for number in range(9)])
    store = open_store(clock=lambda: next(moments))
    desk = Desk(replace(assistant, kept=store), store)
    for _ in range(2):
        desk.of(None).ask(RICH)
    rows = flywheel(open_review(desk, desk.of(None)))
    assert [(one.week, one.total) for one in rows] == [(date(2026, 11, 23), 1), (date(2026, 11, 16), 1)]
    assert flywheel_json(rows)[0] == {
        "week": "2026-11-23",
        "way": "read",
        "waiting": 1,
        "accepted": 0,
        "edited": 0,
        "rejected": 0,
        "total": 1,
    }  # type: ignore[index]
    store.close()


def test_the_cases_are_what_stands_and_are_met_as_served(asks: Asks, sits: Sits, desk: Desk, tmp_path: Path) -> None:
    for turns in ((RICH,), ("女客户",), ("羊毛党里AUM大于5万的客户",), ("AUM大于3万的客户按分行看",), (RICH, "提到10万")):
        asks("lihua", *turns)
    raised, rich, split, unread, women = sits("chen").items()
    for item in (raised, split, women, rich):
        approve(sits("chen"), item)
    correct(sits("chen"), unread, tried(sits("chen"), unread, "再加上近30天领过优惠券"))
    reject(sits("gao"), sits("gao").item(women.id), "x")
    written, count = cases_yaml(sits("chen"))
    path = tmp_path / "desk.yaml"
    path.write_text(written, encoding="utf-8")
    (theme,) = load_cases(path)
    assert count == len(theme.cases) == 4
    assert {one.zh for one in theme.cases} == {RICH, "提到10万", unread.turn.text, split.turn.text}
    assert next(one.before.zh for one in theme.cases if one.zh == "提到10万") == (RICH,)
    assert next(one.requests for one in theme.cases if one.zh == split.turn.text) == ("breakdown home_org 1",)
    served = replace(desk.assistant, kept=open_store(), examples=desk.store.reviews.standing())
    tally = run_cases(served, (theme,)).by()
    assert (tally.outcome, tally.rule, tally.silent) == (4, (4, 4), 0)
    bare = run_cases(replace(served, examples={}), (theme,)).by()
    assert bare.rule == (3, 4)


def test_the_command_runs_a_file_of_cases_as_served(settings: Settings, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    own = settings.model_copy(update={"store_url": url})
    store = open_store(url)
    try:
        desk = Desk(build_assistant(own, store=store), store)
        desk.of(None).ask("羊毛党里AUM大于5万的客户")
        at = open_review(desk, desk.of(None))
        (item,) = at.items()
        correct(at, item, tried(at, item, "再加上近30天领过优惠券"))
        path = tmp_path / "desk.yaml"
        path.write_text(cases_yaml(at)[0], encoding="utf-8")
        desk.assistant.engine.close()
    finally:
        store.close()
    told: list[str] = []
    assert prove_cases(own, "dev", True, told.append, path)
    assert json.loads(told[-1])["exact_rule"] == 1.0
    assert as_served(desk.assistant, own).examples.keys() > desk.assistant.examples.keys()
