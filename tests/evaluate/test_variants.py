from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from assistant.catalog.load import data_room
from assistant.catalog.model import Language
from assistant.evaluate.cases import Theme, load_cases
from assistant.evaluate.rewording import TRANSFORMATIONS, Wording, cut
from assistant.evaluate.spellings import chinese_numeral, english_numeral, number_spellings, yuan_spellings
from assistant.evaluate.variants import Outcome, asks, run_variants
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.interpret.lexer import tokenize
from assistant.interpret.lexicon import lexicon
from assistant.language.numbers import read_quantities
from assistant.language.text import normalise, traditional
from assistant.rule.tree import AllOf, AnyNode, SegmentRule
from tests.interpret.test_grammar import AS_OF, TODAY, canonical, catalog, read

CONTEXT = Context(catalog(), AS_OF, TODAY)


@cache
def dev() -> tuple[Theme, ...]:
    return load_cases(Path(data_room("eval")) / "cases" / "dev")


def read_alone(text: str) -> AnyNode | None:
    found = read(text)
    return None if found.rule is None or asks(found) else found.rule.node


def wording(text: str, language: Language) -> Wording:
    rule = read(text).rule
    assert rule is not None
    tokens = tokenize(normalise(text).text, lexicon(catalog()), AS_OF, TODAY, {})
    return cut(text, language, rule.node, catalog(), tokens, read_alone)


def settle(text: str, expected: SegmentRule) -> Outcome:
    found = read(text)
    if asks(found) or found.rule is None:
        return "asked"
    return "same" if canonical(found.rule) == canonical(expected) else "different"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("value", [2, 3, 12, 20, 105, 210, 1001, 5000, 12000, 50000, 200000, 1100000, 15000000, 200000000])
def test_every_spelling_is_read_as_its_number(value: int, language: Language) -> None:
    spelled = (*number_spellings(Decimal(value), language, measured=False), *yuan_spellings(Decimal(value), language))
    assert len(spelled) > 3
    for text in spelled:
        assert [found.value for found in read_quantities(normalise(text).text)] == [Decimal(value)], text


def test_numerals() -> None:
    assert [chinese_numeral(number) for number in (0, 10, 12, 20, 105, 110, 1001, 1010)] == [
        "零", "十", "十二", "二十", "一百零五", "一百一十", "一千零一", "一千零一十",
    ]  # fmt: skip
    assert chinese_numeral(2, measured=True) == "两"
    assert [english_numeral(number) for number in (0, 13, 45, 100, 215)] == [
        "zero", "thirteen", "forty-five", "one hundred", "two hundred and fifteen",
    ]  # fmt: skip


def test_a_piece_is_only_exchanged_for_what_means_the_same() -> None:
    found = wording("近30天浏览理财专区大于等于1次、活期存款大于5W的客户", "zh")
    offered = {name: {word for piece in found.pieces for word in piece.choices.get(name, ())} for name in TRANSFORMATIONS}
    assert {"最近30天", "过去三十日"} <= offered["time"]
    assert not any("一个月" in words for words in offered["time"])
    assert {"活期余额"} <= offered["synonym"]
    assert not {"活期日均", "定期存款"} & offered["synonym"]
    assert {"超过5W", "高于5W", "不少于1次", "1次以上"} <= offered["comparison"]
    assert not {"不低于5W", "5W以上"} & offered["comparison"]
    assert {"大于5万", "大于伍万", "大于50,000"} <= offered["number"]
    assert "demand deposits" in offered["mixed"]


@pytest.mark.parametrize(
    ("text", "language", "clauses"),
    [
        ("没有理财、活期10万以上的客户", "zh", ["没有理财", "活期10万以上"]),
        ("customers with a mortgage and AUM over 500k", "en", ["a mortgage", "AUM over 500k"]),
        ("近60天浏览过理财专区、登录10次以上的客户", "zh", []),
        ("上海分行客户中AUM前10%的女性", "zh", []),
        ("代发客户，排除女性，AUM大于5万", "zh", []),
    ],
)
def test_clauses_change_places_only_where_each_stands_alone(text: str, language: Language, clauses: list[str]) -> None:
    assert [text[start:end] for start, end in wording(text, language).clauses] == clauses


def test_traditional_folds_back() -> None:
    for theme in dev():
        for case in theme.cases:
            if case.zh is not None:
                assert normalise(traditional(case.zh)).text == normalise(case.zh).text
    assert traditional("持有理财后发薪的客户里面") == "持有理財後發薪的客戶裡面"


def test_variants_keep_their_rule() -> None:
    report = run_variants(dev()[::3], GrammarInterpreter(), CONTEXT, settle, 240, 3)
    assert len({one.text for one in report.variants}) == 240
    assert all(report.count(None, name) for name in TRANSFORMATIONS)
    assert [(one.text, one.base.text) for one in report.variants if one.outcome == "different"] == []
    assert report.count("asked") <= 5


def test_the_same_seed_gives_the_same_variants() -> None:
    one, again, other = (run_variants(dev()[:1], GrammarInterpreter(), CONTEXT, settle, 20, seed) for seed in (1, 1, 2))
    assert [found.text for found in one.variants] == [found.text for found in again.variants] != [found.text for found in other.variants]


class _Deaf:
    """Reads the cases right and everything else as the whole bank."""

    def __init__(self) -> None:
        self.known = {text for theme in dev() for case in theme.cases for text in (case.zh, case.en) if text is not None}

    def interpret(self, text: str, context: Context) -> Interpretation:
        found = read(text)
        return found if text in self.known else replace(found, rule=SegmentRule(node=AllOf()), issues=(), questions=())


def test_an_interpreter_that_changes_rules_is_caught() -> None:
    report = run_variants(dev()[:2], _Deaf(), CONTEXT, lambda text, rule: "different", 20, 0)
    assert report.figures()["different"] == 20
