"""Arms side by side: a sample that stays, and what counts as exact, exact after the first option, silent and asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pytest

from assistant.app.model_proofs import prove_models, side_by_side
from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.evaluate.cases import Case, Theme, load_cases
from assistant.evaluate.models import ARMS, Arm, Asked, Judged, SideBySide, Standing, sampled
from assistant.evaluate.replies import KeptReplies
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.settings import Settings
from tests.app.conftest import bank_file, settings

__all__ = ["bank_file", "settings"]

BOTH: Mapping[str, object] = {"all": [{"tag": "fund_bal", "operator": ">", "value": 0}, {"tag": "mort_flag", "value": True}]}
CLUTCHING = Asked("colloquial_few", Case(id="clutching", zh="手里攥着基金又背着房贷的", rule=BOTH), "zh")
PLAIN = Asked("few", Case(id="plain", zh="有房贷的客户", rule={"tag": "mort_flag", "value": True}), "zh")
WHICH = Asked("few", Case(id="which", zh="日均30万以上的客户", outcome="choice", code="ambiguous_word"), "zh")


@dataclass
class FakeChat:
    """A chat that links in one way and writes one query."""

    links: tuple[tuple[str, str], ...] = ()
    sql: str = "SELECT one_id FROM customers WHERE mort_flag"

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        if prompt.id == "sql":
            return Reply(self.sql, {}, 900, 30, 5000.0)
        data = {"links": [{"quote": quote, "means": means} for quote, means in self.links]}
        return Reply(json.dumps(data, ensure_ascii=False), data, 400, 20, 2000.0)


def bench(settings: Settings, chat: FakeChat) -> SideBySide:
    return side_by_side(settings, KeptReplies(chat, "fake"))


def judged(settings: Settings, chat: FakeChat, asked: Asked, arm: Arm) -> Judged:
    return bench(settings, chat).judge(asked, arm)


def test_the_ensemble_asks_about_a_models_words_and_is_exact_once_its_first_option_is_taken(settings: Settings) -> None:
    chat = FakeChat((("攥着基金", "持有基金"),))
    found = judged(settings, chat, CLUTCHING, "ensemble")
    assert (found.exact, found.first, found.silent, found.question) == (False, True, False, True)
    assert (found.spent.calls, found.spent.tokens_in, found.spent.failures) == (1, 400, [])
    assert found.seconds > 2
    alone = judged(settings, chat, CLUTCHING, "grammar")
    assert (alone.exact, alone.first, alone.question, alone.spent.calls) == (False, False, True, 0)


def test_a_model_alone_is_believed_and_may_be_wrong_in_silence(settings: Settings) -> None:
    right = judged(settings, FakeChat((("攥着基金", "持有基金"), ("房贷", "房贷"))), CLUTCHING, "model")
    assert (right.exact, right.silent) == (True, False)
    wrong = judged(settings, FakeChat((("攥着基金", "持有理财"), ("房贷", "房贷"))), CLUTCHING, "model")
    assert wrong.exact is False


@pytest.mark.parametrize(
    ("sql", "exact", "silent", "question"),
    [
        ("SELECT one_id FROM customers WHERE mort_flag", True, False, False),
        ("SELECT one_id FROM customers", False, True, False),
        ("SELECT nothing FROM customers", False, False, False),
        ("QUESTION: which?", False, False, True),
    ],
)
def test_a_query_is_judged_by_its_customers(sql: str, exact: bool, silent: bool, question: bool, settings: Settings) -> None:
    found = judged(settings, FakeChat(sql=sql), PLAIN, "sql")
    assert (found.exact, found.silent, found.question) == (exact, silent, question)


def test_an_answer_where_it_had_to_be_asked_is_a_silent_error(settings: Settings) -> None:
    assert judged(settings, FakeChat(), WHICH, "sql").silent
    asked = judged(settings, FakeChat(), WHICH, "grammar")
    assert (asked.exact, asked.silent, asked.question) == (None, False, True)


def test_sums_are_over_what_has_customers_to_be_exact_about(settings: Settings) -> None:
    found = [judged(settings, FakeChat(), asked, "sql") for asked in (PLAIN, WHICH, CLUTCHING)]
    standing = Standing.of(found)
    assert (standing.cases, standing.expected, standing.exact, standing.silent, standing.failures) == (3, 2, 1, 2, 0)
    assert standing.tokens == 930
    failed = replace(found[0], spent=replace(found[0].spent, failures=["timeout"]))
    assert Standing.of([failed]).failures == 1


def test_half_of_a_sample_is_colloquial_and_the_same_seed_draws_the_same() -> None:
    def theme(name: str, count: int) -> Theme:
        return Theme(theme=name, cases=tuple(Case(id=f"{name}-{n}", zh=f"{name}{n}", rule=BOTH) for n in range(count)))

    themes = [theme("colloquial_one", 30), theme("amounts", 50), theme("times", 5)]
    found = sampled(themes, 20, 0)
    assert found == sampled(themes, 20, 0) != sampled(themes, 20, 1)
    assert [one.colloquial for one in found] == [True] * 10 + [False] * 10
    assert sum(one.theme == "times" for one in found) == 5
    assert len(sampled([theme("amounts", 50)], 20, 0)) == 20


def test_the_cases_sampled_stand_alone_and_ask_for_customers() -> None:
    found = sampled(load_cases(Path(data_room("eval")) / "cases" / "dev"), 100, 0)
    assert len(found) == 100
    assert all(not (one.case.requests or one.case.other or one.case.branches or one.case.before.zh) and one.text for one in found)


def test_without_an_endpoint_it_is_told_what_is_missing(settings: Settings) -> None:
    with pytest.raises(UserError, match="setting_invalid"):
        prove_models(settings, 1, 0, None, False, print, lambda step, share: None)


def test_every_arm_is_judged(settings: Settings) -> None:
    assert [judged(settings, FakeChat(), PLAIN, arm).arm for arm in ARMS] == list(ARMS)
