"""Submitted tag requests: kept row by row, counted when asked for again, and never half."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant.store.open import Store
from assistant.store.tag_requests import TagRequest

YACHT = TagRequest("有游艇", "有游艇的女性", "other", at="2026-09-25T09:00:00+08:00", user="demo")
VISIT = TagRequest(
    "最近一次去网点", "最近一次去网点超过30天", "last", "branch_visit", "", ("branch_visit",), (("近30天", "the last 30 days", "6,266人"),), "2026-09-24",
    "2026-09-25T10:00:00+08:00", "demo",
)  # fmt: skip


def test_there_are_none_before_the_first(store: Store) -> None:
    assert store.tag_requests.all() == ()


def test_what_is_submitted_is_read_back(opened: Callable[[], Store]) -> None:
    assert opened().tag_requests.submit(VISIT).times == 1
    assert [one.request for one in opened().tag_requests.all()] == [VISIT]


def test_equal_requests_are_one_and_counted(store: Store) -> None:
    kept = store.tag_requests
    kept.submit(YACHT)
    kept.submit(VISIT)
    again = replace(VISIT, words="最近一次去网点 ", definition="最近一次去网点不到10天", at="2026-09-26T10:00:00+08:00")
    assert kept.submit(again).times == 2
    first, second = kept.all()
    assert (first.request, first.times, first.first_at, first.last_at) == (again, 2, VISIT.at, again.at)
    assert (second.request, second.times) == (YACHT, 1)


@pytest.mark.parametrize("other", [{"kind": "count"}, {"record": "branch_visit"}, {"of": "channel"}, {"words": "有飞机"}])
def test_another_kind_or_source_is_another_request(store: Store, other: dict[str, str]) -> None:
    store.tag_requests.submit(YACHT)
    assert store.tag_requests.submit(replace(YACHT, **other)).times == 1
    assert len(store.tag_requests.all()) == 2


def test_requests_submitted_at_once_are_all_kept(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.tag_requests.submit(replace(YACHT, definition=str(number))), range(40)))
    (one,) = store.tag_requests.all()
    assert one.times == 40


def test_what_no_database_holds_is_kept_spelled_out(store: Store) -> None:
    assert store.tag_requests.submit(replace(YACHT, words="游\ud800艇\0")).request.words == "游\\ud800艇\\x00"
