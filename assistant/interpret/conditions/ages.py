"""A number said of people themselves is their age: women over 40, customers under 18, 60 or over. Law: see `parser`; only right behind a word for people, and only a bare number."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.cursor import Cursor
from assistant.language.comparisons import Comparison
from assistant.language.phrases import phrases_of
from assistant.rule.tree import AnyNode

Parsed = tuple[AnyNode, int]
_YOUNGEST = Decimal(14)
"""Below it a bare number could as well count something."""


class AgePatterns:
    """The patterns that begin with a bare number behind people."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts

    def aged(self, index: int) -> Parsed | None:
        """The age that a comparison without a unit says of the people in front of it."""
        found = self.cursor.comparison(index)
        tag = self._age()
        if found is None or tag is None or not _bare(found[0], tag) or not self._of_people(index) or self._counts(found[1]):
            return None
        node = self.amounts.number_condition(tag, found[0], index, found[1])
        return None if node is None else (node, found[1])

    def _age(self) -> Tag | None:
        """The catalog's number tag in years that has words of its own for them (岁, years old)."""
        tags = [tag for tag in self.cursor.catalog.unit_tags if tag.unit == "years" and tag.numeric]
        return tags[0] if len(tags) == 1 else None

    def _of_people(self, index: int) -> bool:
        """women over 40, people who are under 30, those either over 60 or …: nothing but a copula between the people and the number."""
        place = index - 1
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
