"""The one JSON object in a reply: whole, alone and strict, or none."""

from __future__ import annotations

import json

import pytest

from assistant.llm.replies import MAX_DEPTH, one_object

RULE = {"conditions": [{"code": "aum", "quote": "资产50万以上，含{括号}"}], "note": 'a "quoted" \\ 词'}
WHOLE = json.dumps(RULE, ensure_ascii=False)


@pytest.mark.parametrize(
    "said",
    [
        WHOLE,
        f"\ufeff{WHOLE}\n",
        f"```json\n{WHOLE}\n```",
        f"好的，结果如下：\n{WHOLE}\n以上。",
        json.dumps(RULE),
        json.dumps(RULE, indent=2),
    ],
)
def test_an_object_is_found_wherever_it_stands(said: str) -> None:
    assert one_object(said) == RULE


@pytest.mark.parametrize(
    "said",
    [
        "",
        "对不起，我不能回答",
        f"{WHOLE}{WHOLE}",
        f"```json\n{WHOLE}\n```\n```json\n{{}}\n```",
        f"[{WHOLE}]",
        f"[1] {WHOLE}",
        "[1, 2]",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1, "a": 2}',
        "{'a': 1}",
        '{"a": 1,}',
        '{"a": 1} // {',
        '{"a": "\n"}',
        '{"a": ' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1),
        "[" * 1_000_000,
        '{"a": ' + "9" * 10_000 + "}",
    ],
)
def test_anything_else_is_none(said: str) -> None:
    assert one_object(said) is None


def test_an_object_cut_at_any_byte_is_none() -> None:
    encoded = WHOLE.encode()
    for length in range(len(encoded)):
        assert one_object(encoded[:length].decode("utf-8", "replace")) is None
