"""Eval cases: what is said, and what it must come to. Law: written from the meaning before the run; this file only reads and checks them.

A case file `eval/cases/<split>/<theme>.yaml`:

    theme: amounts
    measured: gate                        # gate | apart: "apart" is told by itself, no threshold counts it, and what is to be shown need not be named by code
    cases:
      - id: amounts-over
        zh: 活期存款大于5W的客户
        en: customers with demand deposits over 50k
        outcome: answered                 # answered | choice | inexpressible | forbidden
        rule: {tag: dep_demand_bal, operator: ">", value: 50000}      # short form (assistant/rule/short.py); for a choice: the default reading, if given
        count_sql: SELECT count(*) FROM tags WHERE ...                # by another hand, over the demo bank's tables
        requests: [breakdown home_org 3]  # what is asked for besides the segment, in words "kind code level-or-detail"
        other: {tag: mort_flag, value: true}      # the rule of those it is compared with, or of the guess, in short form
        before: {zh: [...], en: [...]}    # earlier turns of the conversation
        code: ambiguous_branch            # for choice, inexpressible, forbidden: the issue or question that must be among those shown
    conversations:
      - id: talk-raise
        turns:                            # each turn has an expectation of its own: the fields of a case without id and before
          - {zh: 活期5万以上的客户, en: customers with demand deposits of at least 50k, rule: {tag: dep_demand_bal, operator: ">=", value: 50000}}
          - {zh: 提到10万, en: raise it to 100k, rule: {tag: dep_demand_bal, operator: ">=", value: 100000}}
          - {zh: 按分行看, en: by branch, requests: [breakdown home_org 1]}     # no rule: only outcome and requests are scored
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode
from assistant.rule.window import Frozen

Expected = Literal["answered", "choice", "inexpressible", "forbidden"]


class Before(Frozen):
    """Earlier turns, in each language."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Expectation(Frozen):
    """What is said in one turn, in one or both languages, and what it must come to."""

    zh: str | None = None
    en: str | None = None
    outcome: Expected = "answered"
    rule: Mapping[str, Any] | None = None
    count_sql: str | None = None
    requests: tuple[str, ...] = ()
    other: Mapping[str, Any] | None = None
    code: str | None = None

    @model_validator(mode="after")
    def _said(self) -> Expectation:
        if self.zh is None and self.en is None:
            raise ValueError("a case says something in at least one language")
        return self

    def text(self, language: Language) -> str | None:
        return self.zh if language == "zh" else self.en

    @property
    def node(self) -> AnyNode | None:
        """The expected rule's root, None when none is named."""
        return None if self.rule is None else node_from_short(self.rule)

    @property
    def other_node(self) -> AnyNode | None:
        """The root of the rule expected of the request's own, None when none is named."""
        return None if self.other is None else node_from_short(self.other)


class Case(Expectation):
    """One turn by itself, or after earlier ones whose answers are not scored. A case may be in one language only, where the other has no such wording."""

    id: str
    before: Before = Before()
    branches: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Case:
        if self.outcome == "answered" and self.rule is None and not self.requests:
            raise ValueError("an answered case names its rule or its requests")
        return self


class Talk(Frozen):
    """A conversation: every turn is scored."""

    id: str
    turns: tuple[Expectation, ...] = Field(min_length=2)
    branches: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Talk:
        for language in ("zh", "en"):
            said = [turn.text(language) is not None for turn in self.turns]
            if any(said) and not all(said):
                raise ValueError(f"a conversation is told to its end in {language}, or not at all")
        return self


class Theme(Frozen):
    """One file of cases and conversations."""

    theme: str
    measured: Literal["gate", "apart"] = "gate"
    cases: tuple[Case, ...] = ()
    conversations: tuple[Talk, ...] = ()

    @model_validator(mode="after")
    def _coded(self) -> Theme:
        if self.measured == "gate" and any(one.outcome != "answered" and one.code is None for _, one in _expectations(self)):
            raise ValueError("a case that is not answered names the code that must be shown")
        return self


def gated(themes: Iterable[Theme]) -> tuple[Theme, ...]:
    """The themes that thresholds count."""
    return tuple(theme for theme in themes if theme.measured == "gate")


def load_cases(folder: Path) -> tuple[Theme, ...]:
    """Every theme of a folder, in file order, or the one of a file. UserError `case_file` names file and fault (shape, rule, duplicate id)."""
    themes = tuple(_theme(path) for path in (sorted(folder.glob("*.yaml")) if folder.is_dir() else (folder,)))
    seen: set[str] = set()
    for theme in themes:
        for case in _named(theme):
            if case.id in seen:
                raise UserError("case_file", file=theme.theme, fault=f"duplicate id {case.id}")
            seen.add(case.id)
    return themes


def _theme(path: Path) -> Theme:
    try:
        theme = Theme.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        for identifier, expectation in _expectations(theme):
            try:
                _ = expectation.node, expectation.other_node
            except ValueError as error:
                raise UserError("case_file", file=path.name, fault=f"{identifier}: {error}") from error
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise UserError("case_file", file=path.name, fault=str(error)) from error
    return theme


def _expectations(theme: Theme) -> Iterator[tuple[str, Expectation]]:
    for case in theme.cases:
        yield case.id, case
    for talk in theme.conversations:
        for turn in talk.turns:
            yield talk.id, turn


def _named(theme: Theme) -> Iterator[Case | Talk]:
    yield from theme.cases
    yield from theme.conversations
