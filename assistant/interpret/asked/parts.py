"""只要新来的, 流失的是谁, 那降级的呢, who left, after a comparison with another date or a migration: those who came, stayed, left, rose or fell are its parts. Law: looked
for in the whole turn only, and only where one stands before; a part that no rule can say is said to be none, never put in another's place.
"""

from __future__ import annotations

import re

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity
from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, Question, Reading, Request
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import Quote, SegmentRule, TagCondition

_PARTS = ("entered", "left", "stayed")
_WAYS = ("up", "down")
_MARKS = re.compile(r"[\s,;。.!?、]+")


def read_part(text: Normalised, context: Context) -> Interpretation | None:
    """The segment of one part of the comparison or migration before; with who they are, where that is asked. None where the turn says anything else."""
    said = _bare(text.text)
    parts = dict(context.parts)
    compared = any(name in (*_PARTS, "left_here") for name in parts) or any(one.kind == "compare" for one in context.asked)
    migrated = any(name.startswith(_WAYS) for name in parts) or any(one.kind == "migration" for one in context.asked)
    crossed = compared and not migrated and _from_a_grade_on(context)
    names = (*(_PARTS if compared else ()), *(_WAYS if migrated or crossed else ()))
    if not names:
        return None
    who = _around(said, _longest("part.who"))
    core = said.removeprefix(who).removesuffix(who)
    count = "" if who else _around(core, _longest("request.count"))  # 降级的有多少, 有多少人降级了
    core = core.removeprefix(count) if core.startswith(count) else core.removesuffix(count)
    core = core.removeprefix(next((words for words in _longest("part.front") if core.startswith(words)), ""))
    after = next((words for words in _longest("edit.what_about_after") if core != words and core.endswith(words)), "")
    core = core.removesuffix(after)
    name = next((part for part in names for words in phrases_of(f"part.{part}") if core == _bare(words)), None)
    if name is None:
        return None
    length = len(text.original)
    quote = Quote(turn=context.turn, start=0, end=length)
    requests = (Request("persona"),) if who else (Request("count"),) if count else ()
    if name in _WAYS and crossed:
        name = "entered" if name == "up" else "left_here" if "left_here" in parts else "left"
        return _of(name, requests, text.original.strip(), quote, context)
    if name in _WAYS:
        return _moved(name, requests, text.original.strip(), quote, context)
    if name == "entered" and "came" in parts:
        name = "came"  # who is new is both: customers then who came in, and new customers
    if name == "left" and "left_here" in parts:
        name = "left_here"  # some of those who left are gone from the bank
    return _of(name, requests, text.original.strip(), quote, context)


def _of(name: str, requests: tuple[Request, ...], words: str, quote: Quote, context: Context) -> Interpretation:
    """The segment of one part; that no rule says it where none does."""
    node = dict(context.parts).get(name)
    if node is None:
        return _unsaid(words, quote, context)
    return _part(SegmentRule(node=node), requests, quote, Assumption(f"part_{name}", {}, quote))


def _from_a_grade_on(context: Context) -> bool:
    """Whether the segment is a grade and those above, so that who came in rose to it and who left it fell."""
    node = None if context.rule is None else context.rule.node
    return isinstance(node, TagCondition) and node.operator in (">=", ">") and isinstance(node.value, tuple) and node.snapshot is None


def _moved(way: str, requests: tuple[Request, ...], words: str, quote: Quote, context: Context) -> Interpretation:
    """Those who rose or fell by the migration before: along its one order, or along which of two is asked."""
    found = [(name.partition(".")[2], node) for name, node in context.parts if name.startswith(way)]
    if not found:
        return _unsaid(words, quote, context)
    said = Text(zh="上升" if way == "up" else "下降", en="rose" if way == "up" else "fell")
    names = [context.catalog.tags[tag].name for tag, _ in found]
    readings = tuple(
        Reading(Text(zh=f"{name.zh}{said.zh}的", en=f"those who {said.en}: {name.en}"), SegmentRule(node=node))
        for name, (_, node) in zip(names, found, strict=True)
    )
    key = f"moved {way} {fingerprint(found[0][1])[:8]}:{words.casefold()}"
    chosen = context.choices.get(key, -1)
    settled = 0 <= chosen < len(found)
    taken = chosen if settled else 0
    best = _part(readings[taken].rule, requests, quote, Assumption(f"part_{way}", {"tag": found[taken][0]}, quote))
    if len(found) == 1:
        return best
    question = Question(key, "ambiguous_word", {"words": words}, quote, readings, always=not settled, ask=not settled)
    return Interpretation(
        best.requests, best.rule, best.ledger, changed=True, edit=True, questions=(question,), assumptions=best.assumptions
    )


def _part(rule: SegmentRule, requests: tuple[Request, ...], quote: Quote, assumption: Assumption) -> Interpretation:
    ledger = (LedgerEntry(quote.start, quote.end, "edit"),)
    return Interpretation(requests, rule, ledger, changed=True, edit=True, assumptions=(assumption,))


def _unsaid(words: str, quote: Quote, context: Context) -> Interpretation:
    issue = Issue("part_unsaid", Severity.ASK, quote=(quote.start, quote.end), params={"words": words})
    return Interpretation((), context.rule, (LedgerEntry(quote.start, quote.end, "edit"),), issues=(issue,))


def _around(said: str, found: list[str]) -> str:
    """The first of some words that a turn begins or ends with, and is more than."""
    return next((words for words in found if said != words and (said.startswith(words) or said.endswith(words))), "")


def _bare(folded: str) -> str:
    return _MARKS.sub("", folded)


def _longest(kind: str) -> list[str]:
    return sorted((_bare(words) for words in phrases_of(kind)), key=len, reverse=True)
