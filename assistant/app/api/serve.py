"""The API on a port. Law: only this machine may connect unless the settings say otherwise, and then nobody unknown is let in."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn

from assistant.app.api.app import LOOPBACK, ROOT, build_api
from assistant.app.identity import Desk
from assistant.errors import UserError
from assistant.settings import Settings


def serve_api(desk: Desk, settings: Settings, opened: Callable[[str], None]) -> None:
    """Serve until interrupted. UserError `api_open` for other machines while there are no users, `port_taken`."""
    public = settings.host not in LOOPBACK
    if public and not desk.signing_in:
        raise UserError("api_open", host=settings.host)
    api = build_api(desk, settings.api_rate, public)
    server = uvicorn.Server(uvicorn.Config(api, settings.host, settings.api_port, log_level="critical", server_header=False))
    opened(f"http://{settings.host}:{settings.api_port}{ROOT}/openapi.json")
    try:
        server.run()
    except SystemExit as error:
        raise UserError("port_taken", port=settings.api_port) from error
