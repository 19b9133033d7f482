"""Verified examples: each is read to the rule that was approved, none is a case of an exam, and a faulty file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.catalog.examples import FILE, Example, load_examples, nearest
from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.interpret.interpretation import Context
from assistant.interpret.links import Link, linked
from assistant.language.text import detect, normalise
from tests.interpret.reading import AS_OF, TODAY, catalog, spells

EXAMPLES = load_examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.request[:20])
def test_an_example_is_read_to_the_rule_that_was_approved(example: Example) -> None:
    links = [Link(one.quote, one.means) for one in example.links]
    found = linked(links, example.request, Context(catalog(), AS_OF, TODAY))
    assert (found.refused, found.unread) == ((), ())  # doubtful words may be shown; they are asked about however often they were approved
    assert spells(found.interpretation.rule, example.rule)


def test_both_languages_have_examples() -> None:
    assert {example.request.isascii() for example in EXAMPLES} == {True, False}


def test_no_words_of_an_exam_stand_in_a_prompt_or_an_example() -> None:
    """Every request of the dev cases, long enough to be more than a word, is looked for; the held-back ones are looked for where they are scored."""
    shown = [normalise(example.request).text for example in EXAMPLES]
    shown += [normalise(path.read_text(encoding="utf-8")).text for path in data_room("prompts").glob("*.md")]
    cases = "\n".join(path.read_text(encoding="utf-8") for path in sorted((data_room("eval") / "cases" / "dev").glob("*.yaml")))
    folded = normalise(cases).text
    assert not [example.request for example in EXAMPLES if normalise(example.request).text in folded]
    said = {line.split(":", 1)[1].strip() for line in folded.splitlines() if line.strip().startswith(("zh:", "en:"))}
    assert not [words for words in said if len(words) > 8 and any(words in text for text in shown)]


def test_the_likeliest_examples_are_shown_in_the_order_of_their_file() -> None:
    (likest,) = nearest(EXAMPLES, "手头有基金的客户", 1)
    assert likest.request.startswith("手头有基金")
    for request in ("手头有基金的客户", "payroll customers who spent on the card"):
        found = nearest(EXAMPLES, request, 3)
        assert [EXAMPLES.index(example) for example in found] == sorted(EXAMPLES.index(example) for example in found)
    assert nearest(EXAMPLES, "x", 99) == EXAMPLES


@pytest.mark.parametrize("request_", ["手里有金条的", "people with gold bars"])
def test_examples_of_the_language_of_the_request_come_first(request_: str) -> None:
    found = nearest(EXAMPLES, request_, 6)
    assert {detect(example.request) for example in found} == {detect(request_)}


def test_a_bank_without_examples_has_none(tmp_path: Path) -> None:
    assert load_examples(tmp_path) == ()


@pytest.mark.parametrize("text", ["- {request: a}", "- 1", "{", "- {request: a, links: [{quote: a, means: b}], rule: {}, verified_by: x}"])
def test_a_faulty_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=FILE):
        load_examples(tmp_path)
