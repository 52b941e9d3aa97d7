"""The SQLAlchemy engine that writes the desk file; imported at the first write only."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from socialdesk.storage.connecting import connect as open_file

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=1",
    "busy_timeout=10000",
    "trusted_schema=0",
    "cell_size_check=1",
    "secure_delete=1",
    "journal_size_limit=16777216",
    "cache_size=-16384",
)


def make_engine(path: Path) -> Engine:
    """Return an engine with one connection whose transactions begin IMMEDIATE."""

    def connect() -> sqlite3.Connection:
        connection = open_file(path, any_thread=True)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> Any:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
