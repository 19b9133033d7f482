"""The grammar first, a linker for what it does not know: what nobody but a model vouches for is asked about, and a model that fails changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from assistant.interpret.ensemble import Ensemble, folded_link
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Question
from assistant.interpret.links import Link, Linked
from assistant.llm.chat import Failure
from tests.interpret.reading import AS_OF, TODAY, catalog, read, spells

CLUTCHING = "手里攥着基金又背着房贷的"
HOLD_FUNDS = Link("攥着基金", "持有基金")
BOTH = {"all": [{"tag": "fund_bal", "operator": ">", "value": 0}, {"tag": "mort_flag", "value": True}]}


@dataclass
class Scripted:
    """A linker that says what it is told to, call by call, and remembers what it was asked."""

    said: Sequence[tuple[Link, ...] | Failure]
    asked: list[tuple[str, tuple[str, ...], Linked | None]] = field(default_factory=list)

    def links(
        self, request: str, unread: Sequence[str], context: Context, seconds: float, before: Linked | None = None
    ) -> tuple[Link, ...] | Failure:
        assert seconds > 0
        self.asked.append((request, tuple(unread), before))
        return self.said[len(self.asked) - 1]


def interpret(text: str, linker: Scripted, choices: Mapping[str, int] | None = None, **changes: object) -> Interpretation:
    ensemble = replace(Ensemble(GrammarInterpreter(), linker), **changes)  # type: ignore[arg-type]
    return ensemble.interpret(text, Context(catalog(), AS_OF, TODAY, choices=choices or {}))


def question(found: Interpretation) -> Question:
    assert len(found.questions) == 1
    return found.questions[0]


def test_what_the_grammar_reads_costs_no_call() -> None:
    linker = Scripted([])
    assert interpret("有房贷的女客户", linker) == read("有房贷的女客户")
    assert not linker.asked


def test_words_a_model_links_are_a_question_with_its_reading_first() -> None:
    linker = Scripted([(HOLD_FUNDS,)])
    found = interpret(CLUTCHING, linker)
    asked = question(found)
    assert (asked.code, asked.always) == ("unread_meant", True)
    assert spells(asked.readings[0].rule, BOTH)
    assert asked.readings[1].label is None
    assert any(issue.code == "unread" for issue in found.issues)
    assert linker.asked == [(CLUTCHING, ("攥着基金",), None)]


def test_the_reading_taken_is_read_without_another_call_and_says_so() -> None:
    asked = question(interpret(CLUTCHING, Scripted([(HOLD_FUNDS,)])))
    found = interpret(CLUTCHING, Scripted([]), {asked.key: 0})
    assert spells(found.rule, BOTH)
    assert (found.by, found.issues, found.questions) == ("model", (), ())
    assert [(one.code, dict(one.params)) for one in found.assumptions] == [("read_as", {"words": "攥着基金", "meant": "持有基金"})]


def test_the_words_left_out_are_left_out() -> None:
    asked = question(interpret(CLUTCHING, Scripted([(HOLD_FUNDS,)])))
    found = interpret(CLUTCHING, Scripted([]), {asked.key: 1})
    assert spells(found.rule, {"tag": "mort_flag", "value": True})
    assert "ignored_words" in [one.code for one in found.assumptions]


def test_a_choice_of_these_words_holds_for_the_next_turns() -> None:
    asked = question(interpret(CLUTCHING, Scripted([(HOLD_FUNDS,)])))
    found = interpret("攥着基金的女客户", Scripted([]), {asked.key: 0})
    assert spells(found.rule, {"all": [{"tag": "fund_bal", "operator": ">", "value": 0}, {"tag": "gender", "value": ["F"]}]})


def test_approved_words_are_the_answer_and_are_stated() -> None:
    found = interpret(CLUTCHING, Scripted([(HOLD_FUNDS,)]), approved=frozenset({folded_link(HOLD_FUNDS)}))
    assert spells(found.rule, BOTH)
    assert not found.questions
    assert [one.code for one in found.assumptions] == ["read_as_approved"]


@pytest.mark.parametrize("link", [Link("攥着基金", "没有基金"), Link("攥着基金", "持有理财")])
def test_doubtful_links_are_asked_about_even_when_approved(link: Link) -> None:
    found = interpret(CLUTCHING, Scripted([(link,)]), approved=frozenset({folded_link(link)}))
    assert question(found).code == "unread_meant"


def test_a_spelling_the_grammar_knows_stands_before_a_guess_of_the_model() -> None:
    text = "近30天登路过手机银行的客户"
    by_itself = question(read(text))
    found = interpret(
        text, Scripted([(Link("登路过手机银行", "浏览理财专区"),), ()]), approved=frozenset({Link("登路过手机银行", "浏览理财专区")})
    )
    asked = question(found)
    assert [reading.by_model for reading in asked.readings] == [False, True, *(False for _ in by_itself.readings[1:])]
    assert (asked.readings[0], *asked.readings[2:]) == by_itself.readings
    for option, own in ((0, 0), *((number + 1, number) for number in range(1, len(by_itself.readings)))):
        taken = interpret(text, Scripted([]), {asked.key: option})
        assert taken == GrammarInterpreter().interpret(
            text, Context(catalog(), AS_OF, TODAY, choices={asked.key: option, by_itself.key: own})
        )
    assert interpret(text, Scripted([]), {asked.key: 1}).by == "model"


def test_a_spelling_that_the_model_reads_alike_is_the_answer_and_is_stated() -> None:
    text = "近30天登路过手机银行的客户"
    found = interpret(text, Scripted([(Link("登路过手机银行", "登录过手机银行"),)]))
    assert found.rule == read("近30天登录过手机银行的客户").rule
    assert not found.questions
    assert [(one.code, dict(one.params)) for one in found.assumptions if one.code.startswith("read")] == [
        ("read_as_by_both", {"words": "登路过手机银行", "meant": "登录过手机银行"})
    ]


def test_what_both_mend_alike_is_asked_about_where_words_stay_unread() -> None:
    text = "近30天登路过手机银行、攥着基金的客户"
    link = (Link("登路过手机银行", "登录过手机银行"),)
    assert question(interpret(text, Scripted([link, ()]))).code == "unread_meant"


def test_a_spelling_that_leaves_more_unread_stands_after_the_model() -> None:
    text = "近30天登路过手机银行、攥着基金的客户"
    by_itself = question(read(text))
    found = interpret(text, Scripted([(Link("登路过手机银行", "登录过手机银行"), HOLD_FUNDS)]))
    asked = question(found)
    assert by_itself.code == "unread_near"
    assert by_itself.params["left_0"]
    assert asked.readings[0].by_model
    assert asked.readings[1:] == by_itself.readings
    assert asked.params["left_1"] == by_itself.params["left_0"]
    assert "left_0" not in asked.params
    assert interpret(text, Scripted([]), {asked.key: 0}).by == "model"


def test_one_repair_and_no_more() -> None:
    wrong, right = (Link("攥着股票", "持有基金"),), (HOLD_FUNDS,)
    linker = Scripted([wrong, right])
    assert spells(question(interpret(CLUTCHING, linker)).readings[0].rule, BOTH)
    assert [before is None for _, _, before in linker.asked] == [True, False]
    assert linker.asked[1][2] is not None
    assert [one.fault for one in linker.asked[1][2].refused] == ["not_said"]
    hopeless = Scripted([wrong, wrong])
    assert interpret(CLUTCHING, hopeless) == read(CLUTCHING)
    assert len(hopeless.asked) == 2


def test_no_repair_when_the_time_is_up() -> None:
    ticks = iter((0.0, 19.5))
    linker = Scripted([(Link("攥着股票", "持有基金"),)])
    assert interpret(CLUTCHING, linker, seconds=20.0, clock=lambda: next(ticks)) == read(CLUTCHING)


def test_a_dead_model_is_a_warning_and_nothing_else() -> None:
    found = interpret(CLUTCHING, Scripted([Failure("timeout")]))
    assert [(one.code, one.params["reason"]) for one in found.warnings] == [("model_unavailable", "timeout")]
    assert replace(found, warnings=()) == read(CLUTCHING)


@pytest.mark.parametrize(
    "said",
    [
        (),
        (Link("", ""),),
        (Link("背着房贷", "有经营贷"),),
        (Link("攥着基金", "'; DROP TABLE customers; --"),),
        (Link("攥着基金", "按分行看"),),
    ],
)
def test_a_model_that_is_no_help_leaves_all_as_it_was(said: tuple[Link, ...]) -> None:
    assert interpret(CLUTCHING, Scripted([said, said])) == read(CLUTCHING)


# comparing the two readings of what the grammar reads wholly


def test_two_readings_that_agree_are_read_by_both() -> None:
    found = interpret("有房贷的女客户", Scripted([(Link("有房贷", "有按揭"), Link("女客户", "女性"))]), compare=True)
    assert found.by == "both"
    assert found.rule == read("有房贷的女客户").rule


def test_two_readings_that_differ_are_a_question_with_both() -> None:
    text, other = "有房贷的女客户", Link("女客户", "男客户")
    found = interpret(text, Scripted([(other,)]), compare=True)
    asked = question(found)
    assert asked.code == "readings_differ"
    assert asked.readings[0].rule == found.rule == read(text).rule
    assert spells(
        interpret(text, Scripted([]), {asked.key: 1}, compare=True).rule,
        {"all": [{"tag": "mort_flag", "value": True}, {"tag": "gender", "value": ["M"]}]},
    )
    assert interpret(text, Scripted([]), {asked.key: 0}, compare=True).rule == read(text).rule


def test_a_reading_that_breaks_the_law_neither_agrees_nor_differs() -> None:
    text = "活期存款超过5万的"
    found = interpret(text, Scripted([(Link("活期存款超过5万", "活期存款超过50万"),)]), compare=True)
    assert found == read(text)


@pytest.mark.parametrize("key", ["meant:", "meant:[]", "meant:{}", 'meant:[["a"]]', "meant:[[1, 2]]", "meant:[", "either:null"])
def test_a_choice_with_a_key_that_is_none_of_ours_is_nothing(key: str) -> None:
    assert interpret("有房贷的女客户", Scripted([]), {key: 0}).rule == read("有房贷的女客户").rule


def test_a_size_is_measured_before_a_linker_is_asked() -> None:
    linker = Scripted([])
    found = interpret("大额活期又攥着基金的", linker)
    assert found.measures
    assert not linker.asked
