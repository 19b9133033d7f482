"""The attack by differences, run: whoever may not list asks for two counts that differ by a few customers or by none, and cannot tell which; what is asked honestly is answered, and asked again answered the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.app.api.app import ROOT, build_api
from assistant.app.identity import CONSOLE, Desk
from assistant.app.mcp.tools import TOOLS
from assistant.app.view import as_json, notes, reply
from assistant.catalog.model import LANGUAGES, Language
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity
from assistant.rule.canonical import Json
from assistant.rule.tree import SegmentRule
from assistant.sql import compile
from assistant.store.change import Share
from assistant.store.open import open_store
from assistant.store.segments import node_of

ANALYST = Identity("wu", "analyst")
LISTER = Identity("li", "head_office_analyst")


@pytest.fixture
def bank(assistant: Assistant) -> Iterator[Assistant]:
    store = open_store()
    yield replace(assistant, kept=store, identity=ANALYST)
    store.close()


def counted(answer: Answer) -> int | None:
    """What is told of how many: None where it is not."""
    assert answer.outcome == "answered", answer.issues
    assert answer.facts is not None
    value = answer.facts["count"].value
    assert value is None or isinstance(value, int)
    return value


def customers(bank: Assistant, words: str) -> int:
    """How many there are: somebody who may list them is told."""
    found = counted(replace(bank, identity=LISTER).ask(words)[0])
    assert found is not None
    return found


@pytest.mark.parametrize("thresholds", [(50_000, 50_001), (50_000, 50_500), (50_000, 51_000), (20_000, 20_300), (100_000, 101_000)])
def test_two_counts_that_differ_by_few_or_none_are_not_both_told(bank: Assistant, thresholds: tuple[int, int]) -> None:
    one, other = (f"AUM大于{least}的客户" for least in thresholds)
    secret = customers(bank, one) - customers(bank, other)
    assert 0 <= secret < 20, "an attack"
    assert counted(bank.ask(one)[0]) == customers(bank, one)
    answer, _ = bank.ask(other)
    assert answer.facts is not None
    assert [fact.id for fact in answer.facts if fact.kind == "measured" and fact.value is not None] == ["base"]
    assert counted(bank.ask(one)[0]) == customers(bank, one), "what was told stays told"
    assert counted(bank.ask(other)[0]) is None, "and what was not, not"


@pytest.mark.parametrize(
    ("words", "near"), [("AUM大于{}元且年龄不大于95岁的客户", "zh"), ("customers with AUM above {} aged at most 95", "en")]
)
def test_what_is_withheld_is_said_in_one_whole_sentence(bank: Assistant, words: str, near: Language) -> None:
    for least in (50_000, 52_000):
        answer, _ = bank.ask(words.format(least), language=near)
    assert counted(answer) is None
    said = answer.narrative[near].text
    assert "（" not in said
    assert "(withheld" not in said
    assert said.startswith(("截至2026-09-24的人数和占比这次不显示", "How many match as of 2026-09-24"))


def test_it_cannot_be_told_whether_they_differ_by_few_or_by_none(bank: Assistant) -> None:
    for language in LANGUAGES:
        told = set()
        for least in (50_000.01, 52_000):
            fresh = replace(bank, kept=open_store())
            fresh.ask("AUM大于50000的客户")
            answer, _ = fresh.ask(f"AUM大于{least}的客户", language=language)
            told.add((reply(answer, language), notes(answer, language)))
        assert len(told) == 1
    assert customers(bank, "AUM大于50000.01的客户") == customers(bank, "AUM大于50000的客户") > customers(bank, "AUM大于52000的客户")


FIRST = "AUM大于20万的女客户或者年龄大于95岁的客户"
"""Told to the attacker; women with AUM above 200,000 differ from it by fewer than 20."""
ATTACKS = {
    "compare": ("男客户和AUM大于50500的客户比较", "AUM大于5万的客户", ("contrast.other_n", "contrast.either")),
    "its parts": ("AUM大于20万的客户和女客户比较", FIRST, ("contrast.both", "contrast.only")),
    "funnel": ("AUM大于50500的男客户", "AUM大于5万的客户", ("funnel.0.alone", "funnel.0.remaining", "funnel.1.without")),
    "funnel in English": ("male customers with AUM above 50,500", "AUM大于5万的客户", ("funnel.1.alone", "funnel.0.without")),
    "breakdown": ("AUM大于20万的客户按性别看", FIRST, ("breakdown.gender.F.n", "breakdown.gender.F.share")),
    "breakdown in English": ("customers with AUM above 200,000 by gender", FIRST, ("breakdown.gender.F.n", "breakdown.gender.F.share")),
    "hypothesis": (
        "女客户是不是都有房贷",
        "有房贷的女客户或者年龄大于95岁的客户",
        ("hypothesis.n", "hypothesis.share", "hypothesis.others"),
    ),
}


def told_beside(answer: Answer, facts: tuple[str, ...]) -> dict[str, object]:
    assert answer.outcome == "answered", answer.issues
    assert answer.facts is not None
    return {name: answer.facts[name].value for name in facts}


@pytest.mark.parametrize("face", ATTACKS)
def test_no_face_of_an_answer_tells_what_would_be_subtracted(bank: Assistant, face: str) -> None:
    words, before, facts = ATTACKS[face]
    everything = told_beside(replace(bank, kept=open_store()).ask(words)[0], facts)
    assert all(value is not None for value in everything.values()), "whoever asks nothing else is told"
    assert counted(bank.ask(before)[0]), "but not one who knows what to subtract"
    answer, _ = bank.ask(words)
    assert counted(answer), "the segment itself is another one"
    assert set(told_beside(answer, facts).values()) == {None}
    assert [issue.code for issue in answer.warnings if issue.code == "figures_too_near"]
    assert all(before in "".join(notes(answer, language)) for language in LANGUAGES)
    assert set(told_beside(bank.ask(words)[0], facts).values()) == {None}, "asked again it is told no more"
    lister = replace(bank, identity=replace(ANALYST, role="head_office_analyst"))
    assert told_beside(lister.ask(words)[0], facts) == everything, "whoever may list is told in any case"


def test_two_faces_of_one_answer_are_held_against_each_other(bank: Assistant) -> None:
    """A condition that is a row of the breakdown but for a few."""
    answer, _ = bank.ask("AUM在20万到50万之间的女客户，按AUM分段看")
    near, _ = replace(bank, kept=open_store()).ask("AUM在20万到50.5万之间的女客户，按AUM分段看")
    assert answer.facts is not None
    assert near.facts is not None
    assert answer.facts["breakdown.aum_bal.4.base"].value == answer.facts["funnel.0.alone"].value
    assert near.facts["funnel.0.alone"].value == customers(bank, "AUM在20万到50.5万之间的客户")
    assert near.facts["breakdown.aum_bal.4.base"].value is None


def test_a_size_that_is_proposed_is_held_against_what_was_told(bank: Assistant) -> None:
    bank.ask("AUM大于20.1万的客户")
    answer, _ = bank.ask("AUM大于10万的客户，要100人左右")
    alone, _ = replace(bank, kept=open_store()).ask("AUM大于10万的客户，要100人左右")
    assert answer.facts is not None
    assert alone.facts is not None
    points = [fact.id for fact in alone.facts if fact.id.startswith("size.0.") and fact.value is not None]
    secret = customers(bank, "AUM大于20.1万的客户")
    near = [one for one in points if abs(int(str(alone.facts[one].value)) - secret) < 20]
    assert near
    assert {answer.facts[one].value for one in near} == {None}
    assert any(answer.facts[one].value is not None for one in points), "the others are told"


def test_a_tracker_by_the_rest_of_the_bank_is_seen_through(bank: Assistant) -> None:
    """Everybody who is in T or sought, and everybody who is not in T or sought: together one more than the bank has for each who is sought."""
    assert counted(bank.ask("年龄大于40岁或者AUM在5万到5.5万之间的客户")[0])
    assert counted(bank.ask("年龄不大于40岁或者AUM在5万到5.5万之间的客户")[0]) is None
    assert counted(bank.ask("年龄不大于30岁或者AUM在5万到5.5万之间的客户")[0]), "what leaves many out between them is told"


def test_a_saved_segment_and_its_overlap_are_held_too(bank: Assistant) -> None:
    bank.ask(FIRST)
    _, talk = bank.ask("AUM大于20万的客户")
    saved, _ = bank.ask("保存为「甲组」", talk)
    assert saved.kept is not None, saved.issues
    _, talk = bank.ask("AUM大于10万的女客户")
    told, _ = bank.ask("保存为「乙组」", talk)
    assert told.kept is not None
    assert told.facts is not None
    overlaps = [number for number, one in enumerate(told.kept.overlaps) if one.segment.name == "甲组"]
    assert overlaps, "most of those who have much"
    assert {told.facts[f"overlap.{number}.share"].value for number in overlaps} == {None}


def test_counts_of_somebody_elses_segment_are_told_once_it_is_opened(bank: Assistant) -> None:
    lister = replace(bank, identity=LISTER)
    _, talk = lister.ask("AUM大于5万的客户")
    lister.ask("保存为「丙组」", talk)
    (segment,) = bank.kept.library(LISTER.user).segments
    lister.change_segment(Share(segment.id, True), "share")
    listed, _ = bank.ask("有哪些客群")
    assert listed.facts is not None
    assert listed.facts["kept.0.count"].value is None
    answer, _ = bank.ask("打开「丙组」")
    assert counted(answer) == customers(bank, "AUM大于5万的客户")
    assert counted(bank.ask("AUM大于5.05万的客户")[0]) is None
    assert counted(bank.ask("AUM大于5万的客户")[0]) == counted(answer), "by whatever name, they are the same customers"


def test_sizes_of_templates_and_purposes_are_held_too(bank: Assistant) -> None:
    rule, near = (bank.ask(f"AUM大于{least}的客户")[0].rule for least in (50_000, 50_500))
    assert rule is not None
    assert near is not None
    assert bank.sized({"near": near}, "stages")["size.near"].value is None
    assert bank.by_purpose(near)[1]["purposes.selected"].value is None
    assert bank.by_purpose(rule)[1]["purposes.selected"].value == customers(bank, "AUM大于5万的客户")


def test_what_a_session_was_told_cannot_be_subtracted(bank: Assistant) -> None:
    """A long session of one analyst, every face: of all numbers told in different answers no two are of sets that differ by fewer than the floor, or share out the bank but for so few."""
    talk = None
    for words in SESSION:
        answer, talk = bank.ask(words, talk if words.startswith(("再", "改", "按", "他们")) else None)
        assert answer.outcome in ("answered", "choice"), (words, answer.issues)
    rule = bank.ask("全部客户")[0].validated
    assert rule is not None
    told = [one for one in bank.kept.tell(ANALYST.user, (), 1, [(0, 10**9)]) if one.day == rule.as_of.isoformat()]
    assert len(told) > 60
    run = bank._run(rule.as_of, rule.today)
    sets = {}
    for one in told:
        ids = run.execute(compile.members(run.passed(SegmentRule(node=node_of(one.rule)), rule.as_of), run.engine.qualifier))
        sets[one.place] = frozenset(row[0] for row in ids.rows)
    everybody = len(sets[next(one.place for one in told if one.n == max(n.n or 0 for n in told))] | frozenset().union(*sets.values()))
    big = [one for one in told if len(sets[one.place]) >= 20]
    for one in told:
        assert len(sets[one.place]) == one.n, one.rule
    for number, one in enumerate(big):
        for other in big[:number]:
            apart = len(sets[one.place] ^ sets[other.place])
            if one.batch != other.batch:
                assert apart >= 20, (one.rule, other.rule)
                assert everybody - apart >= 20, (one.rule, other.rule)


SESSION = (
    "AUM大于5万的客户", "AUM大于5万的女客户，按分行看", "AUM大于5.05万的男客户", "男客户", "年龄大于40岁的客户按性别看", "女客户是不是都有房贷", "AUM大于5万的客户画像", "AUM大于10万的客户，要100人左右",
    "女客户和AUM大于5.05万的客户比较", "AUM大于1万的客户", "再加上年龄大于30岁", "改成1.01万", "按性别看", "AUM大于1万的客户和上月末比", "近30天手机银行登录大于3次的客户", "近30天手机银行登录大于2次的女客户",
)  # fmt: skip


def test_what_differs_by_many_is_told(bank: Assistant) -> None:
    for words in ("AUM大于5万的客户", "AUM大于10万的客户", "AUM大于5万的女客户"):
        assert counted(bank.ask(words)[0]) == customers(bank, words)


def test_refined_in_a_conversation_it_is_held_against_what_was_told_before(bank: Assistant) -> None:
    answer, talk = bank.ask("AUM大于50000的客户")
    assert counted(answer)
    answer, talk = bank.ask("改成5.2万", talk)
    assert counted(answer) is None
    answer, _ = bank.ask("保存为「近似」", talk)
    assert [issue.code for issue in answer.issues] == ["count_not_kept"]
    assert bank.kept.library(ANALYST.user).segments == ()


def options(answer: Answer) -> list[int | str | None]:
    """What is told of the options of an answer's questions, in their order; the reason where it is small itself."""
    assert answer.outcome == "choice", answer.issues
    counts = [option.count for asked in answer.questions for option in asked.options]
    return [f"<{one.floor}" if one.floor else None if one.suppressed else int(str(one.value)) for one in counts]


