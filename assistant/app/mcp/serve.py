"""The tools over the Model Context Protocol, on standard input and output. Law: it asks as whoever the settings name, as they stand at each call, within the rate of the API, and opens no port.

https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import partial

import anyio
from anyio.to_thread import run_sync
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, TextContent, Tool, ToolAnnotations

from assistant.app.api.rate import Rate, within
from assistant.app.identity import Desk
from assistant.app.mcp.tools import TOOLS
from assistant.app.rim import caught
from assistant.app.view import error_json
from assistant.catalog.model import Language
from assistant.errors import AssistantError, UserError
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.rule.canonical import Json
from assistant.settings import Settings

_TOLD = ("answered", "choice", None)
"""Outcomes that are no error: what is asked back is an answer too, and what is only read has none."""


def serve_mcp(desk: Desk, settings: Settings) -> None:
    """Serve whoever started this process, until they close its input. UserError where the settings name nobody who may ask."""
    asker = partial(_asker, desk, settings.mcp_user)
    asker().allow("ask")
    server = build_server(desk, asker, Rate(settings.api_rate, time.monotonic), settings.language)

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(run)


def build_server(desk: Desk, asker: Callable[[], Assistant], rate: Rate, language: Language) -> Server:
    """The server. `asker`: gives whoever asks, as they stand now; `language`: of what the tools are said to be for."""
    tools = [
        Tool(
            name=name,
            description=message(language, f"mcp.{name}"),
            input_schema=dict(one.schema),
            annotations=ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False),
        )
        for name, one in TOOLS.items()
    ]

    def carried_out(name: str, arguments: Mapping[str, Json]) -> dict[str, Json]:
        assistant = asker()
        within(rate.wait(assistant.identity.user))
        if name not in TOOLS:
            raise UserError("tool_unknown", name=name[:100], tools=tuple(TOOLS))
        return TOOLS[name].call(arguments, assistant, desk.store)

    async def listed(context: object, asked: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    async def called(context: object, asked: CallToolRequestParams) -> CallToolResult:
        found = await run_sync(caught, partial(carried_out, asked.name, asked.arguments or {}))
        told = error_json(found) if isinstance(found, AssistantError) else found
        text = json.dumps(told, ensure_ascii=False)
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=told, is_error=told.get("outcome") not in _TOLD
        )

    return Server("segment-assistant", instructions=message(language, "mcp.instructions"), on_list_tools=listed, on_call_tool=called)


def _asker(desk: Desk, user: str | None) -> Assistant:
    """Whoever the settings name: a local user, else the one their token speaks for; the demo's while there are no users. UserError as of `Desk.of` and `Desk.bearing`."""
    return desk.bearing() if user is None else desk.of(user)
