"""Call lists over the demo bank, held against SQL written by hand: who is on it, whom the purpose leaves out, and that whoever declines is gone from everything that sells."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.app.build import identity, within
from assistant.app.calling import calls_json, grid, made_lines, script_lines
from assistant.app.export.export import export
from assistant.app.segments import Asked
from assistant.app.view import as_text
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.insight.reach import Reach
from assistant.insight.requested import those
from assistant.pipeline import AskedCalls, Assistant, Calls
from assistant.policy import Purpose, Role, masked
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from assistant.store.open import Store, open_store
from tests.app.export.test_export import AT

RULE = SegmentRule(
    node=node_from_short({"all": [{"tag": "dep_demand_bal", "operator": ">", "value": 2000}, {"tag": "app_reg_flag", "value": True}]})
)
MATCHING = "dep_demand_bal > 2000 AND coalesce(app_reg_flag, false)"
BASE = "snapshot_date = DATE '2026-09-24' AND cust_status IN ('active', 'controlled') AND cust_scope IN ('full', 'online_ii')"
ALWAYS = {"staff": "coalesce(is_staff, false)", "controlled": "coalesce(acct_control, '') IN ('suspended', 'frozen')"}
SELLING = {
    **ALWAYS,
    "minor": "coalesce(age < 18, false)",
    "holdout": "holdout_group <> 'none'",
    "do_not_market": "coalesce(do_not_market, false)",
    "declined": "one_id IN (SELECT unnest(?))",
    "complaint": "coalesce(complaint_open, false)",
    "fatigue": "coalesce(touch_cnt_14d, 0) >= 2 OR coalesce(last_touch_result, '') = 'refused'",
    "locked": "campaign_lock IS NOT NULL",
    "no_channel": "NOT coalesce(consent_call, false) OR NOT coalesce(mobile_valid, false)",
}


@pytest.fixture(scope="module")
def copied(bank_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bank once more: a file that an engine holds open is opened by nobody else."""
    return Path(shutil.copy(bank_file, tmp_path_factory.mktemp("copied") / "bank.duckdb"))


@pytest.fixture
def kept() -> Iterator[Store]:
    made = open_store()
    yield made
    made.close()


@pytest.fixture
def bank(assistant: Assistant, kept: Store) -> Assistant:
    return replace(assistant, kept=kept)


def seen_by(bank: Assistant, role: Role, *branches: str, user: str = "demo") -> Assistant:
    who = replace(identity(role, branches, bank.catalog), user=user)
    return replace(bank, identity=who, catalog=within(bank.catalog, who.branches))


def by_hand(copied: Path, why: dict[str, str], declined: tuple[int, ...] = (), more: str = "true") -> tuple[list[int], dict[str, int]]:
    """The customers left, by balance, and how many each reason leaves out first."""
    cases = " ".join(f"WHEN {condition} THEN '{code}'" for code, condition in why.items())
    asked = f"SELECT one_id, CASE {cases} ELSE '' END FROM tags WHERE {BASE} AND {MATCHING} AND {more} ORDER BY dep_demand_bal DESC, one_id"
    with duckdb.connect(str(copied), read_only=True) as opened:
        rows = opened.execute(asked, [list(declined)] if "?" in asked else []).fetchall()
    lost = {code: sum(reason == code for _, reason in rows) for code in why}
    return [int(one) for one, reason in rows if not reason], lost


def lost(found: Calls) -> dict[str, int]:
    assert found.reach is not None
    return {one.code: found.reach.lost(place) for place, one in enumerate(found.reach.reasons)}


def make(bank: Assistant, purpose: Purpose = "marketing", most: int = 5) -> Calls:
    return bank.make_calls(RULE, purpose, AskedCalls("活期大于2000且签约手机银行的客户", most=most))


def customers(found: Calls) -> list[int]:
    return [one.customer for one in found.items]


def test_who_is_on_it_is_what_sql_by_hand_says(bank: Assistant, copied: Path) -> None:
    for purpose, why in (("marketing", SELLING), ("service", ALWAYS)):
        left, reasons = by_hand(copied, why)
        found = make(bank, "marketing" if purpose == "marketing" else "service")
        assert customers(found) == left[:5]
        assert lost(found) == reasons
        assert (found.made.last.reachable, found.made.last.selected) == (len(left), len(left) + sum(reasons.values()))
        assert len(left) > 40
    assert reasons.keys() == ALWAYS.keys()


