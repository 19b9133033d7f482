"""Decisions: four eyes, shown before kept, and the next same request is answered by what was verified."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.app.desk.deciding import approve, correct, reject, tried
from assistant.app.desk.queue import Item, open_review
from assistant.app.desk.shown import item_json, item_text
from assistant.app.identity import CONSOLE, Desk, approved_links
from assistant.app.view import as_text
from assistant.app.words import error_text
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.rule.canonical import fingerprint
from assistant.rule.edits import SetComparison
from assistant.rule.short import node_from_short
from assistant.store.review import STATES
from tests.app.desk.conftest import Asks, Sits

RICH = "AUM大于5万的客户"
UNREAD = "羊毛党里AUM大于5万的客户"


def only(sits: Sits, user: str = "chen") -> Item:
    (item,) = sits(user).items(STATES)
    return item


def refused(error: UserError, code: str) -> None:
    assert error.code == code
    for language in LANGUAGES:
        assert "{" not in error_text(error, language)
        assert code not in error_text(error, language)


def test_what_is_approved_is_said_to_be_verified(asks: Asks, sits: Sits, desk: Desk) -> None:
    first = asks("lihua", RICH)
    decision = approve(sits("chen"), only(sits))
    answer = asks("zhou", RICH)
    assert (answer.by, answer.rule) == ("verified", first.rule)
    assert f"（chen，{decision.at[:10]}核定）" in as_text(answer, "zh")
    item = only(sits)
    assert (item.state, item.times, item.turn.understood.way) == ("accepted", 2, "verified")
    assert [row["kind"] for row in desk.store.audit.last(2)] == ["ask", "review"]
    assert desk.store.audit.verify().intact


def test_an_analysts_correction_makes_the_next_same_request_right(asks: Asks, sits: Sits) -> None:
    assert asks("lihua", UNREAD).outcome == "choice"
    item = only(sits)
    with pytest.raises(UserError) as raised:
        approve(sits("chen"), item)
    refused(raised.value, "desk_unread")
    shown = tried(sits("chen"), item, "再加上近30天领过优惠券")
    assert shown.outcome == "answered"
    correct(sits("chen"), item, shown, "羊毛党指领券客户")
    for user in ("lihua", "zhou"):
        answer = asks(user, UNREAD)
        assert (answer.outcome, answer.by) == ("answered", "verified")
        assert fingerprint(answer.rule.node) == fingerprint(shown.rule.node)  # type: ignore[union-attr]
    accepted, edited = sits("chen").items(STATES)
    assert (edited.state, accepted.state, accepted.times) == ("edited", "accepted", 2)
    for language in LANGUAGES:
        assert "羊毛党指领券客户" in item_text(edited, sits("chen"), language)
    assert item_json(edited, sits("chen"))["decision"]["said"] == "再加上近30天领过优惠券"  # type: ignore[index,call-overload]


def test_a_correction_by_the_edits_of_the_chips(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH)
    edit = SetComparison(path=(), operator=">=", value="200000")
    shown = tried(sits("chen"), only(sits), "", edit=edit)
    correct(sits("chen"), only(sits), shown)
    answer = asks("lihua", RICH)
    assert answer.rule is not None
    assert answer.rule.node == node_from_short({"tag": "aum_bal", "operator": ">=", "value": 200000})
    (other,) = answer.alternatives
    assert asks("lihua", RICH, choices={other.question.key: 1}).by == "grammar"


def test_what_was_tried_is_put_before_nobody(asks: Asks, sits: Sits, desk: Desk) -> None:
    asks("lihua", RICH)
    tried(sits("chen"), only(sits), "提到10万")
    assert only(sits).times == 1
    assert desk.store.audit.last(1)[0]["user"] == "chen"


def test_nobody_decides_on_what_they_alone_asked(asks: Asks, sits: Sits) -> None:
    asks("gao", RICH)
    for decide in (
        lambda: approve(sits("gao"), only(sits, "gao")),
        lambda: reject(sits("gao"), only(sits, "gao"), "x"),
        lambda: tried(sits("gao"), only(sits, "gao"), "提到10万"),
    ):
        with pytest.raises(UserError) as raised:
            decide()
        refused(raised.value, "forbidden_own_request")
    asks("lihua", RICH)
    assert approve(sits("gao"), only(sits, "gao")).by == "gao"


def test_a_rejection_says_why_and_takes_back_what_was_approved(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH)
    approve(sits("chen"), only(sits))
    with pytest.raises(UserError) as raised:
        reject(sits("gao"), only(sits, "gao"), "  ")
    refused(raised.value, "desk_reason")
    reject(sits("gao"), only(sits, "gao"), "要的是日均")
    assert asks("lihua", RICH).by == "grammar"
    item = only(sits)
    assert (item.state, item.decision.by) == ("rejected", "gao")  # type: ignore[union-attr]
    assert "要的是日均" in item_text(item, sits("chen"), "en")


def test_two_reviewers_do_not_decide_unseen(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH)
    seen = only(sits)
    approve(sits("chen"), seen)
    with pytest.raises(UserError) as raised:
        reject(sits("gao"), seen, "x")
    refused(raised.value, "desk_decided")
    assert only(sits).state == "accepted"


def test_what_is_no_other_rule_or_no_answer_is_not_kept(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH)
    same = SetComparison(path=(), operator=">", value="50000")
    for words, edit, code in (("", same, "desk_unchanged"), ("只要羊毛党", None, "desk_not_answered")):
        shown = tried(sits("chen"), only(sits), words, edit=edit)
        with pytest.raises(UserError) as raised:
            correct(sits("chen"), only(sits), shown)
        refused(raised.value, code)


def test_a_rule_the_reviewer_may_not_use_or_that_stands_on_a_segment_is_not_approved(asks: Asks, sits: Sits, desk: Desk) -> None:
    asks("gao", "年收入20-40万的客户")
    with pytest.raises(UserError) as raised:
        approve(sits("chen"), only(sits))
    refused(raised.value, "desk_forbidden")
    asks("zhou", "女客户，保存为女客群")
    asks("zhou", "女客群里AUM大于5万的客户")
    item = sits("chen").items()[0]
    with pytest.raises(UserError) as raised:
        approve(sits("chen"), item)
    refused(raised.value, "desk_on_segments")


def test_what_was_approved_is_stale_once_a_tag_is_gone(asks: Asks, sits: Sits, desk: Desk) -> None:
    asks("lihua", "基金市值大于1万的客户")
    approve(sits("chen"), only(sits))
    assert not sits("chen").stale(only(sits))
    gone = {"fund_bal": {"status": "offline"}}
    moved = replace(desk, assistant=replace(desk.assistant, catalog=desk.assistant.catalog.moved(gone)))
    at = open_review(moved, moved.of("chen"))
    item = at.items(STATES)[0]
    assert at.stale(item)
    assert "不再使用" in item_text(item, at, "zh")
    assert moved.of("lihua").ask("基金市值大于1万的客户")[0].by == "grammar"
    with pytest.raises(UserError) as raised:
        approve(at, item)
    refused(raised.value, "desk_stale")


def test_a_follow_up_is_decided_on_but_verifies_nothing(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH, "提到10万")
    item = sits("chen").items()[0]
    assert approve(sits("chen"), item).key == ""
    assert asks("lihua", RICH, "提到10万").by == "grammar"
    assert asks("lihua", "AUM大于20万的客户", "提到10万").by == "grammar"
    assert CONSOLE not in item.askers


def test_a_model_is_taught_the_words_that_an_analyst_approved(asks: Asks, sits: Sits, desk: Desk) -> None:
    """The words an asker picked for misspelt ones, once the rule that came of them was approved."""
    text = "近30天登路过手机银行的客户"
    (question,) = asks("lihua", text).questions
    assert asks("lihua", text, choices={question.question.key: 0}).outcome == "answered"
    assert approved_links(desk.store) == ()
    approve(sits("chen"), next(one for one in sits("chen").items() if one.answered))
    (example,) = approved_links(desk.store)
    assert (example.request, example.verified_by) == (text, "chen")
    assert all(one.quote in text for one in example.links)
    assert asks("zhou", text).by == "verified"
