"""From a saved segment to a template anybody may apply: what it says, who may publish it, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app.build import build_assistant
from assistant.app.identity import open_desk
from assistant.app.promoting import Told, as_yaml, promoted, published
from assistant.app.segments import segment_named
from assistant.catalog.load import DEFAULT_BANK, TagCatalog, data_room
from assistant.catalog.strategy import Strategy
from assistant.errors import UserError
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant
from assistant.policy import Identity
from assistant.settings import Settings
from assistant.store.open import Store, open_store

TOLD = Told(
    "spring",
    "春节留存|keep spring money",
    "aum",
    "deposits",
    "retention",
    ["rm"],
    ["先问安排|ask about their plans"],
    "DEP",
    "留存率|money kept",
    30,
    "春节客群|Spring money",
)


@pytest.fixture
def own_store() -> Iterator[Store]:
    made = open_store()
    yield made
    made.close()


@pytest.fixture
def keeping(settings: Settings, own_store: Store) -> Iterator[Assistant]:
    made = build_assistant(settings, store=own_store)
    yield made
    made.engine.close()


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank's own catalog folder."""
    return Path(shutil.copytree(data_room("tag_catalog") / DEFAULT_BANK, tmp_path / "bank"))


def saved(assistant: Assistant, text: str) -> None:
    answer, _ = assistant.ask(text, Conversation())
    assert answer.outcome == "answered"


def test_a_segment_becomes_a_template_that_head_office_publishes_and_others_apply(
    keeping: Assistant, own_store: Store, bank: Path, tmp_path: Path
) -> None:
    saved(keeping, "近30天登录超过3次且AUM大于6万的客户,保存为「春节客群」")
    library = own_store.library(keeping.identity.user)
    draft = promoted(segment_named(library, "春节客群"), library, TOLD, keeping)
    assert draft.status == "draft"
    assert draft.name.zh == "春节客群"
    assert {"aum_bal"} < set(draft.parameters)
    path = tmp_path / "spring.yaml"
    path.write_text(as_yaml(draft), encoding="utf-8")
    head_office = replace(keeping, identity=Identity(role="head_office_manager"))
    with pytest.raises(UserError) as refused:
        published(path, bank, keeping, "zh")
    assert refused.value.code == "forbidden_operation"
    assert not (bank / "strategies" / "spring.yaml").exists()
    strategy, place = published(path, bank, head_office, "zh")
    assert (strategy.status, place) == ("online", bank / "strategies" / "spring.yaml")
    assert own_store.audit.last(1)[0]["kind"] == "publish"
    catalog = TagCatalog.load(bank)
    branch = replace(keeping, catalog=catalog, identity=Identity(role="branch_manager", branches=("3100",)))
    answer, _ = branch.ask("套用春节客群,AUM时点余额改为8万")
    whole, _ = keeping.ask("近30天登录超过3次且AUM大于8万的上海分行客户")
    assert answer.outcome == "answered"
    assert answer.count is not None
    assert whole.count is not None
    assert answer.count.n == whole.count.n


def test_a_desk_that_is_open_sees_what_is_published_meanwhile(settings: Settings, bank: Path) -> None:
    store = open_store()
    desk = open_desk(settings.model_copy(update={"catalog": bank}), store)
    before = desk.today().catalog
    assert before is desk.assistant.catalog
    place = bank / "strategies" / "spring.yaml"
    one = before.strategies["wealth_first_purchase"]
    named = {"name": {"zh": "春节首购", "en": "Spring first purchase"}, "aliases": {"zh": [], "en": []}}
    place.write_text(as_yaml(Strategy.model_validate({**one.model_dump(mode="json"), "code": "spring", **named})), encoding="utf-8")
    after = desk.today()
    assert set(after.catalog.strategies) == {*before.strategies, "spring"}
    assert after.catalog.fingerprint != before.fingerprint
    answer, _ = after.ask("套用春节首购")
    assert answer.outcome == "answered"
    assert desk.today().catalog.fingerprint == after.catalog.fingerprint
    place.write_text("code: [unfinished", encoding="utf-8")
    assert desk.today().catalog is before
    place.unlink()
    assert desk.today().catalog is before
    desk.assistant.engine.close()
    store.close()


def test_the_programs_own_catalog_is_not_changed(keeping: Assistant, tmp_path: Path) -> None:
    head_office = replace(keeping, identity=Identity(role="head_office_manager"))
    with pytest.raises(UserError) as refused:
        published(tmp_path / "x.yaml", None, head_office, "zh")
    assert refused.value.code == "catalog_builtin"


def test_a_template_with_a_fault_is_not_published(keeping: Assistant, own_store: Store, bank: Path, tmp_path: Path) -> None:
    saved(keeping, "AUM大于6万的客户,保存为「六万」")
    library = own_store.library(keeping.identity.user)
    draft = promoted(segment_named(library, "六万"), library, replace(TOLD, playbook=["保本保息"], line="none_such"), keeping)
    path = tmp_path / "six.yaml"
    path.write_text(as_yaml(draft), encoding="utf-8")
    head_office = replace(keeping, identity=Identity(role="head_office_manager"))
    with pytest.raises(UserError) as refused:
        published(path, bank, head_office, "zh")
    assert refused.value.code == "strategy_faulty"
    assert "保本" in str(refused.value.params["faults"])
    assert list((bank / "strategies").glob("spring*")) == []


def test_a_fixed_list_is_no_rule(keeping: Assistant, own_store: Store) -> None:
    saved(keeping, "AUM大于6万的客户,保存为固定名单「今天的」")
    library = own_store.library(keeping.identity.user)
    with pytest.raises(UserError) as refused:
        promoted(segment_named(library, "今天的"), library, TOLD, keeping)
    assert refused.value.code == "strategy_frozen"


def test_what_no_template_may_be_is_told(keeping: Assistant, own_store: Store) -> None:
    saved(keeping, "AUM大于6万的客户,保存为「六万」")
    library = own_store.library(keeping.identity.user)
    with pytest.raises(UserError) as refused:
        promoted(segment_named(library, "六万"), library, replace(TOLD, owner="NOBODY"), keeping)
    assert (refused.value.code, refused.value.params["where"]) == ("strategy_unfit", "owner")
