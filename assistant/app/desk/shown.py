"""Items, decisions and proposals in words and on the wire. Law: a size is a Fact; what was typed is shown as typed, on one line of a list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from assistant.app.desk.naming import Proposal, element_name
from assistant.app.desk.queue import Item, ReviewDesk
from assistant.app.shown import both, number
from assistant.app.words import assumption_text
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.interpret.interpretation import Assumption
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.render import render
from assistant.pipeline import Answer
from assistant.pipeline.verified import node_of
from assistant.rule.canonical import Json, canonical
from assistant.rule.canonical import text as canonical_text
from assistant.rule.tree import AnyNode, Quote, SegmentRule, walk
from assistant.store.review import Alias, Decision


def items_text(items: Sequence[Item], desk: ReviewDesk, language: Language) -> str:
    """Two lines an item: what was asked, and what it was understood as."""
    if not items:
        return message(language, "desk.none")
    return "\n".join(f"{line_of(one, language)}\n    {outcome_of(one, desk, language)}" for one in items)


def line_of(item: Item, language: Language) -> str:
    """The request with its id, how it stands, how it was understood, by whom and how often it was asked."""
    return message(language, "desk.line", _said_of(item, language))


def _said_of(item: Item, language: Language) -> dict[str, str]:
    return {
        "id": item.id,
        "state": message(language, f"desk.state_{item.state}"),
        "way": message(language, f"desk.way_{item.turn.understood.way}"),
        "text": _one_line(item.turn.text),
        "who": message(language, "readback.list_join").join(item.askers),
        "at": item.turn.at[:16].replace("T", " "),
        "times": str(item.times),
    }


def standing_of(item: Item, language: Language) -> str:
    """How it stands, how it was understood, by whom, when and how often it was asked."""
    return message(language, "desk.standing", _said_of(item, language))


def outcome_of(item: Item, desk: ReviewDesk, language: Language) -> str:
    """The rule in words with its customers, or the words nobody knew."""
    if not item.answered:
        words = message(language, "readback.list_join").join(item.turn.understood.unread)
        return message(language, "desk.unread_words", {"words": _one_line(words)})
    fact = desk.size(item)
    told = desk.readback(item, language)
    if fact is not None and fact.suppressed and not fact.floor:
        return message(language, "desk.uncounted", {"rule": told})
    return told if fact is None else message(language, "desk.counted", {"rule": told, "count": render(fact, language)})


def item_text(item: Item, desk: ReviewDesk, language: Language) -> str:
    """An item in full: what each word became, the rule, the SQL, what askers said and what was decided."""
    kept = item.turn.understood
    lines = [line_of(item, language), outcome_of(item, desk, language)]
    if kept.turns:
        lines.append(message(language, "desk.before", {"turns": " / ".join(_one_line(one) for one in kept.turns)}))
    lines += [message(language, "desk.ledger"), *(f"  {one}" for one in ledger_lines(item, desk, language))]
    lines += [f"  · {one}" for one in assumption_lines(item, desk, language)]
    if item.node is not None:
        lines += [message(language, "desk.rule"), f"  {canonical_text(canonical(item.node))}"]
    if desk.sql(item):
        lines += [message(language, "desk.sql"), f"  {desk.sql(item)}"]
    lines += feedback_lines(item, language)
    if item.decision is not None:
        lines += decision_lines(item.decision, desk, language)
        if desk.stale(item):
            lines.append(message(language, "desk.stale"))
    return "\n".join(lines)


def ledger_lines(item: Item, desk: ReviewDesk, language: Language) -> tuple[str, ...]:
    """What each stretch of the request became: the condition it is part of, or what else it was taken for."""
    found: list[tuple[str, str]] = []
    for words, kind, meant in ledger_of(item, desk, language):
        told = meant or message(language, f"desk.ledger_{kind}")
        if found and found[-1][1] == told:
            found[-1] = (found[-1][0] + words, told)
        else:
            found.append((words, told))
    return tuple(
        message(language, "desk.ledger_line", {"words": _one_line(words), "meant": told}) for words, told in found if words.strip()
    )


def ledger_of(item: Item, desk: ReviewDesk, language: Language) -> tuple[tuple[str, str, str], ...]:
    """(words, kind, the condition they are part of) of each stretch of the request."""
    quoted = [] if item.node is None else [part for _, part in walk(item.node) if part.said]
    turn = max((quote.turn for part in quoted for quote in part.said), default=0)
    found = []
    for start, end, kind, read_as in json.loads(item.turn.understood.ledger):
        part = next((one for one in quoted if any(q.turn == turn and q.start < end and start < q.end for q in one.said)), None)
        meant = (
            read_as
            if part is None or kind not in ("condition", "default", "edit")
            else _phrase(desk.named(part, language), desk.assistant.catalog, language)
        )
        found.append((item.turn.text[start:end], kind, meant))
    return tuple(found)


def _phrase(node: AnyNode, catalog: TagCatalog, language: Language) -> str:
    try:
        return condition_phrase(node, catalog, language)
    except KeyError:
        return canonical_text(canonical(node))


def assumption_lines(item: Item, desk: ReviewDesk, language: Language) -> tuple[str, ...]:
    """What was taken as read, as the asker was told it."""
    day, catalog = date.fromisoformat(item.turn.as_of), desk.assistant.catalog
    rule = None if item.node is None else SegmentRule(node=item.node)
    answer = Answer(item.id, item.turn.text, language, "answered", day, day + timedelta(days=1), None, catalog, rule=rule)
    found = []
    for one in json.loads(item.turn.understood.assumptions):
        start, end = one["quote"] or (0, 0)
        quote = None if one["quote"] is None else Quote(turn=0, start=start, end=end)
        try:
            found.append(assumption_text(Assumption(one["code"], one["params"], quote), answer, language))
        except KeyError:
            found.append(message(language, "desk.assumed", {"words": item.turn.text[start:end] or one["code"]}))
    return tuple(found)


def _nth(place: int, item: Item, desk: ReviewDesk, language: Language) -> str:
    return assumption_lines(item, desk, language)[place]


def feedback_lines(item: Item, language: Language) -> list[str]:
    """What askers said of their answers."""
    return [
        message(
            language, "desk.said", {"by": one.by, "at": one.at[:10], "verdict": message(language, f"desk.said_{one.verdict}"), "reason": one.reason}
        )
        for one in item.said
    ]  # fmt: skip


def decision_lines(decision: Decision, desk: ReviewDesk, language: Language) -> list[str]:
    """Who decided what and when, with the rule it came to."""
    told = {"by": decision.by, "at": decision.at[:16].replace("T", " "), "said": _one_line(decision.said)}
    told["reason"] = decision.reason if decision.kind == "reject" else bracketed(decision.reason, language)
    lines = [message(language, f"desk.done_{decision.kind}", told)]
    node = node_of(decision.rule)
    if decision.kind == "correct" and node is not None:
        lines.append(f"  {desk.said(node, language)}")
    return lines


def item_json(item: Item, desk: ReviewDesk) -> dict[str, Json]:
    """An item as one object; a size that may not be shown is null, one of few people says so."""
    kept, fact = item.turn.understood, desk.size(item)
    ledger: list[Json] = [
        {"words": words, "kind": kind, "condition": meant or None, "condition_en": english[2] or None}
        for (words, kind, meant), english in zip(ledger_of(item, desk, "zh"), ledger_of(item, desk, "en"), strict=True)
    ]
    said: list[Json] = [{"verdict": one.verdict, "reason": one.reason, "by": one.by, "at": one.at} for one in item.said]
    return {
        "id": item.id,
        "state": item.state,
        "way": kept.way,
        "text": item.turn.text,
        "turns": list(kept.turns),
        "times": item.times,
        "askers": list(item.askers),
        "first_at": item.first_at,
        "last_at": item.turn.at,
        "purpose": item.purpose,
        "as_of": item.turn.as_of,
        "ledger": ledger,
        "unread": list(kept.unread),
        "assumptions": [both(partial(_nth, place, item, desk)) for place in range(len(json.loads(kept.assumptions)))],
        "rule": None if item.node is None else json.loads(canonical_text(canonical(item.node))),
        "readback": None if item.node is None else both(partial(desk.readback, item)),
        "sql": desk.sql(item) or None,
        "count": None if fact is None else number(fact),
        "feedback": said,
        "decision": None if item.decision is None else decision_json(item.decision, desk),
        "stale": desk.stale(item),
    }


def decision_json(decision: Decision, desk: ReviewDesk) -> dict[str, Json]:
    """A decision as one object."""
    node = node_of(decision.rule)
    return {
        "kind": decision.kind,
        "by": decision.by,
        "at": decision.at,
        "said": decision.said or None,
        "reason": decision.reason or None,
        "rule": None if node is None else json.loads(canonical_text(canonical(node))),
        "readback": None if node is None else both(partial(desk.said, node)),
    }


def proposals_text(found: Sequence[Proposal], catalog: TagCatalog, language: Language) -> str:
    """Two lines a proposal: the word and what it seems to mean, and the requests it stood in."""
    if not found:
        return message(language, "desk.no_proposals")
    return "\n".join(f"{proposal_line(one, catalog, language)}\n    {_one_line(' / '.join(one.requests))}" for one in found)


def proposal_line(one: Proposal, catalog: TagCatalog, language: Language) -> str:
    """A word, what it seems to mean and why, how often it was said, and what was decided."""
    said = {
        "id": one.id,
        "word": _one_line(one.word),
        "tag": element_name(one.element, catalog, language),
        "why": message(language, f"desk.why_{one.evidence}"),
        "times": str(one.times),
        "state": "" if one.alias is None else alias_text(one.alias, catalog, language),
    }
    return message(language, "desk.proposal", said)


def alias_text(alias: Alias, catalog: TagCatalog, language: Language) -> str:
    """What the owner decided of a word."""
    told = {
        "word": alias.word,
        "tag": element_name(alias.element, catalog, language),
        "by": alias.by,
        "reason": bracketed(alias.reason, language),
    }
    return message(language, "desk.accepted_word" if alias.accepted else "desk.declined_word", told)


def proposal_json(one: Proposal, catalog: TagCatalog) -> dict[str, Json]:
    """A proposal as one object."""
    return {
        "id": one.id,
        "word": one.word,
        "language": one.language,
        "element": one.element,
        "name": both(partial(element_name, one.element, catalog)),
        "evidence": one.evidence,
        "times": one.times,
        "askers": list(one.askers),
        "requests": list(one.requests),
        "state": "waiting" if one.alias is None else "accepted" if one.alias.accepted else "declined",
        "by": None if one.alias is None else one.alias.by,
        "at": None if one.alias is None else one.alias.at,
    }


def bracketed(reason: str, language: Language) -> str:
    """A reason behind what it is the reason of; nothing without one."""
    return message(language, "page.bracketed", {"text": "", "more": _one_line(reason)}) if reason else ""


def _one_line(words: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(words.split()))
