"""What a customer may be told: only what the catalog says, only where it is so; who is called first; by when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.insight.call_list import Told, due, items, ranking, reasons, told
from assistant.policy import Identity
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from assistant.sql.query import Cell, Table
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

CATALOG = TagCatalog.load()
DAY, TODAY = date(2026, 9, 24), date(2026, 9, 25)
RICH = {"tag": "dep_demand_bal", "operator": ">", "value": 50000}


def rule(short: dict[str, Any]) -> ValidatedRule:
    found = validate(SegmentRule(node=node_from_short(short)), CATALOG, Identity(), DAY, TODAY, (DAY,), "marketing")
    assert isinstance(found, ValidatedRule)
    return found


def everything(tag: Tag) -> bool:
    return True


def test_nothing_that_judges_a_customer_is_ever_sayable() -> None:
    said = {code: tag for code, tag in CATALOG.tags.items() if tag.sayable is not None}
    assert len(said) > 20
    forbidden = {"churn_score", "loan_prop", "credit_grade", "annual_income", "age", "life_stage", "lifecycle_stage", "pre_credit_limit", "overdue_days", "aml_level", "marital_status"}  # fmt: skip
    assert not forbidden & set(said)
    assert all(tag.kind != "model" and not tag.security.sensitive and not tag.roll_up_of for tag in said.values())
    for code in ("churn_score", "annual_income", "app_login_cnt_30d", "grid16_cell"):
        with pytest.raises(ValidationError, match="never said"):
            Tag.model_validate({**CATALOG.tags[code].model_dump(), "sayable": {"text": {"zh": "您", "en": "you"}}})
    with pytest.raises(ValidationError, match="never an amount"):
        Tag.model_validate({**CATALOG.tags["aum_bal"].model_dump(), "sayable": {"text": {"zh": "您有{value}", "en": "you have {value}"}}})


@pytest.mark.parametrize(
    ("code", "value", "wanted"),
    [
        ("cc_flag", True, ""),
        ("cc_flag", False, None),
        ("cc_flag", None, None),
        ("wealth_bal", Decimal("0.01"), ""),
        ("wealth_bal", Decimal(0), None),
        ("time_next_mature", TODAY, "2026-09-25"),
        ("time_next_mature", DAY, None),
        ("loan_settle_date", DAY, "2026-09-24"),
        ("loan_settle_date", TODAY + timedelta(days=1), None),
        ("social_card_status", "issued", "issued"),
        ("social_card_status", "none", None),
    ],
)
def test_a_reason_is_said_only_where_it_is_so(code: str, value: Cell, wanted: str | None) -> None:
    found = reasons(rule(RICH), (code,), {code: value})
    assert [one.value for one in found] == ([] if wanted is None else [wanted])


def test_of_many_those_that_name_their_day_stand_first() -> None:
    cells: dict[str, Cell] = {"cc_flag": True, "wealth_bal": Decimal(1), "risk_expire": date(2026, 10, 1)}
    assert [one.tag for one in reasons(rule(RICH), ("cc_flag", "wealth_bal", "risk_expire"), cells)] == ["risk_expire", "cc_flag"]


def test_only_tags_of_the_rule_are_looked_at_and_only_those_allowed() -> None:
    node = node_from_short({"all": [RICH, {"tag": "cc_flag", "value": True}, {"tag": "churn_score", "operator": ">", "value": 70}]})
    assert told(node, CATALOG, everything) == Told(("cc_flag",), "home_org", "has_rm")
    assert told(node, CATALOG, lambda tag: tag.code != "cc_flag").sayable == ()


@pytest.mark.parametrize(
    ("short", "wanted"),
    [
        ({"all": [{"tag": "age", "operator": ">", "value": 30}, RICH]}, "-dep_demand_bal"),
        ({"tag": "tier_gap_amt", "operator": "<=", "value": 100000}, "tier_gap_amt"),
        ({"tag": "time_next_mature", "within": "future 15 day"}, "time_next_mature"),
        ({"any": [RICH, {"tag": "cc_flag", "value": True}]}, "-aum_bal"),
        ({"not": RICH}, "-aum_bal"),
        ({"tag": "dep_demand_bal", "operator": ">", "value": 1, "snapshot": "month -1"}, "-aum_bal"),
    ],
)
def test_who_is_called_first(short: dict[str, Any], wanted: str) -> None:
    assert ranking(node_from_short(short), None, CATALOG, everything).said == wanted


def test_a_template_has_its_own_order() -> None:
    strategy = CATALOG.strategies["risk_retest"]
    assert ranking(node_from_short(RICH), strategy, CATALOG, everything).said == "risk_expire"
    assert ranking(node_from_short(RICH), strategy, CATALOG, lambda tag: tag.code != "risk_expire").said == "-dep_demand_bal"
    assert ranking(node_from_short({"tag": "cc_flag", "value": True}), None, CATALOG, lambda tag: tag.code != "aum_bal").said == ""


def test_the_due_day_is_before_what_is_coming_and_a_working_day() -> None:
    what, here = Told(("time_next_mature",), "", ""), rule(RICH)

    def by(value: Cell, days: int = 7) -> tuple[date, str]:
        return due(here, what, {"time_next_mature": value}, days)

    assert by(None, 4) == (date(2026, 9, 29), "span")
    assert by(date(2026, 9, 30)) == (date(2026, 9, 29), "event")
    assert by(TODAY)[0] == TODAY, "never before today"
    assert by(date(2027, 1, 5))[1] == "span"
    assert by(date(2026, 9, 1))[1] == "span", "what is past is not coming"
    for days in range(40):
        day, _ = by(None, days)
        kinds = [CATALOG.calendar.kind(TODAY + timedelta(days=one)) for one in range(days + 1)]
        assert CATALOG.calendar.kind(day) == "workday" or "workday" not in kinds
        assert TODAY <= day <= TODAY + timedelta(days=days)


def test_those_on_the_list_are_passed_over() -> None:
    rows = tuple((one, True, "310012", one == 3, None if one == 2 else DAY) for one in (5, 3, 2, 9))
    table = Table(("one_id", "value_0", "value_1", "value_2", "contacted"), rows, "q")
    found = items(table, Told(("cc_flag",), "home_org", "has_rm"), rule(RICH), frozenset({5}), 4, 2, 2, 7)
    assert [(one.number, one.run, one.customer, one.managed, one.contacted) for one in found] == [
        (4, 2, 3, True, DAY),
        (5, 2, 2, False, None),
    ]
    assert found[0].unit == "310012"
