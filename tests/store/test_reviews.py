"""The desk's rows: kept with their audit row or not at all, the last decision of a pair counts, and nothing is decided unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.errors import Fault, UserError
from assistant.store.open import Store
from assistant.store.review import Alias, Decision, Understood, Verified, pair_of
from assistant.store.reviews import LONGEST_REASON, in_force, states
from tests.store.test_audit import ASKED

TURN = Understood(
    "key", "pair-a", "assumed", "zh", True, ("之前", "的话"), "[]", '[[0,2,"condition",""]]', "[]", (), '{"kind":"all"}', 12, "SELECT 1"
)
UNREAD = replace(TURN, pair="pair-u", way="unread", unread=("羊毛党", "x\0y"), rule="", count=None, sql="")


def approve(turn: int, pair: str, by: str = "chen") -> Decision:
    return Decision(turn, pair, "approve", "key", pair, '{"kind":"all"}', "[]", "", "", by)


def correct(turn: int, pair: str, after: str) -> Decision:
    return Decision(turn, pair, "correct", "key", after, '{"corrected":1}', "[]", "改成10万", "", "chen")


def reject(turn: int, pair: str) -> Decision:
    return Decision(turn, pair, "reject", "key", "", "", "", "", "口径" * LONGEST_REASON, "chen")


def test_a_turn_is_kept_with_its_audit_row(store: Store) -> None:
    store.record(ASKED)
    store.record(replace(ASKED, branches=("3100",)), None, TURN)
    store.record(ASKED, None, UNREAD)
    assert [(one.seq, one.pair, one.way, one.user) for one in store.reviews.seen()] == [
        (2, "pair-a", "assumed", ASKED.user),
        (3, "pair-u", "unread", ASKED.user),
    ]
    turn = store.reviews.turn(2)
    assert turn.understood == TURN
    assert (turn.text, turn.branches, turn.purpose) == (ASKED.text, ("3100",), ASKED.purpose)
    assert [one.understood.unread for one in store.reviews.worded()] == [UNREAD.unread]
    assert [one.seq for one in store.reviews.turns([2, 3])] == [2, 3]
    with pytest.raises(UserError, match="desk_unknown"):
        store.reviews.turn(1)


def test_what_cannot_be_kept_of_a_turn_leaves_no_audit_row(store: Store) -> None:
    with pytest.raises(Fault, match="store_failed"):
        store.record(ASKED, None, replace(TURN, language=None))  # type: ignore[arg-type]
    assert store.audit.last(5) == ()
    assert store.reviews.seen() == ()


def test_the_last_decision_of_a_pair_counts_and_none_is_made_unseen(store: Store) -> None:
    store.record(ASKED, None, TURN)
    reviews = store.reviews
    assert reviews.verified("key") is None
    first = reviews.decide(approve(1, "pair-a"), 0)
    assert reviews.verified("key") == Verified('{"kind":"all"}', "[]", "chen", first.at[:10])
    with pytest.raises(UserError, match="desk_decided") as raised:
        reviews.decide(reject(1, "pair-a"), 0)
    assert raised.value.params["by"] == "chen"
    second = reviews.decide(correct(1, "pair-a", "pair-b"), first.id)
    assert reviews.verified("key") == Verified('{"corrected":1}', "[]", "chen", second.at[:10], TURN.rule)
    assert states(reviews.decisions()) == {"pair-a": "edited", "pair-b": "accepted"}
    reviews.decide(reject(1, "pair-b"), 0)
    assert reviews.verified("key") is None
    assert states(reviews.decisions()) == {"pair-a": "edited", "pair-b": "rejected"}
    assert len(reviews.decisions()[-1].reason) == LONGEST_REASON
    assert [row["text"] for row in store.audit.last(4)][:3] == [
        "desk reject pair-b turn 1",
        "desk correct pair-a turn 1",
        "desk approve pair-a turn 1",
    ]
    assert store.audit.verify().intact


def test_of_two_readings_of_one_request_the_one_approved_last_stands() -> None:
    first, second = approve(1, "a"), approve(2, "b")
    assert in_force((first, second)) == (first, second)
    assert in_force((first, second, first)) == (second, first)
    assert in_force((first, reject(1, "a"))) == ()


def test_a_request_that_says_nothing_by_itself_verifies_nothing(store: Store) -> None:
    store.record(ASKED, None, TURN)
    store.reviews.decide(replace(approve(1, "pair-a"), key=""), 0)
    assert store.reviews.verified("") is None


def test_feedback_is_given_on_ones_own_answers(store: Store) -> None:
    store.record(ASKED, None, TURN)
    store.record(replace(ASKED, user="other"), None, TURN)
    store.record(ASKED, None, TURN)
    said = store.reviews.say(ASKED.user, ASKED.request_id, "wrong", " 上海  不含 浦东 ")
    assert (said.turn, said.reason) == (3, "上海 不含 浦东")
    assert store.reviews.said() == (said,)
    with pytest.raises(UserError, match="feedback_unknown"):
        store.reviews.say("nobody", ASKED.request_id, "right", "")
    assert store.audit.last(1)[0]["text"] == "feedback 3 wrong"


def test_a_word_is_decided_once_and_may_be_decided_otherwise(store: Store) -> None:
    word = Alias("羊毛党", "zh", "points_used", True, "", "wang")
    store.reviews.name(word)
    with pytest.raises(UserError, match="alias_decided"):
        store.reviews.name(replace(word, by="li"))
    store.reviews.name(replace(word, accepted=False, reason="不是一回事"))
    (kept,) = store.reviews.aliases()
    assert (kept.accepted, kept.reason, bool(kept.at)) == (False, "不是一回事", True)
    assert store.audit.last(1)[0]["text"] == "desk decline 羊毛党 points_used"


def test_a_pair_is_a_request_with_its_rule() -> None:
    assert len({pair_of("k", "r"), pair_of("k", "s"), pair_of("l", "r"), pair_of("k", "r", "b")}) == 4
    assert len(pair_of("k", "r")) == 12
