"""Single conditions in a read-back's own words: tags, changes, records, sequences and concepts by the patterns they are written with. Law: see `patterns`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Concept, Language, Property, RecordSet, Tag, Text
from assistant.catalog.naming import said_unit
from assistant.catalog.population import population_at
from assistant.interpret.readback.patterns import Compared, Found, Names, Patterns, Place
from assistant.language.templates import fold
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    DayKind,
    Filter,
    Not,
    Operator,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    Value,
)
from assistant.rule.window import TimeWindow

_DAY_KINDS: tuple[DayKind, ...] = ("workday", "weekend", "holiday")
_AGGREGATES = ("sum", "avg", "min", "max", "first", "last")
_MIRROR: Mapping[str, Operator] = {">": "<", ">=": "<="}
_HUNDRED = Decimal(100)

When = tuple[TimeWindow | None, DayKind | None, bool]
"""A window with its kind of day, and whether any time was said (all time on record is no window)."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of a catalog in one language."""

    tags: Names
    flags: Names
    records: Names
    properties: Names
    concepts: Names
    negations: Names
    everyone: str


@lru_cache(maxsize=16)
def vocabulary(catalog: TagCatalog, language: Language) -> Vocabulary:
    def name(words: Text) -> str:
        return words.get(language)

    tags, concepts = catalog.tags.values(), catalog.concepts.values()
    return Vocabulary(
        tags=Names.of((name(tag.name), tag.code) for tag in tags),
        flags=Names.of((name(tag.name), tag.code) for tag in tags if tag.type == "flag"),
        records=Names.of((name(record.name), record.code) for record in catalog.records.values()),
        properties=Names.of(
            {(name(prop.name), fold(name(prop.name))) for record in catalog.records.values() for prop in record.properties}
        ),
        concepts=Names.of((name(concept.name), concept.code) for concept in concepts),
        negations=Names.of((name(concept.negation_name), concept.code) for concept in concepts if concept.negation_name is not None),
        everyone=fold(name(catalog.header.base_population.name)),
    )


