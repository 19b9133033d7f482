"""A number said of people themselves is their age: women over 40, customers under 18, 60 or over; 四十往上的女客户, 六十往上. Law: see `parser`; only a bare number, right behind a word
for people, with a word for being old, or one that is all its clause says of them, which is shown as an assumption.
"""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.interpret.clauses import ends
from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.sizes import age_of
from assistant.interpret.cursor import Cursor
from assistant.language.comparisons import Comparison
from assistant.language.phrases import phrases_of
from assistant.language.words import merged
from assistant.rule.tree import AnyNode, Range, TagCondition

Parsed = tuple[AnyNode, int]
_WHOSE = ("their", "his", "her")
_NO_DECADE = 1900
"""The names of the decades of a century are those of a life, counted from its beginning."""

_YOUNGEST = Decimal(14)
"""Below it a bare number could as well count something."""


class AgePatterns:
    """The patterns that begin with a bare number behind people."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts

    def aged(self, index: int) -> Parsed | None:
        """The age that a comparison without a unit says of the people in front of it."""
        found = self.cursor.comparison(index)
        tag = age_of(self.cursor.catalog)
        decade = None if tag is None else self._decade(index, tag)
        if decade is not None:
            return decade
        if found is None or tag is None or not _bare(found[0], tag):
            return None
        quote = self.cursor.quote(index, found[1])
        alone = self._alone(index, found[1]) or self._joined(index, found[1])
        named = self._of_people(index) or any(word in phrases_of("age_said") for word in self.cursor.words(quote).casefold().split())
        if not alone and (not named or self._counts(found[1])):
            return None
        if alone and not named:
            self.cursor.assume("age_read", quote, words=self.cursor.words(quote))
        node = self.amounts.number_condition(tag, found[0], index, found[1])
        return None if node is None else (node, found[1])

    def _alone(self, index: int, last: int) -> bool:
        """五十五往上的女客户, 六十往上: nothing in the clause but the number and whom it is said of, in a request of its own with no number of something else before it."""
        here, before = self.cursor.tokens[index], index - 1
        while before >= 0 and self.cursor.tokens[before].phrase("ignored", "opening") and not self.cursor.tokens[before].content:
            before -= 1
        heads = before < 0 or ends(self.cursor.tokens[before])
        other = any(token.comparison is not None and token.comparison.unit != "years" for token in self.cursor.tokens[:index])
        if not heads or self.cursor.context.rule is not None:
            return False
        place = self.cursor.skip(last, "ignored")
        behind = self.cursor.token(place)
        if here.text.isascii():  # state pension paid here, 60 and over
            begins = before < 0 and behind is not None and any(token.content for token in self.cursor.tokens)  # under 30, no credit card
            bounded = begins or here.text.endswith(tuple(phrases_of("age_bound")))
            return bounded and (behind is None or ends(behind) or behind.phrase("closing") is not None)
        nothing_else = not any(token.content for token in self.cursor.tokens)  # 五十往上的客户: of their money as well
        if other or nothing_else:
            return False
        if behind is None or ends(behind):
            return True
        said = behind.of("value") or behind.of("concept")
        return place > last and (bool(said) and not any(behind.of(kind) for kind in ("hold", "tag", "action", "unit")))

    def _joined(self, index: int, last: int) -> bool:
        """with a mortgage and over 40, who have a card and are over 40: the last of what is said of them, no other number before it."""
        before = index - 1
        while before > 0 and self.cursor.tokens[before].text in ("are", "is"):
            before -= 1
        joined = (
            before > 0 and self.cursor.tokens[before].phrase("connective.and") is not None and self.cursor.tokens[before].text.isascii()
        )
        said = self.cursor.tokens[:before]
        behind = self.cursor.token(self.cursor.skip(last, "ignored"))
        numbered = any(token.comparison is not None and token.comparison.unit != "years" for token in said)
        return joined and any(token.content for token in said) and not numbered and (behind is None or ends(behind))

    def _decade(self, index: int, tag: Tag) -> Parsed | None:
        """in their forties, in their 40s: from 40 to 49."""
        said = [token.text for token in self.cursor.tokens[index : index + 4]]
        if len(said) < 3 or said[0] != "in" or said[1] not in _WHOSE:
            return None
        names = merged(lambda grammar: grammar.times.decade_names).meanings
        figures = len(said) == 4 and said[3] == "s" and len(said[2]) == 2 and said[2].isdigit() and said[2].endswith("0")
        low = Decimal(said[2]) if figures else Decimal(names.get(said[2], _NO_DECADE) - _NO_DECADE)
        if low < _YOUNGEST:
            return None
        last = index + (4 if figures else 3)
        ages = Range(low=low, high=low + 9)
        return TagCondition(tag=tag.code, operator="range", value=ages, said=self.cursor.said(index, last)), last

    def _of_people(self, index: int) -> bool:
        """women over 40, people who are under 30, those either over 60 or …: nothing but a copula between the people and the number; with a mortgage who are over 40, since no product is a who."""
        place = index - 1
        if [token.text for token in self.cursor.tokens[max(index - 2, 0) : index]] in (["who", "are"], ["who", "is"]):
            return True
        copula = False
        while place > 0 and self.cursor.tokens[place].text in ("either", "are", "is", "who", "that"):
            copula = copula or self.cursor.tokens[place].text in ("who", "that")
            place -= 1
        if place < 0 or (place < index - 1 and not copula and self.cursor.tokens[place + 1].text != "either"):
            return False
        said = self.cursor.tokens[place].text.split()
        return bool(said) and said[-1] in phrases_of("person")

    def _counts(self, last: int) -> bool:
        """Whether what follows says what the number is of: over 60 logins, over 60 in deposits."""
        following = self.cursor.token(last)
        if following is None:
            return False
        if following.text in ("in", "of"):
            following = self.cursor.token(self.cursor.skip(last, "ignored", "is"))
            return following is not None and bool(following.of("tag") or following.of("hold") or following.of("unit"))
        return following.content or not following.read or following.comparison is not None


def _bare(comparison: Comparison, tag: Tag) -> bool:
    numbers = [number for number in (comparison.value, comparison.low, comparison.high) if number is not None]
    plain = comparison.operator is not None and comparison.unit is None and not comparison.scale_said and not comparison.unit_word
    most = tag.plausible[1] if tag.plausible is not None else Decimal(0)
    return plain and bool(numbers) and all(_YOUNGEST <= number <= most for number in numbers)
