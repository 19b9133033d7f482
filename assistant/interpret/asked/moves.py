"""Who moved between the values of a tag: 客户等级从上月末到现在的迁移, lifecycle transitions since June. Law: the words stand together, with one tag of grades or stages and
at most one time, which is where the moves begin: those within a month that is over are not told as those since; one without a time is given it with all requests of the turn (`periods.py: one_comparison`)."""

from __future__ import annotations

from assistant.errors import Issue, Severity
from assistant.interpret.asked.periods import date_said
from assistant.interpret.clauses import phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.interpret.lexer import Token
from assistant.language.words import is_latin
from assistant.rule.window import Absolute, Calendar

_BETWEEN = (
    "ignored", "is", "today", "span.open", "span.to", "change.than", "connective.and", "request.compare", "request.compared_with",
    "request.breakdown", "request.breakdown_aspect", "request.breakdown_close", "request.breakdown_each",
)  # fmt: skip
_SINCE = ("span.open", "span.to", "change.than", "request.compare", "request.compared_with")
"""Words that make the end of a month the beginning of what is asked for; without them its moves are those within it."""


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
    if not tags and asked and len(times) <= 1 and not cursor.said_of(last) and not _of_people(cursor, last):
        tags = [one.code for one in cursor.context.asked if one.kind in ("migration", "grid") and cursor.catalog.tags[one.code].values][:1]
        if not tags:
            quote = cursor.quote(index, last)
            cursor.issues.append(
                Issue("migration_of_what", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)})
            )
            return Request("migration"), last
    if len(tags) != 1 or not asked or len(times) > 1 or cursor.said_of(last) or _of_people(cursor, last):
        return None
    within = next((place for place in range(index, last) if _whole_unit(cursor.tokens[place])), None)
    if within is not None and not any(token.phrase(*_SINCE) for token in cursor.tokens[index:last]):
        quote = cursor.quote(index, last)
        params = {"words": cursor.words(cursor.quote(within, within + 1)), "tag": tags[0]}
        cursor.issues.append(Issue("migration_within", Severity.ASK, quote=(quote.start, quote.end), params=params))
    return Request("migration", tags[0], detail="".join(times)), last


def read_cell_moves(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """从哪个格子掉下来的最多, which cell did most fall from: the moves between the cells of the one grid there is, since the last month end; the whole clause asks it."""
    tags = cursor.context.catalog.tags
    grids = [code for code, tag in tags.items() if tag.axes and tag.values]
    here = range(index, len(cursor.tokens))
    words = (
        "request.which_cell",
        "change.up",
        "change.down",
        "request.moved",
        "superlative.top",
        "change.than",
        "span.open",
        "edit.pronoun",
        "request.migration",
        *_BETWEEN,
    )
    moved = any(cursor.tokens[place].phrase("change.up", "change.down", "request.moved", "request.migration") for place in here)
    asked = any(cursor.tokens[place].phrase("request.which_cell") for place in here)
    if index or len(grids) != 1 or not moved or not asked:
        return None
    if not all(phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase(*words) for place in here):
        return None
    return Request("migration", grids[0]), len(cursor.tokens)


def _of_people(cursor: Cursor, index: int) -> bool:
    """客户等级转移过的客户: Chinese names the people last, so that the words before are said of them."""
    after = skip(cursor, index, "ignored")
    return any(cursor.tokens[place].phrase("people") and not is_latin(cursor.tokens[place].text[0]) for place in range(index, after))


def _graded(cursor: Cursor, token: Token) -> str | None:
    """The tag of grades, stages or cells that a token names; units of the organisation are no grades."""
    tags = cursor.context.catalog.tags
    return next((meaning.code for meaning in token.of("tag") if tags[meaning.code].values), None)


def _whole_unit(token: Token) -> bool:
    """上个月, 去年, last quarter: a unit of the calendar that is over."""
    span = token.window
    return (
        span is not None
        and span.kind == "window"
        and isinstance(span.window, Calendar)
        and span.window.unit != "day"
        and span.window.last < 0
    )


def _time(cursor: Cursor, token: Token) -> str | None:
    """The time a token says, in the words of `insight/periods.py`; one with both ends given is no time to now."""
    span = token.window
    if span is None or token.content or token.comparison is not None:
        return None
    if isinstance(span.window, Absolute) and span.window.start is not None and span.window.end is not None:
        return None
    return date_said(span, cursor.context.as_of, cursor.context.today)
