"""How the conditions of a request hang together: and, or, ranks inside a group, groups side by side. Law: a grouping the words leave open is asked about."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from assistant.errors import Issue, Severity
from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import Item, all_of, any_of, bounds, denied
from assistant.rule.tree import AllOf, AnyNode, AnyOf, ConceptRef, Not, RankCondition, TagCondition

_PEOPLE = ("客户", "客群", "户", "人群", "用户", "customers", "clients")

_SORTS_OF_PEOPLE = ("女性", "男性", "女士", "男士", "老人", "老年人", "年轻人", "women", "men", "seniors", "holders")

PEOPLE = "people"
"""What the doubt is called whether two nouns of people are the ones and the others."""
_NO_PEOPLE = ("账户", "帐户", "管户", "开户", "商户", "销户")
_DENYING_ONE = ("非", "non", "non-")
"""Denials that reach one word."""


class Grouping:
    """Joins the items of one list. `start` is the token at which the request that is being read begins."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.start = 0

    def loose(self, node: AnyNode, first: int, last: int) -> bool:
        tokens = self.cursor.tokens[first:last]
        said_or = any(token.phrase("connective.or") for token in tokens)
        opening = next((token for token in tokens if not token.phrase("have", "ignored")), tokens[0])
        bound = bool(opening.phrase("bracket.open")) or bool(tokens[0].phrase("either"))
        nouns = isinstance(node, TagCondition) and node.operator == "in" and self._whole_noun(first + 1, last)
        return (isinstance(node, AnyOf) or nouns) and said_or and not bound

    def grouped(self, items: list[Item]) -> AnyNode:
        """Join the items. Only or: any. No or: all. Both: asked, with "and binds tighter" first (MEANING.md)."""
        items = self._denied_together(_taken_apart(items))
        if len(items) == 1:
            return items[0].node
        joins = [item.join for item in items[1:]]
        if all(join == "or" for join in joins):
            return self._either_or_neither(items)
        if "or" not in joins:
            return self._side_by_side(items) or self._people_and_people(items) or self._ranked(items)
        held_together = self._held_together(items)
        if len(held_together) < len(items):
            return self.grouped(held_together)
        sides = _split(items, lambda item: item.join == "or")
        if len({_tags_of(side) for side in sides}) == 1 and all(self._whole_group(side) for side in sides):
            return any_of([all_of([item.node for item in side]) for side in sides])
        quote = self.cursor.quote(items[0].first, items[-1].last)
        chosen = self.cursor.choose("scope", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, (None, None))
        if chosen == 0:
            groups = _split(items, lambda item: item.join == "or")
            return any_of([all_of([item.node for item in group]) for group in groups])
        groups = _split(items, lambda item: item.join != "or")
        return all_of([any_of([item.node for item in group]) for group in groups])

    def _side_by_side(self, items: list[Item]) -> AnyNode | None:
        """杭州分行AUM50万以上和宁波分行AUM30万以上的客户: groups built alike, each of another value of one tag, are groups of customers beside each other."""
        groups = _split(items, lambda item: item.join in ("and", "comma"))
        if len(groups) < 2 or any(len(group) < 2 for group in groups) or any(item.join == "also" for item in items):
            return None
        if len({_tags_of(group) for group in groups}) > 1:
            return None
        for tag in _tags_of(groups[0]):
            values = [_values_of(group, tag) for group in groups]
            if all(values) and sum(map(len, values)) == len(frozenset().union(*values)):
                return any_of([all_of([item.node for item in group]) for group in groups])
        return None

    def _denied_together(self, items: list[Item]) -> list[Item]:
        """不是女性白金, not platinum women: what stands at once behind the first of two values that "is not" denies may be denied with it: asked."""
        for place, (item, beside) in enumerate(pairwise(items)):
            token, said = self.cursor.tokens[item.first], (item.node, beside.node)
            positive = _denied_of(item.node) if token.phrase("negation.is_not", "negation.not") and token.text not in _DENYING_ONE else None
            if positive is None or beside.join or beside.first != item.last or not isinstance(beside.node, TagCondition):
                continue
            if beside.node.operator != "in" or not self.cursor.tokens[beside.first].of("value"):
                continue
            quote = self.cursor.quote(item.first, beside.last)
            chosen = self.cursor.choose("denied_beside", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, (None, None))
            together = Not(child=all_of([positive, beside.node]), said=self.cursor.said(item.first, beside.last))
            node = together if chosen == 0 else all_of(list(said))
            return [*items[:place], Item(item.join, node, item.first, beside.last), *items[place + 2 :]]
        return items

    def _people_and_people(self, items: list[Item]) -> AnyNode | None:
        """房贷客户和白金客户: two nouns of people joined by "and" are as well the ones and the others as those who are both: asked. What a comma sets apart in front of
        them or behind holds for all of them; what is said before the first noun may."""
        groups = _split(items, self._listed)
        both = any(token.phrase("both") for token in self.cursor.tokens[max(items[0].first - 1, self.start) : items[-1].last])
        if len(groups) < 2 or both or any(isinstance(item.node, RankCondition) or item.join in ("or", "also") for item in items):
            return None
        first, last = groups[0], groups[-1]
        opens = max((place for place, item in enumerate(first) if item.join == "comma"), default=0)
        closes = next((place for place, item in enumerate(last) if place and item.join == "comma"), len(last))
        outside = [item.node for item in (*first[:opens], *last[closes:])]
        groups = [first[opens:], *groups[1:-1], last[:closes]]
        if len({_tags_of(group) for group in groups}) == 1 or not self._nouns(groups):
            return None
        sides = [all_of([item.node for item in group]) for group in groups]
        if self._shared_by_all(groups[0][0].first, groups[-1][-1].last):
            return all_of([*sides, *outside])
        readings = [any_of(sides), all_of(sides)]
        if len(groups[0]) > 1 and all(len(group) == 1 for group in groups[1:]):
            *said, noun = (item.node for item in groups[0])
            readings.insert(0, all_of([*said, any_of([noun, *sides[1:]])]))
        quote = self.cursor.quote(groups[0][0].first, groups[-1][-1].last)
        labels = (None,) * len(readings)
        chosen = self.cursor.choose(PEOPLE, quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels)
        return all_of([readings[chosen], *outside])

    def _shared_by_all(self, first: int, last: int) -> bool:
        """房贷客户和白金客户的重合, the overlap of … and …: the words say that they are both; they are marked."""
        near = (*range(max(first - 3, self.start), first), *range(last, min(last + 3, self.cursor.limit)))
        said = [
            place
            for place in near
            if self.cursor.tokens[place].phrase("common", "request.overlap") and not self.cursor.tokens[place].content
        ]
        for place in said:
            self.cursor.mark(place, place + 1, "request")
            self.cursor.skipped.discard(place)
        return bool(said)

    def _listed(self, item: Item) -> bool:
        """Whether 和 or 、 joins a condition to the one before."""
        return item.join == "and" or (
            item.join == "comma" and any(token.text == "、" for token in self.cursor.tokens[item.first - 2 : item.first])
        )

    def _nouns(self, groups: list[list[Item]]) -> bool:
        """Whether each group has a noun for people of its own: behind it (房贷客户和白金客户), or in front of each but the first (and customers who are platinum)."""
        tokens = self.cursor.tokens
        end = groups[-1][-1].last
        while end < self.cursor.limit and tokens[end].phrase("ignored", "people") and not tokens[end].content:
            end += 1
        ends = [*(group[0].first for group in groups[1:]), end]
        behind = all(self._called(group[-1].last, end) for group, end in zip(groups, ends, strict=True))
        return behind or all(self._anew(one[-1].last, other[0].first) for one, other in pairwise(groups))

    def _called(self, last: int, following: int) -> bool:
        """Whether a condition ends in a noun for people of its own, or is one, as a saved segment is; 账户 and 管户 are none."""
        token, text = self.cursor.tokens[last - 1], self.cursor.tokens[last - 1].text
        return (
            bool(token.of("segment"))
            or text.endswith(_SORTS_OF_PEOPLE)
            or (self._whole_noun(last, following) and not text.endswith(_NO_PEOPLE))
        )

    def _anew(self, last: int, following: int) -> bool:
        """Whether a noun for people stands behind the "and" between two conditions."""
        gap = self.cursor.tokens[last:following]
        joined = next((place for place, token in enumerate(gap) if token.phrase("connective.and")), len(gap))
        return any(token.phrase("those") or token.text in _PEOPLE for token in gap[joined:])

    def _either_or_neither(self, items: list[Item]) -> AnyNode:
        """A或B; but not A or B, where B says nothing of its own (no verb, no denial), can be neither of them: asked."""
        nodes = [item.node for item in items]
        opening = self.cursor.token(self.cursor.skip(items[0].first, "ignored", "is"))
        bare = all(not self._opens_anew(item) for item in items[1:])
        denial = None if opening is None else opening.phrase("negation.not", "negation.none", "negation.is_not", "negation.never")
        if (
            denial is None
            or not bare
            or any(join.text == "," for item in items[1:] for join in self.cursor.tokens[item.first - 2 : item.first])
        ):
            return AnyOf(children=tuple(nodes))
        quote = self.cursor.quote(items[0].first, items[-1].last)
        neither = all_of([nodes[0], *(denied(item.node, self.cursor.said(items[0].first, item.last)) for item in items[1:])])
        chosen = self.cursor.choose("denied_or", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, (None, None))
        return neither if chosen == 0 else AnyOf(children=tuple(nodes))

    def _opens_anew(self, item: Item) -> bool:
        """Whether a condition has a verb or a denial of its own, so that what was denied before it does not reach it."""
        token = self.cursor.tokens[item.first]
        before = self.cursor.tokens[item.first - 1]
        kinds = (
            "have",
            "is",
            "negation.not",
            "negation.none",
            "negation.is_not",
            "negation.never",
            "negation.except_open",
            "lack",
            "bracket.open",
        )
        if isinstance(item.node, ConceptRef):
            return True  # a concept says its own denial: without mobile banking
        denied_too = any(
            each.phrase("negation.not", "negation.none", "negation.never", "lack") for each in self.cursor.tokens[item.first : item.last]
        )
        return denied_too or token.phrase(*kinds) is not None or before.phrase("have", "is") is not None

    def _held_together(self, items: list[Item]) -> list[Item]:
        """The items with every A或B that the words hold together as one: 要么A要么B, 客户中A或B, and A或B的 in front of a noun that belongs to both."""
        for first, item in enumerate(items):
            if first + 1 == len(items) or items[first + 1].join != "or":
                continue
            last = first + 1
            while last + 1 < len(items) and items[last + 1].join == "or":
                last += 1
            if first and item.join == "or":
                continue
            before = range(items[first - 1].last if first else self.start, item.first + 1)
            opened = any(self.cursor.tokens[place].phrase("either") for place in range(before.start, item.last))
            among = self._inside(range(before.start, item.first)) or self._among(range(self.start, items[0].first))
            inside = first > 0 and among and last + 1 == len(items)
            following = items[last + 1] if last + 1 < len(items) else None
            modifies = (
                (first == 0 or item.join == "comma")
                and following is not None
                and following.join == ""
                and any(self.cursor.tokens[place].text == "的" for place in range(items[last].last, following.first))
                and not any(self._whole_noun(items[at].last, items[at + 1].first) for at in range(first, last))
            )
            if opened or inside or modifies:
                node = AnyOf(children=tuple(one.node for one in items[first : last + 1]))
                return [*items[:first], Item(item.join, node, item.first, items[last].last), *items[last + 1 :]]
        return items

    def _whole_noun(self, last: int, following: int) -> bool:
        """Whether a condition ends in its own noun for people, so that what stands behind 或 is another group: 代发客户或有按揭的女性."""
        return self.cursor.tokens[last - 1].text.endswith(_PEOPLE) or any(
            self.cursor.tokens[place].phrase("people") for place in range(last, following)
        )

    def _whole_group(self, side: list[Item]) -> bool:
        """上海分行的白金客户 of 上海分行的白金客户或杭州分行的金卡客户: conditions side by side around a noun for people of their own."""
        beside = len(side) > 1 and all(item.join == "" for item in side[1:])
        ends = [*(item.first for item in side[1:]), min(side[-1].last + 1, self.cursor.limit)]
        return beside and any(self._whole_noun(item.last, end) for item, end in zip(side, ends, strict=True))

    def _ranked(self, items: list[Item]) -> AnyNode:
        """All of the items. X中前10% ranks inside what stands before it; 前10%的X is asked: inside the others, or in the whole base (MEANING.md)."""
        places = [place for place, item in enumerate(items) if isinstance(item.node, RankCondition)]
        nodes = [item.node for item in items]
        if len(places) > 1:
            quote = self.cursor.quote(items[0].first, items[-1].last)
            self.cursor.issues.append(
                Issue("ambiguous_rank", Severity.ASK, quote=bounds(quote), params={"words": self.cursor.words(quote)})
            )
        if len(places) != 1:
            return all_of(nodes)
        place = places[0]
        rank = nodes[place]
        assert isinstance(rank, RankCondition), "found by its type"
        before = range(items[place - 1].last if place else self.start, items[place].first)
        after = range(items[place].last, items[place + 1].first) if place + 1 < len(items) else range(0)
        counted = place + 1 < len(items) and items[place + 1].join == "" and rank.count is not None
        beside = counted and all(self.cursor.tokens[at].text != "的" for at in after)  # 有房贷的客户中AUM最高的50个女性: are they 50 women?
        if place and self._inside(before) and not beside:
            return all_of([_inside_of(rank, nodes[:place]), *nodes[place + 1 :]])
        if self._among(after):
            return all_of([*nodes[:place], _inside_of(rank, nodes[place + 1 :])])
        if place and self._among(range(self.start, items[0].first)):
            return all_of([_inside_of(rank, nodes[:place]), *nodes[place + 1 :]])
        if place == 0 and (self._inside(after) or self._among(before) or self._chosen_from(before, items[0])):
            return all_of(nodes)
        if place == 0 and rank.count is not None and self._located(after, items):
            return _inside_of(rank, nodes[1:])
        others = [node for number, node in enumerate(nodes) if number != place]
        quote = self.cursor.quote(items[0].first, items[-1].last)
        chosen = self.cursor.choose("rank", quote, "ambiguous_rank", {"words": self.cursor.words(quote)}, (None, None))
        return _inside_of(rank, others) if chosen == 0 else all_of(nodes)

    def _inside(self, gap: range) -> bool:
        """…中, …里: what follows is chosen inside what stands before."""
        return any(self.cursor.tokens[index].text.startswith(("中", "里", "当中", "其中", "客户中", "客户里")) for index in gap)

    def _chosen_from(self, before: range, item: Item) -> bool:
        """of the top 500 by AUM, who has no card: those that are ranked are what the rest is asked of."""
        of = any(self.cursor.tokens[index].text == "of" for index in before)
        return of and self.cursor.tokens[item.first].text.startswith("the ")

    def _located(self, gap: range, items: list[Item]) -> bool:
        """the 50 customers with the highest AUM in Ningbo Branch: so many of those there are of that place."""
        words = [self.cursor.tokens[index].text for index in gap]
        plain = set(words) <= {"in", "at", "of", "from", "the", "our"}
        return plain and words[:1] != ["the"] and bool(words) and all(item.join == "" for item in items[1:])

    def _among(self, gap: range) -> bool:
        return any(self.cursor.tokens[index].phrase("among") for index in gap)


