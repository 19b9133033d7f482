"""A turn that changes the rule of the conversation -> the new rule, by typed edits. Law: an edit that fits two conditions is a doubt, one that fits none an issue;
words that no edit understands stay unread.

A turn may hold several edits, each beginning with its own word (去掉按揭，只看苏州分行); they are made in the order said. How numbers and windows are set is
in `setting`, which condition is meant in `pointing`, one step tighter or looser in `stepping`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.interpret.clauses import names_threshold
from assistant.interpret.conditions.lengths import length_window
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.adding import Additions
from assistant.interpret.edits.pointing import (
    AROUND,
    Place,
    conditions,
    fits_none,
    is_place,
    placed,
    spoken_of,
    subjects,
    unread,
)
from assistant.interpret.edits.removing import Removals
from assistant.interpret.edits.setting import SETTING, Settings, holds_number, scale
from assistant.interpret.edits.stepping import STEPPING, STEPPING_PEOPLE, ladders
from assistant.interpret.edits.swapping import Swaps
from assistant.interpret.interpretation import Ladder
from assistant.interpret.parser import Parser
from assistant.rule.edits import AddCondition, apply
from assistant.rule.tree import Comparing, SegmentRule, TagCondition, walk

LEADING = ("edit.only", "edit.remove", "edit.except", "edit.or_also", "edit.add", "edit.among", "edit.within")
_HALVED = ("edit.halve", "request.halved", "change.halved")
_DOUBLED = ("edit.double", "request.doubled", "change.doubled")
_BEHIND = ("edit.or_also_after", "edit.only", "edit.or_also", "edit.except", "edit.remove")
_LEAD = (
    "ignored", "is", "connective.comma", "connective.and", "connective.also", "connective.but", "connective.or", "connective.then",
    "edit.pronoun", "edit.correct", "edit.never_mind", "edit.what_about",
)  # fmt: skip


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
    for number, (first, last) in enumerate(sorted(_edits(cursor), key=lambda edit: -_place_in(cursor, *edit))):
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
        listed = tokens[index].phrase("connective.comma", "connective.and", "connective.also") and tokens[index].text != "、"
        if not listed and not tokens[index].phrase("edit.add"):
            continue
        after = cursor.skip(index + 1, "ignored", "connective.and") if listed else index
        if after >= len(tokens) or not any(tokens[place].phrase(*LEADING, *SETTING, *_BEHIND) for place in range(starts[-1], index)):
            continue
        opens = listed and _names_and_sets(cursor, after)
        opens = opens or (tokens[after].phrase("edit.only", "edit.remove", "edit.add", *SETTING) and not tokens[after].content)
        if opens and tokens[after].phrase("edit.remove") and not _names_something(cursor, after + 1):
            continue  # and the credit card condition too, drop it
        if opens and not any(cursor.kinds[place] == "request" for place in (index, after)):
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(tokens)], strict=True))


def _place_in(cursor: Cursor, first: int, last: int) -> int:
    """The number of the condition that an edit points at, 0 without one: 第一个不要，第二个改成20万 counts as the conditions were shown, so the last goes first."""
    places = [kind.removeprefix("place.") for index in range(first, last) for kind in cursor.tokens[index].phrases("place.")]
    return max((int(place) for place in places if place.isdigit()), default=0)


def _names_and_sets(cursor: Cursor, first: int) -> bool:
    """时间改成近60天，AUM提到50万: what is named first, and set behind it in the same clause."""
    tokens = cursor.tokens
    last = next((index for index in range(first, len(tokens)) if tokens[index].phrase("connective.comma")), len(tokens))
    named = next((index for index in range(first, last) if tokens[index].phrase(*SETTING) and not tokens[index].content), first)
    return any(tokens[index].content or holds_number(cursor, index) or is_place(cursor, index) for index in range(first, named))


def _names_something(cursor: Cursor, first: int) -> bool:
    """Whether the words up to the next comma say what goes, and not only "it"."""
    for index in range(first, len(cursor.tokens)):
        if cursor.tokens[index].phrase("connective.comma"):
            return False
        if cursor.tokens[index].content or not cursor.tokens[index].phrase("edit.pronoun", "ignored", "too"):
            return True
    return False


class _Edit:
    """One edit of one rule."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def read(self, first: int, last: int) -> FollowUp | None:
        start, lead = self._lead(first, last)
        if start >= last:
            return None
        end = last
        while last > start + 1 and self.cursor.tokens[last - 1].phrase("too", "ignored") and not self.cursor.tokens[last - 1].content:
            last -= 1
        if not any(self.cursor.tokens[index].phrase("too") for index in range(last, end)):
            last = end
        for pattern in (
            self._back,
            self._step,
            self._scaled,
            self._not_but,
            self._set,
            self._number_alone,
            self._unlimited,
            self._swapped,
            self._marked,
        ):
            point = self.cursor.checkpoint()
            found = pattern(start, last, lead)
            if found is not None:
                self._account(first, start)
                self._account(last, end)
                return found
            self.cursor.restore(point)
        return None

    def _lead(self, first: int, last: int) -> tuple[int, _Lead]:
        tokens, index = self.cursor.tokens, first
        while index < last and (tokens[index].phrase(*_LEAD) or self.cursor.kinds[index] == "request"):
            if (
                self._has_something(index, last)
                or self._any_of_it(index, last)
                or tokens[index].phrase(*LEADING, *SETTING)
                or self._steps(index, last)
                or tokens[index].content
                or is_place(self.cursor, index)
            ):
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

    def _has_something(self, index: int, last: int) -> bool:
        """or with funds: a word of having right before what is had."""
        following = self.cursor.skip(index + 1, "ignored")
        return self.cursor.tokens[index].phrase("have") is not None and following < last and self.cursor.tokens[following].content

    def _account(self, first: int, last: int) -> None:
        for index in range(first, last):
            if self.cursor.kinds[index] == "unread":
                self.cursor.mark(index, index + 1, "ignored")

    def _back(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """加回来, 把女的加回来, add the women back: whom a condition left out."""
        del lead
        at = next((index for index in unread(self.cursor, first, last) if self.cursor.tokens[index].phrase("edit.back")), None)
        if at is None:
            return None
        self.cursor.mark(at, at + 1, "edit")
        return FollowUp(Removals(self.cursor, self.rule).taken_back(first, last))

    def _steps(self, index: int, last: int) -> bool:
        """Whether a word asks for a step. 太少了 does so alone; before another edit it only says why."""
        rest = self.cursor.tokens[index + 1 : last]
        alone = all(token.phrase("ignored", "people", "connective.comma") and not token.content for token in rest)
        token = self.cursor.tokens[index]
        return token.phrase(*STEPPING) is not None and (token.phrase("edit.correct") is None or alone)

    def _step(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        del lead
        cursor = self.cursor
        at = next(
            (index for index in range(first, last) if cursor.tokens[index].phrase(*STEPPING_PEOPLE) or self._steps(index, last)), None
        )
        if at is None:
            return None
        people = cursor.tokens[at].phrase(*STEPPING_PEOPLE)
        if people is not None and any(
            not token.phrase(*AROUND, "people") or token.content for token in cursor.tokens if token is not cursor.tokens[at]
        ):
            return None  # AUM再多一点: more of it is fewer people
        cursor.mark(at, at + 1, "edit")
        places = self._meant(first, last, at)
        tighten = (people or cursor.tokens[at].phrase(*STEPPING)) in ("edit.tighten", "edit.fewer_of_them")
        found = ladders(cursor, self.rule, places, tighten, at)
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
        for index in unread(self.cursor, first, last):
            token = cursor.tokens[index]
            here = spoken_of(cursor, self.rule, index)
            if token.phrase(*AROUND) and not token.content:
                cursor.mark(index, index + 1, "ignored")
            elif index != at and any(subjects(node) & here for _, node in found):
                codes |= here
                cursor.mark(index, index + 1, "edit")
        return tuple((path, node) for path, node in found if not codes or subjects(node) & codes)

    def _scaled(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """把门槛降一半, 门槛提高20%, double the threshold: the number of a condition, by a part of itself. Said of the threshold, never of how many customers."""
        del lead
        cursor = self.cursor
        tokens = cursor.tokens
        here = unread(cursor, first, last)
        if not any(names_threshold(token) for token in tokens[:last]):
            return None
        by = [index for index in here if tokens[index].comparison is not None]
        half = [index for index in here if tokens[index].phrase(*_HALVED)]
        twice = [index for index in here if tokens[index].phrase(*_DOUBLED)]
        up = [index for index in here if tokens[index].phrase("edit.raise", "edit.upward", "change.up")]
        down = [index for index in here if tokens[index].phrase("edit.lower", "edit.downward", "change.down")]
        times: Decimal | None
        if len(half) + len(twice) == 1 and not by:
            at, times = (half or twice)[0], Decimal("0.5") if half else Decimal(2)
        elif len(by) == 1 and bool(up) != bool(down):
            at, times = by[0], scale(tokens[by[0]].comparison, rising=bool(up))
        else:
            return None
        used = {at, *up, *down, *(index for index in here if tokens[index].phrase("change.than") and not tokens[index].content)}
        left = [index for index in here if index not in used and not tokens[index].phrase(*AROUND, "edit.quantity", "opening")]
        if times is None or any(not spoken_of(cursor, self.rule, index) for index in left):
            return None
        for index in used:
            cursor.mark(index, index + 1, "edit")
        return FollowUp(Settings(cursor, self.rule).scaled(self._meant(first, last, at), times, at))

    def _not_but(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """不是5万，是10万; not 50k, 100k; not 50k but 100k: of two numbers alone the one that a condition has gives way to the other."""
        del lead
        cursor = self.cursor
        tokens = cursor.tokens
        if not tokens[first].phrase("negation.is_not", "negation.not", "correction"):
            return None
        numbers = [index for index in range(first, last) if tokens[index].comparison is not None]
        between = ("connective.comma", "rather", "edit.instead", "is", "copula", "ignored", "edit.pronoun", "edit.correct", "edit.set")
        rest = [index for index in range(first + 1, last) if index not in numbers]
        if len(numbers) != 2 or not all(tokens[index].phrase(*between) and not tokens[index].content for index in rest):
            return None
        was, new = (tokens[index].comparison for index in numbers)
        values = {getattr(node, "value", None) for _, node in walk(self.rule.node)}
        if was is None or new is None or was.operator is not None or was.value not in values:
            return None
        cursor.mark(first, numbers[1], "edit")
        return FollowUp(Settings(cursor, self.rule).value(numbers[1], numbers[1], last, worded=False))

    def _set(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """提到10万, 第二个条件改成20万, 不对，是100万, 那100万以上的呢."""
        cursor = self.cursor
        setting = next((index for index in unread(self.cursor, first, last) if cursor.tokens[index].phrase(*SETTING)), None)
        numbers = [index for index in unread(self.cursor, first, last) if holds_number(cursor, index)]
        instead = next((index for index in unread(self.cursor, first, last) if cursor.tokens[index].phrase("edit.instead_of")), None)
        if instead is not None and len(numbers) == 2 and numbers[0] < instead < numbers[1]:
            cursor.mark(instead, instead + 1, "edit")
            return FollowUp(Settings(cursor, self.rule).value(numbers[0], first, last, worded=False))
        behind = [index for index in numbers if setting is not None and index > setting]
        if setting is not None and behind:
            if any(cursor.tokens[index].of("value") for index in range(setting + 1, last)):
                return None
            rule = Settings(cursor, self.rule).value(setting, first, last)
            for index in behind[1:]:  # 改成近60天5次以上
                if rule is None or cursor.kinds[index] != "unread":
                    break
                rule = Settings(cursor, rule).value(index, index, index + 1, worded=False)
            return FollowUp(rule)
        if setting is None and not lead.joins and not cursor.tokens[first].phrase(*LEADING):
            must = next((index for index in unread(self.cursor, first, last) if cursor.tokens[index].phrase("must")), None)
            if must is not None and must > first and any(holds_number(cursor, index) for index in range(must + 1, last)):
                rule = Settings(cursor, self.rule).value(must, first, last)
                if rule is not None and not [index for index in unread(self.cursor, first, last) if cursor.tokens[index].content]:
                    return FollowUp(rule)
                return None
        if not (lead.corrects or lead.asks):
            return None
        numbers = [index for index in unread(self.cursor, first, last) if holds_number(cursor, index)]
        pointing = all(
            index in numbers or cursor.tokens[index].phrase(*AROUND, "must") or is_place(cursor, index)
            for index in unread(self.cursor, first, last)
        )
        if len(numbers) != 1 or not pointing:
            return None
        changed = Settings(cursor, self.rule).value(numbers[0], first, last, worded=False)
        return None if changed is None else FollowUp(changed)

    def _number_alone(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """近60天, 至少5次, at least 300k: a turn that is only a time or a number sets that of the condition that has one."""
        if lead.joins or lead.either:
            return None
        tokens = self.cursor.tokens[first:last]
        if any(token.phrase(*LEADING) for token in tokens):
            return None
        rest = [
            index
            for index in unread(self.cursor, first, last)
            if self.cursor.tokens[index].content or not self.cursor.tokens[index].phrase("ignored", "connective.comma")
        ]
        if len(rest) != 1 or not holds_number(self.cursor, rest[0]):
            return None
        asked = (place for place, kind in enumerate(self.cursor.kinds) if kind == "request")
        if any(self.cursor.tokens[place].phrase("request.compare", "change.than") for place in asked):
            return None  # 各分行对比上月: the time is what each is compared with
        token = self.cursor.tokens[rest[0]]
        if (token.window is not None and token.window.kind != "window") or (
            token.comparison is not None and length_window(token.comparison)
        ):
            return None
        point = self.cursor.checkpoint()
        changed = Settings(self.cursor, self.rule).value(rest[0], rest[0], rest[0] + 1, worded=False)
        turned = changed is not None and token.comparison is not None and self._turns_round(changed)
        if turned or (changed is None and token.window is None):
            self.cursor.restore(point)
            return None
        self._account(first, last)
        return FollowUp(changed)

    def _turns_round(self, changed: SegmentRule) -> bool:
        """50万以下 where the rule says 20万以上: a bound from the other side may be meant besides, and is asked about."""
        pairs = zip(walk(self.rule.node), walk(changed.node), strict=False)
        moved = [(old, new) for (_, old), (_, new) in pairs if isinstance(old, Comparing) and isinstance(new, Comparing) and old != new]
        return any(isinstance(old.value, Decimal) and old.operator[:1] != new.operator[:1] for old, new in moved)

    def _unlimited(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        """any gender, 不管哪个分行: the condition on it goes."""
        del lead
        if not self._any_of_it(first, last):
            return None
        self.cursor.mark(first, first + 1, "edit")
        return FollowUp(Removals(self.cursor, self.rule).removed(first + 1, last))

    def _any_of_it(self, index: int, last: int) -> bool:
        """Whether a word of "any" is said of what the rule has a condition on, and of nothing else."""
        tokens = self.cursor.tokens
        if not tokens[index].phrase("edit.any"):
            return False
        said = [place for place in range(index + 1, last) if tokens[place].content or not tokens[place].read]
        return bool(said) and all(
            spoken_of(self.cursor, self.rule, place) and not tokens[place].of("value") and not tokens[place].of("hold") for place in said
        )

    def _swapped(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        before = len(self.cursor.issues)
        changed = Swaps(self.cursor, self.rule).exchanged(first, last, lead.asks or lead.corrects)
        return FollowUp(changed) if changed is not None or len(self.cursor.issues) > before else None

    def _marked(self, first: int, last: int, lead: _Lead) -> FollowUp | None:
        cursor, tokens = self.cursor, self.cursor.tokens
        additions = Additions(cursor, self.rule)
        kind = tokens[first].phrase(*LEADING)
        closed = next(
            (
                index
                for index in range(last - 1, first, -1)
                if not tokens[index].phrase("ignored") or tokens[index].phrase("edit.condition")
            ),
            first,
        )
        if kind is None and tokens[first].phrase("negation.not") and tokens[closed].phrase("edit.condition"):
            kind = "edit.remove"  # without the card condition
        begin = first + 1
        inside = kind in ("edit.among", "edit.within")
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
                (index for index in unread(self.cursor, begin, last) if tokens[index].phrase("edit.among") and not tokens[index].content),
                None,
            )
            if within is not None:
                inside = True
                cursor.mark(within, within + 1, "edit")
        while begin < last and tokens[begin].phrase("must") and not tokens[begin].content:
            cursor.mark(begin, begin + 1, "ignored")
            begin += 1
        if kind == "edit.remove":
            return FollowUp(Removals(cursor, self.rule).removed(begin, last))
        if kind == "edit.only":
            places = placed(cursor, self.rule, begin, last)
            if places is not None:
                return FollowUp(additions.kept_alone(places, begin, last))
            cursor.preferred = frozenset(
                code for _, node in conditions(self.rule) if isinstance(node, TagCondition) for code in subjects(node)
            )
        if kind == "edit.except" and tokens[first].phrase("negation.except_open"):
            left_out = Parser(cursor).conditions(first, last)
            return FollowUp(None if left_out is None else apply(self.rule, AddCondition(node=left_out, how="and")))
        asked = next((index for index in range(begin, last) if tokens[index].content and cursor.kinds[index] == "request"), last)
        if inside and all(tokens[index].phrase("ignored", "is", "have") for index in range(begin, asked)):
            return None  # 其中有信用卡的占多少: the share is asked of the segment as it is
        last = asked if inside else last
        parser = Parser(cursor)
        parser.tags.owned = True  # 再加上信用卡, also require a credit card: people who have it
        node = parser.conditions(begin, last)
        cursor.preferred = frozenset()
        if node is None:
            if inside and all(cursor.kinds[index] == "request" or tokens[index].phrase("ignored", "is") for index in range(begin, last)):
                return None
            fits_none(cursor, first, last)
            return FollowUp(None)
        if kind == "edit.only":
            return FollowUp(additions.only(node, begin, last))
        if kind == "edit.except":
            left_out = Removals(cursor, self.rule).left_out(node, begin, last)
            return FollowUp(apply(self.rule, AddCondition(node=left_out, how="except")))
        if kind in ("edit.or_also", "edit.or_also_after"):
            return FollowUp(additions.widened(node, first, last))
        return FollowUp(additions.added(node, inside, first, last))

    def _edit_behind(self, first: int, last: int) -> tuple[str, int] | None:
        """定期10万以上的也算, women only, 活期那个条件去掉, the women among them: an edit said at the end of the turn."""
        tokens = self.cursor.tokens
        place = last - 1
        while (
            place > first
            and (tokens[place].phrase("ignored", "edit.pronoun") or self.cursor.kinds[place] == "request")
            and not tokens[place].phrase(*_BEHIND)
        ):
            place -= 1
        kind = tokens[place].phrase(*_BEHIND)
        if kind is not None and place > first and not tokens[place].content:
            self.cursor.mark(place, place + 1, "edit")
            self.cursor.mark(place + 1, last, "ignored")
            return kind, place
        among = next((index for index in range(first + 1, last) if tokens[index].phrase("edit.among") and not tokens[index].content), None)
        if among is None:
            return None
        self.cursor.mark(among, among + 1, "edit")
        return "edit.among", last
