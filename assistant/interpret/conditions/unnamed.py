"""Numbers that name no tag: 15 grand a month of people on the payroll, mortgages at 3.6% or above. Law: read only where the request says what they can be of and
one tag of the catalog fits; a rate is stated as an assumption.
"""

from __future__ import annotations

from assistant.catalog.model import Tag
from assistant.interpret.conditions.amounts import MONEY, Amounts
from assistant.interpret.cursor import Cursor
from assistant.rule.tree import AnyNode

Parsed = tuple[AnyNode, int]
_AT = ("at", "on", "with")
"""What stands between a loan and its rate."""


class UnnamedPatterns:
    """The patterns that begin with a number whose tag is not said."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts

    def unnamed(self, index: int) -> Parsed | None:
        """The number at `index` by what it is counted per, or as the rate of what was named before it."""
        return self._by_unit(index) or self._rate(index)

    def _by_unit(self, index: int) -> Parsed | None:
        """20 to 30 grand a month on our payroll: money by the unit of a tag, where the product it is paid for is said anywhere in the request."""
        found = self.cursor.comparison(index)
        unit = None if found is None else self.cursor.token(found[1])
        if found is None or unit is None or found[0].unit not in (None, *MONEY):
            return None
        money = found[0].scale_said or found[0].unit is not None
        tags = [tag for meaning in unit.of("unit") if (tag := self.cursor.catalog.tags[meaning.code]).unit in MONEY]
        if len(tags) != 1 or not money or not any(self._says(place, set(tags[0].derived_from)) for place in range(len(self.cursor.tokens))):
            return None
        comparison, last = self.amounts.completed(tags[0], *found)
        node = self.amounts.number_condition(tags[0], comparison, index, last)
        return None if node is None else (node, last)

    def _rate(self, index: int) -> Parsed | None:
        """mortgage holders at 3.6% or above: the one rate in percent of a product named before."""
        found = self.cursor.comparison(index)
        at = index > 0 and self.cursor.tokens[index - 1].text in _AT
        if found is None or not at or found[0].unit != "percent" or found[0].operator is None:
            return None
        tags = [tag for tag in self.cursor.catalog.tags.values() if _is_rate(tag) and self._named_before(tag, index)]
        node = None if len(tags) != 1 else self.amounts.number_condition(tags[0], found[0], index, found[1])
        if node is None:
            return None
        quote = self.cursor.quote(index, found[1])
        self.cursor.assume("tag_unsaid", quote, words=self.cursor.words(quote), tag=tags[0].code)
        return node, found[1]

    def _named_before(self, tag: Tag, index: int) -> bool:
        beside = {other.code for other in self.cursor.catalog.tags.values() if other.held_by == tag.held_by}
        return any(self._says(place, {tag.held_by or "", *beside}) for place in range(index))

    def _says(self, place: int, codes: set[str]) -> bool:
        token = self.cursor.tokens[place]
        return any(meaning.code in codes for kind in ("tag", "hold", "value") for meaning in token.of(kind))


def _is_rate(tag: Tag) -> bool:
    return tag.numeric and tag.unit == "percent" and tag.held_by is not None and tag.name.en.endswith(" rate")
