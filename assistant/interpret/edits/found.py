"""其中, these customers, why by itself, after an answer that found several groups at once: which of them is asked, never guessed. Law: each option is the turn read upon that
group; a group named by its place (第一个是哪些人) is that one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, Question, Reading, Request
from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import AllOf, AnyNode, Quote, SegmentRule

_PLACE = "place."
_PLACES = ("1", "2", "3", "4", "5", "6")
_SMALL = (
    "ignored",
    "is",
    "connective.comma",
    "people",
    "edit.only",
    "edit.pronoun",
    "edit.what_about",
    "edit.what_about_after",
    "request.persona",
    "found.open",
)
_POINTING = ("edit.among", "edit.pronoun", "those", "request.persona")


def read_upon_found(
    normalised: Normalised, tokens: Sequence[Token], context: Context, interpret: Callable[[Context], Interpretation]
) -> Interpretation | None:
    """The turn read upon each of the groups that the last answer found, and upon the segment as it was. `interpret` reads the turn in another context.
    None where nothing was found, nothing points at it, or the turn is not understood anyway."""
    named = _named(normalised.text, tokens, context)
    if named is not None:
        whole = LedgerEntry(0, len(normalised.original), "edit")
        who = any(token.phrase("request.persona") for token in tokens)
        return Interpretation((Request("persona"),) if who else (), SegmentRule(node=named), (whole,), changed=True)
    why = all(token.phrase("request.why", "ignored", "is") and not token.content for token in tokens)
    pointing = next((token for token in tokens if token.phrase(*_POINTING, *(["request.why"] if why else [])) and not token.content), None)
    if not context.found or pointing is None:
        return None
    groups = (*context.found, AllOf() if context.rule is None else context.rule.node)
    read = [interpret(replace(context, rule=SegmentRule(node=node), found=())) for node in groups]
    if any(one.issues or any(question.ask for question in one.questions) for one in read):
        return None
    start, end = normalised.span(pointing.start, pointing.end)
    words = normalised.original[start:end]
    said = "".join(fingerprint(node) for node in groups)
    key = f"found:{hashlib.sha256(said.encode()).hexdigest()[:12]}:{words.casefold()}"
    quote = Quote(turn=context.turn, start=start, end=end)
    rules = [one.rule if one.changed and one.rule is not None else SegmentRule(node=node) for one, node in zip(read, groups, strict=True)]
    chosen = context.choices.get(key, -1)
    taken = chosen if 0 <= chosen < len(groups) else 0
    kept = (Assumption("choice_kept", {"words": words}, quote),) if taken == chosen else ()
    question = Question(
        key,
        "ambiguous_found",
        {"words": words},
        quote,
        tuple(Reading(None, rule) for rule in rules),
        always=taken != chosen,
        ask=taken != chosen,
    )
    best = read[taken]
    return replace(best, rule=rules[taken], changed=True, questions=(question, *best.questions), assumptions=(*best.assumptions, *kept))


def _option(text: str) -> str:
    """The number of the option that a whole turn names (the fourth), with a word of opening in front or none; empty for anything else."""
    said = text.strip(" .?!。")
    front = next((words for words in phrases_of("found.open") if said.startswith(f"{words} ")), "")
    said = said.removeprefix(front).strip()
    return next((number for number in _PLACES if said in phrases_of(f"choose.{number}")), "")


def _named(text: str, tokens: Sequence[Token], context: Context) -> AnyNode | None:
    """The group whose place in the last answer the whole turn names; None where it says anything else, or there are not as many."""
    places = [kind.removeprefix(_PLACE) for token in tokens for kind in token.phrases(_PLACE)]
    rest = (token for token in tokens if not token.phrases(_PLACE))
    placed = len(places) == 1 and all(token.phrase(*_SMALL) and not token.content for token in rest)
    number = places[0] if placed else _option(text)
    return context.found[int(number) - 1] if number.isdigit() and 1 <= int(number) <= len(context.found) else None
