"""Bars are Facts, in the order of the tables; words in them are escaped."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.charts.funnel import funnel_chart
from assistant.app.charts.monitor import MOST_DRAWN
from assistant.app.charts.pictures import pictures
from assistant.app.view import as_json, as_text
from assistant.catalog.model import LANGUAGES
from assistant.insight.monitor import Monitor
from assistant.insight.requested import those
from assistant.insight.sizing import Sizing
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant
from assistant.policy import Identity


def test_the_funnel_shows_what_remains(assistant: Assistant) -> None:
    answer, _ = assistant.ask("手机银行活跃客户中活期存款大于5万的")
    figure = funnel_chart(answer, "zh")
    assert figure is not None
    assert answer.facts is not None
    assert answer.count is not None
    assert list(figure.data[0].x) == [answer.facts["funnel.base"].value, answer.facts["funnel.0.remaining"].value, answer.count.n]


def test_hidden_rows_are_not_drawn(assistant: Assistant) -> None:
    limited = replace(assistant, identity=Identity("someone", "analyst"))
    _, conversation = limited.ask("AUM大于5万的客户", Conversation())
    answer, _ = limited.ask("按支行看有多少", conversation)
    for picture in pictures(answer, "en"):
        assert all(length >= 20 for length in picture.figure.data[0].x)


def test_the_persona_has_two_series(assistant: Assistant) -> None:
    _, conversation = assistant.ask("AUM大于5万的客户", Conversation())
    answer, _ = assistant.ask("他们是什么样的人?", conversation)
    (picture,) = pictures(answer, "zh")
    figure = picture.figure
    assert len(figure.data) == 2
    assert all(0 <= length <= 1 for series in figure.data for length in series.x)


def test_words_are_escaped(assistant: Assistant) -> None:
    answer, _ = assistant.ask("AUM大于5万的客户")
    name = answer.catalog.header.base_population.name.model_copy(update={"zh": "<a href='x'>全部</a>"})
    base = answer.catalog.header.base_population.model_copy(update={"name": name})
    catalog = replace(answer.catalog, header=answer.catalog.header.model_copy(update={"base_population": base}))
    figure = funnel_chart(replace(answer, catalog=catalog), "zh")
    assert figure is not None
    assert "<a" not in "".join(figure.layout.yaxis.ticktext).replace("<br>", "")


def test_nothing_to_draw(assistant: Assistant) -> None:
    answer, _ = assistant.ask("人民路支行的客户")
    assert funnel_chart(answer, "zh") is None
    assert pictures(answer, "zh") == ()


def test_what_is_going_on_is_drawn_over_what_was_expected(assistant: Assistant) -> None:
    answer, _ = assistant.ask("最近有什么异常？")
    assert answer.outcome == "answered"
    (found,) = [one for one in answer.insights if isinstance(one, Monitor)]
    for picture in pictures(answer, "zh"):
        drawn = min(len(found.episodes), MOST_DRAWN)
        assert len(picture.figure.data) == 4 * drawn
        assert len(picture.figure.layout.shapes) == drawn
    (wired,) = [as_json(answer)["monitor"]]
    assert isinstance(wired, dict)
    assert wired["series"] == found.tried
    assert isinstance(wired["episodes"], list)
    assert len(wired["episodes"]) == len(found.episodes)
    for language in LANGUAGES:
        assert "{" not in as_text(answer, language)


def test_a_sizing_is_a_line_on_which_now_and_the_proposal_are_marked(assistant: Assistant) -> None:
    answer, _ = assistant.ask("AUM大于20万的客户凑够200人", Conversation())
    assert answer.count is not None
    (found,) = those(answer.insights, Sizing)
    (picture,) = pictures(answer, "zh")
    line, now, proposed = picture.figure.data
    best = found.proposals[0]
    assert list(line.y) == [point.n for point in found.curves[best.curve].points]
    assert list(now.y) == [answer.count.n]
    assert list(proposed.y) == [best.point.n]
    assert picture.figure.layout.shapes[0].y0 == 200


def test_a_curve_leaves_out_groups_too_small_to_be_shown(assistant: Assistant) -> None:
    limited = replace(assistant, identity=Identity("someone", "analyst"))
    answer, _ = limited.ask("AUM大于20万的客户凑够200人", Conversation())
    (picture,) = pictures(answer, "en")
    assert all(n == 0 or n >= 20 for n in picture.figure.data[0].y)
    assert as_json(answer)["sizing"]
    assert as_text(answer, "en")
