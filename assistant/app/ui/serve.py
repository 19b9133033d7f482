"""The page on a port. Law: nothing is loaded from or sent to the internet; only this machine may connect unless the settings say otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import escape
from pathlib import Path

import fastapi
import gradio as gr

from assistant.app.charts.bars import FONTS
from assistant.app.identity import Desk, named_by_proxy
from assistant.app.ui.chips import chip_style
from assistant.app.ui.page import build_page
from assistant.catalog.examples import load_examples
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.settings import Settings

_MONO = ["ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace"]


def serve_page(desk: Desk, settings: Settings, open_browser: bool, opened: Callable[[str], None]) -> None:
    """Serve until interrupted. UserError `port_taken`."""
    with_page = launch_page(desk, settings, open_browser)
    opened(with_page.local_url or "")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        with_page.close()


def launch_page(desk: Desk, settings: Settings, open_browser: bool = False) -> gr.Blocks:
    """Start serving and return. Where there are users people sign in, with a password or by the proxy of the settings. UserError `port_taken`."""
    header, proxies = settings.sso_header, settings.sso_proxies
    by_proxy = desk.signing_in and header is not None

    def password(name: str, given: str) -> bool:
        try:
            return bool(desk.store.users.sign_in(name, given).user)
        except UserError:
            return False

    def proxied(request: fastapi.Request) -> str | None:
        peer = None if request.client is None else request.client.host
        return named_by_proxy(request.headers, peer, header or "", proxies)

    page = build_page(desk, settings.language, by_proxy, load_examples(settings.catalog))
    page.queue(default_concurrency_limit=4, max_size=64)
    fonts = [name.strip().strip('"') for name in FONTS["zh"].split(",")]
    try:
        page.launch(
            server_name=settings.host,
            server_port=settings.port,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            show_error=False,
            share=False,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            mcp_server=False,
            allowed_paths=[],
            auth=password if desk.signing_in and not by_proxy else None,
            auth_message="<br>".join(escape(message(language, "page.sign_in")) for language in LANGUAGES),
            auth_dependency=proxied if by_proxy else None,
            theme=gr.themes.Default(font=fonts, font_mono=_MONO, primary_hue="blue"),
            css=(Path(__file__).parent / "style.css").read_text(encoding="utf-8") + chip_style(),
        )
    except OSError as error:
        raise UserError("port_taken", port=settings.port) from error
    return page
