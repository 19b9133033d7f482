"""A rule -> the one sentence the user confirms. Law: one fixed pattern per kind of node, nothing left out, no codes, never a model.

Two different rules read differently: operator, value with unit, open or closed bound, window, filters, aggregate and negation are all said.
A group inside another kind of group always stands in brackets, so that and/or can be read in one way only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element, Language, Property, RecordSet, Tag, Text
from assistant.catalog.naming import distinct_label, has_children, said_unit
from assistant.catalog.population import InBase, lone, named
from assistant.insight.breakdown import smallest_step
from assistant.insight.traits import HAS_VALUE, threshold
from assistant.narrate.messages import message
from assistant.narrate.render import amount, day, plain
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    ConceptRef,
    DayKind,
    Filter,
    Node,
    Not,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SegmentRef,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    walk,
)
from assistant.rule.window import (
    EARLIEST,
    Absolute,
    Ago,
    Calendar,
    Future,
    RestOf,
    Rolling,
    Shifted,
    Tense,
    TimeWindow,
    Unit,
    Yearly,
    resolve,
    snapshot_day,
)
from assistant.sql.buckets import COMING_DAYS, RECENT_DAYS

_AMOUNTS = {">": "more", ">=": "at_least", "<": "less", "<=": "at_most"}
_COUNTS = {operator: f"count_{name}" for operator, name in _AMOUNTS.items()}
_RANKS = {operator: f"rank_{name}" for operator, name in _AMOUNTS.items()}
_COUNTED_UNITS = frozenset({"count", "times", "days", "months"})
_DOWN = {"<": ">", "<=": ">="}
"""A fall said as a fall: a change of at most -30 % is a decrease of at least 30 %."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The two dates a relative window hangs on. With them a read-back adds the absolute dates in brackets."""

    as_of: date
    today: date


@dataclass(frozen=True, slots=True)
class Definition:
    """What a word of the rule means: the element's code (for links), its name and its definition in words."""

    code: str
    name: str
    text: str


def read_back(node: AnyNode, catalog: TagCatalog, language: Language, dates: Dates | None = None) -> str:
    """The whole rule as one sentence. Every code must be the catalog's (KeyError otherwise): a ValidatedRule's always is."""
    return _Reader(catalog, language, dates).sentence(node)


def condition_phrase(node: AnyNode, catalog: TagCatalog, language: Language, dates: Dates | None = None) -> str:
    """One condition as it stands in the sentence, for chips, funnel and narrative."""
    return _Reader(catalog, language, dates).phrase(node)


def definitions(node: AnyNode, catalog: TagCatalog, language: Language, dates: Dates | None = None) -> tuple[Definition, ...]:
    """The definition of every tag, record set and concept the rule names, in order, each once; a concept with what it means, its parameters filled in."""
    return _Reader(catalog, language, dates).definitions(node)


def value_phrase(item: Tag | Property, code: str, catalog: TagCatalog, language: Language, subtree: bool = True) -> str:
    """The name of one enum value, with what tells it from others of the same name; `subtree`: saying when the units below it are meant too."""
    reader = _Reader(catalog, language, None)
    return reader.value_name(item, code) if subtree or not catalog.values(item) else reader.plain_value_name(item, code)


def amount_phrase(item: Tag | Property, number: Decimal, language: Language) -> str:
    """A number with the unit of a tag or property, exactly."""
    return amount(number, said_unit(item), language)


def bucket_phrase(tag: Tag, bucket: str | None, cuts: tuple[Decimal, ...], catalog: TagCatalog, language: Language) -> str:
    """The name of a bucket or row of a tag, as profiles name them (`sql/profile.py`); None is no known value. `cuts` of a number's buckets."""
    return _Reader(catalog, language, None).bucket(tag, bucket, cuts)


def unit_names(codes: Sequence[str], catalog: TagCatalog, language: Language) -> str:
    """The names of units of the organisation, as one list."""
    return message(language, "readback.list_join").join(catalog.organisation[code].name.get(language) for code in codes)


