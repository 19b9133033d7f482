"""女性占多少, what share are women, how much of them have a mortgage, 和「X」重合多少: what part of the customers spoken of something holds for. Law: what is asked about narrows nothing; a turn that says more than one
thing is left alone, since one of them may say of whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.interpret.clauses import phrase_only
from assistant.interpret.interpretation import Context, Interpretation, LedgerEntry, Request
from assistant.interpret.lexer import Token
from assistant.language.text import Normalised
from assistant.rule.tree import AllOf

PART = "part"
"""The detail of a hypothesis that asks how many of them are so, and claims nothing."""
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
    asking = _asking(tokens)
    if asking is None:
        return None
    first, last = asking
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
    return replace(
        condition,
        requests=(Request("hypothesis", detail=PART, node=condition.rule.node),),
        rule=context.rule,
        changed=False,
        ledger=ledger,
        questions=tuple(replace(one, within=context.rule) for one in condition.questions),
    )


def _asking(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Where the one word for a share stands, or how much of them; None where there is none, or more than one."""
    found = [place for place, token in enumerate(tokens) if token.phrase("request.share", "request.overlap") and phrase_only(token)]
    if len(found) == 1:
        return found[0], found[0] + 1
    if not found and len(tokens) > 1 and tokens[0].phrase("request.how_much") and tokens[1].phrase("edit.among"):
        return 0, 2
    return None


def _says(token: Token) -> bool:
    return token.content or token.comparison is not None or token.rank is not None or token.window is not None