class ConditionReader:
    """The conditions of one text in one language. Every method gives all that can stand at a place."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns, self.catalog, self.language, self.text = patterns, patterns.catalog, patterns.language, patterns.text
        self.words = vocabulary(self.catalog, self.language)
        self._leaves: dict[int, Found[AnyNode]] = {}
        self._sides: dict[int, Found[tuple[str, Snapshot | None]]] = {}

    def leaves(self, at: int) -> Found[AnyNode]:
        """Every single condition that stands at a place."""
        known = self._leaves.get(at)
        if known is None:
            known = [
                *self.tags(at),
                *self.changes(at),
                *self.record_conditions(at),
                *self.sequences(at),
                *self.concepts(at),
                *self.base(at),
            ]
            self._leaves[at] = known
        return known

    # tags

    def tag_name(self, at: int, held: Mapping[str, Any]) -> Found[str]:
        return self.words.tags.at(self.text, at)

    def earlier(self, at: int, held: Mapping[str, Any]) -> Found[Snapshot | None]:
        """The snapshot in front of or behind a name, or none."""
        inner: Place = lambda place, _: self.patterns.snapshot(place)  # noqa: E731
        return [(None, at), *((one["snapshot"], end) for one, end in self.patterns.fill("window.snapshot_prefix", at, {"snapshot": inner}))]

    def tags(self, at: int) -> Found[AnyNode]:
        def comparison(place: int, held: Mapping[str, Any]) -> Found[Compared]:
            return self.patterns.comparison(place, self.catalog.tags[held["name"]])

        found: Found[AnyNode] = []
        places: dict[str, Place] = {"snapshot": self.earlier, "name": self.tag_name, "comparison": comparison}
        for held, end in self.patterns.fill("readback.tag", at, places):
            operator, value = held["comparison"]
            data = {"tag": held["name"], "snapshot": held["snapshot"], "operator": operator, "value": value}
            found += [(node, end) for node in built(TagCondition, data)]
        flags: Place = lambda place, _: self.words.flags.at(self.text, place)  # noqa: E731
        for key, value in (("flag", True), ("flag_not", False)):
            places = {
                "snapshot": self.earlier,
                "name": flags,
                "absent": lambda place, one: self.absent(place, self.catalog.tags[one["name"]]),
            }
            for held, end in self.patterns.fill(f"readback.{key}", at, places):
                data = {"tag": held["name"], "snapshot": held["snapshot"], "operator": "=", "value": value}
                found += [(node, end) for node in built(TagCondition, data)]
        return found

    def absent(self, at: int, item: Tag | Property) -> Found[str]:
        return self.patterns.left_out(item)(at, {})

    def changes(self, at: int) -> Found[AnyNode]:
        """A tag against itself earlier, or against another tag."""
        found: Found[AnyNode] = []
        point: Place = lambda place, _: self.patterns.snapshot(place)  # noqa: E731
        for key, measure in (("change", "difference"), ("growth", "relative_change"), ("multiple", "ratio")):
            for way in ("", "_up", "_down") if measure != "ratio" else ("",):
                size: Place = lambda place, one, measure=measure: self.change_size(place, one["name"], measure)  # type: ignore[misc]  # noqa: E731
                for held, end in self.patterns.fill(
                    f"readback.{key}{way}", at, {"name": self.tag_name, "snapshot": point, "comparison": size}
                ):
                    sides = {"left": held["name"], "right": held["name"], "right_snapshot": held["snapshot"]}
                    found += [(node, end) for node in _change(sides, measure, way, held["comparison"])]
        for key, measure in (("gap", "difference"), ("relative", "relative_change"), ("ratio", "ratio")):
            for way in ("", "_up", "_down") if measure != "ratio" else ("",):
                size = lambda place, one, measure=measure: self.change_size(place, one["left"][0], measure)  # type: ignore[misc]  # noqa: E731
                for held, end in self.patterns.fill(
                    f"readback.{key}{way}", at, {"left": self.side, "right": self.side, "comparison": size}
                ):
                    (left, left_at), (right, right_at) = held["left"], held["right"]
                    sides = {"left": left, "left_snapshot": left_at, "right": right, "right_snapshot": right_at}
                    found += [(node, end) for node in _change(sides, measure, way, held["comparison"])]
        return found

    def side(self, at: int, held: Mapping[str, Any]) -> Found[tuple[str, Snapshot | None]]:
        """A tag by name, with the snapshot it is read at."""
        known = self._sides.get(at)
        if known is None:
            named = self.patterns.fill("readback.tag_side", at, {"snapshot": self.earlier, "name": self.tag_name})
            known = self._sides[at] = [((one["name"], one["snapshot"]), end) for one, end in named]
        return known

    def change_size(self, at: int, code: str, measure: str) -> Found[Compared]:
        tag = self.catalog.tags[code]
        unit = {"difference": said_unit(tag), "ratio": "ratio", "relative_change": "percent"}[measure]
        if measure == "difference" and tag.ordered:
            unit = "steps"
        elif measure == "difference" and unit == "percent":
            unit = "percentage_point"
        return self.patterns.numbers(at, tag, lambda place: self.patterns.amount(place, unit))

    def base(self, at: int) -> Found[AnyNode]:
        """To be in the base population at an earlier snapshot, or not to be."""
        found: Found[AnyNode] = []
        point: Place = lambda place, _: self.patterns.snapshot(place)  # noqa: E731
        for key in ("base_in", "base_out"):
            for held, end in self.patterns.fill(f"readback.{key}", at, {"snapshot": point}):
                members = population_at(self.catalog, held["snapshot"])
                if members:
                    was = AllOf(children=members)
                    found.append((was if key == "base_in" else Not(child=was), end))
        return found

    # records

    def window(self, at: int, held: Mapping[str, Any]) -> Found[When]:
        """The time of a record condition, or nothing."""
        found: Found[When] = [((None, None, False), at)]
        for one, end in self.patterns.fill("readback.when", at, {"window": lambda place, _: self.times(place)}):
            window, day_kind = one["window"]
            found.append(((window, day_kind, True), end))
        return found

    def times(self, at: int) -> Found[tuple[TimeWindow | None, DayKind | None]]:
        plain: Found[TimeWindow | None] = [(window, end) for window, end in self.patterns.window(at)]
        ever = self.patterns.says("window.ever", at)
        if ever is not None:
            plain.append((None, ever))
        found: Found[tuple[TimeWindow | None, DayKind | None]] = [((window, None), end) for window, end in plain]
        for kind in _DAY_KINDS:
            inner: Place = lambda place, _: list(plain)  # noqa: E731
            found += [((one["window"], kind), end) for one, end in self.patterns.fill(f"readback.day_{kind}", at, {"window": inner})]
        return found

    def record_name(self, at: int, held: Mapping[str, Any]) -> Found[RecordSet]:
        return [(self.catalog.records[code], end) for code, end in self.words.records.at(self.text, at)]

    def filters(self, at: int, record: RecordSet, then: bool = False) -> Found[tuple[tuple[Filter, ...], DayKind | None]]:
        """The filters in brackets, or none; behind "then" a kind of day may stand among them."""

        def one(place: int) -> Found[Filter | DayKind]:
            found: Found[Filter | DayKind] = [*self.filter(place, record)]
            for kind in _DAY_KINDS if then else ():
                end = self.patterns.says(f"readback.only_{kind}", place)
                if end is not None:
                    found.append((kind, end))
            return found

        inside: Place = lambda place, _: self.patterns.listed(place, "readback.filter_join", one)  # noqa: E731
        found: Found[tuple[tuple[Filter, ...], DayKind | None]] = [(((), None), at)]
        for held, end in self.patterns.fill("readback.filters", at, {"filters": inside}):
            kinds = [item for item in held["filters"] if not isinstance(item, Filter)]
            if len(kinds) <= 1:
                filters = tuple(item for item in held["filters"] if isinstance(item, Filter))
                found.append(((filters, kinds[0] if kinds else None), end))
        return found

    def filter(self, at: int, record: RecordSet) -> Found[Filter]:
        names = _properties(self.catalog, record.code, self.language)
        properties: Place = lambda place, _: names.at(self.text, place)  # noqa: E731

        def item(held: Mapping[str, Any]) -> Property:
            found = record.property(held["name"])
            assert found is not None, "named by the record set"
            return found

        found: Found[Filter] = []
        empty: Place = lambda place, _: [("", place)]  # noqa: E731
        comparison: Place = lambda place, held: self.patterns.comparison(place, item(held), record.code)  # noqa: E731
        for held, end in self.patterns.fill("readback.tag", at, {"snapshot": empty, "name": properties, "comparison": comparison}):
            operator, value = held["comparison"]
            found += [(node, end) for node in built(Filter, {"property": held["name"], "operator": operator, "value": value})]
        for key, value in (("flag", True), ("flag_not", False)):
            places: dict[str, Place] = {"snapshot": empty, "name": properties, "absent": lambda place, held: self.absent(place, item(held))}
            for held, end in self.patterns.fill(f"readback.{key}", at, places):
                if item(held).type == "flag":
                    found.append((Filter(property=held["name"], operator="=", value=value), end))
        return found

    def record_conditions(self, at: int) -> Found[AnyNode]:
        def filters(place: int, held: Mapping[str, Any]) -> Found[tuple[tuple[Filter, ...], DayKind | None]]:
            return self.filters(place, held["records"])

        def comparison(place: int, held: Mapping[str, Any]) -> Found[Compared]:
            return self.aggregate_size(place, held["records"], *held["aggregate"])

        found: Found[AnyNode] = []
        places: dict[str, Place] = {
            "window": self.window, "records": self.record_name, "filters": filters, "aggregate": self.aggregate, "comparison": comparison,
        }  # fmt: skip
        for held, end in self.patterns.fill("readback.record", at, places):
            record, (window, day_kind, said), (how, of) = held["records"], held["window"], held["aggregate"]
            if said != (window is not None or record.date_column is not None):
                continue
            operator, value = held["comparison"]
            data = {
                "records": record.code, "filters": held["filters"][0], "window": window, "day_kind": day_kind, "aggregate": how,
                "of": self.property_code(record, of), "operator": operator, "value": value,
            }  # fmt: skip
            found += [(node, end) for node in built(RecordCondition, data)]
        return found

    def aggregate(self, at: int, held: Mapping[str, Any]) -> Found[tuple[str, str | None]]:
        """What is counted or taken of the records: (how, the folded name of the property); the name None is the record's own date."""
        found: Found[tuple[str, str | None]] = []
        unit = fold(held["records"].unit.zh) if self.language == "zh" and "records" in held else ""
        count = self.patterns.says("readback.count", at + len(unit)) if self.text.startswith(unit, at) else None
        days = self.patterns.says("readback.days", at)
        found += [((how, None), end) for how, end in (("count", count), ("days", days)) if end is not None]

        def of(place: int, _: Mapping[str, Any]) -> Found[str | None]:
            own = self.patterns.says("readback.record_date", place)
            named: Found[str | None] = [(name, end) for name, end in self.words.properties.at(self.text, place)]
            return named if own is None else [*named, (None, own)]

        for how in _AGGREGATES:
            found += [((how, one["of"]), end) for one, end in self.patterns.fill(f"readback.{how}", at, {"of": of})]
        return found

    def property_code(self, record: RecordSet, name: str | None) -> str | None:
        return None if name is None else next((code for code, _ in _properties(self.catalog, record.code, self.language).at(name, 0)), name)

    def aggregate_size(self, at: int, record: RecordSet, how: str, of: str | None) -> Found[Compared]:
        """What an aggregate is compared with: a number of records or days, or what fits the property."""
        if how in ("count", "days"):
            counted = Property(
                code=how, name=record.name, type="integer", unit="days" if how == "days" else "none", null_means="never_null"
            )
            return self.patterns.numbers(at, counted, self.records_counted(record) if how == "count" else self.days)
        code = self.property_code(record, of)
        item = _own_date(record) if code is None else record.property(code)
        return [] if item is None else self.patterns.comparison(at, item, record.code)

    def days(self, at: int) -> Found[Decimal]:
        return self.patterns.amount(at, "days")

    def records_counted(self, record: RecordSet) -> Callable[[int], Found[Decimal]]:
        unit = fold(record.unit.zh) if self.language == "zh" else ""
        return lambda at: [(n, end + len(unit)) for n, end in self.patterns.number(at) if self.text.startswith(unit, end)]

    def records(self, at: int, then: bool) -> Found[Records]:
        """A record set with its filters; the one that comes first with its time."""
        none: Place = lambda place, _: [((None, None, False), place)]  # noqa: E731
        places: dict[str, Place] = {
            "window": none if then else self.window,
            "records": self.record_name,
            "filters": lambda place, held: self.filters(place, held["records"], then),
        }
        found: Found[Records] = []
        for held, end in self.patterns.fill("readback.records", at, places):
            record, (window, day_kind, said), (filters, inner) = held["records"], held["window"], held["filters"]
            if then or said == (window is not None or record.date_column is not None):
                data = {"records": record.code, "filters": filters, "window": window, "day_kind": inner if then else day_kind}
                found += [(node, end) for node in built(Records, data)]
        return found

    def sequences(self, at: int) -> Found[AnyNode]:
        def days(place: int, _: Mapping[str, Any]) -> Found[int | None]:
            same = self.patterns.says("readback.sequence_same_day", place)
            length: Place = lambda inner, _: self.patterns.length(inner, "day")  # noqa: E731
            found: Found[int | None] = [
                (held["length"], end) for held, end in self.patterns.fill("readback.sequence_days", place, {"length": length})
            ]
            whole = self.patterns.says("readback.sequence_window", place)
            found += [(days, end) for days, end in ((0, same), (None, whole)) if end is not None]
            return found

        def passed(place: int, held: Mapping[str, Any]) -> Found[str]:
            if not held["days"]:
                return [("", place)]
            length: Place = lambda inner, _: self.patterns.length(inner, "day")  # noqa: E731
            said = self.patterns.fill("readback.sequence_passed", place, {"length": length})
            return [("", end) for one, end in said if one["length"] == held["days"]]

        places: dict[str, Place] = {
            "first": lambda place, _: self.records(place, False),
            "then": lambda place, _: self.records(place, True),
        }
        found: Found[AnyNode] = []
        for key, negated in (("sequence", False), ("sequence_not", True)):
            behind: Place = passed if negated else lambda place, _: [("", place)]
            for held, end in self.patterns.fill(f"readback.{key}", at, {**places, "days": days, "passed": behind}):
                data = {"first": held["first"], "then": held["then"], "within_days": held["days"], "negated": negated}
                found += [(node, end) for node in built(SequenceCondition, data)]
        return found

    # concepts

    def concepts(self, at: int) -> Found[AnyNode]:
        plain: Place = lambda place, _: self.words.concepts.at(self.text, place)  # noqa: E731
        denied: Place = lambda place, _: self.words.negations.at(self.text, place)  # noqa: E731
        said = [(held["name"], False, end) for held, end in self.patterns.fill("readback.concept", at, {"name": plain})]
        said += [(held["name"], True, end) for held, end in self.patterns.fill("readback.concept", at, {"name": denied})]
        said += [(held["name"], True, end) for held, end in self.patterns.fill("readback.concept_negated", at, {"name": plain})]
        found: Found[AnyNode] = []
        for code, negated, end in said:
            found.append((ConceptRef(concept=code, negated=negated), end))
            concept = self.catalog.concepts[code]
            inside: Place = lambda place, _, concept=concept: self.patterns.listed(  # type: ignore[misc]  # noqa: E731
                place, "readback.filter_join", lambda inner: self.parameter(inner, concept)
            )
            for held, after in self.patterns.fill("readback.concept_parameters", end, {"parameters": inside}):
                found.append((ConceptRef(concept=code, negated=negated, parameters=held["parameters"]), after))
        return found

    def parameter(self, at: int, concept: Concept) -> Found[tuple[str, Decimal]]:
        names = Names.of((parameter.name.get(self.language), code) for code, parameter in concept.parameters.items())

        def value(place: int, held: Mapping[str, Any]) -> Found[Decimal]:
            parameter = concept.parameters[held["name"]]
            unit = "age" if parameter.unit == "years" and "年龄" in parameter.name.zh else parameter.unit
            return self.patterns.amount(place, unit)

        places: dict[str, Place] = {"name": lambda place, _: names.at(self.text, place), "value": value}
        return [((held["name"], held["value"]), end) for held, end in self.patterns.fill("readback.concept_parameter", at, places)]


