"""What the desk approved, as cases that the eval runner reads. Law: of each request the reading that stands; what needs turns before it has them, and what an asker only picked among options is left out."""

from __future__ import annotations

import json

import yaml

from assistant.app.desk.queue import ReviewDesk
from assistant.evaluate.runner import requests_said
from assistant.pipeline.verified import node_of, requests_of
from assistant.rule.canonical import canonical, text
from assistant.store.review import Decision
from assistant.store.reviews import in_force

THEME = "desk"


def _rule(decision: Decision) -> object:
    """A rule as a case names it."""
    node = node_of(decision.rule)
    return None if node is None else json.loads(text(canonical(node)))


def cases_yaml(desk: ReviewDesk) -> tuple[str, int]:
    """A theme of `evaluate/cases.py`, and how many cases it has. UserError as of `ReviewDesk.allow`."""
    desk.allow()
    cases: list[dict[str, object]] = []
    reviews = desk.store.reviews
    decisions = [one for one in in_force(reviews.decisions()) if node_of(one.rule) is not None]
    turns = {turn.seq: turn for turn in reviews.turns([one.turn for one in decisions])}
    for one in decisions:
        turn = turns[one.turn]
        if not one.key and (turn.understood.way in ("chosen", "unread") or one.kind == "correct"):
            continue
        case: dict[str, object] = {"id": f"{THEME}-{one.after}", turn.understood.language: turn.text, "rule": _rule(one)}
        asked = sorted(requests_said(requests_of(one.requests) or ()))
        if asked:
            case["requests"] = asked
        if turn.understood.turns:
            case["before"] = {turn.understood.language: list(turn.understood.turns)}
        cases.append(case)
    return yaml.safe_dump({"theme": THEME, "cases": cases}, allow_unicode=True, sort_keys=False, width=140), len(cases)
