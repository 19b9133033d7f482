"""A reading of a word without universal meaning, at the time that was said: 下个月到期, 近60天活跃. Law: a reading the time cannot be said of is none."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, Tag
from assistant.interpret.conditions.lengths import rolling_days
from assistant.language.times import TimeSpan
from assistant.rule.tree import AllOf, AnyNode, AnyOf, ConceptRef, Filter, RecordCondition, TagCondition
from assistant.rule.window import Rolling, TimeWindow


def retimed(node: AnyNode, span: TimeSpan, catalog: TagCatalog) -> AnyNode | None:
    """The node with its own time replaced by `span`; None when some part of it has no time, or none of that kind."""
    if isinstance(node, AllOf | AnyOf):
        children = [retimed(child, span, catalog) for child in node.children]
        timed = tuple(child for child in children if child is not None)
        return node.model_copy(update={"children": timed}) if len(timed) == len(children) else None
    if isinstance(node, ConceptRef):
        return _concept(node, span, catalog)
    if isinstance(node, TagCondition):
        tag = catalog.tags[node.tag]
        window = _window(tag, span) if node.operator == "within" else None
        if tag.tense == "past" and not tag.settled and not isinstance(window, Rolling):
            return None  # the last time of something lay in June only where it never came again
        return None if window is None else node.model_copy(update={"value": window})
    if isinstance(node, RecordCondition):
        return _records(node, span, catalog)
    return None


def of_one_time(node: ConceptRef, span: TimeSpan, catalog: TagCatalog) -> AnyNode | None:
    """上个月的新客: what a concept says at a time that is no number of days, where it is one condition with one time; None otherwise."""
    rule = None if node.negated else catalog.expand_all(node)
    return retimed(rule, span, catalog) if isinstance(rule, TagCondition | RecordCondition) else None


def _concept(node: ConceptRef, span: TimeSpan, catalog: TagCatalog) -> AnyNode | None:
    concept = catalog.concepts[node.concept]
    name = concept.window_parameter
    if name is None or span.window is None or span.future:
        return None
    days = rolling_days(span.window)
    if days is None:
        return of_one_time(node, span, catalog)
    parameters = {other: value for other, value in node.parameters if other != name}
    if concept.parameters[name].default != days:
        parameters[name] = Decimal(days)
    return ConceptRef.model_validate({"concept": node.concept, "parameters": parameters, "negated": node.negated})


def _records(node: RecordCondition, span: TimeSpan, catalog: TagCatalog) -> RecordCondition | None:
    """The date among the filters, else the window of the records."""
    record = catalog.records[node.records]
    filters: list[Filter] = []
    found = False
    for each in node.filters:
        dated = record.property(each.property) if each.operator == "within" else None
        window = None if dated is None else _window(dated, span)
        if dated is not None and window is None:
            return None
        found = found or window is not None
        filters.append(each if window is None else each.model_copy(update={"value": window}))
    if found:
        return node.model_copy(update={"filters": tuple(filters)})
    if node.window is None or span.window is None or span.future:
        return None
    return node.model_copy(update={"window": span.window})


def _window(dated: Tag | Property, span: TimeSpan) -> TimeWindow | None:
    """The window the words mean for a date: what lies ahead is asked of future words, what lies behind of the others."""
    if dated.tense == "future":
        return span.future_window or (span.window if span.future else None)
    return span.window if dated.tense == "past" and not span.future else None
