"""Codes of an Answer -> sentences: issues, assumptions, questions with their options, errors. Law: a message of `messages.yaml` with every blank filled
from params, catalog names and read-backs; no number comes from anywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Concept, Element, Language, Property, RecordSet, Tag
from assistant.errors import AssistantError, Issue, Param
from assistant.interpret.conditions.sizes import percent
from assistant.interpret.interpretation import MENDING, Assumption, Question, Reading
from assistant.narrate.difference import difference_words
from assistant.narrate.messages import has_message, message, messages, placeholders, texts
from assistant.narrate.readback import (
    Dates,
    amount_phrase,
    condition_phrase,
    read_back,
    unit_names,
    value_phrase,
    window_phrase,
    window_words,
)
from assistant.narrate.render import amount
from assistant.pipeline import Answer, AskedQuestion, PricedReading
from assistant.policy import Identity
from assistant.rule.diff import diff
from assistant.rule.moved import could_throughout
from assistant.rule.short import window_from_short
from assistant.rule.tree import AnyNode, ConceptRef, Quote, RecordCondition, SegmentRule, SequenceCondition, TagCondition, children, walk
from assistant.rule.window import Ago, Calendar, Frozen, Tense, TimeWindow

SAMPLES = ("sample_1", "sample_2", "sample_3", "sample_4")
"""Messages of section `page` that hold requests to try."""
_MOST_NEAREST = 6
_POLICY_WORDS: Mapping[str, str] = {
    "operation": "operation", "role": "role", "line": "line", "before": "status", "after": "status", "purpose": "purpose",
}  # fmt: skip
"""Param -> the section of the messages that names its codes."""
_CLOSING = "。.；;"


def issue_text(issue: Issue, answer: Answer, language: Language) -> str:
    """An issue as a sentence: what is the matter and what to do next."""
    elsewhere = issue.code == "request_not_built" and issue.params.get("request") == "list"
    code = "list_elsewhere" if elsewhere else issue.code
    return _Blanks(answer, language, code, issue.params, issue.quote, issue.path, issue.suggestions).sentence()


def assumption_text(assumption: Assumption, answer: Answer, language: Language) -> str:
    """Something taken as read, as a sentence."""
    quote = assumption.quote
    span = None if quote is None else (quote.start, quote.end)
    return _Blanks(answer, language, assumption.code, assumption.params, span, about=assumption.node).sentence()


def question_text(question: Question, answer: Answer, language: Language) -> str:
    """A question as a sentence; its options are `option_labels`."""
    return _Blanks(answer, language, question.code, question.params, (question.quote.start, question.quote.end)).sentence()


def option_labels(asked: AskedQuestion, answer: Answer, language: Language) -> tuple[str, ...]:
    """What each option is called: its own label, else the read-back of what tells it from the others; the whole read-back where that does not."""
    if asked.question.code == "unread":
        return tuple(message(language, "option.without_unread", {"words": asked.question.params.get("words", "")}) for _ in asked.options)
    if asked.question.code in MENDING:
        return tuple(_meant(asked.question, option, answer, language) for option in asked.options)
    readings = [option.reading for option in asked.options]
    if asked.question.code in ("ambiguous_scope", "compare_shared") and all(reading.label is None for reading in readings):
        return tuple(read_back(reading.rule.node, answer.catalog, language) for reading in readings)
    rules = [reading.rule.node for reading in readings]
    said = [_reading_words(reading, number, rules, asked.question, answer, language) for number, reading in enumerate(readings)]
    if len(set(said)) == len(said):
        return tuple(said)
    return tuple(read_back(rule, answer.catalog, language) for rule in rules)


def _reading_words(reading: Reading, number: int, rules: Sequence[AnyNode], question: Question, answer: Answer, language: Language) -> str:
    """One option's own words: its label; the number found for a vague size, with the share of those who have any; else what tells it from the others."""
    if reading.denied:
        return _difference(rules, number, answer, language, question.before)
    if reading.label is not None:
        return reading.label.get(language)
    if reading.cut is None:
        return _difference(rules, number, answer, language, question.before)
    words = condition_phrase(reading.cut.node, answer.catalog, language)
    drawn = "band" if reading.cut.band else "cut"
    return message(language, f"option.{drawn}_{reading.cut.size}", {"words": words, "share": percent(reading.cut)})


