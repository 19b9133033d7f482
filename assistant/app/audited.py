"""The audit on the command line: its check and its newest rows. Law: shows what the chain holds; a row is one line, whatever was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.narrate.messages import has_message, message
from assistant.rule.canonical import Json
from assistant.store.audit import Verification

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_LISTS = ("branches", "queries")


def noted_head(said: str) -> tuple[int, str]:
    """The end of the chain as it was noted: "number:hash". UserError `audit_head_unread`."""
    found = _HEAD.fullmatch(said.strip())
    if found is None:
        raise UserError("audit_head_unread", said=said[:100])
    return int(found[1]), found[2]


def verification_text(found: Verification, language: Language) -> str:
    """How many rows hold, where the chain ends, and each break."""
    number, digest = found.head
    end = f"{number}:{digest}"
    if found.intact:
        return message(language, "audit.intact", {"rows": str(found.rows), "head": end})
    lines = [message(language, f"audit.{one.kind}", {"number": str(one.seq)}) for one in found.breaks]
    return "\n".join([message(language, "audit.broken", {"rows": str(found.rows), "head": end}), *lines])


def verification_json(found: Verification) -> Json:
    """The same as one object."""
    number, digest = found.head
    breaks: list[Json] = [{"row": one.seq, "kind": one.kind} for one in found.breaks]
    return {"intact": found.intact, "rows": found.rows, "head": f"{number}:{digest}", "breaks": breaks}


def rows_text(rows: Sequence[Mapping[str, str | int]], language: Language) -> str:
    """One line a row: number, time, who, what kind, what came of it, and what was typed."""
    if not rows:
        return message(language, "audit.empty")
    return "\n".join(_line(row, language) for row in rows)


def _line(row: Mapping[str, str | int], language: Language) -> str:
    outcome = f"outcome.{row['outcome']}"
    said = {name: " ".join(str(row[name]).split()) for name in ("seq", "at", "user", "role", "text", "exported")}
    said["kind"] = message(language, f"audit.kind_{row['kind']}")
    said["outcome"] = message(language, outcome) if has_message(outcome) else str(row["outcome"])
    words = message(language, "audit.row_exported" if said["exported"] else "audit.row", said)
    return "".join(character if character.isprintable() else "\ufffd" for character in words)


def rows_json(rows: Sequence[Mapping[str, str | int]]) -> Json:
    """The rows with every column."""
    return [{name: json.loads(str(value)) if name in _LISTS else value for name, value in row.items()} for row in rows]
