"""What a turn leaves unsaid because the one before said it: 那北京分行呢, only in Beijing, 上月呢, what about payroll?, why? Law: a turn that asks nothing of its own asks the
last question again, of the customers or for the time it names, and that is stated; where it may as well mean another thing, both are offered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity
from assistant.interpret.asked.part_of import PART
from assistant.interpret.asked.periods import figures_discussed, read_time
from assistant.interpret.asked.watching import date_watched, topic_of
from assistant.interpret.clauses import ends, phrase_only
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.follow_up import LEADING, read_follow_up
from assistant.interpret.edits.preceding import Said, preceding_at
from assistant.interpret.interpretation import Context, Interpretation, LedgerEntry, Question, Reading, Request, RequestKind
from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.moved import happening_windows
from assistant.rule.tree import AllOf, AnyNode, Quote, SegmentRule
from assistant.rule.window import shift, unit_end, unit_start

_LASTING: frozenset[RequestKind] = frozenset(
    {"breakdown", "persona", "metric", "metric_then", "grid", "migration", "compare", "compare_segments", "hypothesis", "monitor", "size"}
)
"""Kinds that may be asked again of other customers."""
_DATED: frozenset[RequestKind] = frozenset({"compare", "metric_then", "migration", "monitor"})
"""Kinds with an earlier date: one to compare with, or the last day looked at."""
_OF_OTHERS: frozenset[RequestKind] = frozenset({"compare_segments", "hypothesis"})
"""Kinds with other customers in them, so that those of a later turn may take either place."""
_ASKING = ("edit.what_about", "edit.what_about_after")
_SMALL = (
    *_ASKING, "ignored", "is", "connective.and", "connective.also", "connective.comma", "connective.then", "change.than", "request.compare",
    "request.compared_with", "edit.pronoun",
)  # fmt: skip
_SEEKING = ("找", "查", "筛", "圈", "列", "find", "show", "list", "select", "give")
"""How a turn begins that looks for customers anew, whatever small word stands in front."""


def remembered(before: tuple[Request, ...], found: Interpretation) -> tuple[Request, ...]:
    """The questions that the next turn may ask again: those of this turn; those of the turns before where this one asks nothing and only edits their segment."""
    own = tuple(
        replace(one, kind="compare", claimed="") if one.kind == "why_changed" else one
        for one in found.requests
        if one.kind in _LASTING or one.kind == "why_changed"
    )
    if any(one.code.startswith("part_") for one in found.assumptions):
        return own  # those who left are others than the comparison was of
    return before if not found.requests and (found.edit or not found.changed) else own


def asked_again(cursor: Cursor, changed: SegmentRule | None) -> tuple[Request, ...]:
    """The last questions, of the customers that a turn comes to which asks nothing of its own: where it asks on (那…呢, what about), or narrows (只看, only). What
    is added to one side of a comparison is added to the other."""
    before = cursor.context.rule or SegmentRule(node=AllOf())  # a question of the whole bank was asked of everyone
    if changed is None or not (_asks_on(cursor.tokens) or _narrows(cursor)):
        return ()
    found = tuple(
        replace(one, node=_narrowed(one.node, before, changed)) if one.kind == "compare_segments" else one for one in cursor.context.asked
    )
    for one in found:
        cursor.assume("asked_again", request=_called(one))
    return found


def _called(asked: Request) -> str:
    """What a question is called when it is asked on."""
    return PART if (asked.kind, asked.detail) == ("hypothesis", PART) else asked.kind


def read_time_again(cursor: Cursor) -> tuple[Request, ...]:
    """上月呢, what about last year?, after a comparison with a date, a migration or what is going on: the same from another date; or, where the segment has a time of its own, the segment
    of that time. The words are marked where the first is meant."""
    asked = tuple(one for one in cursor.context.asked if one.kind in _DATED)
    rule = cursor.context.rule
    read = _days_watched if any(one.kind == "monitor" for one in asked) else read_time
    time = next((found for place in range(len(cursor.tokens)) if (found := _alone(cursor, place, read)) is not None), None)
    further = next((before for place in range(len(cursor.tokens)) if (before := preceding_at(cursor, place)) is not None), None)
    if further is not None:
        return _further_back(cursor, asked, further)
    if not asked or time is None:
        return ()
    place, last, said = time
    quote = cursor.quote(place, last)
    words = cursor.words(quote)
    labels = (
        Text(zh=f"刚才的问题，时间换成“{words}”", en=f"the question before, for “{words}”"),
        Text(zh=f"客群的时间改为“{words}”，再问刚才的问题", en=f"the segment at “{words}”, and the question before"),
    )
    if rule is not None and _takes_time(cursor, rule):
        key = f"again {fingerprint(rule.node)[:8]}"
        if cursor.choose(key, quote, "again_when", {"words": words}, labels) == 1:
            return ()
    cursor.mark(0, len(cursor.tokens), "request")
    for one in asked:
        cursor.assume("asked_again", request=_called(one))
    return tuple(replace(one, detail=said) for one in asked)


def _further_back(cursor: Cursor, asked: tuple[Request, ...], said: Said) -> tuple[Request, ...]:
    """再往前一个月呢, and the month before that, by itself after one comparison with a day: that day as much earlier, the end of a month staying one. Elsewhere no date is guessed."""
    small = all(
        phrase_only(token) and token.phrase(*_SMALL, "sequence.again")
        for place, token in enumerate(cursor.tokens)
        if not said.first <= place < said.last
    )
    day = _day_compared(asked[0].detail, cursor.context.as_of) if len(asked) == 1 and asked[0].kind in ("compare", "metric_then") else None
    rule = cursor.context.rule
    timed = rule is not None and bool(happening_windows(rule.node, cursor.catalog.settled))
    if not small or day is None or said.either or timed:
        return ()
    moved = shift(day, said.unit, -said.n)
    if day == unit_end(day, "month") and said.unit in ("month", "quarter", "year"):
        moved = unit_end(moved, "month")
    cursor.mark(0, len(cursor.tokens), "request")
    cursor.assume("asked_again", request=_called(asked[0]))
    return (replace(asked[0], detail=moved.isoformat()),)


def _day_compared(said: str, as_of: date) -> date | None:
    """The day that a comparison of a segment without days of its own was with, where its words (`insight/periods.py`) say one."""
    match said.split():
        case ["last", "month" | "quarter" | "year" as unit]:
            return unit_start(as_of, unit) - timedelta(days=1)
        case [days]:
            try:
                return date.fromisoformat(days.split("..")[-1])
            except ValueError:
                return None
        case _:
            return None


def read_watched_again(cursor: Cursor) -> tuple[Request, ...]:
    """那理财购买呢, and mobile banking logins?, after the question what is going on: the same of the behaviour named, which never picks the customers it is watched of. The words are marked."""
    asked = next((one for one in cursor.context.asked if one.kind == "monitor"), None)
    said = next((found for place in range(len(cursor.tokens)) if (found := _alone(cursor, place, _watched)) is not None), None)
    customers = calls_them_customers(cursor.tokens) or any(token.phrase("again.close") for token in cursor.tokens)  # 买过理财的呢
    if asked is None or said is None or customers:
        return ()
    cursor.mark(0, len(cursor.tokens), "request")
    cursor.assume("asked_again", request=_called(asked))
    return (replace(asked, code=said[2]),)


def read_why_again(cursor: Cursor) -> tuple[Request, ...]:
    """为什么, and why? by itself: after a comparison with a date, who made the difference; after what is going on, who they are. Elsewhere nothing."""
    tokens = cursor.tokens
    bare = all(token.phrase("request.why", *_SMALL) and phrase_only(token) for token in tokens)
    if not bare or not any(token.phrase("request.why") for token in tokens) or any(token.phrase("request.why_in") for token in tokens):
        return ()
    compared = tuple(one for one in cursor.context.asked if one.kind in ("compare", "metric_then"))
    watched = any(one.kind == "monitor" for one in cursor.context.asked) and not cursor.context.found
    if not compared and not watched:
        return ()
    cursor.mark(0, len(tokens), "request")
    figures = figures_discussed(cursor)
    if figures:
        return figures
    cursor.assume("why_by_traits")
    return compared or (Request("persona"),)


def read_picture(cursor: Cursor) -> tuple[Request, ...]:
    """画个图, draw a chart: the last finding once more, which comes with its picture; without one, what can be drawn is said."""
    tokens = cursor.tokens
    small = all(phrase_only(token) and token.phrase("request.draw", *_SMALL) for token in tokens)
    if not small or not any(token.phrase("request.draw") for token in tokens):
        return ()
    cursor.mark(0, len(tokens), "request")
    for one in cursor.context.asked:
        cursor.assume("asked_again", request=_called(one))
    if not cursor.context.asked:
        cursor.issues.append(Issue("again_nothing", Severity.ASK))
    return cursor.context.asked or (Request("count"),)


def read_offer(cursor: Cursor) -> tuple[Request, ...]:
    """给他们推什么, what should I offer them: what the answers can say instead is said."""
    tokens = cursor.tokens
    places = [place for place, token in enumerate(tokens) if token.phrase("request.offer")]
    small = (
        "ignored",
        "is",
        "edit.pronoun",
        "request.how_much",
        "connective.comma",
        "connective.then",
        "edit.what_about",
        "edit.what_about_after",
        "people",
    )
    if not places or any(token.content or not token.phrase(*small) for place, token in enumerate(tokens) if place not in places):
        return ()
    cursor.mark(0, len(tokens), "request")
    cursor.issues.append(Issue("offer_asked", Severity.ASK))
    return (Request("count"),)


def read_others(
    text: str, normalised: Normalised, tokens: Sequence[Token], context: Context, interpret: Callable[[str, Context], Interpretation]
) -> Interpretation | None:
    """那代发客户呢 after a guess or a comparison of two segments: those customers may be the other ones of the question, or whom it is asked of. None where nothing
    like it stands there, or it is not understood anyway."""
    asked = next((one for one in context.asked if one.kind in _OF_OTHERS), None)
    if asked is None or asked.node is None or context.rule is None or not _asks_on(tokens):
        return None
    said = [
        place for place, token in enumerate(tokens) if not (phrase_only(token) and token.phrase(*_SMALL) and not token.phrase("people"))
    ]
    if not said:
        return None
    start, end = normalised.span(tokens[said[0]].start, tokens[said[-1]].end)
    alone = replace(context, rule=None, asked=(), found=(), pending=False)
    read = (interpret(front.rjust(start) + text[start:end], alone) for front in ("", "有", "with ") if len(front) <= start)
    others = next((one for one in read if one.rule is not None and not one.requests and not one.issues), None)
    changed = interpret(text, replace(context, asked=()))
    clear = asked.kind == "compare_segments" and any(token.phrase("versus.with", "connective.and") for token in tokens[: said[0]])
    if others is None or others.rule is None or (changed.requests and not clear):
        return None
    if changed.rule is None or changed.issues or not changed.changed:
        changed = replace(others, rule=SegmentRule(node=AllOf(children=(*_parts(context.rule.node), *_parts(others.rule.node)))), edit=True)
    words = text[start:end]
    key = f"again {asked.kind} {hashlib.sha256(fingerprint(context.rule.node).encode()).hexdigest()[:8]}:{words.casefold()}"
    place = f"instead {asked.kind}"
    labels = {
        "instead hypothesis": Text(zh=f"改猜“{words}”", en=f"another guess: “{words}”"),
        "instead compare_segments": Text(zh=f"改为和“{words}”比", en=f"a comparison with “{words}”"),
    }
    within = Text(zh=f"改看“{words}”，问题照旧", en=f"the same question of “{words}”")
    readings = (Reading(labels[place], context.rule), Reading(within, changed.rule or context.rule))
    chosen = 0 if clear else context.choices.get(key, -1)  # 那和男客户呢 names those compared with
    quote = Quote(turn=context.turn, start=start, end=end)
    doubted = not 0 <= chosen < len(readings)
    question = Question(key, "again_who", {"words": words}, quote, readings, always=doubted, ask=doubted)
    node = _narrowed(asked.node, context.rule, readings[1].rule) if asked.kind == "compare_segments" else asked.node
    if chosen == 1:
        return replace(changed, requests=(replace(asked, node=node),), ledger=_whole(changed.ledger, start, end, len(text)))
    ledger = _whole(others.ledger, start, end, len(text))
    swapped = interpret(text, replace(context, rule=SegmentRule(node=asked.node), asked=()))
    exchanged = (
        asked.kind == "compare_segments" and swapped.edit and not swapped.issues and not swapped.questions and swapped.rule is not None
    )
    request = replace(asked, node=swapped.rule.node if exchanged and swapped.rule is not None else others.rule.node)
    return replace(others, requests=(request,), rule=context.rule, changed=False, ledger=ledger, questions=(question, *others.questions))


def _whole(ledger: Sequence[LedgerEntry], start: int, end: int, length: int) -> tuple[LedgerEntry, ...]:
    """What became of the words [start, end), and of those round them, which ask."""
    inside = [replace(one, start=max(one.start, start), end=min(one.end, end)) for one in ledger if one.end > start and one.start < end]
    front = [LedgerEntry(0, start, "request")] if start else []
    return (*front, *inside, *([LedgerEntry(end, length, "request")] if end < length else []))


def _asks_on(tokens: Sequence[Token]) -> bool:
    """Whether a turn asks on about what it names, and looks for nobody anew: 那…呢, what about …, and …?"""
    front = takewhile(lambda token: phrase_only(token) and token.phrase("frame", *_SMALL), tokens)
    if _of_others(tokens):
        return True
    if any(word in token.text for token in front for word in _SEEKING):
        return False
    return any(phrase_only(token) and token.phrase(*_ASKING) for token in tokens)


def _of_others(tokens: Sequence[Token]) -> bool:
    """看按揭客户的, for mortgage customers: customers whose part in the sentence is left open."""
    said = [token for token in tokens if not ends(token)]
    if len(said) < 2 or said[0].text not in phrases_of("again.open"):
        return False
    return said[0].text.isascii() or said[-1].text in phrases_of("again.close")


def leans(tokens: Sequence[Token]) -> bool:
    """Whether a turn names customers only beside those of the turn before: 那女客户呢, what about women?, 只看女的, those with a card among them."""
    front = takewhile(lambda token: phrase_only(token) and token.phrase("frame", *_SMALL, *LEADING), tokens)
    return _asks_on(tokens) or any(token.phrase(*LEADING) for token in front)


def names_customers(tokens: Sequence[Token]) -> bool:
    """Whether a turn has a noun for the customers it is of: 女客户, women, mortgage holders, everyone. 能触达多少, how many are reachable have none."""
    person = phrases_of("person")
    return calls_them_customers(tokens) or any(token.phrase("person", "everyone") or token.text.split()[-1] in person for token in tokens)


def calls_them_customers(tokens: Sequence[Token]) -> bool:
    """Whether that noun is one for customers: 女客户, mortgage holders. 女的, the women have none."""
    people = phrases_of("people")
    behind = tuple(word for word in people if not word.isascii())
    return any(token.phrase("people") or token.text.endswith(behind) or token.text.split()[-1] in people for token in tokens)


def names_everyone(tokens: Sequence[Token]) -> bool:
    """全行有多少客户, all customers by branch: whether a turn says itself that it is of all customers."""
    them = phrases_of("them")
    return any(token.phrase("everyone") and not any(word in them for word in token.text.split()) for token in tokens)


def _narrows(cursor: Cursor) -> bool:
    """Whether a word of narrowing was read as one; where there was no segment to edit it was passed over."""
    taken = ("edit",) if cursor.context.rule is not None else ("edit", "ignored")
    return any(cursor.kinds[place] in taken and token.phrase("edit.only") for place, token in enumerate(cursor.tokens))


def _alone(cursor: Cursor, place: int, read: Callable[[Cursor, int], tuple[str, int] | None]) -> tuple[int, int, str] | None:
    """A time from `place` on, where it ends and what it comes to, where all other words of the turn are small ones."""
    time = read(cursor, place)
    if time is None:
        return None
    others = (*cursor.tokens[:place], *cursor.tokens[time[1] :])
    return (place, time[1], time[0]) if all(phrase_only(token) and token.phrase(*_SMALL) for token in others) else None


def _days_watched(cursor: Cursor, index: int) -> tuple[str, int] | None:
    """The days that a time comes to for what is going on, and where it ends."""
    token = cursor.tokens[index]
    if token.window is None or token.content or token.comparison is not None:
        return None
    said = date_watched(token.window, cursor.context.as_of, cursor.context.today)
    return None if said is None else (said, index + 1)


def _watched(cursor: Cursor, index: int) -> tuple[str, int] | None:
    """The behaviour that a word names by itself, and where it ends."""
    topic = topic_of(cursor, index)
    return (topic, index + 1) if topic else None


def _takes_time(cursor: Cursor, rule: SegmentRule) -> bool:
    """Whether the turn could also set a time of the segment."""
    point = cursor.checkpoint()
    edited = read_follow_up(cursor, rule)
    cursor.restore(point)
    return edited is not None and edited.rule is not None and canonical(edited.rule.node) != canonical(rule.node)


def _narrowed(other: AnyNode | None, before: SegmentRule, after: SegmentRule) -> AnyNode | None:
    """Those compared with, under the conditions that were added to the segment itself; as they are where anything else was changed."""
    was, now = ([(canonical(part), part) for part in _parts(rule.node)] for rule in (before, after))
    kept = [key for key, _ in was]
    if other is None or any(key not in [one for one, _ in now] for key in kept):
        return other
    return AllOf(children=(*_parts(other), *(part for key, part in now if key not in kept)))


def _parts(node: AnyNode) -> tuple[AnyNode, ...]:
    return node.children if isinstance(node, AllOf) else (node,)
