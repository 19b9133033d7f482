"""Drafts on the command line: lines of a catalog file, with what is no use as remarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from threading import Event

import pytest
import yaml

from assistant.app.drafts import draft_lines
from assistant.errors import UserError
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.settings import Settings

DAY = date(2026, 9, 24)


@dataclass
class FakeChat:
    """A chat that answers every prompt alike."""

    outcome: Reply | Failure

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        return self.outcome


def test_a_draft_is_an_entry_in_the_shape_of_a_catalog_file() -> None:
    chat = FakeChat(Reply("", {"aliases": ["卡里趴账钱", "定期存款"], "definition": "余额合计。"}))
    lines = draft_lines(["dep_demand_bal"], Settings(model_name="small"), DAY, "zh", chat)
    assert "small" in lines[0]
    (entry,) = yaml.safe_load("\n".join(lines))
    assert entry == {
        "code": "dep_demand_bal",
        "aliases": {"zh": ["卡里趴账钱"], "en": ["卡里趴账钱"]},
        "definition": {"zh": "余额合计。", "en": "余额合计。"},
    }
    assert any(line.lstrip().startswith("#") and "定期存款" in line for line in lines[1:])


def test_a_model_that_does_not_answer_is_told_and_an_unknown_code_named() -> None:
    lines = draft_lines(["dep_demand_bal"], Settings(), DAY, "en", FakeChat(Failure("timeout")))
    assert yaml.safe_load("\n".join(lines)) == [{"code": "dep_demand_bal"}]
    assert sum("dep_demand_bal" in line for line in lines) == 3
    with pytest.raises(UserError, match="element_unknown"):
        draft_lines(["dep_demand_ball"], Settings(), DAY, "en", FakeChat(Failure("timeout")))
    with pytest.raises(UserError, match="setting_invalid"):
        draft_lines(["dep_demand_bal"], Settings(), DAY, "en")
