"""The mutation exam: what the product does with right and wrong answers of a model, on a few cases."""

from __future__ import annotations

from dataclasses import replace

from assistant.evaluate.alone import LinkerAlone
from assistant.evaluate.cases import Case, Theme
from assistant.evaluate.mutation import ARMS, MutationReport, Outcome, ScriptedChat, run_mutation
from assistant.interpret.interpretation import Context, Interpreter
from assistant.interpret.links import Link
from assistant.interpret.model import ModelLinker
from assistant.llm.prompts import load_prompts
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import AS_OF, TODAY, catalog, read, spells

CONTEXT = Context(catalog(), AS_OF, TODAY)
MORTGAGE = {"tag": "mort_flag", "value": True}
THEMES = (
    Theme(
        theme="few",
        cases=(
            Case(id="few-women", zh="有房贷的女客户", rule={"all": [MORTGAGE, {"tag": "gender", "value": ["F"]}]}),
            Case(id="few-amount", zh="活期存款超过5万的客户", rule={"tag": "dep_demand_bal", "operator": ">", "value": 50000}),
            Case(id="few-misread", zh="有房贷的客户", rule={"tag": "gender", "value": ["F"]}),
        ),
    ),
)


def settle(interpreter: Interpreter, text: str, expected: SegmentRule) -> Outcome:
    return "wrong"


def report() -> MutationReport:
    return run_mutation(THEMES, CONTEXT, settle, 2400, 0)


def test_the_exam_is_made_of_the_requests_read_right_and_is_the_same_for_a_seed() -> None:
    found = report()
    assert found.requests == 2
    assert found == report()
    assert {one.trial.case for one in found.judged} == {"few/few-women", "few/few-amount"}


def test_with_the_grammars_reading_nothing_wrong_is_answered_and_nothing_right_held_up() -> None:
    found = report()
    for arm in ("with", "withheld"):
        assert found.of(arm)[0] == found.of(arm)[1] > 20
        assert found.alarms(arm) == (0, 2)


def test_words_nobody_knows_are_always_asked_about_since_the_checks_alone_would_believe_another_value() -> None:
    found = report()
    assert found.outcomes("unknown") == {"asked": found.of("unknown")[1]}
    believed = [one for one in found.judged if one.arm == "at_once" and one.outcome == "wrong"]
    assert any(one.trial.fault == "enum" and one.trial.form == "word" for one in believed)
    assert found.of("at_once", "value") == found.of("unknown", "value")


def test_every_arm_has_every_answer() -> None:
    found = report()
    counts = {arm: found.of(arm)[1] for arm in ARMS}
    assert counts["with"] == counts["withheld"]
    assert counts["unknown"] == counts["at_once"]


def alone(*links: Link, own_words: bool = False) -> LinkerAlone:
    return LinkerAlone(ModelLinker(ScriptedChat(links), load_prompts()), own_words=own_words)


def test_a_linker_alone_is_believed_unless_a_check_finds_a_doubt() -> None:
    right = alone(Link("房贷", "房贷"), Link("女客户", "女客户"))
    assert right.interpret("有房贷的女客户", CONTEXT).rule == read("有房贷的女客户").rule
    assert [one.code for one in alone(Link("房贷", "房贷")).interpret("有房贷的女客户", CONTEXT).issues] == ["unread"]
    doubted = alone(Link("房贷", "房贷"), Link("女客户", "男客户")).interpret("有房贷的女客户", CONTEXT)
    assert [one.code for one in doubted.questions] == ["unread_meant"]
    assert spells(replace(right, own_words=True).interpret("有房贷的", CONTEXT).rule, MORTGAGE)