def _meant(question: Question, option: PricedReading, answer: Answer, language: Language) -> str:
    """What words that could not be read may mean, with what would still be unread; or going on without them. What a model says they mean comes with its whole rule."""
    if option.reading.label is None:
        return message(language, "option.without_unread", {"words": question.params["unread"]})
    by_model = option.reading.by_model
    blanks = {"words": option.reading.label.get(language)}
    if by_model:
        blanks["rule"] = read_back(option.reading.rule.node, answer.catalog, language)
    left = question.params.get(f"left_{option.index}")
    if left:
        blanks["left"] = left
    return message(language, f"option.meant{'_by_model' if by_model else ''}{'_without' if left else ''}", blanks)


def _difference(rules: Sequence[AnyNode], number: int, answer: Answer, language: Language, before: SegmentRule | None) -> str:
    """What a reading does to the rule it edits; else what it has that the others have not, as conditions; the whole rule when nothing or everything differs."""
    if before is not None:
        words = difference_words(diff(before.node, rules[number]), answer.catalog, language)
        return message(language, "readback.difference_join").join(words) or message(language, "change.none")
    other = next((rule for place, rule in enumerate(rules) if place != number), None)
    changes = () if other is None else diff(other, rules[number])
    own = [change.new for change in changes if change.new is not None]
    if not own or any(change.path == () for change in changes):
        return read_back(rules[number], answer.catalog, language)
    return message(language, "readback.all_join").join(condition_phrase(node, answer.catalog, language) for node in own)


def error_text(error: AssistantError, language: Language, reference: str = "") -> str:
    """A UserError or Fault as a sentence. What has no message of its own is a fault of ours: only its reference is given."""
    return error_words(error.code, error.params, language, reference)


def error_words(code: str, params: Mapping[str, Param], language: Language, reference: str = "") -> str:
    """As `error_text`, of a code."""
    key = f"error.{code}"
    said = {name: _called(name, value, language) for name, value in texts(language, params).items()}
    if has_message(key) and placeholders(messages(language)[key]) <= set(said):
        return message(language, key, said)
    return message(language, "cli.fault", {"reference": reference or said.get("reference", code)})


def _called(name: str, value: str, language: Language) -> str:
    """A param that is a code of the policy, as people call it."""
    key = f"{_POLICY_WORDS[name]}.{value}" if name in _POLICY_WORDS else ""
    return message(language, key) if has_message(key) else value


def who_words(identity: Identity, catalog: TagCatalog, language: Language) -> str:
    """Who somebody is: name, role, and what they are bound to."""
    role = message(language, f"role.{identity.role}")
    units = unit_names(identity.branches, catalog, language) if identity.branches else ""
    lines = message(language, "readback.list_join").join(message(language, f"line.{one}") for one in identity.lines)
    return message(
        language, "page.who_bound" if units or lines else "page.who", {"name": identity.user, "role": role, "bound": units or lines}
    )


def sample_requests(language: Language) -> tuple[str, ...]:
    """Requests to try."""
    return tuple(message(language, f"page.{name}") for name in SAMPLES)


