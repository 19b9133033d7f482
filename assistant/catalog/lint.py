"""Every fault of a bank's catalog folder, with file, line and element. Law: it never stops at the first fault and never mends one.

A check is one function over the whole folder that yields findings; CHECKS lists them. A finding carries a code and parameters: the sentence is in
`language/<locale>/lint.yaml`. Words of two elements collide when they fold to the same spelling (`language.text.normalise`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

import assistant.language as language_room
from assistant.catalog.model import (
    AmbiguousWord,
    CalendarDays,
    CatalogHeader,
    Concept,
    Contradiction,
    Element,
    EnumValue,
    Inexpressible,
    Language,
    Property,
    RecordSet,
    Tag,
    Valued,
    Words,
)
from assistant.catalog.naming import distinct_label
from assistant.catalog.strategy import Framework, Strategy
from assistant.errors import Param
from assistant.language.text import is_cjk, normalise
from assistant.policy import POLICY_FILE, Policy
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AnyNode,
    Comparing,
    ConceptRef,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SequenceCondition,
    TagComparison,
    TagCondition,
    walk,
)
from assistant.rule.window import Frozen

_LANGUAGES: tuple[Language, ...] = ("zh", "en")
Place = tuple[str | int, ...]
Fault = tuple[str, Mapping[str, Param]]
M = TypeVar("M", bound=BaseModel)
M_co = TypeVar("M_co", bound=BaseModel, covariant=True)

_NOTHING: Mapping[str, Param] = MappingProxyType({})
_SLOT = re.compile(r"\{([^{}]*)\}")
_PARAMETER = re.compile(r"\$([a-z_]+)")
_POLARITY = re.compile(r"未(?!来|成年|结)|不(?!动产)|(?<!多久)没|无(?!感)|\b(?:no|not|never|without)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9０-９<>≥≤]")
_JOINT = re.compile(r"\s+|(?<=[^\W\d_])-(?=[^\W\d_])")
_COUNTING = re.compile(r"[0-9０-９一二三四五六七八九十两]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b", re.IGNORECASE)
_PROMISES = ("保本", "稳赚", "零风险", "最高可达", "秒批", "必过", "guaranteed", "risk-free", "no risk")
"""What nothing said to a customer may promise."""
_SENSELESS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "flag": frozenset({"zero"}),
        "integer": frozenset({"false"}),
        "decimal": frozenset({"false"}),
        "enum": frozenset({"zero", "false"}),
        "date": frozenset({"zero", "false"}),
        "month_day": frozenset({"zero", "false"}),
    }
)


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One fault. `file` is relative to the bank's folder, `line` counts from 1, `element` is the code (or the words) of what is at fault."""

    file: str
    line: int
    element: str
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class _File:
    name: str
    root: yaml.Node | None

    def line(self, place: Place) -> int:
        """The line of the deepest part of a place that the file has."""
        node, line = self.root, 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    return line
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                return line
        return line


@dataclass(frozen=True)
class _Entry(Generic[M_co]):
    """One item of a file: its model, what to call it, and where it stands."""

    model: M_co
    label: str
    file: _File
    place: Place

    def finding(self, code: str, params: Mapping[str, Param] = _NOTHING, at: Place = ()) -> LintFinding:
        return LintFinding(self.file.name, self.file.line(self.place + at), self.label, code, params)


@dataclass
class _Folder:
    """What could be read of a bank's folder, with the faults of reading it."""

    findings: list[LintFinding] = field(default_factory=list)
    header: _Entry[CatalogHeader] | None = None
    tags: list[_Entry[Tag]] = field(default_factory=list)
    records: list[_Entry[RecordSet]] = field(default_factory=list)
    concepts: list[_Entry[Concept]] = field(default_factory=list)
    ambiguous: list[_Entry[AmbiguousWord]] = field(default_factory=list)
    inexpressible: list[_Entry[Inexpressible]] = field(default_factory=list)
    contradictions: list[_Entry[Contradiction]] = field(default_factory=list)
    framework: _Entry[Framework] | None = None
    strategies: list[_Entry[Strategy]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tag: dict[str, Tag] = {}
        self.record: dict[str, RecordSet] = {}
        self.concept: dict[str, Concept] = {}
        self.organisation: frozenset[str] = frozenset()

    def index(self) -> None:
        """Fill the lookups by code once everything is read."""
        self.tag = {entry.model.code: entry.model for entry in self.tags}
        self.record = {entry.model.code: entry.model for entry in self.records}
        self.concept = {entry.model.code: entry.model for entry in self.concepts}
        if self.header is not None:
            header = self.header.model
            self.organisation = frozenset(unit.code for unit in header.organisation) | {region.code for region in header.regions}

    @property
    def elements(self) -> Iterator[_Entry[Element]]:
        yield from self.tags
        yield from self.records
        yield from self.concepts

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self.tag) | frozenset(self.record) | frozenset(self.concept)

    @property
    def valued(self) -> Iterator[tuple[_Entry[Tag] | _Entry[RecordSet], Tag | Property, Place]]:
        """Every tag and every property, with the entry that holds it and its place there."""
        for tag in self.tags:
            yield tag, tag.model, ()
        for record in self.records:
            for number, item in enumerate(record.model.properties):
                yield record, item, ("properties", number)


