"""What looks back to before customers came is not theirs to be remarkable for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest

from assistant.insight.arrival import came_within, looks_before
from assistant.insight.definition import settled
from assistant.insight.spread import Spread
from tests.insight.test_definition import rule

MONTH = {"tag": "open_date", "within": "rolling 30 day"}
QUARTER = {"tag": "open_date", "within": "rolling 90 day"}
OLD = {"tag": "open_date", "within": "ago 366 day"}


@pytest.mark.parametrize(
    ("short", "came"),
    [
        (MONTH, (date(2026, 8, 26), date(2026, 9, 24))),
        ({"not": OLD}, (date(2025, 9, 24), date(2026, 9, 24))),
        ({"all": [MONTH, {"tag": "mort_flag", "value": True}]}, (date(2026, 8, 26), date(2026, 9, 24))),
        ({"any": [MONTH, QUARTER]}, (date(2026, 6, 27), date(2026, 9, 24))),
        ({"any": [MONTH, {"tag": "mort_flag", "value": True}]}, None),
        (OLD, None),
        ({"not": MONTH}, None),
        ({"tag": "mort_flag", "value": True}, None),
    ],
)
def test_the_days_on_which_customers_can_have_come(short: Mapping[str, object], came: tuple[date, date] | None) -> None:
    one = rule(short)
    assert came_within(one.expanded, one) == came


@pytest.mark.parametrize(
    ("short", "apart", "told"),
    [
        (
            MONTH,
            {"aum_year_begin", "aum_avg_3m", "dep_demand_avg_last_m", "app_login_days_30d", "app_reg_date", "aum_chg_ytd"},
            {"gender", "age"},
        ),
        (
            QUARTER,
            {"branch_visit_12m", "txn_cnt_3m", "aum_avg_3m", "loan_first_date", "risk_expire"},
            {"app_reg_flag", "wealth_bal", "mau_stage"},
        ),
        ({"tag": "open_date", "within": "rolling 3650 day"}, set(), {"aum_year_begin", "app_login_cnt_30d", "branch_visit_12m"}),
        (OLD, set(), {"aum_year_begin", "loan_first_date", "branch_visit_12m"}),
    ],
)
def test_tags_that_begin_to_look_before_many_came(short: Mapping[str, object], apart: set[str], told: set[str]) -> None:
    one = rule(short)
    assert apart <= looks_before(one) <= settled(one)
    assert settled(one).isdisjoint(told)


@pytest.mark.parametrize(
    ("came", "others", "late"),
    [
        ({"d30": 30, "d90": 68, "d180": 2}, {"d365": 100, "older": 900}, True),
        ({"d30": 20, "d90": 60, "d180": 20}, {"older": 900}, True),
        ({"d30": 2, "d90": 8, "older": 90}, {"older": 900}, False),
        ({"d30": 30, "d90": 70}, {"d30": 300, "d90": 700}, False),
    ],
)
def test_a_rule_that_picks_new_customers_by_other_words(came: dict[str, int], others: dict[str, int], late: bool) -> None:
    one = rule({"tag": "mort_flag", "value": True})
    assert ("branch_visit_12m" in looks_before(one, Spread(Counter(came), Counter(others)))) is late
    assert not looks_before(one)


def test_the_end_of_a_month_is_known_of_all_who_came_before_it() -> None:
    august = rule({"tag": "open_date", "within": "calendar month -1"})
    assert "aum_last_me" not in looks_before(august)
    assert {"aum_year_begin", "aum_avg_last_m"} <= looks_before(august)
