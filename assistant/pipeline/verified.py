"""A request that somebody approved before is read as they approved it. Law: only the same words, only where they name the same days as then,
only a rule that gate 1 still passes for whoever asks, and the answer says who approved it and when.

The key of a request is what the lexer reads of it: folded, without outer blanks and the mark at its end. Upon a segment that stands, the words must be a request of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from assistant.catalog.examples import Example
from assistant.interpret.interpretation import Assumption, Context, Interpretation, LedgerEntry, Question, Reading, Request
from assistant.language.text import normalise
from assistant.pipeline.measured import interpreted
from assistant.pipeline.run import Run
from assistant.rule.canonical import fingerprint
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, Quote, SegmentRef, SegmentRule, walk
from assistant.store.review import Verified
from assistant.validation.verdict import ValidatedRule

READ_AS_VERIFIED = "read_as_verified"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ENDS = ".。!！?？ "
_NODE: TypeAdapter[AnyNode] = TypeAdapter(AnyNode)
_REQUESTS: TypeAdapter[tuple[Request, ...]] = TypeAdapter(tuple[Request, ...])


def request_key(text: str) -> str:
    """What a request is known by: the same for the same words, whatever their width, case, script and outer blanks."""
    said = " ".join(normalise(text).text.split()).rstrip(_ENDS)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def node_json(node: AnyNode) -> str:
    """A rule as it is kept, with the words of each of its conditions."""
    return _NODE.dump_json(node).decode()


def node_of(kept: str) -> AnyNode | None:
    """A rule that was kept; None for one that is no rule (any more)."""
    try:
        return _NODE.validate_json(kept) if kept else None
    except ValidationError:
        return None


def unsaid(node: AnyNode) -> AnyNode:
    """A rule without the words it came from: those of another request mean nothing here."""
    found: AnyNode = _NODE.validate_python(_without_words(_NODE.dump_python(node, mode="json")))
    return found


def _without_words(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_words(item) for name, item in value.items() if name != "said"}
    return [_without_words(item) for item in value] if isinstance(value, list) else value


def requests_json(requests: Sequence[Request]) -> str:
    """What is asked for besides the segment, as it is kept."""
    return _REQUESTS.dump_json(tuple(requests)).decode()


def requests_of(kept: str) -> tuple[Request, ...] | None:
    """What is asked for besides the segment; None for what is nothing that can be asked (any more)."""
    try:
        return _REQUESTS.validate_json(kept or "[]")
    except ValidationError:
        return None


def verified_examples(examples: Sequence[Example]) -> Mapping[str, Verified]:
    """The readings that the bank's file of verified examples approves, by key."""
    return {
        request_key(one.request): Verified(node_json(node_from_short(one.rule)), "[]", one.verified_by, one.verified_on.isoformat())
        for one in examples
    }


def _days(*kept: str) -> frozenset[str]:
    """The days a reading names."""
    return frozenset(day for one in kept for day in _DAY.findall(one))


def _of_saved(found: Interpretation) -> bool:
    """Whether a reading, or one that is asked about, speaks of a saved segment."""
    readings = [found.rule, *(one.rule for question in found.questions for one in question.readings)]
    return any(isinstance(node, SegmentRef) for rule in readings if rule is not None for _, node in walk(rule.node))


def verified(text: str, context: Context, run: Run) -> Interpretation | None:
    """The request as it was approved, with how it was read before as another option where it was corrected; None where it was not, the rule no longer passes, or the asker chose the other
    option."""
    key = request_key(text)
    found = run.kept.verified(key) or run.examples.get(key)
    if found is None or context.pending:
        return None
    node, requests = node_of(found.rule), requests_of(found.requests)
    if node is None or requests is None:
        return None
    rule = SegmentRule(node=node)
    if not isinstance(run.validate(rule), ValidatedRule):
        return None
    quote = Quote(turn=context.turn, start=0, end=len(text))
    was = node_of(found.was)
    choice = f"verified {key}:{fingerprint(node)[:8]}"
    if was is not None and context.choices.get(choice) == 1:
        return None
    ordinary = interpreted(text, context, run)
    if context.rule is not None and (ordinary.edit or not ordinary.changed):
        return None  # said upon the segment that stands, the words may change it
    if _of_saved(ordinary):
        return None  # the words name a saved segment of the asker's, which whoever approved them did not have
    days = _days(found.rule, found.requests)
    said_now = _days("" if ordinary.rule is None else node_json(ordinary.rule.node), requests_json(ordinary.requests))
    if days != said_now and not all(day[:4] in text for day in days):
        return None  # 9月 and 上月末 are other days by now than when it was approved
    told = {"by": found.by, "on": found.on, "words": text.strip()}
    questions: tuple[Question, ...] = ()
    if was is not None and fingerprint(was) != fingerprint(node) and isinstance(run.validate(SegmentRule(node=was)), ValidatedRule):
        readings = (Reading(None, rule), Reading(None, SegmentRule(node=was)))
        questions = (Question(choice, READ_AS_VERIFIED, told, quote, readings, ask=False),)
    return Interpretation(
        requests,
        rule,
        (LedgerEntry(0, len(text), "condition"),),
        changed=True,
        questions=questions,
        assumptions=(Assumption(READ_AS_VERIFIED, told, quote),),
        by="verified",
    )