def test_options_are_counted_as_their_asker_would_be_told(bank: Assistant) -> None:
    for words, language in (("余额大于5万的客户", "zh"), ("customers with a balance over 50k", "en")):
        asked, talk = replace(bank, kept=open_store()).ask(words, language=language)
        listed, _ = replace(bank, identity=LISTER).ask(words, language=language)
        assert options(asked) == options(listed)
        assert len(set(options(asked))) > 1
        assert {option.shared for one in asked.questions for option in one.options} == {None}
        for number, told in enumerate(options(asked), start=1):
            assert counted(bank.ask(str(number), talk)[0]) == told


def test_an_option_too_near_to_what_was_told_is_withheld_with_its_reason(bank: Assistant) -> None:
    assert counted(bank.ask("AUM大于5.05万的客户")[0])
    for language in LANGUAGES:
        answer, _ = bank.ask("余额大于5万的客户", language=language)
        first, *others = options(answer)
        assert first is None
        assert all(isinstance(one, int) for one in others)
        assert [issue.code for issue in answer.warnings] == ["figures_too_near"]
        assert "AUM大于5.05万的客户" in "".join(notes(answer, language))


def test_options_that_differ_by_few_are_told_by_none_and_each_can_be_picked(bank: Assistant) -> None:
    listed, _ = replace(bank, identity=LISTER).ask("人民路支行的客户")
    every = options(listed)
    assert every[-1] == sum(int(str(one)) for one in every[:-1]), "all of them is the last option, and one of them is small"
    for language in LANGUAGES:
        answer, _ = bank.ask("人民路支行的客户", language=language)
        assert not any(isinstance(one, int) for one in options(answer))
        assert [issue.code for issue in answer.warnings] == ["options_too_near"]
        assert "20" in "".join(notes(answer, language))
    for place, n in enumerate(every, start=1):
        fresh = replace(bank, kept=open_store())
        _, talk = fresh.ask("人民路支行的客户")
        told = counted(fresh.ask(str(place), talk)[0])
        assert told == n or (told is None and int(str(n)) < 20)


