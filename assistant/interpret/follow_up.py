"""A turn that changes the rule of the conversation -> the new rule, by typed edits. Law: an edit that fits two conditions is a doubt, one that fits none an issue;
words that no edit understands stay unread.

A turn may hold several edits, each beginning with its own word (去掉按揭，只看苏州分行); they are made in the order said. How numbers and windows are set is
in `setting`, which condition is meant in `pointing`, one step tighter or looser in `stepping`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.errors import UserError
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Ladder
from assistant.interpret.parser import Parser
from assistant.interpret.pointing import (
    NAMING,
    Place,
    another_value,
    conditions,
    deeper,
    fits_none,
    is_place,
    named,
    pick,
    placed,
    subjects,
)
from assistant.interpret.setting import SETTING, Settings, holds_number
from assistant.interpret.stepping import STEPPING, ladders
from assistant.rule.canonical import canonical
from assistant.rule.edits import AddCondition, RemoveCondition, ReplaceCondition, apply
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Quote, Range, RankCondition, SegmentRule, TagCondition

LEADING = ("edit.only", "edit.remove", "edit.except", "edit.or_also", "edit.add", "edit.among")
_BEHIND = ("edit.only", "edit.or_also", "edit.except", "edit.remove")
_LEAD = (
    "ignored", "is", "connective.comma", "connective.and", "connective.also", "connective.but", "connective.or", "connective.then",
    "edit.pronoun", "edit.correct", "edit.never_mind", "edit.what_about",
)  # fmt: skip
_AROUND = ("edit.condition", "edit.pronoun", "ignored", "have", "negation.not", "lack", "is", "connective.comma", "connective.and")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The rule after the turn (None: it could not be made; an issue says why). `ladders`: the turn goes one step tighter or looser, and which condition
    by how much is found on the real distribution."""

    rule: SegmentRule | None
    ladders: tuple[Ladder, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lead:
    """What the small words in front of an edit say: `corrects` 不对, actually; `asks` 那…呢, what about; `joins` 并且, and; `either` 或者, or."""

    corrects: bool = False
    asks: bool = False
    joins: bool = False
    either: bool = False


def read_follow_up(cursor: Cursor, rule: SegmentRule) -> FollowUp | None:
    """The edited rule when the turn begins with, or holds, the words of an edit; None when it does not."""
    point = cursor.checkpoint()
    now: SegmentRule = rule
    for number, (first, last) in enumerate(_edits(cursor)):
        limit, cursor.limit = cursor.limit, last
        found = _Edit(cursor, now).read(first, last)
        cursor.limit = limit
        if found is None and number == 0:
            cursor.restore(point)
            return None
        if found is None or found.rule is None or found.ladders:
            return found if found is not None else FollowUp(None)
        now = found.rule
    return FollowUp(now)


def _edits(cursor: Cursor) -> list[tuple[int, int]]:
    """The stretches of the turn that hold one edit each: a comma or "and" followed by the word of another edit begins the next one."""
    tokens = cursor.tokens
    starts = [0]
    for index in range(1, len(tokens)):
        listed = tokens[index].phrase("connective.comma", "connective.and") and tokens[index].text != "、"
        if not listed and not tokens[index].phrase("edit.add"):
            continue
        after = cursor.skip(index + 1, "ignored", "connective.and") if listed else index
        if after >= len(tokens) or not any(tokens[place].phrase(*LEADING, *SETTING, *_BEHIND) for place in range(starts[-1], index)):
            continue
        opens = tokens[after].phrase("edit.only", "edit.remove", "edit.add", *SETTING) and not tokens[after].content
        if opens and not any(cursor.kinds[place] == "request" for place in (index, after)):
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(tokens)], strict=True))


