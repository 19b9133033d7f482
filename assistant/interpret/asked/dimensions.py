"""What a segment is broken down by. Law: a tag or a level is a dimension only with the words that ask for it, and never one that something is said of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.catalog.model import Tag
from assistant.interpret.asked.again import calls_them_customers
from assistant.interpret.clauses import before, clause, compared, ends_sentence, phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.language.phrases import phrases_of
from assistant.rule.tree import walk

_EACH = ("每", "各", "each", "every", "per")
_OPENED = ("按", "分", "各", "每", "by", "per")
_OURS = ("我们", "我", "咱们", "咱", "本", "我方", "our", "my")
_MONEY = ("CNY", "USD")


def read_breakdown(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """按支行看有多少, by tier, 每家支行有多少, tier breakdown, 性别比例, 从年龄维度看: the request, and where its words end."""
    token = cursor.tokens[index]
    after = index
    named = (
        _crosses(cursor, index)
        or _asks(cursor, index)
        or _largest(cursor, index)
        or _first_few(cursor, index)
        or _highest_figure(cursor, index)
    )
    if named is not None:
        return named
    opened = bool(token.phrase("request.breakdown", "request.breakdown_each", "request.each")) and not token.content
    aspect = bool(token.phrase("request.breakdown_aspect")) and not token.content
    if opened or aspect:
        after = skip(cursor, index + 1, "ignored", "is", "have", "request.breakdown", "request.breakdown_each", "request.each")
    request = _dimension(cursor, after)
    if after == index and index and cursor.tokens[index - 1].comparison is not None:
        return None  # 三家分行: how many there are of them
    if request is None or cursor.said_of(after + 1) or (_number(cursor, request) and _ranks(cursor, index)):
        return None
    last, closed = _closed(cursor, after + 1, request, opened)
    if aspect and not any(cursor.tokens[place].phrase("request.aspect") for place in range(after + 1, last)):
        return None
    level = bool(cursor.tokens[after].of("level"))
    denied = any(cursor.tokens[place].phrase("edit.remove", "edit.any") for place in clause(cursor, index))
    ours = index > 0 and cursor.tokens[index - 1].text in _OURS  # 我们分行: one branch, whichever it is
    if not closed and not opened and not (level and token.text.startswith(_OPENED) and not denied and not ours):
        return None
    end = last if closed else after + 1
    alone = any(cursor.tokens[place].phrase("request.cross") for place in range(after + 1, end))
    return None if alone else (request, end)  # one dimension crosses nothing: the word stays unread


def more_dimensions(cursor: Cursor, index: int) -> tuple[list[Request], int] | None:
    """按客户等级和性别, by tier then by branch, 再按性别看: the further dimensions that follow one, and where their words end."""
    found: list[Request] = []
    last = index
    while last < len(cursor.tokens):
        joined = skip(
            cursor,
            last,
            "connective.and",
            "connective.also",
            "connective.comma",
            "sequence.then",
            "sequence.again",
            "request.cross_join",
            "ignored",
        )
        if joined == last:
            break
        after = skip(cursor, joined, "ignored", "request.breakdown", "sequence.again")
        opened = any(cursor.tokens[place].phrase("request.breakdown") for place in range(joined, after))
        request = _dimension(cursor, after)
        if request is None or cursor.said_of(after + 1):
            break
        end, closed = _closed(cursor, after + 1, request, True)
        joins = [cursor.tokens[place] for place in range(last, joined)]
        plain = any(token.phrase("sequence.then") for token in joins) or (
            any(token.phrase("connective.and", "connective.also", "sequence.again", "request.cross_join") for token in joins)
            and not any(token.phrase("connective.comma") for token in joins)
        )  # 各分行的代发客户: what follows 的 is who is split, no further dimension
        if not (opened or closed or plain):
            break
        found.append(request)
        last = end if closed else after + 1
    return (found, last) if found else None


def read_each(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """上海分行和北京分行…各有多少: by the tag of which several values were named."""
    token = cursor.tokens[index]
    if not token.phrase("request.each") or not phrase_only(token):
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


def crossed(cursor: Cursor, requests: Sequence[Request], first: int, last: int) -> tuple[Request, ...]:
    """按等级和性别交叉看, tier × gender: the words [first, last) ask for two dimensions at once; and a tag whose values are the cells of a grid is one."""
    tags = cursor.context.catalog.tags
    if len(requests) == 2 and any(cursor.tokens[place].phrase("request.cross", "request.cross_join") for place in range(first, last)):
        row, column = sorted(requests, key=lambda request: not request.level)  # units make the rows
        if row.code != column.code:
            return (Request("grid", row.code, row.level, column.code),)
    return tuple(
        Request("grid", request.code) if request.kind == "breakdown" and tags[request.code].axes else request for request in requests
    )


def _asks(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """喜欢什么渠道, which channel do they prefer: the name of a tag with values that holds the word of a question."""
    token, request = cursor.tokens[index], _dimension(cursor, index)
    said = token.text.split() if token.text.isascii() else token.text
    asks = any(word in said for word in phrases_of("request.which_group"))
    if request is None or request.level or not asks or cursor.catalog.tags[request.code].type != "enum" or cursor.said_of(index + 1):
        return None
    behind = skip(cursor, index + 1, "ignored", "people")
    most = behind < len(cursor.tokens) and phrase_only(cursor.tokens[behind]) and cursor.tokens[behind].phrase("request.most")
    return request, skip(cursor, behind + 1, "ignored") if most else skip(cursor, index + 1, "ignored")


def _largest(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """哪个分行最多, which branch has the most customers: the breakdown, whose answer names the largest."""
    if not phrase_only(cursor.tokens[index]) or not cursor.tokens[index].phrase("request.which_group"):
        return None
    after = skip(cursor, index + 1, "ignored")
    request = _dimension(cursor, after)
    place = skip(cursor, after + 1, "ignored", "people", "request.count", "have", "is")
    if request is None or cursor.catalog.tags[request.code].type != "enum" or place >= len(cursor.tokens):
        return None
    most = phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase("request.most")
    return (request, skip(cursor, place + 1, "ignored", "people", "edit.what_about_after")) if most else None


def _highest_figure(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """哪个分行平均存款最高, which tier has the highest average AUM: the figure of each group, so that which is highest can be told."""
    if not phrase_only(cursor.tokens[index]) or not cursor.tokens[index].phrase("request.which_group"):
        return None
    after = skip(cursor, index + 1, "ignored")
    request = _dimension(cursor, after)
    said = [cursor.tokens[place] for place in clause(cursor, index) if place > after]
    small = ("ignored", "is", "have", "people", "edit.pronoun", "edit.what_about_after")
    figures = ("request.average", "request.median", "request.total")
    tags = cursor.context.catalog.tags
    numbers = [
        one for one in said if one.of("ambiguous") or any(tags[each.code].numeric for kind in ("tag", "hold") for each in one.of(kind))
    ]
    ranked = any(one.phrases("superlative.") for one in said)
    told = any(one.phrase(*figures) for one in said) or any(one.text.startswith(word) for one in numbers for word in phrases_of(figures[0]))
    rest = (one for one in said if one not in numbers)
    if (
        request is None
        or not numbers
        or not ranked
        or not told
        or not all(one.phrase(*small, *figures) or one.phrases("superlative.") for one in rest)
    ):
        return None
    return Request("metric_by"), after + 1 + len(said)


def _first_few(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """前三的分行, top three branches, and 前三是哪些 behind a breakdown, with nothing else said: the breakdown, whose answer names so many of the largest."""
    rank, asked = cursor.tokens[index].rank, cursor.context.asked
    if rank is None or rank.count is None or rank.doubt is not None or rank.direction != "top" or cursor.context.rule is None:
        return None
    after = skip(cursor, index + 1, "ignored")
    request = _dimension(cursor, after)
    last = index + 1 if request is None else after + 1
    if request is None and asked and asked[-1].kind == "breakdown":
        request = asked[-1]
    around = (*cursor.tokens[:index], *cursor.tokens[last:])
    if request is None or cursor.catalog.tags[request.code].type != "enum":
        return None
    if not all(phrase_only(token) and token.phrase(*_AROUND_FEW) for token in around):
        return None
    return replace(request, detail=str(rank.count)), len(cursor.tokens)


_AROUND_FEW = (
    "ignored", "is", "people", "connective.comma", "request.lead", "request.which_group", "request.most", "edit.pronoun", "edit.what_about", "edit.what_about_after",
)  # fmt: skip


def _crosses(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """客户等级×性别, 客户等级和性别交叉表, tier and gender crossed: two dimensions with a sign between them, or the word behind both, need no word that opens
    them; the second one is read as what follows."""
    request = _dimension(cursor, index)
    after = skip(cursor, index + 1, "ignored", "connective.and", "request.cross_join")
    other = _dimension(cursor, after)
    if request is None or other is None or other.code == request.code or cursor.said_of(after + 1):
        return None
    signed = any(cursor.tokens[place].phrase("request.cross_join") for place in range(index, after))
    behind = skip(cursor, after + 1, "ignored")
    closed = behind < len(cursor.tokens) and cursor.tokens[behind].phrase("request.cross")
    return (request, index + 1) if signed or closed else None


def read_grid(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """十六宫格, the MAU-AUM grid: the name of a grid of which nothing is said asks to see it."""
    tags = cursor.context.catalog.tags
    found = [meaning.code for meaning in cursor.tokens[index].of("tag") if tags[meaning.code].axes]
    if not found or cursor.said_of(index + 1):
        return None
    cells = {found[0], *(tags[found[0]].axes or ())}
    if any(meaning.code in cells for place in clause(cursor, index) for meaning in cursor.tokens[place].of("value")):
        return None
    last = skip(cursor, index + 1, "request.cross", "request.looks_like", "ignored")
    if any(cursor.tokens[place].phrase("request.looks_like") for place in range(index + 1, last)):
        for place in clause(cursor, index):  # what does the grid look like
            if (
                place < index
                and cursor.tokens[place].phrase("request.explain", "request.persona_open")
                and phrase_only(cursor.tokens[place])
            ):
                cursor.mark(place, place + 1, "request")
    return Request("grid", found[0]), last


def read_more_of(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """男的多还是女的多, are there more men or women: values of one tag set against each other ask how many there are of each."""
    here = clause(cursor, index)
    if index != here.start:
        return None
    words = (
        "request.which_more",
        "size.many",
        "size.few",
        "change.up",
        "change.down",
        "change.more",
        "connective.or",
        "connective.and",
        "request.count",
        "ignored",
        "is",
        "edit.pronoun",
        "edit.among",
        "still",
    )
    values = [place for place in here if cursor.tokens[place].of("value")]
    asked = any(cursor.tokens[place].phrase("request.which_more") for place in here)
    rest = (cursor.tokens[place] for place in here if place not in values)
    if len(values) < 2 or not asked or not all(phrase_only(token) and token.phrase(*words) for token in rest):
        return None
    shared = set.intersection(*({meaning.code for meaning in cursor.tokens[place].of("value")} for place in values))
    if len(shared) != 1 or cursor.catalog.tags[(code := shared.pop())].values_from is not None:
        return None
    return Request("breakdown", code), here.stop


def read_values_apart(cursor: Cursor) -> Request | None:
    """男的女的各多少, men vs women: values of one tag and nothing else, each beside the others, are its breakdown: every value, or some of a segment so far."""
    values = [place for place, token in enumerate(cursor.tokens) if token.of("value")]
    rest = [token for place, token in enumerate(cursor.tokens) if place not in values]
    told = any(token.phrase("request.each", "versus.between", "request.count") for token in rest)
    if len(values) < 2 or not told or not all(phrase_only(token) and token.phrase(*_AROUND_APART) for token in rest):
        return None
    shared = set.intersection(*({meaning.code for meaning in cursor.tokens[place].of("value")} for place in values))
    named = {meaning.value for place in values for meaning in cursor.tokens[place].of("value") if meaning.code in shared}
    if len(shared) != 1:
        return None
    code = shared.pop()
    tag = cursor.catalog.tags[code]
    if {value.code for value in tag.values} != named and not _values_of_them(cursor, tag):
        return None
    cursor.mark(0, len(cursor.tokens), "request")
    return Request("breakdown", code)


def _values_of_them(cursor: Cursor, tag: Tag) -> bool:
    """Whether values said behind a segment are rather how it spreads: it is not picked by them, and they are not called customers of their own."""
    rule = cursor.context.rule
    if rule is None or tag.values_from is not None or calls_them_customers(cursor.tokens):
        return False
    return all(getattr(node, "tag", None) != tag.code for _, node in walk(rule.node))


_AROUND_APART = (
    "request.each", "request.count", "versus.between", "connective.and", "connective.comma", "ignored", "is", "people", "edit.pronoun", "edit.among", "request.lead",
)  # fmt: skip


def read_drawn(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """pie chart of their age, 年龄饼图: a picture of a dimension is its breakdown."""
    here = clause(cursor, index)
    dimensions = [place for place in here if _dimension(cursor, place) is not None and not cursor.tokens[place].comparison]
    drawn = any(cursor.tokens[place].phrase("request.draw") and phrase_only(cursor.tokens[place]) for place in here)
    rest = (cursor.tokens[place] for place in here if place not in dimensions)
    if (
        index != here.start
        or len(dimensions) != 1
        or not drawn
        or not all(
            phrase_only(one) and one.phrase("request.draw", "ignored", "is", "edit.pronoun", "request.breakdown", "sequence.of")
            for one in rest
        )
    ):
        return None
    request = _dimension(cursor, dimensions[0])
    return None if request is None else (request, here.stop)


def each_ranked(cursor: Cursor, index: int) -> bool:
    """每个分行AUM最高的10个, the top 10 of each branch: a rank inside every group of a dimension, in one clause, with no 看 or 有多少 behind the dimension."""
    token = cursor.tokens[index]
    each = token.text in _EACH or token.phrase("request.breakdown_each")
    if not (each or (token.of("level") and token.text.startswith(_EACH))):
        return False
    at = index if token.of("level") else skip(cursor, index + 1, "ignored", "is")
    if _dimension(cursor, at) is None:
        return False
    after = skip(cursor, at + 1, "ignored")
    if after < len(cursor.tokens) and cursor.tokens[after].phrase("request.breakdown_close", "request.count", "request.each"):
        return False
    return any(cursor.tokens[place].rank is not None for place in clause(cursor, index))


def mark_spread(cursor: Cursor) -> None:
    """The distribution of X by branch, 白金客户的分布按分行看: once a breakdown is found, a word that only says so belongs to it."""
    for index, token in enumerate(cursor.tokens):
        if cursor.kinds[index] == "unread" and token.phrase("request.spread") and phrase_only(token):
            cursor.mark(index, index + 1, "request")


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


def _closed(cursor: Cursor, index: int, request: Request, opened: bool) -> tuple[int, bool]:
    """Past the words that close a dimension, and whether there were any. 占比 closes one of values; of a yes-no tag or an amount it is a share."""
    tag = cursor.context.catalog.tags[request.code]
    kinds = ["request.breakdown_close", "request.spread", "request.each", "request.aspect", "request.cross"]
    if opened:
        kinds.append("request.count")
    if (tag.type == "enum" or (opened and tag.type != "flag")) and not compared(cursor, index - 1):
        kinds.append("request.share")
    if tag.type != "flag" and tag.unit not in _MONEY:
        kinds.append("request.composition")
    last, closed = index, False
    place = index
    while place < len(cursor.tokens) and phrase_only(cursor.tokens[place]) and not ends_sentence(cursor.tokens[place]):
        if cursor.tokens[place].phrase(*kinds):  # before the words that say nothing: 看 and breakdown are also of those
            closed, last = True, place + 1
        elif not cursor.tokens[place].phrase("ignored", "is"):
            break
        place += 1
    while closed and last < len(cursor.tokens) and cursor.tokens[last].phrase("ignored") and not cursor.tokens[last].phrase("have"):
        last += 1  # tier distribution of customers | with wealth products
    return last, closed


def _number(cursor: Cursor, request: Request) -> bool:
    return cursor.context.catalog.tags[request.code].numeric


def _ranks(cursor: Cursor, index: int) -> bool:
    """top 100 customers by AUM, top 10 platinum customers by AUM: that "by" belongs to the rank, unless the rank has a number before it (AUM前100)."""
    beside = before(cursor, index)
    if beside is not None and beside.rank is not None:
        return True
    said = [cursor.tokens[place] for place in clause(cursor, index) if place < index]
    tags = cursor.context.catalog.tags
    return any(token.rank is not None for token in said) and not any(
        tags[meaning.code].numeric for token in said for kind in ("tag", "hold") for meaning in token.of(kind)
    )
