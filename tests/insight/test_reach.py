"""Whom a template leaves out, and why: each customer once, in order, and nothing of a small group given away."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.facts import FactSheet
from assistant.insight.contactable import LeftOut, personal
from assistant.insight.reach import Reach, reasons
from assistant.policy import Protection
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf

CATALOG = TagCatalog.load()


def left_out(code: str) -> list[str]:
    return [one.code for one in reasons(CATALOG.strategies[code], CATALOG)]


def found(*held: tuple[int, int]) -> Reach:
    why = tuple(LeftOut(f"r{place}", Text(zh="因", en="r"), AllOf()) for place in range(3))
    return Reach(strategy=CATALOG.strategies["wealth_first_purchase"], values={"balance": Decimal(1)}, reasons=why, held=held, query="q")


def test_selling_leaves_out_more_than_a_notice() -> None:
    sold = left_out("wealth_first_purchase")
    assert sold == [
        "staff", "controlled", "minor", "holdout", "do_not_market", "declined", "complaint", "fatigue", "locked", "personal", "suitability", "elderly", "no_channel",
    ]  # fmt: skip
    assert left_out("card_long_dormant") == ["staff", "controlled"]
    assert left_out("mortgage_rate_notice") == ["staff", "controlled"]


def test_behaviour_is_what_people_did_or_a_model_says() -> None:
    for short, wanted in (
        ({"records": "app_login", "window": "rolling 30 day"}, True),
        ({"tag": "app_login_cnt_30d", "operator": ">", "value": 3}, True),
        ({"tag": "churn_score", "operator": ">", "value": 70}, True),
        ({"concept": "mobile_active"}, True),
        ({"records": "fund_holding"}, False),
        ({"tag": "aum_bal", "operator": ">", "value": 1}, False),
        ({"concept": "mort_no_card"}, False),
    ):
        assert personal(node_from_short(short), CATALOG) is wanted, short


def test_a_channel_that_needs_no_consent_closes_nobody_out() -> None:
    assert "no_channel" not in left_out("retired_savings")  # in the branch
    assert "no_channel" in left_out("payroll_quickpay")


def test_each_customer_is_left_out_once_for_the_first_reason() -> None:
    reach = found((0b000, 50), (0b001, 5), (0b011, 7), (0b100, 11), (0b110, 13))
    assert reach.selected == 86
    assert reach.reachable == 50
    assert [reach.lost(place) for place in range(3)] == [12, 13, 11]
    assert reach.most == 1
    assert found((0, 4)).most is None
    assert found().selected == 0


def test_figures_of_few_are_hidden_and_do_not_follow_from_the_others() -> None:
    sheet = FactSheet(Protection(20))
    found((0b000, 500), (0b001, 5), (0b010, 300), (0b100, 200)).facts(sheet)
    shown = {name: sheet[name] for name in ("reach.reachable", "reach.0.lost", "reach.1.lost", "reach.2.lost")}
    assert shown["reach.0.lost"].suppressed
    assert sum(fact.suppressed for fact in shown.values()) >= 2
    plain = FactSheet(Protection())
    found((0b000, 500), (0b001, 5)).facts(plain)
    assert (plain["reach.reachable"].value, plain["reach.0.lost"].value, plain["reach.2.lost"].value) == (500, 5, 0)
