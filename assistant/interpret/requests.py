"""What is asked for besides the conditions: how many, broken down by what, who they are, undo, … Law: a request is taken only when its whole pattern stands there."""

from __future__ import annotations

from itertools import pairwise

from assistant.errors import Issue, Severity
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request, RequestKind
from assistant.interpret.lexer import Token

_SINGLE: dict[str, RequestKind] = {
    "edit.undo": "undo",
    "edit.redo": "redo",
    "edit.start_over": "start_over",
    "request.count": "count",
    "request.persona": "persona",
    "request.list": "list",
    "request.compare": "compare",
    "request.why_changed": "why_changed",
    "request.size": "size",
    "request.why_in": "why_in",
    "request.save": "save",
    "request.load": "load",
    "request.split": "split",
    "request.monitor": "monitor",
}
_EACH = ("每", "各", "each", "every", "per")
_METRICS = {"request.average": "average", "request.median": "median", "request.total": "sum"}


def _phrase_only(token: Token) -> bool:
    return not token.content and token.comparison is None and token.window is None


def read_requests(cursor: Cursor) -> tuple[Request, ...]:
    """The requests of a turn, in the order said; their tokens are marked as such and left to no one else."""
    found: list[Request] = []
    places: list[tuple[Request, int, int]] = []
    tokens = cursor.tokens
    index = 0
    while index < len(tokens):
        for read in (_compare_before, _breakdown, _share, _metric, _explain, _what_tags, _each, _single):
            taken = read(cursor, index)
            if taken is not None:
                request, last = taken
                cursor.mark(index, last, "request")
                found.append(request)
                places.append((request, index, last))
                more = _more_dimensions(cursor, last) if request.kind == "breakdown" else None
                if more is not None:
                    cursor.mark(last, more[1], "request")
                    found.extend(more[0])
                    last = more[1]
                index = last
                break
        else:
            index += 1
    for (one, _, end), (other, begin, _) in pairwise(places):
        beside = all(tokens[place].phrase("ignored", "is") for place in range(end, begin))
        if {one.kind, other.kind} == {"breakdown", "metric"} and beside:
            found.append(Request("metric_by"))
    if any(_each_ranked(cursor, place) for place in range(len(tokens))):
        found.append(Request("rank_by"))
    counts = [place for place, token in enumerate(tokens) if token.phrase("request.count") and cursor.kinds[place] == "request"]
    if any(tokens[place].of("value") or tokens[place].comparison for first, last in pairwise(counts) for place in range(first + 1, last)):
        quote = cursor.quote(0, len(tokens))
        cursor.issues.append(Issue("several_segments", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}))
    return tuple(dict.fromkeys(found))


def _each_ranked(cursor: Cursor, index: int) -> bool:
    """每个分行AUM最高的10个, the top 10 of each branch: a rank inside every group of a dimension, in one clause, with no 看 or 有多少 behind the dimension."""
    token = cursor.tokens[index]
    if not (token.phrase("request.breakdown_each") or (token.of("level") and token.text.startswith(_EACH))):
        return False
    at = index if token.of("level") else _skip(cursor, index + 1, "ignored", "is")
    if _dimension(cursor, at) is None:
        return False
    after = _skip(cursor, at + 1, "ignored")
    if after < len(cursor.tokens) and cursor.tokens[after].phrase("request.breakdown_close", "request.count", "request.each"):
        return False
    return any(cursor.tokens[place].rank is not None for place in _clause(cursor, index))


def _clause(cursor: Cursor, index: int) -> range:
    """The tokens between the commas round a token."""
    first, last = index, index
    while first > 0 and not cursor.tokens[first - 1].phrase("connective.comma"):
        first -= 1
    while last < len(cursor.tokens) and not cursor.tokens[last].phrase("connective.comma"):
        last += 1
    return range(first, last)


def _skip(cursor: Cursor, index: int, *kinds: str) -> int:
    while index < len(cursor.tokens) and cursor.tokens[index].phrase(*kinds) and _phrase_only(cursor.tokens[index]):
        index += 1
    return index


