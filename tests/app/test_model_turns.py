"""A turn with words only a model understands, through the whole walk and every face: asked with counts, answered once confirmed, untouched when the model fails."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from threading import Event, Thread

import pytest

from assistant.app import view
from assistant.app.build import interpreter_of, phraser_of
from assistant.app.words import option_labels, question_text
from assistant.llm.chat import Chat, Failure, Prompt, Reply
from assistant.pipeline import Assistant
from assistant.settings import Settings

CLUTCHING = "手里攥着基金又背着房贷的"


@dataclass
class FakeChat:
    """A chat that answers every prompt alike."""

    outcome: Reply | Failure
    calls: int = 0

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.calls += 1
        return self.outcome


def linking(quote: str, means: str) -> FakeChat:
    data = {"links": [{"quote": quote, "means": means}]}
    return FakeChat(Reply(json.dumps(data, ensure_ascii=False), data))


def with_model(assistant: Assistant, settings: Settings, chat: Chat) -> Assistant:
    return replace(assistant, interpreter=interpreter_of(settings, chat))


def test_the_reading_is_asked_about_with_its_rule_and_count(assistant: Assistant, settings: Settings) -> None:
    answer, _ = with_model(assistant, settings, linking("攥着基金", "持有基金")).ask(CLUTCHING)
    assert (answer.outcome, answer.count) == ("choice", None)
    (asked,) = answer.questions
    plain, _ = assistant.ask("持有基金又背着房贷的")
    assert plain.count is not None
    assert asked.options[0].count.value == plain.count.n
    for language in ("zh", "en"):
        assert question_text(asked.question, answer, language)
        first, second = option_labels(asked, answer, language)
        assert "攥着基金 → 持有基金" in first
        assert "攥着基金" in second
    assert "房贷" in option_labels(asked, answer, "zh")[0] or "按揭" in option_labels(asked, answer, "zh")[0]


def test_once_confirmed_it_is_answered_and_says_what_was_read_for_what(assistant: Assistant, settings: Settings) -> None:
    chat = linking("攥着基金", "持有基金")
    actor = with_model(assistant, settings, chat)
    _, talk = actor.ask(CLUTCHING)
    answer, talk = actor.ask("第一个", talk)
    assert (answer.outcome, answer.by, chat.calls) == ("answered", "model", 1)
    plain, _ = assistant.ask("持有基金又背着房贷的")
    assert plain.count is not None
    assert answer.count is not None
    assert answer.count.n == plain.count.n
    assert any("持有基金" in line for line in view.assumptions(answer, "zh"))
    later, _ = actor.ask("按分行看", talk)
    assert later.outcome == "answered"


@pytest.mark.parametrize("failure", [Failure("timeout"), Failure("circuit_open")])
def test_a_model_that_fails_changes_nothing_but_a_warning(assistant: Assistant, settings: Settings, failure: Failure) -> None:
    answer, _ = with_model(assistant, settings, FakeChat(failure)).ask(CLUTCHING)
    alone, _ = assistant.ask(CLUTCHING)
    assert (answer.outcome, answer.rule, answer.issues) == (alone.outcome, alone.rule, alone.issues)
    assert [option.count.value for asked in answer.questions for option in asked.options] == [
        option.count.value for asked in alone.questions for option in asked.options
    ]
    assert [issue.code for issue in answer.warnings] == ["model_unavailable"]


def test_what_the_grammar_reads_costs_no_call(assistant: Assistant, settings: Settings) -> None:
    chat = linking("房贷", "信用卡")
    answer, _ = with_model(assistant, settings, chat).ask("有房贷的女客户")
    assert (answer.outcome, answer.by, chat.calls) == ("answered", "grammar", 0)


def test_where_the_bank_wants_all_compared_two_readings_are_asked_about(assistant: Assistant, settings: Settings) -> None:
    always = settings.model_copy(update={"model_use": "always"})
    differing, _ = with_model(assistant, always, linking("女客户", "男客户")).ask("有房贷的女客户")
    assert [asked.question.code for asked in differing.questions] == ["readings_differ"]
    assert len(differing.questions[0].options) == 2
    agreeing, _ = with_model(assistant, always, linking("女客户", "女性")).ask("有房贷的女客户")
    assert (agreeing.outcome, agreeing.by) == ("answered", "both")


@dataclass
class Waiting:
    """A chat that answers only when it is no longer waited for."""

    begun: Event
    calls: int = 0

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.calls += 1
        self.begun.set()
        assert cancel is not None
        return Failure("cancelled") if cancel.wait(seconds) else Failure("timeout")


def test_a_turn_whose_model_is_waited_for_no_longer_is_answered_without_it(assistant: Assistant, settings: Settings) -> None:
    begun, cancel = Event(), Event()
    chat = Waiting(begun)
    stopper = Thread(target=lambda: begun.wait(10) and cancel.set())
    stopper.start()
    answer, _ = with_model(assistant, settings, chat).ask(CLUTCHING, cancel=cancel)
    stopper.join()
    without, _ = assistant.ask(CLUTCHING)
    assert (answer.outcome, answer.ledger) == (without.outcome, without.ledger)
    assert [(one.code, one.params["reason"]) for one in answer.warnings] == [("model_unavailable", "cancelled")]
    assert chat.calls == 1


def test_findings_are_told_in_a_models_words_only_where_that_is_set(assistant: Assistant, settings: Settings) -> None:
    plain, _ = assistant.ask("有房贷的客户", language="zh")
    said = [f"据统计，{claim.text}" for claim in plain.narrative["zh"].claims]
    chat = FakeChat(Reply("", {"sentences": said}))
    assert phraser_of(settings, chat) is None
    told, _ = replace(assistant, phraser=phraser_of(settings.model_copy(update={"model_phrases": True}), chat)).ask(
        "有房贷的客户", language="zh"
    )
    assert (told.narrative["zh"].by, told.narrative["en"].by) == ("model", "template")
    assert told.narrative["zh"].text == "".join(said)
    assert told.narrative["zh"].facts == plain.narrative["zh"].facts
    assert chat.calls == 1
