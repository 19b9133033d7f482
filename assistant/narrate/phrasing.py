"""A narrative in a model's words. Law: no number and no name of a fact is sent, only marks in their places; each sentence the gate refuses stands as the template wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from assistant.llm.chat import Chat, Failure
from assistant.llm.prompts import PromptFile
from assistant.narrate.grounding import Claim, GroundedNarrative, reworded

SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"sentences": {"type": "array", "items": {"type": "string"}}},
    "required": ["sentences"],
    "additionalProperties": False,
}
"""The shape of a reply."""
_LANGUAGE = {"zh": "Chinese", "en": "English"}
_MARK = re.compile(r"\[(\d{1,3})\]")


class Phraser(Protocol):
    """Anything that says a grounded narrative in other words."""

    def phrased(self, told: GroundedNarrative, cancel: Event | None = None) -> GroundedNarrative:
        """The narrative in other words that passed the gate, or as it was."""
        ...


@dataclass(frozen=True, slots=True)
class ModelPhraser:
    """A Phraser over a Chat. `seconds`: of the one call."""

    chat: Chat
    prompt_file: PromptFile
    seconds: float = 20.0

    def phrased(self, told: GroundedNarrative, cancel: Event | None = None) -> GroundedNarrative:
        numbered = "\n".join(f"{place}. {_marked(claim)}" for place, claim in enumerate(told.claims, start=1))
        prompt = self.prompt_file.prompt({"language": _LANGUAGE[told.language], "sentences": numbered}, schema=SCHEMA)
        outcome = self.chat.complete(prompt, self.seconds, cancel)
        said = None if isinstance(outcome, Failure) else outcome.data.get("sentences")
        if not isinstance(said, list) or len(said) != len(told.claims):
            return told
        sentences = [_unmarked(one, claim) if isinstance(one, str) else "" for one, claim in zip(said, told.claims, strict=True)]
        found = reworded(sentences, told, "model")
        if isinstance(found, GroundedNarrative):
            return found
        refused = set(found.sentences)
        if refused.issuperset(sentences):
            return told
        kept = [claim.text if one in refused else one for one, claim in zip(sentences, told.claims, strict=True)]
        mixed = reworded(kept, told, "model")
        return mixed if isinstance(mixed, GroundedNarrative) else told


def _marked(claim: Claim) -> str:
    """A claim with a mark for each fact."""
    marks = [f"[{place}]" for place in range(1, len(claim.facts) + 1)]
    return "".join(part for pair in zip(claim.words, [*marks, ""], strict=True) for part in pair)


def _unmarked(sentence: str, claim: Claim) -> str:
    """A sentence with the facts as they are written in the place of their marks; a mark that stands for none stays, and the gate refuses it."""

    def written(mark: re.Match[str]) -> str:
        place = int(mark[1])
        return claim.written[place - 1] if 1 <= place <= len(claim.written) else mark[0]

    return _MARK.sub(written, sentence)
