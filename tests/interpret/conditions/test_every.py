"""What is said of all records of somebody: one that is so is not enough, so the word of all is never passed over."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asks, talk


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("每笔转账都大于1万的客户", ["每笔", "都"]),
        ("全部理财都在未来30天到期的客户", ["全部", "都"]),
        ("定期存款都在30天内到期的客户", ["都"]),
        ("近30天转账每笔都不低于5万的客户", ["每笔都"]),
        ("customers whose time deposits all mature within 30 days", ["all"]),
    ],
)
def test_all_of_them_is_not_at_least_one(words: str, unread: list[str]) -> None:
    found = talk(words)
    assert [issue.params["words"] for issue in found.issues if issue.code == "unread"] == unread
    assert set(asks(found)) == {"unread"}


@pytest.mark.parametrize(
    "words",
    [
        "近30天都登录过手机银行的客户",
        "理财和基金都持有的客户",
        "AUM和活期存款都大于10万的客户",
        "近30天单笔转账大于1万的客户",
        "customers who hold both funds and wealth products",
    ],
)
def test_a_word_of_all_that_is_of_things_or_customers_stays_as_it_was(words: str) -> None:
    assert "unread" not in asks(talk(words))
