"""Checks of the rules a catalog holds: of concepts, exposures, contradictions, readings and strategies. Law: each reads, and names only what exists, with every parameter at its bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from assistant.catalog.lint.folder import Entry, Fault, Folder, LintFinding, Place
from assistant.catalog.model import (
    LANGUAGES,
    Language,
    Valued,
)
from assistant.catalog.spelling import fold
from assistant.catalog.strategy import Framework, Strategy
from assistant.language.text import is_cjk
from assistant.rule.short import node_from_short, parameters, substitute
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

_PROMISES = ("保本", "稳赚", "零风险", "最高可达", "秒批", "必过", "guaranteed", "risk-free", "no risk")
"""What nothing said to a customer may promise."""


def _fits(room: Folder, item: Valued, name: str, comparing: Comparing) -> Iterator[Fault]:
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


def _record_faults(room: Folder, node: Records | RecordCondition) -> Iterator[Fault]:
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


def _node_faults(room: Folder, node: AnyNode) -> Iterator[Fault]:
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


def _short_faults(room: Folder, short: Mapping[str, object], values: Mapping[str, object]) -> Iterator[Fault]:
    for name in sorted(parameters(short) - set(values)):
        yield "parameter_unknown", {"parameter": name}
    try:
        node = node_from_short(substitute(short, values))
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        yield "rule_unreadable", {"fault": str(error).splitlines()[0]}
        return
    yield from _node_faults(room, node)


def check_rules(room: Folder) -> Iterator[LintFinding]:
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


def check_concepts(room: Folder) -> Iterator[LintFinding]:
    """Parameters are used and within their bounds, the window parameter exists, a named negation has a rule, and no concept means itself."""
    mentions: dict[str, set[str]] = {}
    for entry in room.concepts:
        concept = entry.model
        used = parameters((concept.rule, concept.negation))
        named: dict[tuple[Language, str], str] = {}
        for name, parameter in concept.parameters.items():
            at: Place = ("parameters", name)
            for language in LANGUAGES:
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


def check_strategies(room: Folder) -> Iterator[LintFinding]:
    """A template stands in the file of its code, names what the framework has, uses its parameters, and makes a rule with each at its lowest, default and highest;
    two are never called the same; nothing they say promises what a bank may not promise."""
    framework = Framework() if room.framework is None else room.framework.model
    if room.framework is not None:
        for number, exclusion in enumerate(framework.exclusions):
            for code, params in _short_faults(room, exclusion.rule, {}):
                yield room.framework.finding(code, params, ("exclusions", number, "rule"))
        if "calls" in framework.model_fields_set and framework.calls.channel not in {one.code for one in framework.channels}:
            yield room.framework.finding("code_unknown", {"code": framework.calls.channel, "where": "calls"}, ("calls", "channel"))
        yield from _frames(room, room.framework)
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


def _frames(room: Folder, entry: Entry[Framework]) -> Iterator[LintFinding]:
    """What guided mode starts from names a tag with values, and values, stages and lines that there are."""
    stages, lines = ({value.code for value in values} for values in (entry.model.stages, entry.model.lines))
    for number, frame in enumerate(entry.model.frames):
        values = set() if frame.tag is None or frame.tag not in room.tag else {value.code for value in room.tag[frame.tag].values}
        named = [("tag", frame.tag, set(room.tag) if values else set())] if frame.tag is not None else []
        named += [("serves", code, values) for code in frame.serves]
        named += [("serves", code, stages) for served in frame.serves.values() for code in served]
        named += [("lines", code, lines) for code in frame.lines]
        for where, code, known in named:
            if code not in known:
                yield entry.finding("code_unknown", {"code": code, "where": where}, ("frames", number, where))


def _strategy_rules(room: Folder, entry: Entry[Strategy]) -> Iterator[LintFinding]:
    """The rule with every parameter at its default, and each in turn at its bounds; no parameter without a use, no two called alike."""
    strategy = entry.model
    defaults = {name: parameter.default for name, parameter in strategy.parameters.items()}
    used, named = parameters(strategy.rule), dict[str, str]()
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
