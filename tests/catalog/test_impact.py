"""What uses a tag: every rule that reads it is found, through concepts too."""

from __future__ import annotations

from assistant.catalog.examples import load_examples
from assistant.catalog.impact import impact, uses
from assistant.catalog.load import TagCatalog
from assistant.rule.short import node_from_short

CATALOG = TagCatalog.load()


def test_a_rule_is_found_by_condition_rank_comparison_and_concept() -> None:
    rules = [
        {"tag": "aum_bal", "operator": ">", "value": 50000},
        {"not": {"tag": "aum_bal", "operator": ">", "value": 50000}},
        {"any": [{"tag": "age", "operator": ">", "value": 60}, {"tag": "aum_bal", "operator": "is_unknown"}]},
    ]
    assert all(uses(node_from_short(rule), "aum_bal", CATALOG) for rule in rules)
    assert not any(uses(node_from_short(rule), "fund_bal", CATALOG) for rule in rules)


def test_the_list_names_all_that_stops() -> None:
    named = {
        "大户 (lihua)": node_from_short({"tag": "aum_bal", "operator": ">", "value": 500000}),
        "女性 (li)": node_from_short({"all": []}),
    }
    found = impact("aum_bal", CATALOG, load_examples(), named)
    assert found.named == ("大户 (lihua)",)
    assert {"churn_warn", "sleep_cust"} <= set(found.concepts)
    assert all(uses(strategy.node(), "aum_bal", CATALOG) == (code in found.strategies) for code, strategy in CATALOG.strategies.items())
    assert CATALOG.tags["aum_bal"].aliases.zh[0] in found.words.zh
    assert found.uses == sum(
        len(part) for part in (found.concepts, found.strategies, found.records, found.tags, found.examples, found.named)
    )


def test_a_tag_nobody_uses_has_no_impact() -> None:
    used = {code for code in CATALOG.tags if impact(code, CATALOG, (), {}).uses}
    assert used
    assert set(CATALOG.tags) - used
