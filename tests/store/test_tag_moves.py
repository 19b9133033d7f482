"""Steps of tags: the last one counts, each is audited, and two people do not take the same one twice."""

from __future__ import annotations

import pytest

from assistant.errors import UserError
from assistant.store.open import Store
from assistant.store.tag_moves import LONGEST_REASON, Move


def test_the_last_step_says_how_a_tag_stands(store: Store) -> None:
    moves = store.tag_moves
    moves.take(Move("aum_bal", "online", "deprecated", "aum_avg_m", "换口径", "wangwei"))
    moves.take(Move("age", "online", "deprecated", "", "x" * 1000, "wangwei"))
    moves.take(Move("aum_bal", "deprecated", "offline", "aum_avg_m", "已换", "dp"))
    latest = moves.latest()
    assert (latest["aum_bal"].after, latest["aum_bal"].by, latest["aum_bal"].reason) == ("offline", "dp", "已换")
    assert len(latest["age"].reason) == LONGEST_REASON
    assert [one.after for one in moves.history("aum_bal")] == ["deprecated", "offline"]


def test_a_step_from_where_a_tag_no_longer_stands_is_not_taken(store: Store) -> None:
    step = Move("aum_bal", "online", "deprecated", "", "换口径", "wangwei")
    store.tag_moves.take(step)
    with pytest.raises(UserError, match="tag_moved"):
        store.tag_moves.take(step)
    assert len(store.tag_moves.history("aum_bal")) == 1
    assert [row["text"] for row in store.audit.last(5)] == ["tags move aum_bal online deprecated"]
    assert store.audit.verify().intact
