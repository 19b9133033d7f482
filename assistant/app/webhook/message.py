"""A refresh as a signed message. Law: names, counts and dates, never a customer; counts are protected as for whoever may not list, whoever refreshed, for nobody knows who reads them there.

Signed as Standard Webhooks are (https://www.standardwebhooks.com), so that a receiver can check it with a library: HMAC-SHA256 over "id.timestamp.body" with the shared secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from assistant.app.kept import moved_words
from assistant.app.shown import both, number
from assistant.facts import FactSheet
from assistant.insight.kept import Kept
from assistant.policy import Policy, Protection
from assistant.rule.canonical import Json
from assistant.store.segment import Refresh, SavedSegment

TYPE = "segment.refreshed"


@dataclass(frozen=True, slots=True)
class Message:
    """`id`: the same whenever the same refresh is told, so that a receiver can leave out what it has."""

    id: str
    body: bytes


def message_of(segment: SavedSegment, refreshes: Sequence[Refresh], place: int, policy: Policy) -> Message:
    """The refresh at a place of a segment's refreshes, oldest first."""
    refresh, before = refreshes[place], refreshes[place - 1] if place else None
    kept = Kept("refreshed", (segment,), before=before, counted=refresh, query=f"refresh {segment.id}")
    sheet = FactSheet(Protection(policy.minimum_cell))
    kept.facts(sheet)
    figures: dict[str, Json] = {
        name: number(sheet[f"kept.{name}"]) if f"kept.{name}" in sheet else None for name in ("before", "joined", "left")
    }
    data: dict[str, Json] = {
        "segment": {"id": segment.id, "name": segment.name, "owner": segment.owner, "version": refresh.version},
        "as_of": refresh.as_of.isoformat(),
        "count": number(sheet.measured("count", refresh.count, "customers", kept.query)),
        "since": None if before is None else before.as_of.isoformat(),
        **figures,
        "alert": kept.alert,
        "text": None if before is None else both(partial(moved_words, kept, sheet)),
    }
    identifier = f"{segment.id}.{refresh.number}"
    told: dict[str, Json] = {"id": identifier, "type": TYPE, "timestamp": refresh.at, "data": data}
    return Message(identifier, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def headers_of(one: Message, key: bytes, at: datetime) -> Mapping[str, str]:
    """What goes before the body. `at`: when it is sent, which a receiver compares with its clock."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(key, f"{one.id}.{stamp}.".encode() + one.body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "segment-assistant",
        "webhook-id": one.id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
