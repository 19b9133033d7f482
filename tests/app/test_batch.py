"""One line out for every line in, in order, whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.app.batch import answer_lines, answered
from assistant.errors import UserError
from assistant.pipeline import Assistant


def test_requests_and_conversations(assistant: Assistant, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "a", "text": "活期存款大于5万的客户"},
        {"id": 2, "turns": ["demand deposits over 50k", "raise it to 100k"], "lang": "en"},
        {"id": "c", "text": "人民路支行的客户", "today": "2026-09-25", "as_of": "2026-09-24"},
    ]
    source.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n", encoding="utf-8")
    assert answer_lines(assistant, source, target, members=True) == 3
    first, second, third = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert (first["id"], second["id"], third["id"]) == ("a", 2, "c")
    assert first["count"] == len(first["members"])
    assert first["members"] == sorted(first["members"])
    assert "turns" not in first
    assert [turn["outcome"] for turn in second["turns"]] == ["answered", "answered"]
    assert second["count"] == second["turns"][-1]["count"] == len(second["members"])
    assert third["outcome"] == "choice"
    assert third["members"] is None


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '{"id": 1}',
        '{"text": "a", "turns": ["b"]}',
        '{"text": 5}',
        '{"turns": []}',
        '{"text": "a", "lang": "fr"}',
        '{"text": "\udcff"}',
    ],
)
def test_a_bad_line_is_answered_as_such(assistant: Assistant, line: str) -> None:
    found = list(answered(assistant, iter([line, '{"id": "next", "text": "AUM大于5万"}'])))
    assert found[0]["outcome"] in ("fault", "choice")
    assert found[1]["id"] == "next"
    assert found[1]["outcome"] == "answered"


def test_files_that_cannot_be_opened(assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="batch_file"):
        answer_lines(assistant, tmp_path / "none.jsonl", None)
