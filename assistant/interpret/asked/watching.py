"""What is looked at for anything unusual, and on which days: 手机银行登录最近有什么异常, anything unusual in credit cards?, 上周有什么异常. Law: only what stands right beside the
question, and says no customers, is what is looked at; customers of a behaviour are a segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.errors import Issue, Severity
from assistant.interpret.asked.versus import says_nouns
from assistant.interpret.clauses import clause, phrase_only
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Context, Request
from assistant.interpret.lexer import Token
from assistant.language.times import TimeSpan
from assistant.rule.window import Absolute, Calendar, resolve

_BETWEEN = ("ignored", "have")


def read_watched(cursor: Cursor, first: int, last: int) -> Request:
    """The question of what is going on at tokens [first, last), with what it is about and on which days, where that is said beside it; the words are marked."""
    codes, detail, places = _around(cursor, first, last)
    for place in places:
        cursor.mark(place, place + 1, "request")
    if cursor.tokens[first].phrase("request.unusual"):
        quote = cursor.quote(first, last)
        cursor.assume("unusual_read", quote, words=cursor.words(quote))
    return Request("monitor", codes, detail=detail or _over_customers(cursor, first, last))


def read_unusual(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """贷款专区的浏览是不是多了, are visits to the loan pages up lately: of a behaviour that stands beside it, whether it is unusual."""
    token = cursor.tokens[index]
    if not token.phrase("request.unusual") or token.content:
        return None
    _, _, places = _around(cursor, index, index + 1)
    return (Request("monitor"), index + 1) if any(cursor.tokens[place].of("action") for place in places) else None


def _around(cursor: Cursor, first: int, last: int) -> tuple[str, str, list[int]]:
    """What stands beside a question at tokens [first, last): the record sets it is about, the days, and where both are said."""
    codes, detail = "", ""
    places: list[int] = []
    edges = {-1: first, 1: last - 1}
    for step in (-1, 1):
        place = _beside(cursor, edges[step], step)
        while place is not None:
            token = cursor.tokens[place]
            said = _until(cursor, token) if not detail else None
            topic = topic_of(cursor, place) if not codes else None
            if said is None and not topic and not _lately(token):
                break
            codes, detail = topic or codes, said or detail
            places.append(place)
            place = _beside(cursor, place, step)
    return codes, detail, places


def _over_customers(cursor: Cursor, first: int, last: int) -> str:
    """9月1日至9月7日上海分行有什么异常: the days at an end of the clause, where between them and the question stands only which customers are meant, by what they are and not by
    what they did (which may be what the days are of). Nothing where there are none; the words are marked."""
    here = clause(cursor, first)
    for places in (range(here.start, first), range(here.stop - 1, last - 1, -1)):
        outward = [place for place in places if not (phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase("ignored"))]
        if not outward or cursor.kinds[outward[0]] != "unread":
            continue
        said = _until(cursor, cursor.tokens[outward[0]])
        if said is not None and all(_who_they_are(cursor.tokens[place]) for place in outward[1:]):
            cursor.mark(outward[0], outward[0] + 1, "request")
            return said
    return ""


def _who_they_are(token: Token) -> bool:
    """A value of a tag, or a word of the grammar without a time or number."""
    done = token.of("action") or token.of("dated") or token.of("concept")
    return phrase_only(token) or (bool(token.of("value")) and not done and token.window is None and token.comparison is None)


def unwatched(cursor: Cursor, first: int, last: int) -> Issue | None:
    """That a subject beside the question has no behaviour to look at; its words are marked."""
    for step, edge in ((-1, first), (1, last - 1)):
        place = _beside(cursor, edge, step)
        if place is not None and _names_subject(cursor, place) and not topic_of(cursor, place):
            cursor.mark(place, place + 1, "request")
            quote = cursor.quote(place, place + 1)
            return Issue("monitor_of", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)})
    return None


def date_watched(span: TimeSpan, as_of: date, today: date) -> str | None:
    """The days looked at, first..last, of a time that has both ends and has passed; None for any other."""
    match span.window:
        case Calendar(first=first, last=last) if first == last < 0:
            days = resolve(span.window, as_of, today)
        case Absolute(start=date(), end=date() as end) if end <= as_of:
            days = resolve(span.window, as_of, today)
        case _:
            return None
    return None if days.start is None or days.end is None or days.end > as_of else f"{days.start.isoformat()}..{days.end.isoformat()}"


def _beside(cursor: Cursor, index: int, step: int) -> int | None:
    """The next word of the clause on one side that says something; None behind customers, or where none does."""
    here, place = clause(cursor, index), index + step
    while place in here and phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase(*_BETWEEN):
        if cursor.tokens[place].phrase("people", "have"):
            return None
        place += step
    return place if place in here and cursor.kinds[place] == "unread" else None


def topic_of(cursor: Cursor, index: int) -> str | None:
    """The record sets that a word means: a behaviour with what it was done on, as set/property/value; of a product, all behaviour of its subject."""
    token = cursor.tokens[index]
    actions = token.of("action")
    if actions and not says_nouns((token,)):
        one = actions[0]
        return " ".join(f"{one.code}/{name}/{value}" for name, values in one.filters for value in values) or one.code
    if not _names_subject(cursor, index):
        return None
    catalog = cursor.catalog
    subjects = {catalog.tags[meaning.code].subject for kind in ("tag", "hold") for meaning in token.of(kind)}
    return " ".join(
        one.code
        for one in catalog.records.values()
        if one.status == "online" and one.date_column is not None and one.tense == "past" and len(subjects) == 1 and one.subject in subjects
    )


def _names_subject(cursor: Cursor, index: int) -> bool:
    """Whether a word names a product by itself: 存款, credit cards; not 有存款 and not 存款客户."""
    token = cursor.tokens[index]
    if says_nouns((token,)) or token.comparison is not None or not (token.of("tag") or token.of("hold")):
        return False
    here = clause(cursor, index)
    if index - 1 in here and cursor.tokens[index - 1].phrase("have", "lack", "negation.not"):
        return False
    others = [place for place in here if place != index and cursor.tokens[place].content and cursor.kinds[place] == "unread"]
    return not others and not token.of("ambiguous") and not token.of("value") and not token.of("concept")


def _until(cursor: Cursor, token: Token) -> str | None:
    if token.window is None or token.window.kind != "window" or token.content or token.comparison is not None:
        return None
    return date_watched(token.window, cursor.context.as_of, cursor.context.today)


def _lately(token: Token) -> bool:
    """最近, lately: the days that are looked at are the latest ones, so that a word without a length adds nothing."""
    return token.window is not None and token.window.kind == "window" and token.window.window is None and not token.content


def watches_everyone(requests: Sequence[Request], context: Context) -> bool:
    """最近有什么异常 with no segment so far: of everyone there is, whatever question stands open."""
    return context.rule is None and bool(requests) and all(request.kind == "monitor" and not request.code for request in requests)
