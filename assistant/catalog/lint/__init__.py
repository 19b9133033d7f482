"""Every fault of a bank's catalog folder, with file, line and element. Law: it never stops at the first fault and never mends one.

A check is one function over the whole folder that yields findings; CHECKS lists them. A finding carries a code and parameters: the sentence is in
`language/<locale>/lint.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

import assistant.language as language_room
from assistant.catalog.lint import rules, shape, words
from assistant.catalog.lint.folder import Folder, LintFinding, read_folder
from assistant.catalog.model import Language

__all__ = ["LintFinding", "lint", "sentence"]

CHECKS: tuple[Callable[[Folder], Iterator[LintFinding]], ...] = (
    shape.check_codes,
    shape.check_subjects,
    shape.check_organisation,
    shape.check_units,
    shape.check_axes,
    shape.check_null_sense,
    shape.check_values,
    shape.check_record_shape,
    words.check_repeats,
    words.check_collisions,
    words.check_languages,
    words.check_polarity,
    words.check_slots,
    rules.check_rules,
    rules.check_concepts,
    shape.check_history,
    rules.check_strategies,
)


@lru_cache(maxsize=2)
def _messages(language: Language) -> Mapping[str, str]:
    path = Path(language_room.__file__).parent / language / "lint.yaml"
    return MappingProxyType(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def sentence(finding: LintFinding, language: Language) -> str:
    """A finding as one sentence of a language."""
    return _messages(language)[finding.code].format(**finding.params)


def lint(folder: Path) -> tuple[LintFinding, ...]:
    """All faults of a bank's folder, by file and line. Files that cannot be read are findings too; nothing is raised for what a file holds."""
    room = read_folder(folder)
    found = [*room.findings, *(finding for check in CHECKS for finding in check(room))]
    return tuple(sorted(found, key=lambda finding: (finding.file, finding.line, finding.element, finding.code, str(finding.params))))
