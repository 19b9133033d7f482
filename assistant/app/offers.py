"""Segments one click away, in words. Law: an offer is named by the read-back of what it adds, so that what is pressed is what is done."""

from __future__ import annotations

import json
from functools import partial

from assistant.app.shown import both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.offers import Offer, offers
from assistant.narrate.difference import difference_words
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json, canonical, text
from assistant.rule.diff import diff
from assistant.rule.edits import AddCondition, apply


def offered(answer: Answer) -> tuple[Offer, ...]:
    """The offers of an answer; none where there is no count."""
    if answer.outcome != "answered" or answer.facts is None or answer.rule is None:
        return ()
    return offers(answer.insights, answer.catalog, answer.facts)


def offer_words(offer: Offer, answer: Answer, language: Language) -> str:
    """What taking it does to the conditions, or the name of a whole rule; its read-back follows when it is taken."""
    rule = answer.rule
    assert rule is not None, "an offer is an edit of the rule answered"
    if offer.name is not None:
        return message(language, f"offer.{offer.name}")
    if isinstance(offer.edit, AddCondition) and offer.edit.how == "and":
        return message(language, "page.offer_only", {"condition": condition_phrase(offer.edit.node, answer.catalog, language)})
    words = difference_words(diff(rule.node, apply(rule, offer.edit).node), answer.catalog, language)
    return message(language, "readback.difference_join").join(words)


def offer_line(offer: Offer, answer: Answer, language: Language) -> str:
    """The words with the customers it leaves: the text of a button."""
    label = offer_words(offer, answer, language)
    if offer.count is None:
        return label
    return message(language, "option.counted", {"label": label, "count": words_of(answer, offer.count, language)})


def offers_json(answer: Answer) -> Json:
    """Each offer with its words, the whole rule it leads to, and its customers where they are known; None without any."""
    rule = answer.rule
    found: list[Json] = []
    for offer in offered(answer):
        assert rule is not None, "an offer is an edit of the rule answered"
        node: Json = json.loads(text(canonical(apply(rule, offer.edit).node)))
        found.append(
            {
                "label": both(partial(offer_words, offer, answer)),
                "rule": {"entity": rule.entity, "node": node},
                "count": None if offer.count is None else number_of(answer, offer.count),
            }
        )
    return found or None
