"""One column as Parquet: what goes in comes out, in its type."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assistant.engines.parquet import write_parquet
from assistant.errors import Fault


@pytest.mark.parametrize(
    ("values", "numbers", "wanted"),
    [
        (("1", "9007199254740993"), True, [1, 9007199254740993]),
        (("007", "a'b\"c", "，"), False, ["007", "a'b\"c", "，"]),
        ((), True, []),
    ],
)
def test_what_goes_in_comes_out(tmp_path: Path, values: tuple[str, ...], numbers: bool, wanted: list[object]) -> None:
    path = tmp_path / "it's.parquet"
    write_parquet(path, 'the "key"', values, numbers)
    found = duckdb.read_parquet(str(path))
    assert found.columns == ['the "key"']
    assert [str(one) for one in found.types] == ["BIGINT" if numbers else "VARCHAR"]
    assert [one for (one,) in found.fetchall()] == wanted


def test_what_is_no_number_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="engine_failed"):
        write_parquet(tmp_path / "a.parquet", "one_id", ("1", "x"), True)
