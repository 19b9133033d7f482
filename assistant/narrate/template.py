"""Facts -> a short narrative by fixed sentences. Law: it says only what was computed, in two to five sentences; names, numbers and superlatives are Facts.

Order: how many; what changed and how many there were before; what narrows most (or empties); who they are, how they spread, the figure asked for; one caution; what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.breakdown import Breakdown, Row, cut_points, row_id
from assistant.insight.change import Change
from assistant.insight.count import Count, Unknown
from assistant.insight.funnel import Funnel, conditions
from assistant.insight.metric import Metric
from assistant.insight.persona import SMALL_SEGMENT, Persona
from assistant.narrate.difference import difference_words
from assistant.narrate.grounding import NarrativeDraft
from assistant.narrate.messages import message
from assistant.narrate.readback import bucket_phrase, condition_phrase, trait_phrase, value_phrase
from assistant.rule.diff import Change as Difference
from assistant.rule.tree import AllOf
from assistant.validation.verdict import ValidatedRule

MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Findings:
    """What was asked for and computed. Their facts must be on the sheet already (`.facts(sheet)`, and `count.given`)."""

    count: Count
    funnel: Funnel | None = None
    breakdown: Breakdown | None = None
    persona: Persona | None = None
    metrics: Sequence[Metric] = ()
    unknown: Sequence[Unknown] = ()
    change: Change | None = None
    changes: Sequence[Difference] = ()
    compared: bool = False


def write(findings: Findings, rule: ValidatedRule, sheet: FactSheet, language: Language) -> NarrativeDraft:
    """The draft. Names it uses (conditions, traits, rows, superlatives) are put on the sheet as given facts, under `name.<language>.`."""
    writer = _Writer(findings, rule, sheet, language)
    first = [writer.count(), *writer.change()]
    middle = [*writer.metrics(), *writer.funnel(), *writer.persona(), *writer.breakdown(), *writer.caution()]
    return NarrativeDraft(_joined([*first, *middle[: MOST_SENTENCES - 1 - len(first)], writer.next_step()], language), language)


def row_phrase(row: Row, breakdown: Breakdown, rule: ValidatedRule, language: Language) -> str:
    """The name of a row: its value, bucket, unit or region; "(directly)" for customers of a unit under none of the level asked for."""
    tag = rule.catalog.tags[breakdown.dimension.tag]
    if row.kind == "unassigned":
        return message(language, "answer.unassigned")
    if row.code is None:
        return bucket_phrase(tag, None, breakdown.cuts, rule.catalog, language)
    if breakdown.dimension.level == "region":
        return next(region.label.get(language) for region in rule.catalog.header.regions if region.code == row.code)
    if row.kind == "direct":
        name = rule.catalog.organisation[row.code].name.get(language)
        return message(language, "answer.direct", {"name": name})
    if tag.type == "enum":
        return value_phrase(tag, row.code, rule.catalog, language, subtree=False)
    return bucket_phrase(tag, row.code, breakdown.cuts, rule.catalog, language)


def _joined(sentences: list[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(sentences)


@dataclass(frozen=True, slots=True)
class _Writer:
    findings: Findings
    rule: ValidatedRule
    sheet: FactSheet
    language: Language

    def say(self, key: str, **ids: str) -> str:
        """A sentence whose placeholders are filled with fact ids, to be rendered at the gate."""
        return message(self.language, f"narrative.{key}", {name: f"{{{identifier}}}" for name, identifier in ids.items()})

    def name(self, identifier: str, words: str) -> str:
        """The id under which a name is put on the sheet."""
        return self.sheet.given(f"name.{self.language}.{identifier}", words, "name").id

    def word(self, key: str) -> str:
        return self.name(key, message(self.language, f"narrative.word_{key}"))

    def count(self) -> str:
        found = self.findings.count
        base_name = self.name("base", self.rule.catalog.header.base_population.name.get(self.language))
        if self.sheet["count"].suppressed:
            return self.say("count_hidden", as_of="as_of", count="count")
        if self.rule.rule.node == AllOf():
            return self.say("count_everyone", as_of="as_of", base_name=base_name, base="base")
        if not found.n:
            return self.say("count_none", as_of="as_of", base_name=base_name, base="base")
        return self.say("count", as_of="as_of", base_name=base_name, base="base", count="count", share="share")

    def change(self) -> list[str]:
        """What an edit did and how many there were before it; between two versions also who stayed, came and went."""
        if self.findings.change is None:
            return []
        words = difference_words(self.findings.changes, self.rule.catalog, self.language)
        said = message(self.language, "readback.difference_join").join(words) or message(self.language, "change.none")
        name = self.name("changes", said)
        parts = {name: f"change.{name}" for name in ("before", "after", "both", "entered", "left")}
        if self.findings.compared:
            return [self.say("compared", changes=name, **parts)]
        return [self.say("changed", changes=name, before=parts["before"], after=parts["after"])]

    def condition(self, step: int) -> str:
        node = conditions(self.rule)[step].node
        return self.name(f"condition.{step}", condition_phrase(node, self.rule.catalog, self.language))

    def funnel(self) -> list[str]:
        found = self.findings.funnel
        if found is None:
            return []
        empties, narrows = found.emptied_by, found.narrows_most
        if empties is not None:
            return [self.say("empties", condition=self.condition(empties), without=f"funnel.{empties}.without")]
        if not found.count and len(found.steps) > 1:
            return [self.say("empties_together")]
        if narrows is None or self.sheet["count"].suppressed:
            return []
        word = self.word("narrows_most")
        return [self.say("narrows", narrows_most=word, condition=self.condition(narrows), without=f"funnel.{narrows}.without")]

    def persona(self) -> list[str]:
        found = self.findings.persona
        if found is None or not self.findings.count.n:
            return []
        sentences: list[str] = []
        for trait in found.traits[:2]:
            tag = self.rule.catalog.tags[trait.tag]
            words = trait_phrase(tag, trait.bucket, cut_points(tag), self.rule.catalog, self.language)
            name = self.name(trait.id, words)
            share, rest = f"{trait.id}.share", f"{trait.id}.rest_share"
            if sentences:
                sentences.append(self.say("trait_next", trait=name, share=share, rest=rest))
            else:
                sentences.append(self.say("trait", stands_out=self.word("stands_out"), trait=name, share=share, rest=rest))
        return sentences or [self.say("no_traits")]

    def breakdown(self) -> list[str]:
        found = self.findings.breakdown
        rows = [] if found is None else [row for row in found.rows if row.n and row.kind != "unknown"]
        if found is None or not rows:
            return []
        largest = max(rows, key=lambda row: row.n)
        if self.sheet[f"breakdown.{row_id(largest)}.n"].suppressed:
            return []
        row = self.name(f"row.{row_id(largest)}", row_phrase(largest, found, self.rule, self.language))
        return [self.say("breakdown", largest=self.word("largest"), row=row, count=f"breakdown.{row_id(largest)}.n")]

    def metrics(self) -> list[str]:
        return [self._metric(found) for found in self.findings.metrics if found.value is not None]

    def _metric(self, found: Metric) -> str:
        tag = self.rule.catalog.tags[found.tag].name.get(self.language)
        words = message(self.language, f"narrative.metric_{found.kind}", {"tag": tag})
        name = self.name(f"metric.{found.tag}.{found.kind}", words)
        return self.say("metric", name=name, value=f"metric.{found.tag}.{found.kind}", known=f"metric.{found.tag}.{found.kind}.known")

    def caution(self) -> list[str]:
        """The most serious one."""
        persona, breakdown = self.findings.persona, self.findings.breakdown
        if persona is not None and 0 < persona.n < SMALL_SEGMENT:
            return [self.say("caution_small")]
        if self.findings.unknown:
            largest = max(self.findings.unknown, key=lambda one: one.n)
            tag = self.name(f"unknown.{largest.tag}", self.rule.catalog.tags[largest.tag].name.get(self.language))
            return [self.say("caution_unknown", tag=tag, unknown=f"unknown.{largest.tag}")]
        if breakdown is not None and any(self.sheet[f"breakdown.{row_id(row)}.n"].suppressed for row in breakdown.rows):
            return [self.say("caution_suppressed")]
        return []

    def next_step(self) -> str:
        breakdown = self.findings.breakdown
        if self.rule.rule.node == AllOf():
            return self.say("next_everyone")
        if not self.findings.count.n:
            alone = self.findings.funnel is not None and self.findings.funnel.emptied_by is not None
            return self.say("next_relax" if alone else "next_relax_any")
        if breakdown is not None and breakdown.next_level is not None:
            level = self.rule.catalog.header.levels[int(breakdown.next_level)].get(self.language)
            return self.say("next_level", level=self.name("next_level", level))
        return self.say("next_refine" if self.findings.persona is not None else "next_persona")
