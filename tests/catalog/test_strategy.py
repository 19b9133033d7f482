"""Strategy templates: enough of them, each complete, and each a rule at every number it allows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import Exclusion, Strategy, StrategyParameter, conditions
from assistant.rule.tree import AllOf, TagCondition, walk

CATALOG = TagCatalog.load()
FRAMEWORK = CATALOG.framework


def test_there_are_at_least_fifty_over_both_tracks_every_line_and_every_stage() -> None:
    found = CATALOG.strategies.values()
    assert len(found) >= 50
    for wanted, had in (
        (FRAMEWORK.tracks, {one.track for one in found}),
        (FRAMEWORK.lines, {one.line for one in found}),
        (FRAMEWORK.stages, {one.stage for one in found}),
    ):
        assert had == {value.code for value in wanted}


@pytest.mark.parametrize("strategy", CATALOG.strategies.values(), ids=lambda one: one.code)
def test_a_template_is_complete(strategy: Strategy) -> None:
    """Both languages (the schema asks for them), a reason for every number, and a rule at each end of each range."""
    assert all(one.low < one.high for one in strategy.parameters.values())
    plain = strategy.node()
    for name, one in strategy.parameters.items():
        ends = [strategy.node({name: value}) for value in (one.low, one.high)]
        assert ends[0] != ends[1]
        assert strategy.node({name: one.default}) == plain
    assert conditions(plain)
    assert len(strategy.used) == len(conditions(plain))
    for name, one in strategy.parameters.items():
        moved = conditions(strategy.node({name: one.high if one.default != one.high else one.low}))
        changed = {place for place, (own, other) in enumerate(zip(conditions(plain), moved, strict=True)) if own != other}
        assert changed == {place for place, used in enumerate(strategy.used) if name in used}


def test_templates_are_in_the_order_of_their_lines_and_stages() -> None:
    lines, stages = ([value.code for value in values] for values in (FRAMEWORK.lines, FRAMEWORK.stages))
    places = [(lines.index(one.line), stages.index(one.stage)) for one in CATALOG.strategies.values()]
    assert places == sorted(places)


def test_a_number_is_filled_in_however_it_is_written() -> None:
    strategy = CATALOG.strategies["tier_near_wealth"]
    (span,) = (
        node for _, node in walk(strategy.node({"aum": Decimal("4.5E+5")})) if isinstance(node, TagCondition) and node.tag == "aum_avg_mtd"
    )
    assert span.value is not None
    assert "450000" in span.model_dump_json()


def test_a_number_for_no_parameter_is_an_error() -> None:
    with pytest.raises(KeyError):
        CATALOG.strategies["wealth_first_purchase"].node({"weight": Decimal(1)})


def test_a_default_outside_its_range_is_an_error() -> None:
    with pytest.raises(ValidationError):
        StrategyParameter.model_validate(
            {"default": 5, "low": 6, "high": 9, "name": {"zh": "数", "en": "n"}, "why": {"zh": "因", "en": "why"}}
        )


def test_a_channel_belongs_to_an_exclusion_by_channel_alone() -> None:
    body = {"code": "x", "name": {"zh": "某", "en": "x"}, "rule": {"tag": "age", "operator": "<", "value": 18}}
    with pytest.raises(ValidationError):
        Exclusion.model_validate({**body, "applies": "channel"})
    with pytest.raises(ValidationError):
        Exclusion.model_validate({**body, "applies": "always", "channel": "push"})


def test_conditions_are_those_of_all_of_or_the_one_there_is() -> None:
    one = TagCondition(tag="age", operator=">", value=Decimal(1))
    assert conditions(AllOf(children=(one, one))) == (one, one)
    assert conditions(one) == (one,)


def test_labels_are_found_by_code() -> None:
    assert FRAMEWORK.label("wealth").zh == "理财"
    with pytest.raises(KeyError):
        FRAMEWORK.label("none_such")
