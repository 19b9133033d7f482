"""Both readmes tell the truth: their commands run, their answers read as shown, and they are the same page in two languages.

The figures shown are those of the default demo bank; here a small one is asked, so digits that count customers are not compared.
`pytest tests/test_readme.py --rewrite-golden` writes the answers of the default bank anew.
"""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from assistant.app.build import build_assistant
from assistant.app.cli import main
from assistant.catalog.load import TagCatalog
from assistant.demo.build import build_demo
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.rule.tree import SegmentRule, TagCondition
from assistant.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
README = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
BLOCK = re.compile(r"(<!-- answer -->\n```console\n\$ assistant )([^\n]+)\n(.*?)(```)", re.DOTALL)


@pytest.fixture(scope="module")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme") / "small.duckdb"
    build_demo(path, 1500)
    return path


def answer(command: str, database: Path, capsys: pytest.CaptureFixture[str]) -> str:
    code = main([*shlex.split(command), "--database", str(database)])
    assert code in (0, 3), command
    return capsys.readouterr().out.rstrip() + "\n"


def shape(text: str) -> list[str]:
    """Lines without counts, shares and the widths they need, up to the narrative, which names what stands out in the data."""
    tables = text.strip().split("\n\n")
    kept = "\n\n".join(tables[:-1]) if len(tables) > 2 else text
    masked = re.sub(r"[<>]?\d[\d,]*(\.\d+)?%|\d[\d,]*(?=人|\s|$| customer)", "#", kept)
    return [re.sub(r" {2,}", " ", line).strip() for line in masked.splitlines()]


@pytest.mark.parametrize("language", README)
def test_answers_read_as_shown(language: str, small_bank: Path, capsys: pytest.CaptureFixture[str], rewrite_golden: bool) -> None:
    text = README[language].read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == 2
    if rewrite_golden:
        bank = load_settings().database
        text = BLOCK.sub(lambda block: f"{block[1]}{block[2]}\n{answer(block[2], bank, capsys)}{block[4]}", text)
        README[language].write_text(text, encoding="utf-8")
        return
    for block in blocks:
        assert shape(block[3]) == shape(answer(block[2], small_bank, capsys))


QUESTIONS = re.compile(r"<!-- questions -->\n(.*?)\n\n", re.DOTALL)
KINDS = [
    "persona",
    "persona",
    "compare_segments",
    "compare_segments",
    "hypothesis",
    "compare",
    "why_changed",
    "grid",
    "grid",
    "migration",
    "size",
    "why_in",
    "monitor",
]


@pytest.mark.parametrize("language", README)
def test_questions_named_in_the_readme_are_read_as_such(language: str) -> None:
    found = QUESTIONS.search(README[language].read_text(encoding="utf-8"))
    assert found is not None
    catalog, rule = TagCatalog.load(), SegmentRule(node=TagCondition(tag="cust_tier", operator="in", value=("T3",)))
    context = Context(catalog, date(2026, 9, 24), date(2026, 9, 25), 1, rule)
    kinds = []
    for line in found[1].splitlines()[2:]:
        for words in re.findall(r"`([^`]+)`", line.split("|")[1]):
            read = GrammarInterpreter().interpret(words, context)
            assert not read.issues, words
            kinds += [request.kind for request in read.requests]
    assert kinds == KINDS


def test_follow_ups_named_in_the_readme_are_understood(small_bank: Path) -> None:
    assistant = build_assistant(Settings(database=small_bank))
    for path in README.values():
        text = path.read_text(encoding="utf-8")
        request = next(shlex.split(block[2])[1] for block in BLOCK.finditer(text))
        line = next(line for line in text.splitlines() if line.count("`") >= 10)
        _, conversation = assistant.ask(request)
        for words in re.findall(r"`([^`]+)`", line):
            found, conversation = assistant.ask(words, conversation)
            assert found.outcome == "answered", (
                words,
                [issue.code for issue in found.issues],
                [one.question.code for one in found.questions],
            )
    assistant.engine.close()


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in README.values():
        named = set(re.findall(r"make (\w+)", path.read_text(encoding="utf-8")))
        assert {"chat", "test", "check", "eval", "bench"} <= named
        assert named <= targets


def test_ci_runs_the_readmes_test_command() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_both_languages_are_the_same_page() -> None:
    def outline(text: str) -> tuple[int, int, int, int]:
        return text.count("\n## "), text.count("```"), text.count("\n| "), text.count("mermaid")

    english, chinese = (path.read_text(encoding="utf-8") for path in README.values())
    assert outline(english) == outline(chinese)


def test_settings_named_in_the_readme_are_the_settings() -> None:
    for path in README.values():
        text = path.read_text(encoding="utf-8")
        for name in Settings.model_fields:
            assert f"`{name}`" in text