class _Edit:
    """One edit of one rule."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def read(self, first: int, last: int) -> FollowUp | None:
        start, lead = self._lead(first, last)
        if start >= last:
            return None
        for pattern in (self._step, self._set, self._window_alone, self._exchanged, self._marked):
            point = self.cursor.checkpoint()
            found = pattern(start, last, lead)
            if found is not None:
                self._account(first, start)
                return found
            self.cursor.restore(point)
        return None

    def _lead(self, first: int, last: int) -> tuple[int, _Lead]:
        tokens, index = self.cursor.tokens, first
        while index < last and (tokens[index].phrase(*_LEAD) or self.cursor.kinds[index] == "request"):
            if tokens[index].phrase(*LEADING, *SETTING, *STEPPING) or tokens[index].content or is_place(self.cursor, index):
                break
            index += 1
        said = {kind for token in tokens[first:index] for kind in token.phrases("")}
        trailing = any(token.phrase("edit.what_about_after") for token in tokens[index:last])
        return index, _Lead(
            corrects=bool(said & {"edit.correct", "edit.never_mind"}),
            asks="edit.what_about" in said or trailing,
            joins=bool(said & {"connective.and", "connective.also"}),
            either="connective.or" in said,
        )

    def _account(self, first: int, last: int) -> None:
        for index in range(first, last):
            if self.cursor.kinds[index] == "unread":
                self.cursor.mark(index, index + 1, "ignored")

    def _unread(self, first: int, last: int) -> list[int]:
        return [index for index in range(first, last) if self.cursor.kinds[index] == "unread"]

    # --- one step tighter or looser ---

    def _step(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        del lead
        cursor = self.cursor
        at = next((index for index in range(first, last) if cursor.tokens[index].phrase(*STEPPING)), None)
        if at is None:
            return None
        cursor.mark(at, at + 1, "edit")
        places = self._meant(first, last, at)
        found = ladders(cursor, self.rule, places, cursor.tokens[at].phrase(*STEPPING) == "edit.tighten", at)
        if not found:
            fits_none(cursor, first, last)
            return FollowUp(None)
        return FollowUp(self.rule, found)

    def _meant(self, first: int, last: int, at: int) -> tuple[Place, ...]:
        """The conditions that the words beside the edit's own point at, by place or by name; all when they point at none."""
        cursor = self.cursor
        places = placed(cursor, self.rule, first, last)
        found = conditions(self.rule) if places is None else places
        codes: set[str] = set()
        for index in self._unread(first, last):
            token = cursor.tokens[index]
            here = named(cursor, index, index + 1)
            if token.phrase(*_AROUND) and not token.content:
                cursor.mark(index, index + 1, "ignored")
            elif index != at and any(subjects(node) & here for _, node in found):
                codes |= here
                cursor.mark(index, index + 1, "edit")
        return tuple((path, node) for path, node in found if not codes or subjects(node) & codes)

    # --- numbers and windows ---

    def _set(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """提到10万, 第二个条件改成20万, 不对，是100万, 那100万以上的呢."""
        cursor = self.cursor
        setting = next((index for index in self._unread(first, last) if cursor.tokens[index].phrase(*SETTING)), None)
        if setting is not None and any(holds_number(cursor, index) for index in range(setting + 1, last)):
            if any(cursor.tokens[index].of("value") for index in range(setting + 1, last)):
                return None
            return FollowUp(Settings(cursor, self.rule).value(setting, first, last))
        if setting is None and not lead.joins and not cursor.tokens[first].phrase(*LEADING):
            must = next((index for index in self._unread(first, last) if cursor.tokens[index].phrase("must")), None)
            if must is not None and must > first and any(holds_number(cursor, index) for index in range(must + 1, last)):
                rule = Settings(cursor, self.rule).value(must, first, last)
                if rule is not None and not [index for index in self._unread(first, last) if cursor.tokens[index].content]:
                    return FollowUp(rule)
                return None
        if not (lead.corrects or lead.asks):
            return None
        numbers = [index for index in self._unread(first, last) if holds_number(cursor, index)]
        pointing = all(
            index in numbers or cursor.tokens[index].phrase(*_AROUND, "must") or is_place(cursor, index)
            for index in self._unread(first, last)
        )
        if len(numbers) != 1 or not pointing:
            return None
        changed = Settings(cursor, self.rule).value(numbers[0], first, last, worded=False)
        return None if changed is None else FollowUp(changed)

    def _window_alone(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """近60天, 近60天呢: a turn that is only a time phrase sets the window of the condition that has one."""
        del lead
        cursor = self.cursor
        rest = [index for index in self._unread(first, last) if not cursor.tokens[index].phrase("ignored", "connective.comma")]
        span = cursor.tokens[rest[0]].window if len(rest) == 1 else None
        if span is None or span.window is None or span.kind != "window":
            return None
        self._account(first, last)
        cursor.mark(rest[0], rest[0] + 1, "edit")
        return FollowUp(Settings(cursor, self.rule).value(rest[0], rest[0], rest[0] + 1, worded=False))

    # --- one value in another's place ---

    def _exchanged(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """换成北京, 上海换成北京, 不要上海要北京, 那北京呢, not Shanghai but Beijing, Beijing instead of Shanghai: another condition on what the rule has."""
        cursor = self.cursor
        split = next((index for index in self._unread(first, last) if cursor.tokens[index].phrase("edit.set", "edit.instead")), None)
        old: tuple[int, int] | None = None
        new = (first, last)
        if split is not None:
            token = cursor.tokens[split]
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
            if token.phrase("edit.instead") and not token.phrase("edit.set", "edit.instead_of") and old is not None and not denied:
                return None
            cursor.mark(split, split + 1, "edit")
        elif not (lead.asks or lead.corrects):
            return None
        return self._in_place(old, new)

    def _says(self, first: int, last: int) -> bool:
        return any(self.cursor.tokens[index].content or holds_number(self.cursor, index) for index in range(first, last))

    def _in_place(self, old: tuple[int, int] | None, new: tuple[int, int]) -> FollowUp | None:
        cursor = self.cursor
        pointed = placed(cursor, self.rule, *old) if old is not None else None
        cursor.preferred = frozenset(code for _, node in conditions(self.rule) if isinstance(node, TagCondition) for code in subjects(node))
        swapped = self._other_tag(old, new)
        node = None if swapped is not None else Parser(cursor).conditions(*new)
        cursor.preferred = frozenset()
        if swapped is not None:
            return FollowUp(swapped)
        if node is None:
            return None
        rule = self.rule
        if pointed is not None:
            chosen = pick(cursor, pointed, *old) if old is not None else ()
            for path, was in chosen[:1]:
                rule = apply(rule, ReplaceCondition(path=path, node=_said_too(node, was)))
            return FollowUp(rule if chosen else None)
        for one in node.children if isinstance(node, AllOf) else (node,):
            same = [place for place in conditions(rule) if _about_the_same(place[1], one)]
            if len(same) != 1:
                return None
            path, was = same[0]
            kept = self._kept_values(was, one, old)
            rule = apply(rule, ReplaceCondition(path=path, node=_said_too(kept, was)))
        if old is not None:
            for index in self._unread(*old):
                token = cursor.tokens[index]
                if named(cursor, index, index + 1) & subjects(node) or token.phrase("edit.remove", "negation.not", "negation.is_not"):
                    cursor.mark(index, index + 1, "edit")
                elif token.phrase(*_AROUND) and not token.content:
                    cursor.mark(index, index + 1, "ignored")
        return FollowUp(rule)

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
        for index in self._unread(*old):
            cursor.mark(index, index + 1, "edit" if cursor.tokens[index].content else "ignored")
        other = node.model_copy(update={"tag": fitting[0].code, "said": (*node.said, *cursor.said(said[0], said[0] + 1))})
        return apply(self.rule, ReplaceCondition(path=path, node=other))

    # --- add, widen, remove, only, except ---

    def _marked(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        cursor, tokens = self.cursor, self.cursor.tokens
        kind = tokens[first].phrase(*LEADING)
        begin = first + 1
        inside = kind == "edit.among"
        if kind is None:
            behind = self._edit_behind(first, last)
            if behind is not None:
                kind, last = behind
                begin = first
                inside = kind == "edit.among"
            elif lead.either:
                kind, begin = "edit.or_also", first
            elif lead.joins:
                kind, begin = "edit.add", first
            else:
                return None
        else:
            cursor.mark(first, first + 1, "edit")
            within = next(
                (index for index in self._unread(begin, last) if tokens[index].phrase("edit.among") and not tokens[index].content), None
            )
            if within is not None:
                inside = True
                cursor.mark(within, within + 1, "edit")
        while begin < last and tokens[begin].phrase("must") and not tokens[begin].content:
            cursor.mark(begin, begin + 1, "ignored")
            begin += 1
        if kind == "edit.remove":
            return FollowUp(self._removed(begin, last))
        if kind == "edit.only":
            places = placed(cursor, self.rule, begin, last)
            if places is not None:
                return FollowUp(self._kept_alone(places, begin, last))
            cursor.preferred = frozenset(
                code for _, node in conditions(self.rule) if isinstance(node, TagCondition) for code in subjects(node)
            )
        if kind == "edit.except" and tokens[first].phrase("negation.except_open"):
            left_out = Parser(cursor).conditions(first, last)
            return FollowUp(None if left_out is None else apply(self.rule, AddCondition(node=left_out, how="and")))
        node = Parser(cursor).conditions(begin, last)
        cursor.preferred = frozenset()
        if node is None:
            if inside and all(cursor.kinds[index] == "request" or tokens[index].phrase("ignored", "is") for index in range(begin, last)):
                return None
            fits_none(cursor, first, last)
            return FollowUp(None)
        if kind == "edit.only":
            return FollowUp(self._only(node))
        if kind == "edit.except":
            return FollowUp(apply(self.rule, AddCondition(node=node, how="except")))
        if kind == "edit.or_also":
            return FollowUp(self._widened(node, first, last))
        return FollowUp(self._added(node, inside, first, last))

    def _edit_behind(self, first: int, last: int) -> tuple[str, int] | None:
        """定期10万以上的也算, women only, 活期那个条件去掉, the women among them: an edit said at the end of the turn."""
        tokens = self.cursor.tokens
        place = last - 1
        while (
            place > first
            and (tokens[place].phrase("ignored") or self.cursor.kinds[place] == "request")
            and not tokens[place].phrase(*_BEHIND)
        ):
            place -= 1
        kind = tokens[place].phrase(*_BEHIND)
        if kind is not None and place > first and not tokens[place].content:
            self.cursor.mark(place, place + 1, "edit")
            return kind, place
        among = next((index for index in range(first + 1, last) if tokens[index].phrase("edit.among") and not tokens[index].content), None)
        if among is None:
            return None
        self.cursor.mark(among, among + 1, "edit")
        return "edit.among", last

    def _added(self, node: AnyNode, inside: bool, first: int, last: int) -> SegmentRule:
        """Also these. A rank is taken inside what the rule has when the words say so (其中, of them); else that is asked."""
        cursor, rule = self.cursor, self.rule
        before = rule.node
        for one in node.children if isinstance(node, AllOf) else (node,):
            if isinstance(one, RankCondition) and before != AllOf():
                within = before if one.within == AllOf() else AllOf(children=(before, one.within))
                quote = cursor.quote(first, last)
                params = {"words": cursor.words(quote)}
                if inside or cursor.choose("rank", quote, "ambiguous_rank", params, (None, None)) == 0:
                    rule = rule.model_copy(update={"node": one.model_copy(update={"within": within})})
                    continue
            if not any(canonical(one) == canonical(old) for _, old in conditions(rule)) or not isinstance(rule.node, AllOf):
                rule = apply(rule, AddCondition(node=one, how="and"))
        return rule

    def _widened(self, node: AnyNode, first: int, last: int) -> SegmentRule:
        """…也算: those too. When the rule has other conditions besides the one on the same tag, whether they hold for the newcomers is asked."""
        cursor = self.cursor
        whole = apply(self.rule, AddCondition(node=node, how="or"))
        same = [(path, old) for path, old in conditions(self.rule) if _about_the_same(old, node)]
        if len(same) != 1 or len(conditions(self.rule)) < 2 or not isinstance(self.rule.node, AllOf):
            return whole
        path, old = same[0]
        if not isinstance(old, TagCondition) or not isinstance(node, TagCondition) or old.operator != "in" or node.operator != "in":
            return whole
        assert isinstance(old.value, tuple), "in takes a list"
        assert isinstance(node.value, tuple), "in takes a list"
        quote = cursor.quote(first, last)
        chosen = cursor.choose("widen", quote, "ambiguous_widening", {"words": cursor.words(quote)}, (None, None))
        if chosen == 0:
            return whole
        both = node.model_copy(update={"value": tuple(dict.fromkeys((*old.value, *node.value))), "said": (*old.said, *node.said)})
        return apply(self.rule, ReplaceCondition(path=path, node=both))

    def _removed(self, first: int, last: int) -> SegmentRule | None:
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
                if token.content or token.comparison or token.window or token.phrase(*_AROUND):
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
        return apply(self.rule, AddCondition(node=node, how="except"))

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
        for index in self._unread(first, last):
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
        known = frozenset().union(*(subjects(node) for _, node in found))
        return found if all(named(cursor, index, index + 1) & known for index in naming) else ()

    def _parts(self, place: Place, codes: frozenset[str]) -> tuple[Place, ...]:
        """Of 基金或理财 only the part that the words name."""
        path, node = place
        if not isinstance(node, AnyOf):
            return (place,)
        named_parts = tuple(((*path, number), child) for number, child in enumerate(node.children) if subjects(child) & codes)
        return (place,) if len(named_parts) == len(node.children) else named_parts

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

    def _kept_alone(self, places: tuple[Place, ...], first: int, last: int) -> SegmentRule | None:
        """只保留第一个条件: the others go."""
        picked = pick(self.cursor, places, first, last)
        self._account_around(first, last)
        return self.rule.model_copy(update={"node": picked[0][1]}) if len(picked) == 1 else None

    def _account_around(self, first: int, last: int) -> None:
        for index in self._unread(first, last):
            token = self.cursor.tokens[index]
            if token.phrase(*_AROUND) and not token.content:
                self.cursor.mark(index, index + 1, "ignored")

    def _only(self, node: AnyNode) -> SegmentRule:
        """只看 X: replaces the condition on that tag, else adds one. UserError `edit_fits_none` when it would reach into a rank's group."""
        rule = self.rule
        for condition in node.children if isinstance(node, AllOf) else (node,):
            if deeper(rule, subjects(condition)):
                raise UserError("edit_fits_none", words=self.cursor.words(condition.said[0]) if condition.said else "")
            same = [place for place in conditions(rule) if isinstance(place[1], TagCondition) and _about_the_same(place[1], condition)]
            if len(same) == 1:
                rule = apply(rule, ReplaceCondition(path=same[0][0], node=_said_too(condition, same[0][1])))
            else:
                rule = apply(rule, AddCondition(node=condition, how="and"))
        return rule


def _about_the_same(old: AnyNode, new: AnyNode) -> bool:
    return isinstance(old, TagCondition) and isinstance(new, TagCondition) and old.tag == new.tag


def _said_too(new: AnyNode, old: AnyNode) -> AnyNode:
    """A condition in another's place keeps the place among the conditions that the old one's words gave it."""
    said: tuple[Quote, ...] = (*old.said, *new.said) if old.said and new.said else new.said
    return new.model_copy(update={"said": said})
