"""Names listed behind a denied one: without the mortgage holders and the card holders, 不是按揭客户和代发客户. Law: see `parser`; nouns of people that "and" joins are denied together, and of any
others it is asked how far the denial reaches."""

from __future__ import annotations

from typing import Protocol

from assistant.catalog.model import Text
from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.concepts import ConceptPatterns
from assistant.interpret.conditions.tags import TagPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import all_of, denied, held
from assistant.language.phrases import phrases_of
from assistant.rule.tree import AllOf, AnyNode, ConceptRef, Not, SegmentRef, TagCondition

Parsed = tuple[AnyNode, int]
_ARTICLES = ("a", "an")
_MARKS = (",", "、")


class Host(Protocol):
    """What a condition of its own is read with: the parser these names belong to."""

    def condition(self, index: int) -> Parsed | None: ...


class DeniedNames:
    """What else a denial reaches, behind the first name it denies."""

    def __init__(self, cursor: Cursor, host: Host, amounts: Amounts, tags: TagPatterns, concepts: ConceptPatterns) -> None:
        self.cursor, self.host, self.amounts, self.tags, self.concepts = cursor, host, amounts, tags, concepts

    def reached(self, first: int, found: Parsed) -> Parsed:
        """A denied name with the names joined to it, as far as they are denied with it."""
        node, last = found
        if not _is_name(node):
            return found
        nodes, joins, people = [node], list[str](), [self._noun_of_people(first, last)]
        in_list = first > 0 and self.cursor.tokens[first - 1].text == "、"
        while True:
            place = self.cursor.skip(last, "ignored", "people")
            token = self.cursor.token(place)
            join = None if token is None else token.phrase("connective.or", "connective.and", "connective.comma")
            point = self.cursor.checkpoint()
            more = None if token is None or join is None else self._name(first, place + 1, join)
            if token is None or join is None or more is None:
                self.cursor.restore(point)
                break
            named = self._noun_of_people(place + 1, more[1])
            if (token.text == "," or (token.text == "、" and in_list)) and not (named and people[-1]):
                self.cursor.restore(point)
                break
            nodes.append(more[0])
            joins.append(token.text if token.text in _MARKS else join)
            people.append(named)
            last = more[1]
        listed = any(join != "," for join in joins) and "connective.or" not in joins
        if not joins or not ((listed and all(people)) or self._asked(first, last, joins)):
            return found
        self.cursor.mark(first, last, "condition")
        return all_of(nodes), last

    def _asked(self, first: int, last: int, joins: list[str]) -> bool:
        """Whether all that is listed is denied, as it is asked."""
        quote = self.cursor.quote(first, last)
        rest = Text(zh="没有前一项，或有后面的", en="not the first, or else the rest")
        if "connective.or" not in joins:
            rest = Text(zh="没有前一项，有后面的", en="not the first, but the rest")
        labels = (Text(zh="都没有", en="none of them"), rest)
        return self.cursor.choose("denied_list", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels) == 0

    def _name(self, first: int, index: int, join: str) -> Parsed | None:
        """The denial of the name that stands there: a yes-no tag, a value, a concept, a product, those with something. None where the words begin a condition of their own."""
        place = self.cursor.skip(index, "ignored", "those")
        token = self.cursor.token(place)
        if token is not None and token.phrase("have") and any(self.cursor.tokens[at].phrase("those") for at in range(index, place)):
            having = self.host.condition(place)
            return None if having is None else (denied(having[0], self.cursor.said(first, having[1])), having[1])
        article = any(self.cursor.tokens[at].text in _ARTICLES for at in range(index, place))
        if token is None or (article and join != "connective.or"):
            return None
        said = self.cursor.said(first, place + 1)
        flag = self.amounts.only_tag(token, lambda each: each.type == "flag")
        if flag is not None:
            return TagCondition(tag=flag.code, operator="=", value=False, said=said), place + 1
        values = self.tags.value_list(place)
        if values is not None:
            tag, codes, last = values
            if self.cursor.order(last, prefix=False) is not None:
                return None
            return TagCondition(tag=tag.code, operator="not_in", value=codes, said=self.cursor.said(first, last)), last
        saved = self.concepts.saved_at(place)
        if saved is not None:
            return denied(saved, said), place + 1
        concept = self.concepts.concept_at(place)
        if concept is not None and token.text.startswith(tuple(phrases_of("negation.not"))):
            return None  # or without mobile banking: it has a denial of its own
        if concept is not None:
            return self.concepts.concept_node(concept, True, None, first, place + 1)
        product = self.tags.holding(place)
        return None if product is None else (held(product, False, said), place + 1)

    def _noun_of_people(self, first: int, last: int) -> bool:
        """Whether the last of some words names customers, and not what they have or are: mortgage holders, 持卡客户, the women."""
        token, following = self.cursor.tokens[last - 1], self.cursor.token(last)
        word = token.text.split()[-1]
        named = word in phrases_of("person") if word.isascii() else word.endswith(tuple(phrases_of("people")))
        return named or (following is not None and following.phrase("people", "person") is not None)


def _is_name(node: AnyNode) -> bool:
    """Whether a denial is of names alone."""
    if isinstance(node, AllOf):
        return all(_is_name(child) for child in node.children)
    if isinstance(node, Not):
        return isinstance(node.child, SegmentRef | ConceptRef)
    if isinstance(node, ConceptRef):
        return node.negated
    return isinstance(node, TagCondition) and (node.value is False or node.operator == "not_in")
