"""Eval cases: what is said, and what it must come to. Law: written from the meaning before the run; this file only reads and checks them.

A case file `eval/cases/<split>/<theme>.yaml`:

    theme: amounts
    cases:
      - id: amounts-over
        zh: 活期存款大于5W的客户
        en: customers with demand deposits over 50k
        outcome: answered                 # answered | choice | inexpressible | forbidden
        rule: {tag: dep_demand_bal, operator: ">", value: 50000}      # short form (assistant/rule/short.py); for a choice: the default reading, if given
        count_sql: SELECT count(*) FROM tags WHERE ...                # by another hand, over the demo bank's tables
        requests: [breakdown home_org 3]  # what is asked for besides the segment, in words "kind code level-or-detail"
        before: {zh: [...], en: [...]}    # earlier turns of the conversation
        code: ambiguous_branch            # for choice, inexpressible, forbidden: the issue or question that must be among those shown
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class Case(Frozen):
    """One case in both languages (a case may be in one only, where the other language has no such wording)."""

    id: str
    zh: str | None = None
    en: str | None = None
    outcome: Expected = "answered"
    rule: Mapping[str, Any] | None = None
    count_sql: str | None = None
    requests: tuple[str, ...] = ()
    before: Before = Before()
    code: str | None = None
    role: str = "head_office_analyst"
    branches: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Case:
        if self.zh is None and self.en is None:
            raise ValueError("a case says something in at least one language")
        if self.outcome == "answered" and self.rule is None and not self.requests:
            raise ValueError("an answered case names its rule or its requests")
        if self.outcome != "answered" and self.code is None:
            raise ValueError("a case that is not answered names the code that must be shown")
        return self

    def text(self, language: Language) -> str | None:
        return self.zh if language == "zh" else self.en

    def turns(self, language: Language) -> tuple[str, ...]:
        """All turns of the conversation, the case's own last."""
        earlier = self.before.zh if language == "zh" else self.before.en
        return (*earlier, self.text(language) or "")

    @property
    def node(self) -> AnyNode | None:
        """The expected rule's root, None when the case names none."""
        return None if self.rule is None else node_from_short(self.rule)


class Theme(Frozen):
    """One file of cases."""

    theme: str
    cases: tuple[Case, ...] = Field(min_length=1)


def load_cases(folder: Path) -> tuple[Theme, ...]:
    """Every theme of a folder, in file order. UserError `case_file` names file and fault (shape, rule, duplicate id)."""
    themes = tuple(_theme(path) for path in sorted(folder.glob("*.yaml")))
    seen: set[str] = set()
    for theme, case in _each(themes):
        if case.id in seen:
            raise UserError("case_file", file=theme.theme, fault=f"duplicate id {case.id}")
        seen.add(case.id)
    return themes


def _theme(path: Path) -> Theme:
    try:
        theme = Theme.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        for case in theme.cases:
            try:
                _ = case.node
            except ValueError as error:
                raise UserError("case_file", file=path.name, fault=f"{case.id}: {error}") from error
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise UserError("case_file", file=path.name, fault=str(error)) from error
    return theme


def _each(themes: tuple[Theme, ...]) -> Iterator[tuple[Theme, Case]]:
    for theme in themes:
        for case in theme.cases:
            yield theme, case
