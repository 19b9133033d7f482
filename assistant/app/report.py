"""A segment on one page to print: who they are, the picture, what is said of them, what the words mean, and whom each purpose may contact. Law: one file that needs nothing from anywhere;
every number is a Fact, every sentence grounded.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from assistant.app.by_purpose import grid as purposes_grid
from assistant.app.shown import figure
from assistant.app.view import count_words, grid_html, notes, sentence, used_definitions
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.insight import funnel
from assistant.insight.purposes import ByPurpose
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.pipeline import Answer, Assistant

_STYLE = """
:root { color-scheme: light; --ink: #0f172a; --quiet: #475569; --line: #cbd5e1; --bar: #2563eb; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 20px; max-width: 190mm; color: var(--ink); background: #fff; font: 13px/1.55 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 18px; line-height: 1.4; margin: 0 0 4px; } h2 { font-size: 13px; margin: 14px 0 4px; color: var(--quiet); }
p { margin: 3px 0; } .n { font-size: 26px; font-weight: 700; } .quiet, dd { color: var(--quiet); }
svg { display: block; width: 100%; min-width: 540px; height: auto; } svg text { font: inherit; fill: var(--ink); } svg rect { fill: var(--bar); }
table { width: 100%; border-collapse: collapse; } caption { display: none; } th, td { text-align: left; padding: 2px 4px; border-bottom: 1px solid var(--line); } .figure { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } dt { font-weight: 600; margin-top: 4px; } dd { margin: 0; } dl { columns: 2; column-gap: 20px; margin: 0; } dl > div { break-inside: avoid; }
footer { margin-top: 12px; padding-top: 6px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 11px; }
@media (max-width: 640px) { dl { columns: 1; } body { padding: 12px; } }
@media print { @page { size: A4; margin: 12mm; } body { padding: 0; max-width: none; font-size: 10px; line-height: 1.4; } h1 { font-size: 14px; } h2 { margin: 7px 0 2px; font-size: 11px; } .n { font-size: 18px; } th, td { padding: 1px 4px; } svg { max-height: 48mm; } section { break-inside: avoid; } }
"""
_WIDTH, _ROW, _LABEL = 720, 34, 300


def page_of(answer: Answer, assistant: Assistant, language: Language) -> str:
    """The page of an answered request. UserError `report_unanswered` for one without a count, and as of `Assistant.by_purpose`."""
    counted = count_words(answer, language)
    if counted is None or answer.rule is None or answer.validated is None:
        raise UserError("report_unanswered")
    found, sheet = assistant.by_purpose(answer.rule, answer.as_of)
    title = sentence(answer, language) or answer.text
    told = answer.narrative.get(language)
    lines = () if told is None else tuple(one.text for one in told.claims)
    parts = [
        f"<h1>{escape(title)}</h1><p class=n>{escape(counted[0])}</p><p class=quiet>{escape(' · '.join(one for one in counted[1:] if one))}</p>",
        _section(message(language, "report.picture"), _picture(answer, found, sheet, language)),
        _section(message(language, "report.findings"), "".join(f"<p>{escape(one)}</p>" for one in lines)),
        _section(message(language, "purposes.title"), grid_html(purposes_grid(found, sheet, language))),
        _section(message(language, "page.definitions"), _definitions(answer, language)),
        _section(message(language, "page.notes"), "".join(f"<p>{escape(one)}</p>" for one in notes(answer, language))),
    ]
    who = assistant.identity
    made = {
        "as_of": answer.as_of.isoformat(),
        "user": who.user,
        "role": message(language, f"role.{who.role}"),
        "reference": answer.request_id,
    }
    return (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8><meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{''.join(parts)}</main>"
        f"<footer>{escape(message(language, 'report.footer', made))}</footer></body></html>"
    )


def write_page(page: str, path: Path) -> None:
    """The page as a new file that only its owner may read. UserError `report_ending`, `export_exists`, `export_unwritable`."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise UserError("report_ending", path=path.name, endings=(".html",))
    try:
        with open(path, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(page)
    except FileExistsError as error:
        raise UserError("export_exists", path=str(path)) from error
    except OSError as error:
        raise UserError("export_unwritable", path=str(path), fault=error.strerror or type(error).__name__) from error


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>" if body else ""


def _picture(answer: Answer, found: ByPurpose, sheet: FactSheet, language: Language) -> str:
    """Bars: what remains after each condition, and whom each purpose may contact; one that may not be shown has no bar."""
    rows: list[tuple[str, int | None, str]] = []

    def bar(words: str, facts: FactSheet | None, name: str) -> None:
        if facts is not None and name in facts:
            fact = facts[name]
            rows.append((words, fact.value if isinstance(fact.value, int) else None, figure(fact, language)))

    if answer.funnel is not None and answer.validated is not None:
        for place, one in enumerate(funnel.conditions(answer.validated)):
            bar(condition_phrase(one.node, answer.catalog, language), answer.facts, f"funnel.{place}.remaining")
    else:
        bar(message(language, "page.strategy_selected"), answer.facts, "count")
    for purpose in ("service", "marketing"):
        words = message(language, "report.reachable", {"purpose": message(language, f"purpose.{purpose}")})
        bar(words, sheet, f"purposes.{purpose}")
    most = max((value or 0 for _, value, _ in rows), default=0) or 1
    drawn = "".join(_bar(place, words, value, said, most) for place, (words, value, said) in enumerate(rows))
    label = escape(message(language, "report.picture"))
    return f"<div class=scroll><svg viewBox='0 0 {_WIDTH} {len(rows) * _ROW}' role=img aria-label='{label}'>{drawn}</svg></div>"


def _bar(place: int, words: str, value: int | None, said: str, most: int) -> str:
    top, room = place * _ROW, _WIDTH - _LABEL - 110
    wide = 0.0 if value is None else max(round(room * value / most, 1), 1.0 if value else 0.0)
    shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    label = f"<text x=0 y={top + 21} font-size=13><title>{escape(words)}</title>{escape(shown)}</text>"
    return f"{label}<rect x={_LABEL} y={top + 7} width={wide} height=20 rx=3 /><text x={_LABEL + wide + 6} y={top + 22} font-size=13>{escape(said)}</text>"


_LONGEST = 40


def _definitions(answer: Answer, language: Language) -> str:
    rows = "".join(f"<div><dt>{escape(one.name)}</dt><dd>{escape(one.text)}</dd></div>" for one in used_definitions(answer, language))
    return f"<dl>{rows}</dl>" if rows else ""
