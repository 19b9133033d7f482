"""The grammar first, a model for the words it does not know. Law: a model adds vocabulary, and what it adds is asked about
unless a person has approved those words or the grammar by itself offers the same; without it all stays as it was.

    grammar reads all          -> its reading; compared with the model's where the bank wants that: the same rule is read by both, another one is a question with both readings
    words stay unread          -> the model links them (one call, one repair); the reading with its links is an option of a question, next to what the grammar offers by itself: whichever leaves
                                  less unread stands first, a spelling the grammar knows before a guess of the model
    every link taken approved  -> that reading is the answer, with what was read for what stated as an assumption
    both mend it alike         -> that reading is the answer, stated in the same way: the spelling next to the word and a reader who was not shown it say the same rule

When a reading with links may answer: (1) its links were chosen by the asker in this conversation; or nothing stays unread, no link is doubtful (`links.Doubt`), and (2) each of them is in the
verified examples, word for word, and the grammar had no candidate of its own, or (3) it is the rule of the grammar's own first candidate. In all other cases it asks: nobody but the model vouches for
such words, and a model is often wrong.
A word of several meanings is not put to the model: only the asker knows which is meant, and the question with its counts costs no time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity
from assistant.interpret.grammar import GrammarInterpreter, may_be_left_out, unread_key
from assistant.interpret.interpretation import MENDING, Assumption, Context, Interpretation, Question, Reading
from assistant.interpret.links import Link, Linked, linked, unread_spans
from assistant.language.text import normalise
from assistant.llm.chat import Failure
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import Quote, SegmentRule

_CHOSEN, _SECOND, _COMPARED = "meant:", "meant_second:", "either:"
"""How the keys of our questions begin: the links are the first option, the second one after the grammar's own, or one of two readings. The links themselves follow, so that a choice kept always means
what was shown."""

_LEAST = 1.0
"""Seconds below which a second call is pointless."""


class Linker(Protocol):
    """Anything that says which words of a request mean which words of the catalog."""

    def links(
        self, request: str, unread: Sequence[str], context: Context, seconds: float, before: Linked | None = None
    ) -> tuple[Link, ...] | Failure:
        """Links for a request within a time, `unread` being what the grammar does not know (nothing: the whole request). `before`: how a first try was read; only what it left open is asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Ensemble:
    """An Interpreter of a grammar and a linker. `approved`: links that a person has verified, folded; `compare`: the linker is asked about requests that the grammar reads wholly too;
    `seconds`: of a turn for both calls together; `clock`: monotonic seconds."""

    grammar: GrammarInterpreter
    linker: Linker
    approved: frozenset[Link] = frozenset()
    compare: bool = False
    seconds: float = 20.0
    clock: Callable[[], float] = time.monotonic

    def interpret(self, text: str, context: Context) -> Interpretation:
        """The interpretation of one turn. Never raises for what a person typed or a model said; a model that does not answer is a warning."""
        chosen = _chosen(text, context.choices)
        if chosen is not None:
            return self._as_chosen(text, context, *chosen)
        found = self.grammar.interpret(text, context)
        if found.measures:
            return found  # what the data say of it comes first: it is read again with that
        unread = tuple(text[start:end] for start, end in unread_spans(found))
        if unread:
            return self._mended(text, context, found, unread)
        return self._compared(text, context, found) if self.compare and found.rule is not None and found.changed else found

    def _mended(self, text: str, context: Context, found: Interpretation, unread: Sequence[str]) -> Interpretation:
        """A request with unread words, as the linker says it is meant."""
        started = self.clock()
        said = self.linker.links(text, unread, context, self.seconds)
        if isinstance(said, Failure):
            return _warned(found, said)
        best = linked(said, text, context)
        left = self.seconds - (self.clock() - started)
        if best.unread and left > _LEAST:
            again = self.linker.links(text, best.unread, context, left, best)
            if not isinstance(again, Failure):
                best = min(best, linked((*best.taken, *again), text, context), key=_left)
        if not best.taken or not _helps(best, found):
            return found
        if best.interpretation.measures:
            return replace(found, measures=best.interpretation.measures)
        spelling = next((question for question in found.questions if question.code in MENDING), None)
        if not best.unread and not best.doubts:
            if spelling is None and self.approved.issuperset(_folded(best.taken)):
                return _stated(best.interpretation, "read_as_approved")
            if spelling is not None and _agreed(spelling, best, context):
                return _stated(best.interpretation, "read_as_by_both")
        return replace(found, questions=(_question(best, found, spelling, unread, context),))

    def _compared(self, text: str, context: Context, found: Interpretation) -> Interpretation:
        """A request that the grammar reads wholly, with the linker's reading beside it."""
        said = self.linker.links(text, (), context, self.seconds)
        if isinstance(said, Failure):
            return _warned(found, said)
        other = linked(said, text, context, everywhere=True)
        if other.interpretation.measures:
            return replace(found, measures=other.interpretation.measures)
        if other.unread or other.interpretation.rule is None or found.rule is None:
            return found
        if _same(other.interpretation.rule, found.rule, context):
            return replace(found, by="both") if other.taken and not other.refused else found
        quote = Quote(turn=context.turn, start=0, end=len(text))
        label = Text(zh=_said(other.taken), en=_said(other.taken))
        readings = (Reading(None, found.rule), Reading(label, other.interpretation.rule))
        question = Question(_key(_COMPARED, other.taken), "readings_differ", {"words": _said(other.taken)}, quote, readings)
        return replace(found, questions=(*found.questions, question))

    def _as_chosen(self, text: str, context: Context, links: tuple[Link, ...], kind: str, option: int) -> Interpretation:
        """A request whose question was answered: the same words have the same meaning for the rest of the conversation."""
        if kind == _COMPARED:
            if option == 0:
                return self.grammar.interpret(text, context)
            return _stated(linked(links, text, context, everywhere=True).interpretation, "read_as")
        place = 1 if kind == _SECOND else 0
        if option == place:
            return _stated(linked(links, text, context).interpretation, "read_as")
        found = self.grammar.interpret(text, context)
        spelling = next((question for question in found.questions if question.code in MENDING), None)
        unread = [text[start:end] for start, end in unread_spans(found)]
        answered = {unread_key(unread): 0} if spelling is None else {spelling.key: option - (option > place)}
        return self.grammar.interpret(text, replace(context, choices={**context.choices, **answered}))


