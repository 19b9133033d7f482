"""The permission matrix: the table fits the policy, and a policy that gives too much or too little is found out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.catalog.load import TagCatalog, data_room
from assistant.evaluate.permissions import TABLE, Matrix, desk, lifecycle, load_expected, operations
from assistant.policy import ROLES, Policy, Role

CATALOG = TagCatalog.load()
EXPECTED = load_expected(data_room("eval") / TABLE)


def with_policy(role: Role, **changes: object) -> TagCatalog:
    """The catalog with one role's entry changed."""
    told = CATALOG.policy.model_dump()
    told["roles"][role].update(changes)
    return replace(CATALOG, policy=Policy.model_validate(told))


def test_every_kind_of_tag_and_every_role_has_a_row() -> None:
    kinds = {f"{tag.layer[0]}{tag.security.level}{'s' if tag.security.sensitive else ''}" for tag in CATALOG.tags.values()}
    assert set(EXPECTED.tags) == {*ROLES, "catalog_owner_own"}
    assert all(kinds <= set(row) for row in EXPECTED.tags.values())
    assert {tag.code for tag in CATALOG.tags.values() if tag.purposes} == set(EXPECTED.only_for)


def test_the_policy_says_what_the_table_says() -> None:
    found = Matrix()
    operations(EXPECTED, CATALOG, found)
    lifecycle(EXPECTED, CATALOG, found)
    desk(EXPECTED, CATALOG, found)
    assert found.differences == []
    assert found.cells["desk"] > 5000
    assert found.cells["tokens"] == 2028


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        ("analyst", {"operations": ["ask", "save", "share", "approve", "list_members"]}),
        ("administrator", {"operations": ["read_audit"]}),
        ("branch_manager", {"scope": "bank"}),
    ],
)
def test_a_policy_that_gives_too_much_or_too_little_is_found(role: Role, changes: dict[str, object]) -> None:
    found = Matrix()
    operations(EXPECTED, with_policy(role, **changes), found)
    assert found.differences
    assert all(role in difference for difference in found.differences)


def test_a_role_that_reviews_without_being_named_is_found() -> None:
    found = Matrix()
    desk(EXPECTED, with_policy("head_office_manager", operations=["ask", "approve"]), found)
    assert found.differences
    assert all("head_office_manager" in difference for difference in found.differences)


def test_a_step_that_anybody_may_take_is_found() -> None:
    told = CATALOG.policy.model_dump()
    told["lifecycle"] = [{**step, "another_person": False} for step in told["lifecycle"]]
    found = Matrix()
    few = {code: tag for code, tag in CATALOG.tags.items() if code in ("aum_bal", "annual_income")}
    lifecycle(EXPECTED, replace(CATALOG, tags=few, policy=Policy.model_validate(told)), found)
    assert found.differences
    assert all("review online same" in difference for difference in found.differences)
