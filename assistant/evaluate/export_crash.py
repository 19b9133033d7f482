"""kill -9 while lists are being handed over: what is seen is whole, has its manifest, and the audit had it before. Law: as in `crash.py`.

The writer makes lists without end, each a file with its manifest recorded in the audit of its store, and says each one done. After every kill the folder is looked through: every list
acknowledged must be there, every list that is there must be whole, be what its manifest says, and stand in the audit.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from assistant.evaluate.crash import CrashReport, killed
from assistant.store.event import AuditEvent
from assistant.store.handed_over import Written, manifest_of, publish
from assistant.store.open import Store, open_store

ROWS = 20_000
"""Customers of a list: long enough that a kill often comes while it is written."""
_STORE, _ENDING = "store.sqlite", ".csv"
Progress = Callable[[int, int], None]


def _rows(number: int) -> str:
    """What the list of a number holds."""
    return "one_id\n" + "\n".join(str(number + place) for place in range(ROWS)) + "\n"


def _write(number: int, path: Path) -> None:
    path.write_text(_rows(number), encoding="utf-8")


def _describe(written: Written) -> bytes:
    return json.dumps({"sha256": written.sha256, "bytes": written.size}).encode()


def _record(store: Store, number: int, written: Written) -> None:
    store.record(
        AuditEvent(
            "export", str(number), "crash", "", (), "analysis", "", "answered", "c", date(2026, 9, 24), exported=f"sha256:{written.sha256}"
        )
    )


def write(folder: str, first: int, said: Connection) -> None:
    """Hand over list after list from a number on, saying each once it is done. Ends only by being killed."""
    store = open_store(_url(folder))
    number = first
    said.send(-1)
    while True:
        publish(Path(folder) / f"{number}{_ENDING}", partial(_write, number), _describe, partial(_record, store, number))
        said.send(number)
        number += 1


def run_export_crashes(folder: Path, kills: int, seed: int, progress: Progress) -> CrashReport:
    """Kill so many writers, one after the other. `torn` counts lists that are not whole, that differ from their manifest or lack it, or that the audit does not know; `unfinished` those in the
    audit that nobody ever saw. The folder is taken over: give one of its own."""
    started, random = time.perf_counter(), Random(seed)
    acknowledged = lost = torn = next_number = 0
    for number in range(kills):
        told = killed(write, (str(folder), next_number), random)
        acknowledged += len(told)
        lost += sum(not (folder / f"{one}{_ENDING}").exists() for one in told)
        store = open_store(_url(str(folder)))
        recorded = _recorded(store)
        torn += not store.audit.verify().intact
        store.close()
        for path in sorted(folder.glob(f"*{_ENDING}")):
            made = int(path.stem)
            if made >= next_number:
                torn += not _whole(path, made, recorded)
        next_number = 1 + max((int(one) for one in recorded), default=next_number - 1)
        progress(number + 1, kills)
    seen = len(list(folder.glob(f"*{_ENDING}")))
    return CrashReport(kills, acknowledged, lost, torn, len(recorded) - seen if kills else 0, time.perf_counter() - started)


def _whole(path: Path, number: int, recorded: Mapping[str, str]) -> bool:
    """Whether a list that is seen is all of it, as its manifest says, and known to the audit."""
    content, note = path.read_bytes(), manifest_of(path)
    digest = hashlib.sha256(content).hexdigest()
    return (
        content == _rows(number).encode()
        and note.exists()
        and json.loads(note.read_bytes()) == {"sha256": digest, "bytes": len(content)}
        and recorded.get(str(number)) == f"sha256:{digest}"
    )


def _recorded(store: Store) -> dict[str, str]:
    """What the audit holds: the number of each list and what was recorded of it."""
    return {str(row["request_id"]): str(row["exported"]) for row in store.audit.last(1_000_000)}


def _url(folder: str) -> str:
    return f"sqlite:///{folder}/{_STORE}"
