"""Every code that any reader, gate or step can emit has words in both languages, and what is asked in earnest comes out without a blank."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from assistant.app.view import assumptions
from assistant.app.words import assumption_text, error_words, issue_text, option_labels, question_text, sample_requests
from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import Issue, Severity
from assistant.interpret.interpretation import Conversation
from assistant.llm.chat import FailureCode
from assistant.narrate.messages import has_message
from assistant.pipeline import Answer, Assistant

PACKAGE = Path(__file__).resolve().parents[2] / "assistant"
MADE_BY_FIRST_ARGUMENT = {
    "Issue": "issue",
    "Denial": "error",
    "Assumption": "issue",
    "UserError": "error",
    "_refuse": "issue",
    "_ask": "issue",
    "assume": "issue",
}
CODE_NAMES = ("doubt", "assumed", "assumption")


def texts(node: ast.AST | None) -> Iterator[str]:
    """The string constants a value can be: itself, either side of an if, any side of an or."""
    match node:
        case ast.Constant(value=str() as value):
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts(body)
            yield from texts(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from texts(value)
        case ast.Tuple(elts=values):
            for value in values:
                yield from texts(value)


def emitted() -> Iterator[tuple[str, str, str]]:
    """(section, code, file) of every code written in the source."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
                )
                if function in MADE_BY_FIRST_ARGUMENT and node.args:
                    yield from ((MADE_BY_FIRST_ARGUMENT[function], code, name) for code in texts(node.args[0]))
                if function == "choose" and len(node.args) > 2:
                    yield from (("issue", code, name) for code in texts(node.args[2]))
                for keyword in node.keywords:
                    if keyword.arg in CODE_NAMES or (keyword.arg == "code" and function == "Question"):
                        yield from (("issue", code, name) for code in texts(keyword.value))
            if name.startswith("language/") and isinstance(node, ast.BoolOp) and "doubt" in ast.unparse(node.values[0]):
                yield from (("issue", code, name) for code in texts(node))
            if name.startswith("language/") and isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any("doubt" in ast.unparse(target) or "assumption" in ast.unparse(target) for target in targets):
                    yield from (("issue", code, name) for code in texts(node.value) if "_" in code)


def test_codes_are_found_in_the_source() -> None:
    found = {code for _, code, _ in emitted()}
    assert {"unread", "default_window", "ambiguous_word", "window_empty", "about_ten_percent", "range_descends", "demo_missing"} <= found
    assert {"third_of_month", "first_units_of_year"} <= found


def test_every_code_has_words() -> None:
    missing = {
        (code, file) for section, code, file in emitted() if not has_message(f"{section}.{code}") and not has_message(f"issue.{code}")
    }
    assert not missing


SAID = (
    "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户",
    "active app users with >50k demand deposits who browsed wealth pages",
    "近期登录过的客户", "AUM大约5万的客户", "AUM5万出头的", "AUM近5万", "AUM5万多", "AUM十几万", "AUM百万级", "上百万AUM",
    "AUM大于5万美元", "年龄大于3000岁的客户", "人民路支行的客户", "余额大于5万", "有按揭或有信用卡且AUM大于50万的客户",
    "90天未登录手机银行的客户", "不活跃的客户", "从未买过基金的客户", "在他行有理财的客户", "本月登录过的客户", "2020年1月登录过的客户",
    "导出名单", "帮我写一首诗", "", "撤销", "AUM从20到5万的客户", "单笔转出大于5万的", "转出5万以上的客户", "金卡以下的客户",
    "customers about 50k AUM", "AUM 50k more or less than 100k", "gold or below", "export the list", "customers with no credit card",
    "age under 30 or over 60 and with a mortgage", "x" * 2500, "<b>{0}</b> {words} AUM大于5万",
)  # fmt: skip


def answers(assistant: Assistant) -> Iterator[Answer]:
    conversation = Conversation()
    for text in SAID:
        answer, _ = assistant.ask(text)
        yield answer
    for text in (
        "AUM大于5万的上海分行客户",
        "提到10万",
        "去掉白金卡",
        "近60天",
        "收紧一点",
        "去掉上海",
        "年龄大于30",
        "恢复",
        "重来",
        "理财有什么标签",
        "手机银行活跃是什么意思",
    ):
        answer, conversation = assistant.ask(text, conversation)
        yield answer


