"""kill -9 while segments are being saved: what was acknowledged is there, whole, with its audit event. Law: a writer is a process of its own and dies unwarned.

The writer saves, counts anew and renames segments without end and says each one done once the store has said so; it is killed at a random moment. Then the store is opened
again: every act acknowledged must be there, none may be there in part, and the audit must hold and name exactly what is there.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random

from assistant.rule.tree import TagCondition
from assistant.store.change import Counted, Rename, Save, SegmentChange
from assistant.store.event import AuditEvent
from assistant.store.open import Store, open_store
from assistant.store.segment import Refresh, Version

SHORTEST, LONGEST = 0.0, 0.25
"""Seconds of writing before a writer is killed."""
MEMBERS = 2000
_DAY = date(2026, 9, 24)
_USER = "crash"
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


def act(number: int) -> SegmentChange:
    """The act of a number: by turns a new segment, a new version of it, a count, another name. Of its effect alone it can be told that it was done."""
    segment, turn = f"s{number // 4}", number % 4
    version = Version(
        1 + min(turn, 1), TagCondition(tag="age", operator=">", value=number), "living", f"act {number}", _USER, "", _DAY, "c"
    )
    counted = Refresh(min(turn, 2) + 1, version.number, _DAY, "", _USER, (), MEMBERS + number)
    members = tuple(range(number, number + MEMBERS))
    match turn:
        case 0 | 1:
            return Save(segment, f"segment {segment}", "", version, counted, members)
        case 2:
            return Counted(segment, counted, members)
        case _:
            return Rename(segment, f"renamed {segment}")


def _event(number: int) -> AuditEvent:
    change = act(number)
    return AuditEvent("save", str(number), _USER, "", (), "analysis", f"act {number}", "answered", "c", _DAY, segment=change.segment)


def write(url: str, first: int, said: Connection) -> None:
    """Act without end from a number on, saying each number once it is done. Ends only by being killed."""
    store = open_store(url)
    number = first
    said.send(-1)
    while True:
        store.record(_event(number), act(number))
        said.send(number)
        number += 1


def run_crashes(url: str, kills: int, seed: int, progress: Progress) -> CrashReport:
    """Kill so many writers, one after the other, each going on where the store was left. The store of the URL is taken over: give one of its own."""
    started, random = time.perf_counter(), Random(seed)
    done = acknowledged = lost = torn = unfinished = 0
    for number in range(kills):
        told = killed(write, (url, done), random)
        store = open_store(url)
        there = _acts_there(store)
        torn += _torn(store, there)
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


def _acts_there(store: Store) -> int:
    """How many acts the audit holds; each writer goes on with the next."""
    return store.audit.verify().rows


def _torn(store: Store, acts: int) -> int:
    """What is there in part: a broken chain, an effect without its event or an event without its effect, members that are not those counted."""
    found = 0 if store.audit.verify().intact else 1
    library = store.library(_USER)
    found += len(library.segments) != (acts + 3) // 4
    for segment in library.segments[-2:]:
        first = int(segment.id[1:]) * 4
        turns = min(acts - first, 4)
        last = act(first + min(turns, 3) - 1)
        counted = last if isinstance(last, Save | Counted) else None
        whole = (
            [one.number for one in segment.versions] == list(range(1, min(turns, 2) + 1))
            and segment.name == (f"renamed {segment.id}" if turns == 4 else f"segment {segment.id}")
            and counted is not None
            and segment.refreshed is not None
            and segment.refreshed.number == min(turns, 3)
            and segment.refreshed.count == counted.counted.count
            and store.last_members(segment.id) == counted.members
        )
        found += not whole
    return found
