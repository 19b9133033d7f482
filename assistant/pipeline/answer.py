"""What a turn gives every face: the answer, its questions, and a tag it asks for. Law: numbers are Facts; texts are made from codes by the face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.errors import Issue
from assistant.facts import Fact, FactSheet
from assistant.insight import change as change_step
from assistant.insight import count as count_step
from assistant.insight import funnel as funnel_step
from assistant.insight.kept import Kept
from assistant.insight.reliability import NOTHING_OPEN, Reliability
from assistant.insight.requested import Finding
from assistant.interpret.interpretation import Assumption, LedgerEntry, Question, ReadBy, Reading, Request
from assistant.interpret.offered.tag_drafts import TagDraft
from assistant.narrate.grounding import GroundedNarrative
from assistant.pipeline.called import Calls
from assistant.rule.diff import Change
from assistant.rule.tree import RecordCondition, SegmentRule
from assistant.validation.verdict import ValidatedRule

Outcome = Literal["answered", "choice", "inexpressible", "forbidden", "fault"]


@dataclass(frozen=True, slots=True)
class PricedReading:
    """One option of a question with its customers: the fact of its count, and of how many it shares with the first option."""

    reading: Reading
    index: int
    """Its number among the question's readings: what a choice names."""
    count: Fact
    shared: Fact | None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is put: the doubt, its options priced in customers. `same`: all options select exactly the same customers.
    `within`: of each those are counted who are in the segment that is guessed about; `withheld`: why counts of options are not told."""

    question: Question
    options: tuple[PricedReading, ...]
    same: bool = False
    within: bool = False
    withheld: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftedTag:
    """A tag request as it would be submitted: the draft, the codes nearest to it, and its dry run, each condition with its customers."""

    draft: TagDraft
    nearest: tuple[str, ...]
    spread: tuple[tuple[RecordCondition, Fact], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything every face shows. Numbers are Facts; texts are made from codes by the face's view."""

    request_id: str
    text: str
    language: Language
    outcome: Outcome
    as_of: date
    today: date
    tags_as_of: date | None
    catalog: TagCatalog
    requests: tuple[Request, ...] = ()
    rule: SegmentRule | None = None
    validated: ValidatedRule | None = None
    ledger: tuple[LedgerEntry, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    issues: tuple[Issue, ...] = ()
    warnings: tuple[Issue, ...] = ()
    questions: tuple[AskedQuestion, ...] = ()
    alternatives: tuple[AskedQuestion, ...] = ()
    count: count_step.Count | None = None
    unknown: tuple[count_step.Unknown, ...] = ()
    reliability: Reliability = NOTHING_OPEN
    """How far the count can be relied on."""
    funnel: funnel_step.Funnel | None = None
    insights: tuple[Finding, ...] = ()
    """What else was asked for, in the order said."""
    explained: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    """What an edit did to the conditions, or in what two versions compared differ."""
    change: change_step.Change | None = None
    """The customers before and after it."""
    facts: FactSheet | None = None
    sql: Mapping[str, str] = field(default_factory=dict)
    narrative: Mapping[Language, GroundedNarrative] = field(default_factory=dict)
    draft: DraftedTag | None = None
    by: ReadBy | Literal[""] = "grammar"
    """Who read the request; nobody where none was typed."""
    ms: Mapping[str, float] = field(default_factory=dict)
    kept: Kept | None = None
    """What was done with a saved segment."""
    calls: Calls | None = None
    """The call list that was made."""
    error: str | None = None
    turn: int = 0
    edited: bool = False
    """Whether it changes the rule that stood before."""