def test_what_is_said_has_no_blank_and_no_code(assistant: Assistant) -> None:
    seen: set[str] = set()
    for answer in answers(assistant):
        for language in LANGUAGES:
            said = [(issue.code, issue_text(issue, answer, language)) for issue in (*answer.issues, *answer.warnings)]
            said += [(one.code, assumption_text(one, answer, language)) for one in answer.assumptions]
            said += [(asked.question.code, question_text(asked.question, answer, language)) for asked in answer.questions]
            for asked in (*answer.questions, *answer.alternatives):
                labels = option_labels(asked, answer, language)
                assert len(set(labels)) == len(labels), (answer.text, labels)
                said += [("option", label) for label in labels]
            for code, sentence in said:
                seen.add(code)
                where = (answer.text[:40], code, language, sentence)
                assert sentence.strip(), where
                for blank in ("“”", "（）", "()", "  ", "，，"):
                    assert blank not in sentence, where
                if code not in ("unread", "option") and "{" not in answer.text:
                    assert "{" not in sentence, where
                assert not (code in sentence and "_" in code), where
    assert {"unread", "default_window", "concept_used", "ambiguous_branch", "empty_request", "too_long", "request_not_built"} <= seen


def test_an_unknown_code_is_told_as_a_fault_with_its_reference(assistant: Assistant) -> None:
    answer, _ = assistant.ask("AUM大于5万")
    for language in LANGUAGES:
        assert answer.request_id in issue_text(Issue("never_heard_of", Severity.ASK), answer, language)
        assert "abc123" in error_words("never_heard_of", {}, language, "abc123")


def test_samples_are_answered(assistant: Assistant) -> None:
    for language in LANGUAGES:
        for text in sample_requests(language):
            answer, _ = assistant.ask(text)
            assert answer.outcome == "answered", (
                text,
                [issue.code for issue in answer.issues],
                [one.question.code for one in answer.questions],
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_user_error_names_what_it_is_about(language: str) -> None:
    assert "/no/where" in error_words("demo_missing", {"path": "/no/where"}, "zh" if language == "zh" else "en")


def test_leaving_words_out_is_offered_only_where_there_is_a_rule_without_them(assistant: Assistant) -> None:
    nothing_else, _ = assistant.ask("养宠物的客户", Conversation())
    assert not nothing_else.questions
    assert "不考虑" not in "".join(issue_text(issue, nothing_else, "zh") for issue in nothing_else.issues)
    beside, _ = assistant.ask("养宠物的白金客户", Conversation())
    put = [asked.question for asked in beside.questions if asked.question.code == "unread"]
    assert put
    assert "不考虑" in question_text(put[0], beside, "zh")
    assert "leave these words out" in question_text(put[0], beside, "en")


def test_every_failure_of_a_model_has_words() -> None:
    assert all(has_message(f"model_failure.{code}") for code in get_args(FailureCode))


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("which branch lost the most gold customers since last month", "en", "“lost” has more than one meaning"),
        ("哪里的流失金卡客户嘎嘎最多", "zh", "“流失”有不止一种口径"),
    ],
)
def test_a_word_that_is_not_asked_about_yet_is_said_to_be_read_as_its_first_meaning(
    assistant: Assistant, text: str, language: Language, word: str
) -> None:
    answer, _ = assistant.ask(text, Conversation())
    assert answer.outcome == "choice"
    asked = any(word in question_text(one.question, answer, language) for one in answer.questions)
    assert asked or any(word in line for line in assumptions(answer, language))


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("对比女性客户和老客户", "zh", "“老客户”按目录口径：开户日期在366天前"),
        ("compare women with long-standing customers", "en", "366 days"),
    ],
)
def test_the_definition_of_a_concept_of_the_other_side_is_the_one_that_was_used(
    assistant: Assistant, text: str, language: Language, said: str
) -> None:
    answer, _ = assistant.ask(text, Conversation())
    assert any(said in line for line in assumptions(answer, language)), assumptions(answer, language)
