"""A strategy template with the numbers and conditions said for it -> the whole rule. Law: a number outside its range, a word that may mean two parameters, a name nobody has
and a condition on what a parameter is about already are questions whose options are whole rules; nothing else said is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.catalog.model import Text
from assistant.catalog.strategy import Strategy, conditions
from assistant.catalog.strategy_search import strategies_of
from assistant.errors import Issue, Severity
from assistant.interpret.asked.strategies import (
    Applying,
    Seeking,
    Setting,
    fitting,
    number_for,
    operators,
    read_applying,
    read_listing,
    read_seeking,
    read_settings,
    strictness_differs,
)
from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, LedgerKind, Question, Reading, Request
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised
from assistant.rule.tree import AllOf, AnyNode, Quote, SegmentRule, TagCondition

_INSTEAD = Text(zh="替换模板里的数值", en="in place of the template's number")
_BOTH = Text(zh="两个条件都要", en="both conditions")
Interpret = Callable[[str, Context], Interpretation]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """One question about a number: what to call each option (None: the read-back of what it makes says it best)."""

    key: str
    code: str
    params: Mapping[str, str]
    quote: Quote
    labels: tuple[Text | None, ...]


@dataclass(frozen=True, slots=True)
class _Filled:
    """A template with its numbers by the choices made, what else is in the rule, and the doubts on the way."""

    values: Mapping[str, Decimal]
    more: tuple[AnyNode, ...]
    doubts: tuple[_Doubt, ...]
    issues: tuple[Issue, ...]
    assumptions: tuple[Assumption, ...]
    said: tuple[tuple[str, Quote], ...]
    """Each parameter that was set, and the words that did."""


def read_strategies(text: str, normalised: Normalised, context: Context, interpret: Interpret) -> Interpretation | None:
    """What a turn asks of strategy templates: the list, the coverage, one applied, or those that serve a goal spoken of as strategies. None for any other turn."""
    if not context.catalog.strategies:
        return None
    listing = read_listing(normalised)
    if listing is not None:
        request = Request("strategies") if listing == "list" else Request("strategy_coverage")
        return Interpretation((request,), context.rule, (LedgerEntry(0, len(text), "request"),))
    applying = read_applying(normalised, context)
    if applying is not None:
        return applied(text, normalised, applying, context, interpret)
    seeking = read_seeking(normalised, context)
    return None if seeking is None or not seeking.spoken else _sought(text, seeking, context)


def read_goal(text: str, normalised: Normalised, context: Context) -> Interpretation | None:
    """The templates that serve a goal nobody called a strategy (提升理财首购). Only for words that are no request of another kind; None where none serves it."""
    seeking = read_seeking(normalised, context)
    return None if seeking is None or not seeking.found else _sought(text, seeking, context)


def asks_how_to(text: Normalised) -> bool:
    """怎么提升理财首购, how can we win back …: how a goal is reached, and not why something rose (怎么提升了)."""
    said = text.text.strip()
    how = next((words for words in sorted(phrases_of("strategy.how_to"), key=len, reverse=True) if said.startswith(words)), None)
    rest = "" if how is None else said.removeprefix(how).strip()
    verb = next((words for words in sorted(phrases_of("strategy.raise"), key=len, reverse=True) if rest.startswith(words)), None)
    return verb is not None and not rest.removeprefix(verb).startswith("了")


def _sought(text: str, seeking: Seeking, context: Context) -> Interpretation:
    if not seeking.found:
        issue = Issue("strategy_none", Severity.ASK, quote=(0, len(text)), params={"words": seeking.words})
        return Interpretation((), None, (LedgerEntry(0, len(text), "request"),), issues=(issue,))
    return _choice(
        text,
        f"strategy for {seeking.words}",
        "strategy_goal",
        seeking.words,
        seeking.found,
        context,
        lambda one: _alone(text, one, context),
    )


def _alone(text: str, strategy: Strategy, context: Context) -> Interpretation:
    """A template as it stands."""
    rule = SegmentRule(node=AllOf(children=conditions(strategy.node())))
    ledger = (LedgerEntry(0, len(text), "request"),)
    return Interpretation((_request(strategy, strategy.values({})),), rule, ledger, changed=True, assumptions=_anew(context))


def _choice(
    text: str, key: str, code: str, words: str, found: Sequence[Strategy], context: Context, made: Callable[[Strategy], Interpretation]
) -> Interpretation:
    """Which of several templates is meant, each as the whole rule it makes; the one chosen before, once it has been chosen."""
    chosen = context.choices.get(key, -1)
    readings = [made(one) for one in found]
    if 0 <= chosen < len(found):
        return readings[chosen]
    options = tuple(Reading(one.name, read.rule) for one, read in zip(found, readings, strict=True) if read.rule is not None)
    question = Question(key, code, {"words": words}, Quote(turn=context.turn, start=0, end=len(text)), options, always=True)
    return replace(readings[0], requests=(), questions=(question, *readings[0].questions))


def applied(text: str, normalised: Normalised, applying: Applying, context: Context, interpret: Interpret) -> Interpretation:
    """The rule of a template with what was said for it; near templates where its name is nobody's."""
    strategy = applying.strategy
    if strategy is None:
        near = strategies_of(context.catalog).near(applying.words)
        if not near:
            issue = Issue("strategy_not_found", Severity.ASK, quote=(0, len(text)), params={"words": applying.words})
            return Interpretation((), None, (LedgerEntry(0, len(text), "unread"),), issues=(issue,))

        def made(one: Strategy) -> Interpretation:
            return applied(text, normalised, replace(applying, strategy=one), context, interpret)

        return _choice(text, f"strategy called {applying.words}", "strategy_unknown", applying.words, near, context, made)
    settings = read_settings(normalised, applying.last, strategy, context.catalog)
    rest = _rest(text, normalised, applying.last, settings, context, interpret)
    more = () if rest.rule is None else conditions(rest.rule.node)
    filled = _fill(strategy, settings, more, normalised, context)
    questions = []
    for doubt in filled.doubts:
        readings = []
        for option, label in enumerate(doubt.labels):
            other = _fill(strategy, settings, more, normalised, replace(context, choices={**context.choices, doubt.key: option}))
            readings.append(Reading(label, _joined(strategy, other)))
        questions.append(Question(doubt.key, doubt.code, doubt.params, doubt.quote, tuple(readings), always=True))
    of_rest = [_upon(question, strategy, filled, settings, normalised, context) for question in rest.questions]
    return Interpretation(
        (_request(strategy, filled.values), *rest.requests),
        _joined(strategy, filled),
        _ledger(text, normalised, applying.last, settings, rest.ledger),
        changed=True,
        questions=(*questions, *of_rest),
        assumptions=(*filled.assumptions, *rest.assumptions, *_anew(context)),
        issues=(*filled.issues, *rest.issues),
        draft=rest.draft,
        measures=rest.measures,
    )