def _agreed(spelling: Question, best: Linked, context: Context) -> bool:
    """Whether the links say the rule of the first candidate, which must leave nothing unread."""
    rule = best.interpretation.rule
    return rule is not None and not spelling.params.get("left_0") and _same(spelling.readings[0].rule, rule, context)


def _stated(found: Interpretation, code: Literal["read_as", "read_as_approved", "read_as_by_both"]) -> Interpretation:
    """A reading by links with who vouches for them: the asker who chose them, whoever approved them, or the grammar's own candidate."""
    told = (Assumption(code, one.params, one.quote) if one.code == "read_by_model" else one for one in found.assumptions)
    return replace(found, assumptions=tuple(told))


def _left(found: Linked) -> tuple[int, int]:
    """How much a reading leaves open: unread characters, then links refused."""
    return sum(map(len, found.unread)), len(found.refused)


def _helps(best: Linked, found: Interpretation) -> bool:
    """Whether the links make a reading, refuse nothing, and leave less unread."""
    reading = best.interpretation
    if (
        reading.rule is None
        or not (reading.changed or reading.requests)
        or any(issue.severity is Severity.REFUSE for issue in reading.issues)
    ):
        return False
    return sum(map(len, best.unread)) < sum(end - start for start, end in unread_spans(found))


def _question(best: Linked, found: Interpretation, spelling: Question | None, unread: Sequence[str], context: Context) -> Question:
    """Whether the links are what is meant: their reading, and what the grammar offers, or going on without the words."""
    rule = best.interpretation.rule
    assert rule is not None, "links that make no rule are no reading"
    offered = [(Reading(Text(zh=_said(best.taken), en=_said(best.taken)), rule, by_model=True), " / ".join(best.unread))]
    kind = _CHOSEN
    if spelling is not None:
        own = [(reading, spelling.params.get(f"left_{number}", "")) for number, reading in enumerate(spelling.readings)]
        if len(str(own[0][1])) <= len(offered[0][1]):
            kind, offered = _SECOND, [own[0], offered[0], *own[1:]]
        else:
            offered += own
    elif found.rule is not None and found.changed and all(may_be_left_out(issue) for issue in found.issues):
        offered.append((Reading(None, found.rule), ""))
    params = {"words": " / ".join(link.quote for link in best.taken), "unread": " / ".join(unread)}
    params |= {f"left_{number}": str(left) for number, (_, left) in enumerate(offered) if left}
    start, end = unread_spans(found)[0]
    quote = Quote(turn=context.turn, start=start, end=end)
    return Question(_key(kind, best.taken), "unread_meant", params, quote, tuple(reading for reading, _ in offered), always=True)


def _said(links: Sequence[Link]) -> str:
    return " / ".join(f"{link.quote} → {link.means}" for link in links)


def _key(kind: str, links: Sequence[Link]) -> str:
    return kind + json.dumps([[link.quote, link.means] for link in links], ensure_ascii=False)


def _chosen(text: str, choices: Mapping[str, int]) -> tuple[tuple[Link, ...], str, int] | None:
    """The links of the latest question answered whose words all stand in a text, which kind of question it was, and the option taken."""
    folded = normalise(text).text
    for key, option in reversed(tuple(choices.items())):
        kind = next((kind for kind in (_CHOSEN, _SECOND, _COMPARED) if key.startswith(kind)), None)
        links = () if kind is None else _links_of(key.removeprefix(kind))
        if kind is not None and links and all(normalise(link.quote).text in folded for link in links):
            return links, kind, option
    return None


def _links_of(written: str) -> tuple[Link, ...]:
    """The links of a key; none where it is none of ours (choices come from outside)."""
    try:
        pairs = json.loads(written)
    except ValueError:
        return ()
    if not isinstance(pairs, list) or not all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(word, str) for word in one) for one in pairs
    ):
        return ()
    return tuple(Link(*one) for one in pairs)


def _folded(links: Sequence[Link]) -> frozenset[Link]:
    return frozenset(folded_link(link) for link in links)


def folded_link(link: Link) -> Link:
    """A link as it is compared with others: folded like a request."""
    return Link(normalise(link.quote).text.strip(), normalise(link.means).text.strip())


def _same(one: SegmentRule, other: SegmentRule, context: Context) -> bool:
    return canonical_rule(one.node, context.catalog.expand_all) == canonical_rule(other.node, context.catalog.expand_all)


def _warned(found: Interpretation, failure: Failure) -> Interpretation:
    warning = Issue("model_unavailable", Severity.WARN, params={"reason": failure.code})
    return replace(found, warnings=(*found.warnings, warning))
