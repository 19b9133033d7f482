"""Many people at one server at once: whether anybody gets an error, another count than alone, or somebody else's answer, and how much longer they wait.

python -m bench.load [BANK] [--users 50] [--seconds 300] [--pause 20 40] [--alone 10]

Each user is a branch manager of a unit of their own with a token of their own, half of them in Chinese, half in English, who goes through conversations with
follow-ups at the HTTP API of a real server process, pausing between two requests as people do. Beforehand every request is answered serially in this process,
with nothing kept between two queries: every answer of the server must be that one to the last field but its times, so that a count that differs, or an answer meant
for another user or another conversation, shows. `alone`: how many of the users ask first, one after the other and without pauses, at a server of their own; its 95th percentile
is what the other server's is compared with (at most MOST_TIMES of it). BANK: default the bank of the settings. Prints progress, then one line of JSON; ends with 1 where something failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random

from assistant.app.api.app import ROOT
from assistant.app.build import build_assistant
from assistant.app.identity import Desk
from assistant.app.view import as_json
from assistant.engines.duckdb import DuckDBEngine
from assistant.interpret.interpretation import Conversation
from assistant.settings import Settings, load_settings
from assistant.store.open import Store, open_store

MOST_TIMES = 3.0
CONVERSATIONS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "zh": (
        ("手机银行活跃客户中,活期存款大于1W的客户", "再加上没有信用卡的", "提到2万", "撤销"),
        ("90天未登录手机银行的客户", "其中女性", "他们是什么样的人?"),
        ("AUM前10%的客户", "按年龄段看有多少", "户均AUM"),
    ),
    "en": (
        ("active app users with >10k demand deposits", "who have no credit card", "raise it to 20k", "undo"),
        ("customers who have not logged in to the app for 90 days", "only women", "who are they?"),
        ("top 10% of customers by AUM", "by age band", "average AUM"),
    ),
}  # fmt: skip
WARMING = "全部客户"
"""Asked once of a new server before anything is measured: what a process does at its first request it does once."""


@dataclass(frozen=True, slots=True)
class User:
    """`said`: the turns of each conversation, in the order this user has them; `expected`: what each comes to, alone."""

    name: str
    token: str
    said: tuple[tuple[str, ...], ...]
    expected: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One request: seconds until its answer was there whole, and what was wrong with it (empty: nothing)."""

    seconds: float
    fault: str = ""


