"""The audit on the command line: what was asked and handed out is in it, and a row changed is named."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from assistant.app.audited import noted_head, rows_text
from assistant.app.cli import main
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.store.open import Store

REQUEST = "活期存款大于5万的客户"


@pytest.fixture
def kept(tmp_path: Path, bank_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "store.sqlite"
    monkeypatch.setenv("ASSISTANT_STORE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("ASSISTANT_DATABASE", str(bank_file))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    return code, capsys.readouterr().out


def test_what_was_asked_is_kept_and_holds(capsys: pytest.CaptureFixture[str], kept: Path) -> None:
    assert run(capsys, "audit", "show") == (0, "还没有审计记录。\n")
    run(capsys, "ask", REQUEST, "提到10万")
    code, out = run(capsys, "audit", "verify", "--json")
    found = json.loads(out)
    assert (code, found["intact"], found["rows"], found["breaks"]) == (0, True, 2, [])
    assert run(capsys, "audit", "verify", "--since", found["head"])[0] == 0
    _, out = run(capsys, "audit", "show", "--json")
    newest, first = json.loads(out)
    assert (first["kind"], first["text"], first["outcome"], first["user"], first["by"]) == ("ask", REQUEST, "answered", "demo", "grammar")
    assert len(first["queries"]) > 1
    assert first["rule_fingerprint"] != newest["rule_fingerprint"]
    assert json.loads(first["rule"])["kind"] == "tag"
    assert (first["as_of"], first["prompt"], first["model"]) == ("2026-09-24", "", "")
    with sqlite3.connect(kept) as connection:
        connection.execute("DROP TRIGGER audit_UPDATEd")
        connection.execute("UPDATE audit SET text = 'x' WHERE seq = 2")
    connection.close()
    code, out = run(capsys, "audit", "verify")
    assert code == 1
    assert "第2条被改动过" in out
    assert "row 2 was changed" in run(capsys, "audit", "verify", "--lang", "en")[1]


def test_a_list_handed_out_is_in_it(assistant: Assistant, store: Store) -> None:
    answer, _ = assistant.ask(REQUEST)
    assert answer.validated is not None
    ids = assistant.members(answer.validated)
    (row,) = store.audit.last(1)
    assert (row["kind"], row["exported"]) == ("list", f"list {len(ids)}")
    assert store.audit.verify().intact


def test_a_row_is_one_line_whatever_was_typed(assistant: Assistant, store: Store) -> None:
    assistant.ask("AUM大于5万\n的\u202e客户\x1b[31m")
    (row,) = store.audit.last(1)
    for language in ("zh", "en"):
        (line,) = rows_text([row], language).splitlines()
        assert "\u202e" not in line
        assert "\x1b" not in line


@pytest.mark.parametrize("said", ["", "5", "5:abc", "x:" + "0" * 64, "1:" + "G" * 64])
def test_what_is_no_end_of_a_chain_is_the_callers(said: str) -> None:
    with pytest.raises(UserError, match="audit_head_unread"):
        noted_head(said)