def fold(word: str) -> str:
    """The spelling in which two words are compared: NFKC, case and traditional characters folded, blanks and hyphens between letters left out."""
    return _JOINT.sub("", normalise(word).text)


def _stem(word: str) -> str:
    """`fold`, an English plural made singular: both are one word to a reader."""
    key = fold(word)
    if key.endswith("ies"):
        return key[:-3] + "y"
    return key[:-1] if key.endswith("s") and not key.endswith("ss") else key


# Reading


def _compose(path: Path, name: str) -> tuple[_File, object, list[LintFinding]]:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        return _File(name, None), None, [LintFinding(name, 1, name, "unreadable", {"fault": str(error)})]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return (
            _File(name, None),
            None,
            [LintFinding(name, mark.line + 1 if mark else 1, name, "unreadable", {"fault": str(error).splitlines()[0]})],
        )
    file = _File(name, root)
    return file, data, list(_repeated_keys(name, root))


def _repeated_keys(name: str, node: yaml.Node | None) -> Iterator[LintFinding]:
    """YAML keeps the last of two equal keys and says nothing."""
    waiting, seen = [node], set()
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in current.value:
                if key.value in keys:
                    yield LintFinding(name, key.start_mark.line + 1, str(key.value), "key_repeated", {"key": str(key.value)})
                keys.add(key.value)
                waiting.append(value)
        elif isinstance(current, yaml.SequenceNode):
            waiting.extend(current.value)


def _schema_findings(error: ValidationError, file: _File, place: Place, label: str) -> Iterator[LintFinding]:
    for fault in error.errors(include_url=False):
        where: Place = fault["loc"]
        last = where[-1] if where else ""
        absent = fault["type"] in ("missing", "string_too_short")
        params: Mapping[str, Param] = {"where": ".".join(str(step) for step in where) or label, "fault": fault["msg"]}
        if absent and last in ("zh", "en"):
            code = "language_missing"
            params = {"where": ".".join(str(step) for step in where[:-1]), "language": str(last)}
        elif absent and last == "owner":
            code, params = "unowned", _NOTHING
        else:
            code = "schema"
        yield LintFinding(file.name, file.line(place + where), label, code, params)


def _label(data: object, fallback: str) -> str:
    if isinstance(data, Mapping):
        if isinstance(data.get("code"), str):
            return str(data["code"])
        words = data.get("words")
        if isinstance(words, Mapping):
            return "/".join(str(word) for group in words.values() if isinstance(group, Sequence) for word in group[:1]) or fallback
    return fallback


def _entry(model: type[M], data: object, file: _File, place: Place, findings: list[LintFinding]) -> _Entry[M] | None:
    label = _label(data, ".".join(str(step) for step in place) or file.name)
    try:
        return _Entry(model.model_validate(data), label, file, place)
    except ValidationError as error:
        findings.extend(_schema_findings(error, file, place, label))
        return None


def _list(
    model: type[M], data: object, file: _File, place: Place, findings: list[LintFinding], extra: Mapping[str, object] = _NOTHING
) -> list[_Entry[M]]:
    if data is None:
        return []
    if not isinstance(data, list):
        findings.append(LintFinding(file.name, file.line(place), file.name, "not_a_list", _NOTHING))
        return []
    entries = (
        _entry(model, {**extra, **item} if isinstance(item, Mapping) else item, file, (*place, number), findings)
        for number, item in enumerate(data)
    )
    return [entry for entry in entries if entry is not None]


def _read(folder: Path) -> _Folder:
    room = _Folder()

    def open_file(name: str) -> tuple[_File, object]:
        file, data, findings = _compose(folder / name, name)
        room.findings.extend(findings)
        return file, data

    file, data = open_file("catalog.yaml")
    if data is not None:
        room.header = _entry(CatalogHeader, data, file, (), room.findings)
    file, data = open_file("holidays.yaml")
    if data is not None:
        _entry(CalendarDays, data, file, (), room.findings)
    file, data = open_file(POLICY_FILE)
    if data is not None:
        _entry(Policy, data, file, (), room.findings)
    for path in sorted((folder / "tags").glob("*.yaml")):
        file, data = open_file(f"tags/{path.name}")
        room.tags += _list(Tag, data, file, (), room.findings, {"subject": path.stem})
    for path in sorted((folder / "records").glob("*.yaml")):
        file, data = open_file(f"records/{path.name}")
        room.records += _list(RecordSet, data, file, (), room.findings, {"subject": path.stem})
    file, data = open_file("concepts.yaml")
    room.concepts = _list(Concept, data, file, (), room.findings)
    file, data = open_file("words.yaml")
    if isinstance(data, Mapping):
        room.ambiguous = _list(AmbiguousWord, data.get("ambiguous"), file, ("ambiguous",), room.findings)
        room.inexpressible = _list(Inexpressible, data.get("inexpressible"), file, ("inexpressible",), room.findings)
    if (folder / "contradictions.yaml").is_file():
        file, data = open_file("contradictions.yaml")
        room.contradictions = _list(Contradiction, data, file, (), room.findings)
    if (folder / "framework.yaml").is_file():
        file, data = open_file("framework.yaml")
        room.framework = _entry(Framework, data, file, (), room.findings)
    for path in sorted((folder / "strategies").glob("*.yaml")):
        file, data = open_file(f"strategies/{path.name}")
        entry = _entry(Strategy, data, file, (), room.findings)
        room.strategies += [] if entry is None else [entry]
    room.index()
    return room


