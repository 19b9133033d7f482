"""The patterns of the sentences we write, in the folded spelling that readers work on. Law: a sentence is written and read by one pattern, in `messages.yaml`.

A template is literal text and named places: "近{n}" is ("近", place n). Folding is that of requests (`language.text`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Literal

import yaml

from assistant.language.text import normalise

_READ = ("readback", "window", "unit")
"""The sections of `messages.yaml` that say a rule."""


@dataclass(frozen=True, slots=True)
class Template:
    """Pieces in order: folded text, or the name of a place."""

    pieces: tuple[tuple[Literal["text", "place"], str], ...]
    text: str
    """Its folded text, places left out: all of a template that has none."""

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its places filled by folded words. KeyError for a place without a value."""
        return "".join(piece if kind == "text" else values[piece] for kind, piece in self.pieces)


def fold(words: str) -> str:
    """Words in the spelling of a folded request."""
    return normalise(words).text


@cache
def templates(locale: Literal["zh", "en"]) -> Mapping[str, Template]:
    """Every pattern of a rule's read-back by its dotted key (`readback.more`, `window.rolling`, `unit.CNY`)."""
    path = Path(__file__).parent / locale / "messages.yaml"
    sections: Mapping[str, Mapping[str, str]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return MappingProxyType({f"{section}.{name}": _template(text) for section in _READ for name, text in sections[section].items()})


def _template(text: str) -> Template:
    pieces: list[tuple[Literal["text", "place"], str]] = []
    for literal, name, _, _ in Formatter().parse(text):
        if literal:
            pieces.append(("text", fold(literal)))
        if name is not None:
            pieces.append(("place", name))
    return Template(tuple(pieces), "".join(piece for kind, piece in pieces if kind == "text"))