def _anew(context: Context) -> tuple[Assumption, ...]:
    """A template begins a segment of its own."""
    return () if context.rule is None else (Assumption("new_segment"),)


def _request(strategy: Strategy, values: Mapping[str, Decimal]) -> Request:
    return Request("apply_strategy", strategy.code, detail=" ".join(f"{name}={value}" for name, value in values.items()))


def values_of(request: Request) -> dict[str, Decimal]:
    """The numbers of a template as a request to apply it names them."""
    return {name: Decimal(value) for name, _, value in (part.partition("=") for part in request.detail.split())}


def _joined(strategy: Strategy, filled: _Filled) -> SegmentRule:
    """The rule, each condition of the template with the words that set a number of it."""
    marked = []
    for node, used in zip(conditions(strategy.node(filled.values)), strategy.used, strict=True):
        said = tuple(quote for name, quote in filled.said if name in used)
        marked.append(node.model_copy(update={"said": (*node.said, *said)}) if said else node)
    return SegmentRule(node=AllOf(children=(*marked, *filled.more)))


def _rest(
    text: str, normalised: Normalised, last: int, settings: Sequence[Setting], context: Context, interpret: Interpret
) -> Interpretation:
    """What is said besides the name and the numbers, read as a request of its own at its own place in the text."""
    kept = list(" " * len(text))
    start = normalised.span(0, last)[1] if last else 0
    kept[start:] = text[start:]
    for one in settings:
        first, end = normalised.span(one.first, one.last)
        kept[first:end] = " " * (end - first)
    said = "".join(kept)
    if not any(character.isalnum() for character in said):
        return Interpretation((), None, ())
    while (place := next((at for at, character in enumerate(said) if not character.isspace()), 0)) and not said[place].isalnum():
        if said[place] in "“\"'「『《(（":
            break
        said = said[:place] + " " + said[place + 1 :]
    return interpret(said, replace(context, rule=None, pending=False, opened=None))


