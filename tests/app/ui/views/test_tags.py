"""The catalog browser: found by words of either language, by pinyin and by subject; the quality report and how customers spread are asked for in the asker's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.app.quality import tag_line
from assistant.app.ui.panels import findings
from assistant.app.ui.session import Session
from assistant.app.ui.views.tags import Report, Seen, Tags, _listed, _report
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity


@pytest.mark.parametrize(
    ("words", "first"),
    [("活期存款余额", "dep_demand_bal"), ("demand deposit balance", "dep_demand_bal"), ("huoqicunkuanyue", "dep_demand_bal")],
)
def test_a_tag_is_found_by_its_words_and_its_sound(assistant: Assistant, words: str, first: str) -> None:
    (seen,) = Tags().sought(f" {words} ", Seen(), Session(), assistant)
    assert _listed(assistant.catalog, seen)[0].code == first


def test_a_subject_holds_what_stands_below_it(assistant: Assistant) -> None:
    (seen,) = Tags().filtered("products", Seen(words="x"), Session(), assistant)
    found = {one.code for one in _listed(assistant.catalog, seen)}
    assert {"dep_demand_bal", "mort_flag"} <= found
    assert "age" not in found
    assert _listed(assistant.catalog, Seen()) == ()


def test_the_report_and_the_spread_are_the_askers(assistant: Assistant) -> None:
    view = Tags()
    (report,) = view.checked(Session(), assistant)
    assert report.found is not None
    assert report.sheet is not None
    assert tag_line(report.found, report.sheet, assistant.catalog, "zh", "age")
    shown = _report(report.found, report.sheet, assistant.catalog, "en")
    assert all(one.tag.code in shown for one in report.found.tags if one.findings)
    (spread,) = view.spread(assistant.catalog.tags["gender"], Session(), assistant)
    assert spread.answer is not None
    assert "<table>" in findings(spread.answer, "zh")
    nobody = replace(assistant, identity=Identity("root", "administrator"))
    assert not view.allowed(nobody)
    with pytest.raises(UserError, match="forbidden_operation"):
        view.checked(Session(), nobody)
    assert Report() != Report()
