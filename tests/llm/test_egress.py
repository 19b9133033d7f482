"""What left is on record before it leaves, without its words; what names a person is struck out."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.llm.chat import Prompt
from assistant.llm.egress import FileEgress, sent, without_identifiers

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
PROMPT = Prompt("只回答JSON", "资产五十万以上的客户", id="interpret", version=2, sha256="ab12", codes=("aum", "age"))


def test_a_line_names_the_call_and_repeats_no_words(tmp_path: Path) -> None:
    path = tmp_path / "new" / "egress.jsonl"
    log = FileEgress(path)
    for _ in range(2):
        log.record(sent(PROMPT, "model.bank", "qwen", lambda: NOW))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == 2 * [
        {
            "at": "2026-01-31T12:00:00.000+00:00",
            "host": "model.bank",
            "model": "qwen",
            "prompt": "interpret.v2",
            "sha256": "ab12",
            "fingerprint": PROMPT.fingerprint,
            "characters": len(PROMPT.system) + len(PROMPT.user),
            "codes": ["aum", "age"],
        }
    ]
    assert "五十万" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_fingerprint_is_of_all_that_is_said() -> None:
    same = Prompt("只回答JSON", "资产五十万以上的客户")
    assert PROMPT.fingerprint == same.fingerprint
    others = [
        Prompt("只回答", "资产五十万以上的客户"),
        Prompt("只回答JSON", "资产"),
        Prompt("只回答JSON", "资产五十万以上的客户", (("a", "b"),)),
    ]
    assert len({PROMPT.fingerprint, *(one.fingerprint for one in others)}) == 4


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("身份证11010519491231002X的客户", "身份证******************的客户"),
        ("手机13812345678有没有", "手机***********有没有"),
        ("卡号6222020200112233445，资产50万", "卡号*******************，资产50万"),
        ("a.b-c@bank.com.cn 的客户", "***************** 的客户"),
        ("mobile 13812345678.", "mobile ***********."),
        ("客户10000123为什么在里面", "客户********为什么在里面"),
        ("客户号：10000123", "客户号：********"),
        ("why is customer no. 10000123 in", "why is customer no. ******** in"),
    ],
)
def test_what_names_a_person_is_struck_out(said: str, left: str) -> None:
    assert without_identifiers(said) == left
    assert len(left) == len(said)


@pytest.mark.parametrize(
    "said",
    [
        "资产50000000元以上",
        "2025-12-31之前",
        "近90天转账20笔、共300000.00元",
        "AUM over 1,000,000,000",
        "10000000000元",
        "20250101到20251231",
    ],
)
def test_amounts_and_dates_stay(said: str) -> None:
    assert without_identifiers(said) == said
