"""What is asked for and not built, said in words that no condition took. Law: looked for only in what is unread, so that a condition is never taken for it."""

from __future__ import annotations

from assistant.interpret.asked.sizes import read_size
from assistant.interpret.clauses import clause, compared, phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request, RequestKind

_AGAINST = ("versus.between", "versus.close", "request.compare", "request.compared_with")
_FEWER_THAN = ("order.<_prefix", "order.>_prefix")


def read_unbuilt(cursor: Cursor) -> tuple[Request, ...]:
    """为什么变少了, 和去年同期比, I need about 5,000: each kind once, its words marked. The answer names a kind not built and gives no figure, whatever else is unread."""
    kinds: dict[RequestKind, None] = {}
    size: Request | None = None
    for index in range(len(cursor.tokens)):
        if cursor.kinds[index] != "unread" and index not in cursor.skipped:
            continue
        wanted = read_size(cursor, index) if size is None else None
        if wanted is not None:
            size = wanted
            _take(cursor, index)
            continue
        for read in (_why, _compare, _share):
            kind = read(cursor, index)
            if kind is not None:
                _take(cursor, index)
                kinds[kind] = None
                break
    return (*(Request(kind) for kind in kinds), *(() if size is None else (size,)))


def _take(cursor: Cursor, index: int) -> None:
    cursor.mark(index, index + 1, "request")
    cursor.skipped.discard(index)


def _why(cursor: Cursor, index: int) -> RequestKind | None:
    token = cursor.tokens[index]
    if not token.phrase("request.why", "request.how_come") or not phrase_only(token):
        return None
    moved = any(cursor.kinds[place] == "request" and cursor.tokens[place].phrase(*_FEWER_THAN) for place in range(len(cursor.tokens)))
    for place in range(len(cursor.tokens)):
        if cursor.tokens[place].phrase("change.up", "change.down", "request.moved") and cursor.kinds[place] in (
            "unread",
            "request",
            "ignored",
        ):
            _take(cursor, place)
            moved = True
    after = skip(cursor, index + 1, "ignored", "is")
    if after < len(cursor.tokens) and cursor.tokens[after].phrase("request.explain") and phrase_only(cursor.tokens[after]):
        _take(cursor, after)  # the reason for it is what: 原因是什么
    if moved:
        return "why_changed"
    return "why_in" if token.phrase("request.why") else None


def _compare(cursor: Cursor, index: int) -> RequestKind | None:
    """Two segments compared, or a time and that something is compared with it, where that was no comparison of the segment with itself (`periods.py`):
    AUM和去年同期比 asks for a figure. With a number it is a change of some tag, and a condition."""
    token = cursor.tokens[index]
    if compared(cursor, index):
        return None
    if token.phrase("request.compare") and token.window is None:
        return "compare_segments"
    if token.window is None:
        return None
    if token.window.kind == "compare":
        return "compare_figure"
    signs = [
        place
        for place in clause(cursor, index)
        if cursor.tokens[place].phrase("change.than", "request.compare", "request.difference")
        and not cursor.tokens[place].phrase("ignored")
    ]
    if not any(cursor.kinds[place] in ("unread", "request") for place in signs):
        return None
    for place in signs:
        _take(cursor, place)
    return "compare_figure"


def _share(cursor: Cursor, index: int) -> RequestKind | None:
    """A share of the segment of something that is not a yes-no tag; or of one group as against another, whose words of comparing are marked with it."""
    token = cursor.tokens[index]
    if not token.phrase("request.share") or not phrase_only(token) or compared(cursor, index):
        return None
    against = [place for place, other in enumerate(cursor.tokens) if other.phrase(*_AGAINST) and phrase_only(other)]
    for place in against:
        _take(cursor, place)
    return "compare_share" if against else "share"
