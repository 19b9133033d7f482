"""A bank's catalog folder as its checks see it: every entry with its file and line. Law: it never stops at the first fault of reading, and keeps each as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.catalog.model import (
    AmbiguousWord,
    CalendarDays,
    CatalogHeader,
    Concept,
    Contradiction,
    Element,
    Inexpressible,
    Property,
    RecordSet,
    Tag,
)
from assistant.catalog.strategy import Framework, Strategy
from assistant.errors import Param
from assistant.policy import POLICY_FILE, Policy

Place = tuple[str | int, ...]
Fault = tuple[str, Mapping[str, Param]]
M = TypeVar("M", bound=BaseModel)
M_co = TypeVar("M_co", bound=BaseModel, covariant=True)

NOTHING: Mapping[str, Param] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One fault. `file` is relative to the bank's folder, `line` counts from 1, `element` is the code (or the words) of what is at fault."""

    file: str
    line: int
    element: str
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class CatalogFile:
    """A file of the folder, by its name there; `root`: None where it could not be read."""

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
class Entry(Generic[M_co]):
    """One item of a file: its model, what to call it, and where it stands."""

    model: M_co
    label: str
    file: CatalogFile
    place: Place

    def finding(self, code: str, params: Mapping[str, Param] = NOTHING, at: Place = ()) -> LintFinding:
        """A fault of the entry, on the line of its part `at`."""
        return LintFinding(self.file.name, self.file.line(self.place + at), self.label, code, params)


@dataclass
class Folder:
    """What could be read of a bank's folder, with the faults of reading it."""

    findings: list[LintFinding] = field(default_factory=list)
    header: Entry[CatalogHeader] | None = None
    tags: list[Entry[Tag]] = field(default_factory=list)
    records: list[Entry[RecordSet]] = field(default_factory=list)
    concepts: list[Entry[Concept]] = field(default_factory=list)
    ambiguous: list[Entry[AmbiguousWord]] = field(default_factory=list)
    inexpressible: list[Entry[Inexpressible]] = field(default_factory=list)
    contradictions: list[Entry[Contradiction]] = field(default_factory=list)
    framework: Entry[Framework] | None = None
    strategies: list[Entry[Strategy]] = field(default_factory=list)

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
    def elements(self) -> Iterator[Entry[Element]]:
        yield from self.tags
        yield from self.records
        yield from self.concepts

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self.tag) | frozenset(self.record) | frozenset(self.concept)

    @property
    def valued(self) -> Iterator[tuple[Entry[Tag] | Entry[RecordSet], Tag | Property, Place]]:
        """Every tag and every property, with the entry that holds it and its place there."""
        for tag in self.tags:
            yield tag, tag.model, ()
        for record in self.records:
            for number, item in enumerate(record.model.properties):
                yield record, item, ("properties", number)


def _compose(path: Path, name: str) -> tuple[CatalogFile, object, list[LintFinding]]:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        return CatalogFile(name, None), None, [LintFinding(name, 1, name, "unreadable", {"fault": str(error)})]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return (
            CatalogFile(name, None),
            None,
            [LintFinding(name, mark.line + 1 if mark else 1, name, "unreadable", {"fault": str(error).splitlines()[0]})],
        )
    file = CatalogFile(name, root)
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


def _schema_findings(error: ValidationError, file: CatalogFile, place: Place, label: str) -> Iterator[LintFinding]:
    for fault in error.errors(include_url=False):
        where: Place = fault["loc"]
        last = where[-1] if where else ""
        absent = fault["type"] in ("missing", "string_too_short")
        params: Mapping[str, Param] = {"where": ".".join(str(step) for step in where) or label, "fault": fault["msg"]}
        if absent and last in ("zh", "en"):
            code = "language_missing"
            params = {"where": ".".join(str(step) for step in where[:-1]), "language": str(last)}
        elif absent and last == "owner":
            code, params = "unowned", NOTHING
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


def _entry(model: type[M], data: object, file: CatalogFile, place: Place, findings: list[LintFinding]) -> Entry[M] | None:
    label = _label(data, ".".join(str(step) for step in place) or file.name)
    try:
        return Entry(model.model_validate(data), label, file, place)
    except ValidationError as error:
        findings.extend(_schema_findings(error, file, place, label))
        return None


def _list(
    model: type[M], data: object, file: CatalogFile, place: Place, findings: list[LintFinding], extra: Mapping[str, object] = NOTHING
) -> list[Entry[M]]:
    if data is None:
        return []
    if not isinstance(data, list):
        findings.append(LintFinding(file.name, file.line(place), file.name, "not_a_list", NOTHING))
        return []
    entries = (
        _entry(model, {**extra, **item} if isinstance(item, Mapping) else item, file, (*place, number), findings)
        for number, item in enumerate(data)
    )
    return [entry for entry in entries if entry is not None]


def read_folder(folder: Path) -> Folder:
    """All entries that could be read; faults of reading are in `findings`."""
    room = Folder()

    def open_file(name: str) -> tuple[CatalogFile, object]:
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
