"""Carries out what is said of persons: erasures, the terms of keeping, and what a restored desk has lost of them.

One door for commands, engine and restore (promise 14 of docs/reliability.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from socialdesk.domain.privacy import Contact, Due, Erasure, Keeping
from socialdesk.storage import copies, dossier, erasing, persons, retention, scouring
from socialdesk.storage.database import Database
from socialdesk.storage.erasing import ASKED, RETENTION, Order
from socialdesk.storage.ledger import Ledger

BATCH = 50
"""Customers that the retention takes out in one transaction."""

Kept = Callable[[str], Keeping]
"""How long a brand keeps what it knows."""


def erase(
    database: Database,
    people: Iterable[Contact],
    now: datetime,
    agent: str,
    kept: Kept,
    *,
    at_once: bool,
    logs: Path | None = None,
) -> Erasure:
    """Erase a person, from the logs of that folder as well; returns what was done.

    At once, or where a brand blocks for no time, nothing is left in the desk file, beside it and in those of its backups
    that can be opened. Raises
    ``Refused`` while a reply to them is being sent.
    """
    ledger, chosen = Ledger(database.path), list(people)
    if logs is not None:
        words = {word for one in chosen for word in dossier.words_of(database.read(), one)}
        scouring.redact_logs(logs, words)
    conversations = messages = 0
    ends: list[datetime | None] = []
    with erasing.writing(database.path) as c:
        ledger.refresh()
        for one in chosen:
            until = None if at_once else _until(kept(one.brand), now)
            order = Order(now, until, ASKED, agent)
            if one.id:
                found = erasing.erase(c, ledger, one.id, order)
                conversations, messages = conversations + found.conversations, messages + found.messages
                ends.append(until)
            elif at_once:
                messages += erasing.destroy_blocked(c, ledger, one.blocked, order)
                ends.append(None)
    if None not in ends:
        return Erasure(conversations, messages, max((end for end in ends if end), default=None))
    swept = _leave_nothing(database, now)
    strays = tuple(file.name for file in copies.strays(database.path))
    return Erasure(conversations, messages, None, *swept, strays)


def replay(path: Path, now: datetime) -> int:
    """Erase again whom a restored desk knows again, to the last byte of it; returns how many customers it met."""
    done = erasing.replay(path, now)
    if done:
        scouring.scour(path)
    return done


def keep_terms(database: Database, brands: Iterable[str], kept: Kept, now: datetime) -> Due:
    """Carry out what is due: erasures that a restore has undone, the retention of each brand, blocked ones at their end."""
    again = keep_promised(database, now)
    retired = sum(_retire(database, brand, kept(brand), now) for brand in brands)
    destroyed = 0
    if retention.blocked_due(database.read(), now):
        with erasing.writing(database.path) as c:
            destroyed = erasing.destroy_due(c, now)
    with erasing.writing(database.path) as c:
        erasing.note_look(c, now)
    _leave_no_soil(database, now)
    return Due(retired, destroyed, again)


def keep_promised(database: Database, now: datetime) -> int:
    """Carry out only what was promised before, whatever the clock says; returns how many were erased again."""
    again = replay(database.path, now)
    _mend(database)
    _leave_no_soil(database, now)
    return again


def _leave_no_soil(database: Database, now: datetime) -> None:
    soil = retention.soil(database.read())
    if soil == 1:
        _leave_nothing(database, now)
    elif soil and soil != 1 + len(scouring.closed(database.path)):
        _sweep(database, now)


def _mend(database: Database) -> None:
    with erasing.connected(database.path) as c:
        lacking = persons.unindexed_keepers(c)
    if lacking:
        with erasing.writing(database.path) as c:
            persons.index_keepers(c)


def _retire(database: Database, brand: str, keeping: Keeping, now: datetime) -> int:
    if keeping.retention is None:
        return 0
    # A customer may have written again while the desk was off: only what is as old as the term stays away.
    before = keeping.retention.before(now)
    old = list(retention.expired(database.read(), brand, before).items())
    order, ledger = Order(now, _until(keeping, now), RETENTION, "", before), Ledger(database.path)
    done = 0
    for start in range(0, len(old), BATCH):
        with erasing.writing(database.path) as c:
            ledger.refresh()
            for contact, conversations in old[start : start + BATCH]:
                done += erasing.erase(c, ledger, contact, order, conversations).conversations
    return done


def _until(keeping: Keeping, now: datetime) -> datetime | None:
    until = keeping.block.after(now)
    return until if until > now else None


def look_again(database: Database, now: datetime) -> scouring.Swept:
    """Take whom the desk has erased out of the copies that can be opened by now, since a key was given."""
    if Ledger(database.path).refresh().empty:
        return scouring.Swept()
    return _leave_nothing(database, now) if retention.soil(database.read()) == 1 else _sweep(database, now)


def _leave_nothing(database: Database, now: datetime) -> scouring.Swept:
    scouring.scour(database.path)
    return _sweep(database, now)


def _sweep(database: Database, now: datetime) -> scouring.Swept:
    swept = scouring.sweep(database.path, now)
    with erasing.writing(database.path) as c:
        scouring.remember(c, swept)
    return swept
