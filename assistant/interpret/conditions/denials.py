"""Exclusion and denial: 除…外, 排除A和B, 没有, 未, neither … nor, and how far each reaches. Law: see `parser`; a reach that could be another is asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

from assistant.catalog.model import RecordSet, Tag, Text
from assistant.errors import Issue, Severity
from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.concepts import ConceptPatterns
from assistant.interpret.conditions.denied_names import DeniedNames
from assistant.interpret.conditions.lengths import length_window
from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.conditions.tags import TagPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.grouping import Grouping
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import Item, all_of, any_of, bounds, denied, held, quoted
from assistant.language.phrases import phrases_of
from assistant.rule.moved import could_throughout
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    Not,
    Operator,
    RecordCondition,
    TagCondition,
    walk,
)
from assistant.rule.window import Calendar, TimeWindow

Parsed = tuple[AnyNode, int]
_MODIFYING = ("不含", "不包括", "不包含")
"""Words of exclusion that stand before the noun they belong to: 不含行员的白金客户."""

_OTHER_SIDE: Mapping[str, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

_BARE = ("not", "不")
"""Denials that say nothing of having: not gold is a tier before it is a product."""


class Host(Protocol):
    """What the denied words are read with: the parser they belong to."""

    grouping: Grouping

    def condition(self, index: int) -> Parsed | None: ...
    def items(self, first: int, stop: Callable[[Token], bool] | None = None) -> list[Item]: ...


class DenialPatterns:
    """The patterns that begin with a word of exclusion or denial."""

    def __init__(
        self, cursor: Cursor, host: Host, amounts: Amounts, tags: TagPatterns, records: RecordPatterns, concepts: ConceptPatterns
    ) -> None:
        self.cursor, self.host, self.amounts, self.tags, self.records, self.concepts = cursor, host, amounts, tags, records, concepts
        self.names = DeniedNames(cursor, host, amounts, tags, concepts)

    def excluded(self, index: int) -> Parsed | None:
        """除…外, 排除A和B, excluding A and B: everyone else. A list of plain names leaves out each of them; A且B only those who are both."""
        if not self.cursor.tokens[index].phrase("negation.except_open"):
            return None
        following = self.cursor.token(self.cursor.skip(index + 1, "ignored"))
        if following is None or following.phrase("negation.except_open"):
            return None
        if self.cursor.tokens[index].phrase("negation.not"):
            lacking = self._but_not(index)
            if lacking is not None:
                return self.names.reached(index, lacking)
        return self._excepted(index)

    def _but_not(self, index: int) -> Parsed | None:
        """a credit card but not a mortgage: a product or yes-no tag right behind is lacked; of "but not those with …" everyone else is meant."""
        after = index + 1
        while after < self.cursor.limit and self.cursor.tokens[after].text in ("a", "an", "any", "the", "in"):
            after += 1
        lacking = self.tags.holdings(index, after, positive=False)
        token = self.cursor.token(after)
        if lacking is not None or token is None:
            return lacking
        flag = self.amounts.only_tag(token, lambda each: each.type == "flag")
        if flag is None:
            return None
        return TagCondition(tag=flag.code, operator="=", value=False, said=self.cursor.said(index, after + 1)), after + 1

    def _excepted(self, index: int) -> Parsed | None:
        clause = range(index + 1, self._clause_end(index + 1))
        closed = any(self.cursor.tokens[place].phrase("negation.except_close") for place in clause)
        owned, self.tags.owned = self.tags.owned, True  # except payroll: people who have it
        inner = self.host.items(
            index + 1, stop=lambda each: bool(each.phrase("negation.except_close")) or self._ends_list(each) or self._excludes_anew(each)
        )
        self.tags.owned = owned
        if not inner:
            return None
        beside = next((place for place, item in enumerate(inner) if place and item.join == ""), None)
        nested = beside is not None and all(isinstance(item.node, Not) and item.join == "" for item in inner[beside:])
        again = None if beside is None else self.cursor.tokens[inner[beside].first]
        exception = again is not None and again.phrase("negation.exception") is not None and again.text != self.cursor.tokens[index].text
        if nested and not exception and not closed:
            inner = inner[:beside]
        elif beside is not None and not closed and not nested:
            if self.cursor.tokens[index].text in _MODIFYING:
                inner = inner[:beside]
            else:
                return self._left_out_of(index, inner, beside)
        last = inner[-1].last
        closing = self.cursor.token(self.cursor.skip(last, "ignored"))
        if closing is not None and closing.phrase("negation.except_close"):
            last = self.cursor.skip(last, "ignored") + 1
        self.cursor.mark(index, last, "condition")
        listed = None if closed else self._listed_behind(index, inner)
        return listed or (Not(child=self.left_out(inner), said=self.cursor.said(index, last)), last)

    def _listed_behind(self, index: int, inner: list[Item]) -> Parsed | None:
        """排除女性,上海分行的客户: a bare name behind the comma may be left out too, or be a condition of its own; asked. None when it is the latter."""
        last = inner[-1].last
        comma = self.cursor.token(last)
        place = self.cursor.skip(last + 1, "ignored")
        token = self.cursor.token(place)
        if comma is None or comma.text != "," or token is None or not (token.content and _plain_name(inner[-1].node)):
            return None
        point = self.cursor.checkpoint()
        following = self.host.condition(place)
        end = None if following is None else self.cursor.skip(following[1], "ignored", "people")
        alone = end is not None and (end >= self.cursor.limit or self.cursor.tokens[end].phrase("connective.comma") is not None)
        if following is None or not alone or not _plain_name(following[0]):
            self.cursor.restore(point)
            return None
        said = self.cursor.said(index, following[1])
        labels = (
            Text(zh="只排除第一项，其余仍是条件", en="leave out only the first; the rest are conditions"),
            Text(zh="整串都在排除之列", en="leave out what the whole list says"),
        )
        if self.cursor.choose("left_out_comma", said[0], "ambiguous_scope", {"words": self.cursor.words(said[0])}, labels) == 0:
            return None
        self.cursor.mark(index, following[1], "condition")
        return Not(child=self.left_out([*inner, Item("or", following[0], place, following[1])]), said=said), following[1]

    def _left_out_of(self, index: int, inner: list[Item], beside: int) -> Parsed:
        """排除有信用卡的女性, except women with a card: what stands beside may narrow what is left out, or be a condition of its own; asked."""
        last = inner[-1].last
        said = self.cursor.said(index, last)
        labels = (
            Text(zh="同时符合的才排除", en="leave out only those who meet all of it"),
            Text(zh="只排除第一项，其余仍是条件", en="leave out only the first; the rest are conditions"),
        )
        params = {"words": self.cursor.words(said[0])}
        inside = self.cursor.choose("left_out_of", said[0], "ambiguous_scope", params, labels) == 0
        self.cursor.mark(index, last, "condition")
        if inside:
            return Not(child=self.host.grouping.grouped(inner), said=said), last
        left_out = Not(child=self.left_out(inner[:beside]), said=said)
        return all_of([left_out, *(item.node for item in inner[beside:])]), last

    def left_out(self, inner: list[Item]) -> AnyNode:
        """What an exclusion of these conditions leaves out: any of a list of plain names, all of what stands side by side."""
        joins = {item.join for item in inner[1:]}
        nodes = [item.node for item in inner]
        if len(nodes) == 1 and isinstance(nodes[0], AllOf) and all(isinstance(node, TagCondition) for node in nodes[0].children):
            nodes, joins = list(nodes[0].children), {"and"}
            said = self.cursor.tokens[inner[0].first : inner[0].last]
            if any(token.phrase("connective.also", "both") for token in said):
                return all_of(nodes)
            if not any(token.phrase("have") for token in said):
                return any_of(nodes)
        elif len(nodes) == 1 or joins <= {"or"}:
            return any_of(nodes)
        if joins <= {"", "also"}:
            return all_of(nodes)
        plain = all(
            isinstance(node, ConceptRef) or (isinstance(node, TagCondition) and not isinstance(node.value, Decimal)) for node in nodes
        )
        if any(self.cursor.tokens[place].phrase("both") for place in range(inner[0].first - 1, inner[-1].last)) or self._of_one_person(
            inner
        ):
            return all_of(nodes)
        if "also" not in joins and plain:
            return any_of(nodes)
        quote = self.cursor.quote(inner[0].first, inner[-1].last)
        labels = (
            Text(zh="符合其中任何一条的都排除", en="leave out those who meet any of them"),
            Text(zh="同时符合的才排除", en="leave out only those who meet all of them"),
        )
        chosen = self.cursor.choose("left_out", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels)
        return any_of(nodes) if chosen == 0 else all_of(nodes)

    def _of_one_person(self, inner: list[Item]) -> bool:
        """except those with AUM below 10k and no mobile banking: one "those" whom all of it describes, unless "those" or "or" is said again."""
        people = tuple(phrases_of("those"))
        joins = {item.join for item in inner[1:]}
        head = self.cursor.tokens[inner[0].first]
        before = self.cursor.tokens[max(inner[0].first - 2, 0) : inner[0].first]
        opened = any(token.text.endswith(people) for token in before)
        again = any(token.phrase("those") for token in self.cursor.tokens[inner[0].first : inner[-1].last])
        return opened and not again and joins <= {"and", "also"} and head.phrase("have", "is") is not None

    def _excludes_anew(self, token: Token) -> bool:
        """排除A，也不要B: the connective in front of another exclusion ends this one. With none between, the second is inside the first."""
        joins = ("connective.and", "connective.also", "connective.or", "connective.comma", "connective.but")
        if not token.phrase(*joins):
            return False
        following = self.cursor.token(self.cursor.skip(self.cursor.tokens.index(token) + 1, "ignored", *joins))
        return following is not None and following.phrase("negation.except_open") is not None

    def _ends_list(self, token: Token) -> bool:
        """A comma ends what is excluded, unless it is the first of "A, B and C"."""
        if not token.phrase("connective.comma") or token.text == "、":
            return False
        after = self.cursor.tokens.index(token) + 1
        joined = [
            place for place in range(after, self._clause_end(after)) if self.cursor.tokens[place].phrase("connective.and", "connective.or")
        ]
        return not joined or joined[0] == after

    def _clause_end(self, index: int) -> int:
        while index < self.cursor.limit:
            token = self.cursor.tokens[index]
            if token.phrase("connective.comma") and token.text not in "、":
                break
            index += 1
        return index

    def _unmet(self, index: int, after: int) -> Parsed | None:
        """不满足（A，且B）, not (A and B): what brackets hold together does not hold."""
        if self.cursor.tokens[index].text not in _BARE or not self.cursor.tokens[after].phrase("bracket.open"):
            return None
        inside = self.host.condition(after)
        return None if inside is None else (Not(child=inside[0], said=self.cursor.said(index, inside[1])), inside[1])

    def negated(self, index: int) -> Parsed | None:
        """没有, 未, 不是, never, neither and what they deny. None too where the denied words run on into a behaviour: of 没有理财产品浏览, 没有理财 is no part."""
        point = self.cursor.checkpoint()
        found = self._negated(index)
        if found is not None and self.records.runs_on(found[1]):
            self.cursor.restore(point)
            return None
        return None if found is None else self.names.reached(index, found)

    def _negated(self, index: int) -> Parsed | None:
        token = self.cursor.tokens[index]
        kind = token.phrase("negation.not", "negation.none", "negation.never", "negation.is_not", "lack")
        if kind is None:
            return None
        if kind == "negation.none":
            return self._none(index)
        if token.phrase("hedged"):
            return self._hedged(index)
        if token.text.endswith("neither"):
            return self._neither(index)
        if self._of_the_customers(index):
            return None
        after = self.cursor.skip(index + 1, "ignored", "have", "is", "both")
        if after >= self.cursor.limit:
            return None
        both = self._not_both(index, after) or self._unmet(index, after)
        if both is not None:
            return both
        is_no = bool(self.cursor.tokens[after].of("value")) and (kind == "negation.is_not" or token.text in _BARE)
        if kind != "negation.never" and not is_no:
            lacking = self.tags.holdings(index, after, positive=False) or self._bought(index, after)
            if lacking is not None and self._subject(lacking[1]):
                return None
            if lacking is not None:
                return self._gap(index, lacking) or self._but_a(index, after, lacking)
        if kind == "lack":
            return None
        target = self.cursor.tokens[after]
        saved = self.concepts.saved_at(after)
        if saved is not None:
            said = self.cursor.said(index, after + 1)
            return Not(child=quoted(saved, said), said=said), after + 1
        concept = self.concepts.concept_at(after)
        if concept is not None and kind != "negation.is_not" and target.text.startswith(tuple(phrases_of("negation.not"))):
            return None  # 没没做过风险测评: a slip as likely as a denial of a denial
        if concept is not None:
            return self.concepts.concept_node(concept, True, None, index, after + 1)
        word = self.concepts.ambiguous(after)
        if word is not None:
            node, last = word
            return denied(node, self.cursor.said(index, last)), last
        if kind != "negation.never":
            values = self.tags.value_list(after)
            if values is not None:
                tag, codes, last = values
                rather = self._rather(tag, last)
                if rather is not None:
                    return TagCondition(tag=tag.code, operator="in", value=rather[0], said=self.cursor.said(index, rather[1])), rather[1]
                if self.cursor.order(last, prefix=False) is None:
                    codes, last = self._denied_values(index, after, tag, codes, last)
                    node = TagCondition(tag=tag.code, operator="not_in", value=codes, said=self.cursor.said(index, last))
                    return node, last
            flag = self.amounts.only_tag(target, lambda each: each.type == "flag")
            if flag is not None:
                lacked = TagCondition(tag=flag.code, operator="=", value=False, said=self.cursor.said(index, after + 1))
                return None if self._subject(after + 1) else (lacked, after + 1)
        none = self._no_amount(index, after, kind) or self._other_side(index, after, kind)
        if none is not None:
            return none
        dated = self._denied_date(index, after, kind)
        if dated is not None:
            return dated
        window: TimeWindow | None = None
        start = after
        if target.window is not None and target.window.kind == "window" and target.window.window is not None:
            window = target.window.window
            start = self.cursor.skip(after + 1, "ignored", "have", "is")
        return self.negated_record(index, start, window, never=kind == "negation.never")

    def _subject(self, index: int) -> bool:
        """no RM has contacted: whether what is denied right before an index is who did something, and not what the customers lack."""
        verb = self.cursor.token(index)
        return (
            verb is not None and verb.text in ("has", "have", "had") and self.records.starts_action(self.cursor.skip(index + 1, "ignored"))
        )

    def _hedged(self, index: int) -> Parsed | None:
        """not really active on the app: of a concept, whose own bound says how little; it is stated. Of facts (not really into funds) it is not read."""
        after = self.cursor.skip(index + 1, "ignored", "is")
        concept = self.concepts.concept_at(after)
        if concept is None:
            return None
        quote = self.cursor.quote(index, index + 1)
        self.cursor.assume("hedged_denial", quote, words=self.cursor.words(quote))
        return self.concepts.concept_node(concept, True, None, index, after + 1)

    def _none(self, index: int) -> Parsed | None:
        """not a single insurance policy, nothing in time deposits, not one login: of what one has or did, and of nothing else."""
        after = self.cursor.skip(index + 1, "ignored", "have", "is")
        if after >= self.cursor.limit:
            return None
        lacking = self.tags.holdings(index, after, positive=False) or self._no_amount(index, after, "negation.not")
        return lacking or self.negated_record(index, after, None)

    def _other_side(self, index: int, after: int, kind: str) -> Parsed | None:
        """不是40岁以下的, not those under 40: of a bound on a number, the values on its other side."""
        after = self.cursor.skip(after, "ignored", "those", "edit.those")
        target = self.cursor.token(after)
        if target is None or target.comparison is None or not (kind == "negation.is_not" or self.cursor.tokens[index].text in _BARE):
            return None
        found = self.host.condition(after)
        if found is None or not isinstance(found[0], TagCondition) or found[0].operator not in _OTHER_SIDE:
            return None
        bound, last = found[0], found[1]
        following = self.cursor.token(self.cursor.skip(last, "ignored", "people"))
        if following is not None and not following.phrase("connective.comma"):
            return None  # 不是40岁以下的女客户: women may be denied with it
        said = self.cursor.said(index, last)
        return bound.model_copy(update={"operator": _OTHER_SIDE[bound.operator], "said": said}), last

    def _of_the_customers(self, index: int) -> bool:
        """未户客户中的女性: in Chinese a denial right before the word for customers has lost what it denied (未管户); it is not of what comes behind."""
        following = self.cursor.token(index + 1)
        return following is not None and following.phrase("people") is not None and not following.text.isascii()

    def _denied_values(self, first: int, at: int, tag: Tag, codes: tuple[str, ...], last: int) -> tuple[tuple[str, ...], int]:
        """不是白金客户,钻石客户: across a full comma the value behind may be the one that is meant instead; asked. What is denied, and the index behind it."""
        words = self.cursor.tokens[at:last]
        joined = any(token.text == "、" or token.phrase("connective.and", "connective.or") for token in words)
        comma = next((place for place in range(at, last) if self.cursor.tokens[place].text == ","), None)
        if comma is None or joined:
            return codes, last
        quote = self.cursor.quote(first, last)
        labels = (Text(zh="都不是", en="none of them"), Text(zh="不是前一项，是后面的", en="not the first, but the rest"))
        if self.cursor.choose("denied_list", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels) == 0:
            return codes, last
        limit, self.cursor.limit = self.cursor.limit, comma
        alone = self.tags.value_list(at)
        self.cursor.limit = limit
        return codes if alone is None else alone[1], comma

    def _gap(self, first: int, lacking: Parsed) -> Parsed | None:
        """without payroll for 3 consecutive months: the tag that counts the months a product has been without its records."""
        node, last = lacking
        token = self.cursor.token(self.cursor.skip(last, "ignored"))
        span = None if token is None or token.window is None else token.window.window
        if not isinstance(node, TagCondition) or not isinstance(span, Calendar) or span.unit != "month" or span.last != -1:
            return None
        counted = {record.gap_tag for record in self.cursor.catalog.records.values() if record.gap_tag is not None}
        tags = counted & set(self.cursor.catalog.tags[node.tag].derived_from)
        if len(tags) != 1:
            return None
        after = self.cursor.skip(last, "ignored") + 1
        return TagCondition(tag=tags.pop(), operator=">=", value=Decimal(-span.first), said=self.cursor.said(first, after)), after

    def _no_amount(self, first: int, at: int, kind: str) -> Parsed | None:
        """no pension contribution this year: a sum or count of nothing, where no value means none."""
        tag = self.amounts.only_tag(self.cursor.tokens[at], lambda each: each.numeric and each.null_means == "zero")
        if tag is None or kind != "negation.not" or self.cursor.said_of(at + 1) or self.cursor.order(self.cursor.skip_words(at + 1), True):
            return None
        return TagCondition(tag=tag.code, operator="=", value=Decimal(0), said=self.cursor.said(first, at + 1)), at + 1

    def _denied_date(self, first: int, at: int, kind: str) -> Parsed | None:
        """no card rejection in the last six months: a past day that lies outside the time said; never: there is no such day."""
        tag = self.amounts.only_tag(self.cursor.tokens[at], lambda each: each.type == "date" and each.tense == "past")
        if tag is None or kind == "negation.is_not":
            return None
        after = self.cursor.skip(at + 1, "ignored")
        here = self.cursor.token(after)
        if here is not None and here.window is not None and here.window.kind == "window" and not here.window.future:
            within = TagCondition(tag=tag.code, operator="within", value=here.window.window, said=self.cursor.said(first, after + 1))
            return Not(child=within, said=within.said), after + 1
        if kind == "negation.never" and tag.null_means == "none" and (here is None or here.comparison is None):
            return TagCondition(tag=tag.code, operator="is_absent", said=self.cursor.said(first, at + 1)), at + 1
        return None

    def _not_both(self, first: int, after: int) -> Parsed | None:
        """do not hold both A and B, 不是A和B都有: not the two together; whoever has one of them may be in."""
        found = self.tags.holdings(first, after, positive=True)
        if found is None or not isinstance(found[0], AllOf):
            return None
        all_said = self.cursor.token(self.cursor.skip(found[1], "ignored"))
        behind = self.cursor.skip(found[1], "ignored", "have")
        in_front = any(self.cursor.tokens[place].phrase("both") for place in range(first, after))
        in_back = all_said is not None and any(self.cursor.tokens[place].phrase("pair.each") for place in range(found[1], behind))
        if not in_front and not in_back:
            return None
        last = behind if in_back else found[1]
        return Not(child=found[0], said=self.cursor.said(first, last)), last

    def _but_a(self, first: int, after: int, lacking: Parsed) -> Parsed:
        """no mortgage and a credit card: the article after "and" says that the second one is there, unless the denied one has an article too."""
        node, last = lacking
        joined, article = self.cursor.token(last), self.cursor.token(last + 1)
        own = any(self.cursor.tokens[place].text in ("a", "an") for place in range(first, after))
        if own or joined is None or article is None or not joined.phrase("connective.and") or article.text not in ("a", "an"):
            return lacking
        found = self.tags.holdings(last + 1, last + 2, positive=True)
        return lacking if found is None else (all_of([node, found[0]]), found[1])

    def _bought(self, first: int, at: int) -> Parsed | None:
        """没有买理财和基金: a purchase whose object begins a list of products denies holding each of them."""
        token = self.cursor.token(at)
        joined = self.cursor.skip(at + 1, "connective.and", "connective.or", "connective.comma")
        if any(self.cursor.tokens[place].text == "," for place in range(at + 1, joined)):
            return None
        if token is None or not token.of("action") or joined == at + 1 or "过" in token.text:
            return None
        others = self.tags.holdings(first, joined, positive=False)
        entries = lexicon(self.cursor.catalog).entries
        lacking = phrases_of("lack")
        tags = {
            meaning.code: None
            for start in range(1, len(token.text))
            for meaning in entries.get(key_of(token.text[start:]), ())
            if meaning.kind == "hold" and any(words.endswith(token.text[:start]) for words in lacking)
        }
        following = None if others is None else self.cursor.token(self.cursor.skip(others[1], "ignored", "is"))
        if others is None or len(tags) != 1 or (following is not None and following.window is not None):
            return None
        bought = held(self.cursor.catalog.tags[next(iter(tags))], False, self.cursor.said(first, at + 1))
        listed = others[0].children if isinstance(others[0], AllOf) else (others[0],)
        return all_of([bought, *listed]), others[1]

    def _rather(self, tag: Tag, index: int) -> tuple[tuple[str, ...], int] | None:
        """不是A而是B, not A but B, of one tag: B, since who is B is not A."""
        place = self.cursor.skip(index, "ignored", "connective.comma", "people")
        token = self.cursor.token(place)
        if token is None or not token.phrase("rather"):
            return None
        values = self.tags.value_list(self.cursor.skip(place + 1, "ignored", "is"))
        return None if values is None or values[0].code != tag.code else (values[1], values[2])

    def _neither(self, index: int) -> Parsed | None:
        """neither A nor B: not A, and not B. A time phrase behind the last behaviour is the time of all of them."""
        held = self.tags.holdings(index, self.cursor.skip(index + 1, "ignored", "have"), positive=False)
        if held is not None:
            return held
        window = self._only_window(index)
        parts: list[Item] = []
        at = index + 1
        while True:
            found = self._one_of_neither(index, self.cursor.skip(at, "ignored"), window)
            if found is None:
                return None
            found = found[0], self._past(window, found[1])
            parts.append(Item("", found[0], at, found[1]))
            after = self.cursor.skip(found[1], "ignored")
            token = self.cursor.token(after)
            if token is None or not token.phrase("connective.or"):
                break
            at = after + 1
        if len(parts) < 2:
            return None
        said = self.cursor.said(index, parts[-1].last)
        return all_of([quoted(part.node, said) for part in parts]), parts[-1].last

    def _past(self, window: TimeWindow | None, index: int) -> int:
        """The index after the time phrase that stands there, when it is the one already taken."""
        token = self.cursor.token(self.cursor.skip(index, "ignored"))
        taken = window is not None and token is not None and token.window is not None and token.window.window == window
        return self.cursor.skip(index, "ignored") + 1 if taken else index

    def _only_window(self, index: int) -> TimeWindow | None:
        """The one time phrase of a clause, None when there is none or several."""
        spans = [token.window for token in self.cursor.tokens[index : self._clause_end(index)] if token.window is not None]
        return spans[0].window if len(spans) == 1 and spans[0].kind == "window" else None

    def _one_of_neither(self, first: int, at: int, window: TimeWindow | None) -> Parsed | None:
        """One of the things that are denied: a yes-no tag, a value, a concept, a behaviour, or any other condition."""
        token = self.cursor.token(at)
        if token is None:
            return None
        if self.records.starts_action(at):
            return self._one_denied(first, at, window)
        flag = self.amounts.only_tag(token, lambda each: each.type == "flag")
        if flag is not None:
            return TagCondition(tag=flag.code, operator="=", value=False, said=self.cursor.said(first, at + 1)), at + 1
        values = self.tags.value_list(at)
        if values is not None:
            tag, codes, last = values
            return TagCondition(tag=tag.code, operator="not_in", value=codes, said=self.cursor.said(first, last)), last
        found = self.host.condition(at)
        return None if found is None else (denied(found[0], self.cursor.said(first, found[1])), found[1])

    def _denied_too(self, first: int, found: Parsed, window: TimeWindow | None, never: bool) -> Parsed:
        """没有登录和转账: the denial covers the whole list of actions."""
        node, last = found
        nodes = [node]
        while True:
            after = self.cursor.skip(last, "ignored")
            token = self.cursor.token(after)
            listed = token is not None and (token.phrase("connective.or", "connective.and") or token.text == "、")
            comma = token is not None and token.text == ","
            following = self.cursor.skip(after + 1, "ignored")
            if not (listed or comma) or not self.records.starts_action(following):
                break
            if comma and not self._bare_behind(first, following):
                break
            more = self._one_denied(first, following, window, never)
            if more is None:
                break
            nodes.append(more[0])
            last = more[1]
            if token is not None and token.text == "and":
                quote = self.cursor.quote(first, last)
                self.cursor.issues.append(
                    Issue("ambiguous_scope", Severity.ASK, quote=bounds(quote), params={"words": self.cursor.words(quote)})
                )
        return all_of(nodes), last

    def _bare_behind(self, first: int, index: int) -> bool:
        """没有登录,转账; 近90天没买理财,基金: across a full comma a bare behaviour may be denied too, or be one that was done; asked. Whether it is denied."""
        verb = self.cursor.tokens[index]
        before = self.cursor.tokens[index - 1]
        behind = self.cursor.token(self.cursor.skip(index + 1, "ignored", "people"))
        ended = behind is None or behind.phrases("connective.") or behind.phrases("request.")
        if not ended or before.text != "," or "过" in verb.text or "了" in verb.text:
            return False
        quote = self.cursor.quote(first, index + 1)
        labels = (Text(zh="都没有", en="none of them"), Text(zh="没有前一项，有后面的", en="not the first, but the rest"))
        return self.cursor.choose("denied_list", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels) == 0

    def negated_record(self, first: int, at: int, window: TimeWindow | None, never: bool = False) -> Parsed | None:
        """没有 + behaviour, or a list of behaviours."""
        found = self._one_denied(first, at, window, never)
        return None if found is None else self._denied_too(first, found, window, never)

    def _one_denied(self, first: int, at: int, window: TimeWindow | None, never: bool = False) -> Parsed | None:
        """没有 + behaviour: nobody who did it, among those who could have (the record set's exposure)."""
        timeless = window is None and self.records.head_window is None and not self._recently(first, at)
        lifetime = self.records.lifetime(at, never) if timeless else None
        if lifetime is not None:
            tag, last = lifetime
            absent = TagCondition(tag=tag, operator="is_absent", said=self.cursor.said(first, last))
            if not never and not self.records.of_the_past(range(first, last)):
                quote = self.cursor.quote(first, last)
                self.cursor.assume("never_read", quote, words=self.cursor.words(quote))
            meaning = self.records.actions(at)[0]
            return self._among_those_who_could(self.cursor.catalog.records[meaning.code], absent, first, last), last
        if never and self.records.is_state(at):
            return None
        gap = self.records.gap(at, window)
        if gap is not None:
            tag, months, last = gap
            return TagCondition(tag=tag, operator=">=", value=Decimal(months), said=self.cursor.said(first, last)), last
        found = (
            self.records.record_at(at, window, never=never)
            if window is not None
            else self._record_for_days(at) or self.records.record_at(at, None, never=never)
        )
        if found is None:
            return None
        return self._denied_node(found[0], first, found[1], never)

    def _recently(self, first: int, last: int) -> bool:
        """最近没买过理财: a time without a length is one all the same, and never that it never happened."""
        return any(token.window is not None and token.window.assumption == "recently" for token in self.cursor.tokens[first:last])

    def denied_meanings(
        self, meanings: tuple[Meaning, ...], first: int, last: int, window: TimeWindow | None, never: bool
    ) -> Parsed | None:
        """The denial of an action whose verb and object stood apart: 理财没买过."""
        record = self.cursor.catalog.records[self.records.only_action(meanings, first).code]
        filtered = any(meaning.filters for meaning in meanings)
        ever = never or record.date_column is not None or self.records.of_the_past(range(first, last))
        timeless = window is None and self.records.head_window is None and not self._recently(first, last)
        if ever and timeless and record.first_date_tag is not None and not filtered:
            absent = TagCondition(tag=record.first_date_tag, operator="is_absent", said=self.cursor.said(first, last))
            return self._among_those_who_could(record, absent, first, last), last
        if record.date_column is None and window is not None:
            return None
        found = self.records.joined(meanings, first, last, None, None, window, never)
        return None if found is None else self._denied_node(found[0], first, found[1], never)

    def _denied_node(self, node: AnyNode, first: int, last: int, never: bool) -> Parsed:
        if not isinstance(node, RecordCondition):
            return Not(child=node, said=self.cursor.said(first, last)), last
        node = node.model_copy(update={"said": self.cursor.said(first, last)})
        denied: AnyNode = Not(child=node, said=self.cursor.said(first, last))
        record = self.cursor.catalog.records[node.records]
        throughout = None if never else node.window
        base = None if record.exposure is None or not (never or throughout) else could_throughout(record.exposure, throughout)
        if base is None:
            return denied, last
        quote = self.cursor.quote(first, last)
        params = exposure_params(record.code, throughout)
        self.cursor.assume("exposure_base", quote, **params)
        if self.cursor.choose("exposure", quote, "exposure_base", params, (None, None), ask=False):
            return denied, last
        return AllOf(children=(quoted(base, self.cursor.said(first, last)), denied)), last

    def _among_those_who_could(self, record: RecordSet, absent: AnyNode, first: int, last: int) -> AnyNode:
        """没刷过信用卡: of those who have a card at all; being a customer is no such base."""
        if record.exposure is None:
            return absent
        base = could_throughout(record.exposure, None)
        if base is None or all(
            isinstance(node, TagCondition) and node.tag == "open_date" for _, node in walk(base) if isinstance(node, TagCondition)
        ):
            return absent
        said = self.cursor.said(first, last)
        params = exposure_params(record.code, None)
        self.cursor.assume("exposure_base", said[0], **params)
        if self.cursor.choose("exposure", said[0], "exposure_base", params, (None, None), ask=False):
            return absent
        return AllOf(children=(quoted(base, said), absent))

    def _record_for_days(self, at: int) -> Parsed | None:
        """ "(not) logged in for 90 days", "(没)登录90天": a bare length of time behind a denied action is its window."""
        after = self.cursor.skip(at + 1, "ignored")
        token = self.cursor.token(after)
        if token is None or token.comparison is None:
            return None
        window = length_window(token.comparison)
        if window is None:
            return None
        limit, self.cursor.limit = self.cursor.limit, at + 1
        found = self.records.record_at(at, window)
        self.cursor.limit = limit
        return None if found is None else (quoted(found[0], self.cursor.said(at, after + 1)), after + 1)


def exposure_params(record: str, window: TimeWindow | None) -> dict[str, str]:
    """What tells whom a denial is counted among: the record set, and the window that they could have acted in."""
    return {"record": record, **({} if window is None else {"throughout": window.model_dump_json()})}


def _plain_name(node: AnyNode) -> bool:
    """Whether a condition is a name alone: a value, a yes-no tag, a concept."""
    return isinstance(node, ConceptRef) or (isinstance(node, TagCondition) and (node.operator == "in" or node.value is True))
