"""No number and no direction reaches a reader except as a Fact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalog.model import LANGUAGES, Language
from assistant.facts import FactSheet
from assistant.narrate.grounding import Claim, GroundedNarrative, NarrativeDraft, Ungrounded, claims, ground, kept, reworded
from assistant.narrate.messages import messages, placeholders
from assistant.policy import Protection


def sheet() -> FactSheet:
    made = FactSheet(Protection(20))
    made.measured("count", 1234, "customers", "q")
    made.measured("small", 3, "customers", "q")
    made.given("name.zh.condition.0", "近30天登录次数多于3次 {count}", "name")
    return made


def test_placeholders_become_rendered_facts() -> None:
    grounded = ground(NarrativeDraft(("共{count}，另有{small}。",), "zh", "model"), sheet())
    assert isinstance(grounded, GroundedNarrative)
    assert (grounded.text, grounded.facts, grounded.by) == ("共1,234人，另有少于20人。", ("count", "small"), "model")
    assert grounded.claims == (Claim(("共", "，另有", "。"), ("count", "small"), ("1,234人", "少于20人")),)


def test_sentences_are_joined_as_the_language_joins_them() -> None:
    for language, text in (("zh", "共1,234人。请看。"), ("en", "There are 1,234 customers. Look.")):
        first, second = ("共{count}。", "请看。") if language == "zh" else ("There are {count}.", "Look.")
        grounded = ground(NarrativeDraft((first, second), "zh" if language == "zh" else "en"), sheet())
        assert isinstance(grounded, GroundedNarrative)
        assert grounded.text == text


def test_a_name_is_shown_as_it_is_and_never_read_as_a_placeholder() -> None:
    grounded = ground(NarrativeDraft(("条件是“{name.zh.condition.0}”。",), "zh"), sheet())
    assert isinstance(grounded, GroundedNarrative)
    assert grounded.text == "条件是“近30天登录次数多于3次 {count}”。"


@pytest.mark.parametrize(
    "text",
    [
        "共1234人", "共１２３人", "共一千人", "占三成", "占五%", "约一半", "翻倍", "两类客户", "Ⅳ级", "③", "٣ customers", "higher than the rest", "Most of them",
        "twenty customers", "a third of them", "they grew", "资产高于其余客户", "余额下降", "占比更大", "人数最多", "多数是女性", "{ count }", "{count", "半数", "％",
        "up by a lot", "Double the rest", "HALF", "一半", "第一",
    ],
)  # fmt: skip
def test_a_claim_in_plain_words_is_refused(text: str) -> None:
    refused = ground(NarrativeDraft((text,), "zh"), sheet())
    assert isinstance(refused, Ungrounded), text
    assert refused.words or refused.unknown


def test_a_fact_that_is_not_on_the_sheet_is_refused() -> None:
    assert ground(NarrativeDraft(("共{base}。",), "zh"), sheet()) == Ungrounded((), ("base",))


@pytest.mark.parametrize(
    "text", ["一起看看", "进一步细分", "they are one-off visitors", "someone", "break it by branch", "统一口径", "客户不多"]
)
def test_harmless_words_pass(text: str) -> None:
    assert claims(text) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_narrators_own_words_pass(language: str) -> None:
    texts = messages("zh" if language == "zh" else "en")
    for key, text in texts.items():
        if not key.startswith("narrative.") or key.startswith(("narrative.word_", "narrative.metric_", "narrative.say_")):
            continue
        for name in placeholders(text):
            text = text.replace(f"{{{name}}}", "")
        assert claims(text) == (), key


def narrative(language: Language) -> GroundedNarrative:
    """A count, a change and a trait against the others, with a doubt, as the template tells them."""
    made = FactSheet(Protection(20))
    for name, value in (("count", 786), ("base", 46301), ("then", 674), ("change", 112)):
        made.measured(name, value, "customers", "q")
    made.measured("share", Decimal("0.4439"), "share", "q", group=349)
    made.measured("rest", Decimal("0.0591"), "share", "q", group=2700)
    zh = language == "zh"
    moved = made.given("moved", "多了" if zh else "more", "name").id
    made.given("trait", "按揭客户" if zh else "mortgage holders", "name")
    told = {
        "zh": (
            "存续客户共{base}，其中{count}符合条件。",
            f"当时{{then}}，现在{{count}}，{{{moved}}}{{change}}。",
            "最突出的是「{trait}」：本客群占{share}，其余客户占{rest}。".replace("最突出的", "特征"),
            "这可能只是等级带来的。",
        ),
        "en": (
            "{count} match, out of {base} in the base.",
            f"There were {{then}} then and {{count}} now, {{change}} {{{moved}}}.",
            "What marks them is [{trait}]: {share} of the segment, {rest} of all others.",
            "It may only come with their tier.",
        ),
    }[language]
    grounded = ground(NarrativeDraft(told, language), made)
    assert isinstance(grounded, GroundedNarrative), grounded
    return grounded


WORDINGS: dict[Language, tuple[str, ...]] = {
    "zh": (
        "存续客户有46,301人，符合条件的是786人。",
        "当时是674人，现在是786人，也就是多了112人。",
        "特征是「按揭客户」：本客群里占到44.4%，其余客户占5.9%。",
        "这也许只是等级带来的。",
    ),
    "en": (
        "786 customers fit, from a base of 46,301 customers.",
        "We had 674 customers then; now we have 786 customers, which is 112 customers more.",
        "Their mark is [mortgage holders]: 44.4% of this segment have it, 5.9% of all the others.",
        "Perhaps it only comes with their tier.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_own_sentences_are_a_wording_of_themselves(language: Language) -> None:
    told = narrative(language)
    assert reworded([claim.text for claim in told.claims], told, "template") == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_wording_of_the_same_claims_is_taken(language: Language) -> None:
    told = narrative(language)
    found = reworded(WORDINGS[language], told, "model")
    assert isinstance(found, GroundedNarrative), found
    assert found.by == "model"
    assert found.facts == told.facts
    assert found.text == ("" if language == "zh" else " ").join(WORDINGS[language])


@pytest.mark.parametrize(
    ("place", "wording"),
    [
        (0, "存续客户有786人，符合条件的是46,301人。"),
        (0, "存续客户有46,301人，符合条件的是787人。"),
        (0, "存续客户有46,301人，符合条件的是2786人。"),
        (0, "存续客户有46,301人，没有符合条件的：786人。"),
        (0, "存续客户有46,301人，其中高达786人符合条件。"),
        (0, "存续客户有46,301人，仅有少数786人符合条件。"),
        (0, "存续客户有46,301人，其中786人符合条件，位居全行首位。"),
        (0, "存续客户有46,301人，其中786人符合条件，是同业的两倍。"),
        (0, "存续客户有46,301人，其中约八百人，即786人符合条件。"),
        (0, "存续客户有46,301人，其中786人符合条件，都来自营销活动的推动。"),
        (0, "存续客户有46,301人，其中786人符合条件，他们住在城里，爱好旅游，子女在读，常去网点，关心教育，偏好稳健，愿意听取建议。"),
        (1, "现在是674人，当时是786人，多了112人。"),
        (1, "当时是674人，现在是786人，少了112人。"),
        (1, "当时是674人，现在是786人，没有多了112人。"),
        (1, "当时是674人，现在是786人。"),
        (1, "当时是786人，现在是674人，多了112人。"),
        (1, "当时是674人，现在是786人，大幅多了112人。"),
        (1, "当时是674人，现在是786人，因此多了112人。"),
        (2, "特征是「按揭客户」：其余客户占44.4%，本客群占5.9%。"),
        (2, "特征是「按揭客户」：本客群占5.9%，其余客户占44.4%。"),
        (2, "特征是「按揭客户」：本客群占44.4%，高于其余客户的5.9%。"),
        (2, "特征是「按揭客户」：本客群都是，占44.4%，其余客户占5.9%。"),
        (2, "特征是「代发客户」：本客群占44.4%，其余客户占5.9%。"),
        (3, "这只是等级带来的。"),
        (3, "这一定只是等级带来的。"),
        (3, "这不可能只是等级带来的。"),
        (3, ""),
    ],
)
def test_a_chinese_wording_that_claims_something_else_is_refused(place: int, wording: str) -> None:
    refused = reworded([*WORDINGS["zh"][:place], wording, *WORDINGS["zh"][place + 1 :]], narrative("zh"), "model")
    assert isinstance(refused, Ungrounded), wording
    assert refused.sentences == (wording,)


@pytest.mark.parametrize(
    ("place", "wording"),
    [
        (0, "46,301 customers fit, from a base of 786 customers."),
        (0, "As many as 786 customers fit, the majority of the base of 46,301 customers."),
        (0, "Not 786 customers fit, from a base of 46,301 customers."),
        (0, "786 customers fit, twice as many as before, from a base of 46,301 customers."),
        (0, "786 customers fit, the best result so far, from a base of 46,301 customers."),
        (1, "There were 674 customers now and 786 customers then, 112 customers more."),
        (1, "There were 674 customers then and 786 customers now, 112 customers fewer."),
        (1, "There were 674 customers then and 786 customers now, 112 customers more, because of the campaign."),
        (1, "There were 674 customers then and 786 customers now, a surge: 112 customers more."),
        (2, "Their mark is [mortgage holders]: 44.4% of the others have it, 5.9% of the segment."),
        (2, "Their mark is [mortgage holders]: 44.4% of the segment have it, clearly above 5.9% of all others."),
        (3, "It only comes with their tier."),
        (3, "It must only come with their tier."),
    ],
)
def test_an_english_wording_that_claims_something_else_is_refused(place: int, wording: str) -> None:
    refused = reworded([*WORDINGS["en"][:place], wording, *WORDINGS["en"][place + 1 :]], narrative("en"), "model")
    assert isinstance(refused, Ungrounded), wording
    assert refused.sentences == (wording,)


def test_sentences_may_not_be_left_out_or_change_places() -> None:
    told = narrative("zh")
    assert isinstance(reworded(WORDINGS["zh"][:-1], told, "model"), Ungrounded)
    assert isinstance(reworded([*WORDINGS["zh"], "另有说明。"], told, "model"), Ungrounded)
    assert isinstance(reworded([WORDINGS["zh"][1], WORDINGS["zh"][0], *WORDINGS["zh"][2:]], told, "model"), Ungrounded)


TURNS = {"zh": ("多了", "少了", "高于", "上升到", "最", "没有", "翻倍", "大幅", "可能", "因为", "当时", "其余"), "en": (
    "not", "more", "fewer", "above", "rose to", "the most", "double", "sharply", "perhaps", "because of", "then", "others",
)}  # fmt: skip


@given(language=st.sampled_from(LANGUAGES), place=st.integers(0, 3), turn=st.integers(0, 11), data=st.data())
def test_a_guarded_word_put_anywhere_is_refused(language: Language, place: int, turn: int, data: st.DataObject) -> None:
    """Between the words of any sentence of the template: unless it repeats the word beside it, which says nothing new."""
    told = narrative(language)
    claim = told.claims[place]
    piece = data.draw(st.integers(0, len(claim.words) - 1))
    word = TURNS[language][turn]
    spoken = f" {word} " if language == "en" else word
    words = [*claim.words[:piece], claim.words[piece] + spoken, *claim.words[piece + 1 :]]
    changed = Claim(tuple(words), claim.facts, claim.written)
    found = reworded(
        [*(one.text for one in told.claims[:place]), changed.text, *(one.text for one in told.claims[place + 1 :])], told, "model"
    )
    assert isinstance(found, Ungrounded) or kept(words) == kept(claim.words)


@given(language=st.sampled_from(LANGUAGES), place=st.integers(0, 2), data=st.data())
def test_two_facts_that_change_places_are_refused(language: Language, place: int, data: st.DataObject) -> None:
    told = narrative(language)
    claim = told.claims[place]
    first = data.draw(st.integers(0, len(claim.written) - 2))
    second = data.draw(st.integers(first + 1, len(claim.written) - 1))
    written = list(claim.written)
    written[first], written[second] = written[second], written[first]
    changed = Claim(claim.words, claim.facts, tuple(written)).text
    found = reworded([*(one.text for one in told.claims[:place]), changed, *(one.text for one in told.claims[place + 1 :])], told, "model")
    assert isinstance(found, Ungrounded)
