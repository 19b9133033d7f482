"""What a language model may call: the same answers as on every face, nothing changed, and nobody shown more than they may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.identity import CONSOLE, Desk
from assistant.app.mcp.tools import TOOLS
from assistant.app.view import as_json
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.narrate.messages import has_message, message
from assistant.pipeline import Assistant
from assistant.rule.canonical import Json
from assistant.store.open import Store, open_store

WORDS = "活期存款大于5000的客户"


@pytest.fixture
def kept() -> Iterator[Store]:
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def asker(assistant: Assistant, kept: Store) -> Assistant:
    return replace(assistant, kept=kept)


def call(name: str, asker: Assistant, kept: Store, /, **given: Json) -> dict[str, Json]:
    return TOOLS[name].call(given, asker, kept)


def test_an_answer_is_that_of_every_face(asker: Assistant, kept: Store) -> None:
    found = call("ask", asker, kept, text=WORDS)
    expected = as_json(asker.ask(WORDS)[0])
    assert {**found, "ms": None} == {**expected, "ms": None}
    raised = call("ask", asker, kept, text="提到10万", turns=[WORDS])
    assert 0 < raised["count"] < found["count"]
    assert [row["kind"] for row in kept.audit.last(10)] == ["ask"] * 4


@pytest.mark.parametrize("words", ["保存为「富客」", "save it as rich"])
def test_nothing_is_saved(asker: Assistant, kept: Store, words: str) -> None:
    found = call("ask", asker, kept, text=words, turns=[WORDS])
    assert (found["outcome"], found["issues"][0]["code"]) == ("forbidden", "forbidden_token")
    assert not kept.library(asker.identity.user).segments


def test_a_saved_segment_is_read_and_stays_as_it_is(asker: Assistant, kept: Store) -> None:
    _, conversation = asker.ask(WORDS)
    asker.ask("保存为富客", conversation)
    before = kept.library(asker.identity.user)
    assert [one["name"] for one in call("list_segments", asker, kept)["segments"]] == ["富客"]
    read = call("read_segment", asker, kept, name="富客")
    assert [one["version"] for one in read["versions"]] == [1]
    for words in ("刷新「富客」", "把富客改名为核心客户", "归档「富客」"):
        assert call("ask", asker, kept, text=words)["outcome"] == "forbidden", words
    assert kept.library(asker.identity.user) == before


def test_a_count_is_explained_whichever_way_it_is_named(asker: Assistant, kept: Store) -> None:
    answer, conversation = asker.ask("活期存款大于5000的女性客户")
    asker.ask("保存为富客", conversation)
    told = as_json(answer)
    ways = [{"text": "活期存款大于5000的女性客户"}, {"segment": "富客"}, {"node": told["rule"]["node"]}]
    for way in ways:
        found = call("explain_count", asker, kept, **way)
        assert (found["outcome"], found["count"], found["funnel"]) == ("answered", told["count"], told["funnel"]), way
        assert [one["code"] for one in found["definitions"]] == ["dep_demand_bal", "gender"]
        assert "members" not in found
    for way in ({}, {"segment": "富客", "node": told["rule"]["node"]}, {"text": WORDS, "segment": "富客"}):
        with pytest.raises(UserError, match="body_"):
            call("explain_count", asker, kept, **way)


def test_a_rule_is_checked_and_the_catalog_read(asker: Assistant, kept: Store) -> None:
    node = {"kind": "tag", "tag": "cc_flag", "operator": "=", "value": True}
    checked = call("validate_rule", asker, kept, node=node)
    assert (checked["outcome"], checked["count"]) == ("answered", None)
    assert call("validate_rule", asker, kept, node={**node, "tag": "no_such"})["outcome"] == "inexpressible"
    assert call("find_tags", asker, kept, words="活期存款", limit=1)["tags"][0]["code"] == "dep_demand_bal"
    assert call("read_tag", asker, kept, code="cc_flag")["name"] == {
        language: asker.catalog.tags["cc_flag"].name.get(language) for language in LANGUAGES
    }
    with pytest.raises(UserError, match="element_unknown"):
        call("read_tag", asker, kept, code="no_such")
    assert len(call("list_strategies", asker, kept)["strategies"]) == len(asker.catalog.strategies)


def test_small_groups_stay_hidden_from_whoever_may_not_list(asker: Assistant, kept: Store) -> None:
    kept.users.add("head", "head_office_manager", "correct horse battery", CONSOLE)
    desk = Desk(asker, kept)
    rare = "活期存款大于5000且年龄大于84岁的女性客户"
    exact, _ = asker.ask(rare)
    assert exact.facts is not None
    assert 0 < int(str(exact.facts["count"].value)) < asker.catalog.policy.minimum_cell
    hidden = {"fewer_than": asker.catalog.policy.minimum_cell}
    assert call("ask", desk.of("head"), kept, text=rare)["count"] == hidden
    assert call("explain_count", desk.of("head"), kept, text=rare)["count"] == hidden


def test_a_token_stays_as_narrow_as_it_is(asker: Assistant, kept: Store) -> None:
    mute = replace(asker, identity=replace(asker.identity, scopes=("export",)))
    assert call("ask", mute, kept, text=WORDS)["outcome"] == "forbidden"
    for name, given in (
        ("list_segments", {}),
        ("find_tags", {"words": "活期"}),
        ("list_strategies", {}),
        ("explain_count", {"segment": "x"}),
    ):
        with pytest.raises(UserError, match="forbidden_token"):
            call(name, mute, kept, **given)


@pytest.mark.parametrize(
    ("name", "given"),
    [("ask", {}), ("ask", {"text": WORDS, "sql": "x"}), ("ask", {"text": 1}), ("find_tags", {"words": "a", "limit": 10_000}), ("list_segments", {"all": True})],
)  # fmt: skip
def test_other_arguments_are_refused(asker: Assistant, kept: Store, name: str, given: dict[str, Json]) -> None:
    with pytest.raises(UserError, match="body_"):
        call(name, asker, kept, **given)


def test_every_tool_says_what_it_is_for() -> None:
    assert all(has_message(f"mcp.{name}") for name in TOOLS)
    assert message("zh", "mcp.ask") != message("en", "mcp.ask")
    assert all(tool.schema["type"] == "object" and tool.schema["additionalProperties"] is False for tool in TOOLS.values())
