"""What a program may send. Law: of bounded size, and nothing that is not named here."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.catalog.model import Language
from assistant.policy import Purpose
from assistant.rule.edits import RuleChange
from assistant.rule.tree import AnyNode
from assistant.store.call import CallResult
from assistant.store.review import Verdict

LONGEST_TEXT = 20_000
MOST_TURNS = 20


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskBody(_Body):
    """`text`: the request; `turns`: the turns of the conversation before it, oldest first; `choices`: question key -> option number, from 0, of questions asked."""

    text: str = Field(max_length=LONGEST_TEXT)
    turns: tuple[str, ...] = Field((), max_length=MOST_TURNS)
    choices: dict[str, int] = Field(default_factory=dict, max_length=50)
    language: Language | None = None
    as_of: date | None = None
    purpose: Purpose = "analysis"


class ValidateBody(_Body):
    """`node`: a rule as an answer's `rule.node` has it."""

    node: AnyNode
    as_of: date | None = None
    purpose: Purpose = "analysis"


class FeedbackBody(_Body):
    """`reference`: of an answer you were given; `verdict`: whether it was understood as you meant it."""

    reference: str = Field(min_length=1, max_length=80)
    verdict: Verdict
    reason: str = Field("", max_length=2000)


class CorrectBody(_Body):
    """`text`: what is to be changed, said upon the item's rule, or the request as it should have been said; `edit`: an edit of the rule instead; `choices`: as in `AskBody`; `keep`: whether what
    it comes to is kept (it is shown either way)."""

    text: str = Field("", max_length=LONGEST_TEXT)
    edit: RuleChange | None = None
    choices: dict[str, int] = Field(default_factory=dict, max_length=50)
    language: Language | None = None
    reason: str = Field("", max_length=2000)
    keep: bool = False


class ReasonBody(_Body):
    """Why something is not right."""

    reason: str = Field("", max_length=2000)


class CallsBody(_Body):
    """Whom to call: a saved `segment` by name or id, or a `node`; `purpose`: none where the rule is a strategy template's, which has its own; `most`: how many come onto the list."""

    segment: str | None = Field(None, max_length=200)
    node: AnyNode | None = None
    purpose: Literal["service", "marketing"] | None = None
    name: str = Field("", max_length=60)
    most: int | None = Field(None, ge=1, le=1000)


class ResultBody(_Body):
    """What came of a call."""

    result: CallResult
