"""A long list leaves only once somebody else has approved it, with an account of their own; the manifest names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app.export.export import Exported, export
from assistant.app.segments import Asked
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity, Purpose, Role
from assistant.rule.tree import SegmentRule, TagCondition
from assistant.store.open import Store, open_store
from tests.app.export.test_export import AT, RICH


@pytest.fixture
def kept() -> Iterator[Store]:
    made = open_store()
    yield made
    made.close()


@pytest.fixture
def bank(assistant: Assistant, kept: Store) -> Assistant:
    policy = assistant.catalog.policy.model_copy(update={"export_approval": {"marketing": 10}})
    return replace(assistant, kept=kept, catalog=replace(assistant.catalog, policy=policy), identity=Identity("li", "head_office_analyst"))


def seen_by(bank: Assistant, user: str, role: Role = "head_office_manager") -> Assistant:
    return replace(bank, identity=Identity(user, role))


def make(bank: Assistant, path: Path, purpose: Purpose = "marketing", rule: SegmentRule = RICH) -> Exported:
    return export(bank, Asked(rule, "活期"), purpose, path, AT)


def waiting(bank: Assistant, path: Path) -> str:
    with pytest.raises(UserError, match="export_needs_approval") as caught:
        make(bank, path)
    return str(caught.value.params["id"])


def test_a_long_list_waits_for_somebody_else(bank: Assistant, kept: Store, tmp_path: Path) -> None:
    identifier = waiting(bank, tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())
    assert waiting(bank, tmp_path / "a.csv") == identifier, "asked once"
    (asked,) = seen_by(bank, "zhao").export_approvals()
    assert (asked.user, asked.approver, asked.rows > 10) == ("li", "", True)
    with pytest.raises(UserError, match="forbidden_operation"):
        bank.approve_export(identifier)
    with pytest.raises(UserError, match="approval_own"):
        seen_by(bank, "li").approve_export(identifier)
    with pytest.raises(UserError, match="approval_unknown"):
        seen_by(bank, "zhao").approve_export("x")
    assert not list(tmp_path.iterdir())
    seen_by(bank, "zhao").approve_export(identifier)
    with pytest.raises(UserError, match="approval_given"):
        seen_by(bank, "wu").approve_export(identifier)
    done = make(bank, tmp_path / "a.csv")
    assert done.manifest["approver"] == "zhao"
    assert waiting(bank, tmp_path / "b.csv") == identifier, "one approval is for one file"
    assert not (tmp_path / "b.csv").exists()
    seen_by(bank, "zhao").approve_export(identifier)
    assert make(bank, tmp_path / "b.csv").manifest["approver"] == "zhao"
    kinds = [(row["kind"], row["user"]) for row in kept.audit.last(20)]
    assert ("approval", "li") in kinds
    assert ("approval", "zhao") in kinds
    assert kept.audit.verify().intact


def test_an_approval_is_for_those_customers_alone(bank: Assistant, tmp_path: Path) -> None:
    seen_by(bank, "zhao").approve_export(waiting(bank, tmp_path / "a.csv"))
    other = SegmentRule(node=TagCondition(tag="dep_demand_bal", operator=">", value=4000))
    with pytest.raises(UserError, match="export_needs_approval"):
        make(bank, tmp_path / "b.csv", rule=other)
    with pytest.raises(UserError, match="export_needs_approval"):
        make(seen_by(bank, "qian", "head_office_analyst"), tmp_path / "c.csv")
    assert make(bank, tmp_path / "d.csv", "service").manifest["approver"] is None, "the policy asks for nobody"


def test_who_sees_what_waits(bank: Assistant, tmp_path: Path) -> None:
    waiting(bank, tmp_path / "a.csv")
    assert len(bank.export_approvals()) == 1
    assert seen_by(bank, "qian", "head_office_analyst").export_approvals() == ()
    with pytest.raises(UserError, match="forbidden_operation"):
        seen_by(bank, "wu", "analyst").export_approvals()
