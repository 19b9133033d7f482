from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.evaluate.injection import Clause, impossible_pairs, load_outside, run_injection
from assistant.evaluate.variants import asks
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.interpret.lexicon import key_of, lexicon
from tests.evaluate.test_variants import CONTEXT, dev
from tests.interpret.test_grammar import catalog, read


@cache
def outside() -> tuple[Clause, ...]:
    return load_outside(Path(data_room("eval")) / "injection.yaml")


def walked(text: str) -> tuple[bool, tuple[tuple[int, int], ...]]:
    found = read(text)
    quotes = tuple((question.quote.start, question.quote.end) for question in found.questions if question.ask)
    return not asks(found), (*(issue.quote for issue in found.issues if issue.quote is not None), *quotes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_are_many_clauses_and_none_is_a_word_of_the_catalog(language: str) -> None:
    words = [one.words for one in outside() if one.language == language]
    assert len(set(words)) == len(words) >= 180
    known = lexicon(catalog()).entries
    things = [meaning.kind for word in words for meaning in known.get(key_of(word.removeprefix("who ")), ())]
    assert set(things) <= {"inexpressible"}


def test_pairs_do_not_go_together() -> None:
    pairs = {one.words for one in impossible_pairs(catalog())}
    assert {"性别大于5万", "年龄是男", "年龄大于5万元", "with gender over 50k"} <= pairs
    assert not {"性别是男", "活期存款余额大于5万", "年龄超过30岁"} & pairs


def test_every_clause_is_surfaced() -> None:
    report = run_injection(dev(), outside(), GrammarInterpreter(), CONTEXT, walked, 120, 5)
    assert {(one.clause.kind, one.clause.language) for one in report.injected} == {
        (kind, language) for kind in ("outside", "pair") for language in ("zh", "en")
    }
    assert [one.text for one in report.injected if one.outcome != "surfaced"] == []
    assert len(report.injected) == 120


class _Deaf:
    """Says nothing of what it did not read."""

    def interpret(self, text: str, context: Context) -> Interpretation:
        return replace(GrammarInterpreter().interpret(text, context), issues=(), questions=())


def test_an_interpreter_that_drops_clauses_is_caught() -> None:
    report = run_injection(dev()[:2], outside(), _Deaf(), CONTEXT, lambda text: (True, ()), 20, 0)
    assert report.figures()["silent"] == 20


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "injection.yaml"
    file.write_text("clauses: 3", encoding="utf-8")
    with pytest.raises(UserError):
        load_outside(file)
