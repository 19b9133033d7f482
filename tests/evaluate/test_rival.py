"""A model that writes SQL: what it is shown, and that what it writes is only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event

import pytest

from assistant.app.build import build_assistant
from assistant.catalog.examples import load_examples
from assistant.catalog.load import data_room
from assistant.engines.duckdb import DuckDBEngine
from assistant.evaluate.rival import SqlWriter, Written, described, load_sql_examples
from assistant.interpret.model import ModelLinker
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.prompts import load_prompts
from assistant.pipeline import Assistant
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from assistant.settings import Settings
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule
from tests.app.conftest import bank_file, settings

__all__ = ["bank_file", "settings"]


@dataclass
class FakeChat:
    """A chat that answers every prompt alike, and keeps what it was asked."""

    outcome: Reply | Failure
    asked: list[Prompt] = field(default_factory=list)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.asked.append(prompt)
        return self.outcome


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return build_assistant(settings)


def validated(assistant: Assistant, short: Mapping[str, object]) -> ValidatedRule:
    today = assistant.engine.as_of + timedelta(days=1)
    rule = SegmentRule(node=node_from_short(short))
    verdict = validate(rule, assistant.catalog, assistant.identity, assistant.engine.as_of, today, assistant.snapshots)
    assert isinstance(verdict, ValidatedRule)
    return verdict


@pytest.fixture(scope="module")
def writer(assistant: Assistant) -> SqlWriter:
    assert isinstance(assistant.engine, DuckDBEngine)
    everyone = validated(assistant, {"all": []})
    prompt = load_prompts(data_room("eval") / "prompts")["sql"]
    return SqlWriter(FakeChat(Failure("timeout")), assistant.catalog, assistant.engine, everyone, prompt, load_sql_examples())


def says(writer: SqlWriter, text: str) -> Written:
    return replace(writer, chat=FakeChat(Reply(text))).answer("有房贷的客户")


def test_every_worked_example_finds_the_customers_of_its_verified_rule(writer: SqlWriter, assistant: Assistant) -> None:
    examples = {one.request: one for one in load_examples()}
    assert {one.request for one in load_sql_examples()} <= set(examples)
    assert len(load_sql_examples()) == ModelLinker(FakeChat(Failure("timeout")), {}).shown, "as many as a linker is shown"
    for one in load_sql_examples():
        assert one.sql in [shown for _, shown in writer.prompt("有房贷的客户").examples]
        assert says(writer, one.sql).customers == frozenset(assistant.members(validated(assistant, examples[one.request].rule)))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT c.one_id FROM customers c WHERE c.mort_flag",
        "```sql\nSELECT one_id FROM customers WHERE mort_flag;\n```",
        "WITH m AS (SELECT one_id FROM customers WHERE mort_flag) SELECT one_id FROM m UNION SELECT one_id FROM m",
    ],
)
def test_a_query_is_run_over_the_base_population_at_the_last_snapshot(text: str, writer: SqlWriter, assistant: Assistant) -> None:
    found = says(writer, text)
    assert found.said == "customers"
    assert found.customers == frozenset(assistant.members(validated(assistant, {"tag": "mort_flag", "value": True})))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("QUESTION: which branch?", "question"),
        ("I cannot answer that", "no_query"),
        ("DROP TABLE tags", "no_query"),
        ("SELECT one_id FROM customers; DELETE FROM tags", "no_query"),
        ("SELECT one_id FROM read_csv('/etc/passwd')", "no_query"),
        ("SELECT one_id FROM '/etc/passwd'", "no_query"),
        ("SELECT getenv('HOME') AS one_id", "no_query"),
        ("SELECT one_id FROM information_schema.tables", "no_query"),
        ("COPY customers TO 'all.csv'", "no_query"),
        ("SELECT one_id FROM customers WHERE no_such_column", "not_run"),
        ("SELECT count(*) FROM customers", "not_run"),
    ],
)
def test_what_is_no_query_that_reads_customers_is_not_run(text: str, said: str, writer: SqlWriter) -> None:
    found = says(writer, text)
    assert (found.said, found.customers) == (said, frozenset())


def test_a_model_that_does_not_answer_is_a_failure(writer: SqlWriter) -> None:
    assert writer.answer("有房贷的客户") == Written("failed", text="timeout")


def test_a_prompt_shows_columns_codes_and_the_units_named(writer: SqlWriter) -> None:
    prompt = writer.prompt("上海分行有房贷的客户")
    assert "customers.mort_flag boolean" in prompt.user
    assert "上海分行" in prompt.user
    assert "home_org IN ('31" in prompt.user
    assert prompt.user.rstrip().endswith("<request>上海分行有房贷的客户</request>")
    lines = list(described(writer.catalog, ["zone_view", "gender", "elder"], "en"))
    assert any(line.startswith("- record_zone_view(one_id bigint, day date, ") for line in lines)
    assert any(line.startswith("- record_zone_view.zone: ") and "'insurance' " in line for line in lines)
    assert any(line.startswith("- customers.gender varchar: ") and "'F' " in line for line in lines)
