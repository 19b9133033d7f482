"""Whose migration is told: of a segment picked by the graded tag itself those who were in it then are followed to where they are now, as one counts by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from shutil import copy

import duckdb
import pytest

from assistant.app.insights import table
from assistant.app.offers import offer_words, offered
from assistant.app.view import as_json
from assistant.catalog.model import Language
from assistant.insight.migration import Migration
from assistant.insight.requested import those
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity
from assistant.settings import Settings
from assistant.sql.two_dates import ABSENT

BOTH: tuple[tuple[Language, str], ...] = (
    ("zh", "金卡客户的客户等级从6月末到现在的迁移"),
    ("en", "gold customers, migration of customer tier since the end of June"),
)


def migration(answer: Answer) -> Migration:
    (found,) = those(answer.insights, Migration)
    return found


@pytest.mark.parametrize(("language", "text"), BOTH)
def test_those_of_then_are_followed(assistant: Assistant, settings: Settings, tmp_path: Path, language: Language, text: str) -> None:
    answer, _ = assistant.ask(text, Conversation())
    found = migration(answer)
    copied = copy(settings.database, tmp_path / "copied.duckdb")
    with duckdb.connect(str(copied), read_only=True) as bank:
        gold = bank.execute("select one_id from tags where snapshot_date = '2026-06-30' and cust_tier = 'T2'").fetchall()
        tier = dict(bank.execute("select one_id, cust_tier from tags where snapshot_date = '2026-09-24'").fetchall())
    by_hand = Counter(tier.get(customer, ABSENT) for (customer,) in gold)
    assert len(by_hand) > 2, "some of them moved"
    assert {(move.start, move.end): move.n for move in found.moves} == {("T2", end): n for end, n in by_hand.items()}
    assert found.total("then") == len(gold)
    said = answer.narrative[language].text
    assert {"zh": "2026-06-30符合条件的", "en": "who met the conditions on 2026-06-30"}[language] in said
    wire = as_json(answer)["migration"]
    assert isinstance(wire, list)
    assert isinstance(wire[0], dict)
    assert wire[0]["followed"] == "then"
    grid = table.grids(answer, language)[0]
    assert len(grid.rows) == 2, "one tier then, and the sums"


def test_who_was_picked_by_earlier_tags_is_followed_from_now(assistant: Assistant) -> None:
    answer, _ = assistant.ask("上月末金卡客户，客户等级从6月末到现在的迁移", Conversation())
    found = migration(answer)
    assert answer.count is not None
    assert found.followed == "now"
    assert found.total("now") == answer.count.n == sum(move.n for move in found.moves)
    assert {move.start for move in found.moves} - {"T2"}
    assert "现在符合条件的" in answer.narrative["zh"].text
    assert "who meet the conditions now" in answer.narrative["en"].text


def test_a_tag_that_the_rule_leaves_open_is_followed_in_the_segment(assistant: Assistant) -> None:
    answer, _ = assistant.ask("女性客户的客户等级从6月末到现在的迁移", Conversation())
    assert migration(answer).followed == "either"
    assert "前后都在的" in answer.narrative["zh"].text
    assert "there at both dates" in answer.narrative["en"].text


@pytest.mark.parametrize(("language", "text"), BOTH)
def test_a_move_of_those_followed_is_a_segment(assistant: Assistant, language: Language, text: str) -> None:
    answer, conversation = assistant.ask(text, Conversation())
    found = migration(answer)
    moved = sorted((move.n for move in found.moves if move.end not in (move.start, ABSENT)), reverse=True)
    counts = []
    for offer in offered(answer):
        taken, _ = assistant.ask(offer_words(offer, answer, language), conversation, edit=offer.edit)
        assert taken.count is not None
        counts.append(taken.count.n)
    assert counts == moved[: len(counts)]
    assert counts


def test_no_move_is_offered_that_may_not_be_shown(assistant: Assistant) -> None:
    text = "AUM大于1万的女性客户的客户等级从6月末到现在的迁移"
    assert offered(assistant.ask(text, Conversation())[0]), "somebody moved"
    bound = replace(assistant, identity=Identity(role="analyst"))
    answer, _ = bound.ask(text, Conversation())
    found = migration(answer)
    assert answer.facts is not None
    shown = [move for move in found.moves if move.start != move.end and not answer.facts[f"{found.id(move.start, move.end)}.n"].suppressed]
    assert len(offered(answer)) <= len(shown)


@pytest.mark.parametrize(
    "text",
    [
        "客户等级从上月末到现在怎么迁移",
        "16宫格和上月比",
        "代发客户的客户等级从去年末到现在怎么迁移",
        "金卡客户的客户等级从6月末到现在的迁移",
        "gold customers, migration of customer tier since the end of June",
    ],
)
def test_those_who_rose_and_fell_are_the_very_customers_told(assistant: Assistant, text: str) -> None:
    answer, conversation = assistant.ask(text, Conversation())
    found = migration(answer)
    told = {f"{way}.{axis.tag}": n for axis in found.axes for way, n in (("up", axis.up), ("down", axis.down)) if n}
    assert {name for name, _ in found.movers} == set(told)
    assert conversation.parts == found.movers
    for name, n in told.items():
        asked, after = assistant.ask("那降级的呢" if name.startswith("down") else "what about those who rose?", conversation)
        if asked.outcome == "choice":
            place = [one for one in told if one[:2] == name[:2]].index(name)
            asked, _ = assistant.ask(str(place + 1), after)
        assert asked.outcome == "answered"
        assert asked.count is not None
        assert asked.count.n == n