# Codes


def _check_codes(room: _Folder) -> Iterator[LintFinding]:
    """Codes are unique over tags, record sets and concepts; references to codes exist."""
    first: dict[str, LintFinding] = {}
    for entry in room.elements:
        code = entry.model.code
        if code in first:
            yield entry.finding("code_repeated", {"code": code, "other": f"{first[code].file}:{first[code].line}"}, ("code",))
        first.setdefault(code, entry.finding(""))
        for number, pair in enumerate(entry.model.confusable_with):
            if pair.code not in room.codes:
                yield entry.finding("code_unknown", {"code": pair.code, "where": "confusable_with"}, ("confusable_with", number))
    for tag in room.tags:
        if tag.model.roll_up_of is not None and tag.model.roll_up_of not in room.record:
            yield tag.finding("code_unknown", {"code": tag.model.roll_up_of, "where": "roll_up_of"}, ("roll_up_of",))
        if tag.model.held_by is not None and (tag.model.held_by not in room.tag or room.tag[tag.model.held_by].type != "flag"):
            yield tag.finding("code_unknown", {"code": tag.model.held_by, "where": "held_by"}, ("held_by",))
        for code in tag.model.derived_from:
            if code not in room.tag:
                yield tag.finding("code_unknown", {"code": code, "where": "derived_from"}, ("derived_from",))
        for code in tag.model.made_of:
            if code not in room.tag and code not in room.record:
                yield tag.finding("code_unknown", {"code": code, "where": "made_of"}, ("made_of",))
            elif tag.model.code in _parts(code, room):
                yield tag.finding("made_of_itself", {"code": code}, ("made_of",))
    for records in room.records:
        dated = records.model.first_date_tag
        if dated is not None and dated in room.tag and records.model.code not in room.tag[dated].made_of:
            yield records.finding("first_date_not_made_of", {"code": dated}, ("first_date_tag",))
    for word in room.inexpressible:
        for code in word.model.nearest:
            if code not in room.codes:
                yield word.finding("code_unknown", {"code": code, "where": "nearest"}, ("nearest",))


def _parts(code: str, room: _Folder) -> frozenset[str]:
    """A code with all that the tag is made of, in any number of steps."""
    found: set[str] = set()
    new = {code}
    while new:
        found |= new
        new = {part for one in new if one in room.tag for part in room.tag[one].made_of} - found
    return frozenset(found)


def _check_subjects(room: _Folder) -> Iterator[LintFinding]:
    """A file's name is a subject of the catalog header."""
    if room.header is None:
        return
    known = {subject.code for subject in room.header.model.subjects}
    subjects: list[tuple[_Entry[Element], str]] = [(entry, entry.model.subject) for entry in room.tags]
    subjects += [(entry, entry.model.subject) for entry in room.records]
    for entry, subject in subjects:
        if subject not in known:
            yield entry.finding("subject_unknown", {"subject": subject})


def _check_organisation(room: _Folder) -> Iterator[LintFinding]:
    """Organisation codes are unique, parents and regions exist, and no two units read alike in a sentence (name, with the parent's where it must)."""
    if room.header is None:
        return
    units = room.header.model.organisation
    codes = {unit.code for unit in units}
    regions = {region.code for region in room.header.model.regions}
    seen: set[str] = set()
    values = tuple(EnumValue(code=unit.code, label=unit.name, aliases=unit.aliases, parent=unit.parent) for unit in units)
    said: dict[tuple[Language, str, str | None], str] = {}
    for number, unit in enumerate(units):
        at: Place = ("organisation", number)
        for language in _LANGUAGES:
            label, parent = distinct_label(values, values[number], language)
            key = (language, fold(label), None if parent is None else fold(parent))
            if said.setdefault(key, unit.code) != unit.code:
                yield room.header.finding(
                    "value_collision", {"word": label, "value": unit.code, "other": said[key], "of": "organisation"}, at
                )
        if unit.code in seen:
            yield room.header.finding("value_repeated", {"value": unit.code, "of": "organisation"}, at)
        seen.add(unit.code)
        if unit.parent is not None and unit.parent not in codes:
            yield room.header.finding("parent_unknown", {"value": unit.code, "parent": unit.parent}, at)
        if unit.region is not None and unit.region not in regions:
            yield room.header.finding("parent_unknown", {"value": unit.code, "parent": unit.region}, at)
    if room.header.model.organisation_tag not in room.tag:
        yield room.header.finding(
            "code_unknown", {"code": room.header.model.organisation_tag, "where": "organisation_tag"}, ("organisation_tag",)
        )
    header = room.header.model
    named_tags = {
        "opened_tag": (header.opened_tag,),
        "value_tag": (header.value_tag,),
        "matched_on": header.matched_on,
        "activity_tag": (header.activity_tag,),
        "managed_tag": (header.managed_tag,),
    }
    for where, listed in named_tags.items():
        for tag in listed:
            if tag is not None and tag not in room.tag:
                yield room.header.finding("code_unknown", {"code": tag, "where": where}, (where,))
    if header.contact_records is not None and header.contact_records not in {one.model.code for one in room.records}:
        yield room.header.finding("code_unknown", {"code": header.contact_records, "where": "contact_records"}, ("contact_records",))


