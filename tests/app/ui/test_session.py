"""A visitor's session: a value; what one does is not seen by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from threading import Event

import pytest

from assistant.app.ui.panels import chat
from assistant.app.ui.session import MOST_TURNS, Session, was_stopped
from assistant.app.words import option_labels
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.rule.edits import RemoveCondition, SetComparison
from assistant.rule.tree import AllOf, TagCondition
from assistant.store.open import open_store


def test_sessions_do_not_mix(assistant: Assistant) -> None:
    start = Session()
    one = start.say(assistant, "AUM大于5万的客户")
    other = start.say(assistant, "年龄大于60岁的客户")
    assert not start.answers
    assert one.conversation.rule != other.conversation.rule
    assert len(one.answers) == len(other.answers) == 1


def test_a_choice_asks_the_same_words_again(assistant: Assistant) -> None:
    asked = Session().say(assistant, "人民路支行的客户")
    assert asked.last is not None
    question = asked.last.questions[0]
    chosen = asked.choose(assistant, question.question.key, 1)
    assert chosen.last is not None
    assert chosen.last.outcome == "answered"
    assert chosen.last.count is not None
    assert chosen.last.count.n == question.options[1].count.value
    assert len(chosen.answers) == 1
    assert chosen.option(question.question.key) == 1
    assert Session().choose(assistant, "x", 0).last is None


def test_what_is_pressed_stands_in_the_conversation(assistant: Assistant) -> None:
    asked = Session().say(assistant, "人民路支行的客户")
    assert asked.last is not None
    question = asked.last.questions[0]
    chosen = asked.choose(assistant, question.question.key, 1)
    label = option_labels(question, asked.last, "zh")[1]
    assert chosen.last is not None
    assert chosen.pressed[chosen.last.request_id] == (label,)
    shown = chat(chosen.answers, "zh", pressed=chosen.pressed)
    assert shown.index("人民路支行的客户") < shown.index(f"<div class='me'>{label}</div>") < shown.index("class='it'")
    assert f"<div class='me'>{label}</div>" not in chat(asked.answers, "zh", pressed=asked.pressed)


def test_the_language_follows_the_request_until_it_is_chosen(assistant: Assistant) -> None:
    session = Session(language="zh").say(assistant, "AUM over 50k")
    assert session.language == "en"
    fixed = session.speak("zh").say(assistant, "raise it to 100k")
    assert fixed.language == "zh"
    assert fixed.conversation.rule != session.conversation.rule
    assert Session().greeted("en").language == "en"
    assert fixed.greeted("en").language == "zh"


def test_the_page_keeps_a_bounded_number_of_turns(assistant: Assistant) -> None:
    session = Session()
    for _ in range(MOST_TURNS + 2):
        session = session.say(assistant, "什么是手机银行活跃")
    assert len(session.answers) == MOST_TURNS


def test_sessions_are_told_apart_by_identity() -> None:
    assert Session() != Session()
    assert hash(Session()) is not None


def test_a_tag_request_is_submitted_once_and_by_a_press_alone(assistant: Assistant) -> None:
    kept, at = open_store().tag_requests, datetime(2026, 9, 25, 9, tzinfo=UTC)
    asked = Session().say(assistant, "有游艇的女性")
    assert kept.all() == ()
    pressed = asked.request_tag(kept, at, "demo")
    again = pressed.request_tag(kept, at, "demo")
    (one,) = kept.all()
    assert (one.times, one.request.definition, one.request.user, one.first_at) == (1, "有游艇的女性", "demo", "2026-09-25T09:00:00+00:00")
    assert again is pressed
    assert list(pressed.requested.values()) == [1]
    answered = Session().say(assistant, "AUM大于5万的客户")
    assert answered.request_tag(kept, at, "demo") is answered
    empty = Session()
    assert empty.request_tag(kept, at, "demo") is empty


def test_an_edit_by_hand_is_a_turn_in_the_words_of_what_it_changes(assistant: Assistant) -> None:
    before = Session().say(assistant, "AUM大于5万的女性客户")
    after = before.edit(assistant, SetComparison(path=(0,), value=Decimal(100000)))
    assert after.last is not None
    assert after.last.text == "把「AUM时点余额大于5万元」改为「AUM时点余额大于10万元」"
    assert after.last.outcome == "answered"
    assert before.last is not None
    assert before.last.count is not None
    assert after.last.count is not None
    assert after.last.count.n < before.last.count.n
    assert len(after.answers) == 2
    assert before.edit(assistant, SetComparison(path=(0,), value=Decimal(50000))) is before
    gone = before.edit(assistant, RemoveCondition(path=(1,)))
    assert gone.conversation.rule is not None
    assert gone.conversation.rule.node == AllOf(children=(TagCondition(tag="aum_bal", operator=">", value=Decimal(50000)),))
    assert gone.say(assistant, "撤销").conversation.rule == before.conversation.rule
    with pytest.raises(UserError, match="edit_not_possible"):
        before.edit(assistant, RemoveCondition(path=(7,)))
    empty = Session()
    assert empty.edit(assistant, RemoveCondition(path=())) is empty


class Later(Event):
    """Set from its n-th look on."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_a_turn_that_is_stopped_says_so_and_has_changed_nothing(assistant: Assistant) -> None:
    before = Session().say(assistant, "AUM大于5万的女性客户")
    seen: set[bool] = set()
    for looks in range(40):
        store = open_store()
        stopping = replace(assistant, kept=store, stop=Later(looks))
        after = before.say(stopping, "保存为「富裕女性」")
        told = after.answers[-1]
        saved = [one.name for one in store.library("demo").active]
        seen.add(bool(saved))
        if was_stopped(told):
            assert saved == []
            assert after.conversation is before.conversation
            assert after.last is before.last
            assert "已停止" in chat(after.answers, "zh")
        else:
            assert saved == ["富裕女性"]
            assert after.last is told
        store.close()
        if saved:
            break
    assert seen == {True, False}
    again = before.say(replace(assistant, stop=Later(0)), "再加上没有信用卡的").say(assistant, "其中上海分行的")
    assert again.conversation.rule == before.say(assistant, "其中上海分行的").conversation.rule
    assert len(again.answers) == 3


def test_an_option_is_taken_of_the_answer_that_asked_even_after_a_stop(assistant: Assistant) -> None:
    asked = Session().say(assistant, "人民路支行的客户")
    assert asked.last is not None
    key = asked.last.questions[0].question.key
    stopped = asked.choose(replace(assistant, stop=Later(0)), key, 1)
    assert stopped.last is asked.last
    chosen = stopped.choose(assistant, key, 1)
    assert [was_stopped(one) for one in chosen.answers] == [False, True]
    assert chosen.answers[0].outcome == "answered"


def test_what_is_said_of_an_answer_is_kept_once_for_the_desk(assistant: Assistant) -> None:
    store = open_store()
    mine = replace(assistant, kept=store)
    asked = Session(user="demo").say(mine, "AUM大于5万的女性客户")
    assert asked.judgeable
    judged = asked.judge(store.reviews, "wrong", "口径不对")
    again = judged.judge(store.reviews, "right", "")
    assert again is judged
    assert [(one.verdict, one.reason, one.by) for one in store.reviews.said()] == [("wrong", "口径不对", "demo")]
    assert not asked.edit(mine, RemoveCondition(path=(1,))).judgeable
    assert not Session().judgeable
    assert not asked.say(mine, "我的客群").judgeable
    store.close()
