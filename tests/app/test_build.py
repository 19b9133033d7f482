"""The wiring: settings in, an Assistant out; roles decide what may be seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.bank import ensure_demo
from assistant.app.build import build_assistant, identity, open_chat, within
from assistant.app.view import asked_issues, assumptions, reply
from assistant.catalog.load import TagCatalog
from assistant.errors import UserError
from assistant.llm.chat import Prompt, Reply
from assistant.narrate.readback import read_back
from assistant.rule.tree import AllOf
from assistant.settings import Settings
from tests.llm.endpoint import REPLY, endpoint, says


def test_an_assistant_over_the_settings(settings: Settings) -> None:
    made = build_assistant(settings)
    assert made.engine.as_of == made.snapshots[-1]
    made.engine.close()


def test_a_missing_or_foreign_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="demo_missing"):
        build_assistant(Settings(database=tmp_path / "none.duckdb"))
    foreign = tmp_path / "foreign.duckdb"
    foreign.write_text("not a database", encoding="utf-8")
    with pytest.raises(UserError, match="database_foreign"):
        build_assistant(Settings(database=foreign))


def test_branches_by_code_and_by_name() -> None:
    catalog = TagCatalog.load()
    assert identity("branch_manager", ("3100",), catalog).branches == ("3100",)
    assert identity("branch_manager", ("上海分行",), catalog).branches == ("3100",)
    for wrong in ("nowhere", "人民路支行"):
        with pytest.raises(UserError, match="branch_unknown"):
            identity("branch_manager", (wrong,), catalog)


def test_an_existing_bank_is_left_alone(bank_file: Path) -> None:
    before = bank_file.stat().st_mtime_ns
    assert not ensure_demo(bank_file, lambda step, share: None)
    assert bank_file.stat().st_mtime_ns == before


def test_without_an_address_or_a_use_there_is_no_model(bank_file: Path) -> None:
    assert open_chat(Settings(database=bank_file, model_base_url=None)) is None
    assert open_chat(Settings(database=bank_file, model_base_url="http://h/v1", model_name="m", model_use="off")) is None
    with pytest.raises(UserError, match="model_name"):
        open_chat(Settings(database=bank_file, model_base_url="http://h/v1", model_name=""))


def test_the_model_of_the_settings_is_asked_on_record(bank_file: Path, tmp_path: Path) -> None:
    with endpoint(says(REPLY)) as at:
        chat = open_chat(
            Settings(
                database=bank_file,
                model_base_url=at.url,
                model_name="qwen",
                model_mode="plain",
                model_output_tokens=333,
                egress_log=tmp_path / "egress.jsonl",
            )
        )
        assert chat is not None
        assert isinstance(chat.complete(Prompt("s", "u"), 20), Reply)
    assert at.seen[0].body["model"] == "qwen"
    assert at.seen[0].body["max_tokens"] == 333
    (line,) = (tmp_path / "egress.jsonl").read_text(encoding="utf-8").splitlines()
    assert f'"host": "127.0.0.1:{at.port}"' in line


def test_without_a_model_its_libraries_are_not_imported(bank_file: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.app.build import build_assistant; from assistant.settings import Settings; "
        "made = build_assistant(Settings(database=Path(sys.argv[1]), model_base_url=None)); made.ask('资产50万以上的客户'); "
        "print([name for name in ('langchain_core', 'langchain_openai', 'openai', 'httpx2', 'langsmith') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script, str(bank_file)], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_who_is_bound_to_a_branch_is_told_of_its_customers(settings: Settings) -> None:
    made = build_assistant(settings, "branch_manager", ["上海分行"])
    everyone, _ = made.ask("AUM前10%的客户和全行比有什么特点")
    assert everyone.outcome == "answered"
    assert reply(everyone, "zh").count("上海分行") >= 2
    assert "of Shanghai Branch" in reply(everyone, "en")
    assert any("上海分行" in line for line in assumptions(everyone, "zh"))
    assert "上海分行" in read_back(AllOf(), made.catalog, "zh")
    (refused,) = asked_issues(made.ask("北京分行的客户")[0], "zh")
    assert "只能查看上海分行的客户" in refused
    assert "北京分行" in refused
    assert made.catalog == TagCatalog.load()
    made.engine.close()
    assert within(made.catalog, ()) is made.catalog
