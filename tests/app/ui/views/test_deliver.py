"""The view that hands over: in memory, recorded first, by purpose, and only for those who may."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.identity import Desk
from assistant.app.ui.session import Session
from assistant.app.ui.views.deliver import Deliver, Seen
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity
from assistant.store.open import open_store

_LINK = re.compile(r"<a download='([^']+)' href='data:[a-z/-]+;base64,([^']+)'>")


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    store = open_store()
    yield Desk(replace(assistant, kept=store), store)
    store.close()


def opened(link: str) -> tuple[str, bytes]:
    found = _LINK.match(link)
    assert found is not None
    return found[1], b64decode(found[2])


def test_the_list_its_manifest_and_the_audit_are_one(desk: Desk) -> None:
    mine = desk.of(None)
    session = Session().say(mine, "有信用卡的客户")
    with pytest.raises(UserError, match="export_purpose"):
        Deliver().exported(None, "csv", Seen(), session, mine)
    assert desk.store.audit.last(1)[0]["kind"] == "ask"
    (seen,) = Deliver().exported("marketing", "csv", Seen(), session, mine)
    (name, data), (note, told) = map(opened, seen.links)
    manifest = json.loads(told)
    assert (name, note) == (manifest["file"], f"{name}.manifest.json")
    assert manifest["sha256"] == hashlib.sha256(data).hexdigest()
    assert manifest["rows"] == len(data.decode().splitlines()) - 1
    assert manifest["purpose"] == "marketing"
    row = desk.store.audit.last(1)[0]
    assert (row["kind"], manifest["sha256"] in str(row["exported"])) == ("export", True)


def test_the_report_is_a_link_that_holds_all_of_it(desk: Desk) -> None:
    mine = desk.of(None)
    session = Session().say(mine, "有信用卡的客户")
    (seen,) = Deliver().reported(Seen(), session, mine)
    name, data = opened(seen.links[0])
    assert name.endswith(".html")
    assert data.startswith(b"<!doctype html>")
    with pytest.raises(UserError, match="report_unanswered"):
        Deliver().reported(Seen(), Session(), mine)


def test_who_may_not_export_gets_nothing(desk: Desk) -> None:
    mine = desk.of(None)
    session = Session().say(mine, "有信用卡的客户")
    analyst = replace(mine, identity=Identity("wu", "analyst"))
    with pytest.raises(UserError, match="forbidden_operation"):
        Deliver().exported("analysis", "csv", Seen(), session, analyst)
    assert Deliver().allowed(analyst)
    assert not Deliver().allowed(replace(mine, identity=Identity("root", "administrator")))
