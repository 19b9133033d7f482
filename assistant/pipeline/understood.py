"""How a turn was understood, for the analyst's desk. Law: kept of what makes a rule out of words, and of words that nobody knows; nothing of one customer is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from assistant.interpret.interpretation import MENDING, Conversation
from assistant.pipeline.answer import Answer
from assistant.pipeline.verified import READ_AS_VERIFIED, node_json, request_key, requests_json
from assistant.rule.canonical import fingerprint
from assistant.store.review import Understood, Way, pair_of

READ_AS = frozenset({"read_as", "read_as_approved", "read_as_by_both", "read_by_model"})
"""Assumptions that say what words were read as."""
_NOT_JUDGED = frozenset({"why_in", "load", "segments", "refresh", "archive", "restore", "rename", "history"})
"""Requests about one customer, and those that open or count what was saved: no rule comes of their words."""
_NEW = frozenset({"new_segment"})
"""Assumptions that tell of the conversation, not of what the words mean: they begin anew."""
_MOST_TURNS = 20


def understood(answer: Answer, before: Conversation, after: Conversation, choices: Mapping[str, int]) -> Understood | None:
    """What is kept of a turn; None of one that makes no rule of words. `before`, `after`: the conversation around it; `choices`: the options picked with it."""
    if any(request.kind in _NOT_JUDGED for request in answer.requests):
        return None
    answered = answer.outcome == "answered" and answer.rule is not None and after.turns[len(before.turns) :][-1:] != ()
    if answered and not after.turns[-1].changed:
        return None
    unread = () if answered or answer.outcome != "choice" else _unread(answer)
    if not answered and not unread:
        return None
    left_open = (before.pending or before.unanswered) and not _NEW.intersection(one.code for one in answer.assumptions)
    alone = not (answer.edited or before.found or before.parts or before.asked or left_open)
    rule = None if answer.rule is None else answer.rule.node
    stood = "" if alone or before.rule is None else fingerprint(before.rule.node)
    key = request_key(answer.text)
    assumptions = [
        {"code": one.code, "params": dict(one.params), "quote": None if one.quote is None else [one.quote.start, one.quote.end]}
        for one in answer.assumptions
    ]
    return Understood(
        key=key,
        pair=pair_of(key, "" if rule is None or not answered else fingerprint(rule), stood),
        way="unread" if unread else _way(answer, choices),
        language=answer.language,
        alone=alone,
        turns=() if alone else tuple(turn.text for turn in before.turns[-_MOST_TURNS:]),
        requests=requests_json([one for one in answer.requests if one.kind not in ("segment", "save")]),
        ledger=_json([[one.start, one.end, one.kind, one.read_as] for one in answer.ledger]),
        assumptions=_json(assumptions),
        unread=unread,
        rule="" if rule is None else node_json(rule),
        count=_count(answer),
        sql=answer.sql.get("count", ""),
    )


def links_read(assumptions: str) -> tuple[tuple[str, str], ...]:
    """The words of a turn that were read as others, with those, from its assumptions as they are kept."""
    return tuple(
        (one["params"]["words"], one["params"]["meant"])
        for one in json.loads(assumptions)
        if one["code"] in READ_AS and one["params"].get("words") and one["params"].get("meant")
    )


def _count(answer: Answer) -> int | None:
    """The customers; none where so few of the base are left out that the count would tell of them, or where it was withheld for another reason than being small."""
    counted, floor = answer.count, answer.catalog.policy.minimum_cell
    told = None if answer.facts is None or "count" not in answer.facts else answer.facts["count"]
    if told is not None and told.suppressed and not told.floor:
        return None
    return None if counted is None or 0 < counted.base - counted.n < floor else counted.n


def _way(answer: Answer, choices: Mapping[str, int]) -> Way:
    """How sure it is, by what was checked: who read it, what was picked, what was taken as read."""
    codes = {one.code for one in answer.assumptions} - _NEW
    if READ_AS_VERIFIED in codes:
        return "verified"
    if choices or "read_as" in codes:
        return "chosen"
    if answer.by == "model":
        return "model"
    if codes:
        return "assumed"
    return "agreed" if answer.by == "both" else "read"


def _unread(answer: Answer) -> tuple[str, ...]:
    """The words nobody knows, as they were typed."""
    quotes = [issue.quote for issue in answer.issues if issue.code == "unread" and issue.quote is not None]
    if quotes:
        return tuple(words for start, end in quotes if (words := answer.text[start:end].strip()))
    told = (asked.question.params.get("unread", "") for asked in answer.questions if asked.question.code in MENDING)
    return tuple(words for one in told for words in one.split(" / ") if words)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
