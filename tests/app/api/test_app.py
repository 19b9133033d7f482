"""`/api/v1`: what every face says, as whoever the token speaks for, within a rate; and bad input told in the one shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.app.api.app import MOST_BYTES, ROOT, build_api
from assistant.app.api.serve import serve_api
from assistant.app.identity import CONSOLE, Desk
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.open import Store, open_store

PASSWORD = "correct horse battery"
WORDS = "活期存款大于5000的客户"


@pytest.fixture
def kept() -> Iterator[Store]:
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def desk(assistant: Assistant, kept: Store) -> Desk:
    return Desk(replace(assistant, kept=kept), kept)


def client(desk: Desk, a_minute: int = 1000) -> TestClient:
    return TestClient(build_api(desk, a_minute), raise_server_exceptions=False)


def token(store: Store, role: str = "head_office_analyst", *scopes: str) -> dict[str, str]:
    if not store.users.any():
        store.users.add("root", "administrator", PASSWORD, CONSOLE)
    store.users.add(f"user.{role}", role, PASSWORD, "root")
    _, secret = store.users.issue(f"user.{role}", scopes or ("ask", "list_members", "export", "save"), timedelta(days=1), "root")
    return {"Authorization": f"Bearer {secret}"}


def test_a_request_is_answered_as_on_every_face(desk: Desk) -> None:
    asked = client(desk).post(f"{ROOT}/ask", json={"text": WORDS})
    answer, _ = desk.assistant.ask(WORDS)
    assert asked.status_code == 200
    assert asked.json()["count"] == answer.facts["count"].value
    raised = client(desk).post(f"{ROOT}/ask", json={"text": "提到10万", "turns": [WORDS]}).json()
    assert 0 < raised["count"] < asked.json()["count"]


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        ({"text": "人民路支行的客户"}, 200, "choice"),
        ({"text": "2020年1月登录过的客户"}, 422, "inexpressible"),
        ({"text": ""}, 200, "choice"),
        ({"text": WORDS, "as_of": "2031-01-01"}, 200, "choice"),
    ],
)
def test_an_outcome_has_its_status(desk: Desk, body: dict[str, object], status: int, outcome: str) -> None:
    found = client(desk).post(f"{ROOT}/ask", json=body)
    assert (found.status_code, found.json()["outcome"]) == (status, outcome)


def test_an_option_is_chosen_by_its_key(desk: Desk) -> None:
    (question,) = client(desk).post(f"{ROOT}/ask", json={"text": "人民路支行的客户"}).json()["questions"]
    assert len(question["options"]) > 1
    (asked,) = desk.assistant.ask("人民路支行的客户")[0].questions
    chosen = client(desk).post(f"{ROOT}/ask", json={"text": "人民路支行的客户", "choices": {asked.question.key: asked.options[1].index}})
    assert chosen.json()["count"] == question["options"][1]["count"]


def test_a_rule_is_checked_and_nothing_counted(desk: Desk) -> None:
    rule = client(desk).post(f"{ROOT}/ask", json={"text": WORDS}).json()["rule"]["node"]
    found = client(desk).post(f"{ROOT}/validate", json={"node": rule})
    assert (found.status_code, found.json()["outcome"], found.json()["count"]) == (200, "answered", None)
    assert "5,000" in found.json()["readback"]["en"]
    wrong = client(desk).post(f"{ROOT}/validate", json={"node": {**rule, "tag": "no_such"}})
    assert (wrong.status_code, wrong.json()["outcome"]) == (422, "inexpressible")


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("POST", "/ask", b"{", 422, "body_json"),
        ("POST", "/ask", b"[]", 422, "body_unfit"),
        ("POST", "/ask", b'{"text": "a", "sql": "b"}', 422, "body_extra"),
        ("POST", "/ask", b'{"text": 1}', 422, "body_unfit"),
        ("POST", "/ask", b'{"text": "\xff"}', 400, "body_json"),
        ("POST", "/ask", b'{"text": "a", "purpose": "fun"}', 422, "body_choice"),
        ("POST", "/ask", b" " * (MOST_BYTES + 1), 413, "body_too_large"),
        ("POST", "/validate", b'{"node": {"kind": "sql", "text": "DROP"}}', 422, "body_unfit"),
        ("GET", "/segments/nothing", b"", 404, "segment_not_found"),
        ("GET", "/segments/nothing/members", b"", 422, "body_missing"),
        ("GET", "/segments/nothing/members?purpose=service&limit=9999", b"", 422, "body_unfit"),
        ("GET", "/segments/nothing/members?purpose=service&offset=-1", b"", 422, "body_unfit"),
        ("GET", "/tags/no_such_tag", b"", 404, "element_unknown"),
        ("GET", "/tags", b"", 422, "body_missing"),
        ("GET", "/nowhere", b"", 404, "not_found"),
        ("DELETE", "/ask", b"{}", 405, "not_found"),
    ],
)
def test_bad_input_is_told_in_the_one_shape(desk: Desk, method: str, path: str, content: bytes, status: int, code: str) -> None:
    found = client(desk).request(method, f"{ROOT}{path}", content=content, headers={"content-type": "application/json"})
    told = found.json()
    assert (found.status_code, told["error"], told["outcome"]) == (status, code, "fault")
    assert all(told["text"][language] and "{" not in told["text"][language] for language in ("zh", "en"))
    assert not any(english in told["text"]["zh"] for english in ("Field", "Input", "required", "should"))


def test_a_body_of_unknown_length_is_not_read(desk: Desk) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"text": "a"}'

    assert client(desk).post(f"{ROOT}/ask", content=endless()).status_code == 413


def test_another_host_is_not_this_machine(desk: Desk) -> None:
    assert client(desk).get(f"{ROOT}/segments", headers={"host": "evil.example"}).status_code == 400


def test_tags_are_found_and_shown(desk: Desk) -> None:
    found = client(desk).get(f"{ROOT}/tags", params={"words": "活期存款", "limit": 3}).json()["tags"]
    assert found[0]["code"] == "dep_demand_bal"
    one = client(desk).get(f"{ROOT}/tags/dep_demand_bal").json()
    assert one["name"]["zh"] == desk.assistant.catalog.tags["dep_demand_bal"].name.zh
    assert len(client(desk).get(f"{ROOT}/strategies").json()["strategies"]) == len(desk.assistant.catalog.strategies)


def saved(desk: Desk) -> str:
    _, conversation = desk.assistant.ask(WORDS)
    kept, _ = desk.assistant.ask("保存为富客", conversation)
    assert kept.kept is not None
    return kept.kept.segments[0].id


def test_members_come_in_pages_that_make_the_list_and_each_is_in_the_audit(desk: Desk, kept: Store) -> None:
    name = saved(desk)
    asked = client(desk)
    assert asked.get(f"{ROOT}/segments").json()["segments"][0]["id"] == name
    assert len(asked.get(f"{ROOT}/segments/富客").json()["versions"]) == 1
    pages, offset = [], 0
    while True:
        page = asked.get(
            f"{ROOT}/segments/{name}/members", params={"purpose": "marketing", "channel": ["sms"], "limit": 40, "offset": offset}
        ).json()
        if not page["ids"]:
            break
        pages.append(page)
        offset += 40
    ids = [one for page in pages for one in page["ids"]]
    assert len(ids) == len(set(ids)) == pages[0]["total"] == pages[0]["selected"] - sum(one["count"] for one in pages[0]["left_out"])
    assert ids == sorted(ids)
    rows = [row for row in kept.audit.last(100) if row["kind"] == "export"]
    assert len(rows) == len(pages) + 1
    assert rows[-1]["exported"] == f"page 0+40 of {len(ids)}"


def test_with_users_nobody_unknown_is_let_in(desk: Desk, kept: Store) -> None:
    bearer, asked = token(kept), client(desk)
    assert asked.get(f"{ROOT}/segments", headers=bearer).status_code == 200
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic cm9vdDpyb290"}):
        refused = asked.get(f"{ROOT}/segments", headers=headers)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    kept.users.disable("user.head_office_analyst", "root")
    assert asked.get(f"{ROOT}/segments", headers=bearer).status_code == 401


def test_a_token_is_narrowed_and_a_role_is_a_role(desk: Desk, kept: Store) -> None:
    name = saved(desk)
    narrow, manager = token(kept, "head_office_analyst", "ask"), token(kept, "administrator")
    asked = client(desk)
    assert asked.post(f"{ROOT}/ask", json={"text": WORDS}, headers=narrow).status_code == 200
    for headers in (narrow, manager):
        refused = asked.get(f"{ROOT}/segments/{name}/members", params={"purpose": "service"}, headers=headers)
        assert refused.status_code in (403, 404)
        assert "ids" not in refused.json()
    assert asked.post(f"{ROOT}/ask", json={"text": WORDS}, headers=manager).status_code == 403
    assert asked.get(f"{ROOT}/strategies", headers=manager).status_code == 403


def test_too_many_requests_wait(desk: Desk) -> None:
    asked = client(desk, a_minute=3)
    found = [asked.get(f"{ROOT}/segments") for _ in range(4)]
    assert [one.status_code for one in found] == [200, 200, 200, 429]
    assert int(found[-1].headers["retry-after"]) >= 1


def test_wrong_tokens_count_against_their_address(desk: Desk, kept: Store) -> None:
    right, asked = token(kept), client(desk, a_minute=3)
    wrong = [asked.get(f"{ROOT}/segments", headers={"Authorization": f"Bearer {number}"}).status_code for number in range(4)]
    assert wrong == [401, 401, 401, 429]
    assert asked.get(f"{ROOT}/segments", headers=right).status_code == 429


def test_the_description_names_every_path(desk: Desk) -> None:
    told = client(desk).get(f"{ROOT}/openapi.json").json()
    assert sorted(told["paths"]) == sorted(
        f"{ROOT}{path}"
        for path in (
            "/ask",
            "/validate",
            "/segments",
            "/segments/{name}",
            "/segments/{name}/members",
            "/tags",
            "/tags/{code}",
            "/strategies",
            "/feedback",
            "/desk/items",
            "/desk/items/{item}",
            "/desk/items/{item}/approve",
            "/desk/items/{item}/reject",
            "/desk/items/{item}/correct",
            "/desk/proposals",
            "/desk/proposals/{word}/accept",
            "/desk/proposals/{word}/decline",
            "/desk/flywheel",
            "/calls",
            "/calls/{name}",
            "/calls/{name}/new",
            "/calls/{name}/items/{item}/result",
        )
    )
    assert told["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"


def test_without_users_it_is_not_opened_to_others(desk: Desk, settings: Settings) -> None:
    with pytest.raises(UserError, match="api_open"):
        serve_api(desk, settings.model_copy(update={"host": "0.0.0.0"}), lambda url: None)
