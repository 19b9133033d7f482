"""A condition in a read-back's words inside any other request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.catalog.population import population_at
from assistant.demo.build import DEFAULT_AS_OF
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.narrate.readback import condition_phrase
from assistant.rule.canonical import canonical, text
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, Not, SegmentRule, Snapshot

CATALOG = TagCatalog.load()
AS_OF = DEFAULT_AS_OF


def interpret(request: str, rule: SegmentRule | None = None) -> Interpretation:
    return GrammarInterpreter().interpret(request, Context(catalog=CATALOG, as_of=AS_OF, today=AS_OF + timedelta(days=1), rule=rule))


def node_of(found: Interpretation) -> AnyNode:
    assert found.issues == ()
    assert not [question for question in found.questions if question.ask]
    assert found.rule is not None
    return canonical(found.rule.node)


STATED: list[Mapping[str, object]] = [
    {
        "first": {"records": "transfer_out", "window": "rolling 30 day"},
        "then": {"records": "wealth_buy"},
        "within_days": 7,
        "negated": True,
    },
    {"records": "transfer_out", "window": "rolling 30 day", "aggregate": "max", "of": "amt", "operator": ">", "value": 50000},
    {"left": "dep_demand_bal", "right": "dep_time_bal", "operator": ">=", "value": 50000},
    {"not": {"left": "dep_demand_bal", "right": "dep_time_bal", "operator": ">=", "value": 50000}},
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("short", STATED)
def test_it_stands_beside_conditions_said_freely(short: Mapping[str, object], language: Language) -> None:
    node = node_from_short(short)
    phrase = condition_phrase(node, CATALOG, language)
    request = f"帮我看看上海分行里{phrase}的女性有多少" if language == "zh" else f"how many women for whom {phrase}"
    found = interpret(request)
    members = node_of(found)
    assert members.kind == "all"
    assert text(canonical(node)) in {text(child) for child in members.children}


@pytest.mark.parametrize("within", [True, False])
def test_so_does_the_base_population_at_an_earlier_snapshot(within: bool) -> None:
    was = AllOf(children=population_at(CATALOG, Snapshot(unit="year")))
    node: AnyNode = was if within else Not(child=was)
    for request in (
        f"上海分行，{condition_phrase(node, CATALOG, 'zh')}的女性",
        f"women in Shanghai Branch, and {condition_phrase(node, CATALOG, 'en')}",
    ):
        found = node_of(interpret(request))
        alone = canonical(node)
        assert {text(one) for one in (alone.children if within else (alone,))} < {text(one) for one in found.children}


def test_it_can_be_added_in_a_follow_up() -> None:
    before = node_from_short({"tag": "gender", "value": "F"})
    added = node_from_short(STATED[1])
    found = interpret("再加上" + condition_phrase(added, CATALOG, "zh"), SegmentRule(node=before))
    assert text(node_of(found)) == text(canonical(node_from_short({"all": [STATED[1], {"tag": "gender", "value": "F"}]})))


def test_words_that_go_on_with_it_are_not_cut_off() -> None:
    listed = node_of(interpret("帮我找触达渠道偏好为App推送或短信的客户"))
    assert listed == canonical(node_from_short({"tag": "reach_pref", "value": ["app_push", "sms"]}))
    assert interpret("帮我找活期存款余额大于5万元到20万元之间的客户").issues != ()


def test_a_later_behaviour_shares_its_time() -> None:
    found = interpret("帮我找近7天转账转出笔数不少于3笔，并且登录过手机银行的客户")
    assert "inherited_window" in {assumption.code for assumption in found.assumptions}


def test_brackets_hold_stated_and_free_conditions_together() -> None:
    grouped = node_of(interpret("帮我找（活期存款余额大于5万元，且（性别为女，或（年龄小于30岁，且是“按揭客户”）））的客户"))
    expected = node_from_short(
        {
            "all": [
                {"tag": "dep_demand_bal", "operator": ">", "value": 50000},
                {"any": [{"tag": "gender", "value": "F"}, {"all": [{"tag": "age", "operator": "<", "value": 30}, {"tag": "mort_flag", "value": True}]}]},
            ]
        }
    )  # fmt: skip
    assert text(grouped) == text(canonical(expected))
