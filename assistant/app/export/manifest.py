"""What stands beside a list that left the house. Law: whoever has the list can tell whom it is of, what for, as of when, by whom, and that it is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from assistant.catalog.model import LANGUAGES
from assistant.narrate.readback import read_back
from assistant.pipeline import Assistant, HandOver
from assistant.rule.canonical import Json, canonical, fingerprint, text
from assistant.store.handed_over import Written

VERSION = 1


@dataclass(frozen=True, slots=True)
class Taking:
    """How a list was asked for: the words, the saved segment (id@version, or empty), the channels to be used (none: any) and the time."""

    said: str
    segment: str
    channels: tuple[str, ...]
    at: datetime


def manifest(found: HandOver, taking: Taking, written: Written, kind: str, assistant: Assistant) -> dict[str, Json]:
    """The manifest as one object. `kind`: the file's format."""
    rule, reach, who = found.rule, found.reach, assistant.identity
    exclusions: list[Json] = [
        {"code": one.code, "name": {"zh": one.name.zh, "en": one.name.en}, "rule": text(canonical(one.node)), "left_out": reach.lost(place)}
        for place, one in enumerate(reach.reasons)
    ]
    return {
        "schema_version": VERSION,
        "file": written.path.name,
        "format": kind,
        "rows": len(found.ids),
        "bytes": written.size,
        "sha256": written.sha256,
        "ids": "masked" if found.masked else "whole",
        "purpose": rule.purpose,
        "channels": list(taking.channels),
        "approver": found.approver or None,
        "as_of": rule.as_of.isoformat(),
        "today": rule.today.isoformat(),
        "tags_as_of": rule.snapshot.isoformat(),
        "exported_at": taking.at.isoformat(),
        "by": {"user": who.user, "role": who.role, "branches": list(who.branches)},
        "asked": taking.said,
        "segment": taking.segment or None,
        "rule": text(canonical(rule.rule.node)),
        "rule_fingerprint": fingerprint(rule.rule.node),
        "expanded": text(canonical(rule.expanded)),
        "readback": {language: read_back(rule.rule.node, rule.catalog, language) for language in LANGUAGES},
        "catalog": rule.catalog.fingerprint,
        "selected": reach.selected,
        "exclusions": exclusions,
        "queries": list(found.queries),
    }


def as_bytes(value: Json) -> bytes:
    """One JSON object as people can read it."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