@lru_cache(maxsize=8)
def condition_reader(catalog: TagCatalog, language: Language, folded: str, as_of: date, today: date) -> ConditionReader:
    """The reader of a folded text, kept while one request is read over and over with other choices."""
    return ConditionReader(Patterns(catalog, language, folded, as_of, today))


@lru_cache(maxsize=512)
def _properties(catalog: TagCatalog, record: str, language: Language) -> Names:
    return Names.of((prop.name.get(language), prop.code) for prop in catalog.records[record].properties)


def _own_date(record: RecordSet) -> Property:
    return Property(code="date", name=Text(zh="日期", en="date"), type="date", tense=record.tense)


def _change(sides: Mapping[str, object], measure: str, way: str, compared: Compared) -> list[TagComparison]:
    """A rise or fall said as one, or a signed figure; percent become a fraction."""
    operator, value = compared
    by = Decimal(1) / _HUNDRED if measure == "relative_change" else Decimal(1)
    if way and (operator not in _MIRROR or not isinstance(value, Decimal)):
        return []
    sized: Value = value
    if isinstance(value, Decimal):
        sized = value * by * (-1 if way == "_down" else 1)
    elif isinstance(value, Range):
        sized = value.model_copy(update={"low": value.low * by, "high": value.high * by})
    said = _MIRROR[operator] if way == "_down" else operator
    return built(TagComparison, {**sides, "measure": measure, "operator": said, "value": sized})


M = TypeVar("M", TagCondition, TagComparison, RecordCondition, Records, SequenceCondition, RankCondition, Filter)


def built(model: type[M], data: Mapping[str, object]) -> list[M]:
    """The node, where its values fit together."""
    try:
        return [model.model_validate(data)]
    except ValidationError:
        return []