def users_of(store: Store, settings: Settings, count: int) -> tuple[User, ...]:
    """The users with what they will say, each answered serially beforehand."""
    engine = DuckDBEngine(settings.database, settings.memory, settings.threads, settings.timeout, keep_rows=0)
    desk = Desk(build_assistant(settings, engine=engine, store=store), store)
    units = [one.code for one in desk.assistant.catalog.header.organisation if one.level == 3] or [
        desk.assistant.catalog.header.organisation[0].code
    ]
    found = []
    store.users.add("root", "administrator", "", "bench")
    for number in range(count):
        name, language = f"user{number}", ("zh", "en")[number % 2]
        store.users.add(name, "branch_manager", "", "root")
        store.users.grant(name, "branch", units[number % len(units)], None, "root")
        _, token = store.users.issue(name, ("ask", "list_members"), timedelta(days=1), "root")
        first = number // 2 % len(CONVERSATIONS[language])
        said = (*CONVERSATIONS[language][first:], *CONVERSATIONS[language][:first])
        found.append(User(name, token, said, tuple(_answers(desk, name, turns) for turns in said)))
        print(f"\ranswered beforehand: {number + 1} of {count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    engine.close()
    return tuple(found)


def _answers(desk: Desk, name: str, turns: Sequence[str]) -> tuple[str, ...]:
    conversation, found = Conversation(), []
    for text in turns:
        answer, conversation = desk.of(name).ask(text, conversation)
        found.append(comparable(json.loads(json.dumps(as_json(answer)))))
    return tuple(found)


def comparable(answer: dict[str, object]) -> str:
    """An answer without its times."""
    return json.dumps({name: value for name, value in answer.items() if name != "ms"}, sort_keys=True)


@contextmanager
def serving(settings: Settings, store_url: str) -> Iterator[int]:
    """A server process of its own; its port, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {"DATABASE": str(settings.database), "STORE_URL": store_url, "API_PORT": str(port), "API_RATE": "100000", "HOST": "127.0.0.1"}
    environment = {**os.environ, **{f"ASSISTANT_{name}": value for name, value in given.items()}}
    process = subprocess.Popen([sys.executable, "-m", "assistant", "api", "serve"], env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                talk = HTTPConnection("127.0.0.1", port, timeout=60)
                talk.request("GET", f"{ROOT}/openapi.json")
                talk.getresponse().read()
                break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def ask(port: int, user: User, turns: Sequence[str], expected: str | None) -> Reply:
    """The last of some turns asked at the server, after those before it."""
    body = json.dumps({"text": turns[-1], "turns": list(turns[:-1])})
    started = time.perf_counter()
    try:
        talk = HTTPConnection("127.0.0.1", port, timeout=120)
        talk.request("POST", f"{ROOT}/ask", body, {"Authorization": f"Bearer {user.token}", "Content-Type": "application/json"})
        reply = talk.getresponse()
        data = reply.read()
        talk.close()
    except (OSError, HTTPException) as error:
        return Reply(time.perf_counter() - started, type(error).__name__)
    seconds = time.perf_counter() - started
    if reply.status != 200:
        return Reply(seconds, f"status {reply.status}")
    return Reply(seconds, "" if expected is None or comparable(json.loads(data)) == expected else "different")


def turns_of(user: User) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a user says, over and over: each request with the turns before it, and what it comes to."""
    while True:
        for turns, expected in zip(user.said, user.expected, strict=True):
            for place in range(len(turns)):
                yield turns[: place + 1], expected[place]


def alone(port: int, users: Sequence[User]) -> list[Reply]:
    """Some users' requests, each once, never two at the same time."""
    asked = [(user, said) for user in users for said, _ in zip(turns_of(user), range(sum(map(len, user.said))), strict=False)]
    return [ask(port, user, turns, expected) for user, (turns, expected) in asked]


def together(port: int, users: Sequence[User], seconds: float, pause: tuple[float, float], seed: int) -> list[Reply]:
    """All users at once: each begins within a pause, and asks until the time is over."""
    end, found = time.monotonic() + seconds, []

    def use(number: int, user: User) -> None:
        draw = Random(f"{seed} {number}")
        time.sleep(draw.uniform(0, pause[1]))
        for turns, expected in turns_of(user):
            if time.monotonic() >= end:
                return
            found.append(ask(port, user, turns, expected))
            time.sleep(min(draw.uniform(*pause), max(0.0, end - time.monotonic())))

    threads = [threading.Thread(target=use, args=(number, user)) for number, user in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def figures(replies: Sequence[Reply]) -> dict[str, float]:
    """How many, and their times in ms."""
    times = sorted(one.seconds * 1000 for one in replies)
    at = {"median_ms": 0.5, "p95_ms": 0.95, "most_ms": 1.0}
    return {"asked": len(times), **{name: round(times[int(share * (len(times) - 1))], 1) for name, share in at.items()}}


def served_seconds() -> float:
    """CPU seconds of the servers that have ended: where waits are long and these are few, others were using the machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def hardware() -> dict[str, object]:
    """What it ran on."""
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "python": platform.python_version(),
    }


def main(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    settings = settings.model_copy(update={"database": arguments.bank or settings.database})
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        url = f"sqlite:///{Path(folder) / 'store.sqlite'}"
        store = open_store(url)
        users = users_of(store, settings, arguments.users)
        measured, spent = [], []
        for few in (True, False):
            before = served_seconds()
            with serving(settings, url) as port:
                ask(port, users[0], [WARMING], None)
                measured.append(
                    alone(port, users[: arguments.alone])
                    if few
                    else together(port, users, arguments.seconds, tuple(arguments.pause), arguments.seed)
                )
            spent.append(round(served_seconds() - before, 1))
        intact = store.audit.verify().intact
        store.close()
    faults = Counter(one.fault for replies in measured for one in replies if one.fault)
    one, all_of_them = ({**figures(replies), "server_cpu_s": cpu} for replies, cpu in zip(measured, spent, strict=True))
    times = all_of_them["p95_ms"] / one["p95_ms"]
    passed = not faults and intact and times <= MOST_TIMES
    told = {"bench": "load", "users": len(users), "seconds": arguments.seconds, "pause": arguments.pause, "alone": one, "together": all_of_them,
            "times": round(times, 2), "faults": dict(faults), "audit_intact": intact, "passed": passed, "hardware": hardware()}  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))
    return 0 if passed else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Many people at one server at once.")
    parser.add_argument("bank", nargs="?", type=Path, help="the bank file (default: that of the settings)")
    parser.add_argument("--users", type=int, default=50, help="how many at once")
    parser.add_argument("--seconds", type=float, default=300, help="for how long")
    parser.add_argument(
        "--pause", type=float, nargs=2, default=(20, 40), metavar=("LEAST", "MOST"), help="seconds between two requests of a user"
    )
    parser.add_argument("--alone", type=int, default=10, help="users that ask one after the other first")
    parser.add_argument("--seed", type=int, default=20260924)
    sys.exit(main(parser.parse_args()))
