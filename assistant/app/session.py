"""The Python face: a bank to talk to, and answers that show themselves. Law: it adds no rule of its own to what the Assistant says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.app.identity import open_desk
from assistant.app.view import as_html, as_json, as_markdown, as_text
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.facts import FactValue
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant, Outcome
from assistant.policy import Role
from assistant.rule.canonical import Json
from assistant.settings import Settings, load_settings
from assistant.store.open import open_store


@dataclass(frozen=True)
class Reply:
    """An Answer with what a caller usually wants of it. `answer` holds the rest."""

    answer: Answer
    present: Callable[[], Assistant] = field(repr=False)

    @property
    def outcome(self) -> Outcome:
        return self.answer.outcome

    @property
    def count(self) -> FactValue:
        """Customers; None when the request was not answered, or when they are too few to show."""
        facts = self.answer.facts
        return facts["count"].value if self.outcome == "answered" and facts is not None and "count" in facts else None

    @property
    def sql(self) -> Mapping[str, str]:
        """Purpose -> the SQL that was run."""
        return self.answer.sql

    @property
    def json(self) -> dict[str, Json]:
        return as_json(self.answer)

    def members(self) -> tuple[int, ...]:
        """The customer ids, ascending. UserError `forbidden_list`, or `no_segment` when the request was not answered."""
        if self.outcome != "answered" or self.answer.validated is None:
            raise UserError("no_segment")
        return self.present().members(self.answer.validated)

    def __str__(self) -> str:
        return as_text(self.answer, self.answer.language)

    def _repr_markdown_(self) -> str:
        return as_markdown(self.answer, self.answer.language)

    def _repr_html_(self) -> str:
        return as_html(self.answer, self.answer.language)


class Bank:
    """One conversation with a bank. Every `ask` is its next turn. `present`: gives the Assistant for each request, so that what was revoked is gone at the next."""

    def __init__(self, present: Callable[[], Assistant], language: Language | None = None) -> None:
        self._present = present
        self._language = language
        self._before = self._conversation = Conversation()
        self._picked: dict[str, int] = {}
        self._last: Answer | None = None

    def ask(self, text: str) -> Reply:
        """Say something. Never raises for what was said: the outcome tells."""
        self._before, self._picked = self._conversation, {}
        return self._turn(text)

    def choose(self, *options: int) -> Reply:
        """Pick an option (1 the first) for each question of the last answer, in order. UserError `no_question` when nothing was asked."""
        if self._last is None or not 0 < len(options) <= len(self._last.questions):
            raise UserError("no_question")
        for asked, option in zip(self._last.questions, options, strict=False):
            if not 0 < option <= len(asked.options):
                raise UserError("choice_unknown", number=option, options=len(asked.options))
            self._picked[asked.question.key] = asked.options[option - 1].index
        return self._turn(self._last.text)

    def start_over(self) -> None:
        """Forget the conversation."""
        self._before = self._conversation = Conversation()
        self._last = None

    def _turn(self, text: str) -> Reply:
        answer, self._conversation = self._present().ask(text, self._before, language=self._language, choices=self._picked)
        self._last = answer
        return Reply(answer, self._present)


def open_bank(
    settings: Settings | None = None, role: Role | None = None, branches: Sequence[str] = (), language: Language | None = None
) -> Bank:
    """The bank of the settings (default: those in force), as seen by whoever their token speaks for where there are users, else by the demo's identity. `language`: of the
    answers (default: that of each request). UserError as of `open_desk`."""
    chosen = settings or load_settings()
    return Bank(open_desk(chosen, open_store(chosen.store_url), role, branches).bearing, language)
