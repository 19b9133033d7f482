"""kill -9 while the store is written: what was acknowledged is there, whole, with its audit event. Law: a writer is a process of its own and dies unwarned.

The writer saves, counts anew and renames segments, makes call lists and writes back what came of each call, and decides at the desk, by turns and without end (`crash_acts.py`), and says each act done
once the store has said so; it is killed at a random moment. Then the store is opened again: every act acknowledged must be there, none may be there in part, and the audit must hold and name exactly
what is there.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random

from assistant.errors import UserError
from assistant.evaluate.crash_acts import Acts, CallActs, DeskActs, SegmentActs
from assistant.store.open import Store, open_store

SHORTEST, LONGEST = 0.0, 0.25
"""Seconds of writing before a writer is killed."""
ACTS: tuple[Acts, ...] = (SegmentActs(), CallActs(), DeskActs())
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CrashReport:
    """`kills` writers died; of the `acknowledged` acts `lost` were not there; `torn` things were there in part; `unfinished` acts were there though nobody was told."""

    kills: int
    acknowledged: int
    lost: int
    torn: int
    unfinished: int
    seconds: float

    @property
    def held(self) -> bool:
        return not self.lost and not self.torn

    def figures(self) -> dict[str, int | float]:
        """What the command's last line says."""
        return {
            "kills": self.kills,
            "acknowledged": self.acknowledged,
            "lost": self.lost,
            "torn": self.torn,
            "unfinished": self.unfinished,
            "seconds": round(self.seconds, 1),
        }


def do(store: Store, number: int) -> None:
    """The act of a number: of each kind by turns."""
    own, kind = divmod(number, len(ACTS))
    ACTS[kind].do(store, own, partial(_row, kind))


def write(url: str, first: int, said: Connection) -> None:
    """Act without end from a number on, saying each number once it is done. Ends only by being killed."""
    store = open_store(url)
    number = first
    said.send(-1)
    while True:
        do(store, number)
        said.send(number)
        number += 1


def run_crashes(url: str, kills: int, seed: int, progress: Progress) -> CrashReport:
    """Kill so many writers, one after the other, each going on where the store was left. The store of the URL is taken over: UserError `crash_store_used` for one that anything was kept in."""
    started, random = time.perf_counter(), Random(seed)
    done = acknowledged = lost = torn = unfinished = 0
    _unused(url)
    for number in range(kills):
        told = killed(write, (url, done), random)
        store = open_store(url)
        there = acts_there(store)
        torn += torn_of(store, there)
        store.close()
        last = max(told, default=done - 1)
        acknowledged += len(told)
        lost += max(0, last + 1 - there)
        unfinished += max(0, there - last - 1)
        done = there
        progress(number + 1, kills)
    return CrashReport(kills, acknowledged, lost, torn, unfinished, time.perf_counter() - started)


def killed(write: Callable[[str, int, Connection], None], given: tuple[str, int], random: Random) -> list[int]:
    """Start a writer in a process of its own, kill it at a random moment after its first word, and tell what it said until then, that word not counted."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    hears, says = context.Pipe(duplex=False)
    writer = context.Process(target=write, args=(*given, says))
    writer.start()
    says.close()
    hears.recv()
    time.sleep(random.uniform(SHORTEST, LONGEST))
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    return _heard(hears)


def acts_there(store: Store) -> int:
    """How many acts the audit holds; each writer goes on with the next. A server may still be ending what a dead writer had asked for, so it is waited for as the next writer would."""
    with store.database.writing():
        pass
    return store.audit.verify().rows


def torn_of(store: Store, acts: int) -> int:
    """What is there in part: a broken chain, an effect without its event or an event without its effect, of any kind."""
    found = 0 if store.audit.verify().intact else 1
    for kind, one in enumerate(ACTS):
        found += one.torn(store, (acts + len(ACTS) - 1 - kind) // len(ACTS), partial(_row, kind))
    return found


def _row(kind: int, own: int) -> int:
    """The audit row of the act of a kind with a number of its own."""
    return own * len(ACTS) + kind + 1


def _unused(url: str) -> None:
    store = open_store(url)
    rows = store.audit.verify().rows
    store.close()
    if rows:
        raise UserError("crash_store_used", rows=rows)


def _heard(hears: Connection) -> list[int]:
    """What a writer said before it died; a number cut off by its death was not said."""
    told: list[int] = []
    try:
        while hears.poll(0):
            told.append(int(hears.recv()))
    except (EOFError, OSError):
        pass
    finally:
        hears.close()
    return told
