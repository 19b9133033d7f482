"""A fixed sample of the round trip: every sentence reads back, and every kind of rule is among them."""

from collections.abc import Mapping

import pytest

from assistant.catalog.load import TagCatalog
from assistant.evaluate.roundtrip import REQUIRED, RoundTripReport, demo_bank, failure, run_roundtrip
from assistant.narrate.readback import read_back
from assistant.rule.short import node_from_short

RULES = 200
BANK = demo_bank(TagCatalog.load())


@pytest.fixture(scope="module")
def report() -> RoundTripReport:
    return run_roundtrip(RULES, seed=7)


def test_every_sentence_reads_back_as_its_rule(report: RoundTripReport) -> None:
    assert report.failures == ()
    assert report.rules == RULES
    assert report.sentences > 2 * RULES


def test_every_kind_has_its_share(report: RoundTripReport) -> None:
    assert {kind for kind in REQUIRED if report.share(kind) < 0.01} == set()
    assert report.figures()["rarest_share"] == round(min(report.share(kind) for kind in REQUIRED), 4)


def test_the_same_rules_however_they_are_parted(report: RoundTripReport) -> None:
    assert run_roundtrip(30, seed=7).histogram["depth 4"] == 6


@pytest.mark.parametrize(
    "rule",
    [{"tag": "aum_bal", "operator": ">=", "value": 50000}, {"tag": "aum_bal", "operator": ">", "value": 50001}, {"tag": "wealth_bal", "operator": ">", "value": 50000}],
)  # fmt: skip
def test_another_rule_is_a_failure(rule: Mapping[str, object]) -> None:
    sentence = read_back(node_from_short({"tag": "aum_bal", "operator": ">", "value": 50000}), BANK.catalog, "zh")
    found = failure(node_from_short(rule), sentence, "zh", BANK)
    assert found is not None
    assert found.found != found.wanted


def test_a_question_is_a_failure_too() -> None:
    node = node_from_short({"tag": "aum_bal", "operator": ">", "value": 50000})
    found = failure(node, "AUM时点余额大于5万元，且性格开朗的客户", "zh", BANK)
    assert found is not None
    assert "unread" in found.asked
