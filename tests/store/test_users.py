"""Users, grants and tokens: what was revoked is gone at the next look, and no secret is kept anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import MetaData, select

from assistant.errors import UserError
from assistant.store.open import Store, open_store
from assistant.store.users import LOCKED, MOST_FAILURES
from tests.store.conftest import START

PASSWORD = "correct horse battery"


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def kept(url: str, clock: Hand) -> Iterator[Store]:
    store = open_store(url, clock)
    store.users.add("Root", "administrator", PASSWORD, "console")
    store.users.add("lihua", "branch_manager", PASSWORD, "root")
    yield store
    store.close()


def failed(call: Callable[[], object]) -> str:
    with pytest.raises(UserError) as raised:
        call()
    return raised.value.code


def test_somebody_is_who_the_store_says_at_this_moment(kept: Store, clock: Hand) -> None:
    users = kept.users
    assert users.any()
    users.grant("lihua", "branch", "3100", None, "root")
    users.grant("lihua", "tag", "annual_income", clock.at + timedelta(days=1), "root")
    assert users.identity("lihua").branches == ("3100",)
    assert users.identity("lihua").tags == ("annual_income",)
    clock.at += timedelta(days=2)
    assert users.identity("lihua").tags == ()
    users.revoke("LiHua ", "branch", "3100", "root")
    assert users.identity("lihua").branches == ()
    assert failed(lambda: users.revoke("lihua", "branch", "3100", "root")) == "grant_unknown"
    users.disable("lihua", "root")
    assert failed(lambda: users.identity("lihua")) == "sign_in_needed"
    users.disable("lihua", "root", disabled=False)
    users.set_role("lihua", "analyst", "root")
    assert users.identity("lihua").role == "analyst"


def test_a_password_lets_its_user_in_and_nobody_else(kept: Store) -> None:
    assert kept.users.sign_in("LIHUA", PASSWORD).user == "lihua"
    assert failed(lambda: kept.users.sign_in("lihua", PASSWORD + "!")) == "sign_in_failed"
    assert failed(lambda: kept.users.sign_in("nobody", PASSWORD)) == "sign_in_failed"
    kept.users.add("sso", "analyst", "", "root")
    assert failed(lambda: kept.users.sign_in("sso", "")) == "sign_in_failed"
    kept.users.disable("lihua", "root")
    assert failed(lambda: kept.users.sign_in("lihua", PASSWORD)) == "sign_in_failed"


def test_too_many_wrong_passwords_lock_a_name_for_a_while(kept: Store, clock: Hand) -> None:
    for _ in range(MOST_FAILURES):
        assert failed(lambda: kept.users.sign_in("lihua", "wrong")) == "sign_in_failed"
    assert failed(lambda: kept.users.sign_in("lihua", PASSWORD)) == "sign_in_failed"
    assert kept.audit.last(1)[0]["error"] == "sign_in_locked"
    assert kept.users.sign_in("root", PASSWORD).user == "root"
    clock.at += LOCKED + timedelta(seconds=1)
    assert kept.users.sign_in("lihua", PASSWORD).user == "lihua"


def test_the_last_administrator_stays(kept: Store) -> None:
    assert failed(lambda: kept.users.disable("root", "root")) == "last_administrator"
    assert failed(lambda: kept.users.set_role("root", "analyst", "root")) == "last_administrator"
    assert kept.users.identity("root").role == "administrator"
    kept.users.add("second", "administrator", PASSWORD, "root")
    kept.users.disable("root", "second")


def test_names_and_passwords_must_fit(kept: Store) -> None:
    assert failed(lambda: kept.users.add("lihua", "analyst", PASSWORD, "root")) == "user_taken"
    assert failed(lambda: kept.users.add("x y", "analyst", PASSWORD, "root")) == "user_name_unfit"
    assert failed(lambda: kept.users.add("short", "analyst", "123456789", "root")) == "password_unfit"
    assert failed(lambda: kept.users.set_password("nobody", PASSWORD, "root")) == "user_unknown"


def test_a_token_speaks_for_its_user_within_its_scopes_until_it_ends(kept: Store, clock: Hand) -> None:
    users = kept.users
    identifier, token = users.issue("lihua", ("ask", "save"), timedelta(days=30), "root")
    assert users.bearer(token).user == "lihua"
    assert users.bearer(token).scopes == ("ask", "save")
    assert failed(lambda: users.bearer(token + "x")) == "token_refused"
    users.disable("lihua", "root")
    assert failed(lambda: users.bearer(token)) == "token_refused"
    users.disable("lihua", "root", disabled=False)
    clock.at += timedelta(days=31)
    assert failed(lambda: users.bearer(token)) == "token_refused"
    clock.at = START
    users.revoke_token(identifier, "root")
    assert failed(lambda: users.bearer(token)) == "token_refused"
    assert [one.id for one in users.tokens("lihua")] == [identifier]
    assert failed(lambda: users.issue("lihua", ("ask",), timedelta(days=400), "root")) == "token_time_unfit"


def test_no_secret_is_kept_and_every_change_is_audited(kept: Store) -> None:
    _, token = kept.users.issue("lihua", ("ask",), timedelta(days=1), "root")
    kept.users.sign_in("lihua", PASSWORD)
    with pytest.raises(UserError):
        kept.users.sign_in(PASSWORD, "typed into the wrong box")
    tables = MetaData()
    with kept.database.reading() as connection:
        tables.reflect(connection)
        cells = [str(cell) for table in tables.tables.values() for row in connection.execute(select(table)) for cell in row]
    assert not [cell for cell in cells if PASSWORD in cell or token in cell]
    assert [row["text"] for row in kept.audit.last(10) if row["kind"] == "users"][-1] == "users add root administrator"
    assert kept.audit.verify().intact
