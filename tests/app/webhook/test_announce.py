"""`assistant segments refresh` and the addresses of the settings: told at least once, in order, audited before; a failure is a warning and no more."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from assistant.app.cli import main
from assistant.app.webhook import announce
from assistant.store.open import Store, open_store
from tests.app.webhook.receiver import BROKEN, CLOSED, GONE, OK, REDIRECT, receiving

SECRET = "whsec_" + "QUFB" * 12


@pytest.fixture(scope="module")
def two_saved(tmp_path_factory: pytest.TempPathFactory, bank_file: Path) -> Path:
    """A folder with a store in which two segments are saved."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_STORE_URL", f"sqlite:///{folder / 'store.sqlite'}")
        patch.setenv("ASSISTANT_DATABASE", str(bank_file))
        patch.setenv("XDG_STATE_HOME", str(folder))
        for words, name in (("活期存款大于1万的客户", "富客"), ("女性客户", "女客")):
            assert main(["ask", words, f"保存为「{name}」"]) == 0
    return folder


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, bank_file: Path, two_saved: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for file in two_saved.glob("store.sqlite*"):
        shutil.copy(file, tmp_path)
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv("ASSISTANT_STORE_URL", url)
    monkeypatch.setenv("ASSISTANT_DATABASE", str(bank_file))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr(announce, "WAITS", (0.01, 0.01))
    return open_store(url)


def refresh(capsys: pytest.CaptureFixture[str], *names: str) -> tuple[int, str]:
    code = main(["segments", "refresh", *names])
    return code, capsys.readouterr().err


def rows(store: Store) -> list[tuple[str, str, str]]:
    """The audit's rows of webhooks, oldest first: outcome, what left, what went wrong."""
    return [
        (str(one["outcome"]), str(one["exported"]), str(one["error"]))
        for one in reversed(store.audit.last(100))
        if one["kind"] == "webhook"
    ]


def test_every_refresh_is_told_once_and_no_customer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kept: Store
) -> None:
    with receiving(OK) as receiver:
        monkeypatch.setenv("ASSISTANT_WEBHOOK_URLS", json.dumps([receiver.url]))
        assert refresh(capsys) == (0, "")
        assert refresh(capsys, "富客") == (0, "")
    told = [json.loads(body) for _, body in receiver.heard]
    assert sorted((one["data"]["segment"]["name"], one["id"].rpartition(".")[2]) for one in told) == [
        ("女客", "2"),
        ("富客", "2"),
        ("富客", "3"),
    ]
    assert all(set(one["data"]) == {"segment", "as_of", "count", "since", "before", "joined", "left", "alert", "text"} for one in told)
    assert all(datetime.fromisoformat(one["timestamp"]).tzinfo for one in told)
    host = receiver.url.split("/")[2]
    assert rows(kept) == [("answered", f"webhook {host} {one['id']}", "") for one in told]
    assert "s3cret" not in str(kept.audit.last(100))
    assert kept.audit.verify().intact


def test_what_was_not_acknowledged_is_told_the_next_time_with_the_same_id(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kept: Store
) -> None:
    with receiving(BROKEN, BROKEN, BROKEN, OK) as receiver:
        monkeypatch.setenv("ASSISTANT_WEBHOOK_URLS", json.dumps([receiver.url]))
        code, warned = refresh(capsys, "富客")
        assert (code, len(receiver.heard)) == (0, 3)
        assert "富客" in warned
        assert "500" in warned
        assert refresh(capsys, "富客") == (0, "")
    ids = [headers["webhook-id"].rpartition(".")[2] for headers, _ in receiver.heard]
    assert ids == ["2", "2", "2", "2", "3"]
    assert len({body for headers, body in receiver.heard if headers["webhook-id"].endswith(".2")}) == 1
    assert [(outcome, error) for outcome, _, error in rows(kept)] == [
        ("answered", ""), ("fault", "webhook_failed"), ("answered", ""), ("answered", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("behaviours", "tries", "warns"), [((CLOSED, OK), 2, ""), ((REDIRECT, OK), 1, "307"), ((GONE, OK), 1, "410")])
def test_what_may_pass_is_tried_again_and_the_rest_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, behaviours: tuple[bytes, ...], tries: int, warns: str
) -> None:
    with receiving(*behaviours) as receiver:
        monkeypatch.setenv("ASSISTANT_WEBHOOK_URLS", json.dumps([receiver.url]))
        code, warned = refresh(capsys, "富客")
    assert (code, len(receiver.heard)) == (0, tries)
    assert warns in warned
    assert bool(warns) is bool(warned)


def test_one_address_down_stops_no_other(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(GONE) as down, receiving(OK) as up:
        monkeypatch.setenv("ASSISTANT_WEBHOOK_URLS", json.dumps([down.url, up.url]))
        refresh(capsys)
    assert (len(down.heard), len(up.heard)) == (1, 2)


def test_what_a_crash_left_untold_is_owed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kept: Store) -> None:
    with receiving(OK) as receiver:
        monkeypatch.setenv("ASSISTANT_WEBHOOK_URLS", json.dumps([receiver.url]))
        refresh(capsys, "富客")
        with monkeypatch.context() as patch:
            patch.setattr(announce, "announce", lambda *asked: ())
            refresh(capsys, "富客")
        assert len(receiver.heard) == 1
        refresh(capsys, "富客")
    assert [headers["webhook-id"].rpartition(".")[2] for headers, _ in receiver.heard] == ["2", "3", "4"]


def test_without_addresses_nothing_is_told(capsys: pytest.CaptureFixture[str], kept: Store) -> None:
    assert refresh(capsys) == (0, "")
    assert not rows(kept)


@pytest.mark.parametrize(
    ("urls", "secret"),
    [
        (["http://hooks.example/"], SECRET),
        (["https://user:pass@hooks.example/"], SECRET),
        (["ftp://127.0.0.1/"], SECRET),
        (["file:///etc/passwd"], SECRET),
        (["https:///nowhere"], SECRET),
        (["https://hooks.example/"], "whsec_AAAA"),
        (["https://hooks.example/"], "plain"),
        (["https://hooks.example/"], ""),
    ],
)
def test_settings_that_nobody_should_be_told_by_are_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, urls: list[str], secret: str
) -> None:
    monkeypatch.setenv("ASSISTANT_WEBHOOK_URLS", json.dumps(urls))
    monkeypatch.setenv("ASSISTANT_WEBHOOK_SECRET", secret)
    code, warned = refresh(capsys)
    assert code == 2
    assert "webhook" in warned
    assert "pass@" not in warned