def _check_axes(room: _Folder) -> Iterator[LintFinding]:
    """The values of a grid tag are exactly those its two axes make up."""
    for entry in room.tags:
        tag = entry.model
        if tag.axes is None:
            continue
        missing = [code for code in tag.axes if code not in room.tag]
        for code in missing:
            yield entry.finding("code_unknown", {"code": code, "where": "axes"}, ("axes",))
        if missing:
            continue
        row, column = (room.tag[code] for code in tag.axes)
        made = {first.code + second.code for first in row.values for second in column.values}
        for value in sorted(made ^ {one.code for one in tag.values}):
            yield entry.finding("axes_unmade", {"value": value, "axes": " × ".join(tag.axes)}, ("axes",))


# Types, units and values


def _check_units(room: _Folder) -> Iterator[LintFinding]:
    """A number says its unit (an explicit `none` counts); plausible ranges and bands ascend and belong to numbers."""
    for entry, item, at in room.valued:
        if item.numeric and "unit" not in item.model_fields_set:
            yield entry.finding("unit_missing", {"item": item.code}, at)
        if item.plausible is not None and item.plausible[0] >= item.plausible[1]:
            yield entry.finding("plausible_reversed", {"item": item.code}, (*at, "plausible"))
        if any(low >= high for low, high in zip(item.bands, item.bands[1:], strict=False)):
            yield entry.finding("bands_not_ascending", {"item": item.code}, (*at, "bands"))
        if (item.plausible is not None or item.bands) and not item.numeric:
            yield entry.finding("not_a_number", {"item": item.code}, at)


def _check_null_sense(room: _Folder) -> Iterator[LintFinding]:
    """What no value means must make sense for the type: a flag is not zero, a number not false."""
    for entry, item, at in room.valued:
        if item.null_means in _SENSELESS[item.type]:
            yield entry.finding(
                "null_senseless", {"item": item.code, "type": item.type, "null_means": item.null_means}, (*at, "null_means")
            )
        if item.tense == "future" and item.type != "date":
            yield entry.finding("tense_senseless", {"item": item.code}, (*at, "tense"))


def _check_values(room: _Folder) -> Iterator[LintFinding]:
    """Enum values: only for enums, codes and words unique, ranks for all or none, parents that exist. A tag's enum lists its values; a property may
    be open (product codes)."""
    for entry, item, at in room.valued:
        if item.values and item.type != "enum":
            yield entry.finding("values_without_enum", {"item": item.code}, (*at, "values"))
        if isinstance(item, Tag) and item.type == "enum" and not item.values and item.values_from is None:
            yield entry.finding("enum_without_values", {"item": item.code}, at)
        ranks = [value.rank for value in item.values if value.rank is not None]
        if ranks and (len(ranks) < len(item.values) or len(set(ranks)) < len(ranks)):
            yield entry.finding("ranks_incomplete", {"item": item.code}, (*at, "values"))
        codes = {value.code for value in item.values}
        seen: set[str] = set()
        words: dict[str, str] = {}
        for number, value in enumerate(item.values):
            here: Place = (*at, "values", number)
            if value.code in seen:
                yield entry.finding("value_repeated", {"value": value.code, "of": item.code}, here)
            seen.add(value.code)
            if value.parent is not None and value.parent not in codes:
                yield entry.finding("parent_unknown", {"value": value.code, "parent": value.parent}, here)
            for word in {fold(word) for word in (value.label.zh, value.label.en, *value.aliases.all())}:
                if words.setdefault(word, value.code) != value.code:
                    yield entry.finding("value_collision", {"word": word, "value": value.code, "other": words[word], "of": item.code}, here)


def _check_record_shape(room: _Folder) -> Iterator[LintFinding]:
    """A record set names properties it has: amount, count column, dated phrases; its words do not collide; events have a day, states a validity."""
    for entry in room.records:
        record = entry.model
        codes: set[str] = set()
        words: dict[str, str] = {}
        for number, item in enumerate(record.properties):
            at: Place = ("properties", number)
            if item.code in codes:
                yield entry.finding("property_repeated", {"property": item.code}, at)
            codes.add(item.code)
            for word in {fold(word) for word in (item.name.zh, item.name.en, *item.aliases.all())}:
                if words.setdefault(word, item.code) != item.code:
                    yield entry.finding("property_collision", {"word": word, "property": item.code, "other": words[word]}, at)
        amount = record.property(record.amount) if record.amount else None
        if record.amount is not None and (amount is None or not amount.numeric):
            yield entry.finding("property_unknown", {"property": record.amount, "where": "amount"}, ("amount",))
        counted = record.property(record.count_column) if record.count_column else None
        if record.grain == "day" and (counted is None or not counted.numeric):
            yield entry.finding("property_unknown", {"property": record.count_column or "", "where": "count_column"}, ("grain",))
        for code in record.dated_actions:
            dated = record.property(code)
            if dated is None or dated.type != "date":
                yield entry.finding("property_unknown", {"property": code, "where": "dated_actions"}, ("dated_actions", code))
        if record.grain == "state":
            if record.valid_from is None or record.valid_to is None:
                yield entry.finding("validity_missing", at=("grain",))
        elif record.date_column is None:
            yield entry.finding("date_missing")
        elif record.default_window is None:
            yield entry.finding("window_missing")


