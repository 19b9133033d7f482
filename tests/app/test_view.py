"""One shape on the wire, the same words in every face, numbers from Facts alone, and nothing typed becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.app.insights.table import grids
from assistant.app.shown import figure, number
from assistant.app.view import (
    as_html,
    as_json,
    as_markdown,
    as_text,
    count_words,
    doubt_lines,
    error_exit,
    error_json,
    exit_code,
    funnel_grid,
    outcome_title,
    reply,
    rule_json,
)
from assistant.catalog.model import LANGUAGES
from assistant.errors import Fault, UserError
from assistant.facts import Fact
from assistant.insight.breakdown import Breakdown
from assistant.insight.requested import those
from assistant.interpret.interpretation import Conversation
from assistant.narrate.render import render
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity
from assistant.rule.canonical import canonical
from assistant.rule.tree import SegmentRule

REQUEST_A = "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户"
WIRE = {
    "schema_version", "outcome", "as_of", "today", "tags_as_of", "catalog", "rule", "readback", "ledger", "assumptions", "questions", "count", "base",
    "funnel", "breakdown", "persona", "compare", "sql", "warnings", "narrative", "by", "ms",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) $$x^2$$ **b** `c` <img src=x onerror=alert(1)> AUM大于5万"


def asked(assistant: Assistant, *turns: str) -> Answer:
    conversation = Conversation()
    answer, conversation = assistant.ask(turns[0], conversation)
    for turn in turns[1:]:
        answer, conversation = assistant.ask(turn, conversation)
    return answer


def test_the_wire_has_every_field_and_is_json(assistant: Assistant) -> None:
    answer = asked(assistant, REQUEST_A)
    found = as_json(answer)
    assert set(found) >= WIRE
    assert found["schema_version"] == 1
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    assert answer.facts is not None
    assert found["count"] == answer.facts["count"].value
    assert found["base"] == answer.facts["base"].value
    assert found["readback"] == {"zh": found["readback"]["zh"], "en": found["readback"]["en"]}  # type: ignore[index,call-overload]
    assert found["compare"] is None
    assert found["breakdown"] is None
    assert found["persona"] is None


def test_the_rule_on_the_wire_is_canonical_and_can_be_read_again(assistant: Assistant) -> None:
    answer = asked(assistant, REQUEST_A)
    assert answer.rule is not None
    wire = rule_json(answer.rule)
    again = SegmentRule.model_validate(wire)
    assert again.node == canonical(answer.rule.node)
    assert "said" not in json.dumps(wire)


def test_the_ledger_is_the_request(assistant: Assistant) -> None:
    found = as_json(asked(assistant, REQUEST_A))["ledger"]
    assert isinstance(found, list)
    assert "".join(str(one["words"]) for one in found if isinstance(one, dict)) == REQUEST_A


def test_a_question_has_options_with_counts_and_overlap(assistant: Assistant) -> None:
    answer = asked(assistant, "人民路支行的客户")
    assert answer.outcome == "choice"
    found = as_json(answer)
    assert found["count"] is None
    assert found["base"] is None
    questions = found["questions"]
    assert isinstance(questions, list)
    question = questions[0]
    assert isinstance(question, dict)
    options = question["options"]
    assert isinstance(options, list)
    assert len(options) >= 2
    for place, option in enumerate(options):
        assert isinstance(option, dict)
        assert set(option) == {"label", "rule", "count", "overlap"}
        assert isinstance(option["count"], int)
        assert (option["overlap"] is None) == (place == 0)
    for language in LANGUAGES:
        assert "1. " in as_text(answer, language)
        assert "--choose" in as_text(answer, language)
        assert "--choose" not in as_html(answer, language)


@pytest.mark.parametrize(("outcome", "code"), [("answered", 0), ("choice", 3), ("inexpressible", 4), ("forbidden", 5), ("fault", 6)])
def test_exit_codes(outcome: str, code: int, assistant: Assistant) -> None:
    answer = replace(asked(assistant, REQUEST_A), outcome=outcome)  # type: ignore[arg-type]
    assert exit_code(answer.outcome) == code


def test_errors_have_one_shape() -> None:
    assert error_exit(UserError("demo_missing", path="x")) == 2
    assert error_exit(Fault("engine_failed")) == 6
    found = error_json(UserError("demo_missing", path="/no/where"))
    assert found["error"] == "demo_missing"
    assert "/no/where" in json.dumps(found, ensure_ascii=False)


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,]*\.?\d*%?", text))


def test_every_number_of_the_tables_is_a_fact(assistant: Assistant) -> None:
    answer = asked(assistant, REQUEST_A, "按分行看有多少")
    assert answer.facts is not None
    for language in LANGUAGES:
        known: set[str] = set()
        for fact in answer.facts:
            known |= numbers(render(fact, language)) | numbers(figure(fact, language))
        for grid in (funnel_grid(answer, language), *grids(answer, language)):
            assert grid is not None
            for row in grid.rows:
                for column in grid.numeric:
                    assert numbers(row[column]) <= known, row
        counted = count_words(answer, language)
        assert counted is not None
        assert numbers(counted[0]) <= known


def test_hidden_numbers_stay_hidden() -> None:
    hidden = Fact("count", None, "customers", suppressed=True, floor=20)
    withheld = Fact("share", None, "share", suppressed=True)
    assert number(hidden) == {"fewer_than": 20}
    assert number(withheld) == {"withheld": True}
    assert "20" in figure(hidden, "zh")
    assert number(Fact("x", Decimal("0.125"), "share")) == "0.125"


def test_small_counts_are_hidden_from_those_who_may_not_list(assistant: Assistant) -> None:
    bound = replace(assistant, identity=Identity(role="analyst"))
    answer, _ = bound.ask(f"{REQUEST_A[:-3]}的上海分行客户")
    assert answer.count is not None
    if 0 < answer.count.n < 20:
        assert as_json(answer)["count"] == {"fewer_than": 20}
        assert str(answer.count.n) not in (count_words(answer, "zh") or ("",))[0].replace("20", "")


def test_small_rows_of_a_breakdown_are_named_and_not_numbered(assistant: Assistant) -> None:
    exact = asked(assistant, "AUM大于5万的客户", "按支行看有多少")
    assert not grids(exact, "zh")[0].note
    answer = asked(replace(assistant, identity=Identity("someone", "analyst")), "AUM大于5万的客户", "按支行看有多少")
    grid = grids(answer, "zh")[0]
    hidden = [row for row in those(answer.insights, Breakdown)[0].rows if 0 < row.n < 20]
    assert bool(hidden) == bool(grid.note)
    assert len(grid.rows) + len(hidden) <= sum(1 for row in those(answer.insights, Breakdown)[0].rows if row.n)


def test_nothing_typed_becomes_markup(assistant: Assistant) -> None:
    answer = asked(assistant, HOSTILE)
    for language in LANGUAGES:
        html = as_html(answer, language)
        assert "<script" not in html
        assert "<img" not in html
        markdown = as_markdown(answer, language)
        assert "<script" not in markdown
        assert "](javascript" not in markdown
        assert "**b**" not in markdown
        assert "$$" not in markdown.replace("\\$", "")


def test_a_terminal_gets_no_control_characters(assistant: Assistant) -> None:
    answer = asked(assistant, "AUM大于5万 \x1b[31mred\x07 \u202e哈哈")
    text = as_text(answer, "zh")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_a_fault_gives_a_reference_and_nothing_else(assistant: Assistant) -> None:
    answer = replace(asked(assistant, REQUEST_A), outcome="fault", error="guard_refused")
    for language in LANGUAGES:
        assert answer.request_id in reply(answer, language)
        assert "guard" not in reply(answer, language)


def test_sql_is_shown_when_asked_for(assistant: Assistant) -> None:
    answer = asked(assistant, "AUM大于5万的客户")
    assert "SELECT" in as_text(answer, "en", sql=True)
    assert "SELECT" not in as_text(answer, "en")


def test_explaining_a_word_is_answered_in_words(assistant: Assistant) -> None:
    answer = asked(assistant, "手机银行活跃是什么意思")
    assert answer.outcome == "answered"
    assert answer.catalog.concepts["mobile_active"].definition.zh in reply(answer, "zh")
    assert as_json(answer)["count"] is None


def test_an_edit_shows_what_changed_and_both_counts(assistant: Assistant) -> None:
    before = asked(assistant, "上海分行活期5万以上的客户")
    after = asked(assistant, "上海分行活期5万以上的客户", "活期提到10万", "有多少")
    assert as_json(after)["change"] is None, "only an edit changes"
    answer = asked(assistant, "上海分行活期5万以上的客户", "活期提到10万")
    found = as_json(answer)["change"]
    assert isinstance(found, dict)
    assert (found["before"], found["after"]) == (as_json(before)["count"], as_json(after)["count"])
    assert (found["entered"], found["both"]) == (0, found["after"])
    assert [one["kind"] for one in found["conditions"]] == ["changed"]  # type: ignore[index,union-attr,call-overload]
    for language, old, new in (("zh", "5万元", "10万元"), ("en", "50,000", "100,000")):
        counts = [f"{found[name]:,}" for name in ("before", "after")]
        told = answer.narrative[language].text  # type: ignore[index]
        for shown in (told, as_text(answer, language), as_html(answer, language), as_markdown(answer, language).replace("\\", "")):  # type: ignore[arg-type]
            assert all(words in shown for words in (*counts, old, new)), shown


def test_a_step_that_cannot_be_taken_is_a_notice_and_no_question(assistant: Assistant) -> None:
    for turns in (("撤销",), ("恢复",), ("AUM大于5万的客户", "重来"), ("AUM大于5万的客户", "撤销"), ("AUM大于5万的客户", "恢复")):
        answer = asked(assistant, *turns)
        assert answer.outcome == "choice"
        assert outcome_title(answer, "zh") == "提示"
    assert outcome_title(asked(assistant, "人民路支行的客户"), "zh") == "需要您确认"


def test_how_far_missing_values_leave_a_count_open_stands_beside_it_in_every_face(assistant: Assistant) -> None:
    answer = asked(assistant, "触达渠道偏好为App推送的客户")
    assert answer.facts is not None
    low, high = (answer.facts[f"bounds.{name}"].value for name in ("low", "high"))
    found = as_json(answer)["reliability"]
    assert isinstance(found, dict)
    assert (found["low"], found["high"], found["stale"]) == (low, high, [])
    assert low == as_json(answer)["count"]
    assert isinstance(high, int)
    assert isinstance(low, int)
    assert high - low == answer.facts["unknown.reach_pref"].value
    for language in LANGUAGES:
        (line,) = doubt_lines(answer, language)
        assert f"{high:,}" in line
        assert line in as_text(answer, language)
        assert line in as_html(answer, language)
        assert f"{high:,}" in as_markdown(answer, language)
    assert as_json(asked(assistant, "手机银行签约客户"))["reliability"] is None


@pytest.mark.parametrize(
    ("turns", "definition"),
    [(("代发客户", "口径是什么"), "代发工资客户："), (("payroll customers", "how was this counted"), "Payroll customer: ")],
)
def test_what_a_count_rests_on_is_told_with_its_days_and_definitions(assistant: Assistant, turns: tuple[str, ...], definition: str) -> None:
    answer = asked(assistant, *turns)
    language = answer.language
    counted = count_words(answer, language)
    assert answer.outcome == "answered"
    assert answer.explained == ("payroll_flag",)
    assert counted is not None
    assert answer.as_of.isoformat() in counted[2]
    assert definition in reply(answer, language)
    assert "SQL" in reply(answer, language)
