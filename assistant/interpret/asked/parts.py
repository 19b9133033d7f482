"""只要新来的, 流失的是谁, who left, after a comparison with another date: those who came, stayed or left are its parts. Law: looked for in the whole turn only, and only where a
comparison stands before; a part that no rule can say is said to be none, never put in another's place.
"""

from __future__ import annotations

import re

from assistant.errors import Issue, Severity
from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, Request
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised
from assistant.rule.tree import Quote, SegmentRule

_PARTS = ("entered", "left", "stayed")
_MARKS = re.compile(r"[\s,;。.!?、]+")


def read_part(text: Normalised, context: Context) -> Interpretation | None:
    """The segment of one part of the comparison before; with who they are, where that is asked. None where the turn says anything else."""
    said = _bare(text.text)
    if not context.parts and not any(one.kind == "compare" for one in context.asked):
        return None
    who = next((words for words in _longest("part.who") if said != words and (said.startswith(words) or said.endswith(words))), "")
    core = said.removeprefix(who).removesuffix(who)
    core = core.removeprefix(next((words for words in _longest("part.front") if core.startswith(words)), ""))
    name = next((part for part in _PARTS for words in phrases_of(f"part.{part}") if core == _bare(words)), None)
    if name is None:
        return None
    length = len(text.original)
    parts = dict(context.parts)
    if name == "entered" and "came" in parts:
        name = "came"  # who is new is both: customers then who came in, and new customers
    node = parts.get(name)
    quote = Quote(turn=context.turn, start=0, end=length)
    if node is None:
        issue = Issue("part_unsaid", Severity.ASK, quote=(0, length), params={"words": text.original.strip()})
        return Interpretation((), context.rule, (LedgerEntry(0, length, "edit"),), issues=(issue,))
    return Interpretation(
        (Request("persona"),) if who else (),
        SegmentRule(node=node),
        (LedgerEntry(0, length, "edit"),),
        changed=True,
        edit=True,
        assumptions=(Assumption(f"part_{name}", {}, quote),),
    )


def _bare(folded: str) -> str:
    return _MARKS.sub("", folded)


def _longest(kind: str) -> list[str]:
    return sorted((_bare(words) for words in phrases_of(kind)), key=len, reverse=True)
