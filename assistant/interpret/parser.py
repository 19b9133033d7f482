"""Tokens -> conditions: the grammar of one request, for both languages at once. Law: a word is taken only by a pattern that understands it; all else stays unread.

Conditions stand side by side, joined by connectives; each pattern starts at a token and says how far it read (`Parsed`), or None. Here are the list of
conditions, exclusion and negation, time in front and numbers in front; `tags`, `records` and `concepts` hold the patterns that begin with those.
Doubts go through `Cursor.choose`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity
from assistant.interpret.conditions.ages import AgePatterns
from assistant.interpret.conditions.amounts import MONEY, Amounts
from assistant.interpret.conditions.apart import ApartPatterns
from assistant.interpret.conditions.as_it_was import as_it_was
from assistant.interpret.conditions.both import BothPatterns
from assistant.interpret.conditions.changes import ChangePatterns
from assistant.interpret.conditions.concepts import ConceptPatterns
from assistant.interpret.conditions.denials import DenialPatterns
from assistant.interpret.conditions.due import DuePatterns
from assistant.interpret.conditions.firsts import FirstPatterns, how_lately
from assistant.interpret.conditions.lengths import length_window
from assistant.interpret.conditions.moved import MovedPatterns
from assistant.interpret.conditions.no_longer import NoLongerPatterns
from assistant.interpret.conditions.pairs import PairPatterns
from assistant.interpret.conditions.qualified import QualifiedPatterns
from assistant.interpret.conditions.ranks import RankPatterns
from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.conditions.restated import Restated
from assistant.interpret.conditions.sequences import SequencePatterns
from assistant.interpret.conditions.shared_nouns import shared_noun
from assistant.interpret.conditions.sizes import SizePatterns
from assistant.interpret.conditions.stopped import without_stopped
from assistant.interpret.conditions.tags import TagPatterns
from assistant.interpret.conditions.unnamed import UnnamedPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.corrections import Corrections, corrected_at
from assistant.interpret.grouping import Grouping
from assistant.interpret.lexer import Token
from assistant.interpret.month_ends import month_end_said
from assistant.interpret.nodes import Item, all_of, any_of, bounds, denied, held, quoted
from assistant.interpret.readback.stated import StatedPatterns
from assistant.language.times import TimeSpan
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Not,
    RecordCondition,
    SequenceCondition,
    Snapshot,
    TagCondition,
    walk,
)
from assistant.rule.window import Calendar, TimeWindow

Parsed = tuple[AnyNode, int]
_LISTED = ("和", "与", "及", "以及", "跟")
_NOUN_AND_TIME = 2
_SINCE = ("since", "自")
"""A point of time that opens a stretch is none at which something held."""

_STILL = "还"
_EXCLUDED_TOO = ("besides",)
"""员工也别算, 有管户的就不看了: words before an exclusion that change nothing."""

_JOINING = ("connective.or", "connective.also", "connective.and", "connective.but", "connective.comma")


class Parser:
    """One walk over the tokens of a cursor. `conditions(first, last)` is the way in."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.amounts = Amounts(cursor)
        self.tags = TagPatterns(cursor, self.amounts)
        self.changes = ChangePatterns(cursor, self.amounts)
        self.records = RecordPatterns(cursor, self.amounts)
        self.due = DuePatterns(cursor, self.records)
        self.concepts = ConceptPatterns(cursor, self.amounts)
        self.sizes = SizePatterns(cursor, self.amounts, self.records)
        self.denials = DenialPatterns(cursor, self, self.amounts, self.tags, self.records, self.concepts)
        self.sequences = SequencePatterns(cursor, self, self.records)
        self.pairs = PairPatterns(cursor, self.amounts, self.tags)
        self.grouping = Grouping(cursor)
        self.apart = ApartPatterns(cursor, self.tags, self.records, self.denials, self.concepts)
        self.qualified = QualifiedPatterns(cursor, self.records)
        self.corrections = Corrections(cursor, self.amounts)
        self.restated = Restated(cursor)
        self._heading_at: int | None = None
        self._had_at: set[int] = set()
        """Where the later things of a list stand that one word of having reaches."""
        self._patterns: tuple[Callable[[int], Parsed | None], ...] = (
            self._bracketed,
            MovedPatterns(cursor).moved,
            StatedPatterns(cursor, self.amounts, self.records).stated,
            RankPatterns(cursor, self, self.amounts).ranked,
            BothPatterns(cursor, self.records).both,
            self.pairs.paired,
            self.pairs.shared,
            self.sequences.sequence,
            NoLongerPatterns(cursor, self.condition).no_longer,
            self.denials.excluded,
            self.denials.negated,
            self.qualified.qualified,
            self.due.apart,
            self.apart.interrupted,
            self.apart.named,
            self.apart.dated,
            self.apart.object_first,
            self.apart.products_first,
            self.tags.part_had,
            self._exactly,
            FirstPatterns(cursor).first,
            self.sizes.sized,
            self._windowed,
            AgePatterns(cursor, self.amounts).aged,
            UnnamedPatterns(cursor, self.amounts).unnamed,
            self._number_first,
            self.changes.more_than,
            self.changes.moved_first,
            self.changes.part_of,
            self.changes.change,
            self.changes.continued,
            self.tags.tag,
            self._have,
            self._had_then,
            self.tags.values,
            self.records.record,
            self.due.dated,
            self.due.soon,
            self.concepts.concept,
            self.tags.rank_first,
            self.concepts.ambiguous,
            self.tags.bare_holding,
            self._same_number,
        )

    def conditions(self, first: int, last: int) -> AnyNode | None:
        """The rule that tokens [first, last) say, None when they say none. Unread tokens stay marked unread."""
        limit, self.cursor.limit = self.cursor.limit, last
        self.grouping.start = first
        items = self.items(first)
        if self._heading_at is not None and not self.records.head_used:
            self.cursor.kinds[self._heading_at] = "unread"
        self._shared_numbers(items)
        items = as_it_was(self.cursor, without_stopped(self.cursor, items))
        self.cursor.limit = limit
        return self.grouping.grouped(items) if items else None

    def _shared_numbers(self, items: list[Item]) -> None:
        """登录和转账超过3次, 7天内到期的理财和定期超过10万: whether what is said of one is said of both is asked."""
        for one, other in pairwise(items):
            bare = (
                isinstance(one.node, RecordCondition)
                and one.node.value == 1
                and one.node.operator == ">="
                and one.node.aggregate == "count"
            )
            numbered = isinstance(other.node, RecordCondition) and (other.node.value != 1 or other.node.operator != ">=")
            if bare and isinstance(one.node, RecordCondition) and self.cursor.catalog.records[one.node.records].date_column is None:
                numbered |= isinstance(other.node, TagCondition) and isinstance(other.node.value, Decimal)
            listed = any(self.cursor.tokens[place].text in _LISTED for place in range(one.last, other.first))
            listed |= other.join == "or" and isinstance(other.node, TagCondition) and bool(self.cursor.tokens[other.first].of("hold"))
            if (bare and numbered and listed) or self._counted_in_front(one, other):
                quote = self.cursor.quote(one.first, other.last)
                params = {"words": self.cursor.words(quote)}
                self.cursor.issues.append(Issue("shared_number", Severity.ASK, quote=bounds(quote), params=params))

    def _counted_in_front(self, one: Item, other: Item) -> bool:
        """fewer than 3 logins or transfers, 3次以上登录和转账: a number in front of two nouns may be said of both."""
        if (
            not isinstance(one.node, RecordCondition)
            or not isinstance(other.node, RecordCondition)
            or other.join not in ("or", "and", "comma")
        ):
            return False
        noun = self.cursor.tokens[other.first]
        plain = (other.node.aggregate, other.node.operator, other.node.value) == ("count", ">=", Decimal(1))
        latin = noun.text.isascii()
        named = noun.text.endswith("s") and " " not in noun.text if latin else "过" not in noun.text and "了" not in noun.text
        said = self.cursor.tokens[one.first : one.last]
        number = next((place for place, token in enumerate(said) if token.comparison is not None and token.window is None), len(said))
        action = next((place for place, token in enumerate(said) if token.of("action")), 0)
        return plain and named and number < action and bool(noun.of("action")) and other.last - other.first <= _NOUN_AND_TIME

    def items(self, first: int, stop: Callable[[Token], bool] | None = None, listed: bool = False) -> list[Item]:
        """The conditions from a token on. `stop` ends them; `listed`: only what a connective joins, as in 排除A和B."""
        items: list[Item] = []
        join = ""
        index = first
        while index < self.cursor.limit:
            token = self.cursor.tokens[index]
            if (stop is not None and stop(token)) or (listed and items and not join and not token.phrase(*_JOINING)):
                break
            anew = self._corrected(items, index) if items and not join else None
            if anew is not None:
                items[-1] = anew
                self.cursor.mark(anew.first, anew.last, "condition")
                index = anew.last
                continue
            found = self.restated.now(items, index) or self.condition(index)
            if found is None and items and token.phrase("connective.also") and token.text.endswith((" have", " has")):
                found, join = self._had(index), _stronger(join, "also")
            if found is None and join and items:
                found = self._had_too(items[-1], index)
            if found is not None:
                node, after = found
                if not (isinstance(node, TagCondition) and isinstance(node.value, Decimal)):
                    self.amounts.last_tag = None
                self._goes_on(items, join, index)
                items.append(Item(join if items else "", node, index, after, self.grouping.loose(node, index, after)))
                if stop is None and not listed:
                    self._outside(items)
                after = self._excluded_behind(items)
                self._said_again(items)
                self.cursor.mark(index, after, "condition")
                join, index = "", after
                continue
            connective = token.phrase(*_JOINING)
            if index in self.cursor.skipped and connective is None:
                index += 1
                continue
            if connective in ("connective.but", "connective.or") and not items and not token.phrase("either"):
                self.cursor.skipped.add(index)
            elif connective is not None:
                join = _stronger(join, connective.removeprefix("connective.").replace("but", "also"))
                self.cursor.mark(index, index + 1, "connective")
            elif token.phrase("ignored", "among", "is"):
                self.cursor.mark(index, index + 1, "ignored")
            elif token.text == _STILL and self._begins_condition(index + 1):
                self.cursor.mark(index, index + 1, "ignored")  # 还没人管户, 还背着房贷: as it is today
            elif token.phrase("everyone"):
                self.cursor.mark(index, index + 1, "condition")
            elif self._frames(index, items):
                self.cursor.mark(index, index + 1, "ignored")
            elif token.of("inexpressible"):
                self.concepts.inexpressible(index)
            elif self.cursor.kinds[index] == "unread":
                self.cursor.skipped.add(index)
            index += 1
        if items and join == "also" and stop is None:
            self._left_open(items[-1].last)
        return items

    def _frames(self, index: int, items: list[Item]) -> bool:
        """so, Shanghai Branch; no insurance whatsoever; no RM yet, yet a mortgage: a word that only opens a request, that only closes a clause of it, or
        that opens its next one."""
        token, following = self.cursor.tokens[index], self.cursor.token(index + 1)
        if token.phrase("must") and token.text.isascii():  # 女客户，得联系: what is to be done with them
            return following is not None and not following.phrase(*_JOINING)  # they have to be callable
        if not items:
            return token.phrase("opening") is not None
        ends = following is None or bool(following.phrase(*_JOINING, "closing", "request.count"))
        if token.phrase("roughly") and ends:
            said = self.cursor.tokens[items[-1].first : items[-1].last]
            return any(one.comparison is not None and one.comparison.approximate for one in said)
        if not token.phrase("so_far"):
            return ends and token.phrase("closing") is not None
        opens = self.cursor.tokens[index - 1].phrase("connective.comma") is not None
        return (opens and not ends) or (ends and not any(isinstance(node, RecordCondition) for _, node in walk(items[-1].node)))

    def _begins_condition(self, index: int) -> bool:
        """Whether a condition stands right there; nothing is taken."""
        point = self.cursor.checkpoint()
        found = self.condition(index) is not None
        self.cursor.restore(point)
        return found

    def _left_open(self, index: int) -> None:
        """were not on payroll in January but are now: what a contrast says without a condition of its own is not read."""
        for place in range(index, self.cursor.limit):
            token = self.cursor.tokens[place]
            if token.phrase("is", "have", "today"):
                self.cursor.kinds[place] = "unread"
                self.cursor.skipped.add(place)

    def _had_too(self, before: Item, index: int) -> Parsed | None:
        """with a first-home mortgage, a rate of at least 3.5% and mobile banking: "with" reaches every product of the list, a number said in front does not."""
        tag = self.tags.holding(index)
        parts = before.node.children if isinstance(before.node, AllOf | AnyOf) else (before.node,)
        if tag is None or any(_lacks(part) for part in parts):
            return None
        said = self.cursor.tokens[before.first : before.last]
        number = next((place for place, token in enumerate(said) if token.comparison is not None), len(said))
        noun = next((place for place, token in enumerate(said) if token.of("tag") or token.of("hold")), len(said))
        if not self._is_had(before) or (number < noun and tag.type != "flag"):
            return None
        return held(tag, True, self.cursor.said(index, index + 1)), index + 1

    def _is_had(self, item: Item) -> bool:
        """Whether a word of having stands in front of a condition, or of the list it goes on."""
        opening = range(max(item.first - 1, self.grouping.start), item.first + 1)
        return item.first in self._had_at or any(self.cursor.tokens[place].phrase("have") for place in opening)

    def _goes_on(self, items: list[Item], join: str, index: int) -> None:
        """A condition on a tag that a comma or "and" joins to a thing had is a thing had as well."""
        if items and join in ("comma", "and") and isinstance(items[-1].node, TagCondition) and self._is_had(items[-1]):
            self._had_at.add(index)

    def _corrected(self, items: list[Item], index: int) -> Item | None:
        """白金，哦不，钻石; over 50k in deposits, no, over 100k: the condition before the comma, as it is said anew behind the words of correction."""
        place = corrected_at(self.cursor, index)
        if place is None or self.cursor.token(place) is None:
            return None
        point = self.cursor.checkpoint()
        anew = self.corrections.anew(items[-1], self.condition(place), index, place)
        if anew is None:
            self.cursor.restore(point)
        return anew

    def _said_again(self, items: list[Item]) -> None:
        """从他行转入,转入后7天内买理财: the first behaviour of a sequence said again is the one just said, with all that was said of it."""
        if len(items) < 2:
            return
        one, other = items[-2], items[-1]
        if not isinstance(one.node, RecordCondition) or not isinstance(other.node, SequenceCondition) or other.join not in ("comma", ""):
            return
        first = other.node.first
        plain = (one.node.aggregate, one.node.operator, one.node.value) == ("count", ">=", Decimal(1))
        if not plain or one.node.records != first.records or first.filters or not one.node.filters:
            return
        again = first.model_copy(update={"filters": one.node.filters, "window": one.node.window, "day_kind": one.node.day_kind})
        said = self.cursor.said(one.first, other.last)
        items[-2:] = [Item(one.join, other.node.model_copy(update={"first": again, "said": said}), one.first, other.last)]

    def _outside(self, items: list[Item]) -> None:
        """上海分行以外的代发客户: everyone but those of the value right before it, in front of whom they are outside of. 除上海分行以外 has its own word in front."""
        item = items[-1]
        token = self.cursor.token(item.last)
        opened = any(one.phrase("negation.except_open") for one in self.cursor.tokens[self.grouping.start : item.first])
        valued = isinstance(item.node, TagCondition) and item.node.operator == "in"
        if token is None or not token.phrase("negation.outside") or opened or not valued:
            return
        last = item.last + 1
        items[-1] = replace(item, node=Not(child=item.node, said=self.cursor.said(item.first, last)), last=last)

    def _excluded_behind(self, items: list[Item]) -> int:
        """有信用卡的女性不要: an exclusion said behind its clause takes in all that stands side by side in it. The index after what was read."""
        last = items[-1].last
        place = self.cursor.skip(last, "ignored", *_EXCLUDED_TOO)
        token = self.cursor.token(place)
        following = self.cursor.token(self.cursor.skip(place + 1, "ignored"))
        if (
            token is None
            or not token.phrase("negation.except_after")
            or token.content
            or (following is not None and not following.phrase("connective.comma"))
        ):
            return last
        clause = [items.pop()]
        while clause[0].join == "" and items:
            clause.insert(0, items.pop())
        listed = self._listed_before(items, clause[0])
        every = bool(items[: len(items) - len(listed)]) and self.cursor.tokens[place - 1].phrase("pair.each") is not None
        if listed and (every or self._all_left_out(listed[0].first, place + 1)):  # 谢绝营销的、有投诉的都刨掉: 都 takes in the list
            del items[len(items) - len(listed) :]
            nodes = [*(item.node for item in listed), all_of([item.node for item in clause])]
            together = any(item.join == "also" for item in (*listed[1:], clause[0]))
            child: AnyNode = all_of(nodes) if together else any_of(nodes)
            clause = [*listed, *clause]
        else:
            child = self.denials.left_out(clause)
        first = clause[0].first
        items.append(Item(clause[0].join, Not(child=child, said=self.cursor.said(first, place + 1)), first, place + 1))
        return place + 1

    def _listed_before(self, items: list[Item], item: Item) -> list[Item]:
        """The conditions that 和, 且, 或 or 、 joins to the one that is left out: 女性和上海分行的除外."""
        listed: list[Item] = []
        following = item
        for before in reversed(items):
            gap = self.cursor.tokens[before.last : following.first]
            if following.join not in ("and", "or", "also") and not any(token.text == "、" for token in gap):
                break
            listed.insert(0, before)
            following = before
        return listed

    def _all_left_out(self, first: int, last: int) -> bool:
        """Whether an exclusion behind a list leaves out all that is listed, or the last only; asked."""
        quote = self.cursor.quote(first, last)
        labels = (
            Text(zh="整串都在排除之列", en="leave out what the whole list says"),
            Text(zh="只排除最后一项，其余仍是条件", en="leave out only the last; the rest are conditions"),
        )
        return self.cursor.choose("left_out_behind", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels) == 0

    def _bracketed(self, index: int) -> Parsed | None:
        """(A或B): what brackets hold together is one condition."""
        if not self.cursor.tokens[index].phrase("bracket.open"):
            return None
        owned, self.tags.owned = self.tags.owned, index > 0 and self.cursor.tokens[index - 1].phrase("have") is not None
        items = self.items(index + 1, stop=lambda token: bool(token.phrase("bracket.close")))
        self.tags.owned = owned
        after = self.cursor.skip(items[-1].last, "ignored") if items else self.cursor.limit
        closing = self.cursor.token(after)
        if closing is None or not closing.phrase("bracket.close"):
            return None
        return self.grouping.grouped(items), after + 1

    def condition(self, index: int) -> Parsed | None:
        """The condition that starts at a token, with the index after it."""
        if index >= self.cursor.limit:
            return None
        point = self.cursor.checkpoint()
        for pattern in (
            self._patterns
            if self.cursor.tokens[index].read
            else (self.apart.interrupted, self.apart.object_first, self.tags.values, self.records.record)
        ):
            found = pattern(index)
            if found is not None:
                return self._as_it_was(index, self._recently_behind(index, found))
            self.cursor.restore(point)
        return None

    def _recently_behind(self, index: int, found: Parsed) -> Parsed:
        """haven't transacted recently: behind a concept that looks back over a time of its own the word says no more than that; an assumption."""
        node, last = found
        place = self.cursor.skip(last, "ignored")
        token = self.cursor.token(place)
        lately = token is not None and token.window is not None and token.window.assumption == "recently"
        if not lately or not isinstance(node, ConceptRef) or self.cursor.catalog.concepts[node.concept].window_parameter is None:
            return found
        following = self.cursor.token(self.cursor.skip(place + 1, "ignored", "people"))
        if following is not None and not following.phrases("connective."):
            return found
        return quoted(node, self.cursor.said(index, place + 1)), place + 1

    def _as_it_was(self, index: int, found: Parsed) -> Parsed:
        """were gold tier at the last year end: a point of time behind conditions on tags is when they held, unless another condition begins with it."""
        node, last = found
        parts = node.children if isinstance(node, AllOf | AnyOf) else (node,)
        if not all(isinstance(part, TagCondition) and part.snapshot is None and part.operator != "within" for part in parts):
            return found
        snapshot, after = self.tags.snapshot_behind(last)
        if snapshot is None or self.cursor.tokens[after - 1].text.startswith(_SINCE):
            return found
        then = tuple(part.model_copy(update={"snapshot": snapshot}) for part in parts if isinstance(part, TagCondition))
        said = self.cursor.said(index, after)
        return quoted(node.model_copy(update={"children": then}) if isinstance(node, AllOf | AnyOf) else then[0], said), after

    def _windowed(self, index: int) -> Parsed | None:
        """A time phrase, then what it limits. One that limits nothing nearby heads a list and governs later records that have none."""
        span = self.cursor.tokens[index].window
        if span is None:
            return self._elapsed(index)
        ordering = ("sequence.first",) if self.sequences.reading else ()
        after = self.cursor.skip(index + 1, "ignored", "is", "connective.comma", *ordering)
        after = self.cursor.skip(after, "besides", "ignored") if after == index + 1 else after  # 最近又查过房贷利率
        if span.kind == "snapshot" and span.snapshot is not None:
            return self.tags.tag(after, snapshot=span.snapshot, first=index) or self._at_snapshot(index, after, span.snapshot)
        ended = month_end_said(span, self.cursor.context.today)
        then = None if ended is None else self._then(index, after, ended)
        if then is not None:
            return then
        if span.kind == "day_kind":
            return self.requoted(self.records.record_at(after, None, day_kind=span.day_kind), index)
        if span.kind == "each_of" and isinstance(span.window, Calendar):
            return self._each_unit(index, after, span.window) or self.changes.in_a_row(index, after)
        if span.kind != "window":
            return None
        token = self.cursor.token(after)
        if token is None:
            return None
        window = span.window
        if window is None:
            return self._recently(index, after)
        if self._counted_from_behaviour(index):
            return None
        moved = self.requoted(self.changes.since(index, after), index)
        if moved is not None:
            self.records.remember(window, index)
            return moved
        if token.window is not None and token.window.kind == "day_kind":
            following = self.cursor.skip(after + 1, "ignored", "is")
            return self.requoted(self.records.record_at(following, window, day_kind=token.window.day_kind), index)
        negation = token.phrase("negation.not", "negation.never")
        if negation is not None:
            target = self.cursor.skip(after + 1, "ignored", "have", "is")
            concept = self.concepts.concept_at(target)
            if concept is not None:
                return self.concepts.concept_node(concept, True, window, index, target + 1)
            found = self.denials.negated_record(index, target, window)
            word = None if found is not None else self.concepts.ambiguous_windowed(target, span, index, target + 1)
            found = found if word is None else (denied(word[0], self.cursor.said(index, word[1])), word[1])
            dated = None if found is not None else self.tags.date_tag(target, span, index)
            if dated is not None:
                return Not(child=dated[0], said=self.cursor.said(index, dated[1])), dated[1]
        else:
            target = self.cursor.skip(after, "have") if token.phrase("have") and not self.records.starts_action(after) else after
            found = (
                self.apart.denied_day(target, index)
                or self.records.record_at(target, window)
                or self.qualified.qualified(target, window)
                or self.apart.interrupted(target, window)
                or self.apart.object_first(target, window)
                or self.due.dated_at(target, span, index)
                or self.concepts.concept_windowed(target, window, index)
                or self.concepts.ambiguous_windowed(target, span, index, target + 1)
            )
            numbered = self.cursor.token(target)
            if found is None and numbered is not None and numbered.comparison is not None:
                found = self._number_first(target, window=window)
            if found is None:
                found = self.tags.date_tag(target, span, index)
        if found is not None:
            node, last = found
            if not span.future and isinstance(node, RecordCondition) and node.window == window:
                self.records.remember(window, index)
            return quoted(node, self.cursor.said(index, last)), last
        return self._heading(index, after, window)

    def _counted_from_behaviour(self, index: int) -> bool:
        """登录前7天内转账: days before (or after) the behaviour that stands right in front of them, not days before today."""
        opening = self.cursor.tokens[index].text.startswith(("前", "之前", "以前"))
        return opening and index > self.grouping.start and bool(self.cursor.tokens[index - 1].of("action"))

    def _then(self, index: int, after: int, snapshot: Snapshot) -> Parsed | None:
        """6月末AUM50万以上, 6月末有理财: what was so at the end of that month; of what happens, and of a date, it is the days."""
        point = self.cursor.checkpoint()
        found = self.tags.tag(after, snapshot=snapshot, first=index) or self._at_snapshot(index, after, snapshot)
        parts = [] if found is None else [part for _, part in walk(found[0]) if isinstance(part, TagCondition)]
        if found is not None and not any(self.cursor.catalog.tags[part.tag].type == "date" for part in parts):
            return found
        self.cursor.restore(point)
        return None

    def _at_snapshot(self, index: int, after: int, snapshot: Snapshot) -> Parsed | None:
        """上年末是金卡客户, 上月末有理财, 上月末还是白金客户: any condition that is on tags alone, as it was then."""
        still = self.cursor.token(after)
        found = self.condition(after + 1 if still is not None and still.phrase("still") and not still.phrase("have") else after)
        if found is None:
            return None
        node, last = found
        if isinstance(node, Not) and isinstance(node.child, TagCondition) and node.child.snapshot is None:  # 年初不是代发
            denied = node.child.model_copy(update={"snapshot": snapshot})
            return quoted(node.model_copy(update={"child": denied}), self.cursor.said(index, last)), last
        parts = node.children if isinstance(node, AllOf | AnyOf) else (node,)
        then = [
            part.model_copy(update={"snapshot": snapshot}) for part in parts if isinstance(part, TagCondition) and part.snapshot is None
        ]
        if len(then) != len(parts):
            return None
        said = self.cursor.said(index, last)
        return quoted(node.model_copy(update={"children": tuple(then)}) if isinstance(node, AllOf | AnyOf) else then[0], said), last

    def requoted(self, found: Parsed | None, first: int) -> Parsed | None:
        """A condition whose words begin with the time phrase in front of it."""
        return None if found is None else (quoted(found[0], self.cursor.said(first, found[1])), found[1])

    def _each_unit(self, index: int, after: int, window: Calendar) -> Parsed | None:
        """连续3个月…: in every one of them; denied, in none of them."""
        token = self.cursor.token(after)
        if token is not None and token.phrase("negation.not"):
            return self.requoted(self.denials.negated_record(index, self.cursor.skip(after + 1, "ignored", "have", "is"), window), index)
        found = self.records.record_at(after, window)
        if found is None or not isinstance(found[0], RecordCondition):
            return None
        node, last = found
        units = [Calendar(unit=window.unit, first=place, last=place) for place in range(window.first, window.last + 1)]
        said = self.cursor.said(index, last)
        return AllOf(children=tuple(node.model_copy(update={"window": unit, "said": said}) for unit in units), said=said), last

    def _heading(self, index: int, after: int, window: TimeWindow) -> Parsed | None:
        """A time phrase at the head of a list: kept only when a later record takes it."""
        if self.records.head_window is not None or not any(
            self.cursor.tokens[place].of("action") for place in range(after, self.cursor.limit)
        ):
            return None
        found = self.condition(after)
        if found is None:
            return None
        node, last = found
        if not any(self.cursor.tokens[place].of("action") for place in range(last, self.cursor.limit)):
            return None
        self.records.remember(window, index)
        self.records.head_used = False
        self._heading_at = index
        return node, last

    def _recently(self, index: int, after: int) -> Parsed | None:
        """最近 with no number: the record set's default window, an assumption."""
        token = self.cursor.token(after)
        if token is None:
            return None
        known = len(self.cursor.assumptions)
        negation = token.phrase("negation.not", "negation.never")
        if negation is not None:
            target = self.cursor.skip(after + 1, "ignored", "have", "is")
            denied = self.denials.negated_record(index, target, None)
            self._told_of_lately(known)
            return denied
        found = self.records.record_at(after, None) or self.sizes.often(after)
        self._told_of_lately(known)
        if found is None:
            concept = self.concepts.concept_at(after)
            if concept is None and token.of("concept_not"):  # 最近没交易
                return self.concepts.denied_name(after, index)
            dated = self._lately(index, after) if concept is None else None
            if dated is not None:
                return dated
            return self._now(index, after) if concept is None else self.concepts.concept_node(concept, False, None, index, after + 1)
        node, last = found
        if isinstance(node, RecordCondition) and node.window is None:
            self.cursor.assume("recently_now", self.cursor.quote(index, last), words=self.cursor.words(self.cursor.quote(index, after)))
            self.cursor.settled.add(index)
        return quoted(node, self.cursor.said(index, last)), last

    def _told_of_lately(self, known: int) -> None:
        """What 最近 is taken for is told of that word: that no time was said beside it would be told twice, and is not so."""
        self.cursor.assumptions[known:] = [one for one in self.cursor.assumptions[known:] if one.code != "default_window"]

    def _lately(self, index: int, after: int) -> Parsed | None:
        """最近开户: a day that lies behind has no usual time to look back over; how far is asked."""
        catalog, token = self.cursor.catalog, self.cursor.tokens[after]
        dated = [catalog.tags[one.code] for one in token.of("tag")] + [
            catalog.records[one.code].property(one.value) for one in token.of("dated")
        ]
        if not any(one is not None and (one.type, one.tense) == ("date", "past") for one in dated):
            return None
        quote = self.cursor.quote(index, after + 1)
        span = TimeSpan(token.start, token.end, "window", window=how_lately(self.cursor, quote))
        self.cursor.settled.add(index)  # asked, not assumed
        return self.tags.date_tag(after, span, index) or self.due.dated_at(after, span, index)

    def _now(self, index: int, after: int) -> Parsed | None:
        """最近存款超过50万: an amount as it stands has one latest value, which 最近 says no more of; an assumption."""
        found = self.tags.tag(after, first=index)
        if found is None or not isinstance(found[0], TagCondition) or self.cursor.catalog.tags[found[0].tag].kind != "metric":
            return None
        quote = self.cursor.quote(index, found[1])
        self.cursor.assume("recently_now", quote, words=self.cursor.words(self.cursor.quote(index, index + 1)))
        self.cursor.settled.add(index)
        return found

    def _exactly(self, index: int) -> Parsed | None:
        """只登录过1次, 近30天只登录过1次: a word of "only" makes the bare number behind it exact; with no such number it is not read here."""
        window = self.cursor.tokens[index].window
        only = index if window is None else self.cursor.skip(index + 1, "ignored")
        token = self.cursor.token(only)
        if token is None or not token.phrase("exactly"):
            return None
        contrast = None if window is not None else self._only_this(index)
        if contrast is not None:
            return contrast
        if window is not None and (window.kind != "window" or window.window is None or window.future):
            return None
        self.amounts.exact, self.amounts.exact_used = True, False
        start = self.cursor.skip(only + 1, "ignored")
        said = None if window is None else window.window
        found = (self.apart.interrupted(start, said) or self.records.record_at(start, said)) if said is not None else self.condition(start)
        self.amounts.exact = False
        return self.requoted(found, index) if self.amounts.exact_used else None

    def _only_this(self, index: int) -> Parsed | None:
        """只有理财没有基金: having the one and not the other; what "only" leaves out is said behind it."""
        start = self.cursor.skip(index + 1, "ignored", "have", "exactly")
        having = self.tags.holdings(index, start, positive=True)
        if having is None:
            return None
        behind = self.cursor.skip(having[1], "connective.comma", "connective.but", "ignored")
        token = self.cursor.token(behind)
        if token is None or not token.phrase("negation.not", "lack"):
            return None
        lacking = self.tags.holdings(behind, self.cursor.skip(behind + 1, "ignored", "have"), positive=False)
        return None if lacking is None else (all_of([having[0], lacking[0]]), lacking[1])

    def _elapsed(self, index: int) -> Parsed | None:
        """超过90天未登录, 90天没登录: nobody who did it within the last N days (MEANING.md "Time")."""
        comparison = self.cursor.tokens[index].comparison
        window = None if comparison is None else length_window(comparison)
        after = self.cursor.skip(index + 1, "ignored")
        token = self.cursor.token(after)
        if window is None or token is None or not token.phrase("negation.not"):
            return None
        target = self.cursor.skip(after + 1, "ignored", "have", "is")
        concept = self.concepts.concept_at(target)
        if concept is not None:
            return self.concepts.concept_node(concept, True, window, index, target + 1)
        return self.denials.negated_record(index, target, window)

    def _number_first(self, index: int, window: TimeWindow | None = None) -> Parsed | None:
        """ ">50k demand deposits", "at least 3 logins", "5万以上的活期", "30岁以上"."""
        found = self.cursor.comparison(index)
        if found is None:
            return self.tags.order_first(index)
        comparison, last = found
        unit_tag = self.amounts.unit_tag(comparison)
        if unit_tag is not None:
            node = self.amounts.number_condition(unit_tag, comparison, index, last)
            if node is not None:
                return node, last
        after = self.cursor.skip(last, "ignored", "is")
        token = self.cursor.token(after)
        if token is None or any(other.phrase("today", "edit.fragment") for other in self.cursor.tokens[last:after]):
            return None  # less than 10k now whose AUM …: another clause has begun
        if token.of("dated") or token.phrase("aggregate.sum", "aggregate.each"):
            place = self.cursor.skip(after, "ignored", "is", "aggregate.sum", "aggregate.each")
            how = token.phrase("aggregate.sum", "aggregate.each")
            dated = self.due.dated(place, comparison, how)
            if dated is not None:
                return self.requoted(dated, index)
        if window is None and token.window is not None and token.window.window is not None and token.window.kind == "window":
            inner = self.cursor.skip_words(after + 1)
            record = self.records.record_at(inner, token.window.window, comparison)
            if record is not None:
                return self.requoted(record, index)
        record = self.records.record_at(after, window, comparison)
        if record is not None:
            return self.requoted(record, index)
        if window is not None:
            return None
        tag = self.amounts.number_tag(token, comparison)
        if tag is None:
            return None
        comparison, last = self.amounts.bounded_behind(comparison, after + 1)
        node = self.amounts.number_condition(tag, comparison, index, last)
        return None if node is None else (node, last)

    def _same_number(self, index: int) -> Parsed | None:
        """over 50k and under 200k; 上月末AUM在50万以上、现在不到50万: another bound on the tag just compared, or what it is today."""
        found = self.cursor.comparison(index)
        tag = self.amounts.last_tag
        if found is None or tag is None or found[0].operator is None or not index:
            return None
        if found[0].scale_said and tag.unit not in MONEY:
            return None  # 30岁以上且10万以下: the second number is of something else
        joining = ("connective.also", "connective.and", "connective.but", "connective.or")
        before, snapshot = self.cursor.tokens[index - 1], self.amounts.last_snapshot
        following = self.cursor.token(found[1])
        if before.phrase("have"):  # had 100k at the last month end but have less than 10k now
            before, snapshot = self.cursor.tokens[max(index - 2, 0)], None
        if snapshot is not None and following is not None and following.phrase("today"):
            snapshot = None
        if before.phrase("today") and snapshot is None and tag.earlier_value_of is not None:
            tag = self.cursor.catalog.tags[tag.earlier_value_of.tag]  # of 上月末AUM what it is today
        elif before.phrase("today") and snapshot is not None:
            snapshot = None
        elif not before.phrase(*joining):
            return None
        node = self.amounts.number_condition(tag, found[0], index, found[1], snapshot)
        return None if node is None else (node, found[1])

    def _have(self, index: int) -> Parsed | None:
        """有, with and what is had. None too where it runs on into a behaviour: 有理财产品浏览 says nothing of holdings."""
        following = self.cursor.token(index + 1)
        if self.cursor.tokens[index].phrase("must") and following is not None and following.phrase("have"):
            return self.requoted(self._have(index + 1), index)  # 要有按揭的
        if not self.cursor.tokens[index].phrase("have"):
            return None
        point = self.cursor.checkpoint()
        found = self._had(index)
        if found is not None and self.records.runs_on(found[1]):
            self.cursor.restore(point)
            return None
        return found

    def _had(self, index: int) -> Parsed | None:
        """What stands behind a word of having, at `index`."""
        after = self.cursor.skip(index + 1, "ignored", "have", "is", "any_of")
        if after >= self.cursor.limit:
            return None
        listed = self.pairs.paired(after) or self.pairs.shared(after)
        if listed is not None:
            return self.requoted(listed, index)
        shared = self._before_shared_noun(index, after)
        if shared is not None:
            return shared
        held = self.tags.holdings(index, after, positive=True)
        if held is not None:
            return held
        token = self.cursor.tokens[after]
        flag = self.amounts.only_tag(token, lambda tag: tag.type == "flag")
        if flag is not None:
            return TagCondition(tag=flag.code, operator="=", value=True, said=self.cursor.said(index, after + 1)), after + 1
        found = self._number_first(after) if token.comparison is not None else self.records.record_at(after, None)
        if token.text.startswith("neither") or token.text == "no":
            found = self.denials.negated(after)
        if found is None and not token.phrase("negation.not", "negation.never", "lack", "negation.except_open", "have"):
            found = self.condition(after)
        bare = next((place for place in range(index + 1, after) if self.cursor.tokens[place].of("ambiguous")), None)
        if found is None and bare is not None:
            found = self.condition(bare)  # with a balance above 50k: "balance" is a word of its own where no product follows
        return self.requoted(found, index)

    def _had_then(self, index: int) -> Parsed | None:
        """had funds at the last month end: a verb of having in the past is read only with the point of time it speaks of."""
        if not self.cursor.tokens[index].phrase("had"):
            return None
        found = self._had(index)
        if found is None:
            return None
        node, last = self._as_it_was(index, found)
        parts = node.children if isinstance(node, AllOf | AnyOf) else (node,)
        then = all(isinstance(part, TagCondition) and part.snapshot is not None for part in parts)
        return self.requoted((node, last), index) if then else None

    def _before_shared_noun(self, index: int, after: int) -> Parsed | None:
        """gold or platinum credit cards: two grades of a card; a first value that is a product too may also be had by itself, which is asked."""
        if shared_noun(self.cursor, after) is None:
            return None
        token = self.cursor.tokens[after]
        if token.of("hold"):
            quote = self.cursor.quote(index, after + 1)
            labels = (Text(zh="与后一项同属一类", en="a kind of what is named last"), Text(zh="单独的一种产品", en="a product of its own"))
            if self.cursor.choose("shared_noun", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels) == 1:
                return None
        return self.requoted(self.records.record_at(after, None), index)


def _lacks(node: AnyNode) -> bool:
    """Whether a condition says what is not there, or is none that a list of things had can go on from."""
    if isinstance(node, ConceptRef):
        return node.negated
    return not isinstance(node, TagCondition) or node.value is False or (node.operator, node.value) == ("=", Decimal(0))


def _stronger(one: str, other: str) -> str:
    order = ("", "comma", "and", "also", "or")
    return max(one, other, key=order.index)
