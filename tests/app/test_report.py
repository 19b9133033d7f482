"""The page to print: it needs nothing from anywhere, and says what the answer says; the purposes add up to SQL by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app.by_purpose import grid, wire
from assistant.app.cli import main
from assistant.app.report import page_of, write_page
from assistant.app.view import count_words, sentence
from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity
from tests.app.test_calling import ALWAYS, RULE, SELLING, by_hand, copied

__all__ = ["copied"]
_ADDRESS = re.compile(r"(?:src|href)\s*=|url\(|@import|https?://(?!www\.w3\.org)", re.IGNORECASE)


def asked(assistant: Assistant, language: Language) -> Answer:
    answer, _ = assistant.ask("有信用卡且AUM大于1万的客户是什么样的人", language=language)
    assert answer.outcome == "answered"
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_answer_says_and_needs_nothing(assistant: Assistant, language: Language) -> None:
    answer = asked(assistant, language)
    page = page_of(answer, assistant, language)
    assert page.startswith("<!doctype html>")
    assert not _ADDRESS.search(page)
    assert "<script" not in page
    assert "@media print" in page
    counted = count_words(answer, language)
    assert counted is not None
    for words in (sentence(answer, language), counted[0], "2026-09-24", message(language, "purposes.title")):
        assert words is not None
        assert words in page.replace("&#x27;", "'").replace("&quot;", '"')
    assert page.count("<svg") == 1
    assert page.count("<rect") == 2 + 2, "two conditions and two purposes"
    told = answer.narrative[language]
    assert 0 < len(told.claims) <= 5


def test_a_name_in_a_rule_is_no_markup(assistant: Assistant) -> None:
    answer = asked(assistant, "zh")
    page = page_of(answer, replace(assistant, identity=Identity("<script>alert(1)</script>")), "zh")
    assert "<script" not in page


def test_the_table_is_what_sql_by_hand_says(assistant: Assistant, copied: Path) -> None:
    found, sheet = assistant.by_purpose(RULE, channels=("call",))
    left, lost = by_hand(copied, SELLING)
    served, _ = by_hand(copied, ALWAYS)
    assert (found.reachable("marketing"), found.reachable("service")) == (len(left), len(served))
    assert {one.code: found.lost(place) for place, one in enumerate(found.reasons)} == lost
    told = wire(found, sheet)
    assert isinstance(told, dict)
    assert isinstance(told["purposes"], list)
    for one in told["purposes"]:
        assert isinstance(one, dict)
        assert isinstance(one["left_out"], list)
        counts = [entry["count"] for entry in one["left_out"] if isinstance(entry, dict)]
        assert one["reachable"] + sum(counts) == told["selected"]  # type: ignore[operator, arg-type]
    rows = grid(found, sheet, "zh").rows
    for column in (1, 2, 3):
        figures = [int(row[column].replace(",", "")) for row in rows if row[column] != "–"]
        assert figures[0] - sum(figures[1:-1]) == figures[-1]


def test_there_is_no_report_of_nothing(assistant: Assistant, tmp_path: Path) -> None:
    answer, _ = assistant.ask("今天天气怎么样")
    with pytest.raises(UserError, match="report_unanswered"):
        page_of(answer, assistant, "zh")
    with pytest.raises(UserError, match="report_ending"):
        write_page("x", tmp_path / "a.pdf")
    write_page("x", tmp_path / "a.html")
    assert (tmp_path / "a.html").stat().st_mode & 0o777 == 0o600
    with pytest.raises(UserError, match="export_exists"):
        write_page("y", tmp_path / "a.html")
    with pytest.raises(UserError, match="export_unwritable"):
        write_page("y", tmp_path / "no" / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "x"
    refused = replace(assistant, identity=Identity("root", "administrator"))
    with pytest.raises(UserError, match="forbidden_operation"):
        refused.by_purpose(RULE)


def test_on_the_command_line(bank_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE", str(bank_file))
    out = tmp_path / "page.html"
    assert main(("report", "有信用卡的客户", "--out", str(out), "--lang", "en")) == 0
    assert "Report written" in capsys.readouterr().out
    assert "<html lang=en>" in out.read_text(encoding="utf-8")
    assert main(("report", "今天天气怎么样", "--out", str(tmp_path / "no.html"))) != 0
    assert not (tmp_path / "no.html").exists()
