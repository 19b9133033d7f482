"""What an interpreter hands on: requests, the rule or edits, questions with their readings, and the ledger. Law: proposals only; nothing here decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from threading import Event
from typing import Literal, Protocol

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Text
from assistant.errors import Issue
from assistant.interpret.offered.tag_drafts import TagDraft
from assistant.rule.edits import History, RuleChange
from assistant.rule.tree import AnyNode, Path, Quote, RecordCondition, SegmentRule, TagCondition
from assistant.rule.window import TimeWindow
from assistant.store.segment import EMPTY, Library

LedgerKind = Literal["condition", "request", "connective", "edit", "default", "ignored", "unread", "ambiguous"]
RequestKind = Literal[
    "segment", "count", "breakdown", "persona", "metric", "metric_then", "explain", "basis", "undo", "redo", "start_over",
    "compare", "compare_before", "compare_segments", "compare_figure", "why_changed", "size", "at_values", "why_in", "what_tags", "save", "load", "split", "trend", "list", "monitor", "watch", "metric_by", "rank_by", "share", "compare_share",
    "segments", "history", "refresh", "archive", "restore", "rename", "call_list",
    "grid", "migration", "hypothesis", "apply_strategy", "strategies", "strategy_coverage",
]  # fmt: skip
BUILT: frozenset[RequestKind] = frozenset(
    {
        "segment",
        "count",
        "breakdown",
        "persona",
        "metric",
        "metric_then",
        "explain",
        "basis",
        "undo",
        "redo",
        "start_over",
        "what_tags",
        "compare",
        "why_changed",
        "compare_before",
        "compare_segments",
        "grid",
        "migration",
        "size",
        "at_values",
        "why_in",
        "monitor",
        "hypothesis",
        "save",
        "load",
        "segments",
        "history",
        "refresh",
        "archive",
        "restore",
        "rename",
        "call_list",
        "apply_strategy",
        "strategies",
        "strategy_coverage",
    }
)
"""Kinds of request that are carried out; the others are recognised and refused by name."""


ReadBy = Literal["grammar", "model", "both", "verified"]
"""Who read a request: the grammar alone, the grammar with words that the model linked, each by itself to the same rule, or the analysts who approved its reading before."""
MENDING = frozenset({"unread_near", "unread_meant"})
"""Questions about what words mean that could not be read; to go on without them is one of their options."""
CONFIRMING = frozenset({"segment_overwrite", "segment_duplicate"})
"""Questions that ask whether to go on: a plain yes takes their first option."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """[start, end) of the original text and what became of it. `read_as`: the known words that misspelt ones were chosen to mean."""

    start: int
    end: int
    kind: LedgerKind
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for. breakdown: `code` the tag, `level` of the organisation ("1".."3", "region"); metric: `code` the tag, `detail` the function;
    metric_then: `code` the tag, `level` the function, `detail` the earlier date in the words of `insight/periods.py`;
    grid: `code` a tag whose values are cells, or `code` (with `level`) the tag of its rows and `detail` that of its columns; migration: `code` the tag, `detail` the earlier date in the words of `insight/periods.py`;
    size: `detail` the target, "5000" (about), "<=5000", ">=5000", "4000..6000" or "0.5x" (of those there are) customers, `code` the tag whose number is to be found; why_in: `detail` the customer; explain / what_tags: `code` the element or the words asked about;
    at_values: `code` the tag whose number in the rule is tried, `detail` the numbers to try, with blanks between;
    persona: `detail` whom they are compared with, "everyone" or "matched" (the rest, unsaid), `code` the tags they are matched on, with blanks between;
    compare_segments: `node` the rule of those compared with;
    save: `detail` the name (empty: that of the open segment), `level` "living", "frozen" or empty (as it is); load, refresh, archive, rename: `code` the saved segment, `detail` the new name;
    call_list: `level` what it is for, "marketing", "service" or empty (not said);
    apply_strategy: `code` the template, `detail` its numbers ("balance=30000 logins=3");
    undo: `detail` "never_mind" when only what is still open may be meant; hypothesis: `node` the condition guessed, `detail` what it claims, with blanks between: "everyone", "most" of them, "because" (the words of `asked/guess.py`), or "part": what part of them is so."""

    kind: RequestKind
    code: str = ""
    level: str = ""
    detail: str = ""
    node: AnyNode | None = None
    claimed: Literal["", "up", "down"] = ""
    """why_changed: which way the words say that the number went, where they say one."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something taken as read that the words did not say: a message code with params. `quote` = the words it is about, when there are any; `node` = the condition
    it is about, where the rule need not hold it (the other side of a comparison)."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    quote: Quote | None = None
    node: AnyNode | None = None


QUESTION_LEFT = "question_left"
"""The assumption of a turn that drops the open question in so many words, and goes on."""
ALL_OPTIONS = Text(zh="全部", en="all of them")
"""The option of a question that takes every other one together."""


Size = Literal["large", "small"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A size said without a number (大额活期, who often log in): the condition whose number is to be found in the data, and `whose` customers the shares are of."""

    node: TagCondition | RecordCondition
    whose: AnyNode
    size: Size


