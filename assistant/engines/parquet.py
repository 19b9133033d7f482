"""One column as a Parquet file. Law: written by an engine of its own in memory, that never sees the bank's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assistant.errors import Fault


def write_parquet(path: Path, column: str, values: Sequence[str], numbers: bool) -> None:
    """Write a file of one column. `numbers`: the values are whole numbers and stand as 64-bit ones, else as text. Fault `engine_failed` for values that are not."""
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    kind, name, place = "BIGINT" if numbers else "VARCHAR", column.replace('"', '""'), str(path).replace("'", "''")
    try:
        connection.execute(f'CREATE TABLE handed_over ("{name}" {kind})')
        connection.execute(f"INSERT INTO handed_over SELECT CAST(unnest(?::VARCHAR[]) AS {kind})", [list(values)])
        connection.execute(f"COPY handed_over TO '{place}' (FORMAT parquet)")
    except duckdb.Error as error:
        raise Fault("engine_failed", query="parquet") from error
    finally:
        connection.close()
