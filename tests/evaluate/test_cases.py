"""Case files: what is written is checked before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.evaluate.cases import load_cases

_TALK = """
theme: talk
conversations:
  - id: talk-raise
    turns:
      - {zh: 活期5万以上的客户, rule: {tag: dep_demand_bal, operator: ">=", value: 50000}}
      - {zh: 提到10万, rule: {tag: dep_demand_bal, operator: ">=", value: 100000}}
"""


def _written(folder: Path, text: str) -> Path:
    (folder / "talk.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("part", ["dev", "holdout"])
def test_every_case_of_the_project_can_be_read(part: str) -> None:
    themes = load_cases(data_room("eval") / "cases" / part)
    assert all(theme.cases or theme.conversations for theme in themes)


def test_a_conversation_is_a_list_of_expectations(tmp_path: Path) -> None:
    (theme,) = load_cases(_written(tmp_path, _TALK))
    (talk,) = theme.conversations
    assert [turn.zh for turn in talk.turns] == ["活期5万以上的客户", "提到10万"]
    assert all(turn.node is not None for turn in talk.turns)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 提到10万", "en: raise it to 100k"),
        ('operator: ">=", value: 100000', 'operator: "=>", value: 100000'),
        ("提到10万", "提到10万, outcome: choice"),
        (
            "conversations:\n  - id: talk-raise",
            "cases: [{id: talk-raise, zh: 一, requests: [breakdown]}]\nconversations:\n  - id: talk-raise",
        ),
    ],
)
def test_a_faulty_case_names_its_file(tmp_path: Path, old: str, new: str) -> None:
    assert old in _TALK
    with pytest.raises(UserError, match="case_file"):
        load_cases(_written(tmp_path, _TALK.replace(old, new, 1)))
