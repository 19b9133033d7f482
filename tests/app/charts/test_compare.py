"""The waterfall runs from the count then to the count now; hidden parts leave no picture."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.charts.pictures import pictures
from assistant.insight.compare import Comparison
from assistant.insight.requested import those
from assistant.pipeline import Assistant
from assistant.policy import Identity

TEXT = "近30天登录过手机银行且AUM大于1万的客户，和去年同期比"


def test_the_steps_lead_from_then_to_now(assistant: Assistant) -> None:
    answer, _ = assistant.ask(TEXT)
    (found,) = those(answer.insights, Comparison)
    picture = pictures(answer, "en")[0]
    (flow,) = picture.figure.data
    assert flow.x[0] == found.count_then
    assert sum(flow.x[:-1]) == flow.x[-1] == found.count_now
    assert flow.measure[0] == "absolute"
    assert flow.measure[-1] == "total"
    start, end = picture.figure.layout.xaxis.range
    assert start < min(found.count_then, found.count_now) <= end


def test_hidden_parts_leave_no_picture_of_them(assistant: Assistant) -> None:
    limited = replace(assistant, identity=Identity("someone", "analyst"))
    answer, _ = limited.ask(TEXT)
    assert all(picture.figure.data[0].type == "bar" for picture in pictures(answer, "zh"))


def test_the_newcomers_stand_beside_those_who_were_in(assistant: Assistant) -> None:
    answer, _ = assistant.ask("持有产品种类数大于2的客户和去年同期比")
    (found,) = those(answer.insights, Comparison)
    assert found.traits
    came, were = pictures(answer, "zh")[1].figure.data
    assert list(came.x) == [float(trait.share) for trait in found.traits]
    assert list(were.x) == [float(trait.rest_share) for trait in found.traits]
