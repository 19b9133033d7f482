"""What a reader of JSON or of the page sees of two segments: sizes that add up, whom it is compared with, and parts that open as told; a version before is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.app.charts.contrast import overlap_chart
from assistant.app.insights import table
from assistant.app.offers import offer_words, offered
from assistant.app.view import as_json
from assistant.catalog.model import Language
from assistant.insight.contrast import Contrast
from assistant.insight.requested import those
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity

TEXT = "对比女性客户和AUM大于1万的客户"


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    return assistant.ask(TEXT, Conversation())[0]


def test_the_wire_adds_up(answer: Answer) -> None:
    found = as_json(answer)["contrast"]
    assert isinstance(found, dict)
    sizes = {name: int(str(found[name])) for name in ("n", "other_n", "both", "only", "other_only", "either")}
    assert sizes["n"] == sizes["both"] + sizes["only"] == as_json(answer)["count"]
    assert sizes["other_n"] == sizes["both"] + sizes["other_only"]
    assert sizes["either"] == sizes["both"] + sizes["only"] + sizes["other_only"]
    assert found["rule"] == {"kind": "tag", "tag": "aum_bal", "operator": ">", "value": "10000"}


def test_the_table_says_both_sizes(answer: Answer) -> None:
    (found,) = those(answer.insights, Contrast)
    (grid,) = table.grids(answer, "en")
    assert f"{found.n:,}" in str(grid.note)
    assert f"{found.other_n:,}" in str(grid.note)
    assert len(grid.rows) == len(found.traits)


def test_parts_open_as_told(assistant: Assistant) -> None:
    answer, conversation = assistant.ask(TEXT, Conversation())
    (found,) = those(answer.insights, Contrast)
    told = {"both": found.both, "only": found.only, "other_only": found.other_only, "other": found.other_n}
    assert {offer.name for offer in offered(answer)} == set(told)
    for offer in offered(answer):
        taken, _ = assistant.ask(offer_words(offer, answer, "zh"), conversation, edit=offer.edit)
        assert taken.count is not None
        assert taken.count.n == told[str(offer.name)]


def test_a_version_before_is_a_segment_like_any_other(assistant: Assistant) -> None:
    _, conversation = assistant.ask("女性客户", Conversation())
    _, conversation = assistant.ask("再加上AUM大于1万的", conversation)
    answer, _ = assistant.ask("和上一版比有什么不同", conversation)
    (found,) = those(answer.insights, Contrast)
    assert answer.change is not None
    assert (found.n, found.other_n, found.both) == (answer.change.after, answer.change.before, answer.change.both)
    assert {offer.name for offer in offered(answer)} == {"before_only", "before"}


def test_an_overlap_of_few_people_is_neither_told_nor_drawn(assistant: Assistant) -> None:
    bound = replace(assistant, identity=Identity(role="analyst"))
    answer, _ = bound.ask("对比AUM大于1万的客户和AUM大于1.001万的客户", Conversation())
    (found,) = those(answer.insights, Contrast)
    assert 0 < found.only < 20
    assert answer.facts is not None
    assert answer.facts["contrast.both"].suppressed
    assert answer.facts["contrast.only"].suppressed
    assert found.traits == ()
    assert overlap_chart(found, answer, "zh") is None


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("zh", "去年末的金卡客户和现在的金卡客户有什么不同", "双方的特征都取2026-09-24的标签"),
        ("en", "how do gold customers at the end of last year differ from gold customers now", "described by the tags of 2026-09-24"),
    ],
)
def test_a_side_of_earlier_tags_is_said_to_be_described_by_those_of_now(
    assistant: Assistant, language: Language, text: str, said: str
) -> None:
    answer, _ = assistant.ask(text, Conversation())
    assert said in answer.narrative[language].text
    plain, _ = assistant.ask("金卡客户和白金客户比", Conversation())
    assert "双方的特征都取" not in plain.narrative["zh"].text


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("对比AUM大于5万的客户和AUM小于5万的客户", "zh", "没有算作特征"),
        ("compare customers with AUM over 50,000 and customers with AUM under 50,000", "en", "Not counted as traits"),
    ],
)
def test_what_the_sides_settle_is_said_to_be_left_out(assistant: Assistant, text: str, language: Language, said: str) -> None:
    """Deposits are a part of the assets that part the two: that nothing of them is told does not say that nothing differs."""
    answer, _ = assistant.ask(text, Conversation())
    assert said in answer.narrative[language].text
