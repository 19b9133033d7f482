"""Folded text -> tokens: the covering of the request that leaves least unread, with fewest and longest pieces. Law: a partition; every kept character is in one token.

Arcs come from the lexicon (longest words of all locales at once) and from the readers (numbers, comparisons, ranks, windows); dynamic programming picks
the path with the fewest unread characters, then the fewest tokens, then the longest ones (measured as the sum of squared lengths), then the most times: 这个月|工资.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from assistant.interpret.lexicon import HEAD, Lexicon, Meaning, kept_positions
from assistant.language.comparisons import Comparison, Rank, read_comparisons, read_ranks
from assistant.language.times import TimeSpan, read_windows
from assistant.language.verbs import determined
from assistant.language.words import Phrases, grammars, merged_list, skip_spaces

_ASPECT = "过了"
_ASPECT_KEPT_BEFORE = "超通经不度越"
_ASPECT_KEPT_AFTER = "去期程解户来"
_ONCE_KEPT_AFTER = ("的", "客户", "客群", "用户")
"""逾期过的客户 were overdue once, 逾期的客户 are: 过 at the end of a name of people is not only tense."""
_LONGEST = 80


@dataclass(frozen=True)
class Token:
    """[start, end) of the folded text with everything it can mean; no meaning and no reading = unread. Without slots, for what it remembers."""

    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...] = ()
    window: TimeSpan | None = None
    comparison: Comparison | None = None
    rank: Rank | None = None

    @property
    def read(self) -> bool:
        return bool(self.meanings) or self.window is not None or self.comparison is not None or self.rank is not None

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Meaning, ...]]:
        found: dict[str, list[Meaning]] = {}
        for meaning in self.meanings:
            found.setdefault(meaning.kind, []).append(meaning)
        return {kind: tuple(meanings) for kind, meanings in found.items()}

    @cached_property
    def _phrase_kinds(self) -> tuple[str, ...]:
        return tuple(meaning.code for meaning in self.of("phrase"))

    def of(self, kind: str) -> tuple[Meaning, ...]:
        """Its meanings of one kind."""
        return self._by_kind.get(kind, ())

    def phrase(self, *kinds: str) -> str | None:
        """The first of the given phrase kinds it can be, e.g. phrase("connective.and", "connective.or")."""
        for kind in kinds:
            if kind in self._phrase_kinds:
                return kind
        return None

    def phrases(self, prefix: str) -> tuple[str, ...]:
        """The phrase kinds it can be under a prefix such as "request."."""
        return tuple(kind for kind in self._phrase_kinds if kind.startswith(prefix))

    @property
    def supporting(self) -> bool:
        """Whether it only means something beside a record set (a property or one of its values): plainer words win over it."""
        return bool(self.meanings) and all(meaning.kind in ("property", "property_value") for meaning in self.meanings)

    @property
    def content(self) -> bool:
        """Whether it can stand for something of the catalog."""
        return any(meaning.kind != "phrase" for meaning in self.meanings)


@dataclass(frozen=True, slots=True)
class _Arc:
    end: int
    token: Token


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _at_boundary(text: str, start: int, end: int) -> bool:
    """Latin words and numbers are matched whole only."""
    if start > 0:
        before, first = text[start - 1], text[start]
        if (_is_word(before) and _is_word(first)) or (before.isdigit() and first.isdigit()):
            return False
    if end < len(text):
        last, after = text[end - 1], text[end]
        if (_is_word(last) and _is_word(after)) or (last.isdigit() and after.isdigit()):
            return False
    return True


def _skippable(text: str, kept: list[int], index: int) -> bool:
    """过 and 了 after a verb say tense, not meaning: an action may be matched across them."""
    place = kept[index]
    if text[place] not in _ASPECT or index == 0:
        return False
    if text[kept[index - 1]] in _ASPECT_KEPT_BEFORE:
        return False
    following = text[kept[index + 1]] if index + 1 < len(kept) else " "
    return following not in _ASPECT_KEPT_AFTER and not (text[place] == "过" and text.startswith(_ONCE_KEPT_AFTER, place + 1))


def _lexicon_arcs(text: str, kept: list[int], words: Lexicon) -> dict[int, list[_Arc]]:
    arcs: dict[int, list[_Arc]] = {}
    limit = min(words.longest, _LONGEST)
    squeezed = "".join(text[index] for index in kept)
    skips = [_skippable(text, kept, index) for index in range(len(kept))]
    determiners = {place for start, end in determined(text) for place in range(start, end)}
    within = [place in determiners for place in kept]
    for first in range(len(kept)):
        if kept[first] and _is_word(text[kept[first]]) and _is_word(text[kept[first] - 1]):
            continue
        found: dict[int, tuple[Meaning, ...]] = {}
        for last in range(first + 1, min(first + min(limit, words.reach(squeezed[first : first + HEAD])), len(kept)) + 1):
            meanings = words.entries.get(squeezed[first:last])
            if meanings:
                found[last] = meanings
        begins = not within[first] and (kept[first] == 0 or not _is_word(text[kept[first] - 1]))
        if any(skips[first + 1 : first + limit]) or (begins and any(within[first + 1 : first + limit])):
            key = squeezed[first]
            for last in range(first + 2, min(first + limit, len(kept)) + 1):
                if within[last - 1]:
                    continue
                if not skips[last - 1]:
                    key += squeezed[last - 1]
                if len(key) > words.reach(key[:HEAD]):
                    break
                if last not in found:
                    actions = tuple(meaning for meaning in words.entries.get(key, ()) if meaning.kind in ("action", "concept", "dated"))
                    if actions and len(key) > 1:
                        found[last] = actions
        for last, meanings in found.items():
            start, end = kept[first], kept[last - 1] + 1
            if _at_boundary(text, start, end):
                arcs.setdefault(first, []).append(_Arc(last, Token(start, end, text[start:end], meanings)))
    return arcs


def tokenize(
    text: str, words: Lexicon, as_of: date, today: date, holidays: Mapping[str, tuple[tuple[date, date], ...]]
) -> tuple[Token, ...]:
    """The tokens of a folded text. `holidays`: what people call a holiday -> its spans, for windows such as 国庆期间."""
    kept = kept_positions(text)
    if not kept:
        return ()
    place_of = {position: index for index, position in enumerate(kept)}
    arcs = _lexicon_arcs(text, kept, words)

    def add(start: int, end: int, token: Token) -> None:
        inside = [place_of[position] for position in range(start, end) if position in place_of]
        if inside:
            arcs.setdefault(inside[0], []).append(_Arc(inside[-1] + 1, token))

    for comparison in read_comparisons(text):
        add(
            comparison.start,
            comparison.end,
            Token(comparison.start, comparison.end, text[comparison.start : comparison.end], comparison=comparison),
        )
    for rank in read_ranks(text):
        add(rank.start, rank.end, Token(rank.start, rank.end, text[rank.start : rank.end], rank=rank))
    for span in read_windows(text, as_of, today, holidays):
        for window in (span, *_shorter(text, span, as_of, today, holidays)):
            add(window.start, window.end, Token(window.start, window.end, text[window.start : window.end], window=window))
    return _cheapest(text, kept, arcs)


@lru_cache(maxsize=1)
def _edges() -> tuple[Phrases[bool], tuple[str, ...]]:
    """Words that may open a window without changing it, and words that may close it."""
    closers = tuple(word for grammar in grammars().values() for word in grammar.times.until_now)
    return merged_list(lambda grammar: grammar.times.openers), closers


def _shorter(
    text: str, span: TimeSpan, as_of: date, today: date, holidays: Mapping[str, tuple[tuple[date, date], ...]]
) -> Iterator[TimeSpan]:
    """The same window without the word it opens or closes with, which may belong to its neighbour: logged in | since May, 近90天 | 来行."""
    openers, closers = _edges()
    cuts = [(skip_spaces(text, end), span.end) for end, _ in openers.matches(text, span.start)]
    cuts += [(span.start, span.end - len(word)) for word in closers if text[span.start : span.end].endswith(word)]
    for start, end in cuts:
        inner = read_windows(text[start:end], as_of, today, holidays) if start < end else ()
        if len(inner) == 1 and inner[0].end - inner[0].start == end - start and inner[0] == replace(span, start=0, end=end - start):
            yield replace(span, start=start, end=end)


def _cheapest(text: str, kept: list[int], arcs: Mapping[int, list[_Arc]]) -> tuple[Token, ...]:
    size = len(kept)
    best: list[tuple[int, int, int, int] | None] = [None] * (size + 1)
    step: list[_Arc | None] = [None] * (size + 1)
    best[size] = (0, 0, 0, 0)
    for first in range(size - 1, -1, -1):
        start = kept[first]
        unread = _Arc(first + 1, Token(start, start + 1, text[start]))
        timed = {arc.end for arc in arcs.get(first, ()) if arc.token.window is not None}
        for arc in (*arcs.get(first, ()), unread):
            rest = best[arc.end]
            if rest is None:
                continue
            length = arc.end - first
            supporting = arc.token.supporting
            cost = (
                rest[0] + (0 if arc.token.read else 1),
                rest[1] + (3 if supporting else 1),
                rest[2] - (0 if supporting else length * length),
                rest[3] - (arc.end in timed),
            )
            known = best[first]
            if known is None or cost < known:
                best[first], step[first] = cost, arc
            elif cost == known and arc.token.read:
                step[first] = _merged(step[first], arc)
    tokens: list[Token] = []
    place = 0
    while place < size:
        arc = step[place]
        assert arc is not None, "every position has at least its unread arc"
        tokens.append(arc.token)
        place = arc.end
    return _joined_unread(text, tokens)


def _merged(known: _Arc | None, other: _Arc) -> _Arc:
    """Two equally cheap arcs over the same characters become one token with both sets of readings; otherwise the first one stays."""
    if known is None or known.end != other.end or not known.token.read:
        return other if known is None or not known.token.read else known
    left, right = known.token, other.token
    token = Token(
        left.start,
        left.end,
        left.text,
        tuple(dict.fromkeys(left.meanings + right.meanings)),
        left.window or right.window,
        left.comparison or right.comparison,
        left.rank or right.rank,
    )
    return _Arc(known.end, token)


def _joined_unread(text: str, tokens: list[Token]) -> tuple[Token, ...]:
    """Neighbouring unread characters become one token; a Latin word or number is unread as a whole."""
    joined: list[Token] = []
    for token in tokens:
        if not token.read and joined and not joined[-1].read and text[joined[-1].end : token.start].strip() == "":
            start = joined[-1].start
            joined[-1] = Token(start, token.end, text[start : token.end])
        else:
            joined.append(token)
    return tuple(joined)
