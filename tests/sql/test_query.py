"""A table is read by column name, and a scalar only where there is exactly one cell."""

from __future__ import annotations

import pytest

from assistant.sql.query import Table


def test_columns_and_scalars() -> None:
    table = Table(("mask", "n"), ((0, 5), (1, 7)), "f")
    assert table.column("n") == (5, 7)
    assert Table(("n",), ((3,),), "f").scalar() == 3
    for wrong in (table, Table(("n",), (), "f")):
        with pytest.raises(ValueError, match="expected one cell"):
            wrong.scalar()
    with pytest.raises(ValueError, match="not in tuple"):
        table.column("nothing")
