"""Reads that serve inside a write and outside of it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from socialdesk.storage.database import Reader, Row

if TYPE_CHECKING:
    from sqlalchemy import Connection

Source = Union[Reader, "Connection"]
"""A reader, or the connection of a write, which sees what the write has done."""


def rows(source: Source, sql: str, params: dict[str, Any] | None = None) -> list[Row]:
    """Return every row; parameters are ``:name``."""
    if isinstance(source, Reader):
        return source.all(sql, params)
    # Past SQLAlchemy, in the same transaction: its rows cost more than the query where there are 100,000.
    driver: Any = source.connection.driver_connection
    found: list[Row] = driver.execute(sql, params or {}).fetchall()
    return found


def one(source: Source, sql: str, params: dict[str, Any] | None = None) -> Row | None:
    """Return the first row, or None."""
    found = rows(source, sql, params)
    return found[0] if found else None
