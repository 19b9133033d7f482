"""A theme measured apart is read like any other and counts in no total."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.catalog.load import data_room
from assistant.evaluate.cases import Theme, gated, load_cases
from assistant.evaluate.runner import Report, Score

ASKED = {"id": "asked", "zh": "有钱人", "outcome": "choice"}


def test_what_must_be_shown_is_named_where_thresholds_count() -> None:
    with pytest.raises(ValidationError, match="names the code"):
        Theme.model_validate({"theme": "counted", "cases": [ASKED]})
    assert Theme.model_validate({"theme": "told", "measured": "apart", "cases": [ASKED]}).cases[0].code is None


def test_talk_of_the_frontline_is_measured_apart() -> None:
    themes = load_cases(data_room("eval") / "cases" / "dev")
    counted = {theme.theme for theme in gated(themes)}
    assert {theme.theme for theme in themes} - counted == {"colloquial_credit", "colloquial_money", "colloquial_people"}


def test_totals_leave_out_what_is_told_apart() -> None:
    themes = (Theme(theme="counted"), Theme(theme="told", measured="apart"))
    scores = tuple(
        Score(theme, "one", "zh", "有钱人", outcome=not silent, rule=None, customers=None, silent=silent, unnecessary=False, ms=1.0)
        for theme, silent in (("counted", False), ("told", True))
    )
    gate = Report(scores).of(gated(themes))
    assert gate.themes == ("counted",)
    assert (gate.by().cases, gate.by().silent) == (1, 0)
