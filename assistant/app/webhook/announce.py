"""The refreshes that the addresses of the settings have not acknowledged, told to each in order. Law: at least once: the audit has it before it leaves, and only what was acknowledged is
left out the next time; a failure is told, and stops nothing but that address until the next run."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from assistant.app.webhook.message import Message, headers_of, message_of
from assistant.app.webhook.post import Failure, post
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.settings import Settings, webhook_key
from assistant.store.event import AuditEvent
from assistant.store.open import Store
from assistant.store.segment import Refresh, SavedSegment

WAITS = (1.0, 4.0)
"""Seconds before the second and the third try of a run."""
MOST_OWED = 50
"""Refreshes of one segment that an address is told in one run, oldest first."""


class Post(Protocol):
    """As `post.post`."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Failure | None: ...


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told: addresses, the key that signs, seconds a try may take; and how: `post`, `clock` and `sleep`."""

    urls: tuple[str, ...]
    key: bytes
    seconds: float
    post: Post
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Untold:
    """An address that did not acknowledge a refresh of a segment. `host`: the address without its path, which may be a secret."""

    host: str
    segment: str
    failure: Failure


def hooks_of(settings: Settings) -> Hooks:
    """The hooks of the settings; none where they name no address."""
    key = b"" if settings.webhook_secret is None else webhook_key(settings.webhook_secret)
    return Hooks(settings.webhook_urls, key, settings.webhook_deadline, post, partial(datetime.now, UTC), time.sleep)


def begin(store: Store, hooks: Hooks, segments: Sequence[SavedSegment]) -> None:
    """Owe every address the refreshes of these segments from here on; said before they are refreshed, so that no crash in between loses one."""
    latest = {one.id: 0 if one.refreshed is None else one.refreshed.number for one in segments}
    for url in hooks.urls:
        store.webhooks.begin(_named(url), latest)


def announce(assistant: Assistant, store: Store, hooks: Hooks, segments: Sequence[SavedSegment]) -> tuple[Untold, ...]:
    """Tell every address what it is owed of these segments, of which `begin` was said; those that did not take it. Fault as of the store."""
    failed = (_told(assistant, store, hooks, url, segments) for url in hooks.urls)
    return tuple(one for one in failed if one is not None)


def untold_words(one: Untold, language: Language) -> str:
    """A warning, in a sentence."""
    said = {"host": one.host, "name": one.segment, "status": str(one.failure.status)}
    return message(language, "webhook.untold", {**said, "fault": message(language, f"webhook.{one.failure.code}", said)})


def _told(assistant: Assistant, store: Store, hooks: Hooks, url: str, segments: Sequence[SavedSegment]) -> Untold | None:
    """One address told of all; None unless it failed."""
    for segment in segments:
        refreshes, mark = store.segments.refreshes(segment.id), store.webhooks.mark(_named(url), segment.id)
        owed = [place for place, one in enumerate(refreshes) if one.number > mark][:MOST_OWED]
        for place in owed:
            one = message_of(segment, refreshes, place, assistant.catalog.policy)
            event = _event(assistant, segment, refreshes[place], f"webhook {_host(url)} {one.id}")
            store.record(event)
            failure = _delivered(hooks, url, one)
            if failure is not None:
                store.record(replace(event, outcome="fault", exported="", error=f"webhook_{failure.code}"))
                return Untold(_host(url), segment.name, failure)
            store.webhooks.acknowledged(_named(url), segment.id, refreshes[place].number)
    return None


def _delivered(hooks: Hooks, url: str, one: Message) -> Failure | None:
    """A message sent, and sent again while that may go better; the last failure, None once it was acknowledged."""
    failure = hooks.post(url, one.body, headers_of(one, hooks.key, hooks.clock()), hooks.seconds)
    for wait in WAITS:
        if failure is None or not failure.passing:
            break
        hooks.sleep(wait)
        failure = hooks.post(url, one.body, headers_of(one, hooks.key, hooks.clock()), hooks.seconds)
    return failure


def _event(assistant: Assistant, segment: SavedSegment, refresh: Refresh, exported: str) -> AuditEvent:
    identity = assistant.identity
    return AuditEvent(
        kind="webhook",
        request_id=exported.rpartition(" ")[2],
        user=identity.user,
        role=identity.role,
        branches=identity.branches,
        purpose="analysis",
        text=f"segments refresh {segment.name}",
        outcome="answered",
        catalog=assistant.catalog.fingerprint,
        as_of=refresh.as_of,
        exported=exported,
        segment=f"{segment.id}@{refresh.version}",
    )


def _named(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _host(url: str) -> str:
    return urlsplit(url).netloc
