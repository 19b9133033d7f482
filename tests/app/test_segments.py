"""Saved segments on the command line: list, show, refresh, share, archive; all of it audited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.app.cli import main
from assistant.app.segments import segment_named
from assistant.errors import UserError
from assistant.store.open import open_store


@pytest.fixture(autouse=True)
def url(tmp_path: Path, bank_file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv("ASSISTANT_STORE_URL", address)
    monkeypatch.setenv("ASSISTANT_DATABASE", str(bank_file))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return address


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    return code, capsys.readouterr().out


def test_the_life_of_a_segment(capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert "还没有保存过客群" in run(capsys, "segments", "list")[1]
    assert run(capsys, "ask", "活期存款大于1万的客户", "保存为重点客户", "再加上女性", "保存为重点客户", "1")[0] == 0
    assert run(capsys, "ask", "女性客户", "存为固定名单「九月女客」")[0] == 0
    code, out = run(capsys, "segments", "list", "--json")
    found = json.loads(out)["segments"]
    assert (code, [(one["name"], one["version"], one["policy"]) for one in found]) == (
        0,
        [("重点客户", 2, "living"), ("九月女客", 1, "frozen")],
    )
    assert all(isinstance(one["count"], int) for one in found)
    code, out = run(capsys, "segments", "show", "重点客户")
    assert code == 0
    assert "第1版" in out
    assert "新增「性别为女」" in out
    assert "added [gender is Female]" in run(capsys, "segments", "show", "重点客户", "--lang", "en")[1]
    shown = json.loads(run(capsys, "segments", "show", found[0]["id"], "--json")[1])
    assert [one["version"] for one in shown["versions"]] == [one["version"] for one in shown["counts"]] == [1, 2]
    code, out = run(capsys, "segments", "refresh")
    assert code == 0
    assert "重点客户" in out
    assert "新进0人，移出0人" in out
    assert "九月女客" not in out
    assert "0 customers joined" in run(capsys, "segments", "refresh", "重点客户", "--lang", "en")[1]
    assert run(capsys, "segments", "share", "重点客户")[0] == 0
    assert "已共享" in run(capsys, "segments", "list")[1]
    assert run(capsys, "segments", "share", "重点客户", "--private")[0] == 0
    assert run(capsys, "segments", "archive", "重点客户")[0] == 0
    assert "重点客户" not in run(capsys, "segments", "list")[1]
    assert run(capsys, "segments", "archive", "重点客户", "--restore")[0] == 0
    assert "重点客户" in run(capsys, "segments", "list")[1]
    kinds = [row["kind"] for row in open_store(url).audit.last(100)]
    assert {"save", "refresh", "share", "archive"} <= set(kinds)
    assert run(capsys, "audit", "verify")[0] == 0
    assert "归档" in run(capsys, "audit", "show")[1]


def test_a_name_nobody_has_is_the_callers(capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert main(("segments", "show", "没有的")) == 2
    assert "没有叫“没有的”的客群。您可以查看的有：暂时没有。" in capsys.readouterr().err
    with pytest.raises(UserError, match="segment_not_found"):
        segment_named(open_store(url).library("demo"), "x")
