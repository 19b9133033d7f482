"""Guided mode, the five steps of an operating strategy: framework, stages, segments, tags, strategy kept (定框架、拆阶段、厘客群、落标签、建体系). Law: frames, stages and templates are the catalog's, sizes are Facts
of queries, and what a step picks is an ordinary rule that gate 1 judges; each step has the words that do the same in the chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from assistant.app.promoting import Told, promoted
from assistant.app.segments import segment_named
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Text
from assistant.catalog.strategy import Frame, Strategy, conditions
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.narrate.messages import message
from assistant.narrate.render import render
from assistant.pipeline import Assistant
from assistant.rule.tree import AllOf, AnyNode, AnyOf, SegmentRule, TagCondition
from assistant.store.open import Store


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a frame: who is at it (None: there is no template of it, and so nobody it could mean), and the templates for it."""

    code: str
    name: Text
    node: AnyNode | None
    strategies: tuple[Strategy, ...]
    whole: bool
    """Whether those at it are a segment of their own, and not only whom its templates select."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment at a stage: all of it (no template), or whom a template selects there."""

    strategy: Strategy | None
    node: AnyNode

    @property
    def code(self) -> str:
        return "" if self.strategy is None else self.strategy.code


def frame_of(code: str, catalog: TagCatalog) -> Frame | None:
    """A frame by its code; None where there is none."""
    return next((one for one in catalog.framework.frames if one.code == code), None)


def stages(frame: Frame, catalog: TagCatalog) -> tuple[Stage, ...]:
    """The stages of a frame in their own order: the values of its tag, or what the templates are sorted by."""
    online = [one for one in catalog.strategies.values() if one.status == "online"]
    if frame.tag is not None:
        served = [one for one in online if not frame.lines or one.line in frame.lines]
        return tuple(
            Stage(
                value.code,
                value.label,
                TagCondition(tag=frame.tag, operator="in", value=(value.code,)),
                tuple(one for one in served if one.stage in frame.serves.get(value.code, (one.stage,))),
                whole=True,
            )
            for value in catalog.values(catalog.tags[frame.tag])
        )
    found = []
    for value in catalog.framework.stages if frame.by == "stage" else catalog.framework.lines:
        mine = tuple(one for one in online if value.code in (one.stage, one.line))
        found.append(Stage(value.code, value.label, AnyOf(children=tuple(one.node() for one in mine)) if mine else None, mine, whole=False))
    return tuple(found)


def candidates(stage: Stage) -> tuple[Candidate, ...]:
    """The segments at a stage: all of it, where that is one, then each template's customers there."""
    everyone = (Candidate(None, stage.node),) if stage.whole and stage.node is not None else ()
    within = (stage.node,) if stage.whole and stage.node is not None else ()
    return (*everyone, *(Candidate(one, AllOf(children=(*within, *conditions(one.node())))) for one in stage.strategies))


def by_size(found: Sequence[Candidate], sheet: FactSheet) -> tuple[Candidate, ...]:
    """All at the stage first, then the segments with the most customers; those whose number is not told come last."""

    def size(one: Candidate) -> int:
        fact = sheet.as_mapping().get(f"size.{one.code}")
        return fact.value if fact is not None and isinstance(fact.value, int) else -1

    return tuple(sorted(found, key=lambda one: (one.strategy is not None, -size(one))))


def stage_sizes(found: Sequence[Stage], assistant: Assistant, said: str) -> FactSheet:
    """Facts `size.<stage>` of those at each stage. UserError and Fault as of `Assistant.sized`."""
    return assistant.sized({one.code: SegmentRule(node=one.node) for one in found if one.node is not None}, said)


def candidate_sizes(found: Sequence[Candidate], assistant: Assistant, said: str) -> FactSheet:
    """Facts `size.<template>` of each segment, of all at the stage `size.`. UserError and Fault as of `Assistant.sized`."""
    return assistant.sized({one.code: SegmentRule(node=one.node) for one in found}, said)


def sized_words(words: str, code: str, sheet: FactSheet, language: Language) -> str:
    """What is sized, with its customers; without them where it may not be asked or is of nobody."""
    if f"size.{code}" not in sheet:
        return message(language, "page.bracketed", {"text": words, "more": message(language, "guided.no_size")})
    return message(language, "option.counted", {"label": words, "count": render(sheet[f"size.{code}"], language)})


