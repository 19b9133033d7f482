"""A condition in a read-back's own words inside any other request. Law: taken only whole, in one way, and where the request goes on with a joining word or ends.

Whatever a rule can hold can so be said in a longer request, a follow-up or brackets, beside conditions said freely.
"""

from __future__ import annotations

from assistant.catalog.model import LANGUAGES
from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.readback.conditions import condition_reader
from assistant.interpret.readback.patterns import Found
from assistant.rule.canonical import canonical, text
from assistant.rule.tree import AllOf, AnyNode, ConceptRef, Quote, RecordCondition, TagCondition

Parsed = tuple[AnyNode, int]
_GOES_ON = (
    "connective.and", "connective.or", "connective.also", "connective.but", "connective.comma", "bracket.close", "negation.except_close",
    "people", "ignored",
)  # fmt: skip


def said_as(node: AnyNode, said: tuple[Quote, ...]) -> AnyNode:
    """A condition with the words it came from; of the base population each of its conditions."""
    members = {"children": tuple(said_as(one, said) for one in node.children)} if isinstance(node, AllOf) else {}
    return node.model_copy(update={"said": said, **members})


class StatedPatterns:
    """The patterns of read-backs, at the places where a condition may begin."""

    def __init__(self, cursor: Cursor, amounts: Amounts, records: RecordPatterns) -> None:
        self.cursor, self.amounts, self.records = cursor, amounts, records
        self.ends = {token.end: index + 1 for index, token in enumerate(cursor.tokens)}

    def stated(self, index: int) -> Parsed | None:
        """The longest condition that begins at a token in a read-back's words."""
        start = self.cursor.tokens[index].start
        found = [(node, self.ends[end]) for node, end in self._leaves(start) if end in self.ends and self._closed(self.ends[end])]
        last = max((after for _, after in found), default=index)
        distinct = {text(canonical(node)): node for node, after in found if after == last}
        if len(distinct) != 1:
            return None
        node = said_as(next(iter(distinct.values())), self.cursor.said(index, last))
        if isinstance(node, TagCondition) and isinstance(node.value, tuple) and self._lists_on(node.tag, last):
            return None
        self._remember(node, index, last)
        self.cursor.settled.update(range(index, last))
        return node, last

    def _leaves(self, start: int) -> Found[AnyNode]:
        context, folded = self.cursor.context, self.cursor.normalised.text
        readers = (condition_reader(context.catalog, language, folded, context.as_of, context.today) for language in LANGUAGES)
        return [leaf for reader in readers for leaf in reader.leaves(start)]

    def _closed(self, after: int) -> bool:
        """Whether a condition may end before a token: what follows does not go on with it."""
        token = self.cursor.token(after)
        return after <= self.cursor.limit and (token is None or token.phrase(*_GOES_ON) is not None)

    def _lists_on(self, tag: str, after: int) -> bool:
        """Whether more values of an enum follow a joining word: 偏好为短信或电话 is one condition."""
        following = self.cursor.token(self.cursor.skip(after, "ignored", "connective.and", "connective.or", "connective.comma"))
        return following is not None and any(meaning.code == tag for meaning in following.of("value"))

    def _remember(self, node: AnyNode, first: int, last: int) -> None:
        """What later conditions of the request may lean on, as after any condition."""
        match node:
            case TagCondition(tag=tag) if self.cursor.catalog.tags[tag].numeric:
                self.amounts.last_tag = self.cursor.catalog.tags[tag]
            case RecordCondition(window=window) if window is not None:
                self.records.head_window, self.records.head_quote = window, self.cursor.quote(first, last)
            case ConceptRef(concept=concept):
                self.cursor.assume("concept_used", self.cursor.quote(first, last), concept=concept)
            case _:
                pass
