"""A rule's numbers become parameters, and with their defaults it says what it said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.catalog.promotion import lifted
from assistant.catalog.strategy import Strategy, StrategyParameter
from assistant.rule.canonical import canonical
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import AnyNode

CATALOG = TagCatalog.load()
WHY = Text(zh="取自客群", en="as in the segment")


def made(rule: Mapping[str, Any], parameters: Mapping[str, StrategyParameter], **given: Decimal) -> AnyNode:
    return node_from_short(substitute(rule, {name: given.get(name, one.default) for name, one in parameters.items()}))


@pytest.mark.parametrize("strategy", CATALOG.strategies.values(), ids=lambda one: one.code)
def test_with_its_defaults_it_is_the_rule_it_was(strategy: Strategy) -> None:
    """The rules of all the templates, as somebody might have saved them; at every bound of every parameter there is a rule too."""
    node = strategy.node()
    rule, parameters = lifted(node, CATALOG, WHY)
    assert canonical(made(rule, parameters)) == canonical(node)
    for name, one in parameters.items():
        assert made(rule, parameters, **{name: one.low}) != made(rule, parameters, **{name: one.high})
    assert len({one.name.zh for one in parameters.values()}) == len(parameters)


def names(short: Mapping[str, Any]) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    _, parameters = lifted(node_from_short(short), CATALOG, WHY)
    return {name: (one.low, one.default, one.high) for name, one in parameters.items()}


def test_how_much_is_lifted() -> None:
    found = names(
        {
            "all": [
                {"tag": "dep_demand_bal", "operator": ">", "value": 60000},
                {"tag": "dep_demand_bal", "operator": "<", "value": 90000},
                {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day", "operator": ">=", "value": 3},
                {"tag": "wealth_next_mature", "within": "future 15 day"},
                {"tag": "age", "range": [30, 60]},
                {"concept": "mobile_active", "parameters": {"logins": 6}},
            ]
        }
    )
    assert found == {
        "dep_demand_bal": (20000, 60000, 180000),
        "dep_demand_bal_second": (30000, 90000, 270000),
        "zone_view_days": (10, 30, 90),
        "zone_view": (1, 3, 9),
        "wealth_next_mature_days": (5, 15, 45),
        "age_low": (10, 30, 45),
        "age_high": (45, 60, 110),  # the catalog knows nobody older
        "mobile_active_logins": (2, 6, 18),
    }


@pytest.mark.parametrize(
    "short",
    [
        {"tag": "payroll_flag", "value": True},
        {"tag": "wealth_bal", "operator": ">", "value": 0},
        {"tag": "wealth_bal", "operator": "=", "value": 5000},
        {"tag": "cust_tier", "operator": ">=", "value": "T3"},
        {"tag": "open_date", "within": "2026-01-01..2026-03-31"},
        {"records": "wealth_holding"},
        {"concept": "mobile_active"},
        {"tag": "wealth_first_buy", "operator": "is_absent"},
    ],
)
def test_what_a_thing_is_stays(short: Mapping[str, Any]) -> None:
    assert names(short) == {}


def test_a_tag_with_a_digit_gives_a_parameter_a_rule_can_name() -> None:
    rule, parameters = lifted(node_from_short({"tag": "aum_avg_3m", "operator": ">=", "value": 200000}), CATALOG, WHY)
    assert list(parameters) == ["aum_avg_three_m"]
    assert rule["value"] == "$aum_avg_three_m"