# Words


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or phrase of an element. `filling`: the slots it was made with."""

    text: str
    at: Place
    filling: tuple[tuple[str, str], ...] = ()


def _listed(words: Words, at: Place) -> Iterator[_Word]:
    for language, group in (("zh", words.zh), ("en", words.en)):
        for number, word in enumerate(group):
            yield _Word(word, (*at, language, number))


def _phrases(record: RecordSet) -> Iterator[_Word]:
    yield from _listed(record.actions, ("actions",))
    for code, words in record.dated_actions.items():
        yield from _listed(words, ("dated_actions", code))


def _expanded(record: RecordSet, phrase: _Word) -> Iterator[_Word]:
    """The phrase with every label and alias of its slots' values in place; nothing when a slot is not a listed enum."""
    slots = _SLOT.findall(phrase.text)
    choices: list[list[tuple[str, str]]] = []
    for slot in slots:
        item = record.property(slot)
        choices.append(
            [(value.code, word) for value in item.values for word in (value.label.zh, value.label.en, *value.aliases.all())] if item else []
        )
    for chosen in product(*choices):
        pieces = iter(chosen)
        text = _SLOT.sub(lambda _, pieces=pieces: next(pieces)[1], phrase.text)  # type: ignore[misc]
        yield _Word(text, phrase.at, tuple((slot, code) for slot, (code, _) in zip(slots, chosen, strict=True)))


def _names(element: Element) -> Iterator[_Word]:
    yield _Word(element.name.zh, ("name", "zh"))
    if fold(element.name.zh) != fold(element.name.en):
        yield _Word(element.name.en, ("name", "en"))
    yield from _listed(element.aliases, ("aliases",))
    if isinstance(element, Concept):
        if element.negation_name is not None:
            yield _Word(element.negation_name.zh, ("negation_name", "zh"))
            yield _Word(element.negation_name.en, ("negation_name", "en"))
        yield from _listed(element.negation_aliases, ("negation_aliases",))


def _check_repeats(room: _Folder) -> Iterator[LintFinding]:
    """No element lists one word twice, and no phrase of a record set can be filled in two ways."""
    for entry in room.elements:
        element = entry.model
        groups: list[Iterable[_Word]] = [_names(element)]
        if isinstance(element, RecordSet):
            groups.append(_phrases(element))
        if isinstance(element, Tag):
            groups.append(_listed(element.holding_words, ("holding_words",)))
        for group in groups:
            seen: set[tuple[str, str]] = set()
            for word in group:
                key = " ".join(normalise(word.text).text.split()), next((str(step) for step in word.at if step in ("zh", "en")), "")
                if key in seen:
                    yield entry.finding("word_repeated", {"word": word.text}, word.at)
                seen.add(key)
    for record in room.records:
        fillings: dict[str, _Word] = {fold(word.text): _Word(word.text, ("actions",)) for word in _names(record.model)}
        for phrase in _phrases(record.model):
            for word in _expanded(record.model, phrase):
                other = fillings.setdefault(fold(word.text), word)
                if other.filling != word.filling and other.at[0] == word.at[0]:
                    yield record.finding("phrase_ambiguous", {"word": word.text}, word.at)


def _check_collisions(room: _Folder) -> Iterator[LintFinding]:
    """One word names one element: names, aliases, holding words, phrases with their slots filled, negations, words to ask about or to refuse."""
    owners: dict[str, list[tuple[_Entry[Element], _Word]]] = defaultdict(list)
    for entry in room.elements:
        element = entry.model
        words = list(_names(element))
        if isinstance(element, Tag):
            words += _listed(element.holding_words, ("holding_words",))
        if isinstance(element, RecordSet):
            words += [word for phrase in _phrases(element) for word in _expanded(element, phrase)]
        for word in words:
            known = owners[_stem(word.text)]
            if all(other.model is not element for other, _ in known):
                known.append((entry, word))
    for known in owners.values():
        for number, (entry, word) in enumerate(known):
            for other, _ in known[:number]:
                yield entry.finding("word_collision", {"word": word.text, "other": other.label}, word.at)
    asked: dict[str, _Entry[BaseModel]] = {}
    specials: list[tuple[_Entry[BaseModel], Words]] = [(entry, entry.model.words) for entry in room.ambiguous]
    specials += [(entry, entry.model.words) for entry in room.inexpressible]
    for special, listed in specials:
        for word in _listed(listed, ("words",)):
            key = _stem(word.text)
            for other, _ in owners.get(key, ()):
                yield special.finding("special_word_collision", {"word": word.text, "other": other.label}, word.at)
            if asked.setdefault(key, special) is not special:
                yield special.finding("special_word_collision", {"word": word.text, "other": asked[key].label}, word.at)


