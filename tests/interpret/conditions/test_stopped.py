"""A product said to be had and to have stopped is asked about; either word alone is not."""

from __future__ import annotations

from tests.interpret.reading import asked, canonical, read, read_rule


def test_payroll_customers_whose_payroll_stopped_are_asked_about() -> None:
    (question,) = [one for one in read("上海分行的代发客户，断发的").questions if one.ask]
    assert [reading.label.zh for reading in question.readings if reading.label is not None] == [
        "曾经是、现已断的都算",
        "只看现在仍计为持有的",
    ]


def test_the_stop_alone_is_plain() -> None:
    assert asked("断发的客户") == []
    assert read_rule("断发的客户") == canonical({"concept": "payroll_stop"})


def test_the_product_alone_is_plain() -> None:
    assert asked("代发客户") == []


def test_one_or_the_other_is_plain() -> None:
    assert "ambiguous_word" not in asked("代发客户或者断发的客户")
