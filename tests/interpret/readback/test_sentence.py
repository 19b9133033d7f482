"""The sentence a rule is confirmed in reads back as that rule, and only such a sentence does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.demo.build import DEFAULT_AS_OF
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.interpret.readback.sentence import read_sentence
from assistant.language.text import normalise
from assistant.narrate.readback import Dates, read_back
from assistant.rule.canonical import canonical, text
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, SegmentRule

CATALOG = TagCatalog.load()
TODAY = DEFAULT_AS_OF + timedelta(days=1)
CONTEXT = Context(catalog=CATALOG, as_of=DEFAULT_AS_OF, today=TODAY)

IN_BASE: Mapping[str, object] = {
    "all": [
        {"tag": "cust_status", "operator": "in", "value": ["active", "controlled"], "snapshot": "month -9"},
        {"tag": "cust_scope", "operator": "in", "value": ["full", "online_ii"], "snapshot": "month -9"},
    ]
}
"""To have been in the base population nine month ends ago."""

RULES: list[Mapping[str, object]] = [
    {"all": []},
    {"tag": "aum_bal", "operator": ">", "value": 123456.78},
    {"tag": "aum_bal", "range": "[10000, 50000)"},
    {"tag": "mort_flag", "value": False},
    {"tag": "home_org", "operator": "not_in", "value": ["east_china"]},
    {"tag": "cust_tier", "operator": ">=", "value": "T3", "snapshot": "quarter -2"},
    {"tag": "birth_mmdd", "within": "yearly 12-20..01-10"},
    {"tag": "wealth_next_mature", "within": "rest_of month"},
    {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "relative_change", "operator": "<=", "value": -0.3},
    {"left": "dep_demand_bal", "right": "dep_time_bal", "measure": "ratio", "operator": "<", "value": 0.5},
    {"left": "cust_tier", "right": "cust_tier", "right_snapshot": "year -1", "operator": ">=", "value": 1},
    {
        "records": "wealth_buy", "where": {"amt": {"operator": ">", "value": 50000}, "is_first": True}, "window": "calendar month -3..-1",
        "aggregate": "avg", "of": "amt", "operator": ">=", "value": 100000,
    },
    {"records": "transfer_out", "aggregate": "days", "window": "ago 30..60 day", "day_kind": "weekend", "operator": "<>", "value": 1},
    {"records": "app_login", "aggregate": "last", "within": "rolling 7 day"},
    {"first": {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"}, "then": {"records": "wealth_buy"}, "within_days": 7},
    {"first": {"records": "app_login"}, "then": {"records": "complaint", "day_kind": "workday"}, "within_days": 1, "negated": True},
    {"concept": "wealth_potential", "parameters": {"logins": 5, "amount": 100000}},
    {"concept": "wealth_new", "negated": True},
    {"concept": "upgraded", "negated": True},
    {"all": [{"tag": "mort_flag", "value": True}, IN_BASE]},
    {"all": [{"tag": "mort_flag", "value": True}, {"not": {"all": [IN_BASE, {"tag": "mort_flag", "value": True, "snapshot": "month -9"}]}}]},
    {"any": [{"tag": "mort_flag", "value": True}, {"not": IN_BASE}]},
    {"rank": "aum_bal", "percent": 10, "within": {"any": [{"concept": "hnw"}, {"not": {"tag": "mort_flag", "value": True}}]}},
    {"all": [{"any": [{"tag": "mort_flag", "value": True}, {"all": [{"tag": "gender", "value": "F"}, {"any": [{"concept": "hnw"}, {"tag": "age", "operator": "<", "value": 30}]}]}]}, {"not": {"any": [{"concept": "lost"}, {"tag": "is_staff", "value": True}]}}]},
]  # fmt: skip


def read(sentence: str, context: Context = CONTEXT) -> AnyNode | None:
    found = read_sentence(normalise(sentence), context)
    return None if found is None else found.node


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("short", RULES)
def test_a_sentence_reads_back_as_its_rule(short: Mapping[str, object], language: Language) -> None:
    node = node_from_short(short)
    for dates in (None, Dates(DEFAULT_AS_OF, TODAY)):
        found = read(read_back(node, CATALOG, language, dates))
        assert found is not None
        assert text(canonical(found)) == text(canonical(node))


@pytest.mark.parametrize(
    "sentence",
    [
        "AUM时点余额大于5万元，且是“按揭客户”，或性别为女的客户",
        "（AUM时点余额大于5万元的客户",
        "AUM时点余额大于5万元，且的客户",
        "AUM时点余额大于5万美元的客户",
        "AUM时点余额大于5万元，且性格开朗的客户",
        "近30天（2020-01-01 至 2020-01-31）手机银行登录次数不少于1次的客户",
        "Customers for whom AUM point-in-time balance is greater than CNY 50,000, or",
        "Customers for whom",
        "(" * 900 + ")" * 900 + "的客户",
        "",
    ],
)
def test_anything_else_is_left_to_the_free_grammar(sentence: str) -> None:
    assert read(sentence) is None


def test_brackets_decide_what_belongs_together() -> None:
    one = read("（是“按揭客户”，或性别为女），且年龄小于30岁的客户")
    other = read("是“按揭客户”，或（性别为女，且年龄小于30岁）的客户")
    assert one is not None
    assert other is not None
    assert one.kind == "all"
    assert other.kind == "any"


def test_width_and_traditional_script_of_a_sentence_do_not_matter() -> None:
    assert read("AUM时点余额大于5万元，且性别为女的客户") == read("ＡＵＭ時點餘額大於５萬元,且性別為女的客戶。")


def test_every_condition_quotes_its_own_words() -> None:
    sentence = "  AUM时点余额大于5万元，且性别为女的客户"
    node = read(sentence)
    assert isinstance(node, AllOf)
    assert [sentence[child.said[0].start : child.said[0].end] for child in node.children] == ["AUM时点余额大于5万元", "性别为女"]


def test_the_interpreter_reads_it_whole_and_asks_nothing() -> None:
    sentence = "属于“手机银行活跃”，且（AUM时点余额大于5万元，或性别为女）的客户"
    found = GrammarInterpreter().interpret(sentence, CONTEXT)
    assert found.issues == ()
    assert found.questions == ()
    assert found.changed
    assert [assumption.code for assumption in found.assumptions] == ["concept_used"]
    assert "".join(sentence[entry.start : entry.end] for entry in found.ledger) == sentence
    assert {entry.kind for entry in found.ledger} == {"condition", "connective", "ignored"}


def test_in_a_conversation_it_is_a_segment_of_its_own_and_says_so() -> None:
    context = Context(catalog=CATALOG, as_of=DEFAULT_AS_OF, today=TODAY, rule=SegmentRule(node=node_from_short({"concept": "hnw"})))
    found = GrammarInterpreter().interpret("性别为女的客户", context)
    assert found.rule is not None
    assert found.rule.node == node_from_short({"tag": "gender", "value": "F"})
    assert [assumption.code for assumption in found.assumptions] == ["new_segment"]


def test_a_read_back_may_be_longer_than_a_request() -> None:
    node = node_from_short({"any": [{"tag": "aum_bal", "operator": ">", "value": number} for number in range(1, 120)]})
    sentence = read_back(node, CATALOG, "en")
    assert len(sentence) > 2000
    found = GrammarInterpreter().interpret(sentence, CONTEXT)
    assert found.rule is not None
    assert canonical(found.rule.node) == canonical(node)
