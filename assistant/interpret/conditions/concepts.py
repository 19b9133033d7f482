"""Business words: concepts, words with several meanings, words the bank has no data for. Law: see `parser`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from assistant.catalog.model import AmbiguousWord, Concept, Reading, Text
from assistant.errors import Issue, Severity
from assistant.interpret.conditions.amounts import MONEY, Amounts, unit_fits
from assistant.interpret.conditions.graded import grade_beside_product
from assistant.interpret.conditions.lengths import rolling_days
from assistant.interpret.conditions.retimed import of_one_time, retimed
from assistant.interpret.conditions.sizes import cuts_of, measure_of, numbered, taken
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Cut, Measure, Size
from assistant.interpret.nodes import bounds, quoted
from assistant.language.comparisons import Comparison
from assistant.language.phrases import phrases_of
from assistant.language.times import TimeSpan
from assistant.rule.short import node_from_short
from assistant.rule.tree import (
    AnyNode,
    ConceptRef,
    Not,
    Quote,
    Range,
    RecordCondition,
    SegmentRef,
    SequenceCondition,
    TagCondition,
    walk,
)
from assistant.rule.window import Rolling, TimeWindow

Parsed = tuple[AnyNode, int]
_LENGTHS = ("days", "months", "times")
_PEOPLE = ("客户", "户", "customers", "clients")
_RELATIVE = ("who", "that", "which")


class ConceptPatterns:
    """The patterns that begin with a business word."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts

    def concept_at(self, index: int) -> Concept | None:
        token = self.cursor.token(index)
        if token is None or not token.of("concept") or self.saved_at(index) is not None:
            return None
        found = [self.cursor.catalog.concepts[meaning.code] for meaning in token.of("concept")]
        if len(found) == 1:
            return found[0]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(concept.name for concept in found)
        return found[self.cursor.choose("concept", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]

    def saved_at(self, index: int) -> SegmentRef | None:
        """The saved segment a token names; asked about where the word is one of the catalog too, or the name is that of several people's segments."""
        token = self.cursor.token(index)
        if token is None or not token.of("segment"):
            return None
        quote = self.cursor.quote(index, index + 1)
        named = [meaning.code.partition("@") for meaning in token.of("segment")]
        found = [self.cursor.context.library.by_id[code] for code, _, _ in named]
        labels = [Text(zh=f"{one.owner}保存的客群“{one.name}”", en=f"the segment “{one.name}” saved by {one.owner}") for one in found]
        concepts = [self.cursor.catalog.concepts[meaning.code].name for meaning in token.of("concept")]
        chosen = 0
        if len(found) + len(concepts) > 1:
            words = {"words": self.cursor.words(quote)}
            chosen = self.cursor.choose("saved", quote, "saved_or_concept", words, (*labels, *concepts))
        if chosen >= len(found):
            return None
        version = int(named[chosen][2]) if named[chosen][2] else None
        return SegmentRef(segment=found[chosen].id, version=version, name=found[chosen].name, said=self.cursor.said(index, index + 1))

    def concept(self, index: int) -> Parsed | None:
        saved = self.saved_at(index)
        if saved is not None:
            return saved, index + 1
        concept = self.concept_at(index)
        if concept is not None and self._once(concept, index + 1):
            return None
        if concept is not None:
            measured = self._measured(concept, index)
            if measured is not None:
                return measured
            return self._trailing_window(concept, False, index) or self.concept_node(concept, False, None, index, index + 1)
        return self.denied_name(index, index)

    def denied_name(self, index: int, first: int) -> Parsed | None:
        """不活跃, 没交易: the name of a concept's own negation; `first`: where its words begin."""
        for meaning in self.cursor.tokens[index].of("concept_not"):
            return self.concept_node(self.cursor.catalog.concepts[meaning.code], True, None, first, index + 1)
        return None

    def _measured(self, concept: Concept, index: int) -> Parsed | None:
        """断发3个月以上, 闲置资金20万以上: a number behind a concept sets its one parameter of that unit, or the bound it puts on one tag."""
        token, found = self.cursor.tokens[index], self.cursor.comparison(self.cursor.skip(index + 1, "ignored"))
        rule = self.cursor.catalog.expand_all(ConceptRef(concept=concept.code))
        if found is None or token.text.endswith(_PEOPLE) or found[0].operator is None:
            return None
        comparison, last = found
        following = self.cursor.token(self.cursor.skip(last, "ignored"))
        goes_on = following is not None and (
            bool(following.of("action")) or following.phrase("negation.not", "negation.never", "lack") is not None
        )
        if goes_on:
            return None
        parameter = self._bounded(concept, comparison)
        if parameter is not None and comparison.value is not None:
            said = self.cursor.said(index, last)
            self.cursor.assume("concept_used", said[0], concept=concept.code)
            data = {"concept": concept.code, "parameters": {parameter: comparison.value}, "said": said}
            return ConceptRef.model_validate(data), last
        if not isinstance(rule, TagCondition) or rule.operator not in (">", ">="):
            return None
        tag = self.cursor.catalog.tags[rule.tag]
        if comparison.unit not in _LENGTHS or comparison.unit != tag.unit:
            return None
        node = self.amounts.number_condition(tag, comparison, index, last)
        return None if node is None else (node, last)

    def _bounded(self, concept: Concept, comparison: Comparison) -> str | None:
        """The one parameter of a concept that a number can set: of its unit, and compared everywhere in its rule with the operator that was said."""
        amount = comparison.unit in MONEY or (comparison.unit is None and comparison.scale_said)
        fitting = [
            code
            for code, parameter in concept.parameters.items()
            if parameter.unit == comparison.unit or (amount and parameter.unit in MONEY and comparison.unit in (None, parameter.unit))
        ]
        if len(fitting) != 1:
            return None
        operators = {operator for name, operator in _uses(concept.rule) if name == fitting[0]}
        return fitting[0] if operators == {comparison.operator} else None

    def _once(self, concept: Concept, index: int) -> bool:
        """降级过: 过 behind the name of a state says that it once was, which a rule on the tags of today cannot say."""
        token = self.cursor.token(index)
        if token is None or token.text != "过":
            return False
        rule = self.cursor.catalog.expand_all(ConceptRef(concept=concept.code))
        return not any(isinstance(node, RecordCondition | SequenceCondition) for _, node in walk(rule))

    def _trailing_window(self, concept: Concept, negated: bool, index: int) -> Parsed | None:
        """active in mobile banking over the last 60 days: a window behind the word, unless something it could limit follows."""
        behind = self._time_behind(index)
        return None if behind is None else self.concept_node(concept, negated, behind[0].window, index, behind[1])

    def _time_behind(self, index: int) -> tuple[TimeSpan, int] | None:
        """The window behind a word, with the index after it; None where something it could limit follows. "who" ends what it can be said of."""
        after = self.cursor.skip(index + 1, "ignored", "is")
        here = self.cursor.token(after)
        if here is None or here.window is None or here.window.kind != "window" or here.window.window is None:
            return None
        place = self.cursor.skip(after + 1, "ignored", "is", "have", "negation.not")
        closed = any(token.text in _RELATIVE for token in self.cursor.tokens[after + 1 : place])
        following = self.cursor.token(place)
        if not closed and following is not None and (following.of("action") or following.of("concept") or following.of("dated")):
            return None
        return here.window, after + 1

    def concept_windowed(self, index: int, window: TimeWindow, first: int) -> Parsed | None:
        token = self.cursor.token(index)
        concept = self.concept_at(index)
        if concept is not None:
            return self._missing_lately(concept, window, first, index + 1) or self.concept_node(concept, False, window, first, index + 1)
        if token is not None and token.of("concept_not"):
            return self.concept_node(self.cursor.catalog.concepts[token.of("concept_not")[0].code], True, window, first, index + 1)
        return None

    def _missing_lately(self, concept: Concept, window: TimeWindow, first: int, last: int) -> Parsed | None:
        """近三个月断发: of a concept that says for how many months records have been missing, whether it began within so many months or has lasted as long; asked."""
        rule = self.cursor.catalog.expand_all(ConceptRef(concept=concept.code))
        counted = {record.gap_tag for record in self.cursor.catalog.records.values()}
        if not isinstance(window, Rolling) or window.unit != "month" or not isinstance(rule, TagCondition) or rule.tag not in counted:
            return None
        if rule.operator != ">=" or not isinstance(rule.value, Decimal) or window.n <= rule.value:
            return None
        said = self.cursor.said(first, last)
        labels = (
            Text(zh=f"最近{window.n}个月之内断的", en=f"it stopped within the last {window.n} months"),
            Text(zh=f"已经断了满{window.n}个月", en=f"it has been missing for {window.n} months or more"),
        )
        months = Decimal(window.n)
        span = Range(low=rule.value, high=months)
        chosen = self.cursor.choose("missing", said[0], "ambiguous_word", {"words": self.cursor.words(said[0])}, labels)
        if chosen == 0:
            return TagCondition(tag=rule.tag, operator="range", value=span, said=said), last
        return TagCondition(tag=rule.tag, operator=">=", value=months, said=said), last

    def concept_node(self, concept: Concept, negated: bool, window: TimeWindow | None, first: int, last: int) -> Parsed | None:
        parameters: dict[str, Decimal] = {}
        if window is not None:
            days = rolling_days(window)
            if concept.window_parameter is None or not _looks_back(concept, negated):
                return None
            if days is None:
                return self._at_time(concept, negated, window, first, last)
            if concept.parameters[concept.window_parameter].default != days:
                parameters[concept.window_parameter] = Decimal(days)
        said = self.cursor.said(first, last)
        self.cursor.assume("concept_used", said[0], concept=concept.code)
        if negated and concept.negation is not None:
            params = {"concept": concept.code}
            if self.cursor.choose("negation", said[0], "outside_negation", params, (None, None), ask=False):
                plain = ConceptRef.model_validate({"concept": concept.code, "parameters": parameters, "said": said})
                return Not(child=plain, said=said), last
        return ConceptRef.model_validate({"concept": concept.code, "parameters": parameters, "negated": negated, "said": said}), last

    def _at_time(self, concept: Concept, negated: bool, window: TimeWindow, first: int, last: int) -> Parsed | None:
        """上个月的首购客户, last month's new customers: the one condition of a concept at a time that is no number of days; its words say which."""
        ref = ConceptRef(concept=concept.code, negated=negated)
        node = of_one_time(ref, TimeSpan(0, 0, "window", window=window), self.cursor.catalog)
        return None if node is None else (quoted(node, self.cursor.said(first, last)), last)

    def ambiguous(self, index: int) -> Parsed | None:
        """A word of the catalog's list of words without universal meaning."""
        token = self.cursor.tokens[index]
        meanings = token.of("ambiguous")
        word = self.cursor.catalog.ambiguous[meanings[0].number] if meanings else grade_beside_product(self.cursor, index)
        if word is None:
            return None
        quote = self.cursor.quote(index, index + 1)
        comparison = self.cursor.comparison(self.cursor.skip_words(index + 1))
        if comparison is not None and meanings and not self._says_people(index):
            return self._ambiguous_number(index, comparison)
        following = self.cursor.token(index + 1)
        modifies = token.text.isascii() and following is not None and bool(following.of("hold") or following.of("action"))
        if modifies and not word.ask:
            return None  # maturing funds: said of that noun, which the default reading may not be about
        behind = self._time_behind(index) if meanings else None
        timed = None if behind is None else self.ambiguous_windowed(index, behind[0], index, behind[1])
        if timed is not None:
            return timed
        return self._one_of(word, self._meanings(word, index), self.cursor.words(quote), quote, index + 1)

    def worded(self, number: int, first: int, last: int) -> Parsed | None:
        """One of the catalog's words without universal meaning, said by the words [first, last)."""
        word = self.cursor.catalog.ambiguous[number]
        quote = self.cursor.quote(first, last)
        return self._one_of(word, self._meanings(word, first), self.cursor.words(quote), quote, last)

    def _says_people(self, index: int) -> bool:
        """Whether a word names customers, or stands before the word for them: the number behind rich customers over 60 is of something else."""
        people, token = tuple(phrases_of("people")), self.cursor.tokens[index]
        between = self.cursor.tokens[index + 1 : self.cursor.skip_words(index + 1)]
        return token.text.endswith(people) or any(one.phrase("people", "person") for one in between)

    def _meanings(self, word: AmbiguousWord, index: int) -> list[tuple[Text | Cut | None, AnyNode]]:
        """The readings that are conditions; of one that says only how large, what the data say that is."""
        found: list[tuple[Text | Cut | None, AnyNode]] = []
        for reading in word.readings:
            if reading.size is not None:
                measure = self._measure(reading, reading.size)
                found.extend((cut, cut.node) for cut in cuts_of(self.cursor, measure, index, index + 1) or ())
            elif reading.node is not None:
                found.append((reading.label, node_from_short(reading.node)))
        return found

    def _measure(self, reading: Reading, size: Size) -> Measure:
        if reading.tag is not None:
            return measure_of(self.cursor.catalog.tags[reading.tag], size)
        node = node_from_short(reading.node or {})
        assert isinstance(node, RecordCondition), "often is said of what is counted"
        return Measure(node, node, size)

    def ambiguous_windowed(self, index: int, span: TimeSpan, first: int, last: int) -> Parsed | None:
        """下个月到期, 近60天活跃: such a word at a time, in the readings that a time can be said of. `first`, `last`: the words that say both."""
        token = self.cursor.token(index)
        if token is None or not token.of("ambiguous") or self.cursor.comparison(self.cursor.skip_words(index + 1)) is not None:
            return None
        word = self.cursor.catalog.ambiguous[token.of("ambiguous")[0].number]
        following = self.cursor.token(index + 1)
        if token.text.isascii() and not word.ask and following is not None and (following.of("hold") or following.of("action")):
            return None
        nodes = [
            None if one.node is None or one.size is not None else retimed(node_from_short(one.node), span, self.cursor.catalog)
            for one in word.readings
        ]
        if nodes[0] is None:
            return None
        words = self.cursor.words(self.cursor.quote(index, index + 1))
        unlike = dict.fromkeys(node for node in nodes if node is not None)  # at one time two readings may be one
        return self._one_of(word, [(None, node) for node in unlike], words, self.cursor.quote(first, last), last)

    def _one_of(
        self, word: AmbiguousWord, options: Sequence[tuple[Text | Cut | None, AnyNode]], words: str, said: Quote, last: int
    ) -> Parsed | None:
        """The reading that is followed: asked about, or the first one taken and shown as an assumption. A label None: the time of the reading is the one said."""
        if not options or (len(options) == 1 and isinstance(options[0][0], Cut)):
            return None  # a number found in the data is chosen, never taken for want of another
        chosen = 0
        if word.ask or len(options) > 1:
            params = {"words": words, "question_zh": word.question.zh, "question_en": word.question.en}
            labels = tuple(label for label, _ in options)
            chosen = self.cursor.choose(numbered("word", labels), said, "ambiguous_word", params, labels, ask=word.ask)
        label, node = options[chosen]
        if isinstance(label, Cut):
            taken(self.cursor, label, said)
            return quoted(node, (said,)), last
        if isinstance(node, ConceptRef) and label is None:
            self.cursor.assume("concept_used", said, concept=node.concept)
        if not word.ask and label is None:
            self.cursor.assume("word_at_time", said, words=words)
        elif not word.ask and label is not None:
            self.cursor.assume("alias_default_reading", said, words=words, reading=label.zh, reading_en=label.en)
        return quoted(node, (said,)), last

    def _ambiguous_number(self, index: int, found: tuple[Comparison, int]) -> Parsed | None:
        """日均大于5万, 余额5万以上: which tag is meant is asked."""
        comparison, last = found
        word = self.cursor.catalog.ambiguous[self.cursor.tokens[index].of("ambiguous")[0].number]
        readings = [
            (reading, self.cursor.catalog.tags[reading.tag])
            for reading in word.readings
            if reading.tag is not None and reading.size is None
        ]
        fitting = [(reading, tag) for reading, tag in readings if tag.numeric and unit_fits(tag.unit, comparison)]
        if not fitting:
            return None
        quote = self.cursor.quote(index, index + 1)
        if word.ask and len(fitting) == 1 and len(word.readings) > 1:
            params = {"words": self.cursor.words(quote), "question_zh": word.question.zh, "question_en": word.question.en}
            self.cursor.issues.append(Issue("ambiguous_word", Severity.ASK, quote=bounds(quote), params=params))
        labels = tuple(reading.label for reading, _ in fitting)
        chosen = self.cursor.choose("word", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels) if len(fitting) > 1 else 0
        node = self.amounts.number_condition(fitting[chosen][1], comparison, index, last)
        return None if node is None else (node, last)

    def inexpressible(self, index: int) -> None:
        """Words the bank knows it has no data for: refused by name."""
        meaning = self.cursor.tokens[index].of("inexpressible")[0]
        quote = self.cursor.quote(index, index + 1)
        entry = self.cursor.catalog.inexpressible[meaning.number]
        params = {"words": self.cursor.words(quote), "reason_zh": entry.reason.zh, "reason_en": entry.reason.en}
        having = index > 0 and self.cursor.tokens[index - 1].phrase("have") is not None and index - 1 in self.cursor.skipped
        if having:  # 有美元: having it is no word beside it
            self.cursor.skipped.discard(index - 1)
        self.cursor.mark(index - 1 if having else index, index + 1, "ambiguous")
        self.cursor.issues.append(Issue("no_such_data", Severity.REFUSE, quote=bounds(quote), params=params, suggestions=entry.nearest))


def _uses(rule: object) -> Iterator[tuple[str, object]]:
    """Where the rule of a concept in short form compares something with a parameter: the parameter, and the operator; None where it stands otherwise."""
    if isinstance(rule, Mapping):
        for key, inner in rule.items():
            if isinstance(inner, str) and "$" in inner:
                plain = key == "value" and inner.startswith("$")
                yield from ((name, rule.get("operator") if plain else None) for name in re.findall(r"\$(\w+)", inner))
            else:
                yield from _uses(inner)
    elif isinstance(rule, list | tuple):
        for inner in rule:
            yield from _uses(inner)


def _looks_back(concept: Concept, negated: bool) -> bool:
    """Whether the rule of a concept, or that of its negation, depends on the time it looks back over: 未首购 is said of all time."""
    node = concept.negation if negated and concept.negation is not None else concept.rule
    return re.search(rf"\${concept.window_parameter}\b", str(node)) is not None
