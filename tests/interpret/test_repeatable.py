"""The same words, catalog version and data date give byte-identical rules across runs, processes, hash seeds and orders of asking."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from assistant.catalog.load import TagCatalog, data_room
from assistant.evaluate.cases import load_cases
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context

_EVERY = 6
"""One in six dev cases: enough of every theme, and quick."""

_SCRIPT = "from tests.interpret.test_repeatable import told; import sys; sys.stdout.buffer.write(told())"


def texts() -> list[str]:
    """A fixed part of the dev cases, in both languages."""
    cases = [case for theme in load_cases(data_room("eval") / "cases" / "dev") for case in theme.cases][::_EVERY]
    return [text for case in cases for text in (case.zh, case.en) if text is not None]


def told(backwards: bool = False) -> bytes:
    """What the grammar makes of every text: rule, questions with their readings, ledger, one line each, in the order of `texts`."""
    context = Context(TagCatalog.load(), date(2026, 9, 24), date(2026, 9, 25))
    interpreter, found = GrammarInterpreter(), {}
    asked = texts()
    for text in reversed(asked) if backwards else asked:
        said = interpreter.interpret(text, context)
        rule = "" if said.rule is None else said.rule.model_dump_json()
        questions = [
            (one.key, one.code, [(reading.label, reading.rule.model_dump_json()) for reading in one.readings]) for one in said.questions
        ]
        found[text] = f"{rule} {questions} {said.ledger} {said.assumptions} {said.issues}"
    return "\n".join(found[text] for text in asked).encode()


@pytest.mark.parametrize("seed", ["0", "1", "20260925"])
def test_another_process_reads_the_same(seed: str) -> None:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
    other = subprocess.run([sys.executable, "-c", _SCRIPT], check=True, capture_output=True, env=environment, cwd=root, timeout=300)
    assert other.stdout == told()


def test_the_order_of_asking_changes_nothing() -> None:
    assert told(backwards=True) == told()
