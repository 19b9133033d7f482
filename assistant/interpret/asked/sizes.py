"""How many customers are wanted: 凑够5000人, size it to 5,000, half of that, AUM多少以上的有2000人. Law: only a number of customers is a size; a number that may be an amount is left unread, and so asked about."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from assistant.interpret.clauses import clause, ends, names_threshold, phrase_only, skip
from assistant.interpret.conditions.amounts import MONEY
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.language.comparisons import Comparison, counts_persons
from assistant.rule.tree import RankCondition, TagCondition, walk

_ABOUT = (Decimal("0.9"), Decimal("1.1"))
"""The ends of 大约 and about, as `language/comparisons.py` reads them."""
_TIMES_OF_ANY = {"request.halved": Decimal("0.5"), "request.doubled": Decimal(2)}
_TIMES = {
    **_TIMES_OF_ANY,
    "edit.fewer_of_them": Decimal("0.8"),
    "edit.tighten": Decimal("0.8"),
    "edit.more_of_them": Decimal("1.25"),
    "edit.loosen": Decimal("1.25"),
}
"""By how much the number of customers wanted changes: a bit is more than about (ten percent either way) leaves open, and a bit more undoes a bit fewer."""
_OF = "的"
_PEOPLE = frozenset({"count", "none", None})


def read_size(cursor: Cursor, index: int) -> Request | None:
    """A number of customers that is to come out, said of no tag: 控制在5000人以内, I need about 5,000 customers. The words that ask for it are marked."""
    token = cursor.tokens[index]
    if token.comparison is None or token.of("tag"):
        return None
    here = clause(cursor, index)
    if any(cursor.kinds[place] == "unread" and cursor.tokens[place].content for place in here):
        return None
    signs = [
        place for place in here if cursor.tokens[place].phrase("request.size", "request.wanted") and cursor.kinds[place] != "condition"
    ]
    plain = any(cursor.tokens[place].phrase("request.size") for place in signs)
    detail = _detail(token.comparison)
    if not signs and _by_itself(cursor, index) and detail is not None and _counts_people(cursor, index):
        cursor.mark(here.start, here.stop, "request")
        return Request("size", detail=detail)
    bare = plain and not token.comparison.scale_said
    if not signs or detail is None or not (bare or _counts_people(cursor, index) or _wanted_alone(cursor, index)):
        return None
    for place in (*signs, *_too_many(cursor, here)):
        cursor.mark(place, place + 1, "request")
        cursor.skipped.discard(place)
    return Request("size", detail=detail)


def _wanted_alone(cursor: Cursor, index: int) -> bool:
    """…, I need about 500; 还是太多，要500: a bare number that a clause of its own wants of the customers that stand before it."""
    tokens, here = cursor.tokens, clause(cursor, index)
    alone = all(place == index or (phrase_only(tokens[place]) and tokens[place].phrase("request.wanted", *_AROUND_SIZE)) for place in here)
    said = cursor.context.rule is not None or any(token.content for token in tokens[: here.start])
    return alone and said and _plain_wanted(cursor, index)


def _too_many(cursor: Cursor, here: range) -> list[int]:
    """The words of another clause that say no more than that they are too many or too few, as the number wanted then says how many."""
    others = [place for place in range(len(cursor.tokens)) if place not in here]
    said = [
        place for place in others if cursor.tokens[place].phrase("edit.tighten", "edit.loosen", "edit.fewer_of_them", "edit.more_of_them")
    ]
    small = all(
        phrase_only(cursor.tokens[place]) and (place in said or cursor.tokens[place].phrase(*_AROUND_SIZE, "still")) for place in others
    )
    return others if said and small else []


def read_threshold(cursor: Cursor) -> Request | None:
    """哪个门槛能得到大约2000个AUM高的客户, which AUM threshold gives about 2,000 customers: from which number of a tag on there are so many. The words are marked; what else is
    said are conditions."""
    tokens = cursor.tokens
    numbers = [
        place
        for place, token in enumerate(tokens)
        if token.comparison is not None and (_counts_people(cursor, place) or _plain_wanted(cursor, place))
    ]
    asking = [place for place, token in enumerate(tokens) if token.phrase("request.threshold", "request.how_much") and not token.content]
    reached = [place for place, token in enumerate(tokens) if token.phrase("request.reaches")]
    comparison = tokens[numbers[0]].comparison if len(numbers) == 1 else None
    detail = None if comparison is None else _detail(comparison)
    if detail is None or not asking or not (reached or any(tokens[place].phrase("request.threshold") for place in asking)):
        return None
    tag = next((place for ask in asking for place in _beside(cursor, ask) if _numeric(cursor, place)), None)
    if tag is None:
        named = [place for place in range(len(tokens)) if _numeric(cursor, place) and tokens[place].comparison is None]
        tag = named[0] if len(named) == 1 else None
    if tag is None and cursor.context.rule is not None and _says_only(cursor, numbers[0]):
        cursor.mark(0, len(tokens), "request")  # 我要2000人，门槛定在哪: by the numbers that the rule has
        return Request("size", detail=detail)
    if tag is None or any(tokens[place].phrase("size.small", "size.few") for place in _beside(cursor, tag)):
        return None
    high = [place for place in _beside(cursor, tag) if place > tag and tokens[place].phrase("size.large", "size.many")]
    holding = [place for place in (numbers[0] - 1,) if place >= 0 and tokens[place].phrase("have") and not tokens[place].content]
    for place in (tag, *asking, *reached, *high, *holding, *numbers):
        cursor.mark(place, place + 1, "request")
    return Request("size", _numeric(cursor, tag) or "", detail=detail)


def _plain_wanted(cursor: Cursor, index: int) -> bool:
    """i want 2000: a bare number right behind the words for wanting it, where which threshold gives it is asked."""
    comparison, before = cursor.tokens[index].comparison, cursor.token(index - 1) if index else None
    bare = comparison is not None and comparison.unit in _PEOPLE and not comparison.scale_said
    return bare and before is not None and before.phrase("request.wanted", "request.reaches", "ignored") is not None


def _says_only(cursor: Cursor, number: int) -> bool:
    """Whether a turn says nothing but a number of customers, and asks for the threshold that gives them."""
    small = (
        *_AROUND_SIZE,
        "request.wanted",
        "request.size",
        "request.reaches",
        "request.threshold",
        "edit.set",
        "edit.raise",
        "edit.lower",
    )
    return all(
        place == number or token.phrase("request.reaches") or (phrase_only(token) and token.phrase(*small))
        for place, token in enumerate(cursor.tokens)
    )


def read_relative(cursor: Cursor) -> Request | None:
    """再少一半, half of that, twice as many, with nothing else said and no other question open: of the number of customers wanted last, else of those there are.
    再少一点, a bit more, 放宽一点: of the number wanted last alone, which is then said; without one it is a step of the rule."""
    small = (
        "ignored",
        "is",
        "connective.comma",
        "edit.pronoun",
        "edit.correct",
        "edit.what_about",
        "edit.what_about_after",
        "request.lead",
        "people",
    )
    asked = cursor.context.asked
    sized = bool(asked) and all(one.kind == "size" for one in asked)
    said = [token.phrase(*(_TIMES if sized else _TIMES_OF_ANY)) for token in cursor.tokens]
    rest = (token for token, kind in zip(cursor.tokens, said, strict=True) if kind is None)
    if (
        (cursor.context.rule is None and not asked)
        or sum(kind is not None for kind in said) != 1
        or any(one.kind != "size" for one in asked)
    ):
        return None
    if not all(phrase_only(token) and token.phrase(*small) and not names_threshold(token) for token in rest):
        return None  # 门槛减半: the threshold is, not the customers
    place, kind = next((place, kind) for place, kind in enumerate(said) if kind is not None)
    cursor.mark(0, len(cursor.tokens), "request")
    before = asked[-1] if asked else Request("size", detail=f"1{OF_THOSE}")
    quote = cursor.quote(place, place + 1)
    if before.detail.endswith(OF_THOSE):
        times = Decimal(before.detail.removesuffix(OF_THOSE)) * _TIMES[kind]
        if kind not in _TIMES_OF_ANY:
            cursor.assume("size_stepped_of_those", quote, words=cursor.words(quote), percent=f"{times * 100:.0f}")
        return Request("size", before.code, detail=f"{times}{OF_THOSE}")
    numbers = [int(number) for number in re.findall(r"\d+", before.detail)]
    wanted = sum(numbers) / len(numbers)
    aim = max(1, int(wanted * float(_TIMES[kind])))
    if kind not in _TIMES_OF_ANY:
        cursor.assume("size_stepped", quote, words=cursor.words(quote), before=f"{int(wanted):,}", n=f"{aim:,}")
    return Request("size", before.code, detail=f"{aim}")


def read_resized(cursor: Cursor) -> Request | None:
    """扩大到2000人, 减少到1000人, increase to 3000 people, with nothing else said: as many customers as that are wanted of the segment there is. None where it is a rank, whose size that is."""
    rule, tokens = cursor.context.rule, cursor.tokens
    if rule is None or any(isinstance(node, RankCondition) and node.count is not None for _, node in walk(rule.node)):
        return None
    numbers = [place for place, token in enumerate(tokens) if token.comparison is not None]
    if len(numbers) != 1 or not (of_persons(cursor, numbers[0]) or _goes_on(cursor, numbers[0])):
        return None
    comparison = tokens[numbers[0]].comparison
    detail = None if comparison is None else _detail(comparison)
    changing = [place for place in range(numbers[0]) if _changes_size(cursor, place)]
    rest = (token for place, token in enumerate(tokens) if place not in (*changing, *numbers))
    if detail is None or len(changing) != 1 or not all(phrase_only(token) and token.phrase(*_AROUND_SIZE) for token in rest):
        return None
    cursor.mark(0, len(tokens), "request")
    return Request("size", detail=detail)


def read_at_values(cursor: Cursor) -> Request | None:
    """如果门槛改成20万、50万、100万分别多少, what if the threshold was 200k, 500k, 1m: several values of one number of the rule, with nothing else said. None where the rule has no such
    number, or more than one that it may be."""
    rule, tokens = cursor.context.rule, cursor.tokens
    values = [token.comparison.value for token in tokens if token.comparison is not None]
    numbers = [value for value in values if value is not None]
    named = {code for place in range(len(tokens)) if (code := _numeric(cursor, place)) is not None}
    rest = (token for place, token in enumerate(tokens) if token.comparison is None and _numeric(cursor, place) is None)
    if rule is None or len(values) < _SEVERAL or len(numbers) < len(values) or len(named) > 1:
        return None
    if not all(phrase_only(token) and token.phrase(*_AROUND_VALUES) for token in rest):
        return None
    places = [place for place, token in enumerate(tokens) if token.comparison is not None]
    between = (tokens[place] for place in range(places[0], places[-1]) if place not in places)
    if not all(token.phrase("connective.comma", "connective.and", "connective.or") for token in between):
        return None  # 把20万改成30万: the one in place of the other
    money = any(token.comparison is not None and token.comparison.scale_said for token in tokens)
    fitting = [
        node.tag
        for _, node in walk(rule.node)
        if isinstance(node, TagCondition)
        and isinstance(node.value, Decimal)
        and node.operator in _BOUNDS
        and (node.tag in named if named else not money or cursor.catalog.tags[node.tag].unit in MONEY)
    ]
    if len(fitting) != 1:
        return None
    cursor.mark(0, len(tokens), "request")
    return Request("at_values", fitting[0], detail=" ".join(format(value, "f") for value in numbers))


_SEVERAL = 2
_BOUNDS = (">", ">=", "<", "<=")
_AROUND_VALUES = (
    "ignored",
    "is",
    "connective.comma",
    "connective.and",
    "connective.or",
    "connective.then",
    "edit.pronoun",
    "edit.set",
    "edit.raise",
    "edit.lower",
    "edit.what_about",
    "edit.what_about_after",
    "request.count",
    "request.each",
    "request.threshold",
    "strategy.threshold",
    "request.lead",
)


def of_persons(cursor: Cursor, index: int) -> bool:
    """Whether a number is one of persons beyond doubt: 2000人, 3,000 people; 50万客户 may be customers who have so much."""
    comparison, following = cursor.tokens[index].comparison, cursor.token(index + 1)
    if comparison is None:
        return False
    counted = following is not None and following.phrase("people") is not None and phrase_only(following)
    plain = not comparison.scale_said or (following is not None and following.text.isascii())
    return counts_persons(comparison) or (counted and plain and comparison.unit in _PEOPLE)


def _goes_on(cursor: Cursor, index: int) -> bool:
    """Whether a number without a unit is one of persons since so many were wanted just before: make it roughly 2000."""
    comparison, asked = cursor.tokens[index].comparison, cursor.context.asked
    sized = bool(asked) and all(one.kind == "size" for one in asked)
    return sized and comparison is not None and comparison.unit in _PEOPLE and not comparison.scale_said


def _changes_size(cursor: Cursor, index: int) -> bool:
    """A word of changing something to a number. Of raising and lowering, and of 只看 and adding, only with a to: 再加2000人 and raise 200 people say by how many, or nothing."""
    token = cursor.tokens[index]
    if not phrase_only(token):
        return False
    if token.phrase("edit.set", "request.size"):
        return True
    following = cursor.token(index + 1)
    to = token.text.endswith(_TO) or (following is not None and following.text == "to")
    return to and token.phrase("edit.raise", "edit.lower", "edit.only", "edit.add") is not None


_TO = ("到", "至", " to")
_AROUND_SIZE = (
    "ignored",
    "is",
    "people",
    "connective.comma",
    "connective.then",
    "edit.pronoun",
    "edit.correct",
    "edit.what_about",
    "edit.what_about_after",
    "request.lead",
    "request.count",
)

OF_THOSE = "x"
"""Ends a target that is said of the customers there are: "0.5x" is half of them."""


def _by_itself(cursor: Cursor, index: int) -> bool:
    """…, about 2,000 people please; 那3000人呢 after a size; 大概2000个客户 of the segment there is: a clause of its own that says a number of customers, where others say whom, or did before."""
    comparison, tokens = cursor.tokens[index].comparison, cursor.tokens
    here = clause(cursor, index)
    small = ("ignored", "is", "people", "edit.what_about", "edit.what_about_after", "connective.then", "request.lead")
    alone = all(place == index or (phrase_only(tokens[place]) and tokens[place].phrase(*small)) for place in here)
    bounded = comparison is None or comparison.operator not in (None, "=", "range")
    whole = len(here) == len(tokens) and cursor.context.rule is not None and comparison is not None and comparison.approximate
    said = any(tokens[place].content for place in range(len(tokens)) if place not in here)
    split = any(cursor.kinds[place] == "request" for place in range(len(tokens)))
    before = any(one.kind == "size" for one in cursor.context.asked)
    return alone and not bounded and not split and (said or before or (whole and of_persons(cursor, index)))


def _beside(cursor: Cursor, index: int) -> list[int]:
    """The next words on either side that say something."""
    found = []
    for step in (-1, 1):
        place = index + step
        while 0 <= place < len(cursor.tokens) and phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase("ignored", "is"):
            place += step
        if 0 <= place < len(cursor.tokens) and not ends(cursor.tokens[place]):
            found.append(place)
    return found


def _numeric(cursor: Cursor, index: int) -> str | None:
    """The tag with a number that a word names."""
    tags = cursor.catalog.tags
    return next((one.code for one in cursor.tokens[index].of("tag") if tags[one.code].numeric), None)


def _counts_people(cursor: Cursor, index: int) -> bool:
    """5000人, 5000个客户, 5,000 platinum tier customers; not 5万的客户, whose number says what they have."""
    comparison = cursor.tokens[index].comparison
    assert comparison is not None, "asked of a number"
    if comparison.unit == "count":
        return True
    following = cursor.tokens[index + 1 :]
    if following and following[0].text.startswith(_OF):
        return False
    after = skip(cursor, index + 1, "ignored")
    people = [place for place in clause(cursor, index) if place > index and cursor.tokens[place].phrase("people")]
    return bool(people) and (not comparison.scale_said or people[0] <= after)


def _detail(comparison: Comparison) -> str | None:
    """The target as `Request.detail` spells it; None for what is no whole number of customers."""
    if comparison.doubt is not None or comparison.unit not in _PEOPLE:
        return None
    low, high = comparison.low, comparison.high
    if comparison.operator == "range" and low is not None and high is not None:
        middle = (low + high) / 2
        if comparison.approximate and (low, high) == (middle * _ABOUT[0], middle * _ABOUT[1]):
            return _whole("", middle)
        first, last = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
        return f"{first:f}..{last:f}" if 1 <= first <= last else None
    value = comparison.value
    if value is None:
        return None
    match comparison.operator:
        case None | "=":
            return _whole("", value)
        case "<=" | ">=":
            return _whole(comparison.operator, value)
        case "<":
            return _whole("<=", value - 1)
        case ">":
            return _whole(">=", value + 1)
        case _:
            return None


def _whole(bound: str, value: Decimal) -> str | None:
    return f"{bound}{int(value)}" if value == value.to_integral_value() and value >= 1 else None
