"""What comes in: beside, or else, or in place of what is there; another value of what a customer has one of can only be meant besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import MORTGAGE, PLATINUM, SHANGHAI, WOMEN, asks, both, spells, talk

CARD = {"tag": "cc_flag", "value": True}
WEALTH, FUNDS = {"tag": "wealth_bal", "operator": ">", "value": 0}, {"tag": "fund_bal", "operator": ">", "value": 0}
EITHER_TIER = {"any": [PLATINUM, {"tag": "cust_tier", "value": ["T5"]}]}


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        (("platinum tier customers", "hmm, please also require a credit card"), both(PLATINUM, CARD)),
        (("platinum tier customers", "and with a mortgage"), both(PLATINUM, MORTGAGE)),
        (("platinum tier customers", "who also have a mortgage"), both(PLATINUM, MORTGAGE)),
        (("platinum tier customers", "they should have a mortgage too"), both(PLATINUM, MORTGAGE)),
        (("platinum tier customers", "but only those in Shanghai Branch"), both(PLATINUM, SHANGHAI)),
        (("platinum tier customers", "just the women"), both(PLATINUM, WOMEN)),
        (("platinum tier customers", "of those, who has a mortgage"), both(PLATINUM, MORTGAGE)),
        (("白金客户", "再加上信用卡"), both(PLATINUM, CARD)),
        (("白金客户", "顺便要求有按揭"), both(PLATINUM, MORTGAGE)),
        (("白金客户", "也要有按揭的"), both(PLATINUM, MORTGAGE)),
        (("白金客户", "还得有按揭"), both(PLATINUM, MORTGAGE)),
        # or else
        (("customers with wealth products", "or with funds"), {"any": [WEALTH, FUNDS]}),
        (("有理财的客户", "有基金的也可以"), {"any": [WEALTH, FUNDS]}),
        (("platinum tier customers", "also diamond tier"), EITHER_TIER),
        (("白金客户", "钻石客户也要"), EITHER_TIER),
        # left out
        (("customers with wealth products", "except those with AUM over 5 million"),
        both(WEALTH, {"not": {"tag": "aum_bal", "operator": ">", "value": 5000000}})),
        (("customers with wealth products", "but not in Shanghai Branch"), both(WEALTH, {"not": SHANGHAI})),
    ],
)  # fmt: skip
def test_what_comes_in(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        (("payroll customers", "also a balance of at least 50k"), "ambiguous_word"),
        (("customers with AUM of at least 200k", "also a balance of at least 50k"), "ambiguous_word"),
        (("customers with AUM of at least 200k", "also at least 50k"), "unread"),
        (("上海分行的白金客户", "钻石客户也要"), "ambiguous_widening"),
        (("platinum tier customers in Shanghai Branch", "and diamond tier too"), "ambiguous_widening"),
    ],
)
def test_what_could_be_meant_otherwise_is_asked(turns: tuple[str, ...], code: str) -> None:
    assert code in asks(talk(*turns))
