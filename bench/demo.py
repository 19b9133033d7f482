"""How long the demo bank takes to build, and in how much memory: `python -m bench.demo [--customers N] [--seed S]`. Law: the bank is built for real, measured, and removed.

Prints one line of JSON: customers, records (rows of the record tables), seconds (wall), cpu_seconds, peak_mb (resident memory at its highest) and file_mb.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path

from assistant.demo.build import build_demo


def measure(customers: int, seed: int, folder: Path) -> dict[str, float | int]:
    """Build a bank in a temporary folder inside `folder` and remove it. Errors as of `build_demo`."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        report = build_demo(Path(inside) / "bank.duckdb", customers, seed, progress=_tell)
        size = report.path.stat().st_size
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "customers": customers,
        "records": sum(rows for table, rows in report.rows.items() if table.startswith("record_")),
        "seconds": round(report.seconds, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": usage.ru_maxrss // 1024,
        "file_mb": size // 1_000_000,
    }


def _tell(step: str, share: float) -> None:
    sys.stderr.write(f"\r{share:4.0%} {step:<24}")
    sys.stderr.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the building of the demo bank.")
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=20260924)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the bank may stand while it is measured")
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.customers, arguments.seed, arguments.folder)))


if __name__ == "__main__":
    main()
