"""One verb with both of two objects: bought both funds and insurance, visited both the wealth zone and the fund zone. Law: see `parser`; verb and object must be words of the catalog."""

from __future__ import annotations

from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import all_of, quoted
from assistant.language.verbs import undetermined
from assistant.rule.tree import AnyNode
from assistant.rule.window import TimeWindow

Parsed = tuple[AnyNode, int]
_LONGEST_OBJECT = 4


class BothPatterns:
    """The pattern of a verb, a word for both, and two objects."""

    def __init__(self, cursor: Cursor, records: RecordPatterns) -> None:
        self.cursor, self.records = cursor, records

    def both(self, index: int) -> Parsed | None:
        """Each of the two was done, in the time that stands behind them, or before."""
        verb, word = self.cursor.tokens[index], self.cursor.token(index + 1)
        if verb.comparison is not None or verb.window is not None or word is None or not word.phrase("both"):
            return None
        one = self._object(verb.text, self.cursor.skip(index + 2, "ignored"))
        joined = None if one is None else self.cursor.token(one[1])
        if one is None or joined is None or not joined.phrase("connective.and"):
            return None
        other = self._object(verb.text, self.cursor.skip(one[1] + 1, "ignored"))
        if other is None:
            return None
        window, last = self._time(other[1])
        nodes: list[AnyNode] = []
        for meanings in (one[0], other[0]):
            read = self.records.joined(meanings, index, last, None, None, window)
            if read is None or read[1] != last:
                return None
            nodes.append(quoted(read[0], self.cursor.said(index, last)))
        return all_of(nodes), last

    def _object(self, verb: str, start: int) -> tuple[tuple[Meaning, ...], int] | None:
        """The actions that the verb makes with the longest object from an index on, and the index behind it."""
        entries = lexicon(self.cursor.catalog).entries
        for last in range(min(start + _LONGEST_OBJECT, self.cursor.limit), start, -1):
            words = " ".join(token.text for token in self.cursor.tokens[start:last])
            spelled = (f"{verb} {words}", f"{verb} the {words}")
            found = (entries.get(key_of(undetermined(phrase)), ()) for phrase in spelled)
            actions = tuple(dict.fromkeys(meaning for meanings in found for meaning in meanings if meaning.kind == "action"))
            if actions:
                return actions, last
        return None

    def _time(self, index: int) -> tuple[TimeWindow | None, int]:
        """The window behind the objects, and the index behind it."""
        at = self.cursor.skip(index, "ignored")
        token = self.cursor.token(at)
        span = None if token is None else token.window
        if span is None or span.kind != "window" or span.window is None or span.future:
            return None, index
        return span.window, at + 1
