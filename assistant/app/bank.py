"""The bank file behind the faces: built when there is none. Law: an existing file is never touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.demo.build import build_demo

DEMO_CUSTOMERS = 50_000


def ensure_demo(path: Path, progress: Callable[[str, float], None]) -> bool:
    """Build the demo bank when there is no file yet; whether it was built. UserError as of `build_demo`."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    build_demo(path, DEMO_CUSTOMERS, progress=progress)
    return True
