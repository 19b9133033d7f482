"""A slip taken back in the same breath: 白金，哦不，钻石客户; only Shanghai Branch, no, Hangzhou Branch. Law: only what says the same thing anew takes the place of
what stands before it; anything else leaves the words of correction unread, and so asked about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.retimed import retimed
from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import Item
from assistant.rule.tree import AnyNode, ConceptRef, Range, RecordCondition, TagCondition

_DENIALS = ("negation.not", "negation.is_not")
_COUNTS = ("times", "count", None)


def corrected_at(cursor: Cursor, index: int) -> int | None:
    """The index behind words of correction that begin at a comma; None where there are none. 不 and no are such words only between two commas."""
    if not cursor.tokens[index].phrase("connective.comma") or cursor.tokens[index].text == "、":
        return None
    place, found = index + 1, False
    while (token := cursor.token(place)) is not None:
        closed = (following := cursor.token(place + 1)) is not None and following.phrase("connective.comma") is not None
        if token.phrase("correction") and (closed or not token.phrase(*_DENIALS)):
            found = True
        elif token.content or not token.phrase("ignored", *(("connective.comma",) if found else ())):
            break
        place += 1
    return place if found else None


class Corrections:
    """Puts what is said anew in the place of what it takes back."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts

    def anew(self, before: Item, found: tuple[AnyNode, int] | None, marked: int, index: int) -> Item | None:
        """The condition before the correction as it is said anew from `index` on: a whole condition about the same, else only another number or time.
        `marked`: where the words of correction begin. None where the words say something else."""
        if found is not None and _same_thing(before.node, found[0]):
            if _denies(before.node) and not _denies(found[0]) and not self.cursor.tokens[index].phrase("have", "is"):
                return None  # not in Shanghai Branch, no, Beijing Branch: not in the other, or in it
            node, last = found
        else:
            other = None if found is not None and self.cursor.tokens[index].content else self._value(before, index)
            if other is None:
                return None
            node, last = other, index + 1
        quote, gone = self.cursor.quote(before.first, last), self.cursor.quote(before.first, marked)
        self.cursor.doubts[:] = [one for one in self.cursor.doubts if not gone.start <= one.quote.start < gone.end]
        self.cursor.mark(marked, index, "ignored")
        self.cursor.assume("self_correction", quote, words=self.cursor.words(quote))
        said = (*before.node.said, *self.cursor.said(index, last))
        return replace(before, node=node.model_copy(update={"said": said}), last=last)

    def _value(self, before: Item, index: int) -> AnyNode | None:
        token, node = self.cursor.tokens[index], before.node
        if token.window is not None:
            return (
                retimed(node, token.window, self.cursor.catalog) if isinstance(node, TagCondition | RecordCondition | ConceptRef) else None
            )
        comparison = token.comparison
        if comparison is None or not isinstance(node, TagCondition | RecordCondition) or not isinstance(node.value, Decimal | Range):
            return None
        if isinstance(node, TagCondition):
            anew = self.amounts.number_condition(self.cursor.catalog.tags[node.tag], comparison, index, index + 1, node.snapshot)
        elif comparison.unit in _COUNTS and node.aggregate in ("count", "days"):
            operator, value = self.amounts.operator_and_value(comparison, self.cursor.quote(index, index + 1))
            anew = node.model_copy(update={"operator": operator, "value": value})
        else:
            return None
        keeps = comparison.operator is None and isinstance(anew, TagCondition | RecordCondition) and not isinstance(node.value, Range)
        return anew.model_copy(update={"operator": node.operator}) if anew is not None and keeps else anew


def _denies(node: AnyNode) -> bool:
    return isinstance(node, TagCondition) and (node.operator in ("not_in", "<>") or node.value is False)


def _same_thing(old: AnyNode, new: AnyNode) -> bool:
    match old, new:
        case TagCondition(), TagCondition():
            return (old.tag, old.snapshot) == (new.tag, new.snapshot)
        case RecordCondition(), RecordCondition():
            return (old.records, old.aggregate, old.of) == (new.records, new.aggregate, new.of)
        case _:
            return False
