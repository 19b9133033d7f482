"""Doubts put as questions: options with their customers, and the words that pick one. Law: no option is shown without its count, or that it may
not be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.catalog.load import TagCatalog
from assistant.errors import Issue, Severity, UserError
from assistant.facts import Fact, FactSheet
from assistant.insight import overlap as overlap_step
from assistant.insight.counted import CountedSet
from assistant.insight.overlap import Overlap
from assistant.interpret.edits.answers import option_names, together, typed_answer
from assistant.interpret.grammar import unread_key
from assistant.interpret.interpretation import CONFIRMING, Conversation, PendingQuestion, Question, Reading
from assistant.pipeline.answer import Answer, AskedQuestion, PricedReading
from assistant.pipeline.differencing import held, settled
from assistant.pipeline.run import Run
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import AllOf, Quote, SegmentRule
from assistant.validation.verdict import ValidatedRule


def priced(questions: Sequence[Question], name: str, said: str, run: Run) -> tuple[AskedQuestion, ...]:
    """Every question with its options counted (of a guess, in the segment it is about), and what each shares with the first one. Options that gate 1 refuses are left
    out. Whether all are the same is a matter of the whole base: a guess is held against the others too. `said`: the words they are asked about."""
    sheet = FactSheet(run.protection)
    found: list[AskedQuestion] = []
    for number, question in enumerate(questions):
        usable: list[tuple[int, Reading, ValidatedRule]] = []
        for index, reading in enumerate(question.readings):
            verdict = run.validate(reading.rule)
            if isinstance(verdict, ValidatedRule):
                usable.append((index, reading, verdict))
        if not usable:
            continue
        table = run.execute(overlap_step.plan([rule for _, _, rule in usable], run.engine.qualifier)[0], f"{name}_{number}")
        shares = overlap_step.read((table,), len(usable))
        same, inside = shares.same, _inside(question, [reading for _, reading, _ in usable], run)
        if inside:
            table = run.execute(overlap_step.plan(inside, run.engine.qualifier)[0], f"{name}_{number}_within")
            shares = overlap_step.read((table,), len(usable))
        told, withheld = _told(shares, inside or [rule for _, _, rule in usable], f"{name}.{number}", said, sheet, run)
        options = tuple(PricedReading(reading, index, *facts) for (index, reading, _), facts in zip(usable, told, strict=True))
        found.append(AskedQuestion(question, options, same=same, within=bool(inside), withheld=withheld))
    return tuple(found)


def _told(
    shares: Overlap, rules: Sequence[ValidatedRule], prefix: str, said: str, sheet: FactSheet, run: Run
) -> tuple[tuple[tuple[Fact, Fact | None], ...], tuple[Issue, ...]]:
    """The counts of some options, and why any of them are withheld. Whoever may not list is told them as they would be by asking for each: held against what they were told before. Options that are too
    near to one another are told by none, so that each can still be picked and told."""
    floor = run.protection.min_cell
    if not floor:
        return shares.facts(sheet, prefix), ()
    alone = shares.facts(FactSheet(run.protection), prefix, shared=False)
    if shares.near(floor, [fingerprint(rule.rule.node) for rule in rules]) or any(
        total.suppressed and not total.floor for total, _ in alone
    ):
        sheet.close(prefix)
        return shares.facts(sheet, prefix, shared=False), (Issue("options_too_near", Severity.WARN, params={"floor": str(floor)}),)
    sets = [CountedSet(total.id, rule.rule.node, n, total.id) for (total, _), rule, n in zip(alone, rules, shares.counts, strict=True)]
    try:
        holding = held(sets, rules[0], said, run)
    except UserError as spent:
        sheet.close(prefix)
        return shares.facts(sheet, prefix, shared=False), (Issue(spent.code, Severity.WARN, params=dict(spent.params)),)
    holding.close(sheet)
    told = shares.facts(sheet, prefix, shared=False)
    settled(holding, sheet, run)
    return told, holding.warning(floor)


def _inside(question: Question, readings: Sequence[Reading], run: Run) -> list[ValidatedRule]:
    """Of a guess about a segment those of it who are what each reading says; none where the question is of no guess, or one of them cannot be counted."""
    if question.within is None:
        return []
    asked = (run.validate(SegmentRule(node=AllOf(children=(question.within.node, reading.rule.node)))) for reading in readings)
    found = [one for one in asked if isinstance(one, ValidatedRule)]
    return found if len(found) == len(readings) else []


def put(answer: Answer, questions: tuple[AskedQuestion, ...], conversation: Conversation) -> tuple[Answer, Conversation]:
    """The questions put; the first one is what a typed choice answers."""
    asked = replace(answer, outcome="choice", questions=questions, warnings=(*answer.warnings, *withheld_of(questions)))
    if not questions:
        return asked, conversation
    pending = left_open(questions[0], answer.text, conversation, answer.catalog)
    sized = len(questions) == 1 and not answer.issues and questions[0].question.code == "vague_size"
    draft = questions[0].options[0].reading.rule if sized else None
    return asked, replace(conversation, pending=replace(pending, draft=draft))


def withheld_of(questions: Sequence[AskedQuestion]) -> tuple[Issue, ...]:
    """Why counts of options are withheld, each reason once."""
    found: list[Issue] = []
    for issue in (issue for asked in questions for issue in asked.withheld):
        found += [issue] if issue not in found else []
    return tuple(found)


def left_open(asked: AskedQuestion, text: str, conversation: Conversation, catalog: TagCatalog) -> PendingQuestion:
    """What a later turn needs to answer a question in words."""
    readings = [option.reading for option in asked.options]
    place = together(readings)
    return PendingQuestion(
        text,
        asked.question.key,
        tuple(option.index for option in asked.options),
        dict(conversation.choices),
        option_names(readings, conversation.rule, catalog),
        None if place is None else asked.options[place].index,
        asked.options[0].index if asked.question.code in CONFIRMING else None,
        conversation.history,
        conversation.unanswered,
    )


def typed_choice(text: str, conversation: Conversation, picked: Mapping[str, int]) -> tuple[str, dict[str, int], Conversation]:
    """ "第一个" after a question picks its option, and after an answer another reading of it: the text asked about is read again with that choice, upon
    the rules as they stood then. UserError `choice_unknown`, `choose_one`."""
    question = conversation.pending or conversation.offered
    if question is None:
        return text, {}, conversation
    if text == question.text and question.key in picked:  # picked on the page
        return text, {}, replace(conversation, history=question.history, pending=question.behind, unanswered=question.unanswered)
    option = typed_answer(text, question, by_words=conversation.pending is not None)
    if option is None:
        return text, {}, conversation
    return (
        question.text,
        {**question.choices, question.key: option},
        replace(conversation, history=question.history, pending=question.behind, unanswered=question.unanswered),
    )


def without_unread(unread: Sequence[Issue], rule: SegmentRule) -> Question:
    """The option to go on without words that could not be read: labelled so, and never the answer by itself."""
    from_words = tuple(str(issue.params["words"]) for issue in unread)
    quote = unread[0].quote or (0, 0)
    return Question(
        key=unread_key(from_words),
        code="unread",
        params={
            "words": " / ".join(from_words),
            **{name: str(unread[0].params[name]) for name in ("near", "known") if _each_has(unread, name)},
        },
        quote=Quote(start=quote[0], end=quote[1]),
        readings=(Reading(None, rule),),
        always=True,
    )


def _each_has(issues: Sequence[Issue], name: str) -> bool:
    return all(name in issue.params for issue in issues)
