"""What a narrative says may be typed next is read as it stands, and answered: every sentence of every kind of answer, in both languages."""

from __future__ import annotations

import pytest

from assistant.app.offers import offered
from assistant.catalog.model import LANGUAGES
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant

REQUESTS = (
    "有房贷的客户",
    "有房贷的客户是什么样的人",
    "AUM大于1万的客户和去年同期相比",
    "9月中旬浏览贷款专区的客户为什么变多了",
    "9月中旬浏览贷款专区的客户，我猜是有按揭的",
    "AUM大于1万的客户，我猜是女性",
    "最近有什么异常",
    "有房贷的客户按分行看",
    "上海分行的客户按支行看",
    "AUM大于1万的客户的户均AUM是多少",
    "AUM大于1万的客户看16宫格",
    "客户等级从上月末到现在的迁移",
    "年龄大于50的客户，我要大约800人",
    "近30天登录手机银行超过10次的客户，我要大约300人",
    "AUM大于50亿且有房贷的客户",
    "AUM大于50亿的客户",
    "所有客户",
    "白金客户和年龄、AUM相近的客户比有什么特点",
    "近30天登录过手机银行的客户有什么特点",
    "白金客户有什么特点",
    "女性客户和男性客户比",
    "代发客户，我猜是有按揭的",
    "白金客户的客户等级从6月末到现在的迁移",
)


@pytest.mark.parametrize("request_text", REQUESTS)
def test_every_suggested_sentence_is_answered(assistant: Assistant, request_text: str) -> None:
    answer, conversation = assistant.ask(request_text, Conversation())
    assert answer.outcome == "answered", request_text
    assert answer.facts is not None
    for language in LANGUAGES:
        suggested = [fact.value for fact in answer.facts if fact.id.startswith(f"next.{language}.")]
        for sentence in suggested:
            assert isinstance(sentence, str)
            assert sentence in answer.narrative[language].text
            following, _ = assistant.ask(sentence, conversation)
            assert following.outcome == "answered", sentence
            assert following.count is not None, sentence
            assert answer.count is not None
            if following.rule != answer.rule:
                assert following.count.n != answer.count.n, f"{sentence}: leaves the segment as it is"


def test_most_answers_lead_on(assistant: Assistant) -> None:
    leading = 0
    for request_text in REQUESTS:
        answer, _ = assistant.ask(request_text, Conversation())
        assert answer.facts is not None
        leading += any(fact.id.startswith("next.") for fact in answer.facts) or bool(offered(answer))
    assert leading >= len(REQUESTS) - 1