@dataclass(frozen=True)
class _Blanks:
    """The blanks of one message. Every method of `_FILLERS` gives the text of one placeholder; a param of that name stands first where it is a plain text."""

    answer: Answer
    language: Language
    code: str
    params: Mapping[str, Param]
    quote: tuple[int, int] | None
    path: tuple[int, ...] = ()
    suggestions: tuple[str, ...] = field(default=())
    about: AnyNode | None = None

    @property
    def catalog(self) -> TagCatalog:
        return self.answer.catalog

    def sentence(self) -> str:
        key = f"issue.{self.code}" if has_message(f"issue.{self.code}") else f"error.{self.code}"
        if not has_message(key):
            return message(self.language, "cli.fault", {"reference": self.answer.request_id})
        wanted = placeholders(messages(self.language)[key])
        return message(self.language, key, {name: self.blank(name) for name in wanted})

    def blank(self, name: str) -> str:
        filler = _FILLERS.get(name)
        if filler is not None:
            return filler(self)
        return texts(self.language, {name: self.params[name]})[name] if name in self.params else ""

    # words

    def quoted(self) -> str:
        """The words of the request it is about; the condition's read-back when they stand in an earlier turn."""
        node = self.node()
        if self.quote is None or (node is not None and self.path and node.said and node.said[0].turn != self.answer.turn):
            return "" if node is None else self.phrase(node)
        start, end = self.quote
        return self.answer.text[start:end].strip() or self.answer.text.strip()

    def words(self) -> str:
        said = self.params.get("words") or self.params.get("value")
        if isinstance(said, str) and said:
            return said
        return self.quoted() or str(self.params.get("code", ""))

    def difference(self) -> str:
        """What an edit, or a new version, does to the conditions."""
        lines = difference_words(self.answer.changes, self.catalog, self.language)
        return message(self.language, "readback.difference_join").join(lines) or message(self.language, "change.none")

    # the rule

    def quotes(self) -> Iterator[tuple[Quote, AnyNode]]:
        if self.answer.rule is None:
            return
        asked = (request.node for request in self.answer.requests if request.node is not None)
        for whole in (self.answer.rule.node, *asked):
            for _, node in walk(whole):
                for quote in node.said:
                    yield quote, node

    def node(self) -> AnyNode | None:
        """The condition it is about: by its path, else the one quoting the most of the same words."""
        if self.answer.rule is None:
            return None
        if self.path:
            node: AnyNode = self.answer.rule.node
            for number in self.path:
                below = children(node)
                if number >= len(below):
                    break
                node = below[number]
            return node
        if self.quote is None:
            return None
        turn, (start, end) = self.answer.turn, self.quote
        found = [
            (min(quote.end, end) - max(quote.start, start), -(quote.end - quote.start), place, node)
            for place, (quote, node) in enumerate(self.quotes())
            if quote.turn == turn
        ]
        shared = [one for one in found if one[0] > 0]
        return max(shared, key=lambda one: one[:3])[3] if shared else None

    def expanded(self) -> AnyNode | None:
        """The condition at the path with its concepts spelled out, for what gate 1 finds inside them."""
        rule = self.answer.rule
        if rule is None or any(isinstance(node, ConceptRef) and node.concept not in self.catalog.concepts for _, node in walk(rule.node)):
            return None
        if not self.path:
            found = self.node()
            return rule.node if found is None else self.catalog.expand_all(found)
        node = self.catalog.expand_all(rule.node)
        for number in self.path:
            below = children(node)
            if number >= len(below):
                return node
            node = below[number]
        return node

    def phrase(self, node: AnyNode) -> str:
        return condition_phrase(node, self.catalog, self.language, Dates(self.answer.as_of, self.answer.today))

    def range(self) -> str:
        node = self.about or self.node()
        return self.quoted() if node is None else self.phrase(node)

    # names

    def element(self) -> Element | None:
        for name in ("tag", "record", "concept", "code"):
            code = self.params.get(name)
            for room in (self.catalog.tags, self.catalog.records, self.catalog.concepts):
                if isinstance(code, str) and code in room:
                    return room[code]
        return None

    def valued(self) -> Tag | Property | None:
        """The tag, or the property of a record set, that a value was said of."""
        element = self.element()
        if isinstance(element, RecordSet):
            name = str(self.params.get("property") or element.amount or "")
            return element.property(name)
        return element if isinstance(element, Tag) else None

    def name(self) -> str:
        element = self.element()
        if element is not None:
            return element.name.get(self.language)
        code = self.params.get("code") or self.params.get("tag")
        return str(code) if code else self.quoted()

    def concept(self) -> str:
        node = self.node()
        """The name of a concept; that of its negation where that is what was used."""
        node, found = self.node(), self.element()
        if isinstance(node, ConceptRef) and node.negated and isinstance(found, Concept):
            return (
                condition_phrase(node.model_copy(update={"parameters": ()}), self.catalog, self.language)
                if found.negation_name is None
                else found.negation_name.get(self.language)
            )
        return self.name()

    def definition(self) -> str:
        """What a concept means with the parameters it is used with."""
        node = self.node()
        code = self.params.get("concept")
        if not isinstance(node, ConceptRef) or node.concept != code:
            element = self.element()
            return "" if element is None else element.definition.get(self.language).rstrip(_CLOSING)
        return self.phrase(self.catalog.expand(node))

    def parameter(self) -> str:
        found = self.catalog.concepts[str(self.params["code"])].parameters.get(str(self.params["parameter"]))
        return str(self.params["parameter"]) if found is None else found.name.get(self.language)

    def bound(self, high: bool) -> str:
        """The end of what a parameter may be, or of what is plausible for a tag; or the number the error itself names."""
        named = self.params.get("high" if high else "low")
        if named is not None:
            return texts(self.language, {"bound": named})["bound"]
        if "parameter" in self.params:
            parameter = self.catalog.concepts[str(self.params["code"])].parameters[str(self.params["parameter"])]
            end = parameter.high if high else parameter.low
            return message(self.language, "unit.absent") if end is None else amount(end, parameter.unit, self.language)
        item = self.valued()
        if item is None or item.plausible is None:
            return message(self.language, "unit.absent")
        return amount_phrase(item, item.plausible[1 if high else 0], self.language)

    def low(self) -> str:
        return self.bound(high=False)

    def high(self) -> str:
        return self.bound(high=True)

    def value(self) -> str:
        said = self.params.get("value")
        if "parameter" in self.params and isinstance(said, str):
            parameter = self.catalog.concepts[str(self.params["code"])].parameters[str(self.params["parameter"])]
            return amount(Decimal(said), parameter.unit, self.language)
        return self.words()

    def unit(self) -> str:
        """The currency a tag is kept in."""
        item = self.valued()
        return _currency("CNY" if item is None else item.unit, self.language)

    def currency(self) -> str:
        return _currency(str(self.params.get("unit", "")), self.language)

    def nearest(self) -> str:
        """The catalog's suggestions by name; of a value that does not exist, those that do."""
        codes = self.suggestions
        item = self.valued()
        if self.code == "unknown_value" and item is not None:
            shown = [value_phrase(item, value.code, self.catalog, self.language) for value in self.catalog.values(item)[:_MOST_NEAREST]]
        else:
            rooms = (self.catalog.tags, self.catalog.records, self.catalog.concepts)
            shown = [room[code].name.get(self.language) for code in codes for room in rooms if code in room]
        join = message(self.language, "readback.list_join")
        return join.join(dict.fromkeys(shown)) or message(self.language, "unit.absent")

    def label(self) -> str:
        """The label of an enum value that params name by its code."""
        item, code = self.valued(), str(self.params.get("value", ""))
        return code if item is None or self.catalog.value(item, code) is None else value_phrase(item, code, self.catalog, self.language)

    def values(self) -> str:
        """The labels of the enum values that params name by their codes."""
        item, codes = self.valued(), str(self.params.get("values", "")).split()
        return message(self.language, "readback.list_join").join(
            value_phrase(item, code, self.catalog, self.language) for code in codes if item is not None
        )

    def base_name(self) -> str:
        return self.catalog.header.base_population.name.get(self.language)

    def units(self, name: str) -> str:
        """The names of the units of the organisation that a param holds the codes of."""
        codes = str(self.params.get(name, "")).split()
        return unit_names([code for code in codes if code in self.catalog.organisation], self.catalog, self.language)

    def scope(self) -> str:
        return self.units("scope")

    def branch(self) -> str:
        said = str(self.params.get("branch", ""))
        return self.units("branch") or said

    def owner(self) -> str:
        element = self.element()
        return "" if element is None else message(self.language, f"line.{element.owner}")

    def reason(self) -> str:
        return str(self.params.get(f"reason_{self.language}", "")).rstrip(_CLOSING)

    def why(self) -> str:
        """Why a tag is deprecated or offline, as a clause; nothing where nobody said."""
        return message(self.language, "status.because", {"reason": self.reason()}) if self.reason() else ""

    def instead(self) -> str:
        """What to use in place of a tag that is deprecated or offline; whom to ask where nothing is named."""
        if not self.suggestions:
            return message(self.language, "status.ask_owner", {"owner": self.owner()})
        return message(self.language, "status.instead", {"nearest": self.nearest()})

    def because(self) -> str:
        """Why a model gave no usable answer."""
        return message(self.language, f"model_failure.{self.params['reason']}")

    def request(self) -> str:
        said = str(self.params.get("request", ""))
        kind = said.rpartition(".")[2]
        return message(self.language, f"request.{kind}") if has_message(f"request.{kind}") else said

    def purpose(self) -> str:
        return _called("purpose", str(self.params["purpose"]), self.language)

    def role(self) -> str:
        return _called("role", str(self.params["role"]), self.language)

    def operation(self) -> str:
        return _called("operation", str(self.params["operation"]), self.language)

    def property(self) -> str:
        element = self.element()
        code = str(self.params.get("property", ""))
        found = element.property(code) if isinstance(element, RecordSet) else None
        return code if found is None else found.name.get(self.language)

    def question(self) -> str:
        """The catalog's own question about an ambiguous word, else a plain one."""
        words = self.words().casefold()
        for entry in self.catalog.ambiguous:
            if words in {word.casefold() for word in entry.words.all()}:
                return entry.question.get(self.language)
        return message(self.language, "issue.choose_one")

    def nothing_near(self) -> str:
        """Of unread words: that the catalog has them; else, where that was looked up, that none of its words sounds or is written like them, or only one that there is
        no data for."""
        if self.params.get("known"):
            return message(self.language, "page.word_known")
        near = self.params.get("near")
        if not near:
            return "" if near is None else message(self.language, "page.nothing_near")
        return message(self.language, "page.near_no_data", {"words": str(near)})

    def can_say(self) -> str:
        """What can be said instead, behind words that people only talk with."""
        say = self.params.get("say")
        return "" if say is None else message(self.language, f"page.can_say_{say}")

    def leave_out(self) -> str:
        """That the words may be left out, where the unread words are a question with that option."""
        put = any(asked.question.code == self.code for asked in self.answer.questions)
        return message(self.language, "page.leave_out") if put else ""

    def reading(self) -> str:
        said = self.params.get("reading_en" if self.language == "en" else "reading")
        return "" if said is None else str(said)

    def others(self) -> str:
        """The other readings of a word whose first reading was taken."""
        taken = str(self.params.get("reading", ""))
        words = self.words().casefold()
        for entry in self.catalog.ambiguous:
            if words in {word.casefold() for word in entry.words.all()}:
                labels = [reading.label.get(self.language) for reading in entry.readings if reading.label.zh != taken]
                return message(self.language, "readback.list_join").join(labels) or message(self.language, "unit.absent")
        return message(self.language, "unit.absent")

    # times

    def times(self) -> tuple[TimeWindow, Tense] | None:
        """The window the issue is about, with the tense of what it is a window of."""
        node = self.expanded()
        told = [_window_of(one, self.catalog, self.params) for _, one in (() if node is None else walk(node))]
        held = [found for found in told if found is not None]
        if held:  # who could have done it for that long is no time to look back over, where there is one
            return next((found for found in held if not isinstance(found[0], Ago)), held[0])
        code = self.params.get("record")
        record = self.catalog.records.get(code) if isinstance(code, str) else None
        if record is not None and record.default_window is not None:
            return record.default_window, record.tense
        return None

    def window(self) -> str:
        found = self.times()
        if found is None:
            return self.quoted() or self.answer.as_of.isoformat()
        return window_phrase(found[0], self.answer.as_of, self.answer.today, found[1], self.language)

    def suggestion(self) -> str:
        """Of a calendar unit that has not begun in the data, the one before."""
        found = self.times()
        if found is None or not isinstance(found[0], Calendar) or found[0].first != found[0].last or found[0].first > 0:
            return ""
        window = found[0]
        earlier = Calendar(unit=window.unit, first=window.first - 1, last=window.last - 1)
        return message(self.language, "issue.suggestion", {"window": window_words(earlier, self.language)})

    def start(self) -> str:
        since = self.params.get("since")
        if isinstance(since, str):
            return since
        element = self.element()
        history = element.history_from if isinstance(element, RecordSet) else None
        return (history or self.catalog.header.history_from).isoformat()

    def base(self) -> str:
        """Who could have done it at all: the base of a negated behaviour."""
        element = self.element()
        if not isinstance(element, RecordSet) or element.exposure is None:
            return self.range()
        throughout = self.params.get("throughout")
        base = could_throughout(element.exposure, None if throughout is None else window_from_short(json.loads(str(throughout))))
        return self.range() if base is None else self.phrase(base)

    # strategy templates

    def strategy_name(self) -> str:
        return self.catalog.strategies[str(self.params["strategy"])].name.get(self.language)

    def strategy_parameter(self) -> str:
        return self.catalog.strategies[str(self.params["strategy"])].parameters[str(self.params["parameter"])].name.get(self.language)

    def strategy_allowed(self) -> str:
        one = self.catalog.strategies[str(self.params["strategy"])].parameters[str(self.params["parameter"])]
        ends = {name: amount(number, one.unit, self.language) for name, number in (("low", one.low), ("high", one.high))}
        return message(self.language, "answer.strategy_span", ends)

    def strategy_parameters(self) -> str:
        named = self.catalog.strategies[str(self.params["strategy"])].parameters.values()
        return message(self.language, "readback.list_join").join(one.name.get(self.language) for one in named) or message(
            self.language, "unit.absent"
        )

    def as_of(self) -> str:
        return self.answer.as_of.isoformat()

    def example(self) -> str:
        return message(self.language, "page.sample_2")

    def length(self) -> str:
        return f"{len(self.answer.text):,}"


