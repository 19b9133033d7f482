"""Pictures as a page of their own. Law: it opens without a network and reads on dark and on light; the camera above each picture saves it as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from plotly.offline import get_plotlyjs

from assistant.app.charts.bars import FONTS
from assistant.app.charts.funnel import funnel_chart
from assistant.app.charts.pictures import Picture, pictures
from assistant.app.view import sentence
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.pipeline import Answer

_STYLE = """
:root { color-scheme: light dark; --text: #0f172a; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #e2e8f0; --paper: #0b1220; } }
body { background: var(--paper); color: var(--text); max-width: 960px; margin: 24px auto; padding: 0 16px; line-height: 1.6; }
.js-plotly-plot text { fill: var(--text) !important; text-shadow: none !important; }
.js-plotly-plot .heatmap-label text { fill: #0f172a !important; }
"""
_NAME = {"filename": "picture", "format": "png", "scale": 2}


def all_pictures(answer: Answer, language: Language) -> tuple[Picture, ...]:
    """Those of what was asked for, then the funnel; none of an answer without a count."""
    if answer.outcome != "answered":
        return ()
    funnel = funnel_chart(answer, language)
    last = () if funnel is None else (Picture(message(language, "page.funnel"), funnel),)
    return (*pictures(answer, language), *last)


def page_of(answer: Answer, language: Language) -> str | None:
    """One HTML page: what was understood, what was found in words, and every picture. None where there is none."""
    drawn = all_pictures(answer, language)
    if not drawn:
        return None
    told = answer.narrative.get(language)
    title = sentence(answer, language) or answer.text
    words = "" if told is None else f"<p>{escape(told.text)}</p>"
    return (
        f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{escape(title)}</title><style>{_STYLE}body {{ font-family: {FONTS[language]}; }}</style>"
        f"<script>{get_plotlyjs()}</script></head><body><h1>{escape(title)}</h1>{words}{_figures(drawn)}</body></html>"
    )


def write_page(answer: Answer, language: Language, folder: Path, name: str) -> Path | None:
    """The page as `<folder>/<name>.html`; the folder is made where it is missing. None, and nothing written, where there is no picture."""
    page = page_of(answer, language)
    if page is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.html"
    path.write_text(page, encoding="utf-8")
    return path


def _figures(drawn: Sequence[Picture]) -> str:
    config = {"displaylogo": False, "responsive": True, "toImageButtonOptions": _NAME, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
    return "".join(
        f"<h2>{escape(one.title)}</h2>{one.figure.to_html(full_html=False, include_plotlyjs=False, config=config)}" for one in drawn
    )
