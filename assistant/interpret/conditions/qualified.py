"""Records told by a grade or a yes-no property said beside them: R3以上的理财, 同名转到他行. Law: see `parser`; the words must make a phrase of the catalog without the qualifier."""

from __future__ import annotations

from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import quoted
from assistant.rule.tree import AnyNode, Filter, Operator, RecordCondition
from assistant.rule.window import TimeWindow

Parsed = tuple[AnyNode, int]
_WORD = 2
"""Characters of a Chinese word."""
_SIGNS: dict[str, Operator] = {">=": ">=", "<=": "<=", ">": ">", "<": "<"}


class QualifiedPatterns:
    """The patterns in which a property without a number narrows a record set."""

    def __init__(self, cursor: Cursor, records: RecordPatterns) -> None:
        self.cursor, self.records = cursor, records

    def qualified(self, index: int, window: TimeWindow | None = None) -> Parsed | None:
        """Either kind, beginning at `index`; `window` came in front."""
        return self._graded(index, window) or self._graded_behind(index, window) or self._flagged(index, window)

    def _graded(self, index: int, window: TimeWindow | None) -> Parsed | None:
        """[持有/买过] R3及以上[的]理财: an ordered value with a word of order, between the verb and the object of a phrase that holds such a value."""
        place = index
        verb = ""
        token = self.cursor.token(place)
        following = self.cursor.token(self.cursor.skip(place + 1, "ignored"))
        valued = (
            token is not None
            and token.of("property_value")
            and not (token.supporting and following is not None and following.of("property_value"))
        )
        if token is not None and not valued and token.comparison is None and token.window is None:
            verb, place = token.text.rstrip("过了着"), self.cursor.skip(place + 1, "ignored")
            token = self.cursor.token(place)
        if token is None or not token.of("property_value"):
            return None
        order = self.cursor.order(place + 1, prefix=False)
        if order is None:
            return None
        at = self.cursor.skip(order[1], "ignored")
        noun = self.cursor.token(at)
        if noun is None:
            return None
        return self._of_grade(self._phrase(verb, token.text, noun.text), index, at + 1, place, order, window)

    def _graded_behind(self, index: int, window: TimeWindow | None) -> Parsed | None:
        """wealth products of R3 or higher, wealth products rated R4 or above: the product first, then its grade."""
        noun = self.cursor.token(index)
        place = self.cursor.skip(index + 1, "ignored", "is")
        value = self.cursor.token(place)
        if noun is None or not noun.of("hold") or value is None or not value.of("property_value"):
            return None
        order = self.cursor.order(place + 1, prefix=False)
        return None if order is None else self._of_grade(self._phrase("", value.text, noun.text), index, order[1], place, order, window)

    def _of_grade(
        self, found: tuple[Meaning, str] | None, index: int, last: int, place: int, order: tuple[str, int], window: TimeWindow | None
    ) -> Parsed | None:
        """The records from `index` to `last` whose grade at `place` is as the word of order says."""
        if found is None:
            return None
        meaning, prop = found
        record = self.cursor.catalog.records[meaning.code]
        own = record.property(prop)
        if own is None or not own.ordered or (record.date_column is None and window is not None):
            return None
        joined = self.records.joined((Meaning("action", record.code),), index, last, None, None, window)
        if joined is None or not isinstance(joined[0], RecordCondition):
            return None
        value = dict(meaning.filters)[prop]
        said = self.cursor.said(place, order[1])
        sign = order[0]
        if sign == "<=?":
            chosen = self.cursor.choose("below", said[0], "ambiguous_below", {"words": self.cursor.words(said[0])}, (None, None))
            sign = "<=" if chosen == 0 else "<"
        graded = Filter(property=prop, operator=_SIGNS[sign], value=value, said=said)
        node = joined[0].model_copy(update={"filters": (graded, *joined[0].filters)})
        return quoted(node, self.cursor.said(index, joined[1])), joined[1]

    def _phrase(self, verb: str, value: str, noun: str) -> tuple[Meaning, str] | None:
        """The one action of the catalog that verb, value and object make, with the property the value belongs to."""
        entries = lexicon(self.cursor.catalog).entries
        keys = dict.fromkeys(key_of(f"{verb}{words}{noun}") for words in (value, f"{value}的"))
        found = {
            meaning: None for key in keys for meaning in entries.get(key, ()) if meaning.kind == "action" and len(meaning.filters) == 1
        }
        if len(found) != 1:
            return None
        meaning = next(iter(found))
        return meaning, meaning.filters[0][0]

    def _flagged(self, index: int, window: TimeWindow | None) -> Parsed | None:
        """同名转到他行, 同名转入: a yes-no property of the records by its own name, right in front of their action."""
        token = self.cursor.token(index)
        after = self.cursor.skip(index + 1, "ignored")
        noun = self._flag_noun(index)
        if noun is not None:
            self.records.understood[index] = (Meaning("action", noun[0]),)
            return self._with_flag(self.records.record_at(index, window), noun, index, index)
        properties = () if token is None or self.records.starts_action(index) else token.of("property")
        codes = {meaning.code for meaning in self.records.actions(after)} & {meaning.code for meaning in properties}
        if len(codes) != 1:
            return None
        record = self.cursor.catalog.records[codes.pop()]
        name = next(meaning.value for meaning in properties if meaning.code == record.code)
        own = record.property(name)
        found = None if own is None or own.type != "flag" else self.records.record_at(after, window)
        return self._with_flag(found, (record.code, name), index, index)

    def _flag_noun(self, index: int) -> tuple[str, str] | None:
        """境外消费: a yes-no property whose name ends in what the records are, by itself; the record set and the property."""
        token = self.cursor.token(index)
        if token is None or token.of("action") or len(token.text) < _WORD * 2:
            return None
        found: set[tuple[str, str]] = set()
        for meaning in token.of("property"):
            record = self.cursor.catalog.records[meaning.code]
            own = record.property(meaning.value)
            if own is not None and own.type == "flag" and any(action.endswith(token.text[-_WORD:]) for action in record.actions.zh):
                found.add((record.code, own.code))
        return found.pop() if len(found) == 1 else None

    def _with_flag(self, found: Parsed | None, named: tuple[str, str], index: int, first: int) -> Parsed | None:
        """The condition on the records, narrowed by the property that stands at an index."""
        if found is None or not isinstance(found[0], RecordCondition) or found[0].records != named[0]:
            return None
        flag = Filter(property=named[1], operator="=", value=True, said=self.cursor.said(index, index + 1))
        node = found[0].model_copy(update={"filters": (*found[0].filters, flag)})
        return quoted(node, self.cursor.said(first, found[1])), found[1]
