"""What is asked for besides the conditions: how many, broken down by what, who they are, undo, … Law: a request is taken only when its whole pattern stands there."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import Issue, Severity
from assistant.interpret.asked.counted_apart import several
from assistant.interpret.asked.dimensions import (
    crossed,
    each_ranked,
    mark_spread,
    more_dimensions,
    read_breakdown,
    read_drawn,
    read_each,
    read_grid,
    read_more_of,
    read_values_apart,
)
from assistant.interpret.asked.figures import dated, of_each, read_again, read_metrics, read_share, read_share_of
from assistant.interpret.asked.moves import read_cell_moves, read_migration
from assistant.interpret.asked.nobody import read_beside
from assistant.interpret.asked.periods import date_said, figure_compared, read_compare
from assistant.interpret.asked.sizes import read_at_values, read_relative, read_resized, read_threshold
from assistant.interpret.asked.watching import read_unusual, read_watched, unwatched
from assistant.interpret.asked.why_customer import read_why
from assistant.interpret.clauses import clause, compared, phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request, RequestKind
from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases_of

_SINGLE: dict[str, RequestKind] = {
    "edit.undo": "undo",
    "edit.redo": "redo",
    "edit.start_over": "start_over",
    "request.count": "count",
    "request.counting": "count",
    "request.persona": "persona",
    "request.list": "list",
    "request.why_changed": "why_changed",
    "request.why_in": "why_in",
    "request.save": "save",
    "request.load": "load",
    "request.split": "split",
    "request.monitor": "monitor",
    "request.watch": "watch",
    "request.basis": "basis",
    "request.trend": "trend",
}

_VERSUS: dict[str, str] = {"request.versus_everyone": "everyone", "request.versus_matched": "matched"}


def read_requests(cursor: Cursor) -> tuple[Request, ...]:
    """The requests of a turn, in the order said; their tokens are marked as such and left to no one else."""
    beside = read_beside(cursor)
    if beside is not None:
        return (beside,)
    apart = read_values_apart(cursor)
    if apart is not None:
        return (apart,)
    found: list[Request] = []
    places: list[tuple[Request, int, int]] = []
    tokens = cursor.tokens
    sized = read_relative(cursor) or read_resized(cursor) or read_at_values(cursor)
    if sized is not None:
        return (sized,)
    found.extend(one for one in (read_why(cursor), read_threshold(cursor)) if one is not None)
    index = 0
    while index < len(tokens):
        taken = _read_at(cursor, index) if cursor.kinds[index] == "unread" else None
        if taken is None and found and found[-1].kind == "metric" and cursor.kinds[index] == "unread":
            taken = read_again(cursor, index, found[-1]) or _beside(read_compare(cursor, index, of_figure=True))
        if taken is None:
            index += 1
            continue
        requests, last = taken
        if requests[0].kind == "monitor":
            requests = (read_watched(cursor, index, last),)
            cursor.issues.extend(issue for issue in (unwatched(cursor, index, last),) if issue is not None)
        cursor.mark(_led_by(cursor, index), last, "request")
        more = more_dimensions(cursor, last) if requests[-1].kind == "breakdown" else None
        if more is not None:
            cursor.mark(last, more[1], "request")
        together = crossed(cursor, (*requests, *(more[0] if more else ())), index, more[1] if more else last)
        found.extend(together)
        places.extend((request, index, last) for request in (requests if more else together))
        last = more[1] if more else last
        index = last
    found = _figures_then(cursor, found, places)
    if any(request.kind == "breakdown" for request in found):
        mark_spread(cursor)
    _mark_per(cursor, [first for request, first, _ in places if (request.kind, request.detail) == ("metric", "average")])
    _mark_in_all(cursor, [first for request, first, _ in places if request.kind == "count"])
    if of_each(cursor, places):
        found.append(Request("metric_by"))
    if any(each_ranked(cursor, place) for place in range(len(tokens))):
        found.append(Request("rank_by"))
    if several(cursor):
        quote = cursor.quote(0, len(tokens))
        cursor.issues.append(Issue("several_segments", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}))
    return tuple(dict.fromkeys(found))


def _read_at(cursor: Cursor, index: int) -> tuple[Sequence[Request], int] | None:
    """The requests whose words begin at a token, and where they end."""
    for read in (
        read_unusual,
        read_more_of,
        read_drawn,
        read_cell_moves,
        read_migration,
        _compare_before,
        read_compare,
        read_breakdown,
        read_share,
        read_share_of,
    ):
        taken = read(cursor, index)
        if taken is not None:
            return (taken[0],), taken[1]
    metrics = read_metrics(cursor, index)
    if metrics is not None:
        return metrics
    for read in (_asks_who, _like, _explain, _what_tags, read_each, read_grid, _single):
        taken = read(cursor, index)
        if taken is not None:
            return (taken[0],), taken[1]
    return None


def _beside(taken: tuple[Request, int] | None) -> tuple[list[Request], int] | None:
    return None if taken is None else ([taken[0]], taken[1])


def _figures_then(cursor: Cursor, found: list[Request], places: Sequence[tuple[Request, int, int]]) -> list[Request]:
    """上月末户均AUM: a figure of which a past point of time is said is told as of then, and as of now beside it; the time is not taken for when the conditions held. Of a share it is asked about."""
    dates: dict[Request, str] = {}
    for request, first, last in places:
        quote = dated(cursor, first, last) if request.kind == "metric" else None
        place = next((one for one in clause(cursor, first) if cursor.quote(one, one + 1) == quote), None)
        if quote is None or place is None:
            continue
        span = cursor.tokens[place].window
        said = None if span is None or request.detail == "share" else date_said(span, cursor.context.as_of, cursor.context.today)
        if said is None:
            params = {"words": cursor.words(quote), "date": cursor.context.as_of.isoformat()}
            cursor.issues.append(Issue("figure_then", Severity.ASK, quote=(quote.start, quote.end), params=params))
        else:
            dates.update((other, said) for other, *at in places if at == [first, last])
        cursor.mark(place, place + 1, "request")
    return [figure_compared(one, dates[one]) if one in dates else one for one in found]


def _mark_in_all(cursor: Cursor, counts: Sequence[int]) -> None:
    """How many customers in total: in the clause of a count the word says no more than the count does."""
    for place in [place for index in counts for place in clause(cursor, index) if not compared(cursor, index)]:
        if cursor.kinds[place] == "unread" and cursor.tokens[place].phrase("request.in_all") and phrase_only(cursor.tokens[place]):
            cursor.mark(place, place + 1, "request")


def _mark_per(cursor: Cursor, averages: Sequence[int]) -> None:
    """average deposits per diamond tier customer: the small word says of whom the average is, as the average does."""
    people = phrases_of("people")
    for place in [place for index in averages for place in clause(cursor, index) if place > index]:
        token, rest = cursor.tokens[place], cursor.tokens[place + 1 : clause(cursor, place).stop]
        whom = any(f"{one.text.split()[-1].removesuffix('s')}s" in people for one in rest)
        if token.text == "per" and cursor.kinds[place] == "unread" and whom:
            cursor.mark(place, place + 1, "request")


def _led_by(cursor: Cursor, index: int) -> int:
    """再按性别看, 顺便做个画像, both by …: where a request begins with the words that only put it beside the others."""
    place = index - 1
    while place >= 0 and cursor.kinds[place] == "unread" and cursor.tokens[place].phrase("request.lead", "ignored"):
        if cursor.tokens[place].phrase("request.lead"):
            index = place
        place -= 1
    return index


def _asks_who(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """what kind of customers are our platinum customers, who are the platinum customers: asked in front of those it is about; customers who are … asks nothing."""
    tokens = cursor.tokens
    people = tuple(phrases_of("people"))
    opening = all(
        token.phrase("ignored", "connective.then", "edit.what_about") and phrase_only(token) and not token.phrase("people", "person")
        for token in tokens[:index]
    )
    if tokens[index].phrase("request.persona_ask"):
        last = index + 1
    elif tokens[index].phrase("request.who") and index + 1 < len(tokens) and tokens[index + 1].phrase("copula"):
        last = index + 2
    else:
        return None
    about = [token for token in tokens[last:] if not phrase_only(token)]
    noun = any(token.text.endswith(people) for token in tokens[last:])
    return (Request("persona"), last) if opening and about and noun else None


def _like(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """what are platinum customers like, what makes them different: words round the customers; the last one is marked here."""
    here = clause(cursor, index)
    if not cursor.tokens[index].phrase("request.persona_open"):
        return None
    last = here.stop - 1
    if last == index or not cursor.tokens[last].phrase("request.persona_close"):
        return None
    cursor.mark(last, last + 1, "request")
    return Request("persona"), index + 1


def _single(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    token = cursor.tokens[index]
    if not phrase_only(token) and any(not other.phrase("ignored") for other in cursor.tokens if other is not token):
        return None
    if token.phrase("edit.never_mind") and all(
        other is token or other.phrase("ignored", "connective.comma", "edit.never_mind", "edit.correct") for other in cursor.tokens
    ):
        return Request("undo", detail="never_mind"), index + 1
    versus = token.phrase(*_VERSUS)
    if versus is not None:
        return (Request("persona", detail=_VERSUS[versus]), index + 1) if not _asks_for_persona(cursor) else None
    kind = token.phrase(*_SINGLE)
    if kind == "request.count" and not _counts_customers(cursor, index):
        return None
    if kind is None:
        return None
    if kind == "request.persona":
        return Request("persona", detail=_versus(cursor)), index + 1
    last = skip(cursor, index + 1, "ignored", "is", "request.explain") if kind == "request.why_changed" else index + 1
    return Request(_SINGLE[kind]), last


def _asks_for_persona(cursor: Cursor) -> bool:
    return any(token.phrase("request.persona") for token in cursor.tokens)


def _versus(cursor: Cursor) -> str:
    """和同类客户比, against everyone: whom a persona compares with; its words are marked. Empty where it is not said: the rest."""
    for place, token in enumerate(cursor.tokens):
        said = token.phrase(*_VERSUS)
        if said is not None:
            cursor.mark(place, place + 1, "request")
            return _VERSUS[said]
    return ""


def _counts_customers(cursor: Cursor, index: int) -> bool:
    """number of customers, the number by branch; number of logins and the number of a condition are not a count of customers."""
    token = cursor.tokens[index]
    if not token.phrases("aggregate.") and not token.phrase("edit.pronoun"):
        return True
    after = skip(cursor, index + 1, "ignored")
    if compared(cursor, index):
        return False
    people = phrases_of("people")  # platinum customers is one word of the catalog
    if after >= len(cursor.tokens) or any(cursor.tokens[place].text.split()[-1] in people for place in clause(cursor, index)):
        return after >= len(cursor.tokens) or not cursor.tokens[after].of("action")
    return phrase_only(cursor.tokens[after])


def _compare_before(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """和上一版比少了多少, how does that compare with before, what changed: the present version against the one before."""
    tokens = cursor.tokens
    if not phrase_only(tokens[index]):
        return None
    if tokens[index].phrase("request.difference") and all(
        place == index or tokens[place].phrase("ignored", "is", "edit.pronoun") for place in range(len(tokens))
    ):
        return Request("compare_before"), index + 1
    against = skip(cursor, index, "change.than", "connective.and", "request.compare", "request.difference", "ignored", "have")
    opened = any(
        tokens[place].phrase("change.than", "connective.and", "request.compare", "request.difference") for place in range(index, against)
    )
    if against >= len(tokens) or not tokens[against].phrase("request.version_before") or not phrase_only(tokens[against]):
        return None
    last = skip(
        cursor,
        against + 1,
        "change.than",
        "request.compare",
        "change.up",
        "change.down",
        "request.count",
        "request.difference",
        "request.how_so",
        "ignored",
        "is",
    )
    closed = any(tokens[place].phrase("change.than", "request.compare", "request.difference") for place in range(against + 1, last))
    return (Request("compare_before"), last) if opened or closed else None


def _element(token: Token) -> str | None:
    for kind in ("concept", "tag", "action", "concept_not", "hold"):
        for meaning in token.of(kind):
            return meaning.code
    return None


def _explain(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """什么是手机银行活跃, 手机银行活跃是什么意思, what is an active app user."""
    tokens = cursor.tokens
    if tokens[index].phrase("request.explain") and not tokens[index].content:
        after = skip(cursor, index + 1, "ignored", "is", "request.explain")
        code = _element(tokens[after]) if after < len(tokens) else None
        if after + 1 < len(tokens) and tokens[after + 1].phrase("request.looks_like"):
            return None  # what does the grid look like
        if code is None and cursor.context.rule is not None and not tokens[index].phrase("ignored") and _of_the_segment(cursor):
            return Request("basis"), after
        if code is None or (
            tokens[index].phrase("ignored") and any(tokens[place].content for place in clause(cursor, index) if place > after)
        ):
            return None
        return Request("explain", code), skip(cursor, after + 1, "request.explain", "ignored")
    code = _element(tokens[index])
    if code is None:
        return None
    after = skip(cursor, index + 1, "ignored", "is")
    if after < len(tokens) and tokens[after].phrase("request.explain") and not tokens[after].content:
        return Request("explain", code), skip(cursor, after + 1, "request.explain", "ignored")
    return None


def _of_the_segment(cursor: Cursor) -> bool:
    """他们的口径是什么, 怎么算的: whether nothing is said but that it be explained, and whose."""
    small = ("ignored", "is", "edit.pronoun", "those", "people", "request.explain", "request.how_so", "edit.what_about_after")
    return all(token.phrase(*small) and not token.content for token in cursor.tokens)


def _what_tags(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """理财有什么标签, what tags are there about wealth, 有哪些理财标签: everything else in the turn is the topic."""
    tokens = cursor.tokens
    if not tokens[index].phrase("request.what_tags") and not _asks_for_tags(cursor, index):
        return None
    about = (
        "ignored",
        "is",
        "connective.comma",
        "connective.and",
        "have",
        "negation.not",
        "request.about",
        "request.how_much",
        "request.tags",
    )
    others = [token.text for place, token in enumerate(tokens) if place != index and (not token.phrase(*about) or token.content)]
    for place in range(len(tokens)):
        cursor.mark(place, place + 1, "request")
    return Request("what_tags", " ".join(others)), len(tokens)


def _asks_for_tags(cursor: Cursor, index: int) -> bool:
    """有哪些理财标签, show me the wealth tags: the word ends the turn, and neither customers nor numbers nor an edit are said."""
    if index == 0 or not cursor.tokens[index].phrase("request.tags"):
        return False
    rest = cursor.tokens[index + 1 :]
    said = [token for token in cursor.tokens if token.phrase("people") or token.comparison is not None or token.phrases("edit.")]
    return all(token.phrase("ignored", "is") for token in rest) and not said
