"""A verb and its object with words between them, or the object first: 买过三次以上基金, 理财没买过, 定期没有. Law: see `parser`; the two together must be words of the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.interpret.conditions.concepts import ConceptPatterns
from assistant.interpret.conditions.denials import DenialPatterns
from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.conditions.tags import TagPatterns, window_for
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import all_of, any_of, held
from assistant.language.comparisons import Comparison
from assistant.language.phrases import phrases_of
from assistant.language.verbs import undetermined
from assistant.rule.tree import AnyNode, Not, TagCondition
from assistant.rule.window import TimeWindow

Parsed = tuple[AnyNode, int]
_TENSE = "过了"
_BESIDES = ("besides",)
"""Words between a product and what is said of it that change nothing: 手机银行也没开, 信用卡却没有."""

_BETWEEN = ("ignored", "is", "aggregate.sum", "aggregate.each")
_EVER = "从"
_LONGEST_OBJECT, _LONGEST_NAME = 5, 4
_MANY = Decimal(100)
"""From here on a bare number may be an amount."""


class ApartPatterns:
    """The patterns whose words stand apart."""

    def __init__(
        self, cursor: Cursor, tags: TagPatterns, records: RecordPatterns, denials: DenialPatterns, concepts: ConceptPatterns
    ) -> None:
        self.cursor, self.tags, self.records, self.denials, self.concepts = cursor, tags, records, denials, concepts

    def interrupted(self, index: int, window: TimeWindow | None = None) -> Parsed | None:
        """bought at least 100k of wealth products, 买了3次理财, 持有两只以上基金: the number, or the time, stands between verb and object. `window` came in front."""
        verb = self.cursor.token(index)
        if verb is None or verb.comparison is not None or verb.window is not None:
            return None
        comparison: Comparison | None = None
        how: str | None = None
        at, inside = index + 1, window
        begin = at
        while True:
            at = self.cursor.skip(at, "ignored", "is")
            here = self.cursor.token(at)
            if here is None:
                return None
            kind = here.phrase("aggregate.sum", "aggregate.each")
            if kind is not None and how is None:
                how = kind
            elif here.comparison is not None and comparison is None:
                comparison = here.comparison
            elif inside is None and here.window is not None and here.window.kind == "window" and here.window.window is not None:
                inside = here.window.window
            else:
                break
            at += 1
            begin = at
        if comparison is None and inside is window:
            return None
        starts = (begin, at) if begin < at else (at,)
        for last, start in ((last, start) for last in range(min(at + _LONGEST_OBJECT, self.cursor.limit), at, -1) for start in starts):
            words = " ".join(token.text for token in self.cursor.tokens[start:last])
            for spelled in dict.fromkeys((verb.text.rstrip(_TENSE), verb.text.split()[-1])):
                key = key_of(undetermined(f"{spelled} {words}"))
                meanings = self._meanings(key)
                if meanings:
                    if how is None and comparison is not None and begin == at and _numbered(comparison, self.cursor.tokens[last - 1].text):
                        how = "aggregate.count"
                    return self.records.joined(meanings, index, last, comparison, how, inside)
                counting = self._count_tag(key) if inside is None and how is None else None
                if counting is not None and comparison is not None and _counts(comparison):
                    node = self.tags.amounts.number_condition(counting, comparison, index, last)
                    return None if node is None else (node, last)
                counted = lexicon(self.cursor.catalog).counted.get(key)
                if counted and comparison is not None and _counts(comparison):
                    return self.records.joined(counted, index, last, comparison, "aggregate.count", inside)
        return None

    def object_first(self, index: int, window: TimeWindow | None = None) -> Parsed | None:
        """理财没买过, 基金近一年买过3次以上, 信用卡刷了合计3万以上: the object, then whether, when, and the verb. `window` came in front."""
        noun = self.cursor.token(index)
        if noun is None or (noun.read and not noun.content) or noun.comparison is not None or noun.window is not None:
            return None
        kind = self.cursor.token(index + 1)
        whole = kind is not None and kind.supporting and bool(kind.of("property"))  # 专区 of 理财专区没看过
        named, behind = (noun.text + kind.text, index + 2) if whole and kind is not None else (noun.text, index + 1)
        place = self.cursor.skip(behind, "ignored")
        every = any(self.cursor.tokens[at].phrase("pair.each") for at in range(behind, place))
        time = self.cursor.token(place)
        if window is None and time is not None and time.window is not None and time.window.kind == "window":
            window, place = time.window.window, self.cursor.skip(place + 1, "ignored")
        token = self.cursor.token(place)
        following = self.cursor.token(place + 1)
        if token is not None and token.text == _EVER and following is not None and following.text == "来":
            place, following = place + 1, self.cursor.token(place + 2)
        ever = token is not None and token.text == _EVER and following is not None and following.phrase("lack") is not None
        if ever:  # 理财从没买过, 理财从来没买过: cut as 从 | 来 | 没买
            place, token = place + 1, following
        denial = None if token is None else token.phrase("negation.not", "negation.never")
        at = place if denial is None else self.cursor.skip(place + 1, "ignored")
        if denial is not None and at > place + 1 and self._meanings(key_of(self.cursor.tokens[place + 1].text.rstrip(_TENSE) + noun.text)):
            at = place + 1  # 网点没来过: a word that may be passed over is the verb of this very noun
        verb = self.cursor.token(at)
        if verb is None:
            return None
        if verb.content and not verb.supporting:
            return self._subject_first(index, at, window, denial)
        if not noun.read:
            return None
        spelled = verb.text.rstrip(_TENSE)
        if denial is None and verb.phrase("lack"):
            denial, spelled = "negation.never" if ever else "negation.not", spelled[1:]
        meanings = self._meanings(key_of(spelled + named)) if spelled else ()
        if not meanings and not verb.read:  # 信用卡没有消费: a verb that is one only behind its noun
            meanings = self._meanings(key_of(named + spelled))
        cut = self.cursor.token(at + 1)
        if not meanings and cut is not None and cut.start == verb.end and not cut.content:  # 工资没到账: cut as 到 | 账
            joined = (verb.text + cut.text).rstrip(_TENSE)
            meanings, at = self._meanings(key_of(joined + named)) or self._meanings(key_of(named + joined)), at + 1
        if not meanings or (every and denial is None):
            return None  # 理财都赎回了: all of what is held, which no count of redemptions says
        last = self.cursor.skip(at + 1, "ignored") if at + 1 < self.cursor.limit else at + 1
        number = self.cursor.token(last)
        how = None if number is None else number.phrase("aggregate.sum", "aggregate.each")
        if how is not None:
            last = self.cursor.skip(last + 1, "ignored", "is")
            number = self.cursor.token(last)
        comparison = None if number is None or denial is not None else number.comparison
        last = last + 1 if comparison is not None else at + 1
        if how is not None and comparison is None:
            return None
        if denial is not None:
            return self.denials.denied_meanings(meanings, index, last, window, never=denial == "negation.never")
        return self.records.joined(meanings, index, last, comparison, how, window)

    def _subject_first(self, index: int, at: int, window: TimeWindow | None, denial: str | None) -> Parsed | None:
        """客户经理没联系过, 手机银行没登过: who did it or what with, the denial, and a verb that is a phrase of the same records by itself."""
        verb = self.cursor.tokens[at]
        if denial is None or not verb.of("action"):
            return None
        noun, spelled = self.cursor.tokens[index].text, verb.text.rstrip(_TENSE)
        meanings = self._meanings(key_of(noun + spelled)) or self._meanings(key_of(spelled + noun))  # 手机银行没登过: its object as well
        if not meanings or {meaning.code for meaning in meanings} != {meaning.code for meaning in verb.of("action")}:
            return None
        return self.denials.denied_meanings(meanings, index, at + 1, window, never=denial == "negation.never")

    def products_first(self, index: int) -> Parsed | None:
        """定期没有, 信用卡没办, 理财和基金都没有, 保险和基金都有: products, then whether they are held."""
        tags, last, adjoining = [], index, False
        while True:
            tag = self.tags.holding_at(last)
            if tag is None:
                return None
            tags.append((tag, last))
            last += 1
            if self.tags.holding_at(last) is not None:
                adjoining = True
                continue
            joined = self.cursor.token(last)
            if joined is None or not joined.phrase("connective.and", "connective.comma") or self.tags.holding_at(last + 1) is None:
                break
            last += 1
        place = self.cursor.skip(last, "ignored", *_BESIDES, "must", "copula")
        counted = self.cursor.comparison(place)
        if counted is not None and len(tags) > 1 and counted[0].operator is None and counted[0].value == len(tags):
            place = self.cursor.skip(place + 1, "ignored", "pair.each")  # 基金、保险、理财三样都有
        verb, end = self.cursor.token(place), self.cursor.token(place + 1)
        if adjoining and not any(token.phrase("pair.each") for token in self.cursor.tokens[last:place]):
            return None  # 理财基金都没有: only "all" makes a list of products written side by side
        if verb is None or verb.content or verb.comparison is not None:
            return None
        if verb.phrase("have") and end is not None and end.phrase("one_of") and len(tags) > 1:
            return any_of([held(tag, True, self.cursor.said(at, place + 2)) for tag, at in tags]), place + 2
        if verb.phrase("exactly") and end is not None and end.phrase("one_of") and len(tags) == 2:
            said = self.cursor.said(index, place + 2)
            one, other = ((held(tag, True, said), held(tag, False, said)) for tag, _ in tags)
            return any_of([all_of([one[0], other[1]]), all_of([one[1], other[0]])]), place + 2
        denied = verb.phrase("negation.at_end", "lack") is not None
        if verb.phrase("negation.not") and end is not None and "过" not in end.text and self._verb_of(end.text.rstrip(_TENSE), tags):
            denied, place = True, place + 1  # 快捷没绑, 定投没做
            end = self.cursor.token(place + 1)
            if end is not None and end.text == "过":
                return None  # 定投没做过: never, which is no state of today
        if not denied and not (verb.phrase("have") and (len(tags) > 1 or place > last)):
            return None
        if end is not None and not (end.phrase("ignored", "people") or end.phrases("connective.") or end.phrases("request.")):
            return None
        nodes: list[AnyNode] = [held(tag, not denied, self.cursor.said(at, place + 1)) for tag, at in tags]
        return all_of(nodes), place + 1

    def _verb_of(self, verb: str, tags: Sequence[tuple[Tag, int]]) -> bool:
        """Whether a verb says of products that one has them: 办 and 开 of any, 绑 only of what the catalog names with it."""
        if verb in phrases_of("held.verb"):
            return True
        entries = lexicon(self.cursor.catalog).entries
        return verb in phrases_of("held.own_verb") and all(
            any(
                meaning.kind == "hold" and meaning.code == tag.code
                for meaning in entries.get(key_of(verb + self.cursor.tokens[at].text), ())
            )
            for tag, at in tags
        )

    def named(self, index: int) -> Parsed | None:
        """风评都过期了, 工资也在我们这儿发: a name of the catalog with words that change nothing between its parts; 工资不在我们这儿发: denied; 风评没做过: its denied verb behind its noun."""
        noun = self.cursor.token(index)
        if noun is None or not noun.content or noun.comparison is not None or noun.window is not None:
            return None
        start = self.cursor.skip(index + 1, *_BESIDES, "emphatic.stress")
        denied = self.cursor.token(start)
        turned = denied is not None and denied.phrase("negation.not", "negation.never") is not None
        if start == index + 1 and not turned:
            return None
        found = self._named_from(index, start, noun.text if turned else "")
        if found is None and denied is not None and denied.phrase("negation.not"):
            found = self._named_from(index, start + 1, "", negated=True)
        return found

    def _named_from(self, index: int, first: int, behind: str, negated: bool = False) -> Parsed | None:
        """The longest name that the noun at `index` makes with the words from `first` on, or that those make with `behind` after them."""
        for last in range(min(first + _LONGEST_NAME, self.cursor.limit), first, -1):
            said = self.cursor.tokens[first:last]
            if any(token.phrase("connective.comma") for token in said):
                continue
            words = "".join(token.text for token in said)
            for key in (self.cursor.tokens[index].text + words, *((words.rstrip("了") + behind,) if behind else ())):
                found = self._named_by(key_of(key), index, last, negated)
                if found is not None:
                    return found
        return None

    def _named_by(self, key: str, index: int, last: int, negated: bool) -> Parsed | None:
        """The concept, its negation, or the yes-no tag of a name; only a tag can be denied between its parts."""
        entries = lexicon(self.cursor.catalog).entries
        meanings = [
            meaning
            for spelled in (key, key.rstrip("了"))
            for meaning in entries.get(spelled, ())
            if meaning.kind in ("concept", "concept_not", "tag", "ambiguous")
        ]
        if len({(meaning.kind, meaning.code, meaning.number) for meaning in meanings}) != 1:
            return None
        kind, code = meanings[0].kind, meanings[0].code
        if kind == "ambiguous":
            return None if negated else self.concepts.worded(meanings[0].number, index, last)
        if kind != "tag":
            if negated:
                return None
            return self.concepts.concept_node(self.cursor.catalog.concepts[code], kind == "concept_not", None, index, last)
        if self.cursor.catalog.tags[code].type != "flag":
            return None
        return held(self.cursor.catalog.tags[code], not negated, self.cursor.said(index, last)), last

    def dated(self, index: int) -> Parsed | None:
        """风评下个月到期: the day of a tag whose name the time stands inside of."""
        noun = self.cursor.token(index)
        place = self.cursor.skip(index + 1, "ignored", *_BESIDES)
        time, verb = self.cursor.token(place), self.cursor.token(self.cursor.skip(place + 1, "ignored"))
        if noun is None or not noun.content or time is None or time.window is None or verb is None or time.window.kind != "window":
            return None
        tags = self._dates(noun.text + verb.text)
        if len(tags) != 1 or time.window.window is None:
            return None
        tag, last = tags[0], self.cursor.skip(place + 1, "ignored") + 1
        window = window_for(tag, time.window)
        return TagCondition(tag=tag.code, operator="within", value=window, said=self.cursor.said(index, last)), last

    def denied_day(self, index: int, first: int) -> Parsed | None:
        """近半年办卡也没被拒过: a past day, named with the denial inside its name, that lies outside the time at `first`."""
        noun, time = self.cursor.token(index), self.cursor.tokens[first].window
        place = self.cursor.skip(index + 1, "ignored", *_BESIDES)
        denial, verb = self.cursor.token(place), self.cursor.token(place + 1)
        if noun is None or not noun.content or time is None or denial is None or verb is None or not denial.phrase("negation.not"):
            return None
        tags = self._dates(noun.text + verb.text)
        if len(tags) != 1 or time.window is None or time.future or tags[0].tense != "past":
            return None
        last = place + 2
        said = self.cursor.said(first, last)
        return Not(child=TagCondition(tag=tags[0].code, operator="within", value=window_for(tags[0], time), said=said), said=said), last

    def _dates(self, name: str) -> list[Tag]:
        """The date tags of a name."""
        found = [meaning for meaning in lexicon(self.cursor.catalog).entries.get(key_of(name), ()) if meaning.kind == "tag"]
        return [tag for meaning in found if (tag := self.cursor.catalog.tags[meaning.code]).type == "date"]

    def _count_tag(self, key: str) -> Tag | None:
        """绑了3个以上快捷: the tag that counts what verb and object name together."""
        tags = [
            self.cursor.catalog.tags[meaning.code]
            for meaning in lexicon(self.cursor.catalog).entries.get(key, ())
            if meaning.kind == "hold"
        ]
        return tags[0] if len(tags) == 1 and tags[0].numeric and tags[0].unit == "count" else None

    def _meanings(self, key: str) -> tuple[Meaning, ...]:
        return tuple(meaning for meaning in lexicon(self.cursor.catalog).entries.get(key, ()) if meaning.kind == "action")


def _numbered(comparison: Comparison, noun: str) -> bool:
    """made 3 transfers: a small bare number right before an English noun says how many of them."""
    numbers = [number for number in (comparison.value, comparison.low, comparison.high) if number is not None]
    return _counts(comparison) and noun.isascii() and noun.endswith("s") and all(number < _MANY for number in numbers)


def _counts(comparison: Comparison) -> bool:
    """Whether a number says how many, not how much."""
    return comparison.unit in (None, "count") and not comparison.scale_said
