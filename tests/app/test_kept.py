"""Saved segments from end to end: saved, opened, used, refreshed, put away; nobody's are mixed up, and nothing is overwritten unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.build import build_assistant
from assistant.app.kept import kept_lines
from assistant.app.view import as_html, as_json, as_markdown, as_text
from assistant.catalog.model import LANGUAGES
from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight.contrast import Contrast
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity, Protection
from assistant.rule.tree import SegmentRef, walk
from assistant.settings import Settings
from assistant.store.change import Share
from assistant.store.event import AuditEvent
from assistant.store.open import Store, open_store

RICH = "活期存款大于1万的客户"


@pytest.fixture
def kept() -> Iterator[Store]:
    made = open_store()
    yield made
    made.close()


@pytest.fixture
def mine(settings: Settings, assistant: Assistant, kept: Store) -> Assistant:
    return replace(assistant, kept=kept)


def talk(assistant: Assistant, *turns: str, conversation: Conversation | None = None) -> list[Answer]:
    answers, now = [], conversation or Conversation()
    for text in turns:
        answer, now = assistant.ask(text, now)
        answers.append(answer)
    return answers


def count(answer: Answer) -> int:
    assert answer.count is not None, (answer.text, answer.outcome, answer.issues)
    return answer.count.n


def test_a_segment_is_saved_opened_and_used(mine: Assistant, kept: Store) -> None:
    made, saved = talk(mine, RICH, "保存为重点客户")
    assert saved.outcome == "answered"
    assert "已保存为客群“重点客户”" in "\n".join(kept_lines(saved, "zh"))
    opened, women, inside, outside = (
        talk(mine, text)[0] for text in ("打开重点客户", "重点客户里的女性", "重点客户", "除了重点客户以外的客户")
    )
    assert count(made) == count(saved) == count(opened) == count(inside)
    assert count(women) == count(talk(mine, "活期存款大于1万的女性客户")[0])
    assert made.count is not None
    assert count(outside) == made.count.base - count(made)
    assert women.funnel is not None
    assert "属于已保存客群“重点客户”" in as_text(women, "zh")
    assert "saved segment “重点客户”" in as_text(women, "en")
    (segment,) = kept.library("demo").segments
    assert (segment.name, segment.current.said, segment.current.as_of) == ("重点客户", RICH, mine.engine.as_of)
    assert made.validated is not None
    assert kept.last_members(segment.id) == mine.members(made.validated)


def test_every_face_shows_what_was_done(mine: Assistant) -> None:
    for answer in talk(mine, RICH, "保存为重点客户", "save this as key folks", "1", "我的客群", "list my segments", "刷新", "归档"):
        for language in ("zh", "en"):
            for words in (as_text(answer, language), as_markdown(answer, language), as_html(answer, language)):
                assert "{" not in words
        found = as_json(answer)["saved"]
        assert (found is None) == (answer.kept is None)


def test_a_new_version_is_shown_as_a_difference_first(mine: Assistant, kept: Store) -> None:
    answers = talk(mine, RICH, "保存为重点客户", "再加上女性", "保存为重点客户")
    asked = answers[-1]
    assert (asked.outcome, [one.question.code for one in asked.questions]) == ("choice", ["segment_overwrite"])
    assert "新增「性别为女」" in as_text(asked, "zh")
    assert len(kept.library("demo").segments[0].versions) == 1


def test_of_the_options_one_makes_a_version_and_one_another_segment(mine: Assistant, kept: Store) -> None:
    conversation = Conversation()
    for text in (RICH, "保存为重点客户", "再加上女性", "保存为重点客户"):
        _, conversation = mine.ask(text, conversation)
    version, _ = mine.ask("1", conversation)
    assert "第2版" in "\n".join(kept_lines(version, "zh"))
    (segment,) = kept.library("demo").segments
    assert [one.number for one in segment.versions] == [1, 2]
    again, _ = mine.ask("2", conversation)  # the version it was asked of is gone by now
    assert again.outcome == "choice"
    assert len(kept.library("demo").segments) == 1


def test_what_is_saved_already_is_said(mine: Assistant, kept: Store) -> None:
    talk(mine, RICH, "保存为重点客户")
    (asked,) = talk(mine, "活期存款大于1万的客户,保存为另一个名称")
    assert [one.question.code for one in asked.questions] == ["segment_duplicate"]
    assert [one.name for one in kept.library("demo").segments] == ["重点客户"]
    (same,) = talk(mine, "活期存款大于1万的客户,保存为重点客户")
    assert [one.code for one in same.issues] == ["segment_unchanged"]


def test_overlap_is_told_on_saving(mine: Assistant) -> None:
    talk(mine, RICH, "保存为重点客户")
    saved = talk(mine, "活期存款大于1万的女性客户", "保存为重点女客")[-1]
    assert saved.kept is not None
    (overlap,) = saved.kept.overlaps
    assert overlap.both == overlap.of == count(saved)
    assert "100" in "\n".join(kept_lines(saved, "zh"))
    rest = talk(mine, "活期存款不超过1万的客户", "保存为其余客户")[-1]
    assert rest.kept is not None
    assert all(one.segment.name != "重点客户" for one in rest.kept.overlaps)


def test_a_frozen_list_stays_what_it_was(mine: Assistant, kept: Store) -> None:
    made = talk(mine, "女性客户", "存为固定名单「九月女客」")[-1]
    (segment,) = kept.library("demo").segments
    listed = kept.members(f"{segment.id}@1")
    assert len(listed) == count(made)
    inside, both, not_in = (talk(mine, text)[0] for text in ("九月女客里的男性", "九月女客里的女性", "九月女客以外的女性"))
    assert (count(inside), count(both)) == (0, count(made))
    assert [dict(one.params) for one in both.warnings if one.code == "segment_frozen"] == [{"name": "九月女客", "as_of": "2026-09-24"}]
    assert not_in.outcome != "answered" or count(not_in) == 0
    unmoved = talk(mine, "刷新九月女客")[0]
    assert unmoved.kept is not None
    assert unmoved.kept.action == "unmoved"
    assert len(kept.segments.refreshes(segment.id)) == 1


def test_insights_of_a_saved_segment_are_those_of_its_rule(mine: Assistant) -> None:
    talk(mine, RICH, "保存为重点客户")
    talk(mine, "女性客户", "存为固定名单「九月女客」")
    for asked in ("和上个月比", "他们是什么样的人", "按分行看", "我猜是有房贷的客户", "需要100人左右", "户均AUM"):
        for name, rule in (("重点客户", RICH), ("九月女客", "女性客户")):
            here, there = talk(mine, name + "里的", asked)[-1], talk(mine, rule, asked)[-1]
            assert here.outcome == there.outcome == "answered", (name, asked, here.outcome, here.error, here.issues)
            assert count(here) == count(there)


def test_a_refresh_tells_who_came_and_went(mine: Assistant, kept: Store) -> None:
    talk(mine, RICH, "保存为重点客户")
    (segment,) = kept.library("demo").segments
    ids = kept.last_members(segment.id)
    assert ids is not None
    first = segment.refreshed
    assert first is not None
    strangers = (10**9, 10**9 + 1)
    earlier = tuple(sorted((*ids[5:], *strangers)))
    with kept.database.writing() as connection:
        kept.segments._count(connection, segment.id, replace(first, number=2, count=len(earlier)), earlier, "2026-09-24T08:00:00+00:00")
    found = talk(mine, "刷新重点客户")[0]
    assert found.kept is not None
    assert found.kept.counted is not None
    assert (found.kept.counted.joined, found.kept.counted.left) == (5, 2)
    assert "新进5人，移出2人" in "\n".join(kept_lines(found, "zh"))
    assert [one.number for one in kept.segments.refreshes(segment.id)] == [1, 2, 3]
    assert kept.last_members(segment.id) == ids


def test_small_groups_are_not_shown_to_who_may_not_list(mine: Assistant, kept: Store) -> None:
    made = talk(mine, RICH, "保存为重点客户")[-1]
    assert made.kept is not None
    assert made.count is not None
    refreshed = made.kept.segments[0].refreshed
    assert refreshed is not None
    found = replace(made.kept, action="refreshed", before=refreshed, counted=replace(refreshed, number=2, joined=3, left=40), query="q")
    sheet = FactSheet(Protection(20))
    found.facts(sheet)
    assert sheet["kept.joined"].suppressed
    assert sheet["kept.left"].suppressed
    assert sheet["kept.before"].suppressed


def test_peoples_segments_never_mix(mine: Assistant, kept: Store) -> None:
    other = replace(mine, identity=Identity(user="wangwei"))
    talk(mine, RICH, "保存为重点客户")
    assert talk(other, "我的客群")[0].kept.segments == ()  # type: ignore[union-attr]
    assert talk(other, "重点客户里的女性")[0].outcome == "choice"
    (segment,) = kept.library("demo").segments
    kept.record(event(mine), Share(segment.id))
    assert talk(other, "打开重点客户")[0].outcome == "answered"
    assert talk(other, "归档重点客户")[0].issues[0].code == "segment_not_yours"
    assert talk(other, "刷新重点客户")[0].kept.action == "others"  # type: ignore[union-attr]
    assert not kept.library("demo").segments[0].archived


def test_another_reader_sees_only_their_branch(mine: Assistant, kept: Store, settings: Settings) -> None:
    talk(mine, RICH, "保存为重点客户")
    talk(mine, "女性客户", "存为固定名单「九月女客」")
    for segment in kept.library("demo").segments:
        kept.record(event(mine), Share(segment.id))
    local = build_assistant(settings, "branch_manager", ["3100"], store=kept)
    local = replace(local, identity=replace(local.identity, user="wangwei"))
    for name, rule in (("重点客户", RICH), ("九月女客", "女性客户")):
        assert count(talk(local, f"打开{name}")[0]) == count(talk(local, rule)[0]) < count(talk(mine, rule)[0])


def test_a_segment_within_itself_is_refused_or_taken_as_it_was(mine: Assistant, kept: Store) -> None:
    talk(mine, RICH, "保存为重点客户")
    answer, conversation = mine.ask("重点客户里的女性")
    asked, conversation = mine.ask("保存为重点客户", conversation)
    assert asked.questions
    done, _ = mine.ask("1", conversation)
    assert done.outcome == "answered"
    assert count(talk(mine, "打开重点客户")[0]) == count(answer)


def test_what_cannot_be_kept_is_not_told(mine: Assistant, kept: Store) -> None:
    class Broken:
        def __init__(self) -> None:
            self.library, self.members, self.last_members = kept.library, kept.members, kept.last_members
            self.verified = kept.verified

        def record(self, event: object, change: object = None, understood: object = None) -> None:
            raise Fault("store_failed")

    broken = replace(mine, kept=Broken())
    (answer,) = talk(broken, RICH)
    assert (answer.outcome, answer.error, answer.count, answer.facts) == ("fault", "store_failed", None, None)


def test_what_was_done_is_in_the_audit_with_the_segment(mine: Assistant, kept: Store) -> None:
    talk(mine, RICH, "保存为重点客户", "改名为核心客户", "归档核心客户")
    rows = kept.audit.last(10)[::-1]
    assert [row["kind"] for row in rows] == ["ask", "save", "rename", "archive"]
    (segment,) = kept.library("demo").segments
    assert [row["segment"] for row in rows] == ["", segment.id, segment.id, segment.id]
    assert kept.audit.verify().intact


def test_undo_leaves_what_is_saved(mine: Assistant, kept: Store) -> None:
    talk(mine, RICH, "保存为重点客户", "再加上女性", "撤销", "重来")
    assert [one.name for one in kept.library("demo").segments] == ["重点客户"]


def event(assistant: Assistant) -> AuditEvent:
    return AuditEvent("share", "", assistant.identity.user, "", (), "analysis", "", "answered", "", assistant.engine.as_of)


@pytest.mark.parametrize(("away", "back", "within"), [("归档富客女", "恢复富客女", "富客女里有信用卡的"), ("archive 富客女", "restore 富客女", "富客女 with a credit card")])  # fmt: skip
def test_an_archived_segment_is_meant_by_its_name_said_to_be_archived_and_comes_back(
    mine: Assistant, kept: Store, away: str, back: str, within: str
) -> None:
    _, conversation = mine.ask("活期存款大于5000的女性客户")
    mine.ask("保存为富客女", conversation)
    before, _ = mine.ask(within)
    mine.ask(away)
    assert kept.library(mine.identity.user).active == ()
    after, _ = mine.ask(within)
    assert after.rule == before.rule
    assert "segment_archived" in {one.code for one in after.warnings}
    restored, _ = mine.ask(back)
    assert restored.kept is not None
    assert restored.kept.action == "restored"
    assert [one.name for one in kept.library(mine.identity.user).active] == ["富客女"]


WORDS_OF_VERSIONS = (
    ("活期存款大于5000的女性客户", "活期存款大于8000的女性客户", "保存为富客女", "确认", "富客女的历史", "比较富客女第1版和第2版", "富客女第1版里没有信用卡的"),
    (
        "female customers with demand deposits over 5000", "female customers with demand deposits over 8000", "save as rich ladies", "yes", "history of rich ladies",
        "compare rich ladies version 1 and version 2", "customers in version 1 of rich ladies without a credit card",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("first", "second", "save", "yes", "history", "compared", "within"), WORDS_OF_VERSIONS)
def test_versions_are_kept_told_and_compared_by_words(
    mine: Assistant, first: str, second: str, save: str, yes: str, history: str, compared: str, within: str
) -> None:
    *_, saved = talk(mine, first, save)
    *_, asked, confirmed = talk(mine, second, save, yes)
    assert (asked.outcome, confirmed.outcome) == ("choice", "answered"), "a plain yes is an answer"
    assert saved.count is not None
    assert confirmed.count is not None
    (told,) = talk(mine, history)
    for language in LANGUAGES:
        lines = kept_lines(told, language)
        assert len(lines) == 6, "what it is of, two versions, what the second changed, two counts"
        assert any(f"{saved.count.n:,}" in line for line in lines)
        assert any("8,000" in line and "5,000" in line for line in lines)
    *_, contrast = talk(mine, "男性客户", compared)
    assert contrast.outcome == "answered", "both have a name of their own: nothing is asked"
    assert contrast.count == saved.count
    (other,) = (one for one in contrast.insights if isinstance(one, Contrast))
    assert other.other_n == confirmed.count.n
    (part,) = talk(mine, within)
    assert part.rule is not None
    assert [one.version for _, one in walk(part.rule.node) if isinstance(one, SegmentRef)] == [1]


@pytest.mark.parametrize(("one", "other", "compared"), [("甲组", "乙组", "对比甲组和乙组"), ("first set", "second set", "compare first set with second set")])  # fmt: skip
def test_two_saved_segments_are_compared_without_a_question(mine: Assistant, one: str, other: str, compared: str) -> None:
    talk(mine, "活期存款大于5000的女性客户", f"保存为{one}")
    *_, answer = talk(mine, "活期存款大于5000的客户", f"保存为固定名单{other}", compared)
    assert (answer.outcome, [asked.question.code for asked in answer.questions]) == ("answered", [])


@pytest.mark.parametrize("words", ["确认", "yes", "好的"])
def test_a_yes_answers_no_other_question(mine: Assistant, words: str) -> None:
    *_, asked, after = talk(mine, "余额大于5万的客户", words)
    assert asked.outcome == "choice"
    assert after.outcome == "choice"
