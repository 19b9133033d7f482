"""What one visitor of the page has done so far. Law: a value of its own for every visitor; every step gives a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.app.offers import offer_words, offered
from assistant.app.rim import ask
from assistant.app.view import tag_request
from assistant.app.words import option_labels
from assistant.catalog.model import Language
from assistant.interpret.interpretation import Conversation
from assistant.narrate.difference import difference_words
from assistant.narrate.messages import message
from assistant.pipeline import Answer, Assistant
from assistant.rule.diff import diff
from assistant.rule.edits import AddCondition, RuleChange, apply
from assistant.rule.tree import AnyNode
from assistant.store.review import Verdict
from assistant.store.reviews import Reviews
from assistant.store.tag_requests import TagRequests

MOST_TURNS = 50
"""Turns that the page still shows; the conversation itself keeps all."""


@dataclass(frozen=True, eq=False)
class Session:
    """`user`: whose it is: nobody else's eyes see it; `language`: of the page; `fixed`: the visitor chose it, so that requests no longer decide the language of their answers. `before`: the conversation
    as it stood before the last turn, with the options picked in it (`picked`), so that a choice asks the same words again. `requested`: the answers whose tag request was submitted, with how often the tag was asked for in all."""

    user: str = ""
    language: Language = "zh"
    fixed: bool = False
    conversation: Conversation = field(default_factory=Conversation)
    before: Conversation = field(default_factory=Conversation)
    picked: Mapping[str, int] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    requested: Mapping[str, int] = field(default_factory=dict)
    pressed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Answer -> the words of the options pressed to come to it, which stand in the conversation like anything said."""
    judged: Mapping[str, Verdict] = field(default_factory=dict)
    """Answer -> what the visitor said of it."""
    visit: str = ""
    """By what the browser knows the visit; nothing where it did not say."""

    @property
    def last(self) -> Answer | None:
        """The last answer; a turn that was stopped gave none."""
        return next((answer for answer in reversed(self.answers) if not was_stopped(answer)), None)

    def of(self, user: str) -> Session:
        """The session of a user: this one where it is theirs or nobody's yet, else a new one."""
        return (
            self
            if self.user == user
            else replace(self, user=user)
            if not self.user
            else Session(user=user, language=self.language, visit=self.visit)
        )

    def say(self, assistant: Assistant, text: str) -> Session:
        """The session after a turn."""
        spoken = replace(self.conversation, language=self.conversation.language or self.language)
        answer, after = ask(assistant, text, spoken, language=self._reply_language())
        return replace(self._with(answer, after), language=self._language_of(answer))

    def choose(self, assistant: Assistant, key: str, option: int) -> Session:
        """The last turn asked again with an option picked."""
        if self.last is None:
            return self
        picked = {**self.picked, key: option}
        words = (*self.pressed.get(self.last.request_id, ()), *self._option_words(key, option))
        answer, after = ask(assistant, self.last.text, self.before, language=self._reply_language(), choices=picked)
        if was_stopped(answer):
            return self._with(answer, after)
        pressed = {**self.pressed, answer.request_id: words}
        answers = tuple(answer if one is self.last else one for one in self.answers)
        return replace(self, conversation=after, picked=picked, answers=answers, pressed=pressed)

    def _with(self, answer: Answer, after: Conversation) -> Session:
        """The session with one answer more. A turn that was stopped is told and changes nothing."""
        answers = (*self.answers, answer)[-MOST_TURNS:]
        if was_stopped(answer):
            return replace(self, answers=answers)
        return replace(self, conversation=after, before=self.conversation, picked={}, answers=answers)

    def _option_words(self, key: str, option: int) -> tuple[str, ...]:
        """What the button of an option of the last answer says, without its count."""
        if self.last is None:
            return ()
        for asked in (*self.last.questions, *self.last.alternatives):
            if asked.question.key == key:
                labels = zip(option_labels(asked, self.last, self.language), asked.options, strict=True)
                return tuple(label for label, one in labels if one.index == option)
        return ()

    def take(self, assistant: Assistant, place: int) -> Session:
        """The session after an offer of the last answer was taken; the same one when there is no such offer."""
        found = () if self.last is None else offered(self.last)
        if self.last is None or not 0 <= place < len(found):
            return self
        words = offer_words(found[place], self.last, self.language)
        answer, after = ask(assistant, words, self.conversation, language=self.language, edit=found[place].edit)
        return self._with(answer, after)

    def begin(self, assistant: Assistant, node: AnyNode, words: str) -> Session:
        """The session after a rule was picked, where none was in force; `words` name it."""
        answer, after = ask(assistant, words, self.conversation, language=self.language, edit=AddCondition(node=node))
        return self._with(answer, after)

    def edit(self, assistant: Assistant, edit: RuleChange) -> Session:
        """The session after an edit of the rule by hand, said in the words of what it changes; the same one when it changes nothing. UserError `edit_not_possible`."""
        rule = self.conversation.rule
        changes = () if rule is None else diff(rule.node, apply(rule, edit).node)
        if not changes:
            return self
        words = message(self.language, "readback.difference_join").join(difference_words(changes, assistant.catalog, self.language))
        answer, after = ask(assistant, words, self.conversation, language=self.language, edit=edit)
        return self._with(answer, after)

    def request_tag(self, kept: TagRequests, at: datetime, user: str) -> Session:
        """The session after the tag request of the last answer was submitted; unchanged when there is none or it was submitted before."""
        request = None if self.last is None else tag_request(self.last, at, user)
        if self.last is None or request is None or self.last.request_id in self.requested:
            return self
        return replace(self, requested={**self.requested, self.last.request_id: kept.submit(request).times})

    @property
    def judgeable(self) -> bool:
        """Whether the last answer made a rule of words, so that the desk can judge by what is said of it."""
        answer, turns = self.last, self.conversation.turns
        if answer is None or answer.outcome != "answered" or not turns or not turns[-1].changed:
            return False
        return not (len(answer.ledger) == 1 and answer.ledger[0].kind == "edit")

    def judge(self, reviews: Reviews, verdict: Verdict, reason: str) -> Session:
        """The session after something was said of the last answer; unchanged when there is none or it was said before. UserError `feedback_unknown`."""
        if self.last is None or self.last.request_id in self.judged:
            return self
        reviews.say(self.user, self.last.request_id, verdict, reason)
        return replace(self, judged={**self.judged, self.last.request_id: verdict})

    def option(self, key: str) -> int:
        """The option of a question that is in force: the one picked, else the first."""
        return self.conversation.choices.get(key, 0)

    def speak(self, language: Language) -> Session:
        """The same session in another language."""
        return replace(self, language=language, fixed=True)

    def greeted(self, language: Language) -> Session:
        """The same session in the language the browser asks for, unless the visitor has done something already."""
        return self if self.fixed or self.answers else replace(self, language=language)

    def _reply_language(self) -> Language | None:
        return self.language if self.fixed else None

    def _language_of(self, answer: Answer) -> Language:
        return self.language if self.fixed else answer.language


def was_stopped(answer: Answer) -> bool:
    """Whether the turn was stopped by whoever had asked."""
    return any(issue.code == "turn_stopped" for issue in answer.issues)
