"""What an answer is taken for: a whole chat completion or none, a wait in seconds or none."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from assistant.llm.injected import Undelivered
from assistant.llm.wire import retry_after, whole_completion
from tests.llm.endpoint import completion

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0),
        ("3", 3),
        ("1.5", 1.5),
        (" 7 ", 7),
        ("Sat, 31 Jan 2026 12:00:30 GMT", 30),
        ("Sat, 31 Jan 2026 20:00:30 +0800", 30),
        ("Sat, 31 Jan 2026 11:59:00 GMT", 0),
        ("Saturday, 31-Jan-26 12:00:10 GMT", 10),
        ("-1", None),
        ("-0.001", None),
        ("nan", None),
        ("inf", None),
        ("1e400", None),
        ("", None),
        ("soon", None),
        ("2 minutes", None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
        ("一分钟", None),
    ],
)
def test_a_wait_is_seconds_or_a_date(said: str, seconds: float | None) -> None:
    assert retry_after(said, NOW) == seconds


def test_a_completion_is_made_anew_from_what_is_read() -> None:
    read = json.loads(whole_completion(completion("好", extra="unread").encode()))
    assert read["choices"] == [{"index": 0, "message": {"role": "assistant", "content": "好"}, "finish_reason": "stop"}]
    assert read["usage"] == {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}


def test_a_completion_cut_at_any_byte_is_none() -> None:
    whole = completion("资产五十万以上").encode()
    for length in range(len(whole)):
        with pytest.raises(Undelivered) as caught:
            whole_completion(whole[:length])
        assert caught.value.failure.code == "malformed"