def trait_phrase(tag: Tag, bucket: str, cuts: tuple[Decimal, ...], catalog: TagCatalog, language: Language) -> str:
    """A trait: tag and bucket; a yes-no tag as it reads in a rule."""
    reader = _Reader(catalog, language, None)
    if bucket == HAS_VALUE and tag.any_value is not None:
        return tag.any_value.get(language)
    if bucket == HAS_VALUE:
        return message(language, "trait.has_value", {"tag": tag.name.get(language)})
    if tag.type == "flag":
        return reader.flag(tag, bucket == "true")
    said = {"tag": tag.name.get(language), "bucket": reader.bucket(tag, bucket, cuts)}
    return message(language, "answer.trait", said)


def window_phrase(window: TimeWindow, as_of: date, today: date, tense: Tense, language: Language) -> str:
    """Relative words with the absolute dates they mean, both ends in: 近30天(2026-08-26 至 2026-09-24)."""
    words = window_words(window, language)
    span = resolve(window, as_of, today, tense)
    if span.empty:
        shown = message(language, "window.no_days")
    elif span.start is None:
        shown = "" if span.end is None else message(language, "window.dates_until", {"end": day(span.end)})
    elif span.end is None:
        shown = message(language, "window.dates_from", {"start": day(span.start)})
    elif span.start == span.end:
        shown = message(language, "window.one_day", {"start": day(span.start)})
    else:
        shown = message(language, "window.dates", {"start": day(span.start), "end": day(span.end)})
    if isinstance(window, Absolute) and not span.cut and window.end is not None and window.start is not None:
        return words
    return message(language, "window.with_dates", {"words": words, "dates": shown})


def window_words(window: TimeWindow, language: Language) -> str:
    """The relative words of a window alone: 近30天, the previous month, 2026-09-01 to 2026-09-15."""

    def say(key: str, **params: str) -> str:
        return message(language, f"window.{key}", params)

    match window:
        case Rolling(unit=unit, n=n):
            return say("rolling", n=_length(n, unit, language))
        case Future(unit=unit, n=n):
            return say("future", n=_length(n, unit, language))
        case Calendar(unit=unit, first=first, last=last):
            if first == last:
                return _calendar_unit(unit, first, language)
            if first == EARLIEST:
                return say("units_until", last=_calendar_unit(unit, last, language))
            if last == -1:
                full = message(language, f"window.full_{unit}")
                return say("full_units", n=str(-first), unit=full)
            return say("units", first=_calendar_unit(unit, first, language), last=_calendar_unit(unit, last, language))
        case Absolute(start=start, end=end):
            if start is None:
                assert end is not None
                return say("absolute_until", end=day(end))
            if end is None:
                return say("absolute_from", start=day(start))
            return say("absolute", start=day(start), end=day(end))
        case RestOf(unit=unit, offset=offset):
            return say("rest_of", unit=_calendar_unit(unit, offset, language))
        case Ago(unit=unit, nearest=nearest, farthest=farthest):
            if farthest is None and nearest == 0:
                return say("ago_any")
            if farthest is None:
                return say("ago_one", nearest=_length(nearest, unit, language))
            return say("ago_both", nearest=_length(nearest, unit, language), farthest=_length(farthest, unit, language))
        case Yearly():
            start_day = say("month_day", month=say(f"month_{window.start_month}"), day=str(window.start_day))
            end_day = say("month_day", month=say(f"month_{window.end_month}"), day=str(window.end_day))
            return say("yearly_one", start=start_day) if start_day == end_day else say("yearly", start=start_day, end=end_day)
        case Shifted(base=base, unit=unit, n=n):
            words = window_words(base, language)
            if unit == "year" and n == -1:
                return say("shifted_year", base=words)
            return say("shifted_back" if n < 0 else "shifted_on", base=words, n=_length(abs(n), unit, language))


def _length(n: int, unit: Unit, language: Language) -> str:
    if (n, unit) == (1, "half_year"):
        return message(language, "window.half_year_one")
    said = message(language, f"window.{unit}", {"n": str(n)})
    return said.removesuffix("s") if n == 1 and language == "en" else said


