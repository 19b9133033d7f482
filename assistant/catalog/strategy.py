"""What a strategy template is (客群策略模板): a goal, whom to reach, with which numbers, on what channel, whom to leave out, what to do and how success is measured. Law: values only;
its rule is the short form of an ordinary rule, and nothing here decides whether that rule is allowed: gate 1 does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from assistant.catalog.model import Code, EnumValue, Text, Unit, Words
from assistant.policy import Owner, Status
from assistant.rule.short import node_from_short, parameters, substitute
from assistant.rule.tree import AllOf, AnyNode
from assistant.rule.window import Frozen

Purpose = Literal["marketing", "service"]


class StrategyParameter(Frozen):
    """A number of a template that whoever applies it may set, from `low` to `high` (both in). `words`: what else people call it; `why`: where the default comes from."""

    default: Decimal
    low: Decimal
    high: Decimal
    unit: Unit = "none"
    name: Text
    words: Words = Words()
    why: Text

    @model_validator(mode="after")
    def _inside(self) -> StrategyParameter:
        if not self.low <= self.default <= self.high:
            raise ValueError(f"the default {self.default} is not from {self.low} to {self.high}")
        return self

    def takes(self, value: Decimal) -> bool:
        """Whether a number may be set."""
        return self.low <= value <= self.high


class Exclusion(Frozen):
    """Customers whom a strategy must leave out. `applies`: to every template ("always"), to those that sell ("marketing"), to those of them that use behaviour or a model's score
    ("behaviour"), to those that name it ("named"), or to those whose only ways to reach a customer are channels like `channel` ("channel")."""

    code: Code
    name: Text
    rule: Mapping[str, Any]
    applies: Literal["always", "marketing", "behaviour", "named", "channel"]
    channel: Code | None = None

    @model_validator(mode="after")
    def _of_a_channel(self) -> Exclusion:
        if (self.applies == "channel") != (self.channel is not None):
            raise ValueError("a channel belongs to an exclusion by channel, and to no other")
        return self

    @property
    def node(self) -> AnyNode:
        """Whom it leaves out."""
        return node_from_short(self.rule)


class CallRules(Frozen):
    """How call lists are made. `channel`: by which customers are called; `most`: customers that come onto a list at once; `days`: within which they are called; `openings`: what is said to a
    customer of whose tags nothing may be; `guard`: what whoever calls keeps to, whatever the list."""

    channel: Code = "call"
    most: int = Field(50, ge=1, le=1000)
    days: int = Field(7, ge=1, le=90)
    openings: Mapping[Purpose, Text] = Field(default_factory=dict)
    guard: tuple[Text, ...] = ()


class Frame(Frozen):
    """What guided mode may start from (运营框架): its steps are the values of the tag `tag`, or what templates are sorted `by`. `serves`: the stages whose templates are proposed to a value of the tag (any where it
    is not named); `lines`: the business lines they are of (any where none is)."""

    code: Code
    name: Text
    why: Text
    tag: Code | None = None
    by: Literal["stage", "line"] | None = None
    serves: Mapping[Code, tuple[Code, ...]] = Field(default_factory=dict)
    lines: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _of_one(self) -> Frame:
        if (self.tag is None) == (self.by is None):
            raise ValueError("a frame has the steps of a tag, or those of the templates")
        return self


class Framework(Frozen):
    """framework.yaml: what templates are sorted by (the two tracks, the stages of the customer's way, the business lines, the channels), what guided mode may start from, whom they leave out, and how customers are called."""

    tracks: tuple[EnumValue, ...] = ()
    stages: tuple[EnumValue, ...] = ()
    lines: tuple[EnumValue, ...] = ()
    channels: tuple[EnumValue, ...] = ()
    frames: tuple[Frame, ...] = ()
    no_channel: Text = Text(zh="没有可用渠道", en="no channel may be used")
    exclusions: tuple[Exclusion, ...] = ()
    calls: CallRules = CallRules()

    def label(self, code: str) -> Text:
        """What a track, stage, line or channel is called. KeyError for an unknown one."""
        for value in (*self.tracks, *self.stages, *self.lines, *self.channels):
            if value.code == code:
                return value.label
        raise KeyError(code)


class Strategy(Frozen):
    """One template: a file of `strategies/`. A string "$name" in `rule` stands for a parameter; `channels` from the best one; `exclusions`: those it names besides the ones that
    apply anyway; `playbook`: what is said and done, in order; `measure`: how success is told, over `days` and against the hold-out."""

    code: Code
    name: Text
    aliases: Words = Words()
    goal: Text
    track: Code
    line: Code
    stage: Code
    purpose: Purpose = "marketing"
    rule: Mapping[str, Any]
    parameters: Mapping[str, StrategyParameter] = Field(default_factory=dict)
    channels: tuple[Code, ...] = Field(min_length=1)
    exclusions: tuple[Code, ...] = ()
    playbook: tuple[Text, ...] = Field(min_length=1)
    owner: Owner
    rank_by: Code | None = None
    """The tag that says who is called first, the largest before the others (a coming date: the nearest)."""
    measure: Text
    days: int = Field(ge=1, le=365)
    status: Status = "online"
    version: int = 1

    def values(self, given: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Every parameter with the number it has when some are given. KeyError for one that the template has not."""
        unknown = set(given) - set(self.parameters)
        if unknown:
            raise KeyError(sorted(unknown)[0])
        return {name: Decimal(format(given.get(name, one.default), "f")) for name, one in self.parameters.items()}

    def node(self, given: Mapping[str, Decimal] | None = None) -> AnyNode:
        """The rule with the parameters filled in. ValueError when that is no rule (numbers in an order that makes none)."""
        return node_from_short(substitute(self.rule, self.values(given or {})))

    @property
    def used(self) -> tuple[frozenset[str], ...]:
        """The parameters that stand in each of `conditions(node())`."""
        listed = self.rule.get("all") or (self.rule.get("children") if self.rule.get("kind") == "all" else None)
        return tuple(parameters(one) for one in listed or (self.rule,))

    def said(self) -> Iterator[tuple[Literal["zh", "en"], str]]:
        """The words it may be called by."""
        yield "zh", self.name.zh
        yield "en", self.name.en
        for word in self.aliases.zh:
            yield "zh", word
        for word in self.aliases.en:
            yield "en", word


def conditions(node: AnyNode) -> tuple[AnyNode, ...]:
    """What a template's rule asks, one by one."""
    return node.children if isinstance(node, AllOf) else (node,)