def _fill(strategy: Strategy, settings: Sequence[Setting], more: Sequence[AnyNode], normalised: Normalised, context: Context) -> _Filled:
    """The numbers by the choices made, and what is doubtful about them."""
    values: dict[str, Decimal] = {}
    doubts: list[_Doubt] = []
    issues: list[Issue] = []
    assumptions: list[Assumption] = []
    kept = list(more)
    said: list[tuple[str, Quote]] = []

    def chosen(doubt: _Doubt) -> int:
        option = context.choices.get(doubt.key, -1)
        if 0 <= option < len(doubt.labels):
            return option
        doubts.append(doubt)
        return 0

    def put(name: str, value: Decimal, words: str, quote: Quote) -> None:
        parameter = strategy.parameters[name]
        said.append((name, quote))
        if name in values and values[name] != value:
            issues.append(Issue("strategy_parameter_twice", Severity.ASK, quote=(quote.start, quote.end), params={"words": words}))
        if parameter.takes(value):
            values[name] = value
            return
        nearest = parameter.low if value < parameter.low else parameter.high
        options = tuple(dict.fromkeys((nearest, parameter.default)))
        params = {"words": words, "strategy": strategy.code, "parameter": name}
        doubt = _Doubt(f"strategy range {strategy.code} {name} {value}", "strategy_parameter_range", params, quote, (None,) * len(options))
        values[name] = options[chosen(doubt)]

    for setting in settings:
        start, end = normalised.span(setting.first, setting.last)
        quote, words = Quote(turn=context.turn, start=start, end=end), normalised.original[start:end].strip()
        names = fitting(setting, strategy)
        if not names:
            issues.append(
                Issue("strategy_parameter_unfit", Severity.ASK, quote=(start, end), params={"words": words, "strategy": strategy.code})
            )
            continue
        name = names[0]
        if len(names) > 1:
            labels = tuple(strategy.parameters[one].name for one in names)
            params = {"words": words, "strategy": strategy.code}
            name = names[chosen(_Doubt(f"strategy number {strategy.code} {words}", "strategy_parameter_which", params, quote, labels))]
        value = number_for(setting, name, strategy, context.catalog)
        assert value is not None, "a fitting parameter has its unit"
        if value == setting.value and strictness_differs(setting, name, strategy, context.catalog):
            params = {"words": words, "operator": next(iter(operators(strategy, name, context.catalog)))}
            assumptions.append(Assumption("strategy_strictness", params, quote))
        put(name, value, words, quote)
    for node in more:
        name_of = _parameter_about(node, strategy)
        if name_of is None or not isinstance(node, TagCondition) or not isinstance(node.value, Decimal):
            continue
        quote = node.said[0] if node.said else Quote(turn=context.turn, start=0, end=len(normalised.original))
        words = normalised.original[quote.start : quote.end]
        params = {"words": words, "strategy": strategy.code, "parameter": name_of}
        if (
            chosen(_Doubt(f"strategy both {strategy.code} {name_of} {words}", "strategy_same_number", params, quote, (_INSTEAD, _BOTH)))
            == 0
        ):
            kept.remove(node)
            put(name_of, node.value, words, quote)
    return _Filled(strategy.values(values), tuple(kept), tuple(doubts), tuple(issues), tuple(assumptions), tuple(said))


def _parameter_about(node: AnyNode, strategy: Strategy) -> str | None:
    """The parameter that a template compares the same tag with in the same direction; None where there is none."""
    if not isinstance(node, TagCondition) or node.snapshot is not None or node.operator not in ("<", "<=", ">", ">="):
        return None
    plain = strategy.values({})
    moved = {name: strategy.node({name: one.high if plain[name] != one.high else one.low}) for name, one in strategy.parameters.items()}
    for place, own in enumerate(conditions(strategy.node())):
        if isinstance(own, TagCondition) and own.tag == node.tag and own.snapshot is None and own.operator == node.operator:
            return next((name for name, other in moved.items() if conditions(other)[place] != own), None)
    return None


def _upon(
    question: Question, strategy: Strategy, filled: _Filled, settings: Sequence[Setting], normalised: Normalised, context: Context
) -> Question:
    """A question about the rest, its options upon the template."""
    readings = []
    for reading in question.readings:
        other = _fill(strategy, settings, conditions(reading.rule.node), normalised, context)
        readings.append(replace(reading, rule=_joined(strategy, other)))
    return replace(question, readings=tuple(readings), before=None)


def _ledger(
    text: str, normalised: Normalised, last: int, settings: Sequence[Setting], rest: Sequence[LedgerEntry]
) -> tuple[LedgerEntry, ...]:
    """Every character once: the name, the numbers, and the rest as it was read."""
    kinds: list[tuple[LedgerKind, str]] = [("connective", "")] * len(text)
    for entry in rest:
        kinds[entry.start : entry.end] = [(entry.kind, entry.read_as)] * (entry.end - entry.start)
    for one in settings:
        first, end = normalised.span(one.first, one.last)
        kinds[first:end] = [("condition", "")] * (end - first)
    end = normalised.span(0, last)[1] if last else 0
    kinds[:end] = [("request", "")] * end
    entries: list[LedgerEntry] = []
    for place, (kind, read_as) in enumerate(kinds):
        if entries and (entries[-1].kind, entries[-1].read_as) == (kind, read_as):
            entries[-1] = replace(entries[-1], end=place + 1)
        else:
            entries.append(LedgerEntry(place, place + 1, kind, read_as))
    return tuple(entries)
