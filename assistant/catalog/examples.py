"""Verified examples: a request, which of its words mean what, and the rule it comes to. Law: approved by a named person on a day; each is shown to a model as an example and is a test of the reading.

<bank>/examples.yaml            list of Example
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from assistant.catalog.load import DEFAULT_BANK, data_room
from assistant.catalog.retrieval import grams
from assistant.errors import UserError
from assistant.language.text import detect
from assistant.rule.window import Frozen

FILE = "examples.yaml"
LONGEST_REQUEST, LONGEST_WORDS = 400, 80


class Meant(Frozen):
    """Words of the request, as they stand there, and the words of the catalog they mean."""

    quote: str = Field(min_length=1, max_length=LONGEST_WORDS)
    means: str = Field(min_length=1, max_length=LONGEST_WORDS)


class Example(Frozen):
    """One approved pair. `rule`: node in short form."""

    request: str = Field(min_length=1, max_length=LONGEST_REQUEST)
    links: tuple[Meant, ...] = Field(min_length=1)
    rule: Mapping[str, Any]
    verified_by: str = Field(min_length=1)
    verified_on: date


_EXAMPLES = TypeAdapter(tuple[Example, ...])


def load_examples(folder: Path | None = None) -> tuple[Example, ...]:
    """The examples of a bank's folder (None: the built-in bank), none where it has no file. UserError `catalog_file` names file and fault."""
    path = (folder or data_room("tag_catalog") / DEFAULT_BANK) / FILE
    if not path.exists():
        return ()
    try:
        return _EXAMPLES.validate_python(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or ())
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise UserError("catalog_file", file=FILE, fault=str(error)) from error


def nearest(examples: Sequence[Example], request: str, limit: int) -> tuple[Example, ...]:
    """The examples most like a request, by the share of grams in common (Dice's coefficient), in file order: prompts then begin alike, and an endpoint that keeps what it has read of one
    reads only what is new in the next. Those in the language of the request come before all others: a small model answers in the language it was last shown."""
    said, language = set(grams(request)), detect(request)

    def likeness(example: Example) -> tuple[bool, float]:
        other = set(grams(example.request))
        return detect(example.request) == language, 2 * len(said & other) / max(1, len(said) + len(other))

    likest = sorted(range(len(examples)), key=lambda place: likeness(examples[place]), reverse=True)[:limit]
    return tuple(examples[place] for place in sorted(likest))
