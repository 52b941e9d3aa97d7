"""The rows of ``contact`` and the index of their names, which change together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from socialdesk.storage.incoming import Person
from socialdesk.storage.situations import split

ROBOT = "bot"
"""The tag of a contact that the network marks as a robot, beside a person's own tags."""


class Stored(NamedTuple):
    """What is stored of a customer."""

    id: int
    handle: str
    name: str
    tags: str
    reach: int | None


def keep(connection: Connection, account_id: int, people: Iterable[Person]) -> dict[str, int]:
    """Store customers, new or renamed; returns the id of each by remote id."""
    unique = {person.id: person for person in people}
    if not unique:
        return {}
    stored = _find(connection, account_id, unique)
    news = [person for person in unique.values() if _differs(stored.get(person.id), person)]
    if news:
        _forget(connection, [stored[person.id] for person in news if person.id in stored])
        _write(connection, account_id, news)
        written = _find(connection, account_id, [person.id for person in news])
        _index(connection, [row.id for row in written.values()])
        stored |= written
    return {remote_id: row.id for remote_id, row in stored.items()}


def _differs(stored: Stored | None, person: Person) -> bool:
    if stored is None or (stored.handle, stored.name) != (person.handle, person.name):
        return True
    if person.reach is not None and person.reach != stored.reach:
        return True
    return person.robot and ROBOT not in split(stored.tags)


def _find(connection: Connection, account_id: int, remote_ids: Iterable[str]) -> dict[str, Stored]:
    rows = connection.exec_driver_sql(
        "SELECT remote_id, id, handle, name, tags, reach FROM contact"
        " WHERE account_id = ? AND remote_id IN (SELECT value FROM json_each(?))",
        (account_id, json.dumps(list(remote_ids))),
    )
    return {row[0]: Stored(*row[1:]) for row in rows.all()}


def _write(connection: Connection, account_id: int, people: Sequence[Person]) -> None:
    connection.exec_driver_sql(
        "INSERT INTO contact(account_id, remote_id, handle, name, tags, reach) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(account_id, remote_id) DO UPDATE SET handle = excluded.handle, name = excluded.name,"
        " reach = coalesce(excluded.reach, contact.reach),"
        " tags = CASE WHEN excluded.tags = '' OR ',' || replace(contact.tags, ' ', '') || ',' LIKE '%,bot,%'"
        " THEN contact.tags WHEN contact.tags = '' THEN excluded.tags ELSE contact.tags || ', ' || excluded.tags END",
        [
            (account_id, person.id, person.handle, person.name, ROBOT if person.robot else "", person.reach)
            for person in people
        ],
    )


def _index(connection: Connection, ids: Sequence[int]) -> None:
    """Put customers into the index of names, in one statement: FTS5 writes out what it has after each one."""
    connection.exec_driver_sql(
        "INSERT INTO contact_fts(rowid, handle, name) SELECT p.id, p.handle, p.name FROM json_each(?) j"
        " CROSS JOIN contact p ON p.id = j.value",
        (json.dumps(ids),),
    )


def _forget(connection: Connection, renamed: Sequence[Stored]) -> None:
    if renamed:
        connection.exec_driver_sql(
            "INSERT INTO contact_fts(contact_fts, rowid, handle, name) VALUES ('delete', ?, ?, ?)",
            [(row.id, row.handle, row.name) for row in renamed],
        )