def _calendar_unit(unit: Unit, offset: int, language: Language) -> str:
    named = {0: "this", -1: "previous", 1: "next"}.get(offset)
    if named is not None:
        return message(language, f"window.{named}_{unit}")
    full = message(language, f"window.full_{unit}")
    key = "window.previous_n" if offset < 0 else "window.next_n"
    return message(language, key, {"n": str(abs(offset)), "unit": full.removesuffix("s") if language == "en" else full})


def snapshot_words(snapshot: Snapshot, language: Language) -> str:
    """上月末, the end of the previous year, the month end 3 months back."""
    if snapshot.offset == -1:
        return message(language, f"window.snapshot_{snapshot.unit}")
    return message(language, f"window.snapshot_{snapshot.unit}_n", {"n": str(-snapshot.offset)})


def _within_sentence(name: str) -> str:
    """An English name inside a sentence: a capital that only starts the name is lowered, an acronym is kept."""
    first = name.split(" ", 1)[0]
    return name[0].lower() + name[1:] if first[1:] == first[1:].lower() and len(first) > 1 else name


@dataclass(frozen=True, slots=True)
class _Reader:
    """The words of one catalog in one language. Every method returns text; none knows the database."""

    catalog: TagCatalog
    language: Language
    dates: Dates | None

    def say(self, key: str, **params: str) -> str:
        return message(self.language, f"readback.{key}", params)

    def name(self, text: Text) -> str:
        return text.zh if self.language == "zh" else _within_sentence(text.en)

    # the sentence and its groups

    def sentence(self, node: AnyNode) -> str:
        if node == AllOf():
            return self.everyone()
        return self.say("sentence", phrase=self.phrase(node))

    def everyone(self) -> str:
        return self.say("everyone", base=self.catalog.header.base_population.name.get(self.language))

    def phrase(self, node: AnyNode) -> str:
        match node:
            case AllOf(children=()):
                return self.everyone()
            case AllOf() | AnyOf():
                join = self.say("all_join" if isinstance(node, AllOf) else "any_join")
                return join.join(
                    self.in_base(one) if isinstance(one, InBase) else self.member(one, node) for one in named(node, self.catalog)
                )
            case Not(child=AllOf() | AnyOf() as child) if isinstance(base := lone(child, self.catalog), InBase):
                return self.in_base(base.denied())
            case Not(child=child):
                return self.say("not", phrase=self.phrase(child))
            case TagCondition():
                return self.tag(node)
            case TagComparison():
                return self.change(node)
            case RecordCondition():
                return self.record(node)
            case SequenceCondition():
                return self.sequence(node)
            case RankCondition():
                return self.rank(node)
            case ConceptRef():
                return self.concept(node)
            case SegmentRef(version=None):
                return self.say("segment", name=node.name or node.segment)
            case SegmentRef(version=version):
                return self.say("segment_version", name=node.name or node.segment, version=str(version))

    def member(self, child: AnyNode, parent: AllOf | AnyOf) -> str:
        """A member of a group: in brackets when it is a group itself, bare otherwise. A group of one reads as its member."""
        child = _freed(child)
        phrase = self.phrase(child)
        grouped = isinstance(child, AllOf | AnyOf) and child != AllOf() and len(parent.children) > 1 and lone(child, self.catalog) is None
        return self.say("group", phrase=phrase) if grouped else phrase

    def in_base(self, base: InBase) -> str:
        return self.say("base_in" if base.inside else "base_out", snapshot=self.earlier(base.snapshot))

    # comparisons

    def comparison(self, node: Comparing, item: Tag | Property, unit: str, counted: bool = False) -> str:
        """Operator and value, as said of `item` and in `unit`. counted: of a number of things (多于, 不少于)."""
        value = node.value
        match node.operator:
            case "is_absent":
                return self.say("absent")
            case "is_unknown":
                return self.say("unknown")
            case ">" | ">=" | "<" | "<=":
                if isinstance(value, tuple):
                    return self.say(_RANKS[node.operator], value=self.value_name(item, value[0]))
                keys = _COUNTS if counted or unit in _COUNTED_UNITS else _AMOUNTS
                assert isinstance(value, Decimal)
                return self.say(keys[node.operator], value=amount(value, unit, self.language))
            case "range":
                assert isinstance(value, Range)
                return self.say(
                    "range",
                    low=amount(value.low, unit, self.language),
                    low_side=self.say("excluded" if value.low_open else "included"),
                    high=amount(value.high, unit, self.language),
                    high_side=self.say("excluded" if value.high_open else "included"),
                )
            case "within":
                assert value is not None
                assert not isinstance(value, bool | Decimal | tuple | Range)
                return self.say("within", window=self.window(value, item.tense))
            case "in" | "not_in":
                assert isinstance(value, tuple)
                return self.members_of(node.operator == "in", item, value)
            case _:
                return self.equality(node.operator == "=", item, value, unit)

    def equality(self, same: bool, item: Tag | Property, value: object, unit: str) -> str:
        absent = "" if same else self.left_out(item)
        if isinstance(value, Decimal):
            shown = amount(value, unit, self.language)
            return self.say("equal", value=shown) if same else self.say("not_equal", value=shown, absent=absent)
        if isinstance(value, bool):
            shown = self.say("yes" if value else "no")
        else:
            assert isinstance(value, tuple)
            shown = self.value_name(item, value[0])
        return self.say("is", value=shown) if same else self.say("is_not", value=shown, absent=absent)

    def members_of(self, inside: bool, item: Tag | Property, codes: tuple[str, ...]) -> str:
        names = [self.value_name(item, code) for code in codes]
        absent = "" if inside else self.left_out(item)
        if len(names) == 1:
            return self.say("is", value=names[0]) if inside else self.say("is_not", value=names[0], absent=absent)
        listed = self.say("list_join").join(names)
        return self.say("one_of", values=listed) if inside else self.say("none_of", values=listed, absent=absent)

    def left_out(self, item: Tag | Property) -> str:
        """Who a "not" leaves out besides those named: it asks for a known, different value."""
        if item.null_means == "unknown":
            return self.say("unknown_out")
        return self.say("none_out") if item.null_means == "none" else ""

    def value_name(self, item: Tag | Property, code: str) -> str:
        """Label of a value: told from others of its name, and saying when the units below it are meant too. An enum without values has no labels."""
        if not self.catalog.values(item):
            return code
        shown = self.plain_value_name(item, code)
        return self.say("with_subtree", value=shown) if has_children(self.catalog.values(item), code) else shown

    def plain_value_name(self, item: Tag | Property, code: str) -> str:
        value = self.catalog.value(item, code)
        if value is None:
            region = next((region for region in self.catalog.header.regions if region.code == code), None)
            if item.values_from != "organisation" or region is None:
                raise KeyError(code)
            return self.say("region", value=region.label.get(self.language))
        label, parent = distinct_label(self.catalog.values(item), value, self.language)
        return label if parent is None else self.say("with_parent", value=label, parent=parent)

    # leaves

    def tag_name(self, code: str, snapshot: Snapshot | None) -> str:
        name = self.name(self.catalog.tags[code].name)
        if snapshot is None:
            return name
        return self.say("tag_side", name=name, snapshot=self.snapshot(snapshot))

    def snapshot(self, snapshot: Snapshot) -> str:
        return message(self.language, "window.snapshot_prefix", {"snapshot": self.earlier(snapshot)})

    def earlier(self, snapshot: Snapshot) -> str:
        """A snapshot's words; with the date that is meant where they count more than one unit back."""
        words = snapshot_words(snapshot, self.language)
        if self.dates is None or snapshot.offset == -1:
            return words
        meant = snapshot_day(snapshot.unit, snapshot.offset, self.dates.as_of, self.dates.today)
        return message(self.language, "window.snapshot_with_date", {"words": words, "date": day(meant)})

    def tag(self, node: TagCondition) -> str:
        tag = self.catalog.tags[node.tag]
        snapshot = "" if node.snapshot is None else self.snapshot(node.snapshot)
        if node.operator == "=" and isinstance(node.value, bool):
            return self.flag(tag, node.value, snapshot)
        return self.say("tag", name=self.name(tag.name), snapshot=snapshot, comparison=self.comparison(node, tag, said_unit(tag)))

    def flag(self, item: Tag | Property, value: bool, snapshot: str = "") -> str:
        """A yes-no that holds, or that is known not to."""
        name = item.name.get(self.language)
        if value:
            return self.say("flag", name=name, snapshot=snapshot)
        return self.say("flag_not", name=name, snapshot=snapshot, absent=self.left_out(item))

    def change(self, node: TagComparison) -> str:
        """A tag against another, or against itself earlier. A plain rise or fall is said as one; anything else as a signed figure."""
        left, right = self.catalog.tags[node.left], self.catalog.tags[node.right]
        earlier = node.left == node.right and node.left_snapshot is None and node.right_snapshot is not None
        unit = {"difference": said_unit(left), "ratio": "ratio", "relative_change": "percent"}[node.measure]
        if node.measure == "difference" and left.ordered:
            unit = "steps"
        elif node.measure == "difference" and unit == "percent":
            unit = "percentage_point"
        said: Comparing = node
        if node.measure == "relative_change":
            said = _times_hundred(node)
        direction = ""
        if isinstance(said.value, Decimal) and node.measure != "ratio":
            if said.value > 0 and said.operator in (">", ">="):
                direction = "_up"
            elif said.value < 0 and said.operator in _DOWN:
                direction = "_down"
                said = said.model_copy(update={"operator": _DOWN[said.operator], "value": -said.value})
        comparison = self.comparison(said, left, unit, counted=bool(direction))
        if earlier:
            assert node.right_snapshot is not None
            key = {"difference": "change", "relative_change": "growth", "ratio": "multiple"}[node.measure]
            snapshot = self.earlier(node.right_snapshot)
            return self.say(key + direction, name=self.name(left.name), snapshot=snapshot, comparison=comparison)
        key = {"difference": "gap", "relative_change": "relative", "ratio": "ratio"}[node.measure]
        return self.say(
            key + direction,
            left=self.tag_name(node.left, node.left_snapshot),
            right=self.tag_name(right.code, node.right_snapshot),
            comparison=comparison,
        )

    def filters(self, filters: tuple[Filter, ...], records: RecordSet, day_kind: DayKind | None = None) -> str:
        """The filters in brackets; `day_kind` among them where no window stands to carry it."""
        said = [] if day_kind is None else [self.say(f"only_{day_kind}")]
        for item in filters:
            found = records.property(item.property)
            if found is None:
                raise KeyError(item.property)
            if item.operator == "=" and isinstance(item.value, bool):
                said.append(self.flag(found, item.value))
                continue
            comparison = self.comparison(item, found, said_unit(found))
            said.append(self.say("tag", name=self.name(found.name), snapshot="", comparison=comparison))
        return self.say("filters", filters=self.say("filter_join").join(said)) if said else ""

    def window(self, window: TimeWindow, tense: Tense) -> str:
        if self.dates is None:
            return window_words(window, self.language)
        return window_phrase(window, self.dates.as_of, self.dates.today, tense, self.language)

    def when(self, records: RecordSet, window: TimeWindow | None, day_kind: DayKind | None) -> str:
        """The time of a record condition. None where the set has no date of its own; all of its history otherwise."""
        if window is None and records.date_column is None:
            return ""
        words = message(self.language, "window.ever") if window is None else self.window(window, records.tense)
        if day_kind is not None:
            words = self.say(f"day_{day_kind}", window=words)
        return self.say("when", window=words)

    def record(self, node: RecordCondition) -> str:
        records = self.catalog.records[node.records]
        found = None if node.of is None else records.property(node.of)
        if node.of is not None and found is None:
            raise KeyError(node.of)
        if node.aggregate == "count":
            aggregate = (records.unit.zh if self.language == "zh" else "") + self.say("count")
            comparison = self.counted(node, records, "count")
        elif node.aggregate == "days":
            aggregate = self.say("days")
            comparison = self.counted(node, records, "days")
        else:
            item = _record_date(records) if found is None else found
            of = self.say("record_date") if found is None else self.name(found.name)
            aggregate = self.say(node.aggregate, of=of)
            comparison = self.comparison(node, item, said_unit(item))
        return self.say(
            "record",
            window=self.when(records, node.window, node.day_kind),
            records=records.name.get(self.language),
            filters=self.filters(node.filters, records),
            aggregate=aggregate,
            comparison=comparison,
        )

    def counted(self, node: RecordCondition, records: RecordSet, how: str) -> str:
        """A number of records in the set's own unit (3次, 2张), or of days."""
        item = _counted(records)
        if how == "days" or self.language == "en":
            return self.comparison(node, item, "days" if how == "days" else "none", counted=True)
        return _in_unit(self, node, item, records.unit.zh)

    def records(self, node: Records, then: bool = False) -> str:
        records = self.catalog.records[node.records]
        return self.say(
            "records",
            window="" if then else self.when(records, node.window, node.day_kind),
            records=records.name.get(self.language),
            filters=self.filters(node.filters, records, node.day_kind if then else None),
        )

    def sequence(self, node: SequenceCondition) -> str:
        length = _length(node.within_days or 0, "day", self.language)
        days = self.say("sequence_window") if node.within_days is None else self.say("sequence_days", length=length)
        if node.within_days == 0:
            days = self.say("sequence_same_day")
        return self.say(
            "sequence_not" if node.negated else "sequence",
            first=self.records(node.first),
            then=self.records(node.then, then=True),
            days=days,
            passed=self.say("sequence_passed", length=length) if node.negated and node.within_days else "",
        )

    def rank(self, node: RankCondition) -> str:
        group = self.everyone() if node.within == AllOf() else self.say("rank_group", phrase=self.phrase(node.within))
        size = f"{node.count:,}" if node.count is not None else plain(node.percent or Decimal(0))
        how = "count" if node.count is not None else "percent"
        return self.say(f"rank_{node.direction}_{how}", group=group, name=self.name(self.catalog.tags[node.tag].name), size=size)

    def concept(self, node: ConceptRef) -> str:
        concept = self.catalog.concepts[node.concept]
        if node.negated and concept.negation_name is not None:
            said = self.say("concept", name=concept.negation_name.get(self.language))
        else:
            said = self.say("concept_negated" if node.negated else "concept", name=concept.name.get(self.language))
        if not node.parameters:
            return said
        parts = []
        for code, value in node.parameters:
            parameter = concept.parameters[code]
            unit = "age" if parameter.unit == "years" and "年龄" in parameter.name.zh else parameter.unit
            shown = amount(value, unit, self.language) if isinstance(value, Decimal) else value
            parts.append(self.say("concept_parameter", name=parameter.name.get(self.language), value=shown))
        return said + self.say("concept_parameters", parameters=self.say("filter_join").join(parts))

    # buckets

    def bucket(self, tag: Tag, bucket: str | None, cuts: tuple[Decimal, ...]) -> str:
        if bucket is None:
            return message(self.language, "answer.no_value" if tag.null_means == "none" else "answer.unknown")
        sign, code = threshold(bucket)
        if sign:
            return self.side(tag, sign, code, cuts)
        if tag.numeric:
            return self.interval(tag, int(bucket), cuts)
        if tag.type == "flag":
            return message(self.language, "answer.yes" if bucket == "true" else "answer.no")
        if tag.type == "month_day":
            return message(self.language, "answer.month_of_year", {"month": str(int(bucket))})
        return self.age(bucket) if tag.type == "date" else self.value_name(tag, bucket)

    def side(self, tag: Tag, sign: str, code: str, cuts: tuple[Decimal, ...]) -> str:
        """All on one side of a threshold."""
        if tag.numeric:
            cut = cuts[int(code) - 1]
            return self.interval(tag, int(sign == ">="), (cut,))
        if tag.type == "date":
            coming = code.startswith("in")
            key = ("upcoming" if coming else "recency") + ("_within" if sign == "<=" else "_after" if coming else "_before")
            return message(self.language, f"answer.{key}", {"days": code.removeprefix("in" if coming else "d")})
        names = {"low" if sign == ">=" else "high": self.value_name(tag, code)}
        return message(self.language, "answer.from" if sign == ">=" else "answer.below", names)

    def interval(self, tag: Tag, place: int, cuts: tuple[Decimal, ...]) -> str:
        """A number's bucket. Where zero is a bucket of its own it is said as zero, and the next one as what is above it."""
        low = cuts[place - 1] if place else None
        high = cuts[place] if place < len(cuts) else None
        said = {name: amount_phrase(tag, cut, self.language) for name, cut in (("low", low), ("high", high)) if cut is not None}
        zero = tag.null_means == "zero" and cuts[:1] == (smallest_step(tag),)
        if zero and place == 0:
            return amount_phrase(tag, Decimal(0), self.language)
        if zero and place == 1 and tag.type == "decimal":
            return message(self.language, "answer.some" if high is None else "answer.some_below", said)
        if low is None:
            return message(self.language, "answer.below", said)
        if high is None:
            return message(self.language, "answer.from", said)
        if tag.type == "integer" and high - low == 1:
            return said["low"]
        return message(self.language, "answer.between", said)

    def age(self, bucket: str) -> str:
        """A date's bucket: how long ago, or how far ahead."""
        if bucket in ("ahead", "past"):
            return message(self.language, f"answer.{bucket}")
        name, days = ("upcoming", COMING_DAYS) if bucket == "later" or bucket.startswith("in") else ("recency", RECENT_DAYS)
        if bucket in ("later", "older"):
            return message(self.language, f"answer.{name}_{'after' if name == 'upcoming' else 'before'}", {"days": str(days[-1])})
        place = days.index(int(bucket.removeprefix("in").removeprefix("d")))
        if place == 0:
            return message(self.language, f"answer.{name}_within", {"days": str(days[0])})
        return message(self.language, f"answer.{name}_between", {"low": str(days[place - 1] + 1), "high": str(days[place])})

    # definitions

    def definitions(self, node: AnyNode) -> tuple[Definition, ...]:
        found: dict[str, Definition] = {}
        for _, part in walk(node):
            for element in self.elements(part):
                if isinstance(part, ConceptRef):
                    expanded = self.phrase(self.catalog.expand(part))
                    text = self.say("definition_rule", definition=element.definition.get(self.language), phrase=expanded)
                    name = self.concept(part)
                    found.setdefault(name, Definition(element.code, name, text))
                else:
                    name = element.name.get(self.language)
                    found.setdefault(name, Definition(element.code, name, element.definition.get(self.language)))
        return tuple(found.values())

    def elements(self, node: Node) -> tuple[Element, ...]:
        match node:
            case TagCondition(tag=tag) | RankCondition(tag=tag):
                return (self.catalog.tags[tag],)
            case TagComparison(left=left, right=right):
                return (self.catalog.tags[left], self.catalog.tags[right])
            case RecordCondition(records=records):
                return (self.catalog.records[records],)
            case SequenceCondition(first=first, then=then):
                return (self.catalog.records[first.records], self.catalog.records[then.records])
            case ConceptRef(concept=concept):
                return (self.catalog.concepts[concept],)
            case _:
                return ()


