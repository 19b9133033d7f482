"""What to be careful about in a persona: of a doubtful trait that is told, the doubt; of one kept from being told first, that it stands in the table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.traits import Trait
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences.persona import MOST_TRAITS, doubtful
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from tests.insight.rules import validated

RULE = validated({"tag": "gender", "value": "F"})
PLAIN = Trait("mort_flag", "true", 300, 1000, 100, 1000, Decimal("0.3"), Decimal("0.1"), 0.1, 0.3, 0.5, 0.0)
TOLD = (PLAIN,) * MOST_TRAITS
STRONGER = replace(PLAIN, tag="app_flag", effect=0.7)


def careful(traits: tuple[Trait, ...], language: Language) -> str:
    sheet = FactSheet(Protection(0))
    grounded = ground(NarrativeDraft(tuple(doubtful(traits, Writer(RULE, sheet, language))), language), sheet)
    assert isinstance(grounded, GroundedNarrative), grounded
    return grounded.text


@pytest.mark.parametrize(("language", "table"), [("zh", "表里"), ("en", "in the table")])
@pytest.mark.parametrize("doubt", [{"reversed_in": ("cust_tier",)}, {"explained_by": ("cust_tier",)}])
def test_one_that_is_not_told_first_stands_in_the_table(language: Language, table: str, doubt: dict[str, tuple[str, ...]]) -> None:
    name = RULE.catalog.tags["app_flag"].name.get(language)
    behind = careful((*TOLD, replace(STRONGER, **doubt)), language)  # type: ignore[arg-type]
    assert name in behind
    assert table in behind
    told = careful((replace(STRONGER, **doubt), PLAIN), language)  # type: ignore[arg-type]
    assert name in told
    assert table not in told


def test_of_one_that_is_no_stronger_than_those_told_nothing_is_said() -> None:
    sheet = FactSheet(Protection(0))
    weaker = replace(PLAIN, tag="app_flag", effect=0.4, explained_by=("cust_tier",))
    assert doubtful((*TOLD, weaker), Writer(RULE, sheet, "zh")) == []
