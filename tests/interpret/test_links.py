"""Links: vocabulary only. Nothing that a link says may add, drop or change a number, a time, a comparison, a denial or a grouping."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.interpret.interpretation import Context
from assistant.interpret.links import MOST_LINKS, Link, Linked, linked, reading_of
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import walk
from tests.interpret.reading import AS_OF, TODAY, catalog, read, spells

FUND = {"tag": "fund_bal", "operator": ">", "value": 0}
MORTGAGE = {"tag": "mort_flag", "value": True}
CLUTCHING = "手里攥着基金又背着房贷的"


def context() -> Context:
    return Context(catalog(), AS_OF, TODAY)


def link(request: str, *pairs: tuple[str, str], everywhere: bool = False, own_words: bool = True) -> Linked:
    return linked([Link(*pair) for pair in pairs], request, context(), everywhere=everywhere, own_words=own_words)


def faults(found: Linked) -> list[str]:
    return [one.fault for one in found.refused]


def test_quoted_words_are_read_as_what_they_mean() -> None:
    found = link(CLUTCHING, ("攥着基金", "持有基金"))
    assert spells(found.interpretation.rule, {"all": [FUND, MORTGAGE]})
    assert found.interpretation.by == "model"
    assert not found.unread


def test_a_condition_quotes_what_was_typed_and_the_ledger_says_what_it_was_read_as() -> None:
    found = link(CLUTCHING, ("攥着基金", "持有基金"))
    rule = found.interpretation.rule
    assert rule is not None
    quoted = {CLUTCHING[quote.start : quote.end] for _, node in walk(rule.node) for quote in node.said}
    assert "攥着基金" in quoted
    ledger = found.interpretation.ledger
    assert "".join(CLUTCHING[one.start : one.end] for one in ledger) == CLUTCHING
    assert [CLUTCHING[one.start : one.end] for one in ledger if one.read_as == "持有基金"] == ["攥着基金"]
    assert ("read_by_model", "攥着基金") in [(one.code, one.params.get("words")) for one in found.interpretation.assumptions]


@pytest.mark.parametrize(
    ("quote", "means", "fault"),
    [
        ("攥着股票", "持有基金", "not_said"),
        ("", "持有基金", "not_said"),
        ("攥着基金", "持有某种东西", "not_in_catalog"),
        ("攥着基金", "的", "not_in_catalog"),
        ("攥着基金", "DROP TABLE customers", "not_in_catalog"),
        ("攥着基金", "持有基金" * 30, "not_in_catalog"),
        ("攥着基金", "持有基金超过10万", "invented"),
        ("攥着基金", "近30天持有基金", "invented"),
        ("攥着基金", "持有基金或理财", "invented"),
        ("攥着基金", "除持有基金外", "invented"),
        ("攥着基金", "持有基金，按分行看", "invented"),
        ("攥着基金", "去掉持有基金", "invented"),
        ("背着房贷", "有经营贷", "already_read"),
    ],
)
def test_a_link_that_is_more_than_vocabulary_is_refused(quote: str, means: str, fault: str) -> None:
    found = link(CLUTCHING, (quote, means))
    assert faults(found) == [fault]
    assert found.interpretation.by == "grammar"
    assert found.unread == ("攥着基金",)


@pytest.mark.parametrize(
    ("request_", "quote", "means", "fault"),
    [
        ("账上趴的钱超过20万的", "账上趴的钱超过20万", "活期存款超过30万", "lost"),
        ("账上趴的钱超过20万的", "账上趴的钱超过20万", "活期存款不到20万", "invented"),
        ("近30天鼓捣过软件的", "近30天鼓捣过软件", "近60天登录手机银行", "lost"),
        ("攥着基金或者揣着按揭的", "攥着基金或者揣着按揭", "持有基金且有房贷", "lost"),
        ("只鼓捣过1次软件的", "只鼓捣过1次软件", "登录手机银行1次", "lost"),
    ],
)
def test_what_a_quote_says_of_number_time_and_grouping_must_be_said_again(request_: str, quote: str, means: str, fault: str) -> None:
    found = link(request_, (quote, means))
    assert found.refused
    assert faults(found)[0] in (fault, "lost", "invented")
    assert found.interpretation.by == "grammar"


def test_values_and_windows_are_read_out_of_the_request_beside_the_quote() -> None:
    found = link("近30天鼓捣过软件超过3次的", ("鼓捣过软件", "登录手机银行"))
    assert spells(found.interpretation.rule, {"records": "app_login", "window": "rolling 30 day", "operator": ">", "value": 3})


@pytest.mark.parametrize("quote", ["近30天鼓捣过软件", "近30天鼓捣过软件超过3次", "鼓捣过软件超过3次"])
def test_a_time_or_number_at_the_edge_of_a_quote_stays_where_it_is(quote: str) -> None:
    found = link("近30天鼓捣过软件超过3次的", (quote, "登录手机银行"))
    assert found.taken == (Link("鼓捣过软件", "登录手机银行"),)
    assert spells(found.interpretation.rule, {"records": "app_login", "window": "rolling 30 day", "operator": ">", "value": 3})


def test_a_denial_stays_with_the_words_it_denies() -> None:
    found = link("近三个月没碰过手机银行的", ("碰过手机银行", "登录手机银行"))
    meant = read("近三个月没有登录手机银行的").rule
    assert meant is not None
    assert found.interpretation.rule is not None
    assert canonical_rule(found.interpretation.rule.node, catalog().expand_all) == canonical_rule(meant.node, catalog().expand_all)


def test_a_link_that_turns_a_denial_round_is_doubtful() -> None:
    assert [doubt for _, doubt in link(CLUTCHING, ("攥着基金", "没有基金")).doubts] == ["denial"]


def test_a_link_that_drops_a_known_word_of_its_quote_is_doubtful() -> None:
    assert [doubt for _, doubt in link(CLUTCHING, ("攥着基金", "持有理财")).doubts] == ["another_word"]


def test_quotes_may_not_overlap_or_stand_twice() -> None:
    assert faults(link(CLUTCHING, ("攥着基金", "持有基金"), ("攥着", "持有"))) == ["overlapping"]
    assert faults(link("攥着基金和攥着保单的", ("攥着", "持有基金"))) == ["said_twice"]


def test_a_word_is_never_cut() -> None:
    assert faults(link("customers with funky money", ("fun", "hold funds"))) == ["not_said"]


def test_words_nobody_linked_stay_unread() -> None:
    found = link("最近老瞅理财专区还揣着按揭的", ("揣着按揭", "有房贷"))
    assert found.unread
    assert any(issue.code == "unread" for issue in found.interpretation.issues)


def test_no_more_links_than_a_request_has_room_for() -> None:
    many = [("攥着基金", "持有基金")] * (MOST_LINKS + 3)
    assert faults(link(CLUTCHING, *many)).count("too_many") == 3


def test_everywhere_links_may_contradict_what_the_grammar_reads() -> None:
    found = link("有房贷的女客户", ("女客户", "男客户"), everywhere=True)
    assert spells(found.interpretation.rule, {"all": [MORTGAGE, {"tag": "gender", "value": ["M"]}]})


def test_without_words_of_its_own_the_grammar_knows_only_what_is_linked() -> None:
    request = "有房贷、活期存款超过5万的女客户"
    assert link(request, own_words=False).interpretation.rule is None
    found = link(request, ("房贷", "房贷"), ("活期存款", "活期存款"), ("女客户", "女客户"), own_words=False)
    assert found.interpretation.rule == read(request).rule
    left_out = link(request, ("活期存款", "活期存款"), ("女客户", "女客户"), own_words=False)
    assert left_out.unread


WORDS = st.sampled_from(
    [
        "持有基金",
        "没有理财",
        "近30天",
        "超过5万",
        "或者",
        "购买理财",
        "女",
        "除了",
        "按分行看",
        "金卡",
        "攥着",
        "不",
        "3次",
        "wealth products",
        "; --",
        "<words>",
    ]
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["攥着基金", "手里", "又", "背着房贷", "攥着", "基金又背着"]), st.lists(WORDS, max_size=4).map("".join)),
        max_size=4,
    )
)
def test_whatever_is_linked_no_number_time_or_alternative_appears_that_nobody_typed(pairs: list[tuple[str, str]]) -> None:
    found = reading_of([Link(*pair) for pair in pairs], CLUTCHING, context())
    assert "".join(CLUTCHING[one.start : one.end] for one in found.ledger) == CLUTCHING
    if found.rule is not None:
        kinds = {node.kind for _, node in walk(found.rule.node)}
        assert "any" not in kinds
        assert "rank" not in kinds
        assert all(
            getattr(node, "value", None) in (None, True, False, 0) or isinstance(getattr(node, "value", None), tuple | int)
            for _, node in walk(found.rule.node)
        )