def _freed(node: AnyNode) -> AnyNode:
    """The only member of a group of one, however deep; any other node as it is."""
    while isinstance(node, AllOf | AnyOf) and len(node.children) == 1:
        node = node.children[0]
    return node


def _times_hundred(node: TagComparison) -> TagComparison:
    """A fraction as percent: -0.3 is said as 30 %."""
    value = node.value
    if isinstance(value, Decimal):
        return node.model_copy(update={"value": value * 100})
    if isinstance(value, Range):
        return node.model_copy(update={"value": value.model_copy(update={"low": value.low * 100, "high": value.high * 100})})
    return node


def _record_date(records: RecordSet) -> Property:
    """The record's own day, as something to compare."""
    return Property(code="date", name=Text(zh="日期", en="date"), type="date", tense=records.tense)


def _counted(records: RecordSet) -> Property:
    """A number of records or days, as something to compare: never unknown."""
    return Property(code="count", name=records.name, type="integer", null_means="never_null")


def _in_unit(reader: _Reader, node: Comparing, item: Property, unit: str) -> str:
    """A count with a record set's own counting word: said with no unit, the word put behind each number."""
    value = node.value
    if isinstance(value, Range):
        return reader.say(
            "range",
            low=plain(value.low) + unit,
            low_side=reader.say("excluded" if value.low_open else "included"),
            high=plain(value.high) + unit,
            high_side=reader.say("excluded" if value.high_open else "included"),
        )
    return reader.comparison(node, item, "none", counted=True) + unit
