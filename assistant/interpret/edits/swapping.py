"""One condition, value or tag in another's place: 换成北京, 活期换成定期, not Shanghai but Beijing. Law: what gives way is the one condition that can be meant."""

from __future__ import annotations

from decimal import Decimal

from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import (
    AROUND,
    Place,
    about_the_same,
    another_value,
    conditions,
    named,
    pick,
    placed,
    said_too,
    subjects,
    unread,
)
from assistant.interpret.edits.setting import holds_number
from assistant.interpret.parser import Parser
from assistant.rule.edits import ReplaceCondition, apply
from assistant.rule.tree import AllOf, AnyNode, ConceptRef, Range, RecordCondition, SegmentRule, TagCondition

_LEVELS = ("edit.raise", "edit.lower")
_DENYING = ("negation.not", "negation.is_not")
_BARE = ("not", "不")
_SWAPPING = ("edit.set", "edit.instead", "edit.instead_of", *_LEVELS)


class Swaps:
    """Exchanges conditions of one rule by the words of one cursor."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def exchanged(self, first: int, last: int, opened: bool) -> SegmentRule | None:
        """换成北京, 上海换成北京, 不要上海要北京, 那北京呢, not Shanghai but Beijing, Beijing instead of Shanghai: another condition on what the rule has."""
        cursor = self.cursor
        old: tuple[int, int] | None = None
        new = (first, last)
        replacing = self._replacing(first, last)
        if replacing is not None:
            return self._in_place((first + 1, replacing), (replacing + 1, last), None)
        contrasted = self._contrasted(first, last, opened)
        if contrasted is not None:
            return self._in_place(*contrasted, None)
        if cursor.tokens[first].phrase("edit.use") and any(cursor.tokens[index].phrase("edit.instead_of") for index in range(first, last)):
            cursor.mark(first, first + 1, "edit")
            first += 1
            new = (first, last)
        split = next((index for index in unread(self.cursor, first, last) if cursor.tokens[index].phrase(*_SWAPPING)), None)
        how: str | None = None
        if split is not None:
            token = cursor.tokens[split]
            how = token.phrase("edit.raise", "edit.lower")
            ahead, behind = (first, split), (split + 1, last)
            if token.phrase("edit.instead_of"):
                old, new = behind, ahead
            elif self._says(*behind):
                old, new = ahead, behind
            elif token.phrase("edit.instead") and self._says(*ahead):
                new = ahead
            else:
                return None
            denied = cursor.tokens[first].phrase("edit.remove", "negation.not", "negation.is_not")
            if (
                token.phrase("edit.instead")
                and not token.phrase("edit.set", "edit.instead_of", *_LEVELS)
                and old is not None
                and not denied
            ):
                return None
            cursor.mark(split, split + 1, "edit")
        elif not opened:
            return None
        return self._in_place(old, new, how)

    def _replacing(self, first: int, last: int) -> int | None:
        """replace the credit card with a consumer loan: where what takes the place begins; the words of replacing are marked."""
        cursor = self.cursor
        if not cursor.tokens[first].phrase("edit.replace"):
            return None
        at = next((index for index in range(first + 1, last) if cursor.tokens[index].phrase("edit.replacement")), None)
        if at is None or not self._says(first + 1, at) or not self._says(at + 1, last):
            return None
        cursor.mark(first, first + 1, "edit")
        cursor.mark(at, at + 1, "edit")
        return at

    def _contrasted(self, first: int, last: int, opened: bool) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """不是按揭，是消费贷; not a mortgage, a consumer loan; I meant B, not A: what the rule has is denied on one side of a comma, and what is meant stands on the other. Both."""
        cursor = self.cursor
        comma = next((at for at in range(first + 1, last - 1) if cursor.tokens[at].text == ","), None)
        if comma is None:
            return None
        ahead, behind = (first, comma), (cursor.skip(comma + 1, "ignored", *_SWAPPING, "rather"), last)
        gone, new = (ahead, behind) if cursor.tokens[first].phrase(*_DENYING) else (behind, ahead)
        denial = cursor.tokens[gone[0]]
        denies = not denial.content and (denial.phrase("negation.is_not") is not None or denial.text.split()[0] in _BARE)
        if not denies or (gone == behind and not opened) or cursor.tokens[new[0]].phrase(*_DENYING) or not self._says(*new):
            return None
        old = (gone[0] + 1, gone[1])
        names = named(cursor, *old)
        meant = [node for _, node in conditions(self.rule) if subjects(node) & names]
        if len(meant) != 1 or not self._sorts(*old) & self._sorts(*new):
            return None
        cursor.mark(gone[0], gone[0] + 1, "edit")
        cursor.mark(comma, max(behind[0], comma + 1), "connective")
        return old, new

    def _sorts(self, first: int, last: int) -> set[str]:
        """What sort of things some words name: products, concepts, values of a tag. Only one of its own sort can be meant in another's place: not a mortgage, women says two things."""
        sorts: set[str] = set()
        for token in self.cursor.tokens[first:last]:
            flags = any(self.cursor.catalog.tags[meaning.code].type == "flag" for meaning in token.of("tag"))
            sorts |= {meaning.code for meaning in token.of("value")}
            sorts |= {"hold"} if flags or token.of("hold") else set()
            sorts |= {"concept"} if token.of("concept") or token.of("concept_not") else set()
        return sorts

    def _says(self, first: int, last: int) -> bool:
        return any(self.cursor.tokens[index].content or holds_number(self.cursor, index) for index in range(first, last))

    def _in_place(self, old: tuple[int, int] | None, new: tuple[int, int], how: str | None) -> SegmentRule | None:
        cursor = self.cursor
        pointed = placed(cursor, self.rule, *old) if old is not None else None
        cursor.preferred = frozenset(code for _, node in conditions(self.rule) if isinstance(node, TagCondition) for code in subjects(node))
        swapped = self._other_tag(old, new)
        gone = None if old is None or pointed is not None else self._named_alone(*old)
        parser = Parser(cursor)
        parser.tags.owned = gone is not None  # 信用卡换成消费贷: people who have it
        node = None if swapped is not None else parser.conditions(*new)
        cursor.preferred = frozenset()
        if swapped is not None:
            return swapped
        if node is None:
            return None
        rule = self.rule
        if pointed is not None:
            chosen = pick(cursor, pointed, *old) if old is not None else ()
            for path, was in chosen[:1]:
                rule = apply(rule, ReplaceCondition(path=path, node=said_too(node, was)))
            return rule if chosen else None
        if gone is not None and old is not None and not isinstance(node, AllOf) and not about_the_same(gone[1], node):
            for index in unread(cursor, *old):
                cursor.mark(index, index + 1, "edit" if cursor.tokens[index].content else "ignored")
            return apply(rule, ReplaceCondition(path=gone[0], node=said_too(node, gone[1])))
        for one in node.children if isinstance(node, AllOf) else (node,):
            same = [place for place in conditions(rule) if about_the_same(place[1], one) or self._same_deed(place[1], one, new)]
            if len(same) != 1:
                return None
            path, was = same[0]
            kept = self._leveled(was, self._kept_values(was, one, old), how)
            if kept is None:
                return None
            rule = apply(rule, ReplaceCondition(path=path, node=said_too(kept, was)))
        if old is not None:
            for index in unread(self.cursor, *old):
                token = cursor.tokens[index]
                if named(cursor, index, index + 1) & subjects(node) or token.phrase("edit.remove", "negation.not", "negation.is_not"):
                    cursor.mark(index, index + 1, "edit")
                elif token.phrase(*AROUND) and not token.content:
                    cursor.mark(index, index + 1, "ignored")
        return rule

    def _same_deed(self, was: AnyNode, new: AnyNode, words: tuple[int, int]) -> bool:
        """昨天登录的 ... 今天登录的呢: whether a behaviour is the same one, at the time that the words say."""
        return (
            isinstance(was, RecordCondition)
            and isinstance(new, RecordCondition)
            and (was.records, was.filters, was.aggregate, was.of) == (new.records, new.filters, new.aggregate, new.of)
            and any(self.cursor.tokens[index].window is not None for index in range(*words))
        )

    def _named_alone(self, first: int, last: int) -> Place | None:
        """代发客户 of 代发客户换成按揭客户: the one condition that the words name, when they say nothing else."""
        cursor = self.cursor
        names = named(cursor, first, last)
        found = [place for place in conditions(self.rule) if subjects(place[1]) & names]
        if len(found) != 1 or another_value(cursor, found[0][1], first, last):
            return None
        if not _stated(found[0][1]):
            return None  # 没有信用卡, 信用卡换成消费贷: whether it is to be had or lacked is not said
        about = subjects(found[0][1])
        for index in unread(cursor, first, last):
            token = cursor.tokens[index]
            if not named(cursor, index, index + 1) & about and (token.content or not token.phrase(*AROUND)):
                return None
        return found[0]

    def _kept_values(self, was: AnyNode, new: AnyNode, old: tuple[int, int] | None) -> AnyNode:
        """上海换成北京 where the rule says 上海 or 杭州: only the one named gives way."""
        if old is None or not isinstance(was, TagCondition) or not isinstance(new, TagCondition):
            return new
        if not isinstance(was.value, tuple) or not isinstance(new.value, tuple) or was.operator != "in" or new.operator != "in":
            return new
        gone = {meaning.value for index in range(*old) for meaning in self.cursor.tokens[index].of("value") if meaning.code == was.tag}
        if not gone & set(was.value):
            return new
        return new.model_copy(update={"value": tuple(dict.fromkeys((*(one for one in was.value if one not in gone), *new.value)))})

    def _leveled(self, was: AnyNode, new: AnyNode, how: str | None) -> AnyNode | None:
        """提到白金, lower it to gold: another level of an ordered tag, in the direction said (None against it). 金卡及以上 raised to 白金 is 白金及以上; only set to
        it, that or 白金 alone is asked."""
        if not isinstance(was, TagCondition) or not isinstance(new, TagCondition):
            return None if how is not None else new
        if not isinstance(was.value, tuple) or not isinstance(new.value, tuple):
            return None if how is not None else new
        levels = [one.code for one in self.cursor.catalog.values(self.cursor.catalog.tags[was.tag])]
        step = max(map(levels.index, new.value)) - max(map(levels.index, was.value))
        if (how == "edit.raise" and step <= 0) or (how == "edit.lower" and step >= 0):
            return None
        if new.operator != "in" or was.operator not in (">", ">=", "<", "<=") or len(new.value) != 1:
            return new
        beyond = new.model_copy(update={"operator": was.operator})
        if how is not None:
            return beyond
        quote = new.said[0]
        return (beyond, new)[self.cursor.choose("level", quote, "ambiguous_level", {"words": self.cursor.words(quote)}, (None, None))]

    def _other_tag(self, old: tuple[int, int] | None, new: tuple[int, int]) -> SegmentRule | None:
        """活期换成定期: the same number said of another tag. None unless just one condition can be meant."""
        cursor = self.cursor
        said = [index for index in range(*new) if not cursor.tokens[index].phrase("ignored", "connective.comma")]
        if old is None or len(said) != 1 or any(holds_number(cursor, index) for index in said):
            return None
        codes = {meaning.code for kind in ("tag", "hold") for meaning in cursor.tokens[said[0]].of(kind)}
        tags = [tag for code in sorted(codes) if (tag := cursor.catalog.tags[code]).numeric]
        gone = named(cursor, *old)
        found = [
            (path, node)
            for path, node in conditions(self.rule)
            if isinstance(node, TagCondition) and isinstance(node.value, Decimal | Range) and node.tag in gone
        ]
        fitting = [tag for tag in tags if found and tag.unit == cursor.catalog.tags[found[0][1].tag].unit]
        if len(found) != 1 or len(fitting) != 1:
            return None
        path, node = found[0]
        cursor.mark(said[0], said[0] + 1, "edit")
        for index in unread(self.cursor, *old):
            cursor.mark(index, index + 1, "edit" if cursor.tokens[index].content else "ignored")
        other = node.model_copy(update={"tag": fitting[0].code, "said": (*node.said, *cursor.said(said[0], said[0] + 1))})
        return apply(self.rule, ReplaceCondition(path=path, node=other))


def _stated(node: AnyNode) -> bool:
    """Whether a condition says that something is had, done or so, and no more of it."""
    match node:
        case TagCondition(operator="in"):
            return True
        case TagCondition(operator="=", value=value):
            return value is True
        case TagCondition(operator=">", value=Decimal() as value):
            return value == 0
        case ConceptRef(negated=negated):
            return not negated
        case _:
            return False
