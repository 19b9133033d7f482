"""How reading a request grows with the catalog: the built-in bank widened to 500, 2,000 and 10,000 tags with ten aliases each.

python -m bench.understanding [--tags 500 2000 10000] [--requests 400]

Each size runs in a process of its own, so that start-up and memory are its own. Prints a table, then one line of JSON. `scan` is the plain way to find
the same words: one `alias in text` for each alias, which finds no numbers, windows or structure.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

from assistant.catalog.load import TagCatalog
from assistant.evaluate.widened import widened
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.interpret.lexicon import lexicon

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
FRAMES = (
    "近30天手机银行活跃，{zh0}大于5万、{zh1}在10万到20万之间的客户",
    "{zh0}超过{n}万且没有信用卡的上海分行客户有多少，按支行看",
    "帮我找{zh0}不低于{n}万或者{zh1}不到3万的女性客户",
    "除{zh0}大于{n}万的客户外，过去90天登录过手机银行且年龄30到40岁的客户",
    "customers with {en0} over {n}k and {en1} between 10k and 20k who logged in to the app in the last 30 days",
    "women in Shanghai Branch whose {en0} is at least {n}k but without a credit card",
    "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户",
    "active app users with >50k demand deposits who browsed wealth pages",
)


def requests(catalog: TagCatalog, count: int) -> Iterator[str]:
    """A fixed list of requests that name made-up tags by any of their names; empty slots take the bank's own."""
    draw = random.Random(1)
    tags = [tag for tag in catalog.tags.values() if tag.code.startswith("made_up_")] or [catalog.tags["dep_demand_bal"]]
    for frame in itertools.islice(itertools.cycle(FRAMES), count):
        chosen = (draw.choice(tags), draw.choice(tags))
        words = {f"zh{place}": draw.choice((tag.name.zh, *tag.aliases.zh)) for place, tag in enumerate(chosen)}
        words |= {f"en{place}": draw.choice((tag.name.en, *tag.aliases.en)) for place, tag in enumerate(chosen)}
        yield frame.format(**words, n=draw.randint(1, 60))


def measure(tags: int, count: int) -> dict[str, float]:
    """Figures of one catalog size: start-up and requests in ms, memory in MB (resident, beyond what the process had with the catalog loaded)."""
    catalog = widened(tags)
    gc.collect()
    before = _resident_mb()
    started = time.perf_counter()
    words = lexicon(catalog)
    startup = (time.perf_counter() - started) * 1000
    interpreter, context = GrammarInterpreter(), Context(catalog, AS_OF, TODAY)
    texts = list(requests(catalog, count))
    aliases = [alias.lower() for tag in catalog.tags.values() for alias in (tag.name.zh, tag.name.en, *tag.aliases.zh, *tag.aliases.en)]
    interpreter.interpret(texts[0], context)
    reading, scanning, unread = [], [], 0
    for text in texts:
        started = time.perf_counter()
        found = interpreter.interpret(text, context)
        reading.append((time.perf_counter() - started) * 1000)
        unread += any(entry.kind == "unread" for entry in found.ledger)
        lowered = text.lower()
        started = time.perf_counter()
        _ = [alias for alias in aliases if alias in lowered]
        scanning.append((time.perf_counter() - started) * 1000)
    return {
        "tags": len(catalog.tags), "aliases": len(aliases), "keys": len(words.entries), "startup_ms": round(startup, 1),
        "memory_mb": round(_resident_mb() - before, 1), "process_mb": round(_resident_mb(), 1), "median_ms": round(statistics.median(reading), 2),
        "p95_ms": round(_p95(reading), 2), "scan_p95_ms": round(_p95(scanning), 2), "times_scan": round(_p95(reading) / _p95(scanning), 2), "unread": unread,
    }  # fmt: skip


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def _resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tags", type=int, nargs="+", default=[500, 2000, 10000])
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--alone", action="store_true", help="one size, in this process")
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(measure(given.tags[0], given.requests)))
        return
    rows = []
    for tags in given.tags:
        command = (sys.executable, "-m", "bench.understanding", "--alone", "--tags", str(tags), "--requests", str(given.requests))
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    print("  ".join(f"{name:>11}" for name in rows[0]))
    for row in rows:
        print("  ".join(f"{row[name]:>11}" for name in row))
    print(json.dumps({"requests": given.requests, "sizes": rows}))


if __name__ == "__main__":
    main()