def _check_languages(room: _Folder) -> Iterator[LintFinding]:
    """Aliases and phrases in one language have fellows in the other; English sentences hold no Chinese, Chinese ones some."""
    for entry in room.elements:
        element = entry.model
        groups: list[tuple[Words, Place]] = [(element.aliases, ("aliases",))]
        if isinstance(element, RecordSet):
            groups.append((element.actions, ("actions",)))
            groups += [(words, ("dated_actions", code)) for code, words in element.dated_actions.items()]
        if isinstance(element, Tag):
            groups += [(element.holding_words, ("holding_words",)), (element.unit_words, ("unit_words",))]
        if isinstance(element, Concept):
            groups.append((element.negation_aliases, ("negation_aliases",)))
        for words, at in groups:
            if bool(words.zh) != bool(words.en):
                yield entry.finding("words_one_language", {"where": at[0], "language": "zh" if words.en else "en"}, at)
        for where, text in (("name", element.name), ("definition", element.definition)):
            if any(is_cjk(character) for character in text.en):
                yield entry.finding("wrong_language", {"where": where, "language": "en"}, (where, "en"))
        if not any(is_cjk(character) for character in element.definition.zh):
            yield entry.finding("wrong_language", {"where": "definition", "language": "zh"}, ("definition", "zh"))


def _check_polarity(room: _Folder) -> Iterator[LintFinding]:
    """An alias never carries a value or a polarity that the name does not have: as an alias it would silently lose the condition."""

    def faults(names: str, words: Words, at: Place) -> Iterator[_Word]:
        for word in _listed(words, (*at, "aliases")):
            if (_POLARITY.search(word.text) and not _POLARITY.search(names)) or (_AMOUNT.search(word.text) and not _COUNTING.search(names)):
                yield word

    for entry in (*room.tags, *room.records):
        element = entry.model
        for word in faults(f"{element.name.zh} {element.name.en}", element.aliases, ()):
            yield entry.finding("alias_carries_condition", {"word": word.text}, word.at)
    for record in room.records:
        for number, item in enumerate(record.model.properties):
            for word in faults(f"{item.name.zh} {item.name.en}", item.aliases, ("properties", number)):
                yield record.finding("alias_carries_condition", {"word": word.text}, word.at)


def _check_slots(room: _Folder) -> Iterator[LintFinding]:
    """A slot of a phrase names an enum property whose values are known."""
    for entry in room.records:
        for phrase in _phrases(entry.model):
            for slot in _SLOT.findall(phrase.text):
                item = entry.model.property(slot)
                if item is None:
                    yield entry.finding("slot_unknown", {"slot": slot, "phrase": phrase.text}, phrase.at)
                elif not item.values and item.values_from is None:
                    yield entry.finding("slot_without_values", {"slot": slot, "phrase": phrase.text}, phrase.at)
            if _SLOT.sub("", phrase.text).count("{") or _SLOT.sub("", phrase.text).count("}"):
                yield entry.finding("slot_unknown", {"slot": "", "phrase": phrase.text}, phrase.at)


# Rules


def _fits(room: _Folder, item: Valued, name: str, comparing: Comparing) -> Iterator[Fault]:
    value = comparing.value
    if isinstance(value, tuple):
        if item.type != "enum":
            yield "rule_type", {"item": name, "type": item.type}
        known = room.organisation if item.values_from == "organisation" else frozenset(entry.code for entry in item.values)
        for code in value:
            if known and code not in known:
                yield "rule_value", {"item": name, "value": code}
        if comparing.operator in (">", ">=", "<", "<=") and not item.ordered:
            yield "rule_order", {"item": name}
    elif isinstance(value, bool):
        if item.type != "flag":
            yield "rule_type", {"item": name, "type": item.type}
    elif isinstance(value, Decimal | Range):
        if not item.numeric:
            yield "rule_type", {"item": name, "type": item.type}
    elif isinstance(value, Frozen) and item.type not in ("date", "month_day"):
        yield "rule_type", {"item": name, "type": item.type}


def _record_faults(room: _Folder, node: Records | RecordCondition) -> Iterator[Fault]:
    record = room.record.get(node.records)
    if record is None:
        yield "rule_unknown", {"kind": "records", "item": node.records}
        return
    for one in node.filters:
        item = record.property(one.property)
        if item is None:
            yield "rule_unknown", {"kind": "property", "item": f"{node.records}.{one.property}"}
        else:
            yield from _fits(room, item, f"{node.records}.{one.property}", one)
    if isinstance(node, RecordCondition):
        item = record.property(node.of) if node.of else None
        if node.of is not None and item is None:
            yield "rule_unknown", {"kind": "property", "item": f"{node.records}.{node.of}"}
        if node.aggregate in ("sum", "avg") and (item is None or not item.numeric):
            yield "rule_type", {"item": f"{node.records}.{node.of or ''}", "type": item.type if item else "-"}


