"""Call lists on the command line, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.app.cli import main
from assistant.store.open import open_store

SHANGHAI = ("--role", "branch_manager", "--branch", "上海分行")


@pytest.fixture(autouse=True)
def url(tmp_path: Path, bank_file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv("ASSISTANT_STORE_URL", address)
    monkeypatch.setenv("ASSISTANT_DATABASE", str(bank_file))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return address


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(("calls", *arguments))
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_the_life_of_a_list(capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert "还没有外呼名单" in run(capsys, "list", *SHANGHAI)[1]
    code, out = run(capsys, "make", "有信用卡的客户", "--purpose", "marketing", "--name", "信用卡客户", "--most", "3", *SHANGHAI)
    assert code == 0
    for words in ("已建外呼名单“信用卡客户”", "可触达", "从高到低排序", "您持有我行信用卡", "外呼须知", "待联系"):
        assert words in out
    code, out = run(capsys, "list", "--json", *SHANGHAI)
    (found,) = json.loads(out)
    assert (found["name"], found["purpose"], [one["taken"] for one in found["runs"]]) == ("信用卡客户", "marketing", [3])
    code, out = run(capsys, "result", found["id"], "2", "declined", *SHANGHAI)
    assert (code, "即时生效" in out) == (0, True)
    assert "effective at once" not in run(capsys, "result", "信用卡客户", "1", "not_reached", "--lang", "en", *SHANGHAI)[1]
    code, out = run(capsys, "new", "信用卡客户", "--most", "2", "--lang", "en", *SHANGHAI)
    assert code == 0
    for words in ("run 2, only the new ones: 2 customers", "declined when called: 1 customer left out", "you hold a credit card of ours"):
        assert words in out
    shown = json.loads(run(capsys, "show", found["id"], "--json", *SHANGHAI)[1])
    assert [(one["item"], one["result"]) for one in shown["items"]] == [
        (1, "not_reached"),
        (2, "declined"),
        (3, None),
        (4, None),
        (5, None),
    ]
    assert all(one["customer"].startswith("****") for one in shown["items"])
    assert [one["item"] for one in json.loads(run(capsys, "show", "信用卡客户", "--run", "2", "--json", *SHANGHAI)[1])["items"]] == [4, 5]
    assert "不显示" in run(capsys, "show", "信用卡客户", "--role", "branch_manager", "--branch", "北京分行")[1]
    assert open_store(url).audit.verify().intact


def test_what_stands_in_the_way_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "make", "有信用卡的客户")[0] == 2
    assert "先说明用途" in run(capsys, "make", "有信用卡的客户")[1]
    assert "No call list is called" in run(capsys, "show", "x", "--lang", "en")[1]
    assert "不能" in run(capsys, "make", "有信用卡的客户", "--purpose", "service", "--role", "analyst")[1]
    assert run(capsys, "make", "没有这种说法呀", "--purpose", "service")[0] == 3
    code, out = run(capsys, "make", "套用定期与存单到期转化", "--json")
    assert (code, json.loads(out)["purpose"], json.loads(out)["strategy"]) == (0, "marketing", "deposit_maturity")
