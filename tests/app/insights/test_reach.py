"""A template applied, as a reader of JSON and of the page sees it: whom it reaches is what the bank's own tables say."""

from __future__ import annotations

import pytest

from assistant.app.insights.reach import card
from assistant.app.offers import offered
from assistant.app.view import as_json, as_text, grids
from assistant.catalog.model import LANGUAGES, Language
from assistant.insight.reach import Reach
from assistant.insight.requested import those
from assistant.pipeline import Assistant

TEXT = "套用代发薪未绑快捷"
SELECTED = """SELECT count(*) FROM tags t WHERE t.snapshot_date = DATE '2026-09-24' AND t.cust_status IN ('active', 'controlled')
    AND t.cust_scope IN ('full', 'online_ii') AND t.payroll_flag AND t.quickpay_bind_cnt = 0 AND t.app_reg_flag"""
REACHABLE = f"""{SELECTED} AND NOT t.is_staff AND t.acct_control NOT IN ('suspended', 'frozen') AND NOT coalesce(t.age < 18, false) AND t.holdout_group = 'none'
    AND NOT t.do_not_market AND NOT t.complaint_open AND t.touch_cnt_14d < 2 AND t.last_touch_result IS DISTINCT FROM 'refused' AND t.campaign_lock IS NULL
    AND (t.consent_push OR (t.consent_sms AND t.mobile_valid))"""


def test_the_wire_agrees_with_the_tables(assistant: Assistant) -> None:
    answer, _ = assistant.ask(TEXT)
    wire = as_json(answer)
    found = wire["strategy"]
    assert isinstance(found, dict)
    count = assistant.engine.handwritten_count  # type: ignore[attr-defined]
    assert wire["count"] == count(SELECTED) > 0
    assert found["reachable"] == count(REACHABLE) > 0
    assert found["reachable"] + sum(one["count"] for one in found["left_out"]) == wire["count"]
    assert (found["code"], found["owner"], found["purpose"]) == ("payroll_quickpay", "PAY", "marketing")
    assert [one["code"] for one in found["channels"]] == ["push", "sms"]


def test_a_number_said_is_told_beside_its_range_and_reason(assistant: Assistant) -> None:
    answer, _ = assistant.ask("套用代发留存提升,月薪6千")
    wire = as_json(answer)["strategy"]
    assert isinstance(wire, dict)
    said = {one["parameter"]: (one["value"], one["default"]) for one in wire["parameters"]}
    assert said == {"kept": ("20", "20"), "salary": ("6000", "5000")}
    (reach,) = those(answer.insights, Reach)
    rows = dict.fromkeys(row[1] for row in card(reach, answer, "zh").rows)
    assert any("6,000元" in row and "2,000元" in row and "5万元" in row for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_template_and_reach(assistant: Assistant, language: Language) -> None:
    answer, _ = assistant.ask(TEXT)
    strategy = assistant.catalog.strategies["payroll_quickpay"]
    told = as_text(answer, language)
    assert strategy.goal.get(language) in told
    assert all(line.get(language) in told for line in strategy.playbook)
    assert len(grids(answer, language)) >= 2
    assert strategy.name.get(language) in answer.narrative[language].text


def test_the_reachable_are_one_click_away(assistant: Assistant) -> None:
    answer, conversation = assistant.ask(TEXT)
    wire = as_json(answer)["strategy"]
    assert isinstance(wire, dict)
    offer = next(one for one in offered(answer) if one.name == "reachable")
    after, _ = assistant.ask("只看可触达的客户", conversation, edit=offer.edit)
    assert as_json(after)["count"] == wire["reachable"]


def test_a_goal_is_answered_by_priced_templates_of_which_one_is_taken(assistant: Assistant) -> None:
    answer, conversation = assistant.ask("提升快捷支付绑定")
    (question,) = answer.questions
    assert answer.outcome == "choice"
    assert all(option.count.value is not None for option in question.options)
    taken, _ = assistant.ask("第一个", conversation)
    assert taken.outcome == "answered"
    assert those(taken.insights, Reach)


def test_the_coverage_shows_its_gaps(assistant: Assistant) -> None:
    answer, _ = assistant.ask("策略覆盖矩阵")
    wire = as_json(answer)["strategies"]
    assert isinstance(wire, dict)
    framework = assistant.catalog.framework
    assert len(wire["cells"]) == len(framework.lines) * len(framework.stages)
    for language in LANGUAGES:
        told = as_text(answer, language)
        assert framework.label("referral").get(language) in told
    assert as_json(answer)["count"] is None
