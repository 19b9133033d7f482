"""From request to answer on the bank file of the settings: median and 95th percentile of each step, over a fixed list, every
statement read anew. Prints a table, then one line of JSON.

python bench/requests.py [ROUNDS]
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from assistant.app.build import build_assistant
from assistant.engines.duckdb import DuckDBEngine
from assistant.interpret.interpretation import Conversation
from assistant.settings import load_settings
from assistant.store.open import open_store

CONVERSATIONS = (
    (
        "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户",
        "再加上没有信用卡的",
        "只看上海分行",
        "按支行看有多少",
        "撤销",
        "他们是什么样的人?",
    ),
    ("active app users with >50k demand deposits who browsed wealth pages", "raise it to 100k", "by sub-branch", "undo", "who are they?"),
    ("人民路支行的客户",),
    ("90天未登录手机银行的客户", "户均AUM"),
    ("AUM前10%的上海分行客户",),
)
STEPS = ("interpret", "validate", "guard", "engine", "narrate", "total")


def main(rounds: int) -> None:
    started = time.perf_counter()
    settings = load_settings()
    engine = DuckDBEngine(settings.database, settings.memory, settings.threads, settings.timeout, keep_rows=0)
    assistant = build_assistant(settings, engine=engine, store=open_store())
    opened = (time.perf_counter() - started) * 1000
    spent: dict[str, list[float]] = {step: [] for step in STEPS}
    first = 0.0
    for number in range(rounds):
        for turns in CONVERSATIONS:
            conversation = Conversation()
            for text in turns:
                answer, conversation = assistant.ask(text, conversation)
                if not first:
                    first = answer.ms["total"]
                elif number or rounds == 1:
                    for step in STEPS:
                        spent[step].append(answer.ms.get(step, 0.0))
    base = assistant.ask("全部客户")[0].count
    whole = sum(spent["total"])
    print(f"{'step':<10} {'median ms':>10} {'p95 ms':>10} {'share':>7}")
    for step in STEPS:
        times = sorted(spent[step])
        p95 = times[int(0.95 * (len(times) - 1))]
        print(f"{step:<10} {statistics.median(times):>10.1f} {p95:>10.1f} {sum(times) / whole:>7.1%}")
    times = sorted(spent["total"])
    figures = {
        "customers": None if base is None else base.base,
        "turns": len(times),
        "open_ms": round(opened, 1),
        "first_ms": round(first, 1),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1),
        "share": {step: round(sum(spent[step]) / whole, 3) for step in STEPS[:-1]},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
