"""A request that was approved is read as approved: the same words, for whoever may, and it is said; nothing else is touched by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from assistant.app.view import as_text
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant
from assistant.pipeline.verified import node_json, request_key, requests_of
from assistant.policy import Identity
from assistant.rule.canonical import fingerprint
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRef, walk
from assistant.store.open import Store, open_store
from assistant.store.review import Decision, Turn, pair_of

ASKED = "优质客户"
NODE = node_from_short({"tag": "aum_bal", "operator": ">", "value": 200000})
SAID = "AUM大于5万的客户"


@pytest.fixture
def kept() -> Iterator[Store]:
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def mine(assistant: Assistant, kept: Store) -> Assistant:
    return replace(assistant, kept=kept)


def last(kept: Store) -> Turn:
    return kept.reviews.turn(kept.reviews.seen()[-1].seq)


def corrected(kept: Store, asked: str, said: Turn, node: object = NODE, requests: str = "[]") -> None:
    key = request_key(asked)
    rule = node_json(node)  # type: ignore[arg-type]
    after = pair_of(key, fingerprint(node))  # type: ignore[arg-type]
    kept.reviews.decide(Decision(said.seq, said.understood.pair, "correct", key, after, rule, requests, "AUM大于20万", "", "chen"), 0)


@pytest.mark.parametrize("again", ["AUM大于5万的客户", "  ａｕｍ大于5万的客戶。 ", "AUM大于5万的客户？"])
def test_the_same_words_are_read_as_they_were_corrected(mine: Assistant, kept: Store, again: str) -> None:
    first, _ = mine.ask(SAID)
    corrected(kept, SAID, last(kept))
    branch = replace(mine, identity=Identity("lihua", "branch_manager", ("3100",)))
    answer, _ = branch.ask(again)
    assert (answer.outcome, answer.by) == ("answered", "verified")
    assert answer.rule is not None
    assert answer.rule.node == NODE
    assert "按已核定的口径理解（chen，" in as_text(answer, "zh")
    assert "by chen on " in as_text(answer, "en")
    (other,) = answer.alternatives
    assert len(other.options) == 2
    back, _ = branch.ask(again, choices={other.question.key: 1})
    assert back.rule is not None
    assert first.rule is not None
    assert fingerprint(back.rule.node) == fingerprint(first.rule.node)
    assert back.by == "grammar"
    assert [one.way for one in kept.reviews.seen()] == ["read", "verified", "chosen"]


@pytest.mark.parametrize("other", ["AUM大于5万", "AUM大于5万的女客户", "AUM大于6万的客户"])
def test_other_words_are_read_by_themselves(mine: Assistant, kept: Store, other: str) -> None:
    mine.ask(SAID)
    corrected(kept, SAID, last(kept))
    assert mine.ask(other)[0].by == "grammar"


def test_words_nobody_knew_are_read_once_they_were_corrected(mine: Assistant, kept: Store) -> None:
    asked, _ = mine.ask("羊毛党里AUM大于5万的客户")
    assert asked.outcome == "choice"
    turn = last(kept)
    assert (turn.understood.way, turn.understood.unread) == ("unread", ("羊毛党",))
    corrected(kept, turn.text, turn)
    answer, _ = mine.ask("羊毛党里AUM大于5万的客户")
    assert (answer.outcome, answer.by) == ("answered", "verified")


def test_what_was_asked_besides_is_asked_again(mine: Assistant, kept: Store) -> None:
    first, _ = mine.ask("AUM大于5万的客户按分行看")
    turn = last(kept)
    corrected(kept, turn.text, turn, requests=turn.understood.requests)
    answer, _ = mine.ask(turn.text)
    assert answer.requests == requests_of(turn.understood.requests) != ()
    assert len(answer.insights) == len(first.insights) == 1


def test_a_rule_that_does_not_pass_for_the_asker_is_not_used(mine: Assistant, kept: Store) -> None:
    mine.ask(SAID)
    income = node_from_short({"tag": "marital_status", "value": ["married"]})
    corrected(kept, SAID, last(kept), income)
    assert mine.ask(SAID)[0].by == "grammar"
    served, _ = mine.ask(SAID, purpose="service")
    assert served.by == "verified"
    gone = mine.catalog.moved({"marital_status": {"status": "offline"}})
    assert replace(mine, catalog=gone).ask(SAID, purpose="service")[0].by == "grammar"


def test_upon_a_segment_the_words_must_be_a_request_of_their_own(mine: Assistant, kept: Store) -> None:
    mine.ask("女客户")
    corrected(kept, "女客户", last(kept))
    _, conversation = mine.ask("上海分行的客户")
    narrowed, _ = mine.ask("女客户", conversation)
    assert narrowed.by != "verified"
    assert mine.ask("女客户", Conversation())[0].by == "verified"


def test_the_banks_own_examples_are_verified(mine: Assistant) -> None:
    answer, _ = mine.ask("手头有基金又总爱看保险专区的客户")
    assert (answer.outcome, answer.by) == ("answered", "verified")
    assert "founding team" in as_text(answer, "en")
    assert replace(mine, examples={}).ask("手头有基金又总爱看保险专区的客户")[0].outcome == "choice"


def test_what_is_kept_that_is_no_rule_is_not_used(mine: Assistant, kept: Store) -> None:
    mine.ask(SAID)
    turn, key = last(kept), request_key(SAID)
    kept.reviews.decide(Decision(turn.seq, turn.understood.pair, "correct", key, "x", '{"kind":"gone"}', "[]", "", "", "chen"), 0)
    assert mine.ask(SAID)[0].by == "grammar"


def test_days_that_the_words_do_not_say_whole_are_read_anew(mine: Assistant, kept: Store) -> None:
    """8月 is another August a year later: what was approved is no reading of it."""
    text = "8月登录过手机银行的客户"
    first, _ = mine.ask(text)
    assert first.rule is not None
    corrected(kept, text, last(kept), first.rule.node)
    assert mine.ask(text)[0].by == "verified"
    earlier, _ = mine.ask(text, as_of=date(2026, 6, 30), today=date(2026, 7, 1))
    assert earlier.by == "grammar"
    whole = "2026-08-01至2026-08-31登录过手机银行的客户"
    mine.ask(whole)
    corrected(kept, whole, last(kept), node_from_short({"tag": "aum_bal", "operator": ">", "value": 1}))
    assert mine.ask(whole)[0].by == "verified"


def test_words_that_name_a_saved_segment_of_the_asker_are_not_read_as_approved_without_it(mine: Assistant, kept: Store) -> None:
    asked = "大户女里有信用卡的客户"
    mine.ask(asked)
    corrected(kept, asked, last(kept))
    assert mine.ask(asked)[0].by == "verified"
    mine.ask("活期存款大于5000的女性客户，保存为大户女")
    answer, _ = mine.ask(asked)
    assert answer.by == "grammar"
    assert answer.rule is not None
    assert any(isinstance(node, SegmentRef) for _, node in walk(answer.rule.node))