def _currency(code: str, language: Language) -> str:
    return message(language, f"currency.{code}") if has_message(f"currency.{code}") else code


def _window_of(node: AnyNode, catalog: TagCatalog, params: Mapping[str, Param]) -> tuple[TimeWindow, Tense] | None:
    """The window of one condition; only of the record set that params name, when they name one."""
    wanted = params.get("record")
    match node:
        case RecordCondition(records=code, window=window) if window is not None and wanted in (None, code):
            return window, catalog.records[code].tense
        case SequenceCondition(first=first) if first.window is not None and wanted in (None, first.records):
            return first.window, catalog.records[first.records].tense
        case TagCondition(operator="within", value=value, tag=code) if wanted is None:
            assert isinstance(value, Frozen), "within takes a window"
            assert value.kind != "range", "within takes a window"
            return value, catalog.tags[code].tense
        case _:
            return None


_FILLERS: Mapping[str, Callable[[_Blanks], str]] = {
    "quoted": _Blanks.quoted, "words": _Blanks.words, "range": _Blanks.range, "tag": _Blanks.name, "record": _Blanks.name,
    "concept": _Blanks.concept, "definition": _Blanks.definition, "parameter": _Blanks.parameter, "low": _Blanks.low, "high": _Blanks.high,
    "value": _Blanks.value, "unit": _Blanks.unit, "currency": _Blanks.currency, "nearest": _Blanks.nearest, "owner": _Blanks.owner, "label": _Blanks.label, "values": _Blanks.values, "base_name": _Blanks.base_name,
    "reason": _Blanks.reason, "because": _Blanks.because, "request": _Blanks.request, "purpose": _Blanks.purpose, "property": _Blanks.property,
    "question": _Blanks.question, "difference": _Blanks.difference, "reading": _Blanks.reading, "others": _Blanks.others, "window": _Blanks.window,
    "suggestion": _Blanks.suggestion, "start": _Blanks.start, "base": _Blanks.base, "as_of": _Blanks.as_of, "example": _Blanks.example,
    "length": _Blanks.length, "nothing_near": _Blanks.nothing_near, "leave_out": _Blanks.leave_out, "can_say": _Blanks.can_say,
    "scope": _Blanks.scope, "role": _Blanks.role, "why": _Blanks.why, "instead": _Blanks.instead, "operation": _Blanks.operation, "branch": _Blanks.branch,
    "strategy_name": _Blanks.strategy_name, "strategy_parameter": _Blanks.strategy_parameter, "strategy_allowed": _Blanks.strategy_allowed,
    "strategy_parameters": _Blanks.strategy_parameters,
}  # fmt: skip
