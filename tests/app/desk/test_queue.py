"""The queue: each request with its rule once, for those who may review; of customers a size only to whoever may ask for it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assistant.app.desk.deciding import approve
from assistant.app.desk.queue import ReviewDesk, open_review
from assistant.app.desk.shown import item_json, item_text, items_text
from assistant.app.identity import CONSOLE, Desk
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.store.change import Share
from assistant.store.open import open_store
from assistant.store.review import STATES
from tests.app.desk.conftest import Asks, Sits

RICH = "AUM大于5万的客户"


def test_a_request_asked_often_is_one_item(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH)
    asks("zhou", " AUM大于5万的客户。")
    asks("zhou", "近期登录过的客户")
    recent, rich = sits("chen").items()
    assert (rich.times, rich.askers, rich.turn.user) == (2, ("lihua", "zhou"), "zhou")
    assert (recent.turn.understood.way, recent.state) == ("assumed", "waiting")
    assert sits("chen").items(ways=("assumed",)) == (recent,)
    assert sits("chen").items(limit=1) == (recent,)


def test_what_makes_no_rule_of_words_is_no_item(asks: Asks, sits: Sits) -> None:
    asks("gao", RICH, "按分行看", "撤销")
    asks("gao", "AUM是什么意思")
    asks("gao", "你好")
    asks("gao", "人民路支行的客户")
    asks("gao", RICH, "客户1000123为什么在里面")
    (item,) = sits("chen").items(STATES)
    assert item.turn.text == RICH


def test_who_may_not_review_sees_nothing(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH)
    for user in ("lihua", "zhou", "wang", "root"):
        with pytest.raises(UserError, match="forbidden_operation"):
            sits(user).items()
    identifier = sits("gao").items()[0].id
    with pytest.raises(UserError, match="forbidden_operation"):
        sits("lihua").item(identifier)
    with pytest.raises(UserError, match="desk_unknown"):
        sits("gao").item("nothing")


def test_the_bank_may_have_only_doubtful_ones_reviewed(desk: Desk, asks: Asks, sits: Sits) -> None:
    rich = asks("lihua", RICH)
    asks("lihua", "近期登录过的客户")
    doubtful = open_review(replace(desk, review="doubtful"), desk.of("chen"))
    assert [one.turn.text for one in doubtful.items()] == ["近期登录过的客户"]
    desk.store.reviews.say("lihua", rich.request_id, "wrong", "要的是日均")
    assert [one.turn.text for one in doubtful.items()] == [RICH, "近期登录过的客户"]
    assert "要的是日均" in item_text(doubtful.items()[0], doubtful, "zh")


def test_an_item_tells_what_each_word_became(asks: Asks, sits: Sits) -> None:
    asks("lihua", "AUM大于5万且近期登录过的客户")
    desk = sits("chen")
    (item,) = desk.items()
    told = item_text(item, desk, "zh")
    assert "“AUM大于5万” → AUM时点余额大于5万元" in told
    assert "“近期登录” → 近30天手机银行登录次数不少于1次" in told
    assert "“近期”没有说多久，按近30天" in told
    assert "SELECT COUNT(*)" in told
    assert '"tag":"aum_bal"' in told
    for language in LANGUAGES:
        assert item.id in items_text((item,), desk, language)
        assert "{" not in item_text(item, desk, language).replace('{"', "").replace("[{", "")
    wire = item_json(item, desk)
    assert wire["ledger"][0]["condition_en"] == "AUM point-in-time balance is greater than CNY 50,000"  # type: ignore[index,call-overload]


def test_turns_before_it_are_told(asks: Asks, sits: Sits) -> None:
    asks("lihua", RICH, "提到10万")
    raised, _ = sits("chen").items()
    assert raised.turn.understood.turns == (RICH,)
    assert not raised.turn.understood.alone
    assert "此前说过：AUM大于5万的客户" in item_text(raised, sits("chen"), "zh")


def test_a_small_group_is_hidden_from_who_may_not_list(asks: Asks, sits: Sits) -> None:
    few = asks("gao", "AUM大于1000万的客户")
    assert few.count is not None
    assert 0 < few.count.n < 20
    ((seen,), (hidden,)) = sits("gao").items(), sits("chen").items()
    assert sits("gao").size(seen).value == few.count.n  # type: ignore[union-attr]
    assert item_json(hidden, sits("chen"))["count"] == {"fewer_than": 20}


def test_who_may_not_list_is_told_a_count_of_others_once_they_ask_it(asks: Asks, sits: Sits) -> None:
    many = asks("gao", "AUM大于5万的客户")
    assert many.count is not None
    ((seen,), (hidden,)) = sits("gao").items(), sits("chen").items()
    assert sits("gao").size(seen).value == many.count.n  # type: ignore[union-attr]
    assert item_json(hidden, sits("chen"))["count"] == {"withheld": True}
    for language, why in zip(LANGUAGES, ("自己在对话里问一次就能看到", "ask it yourself"), strict=True):
        told = item_text(hidden, sits("chen"), language)
        assert str(many.count.n) not in told
        assert why in told, "which is true: too small it is not"


def test_a_segment_that_is_not_shared_stays_its_owners(desk: Desk, asks: Asks, sits: Sits) -> None:
    """The words that were typed are reviewed; what the segment in them means is its owner's until it is shared."""
    asks("lihua", "AUM大于123456的女客户", "保存为秘密")
    asks("lihua", "秘密里没有信用卡的")
    item = next(one for one in sits("chen").items() if "秘密" in one.turn.text)
    for language, name in zip(LANGUAGES, ("他人未共享的客群", "somebody's segment that is not shared"), strict=True):
        told = item_text(item, sits("chen"), language)
        assert name in told
        assert "123456" not in told
        assert "123,456" not in told
        assert "aum_bal" not in told
        assert "SELECT" not in told
    wire = item_json(item, sits("chen"))
    assert (wire["sql"], wire["count"]) == (None, None)
    assert "123456" not in json.dumps(wire)
    (segment,) = desk.store.library("lihua").segments
    desk.of("lihua").change_segment(Share(segment.id, True), "share")
    shared = item_text(item, sits("chen"), "zh")
    assert "属于已保存客群“秘密”" in shared
    assert "SELECT" in shared


