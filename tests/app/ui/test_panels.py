"""The panels: words coloured by condition and numbered, unread ones named, nothing typed becomes markup."""

from __future__ import annotations

from assistant.app.ui.panels import chat, conditions_in_order, definitions, draft_card, findings, sql_text, tables, understanding
from assistant.app.ui.session import Session
from assistant.catalog.model import LANGUAGES
from assistant.narrate.messages import message
from assistant.pipeline import Assistant

REQUEST_A = "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户"


def test_every_condition_has_its_words_its_number_and_its_place(assistant: Assistant) -> None:
    session = Session().say(assistant, REQUEST_A)
    answer = session.last
    assert answer is not None
    html = understanding(answer, "zh")
    assert len(conditions_in_order(answer)) == 4
    for place, words in enumerate(("手机银行活跃", "活期存款大于5W", "浏览理财专区大于等于1次", "触达渠道偏好为App推送"), 1):
        assert f"<sup>{place}</sup>" in html
        assert words in html
    assert "lang=zh" in html


def test_the_words_of_an_edit_point_at_what_they_changed(assistant: Assistant) -> None:
    session = Session().say(assistant, REQUEST_A).say(assistant, "提到10万")
    assert session.last is not None
    html = understanding(session.last, "zh")
    assert "<sup>2</sup>" in html
    assert "<sup>1</sup>" not in html


def test_a_misspelt_word_is_shown_as_typed_with_what_it_was_read_as(assistant: Assistant) -> None:
    session = Session().say(assistant, "活期村款大于5万的客户")
    assert session.last is not None
    (asked,) = session.last.questions
    chosen = session.choose(assistant, asked.question.key, 0)
    html = understanding(chosen.last, "zh")
    assert "活期村款<sup>读作活期存款</sup>" in html
    assert "read as 活期存款" in understanding(chosen.last, "en")
    assert "没有读懂" not in html


def test_unread_words_are_named_not_only_coloured(assistant: Assistant) -> None:
    session = Session().say(assistant, "AUM大于5万而且呱唧呱唧的客户")
    html = understanding(session.last, "zh")
    assert "<mark class='unread'>" in html
    assert "没有读懂" in html
    assert "class='n'" not in html


def test_nothing_typed_becomes_markup(assistant: Assistant) -> None:
    session = Session().say(assistant, "<script>alert(1)</script><img src=x onerror=alert(1)> [x](http://x) $$y$$ AUM大于5万")
    answer = session.last
    for language in ("zh", "en"):
        shown = understanding(answer, language) + chat(session.answers, language) + tables(answer, language)  # type: ignore[arg-type]
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


def test_an_empty_page_says_what_to_do() -> None:
    assert "card empty" in understanding(None, "zh")
    assert "chat empty" in chat((), "en")
    assert not tables(None, "zh") + findings(None, "zh") + definitions(None, "zh") + sql_text(None)


def test_definitions_and_sql(assistant: Assistant) -> None:
    session = Session().say(assistant, REQUEST_A)
    assert "mobile_active" in definitions(session.last, "zh")
    assert "SELECT" in sql_text(session.last)


def test_a_drafted_tag_is_shown_in_both_languages_and_escaped(assistant: Assistant) -> None:
    answer = Session().say(assistant, "最常看的专区是理财专区 <script>alert(1)</script> 的客户").last
    assert answer is not None
    chinese, english = draft_card(answer, "zh"), draft_card(answer, "en")
    assert "偏好" in chinese
    assert "专区浏览（专区）" in chinese
    assert "preference" in english
    assert "<script>" not in chinese + english
    answered = Session().say(assistant, "AUM大于5万的客户").last
    assert answered is not None
    assert draft_card(answered, "zh") == ""


def test_a_question_is_shown_while_it_is_answered_and_the_result_before_it_is_said_to_be_so(assistant: Assistant) -> None:
    session = Session().say(assistant, "AUM大于5万的客户")
    for language in LANGUAGES:
        said = chat(session.answers, language, "<b>女客户</b>")
        assert said.index("AUM大于5万的客户") < said.index("&lt;b&gt;女客户&lt;/b&gt;") < said.index(message(language, "page.working"))
        assert message(language, "page.working") in chat((), language, "女客户")
        assert message(language, "page.of_before") in understanding(session.last, language, waiting=True)
        assert message(language, "page.of_before") not in understanding(session.last, language)
