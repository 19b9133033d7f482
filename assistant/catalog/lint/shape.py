"""Checks of what elements are: codes, subjects, organisation, axes, units, values, records, history. Law: a check yields every fault of its kind over the whole folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from assistant.catalog.lint.folder import Entry, Folder, LintFinding, Place
from assistant.catalog.model import (
    LANGUAGES,
    AtSnapshot,
    Element,
    EnumValue,
    Language,
    Tag,
)
from assistant.catalog.naming import distinct_label
from assistant.catalog.spelling import fold

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


def check_codes(room: Folder) -> Iterator[LintFinding]:
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
        for where in ("earlier_value_of", "change_of"):
            was: AtSnapshot | None = getattr(tag.model, where)
            if was is not None and was.tag not in room.tag:
                yield tag.finding("code_unknown", {"code": was.tag, "where": where}, (where,))
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
        for number, prop in enumerate(records.model.properties):
            events = prop.recorded_by
            if events is not None and (events not in room.record or room.record[events].date_column is None):
                yield records.finding("code_unknown", {"code": events, "where": "recorded_by"}, ("properties", number, "recorded_by"))
    for word in room.inexpressible:
        for code in word.model.nearest:
            if code not in room.codes:
                yield word.finding("code_unknown", {"code": code, "where": "nearest"}, ("nearest",))


def _parts(code: str, room: Folder) -> frozenset[str]:
    """A code with all that the tag is made of, in any number of steps."""
    found: set[str] = set()
    new = {code}
    while new:
        found |= new
        new = {part for one in new if one in room.tag for part in room.tag[one].made_of} - found
    return frozenset(found)


def check_subjects(room: Folder) -> Iterator[LintFinding]:
    """A file's name is a subject of the catalog header."""
    if room.header is None:
        return
    known = {subject.code for subject in room.header.model.subjects}
    subjects: list[tuple[Entry[Element], str]] = [(entry, entry.model.subject) for entry in room.tags]
    subjects += [(entry, entry.model.subject) for entry in room.records]
    for entry, subject in subjects:
        if subject not in known:
            yield entry.finding("subject_unknown", {"subject": subject})


def check_organisation(room: Folder) -> Iterator[LintFinding]:
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
        for language in LANGUAGES:
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


def check_axes(room: Folder) -> Iterator[LintFinding]:
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


def check_units(room: Folder) -> Iterator[LintFinding]:
    """A number says its unit (an explicit `none` counts); plausible ranges and bands ascend and belong to numbers."""
    for entry, item, at in room.valued:
        if item.numeric and "unit" not in item.model_fields_set:
            yield entry.finding("unit_missing", {"item": item.code}, at)
        if item.plausible is not None and item.plausible[0] >= item.plausible[1]:
            yield entry.finding("plausible_reversed", {"item": item.code}, (*at, "plausible"))
        if any(low >= high for low, high in zip(item.bands, item.bands[1:], strict=False)):
            yield entry.finding("bands_not_ascending", {"item": item.code}, (*at, "bands"))
        ascending = all(low < high for low, high in pairwise(item.edges))
        if item.edges and not (ascending and item.ordered and len(item.edges) == len(item.values) - 1):
            yield entry.finding("edges_unfit", {"item": item.code}, (*at, "edges"))
        if (item.plausible is not None or item.bands) and not item.numeric:
            yield entry.finding("not_a_number", {"item": item.code}, at)


def check_null_sense(room: Folder) -> Iterator[LintFinding]:
    """What no value means must make sense for the type: a flag is not zero, a number not false."""
    for entry, item, at in room.valued:
        if item.null_means in _SENSELESS[item.type]:
            yield entry.finding(
                "null_senseless", {"item": item.code, "type": item.type, "null_means": item.null_means}, (*at, "null_means")
            )
        if item.tense == "future" and item.type != "date":
            yield entry.finding("tense_senseless", {"item": item.code}, (*at, "tense"))


def check_values(room: Folder) -> Iterator[LintFinding]:
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


def check_record_shape(room: Folder) -> Iterator[LintFinding]:
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


def check_history(room: Folder) -> Iterator[LintFinding]:
    """A record set says since when it is known, so that an earlier date is refused rather than answered with nothing."""
    for entry in room.records:
        if not isinstance(entry.model.history_from, date):
            yield entry.finding("history_missing")
