"""Program before environment before file before default; every fault is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import UserError
from assistant.settings import Settings, load_settings, log_file


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("SETTINGS", *(field.upper() for field in Settings.model_fields)):
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)


def test_defaults_stay_on_this_machine_and_below_home(tmp_path: Path) -> None:
    found = load_settings()
    assert found.host == "127.0.0.1"
    assert found.database == tmp_path / "segment-assistant" / "demo.duckdb"
    assert log_file().parent == tmp_path / "segment-assistant"


def test_without_folders_named_home_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().database == tmp_path / ".local/share/segment-assistant/demo.duckdb"


def test_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "my.toml"
    path.write_text('port = 1111\nthreads = 3\nlanguage = "en"\n', encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_SETTINGS", str(path))
    monkeypatch.setenv("ASSISTANT_PORT", "2222")
    found = load_settings()
    assert (found.port, found.threads, found.language, found.timeout) == (2222, 3, "en", 60)
    assert Settings(port=3333).port == 3333


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("THREADS", "many"),
        ("MEMORY", "2GB; ATTACH"),
        ("LANGUAGE", "fr"),
        ("TIMEOUT", "-1"),
        ("MODEL_MODE", "magic"),
        ("MODEL_DEADLINE", "0"),
        ("MODEL_USE", "maybe"),
        *(
            ("MODEL_BASE_URL", address)
            for address in (
                "host/v1",
                "ftp://host/v1",
                "http://",
                "http://host:99999/v1",
                "http://host:0/v1",
                "https://me:secret@host/v1",
                "https://host/v1?key=secret",
            )
        ),
    ],
)
def test_a_bad_value_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    with pytest.raises(UserError, match="setting_invalid") as found:
        load_settings()
    assert found.value.params["name"] == name.lower()


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SETTINGS", str(tmp_path / "none.toml"))
    with pytest.raises(UserError, match="settings_file"):
        load_settings()
    broken = tmp_path / "broken.toml"
    broken.write_text("port = = 1", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_SETTINGS", str(broken))
    with pytest.raises(UserError, match="settings_file"):
        load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]


def test_there_is_no_model_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().model_base_url is None
    monkeypatch.setenv("ASSISTANT_MODEL_BASE_URL", "")
    assert load_settings().model_base_url is None
    monkeypatch.setenv("ASSISTANT_MODEL_BASE_URL", "http://10.1.2.3:8000/v1")
    assert load_settings().model_base_url == "http://10.1.2.3:8000/v1"


def test_the_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL_KEY", "sk-secret")
    found = load_settings()
    assert found.model_key is not None
    assert found.model_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(found) + str(found) + found.model_dump_json()


def test_a_fault_beside_the_key_does_not_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL_KEY", "sk-secret")
    monkeypatch.setenv("ASSISTANT_MODEL_BASE_URL", "https://me:sk-secret@host/v1")
    with pytest.raises(UserError) as found:
        load_settings()
    assert "sk-secret" not in repr(found.value) + str(found.value) + str(found.value.__cause__)
