"""The report over a bank with a planted data fault: one branch's demand deposits of 31 May are in fen."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from assistant.app.build import build_assistant
from assistant.app.quality import report_json, report_lines, report_page, report_table, write_report
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.insight.quality import Quality
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.open import Store

FAULT = date(2026, 5, 31)


@pytest.fixture(scope="module")
def faulty(assistant: Assistant) -> tuple[Quality, FactSheet]:
    return assistant.quality(FAULT)


def test_the_planted_fault_stands_first(faulty: tuple[Quality, FactSheet]) -> None:
    found, _ = faulty
    worst = found.tags[0]
    assert worst.tag.code == "dep_demand_bal"
    assert "contradicted" in worst.findings
    assert {one.contradiction.code for one in found.contradicted if one.n} == {"demand_over_deposits", "demand_over_aum"}
    assert all(not one.before for one in found.contradicted)
    assert found.before == date(2026, 4, 30)
    assert found.duplicates == 0


def test_the_day_after_the_fault_is_over(assistant: Assistant) -> None:
    found, _ = assistant.quality(date(2026, 6, 30))
    assert not [one for one in found.contradicted if one.n]
    assert [one for one in found.contradicted if one.before]


def test_every_contradiction_of_the_catalog_is_counted(assistant: Assistant) -> None:
    found, _ = assistant.quality()
    assert [one.contradiction.code for one in found.contradicted] == [one.code for one in assistant.catalog.contradictions]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_in_words_and_as_files(faulty: tuple[Quality, FactSheet], assistant: Assistant, language: str, tmp_path: Path) -> None:
    found, sheet = faulty
    tongue = LANGUAGES[LANGUAGES.index(language)]  # type: ignore[arg-type]
    lines = report_lines(found, sheet, assistant.catalog, tongue)
    assert any("dep_demand_bal" in line for line in lines)
    assert not [line for line in lines if "{" in line or "quality." in line]
    rows = list(csv.reader(StringIO(report_table(found, sheet, assistant.catalog, tongue))))
    assert len(rows) == len(found.tags) + 1
    page = report_page(found, sheet, assistant.catalog, tongue)
    assert "http" not in page
    for name in ("report.html", "report.csv", "report.txt"):
        write_report(found, sheet, assistant.catalog, tongue, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    with pytest.raises(UserError, match="report_ending"):
        write_report(found, sheet, assistant.catalog, tongue, tmp_path / "report.pdf")


def test_small_groups_are_withheld_in_every_shape(settings: Settings, store: Store) -> None:
    """An analyst of the bank may not see groups under the floor: neither their number, nor a score or mean they would follow from."""
    analyst = build_assistant(settings, "analyst", store=store)
    found, sheet = analyst.quality(FAULT)
    told = report_json(found, sheet, analyst.catalog)
    floor = analyst.protection.min_cell
    parts = {one.tag.code: (one.missing, one.outside, one.contradicted) for one in found.tags}
    small = {code for code, counts in parts.items() if any(0 < n < floor for n in counts)}
    assert small
    assert isinstance(told, dict)
    tags = {str(one["tag"]): one for one in told["tags"]}  # type: ignore[index, union-attr, call-overload, misc]
    for code in small:
        assert tags[code]["score"] is None
        assert all(tags[code][figure] is None for figure in ("missing", "outside", "contradicted") if parts[code])
    owners = {one.tag.owner for one in found.tags if one.tag.code in small}
    assert not owners & set(json.loads(json.dumps(told))["owners"])
    analyst.engine.close()


def test_a_branch_manager_sees_her_own_customers(settings: Settings, store: Store, assistant: Assistant) -> None:
    manager = build_assistant(settings, "branch_manager", ["上海分行"], store=store)
    found, _ = manager.quality()
    assert 0 < found.of < assistant.quality()[0].of
    manager.engine.close()


def test_a_day_beyond_the_data_is_refused(assistant: Assistant) -> None:
    with pytest.raises(UserError, match="date_beyond_data"):
        assistant.quality(date(2030, 1, 1))