def _node_faults(room: _Folder, node: AnyNode) -> Iterator[Fault]:
    """What a rule names that the catalog does not have, or compares in a way its type does not allow."""
    for _, part in walk(node):
        named: tuple[str, ...] = ()
        match part:
            case TagCondition(tag=code) if code in room.tag:
                yield from _fits(room, room.tag[code], code, part)
            case TagCondition(tag=code) | RankCondition(tag=code):
                named = (code,)
            case TagComparison(left=left, right=right):
                named = (left, right)
            case RecordCondition():
                yield from _record_faults(room, part)
            case SequenceCondition(first=first, then=then):
                yield from _record_faults(room, first)
                yield from _record_faults(room, then)
            case ConceptRef(concept=code):
                concept = room.concept.get(code)
                if concept is None:
                    yield "rule_unknown", {"kind": "concept", "item": code}
                else:
                    for name, _value in part.parameters:
                        if name not in concept.parameters:
                            yield "rule_unknown", {"kind": "parameter", "item": f"{code}.{name}"}
        for code in named:
            if code not in room.tag:
                yield "rule_unknown", {"kind": "tag", "item": code}


def _short_faults(room: _Folder, short: Mapping[str, object], values: Mapping[str, object]) -> Iterator[Fault]:
    for name in sorted(set(_PARAMETER.findall(str(short))) - set(values)):
        yield "parameter_unknown", {"parameter": name}
    try:
        node = node_from_short(substitute(short, values))
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        yield "rule_unreadable", {"fault": str(error).splitlines()[0]}
        return
    yield from _node_faults(room, node)


def _check_rules(room: _Folder) -> Iterator[LintFinding]:
    """Every rule of the catalog reads, and names only what exists: concepts, negations, exposures, the base population, contradictions, readings of a word."""
    for concept in room.concepts:
        defaults = {name: parameter.default for name, parameter in concept.model.parameters.items()}
        for where, short in (("rule", concept.model.rule), ("negation", concept.model.negation)):
            if short is not None:
                for code, params in _short_faults(room, short, defaults):
                    yield concept.finding(code, params, (where,))
    for record in room.records:
        if record.model.exposure is not None:
            for code, params in _short_faults(room, record.model.exposure, {"days": 30}):
                yield record.finding(code, params, ("exposure",))
    if room.header is not None and room.header.model.base_population.rule:
        for code, params in _short_faults(room, room.header.model.base_population.rule, {}):
            yield room.header.finding(code, params, ("base_population",))
    for contradiction in room.contradictions:
        for code, params in _short_faults(room, contradiction.model.rule, {}):
            yield contradiction.finding(code, params, ("rule",))
        for tag_code in contradiction.model.tags:
            if tag_code not in room.tag:
                yield contradiction.finding("code_unknown", {"code": tag_code, "where": "tags"}, ("tags",))
    for word in room.ambiguous:
        for number, reading in enumerate(word.model.readings):
            at: Place = ("readings", number)
            if (reading.node is None) == (reading.tag is None):
                yield word.finding("reading_unclear", {"label": reading.label.en}, at)
            if reading.tag is not None and reading.tag not in room.tag:
                yield word.finding("code_unknown", {"code": reading.tag, "where": "readings"}, at)
            if reading.node is not None:
                for code, params in _short_faults(room, reading.node, {}):
                    yield word.finding(code, params, at)


def _check_concepts(room: _Folder) -> Iterator[LintFinding]:
    """Parameters are used and within their bounds, the window parameter exists, a named negation has a rule, and no concept means itself."""
    mentions: dict[str, set[str]] = {}
    for entry in room.concepts:
        concept = entry.model
        used = set(_PARAMETER.findall(f"{concept.rule} {concept.negation}"))
        named: dict[tuple[Language, str], str] = {}
        for name, parameter in concept.parameters.items():
            at: Place = ("parameters", name)
            for language in _LANGUAGES:
                word = parameter.name.get(language)
                other = named.setdefault((language, fold(word)), name)
                if other != name:
                    yield entry.finding("parameter_collision", {"parameter": name, "other": other, "word": word}, at)
            if name not in used:
                yield entry.finding("parameter_unused", {"parameter": name}, at)
            low, high = parameter.low, parameter.high
            if (low is not None and parameter.default < low) or (high is not None and parameter.default > high):
                yield entry.finding("parameter_out_of_bounds", {"parameter": name}, at)
        if concept.window_parameter is not None and concept.window_parameter not in concept.parameters:
            yield entry.finding("parameter_unknown", {"parameter": concept.window_parameter}, ("window_parameter",))
        if concept.negation is not None and concept.negation_name is None:
            yield entry.finding("negation_unnamed", at=("negation",))
        if concept.effective_from is None:
            yield entry.finding("effective_from_missing")
        mentions[concept.code] = set(_concepts_in((concept.rule, concept.negation)))
    for entry in room.concepts:
        if entry.model.code in _reached(mentions, entry.model.code):
            yield entry.finding("concept_cycle", at=("rule",))


def _concepts_in(short: object) -> Iterator[str]:
    if isinstance(short, Mapping):
        if isinstance(short.get("concept"), str):
            yield short["concept"]
        for value in short.values():
            yield from _concepts_in(value)
    elif isinstance(short, list | tuple):
        for value in short:
            yield from _concepts_in(value)


