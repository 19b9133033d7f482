"""Who moved between the values of a tag: 客户等级从上月末到现在的迁移, lifecycle transitions since June. Law: the words stand together, with one tag of grades or stages and
at most one time; without a time the last month end is taken, and said."""

from __future__ import annotations

from assistant.interpret.asked.periods import date_said
from assistant.interpret.clauses import phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.interpret.lexer import Token
from assistant.language.words import is_latin
from assistant.rule.window import Absolute

_BETWEEN = (
    "ignored", "is", "today", "span.open", "span.to", "change.than", "connective.and", "request.compare", "request.compared_with",
    "request.breakdown", "request.breakdown_aspect", "request.breakdown_close",
)  # fmt: skip
_SINCE_MONTH_END = "last month"


def read_migration(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """The request whose words begin at a token, and where they end."""
    tags: list[str] = []
    times: list[str] = []
    asked, last = 0, index
    for place in range(index, len(cursor.tokens)):
        token = cursor.tokens[place]
        tag, time = _graded(cursor, token), _time(cursor, token)
        if tag is not None:
            tags.append(tag)
        elif time is not None:
            times.append(time)
        elif phrase_only(token) and token.phrase("request.migration"):
            asked += 1
        elif phrase_only(token) and token.phrase(*_BETWEEN):
            if place == index and not token.phrase("span.open", "change.than"):
                return None
            continue
        else:
            break
        last = place + 1
    if len(tags) != 1 or not asked or len(times) > 1 or cursor.said_of(last) or _of_people(cursor, last):
        return None
    if not times:
        cursor.assume("since_month_end")
    return Request("migration", tags[0], detail=times[0] if times else _SINCE_MONTH_END), last


def _of_people(cursor: Cursor, index: int) -> bool:
    """客户等级转移过的客户: Chinese names the people last, so that the words before are said of them."""
    after = skip(cursor, index, "ignored")
    return any(cursor.tokens[place].phrase("people") and not is_latin(cursor.tokens[place].text[0]) for place in range(index, after))


def _graded(cursor: Cursor, token: Token) -> str | None:
    """The tag of grades, stages or cells that a token names; units of the organisation are no grades."""
    tags = cursor.context.catalog.tags
    return next((meaning.code for meaning in token.of("tag") if tags[meaning.code].values), None)


def _time(cursor: Cursor, token: Token) -> str | None:
    """The time a token says, in the words of `insight/periods.py`; one with both ends given is no time to now."""
    span = token.window
    if span is None or token.content or token.comparison is not None:
        return None
    if isinstance(span.window, Absolute) and span.window.start is not None and span.window.end is not None:
        return None
    return date_said(span, cursor.context.as_of, cursor.context.today)