def _single(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    token = cursor.tokens[index]
    if not _phrase_only(token) and any(not other.phrase("ignored") for other in cursor.tokens if other is not token):
        return None
    if token.phrase("edit.never_mind") and all(
        other is token or other.phrase("ignored", "connective.comma", "edit.never_mind", "edit.correct") for other in cursor.tokens
    ):
        return Request("undo", detail="never_mind"), index + 1
    kind = token.phrase(*_SINGLE)
    return None if kind is None else (Request(_SINGLE[kind]), index + 1)


def _compare_before(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """和上一版比少了多少, how does that compare with before, what changed: the present version against the one before."""
    tokens = cursor.tokens
    if not _phrase_only(tokens[index]):
        return None
    if tokens[index].phrase("request.difference") and all(
        place == index or tokens[place].phrase("ignored", "is", "edit.pronoun") for place in range(len(tokens))
    ):
        return Request("compare_before"), index + 1
    against = _skip(cursor, index, "change.than", "connective.and", "request.compare", "request.difference", "ignored", "have")
    opened = any(
        tokens[place].phrase("change.than", "connective.and", "request.compare", "request.difference") for place in range(index, against)
    )
    if against >= len(tokens) or not tokens[against].phrase("request.version_before") or not _phrase_only(tokens[against]):
        return None
    last = _skip(
        cursor,
        against + 1,
        "change.than",
        "request.compare",
        "change.up",
        "change.down",
        "request.count",
        "request.difference",
        "ignored",
        "is",
    )
    closed = any(tokens[place].phrase("change.than", "request.compare", "request.difference") for place in range(against + 1, last))
    return (Request("compare_before"), last) if opened or closed else None


def _dimension(cursor: Cursor, index: int) -> Request | None:
    """A level of the organisation, or a tag with values."""
    if index >= len(cursor.tokens):
        return None
    token = cursor.tokens[index]
    for meaning in token.of("level"):
        return Request("breakdown", cursor.context.catalog.header.organisation_tag, meaning.code)
    catalog = cursor.context.catalog
    codes = [meaning.code for meaning in token.of("tag") if catalog.tags[meaning.code].type != "month_day"]
    return Request("breakdown", codes[0]) if codes else None


def _breakdown(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """按支行看有多少, by tier, 每个支行有多少, tier breakdown."""
    token = cursor.tokens[index]
    level = token.of("level")
    after = index
    opened = bool(token.phrase("request.breakdown", "request.breakdown_each", "request.each"))
    if opened and not token.content:
        after = _skip(cursor, index + 1, "ignored", "is", "request.breakdown_each", "have")
    request = _dimension(cursor, after)
    if request is None or cursor.said_of(after + 1) or (cursor.context.catalog.tags[request.code].numeric and _ranks_by_it(cursor, index)):
        return None
    last = _skip(cursor, after + 1, "ignored")
    closed = False
    while last < len(cursor.tokens) and _phrase_only(cursor.tokens[last]):
        if not cursor.tokens[last].phrase("request.breakdown_close", "request.each", *(("request.count",) if opened else ())):
            break
        closed = True
        last = _skip(cursor, last + 1, "ignored")
    if opened or closed or (level and _opens_itself(token)):
        return request, last if closed else after + 1
    return None


def _ranks_by_it(cursor: Cursor, index: int) -> bool:
    """top 100 customers by AUM: that "by" belongs to the rank."""
    place = index - 1
    while place >= 0 and cursor.tokens[place].phrase("ignored") and _phrase_only(cursor.tokens[place]):
        place -= 1
    return place >= 0 and cursor.tokens[place].rank is not None


def _more_dimensions(cursor: Cursor, index: int) -> tuple[list[Request], int] | None:
    """按客户等级和性别: further dimensions after 和 or and, with what closes them."""
    found: list[Request] = []
    last = index
    while last < len(cursor.tokens) and cursor.tokens[last].phrase("connective.and", "connective.also"):
        after = _skip(cursor, last + 1, "ignored", "request.breakdown")
        request = _dimension(cursor, after)
        if request is None or cursor.said_of(after + 1):
            break
        found.append(request)
        last = _skip(cursor, after + 1, "ignored")
        while (
            last < len(cursor.tokens)
            and cursor.tokens[last].phrase("request.breakdown_close", "request.count", "request.each")
            and _phrase_only(cursor.tokens[last])
        ):
            last = _skip(cursor, last + 1, "ignored")
    return (found, last) if found else None


def _each(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """上海分行和北京分行…各有多少: by the tag of which several values were named."""
    token = cursor.tokens[index]
    if not token.phrase("request.each") or not _phrase_only(token):
        return None
    if token.phrase("pair.respectively") and sum(other.comparison is not None for other in cursor.tokens) > 1:
        return None
    catalog = cursor.context.catalog
    named: dict[str, list[str]] = {}
    for other in cursor.tokens:
        for tag in {meaning.code for meaning in other.of("value")}:
            named.setdefault(tag, []).extend(meaning.value for meaning in other.of("value") if meaning.code == tag)
    organisation = catalog.header.organisation_tag
    for tag, values in sorted(named.items(), key=lambda entry: entry[0] != organisation):
        if len(set(values)) < 2:
            continue
        levels = {catalog.organisation[value].level for value in values if value in catalog.organisation}
        if tag == organisation:
            return (Request("breakdown", tag, str(levels.pop())), index + 1) if len(levels) == 1 else None
        if catalog.tags[tag].values_from is None:
            return Request("breakdown", tag), index + 1
    return None


def _share(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """有信用卡的占比: the share of a yes-no tag inside the segment."""
    tokens = cursor.tokens
    at = _skip(cursor, index, "have") if tokens[index].phrase("have") and _phrase_only(tokens[index]) else index
    if at >= len(tokens):
        return None
    catalog = cursor.context.catalog
    codes = [meaning.code for kind in ("tag", "hold") for meaning in tokens[at].of(kind) if catalog.tags[meaning.code].type == "flag"]
    after = _skip(cursor, at + 1, "ignored")
    if not codes or after >= len(tokens) or not tokens[after].phrase("request.share") or tokens[after].content:
        return None
    return Request("metric", codes[0], detail="share"), _skip(cursor, after + 1, "request.count", "is", "ignored")


def _opens_itself(token: Token) -> bool:
    """A level word that carries its own 按 / by."""
    return token.text.startswith(("按", "分", "by", "per", "各", "每"))


def _metric(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """户均AUM, average AUM, AUM中位数."""
    tokens = cursor.tokens
    kind = tokens[index].phrase(*_METRICS)
    if kind is not None and not tokens[index].content:
        after = _skip(cursor, index + 1, "ignored", "is")
        if after < len(tokens) and not _followed_by_value(cursor, after):
            code = _number_tag(cursor, after)
            if code is not None:
                last = _skip(cursor, after + 1, "request.count", "is", "ignored")
                return Request("metric", code, detail=_METRICS[kind]), last
        return None
    code = _number_tag(cursor, index)
    if code is None:
        return None
    after = _skip(cursor, index + 1, "ignored", "is")
    if after < len(tokens) and not tokens[after].content:
        kind = tokens[after].phrase(*_METRICS)
        if kind is not None and not _followed_by_value(cursor, after):
            return Request("metric", code, detail=_METRICS[kind]), _skip(cursor, after + 1, "request.count", "is", "ignored")
    return None


def _followed_by_value(cursor: Cursor, index: int) -> bool:
    after = _skip(cursor, index + 1, "ignored", "is")
    return after < len(cursor.tokens) and cursor.tokens[after].comparison is not None


def _number_tag(cursor: Cursor, index: int) -> str | None:
    for kind in ("tag", "hold"):
        for meaning in cursor.tokens[index].of(kind):
            if cursor.context.catalog.tags[meaning.code].numeric:
                return meaning.code
    return None


def _element(token: Token) -> str | None:
    for kind in ("concept", "tag", "action", "concept_not", "hold"):
        for meaning in token.of(kind):
            return meaning.code
    return None


def _explain(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """什么是手机银行活跃, 手机银行活跃是什么意思, what is an active app user."""
    tokens = cursor.tokens
    if tokens[index].phrase("request.explain") and not tokens[index].content:
        after = _skip(cursor, index + 1, "ignored", "is", "request.explain")
        code = _element(tokens[after]) if after < len(tokens) else None
        if code is None:
            return None
        return Request("explain", code), _skip(cursor, after + 1, "request.explain", "ignored")
    code = _element(tokens[index])
    if code is None:
        return None
    after = _skip(cursor, index + 1, "ignored", "is")
    if after < len(tokens) and tokens[after].phrase("request.explain") and not tokens[after].content:
        return Request("explain", code), _skip(cursor, after + 1, "request.explain", "ignored")
    return None


def _what_tags(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """理财有什么标签, what tags are there about wealth: everything else in the turn is the topic."""
    tokens = cursor.tokens
    if not tokens[index].phrase("request.what_tags"):
        return None
    others = [
        place for place in range(len(tokens)) if place != index and not tokens[place].phrase("ignored", "is", "connective.comma", "have")
    ]
    words = " ".join(tokens[place].text for place in others)
    for place in range(len(tokens)):
        cursor.mark(place, place + 1, "request")
    return Request("what_tags", words), len(tokens)
