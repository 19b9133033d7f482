"""A linker believed as soon as nothing speaks against it. Law: only for exams; it asks where a check finds a doubt, and answers where none does, which the product never does on a model's word alone.

It tells what the checks are worth by themselves, and what a model is worth without the grammar's words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.errors import Issue, Severity
from assistant.interpret.ensemble import Linker
from assistant.interpret.interpretation import Context, Interpretation, Question, Reading
from assistant.interpret.links import Linked, linked
from assistant.llm.chat import Failure
from assistant.rule.tree import Quote


@dataclass(frozen=True, slots=True)
class LinkerAlone:
    """An Interpreter of a linker and the deterministic readers. `own_words`: the grammar knows the words of the catalog where they stand in the request too; `repairs`: whether a second try is asked
    for; `seconds`: of each call."""

    linker: Linker
    own_words: bool = False
    repairs: bool = True
    seconds: float = 20.0

    def interpret(self, text: str, context: Context) -> Interpretation:
        """The reading by links, asked about where something in them is refused, doubtful or unread."""
        said = self.linker.links(text, (), context, self.seconds)
        if isinstance(said, Failure):
            alone = linked((), text, context, own_words=self.own_words).interpretation
            return replace(alone, warnings=(Issue("model_unavailable", Severity.WARN, params={"reason": said.code}),))
        best = linked(said, text, context, own_words=self.own_words)
        if self.repairs and best.unread:
            again = self.linker.links(text, best.unread, context, self.seconds, best)
            if not isinstance(again, Failure):
                best = min(
                    best, linked((*best.taken, *again), text, context, own_words=self.own_words), key=lambda one: sum(map(len, one.unread))
                )
        return _asked(best, text, context) if best.doubts else best.interpretation


def _asked(found: Linked, text: str, context: Context) -> Interpretation:
    rule = found.interpretation.rule
    if rule is None:
        return found.interpretation
    words = " / ".join(link.quote for link, _ in found.doubts)
    quote = Quote(turn=context.turn, start=0, end=len(text))
    question = Question("alone", "unread_meant", {"words": words, "unread": words}, quote, (Reading(None, rule),), always=True)
    return replace(found.interpretation, questions=(*found.interpretation.questions, question))
