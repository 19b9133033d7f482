"""What a rule is made of, by name."""

from collections import Counter

from assistant.evaluate.features import features
from assistant.rule.short import node_from_short


def test_every_part_is_named() -> None:
    node = node_from_short(
        {
            "any": [
                {"tag": "open_date", "within": {"kind": "shifted", "base": {"kind": "rolling", "n": 30}, "unit": "year", "n": -1}},
                {"records": "buy", "where": {"amount": {"operator": ">", "value": 1}}, "aggregate": "sum", "of": "amount", "operator": "<", "value": 5},
                {"left": "a", "right": "b", "measure": "ratio", "operator": "=", "value": 1},
                {"first": {"records": "x", "day_kind": "weekend"}, "then": {"records": "y"}, "within_days": 1, "negated": True},
                {"rank": "aum", "direction": "bottom", "count": 5, "within": {"concept": "c", "negated": True}},
            ]
        }
    )  # fmt: skip
    assert Counter(features(node)) == Counter(
        [
            "node any", "node tag", "operator within", "window shifted", "window shifted rolling", "node record", "aggregate sum", "record filters",
            "operator <", "operator >", "node tag_comparison", "measure ratio", "tag with tag", "operator =", "node sequence", "sequence then not",
            "day weekend", "node rank", "rank bottom count", "node concept", "concept negated",
        ]
    )  # fmt: skip
