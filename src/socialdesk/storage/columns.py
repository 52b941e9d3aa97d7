"""The kinds of columns that the tables have."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Text
from sqlalchemy import text as sql

# Only an INTEGER primary key is SQLite's own row number, which the full-text index speaks of.
ID = BigInteger().with_variant(Integer(), "sqlite")


def time(*, null: bool = False) -> Column:  # type: ignore[type-arg]
    """Return a moment in milliseconds."""
    return Column(BigInteger, nullable=null)


def word() -> Column:  # type: ignore[type-arg]
    """Return a short text, empty at first."""
    return Column(String, nullable=False, server_default="")


def long() -> Column:  # type: ignore[type-arg]
    """Return a text of any length, empty at first."""
    return Column(Text, nullable=False, server_default="")


def flag() -> Column:  # type: ignore[type-arg]
    """Return a yes or no, no at first."""
    return Column(Boolean, nullable=False, server_default=sql("0"))
