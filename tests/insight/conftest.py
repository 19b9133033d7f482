"""The small bank of the SQL tests, where an insight is checked against counted rows."""

from tests.sql.conftest import small_engine

__all__ = ["small_engine"]
