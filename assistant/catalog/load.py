"""Files -> TagCatalog. Law: immutable, content-hashed, and found by one function that looks in the wheel, then beside the package.

<bank>/catalog.yaml                 CatalogHeader (bank, tables, organisation tree, subjects)
<bank>/tags/<subject>.yaml          list of Tag            (the file's stem is the subject)
<bank>/records/<subject>.yaml       list of RecordSet
<bank>/concepts.yaml                list of Concept
<bank>/words.yaml                   {ambiguous: [AmbiguousWord], inexpressible: [Inexpressible]}
<bank>/holidays.yaml                CalendarDays
<bank>/policy.yaml                  Policy
<bank>/contradictions.yaml          list of Contradiction (none without the file)
<bank>/framework.yaml               Framework (optional: what strategy templates are sorted by, and whom they leave out)
<bank>/strategies/<code>.yaml       Strategy (one template a file)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.catalog.model import (
    AmbiguousWord,
    CalendarDays,
    CatalogHeader,
    Concept,
    Contradiction,
    EnumValue,
    Inexpressible,
    Language,
    Organisation,
    Property,
    RecordSet,
    Tag,
    Words,
)
from assistant.catalog.strategy import Framework, Strategy
from assistant.errors import UserError
from assistant.policy import Policy, load_policy
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import AllOf, AnyNode, ConceptRef, Not, children, with_children

DEFAULT_BANK = "retail_bank"


def data_room(name: str) -> Path:
    """The folder of a data room (`tag_catalog`, `prompts`, `eval`): inside the installed package, else beside it. UserError when neither is there."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    raise UserError("data_room_missing", room=name)