@dataclass(frozen=True, slots=True)
class Cut:
    """One number that a vague size may mean: the condition with it, and the `share` of the customers measured who are on its side. `band`: it is an edge that
    the catalog draws."""

    node: TagCondition | RecordCondition
    share: Decimal
    size: Size
    band: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One option of a question: what to call it (None: the read-back of its rule says it best) and the whole rule that follows from it. `cut`: the number
    found in the data that it takes for a vague size."""

    label: Text | None
    rule: SegmentRule
    cut: Cut | None = None
    denied: bool = False
    """Whether a negation stands beside the words: the label says nothing of it, so that the option is shown as the rule it makes."""
    by_model: bool = False
    """Whether only a language model vouches for it: it is shown with its whole rule, and marked so."""


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt with its readings, the first one being the default. `key` is stable for the same words, so that a choice can be remembered.
    `always`: asked even if the readings give the same customers (words that could not be read at all; a number for a vague size, which is part of the rule). `ask` False: the first reading is taken
    and shown as an assumption, the others are one click away. `before`: the rule that the readings edit, where what each does to it tells them apart. `within`: the segment
    whose customers are counted, where the readings are of a guess about it."""

    key: str
    code: str
    params: Mapping[str, str]
    quote: Quote
    readings: tuple[Reading, ...]
    always: bool = False
    ask: bool = True
    before: SegmentRule | None = None
    within: SegmentRule | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """What one step tighter or looser could be for the condition at `path`: edits of it, nearest first. The step is the first that changes the number of
    customers. `quote`: the words that ask for it."""

    path: Path
    quote: Quote
    rungs: tuple[RuleChange, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The proposal for one turn. `rule` is the whole rule after the turn, by the default readings (None when the turn makes or changes none).
    `changed`: the turn makes or edits a rule; `edit`: it edits the conversation's rule; `ladders`: by a step that the customers decide."""

    requests: tuple[Request, ...]
    rule: SegmentRule | None
    ledger: tuple[LedgerEntry, ...]
    changed: bool = False
    edit: bool = False
    questions: tuple[Question, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    issues: tuple[Issue, ...] = ()
    draft: TagDraft | None = None
    """A tag that the catalog lacks, as it might be asked for."""
    ladders: tuple[Ladder, ...] = ()
    measures: tuple[Measure, ...] = ()
    """What must be measured before this can be read: to be interpreted once more with `Context.cuts`."""
    by: ReadBy = "grammar"
    warnings: tuple[Issue, ...] = ()
    """What went wrong on the way that does not change the reading: a model that did not answer."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One past turn: the words, and the rule that stood after it."""

    text: str
    rule: SegmentRule | None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """Frozen turns, the rules that undo and redo walk through, and the choices that were made. `pending`: the question last asked, with the text it was about;
    `offered`: what the last answer took one of several readings of, which the next turn may change (第二个)."""

    turns: tuple[Turn, ...] = ()
    history: History = field(default_factory=History)
    choices: Mapping[str, int] = field(default_factory=dict)
    pending: PendingQuestion | None = None
    offered: PendingQuestion | None = None
    opened: str | None = None
    """The saved segment that was opened or saved last: what 刷新 or 保存 without a name means."""
    found: tuple[AnyNode, ...] = ()
    """The groups that the last answer found, each the rule of its customers: what 其中 may point at."""
    parts: tuple[tuple[str, AnyNode], ...] = ()
    """Who came, stayed and left by the comparison of the last answer, each a segment of today: "entered", "stayed", "left", "joined"; who rose
    and fell by its migration along a tag: "up.<tag>", "down.<tag>"."""
    asked: tuple[Request, ...] = ()
    """The questions that the last answers were about, which a turn without one of its own asks again."""
    unsettled: tuple[str, ...] = ()
    """What was said since the last answer and changed nothing: 算了 then drops it and takes nothing back, and an answer that leans on it says that it is not in it."""
    unanswered: SegmentRule | None = None
    """The segment that the last turn was understood to be about, where that turn was not answered: the next may be of it."""
    language: Language | None = None

    @property
    def rule(self) -> SegmentRule | None:
        """The rule as it stands; None when nothing has been said."""
        return self.history.present


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A question that a turn may answer in words: the one the last turn ended with, or the one its answer took a reading of."""

    text: str
    key: str
    options: tuple[int, ...]
    """The numbers of the readings that were offered, in the order shown."""
    choices: Mapping[str, int] = field(default_factory=dict)
    names: tuple[tuple[str, ...], ...] = ()
    """What each option may be called besides its number."""
    together: int | None = None
    """The reading that takes all others together."""
    yes: int | None = None
    """The reading that a plain yes takes, where the question asks for one."""
    history: History = field(default_factory=History)
    """The rules as they stood when the words were said: another choice is made upon them."""
    unanswered: SegmentRule | None = None
    """`Conversation.unanswered` as it stood when the words were said."""
    draft: SegmentRule | None = None
    """The rule by the first option, where nothing but a size is asked about: a turn may say the number instead."""
    behind: PendingQuestion | None = None
    """The question that was open already when the words were said: they are read again as they were read then."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an interpretation depends on besides the words."""

    catalog: TagCatalog
    as_of: date
    today: date
    turn: int = 0
    rule: SegmentRule | None = None
    choices: Mapping[str, int] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    """Organisation codes the asker may see (empty = all): a name that is one place there is not asked about."""
    pending: bool = False
    """Whether the last turn ended with a question that is still open."""
    cuts: Mapping[Measure, tuple[Cut, ...]] = field(default_factory=dict)
    """The numbers found in the data for what was to be measured; none where there is no telling."""
    library: Library = EMPTY
    """The saved segments that the asker may read."""
    opened: str | None = None
    """The saved segment that is open."""
    found: tuple[AnyNode, ...] = ()
    """The groups that the last answer found."""
    asked: tuple[Request, ...] = ()
    """The questions of the last answer."""
    parts: tuple[tuple[str, AnyNode], ...] = ()
    """The parts of its comparison."""
    draft: SegmentRule | None = None
    """The rule whose size is asked about by the question that is open."""
    standing: TimeWindow | None = None
    """The time said last in front of these words, in the same request: a period before (前一个月开户的) is counted from it."""
    cancel: Event | None = field(default=None, compare=False)
    """Set when nobody waits for a model any more: the request is then read without it."""


class Interpreter(Protocol):
    """Anything that reads a request."""

    def interpret(self, text: str, context: Context) -> Interpretation: ...


__all__ = [
    "ALL_OPTIONS", "BUILT", "CONFIRMING", "MENDING", "AnyNode", "Assumption", "Context", "Conversation", "Cut", "Interpretation", "Interpreter", "LedgerEntry", "LedgerKind",
    "Measure", "PendingQuestion", "Question", "ReadBy", "Reading", "Request", "RequestKind", "Size", "Turn",
]  # fmt: skip
