"""Who moved from one value of a tag to another: 从成熟期变成衰退期的, fell from platinum to gold, 上月M4本月掉到M1的. Law: both values are of one tag that has one value at a time,
the one said first is read at the earlier date and the other now; a word of rising or falling that goes against the order of the two, or a time that is no earlier date, is not read."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.catalog.model import Tag
from assistant.interpret.cursor import Cursor
from assistant.interpret.month_ends import month_end_said
from assistant.interpret.nodes import quoted
from assistant.language.times import TimeSpan
from assistant.rule.tree import AllOf, AnyNode, Snapshot, TagCondition
from assistant.rule.window import Calendar

Parsed = tuple[AnyNode, int]
_EARLIER: Mapping[str, str] = {"month": "moved_since_month_end", "quarter": "moved_since_quarter_end"}
"""Units whose end is meant when only the unit is said, and the assumption that says so."""


class MovedPatterns:
    """A move between two values, with or without the tag and the time it began."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def moved(self, index: int) -> Parsed | None:
        """[since when] [tag] from A [at one time] to B [now] [since when]."""
        place, named, spans = index, None, list[TimeSpan]()
        opened, way, noun = False, "", ""
        while (token := self.cursor.token(place)) is not None:
            if token.of("tag") and named is None and not token.of("value"):
                named = token
            elif token.window is not None and not spans and not token.content:
                spans.append(token.window)
            elif token.phrase("span.open"):
                opened = True
            elif token.phrase("span.moved"):
                way = way or "moved"
            elif token.phrase("change.up", "change.down", "claim.up", "claim.down") and not token.content:
                way = "up" if token.phrase("change.up", "claim.up") else "down"
            elif token.of("ambiguous") and not token.of("value") and place > index:
                noun = token.text
            elif place == index or not token.phrase("ignored", "is", "still", "people"):
                break
            place += 1
        if way and not opened:
            return None
        low, place = self._codes(place), place + 1
        now = False
        while (token := self.cursor.token(place)) is not None and (token.phrase("today", "ignored") or self._this_unit(token.window)):
            if token.phrase("span.to"):
                break
            now = now or not token.phrase("ignored") or token.phrase("today") is not None
            place += 1
        joined = self._joined(place, way)
        if not low or joined is None:
            return None
        way, place, weak = joined
        high, last = self._codes(place), place + 1
        tag = self._shared(low, high, None if named is None else {meaning.code for meaning in named.of("tag")})
        if tag is None or (weak and (tag.ordered or not opened)) or not (way or opened):
            return None
        if noun and noun not in tag.name.zh and noun not in tag.name.en.casefold():
            return None  # 上月活跃M4: a word of the tag's own name; another one is a condition
        before, after = low[tag.code], high[tag.code]
        last = self._noun(tag, last)
        people = self.cursor.token(self.cursor.skip(last, "again.close"))
        told = opened or bool(spans) or (people is not None and people.phrase("people") is not None)
        if before == after or not told or self._against(tag, before, after, way) or self._listed(tag, last):
            return None
        behind = self.cursor.token(last)
        if not spans and behind is not None and behind.window is not None and not behind.content:
            spans.append(behind.window)
            last += 1
            now = True
        since = self._since(spans[0] if spans else None, now)
        if since is None:
            return None
        self._assumed(tag, index, last, since, named is not None)
        then = TagCondition(tag=tag.code, operator="in", value=(before,), snapshot=since[0])
        moved = AllOf(children=(then, TagCondition(tag=tag.code, operator="in", value=(after,))))
        self.cursor.mark(index, last, "condition")
        return quoted(moved, self.cursor.said(index, last)), last

    def _assumed(self, tag: Tag, index: int, last: int, since: tuple[Snapshot, str], named: bool) -> None:
        """Says what the words left open: since when, and of which tag the two values are."""
        quote = self.cursor.quote(index, last)
        words = self.cursor.words(quote)
        if since[1]:
            self.cursor.assume(since[1], quote, words=words)
        if not named:
            self.cursor.assume("moved_along", quote, words=words, tag=tag.code)

    def _joined(self, index: int, way: str) -> tuple[str, int, bool] | None:
        """Which way the words between the two values say it went, the index behind them, and whether they may only say a span of values."""
        token = self.cursor.token(index)
        if token is None:
            return None
        following = self.cursor.token(index + 1)
        if token.phrase("span.into"):
            return way or "moved", index + 1, False
        if token.phrase("edit.raise", "edit.lower") and not token.text.isascii():
            return "up" if token.phrase("edit.raise") else "down", index + 1, False
        if token.phrase("change.up", "change.down") and following is not None and following.phrase("span.to", "copula"):
            return "up" if token.phrase("change.up") else "down", index + 2, False
        if token.phrase("span.to"):
            return way, index + 1, not way
        return None

    def _codes(self, index: int) -> Mapping[str, str]:
        """The tags of one value at a time that a token names a value of, each with the value: by its name, or by its first word (mature of mature stage)."""
        token = self.cursor.token(index)
        if token is None:
            return {}
        tags = self.cursor.catalog.tags
        found = [(meaning.code, meaning.value) for meaning in token.of("value")]
        if not found and token.text.isascii() and token.text.isalpha() and not token.content:
            for tag in tags.values():
                names = {value.code: (value.label.en, *value.aliases.en) for value in tag.values}
                begun = [code for code, said in names.items() if any(name.casefold().startswith(f"{token.text} ") for name in said)]
                found += [(tag.code, code) for code in begun] if len(begun) == 1 else []
        named = {code for code, _ in found}
        if any(tags[code].values_from == "organisation" for code in named):
            return {}  # from Shanghai to Beijing: of a branch and of a city
        single = {code for code in named if tags[code].type == "enum" and tags[code].values}
        return {code: value for code, value in found if code in single and sum(one == code for one, _ in found) == 1}

    def _shared(self, low: Mapping[str, str], high: Mapping[str, str], named: set[str] | None) -> Tag | None:
        """The one tag that both values are of; a name before them tells which."""
        shared = [code for code in low if code in high and (named is None or code in named)]
        return self.cursor.catalog.tags[shared[0]] if len(shared) == 1 else None

    def _against(self, tag: Tag, before: str, after: str, way: str) -> bool:
        """Whether the words say a rise or a fall that the order of the two values denies."""
        ranks = {value.code: value.rank or 0 for value in tag.values}
        if not tag.ordered or way not in ("up", "down"):
            return False
        return (ranks[after] > ranks[before]) != (way == "up")

    def _noun(self, tag: Tag, last: int) -> int:
        """from platinum to gold tier: the tag's own name behind its value."""
        token = self.cursor.token(last)
        return last + 1 if token is not None and any(meaning.code == tag.code for meaning in token.of("tag")) else last

    def _listed(self, tag: Tag, last: int) -> bool:
        """变成衰退期或流失期: whether another value of the tag is listed behind, which might be one more to move to or a condition of its own."""
        after = self.cursor.skip(last, "ignored", "connective.or", "connective.and", "connective.comma")
        token = self.cursor.token(after)
        joined = any(one.phrase("connective.or", "connective.and", "connective.comma") for one in self.cursor.tokens[last:after])
        return joined and token is not None and any(meaning.code == tag.code for meaning in token.of("value"))

    def _this_unit(self, span: TimeSpan | None) -> bool:
        window = None if span is None else span.window
        return isinstance(window, Calendar) and window.unit != "day" and window.first == window.last == 0

    def _since(self, span: TimeSpan | None, now: bool) -> tuple[Snapshot, str] | None:
        """The date the move began at, and the assumption it takes; within a month that is over is not since it. None for a time that is no such date."""
        if span is None:
            return Snapshot(unit="month", offset=-1), _EARLIER["month"]
        if span.kind == "snapshot" and span.snapshot is not None:
            return span.snapshot, ""
        ended = month_end_said(span, self.cursor.context.today)
        if ended is not None:
            return ended, ""
        match span.window:
            case Calendar(unit="month" | "quarter" as unit, first=-1, last=last) if last == 0 or (last == -1 and now):
                return Snapshot(unit=unit, offset=-1), _EARLIER[unit]
            case _:
                return None
