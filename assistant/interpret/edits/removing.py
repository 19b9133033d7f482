"""去掉, 不要, drop: the condition that words name, by its subject, its place or in full. Law: words no condition is about describe people, who are left out."""

from __future__ import annotations

from assistant.catalog.model import Text
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import (
    AROUND,
    NAMING,
    Place,
    another_value,
    conditions,
    deeper,
    fits_none,
    latest,
    named,
    pick,
    placed,
    spoken_of,
    subjects,
    unread,
)
from assistant.interpret.grouping import PEOPLE
from assistant.interpret.nodes import any_of
from assistant.interpret.parser import Parser
from assistant.rule.canonical import canonical
from assistant.rule.edits import AddCondition, RemoveCondition, ReplaceCondition, apply
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, SegmentRule, TagCondition


class Removals:
    """Removes conditions of one rule by the words of one cursor."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def removed(self, first: int, last: int) -> SegmentRule | None:
        """去掉 X: the condition about X goes. When no condition is about it, 不要 X means those are left out."""
        cursor = self.cursor
        last = next(
            (
                index
                for index in range(first, last)
                if cursor.tokens[index].phrase("connective.comma") and cursor.tokens[index].text != "、"
            ),
            last,
        )
        if first >= last:
            fits_none(cursor, max(0, first - 1), max(1, first))
            return None
        said = self._said_condition(first, last)
        places = None if said is not None else placed(cursor, self.rule, first, last)
        if said is not None:
            found: tuple[Place, ...] = (said,)
        elif places is not None:
            names = named(cursor, first, last)
            found = tuple((path, node) for path, node in places if not names or subjects(node) & names)
            places = None if names and not found else places
        else:
            found = self._named_conditions(first, last)
            fewer = self._fewer_values(found, first, last)
            if fewer is not None:
                return fewer
        if found or places is not None:
            listed = places is None and said is None and self._lists(first, last, len(found))
            picked = found if listed else pick(cursor, found, first, last)
            for index in range(first, last):
                token = cursor.tokens[index]
                if token.content or token.comparison or token.window or token.phrase(*AROUND):
                    cursor.mark(index, index + 1, "edit" if token.content else "ignored")
            rule = self.rule
            for path, _ in sorted(picked, reverse=True, key=lambda place: place[0]):
                rule = apply(rule, RemoveCondition(path=path))
            return rule if picked else None
        if deeper(self.rule, named(cursor, first, last)):
            fits_none(cursor, first, last)
            return None
        node = Parser(cursor).conditions(first, last)
        if node is None:
            fits_none(cursor, first, last)
            return None
        quote = cursor.quote(max(0, first - 1), last)
        cursor.assume("remove_as_except", quote, words=cursor.words(cursor.quote(first, last)))
        return apply(self.rule, AddCondition(node=self.left_out(node, first, last), how="except"))

    def taken_back(self, first: int, last: int) -> SegmentRule | None:
        """加回来, bring the women back: the condition that leaves them out goes; of several the one that the words name, else the last one said."""
        cursor = self.cursor
        names = named(cursor, first, last)
        denied = tuple(place for place in conditions(self.rule) if _leaves_out(place[1]))
        found = tuple(place for place in denied if subjects(place[1]) == names and not another_value(cursor, place[1], first, last))
        for index in unread(cursor, first, last):
            if cursor.tokens[index].content or cursor.tokens[index].phrase(*AROUND, "edit.back", "edit.add", "people", "those"):
                cursor.mark(index, index + 1, "edit" if cursor.tokens[index].content else "ignored")
        picked = pick(cursor, found if names else latest(denied), first, last)
        return apply(self.rule, RemoveCondition(path=picked[0][0])) if len(picked) == 1 else None

    def left_out(self, node: AnyNode, first: int, last: int) -> AnyNode:
        """去掉60岁以上的和没存款的, leave out those … and those …: who is in either group, or only who is in both; asked, unless their nouns already were."""
        cursor = self.cursor
        joined = any(token.phrase("connective.and", "connective.also") or token.text == "、" for token in cursor.tokens[first:last])
        if not isinstance(node, AllOf) or not joined or any(doubt.key.startswith(f"{PEOPLE}:") for doubt in cursor.doubts):
            return node
        quote = cursor.quote(first, last)
        labels = (
            Text(zh="符合其中任何一条的都排除", en="leave out those who meet any of them"),
            Text(zh="同时符合的才排除", en="leave out only those who meet all of them"),
        )
        chosen = cursor.choose("left_out", quote, "ambiguous_scope", {"words": cursor.words(quote)}, labels)
        return any_of(list(node.children)) if chosen == 0 else node

    def _fewer_values(self, found: tuple[Place, ...], first: int, last: int) -> SegmentRule | None:
        """去掉深圳 where the rule says 北京 or 深圳: that value alone goes. None when the words name no part of one list."""
        if len(found) != 1:
            return None
        path, node = found[0]
        if not isinstance(node, TagCondition) or not isinstance(node.value, tuple) or node.operator != "in":
            return None
        gone = {
            meaning.value for index in range(first, last) for meaning in self.cursor.tokens[index].of("value") if meaning.code == node.tag
        }
        kept = tuple(one for one in node.value if one not in gone)
        if not kept or len(kept) == len(node.value):
            return None
        for index in unread(self.cursor, first, last):
            self.cursor.mark(index, index + 1, "edit" if self.cursor.tokens[index].content else "ignored")
        said = (*node.said, *self.cursor.said(first, last))
        return apply(self.rule, ReplaceCondition(path=path, node=node.model_copy(update={"value": kept, "said": said})))

    def _named_conditions(self, first: int, last: int) -> tuple[Place, ...]:
        """The conditions that are about what the words name. None when they deny, or name something that no condition is about: then they describe people."""
        cursor = self.cursor
        if any(cursor.tokens[index].phrase("negation.not", "lack", "negation.never") for index in range(first, last)):
            return ()
        naming = [index for index in range(first, last) if any(meaning.kind in NAMING for meaning in cursor.tokens[index].meanings)]
        found = tuple(
            (path, node)
            for path, node in conditions(self.rule)
            if subjects(node) & named(cursor, first, last) and not another_value(cursor, node, first, last)
        )
        found = tuple(place for one in found for place in self._parts(one, named(cursor, first, last)))
        if not found and any(cursor.tokens[index].phrase("edit.condition") for index in range(first, last)):
            return self._by_a_word(first, last)
        known = frozenset().union(*(subjects(node) for _, node in found))
        return found if all(named(cursor, index, index + 1) & known for index in naming) else ()

    def _by_a_word(self, first: int, last: int) -> tuple[Place, ...]:
        """the card condition of who holds a credit card: the one condition that a word of its name points at."""
        said = [index for index in range(first, last) if self.cursor.tokens[index].content or not self.cursor.tokens[index].read]
        codes = [spoken_of(self.cursor, self.rule, index) for index in said]
        found = tuple((path, node) for path, node in conditions(self.rule) if codes and all(subjects(node) & one for one in codes))
        return found if len(found) == 1 else ()

    def _parts(self, place: Place, codes: frozenset[str]) -> tuple[Place, ...]:
        """Of 基金或理财 only the part that the words name, and of 女性或(白金且有房贷) only the mortgage."""
        path, node = place
        if not isinstance(node, AnyOf) and not (path and isinstance(node, AllOf) and len({child.said for child in node.children}) > 1):
            return (place,)
        named_parts = tuple(((*path, number), child) for number, child in enumerate(node.children) if subjects(child) & codes)
        if len(named_parts) == len(node.children):
            return (place,)
        return tuple(part for named_part in named_parts for part in self._parts(named_part, codes))

    def _lists(self, first: int, last: int, found: int) -> bool:
        """去掉按揭和信用卡: as many names joined by 和 or 、 as there are conditions found."""
        tokens = self.cursor.tokens[first:last]
        joined = sum(1 for token in tokens if token.phrase("connective.and", "connective.comma"))
        return found > 1 and joined == found - 1

    def _said_condition(self, first: int, last: int) -> Place | None:
        """The condition of the rule that the words say in full, if they do."""
        point = self.cursor.checkpoint()
        node = Parser(self.cursor).conditions(first, last)
        self.cursor.restore(point)
        same = [] if node is None else [place for place in conditions(self.rule) if canonical(place[1]) == canonical(node)]
        return same[0] if len(same) == 1 else None


def _leaves_out(node: AnyNode) -> bool:
    """Whether a condition denies, so that without it some come back who were left out."""
    return isinstance(node, Not) or (isinstance(node, TagCondition) and node.operator in ("<>", "not_in"))
