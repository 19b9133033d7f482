"""The page on a port. Law: nothing is loaded from or sent to the internet; only this machine may connect unless the settings say otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import gradio as gr

from assistant.app.charts.bars import FONTS
from assistant.app.ui.page import build_page
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.open import Store

_MONO = ["ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace"]


def serve_page(assistant: Assistant, store: Store, settings: Settings, open_browser: bool, opened: Callable[[str], None]) -> None:
    """Serve until interrupted. UserError `port_taken`."""
    with_page = launch_page(assistant, store, settings, open_browser)
    opened(with_page.local_url or "")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        with_page.close()


def launch_page(assistant: Assistant, store: Store, settings: Settings, open_browser: bool = False) -> gr.Blocks:
    """Start serving and return. UserError `port_taken`."""
    page = build_page(assistant, settings.language, store.tag_requests)
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
            theme=gr.themes.Default(font=fonts, font_mono=_MONO, primary_hue="blue"),
            css=(Path(__file__).parent / "style.css").read_text(encoding="utf-8"),
        )
    except OSError as error:
        raise UserError("port_taken", port=settings.port) from error
    return page
