"""A refresh as a signed message: counts and names, small groups hidden from everybody, checked as Standard Webhooks says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, date, datetime

import pytest

from assistant.app.webhook.message import headers_of, message_of
from assistant.pipeline import Assistant
from assistant.rule.canonical import Json
from assistant.rule.tree import TagCondition
from assistant.store.segment import Refresh, SavedSegment, Version

OLD, NEW = date(2026, 8, 24), date(2026, 9, 24)
NODE = TagCondition(tag="cc_flag", operator="=", value=True)
SEGMENT = SavedSegment("5a", "理财潜客", "li", "", False, False, (Version(2, NODE, "living", "x", "li", "", OLD, "c"),))


def told(assistant: Assistant, before: int, count: int, joined: int | None, left: int | None) -> dict[str, Json]:
    refreshes = (
        Refresh(6, 2, OLD, "2026-08-25T01:00:00+00:00", "li", (), before),
        Refresh(7, 2, NEW, "2026-09-25T01:00:00+00:00", "li", (), count, joined, left),
    )
    made = message_of(SEGMENT, refreshes, 1, assistant.catalog.policy)
    assert made.id == "5a.7"
    found = json.loads(made.body)
    assert found["id"] == made.id
    return dict(found["data"])


def test_it_says_what_changed(assistant: Assistant) -> None:
    data = told(assistant, 1000, 1100, 150, 50)
    assert data["segment"] == {"id": "5a", "name": "理财潜客", "owner": "li", "version": 2}
    assert [data[name] for name in ("as_of", "since", "count", "before", "joined", "left", "alert")] == [
        "2026-09-24", "2026-08-24", 1100, 1000, 150, 50, True,
    ]  # fmt: skip
    assert "1,000" in data["text"]["en"]
    assert "150" in data["text"]["zh"]


@pytest.mark.parametrize(
    ("before", "count", "joined", "left"),
    [(1000, 1005, 5, 0), (1000, 985, 0, 15), (1000, 10, 0, 990), (10, 1000, 990, 0), (100, 110, 100, 90)],
)
def test_no_small_group_is_told_nor_follows(assistant: Assistant, before: int, count: int, joined: int, left: int) -> None:
    data = told(assistant, before, count, joined, left)
    shown = [data[name] for name in ("before", "joined", "left") if isinstance(data[name], int)]
    assert not shown
    assert isinstance(data["count"], int) is (count >= assistant.catalog.policy.minimum_cell)
    assert not any(str(one) in data["text"]["en"].replace(",", "") for one in (joined, left) if one)


def test_what_cannot_be_compared_and_the_first_count(assistant: Assistant) -> None:
    data = told(assistant, 1000, 1100, None, None)
    assert [data[name] for name in ("count", "before", "joined", "left", "alert")] == [1100, None, None, None, False]
    first = message_of(SEGMENT, (Refresh(1, 1, NEW, "", "li", (), 50),), 0, assistant.catalog.policy)
    data = json.loads(first.body)["data"]
    assert (data["since"], data["text"], data["count"]) == (None, None, 50)


def test_a_receiver_can_check_it(assistant: Assistant) -> None:
    one = message_of(SEGMENT, (Refresh(1, 1, NEW, "", "li", (), 50),), 0, assistant.catalog.policy)
    key = bytes(range(32))
    headers = headers_of(one, key, datetime(2026, 9, 25, 1, tzinfo=UTC))
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("5a.1", "1790298000")
    signed = b"5a.1.1790298000." + one.body
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers_of(one, key[1:], datetime(2026, 9, 25, 1, tzinfo=UTC))["webhook-signature"] != headers["webhook-signature"]
