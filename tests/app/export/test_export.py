"""Lists taken out: the count customer by customer, less whom the purpose leaves out, whole or masked by role, and never before the audit has them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from assistant.app.build import identity, within
from assistant.app.export.export import Exported, export, exported_lines
from assistant.app.export.formats import format_of
from assistant.app.segments import Asked, asked_of, saved_named
from assistant.errors import Fault, UserError
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant, HandOver, Record
from assistant.policy import Purpose, Role
from assistant.rule.tree import AllOf, SegmentRule, TagCondition
from assistant.store.event import AuditEvent
from assistant.store.open import Store, open_store

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
RICH = SegmentRule(node=TagCondition(tag="dep_demand_bal", operator=">", value=5000))
WORDS = "活期存款大于5000的客户"


@pytest.fixture
def kept() -> Iterator[Store]:
    made = open_store()
    yield made
    made.close()


@pytest.fixture
def bank(assistant: Assistant, kept: Store) -> Assistant:
    return replace(assistant, kept=kept)


def seen_by(bank: Assistant, role: Role, *branches: str) -> Assistant:
    who = identity(role, branches, bank.catalog)
    return replace(bank, identity=who, catalog=within(bank.catalog, who.branches))


def make(bank: Assistant, path: Path, purpose: Purpose = "analysis", channels: Sequence[str] = (), rule: SegmentRule = RICH) -> Exported:
    return export(bank, Asked(rule, WORDS), purpose, path, AT, channels)


def members(bank: Assistant, rule: SegmentRule = RICH) -> tuple[int, ...]:
    day = bank.engine.as_of
    return bank.members(bank._run(day, day.replace(day=day.day + 1)).passed(rule, day))


def test_the_list_is_the_count(bank: Assistant, tmp_path: Path) -> None:
    done = make(bank, tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["one_id"]
    assert tuple(int(one) for (one,) in rows[1:]) == members(bank)
    assert len(rows) - 1 == done.found.reach.reachable == done.found.reach.selected > 50


def test_all_formats_hold_the_same(bank: Assistant, tmp_path: Path) -> None:
    wanted = members(bank)
    make(bank, tmp_path / "it's a list.parquet")
    make(bank, tmp_path / "b.XLSX")
    found = duckdb.read_parquet(str(tmp_path / "it's a list.parquet"))
    assert found.columns == ["one_id"]
    assert tuple(one for (one,) in found.fetchall()) == wanted
    sheet = load_workbook(tmp_path / "b.XLSX").active
    assert sheet is not None
    cells = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in cells] == ["one_id", *(str(one) for one in wanted)]
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("name", ["list", "list.txt", "list.csv.gz", ".csv", "list.duckdb"])
def test_another_ending_is_refused_before_anything_is_done(bank: Assistant, kept: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="report_ending"):
        make(bank, tmp_path / name)
    assert not list(tmp_path.iterdir())
    assert not kept.audit.last(5)


def test_a_purpose_leaves_out_whom_it_must(bank: Assistant, tmp_path: Path) -> None:
    everyone = SegmentRule(node=AllOf())
    analysed, served, sold, rung = (
        make(bank, tmp_path / f"{number}.csv", purpose, channels, everyone)
        for number, (purpose, channels) in enumerate((("analysis", ()), ("service", ()), ("marketing", ()), ("marketing", ("call",))))
    )
    assert [one.code for one in analysed.found.reach.reasons] == []
    assert [one.code for one in served.found.reach.reasons] == ["staff", "controlled"]
    assert [one.code for one in sold.found.reach.reasons] == [
        "staff", "controlled", "minor", "holdout", "do_not_market", "declined", "complaint", "fatigue", "locked", "no_channel",
    ]  # fmt: skip
    held = {one.written.path.name: set(one.found.ids) for one in (analysed, served, sold, rung)}
    assert held["3.csv"] < held["2.csv"] < held["1.csv"] < held["0.csv"]
    for done in (analysed, served, sold, rung):
        reach = done.found.reach
        assert len(done.found.ids) == reach.reachable == reach.selected - sum(reach.lost(place) for place in range(len(reach.reasons)))
    refusing = SegmentRule(node=TagCondition(tag="do_not_market", operator="=", value=True))
    assert held["1.csv"] & {str(one) for one in members(bank, refusing)}
    assert not held["2.csv"] & {str(one) for one in members(bank, refusing)}


def test_the_manifest_says_whose_list_it_is(bank: Assistant, tmp_path: Path) -> None:
    done = make(seen_by(bank, "branch_manager", "3100"), tmp_path / "c.csv", "marketing", ("sms", "call"))
    told = json.loads((tmp_path / "c.csv.manifest.json").read_text(encoding="utf-8"))
    assert told == done.manifest
    content = (tmp_path / "c.csv").read_bytes()
    assert (told["sha256"], told["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert told["rows"] == content.count(b"\n") - 1 == told["selected"] - sum(one["left_out"] for one in told["exclusions"])
    assert (told["purpose"], told["channels"], told["as_of"]) == ("marketing", ["sms", "call"], bank.engine.as_of.isoformat())
    assert told["by"] == {"user": "demo", "role": "branch_manager", "branches": ["3100"]}
    assert (told["asked"], told["approver"], told["exported_at"]) == (WORDS, None, AT.isoformat())
    assert "5,000" in told["readback"]["en"]
    assert json.loads(told["rule"])["tag"] == "dep_demand_bal"


def test_ids_are_whole_or_masked_by_role(bank: Assistant, tmp_path: Path) -> None:
    whole, hidden = make(bank, tmp_path / "w.csv"), make(seen_by(bank, "branch_manager", "3100"), tmp_path / "m.csv")
    assert (whole.manifest["ids"], hidden.manifest["ids"]) == ("whole", "masked")
    assert hidden.found.ids == tuple(sorted(hidden.found.ids))
    text = (tmp_path / "m.csv").read_text(encoding="utf-8")
    assert not any(str(one) in text for one in members(bank))
    assert any("脱敏" in line for line in exported_lines(hidden, "zh"))
    assert not any("masked" in line for line in exported_lines(whole, "en"))


@pytest.mark.parametrize("role", ["head_office_manager", "analyst", "catalog_owner", "administrator"])
def test_who_may_not_gets_nothing_and_it_is_kept(bank: Assistant, kept: Store, tmp_path: Path, role: Role) -> None:
    with pytest.raises(UserError, match="forbidden_operation"):
        make(seen_by(bank, role), tmp_path / "d.csv")
    assert not list(tmp_path.iterdir())
    (row,) = kept.audit.last(5)
    assert (row["kind"], row["outcome"], row["error"], row["exported"]) == ("export", "forbidden", "forbidden_operation", "")


def test_a_manager_without_a_unit_and_a_token_for_less_get_nothing(bank: Assistant, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="forbidden_no_unit"):
        make(seen_by(bank, "branch_manager"), tmp_path / "e.csv")
    narrowed = replace(bank, identity=replace(bank.identity, scopes=("ask", "export")))
    with pytest.raises(UserError, match="forbidden_token"):
        make(narrowed, tmp_path / "e.csv")
    assert not list(tmp_path.iterdir())


def test_an_unknown_channel_is_told_with_those_there_are(bank: Assistant, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="channel_unknown") as told:
        make(bank, tmp_path / "f.csv", "marketing", ("fax",))
    assert "sms" in str(told.value.params["channels"])


def test_the_audit_has_it_before_it_is_seen(bank: Assistant, kept: Store, tmp_path: Path) -> None:
    done = make(bank, tmp_path / "g.csv", "service")
    (row,) = kept.audit.last(5)
    assert (row["kind"], row["outcome"], row["purpose"], row["text"]) == ("export", "answered", "service", WORDS)
    assert row["exported"] == f"csv {len(done.found.ids)} sha256:{done.written.sha256} g.csv"
    assert row["rule"]
    assert row["queries"] != "[]"


class _Refusing:
    """A keeper that keeps nothing."""

    def __init__(self, kept: Store) -> None:
        self.library, self.members, self.last_members = kept.library, kept.members, kept.last_members
        self.verified = kept.verified

    def record(self, event: AuditEvent, change: object = None, understood: object = None) -> None:
        raise Fault("store_failed")


def test_what_cannot_be_kept_is_not_handed_over(bank: Assistant, kept: Store, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="store_failed"):
        make(replace(bank, kept=_Refusing(kept)), tmp_path / "h.csv")
    assert not list(tmp_path.iterdir())


def test_a_delivery_that_records_nothing_is_a_fault(bank: Assistant) -> None:
    def silent(found: HandOver, record: Record) -> int:
        return len(found.ids)

    with pytest.raises(Fault, match="hand_over_unrecorded"):
        bank.hand_over(RICH, "analysis", silent)


def test_a_saved_segment_by_name_living_and_frozen(bank: Assistant, kept: Store, tmp_path: Path) -> None:
    women = SegmentRule(node=TagCondition(tag="gender", operator="in", value=("F",)))
    cases = ((WORDS, RICH, "富客", "保存为富客", "living"), ("女性客户", women, "女客", "存为固定名单「女客」", "frozen"))
    for request, rule, name, words, policy in cases:
        _, conversation = bank.ask(request, Conversation())
        answer, _ = bank.ask(words, conversation)
        assert answer.kept is not None, (words, answer.outcome, answer.issues)
        library = kept.library("demo")
        segment = saved_named(library, name)
        assert segment is not None
        asked = asked_of(segment)
        done = export(bank, asked, "service", tmp_path / f"{name}.csv", AT)
        assert kept.audit.last(1)[0]["segment"] == done.manifest["segment"] == f"{segment.id}@1"
        assert segment.policy == policy
        assert done.found.reach.selected == len(members(bank, rule))
    assert saved_named(kept.library("demo"), "没有的") is None


def test_what_is_said_of_it_in_both_languages(bank: Assistant, tmp_path: Path) -> None:
    sold = make(bank, tmp_path / "i.csv", "marketing", (), SegmentRule(node=AllOf()))
    chinese, english = exported_lines(sold, "zh"), exported_lines(sold, "en")
    assert "可触达" in chinese[0]
    assert "may be contacted" in english[0]
    assert len(chinese) == len(english) > 4
    assert not any("{" in line for line in (*chinese, *english))


def test_a_rule_that_gate_1_refuses_is_not_handed_over(bank: Assistant, tmp_path: Path) -> None:
    for tag, value, code in (("no_such", ("Q",), "unknown_tag"), ("gender", ("Q",), "unknown_value")):
        with pytest.raises(UserError) as told:
            make(bank, tmp_path / "j.csv", "marketing", (), SegmentRule(node=TagCondition(tag=tag, operator="in", value=value)))
        assert told.value.code == code
    assert not list(tmp_path.iterdir())


def test_formats_by_ending() -> None:
    assert [format_of(Path(one)) for one in ("a.csv", "a.CSV", "a.b.xlsx", "a.parquet")] == ["csv", "csv", "xlsx", "parquet"]
