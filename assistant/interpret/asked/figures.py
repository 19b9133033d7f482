"""Which figures of a segment are asked for: average, median, sum, share. Law: a number that is compared with something is a condition, never a figure."""

from __future__ import annotations

from assistant.interpret.asked.part_of import AMONG
from assistant.interpret.clauses import before, clause, compared, ends, ends_sentence, phrase_only, skip
from assistant.interpret.conditions.amounts import MONEY
from assistant.interpret.conditions.sizes import age_of
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import key_of, lexicon
from assistant.language.phrases import phrases
from assistant.rule.tree import Quote

_WHO = ("edit.pronoun", "request.guess")
"""Words that say whose it is: they, do they."""
_METRICS = {"request.average": "average", "request.median": "median", "request.total": "sum"}
_LISTED = "、"
Taken = tuple[list[Request], int]
"""What was asked for, and where its words end."""


def read_metrics(cursor: Cursor, index: int) -> Taken | None:
    """户均AUM, the total and the average AUM, AUM的平均值和中位数, average AUM and age, how much AUM … on average."""
    return _age(cursor, index) or _functions_first(cursor, index) or _tags_first(cursor, index) or _how_much(cursor, index)


def read_again(cursor: Cursor, index: int, before: Request) -> Taken | None:
    """…存款一共多少，户均多少: a further function of the figure just asked for, in a clause of its own."""
    tokens = cursor.tokens
    functions, end = _functions(cursor, index)
    last = skip(cursor, end, "request.count", "is", "ignored")
    closed = last >= len(tokens) or ends(tokens[last])
    return ([Request("metric", before.code, detail=function) for function in functions], last) if functions and closed else None


