"""Who asks: nobody by default, and as they stand at each request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from assistant.app.identity import CONSOLE, Desk, bearer, named_by_proxy, open_desk, operator
from assistant.app.session import Bank
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.open import Store, open_store

PASSWORD = "correct horse battery"
POLICY_REFUSES = ("forbidden", ["forbidden_no_unit"])


@pytest.fixture
def kept() -> Iterator[Store]:
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def desk(assistant: Assistant, kept: Store) -> Desk:
    kept.users.add("root", "administrator", PASSWORD, CONSOLE)
    kept.users.add("lihua", "branch_manager", PASSWORD, "root")
    kept.users.grant("lihua", "branch", "3100", None, "root")
    return Desk(replace(assistant, kept=kept), kept)


def test_without_users_everybody_is_the_demos(assistant: Assistant, kept: Store) -> None:
    desk = Desk(assistant, kept)
    assert not desk.signing_in
    assert desk.of(None) is desk.of("anybody") is desk.bearing() is assistant


def test_with_users_nobody_unknown_is_let_in(desk: Desk) -> None:
    for nobody in (None, "", "demo", "stranger"):
        with pytest.raises(UserError, match="sign_in_needed"):
            desk.of(nobody)
    with pytest.raises(UserError, match="token_needed"):
        desk.bearing()
    assert desk.of("LiHua ").identity.branches == ("3100",)


def test_what_is_revoked_is_gone_at_the_next_request(desk: Desk) -> None:
    _, token = desk.store.users.issue("lihua", ("ask", "list_members"), timedelta(days=1), "root")
    held = replace(desk, token=SecretStr(token))
    bank = Bank(held.bearing, "zh")
    reply = bank.ask("AUM大于5万的客户")
    assert reply.outcome == "answered"
    assert len(reply.members()) == reply.count
    desk.store.users.revoke("lihua", "branch", "3100", "root")
    refused = bank.ask("其中女性")
    assert (refused.outcome, [issue.code for issue in refused.answer.issues]) == POLICY_REFUSES
    with pytest.raises(UserError, match="forbidden_list"):
        reply.members()
    desk.store.users.grant("lihua", "branch", "4400", None, "root")
    moved = bank.ask("AUM大于5万的客户")
    assert moved.outcome == "answered"
    assert moved.count != reply.count
    desk.store.users.disable("lihua", "root")
    with pytest.raises(UserError, match="token_refused"):
        bank.ask("AUM大于5万的客户")


def test_an_old_answer_lists_what_may_be_seen_now(desk: Desk) -> None:
    before = desk.of("lihua")
    answer, _ = before.ask("AUM大于5万的客户")
    assert answer.validated is not None
    shanghai = before.members(answer.validated)
    desk.store.users.revoke("lihua", "branch", "3100", "root")
    desk.store.users.grant("lihua", "branch", "4400", None, "root")
    assert not set(desk.of("lihua").members(answer.validated)) & set(shanghai)


def test_people_keep_to_themselves(desk: Desk) -> None:
    desk.store.users.add("wang", "branch_manager", PASSWORD, "root")
    desk.store.users.grant("wang", "branch", "4400", None, "root")
    one, other = desk.of("lihua"), desk.of("wang")
    one.ask("AUM大于5万的客户，保存为大户")
    assert [segment.name for segment in desk.store.library("lihua").active] == ["大户"]
    assert desk.store.library("wang").active == ()
    asked, _ = other.ask("上海分行的客户")
    assert [issue.code for issue in asked.issues] == ["forbidden_branch"]
    assert other.ask("AUM大于5万的客户")[0].validated is not None


def test_the_console_works_until_there_are_users(assistant: Assistant, kept: Store) -> None:
    policy = assistant.catalog.policy
    assert operator(policy, kept, None, "manage_users") == CONSOLE
    kept.users.add("root", "administrator", PASSWORD, CONSOLE)
    with pytest.raises(UserError, match="token_needed"):
        operator(policy, kept, None, "manage_users")
    _, token = kept.users.issue("root", ("read_audit",), timedelta(days=1), "root")
    assert operator(policy, kept, SecretStr(token), "read_audit") == "root"
    with pytest.raises(UserError, match="forbidden_token"):
        operator(policy, kept, SecretStr(token), "manage_users")
    with pytest.raises(UserError, match="token_refused"):
        bearer(kept, SecretStr("sa_wrong"))


def test_a_role_cannot_be_claimed_where_there_are_users(settings: Settings, kept: Store) -> None:
    kept.users.add("root", "administrator", PASSWORD, CONSOLE)
    with pytest.raises(UserError, match="role_fixed"):
        open_desk(settings, kept, "head_office_analyst")
    with pytest.raises(UserError, match="role_fixed"):
        open_desk(settings, kept, None, ("3100",))


@pytest.mark.parametrize(
    ("peer", "header", "user"),
    [
        ("10.0.0.7", "LiHua", "lihua"),
        ("10.0.1.7", "lihua", None),
        ("127.0.0.1", "lihua", None),
        ("10.0.0.7", " ", None),
        (None, "lihua", None),
        ("proxy", "lihua", None),
    ],
)
def test_a_header_is_believed_from_the_proxy_alone(peer: str | None, header: str, user: str | None) -> None:
    assert named_by_proxy({"x-user": header}, peer, "x-user", ("10.0.0.0/24",)) == user
    assert named_by_proxy({"x-user": header}, peer, "x-user", ()) is None
