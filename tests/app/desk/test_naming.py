"""Words nobody knew: proposed by what speaks for them, read once their owner has accepted, and never where that changes what was read before."""

from __future__ import annotations

import pytest

from assistant.app.desk.deciding import correct, tried
from assistant.app.desk.naming import Proposal, accept, decline, element_name, element_of, proposal, proposals
from assistant.app.desk.shown import proposal_json, proposals_text
from assistant.app.identity import CONSOLE, Desk
from assistant.app.words import error_text
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.store.review import STATES
from tests.app.desk.conftest import Asks, Sits

FUNDS = "基民里的女客户"


@pytest.fixture
def taught(asks: Asks, sits: Sits) -> Proposal:
    """A word that a correction explained."""
    assert asks("lihua", FUNDS).outcome == "choice"
    item = next(one for one in sits("chen").items(STATES) if one.turn.text == FUNDS)
    correct(sits("chen"), item, tried(sits("chen"), item, "再加上基金市值大于0"))
    return next(one for one in proposals(sits("wang")) if one.word == "基民")


def test_a_correction_proposes_what_it_added(taught: Proposal) -> None:
    assert (taught.element, taught.evidence, taught.times, taught.askers) == ("fund_bal", "corrected", 1, ("lihua",))
    assert taught.requests == (FUNDS,)


def test_a_word_is_read_once_its_owner_has_accepted_it(taught: Proposal, asks: Asks, sits: Sits, desk: Desk) -> None:
    assert asks("zhou", "基民大于1万的客户").outcome == "choice"
    accept(sits("wang"), taught)
    answer = asks("zhou", "基民大于1万的客户")
    assert answer.outcome == "answered"
    assert desk.store.audit.last(2)[1]["kind"] == "alias"
    kept = proposal(sits("chen"), taught.id)
    assert kept.alias is not None
    assert kept.alias.by == "wang"
    with pytest.raises(UserError, match="alias_taken"):
        accept(sits("wang"), kept)
    for language in LANGUAGES:
        assert "wang" in proposals_text((kept,), desk.assistant.catalog, language)
    assert proposal_json(kept, desk.assistant.catalog)["state"] == "accepted"
    decline(sits("wang"), kept, "基民是人，不是市值")
    assert asks("zhou", "基民大于1万的客户").outcome == "choice"


def test_it_falls_to_the_line_that_owns_the_element(taught: Proposal, sits: Sits, desk: Desk) -> None:
    assert proposals(sits("chen"))
    for user, code in (("chen", "forbidden_operation"), ("gao", "forbidden_operation")):
        with pytest.raises(UserError, match=code):
            accept(sits(user), taught)
    desk.store.users.add("deng", "catalog_owner", "", CONSOLE)
    desk.store.users.grant("deng", "line", "DEP", None, CONSOLE)
    assert proposals(sits("deng")) == ()
    with pytest.raises(UserError) as raised:
        accept(sits("deng"), taught)
    assert "财富管理" in error_text(raised.value, "zh")
    with pytest.raises(UserError, match="forbidden_operation"):
        proposals(sits("lihua"))


def test_an_owner_does_not_decide_on_what_only_they_said(asks: Asks, sits: Sits) -> None:
    asks("wang", FUNDS)
    item = sits("chen").items()[0]
    correct(sits("chen"), item, tried(sits("chen"), item, "再加上基金市值大于0"))
    (one,) = (one for one in proposals(sits("wang")) if one.word == "基民")
    with pytest.raises(UserError, match="forbidden_own_request"):
        accept(sits("wang"), one)


def test_a_word_that_would_change_what_was_read_is_refused(asks: Asks, sits: Sits) -> None:
    asks("zhou", "上海分行的女客户")
    one = Proposal("分行的女客户", "zh", "fund_bal", "near", 1, ("lihua",), ("x",))
    with pytest.raises(UserError) as raised:
        accept(sits("wang"), one)
    assert raised.value.code == "alias_changes"
    assert "上海分行的女客户" in error_text(raised.value, "zh")


def test_a_word_of_no_length_or_a_known_one_is_refused(sits: Sits) -> None:
    for word, code in (("基", "alias_unfit"), ("基" * 41, "alias_unfit"), ("理财", "alias_taken")):
        with pytest.raises(UserError) as raised:
            accept(sits("wang"), Proposal(word, "zh", "fund_bal", "near", 1, ("lihua",), ()))
        assert raised.value.code == code
        assert "{" not in error_text(raised.value, "en")
    with pytest.raises(UserError, match="alias_unknown"):
        proposal(sits("wang"), "nothing")


def test_a_condition_that_says_more_than_a_name_proposes_nothing(asks: Asks, sits: Sits) -> None:
    asks("lihua", "羊毛党里的女客户")
    item = sits("chen").items()[0]
    correct(sits("chen"), item, tried(sits("chen"), item, "再加上近30天领过优惠券"))
    assert not [one for one in proposals(sits("chen")) if one.evidence == "corrected"]


def test_words_of_grammar_are_no_names(asks: Asks, sits: Sits) -> None:
    asks("lihua", "不是AUM 20万以上的")
    assert [one.turn.understood.unread for one in sits("chen").items()] == [("不是",)]
    assert proposals(sits("chen")) == ()


def test_elements_are_called_by_their_names(desk: Desk) -> None:
    catalog = desk.assistant.catalog
    assert element_name("occupation=teacher", catalog, "zh") == "职业 = 教师"
    assert element_name("gone", catalog, "en") == "gone"
    assert element_of("app_login", catalog) is catalog.records["app_login"]
