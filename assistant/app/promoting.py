"""A saved segment made a strategy template, and a template published. Law: a promoted template says what its segment said; only who may publish puts one into the bank's catalog, after lint
has found no fault in it, whole or not at all, and it is in the audit.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from assistant.catalog.lint import lint, sentence
from assistant.catalog.model import Language, Text
from assistant.catalog.promotion import lifted
from assistant.catalog.strategy import Strategy
from assistant.errors import Fault, UserError
from assistant.pipeline import Assistant
from assistant.rule.canonical import canonical
from assistant.rule.tree import SegmentRef, SegmentRule, walk
from assistant.store.segment import Library, SavedSegment


@dataclass(frozen=True, slots=True)
class Told:
    """What a template says that a segment does not. A text is Chinese, or Chinese and English with a bar between ("提升首购|raise first purchases")."""

    code: str
    goal: str
    track: str
    line: str
    stage: str
    channels: Sequence[str]
    playbook: Sequence[str]
    owner: str
    measure: str
    days: int
    name: str = ""
    service: bool = False


def promoted(segment: SavedSegment, library: Library, told: Told, assistant: Assistant) -> Strategy:
    """The draft of a template from the present version of a segment, its numbers made parameters. UserError `strategy_frozen` for one that stands on a fixed list,
    `strategy_unfit` for what no template may be."""
    node = library.resolve(segment.current.node)
    if segment.policy == "frozen" or any(isinstance(part, SegmentRef) for _, part in walk(node)):
        raise UserError("strategy_frozen", name=segment.name)
    why = Text(zh=f"取自客群“{segment.name}”", en=f"as in the segment “{segment.name}”")
    rule, parameters = lifted(node, assistant.catalog, why)
    body = {
        "code": told.code,
        "name": _text(told.name or segment.name),
        "goal": _text(told.goal),
        "track": told.track,
        "line": told.line,
        "stage": told.stage,
        "purpose": "service" if told.service else "marketing",
        "rule": rule,
        "parameters": {name: one.model_dump(mode="json", exclude_defaults=True) for name, one in parameters.items()},
        "channels": list(told.channels),
        "playbook": [_text(one) for one in told.playbook],
        "owner": told.owner,
        "measure": _text(told.measure),
        "days": told.days,
        "status": "draft",
    }
    try:
        strategy = Strategy.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UserError("strategy_unfit", where=".".join(str(step) for step in first["loc"]), fault=first["msg"]) from error
    if canonical(strategy.node()) != canonical(node):
        raise Fault("strategy_changed", segment=segment.name)
    return strategy


def _text(said: str) -> dict[str, str]:
    chinese, _, english = said.partition("|")
    return {"zh": chinese.strip(), "en": (english or chinese).strip()}


def as_yaml(strategy: Strategy) -> str:
    """A template as its file holds it."""
    body = strategy.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=140)


def published(path: Path, catalog: Path | None, assistant: Assistant, language: Language) -> tuple[Strategy, Path]:
    """Put a template into a bank's catalog, online, and where it stands now. UserError as of `Assistant.allow`, catalog_file, catalog_builtin (the program's own catalog is not changed: name
    a folder of the bank's in the settings) and strategy_faulty."""
    assistant.allow("publish_strategy")
    if catalog is None:
        raise UserError("catalog_builtin")
    try:
        strategy = Strategy.model_validate({**_read(path), "status": "online"})
    except ValidationError as error:
        raise UserError("catalog_file", file=path.name, fault=str(error)) from error
    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / catalog.name
        shutil.copytree(catalog, tried)
        (tried / "strategies").mkdir(exist_ok=True)
        (tried / "strategies" / f"{strategy.code}.yaml").write_text(as_yaml(strategy), encoding="utf-8")
        faults = [one for one in lint(tried) if one.file == f"strategies/{strategy.code}.yaml"]
    if faults:
        raise UserError("strategy_faulty", faults=" ".join(dict.fromkeys(sentence(one, language) for one in faults)))
    assistant.publish_strategy(strategy.code, SegmentRule(node=strategy.node()))
    place = catalog / "strategies" / f"{strategy.code}.yaml"
    place.parent.mkdir(exist_ok=True)
    unfinished = place.with_suffix(".yaml.new")
    unfinished.write_text(as_yaml(strategy), encoding="utf-8")
    os.replace(unfinished, place)
    return strategy, place


def _read(path: Path) -> dict[str, object]:
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError("catalog_file", file=path.name, fault=str(error)) from error
    if not isinstance(found, dict):
        raise UserError("catalog_file", file=path.name, fault="not a mapping")
    return found
