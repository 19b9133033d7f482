"""A value that only some have: its shares are of those who have it, and its name says so."""

from __future__ import annotations

import pytest

from assistant.app.insights import table
from assistant.catalog.model import Language
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.persona import Persona
from assistant.insight.requested import those
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.rule.tree import AllOf, Not, SegmentRule

ASKED: tuple[tuple[Language, str], ...] = (
    ("zh", "近30天登录过手机银行的客户有什么特点"),
    ("en", "what are customers who logged in to the app in the last 30 days like?"),
)


@pytest.mark.parametrize(("language", "text"), ASKED)
def test_a_trait_of_holders_says_that_it_is(assistant: Assistant, language: Language, text: str) -> None:
    answer, _ = assistant.ask(text, language=language)
    (found,) = those(answer.insights, Persona)
    (grid,) = table.grids(answer, language)
    mark = message(language, "trait.among_known", {"trait": ""})
    partly = [trait.known < 0.95 * found.n or trait.rest_known < 0.95 * found.rest for trait in found.traits]
    assert any(partly)
    assert [mark in row[0] for row in grid.rows] == partly


GUESSES: tuple[tuple[Language, str, str, str], ...] = (
    ("zh", "有按揭的客户", "我猜他们是退休的", "我猜他们有信用卡"),
    ("en", "customers with a mortgage", "I guess they are retired", "I guess they have a credit card"),
)


@pytest.mark.parametrize(("language", "segment", "partly", "wholly"), GUESSES)
def test_a_guess_about_what_is_not_known_of_all_says_of_how_many_it_is(
    assistant: Assistant, language: Language, segment: str, partly: str, wholly: str
) -> None:
    for guess, some in ((partly, True), (wholly, False)):
        _, conversation = assistant.ask(segment, language=language)
        answer, _ = assistant.ask(guess, conversation, language=language)
        (found,) = those(answer.insights, Hypothesis)
        assert answer.count is not None
        assert (found.partly is not None) == some == (found.known < answer.count.n)
        known = [f"{n:,}" for n in (found.known, found.rest_known)]
        sentence = message(language, "narrative.guess_known_unknown", {"known": "", "rest": ""})[:8]
        told = answer.narrative[language].text
        assert (sentence in told) == some
        assert all(n in told for n in known) or not some


COULD: tuple[tuple[Language, str, str], ...] = (
    ("zh", "有按揭的客户", "我猜他们不用手机银行"),
    ("en", "customers with a mortgage", "I bet they don't use the app"),
)


@pytest.mark.parametrize(("language", "segment", "guess"), COULD)
def test_who_could_not_do_it_does_not_leave_it_undone(assistant: Assistant, language: Language, segment: str, guess: str) -> None:
    """Counted over those signed up long enough, on both sides, as asking for each of the four sets counts them."""
    _, conversation = assistant.ask(segment, language=language)
    answer, _ = assistant.ask(guess, conversation, language=language)
    (found,) = those(answer.insights, Hypothesis)
    assert isinstance(found.guess, AllOf)
    assert answer.rule is not None
    (could, *_) = found.guess.children
    segment_node = answer.rule.node
    sets = [(segment_node, found.guess), (segment_node, could), (Not(child=segment_node), found.guess), (Not(child=segment_node), could)]
    sizes = assistant.sized({f"{place}": SegmentRule(node=AllOf(children=pair)) for place, pair in enumerate(sets)}, guess)
    assert [found.n, found.known, found.rest_n, found.rest_known] == [sizes[f"size.{place}"].value for place in range(4)]
    assert found.partly == "exposed"
    assert message(language, "narrative.guess_known_exposed", {"known": "", "rest": ""})[:8] in answer.narrative[language].text