def test_nearly_everybody_is_not_counted(asks: Asks, sits: Sits) -> None:
    most = asks("gao", "AUM小于1000万的客户")
    assert most.count is not None
    assert 0 < most.count.base - most.count.n < 20
    assert item_json(sits("chen").items()[0], sits("chen"))["count"] is None


def test_a_tag_the_reviewer_may_not_use_gives_no_size(asks: Asks, sits: Sits) -> None:
    asks("gao", "年收入20-40万的客户")
    for user, counted in (("gao", True), ("chen", False)):
        (item,) = sits(user).items()
        assert (item_json(item, sits(user))["count"] is not None) == counted
        assert "年收入" in sits(user).readback(item, "zh")


def test_a_reviewer_of_one_branch_sees_the_rules_of_others_without_customers(desk: Desk, asks: Asks, sits: Sits) -> None:
    desk.store.users.add("fang", "branch_manager", "", CONSOLE)
    desk.store.users.grant("fang", "branch", "3100", None, CONSOLE)
    desk.store.users.grant("fang", "operation", "approve", None, CONSOLE)
    asks("lihua", RICH)
    asks("gao", "近期登录过的客户")
    whole, own = sits("fang").items()
    assert sits("fang").size(own) is not None
    assert sits("fang").size(whole) is None
    assert sits("fang").readback(whole, "zh")


def test_while_there_are_no_users_the_console_decides(assistant: Assistant) -> None:
    store = open_store()
    alone = Desk(replace(assistant, kept=store), store)
    alone.of(None).ask(RICH)
    desk = open_review(alone, alone.of(None))
    assert desk.who.user == CONSOLE
    approve(desk, desk.items()[0])
    assert store.reviews.decisions()[0].by == CONSOLE
    owner = desk.owning().who
    assert (owner.user, owner.role, "WM" in owner.lines) == (CONSOLE, "catalog_owner", True)
    store.close()


def test_where_there_are_users_nobody_owns_by_default(sits: Sits) -> None:
    desk: ReviewDesk = sits("chen")
    assert desk.owning() is desk
