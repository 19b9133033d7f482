"""The tag quality report for people and machines: lines, a page of its own, a table of all tags. Law: every number shown is a Fact; the worst stands first."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from io import StringIO
from pathlib import Path

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.insight.quality import Quality, TagQuality
from assistant.narrate.messages import message
from assistant.narrate.render import percent, render
from assistant.rule.canonical import Json

_COLUMNS = ("tag", "code", "owner", "score", "missing", "outside", "contradicted", "changed", "drift", "findings")
_STYLE = """
:root { color-scheme: light dark; --text: #0f172a; --paper: #ffffff; --line: #cbd5e1; }
@media (prefers-color-scheme: dark) { :root { --text: #e2e8f0; --paper: #0b1220; --line: #334155; } }
body { background: var(--paper); color: var(--text); font-family: system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 1100px; margin: 24px auto; padding: 0 16px; line-height: 1.6; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { text-align: left; padding: 4px 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
"""


def report_lines(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language, every: bool = False) -> list[str]:
    """The report as people read it: what it is of, what is wrong tag by tag, what contradicts itself, and the owners. `every`: sound tags too."""
    lines = [_head(found, language), _summary(found, sheet, language)]
    shown = [one for one in found.tags if every or one.findings]
    lines += [_line(one, sheet, catalog, language) for one in shown]
    lines += _conflict_lines(found, sheet, language)
    join = message(language, "readback.list_join")
    owners = join.join(
        message(language, "quality.owner", {"owner": message(language, f"team.{owner}"), "score": percent(score)})
        for owner, score in _owners(found, sheet)
    )
    return [*lines, *([message(language, "quality.owners", {"owners": owners})] if owners else [])]


def summary_lines(found: Quality, sheet: FactSheet, language: Language) -> tuple[str, ...]:
    """What the report is of, what it comes to, and what contradicts itself."""
    return (_head(found, language), _summary(found, sheet, language), *_conflict_lines(found, sheet, language))


def tag_line(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language, code: str) -> tuple[str, ...]:
    """What the report says of one tag; nothing where it is not in it."""
    return tuple(_line(one, sheet, catalog, language) for one in found.tags if one.tag.code == code)


def column_titles(language: Language) -> tuple[str, ...]:
    """What stands above `report_rows`."""
    return tuple(message(language, f"quality.column_{name}") for name in _COLUMNS)


def report_page(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language) -> str:
    """One HTML page that opens without a network: the summary, then every tag in a table."""
    head, summary = _head(found, language), _summary(found, sheet, language)
    numbers = {"score", "missing", "outside", "contradicted", "changed", "drift"}
    kind = {name: " class='number'" if name in numbers else "" for name in _COLUMNS}
    titles = "".join(f"<th{kind[name]}>{escape(message(language, f'quality.column_{name}'))}</th>" for name in _COLUMNS)
    rows = "".join(
        "<tr>" + "".join(f"<td{kind[name]}>{escape(cell)}</td>" for name, cell in zip(_COLUMNS, row, strict=True)) + "</tr>"
        for row in report_rows(found, sheet, catalog, language)
    )
    conflicts = "".join(f"<p>{escape(line)}</p>" for line in _conflict_lines(found, sheet, language))
    return (
        f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{escape(head)}</title><style>{_STYLE}</style></head><body><h1>{escape(head)}</h1><p>{escape(summary)}</p>{conflicts}"
        f"<table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table><p>{escape(message(language, 'quality.method'))}</p></body></html>"
    )


def report_rows(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language) -> Iterator[tuple[str, ...]]:
    """A row a tag, worst first, under `_COLUMNS`."""
    for one in found.tags:
        code = one.tag.code
        figures = {name: render(sheet[f"quality.{code}.{name}"], language) for name in ("missing", "outside", "contradicted")}
        score = sheet[f"quality.{code}.score"].value
        yield (
            one.tag.name.get(language), code, message(language, f"team.{one.tag.owner}"), percent(score) if isinstance(score, Decimal) else "", figures["missing"], figures["outside"],
            figures["contradicted"], _told(f"quality.{code}.changed", sheet, language), _drift(one, sheet, catalog, language),
            message(language, "readback.list_join").join(message(language, f"quality.{name}") for name in one.findings),
        )  # fmt: skip


def report_table(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language) -> str:
    """The same as CSV with a title row; Excel reads the byte order mark that the file is written with."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(column_titles(language))
    writer.writerows(report_rows(found, sheet, catalog, language))
    return text.getvalue()


def report_json(found: Quality, sheet: FactSheet, catalog: TagCatalog) -> Json:
    """All figures; a withheld one is null."""
    tags: list[Json] = []
    for one in found.tags:
        code = one.tag.code
        figures = {name: sheet[f"quality.{code}.{name}"].value for name in ("missing", "outside", "contradicted")}
        score = sheet[f"quality.{code}.score"].value
        tags.append(
            {
                "tag": code,
                "owner": one.tag.owner,
                "score": None if score is None else str(score),
                **{name: value if isinstance(value, int) else None for name, value in figures.items()},
                "drift": _drift_json(one, sheet),
                "findings": list(one.findings),
            }
        )
    return {
        "as_of": found.as_of.isoformat(),
        "snapshot": found.snapshot.isoformat(),
        "before": None if found.before is None else found.before.isoformat(),
        "customers": found.of,
        "duplicates": found.duplicates,
        "tags": tags,
        "contradictions": {
            one.contradiction.code: None if (n := sheet[f"quality.conflict.{one.contradiction.code}"].value) is None else str(n)
            for one in found.contradicted
        },
        "owners": {owner: str(score) for owner, score in _owners(found, sheet)},
    }


def write_report(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language, path: Path) -> None:
    """The report as a file, by its ending: .html, .csv or .txt. UserError `report_ending` for another."""
    match path.suffix:
        case ".html":
            text, coding = report_page(found, sheet, catalog, language), "utf-8"
        case ".csv":
            text, coding = report_table(found, sheet, catalog, language), "utf-8-sig"
        case ".txt":
            text, coding = "\n".join(report_lines(found, sheet, catalog, language, every=True)) + "\n", "utf-8"
        case _:
            raise UserError("report_ending", path=path.name, endings=(".html", ".csv", ".txt"))
    path.write_text(text, encoding=coding)


def _head(found: Quality, language: Language) -> str:
    key = "quality.head" if found.before is None else "quality.head_beside"
    before = "" if found.before is None else found.before.isoformat()
    return message(language, key, {"snapshot": found.snapshot.isoformat(), "before": before})


def _summary(found: Quality, sheet: FactSheet, language: Language) -> str:
    wrong = sum(bool(one.findings) for one in found.tags)
    said = {"of": render(sheet["quality.of"], language), "tags": str(len(found.tags)), "wrong": str(wrong)}
    twice = sheet["quality.duplicates"]
    more = (
        message(language, "quality.duplicates", {"n": render(twice, language)})
        if twice.value
        else message(language, "quality.no_duplicates")
    )
    return message(language, "quality.summary", said) + more


def _line(one: TagQuality, sheet: FactSheet, catalog: TagCatalog, language: Language) -> str:
    code = one.tag.code
    score = sheet[f"quality.{code}.score"].value
    parts = []
    for name in one.findings or ("sound",):
        said = {"drift": _told(f"quality.{code}.drift", sheet, language), "unit": _unit(one, catalog, language)}
        said |= {figure: render(sheet[f"quality.{code}.{figure}"], language) for figure in ("missing", "outside", "contradicted")}
        parts.append(message(language, f"quality.{name}_told", said))
    told = {
        "tag": one.tag.name.get(language),
        "code": code,
        "owner": one.tag.owner,
        "score": percent(score) if isinstance(score, Decimal) else "—",
    }
    return message(language, "quality.line", told | {"findings": message(language, "quality.join").join(parts)})


def _conflict_lines(found: Quality, sheet: FactSheet, language: Language) -> list[str]:
    lines = []
    for one in found.contradicted:
        if one.n:
            n = render(sheet[f"quality.conflict.{one.contradiction.code}"], language)
            lines.append(message(language, "quality.conflict", {"name": one.contradiction.name.get(language), "n": n}))
    return lines


def _owners(found: Quality, sheet: FactSheet) -> Sequence[tuple[str, Decimal]]:
    """The owners' scores, lowest first; none where a tag's own is withheld, which they would give away."""
    hidden = {one.tag.owner for one in found.tags if sheet[f"quality.{one.tag.code}.score"].value is None}
    return [(owner, score) for owner, score in found.owners.items() if owner not in hidden]


def _told(identifier: str, sheet: FactSheet, language: Language) -> str:
    return render(sheet[identifier], language) if identifier in sheet else ""


def _drift(one: TagQuality, sheet: FactSheet, catalog: TagCatalog, language: Language) -> str:
    """The index and, where it is of one unit, which."""
    if one.drift is None:
        return ""
    unit = _unit(one, catalog, language)
    return _told(f"quality.{one.tag.code}.drift", sheet, language) + (message(language, "quality.in_unit", {"unit": unit}) if unit else "")


def _unit(one: TagQuality, catalog: TagCatalog, language: Language) -> str:
    unit = None if one.drift is None else catalog.organisation.get(one.drift.branch or "")
    return "" if unit is None else unit.name.get(language)


def _drift_json(one: TagQuality, sheet: FactSheet) -> Json:
    value = None if one.drift is None else sheet[f"quality.{one.tag.code}.drift"].value
    return None if one.drift is None or value is None else {"index": str(value), "unit": one.drift.branch}
