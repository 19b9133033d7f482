"""Users and tokens on the command line: the first is an administrator, and from then on a token says who runs a command."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from assistant.app.cli import main

PASSWORD = "correct horse battery\n"


class Shell:
    """One machine: its store, its token, and what commands print."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.patch, self.capsys = patch, capsys
        patch.setenv("ASSISTANT_STORE_URL", f"sqlite:///{folder / 'store.sqlite'}")
        patch.delenv("ASSISTANT_TOKEN", raising=False)

    def run(self, *arguments: str, typed: str = PASSWORD) -> tuple[int, str, str]:
        self.patch.setattr("sys.stdin", io.StringIO(typed))
        code = main([*arguments, "--lang", "en"])
        told = self.capsys.readouterr()
        return code, told.out.strip(), told.err.strip()

    def token(self, name: str, *scopes: str) -> str:
        asked = [word for scope in scopes for word in ("--scope", scope)]
        code, token, _ = self.run("tokens", "add", name, *asked, "--password-stdin")
        assert code == 0
        return token

    def hold(self, token: str) -> None:
        self.patch.setenv("ASSISTANT_TOKEN", token)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(monkeypatch, capsys, tmp_path)


@pytest.fixture
def led(shell: Shell) -> Shell:
    """A machine whose administrator holds the token."""
    assert shell.run("users", "add", "root", "--role", "administrator", "--password-stdin")[0] == 0
    shell.hold(shell.token("root", "manage_users", "read_audit"))
    return shell


def test_the_first_user_is_an_administrator(shell: Shell) -> None:
    code, _, said = shell.run("users", "add", "lihua", "--role", "branch_manager", "--password-stdin")
    assert code == 2
    assert "administrator" in said
    assert shell.run("users", "list")[1].startswith("No users")


def test_from_then_on_a_token_says_who_runs_a_command(led: Shell) -> None:
    assert led.run("users", "add", "lihua", "--role", "branch_manager", "--branch", "上海分行", "--password-stdin")[1] == (
        "lihua (frontline manager): sees customers of Shanghai Branch"
    )
    code, listed, _ = led.run("audit", "show")
    assert code == 0
    assert "users add lihua branch_manager" in listed
    administrator = led.patch
    administrator.delenv("ASSISTANT_TOKEN")
    for command in (("users", "list"), ("audit", "show"), ("tokens", "list"), ("ask", "AUM大于5万")):
        assert led.run(*command)[0] == 2
    led.hold(led.run("tokens", "add", "lihua", "--password-stdin")[1])
    code, _, said = led.run("users", "list")
    assert code == 2
    assert "may not manage users and grants" in said
    assert "frontline manager" in said


def test_a_wrong_password_gives_no_token(led: Shell) -> None:
    led.patch.delenv("ASSISTANT_TOKEN")
    code, out, said = led.run("tokens", "add", "root", "--password-stdin", typed="wrong\n")
    assert (code, out) == (2, "")
    assert "wrong" in said


def test_grants_must_fit_and_are_taken_back(led: Shell) -> None:
    led.run("users", "add", "chen", "--role", "analyst", "--no-password")
    assert led.run("users", "grant", "chen", "--branch", "3100")[0] == 2
    assert led.run("users", "grant", "chen", "--tag", "nonsense")[0] == 2
    assert led.run("users", "grant", "chen", "--operation", "everything")[0] == 2
    _, said, _ = led.run("users", "grant", "chen", "--tag", "annual_income", "--operation", "list_members", "--until", "2099-12-31")
    assert "may use “Annual income" in said
    assert "until 2099-12-31" in said
    assert led.run("users", "revoke", "chen", "--tag", "annual_income", "--operation", "list_members")[1] == "chen (data analyst)"
    assert led.run("users", "revoke", "chen", "--tag", "annual_income")[0] == 2
    assert led.run("users", "disable", "chen")[1] == "chen (data analyst, disabled)"
    assert led.run("users", "disable", "root")[0] == 2


def test_an_owner_delegates_their_own_tags_and_no_others(led: Shell) -> None:
    led.run("users", "add", "owner", "--role", "catalog_owner", "--line", "WM", "--password-stdin")
    led.run("users", "add", "chen", "--role", "analyst", "--no-password")
    led.patch.delenv("ASSISTANT_TOKEN")
    led.hold(led.token("owner", "ask", "edit_tag"))
    assert led.run("users", "grant", "chen", "--steward", "fund_bal")[1] == "chen (data analyst): steward of “Fund market value”"
    assert led.run("users", "grant", "chen", "--steward", "risk_level")[0] == 2
    assert led.run("users", "grant", "chen", "--operation", "export")[0] == 2
    assert led.run("users", "revoke", "chen", "--steward", "fund_bal")[1] == "chen (data analyst)"


def test_tokens_are_listed_without_their_secret_and_taken_back(led: Shell) -> None:
    led.run("users", "add", "chen", "--role", "analyst", "--no-password")
    token = led.token("chen", "ask")
    code, listed, _ = led.run("tokens", "list", "--json")
    found = json.loads(listed)
    assert code == 0
    assert [one["user"] for one in found] == ["root", "chen"]
    assert token not in listed
    assert led.run("tokens", "revoke", found[1]["id"])[0] == 0
    led.hold(token)
    assert led.run("users", "list")[0] == 2


def test_demo_users_are_one_of_each_role(shell: Shell) -> None:
    code, said, _ = shell.run("users", "demo")
    assert code == 0
    *roles, steward = said.splitlines()
    assert len(roles) == 6
    assert steward.startswith("demo.data_platform"), "who can bring a public tag back online, or take it off"
    assert all("password: " in line for line in said.splitlines())
    assert shell.run("users", "demo")[0] == 2
