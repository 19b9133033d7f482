"""再加上, 也算, 只看: conditions beside, or else, or in place of what a rule has. Law: whether a newcomer must meet the other conditions is asked."""

from __future__ import annotations

from assistant.errors import UserError
from assistant.interpret.conditions.as_it_was import as_it_was_before
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import AROUND, Place, about_the_same, conditions, deeper, pick, said_too, subjects, unread
from assistant.rule.canonical import canonical
from assistant.rule.edits import AddCondition, ReplaceCondition, apply
from assistant.rule.tree import AllOf, AnyNode, RankCondition, SegmentRule, TagCondition


class Additions:
    """Adds to one rule what the words of one cursor say."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def added(self, node: AnyNode, inside: bool, first: int, last: int) -> SegmentRule:
        """Also these. A rank is taken inside what the rule has when the words say so (其中, of them); else that is asked."""
        cursor = self.cursor
        rule, node = as_it_was_before(cursor, self.rule, node, first, last)
        for one in node.children if isinstance(node, AllOf) else (node,):
            if not inside and self._another_of(one):
                rule = Additions(cursor, rule).widened(one, first, last)
                continue
            if isinstance(one, RankCondition) and rule.node != AllOf():
                quote = cursor.quote(first, last)
                params = {"words": cursor.words(quote)}
                if inside or cursor.choose("rank", quote, "ambiguous_rank", params, (None, None)) == 0:
                    rule = narrowed(rule, one)
                    continue
            if not any(canonical(one) == canonical(old) for _, old in conditions(rule)) or not isinstance(rule.node, AllOf):
                rule = apply(rule, AddCondition(node=one, how="and"))
        return rule

    def _another_of(self, node: AnyNode) -> bool:
        """钻石的也要 where the rule has 白金: another value of what a customer has one of, so that it can only be meant besides, never at once."""
        if not isinstance(node, TagCondition) or not isinstance(node.value, tuple) or node.operator != "in":
            return False
        had = [
            old for _, old in conditions(self.rule) if isinstance(old, TagCondition) and old.operator == "in" and about_the_same(old, node)
        ]
        return len(had) == 1 and isinstance(had[0].value, tuple) and not set(had[0].value) & set(node.value)

    def widened(self, node: AnyNode, first: int, last: int) -> SegmentRule:
        """…也算: those too. When the rule has other conditions besides the one on the same tag, whether they hold for the newcomers is asked."""
        cursor = self.cursor
        whole = apply(self.rule, AddCondition(node=node, how="or"))
        same = [(path, old) for path, old in conditions(self.rule) if about_the_same(old, node)]
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

    def kept_alone(self, places: tuple[Place, ...], first: int, last: int) -> SegmentRule | None:
        """只保留第一个条件: the others go."""
        picked = pick(self.cursor, places, first, last)
        self._account_around(first, last)
        return self.rule.model_copy(update={"node": picked[0][1]}) if len(picked) == 1 else None

    def _account_around(self, first: int, last: int) -> None:
        for index in unread(self.cursor, first, last):
            token = self.cursor.tokens[index]
            if token.phrase(*AROUND) and not token.content:
                self.cursor.mark(index, index + 1, "ignored")

    def only(self, node: AnyNode, first: int, last: int) -> SegmentRule:
        """只看 X, said in tokens [first, last): replaces the condition on that tag, else adds one. UserError `edit_fits_none` when it would reach into a rank's group."""
        rule, node = as_it_was_before(self.cursor, self.rule, node, first, last)
        for condition in node.children if isinstance(node, AllOf) else (node,):
            if deeper(rule, subjects(condition)):
                raise UserError("edit_fits_none", words=self.cursor.words(condition.said[0]) if condition.said else "")
            same = [place for place in conditions(rule) if isinstance(place[1], TagCondition) and about_the_same(place[1], condition)]
            alone = len(same) == 1 and (not same[0][0] or (len(same[0][0]) == 1 and isinstance(rule.node, AllOf)))
            if alone:  # of 女性或白金 only the women: the other half of an or must not stay
                rule = apply(rule, ReplaceCondition(path=same[0][0], node=said_too(condition, same[0][1])))
            else:
                rule = narrowed(rule, condition)
        return rule


def narrowed(rule: SegmentRule, node: AnyNode) -> SegmentRule:
    """Only those of the rule's customers who meet a condition as well; a rank is taken among them, so that the ten richest of a segment are ten."""
    if not isinstance(node, RankCondition) or rule.node == AllOf():
        return apply(rule, AddCondition(node=node, how="and"))
    within = rule.node if node.within == AllOf() else AllOf(children=(rule.node, node.within))
    return rule.model_copy(update={"node": node.model_copy(update={"within": within})})
