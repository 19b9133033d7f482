"""A figure in words passes the gate whether its denominator may be told or not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.metric import Metric
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences.metric import sentences
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from assistant.validation.verdict import ValidatedRule
from tests.insight.rules import validated
from tests.narrate.catalog import AS_OF

NOW, THEN = validated({"tag": "mort_flag", "value": True}), validated({"tag": "mort_flag", "value": True, "snapshot": "month -1"})
OF_72 = {"zh": "72人", "en": "72 customers"}
OF_71 = {"zh": "71人", "en": "71 customers"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", [NOW, THEN])
@pytest.mark.parametrize("known", [72, 71])
def test_a_figure_is_told_over_how_many_or_over_those_with_data(language: Language, rule: ValidatedRule, known: int) -> None:
    """Of 72 customers one has no age: over how many the average is taken would tell, and is not in the sentence."""
    sheet = FactSheet(Protection(20))
    sheet.given("as_of", AS_OF, "date")
    found = Metric("age", "average", Decimal("48.2"), known, 72, "number", "q")
    found.facts(sheet)
    (said,) = sentences(found, Writer(rule, sheet, language))
    grounded = ground(NarrativeDraft((said,), language), sheet)
    assert isinstance(grounded, GroundedNarrative), said
    assert "48.2" in grounded.text
    assert (OF_72[language] in grounded.text) is (known == 72)
    assert OF_71[language] not in grounded.text
    assert (AS_OF.isoformat() in grounded.text) is (rule is THEN)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_holders_own_figure_is_beside_it(language: Language) -> None:
    sheet = FactSheet(Protection(20))
    sheet.given("as_of", AS_OF, "date")
    found = Metric("dep_demand_bal", "average", Decimal(69200), 1805, 1805, "CNY", "q", 157, Decimal(795500))
    found.facts(sheet)
    grounded = ground(NarrativeDraft(tuple(sentences(found, Writer(NOW, sheet, language))), language), sheet)
    assert isinstance(grounded, GroundedNarrative)
    assert {"zh": "157人", "en": "157 customers"}[language] in grounded.text
    assert {"zh": "79.55万", "en": "795,500"}[language] in grounded.text