def stage_words(stage: Stage, sheet: FactSheet, language: Language) -> str:
    """A stage with its customers and how many templates there are for it."""
    said = sized_words(stage.name.get(language), stage.code, sheet, language)
    templates = (
        message(language, "guided.templates", {"n": str(len(stage.strategies))})
        if stage.strategies
        else message(language, "guided.no_template")
    )
    return message(language, "page.bracketed", {"text": said, "more": templates})


def candidate_words(one: Candidate, stage: Stage, sheet: FactSheet, language: Language) -> str:
    """A segment at a stage with its customers, and what its template is for."""
    if one.strategy is None:
        return sized_words(message(language, "guided.all_of_stage", {"stage": stage.name.get(language)}), one.code, sheet, language)
    named = {"text": one.strategy.name.get(language), "more": one.strategy.goal.get(language)}
    return sized_words(message(language, "page.bracketed", named), one.code, sheet, language)


def chosen_words(one: Candidate, stage: Stage, language: Language) -> str:
    """What a picked segment is called."""
    if one.strategy is None:
        return message(language, "guided.all_of_stage", {"stage": stage.name.get(language)})
    if not stage.whole:
        return one.strategy.name.get(language)
    return message(language, "guided.at_stage", {"name": one.strategy.name.get(language), "stage": stage.name.get(language)})


def guide_lines(assistant: Assistant, frame: str, stage: str, language: Language) -> tuple[str, ...]:
    """The frames (no `frame` named), the stages of one, or the segments at a stage, with the words that do the same in the chat. UserError `element_unknown` for a frame or a stage there is none of, and as of
    `Assistant.sized`."""
    catalog = assistant.catalog
    if not frame:
        bracket = partial(message, language, "page.bracketed")
        return tuple(
            f"{one.code}  {bracket({'text': one.name.get(language), 'more': one.why.get(language)})}" for one in catalog.framework.frames
        )
    chosen = frame_of(frame, catalog)
    if chosen is None:
        raise UserError("element_unknown", element=frame, nearest=tuple(one.code for one in catalog.framework.frames) or ("-",))
    found = stages(chosen, catalog)
    if not stage:
        words = say_stages(chosen, catalog, language)
        sheet = stage_sizes(found, assistant, words)
        told = message(language, "guided.in_chat", {"words": words})
        return (*(f"{one.code}  {stage_words(one, sheet, language)}" for one in found), told)
    at = next((one for one in found if one.code.casefold() == stage.casefold()), None)
    if at is None:
        raise UserError("element_unknown", element=stage, nearest=tuple(one.code for one in found))
    there = candidates(at)
    sheet = candidate_sizes(there, assistant, at.name.get(language))
    lines = [candidate_words(one, at, sheet, language) for one in by_size(there, sheet)]
    gap = () if at.strategies else (message(language, "guided.gap", {"stage": at.name.get(language)}),)
    return (*lines, *gap, *(message(language, "guided.in_chat", {"words": say_candidate(one, at, language)}) for one in there[-1:]))


def say_stages(frame: Frame, catalog: TagCatalog, language: Language) -> str:
    """The words that show the stages of a frame in the chat."""
    if frame.tag is None:
        return message(language, "guided.say_matrix")
    return message(language, "guided.say_stages", {"name": catalog.tags[frame.tag].name.get(language)})


def say_candidate(one: Candidate, stage: Stage, language: Language) -> str:
    """The words that pick a segment in the chat."""
    name = stage.name.get(language)
    if one.strategy is None:
        return message(language, "guided.say_stage", {"stage": name})
    applied = message(language, "strategies.say_apply", {"name": one.strategy.name.get(language)})
    return message(language, "strategies.say_join").join([applied, name]) if stage.whole else applied


def strategy_draft(segment: str, base: Strategy, assistant: Assistant, store: Store) -> Strategy:
    """A saved segment (by its id) as the draft of a template of its own: its conditions and numbers, and all else as the template it came from says. UserError as of `promoted`."""
    library = store.library(assistant.identity.user)
    taken = assistant.catalog.strategies
    code = next(found for number in range(2, len(taken) + 3) if (found := f"{base.code}_{number}") not in taken)
    told = Told(
        code, _bar(base.goal), base.track, base.line, base.stage, base.channels, [_bar(one) for one in base.playbook], base.owner, _bar(base.measure), base.days,
        service=base.purpose == "service",
    )  # fmt: skip
    return promoted(segment_named(library, segment), library, told, assistant)


def _bar(said: Text) -> str:
    return f"{said.zh}|{said.en}"
