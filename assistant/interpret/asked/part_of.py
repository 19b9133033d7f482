"""女性占多少, what share are women, how much of them have a mortgage, 和「X」重合多少: what part of the customers spoken of something holds for. Law: what is asked about narrows nothing; a turn that says more than one
thing is left alone, since one of them may say of whom, unless words say which does and nobody is spoken of yet (代发客户里女性占多少, what share of the top 10% by AUM are women)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.interpret.clauses import phrase_only
from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, Request
from assistant.interpret.lexer import Token
from assistant.language.text import Normalised
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode, SegmentRule, TagCondition

AMONG = ("中", "里", "里面", "当中", "之中", "among")
MAKES_UP = "占"
PART = "part"
"""The detail of a hypothesis that asks how many of them are so, and claims nothing."""
_ABLE = ("能", "可以", "可", "can ", "could ")
_WHOM = ("edit.pronoun", "edit.among")
_SMALL = (
    *_WHOM,
    "connective.and",
    "people",
    "frame",
    "ignored",
    "is",
    "connective.comma",
    "connective.then",
    "edit.what_about",
    "edit.what_about_after",
)


def read_part_of(
    text: str, normalised: Normalised, tokens: Sequence[Token], context: Context, read: Callable[[str, Context], Interpretation]
) -> Interpretation | None:
    """The turn as a question of what part of the segment so far is so; with none so far, and nobody pointed at, how many of everyone are. None where it asks no such thing."""
    counted = _counted_among(tokens)
    if counted is not None:
        return _of_whom(counted, text, normalised, tokens, context, read)
    asking = _asking(tokens)
    if asking is None:
        return None
    first, last = asking
    parted = _parted(tokens, first, last) if context.rule is None else None
    if parted is not None:
        return _of_whom(parted, text, normalised, tokens, context, read)
    sides = [(0, first), (last, len(tokens))]
    said = [(start, stop) for start, stop in sides if any(_says(token) for token in tokens[start:stop])]
    if len(said) != 1 or any(not token.phrase(*_SMALL) for side in sides if side not in said for token in tokens[slice(*side)]):
        return None
    start, stop = said[0]
    while start < stop and tokens[start].phrase(*_SMALL) and not _says(tokens[start]) and not tokens[start].phrase("have", "negation.not"):
        start += 1
    overlapping = any(token.phrase("request.overlap") for token in tokens[first:last])
    if context.rule is None and (overlapping or any(token.phrase(*_WHOM) and not token.content for token in tokens)):
        return None
    place = normalised.span(tokens[start].start, tokens[start].end)[0]
    end = normalised.span(tokens[stop - 1].start, tokens[stop - 1].end)[1]
    condition = read(" " * place + text[place:end], replace(context, rule=None, pending=False, draft=None))
    if condition.rule is None or condition.requests or condition.issues or isinstance(condition.rule.node, AllOf):
        return None
    inside = (replace(one, start=max(place, one.start)) for one in condition.ledger if one.end > place)
    around = (LedgerEntry(0, place, "request"), *inside, LedgerEntry(end, len(text), "request"))
    ledger = tuple(one for one in around if one.start < one.end)
    if context.rule is None:
        return replace(condition, requests=(Request("count"),), ledger=ledger)
    if _said_of(context.rule, condition.rule):
        return replace(
            condition,
            requests=(Request("count"),),
            rule=context.rule,
            changed=False,
            ledger=ledger,
            questions=(),
            assumptions=(*condition.assumptions, _itself(text, condition.rule, context.turn)),
        )
    return replace(
        condition,
        requests=(Request("hypothesis", detail=PART, node=condition.rule.node),),
        rule=context.rule,
        changed=False,
        ledger=ledger,
        questions=tuple(replace(one, within=context.rule) for one in condition.questions),
    )


def _parted(tokens: Sequence[Token], first: int, last: int) -> tuple[range, range] | None:
    """Of whom a share is asked, and what they are: tokens [first, last) ask for it."""
    inside = [place for place in range(first) if tokens[place].text in AMONG and any(map(_says, tokens[:place]))]
    opened = [place for place in range(last, len(tokens)) if tokens[place].phrase("copula", "have") and not tokens[place].content]
    makes_up = [place for place in range(first) if tokens[place].text == MAKES_UP]  # 女性占房贷客户的比例
    for whom, what in (
        *((range(place + 1, first), range(place)) for place in makes_up[-1:] if not any(map(_says, tokens[last:]))),
        *((range(place), range(place + 1, first)) for place in inside[-1:] if not any(map(_says, tokens[last:]))),
        *((range(place), range(last, len(tokens))) for place in inside[-1:] if not any(map(_says, tokens[place:first]))),
        *((range(1, first), range(last, len(tokens))) for _ in tokens[:1] if tokens[0].text in (*AMONG, "of")),
        *((range(last, place), range(place, len(tokens))) for place in opened[:1] if not any(map(_says, tokens[:first]))),
    ):
        beside = (token for place, token in enumerate(tokens) if not any(place in one for one in (whom, what, range(first, last))))
        if any(_says(tokens[place]) for place in whom) and any(_says(tokens[place]) for place in what):
            return (
                (whom, what) if all(token.phrase(*_SMALL, "have") or token.text in (*AMONG, MAKES_UP, "of") for token in beside) else None
            )
    return None


def _counted_among(tokens: Sequence[Token]) -> tuple[range, range] | None:
    """金卡客户有多少，其中女性有多少; how many gold tier customers are there, and how many of them are women: the customers counted, and those counted of them."""
    among = [place for place, token in enumerate(tokens) if token.phrase("edit.among") and phrase_only(token)]
    if len(among) != 1 or not any(map(_says, tokens[: among[0]])):
        return None
    whom, what = range(among[0]), range(among[0] + 1, len(tokens))
    counts = [[place for place in side if tokens[place].phrase("request.count") and phrase_only(tokens[place])] for side in (whom, what)]
    if not counts[0] or not (counts[1] or tokens[among[0]].phrase("request.count")) or any(len(one) > 1 for one in counts):
        return None
    sides = [_within(tokens, side, *places) for side, places in zip((whom, what), counts, strict=True)]
    return (sides[0], sides[1]) if sides[0] is not None and sides[1] is not None else None


def _within(tokens: Sequence[Token], side: range, *counts: int) -> range | None:
    """The words that say something in a side, where the count stands before or behind all of them; None where it does not, or nothing is said."""
    small = [place for place in side if phrase_only(tokens[place]) and tokens[place].phrase(*_SMALL) and not tokens[place].phrase("have")]
    said = [place for place in side if place not in counts and place not in small]
    if not said or any(said[0] < place < said[-1] for place in counts):
        return None
    return range(said[0], said[-1] + 1)


def _of_whom(
    parted: tuple[range, range],
    text: str,
    normalised: Normalised,
    tokens: Sequence[Token],
    context: Context,
    read: Callable[[str, Context], Interpretation],
) -> Interpretation | None:
    """The customers named, and what part of them is so; None where either is not read, or asks for something of its own."""
    places = [normalised.span(tokens[one.start].start, tokens[one.stop - 1].end) for one in parted]
    beside = (context, replace(context, rule=None))
    whom, what = (
        read(" " * start + text[start:end], replace(one, pending=False, draft=None))
        for one, (start, end) in zip(beside, places, strict=True)
    )
    if whom.rule is None or what.rule is None or whom.requests or what.requests or whom.issues or what.issues:
        return None
    itself = _said_of(whom.rule, what.rule)
    both = zip((whom, what), places, strict=True)
    said = [replace(one, start=max(start, one.start)) for found, (start, _) in both for one in found.ledger if one.end > start]
    return replace(
        whom,
        requests=(Request("count") if itself else _share_of(tokens, what.rule.node),),
        ledger=filled(said, len(text)),
        questions=(*whom.questions, *(replace(one, within=whom.rule) for one in what.questions)),
        assumptions=(*whom.assumptions, *what.assumptions, *((_itself(text, what.rule, context.turn),) if itself else ())),
        measures=(*whom.measures, *what.measures),
    )


def _share_of(tokens: Sequence[Token], what: AnyNode) -> Request:
    """What part of the customers is so; the share of a yes-no tag that is yes is the figure that 有信用卡的占比 asks for."""
    asked = any(token.phrase("request.share") for token in tokens)
    if asked and isinstance(what, TagCondition) and (what.operator, what.value, what.snapshot) == ("=", True, None):
        return Request("metric", what.tag, detail="share")
    return Request("hypothesis", detail=PART, node=what)


def _said_of(whom: SegmentRule, what: SegmentRule) -> bool:
    """Whether all that is asked about is what makes the customers: of the women, how many are women."""
    said, asked = (_conditions(one) for one in (whom, what))
    return asked <= said


def _conditions(rule: SegmentRule) -> set[AnyNode]:
    node = canonical(rule.node)
    return set(node.children) if isinstance(node, AllOf) else {node}


def _itself(text: str, rule: SegmentRule, turn: int) -> Assumption:
    """That every one of them is so by what they are, and where their share of everyone stands."""
    quotes = [quote for quote in rule.node.said if quote.turn == turn]
    words = text[min(quote.start for quote in quotes) : max(quote.end for quote in quotes)] if quotes else text
    return Assumption("part_of_itself", {"words": words})


def filled(entries: Sequence[LedgerEntry], length: int) -> tuple[LedgerEntry, ...]:
    """A partition of the text: what no side took is the request."""
    found: list[LedgerEntry] = []
    place = 0
    for entry in sorted(entries, key=lambda one: one.start):
        if entry.start > place:
            found.append(LedgerEntry(place, entry.start, "request"))
        found.append(entry)
        place = entry.end
    if place < length:
        found.append(LedgerEntry(place, length, "request"))
    return tuple(found)


def _asking(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Where the one word for a share stands, or how much of them; None where there is none, or more than one."""
    found = [place for place, token in enumerate(tokens) if token.phrase("request.share", "request.overlap") and phrase_only(token)]
    if len(found) == 1:
        return found[0], found[0] + 1
    if not found and len(tokens) > 1 and tokens[0].phrase("request.how_much") and tokens[1].phrase("edit.among"):
        return 0, 2
    counted = [place for place, token in enumerate(tokens) if token.phrase("request.count") and phrase_only(token)]
    return (counted[0], counted[0] + 1) if counts_the_able(tokens) else None


def counts_the_able(tokens: Sequence[Token]) -> bool:
    """能打电话的有多少, how many can I text: what may be done with the customers spoken of is no sort of customers of its own."""
    said = [token for token in tokens if _says(token)]
    counted = sum(1 for token in tokens if token.phrase("request.count") and phrase_only(token))
    able = len(said) == 1 and bool(said[0].of("concept")) and said[0].text.startswith(_ABLE)
    return able and counted == 1 and all(_says(token) or token.phrase(*_SMALL, "request.count") for token in tokens)


def _says(token: Token) -> bool:
    return token.content or token.comparison is not None or token.rank is not None or token.window is not None
