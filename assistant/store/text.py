"""Text as every database takes it. Law: what it cannot hold is spelled out, never dropped."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text with lone surrogates and NUL written as their escapes: PostgreSQL takes neither, SQLite not the first."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
