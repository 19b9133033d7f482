"""What exists: Tag, RecordSet, Concept and the TagCatalog that holds them. Law: immutable values; a bank's words live beside what they name.

The YAML of `tag_catalog/<bank>/` is exactly these models (one schema, `extra` keys refused). Texts are always {zh, en}.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from assistant.policy import Asset, Layer, Owner, Status
from assistant.rule.tree import Snapshot
from assistant.rule.window import Frozen, TimeWindow

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
ValueType = Literal["integer", "decimal", "flag", "enum", "date", "month_day"]
Unit = Literal[
    "CNY",
    "USD",
    "percent",
    "percentage_point",
    "count",
    "times",
    "days",
    "months",
    "years",
    "calendar_year",
    "points",
    "minutes",
    "seconds",
    "score",
    "none",
]
NullMeans = Literal["zero", "false", "unknown", "none", "never_null"]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$", max_length=64)]


class Text(Frozen):
    """One sentence or name in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def get(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Words(Frozen):
    """Other names people say, per language. Never carries a value or a polarity (those are value labels or concepts)."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def get(self, language: Language) -> tuple[str, ...]:
        return self.zh if language == "zh" else self.en

    def all(self) -> tuple[str, ...]:
        return self.zh + self.en


class EnumValue(Frozen):
    """One value of an enum. `rank` (1 = lowest) makes the enum ordered; `parent` makes it a tree."""

    code: Code
    label: Text
    aliases: Words = Words()
    rank: int | None = None
    parent: Code | None = None
    apart: tuple[Code, ...] = ()
    """Values that people may take for a part of this one, and that are counted apart from it: it is said that they are left out."""


class Confusable(Frozen):
    """Another element people mean by the same words, and the question that tells them apart."""

    code: Code
    ask: Text


class Security(Frozen):
    """level: JR/T 0197 (1-5; 4 and up are never catalogued). sensitive: needs an extra reason (minors, health, marital, income, credit)."""

    level: int = Field(2, ge=1, le=3)
    sensitive: bool = False


class Element(Frozen):
    """What every catalogued thing has."""

    code: Code
    name: Text
    aliases: Words = Words()
    definition: Text
    owner: Owner
    layer: Layer = "public"
    status: Status = "online"
    version: int = 1
    replaced_by: Code | None = None
    """What to use instead of one that is deprecated or offline."""
    status_reason: Text | None = None
    """Why it is."""
    effective_from: date | None = None
    confusable_with: tuple[Confusable, ...] = ()

    @property
    def asset(self) -> Asset:
        """What the policy knows of it."""
        return Asset(self.code, self.layer, self.owner)


class Valued(Frozen):
    """The type side of a tag or a record property."""

    type: ValueType
    unit: Unit = "none"
    values: tuple[EnumValue, ...] = ()
    values_from: Literal["organisation"] | None = None
    plausible: tuple[Decimal, Decimal] | None = None
    bands: tuple[Decimal, ...] = ()
    edges: tuple[Decimal, ...] = ()
    """Of an ordered enum whose values are bands of a number (年收入20万至40万): where each ends and the next begins."""
    null_means: NullMeans = "unknown"
    tense: Literal["past", "future", "yearly"] = "past"
    multiplier: Decimal = Decimal(1)

    @property
    def numeric(self) -> bool:
        return self.type in ("integer", "decimal")

    @property
    def ordered(self) -> bool:
        return bool(self.values) and all(value.rank is not None for value in self.values)


class Sayable(Frozen):
    """What of a tag the bank may tell the customer herself, when she has what it tells of (a flag that is true, an amount above zero, a date or a value that is known). `text`: to her, `{value}`
    standing for her date or value, never for an amount; `script`: what whoever calls goes through."""

    text: Text
    script: tuple[Text, ...] = ()

    @property
    def names_value(self) -> bool:
        return "{value}" in self.text.zh

    @model_validator(mode="after")
    def _alike(self) -> Sayable:
        if ("{value}" in self.text.zh) != ("{value}" in self.text.en):
            raise ValueError("both languages name the value, or neither")
        return self


_NEVER_SAID = ("model", "grid", "rfm", "event_preference", "behaviour_distribution")
"""Kinds of tags that judge a customer: nothing of them is said to her."""


class AtSnapshot(Frozen):
    """Another tag at an earlier snapshot."""

    tag: Code
    snapshot: Snapshot


class Tag(Element, Valued):
    """One customer tag: a column of the snapshot table.

    `column` defaults to the code. `roll_up_of`: a tag that only counts behaviour names its record set; rules are written over the records.
    `derived_from`: tags that nearly determine this one (left out of a persona when they are in the rule).
    `made_of`: tags it counts or sums, and record sets it adds up, dates or stages, each as one part: of customers picked by a part it tells that part again.
    `held_by`: the flag of those who have a value at all; of others (but for former holders) the cell is empty.
    `settled`: a past date that never changes once it has come (the first of something), so that a later snapshot tells it of any earlier day.
    `covers`: the days it looks at, where it does not tell how things stand: customers who came later have had less of them. What is of the end of a day before counts from the next.
    `purposes`: what it may be used for; empty = any. `shown`: may appear in personas and breakdowns.
    `earlier_value_of`: the tag whose value at an earlier snapshot this one is (AUM at last month end). `change_of`: the tag of which this one is the present value less that one.
    `breakdown`: a natural dimension for 按…看.
    """

    subject: str = ""
    kind: Literal[
        "attribute", "metric", "rule", "first_last", "event_preference", "behaviour_distribution", "rfm", "grid", "model", "import"
    ] = "attribute"
    column: str | None = None
    freshness: Literal["realtime", "daily", "monthly", "yearly"] = "daily"
    security: Security = Security()
    purposes: tuple[Literal["analysis", "service", "marketing", "compliance"], ...] = ()
    derived_from: tuple[Code, ...] = ()
    made_of: tuple[Code, ...] = ()
    roll_up_of: Code | None = None
    held_by: Code | None = None
    settled: bool = False
    covers: TimeWindow | None = None
    earlier_value_of: AtSnapshot | None = None
    change_of: AtSnapshot | None = None
    activity: bool = False
    """Whether it tells how much, or how lately, customers do anything at all: that explains nothing of what they do."""

    holding_words: Words = Words()
    """Words that mean "has this" for a flag or "> 0" for an amount (有按揭, 持有理财, holds a card): value-free names of the product itself."""

    amount_tag: Code | None = None
    """What measures a product that one has or not: of 按揭50万以上 the balance."""

    any_value: Text | None = None
    """What it says of somebody to have any value of it, where others have none (有定期存款, of the date of the next maturity)."""

    axes: tuple[Code, Code] | None = None
    """Of a grid tag: the two enum tags whose codes, the first one's before the second's, make up its own (M1 and A4 make M1A4)."""

    unit_words: Words = Words()
    """Units that name this tag by themselves (30岁以上, aged 30): a number with one of them needs no tag name."""

    sayable: Sayable | None = None
    """What of it may be told to the customer; None: nothing."""

    @model_validator(mode="after")
    def _settles(self) -> Tag:
        if self.settled and (self.type, self.tense) != ("date", "past"):
            raise ValueError("only a past date can be settled")
        return self

    @model_validator(mode="after")
    def _some_have_none(self) -> Tag:
        if self.any_value is not None and self.null_means != "none":
            raise ValueError("to have a value says something only of a tag that others have none of")
        return self

    @model_validator(mode="after")
    def _may_be_said(self) -> Tag:
        if self.sayable is not None and (self.security.sensitive or self.kind in _NEVER_SAID or self.roll_up_of is not None):
            raise ValueError("a tag that is sensitive, a model's or a behaviour's is never said to a customer")
        if self.sayable is not None and self.sayable.names_value and self.type not in ("date", "enum"):
            raise ValueError("only a date or a value by its name is said to a customer, never an amount")
        return self

    @property
    def column_name(self) -> str:
        return self.column or self.code

    @property
    def asset(self) -> Asset:
        return Asset(self.code, self.layer, self.owner, self.security.level, self.security.sensitive, self.purposes)


class Property(Valued):
    """A property of a record set: one column of its table."""

    code: Code
    name: Text
    aliases: Words = Words()
    column: str | None = None
    recorded_by: Code | None = None
    """Of a future date of a state: the event set that has a record once that day has come (wealth_mature of a holding's maturity_date)."""

    @property
    def column_name(self) -> str:
        return self.column or self.code


class RecordSet(Element):
    """Behaviour events, or holdings, accounts, cards, loans, contacts: many rows a customer.

    `table` has the customer key in `key`. `date_column`: the column with the record's day (events), None for a state (holdings), which is then
    read as it stood on as_of through `valid_from` / `valid_to` (inclusive; NULL valid_to = still open).
    `time_column`: the timestamp of an event on that day, never empty; of two sets that both have one a sequence keeps the order within a day, of
    others it can not, and says so. `actions` are the verb phrases people use. A slot such as {zone} stands for a label or alias of that property's values and filters by it:
    "浏览{zone}专区", "browsed {zone} pages". Phrases without a slot mean the set itself.
    `unit`: what one record is counted in (次, 笔, 张); `default_window` is used, and shown, when none is said.
    `amount`: the property that a bare sum of money compares (转出5万以上). `grain` day: one row a customer and day, `count` sums `count_column`.
    """

    subject: str = ""
    table: str
    key: str = "one_id"
    date_column: str | None = None
    time_column: str | None = None
    tense: Literal["past", "future"] = "past"
    valid_from: str | None = None
    valid_to: str | None = None
    properties: tuple[Property, ...] = ()
    actions: Words = Words()
    dated_actions: Mapping[Code, Words] = Field(default_factory=dict)
    """Date property -> phrases that need a window on it (maturity_date: 理财到期): "未来7天理财到期" filters maturity_date by that window."""
    where: Words = Words()
    """The one place where all of its records arise (手机银行, the app): said beside the behaviour it adds nothing."""
    counted_actions: Words = Words()
    """Verb and object that mean this set only when a number stands between them (持有两只以上基金); without one they mean a tag (持有基金)."""
    unit: Text = Text(zh="次", en="times")
    default_window: TimeWindow | None = None
    amount: Code | None = None
    grain: Literal["event", "day", "state"] = "event"
    count_column: str | None = None
    history_from: date | None = None
    first_date_tag: Code | None = None
    """The tag with the lifetime date of the first time: "从未…" is its absence."""
    gap_tag: Code | None = None
    """The tag that counts full months since the last one: "连续N个月没…" compares it."""
    exposure: Mapping[str, Any] | None = None
    """Node (short form) of who could have done it at all: the base of "N天未…" (app: signed up at least that long ago; `$days` = the window)."""

    def property(self, code: str) -> Property | None:
        return next((item for item in self.properties if item.code == code), None)


class ConceptParameter(Frozen):
    """A number of a concept that a user or a bank may change. `words` are what people call it (天 days, 次 times)."""

    default: Decimal
    unit: Unit = "none"
    low: Decimal | None = None
    high: Decimal | None = None
    name: Text


class Concept(Element):
    """A business word that means a rule. `rule` and `negation` are nodes in short form; a string "$name" stands for a parameter.

    `negation` None: 不/非 + concept is the complement in the base. `negation_name` is how the negated set is called (不活跃).
    `window_parameter`: the parameter (in days) that a time phrase in front sets (近60天手机银行活跃).
    """

    rule: Mapping[str, Any]
    negation: Mapping[str, Any] | None = None
    negation_name: Text | None = None
    negation_aliases: Words = Words()
    parameters: Mapping[str, ConceptParameter] = Field(default_factory=dict)
    window_parameter: str | None = None
    vague: bool = False


class Organisation(Frozen):
    """One unit of the organisation tree. level 0 head office, 1 branch, 2 second-level branch, 3 sub-branch (支行/网点)."""

    code: Code
    name: Text
    aliases: Words = Words()
    level: int = Field(ge=0, le=3)
    parent: Code | None = None
    region: Code | None = None


class Reading(Frozen):
    """One meaning of an ambiguous word: a node in short form, or a tag, with what to call it. `size`: much or little of the tag, or often what the node counts,
    whatever the data say that is."""

    label: Text
    node: Mapping[str, Any] | None = None
    tag: Code | None = None
    size: Literal["large", "small"] | None = None


class AmbiguousWord(Frozen):
    """A word without universal meaning (BANK.md §5). ask False: the first reading is taken and shown as an assumption, the others offered."""

    words: Words
    readings: tuple[Reading, ...] = Field(min_length=1)
    ask: bool = True
    question: Text


class Inexpressible(Frozen):
    """Words the bank knows it has no data for (他行理财, 对公存款): answered with the reason and the nearest elements."""

    words: Words
    reason: Text
    nearest: tuple[Code, ...] = ()


class Contradiction(Frozen):
    """Customers whom the bank's own tags contradict: a node in short form that should hold for nobody, and the tags whose sources then disagree."""

    code: Code
    name: Text
    """What such a customer looks like: 活期存款余额大于存款总额."""
    tags: tuple[Code, ...] = Field(min_length=1)
    rule: Mapping[str, Any]


class BasePopulation(Frozen):
    """Who is counted by default: a node in short form over tags, and its name."""

    rule: Mapping[str, Any]
    name: Text


class CatalogHeader(Frozen):
    """catalog.yaml: the bank, its tables and its calendar."""

    bank: Text
    version: str
    customer_table: str
    customer_key: str = "one_id"
    snapshot_column: str
    organisation_tag: Code
    opened_tag: Code | None = None
    """The settled date on which somebody became a customer: tells who was one on a day between two snapshots."""
    value_tag: Code | None = None
    """The amount that tells what a customer is worth to the bank: told beside the customers of a grid."""
    managed_tag: Code | None = None
    """The flag of those whom a relationship manager looks after."""
    contact_records: Code | None = None
    """The record set of managers' contacts: its last day is when a customer was last tried."""
    matched_on: tuple[Code, ...] = ()
    """Tags that a like-for-like comparison holds equal, and within whose values the findings of a persona are looked at again."""
    activity_tag: Code | None = None
    """How active a customer is: whoever does more of everything does more of anything."""
    doubt: Decimal = Field(Decimal("0.01"), ge=0)
    """From which share of a count on it is said how far missing values leave it open."""
    base_population: BasePopulation
    history_from: date
    levels: tuple[Text, ...]
    level_words: Mapping[str, Words]
    """Words for a breakdown by level of the organisation: keys "1", "2", "3" and "region"."""
    regions: tuple[EnumValue, ...] = ()
    organisation: tuple[Organisation, ...]
    subjects: tuple[EnumValue, ...]
    """Top-level subjects of the tag tree, in order."""


class CalendarDays(Frozen):
    """holidays.yaml: days off on weekdays and workdays on weekends (调休), with the years covered."""

    first_year: int
    last_year: int
    holidays: Mapping[str, tuple[date, ...]]
    """Name of the holiday -> the days off."""
    workdays: tuple[date, ...] = ()
    names: Mapping[str, Text]
    """Holiday key -> what people call it."""

    def kind(self, day: date) -> Literal["workday", "weekend", "holiday"]:
        """What a day is: each day is exactly one. A weekend with make-up work (调休) is a workday, a day off of a holiday is a holiday
        even on a Saturday. ValueError outside the years covered, where the make-up days are not known."""
        if not self.first_year <= day.year <= self.last_year:
            raise ValueError(f"the calendar covers {self.first_year} to {self.last_year}, not {day}")
        if day in self.workdays:
            return "workday"
        if any(day in days for days in self.holidays.values()):
            return "holiday"
        return "weekend" if day.weekday() >= 5 else "workday"

    @model_validator(mode="after")
    def _named(self) -> CalendarDays:
        missing = {key.split("_")[0] for key in self.holidays} - set(self.names)
        if missing:
            raise ValueError(f"holidays without a name: {sorted(missing)}")
        return self