def test_whoever_declines_is_gone_at_once_from_everything_that_sells(bank: Assistant, copied: Path, tmp_path: Path) -> None:
    first = make(bank)
    gone = first.items[1].customer
    applied = "套用闲置活期升值"
    before = those(bank.ask(applied)[0].insights, Reach)[0]
    bank.write_call_result(first.made.id, 2, "declined")
    again = bank.make_calls_again(first.made.id)
    left, reasons = by_hand(copied, SELLING, (gone,))
    assert reasons["declined"] == 1
    assert lost(again) == reasons
    assert gone not in left
    assert customers(again) == [one for one in left if one not in customers(first)][: len(again.items)]
    other = make(bank, most=1000)
    assert customers(other) == left
    done = export(bank, Asked(RULE, "x"), "marketing", tmp_path / "a.csv", AT, ("call",))
    assert sorted(int(one) for one in done.found.ids) == sorted(left)
    assert gone in customers(make(bank, "service", 1000)), "a service notice is no marketing"
    after = those(bank.ask(applied)[0].insights, Reach)[0]
    assert [one.code for one in after.reasons].count("declined") == 1
    assert after.selected == before.selected
    place = [one.code for one in after.reasons].index("declined")
    assert after.lost(place) <= 1
    assert after.reachable + sum(after.lost(one) for one in range(len(after.reasons))) == after.selected


def test_the_next_run_has_only_the_new_ones(bank: Assistant) -> None:
    first = make(bank)
    second = bank.make_calls_again(first.made.name, 7)
    assert not set(customers(first)) & set(customers(second))
    assert [one.number for one in second.items] == list(range(6, 13))
    run = second.made.last
    assert (run.number, run.before, run.taken, run.left) == (2, 5, 7, run.reachable - 12)
    everybody = bank.make_calls_again(first.made.id, 1000)
    assert everybody.made.last.left == 0
    assert bank.make_calls_again(first.made.id).items == ()
    for language in LANGUAGES:
        assert ("只取新增" if language == "zh" else "only the new ones") in made_lines(second, bank.catalog, language)[0]


def test_a_frontline_manager_sees_her_own_subtree_alone(bank: Assistant, copied: Path) -> None:
    li = seen_by(bank, "branch_manager", "上海分行", user="li")
    found = make(li, most=1000)
    left, reasons = by_hand(copied, SELLING, more="home_org LIKE '31%'")
    assert customers(found) == left
    assert lost(found) == reasons
    moved = seen_by(bank, "branch_manager", "北京分行", user="li")
    shown = moved.show_calls(found.made.id)
    assert (shown.items, shown.hidden) == ((), len(left))
    with pytest.raises(UserError, match="call_item_elsewhere"):
        moved.write_call_result(found.made.id, 1, "declined")
    assert customers(li.show_calls(found.made.id)) == left
    with pytest.raises(UserError, match="calls_not_found"):
        seen_by(bank, "branch_manager", "上海分行", user="wang").show_calls(found.made.id)


@pytest.mark.parametrize("role", ["head_office_manager", "analyst", "catalog_owner", "administrator"])
def test_who_may_not_make_lists_is_refused_and_audited(bank: Assistant, kept: Store, role: Role) -> None:
    with pytest.raises(UserError, match="forbidden_operation"):
        make(seen_by(bank, role))
    with pytest.raises(UserError, match="forbidden_operation"):
        seen_by(bank, role).write_call_result("x", 1, "declined")
    assert kept.audit.last(1)[0]["outcome"] == "forbidden"


def test_a_list_contacts_somebody_for_something(bank: Assistant) -> None:
    with pytest.raises(UserError, match="calls_purpose"):
        make(bank, "analysis")
    assert bank.calls_purpose(RULE) is None
    strategies = bank.catalog.strategies
    for code in ("deposit_maturity", "mortgage_rate_notice"):
        assert bank.calls_purpose(SegmentRule(node=strategies[code].node())) == strategies[code].purpose


def test_a_template_brings_its_exclusions_its_order_and_its_script(bank: Assistant) -> None:
    strategy = bank.catalog.strategies["risk_retest"]
    found = bank.make_calls(SegmentRule(node=strategy.node()), strategy.purpose, AskedCalls("风评到期重测"))
    assert found.made.strategy == "risk_retest"
    assert found.made.ranked_by == "risk_expire"
    assert found.reach is not None
    assert set(strategy.exclusions) <= {one.code for one in found.reach.reasons}
    days = [reason.value for one in found.items for reason in one.reasons if reason.tag == "risk_expire"]
    assert days == sorted(days)
    for language in LANGUAGES:
        lines = script_lines(found.made, found, bank.catalog, language)
        assert all(f"· {one.get(language)}" in lines for one in (*strategy.playbook, *bank.catalog.framework.calls.guard))


