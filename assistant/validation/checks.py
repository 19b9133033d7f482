"""What gate 1 looks at: one small function a concern, each rule node in, issues out. Law: pure; a check never mends what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element, Property, RecordSet, Tag, Valued
from assistant.errors import Issue, Severity
from assistant.policy import Identity, Purpose, denied
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    Comparing,
    ConceptRef,
    Filter,
    Path,
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
from assistant.rule.window import Calendar, Frozen, TimeWindow, resolve, snapshot_date, snapshot_day, without_start
from assistant.store.segment import DECLINED, Library

MAXIMUM_NODES = 200
MAXIMUM_DEPTH = 12
_WHOLE_DIGITS = 16
_DECIMALS = 8
_DATES = frozenset({"date", "month_day"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the checks know besides the rule."""

    catalog: TagCatalog
    identity: Identity
    purpose: Purpose
    as_of: date
    today: date
    snapshots: tuple[date, ...]
    scope: tuple[str, ...] = ()
    """Organisation codes the identity may see, subtrees spread out; empty = the whole bank."""


Check = Callable[[AnyNode, Setting], Iterator[Issue]]


def _refuse(code: str, path: Path, node: AnyNode | Filter, /, **params: str | int) -> Issue:
    return Issue(code, Severity.REFUSE, path, _quote(node), params)


def _ask(code: str, path: Path, node: AnyNode | Filter, /, **params: str | int) -> Issue:
    return Issue(code, Severity.ASK, path, _quote(node), params)


def _quote(node: AnyNode | Filter) -> tuple[int, int] | None:
    return (node.said[0].start, node.said[0].end) if node.said else None


