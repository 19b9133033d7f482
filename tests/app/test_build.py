"""The wiring: settings in, an Assistant out; roles decide what may be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app.bank import ensure_demo
from assistant.app.build import ROLES, build_assistant, identity
from assistant.catalog.load import TagCatalog
from assistant.errors import UserError
from assistant.policy import Role
from assistant.settings import Settings


def test_an_assistant_over_the_settings(settings: Settings) -> None:
    made = build_assistant(settings)
    assert made.engine.as_of == made.snapshots[-1]
    made.engine.close()


def test_a_missing_or_foreign_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="demo_missing"):
        build_assistant(Settings(database=tmp_path / "none.duckdb"))
    foreign = tmp_path / "foreign.duckdb"
    foreign.write_text("not a database", encoding="utf-8")
    with pytest.raises(UserError, match="database_foreign"):
        build_assistant(Settings(database=foreign))


@pytest.mark.parametrize("role", ["head_office_analyst", "branch_manager", "analyst", "administrator"])
def test_roles(role: Role) -> None:
    assert role in ROLES
    found = identity(role, (), TagCatalog.load())
    assert found.may_list == (role in ("head_office_analyst", "branch_manager"))


def test_branches_by_code_and_by_name() -> None:
    catalog = TagCatalog.load()
    assert identity("branch_manager", ("3100",), catalog).branches == ("3100",)
    assert identity("branch_manager", ("上海分行",), catalog).branches == ("3100",)
    for wrong in ("nowhere", "人民路支行"):
        with pytest.raises(UserError, match="branch_unknown"):
            identity("branch_manager", (wrong,), catalog)


def test_an_existing_bank_is_left_alone(bank_file: Path) -> None:
    before = bank_file.stat().st_mtime_ns
    assert not ensure_demo(bank_file, lambda step, share: None)
    assert bank_file.stat().st_mtime_ns == before