def _reached(mentions: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(mentions.get(start, ()))
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(mentions.get(code, ()))
    return found


def _check_history(room: _Folder) -> Iterator[LintFinding]:
    """A record set says since when it is known, so that an earlier date is refused rather than answered with nothing."""
    for entry in room.records:
        if not isinstance(entry.model.history_from, date):
            yield entry.finding("history_missing")


def _check_strategies(room: _Folder) -> Iterator[LintFinding]:
    """A template stands in the file of its code, names what the framework has, uses its parameters, and makes a rule with each at its lowest, default and highest;
    two are never called the same; nothing they say promises what a bank may not promise."""
    framework = Framework() if room.framework is None else room.framework.model
    if room.framework is not None:
        for number, exclusion in enumerate(framework.exclusions):
            for code, params in _short_faults(room, exclusion.rule, {}):
                yield room.framework.finding(code, params, ("exclusions", number, "rule"))
        if "calls" in framework.model_fields_set and framework.calls.channel not in {one.code for one in framework.channels}:
            yield room.framework.finding("code_unknown", {"code": framework.calls.channel, "where": "calls"}, ("calls", "channel"))
    called: dict[str, str] = {}
    for entry in room.strategies:
        strategy = entry.model
        if entry.file.name != f"strategies/{strategy.code}.yaml":
            yield entry.finding("strategy_misplaced", {"code": strategy.code}, ("code",))
        listed = {"track": framework.tracks, "line": framework.lines, "stage": framework.stages}
        named = [(key, str(getattr(strategy, key)), {value.code for value in values}) for key, values in listed.items()]
        named += [("channels", code, {value.code for value in framework.channels}) for code in strategy.channels]
        named += [
            ("exclusions", code, {one.code for one in framework.exclusions if one.applies == "named"}) for code in strategy.exclusions
        ]
        named += [("rank_by", strategy.rank_by, set(room.tag))] if strategy.rank_by is not None else []
        for where, code, known in named:
            if code not in known:
                yield entry.finding("code_unknown", {"code": code, "where": where}, (where,))
        for word in (strategy.name.zh, strategy.name.en, *strategy.aliases.all()):
            other = called.setdefault(fold(word), strategy.code)
            if other != strategy.code:
                yield entry.finding("word_collision", {"word": word, "other": other}, ("aliases",))
        yield from _strategy_rules(room, entry)
        said = (strategy.name, strategy.goal, strategy.measure, *strategy.playbook, *(one.name for one in strategy.parameters.values()))
        for text in said:
            if any(is_cjk(character) for character in text.en):
                yield entry.finding("wrong_language", {"where": text.zh, "language": "en"}, ("name",))
        for text in (strategy.goal, strategy.measure, *strategy.playbook):
            for promise in _PROMISES:
                if promise in text.zh or promise in text.en.lower():
                    yield entry.finding("promise", {"words": promise}, ("playbook",))


def _strategy_rules(room: _Folder, entry: _Entry[Strategy]) -> Iterator[LintFinding]:
    """The rule with every parameter at its default, and each in turn at its bounds; no parameter without a use, no two called alike."""
    strategy = entry.model
    defaults = {name: parameter.default for name, parameter in strategy.parameters.items()}
    used, named = set(_PARAMETER.findall(str(strategy.rule))), dict[str, str]()
    tried = [defaults]
    for name, parameter in strategy.parameters.items():
        tried += [{**defaults, name: parameter.low}, {**defaults, name: parameter.high}]
        if name not in used:
            yield entry.finding("parameter_unused", {"parameter": name}, ("parameters", name))
        for word in (parameter.name.zh, parameter.name.en, *parameter.words.all()):
            other = named.setdefault(fold(word), name)
            if other != name:
                yield entry.finding("parameter_collision", {"parameter": name, "other": other, "word": word}, ("parameters", name))
    faults = dict.fromkeys((code, tuple(params.items())) for values in tried for code, params in _short_faults(room, strategy.rule, values))
    for code, params in faults:
        yield entry.finding(code, dict(params), ("rule",))


CHECKS: tuple[Callable[[_Folder], Iterator[LintFinding]], ...] = (
    _check_codes,
    _check_subjects,
    _check_organisation,
    _check_units,
    _check_axes,
    _check_null_sense,
    _check_values,
    _check_record_shape,
    _check_repeats,
    _check_collisions,
    _check_languages,
    _check_polarity,
    _check_slots,
    _check_rules,
    _check_concepts,
    _check_history,
    _check_strategies,
)


@lru_cache(maxsize=2)
def _messages(language: Language) -> Mapping[str, str]:
    path = Path(language_room.__file__).parent / language / "lint.yaml"
    return MappingProxyType(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def sentence(finding: LintFinding, language: Language) -> str:
    """A finding as one sentence of a language."""
    return _messages(language)[finding.code].format(**finding.params)


def lint(folder: Path) -> tuple[LintFinding, ...]:
    """All faults of a bank's folder, by file and line. Files that cannot be read are findings too; nothing is raised for what a file holds."""
    room = _read(folder)
    found = [*room.findings, *(finding for check in CHECKS for finding in check(room))]
    return tuple(sorted(found, key=lambda finding: (finding.file, finding.line, finding.element, finding.code, str(finding.params))))