def read_share(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """有信用卡的占比, 信用卡渗透率: the share of a yes-no tag inside the segment."""
    tokens = cursor.tokens
    at = skip(cursor, index, "have") if tokens[index].phrase("have") and phrase_only(tokens[index]) else index
    if at >= len(tokens):
        return None
    code = _flag(cursor, at)
    after = skip(cursor, at + 1, "ignored")
    if code is None or after >= len(tokens) or not tokens[after].phrase("request.share", "request.holding_rate") or tokens[after].content:
        return None
    if any(token.text in AMONG for token in tokens[at + 1 : after]):
        return None  # 代发客户里有多少比例是女的: of them the share is asked, not theirs
    return Request("metric", code, detail="share"), skip(cursor, after + 1, "request.count", "is", "ignored")


def read_share_of(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """what share of platinum customers have a credit card, 多少比例有信用卡: the share said first, the yes-no tag that ends the clause said last; what stands
    between are conditions. The words of the tag are marked here, as they stand apart."""
    tokens = cursor.tokens
    if not tokens[index].phrase("request.share") or not phrase_only(tokens[index]) or compared(cursor, index):
        return None
    last = clause(cursor, index).stop - 1
    while last > index and tokens[last].phrase("ignored") and phrase_only(tokens[last]):
        last -= 1
    code = _flag(cursor, last) if last > index else None
    holding = last - 1
    while holding > index and tokens[holding].phrase("ignored") and phrase_only(tokens[holding]) and not tokens[holding].phrase("have"):
        holding -= 1
    if code is None or holding <= index or not (tokens[last].of("hold") or tokens[holding].phrase("have")):
        return None
    if not tokens[holding].phrase("have") or tokens[holding].phrase("negation.not"):
        return None
    cursor.mark(holding, last + 1, "request")
    return Request("metric", code, detail="share"), index + 1


def of_each(cursor: Cursor, places: list[tuple[Request, int, int]]) -> bool:
    """各分行的平均AUM, average AUM by branch, 平均AUM，按分行看: a figure and a breakdown said together mean the figure of each group, not of the whole."""
    found = [place for place in places if place[0].kind in ("metric", "breakdown")]
    counted = any(place[0].kind == "count" for place in places)
    for position, (one, first, end) in enumerate(found):
        for other, begin, last in found[position + 1 :]:
            if one.kind == other.kind:
                continue
            between = cursor.tokens[end:begin]
            if any(ends_sentence(token) for token in cursor.tokens[end - 1 : begin]):
                continue
            if not any(ends(token) for token in between):
                if one.kind == "metric" and _of_its_own(cursor, end, begin, last):
                    continue
                return True
            own = any(token.phrase("request.count") for token in cursor.tokens[end:last])
            if one.kind == "metric" and not counted and not own and first >= 0:
                return True
    return False


def _of_its_own(cursor: Cursor, end: int, begin: int, last: int) -> bool:
    """平均AUM和性别分布, their average AUM and the gender split: a breakdown [begin, last) that "and" joins to a figure, with a noun of its own behind what it is by."""
    joined = any(token.phrase("connective.and") for token in cursor.tokens[end:begin])
    opened = cursor.tokens[begin].phrase("request.breakdown", "request.breakdown_each", "request.each") is not None
    closing = any(
        token.phrase("request.spread", "request.composition", "request.breakdown_close") for token in cursor.tokens[begin + 1 : last]
    )
    return joined and not opened and closing


def dated(cursor: Cursor, first: int, last: int) -> Quote | None:
    """上月末户均AUM, average AUM of platinum customers at the end of last month: the words for a past point of time that are said of the figure at [first, last).
    They stand beside it, or close its clause behind customers of whom no verb says that they were so then."""
    tokens = cursor.tokens
    front = first - 1
    while front >= 0 and tokens[front].phrase("ignored") and phrase_only(tokens[front]) and not tokens[front].phrase("people"):
        front -= 1
    here = clause(cursor, first)
    behind = last
    while behind < here.stop and tokens[behind].phrase("ignored") and phrase_only(tokens[behind]) and not tokens[behind].phrase("people"):
        behind += 1
    closing = here.stop - 1
    while closing > behind and tokens[closing].phrase("ignored", "is") and phrase_only(tokens[closing]):
        closing -= 1
    said = any(tokens[place].phrase("copula", "had") for place in range(behind, closing))
    for place in (front, behind, *(() if said else (closing,))):
        beside = place in here and not first <= place < last
        if beside and cursor.kinds[place] == "unread" and _past(tokens[place]):
            return cursor.quote(place, place + 1)
    return None


def _past(token: Token) -> bool:
    return token.window is not None and token.window.kind == "snapshot"


def _age(cursor: Cursor, index: int) -> Taken | None:
    """他们平均多大, how old are they: their average age, where that is all that is said of them."""
    tag = age_of(cursor.catalog)
    if (
        tag is None
        or not cursor.tokens[index].phrase("request.average_age")
        or not phrase_only(cursor.tokens[index])
        or compared(cursor, index)
    ):
        return None
    last = skip(cursor, index + 1, "ignored", "is", "request.average", "request.guess", "edit.pronoun")
    closed = last >= len(cursor.tokens) or ends(cursor.tokens[last])
    return ([Request("metric", tag.code, detail="average")], last) if closed else None


def _functions_first(cursor: Cursor, index: int) -> Taken | None:
    """average AUM, 平均AUM和年龄, the total and the average AUM."""
    tokens = cursor.tokens
    joined = _joined(cursor, index)
    functions, after = ([joined[0]], index) if joined is not None else _functions(cursor, index)
    if not functions:
        return None
    joined = joined or _joined(cursor, after)
    codes: list[str] = []
    place = last = after
    if joined is not None:
        if _taken_else(cursor, index, after):
            return None
        functions = list(dict.fromkeys((*functions, joined[0])))
        codes.append(joined[1])
        last = after + 1
        place = skip(cursor, last, "connective.and", "ignored")
        if not any(tokens[between].phrase("connective.and") for between in range(last, place)):
            place = len(tokens)
    while place < len(tokens):
        code = _number_tag(cursor, place)
        if code is None or _taken_else(cursor, index, place):
            break
        codes.append(code)
        last = place + 1
        place = skip(cursor, last, "connective.and", "ignored")
        if place == last or not any(tokens[between].phrase("connective.and") for between in range(last, place)):
            break
    if not codes:
        return None
    found = [Request("metric", code, detail=function) for code in codes for function in functions]
    return found, skip(cursor, last, "request.count", "is", "ignored")


def _tags_first(cursor: Cursor, index: int) -> Taken | None:
    """AUM中位数, AUM的合计和平均各是多少."""
    tokens = cursor.tokens
    code = _number_tag(cursor, index)
    if code is None:
        return None
    after = skip(cursor, index + 1, "ignored", "is")
    if after >= len(tokens):
        return None
    if after == index + 1 and tokens[after].phrase("request.sum_up") and not (index and tokens[index - 1].phrase("have")):
        return [Request("metric", code, detail="sum")], after + 1  # 存款一共多少; of 有存款的一共多少 the customers are counted
    functions, end = _functions(cursor, after)
    if not functions or _number_tag(cursor, end) is not None or _taken_else(cursor, index, end - 1):
        return None
    found = [Request("metric", code, detail=function) for function in functions]
    return found, skip(cursor, end, "request.count", "request.each", "pair.each", "is", "ignored")


def _how_much(cursor: Cursor, index: int) -> Taken | None:
    """how much AUM do they have in total, 一共有多少AUM: the tag said first or last in its clause, the function at the other end."""
    tokens = cursor.tokens
    how = ("request.how_much", "request.how_much_in_all", "request.how_much_money")
    if not tokens[index].phrase(*how) or tokens[index].content or compared(cursor, index):
        return None
    at = skip(cursor, index + 1, "ignored", "have", "is", *_WHO, "circumstance")
    here = clause(cursor, index)
    code = _number_tag(cursor, at) if at < here.stop else None  # 有多少？基金市值中位数是多少？ are two questions
    if code is None:
        return None
    last = here.stop - 1
    while last > at and tokens[last].phrase("ignored") and not tokens[last].phrase(*_METRICS):
        last -= 1
    if last == at and tokens[index].phrase("request.how_much_in_all"):
        return [Request("metric", code, detail="sum")], at + 1
    function = tokens[last].phrase(*_METRICS)
    if (
        tokens[index].phrase("request.how_much_money")
        and function is None
        and all(tokens[place].phrase("ignored", *_WHO, "have", "is") for place in range(at + 1, here.stop))
        and not any(tokens[place].phrase("people", "those") for place in range(at + 1, here.stop))  # 有多少理财客户
    ):
        money = cursor.catalog.tags[code].unit in MONEY
        both = [Request("metric", code, detail=each) for each in ("sum", "average")]
        return (both, here.stop) if money else None  # in total or each: both are told
    if last == at or function is None:
        return None
    for place in (*(place for place in range(at + 1, last) if tokens[place].phrase(*_WHO)), last):
        cursor.mark(place, place + 1, "request")
    return [Request("metric", code, detail=_METRICS[function])], at + 1


def _functions(cursor: Cursor, index: int) -> tuple[list[str], int]:
    """The functions listed from an index on (合计和平均, the mean and the median), and the index behind them."""
    tokens = cursor.tokens
    found: list[str] = []
    end = place = index
    while place < len(tokens):
        kind = tokens[place].phrase(*_METRICS)
        if kind is None or not phrase_only(tokens[place]):
            break
        found.append(_METRICS[kind])
        end = place + 1
        place = skip(cursor, end, "ignored", "is")
        if any(ends_sentence(token) for token in tokens[end:place]):
            return found, end
        end = place
        if place < len(tokens) and (tokens[place].phrase("connective.and") or tokens[place].text == _LISTED):
            place = skip(cursor, place + 1, "ignored", "is")
    if found and place < len(tokens) and _joined(cursor, place) is not None:
        end = place
    return found, end


def _joined(cursor: Cursor, index: int) -> tuple[str, str] | None:
    """A word of the catalog that begins with a function: asked for as a figure, average AUM is the average of AUM, not a tag of a daily average."""
    if index >= len(cursor.tokens):
        return None
    token = cursor.tokens[index]
    if not token.of("ambiguous"):
        return None
    tags = cursor.context.catalog.tags
    for _, kind, word in phrases():
        if kind in _METRICS and token.text.startswith(word):
            rest = lexicon(cursor.context.catalog).entries.get(key_of(token.text[len(word) :]), ())
            for meaning in rest:
                if meaning.kind == "tag" and tags[meaning.code].numeric:
                    return _METRICS[kind], meaning.code
    return None


def _taken_else(cursor: Cursor, first: int, last: int) -> bool:
    """Whether the words [first, last] belong to a condition, a rank or a breakdown: 平均AUM50万以上, the highest average AUM, top 100 by average AUM."""
    tokens = cursor.tokens
    after = skip(cursor, last + 1, "ignored", "is")
    if after < len(tokens) and (tokens[after].comparison is not None or tokens[after].rank is not None or _ranked(tokens[after])):
        return True
    beside = before(cursor, first)
    return beside is not None and (beside.rank is not None or _ranked(beside) or beside.phrase("request.breakdown") is not None)


def _ranked(token: Token) -> bool:
    return bool(token.phrases("superlative.")) or bool(token.phrases("order."))


def _number_tag(cursor: Cursor, index: int) -> str | None:
    if index >= len(cursor.tokens):
        return None
    for kind in ("tag", "hold"):
        for meaning in cursor.tokens[index].of(kind):
            if cursor.context.catalog.tags[meaning.code].numeric:
                return meaning.code
    return None


def _flag(cursor: Cursor, index: int) -> str | None:
    tags = cursor.context.catalog.tags
    codes = [meaning.code for kind in ("tag", "hold") for meaning in cursor.tokens[index].of(kind) if tags[meaning.code].type == "flag"]
    return codes[0] if codes else None
