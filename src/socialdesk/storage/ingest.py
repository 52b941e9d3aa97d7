"""Takes messages in, as often and in whatever order they come, with the same result (NEEDS A1, A4, B4).

A message is known by (account, remote id): the same one again is a no-op, the same one with another text an edit,
and what is gone from the network leaves a tombstone. Everything is set-based, a handful of statements a batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from socialdesk.domain.models import Account, Box, Direction
from socialdesk.domain.priority import to_ms
from socialdesk.storage import contacts, kin, marked, messages, waits
from socialdesk.storage.incoming import Incoming, Person, Source


@dataclass(slots=True)
class Changes:
    """What storing has touched, for ``finish``: ``fresh`` messages still lack their place in the text index."""

    touched: set[int] = field(default_factory=set)
    woken: set[int] = field(default_factory=set)
    languages: dict[int, str] = field(default_factory=dict)
    fresh: list[int] = field(default_factory=list)


def ingest(
    connection: Connection,
    account: Account | Source,
    items: Sequence[Incoming],
    now: datetime,
) -> set[int]:
    """Store messages of one account and recompute the waits they touch; returns the ids of those conversations.

    Runs inside the caller's transaction. An ``at`` after ``now`` counts as ``now``.
    """
    changes = Changes()
    store(connection, account, items, now, changes)
    finish(connection, changes)
    return changes.touched


def store(
    connection: Connection,
    account: Account | Source,
    items: Sequence[Incoming],
    now: datetime,
    changes: Changes,
) -> None:
    """Store messages and add to ``changes``; ``finish`` must follow in the same transaction."""
    for batch in _without_repeats(items):
        _store(connection, account, batch, to_ms(now), changes)


def finish(connection: Connection, changes: Changes) -> None:
    """Index the texts and recompute the waits, once for all that was stored: that is what makes an import quick."""
    _index(connection, changes)
    waits.refresh(connection, changes.touched, woken=changes.woken, languages=changes.languages)
    kin.hold_scheduled(connection, changes.woken)


def _index(connection: Connection, changes: Changes) -> None:
    messages.index(connection, changes.fresh)
    changes.fresh.clear()


def _without_repeats(items: Sequence[Incoming]) -> Iterator[dict[str, Incoming]]:
    """Cut the items into runs in which no id comes twice."""
    batch: dict[str, Incoming] = {}
    for item in items:
        if item.id in batch:
            yield batch
            batch = {}
        batch[item.id] = item
    if batch:
        yield batch


def _store(
    connection: Connection,
    account: Account | Source,
    batch: dict[str, Incoming],
    now: int,
    changes: Changes,
) -> None:
    stored = messages.find(connection, account.id, batch)
    if known := marked.recognise(connection, account.id, (i for i in batch.values() if i.id not in stored)):
        stored |= messages.find(connection, account.id, known)
    homes_of: dict[str, int] = {}
    if stored:
        _index(connection, changes)  # what may be edited now must be in the index
        changed = [
            old for old in stored.values() if messages.change(connection, batch[old.remote_id], old, now)
        ]
        homes_of |= {old.remote_id: old.conversation_id for old in changed}
    fresh = [item for item in batch.values() if item.id not in stored]
    if fresh:
        homes = _conversations(connection, account, fresh, now)
        changes.fresh += messages.add(connection, account.id, fresh, homes, now)
        homes_of |= {item.id: homes[item.conversation] for item in fresh}
    changes.touched.update(homes_of.values())
    for remote_id, conversation in homes_of.items():
        if _speaks(batch[remote_id]):
            changes.woken.add(conversation)
            if batch[remote_id].language:
                changes.languages[conversation] = batch[remote_id].language


def _speaks(item: Incoming) -> bool:
    return item.direction is Direction.IN and not item.context and not item.deleted


def _conversations(
    connection: Connection, account: Account | Source, fresh: list[Incoming], now: int
) -> dict[str, int]:
    """Return the conversation of each key, made where it is missing."""
    customers: dict[str, Person] = {}
    for item in fresh:
        if item.contact is not None:
            customers.setdefault(item.conversation, item.contact)
    keys = {item.conversation: item for item in reversed(fresh)}
    found = _find(connection, account.id, keys)
    people = {
        key: customers.get(key) or Person(f"conversation {key}", "")
        for key in keys
        if key in customers or key not in found
    }
    ids = contacts.keep(connection, account.id, people.values())
    missing = [key for key in keys if key not in found]
    _create(connection, account, [(keys[key], ids[people[key].id]) for key in missing], now)
    nameless = [key for key, (_, known) in found.items() if not known and key in customers]
    _name(connection, [(ids[people[key].id], found[key][0]) for key in nameless])
    if missing:
        found |= _find(connection, account.id, missing)
    return {key: conversation for key, (conversation, _) in found.items()}


def _find(connection: Connection, account_id: int, keys: Any) -> dict[str, tuple[int, bool]]:
    """Return conversation id, and whether its customer is known, by key."""
    rows = connection.exec_driver_sql(
        "SELECT c.remote_key, c.id, p.handle <> '' FROM conversation c JOIN contact p ON p.id = c.contact_id"
        " WHERE c.account_id = ? AND c.remote_key IN (SELECT value FROM json_each(?))",
        (account_id, json.dumps(list(keys))),
    )
    return {key: (conversation, bool(known)) for key, conversation, known in rows.all()}


def _create(
    connection: Connection, account: Account | Source, new: list[tuple[Incoming, int]], now: int
) -> None:
    if not new:
        return
    connection.exec_driver_sql(
        "INSERT INTO conversation(account_id, brand_id, contact_id, remote_key, channel, private, box, urgency,"
        " settled_as, nudges, messages, language, preview, last_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', 0, 0, '', '', ?, ?)",
        [
            (
                account.id,
                account.brand_id,
                contact,
                item.conversation,
                account.channel,
                item.private,
                # Until somebody speaks in it there is nothing to do.
                Box.DONE.value,
                min(to_ms(item.at), now),
                now,
            )
            for item, contact in new
        ],
    )


def _name(connection: Connection, known: list[tuple[int, int]]) -> None:
    if known:
        connection.exec_driver_sql("UPDATE conversation SET contact_id = ? WHERE id = ?", known)
