"""short: what stands for a value is found and filled in the same way everywhere."""

from __future__ import annotations

from assistant.rule.short import parameters, substitute


def test_the_parameters_of_a_short_form_are_what_substitution_needs() -> None:
    short = {"all": [{"tag": "aum_bal", "value": "$aum_bal"}, {"records": "app_login", "window": "rolling $days_2 day"}]}
    assert parameters(short) == {"aum_bal", "days_2"}
    assert not parameters(substitute(short, {"aum_bal": 1, "days_2": 30}))