def _denied_of(node: AnyNode) -> AnyNode | None:
    """The values that a condition denies, as a condition; None for one that denies none."""
    if isinstance(node, TagCondition) and node.operator == "not_in":
        return node.model_copy(update={"operator": "in"})
    return node.child if isinstance(node, Not) and isinstance(node.child, TagCondition) and node.child.operator == "in" else None


def _inside_of(rank: RankCondition, others: list[AnyNode]) -> RankCondition:
    """The rank taken inside other conditions too, besides what it is taken inside of already."""
    already = [] if rank.within == AllOf() else [rank.within]
    return rank.model_copy(update={"within": all_of([*already, *others])})


def _split(items: list[Item], starts: Callable[[Item], bool]) -> list[list[Item]]:
    groups: list[list[Item]] = [[items[0]]]
    for item in items[1:]:
        if starts(item):
            groups.append([item])
        else:
            groups[-1].append(item)
    return groups


def _tags_of(items: list[Item]) -> frozenset[str]:
    """What conditions side by side are about, to see whether two groups are built alike; a condition that is not on a tag is like no other."""
    return frozenset(item.node.tag if isinstance(item.node, TagCondition) else f"{item.first}" for item in items)


def _values_of(items: list[Item], tag: str) -> frozenset[str]:
    """The values of a tag that one condition of a group names; empty where none does."""
    named = [
        item.node.value for item in items if isinstance(item.node, TagCondition) and item.node.tag == tag and item.node.operator == "in"
    ]
    return frozenset(value for values in named if isinstance(values, tuple) for value in values)


def _taken_apart(items: list[Item]) -> list[Item]:
    """A bare A或B with an 且, 和 or comma beside it as its members, so that the grouping is asked about."""
    found: list[Item] = []
    for place, item in enumerate(items):
        beside = (item.join, items[place + 1].join if place + 1 < len(items) else "")
        if item.loose and isinstance(item.node, AnyOf) and any(join in ("and", "also", "comma", "or") for join in beside):
            members = item.node.children
            found.extend(Item(item.join if number == 0 else "or", member, item.first, item.last) for number, member in enumerate(members))
        elif item.loose and isinstance(item.node, TagCondition) and isinstance(item.node.value, tuple) and "also" in beside:
            each = [item.node.model_copy(update={"value": (value,)}) for value in item.node.value]
            found.extend(Item(item.join if number == 0 else "or", one, item.first, item.last) for number, one in enumerate(each))
        else:
            found.append(item)
    return found
