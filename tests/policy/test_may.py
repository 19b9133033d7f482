"""One function decides: what no grant allows is refused, and each refusal says which grant is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.catalog.load import DEFAULT_BANK, data_room
from assistant.policy import (
    OPERATIONS,
    Asset,
    Denial,
    Identity,
    Policy,
    denied,
    load_policy,
    may,
    may_move,
    may_name,
    may_review,
    protection,
)

POLICY = load_policy(data_room("tag_catalog") / DEFAULT_BANK)
INCOME = Asset("annual_income", "business", "DP", 3, True)
BALANCE = Asset("aum_bal", "public", "WM", 3)
MANAGER = Identity("lihua", "branch_manager", ("3100",))
OWNER = Identity("wangwei", "catalog_owner", lines=("WM",))


def code(denial: Denial | None) -> str:
    return "" if denial is None else denial.code


def test_a_role_may_what_its_entry_names_and_nothing_else() -> None:
    assert [one for one in OPERATIONS if may(POLICY, Identity("root", "administrator"), one)] == ["read_audit", "manage_users"]
    assert code(denied(POLICY, Identity("root", "administrator"), "ask")) == "forbidden_operation"


def test_an_operation_granted_to_a_person_is_theirs() -> None:
    assert not may(POLICY, Identity("chen", "analyst"), "list_members")
    assert may(POLICY, Identity("chen", "analyst", operations=("list_members",)), "list_members")


def test_whoever_is_bound_to_no_unit_sees_nobody() -> None:
    unbound = replace(MANAGER, branches=())
    assert [code(denied(POLICY, unbound, one)) for one in ("ask", "list_members", "save")] == ["forbidden_no_unit"] * 3
    assert may(POLICY, MANAGER, "ask")


def test_a_token_narrows_and_never_widens() -> None:
    narrow = replace(MANAGER, scopes=("ask", "manage_users"))
    assert may(POLICY, narrow, "ask")
    assert code(denied(POLICY, narrow, "list_members")) == "forbidden_token"
    assert code(denied(POLICY, narrow, "manage_users")) == "forbidden_operation"


def test_what_needs_a_reason_of_its_own_is_granted_apart() -> None:
    assert code(denied(POLICY, MANAGER, "ask", INCOME)) == "forbidden_for_role"
    assert may(POLICY, MANAGER, "ask", INCOME, "service")
    assert code(denied(POLICY, Identity("chen", "analyst"), "ask", INCOME)) == "forbidden_tag"
    assert may(POLICY, Identity("chen", "analyst", tags=("annual_income",)), "ask", INCOME)


def test_no_grant_stands_above_what_the_tag_itself_allows() -> None:
    marriage = replace(INCOME, code="marital_status", purposes=("service",))
    granted = Identity("chen", "analyst", tags=("marital_status",))
    assert code(denied(POLICY, granted, "ask", marriage)) == "forbidden_purpose"
    assert may(POLICY, granted, "ask", marriage, "service")


def test_a_catalog_owner_sees_all_of_their_own_lines() -> None:
    assert may(POLICY, OWNER, "ask", BALANCE)
    assert not may(POLICY, replace(OWNER, lines=("CC",)), "ask", BALANCE)


def test_small_groups_are_hidden_from_those_who_may_not_list() -> None:
    assert protection(POLICY, MANAGER).min_cell == 0
    assert protection(POLICY, Identity("chen", "analyst")).min_cell == POLICY.minimum_cell == 20


def test_the_owner_begins_and_the_steward_of_the_layer_decides() -> None:
    platform = Identity("dp", "catalog_owner", lines=("DP",))
    assert may_move(POLICY, OWNER, BALANCE, "draft", "review") is None
    assert code(may_move(POLICY, OWNER, BALANCE, "review", "online")) == "forbidden_step_of_others"
    assert may_move(POLICY, platform, BALANCE, "review", "online", "wangwei") is None
    assert code(may_move(POLICY, platform, BALANCE, "online", "deprecated")) == "forbidden_step_of_others"
    business = replace(BALANCE, layer="business")
    assert may_move(POLICY, OWNER, business, "review", "online", "someone") is None
    assert code(may_move(POLICY, OWNER, business, "review", "online", "wangwei")) == "forbidden_same_person"
    assert code(may_move(POLICY, OWNER, business, "draft", "online")) == "forbidden_step"
    assert code(may_move(POLICY, MANAGER, business, "draft", "review")) == "forbidden_operation"


def test_a_tag_may_be_delegated_without_its_layer() -> None:
    delegate = Identity("chen", "analyst", stewards=("aum_bal",))
    assert may_move(POLICY, delegate, BALANCE, "online", "deprecated") is None
    assert code(may_move(POLICY, delegate, BALANCE, "deprecated", "offline")) == "forbidden_step_of_others"
    assert code(may_move(POLICY, delegate, replace(BALANCE, code="other"), "online", "deprecated")) == "forbidden_operation"


def test_a_policy_that_forgets_a_role_is_none() -> None:
    told = POLICY.model_dump()
    del told["roles"]["analyst"]
    with pytest.raises(ValueError, match="analyst"):
        Policy.model_validate(told)


def test_four_eyes_see_a_generated_rule() -> None:
    chen = Identity("chen", "analyst")
    assert may_review(POLICY, chen, ("lihua",)) is None
    assert may_review(POLICY, chen, ("chen", "lihua")) is None
    assert code(may_review(POLICY, chen, ("chen",))) == "forbidden_own_request"
    assert code(may_review(POLICY, MANAGER, ("chen",))) == "forbidden_operation"
    assert may_review(POLICY, replace(MANAGER, operations=("approve",)), ()) is None
    assert code(may_review(POLICY, replace(chen, scopes=("ask",)), ())) == "forbidden_token"


def test_a_word_falls_to_the_owner_of_what_it_names() -> None:
    assert may_name(POLICY, OWNER, BALANCE, ("lihua",)) is None
    assert code(may_name(POLICY, OWNER, INCOME, ("lihua",))) == "forbidden_words_of_others"
    assert code(may_name(POLICY, OWNER, BALANCE, ("wangwei",))) == "forbidden_own_request"
    assert code(may_name(POLICY, Identity("chen", "analyst", lines=("WM",)), BALANCE, ("lihua",))) == "forbidden_operation"
    assert may_name(POLICY, Identity("chen", "analyst", stewards=("aum_bal",)), BALANCE, ("lihua",)) is None
