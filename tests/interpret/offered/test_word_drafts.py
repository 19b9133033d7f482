"""Names drafted by a model: only names, only new ones, and only proposals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event

import pytest

from assistant.interpret.interpretation import Context
from assistant.interpret.offered.word_drafts import WordDraft, draft_words, unfit
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.prompts import load_prompts
from tests.interpret.reading import AS_OF, TODAY, catalog

CONTEXT = Context(catalog(), AS_OF, TODAY)
DEMAND = catalog().tags["dep_demand_bal"]


@dataclass
class FakeChat:
    """A chat that answers every prompt alike, and keeps what it was asked."""

    outcome: Reply | Failure
    asked: list[Prompt] = field(default_factory=list)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.asked.append(prompt)
        return self.outcome


def drafted(data: Mapping[str, object]) -> WordDraft | Failure:
    chat = FakeChat(Reply(json.dumps(data, ensure_ascii=False), data))
    return draft_words(chat, load_prompts()["draft"], DEMAND, CONTEXT, "zh", 5)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("卡里趴账钱", None),
        ("活期存款", "known"),
        ("定期存款", "taken"),
        ("女客户", "more_than_a_name"),
        ("近30天趴账钱", "more_than_a_name"),
        ("5万趴账钱", "more_than_a_name"),
        ("没有趴账钱", "more_than_a_name"),
        ("趴", "length"),
        ("趴" * 31, "length"),
        ("趴账{zone}", "characters"),
        ("趴账\u202e钱", "characters"),
    ],
)
def test_a_name_must_be_a_name_and_new(name: str, why: str | None) -> None:
    assert unfit(name, DEMAND, CONTEXT) == why


def test_what_is_fit_and_what_is_not_stand_apart() -> None:
    found = drafted({"aliases": ["卡里趴账钱", "定期存款", "卡里趴账钱", 5], "definition": "数据日活期账户余额合计。"})
    assert found == WordDraft("dep_demand_bal", "zh", ("卡里趴账钱",), (("定期存款", "taken"),), "数据日活期账户余额合计。")


@pytest.mark.parametrize("data", [{}, {"aliases": "x", "definition": 3}, {"aliases": [], "definition": "长" * 301}])
def test_nothing_of_another_shape_is_used(data: Mapping[str, object]) -> None:
    assert drafted(data) == WordDraft("dep_demand_bal", "zh", (), (), "")


def test_the_entry_is_shown_and_a_failure_is_told() -> None:
    chat = FakeChat(Failure("timeout"))
    assert draft_words(chat, load_prompts()["draft"], DEMAND, CONTEXT, "en", 5) == Failure("timeout")
    assert DEMAND.definition.en in chat.asked[0].user
    assert chat.asked[0].codes == ("dep_demand_bal",)
