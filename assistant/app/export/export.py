"""A segment's customers taken out as a file with its manifest. Law: nothing is seen before the audit has it; what is told of it are Facts."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from assistant.app.export.formats import format_of, write_list
from assistant.app.export.manifest import Taking, as_bytes, manifest
from assistant.app.segments import Asked
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.narrate.render import render
from assistant.pipeline import Assistant, HandOver, Record
from assistant.policy import Purpose
from assistant.rule.canonical import Json
from assistant.store.handed_over import Written, publish


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was made, and its manifest."""

    found: HandOver
    written: Written
    manifest: dict[str, Json]


def export(
    assistant: Assistant,
    asked: Asked,
    purpose: Purpose,
    path: Path,
    at: datetime,
    channels: Sequence[str] = (),
    as_of: date | None = None,
) -> Exported:
    """Make the file and its manifest. UserError as of `Assistant.hand_over`, `format_of`, `write_list` and `publish`; Fault as of the engine and the store."""
    kind, column = format_of(path), assistant.catalog.header.customer_key
    taking = Taking(asked.said, asked.segment, tuple(channels), at)

    def deliver(found: HandOver, record: Record) -> Exported:
        told: dict[str, Json] = {}

        def describe(written: Written) -> bytes:
            told.update(manifest(found, taking, written, kind, assistant))
            return as_bytes(told)

        written = publish(
            path,
            lambda place: write_list(place, kind, column, found),
            describe,
            lambda done: record(f"{kind} {len(found.ids)} sha256:{done.sha256} {done.path.name}"),
        )
        return Exported(found, written, told)

    return assistant.hand_over(asked.rule, purpose, deliver, said=asked.said, segment=asked.segment, channels=channels, as_of=as_of)


@dataclass(frozen=True, slots=True)
class Packed:
    """A list and its manifest as bytes, for whoever takes them over a connection."""

    exported: Exported
    data: bytes
    note: bytes


def packed(
    assistant: Assistant, asked: Asked, purpose: Purpose, name: str, at: datetime, channels: Sequence[str] = (), as_of: date | None = None
) -> Packed:
    """The file and its manifest in memory, recorded before anybody has them; nothing of it stays on a disk. Errors as of `export`."""
    kind, column = format_of(Path(name)), assistant.catalog.header.customer_key
    taking = Taking(asked.said, asked.segment, tuple(channels), at)

    def deliver(found: HandOver, record: Record) -> Packed:
        with tempfile.TemporaryDirectory(prefix="handing-over") as folder:
            place = Path(folder) / "data"
            write_list(place, kind, column, found)
            data = place.read_bytes()
        written = Written(Path(name), len(data), hashlib.sha256(data).hexdigest())
        told = manifest(found, taking, written, kind, assistant)
        record(f"{kind} {len(found.ids)} sha256:{written.sha256} {name}")
        return Packed(Exported(found, written, told), data, as_bytes(told))

    return assistant.hand_over(asked.rule, purpose, deliver, said=asked.said, segment=asked.segment, channels=channels, as_of=as_of)


def exported_lines(done: Exported, language: Language) -> tuple[str, ...]:
    """Whom it is of and who was left out, then where it is."""
    name, rows = done.written.path.name, str(len(done.found.ids))
    said = {"file": name, "rows": rows, "manifest": done.written.manifest.name, "sha256": done.written.sha256}
    masking = (message(language, "export.masked"),) if done.found.masked else ()
    return (*reach_lines(done.found, language), message(language, "export.done", said), *masking)


def reach_lines(found: HandOver, language: Language) -> tuple[str, ...]:
    """符合 N → 可触达 M, and each reason with those it leaves out, where it leaves out anybody."""
    reach, facts = found.reach, found.facts

    def figure(name: str) -> str:
        return render(facts[name], language)

    purpose = message(language, f"purpose.{found.rule.purpose}")
    if not reach.reasons:
        return (message(language, "export.selected", {"selected": figure("count"), "purpose": purpose}),)
    head = {"selected": figure("count"), "reachable": figure("reach.reachable"), "purpose": purpose}
    lines = [message(language, "export.reach", head)]
    for place, one in enumerate(reach.reasons):
        if reach.lost(place):
            said = {"reason": one.name.get(language), "lost": figure(f"reach.{place}.lost")}
            lines.append(message(language, "export.left_out", said))
    return tuple(lines)