@pytest.mark.parametrize(
    ("words", "language"), [("不是手机银行活跃的客户", "zh"), ("customers who are not active in mobile banking", "en")]
)
def test_other_readings_take_nothing_from_the_answer(bank: Assistant, words: str, language: Language) -> None:
    """They are counted after it."""
    alone, listed = (one.ask(words, language=language)[0] for one in (bank, replace(bank, identity=LISTER)))
    assert alone.alternatives
    assert counted(alone) == counted(listed)
    shown = [[option.count.value for option in asked.options] for asked in alone.alternatives]
    assert shown == [[option.count.value for option in asked.options] for asked in listed.alternatives]


def test_a_day_has_so_many_figures(bank: Assistant) -> None:
    policy = bank.catalog.policy.model_copy(update={"daily_figures": 4})
    narrow = replace(bank, catalog=replace(bank.catalog, policy=policy))
    assert counted(narrow.ask("AUM大于5万的女客户")[0]), "itself, two conditions, and who has no gender"
    for language in LANGUAGES:
        answer, _ = narrow.ask("年龄大于40岁的客户按性别看", language=language)
        assert (answer.outcome, [issue.code for issue in answer.issues]) == ("choice", ["figures_spent"])
        assert "4" in reply(answer, language)
    assert counted(narrow.ask("AUM大于5万的女客户")[0]), "what was told stays told"