def test_what_is_shown_names_nobody_and_says_only_what_may_be_said(bank: Assistant) -> None:
    rule = SegmentRule(
        node=node_from_short({"all": [{"tag": "churn_score", "operator": ">", "value": 10}, {"tag": "cc_flag", "value": True}]})
    )
    found = bank.make_calls(rule, "marketing", AskedCalls("流失预警分大于10且有信用卡"))
    assert found.items
    for language in LANGUAGES:
        shown = grid(found, bank.catalog, language)
        ids = {str(one.customer) for one in found.items}
        assert not any(one in cell for row in shown.rows for cell in row for one in ids)
        assert {row[1] for row in shown.rows} == {masked(one.customer) for one in found.items}
        wanted = "您持有我行信用卡" if language == "zh" else "you hold a credit card of ours"
        assert {row[2] for row in shown.rows} == {wanted}
    told = json.dumps(calls_json(found, bank.catalog), ensure_ascii=False)
    assert not any(str(one.customer) in told for one in found.items)
    plain = make(bank)
    assert {row[2] for row in grid(plain, bank.catalog, "zh").rows} == {"您已签约我行手机银行"}
    nothing = bank.make_calls(
        SegmentRule(node=node_from_short({"tag": "age", "operator": ">", "value": 40})), "service", AskedCalls("40岁以上")
    )
    assert {row[2] for row in grid(nothing, bank.catalog, "en").rows} == {bank.catalog.framework.calls.openings["service"].en}


def test_an_item_declined_elsewhere_is_marked(bank: Assistant) -> None:
    one, other = make(bank), make(bank)
    bank.write_call_result(one.made.id, 3, "declined")
    shown = bank.show_calls(other.made.id)
    assert shown.withdrawn == {3}
    assert grid(shown, bank.catalog, "zh").rows[2][-1] == "已在别处谢绝，不再联系"
    items = calls_json(shown, bank.catalog)["items"]
    assert isinstance(items, list)
    assert isinstance(items[2], dict)
    assert items[2]["result"] == "withdrawn"
    assert bank.show_calls(one.made.id).withdrawn == frozenset()


def test_everything_done_is_in_the_audit(bank: Assistant, kept: Store) -> None:
    found = make(bank)
    bank.show_calls(found.made.id, 1)
    bank.write_call_result(found.made.id, 1, "not_reached")
    rows = kept.audit.last(3)
    assert [(row["kind"], row["exported"]) for row in rows] == [("call_result", ""), ("calls", "calls 5"), ("calls", "calls 5")]
    assert rows[0]["segment"] == f"calls:{found.made.id}#1"
    assert {row["purpose"] for row in rows} == {"marketing"}
    assert kept.audit.verify().intact
    assert found.made.last.as_of == date(2026, 9, 24)


@pytest.mark.parametrize(
    ("said", "asked", "answer", "purpose"),
    [
        ("有信用卡的客户", "给这批客户建外呼名单", "服务通知", "service"),
        ("customers with a credit card", "make a call list of these", "the first one", "marketing"),
    ],
)
def test_in_words_the_purpose_is_asked_and_the_list_is_kept(
    bank: Assistant, kept: Store, said: str, asked: str, answer: str, purpose: str
) -> None:
    _, conversation = bank.ask(said)
    question, conversation = bank.ask(asked, conversation)
    assert (question.outcome, [one.question.code for one in question.questions]) == ("choice", ["calls_purpose_asked"])
    assert kept.call_lists("demo") == ()
    made, conversation = bank.ask(answer, conversation)
    assert made.outcome == "answered"
    (found,) = kept.call_lists("demo")
    assert (found.name, found.purpose) == (said, purpose)
    assert made.calls is not None
    assert made.calls.items == kept.call_items(found.id)
    assert (kept.audit.last(1)[0]["kind"], kept.audit.last(1)[0]["purpose"]) == ("calls", purpose)
    for language in LANGUAGES:
        assert made_lines(made.calls, bank.catalog, language)[0] in as_text(made, language)


def test_in_words_a_template_needs_no_question_and_nobody_makes_one_of_everybody(bank: Assistant, kept: Store) -> None:
    made, _ = bank.ask("套用定期与存单到期转化,建外呼名单")
    assert made.outcome == "answered"
    assert [one.strategy for one in kept.call_lists("demo")] == ["deposit_maturity"]
    nothing, _ = bank.ask("建外呼名单")
    assert [one.code for one in nothing.issues] == ["nothing_to_call"]
    behind, _ = bank.ask("make a marketing call list of customers with a credit card")
    assert behind.outcome == "answered"
    assert len(kept.call_lists("demo")) == 2
    _, conversation = bank.ask("有信用卡的客户")
    more, _ = bank.ask("建营销外呼名单 2万以上", conversation)
    assert "unread" in [one.code for one in more.issues]
    refused, _ = seen_by(bank, "analyst").ask("有信用卡的客户,建营销外呼名单")
    assert (refused.outcome, [one.code for one in refused.issues]) == ("forbidden", ["forbidden_operation"])
    assert len(kept.call_lists("demo")) == 2
