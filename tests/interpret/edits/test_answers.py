"""Questions answered in words: by number, by the option's own words, all together; anything else is no answer."""

from __future__ import annotations

import pytest

from assistant.errors import UserError
from assistant.interpret.edits.answers import typed_answer
from assistant.interpret.interpretation import PendingQuestion

BRANCHES = PendingQuestion(
    "中山路支行的客户", "branch:x", (0, 2, 3),
    names=(("中山路支行(宁波分行)", "Zhongshan Road Sub-branch (Ningbo Branch)"), ("中山路支行(南京分行)", "Zhongshan Road Sub-branch (Nanjing Branch)"), ("全部", "all of them")),
    together=3,
)  # fmt: skip
AMOUNTS = PendingQuestion(
    "转出10万以上", "amount:x", (0, 1), names=(("累计金额", "amount in total"), ("单笔金额", "amount of a single record"))
)


@pytest.mark.parametrize(
    "said",
    [
        "第二个",
        "2",
        "就选第二个吧",
        "选2",
        "the second one",
        "I'll take the second one",
        "option 2",
        "南京那家",
        "南京的那个",
        "the Nanjing one",
    ],
)
def test_the_second(said: str) -> None:
    assert typed_answer(said, BRANCHES) == 2


@pytest.mark.parametrize("said", ["都要", "全部都要", "both", "all of them", "最后一个", "the last one"])
def test_all_together(said: str) -> None:
    assert typed_answer(said, BRANCHES) == 3


@pytest.mark.parametrize(("said", "option"), [("累计", 0), ("in total", 0), ("单笔的", 1), ("a single transaction", 1)])
def test_by_its_words(said: str, option: int) -> None:
    assert typed_answer(said, AMOUNTS) == option


@pytest.mark.parametrize(
    "said",
    [
        "中山路支行",
        "金额",
        "上海分行的客户",
        "再加上女性",
        "第二个，再加上女性",
        "women",
        "",
        "?",
        "the",
        "customers of the Nanjing Branch with a mortgage",
    ],
)
def test_no_answer(said: str) -> None:
    assert typed_answer(said, BRANCHES) is None
    assert typed_answer(said, AMOUNTS) is None


def test_beyond_the_options() -> None:
    with pytest.raises(UserError, match="choice_unknown"):
        typed_answer("第四个", BRANCHES)
    with pytest.raises(UserError, match="choose_one"):
        typed_answer("都要", AMOUNTS)


def test_after_an_answer_only_a_number_picks_another() -> None:
    assert typed_answer("第二个", BRANCHES, by_words=False) == 2
    assert typed_answer("南京那家", BRANCHES, by_words=False) is None
    assert typed_answer("都要", AMOUNTS, by_words=False) is None
