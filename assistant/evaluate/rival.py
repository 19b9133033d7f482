"""A model that writes SQL itself, the usual way, to be measured against. Law: it is given the same elements of the catalog as the linker, with what a query needs besides, and as many worked examples;
what it writes is vetted read-only and run as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.catalog.load import TagCatalog, data_room
from assistant.catalog.model import Concept, Language, Property, RecordSet, Tag
from assistant.catalog.retrieval import retriever_of
from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault, UserError
from assistant.language.text import detect, normalise
from assistant.llm.chat import Chat, Failure, Prompt
from assistant.llm.prompts import PromptFile
from assistant.rule.window import Frozen
from assistant.sql.compile import members
from assistant.sql.guard import guard
from assistant.sql.query import GuardedQuery
from assistant.sql.written import CUSTOMERS, vet_written
from assistant.validation.verdict import ValidatedRule

EXAMPLES = "sql_examples.yaml"
MOST_VALUES = 24
_MOST_UNITS = 60
_FENCE = re.compile(r"```(?:sql)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
_DATES = {"past": "", "future": " (to come)", "yearly": " (month and day)"}
_NULLS = {
    "zero": "; NULL means 0",
    "false": "; NULL means no",
    "unknown": "; NULL means unknown",
    "none": "; NULL means none",
    "never_null": "",
}

Said = Literal["customers", "question", "no_query", "not_run", "failed"]
"""What came of a request. question: the model asked; no_query: its text is no query that only reads; not_run: the engine refused it or ran out of time; failed: the model did not answer."""


class SqlExample(Frozen):
    """A worked example: what is asked, the elements shown with it, and its query."""

    request: str
    codes: tuple[str, ...]
    sql: str


_EXAMPLES = TypeAdapter(tuple[SqlExample, ...])


def load_sql_examples(path: Path | None = None) -> tuple[SqlExample, ...]:
    """The worked examples of a file (None: the project's). UserError `case_file`."""
    place = path or data_room("eval") / EXAMPLES
    try:
        return _EXAMPLES.validate_python(yaml.load(place.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise UserError("case_file", file=place.name, fault=str(error)) from error


@dataclass(frozen=True, slots=True)
class Written:
    """A request answered by a model's own SQL: the customers where it ran, and its text."""

    said: Said
    customers: frozenset[int] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class SqlWriter:
    """A model that writes SQL over the demo bank. `everyone`: the base population, listed; `elements`: how many catalog elements are shown."""

    chat: Chat
    catalog: TagCatalog
    engine: DuckDBEngine
    everyone: ValidatedRule
    prompt_file: PromptFile
    examples: tuple[SqlExample, ...]
    elements: int = 14
    seconds: float = 60.0

    def answer(self, request: str) -> Written:
        """The customers of what the model writes for a request."""
        outcome = self.chat.complete(self.prompt(request), self.seconds)
        if isinstance(outcome, Failure):
            return Written("failed", text=outcome.code)
        text = _query(outcome.text)
        if text.upper().startswith("QUESTION"):
            return Written("question", text=text)
        query = vet_written(text, self.catalog, self._listed(), self.everyone.snapshot)
        if query is None:
            return Written("no_query", text=text)
        try:
            return Written("customers", self.engine.customers_written(query), text)
        except Fault:
            return Written("not_run", text=text)

    def prompt(self, request: str) -> Prompt:
        """The words of one call: the elements nearest to the request, and every worked example with its own."""
        codes = retriever_of(self.catalog).ranked(request, self.elements)
        pairs = tuple((self._said(one.request, one.codes), one.sql) for one in self.examples)
        return Prompt(
            self.prompt_file.system.strip(), self._said(request, codes), pairs, None, self.prompt_file.id, self.prompt_file.version,
            self.prompt_file.sha256, self.prompt_file.temperature, codes,
        )  # fmt: skip

    def _said(self, request: str, codes: Sequence[str]) -> str:
        schema = "\n".join([*described(self.catalog, codes, detect(request)), *_units_named(self.catalog, request)])
        days = {"today": str(self.everyone.today), "as_of": str(self.everyone.as_of)}
        return self.prompt_file.said({**days, "schema": schema, "request": request})

    def _listed(self) -> GuardedQuery:
        return guard(members(self.everyone, self.engine.qualifier), self.catalog, self.engine.dialect, self.engine.qualifier)


def described(catalog: TagCatalog, codes: Sequence[str], language: Language) -> Iterator[str]:
    """A line for each element as a query needs it: column or table, type, definition, codes of values."""
    for code in codes:
        if code in catalog.tags:
            yield _tag(catalog.tags[code], catalog, language)
        elif code in catalog.records:
            yield from _records(catalog.records[code], catalog, language)
        elif code in catalog.concepts:
            yield _concept(catalog.concepts[code], language)


def _tag(tag: Tag, catalog: TagCatalog, language: Language) -> str:
    told = f"- {CUSTOMERS}.{tag.column_name} {_type(tag)}: {tag.name.get(language)}: {tag.definition.get(language)}{_NULLS[tag.null_means]}"
    return told + _values(tag, catalog, language)


def _records(records: RecordSet, catalog: TagCatalog, language: Language) -> Iterator[str]:
    dates = [f"{name} date" for name in (records.date_column, records.valid_from, records.valid_to) if name is not None]
    columns = ", ".join([f"{records.key} bigint", *dates, *(f"{item.column_name} {_type(item)}" for item in records.properties)])
    told = f"- {records.table}({columns}): {records.name.get(language)}: {records.definition.get(language)}"
    open_ended = "; valid_to NULL means still held" if records.valid_to is not None else ""
    yield told + open_ended
    for item in records.properties:
        values = _values(item, catalog, language)
        if values:
            yield f"- {records.table}.{item.column_name}: {item.name.get(language)}{values}"


def _concept(concept: Concept, language: Language) -> str:
    return f"- {concept.name.get(language)}: {concept.definition.get(language)}"


def _type(item: Tag | Property) -> str:
    return {
        "integer": "integer",
        "decimal": "decimal",
        "flag": "boolean",
        "enum": "varchar",
        "date": "date" + _DATES[item.tense],
        "month_day": "varchar 'MM-DD'",
    }[item.type]


def _values(item: Tag | Property, catalog: TagCatalog, language: Language) -> str:
    """The codes of an enum with their labels; those of the organisation stand in lines of their own."""
    if not item.values or item.values_from is not None:
        return ""
    return "; codes " + ", ".join(f"'{value.code}' {value.label.get(language)}" for value in catalog.values(item)[:MOST_VALUES])


def _units_named(catalog: TagCatalog, request: str) -> Iterator[str]:
    """The units of the organisation that a request names, each with the codes of all below it."""
    said = normalise(request).text
    tag = catalog.tags[catalog.header.organisation_tag]
    for unit in catalog.header.organisation:
        if any(normalise(name).text in said for name in (unit.name.zh, unit.name.en, *unit.aliases.all())):
            codes = ", ".join(f"'{code}'" for code in catalog.subtree(tag, (unit.code,))[:_MOST_UNITS])
            yield f"- {unit.name.zh} {unit.name.en}: {CUSTOMERS}.{tag.column_name} IN ({codes})"


def _query(text: str) -> str:
    """The statement in a reply: the first fenced block, else all of it."""
    fenced = _FENCE.search(text)
    return (fenced[1] if fenced else text).strip().rstrip(";").strip()
