"""The public names, and that what they need ships in the wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path

import assistant

ROOT = Path(__file__).resolve().parent.parent


def test_the_public_names() -> None:
    assert assistant.__all__ == ["AssistantError", "Bank", "Fault", "Reply", "Settings", "UserError", "open_bank"]
    assert all(hasattr(assistant, name) for name in assistant.__all__)


def test_the_data_rooms_ship_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    forced = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert forced == {room: f"assistant/{room}" for room in ("tag_catalog", "prompts", "eval")}
    assert all((ROOT / room).is_dir() for room in forced)


def test_every_dependency_has_a_constraint() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    named = {
        line.partition("==")[0].casefold().replace("_", "-") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    }
    missing = [one for one in wanted if one.split(">=")[0].split("[")[0].casefold().replace("_", "-") not in named]
    assert not missing


def test_constraints_name_no_place() -> None:
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")