@dataclass(frozen=True)
class TagCatalog:
    """All that a rule may name. Mappings keep file order."""

    header: CatalogHeader
    tags: Mapping[str, Tag]
    records: Mapping[str, RecordSet]
    concepts: Mapping[str, Concept]
    ambiguous: tuple[AmbiguousWord, ...]
    inexpressible: tuple[Inexpressible, ...]
    calendar: CalendarDays
    policy: Policy
    fingerprint: str
    contradictions: tuple[Contradiction, ...] = ()
    framework: Framework = field(default_factory=Framework)
    strategies: Mapping[str, Strategy] = field(default_factory=dict)
    """Strategy templates by code, in the order of the framework's lines, then its stages."""

    @classmethod
    def load(cls, folder: Path | None = None) -> TagCatalog:
        """Read a bank's folder (default: the built-in bank). UserError `catalog_file` names file and fault."""
        return load_catalog(folder or data_room("tag_catalog") / DEFAULT_BANK)

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TagCatalog) and other.fingerprint == self.fingerprint

    @cached_property
    def organisation(self) -> Mapping[str, Organisation]:
        return {unit.code: unit for unit in self.header.organisation}

    @cached_property
    def unit_tags(self) -> tuple[Tag, ...]:
        """The tags that a number's unit names by itself (岁: age), in file order."""
        return tuple(tag for tag in self.tags.values() if tag.unit_words.all())

    @cached_property
    def _organisation_values(self) -> tuple[EnumValue, ...]:
        return tuple(
            EnumValue(code=unit.code, label=unit.name, aliases=unit.aliases, parent=unit.parent) for unit in self.header.organisation
        )

    def values(self, item: Tag | Property) -> tuple[EnumValue, ...]:
        """The values of an enum tag or property, the organisation tree included."""
        return self._organisation_values if item.values_from == "organisation" else item.values

    def value(self, item: Tag | Property, code: str) -> EnumValue | None:
        """One value by code, None when the enum has no such value."""
        return next((value for value in self.values(item) if value.code == code), None)

    def subtree(self, item: Tag | Property, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The codes with all their descendants (regions of the organisation included), in file order. Codes of a flat enum come back as they are."""
        wanted = set(codes)
        if item.values_from == "organisation":
            wanted |= {unit.code for unit in self.header.organisation if unit.region in wanted}
        found: list[str] = []
        for value in self.values(item):
            ancestor: EnumValue | None = value
            while ancestor is not None:
                if ancestor.code in wanted:
                    found.append(value.code)
                    break
                ancestor = self.value(item, ancestor.parent) if ancestor.parent else None
        return tuple(found) or codes

    def moved(self, states: Mapping[str, Mapping[str, object]]) -> TagCatalog:
        """The catalog with some tags standing elsewhere in their lifecycle: tag -> the fields of its entry that differ. As it is without any."""
        known = {code: fields for code, fields in states.items() if code in self.tags}
        if not known:
            return self
        tags = {code: tag.model_copy(update=known.get(code, {})) for code, tag in self.tags.items()}
        told = repr(sorted((code, sorted(fields.items())) for code, fields in known.items()))
        digest = hashlib.sha256(f"{self.fingerprint}\0{told}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return replace(self, tags=tags, fingerprint=digest)

    def published(self, folder: Path) -> TagCatalog:
        """The catalog with the templates that stand in a bank's folder by now, read again only when a file of theirs is another. As it is while they are the same, and where one of them cannot be read:
        what stood before goes on standing."""
        try:
            found = _templates_at(folder, _stamps(folder))
        except OSError:  # a file that went away while it was looked at
            return self
        if found is None or found[0] == self.strategies:
            return self
        digest = hashlib.sha256(f"{self.fingerprint}\0{found[1]}".encode()).hexdigest()[:16]
        return replace(self, strategies=found[0], fingerprint=digest)

    def worded(self, words: Sequence[tuple[str, Language, str]]) -> TagCatalog:
        """The catalog with more names for some of what it has: (code, of a value code=value; language; name). As it is without any that it lacks."""
        tags, records, concepts = dict(self.tags), dict(self.records), dict(self.concepts)
        added: list[tuple[str, str, str]] = []
        for element, language, name in words:
            code, _, value = element.partition("=")
            if value and code in tags:
                values = [
                    one.model_copy(update=_named(one.aliases, language, name)) if one.code == value else one for one in tags[code].values
                ]
                changed = tuple(values) != tags[code].values
                tags[code] = tags[code].model_copy(update={"values": tuple(values)})
            else:
                changed = not value and any(code in room for room in (tags, records, concepts))
                if code in tags:
                    tags[code] = tags[code].model_copy(update=_named(tags[code].aliases, language, name))
                elif code in records:
                    records[code] = records[code].model_copy(update=_named(records[code].aliases, language, name))
                elif code in concepts:
                    concepts[code] = concepts[code].model_copy(update=_named(concepts[code].aliases, language, name))
            if changed:
                added.append((element, language, name))
        if not added:
            return self
        digest = hashlib.sha256(f"{self.fingerprint}\0{sorted(added)!r}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return replace(self, tags=tags, records=records, concepts=concepts, fingerprint=digest)

    def expand(self, reference: ConceptRef) -> AnyNode:
        """The rule a concept reference means, its own concepts expanded too. KeyError for an unknown concept; a negation the catalog gives none for is Not."""
        concept = self.concepts[reference.concept]
        given = dict(reference.parameters)
        values: dict[str, Any] = {name: given.get(name, parameter.default) for name, parameter in concept.parameters.items()}
        if reference.negated and concept.negation is not None:
            node = node_from_short(substitute(concept.negation, values))
        else:
            node = node_from_short(substitute(concept.rule, values))
            if reference.negated:
                node = Not(child=node)
        return self.expand_all(node)

    def expand_all(self, node: AnyNode) -> AnyNode:
        """The rule with every concept replaced by what it means."""
        if isinstance(node, ConceptRef):
            return self.expand(node)
        return with_children(node, tuple(self.expand_all(child) for child in children(node)))

    @cached_property
    def settled(self) -> frozenset[str]:
        """The tags that date what happens once."""
        return frozenset(code for code, tag in self.tags.items() if tag.settled)

    @cached_property
    def base_rule(self) -> AnyNode:
        """The base population's rule (before row scope)."""
        return node_from_short(self.header.base_population.rule) if self.header.base_population.rule else AllOf()


def _named(names: Words, language: Language, name: str) -> dict[str, Words]:
    """The names of an entry with one more."""
    told = {"zh": names.zh, "en": names.en}
    return {"aliases": Words(**{**told, language: tuple(dict.fromkeys((*told[language], name)))})}


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError("catalog_file", file=path.name, fault=str(error)) from error


def _items(model: Any, path: Path, subject: str | None = None) -> list[Any]:
    found = []
    for number, entry in enumerate(_read(path) or []):
        data = {"subject": subject, **entry} if subject is not None else entry
        try:
            found.append(model.model_validate(data))
        except (ValidationError, TypeError) as error:
            label = entry.get("code", number) if isinstance(entry, dict) else number
            raise UserError("catalog_file", file=path.name, fault=f"{label}: {error}") from error
    return found


def load_catalog(folder: Path) -> TagCatalog:
    """Read, check the shape of, and hash all files of a bank's folder. UserError `catalog_file` names file and fault."""
    if not (folder / "catalog.yaml").is_file():
        raise UserError("catalog_missing", folder=str(folder))
    paths = sorted(path for path in folder.rglob("*.yaml"))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    try:
        header = CatalogHeader.model_validate(_read(folder / "catalog.yaml"))
        calendar = CalendarDays.model_validate(_read(folder / "holidays.yaml"))
    except ValidationError as error:
        raise UserError("catalog_file", file="catalog.yaml / holidays.yaml", fault=str(error)) from error
    framework, strategies = _strategies(folder)
    words = _read(folder / "words.yaml") or {}
    tags = [tag for path in sorted((folder / "tags").glob("*.yaml")) for tag in _items(Tag, path, path.stem)]
    records = [record for path in sorted((folder / "records").glob("*.yaml")) for record in _items(RecordSet, path, path.stem)]
    concepts = _items(Concept, folder / "concepts.yaml")
    contradictions = folder / "contradictions.yaml"
    try:
        ambiguous = tuple(AmbiguousWord.model_validate(entry) for entry in words.get("ambiguous", ()))
        inexpressible = tuple(Inexpressible.model_validate(entry) for entry in words.get("inexpressible", ()))
    except ValidationError as error:
        raise UserError("catalog_file", file="words.yaml", fault=str(error)) from error
    return TagCatalog(
        header=header,
        tags={tag.code: tag for tag in tags},
        records={record.code: record for record in records},
        concepts={concept.code: concept for concept in concepts},
        ambiguous=ambiguous,
        inexpressible=inexpressible,
        calendar=calendar,
        policy=load_policy(folder),
        fingerprint=digest.hexdigest()[:16],
        contradictions=tuple(_items(Contradiction, contradictions)) if contradictions.is_file() else (),
        framework=framework,
        strategies=strategies,
    )


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The template files of a bank's folder, each with when it was last written and how long it is."""
    return tuple((path.name, (told := path.stat()).st_mtime_ns, told.st_size) for path in sorted((folder / "strategies").glob("*.yaml")))


@lru_cache(maxsize=4)
def _templates_at(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> tuple[Mapping[str, Strategy], str] | None:
    """The templates of a bank's folder while its files are these, and what they hash to; None where one cannot be read."""
    del stamps
    try:
        _, found = _strategies(folder)
    except UserError:
        return None
    return found, hashlib.sha256("\0".join(one.model_dump_json() for one in found.values()).encode()).hexdigest()


def _strategies(folder: Path) -> tuple[Framework, dict[str, Strategy]]:
    """The framework and the templates of a bank's folder; a bank may have none."""
    if not (folder / "framework.yaml").is_file():
        return Framework(), {}
    try:
        framework = Framework.model_validate(_read(folder / "framework.yaml"))
    except ValidationError as error:
        raise UserError("catalog_file", file="framework.yaml", fault=str(error)) from error
    found = []
    for path in sorted((folder / "strategies").glob("*.yaml")):
        try:
            found.append(Strategy.model_validate(_read(path)))
        except ValidationError as error:
            raise UserError("catalog_file", file=f"strategies/{path.name}", fault=str(error)) from error
    places = [value.code for value in (*framework.lines, *framework.stages)]
    unplaced = next((one for one in found if one.line not in places or one.stage not in places), None)
    if unplaced is not None:
        raise UserError("catalog_file", file=f"strategies/{unplaced.code}.yaml", fault=f"{unplaced.line}, {unplaced.stage}")
    found.sort(key=lambda one: (places.index(one.line), places.index(one.stage), one.code))
    return framework, {one.code: one for one in found}