def size(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A rule no person would write is refused before it is compiled."""
    for number, (path, node) in enumerate(walk(root)):
        if len(path) > MAXIMUM_DEPTH or number >= MAXIMUM_NODES:
            yield _refuse("rule_too_large", (), node, limit=MAXIMUM_NODES)
            return


def known_codes(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """Every code is in the catalog and may be used in a new rule."""
    catalog = setting.catalog
    for path, node in walk(root):
        for code in _tags_of(node):
            tag = catalog.tags.get(code)
            if tag is None:
                yield _refuse("unknown_tag", path, node, code=code)
            elif tag.status == "offline":
                yield Issue("tag_offline", Severity.REFUSE, path, _quote(node), _standing(tag), _replacement(tag, catalog))
            elif tag.status not in ("online", "deprecated"):
                yield _refuse("tag_not_online", path, node, code=code)
            elif tag.status == "deprecated":
                yield Issue("tag_deprecated", Severity.WARN, path, _quote(node), _standing(tag), _replacement(tag, catalog))
        for records in _records_of(node):
            if records.records not in catalog.records:
                yield _refuse("unknown_record", path, node, code=records.records)
        if isinstance(node, ConceptRef):
            concept = catalog.concepts.get(node.concept)
            if concept is None:
                yield _refuse("unknown_concept", path, node, code=node.concept)
            else:
                for name, value in node.parameters:
                    parameter = concept.parameters.get(name)
                    if parameter is None:
                        yield _refuse("unknown_parameter", path, node, code=node.concept, parameter=name)
                    elif not isinstance(value, Decimal) or _outside(value, parameter.low, parameter.high):
                        yield _ask("parameter_out_of_range", path, node, code=node.concept, parameter=name, value=str(value))


def _standing(tag: Tag) -> dict[str, str]:
    """Why a tag is deprecated or offline, in both languages (empty: nobody said)."""
    reason = tag.status_reason
    return {"code": tag.code, "reason_zh": "" if reason is None else reason.zh, "reason_en": "" if reason is None else reason.en}


def _replacement(tag: Tag, catalog: TagCatalog) -> tuple[str, ...]:
    return () if tag.replaced_by is None or tag.replaced_by not in catalog.tags else (tag.replaced_by,)


def saved_segments(root: AnyNode, library: Library) -> Iterator[Issue]:
    """Every saved segment that is referred to is there for its reader, and none leads back to itself."""
    refused = list(library.faults(root))
    for path, node in walk(root):
        if isinstance(node, SegmentRef):
            codes = dict.fromkeys(code for code, reference in refused if reference is node)
            for code in codes:
                yield _refuse(code, path, node, name=node.name or node.segment)
            segment = library.by_id.get(node.segment)
            version = None if segment is None else segment.version(node.version)
            if segment is None or version is None or codes:
                continue
            if segment.archived and segment is not DECLINED:
                yield Issue("segment_archived", Severity.WARN, path, _quote(node), {"name": segment.name})
            if version.policy == "frozen" and segment is not DECLINED:
                told = {"name": segment.name, "as_of": version.as_of.isoformat()}
                yield Issue("segment_frozen", Severity.WARN, path, _quote(node), told)


def _outside(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def values_fit(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """Operators and values fit the type, enum codes exist, order is asked of ordered enums only."""
    catalog = setting.catalog
    for path, node in walk(root):
        match node:
            case TagCondition():
                tag = catalog.tags.get(node.tag)
                if tag is not None:
                    yield from _comparing(node, tag, node.tag, path, setting)
            case RankCondition():
                tag = catalog.tags.get(node.tag)
                if tag is not None and not tag.numeric:
                    yield _refuse("operator_unfit", path, node, code=node.tag, operator="rank")
            case TagComparison():
                yield from _tag_comparison(node, path, setting)
            case RecordCondition():
                record = catalog.records.get(node.records)
                if record is not None:
                    yield from _filters(node.filters, record, path, node, setting)
                    yield from _aggregate(node, record, path)
            case SequenceCondition():
                for records in (node.first, node.then):
                    record = catalog.records.get(records.records)
                    if record is not None:
                        yield from _filters(records.filters, record, path, node, setting)
                        if record.date_column is None:
                            yield _refuse("operator_unfit", path, node, code=record.code, operator="sequence")
            case _:
                pass


def _filters(filters: tuple[Filter, ...], record: RecordSet, path: Path, node: AnyNode, setting: Setting) -> Iterator[Issue]:
    for each in filters:
        prop = record.property(each.property)
        if prop is None:
            yield _refuse("unknown_property", path, node, code=record.code, property=each.property)
        else:
            yield from _comparing(each, prop, each.property, path, setting)


def _comparing(node: TagCondition | Filter, item: Tag | Property, code: str, path: Path, setting: Setting) -> Iterator[Issue]:
    operator, value = node.operator, node.value
    if operator in ("is_absent", "is_unknown"):
        return
    unfit = _refuse("operator_unfit", path, node, code=code, operator=operator)
    if isinstance(value, tuple):
        if not setting.catalog.values(item):
            yield unfit
            return
        regions = {region.code for region in setting.catalog.header.regions} if item.values_from == "organisation" else set()
        for one in value:
            if setting.catalog.value(item, one) is None and one not in regions:
                yield _refuse("unknown_value", path, node, code=code, value=one)
        if operator in (">", ">=", "<", "<=") and not item.ordered:
            yield unfit
        if operator in ("=", "<>"):
            yield unfit
    elif isinstance(value, bool):
        if item.type != "flag":
            yield unfit
    elif operator == "within":
        if item.type not in _DATES:
            yield unfit
    elif not _number_fits(item):
        yield unfit


def _number_fits(item: Valued) -> bool:
    return item.numeric


def _tag_comparison(node: TagComparison, path: Path, setting: Setting) -> Iterator[Issue]:
    left, right = setting.catalog.tags.get(node.left), setting.catalog.tags.get(node.right)
    if left is None or right is None:
        return
    numeric = left.numeric and right.numeric and left.unit == right.unit
    ranked = left.ordered and right.ordered and left.code == right.code and node.measure == "difference"
    if not (numeric or ranked) or node.operator not in ("=", "<>", ">", ">=", "<", "<=", "range"):
        yield _refuse("operator_unfit", path, node, code=node.left, operator=node.operator)


def _aggregate(node: RecordCondition, record: RecordSet, path: Path) -> Iterator[Issue]:
    unfit = _refuse("operator_unfit", path, node, code=record.code, operator=node.aggregate)
    value = node.value
    if node.aggregate in ("count", "days"):
        if node.of is not None or (not isinstance(value, Decimal) and node.operator != "range"):
            yield unfit
        if node.aggregate == "days" and record.date_column is None:
            yield unfit
        return
    prop = record.property(node.of) if node.of is not None else None
    if node.of is not None and prop is None:
        yield _refuse("unknown_property", path, node, code=record.code, property=node.of)
    elif (
        (node.aggregate in ("sum", "avg") and (prop is None or not prop.numeric))
        or (prop is None and (record.date_column is None or node.operator != "within"))
        or (node.aggregate in ("first", "last") and record.date_column is None)
    ):
        yield unfit


def windows(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A window with no day in it is never run; one that begins before the data does cannot be answered; a cut one is said."""
    for path, node in walk(root):
        for records in _records_of(node):
            record = setting.catalog.records.get(records.records)
            if record is None:
                continue
            if records.window is not None:
                yield from _window(records.window, record.history_from, "past", path, node, setting)
            then = isinstance(node, SequenceCondition) and records is node.then
            if record.date_column is not None and record.history_from is not None and not then and _without_start(records, setting):
                yield Issue(
                    "since_history", Severity.WARN, path, _quote(node), {"record": record.code, "since": record.history_from.isoformat()}
                )
            for each in records.filters:
                prop = record.property(each.property)
                if prop is not None and isinstance(each.value, Frozen) and each.operator == "within":
                    yield from _window(_as_window(each), None, prop.tense, path, node, setting)
        if isinstance(node, TagCondition) and node.operator == "within":
            tag = setting.catalog.tags.get(node.tag)
            if tag is not None:
                yield from _window(_as_window(node), None, tag.tense, path, node, setting)


def _without_start(records: Records | RecordCondition, setting: Setting) -> bool:
    """Whether records are asked for from however long ago."""
    return records.window is None or without_start(records.window)


def day_grain(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A set kept by day has no single record: an amount of one record, or its least and most, is not in the data."""
    for path, node in walk(root):
        for records in _records_of(node):
            record = setting.catalog.records.get(records.records)
            if record is None or record.grain != "day":
                continue
            numeric = {prop.code for prop in record.properties if prop.numeric}
            single = any(each.property in numeric for each in records.filters)
            if single or (
                isinstance(records, RecordCondition) and records.of is not None and records.aggregate in ("min", "max", "first", "last")
            ):
                yield _refuse("only_by_day", path, node, record=record.code)


def numbers(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """Numbers longer than any amount of money a bank keeps are refused before they are compiled."""
    for path, node in walk(root):
        said = [node.value] if isinstance(node, Comparing) else []
        said.extend(each.value for records in _records_of(node) for each in records.filters)
        for value in said:
            ends = (value.low, value.high) if isinstance(value, Range) else (value,)
            if any(isinstance(end, Decimal) and not _storable(end) for end in ends):
                yield _refuse("number_too_long", path, node)


def _storable(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and number.adjusted() < _WHOLE_DIGITS and exponent >= -_DECIMALS


def calendar_covered(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """Weekends, workdays and holidays are counted only where the holiday calendar says what each day is."""
    calendar = setting.catalog.calendar
    for path, node in walk(root):
        for records in _records_of(node):
            if records.day_kind is None:
                continue
            span = None if records.window is None else resolve(records.window, setting.as_of, setting.today)
            if (
                span is None
                or span.start is None
                or span.start.year < calendar.first_year
                or (span.end or setting.as_of).year > calendar.last_year
            ):
                yield _refuse("calendar_years", path, node, first=calendar.first_year, last=calendar.last_year)


def no_self_sequence(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A record would follow itself: a sequence is of two different record sets."""
    for path, node in walk(root):
        if isinstance(node, SequenceCondition) and node.first.records == node.then.records:
            yield _refuse("operator_unfit", path, node, code=node.first.records, operator="sequence")


def order_within_a_day(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """Of records kept by the day alone nothing tells which of one day came first: all of them count as later, which is said."""
    for path, node in walk(root):
        if isinstance(node, SequenceCondition):
            sides = [setting.catalog.records.get(side.records) for side in (node.first, node.then)]
            by_day = [one for one in sides if one is not None and one.date_column is not None and one.time_column is None]
            if by_day:
                yield Issue("same_day_unordered", Severity.WARN, path, _quote(node), {"record": by_day[0].code})


def values_apart(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A value that does not hold another one people may take for a part of it (贷款 and 房贷): that it is left out is said."""
    for path, node in walk(root):
        for records in _records_of(node):
            record = setting.catalog.records.get(records.records)
            for each in records.filters if record is not None else ():
                item = None if record is None else record.property(each.property)
                codes = each.value if isinstance(each.value, tuple) and each.operator == "in" else ()
                for value in () if item is None else (one for one in item.values if one.code in codes):
                    left = tuple(code for code in value.apart if code not in codes)
                    if left:
                        params = {"record": records.records, "property": each.property, "value": value.code, "values": " ".join(left)}
                        yield Issue("value_apart", Severity.WARN, path, _quote(node), params)


def _as_window(node: Comparing) -> TimeWindow:
    value = node.value
    assert not isinstance(value, bool | Decimal | tuple | Range), "within takes a window"
    assert value is not None, "within takes a window"
    return value


def _dated(node: AnyNode) -> str:
    """The code of what a condition dates."""
    return node.tag if isinstance(node, TagCondition) else next((one.records for one in _records_of(node)), "")


def _window(window: TimeWindow, history: date | None, tense: str, path: Path, node: AnyNode, setting: Setting) -> Iterator[Issue]:
    span = resolve(window, setting.as_of, setting.today, "past" if tense == "past" else "future" if tense == "future" else "yearly")
    if span.empty and isinstance(window, Calendar) and window.unit == "day":
        yield _refuse("window_empty", path, node, as_of=setting.as_of.isoformat())
    elif tense == "yearly" and (span.start is None or span.end is None):
        yield _ask("yearly_open", path, node, code=_dated(node))
    elif span.empty:
        yield _ask("window_empty", path, node, as_of=setting.as_of.isoformat())
    elif history is not None and ((span.end is not None and span.end < history) or (span.start is not None and span.start < history)):
        reaches = span.start or span.end or history
        yield _refuse("window_before_history", path, node, since=history.isoformat(), reaches=reaches.isoformat())
    elif span.cut:
        yield Issue("window_cut", Severity.WARN, path, _quote(node), {"as_of": setting.as_of.isoformat()})


def snapshots(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """An earlier reading of a tag needs a snapshot that old."""
    for path, node in walk(root):
        for snapshot in _snapshots_of(node):
            if snapshot_date(snapshot.unit, snapshot.offset, setting.as_of, setting.today, setting.snapshots) is None:
                first = min(setting.snapshots, default=setting.as_of)
                wanted = snapshot_day(snapshot.unit, snapshot.offset, setting.as_of, setting.today)
                yield _refuse("window_before_history", path, node, since=first.isoformat(), reaches=wanted.isoformat())
        if isinstance(node, TagComparison) and node.left == node.right and node.left_snapshot != node.right_snapshot:
            left, right = (_read_at(one, setting) for one in (node.left_snapshot, node.right_snapshot))
            if left is not None and left == right:
                yield _refuse("same_snapshot", path, node, code=node.left, as_of=setting.as_of.isoformat(), date=left.isoformat())


def _read_at(snapshot: Snapshot | None, setting: Setting) -> date | None:
    """The day of the snapshot that a side of a comparison is read at."""
    if snapshot is None:
        return max((day for day in setting.snapshots if day <= setting.as_of), default=None)
    return snapshot_date(snapshot.unit, snapshot.offset, setting.as_of, setting.today, setting.snapshots)


def allowed(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """What the policy grants this identity, for this purpose. Raised as `forbidden_…`, which makes the outcome forbidden."""
    for path, node in walk(root):
        for element in _elements_of(node, setting.catalog):
            denial = denied(setting.catalog.policy, setting.identity, "ask", element.asset, setting.purpose)
            if denial is not None:
                yield Issue(denial.code, Severity.REFUSE, path, _quote(node), dict(denial.params))


def no_contradiction(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """上海的女性和北京的男性: two conditions that must both hold and name different values of one tag leave nobody; asked, never answered with 0."""
    for path, node in walk(root):
        if not isinstance(node, AllOf):
            continue
        bounds: dict[str, tuple[Decimal | None, Decimal | None]] = {}
        seen: dict[str, list[tuple[Path, TagCondition, frozenset[str]]]] = {}
        for number, child in enumerate(_conjuncts(node)):
            if not isinstance(child, TagCondition) or child.snapshot is not None:
                continue
            yield from _crossed(child, bounds, path)
            codes = _codes(child, setting)
            if codes is None:
                continue
            for _, earlier, others in seen.get(child.tag, []):
                if not codes & others:
                    yield _ask("contradiction", path, child, code=child.tag, first=_words_of(earlier), second=_words_of(child))
            seen.setdefault(child.tag, []).append(((*path, number), child, codes))


def _crossed(node: TagCondition, bounds: dict[str, tuple[Decimal | None, Decimal | None]], path: Path) -> Iterator[Issue]:
    """AUM over 50万 and under 20万: the bounds said so far of a number, and whether they have crossed."""
    low, high = bounds.get(node.tag, (None, None))
    value = node.value
    if isinstance(value, Range):
        low, high = _higher(low, value.low), _lower(high, value.high)
    elif isinstance(value, Decimal) and not isinstance(value, bool):
        low = _higher(low, value) if node.operator in (">", ">=", "=") else low
        high = _lower(high, value) if node.operator in ("<", "<=", "=") else high
    else:
        return
    bounds[node.tag] = low, high
    if low is not None and high is not None and low > high:
        yield _ask("contradiction", path, node, code=node.tag, first=str(low), second=str(high))


def _higher(one: Decimal | None, other: Decimal) -> Decimal:
    return other if one is None else max(one, other)


def _lower(one: Decimal | None, other: Decimal) -> Decimal:
    return other if one is None else min(one, other)


def _conjuncts(node: AllOf) -> Iterator[AnyNode]:
    for child in node.children:
        if isinstance(child, AllOf):
            yield from _conjuncts(child)
        else:
            yield child


def _codes(node: TagCondition, setting: Setting) -> frozenset[str] | None:
    tag = setting.catalog.tags.get(node.tag)
    if isinstance(node.value, bool) and node.operator == "=":
        return frozenset({str(node.value)})
    if tag is None or node.operator != "in" or not isinstance(node.value, tuple):
        return None
    return frozenset(setting.catalog.subtree(tag, node.value))


def _words_of(node: TagCondition) -> str:
    return ", ".join(node.value) if isinstance(node.value, tuple) else str(node.value)


def inside_scope(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A branch is named that lies outside what the identity may see: said, never answered with 0 customers."""
    organisation = setting.catalog.tags[setting.catalog.header.organisation_tag]
    for path, node in walk(root):
        if not setting.scope or not isinstance(node, TagCondition) or not isinstance(node.value, tuple):
            continue
        tag = setting.catalog.tags.get(node.tag)
        if tag is None or tag.values_from != "organisation" or tag.code != organisation.code:
            continue
        for code in node.value:
            if not set(setting.catalog.subtree(tag, (code,))) & set(setting.scope):
                yield _refuse("forbidden_branch", path, node, branch=code, scope=" ".join(setting.identity.branches))


def inside_base(root: AnyNode, setting: Setting) -> Iterator[Issue]:
    """A condition no customer of the base population can meet (pure card customers, closed customers) is said, never answered with 0."""
    base = {
        node.tag: set(node.value)
        for _, node in walk(setting.catalog.base_rule)
        if isinstance(node, TagCondition) and node.operator == "in" and isinstance(node.value, tuple)
    }
    for path, node in walk(root):
        if isinstance(node, TagCondition) and node.operator == "in" and isinstance(node.value, tuple) and node.snapshot is None:
            allowed_codes = base.get(node.tag)
            if allowed_codes is not None and not allowed_codes & set(node.value):
                yield _refuse("outside_base", path, node, code=node.tag, value=node.value[0])


def _tags_of(node: AnyNode) -> tuple[str, ...]:
    match node:
        case TagCondition(tag=tag) | RankCondition(tag=tag):
            return (tag,)
        case TagComparison(left=left, right=right):
            return (left, right)
        case _:
            return ()


def _elements_of(node: AnyNode, catalog: TagCatalog) -> Iterator[Element]:
    """The tags and record sets that a node reads."""
    yield from (catalog.tags[code] for code in _tags_of(node) if code in catalog.tags)
    yield from (catalog.records[records.records] for records in _records_of(node) if records.records in catalog.records)


def _records_of(node: AnyNode) -> tuple[Records | RecordCondition, ...]:
    match node:
        case RecordCondition():
            return (node,)
        case SequenceCondition(first=first, then=then):
            return (first, then)
        case _:
            return ()


def _snapshots_of(node: AnyNode) -> tuple[Snapshot, ...]:
    match node:
        case TagCondition(snapshot=snapshot):
            found: tuple[Snapshot | None, ...] = (snapshot,)
        case TagComparison(left_snapshot=left, right_snapshot=right):
            found = (left, right)
        case _:
            found = ()
    return tuple(each for each in found if each is not None)


CHECKS: tuple[Check, ...] = (
    size,
    known_codes,
    values_fit,
    numbers,
    day_grain,
    windows,
    calendar_covered,
    no_self_sequence,
    order_within_a_day,
    values_apart,
    snapshots,
    no_contradiction,
    inside_base,
    inside_scope,
    allowed,
)