def test_a_day_has_so_many_counts(bank: Assistant) -> None:
    policy = bank.catalog.policy.model_copy(update={"daily_counts": 2})
    narrow = replace(bank, catalog=replace(bank.catalog, policy=policy))
    requests = ("AUM大于5万的客户", "女客户", "年龄大于50岁的客户")
    for words in (*requests[:2], *requests[:2]):
        assert counted(narrow.ask(words)[0])
    for language in LANGUAGES:
        answer, _ = narrow.ask(requests[2], language=language)
        assert (answer.outcome, [issue.code for issue in answer.issues]) == ("choice", ["counts_spent"])
        assert "2" in reply(answer, language)
    assert counted(replace(narrow, identity=replace(ANALYST, user="chen")).ask(requests[2])[0]), "each has their own"
    for words in requests:
        assert counted(replace(narrow, identity=LISTER).ask(words)[0])


WIDE, NEAR = "AUM大于50000的客户", "AUM大于52000的客户"


def over(face: str, desk: Desk, headers: dict[str, str], words: str) -> dict[str, Json]:
    """The answer of one face, as its data: the HTTP API, by words and as a refinement (to NEAR); or MCP, by words, and by a rule."""
    assistant = desk.seen_by(desk.store.users.bearer(headers["Authorization"].split()[1]))
    if face == "mcp":
        return TOOLS["ask"].call({"text": words}, assistant, desk.store)
    if face == "mcp rule":
        node = as_json(desk.assistant.ask(words)[0])["rule"]["node"]
        return TOOLS["explain_count"].call({"node": node}, assistant, desk.store)
    body = {"text": words} if face == "api" else {"text": "降到5.2万", "turns": ["AUM大于100000的客户"]}
    return TestClient(build_api(desk, 1000)).post(f"{ROOT}/ask", json=body, headers=headers).json()


@pytest.mark.parametrize("first", ["api", "mcp", "mcp rule"])
@pytest.mark.parametrize("second", ["api", "api refined", "mcp", "mcp rule"])
def test_what_one_face_told_is_held_against_what_another_is_asked(assistant: Assistant, first: str, second: str) -> None:
    store = open_store()
    desk = Desk(replace(assistant, kept=store), store)
    store.users.add("root", "administrator", "correct horse battery", CONSOLE)
    store.users.add("wu", "analyst", "correct horse battery", "root")
    _, secret = store.users.issue("wu", ("ask",), timedelta(days=1), "root")
    headers = {"Authorization": f"Bearer {secret}"}
    assert 0 < customers(replace(assistant, kept=store), WIDE) - customers(replace(assistant, kept=store), NEAR) < 20, "an attack"
    assert isinstance(over(first, desk, headers, WIDE)["count"], int)
    told = over(second, desk, headers, NEAR)
    assert told["outcome"] == "answered", told
    assert not isinstance(told["count"], int), told["count"]
    funnel = told["funnel"]
    assert funnel is None or not any(isinstance(step[name], int) for step in funnel["steps"] for name in ("remaining", "alone", "without"))
    store.close()
