"""The protocol spoken to the real process: listed, called, refused, narrowed to whoever the settings name, and nothing but the protocol on its output."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from assistant.app.cli import main
from assistant.app.identity import CONSOLE
from assistant.app.mcp.tools import TOOLS
from assistant.pipeline import Assistant
from assistant.store.open import Store, open_store

WORDS = "活期存款大于5000的客户"
ROOT = Path(__file__).resolve().parents[3]
Given = TypeVar("Given")


@pytest.fixture
def server(tmp_path: Path, bank_file: Path) -> dict[str, str]:
    return {
        "ASSISTANT_STORE_URL": f"sqlite:///{tmp_path / 'store.sqlite'}",
        "ASSISTANT_DATABASE": str(bank_file),
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def kept(server: dict[str, str]) -> Store:
    return open_store(server["ASSISTANT_STORE_URL"])


def talking(environment: dict[str, str], talk: Callable[[Client], Coroutine[None, None, Given]]) -> Given:
    """What is said over the process's own standard input and output, within a minute."""

    async def connected() -> Given:
        with anyio.fail_after(120):
            async with Client(StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp"], env=environment)) as client:
                return await talk(client)

    return anyio.run(connected)


def test_the_tools_are_listed_and_called(server: dict[str, str], assistant: Assistant) -> None:
    async def talk(client: Client) -> tuple[list[str], CallToolResult, CallToolResult, CallToolResult, CallToolResult]:
        listed = (await client.list_tools()).tools
        assert all(one.annotations is not None and one.annotations.read_only_hint for one in listed)
        return (
            [one.name for one in listed],
            await client.call_tool("ask", {"text": WORDS}),
            await client.call_tool("ask", {"text": "保存为「富客」", "turns": [WORDS]}),
            await client.call_tool("ask", {"sql": "SELECT 1"}),
            await client.call_tool("explain_count", {"text": WORDS}),
        )

    names, asked, saved, unfit, explained = talking(server, talk)
    answer, _ = assistant.ask(WORDS)
    assert names == list(TOOLS)
    assert answer.facts is not None
    assert (asked.is_error, asked.structured_content["count"]) == (False, answer.facts["count"].value)
    assert (saved.is_error, saved.structured_content["issues"][0]["code"]) == (True, "forbidden_token")
    assert (unfit.is_error, unfit.structured_content["error"]) == (True, "body_missing")
    assert explained.structured_content["funnel"]["steps"][-1]["remaining"] == answer.facts["count"].value


def test_it_asks_as_whom_the_settings_name_as_they_stand_at_each_call(server: dict[str, str], kept: Store) -> None:
    kept.users.add("root", "administrator", "", CONSOLE)
    kept.users.add("liu", "branch_manager", "", "root")
    kept.users.grant("liu", "branch", "4403", None, "root")

    async def talk(client: Client) -> list[CallToolResult]:
        first = await client.call_tool("ask", {"text": "全部客户"})
        kept.users.disable("liu", "root")
        return [first, await client.call_tool("ask", {"text": "全部客户"})]

    _, secret = kept.users.issue("liu", ("ask",), timedelta(days=1), "root")
    for naming in ({"ASSISTANT_MCP_USER": "Liu"}, {"ASSISTANT_TOKEN": secret}):
        first, after = talking({**server, **naming}, talk)
        assert first.structured_content["outcome"] == "answered"
        assert first.structured_content["base"] < 1500
        assert (after.is_error, "count" in after.structured_content) == (True, False)
        kept.users.disable("liu", "root", disabled=False)
    rows = [row for row in kept.audit.last(20) if row["kind"] == "ask"]
    assert {row["user"] for row in rows} == {"liu"}


@pytest.mark.parametrize("naming", [{}, {"ASSISTANT_TOKEN": "nonsense"}, {"ASSISTANT_MCP_USER": "nobody"}, {"ASSISTANT_MCP_USER": "root"}])
def test_nobody_unknown_is_served(server: dict[str, str], kept: Store, naming: dict[str, str]) -> None:
    kept.users.add("root", "administrator", "", CONSOLE)
    environment = {**os.environ, **server, **naming}
    found = subprocess.run(
        [sys.executable, "-m", "assistant", "mcp"], env=environment, capture_output=True, input=b"", timeout=120, check=False
    )
    assert (found.returncode, found.stdout) == (2, b"")
    assert found.stderr


def test_without_the_extra_it_says_what_to_install(
    server: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    for name in [one for one in sys.modules if one == "mcp" or one.startswith(("mcp.", "assistant.app.mcp.serve"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert main(["mcp"]) == 2
    assert "segment-assistant[mcp]" in capsys.readouterr().err
