"""What a language model may call. Law: it reads: what is asked goes through `Assistant.ask` as on every face, and an identity that could change something is narrowed before it comes here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.app.api.bodies import LONGEST_TEXT, AskBody, ValidateBody
from assistant.app.api.unfit import unfit
from assistant.app.elements import element_json, search_json
from assistant.app.kept import segment_json
from assistant.app.replayed import answer_to
from assistant.app.rim import ask as ask_safely
from assistant.app.segments import asked_by, segment_named, shown_json
from assistant.app.templates import strategies_json
from assistant.app.view import as_json, used_definitions
from assistant.errors import UserError
from assistant.interpret.interpretation import Conversation, Turn
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.policy import Operation
from assistant.rule.canonical import Json
from assistant.rule.edits import History
from assistant.rule.tree import AnyNode, SegmentRule
from assistant.store.open import Store
from assistant.store.segment import Library

READING: tuple[Operation, ...] = ("ask", "list_members")
"""What is left of an identity here: to see, and to see the small groups of those whose very customers they may list."""
_EXPLAINED = (
    "schema_version", "outcome", "as_of", "today", "tags_as_of", "catalog", "rule", "readback", "questions", "issues", "count", "base", "funnel",
    "assumptions", "warnings", "sql", "error", "reference",
)  # fmt: skip
"""Of an answer, what says where its count comes from."""
Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. `schema`: JSON schema of its arguments; `call`: carries it out for an asker. UserError as of `unfit` for other arguments, and as of what it does."""

    name: str
    schema: Mapping[str, Json]
    call: Callable[[Mapping[str, Json], Assistant, Store], dict[str, Json]]


class _Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(_Arguments):
    """No arguments."""


class Named(_Arguments):
    """`name`: name or id of a saved segment."""

    name: str = Field(max_length=200)


class Coded(_Arguments):
    """`code`: of a tag, a record set or a concept."""

    code: str = Field(max_length=100)


class Sought(_Arguments):
    """`words`: a name or what is meant, in Chinese, English or pinyin."""

    words: str = Field(min_length=1, max_length=200)
    limit: int = Field(20, ge=1, le=200)


class Explained(_Arguments):
    """Whose count: a request in words (`text`), a saved `segment` by name or id, or a `node`, a rule as an answer's `rule.node` has it; one of the three."""

    text: str | None = Field(None, max_length=LONGEST_TEXT)
    segment: str | None = Field(None, max_length=200)
    node: AnyNode | None = None


def narrowed(assistant: Assistant) -> Assistant:
    """The same asker, who can only read: as a token that is narrowed to it would have them."""
    identity = assistant.identity
    left = tuple(one for one in READING if identity.scopes is None or one in identity.scopes)
    return replace(assistant, identity=replace(identity, scopes=left))


def _ask(body: AskBody, assistant: Assistant, store: Store) -> dict[str, Json]:
    del store
    return as_json(answer_to(body, assistant))


def _validate(body: ValidateBody, assistant: Assistant, store: Store) -> dict[str, Json]:
    del store
    return as_json(assistant.check(SegmentRule(node=body.node), body.purpose, body.as_of))


def _explain(body: Explained, assistant: Assistant, store: Store) -> dict[str, Json]:
    """The count with what each condition takes away, and what each word of the rule means."""
    del store
    if body.text is not None and body.segment is None and body.node is None:
        answer, _ = ask_safely(assistant, body.text, Conversation())
    elif body.text is not None:
        raise UserError("body_one_of", names="text, segment, node")
    else:
        assistant.allow("ask")
        rule = asked_by(_library(assistant), body.segment, body.node).rule
        said = Conversation((Turn("", rule, changed=True),), History(rule))
        answer, _ = ask_safely(replace(assistant, reviewed=False), message("en", "mcp.say_count"), said)
    told = as_json(answer)
    meant: list[Json] = [
        {"code": zh.code, "name": {"zh": zh.name, "en": en.name}, "definition": {"zh": zh.text, "en": en.text}}
        for zh, en in zip(used_definitions(answer, "zh"), used_definitions(answer, "en"), strict=True)
    ]
    return {**{name: told[name] for name in _EXPLAINED}, "definitions": meant}


def _segments(body: Nothing, assistant: Assistant, store: Store) -> dict[str, Json]:
    del body, store
    assistant.allow("ask")
    return {"segments": [segment_json(one) for one in _library(assistant).active]}


def _segment(body: Named, assistant: Assistant, store: Store) -> dict[str, Json]:
    assistant.allow("ask")
    return shown_json(segment_named(_library(assistant), body.name, archived=True), assistant, store)


def _tags(body: Sought, assistant: Assistant, store: Store) -> dict[str, Json]:
    del store
    assistant.allow("ask")
    return {"tags": search_json(body.words, body.limit, assistant.catalog)}


def _tag(body: Coded, assistant: Assistant, store: Store) -> dict[str, Json]:
    del store
    assistant.allow("ask")
    return element_json(body.code, assistant.catalog)


def _strategies(body: Nothing, assistant: Assistant, store: Store) -> dict[str, Json]:
    del body, store
    assistant.allow("ask")
    return {"strategies": strategies_json(assistant.catalog)}


def _library(assistant: Assistant) -> Library:
    return assistant.kept.library(assistant.identity.user)


def _tool(name: str, body: type[Body], work: Callable[[Body, Assistant, Store], dict[str, Json]]) -> Tool:
    def call(given: Mapping[str, Json], assistant: Assistant, store: Store) -> dict[str, Json]:
        try:
            read = body.model_validate(given)
        except ValidationError as error:
            raise unfit(error.errors()) from error
        return work(read, narrowed(assistant), store)

    return Tool(name, body.model_json_schema(), call)


TOOLS: Mapping[str, Tool] = {
    one.name: one
    for one in (
        _tool("ask", AskBody, _ask),
        _tool("validate_rule", ValidateBody, _validate),
        _tool("explain_count", Explained, _explain),
        _tool("list_segments", Nothing, _segments),
        _tool("read_segment", Named, _segment),
        _tool("find_tags", Sought, _tags),
        _tool("read_tag", Coded, _tag),
        _tool("list_strategies", Nothing, _strategies),
    )
}
"""The tools by name. What each is for is said by the message `mcp.<name>`."""
