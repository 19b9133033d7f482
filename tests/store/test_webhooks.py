"""How far an address has been told: marks begin where a segment stands, and only move forward."""

from __future__ import annotations

import pytest

from assistant.errors import Fault
from assistant.store.open import Store
from tests.store.test_segments import do, save


def test_marks_begin_once_and_move_forward(store: Store) -> None:
    do(store, save("甲", segment="a"), save("乙", segment="b"))
    store.webhooks.begin("x", {"a": 1})
    store.webhooks.begin("x", {"a": 7, "b": 0})
    assert (store.webhooks.mark("x", "a"), store.webhooks.mark("x", "b")) == (1, 0)
    store.webhooks.acknowledged("x", "a", 3)
    store.webhooks.acknowledged("x", "a", 2)
    store.webhooks.begin("y", {"a": 5})
    store.webhooks.begin("x", {})
    assert [store.webhooks.mark(*one) for one in (("x", "a"), ("x", "b"), ("y", "a"))] == [3, 0, 5]


def test_a_mark_is_of_a_segment_that_is_kept(store: Store) -> None:
    with pytest.raises(Fault, match="store_failed"):
        store.webhooks.begin("x", {"nothing": 1})
