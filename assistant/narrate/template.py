"""Facts -> a short narrative by fixed sentences. Law: it says only what was computed, in two to five sentences; names, numbers and superlatives are Facts.

Order: how many; what changed and how many there were before; the figures asked for; what narrows most (or empties); what each insight found (a comparison in time goes before the funnel); one caution, which is never left out; what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.breakdown import Breakdown
from assistant.insight.change import Change
from assistant.insight.compare import Comparison
from assistant.insight.contrast import Contrast
from assistant.insight.count import Count, HavingNone, Unknown
from assistant.insight.coverage import Coverage
from assistant.insight.figure_then import FigureThen
from assistant.insight.funnel import Funnel, conditions
from assistant.insight.grid import Grid
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.metric import Metric
from assistant.insight.migration import Migration
from assistant.insight.monitor import Monitor
from assistant.insight.offers import offers
from assistant.insight.persona import Persona
from assistant.insight.reach import Reach
from assistant.insight.reliability import NOTHING_OPEN, Bounds, Reliability
from assistant.insight.requested import Finding
from assistant.insight.sizing import Sizing
from assistant.insight.why import WhyIn
from assistant.narrate.difference import difference_words
from assistant.narrate.grounding import NarrativeDraft
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.sentences import (
    breakdown,
    compare,
    contrast,
    figure_then,
    grid,
    hypothesis,
    metric,
    migration,
    monitor,
    persona,
    reach,
    sizing,
    why,
)
from assistant.narrate.writer import Writer
from assistant.rule.diff import Change as Difference
from assistant.rule.edits import AddCondition
from assistant.rule.tree import AllOf, TagCondition
from assistant.validation.verdict import ValidatedRule

MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Findings:
    """What was asked for and computed. Their facts must be on the sheet already (`.facts(sheet)`, and `count.given`)."""

    count: Count
    funnel: Funnel | None = None
    insights: Sequence[Finding] = ()
    unknown: Sequence[Unknown] = ()
    none: Sequence[HavingNone] = ()
    reliability: Reliability = NOTHING_OPEN
    change: Change | None = None
    changes: Sequence[Difference] = ()
    compared: bool = False


def write(findings: Findings, rule: ValidatedRule, sheet: FactSheet, language: Language) -> NarrativeDraft:
    """The draft. Names it uses (conditions, traits, rows, superlatives) are put on the sheet as given facts, under `name.<language>.`."""
    writer = Writer(rule, sheet, language)
    first = [_count(findings.count, writer), *_none(findings, writer), *_change(findings, writer)]
    figures = [line for one in findings.insights if _is_figure(one) for line in _sentences(one, writer)]
    changes = [line for one in findings.insights if isinstance(one, Comparison | Contrast) for line in _sentences(one, writer)]
    told = [
        line
        for one in findings.insights
        if not (_is_figure(one) or isinstance(one, Comparison | Contrast))
        for line in _sentences(one, writer)
    ]
    # After an edit there is room for little else: what was asked stands before the funnel, which is not asked for.
    around = [*told, *_funnel(findings, writer)] if changes or findings.change is not None else [*_funnel(findings, writer), *told]
    caution = _caution(findings, writer)
    middle = [*figures, *changes, *around][: MOST_SENTENCES - 1 - len(first) - len(caution)]
    return NarrativeDraft((*first, *middle, *caution, _next_step(findings, writer)), language)


def _is_figure(found: Finding) -> bool:
    """Whether what was asked for is a number, or the way to one: it is told before the funnel."""
    return isinstance(found, Metric | FigureThen | WhyIn) or (isinstance(found, Sizing) and (found.tried or found.target is not None))


def _sentences(found: Finding, writer: Writer) -> list[str]:
    """What is said of a finding, most telling first."""
    match found:
        case Breakdown():
            return breakdown.sentences(found, writer)
        case Comparison():
            return compare.sentences(found, writer)
        case Contrast():
            return contrast.sentences(found, writer)
        case Grid():
            return grid.sentences(found, writer)
        case Hypothesis():
            return hypothesis.sentences(found, writer)
        case Migration():
            return migration.sentences(found, writer)
        case Metric():
            return metric.sentences(found, writer)
        case FigureThen():
            return figure_then.sentences(found, writer)
        case Monitor():
            return monitor.sentences(found, writer)
        case Persona():
            return persona.sentences(found, writer)
        case Reach():
            return reach.sentences(found, writer)
        case Coverage():
            return []
        case Sizing():
            return sizing.sentences(found, writer)
        case WhyIn():
            return why.sentences(found, writer)


def _caution_of(found: Finding, writer: Writer) -> list[str]:
    match found:
        case Breakdown():
            return breakdown.caution(found, writer)
        case Comparison():
            return compare.caution(found, writer)
        case Contrast():
            return contrast.caution(found, writer)
        case Grid():
            return grid.caution(found, writer)
        case Hypothesis():
            return hypothesis.caution(found, writer)
        case Migration():
            return migration.caution(found, writer)
        case Metric() | FigureThen() | Reach() | Coverage():
            return []
        case Monitor():
            return monitor.caution(found, writer)
        case Persona():
            return persona.caution(found, writer)
        case Sizing() | WhyIn():
            return []


def _next_of(found: Finding, writer: Writer) -> str | None:
    """What a finding itself leads to; None where nothing does."""
    match found:
        case Breakdown():
            return breakdown.next_step(found, writer)
        case Contrast():
            return contrast.next_step(found, writer)
        case Monitor():
            return monitor.next_step(found, writer)
        case Comparison():
            return compare.next_step(found, writer)
        case Grid() | Hypothesis() | Migration() | Persona():
            return _keep(found, writer)
        case Sizing():
            return sizing.next_step(found, writer)
        case WhyIn():
            return why.next_step(found, writer)
        case Metric() | FigureThen() | Reach() | Coverage():
            return None


def _keep(found: Finding, writer: Writer) -> str | None:
    """To keep those of the first offer that is one condition, in a sentence that says so."""
    for offer in offers([found], writer.rule.catalog, writer.sheet):
        if isinstance(offer.edit, AddCondition) and isinstance(offer.edit.node, TagCondition):
            condition = condition_phrase(offer.edit.node, writer.rule.catalog, writer.language)
            return writer.say("next_keep", sentence=writer.suggest("keep", condition=condition))
    return None


def _count(found: Count, writer: Writer) -> str:
    base_name = writer.name("base", writer.rule.catalog.header.base_population.name.get(writer.language))
    if writer.withheld("count"):
        return writer.say("count_withheld", as_of="as_of")
    if writer.sheet["count"].suppressed:
        return writer.say("count_hidden", as_of="as_of", count="count")
    if writer.rule.rule.node == AllOf():
        return writer.say("count_everyone", as_of="as_of", base_name=base_name, base="base")
    if not found.n:
        return writer.say("count_none", as_of="as_of", base_name=base_name, base="base")
    return writer.say("count", as_of="as_of", base_name=base_name, base="base", count="count", share="share")


def _change(findings: Findings, writer: Writer) -> list[str]:
    """What an edit did and how many there were before it; between two versions also who stayed, came and went."""
    if findings.change is None:
        return []
    words = difference_words(findings.changes, writer.rule.catalog, writer.language)
    said = message(writer.language, "readback.difference_join").join(words) or message(writer.language, "change.none")
    name = writer.name("changes", said)
    parts = {name: f"change.{name}" for name in ("before", "after", "both", "entered", "left")}
    if findings.compared:
        return [writer.say("compared", changes=name, **parts)]
    if findings.change.narrowed and not writer.hidden("change.share"):
        return [writer.say("narrowed", changes=name, before=parts["before"], after=parts["after"], share="change.share")]
    return [writer.say("changed", changes=name, before=parts["before"], after=parts["after"])]


def _funnel(findings: Findings, writer: Writer) -> list[str]:
    found = findings.funnel
    if found is None:
        return []
    empties, narrows = found.emptied_by, found.narrows_most
    if empties is not None:
        return [writer.say("empties", condition=_condition(writer, empties), without=f"funnel.{empties}.without")]
    if not found.count and len(found.steps) > 1:
        return [writer.say("empties_together")]
    if narrows is None or writer.sheet["count"].suppressed or writer.hidden(f"funnel.{narrows}.without"):
        return []
    word = writer.word("narrows_most")
    return [writer.say("narrows", narrows_most=word, condition=_condition(writer, narrows), without=f"funnel.{narrows}.without")]


def _none(findings: Findings, writer: Writer) -> list[str]:
    """How many have nothing of what has an upper bound: the tag that most of them lack."""
    told = [one for one in findings.none if not writer.withheld(f"none.{one.tag}")]
    if not told:
        return []
    most = max(told, key=lambda one: one.n)
    tag = writer.name(f"none.{most.tag}", writer.rule.catalog.tags[most.tag].name.get(writer.language))
    return [writer.say("having_none", tag=tag, none=f"none.{most.tag}")]


def _condition(writer: Writer, step: int) -> str:
    node = conditions(writer.rule)[step].node
    return writer.name(f"condition.{step}", condition_phrase(node, writer.rule.catalog, writer.language))


def _caution(findings: Findings, writer: Writer) -> list[str]:
    """The most serious one: what an insight warns of, then a tag that stands still, then how far customers without a value leave the count open."""
    said = [line for one in findings.insights for line in _caution_of(one, writer)]
    for code in findings.reliability.stale:
        tag = writer.name(f"stale.{code}", writer.rule.catalog.tags[code].name.get(writer.language))
        said.append(writer.say("caution_stale", tag=tag, before="stale.before"))
    bounds = findings.reliability.bounds
    if bounds is not None and findings.reliability.told(writer.sheet):
        said.append(_bounds(bounds, writer))
    whose = [(f"unknown.{one.tag}" if one.kept is None else f"unknown.{one.tag}.kept", one) for one in findings.unknown if one.kept != 0]
    told = [(name, one) for name, one in whose if not writer.withheld(name)]
    if not said and told:
        name, largest = max(told, key=lambda pair: pair[1].n)
        tag = writer.name(f"unknown.{largest.tag}", unknown_tag(largest, writer.rule.catalog, writer.language))
        said = [writer.say("caution_unknown" if largest.kept is None else "caution_unknown_kept", tag=tag, unknown=name)]
    return said[:1]


def unknown_tag(one: Unknown, catalog: TagCatalog, language: Language) -> str:
    """What some customers have no value of: a tag, or its value of an earlier day, when they may not have been customers."""
    name = catalog.tags[one.tag].name.get(language)
    return message(language, "narrative.tag_of_then", {"tag": name}) if one.then else name


def _bounds(found: Bounds, writer: Writer) -> str:
    """Which values are missing for how many, and from where to where the count may go."""
    first, *others = found.missing
    names = [unknown_tag(one, writer.rule.catalog, writer.language) for one in (first, *others)]
    tag = writer.name(f"unknown.{first.tag}", names[0])
    parts = {"tag": tag, "share": f"missing.{first.tag}.share", "low": "bounds.low", "high": "bounds.high"}
    if not others:
        return writer.say("caution_bounds", **parts)
    join = message(writer.language, "readback.list_join")
    also = writer.name("missing", join.join(names[1:]))
    return writer.say("caution_bounds_more", also=also, **parts)


def _next_step(findings: Findings, writer: Writer) -> str:
    """One sentence or two that may be typed next and lead on from here, or what to do where no sentence does it."""
    proposed = (step for one in findings.insights if (step := _next_of(one, writer)) is not None)
    if writer.rule.rule.node == AllOf():
        return next(proposed, None) or _where_to_begin(findings, writer)
    if not findings.count.n:
        return _relax(findings, writer) or next(proposed, None) or writer.say("next_relax_any")
    return next(proposed, None) or _look(findings, writer)


def _where_to_begin(findings: Findings, writer: Writer) -> str:
    if any(isinstance(one, Monitor) for one in findings.insights):
        return writer.say("next_everyone")
    return writer.say("next_begin", sentence=writer.suggest("monitor"))


def _relax(findings: Findings, writer: Writer) -> str | None:
    """To drop the condition that empties the segment, where others are left."""
    empties = None if findings.funnel is None else findings.funnel.emptied_by
    if findings.funnel is None or empties is None or len(findings.funnel.steps) < 2:
        return None
    phrase = condition_phrase(conditions(writer.rule)[empties].node, writer.rule.catalog, writer.language)
    return writer.say("next_drop", sentence=writer.suggest("drop", condition=phrase))


def _look(findings: Findings, writer: Writer) -> str:
    """Who they are, and how they spread: whichever was not just asked."""
    asked = {type(one) for one in findings.insights}
    level = writer.level(len(writer.rule.catalog.header.levels) - 1 if writer.rule.scope else 1)
    if Persona in asked:
        return writer.say("next_spread", sentence=writer.suggest("level", level=level))
    if Breakdown in asked:
        return writer.say("next_who", sentence=writer.suggest("who"))
    return writer.say("next_look", sentence=writer.suggest("who"), other=writer.suggest("level", level=level))
