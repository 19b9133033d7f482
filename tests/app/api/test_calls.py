"""Call lists by programs: made, made once more, written back, and refused to whoever may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.api.app import ROOT
from assistant.app.identity import Desk
from assistant.pipeline import Assistant
from assistant.store.open import Store, open_store
from tests.app.api.test_app import client, token

NODE = {"kind": "tag", "tag": "cc_flag", "operator": "=", "value": True}


@pytest.fixture
def kept() -> Iterator[Store]:
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def desk(assistant: Assistant, kept: Store) -> Desk:
    return Desk(replace(assistant, kept=kept), kept)


def test_the_life_of_a_list(desk: Desk) -> None:
    caller = client(desk)
    made = caller.post(f"{ROOT}/calls", json={"node": NODE, "purpose": "marketing", "name": "信用卡", "most": 3})
    assert made.status_code == 200
    name = made.json()["id"]
    assert [one["item"] for one in made.json()["items"]] == [1, 2, 3]
    assert made.json()["selected"] - sum(one["count"] for one in made.json()["left_out"]) == made.json()["reachable"]
    wrote = caller.post(f"{ROOT}/calls/{name}/items/2/result", json={"result": "declined"})
    assert (wrote.status_code, wrote.json()) == (200, {"item": 2, "result": "declined"})
    again = caller.post(f"{ROOT}/calls/{name}/new").json()
    assert again["items"][0]["item"] == 4
    assert [one["count"] for one in again["left_out"] if one["code"] == "declined"] == [1]
    shown = caller.get(f"{ROOT}/calls/{name}", params={"run": 1}).json()
    assert [one["result"] for one in shown["items"]] == [None, "declined", None]
    assert [one["id"] for one in caller.get(f"{ROOT}/calls").json()["calls"]] == [name]
    assert desk.store.audit.verify().intact


def test_what_stands_in_the_way_has_its_status(desk: Desk) -> None:
    caller = client(desk)
    assert caller.get(f"{ROOT}/calls/nothing").status_code == 404
    assert caller.post(f"{ROOT}/calls", json={"node": NODE}).json()["error"] == "calls_purpose"
    assert caller.post(f"{ROOT}/calls", json={"purpose": "service"}).json()["error"] == "body_one_of"
    assert caller.post(f"{ROOT}/calls", json={"node": NODE, "purpose": "analysis"}).status_code == 422
    name = caller.post(f"{ROOT}/calls", json={"node": NODE, "purpose": "service"}).json()["id"]
    assert caller.post(f"{ROOT}/calls/{name}/items/9999/result", json={"result": "declined"}).status_code == 404
    assert caller.post(f"{ROOT}/calls/{name}/items/1/result", json={"result": "maybe"}).status_code == 422
    weak = token(desk.store, "head_office_analyst", "ask")
    refused = caller.post(f"{ROOT}/calls", json={"node": NODE, "purpose": "service"}, headers=weak)
    assert (refused.status_code, refused.json()["error"]) == (403, "forbidden_token")
    assert caller.get(f"{ROOT}/calls").status_code == 401
