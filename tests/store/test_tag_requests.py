"""Submitted tag requests: kept line by line, counted when asked for again, and never half."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.tag_requests import TagRequest, TagRequests

YACHT = TagRequest("有游艇", "有游艇的女性", "other", at="2026-09-25T09:00:00+08:00", user="demo")
VISIT = TagRequest(
    "最近一次去网点", "最近一次去网点超过30天", "last", "branch_visit", "", ("branch_visit",), (("近30天", "the last 30 days", "6,266人"),), "2026-09-24",
    "2026-09-25T10:00:00+08:00", "demo",
)  # fmt: skip


def test_there_are_none_before_the_first(tmp_path: Path) -> None:
    assert TagRequests(tmp_path / "requests.jsonl").all() == ()


def test_what_is_submitted_is_read_back(tmp_path: Path) -> None:
    kept = TagRequests(tmp_path / "new" / "requests.jsonl")
    assert kept.submit(VISIT).times == 1
    assert [one.request for one in TagRequests(kept.path).all()] == [VISIT]


def test_equal_requests_are_one_and_counted(tmp_path: Path) -> None:
    kept = TagRequests(tmp_path / "requests.jsonl")
    kept.submit(YACHT)
    kept.submit(VISIT)
    again = replace(VISIT, words="最近一次去网点 ", definition="最近一次去网点不到10天", at="2026-09-26T10:00:00+08:00")
    assert kept.submit(again).times == 2
    first, second = kept.all()
    assert (first.request, first.times, first.first_at, first.last_at) == (again, 2, VISIT.at, again.at)
    assert (second.request, second.times) == (YACHT, 1)


@pytest.mark.parametrize("other", [{"kind": "count"}, {"record": "branch_visit"}, {"of": "channel"}, {"words": "有飞机"}])
def test_another_kind_or_source_is_another_request(tmp_path: Path, other: dict[str, str]) -> None:
    kept = TagRequests(tmp_path / "requests.jsonl")
    kept.submit(YACHT)
    assert kept.submit(replace(YACHT, **other)).times == 1
    assert len(kept.all()) == 2


def test_lines_written_at_once_are_all_whole(tmp_path: Path) -> None:
    kept = TagRequests(tmp_path / "requests.jsonl")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: kept.submit(replace(YACHT, definition=str(number))), range(40)))
    (one,) = kept.all()
    assert one.times == 40


def test_a_line_that_is_no_request_is_named(tmp_path: Path) -> None:
    kept = TagRequests(tmp_path / "requests.jsonl")
    kept.submit(YACHT)
    with kept.path.open("a", encoding="utf-8") as file:
        file.write('{"words": "x"}\n')
    with pytest.raises(UserError, match="2: "):
        kept.all()


def test_a_file_that_cannot_be_written_is_the_callers(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UserError) as raised:
        TagRequests(tmp_path / "taken" / "requests.jsonl").submit(YACHT)
    assert raised.value.code == "requests_file"
