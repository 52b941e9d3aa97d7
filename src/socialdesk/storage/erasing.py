"""Takes persons out of the desk: put aside and blocked first, or destroyed at once (promise 14 of docs/reliability.md).

Spain asks that what is erased be blocked first: kept for judges and authorities alone, then destroyed (Ley Orgánica
3/2018, article 32). What is blocked leaves every table that the desk works with for ``blocked``, which nothing shows,
searches or answers. The ledger hears of it before the first row goes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.privacy import Deed
from socialdesk.errors import Refused
from socialdesk.storage import audit, damage, persons
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import plainly
from socialdesk.storage.ledger import Act, Ledger
from socialdesk.storage.lock import turn
from socialdesk.storage.retention import LOOKED

ASKED, RETENTION = "asked", "retention"
_APPLIED, _SOILED = 1, 2
"""The rows of ``ledger_mark``."""


class Order(NamedTuple):
    """How to erase: when, until when it stays blocked (None: destroyed at once), why, and by whom.

    What was written up to ``written`` does not come back from the networks (None: up to now).
    """

    now: datetime
    until: datetime | None
    reason: str
    agent: str
    written: datetime | None = None


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that writes a desk file and leaves nothing behind what it deletes."""
    with plainly(), closing(connect(path)) as c:
        for pragma in (
            "foreign_keys=1",
            "trusted_schema=0",
            "secure_delete=1",
            "temp_store=MEMORY",
            "synchronous=FULL",
        ):
            c.execute(f"PRAGMA {pragma}")
        yield c


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Give such a connection inside a transaction, in its turn among all writers."""
    with turn(path), connected(path) as c:
        damage.refuse(path)
        c.execute("BEGIN IMMEDIATE")
        try:
            yield c
        except BaseException:
            if c.in_transaction:
                c.execute("ROLLBACK")
            raise
        c.execute("COMMIT")


def erase(
    c: sqlite3.Connection,
    ledger: Ledger,
    contact: int,
    order: Order,
    conversations: Collection[int] | None = None,
) -> persons.Found:
    """Erase a customer, or only some of their conversations; returns what was erased.

    Raises ``Refused`` while a reply to them is being sent.
    """
    found = persons.choose(c, contact, conversations)
    if c.execute(
        "SELECT 1 FROM outbox WHERE state = 'sending' AND conversation_id IN temp.gone LIMIT 1"
    ).fetchone():
        raise Refused(code="erase_sending")
    if (
        persons.there(c, ("act",))
        and c.execute(
            "SELECT 1 FROM act WHERE state = 'doing' AND conversation_id IN temp.gone LIMIT 1"
        ).fetchone()
    ):
        raise Refused(code="erase_sending")
    channel, brand, remote = _whose(c, contact)
    who = ledger.person(channel, brand, remote)
    taken = c.execute("SELECT remote_key, last_at FROM conversation WHERE id IN temp.gone").fetchall()
    act = ledger.add(
        Act(
            to_ms(order.written or order.now),
            to_ms(order.until) if order.until else 0,
            (who,) if conversations is None else (),
            tuple(ledger.thread(channel, brand, key) for key, _ in taken),
            tuple(ledger.item(channel, brand, item) for item in found.items),
            order.reason,
            last=max((last for _, last in taken), default=0),
        )
    )
    _carry_out(c, found, order, who, brand)
    mark(c, act.end)
    return found


def destroy_blocked(c: sqlite3.Connection, ledger: Ledger, ids: Collection[int], order: Order) -> int:
    """Destroy what is blocked before its term; returns how many messages there were."""
    found = c.execute(
        "SELECT id, who, brand, at, json_array_length(content, '$.message') FROM blocked"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    for number, who, brand, at, _ in found:
        act = ledger.add(Act(at, 0, (who,), (), (), order.reason))  # what they wrote since is not meant
        _destroy(c, number, who, brand, order)
        mark(c, act.end)
    return sum(messages or 0 for *_, messages in found)


def destroy_due(c: sqlite3.Connection, now: datetime) -> int:
    """Destroy what has been blocked for its term; returns how many there were."""
    found = c.execute(
        "SELECT id, who, brand, reason FROM blocked WHERE destroy_at <= ?", (to_ms(now),)
    ).fetchall()
    for number, who, brand, reason in found:
        _destroy(c, number, who, brand, Order(now, None, reason, ""))
    return len(found)


def _destroy(c: sqlite3.Connection, number: int, who: str, brand: str, order: Order) -> None:
    c.execute("DELETE FROM blocked WHERE id = ?", (number,))
    soil(c)
    line = audit.values(Deed.ERASED, order.now, order.agent, who, detail=order.reason, brand=brand)
    c.execute(audit.ADD, line)


def replay(path: Path, now: datetime) -> int:
    """Do again what a restored desk has lost of its ledger; returns how many customers it met."""
    ledger = Ledger(path).refresh()
    if ledger.empty or not _behind(path, ledger):
        return 0
    with writing(path) as c:
        ledger.refresh()
        done = _again(c, ledger, ledger.since(_mark(c)), now, told=True)
        mark(c, ledger.size)
    return done


def obey(c: sqlite3.Connection, ledger: Ledger, now: datetime) -> int:
    """Take out of a copy of the desk what is destroyed by now; returns how much that was.

    What is only blocked stays in the copy: a restore blocks it again.
    """
    acts = [act for act in ledger.since(_mark(c)) if act.until <= to_ms(now)]
    done = _again(c, ledger, acts, now, told=False)
    if persons.there(c, ("blocked",)):
        done += c.execute("DELETE FROM blocked WHERE destroy_at <= ?", (to_ms(now),)).rowcount
    return done


def _again(c: sqlite3.Connection, ledger: Ledger, acts: Collection[Act], now: datetime, *, told: bool) -> int:
    people = {who: act for act in acts for who in act.who}
    threads = {thread: act for act in acts for thread in act.threads}
    done = 0
    for number, channel, brand, remote in list(persons.contacts(c)):
        who = ledger.person(channel, brand, remote)
        theirs = _threads(c, ledger, number, channel, brand, threads, to_ms(now))
        act = people.get(who) or next(iter(theirs.values()), None)
        if act is None:
            continue
        until = from_ms(act.until) if act.until > to_ms(now) else None
        wanted = _before(c, number, act, to_ms(now)) if who in people else theirs
        if wanted is not None and not wanted:
            continue
        found = persons.choose(c, number, wanted)
        _carry_out(c, found, Order(now, until, act.reason, ""), who, brand, told=told)
        done += 1
    if persons.there(c, ("blocked",)):
        for who, act in people.items():
            if not act.until:
                done += c.execute("DELETE FROM blocked WHERE who = ? AND at <= ?", (who, act.at)).rowcount
    return done


def _before(c: sqlite3.Connection, contact: int, act: Act, now: int) -> list[int] | None:
    """Return a customer's conversations up to that act; None where those are all: whoever came back is one again."""
    own = c.execute("SELECT id, last_at FROM conversation WHERE contact_id = ?", (contact,)).fetchall()
    before = [number for number, last in own if _is_old(last, act, now)]
    return None if len(before) == len(own) else before


def _is_old(last: int, act: Act, now: int) -> bool:
    """Say whether a conversation ended before an act; one that ends in the future has a wrong clock's time."""
    return last <= act.counts_until(now) or last > now


def _threads(
    c: sqlite3.Connection,
    ledger: Ledger,
    contact: int,
    channel: str,
    brand: str,
    acts: Mapping[str, Act],
    now: int,
) -> dict[int, Act]:
    """Return those conversations of a customer that acts name and in which nothing is newer, with the acts."""
    if not acts:
        return {}
    own = c.execute("SELECT id, remote_key, last_at FROM conversation WHERE contact_id = ?", (contact,))
    named = (
        (number, acts.get(ledger.thread(channel, brand, key)), last) for number, key, last in own.fetchall()
    )
    return {number: act for number, act, last in named if act is not None and _is_old(last, act, now)}


def _carry_out(
    c: sqlite3.Connection, found: persons.Found, order: Order, who: str, brand: str, *, told: bool = True
) -> None:
    if order.until is not None:
        content = json.dumps(persons.rows(c), ensure_ascii=False)
        c.execute(
            "INSERT INTO blocked(who, brand, reason, at, destroy_at, content) VALUES (?, ?, ?, ?, ?, ?)",
            (who, brand, order.reason, to_ms(order.now), to_ms(order.until), content),
        )
    persons.remove(c, found.thorough)
    if order.until is None:
        soil(c)
    if told:
        deed = Deed.ERASED if order.until is None else Deed.BLOCKED
        c.execute(
            audit.ADD, audit.values(deed, order.now, order.agent, who, detail=order.reason, brand=brand)
        )


def _whose(c: sqlite3.Connection, contact: int) -> tuple[str, str, str]:
    row = c.execute(
        "SELECT a.channel, b.name, p.remote_id FROM contact p JOIN account a ON a.id = p.account_id"
        " JOIN brand b ON b.id = a.brand_id WHERE p.id = ?",
        (contact,),
    ).fetchone()
    return str(row[0]), str(row[1]), str(row[2])


def _behind(path: Path, ledger: Ledger) -> bool:
    with connected(path) as c:
        return _mark(c) != ledger.size


def _mark(c: sqlite3.Connection) -> int:
    if not persons.there(c, ("ledger_mark",)):
        return 0
    row = c.execute("SELECT applied FROM ledger_mark WHERE id = ?", (_APPLIED,)).fetchone()
    return 0 if row is None else int(row[0])


def mark(c: sqlite3.Connection, applied: int) -> None:
    """Remember how far the ledger was carried out."""
    c.execute("INSERT OR REPLACE INTO ledger_mark(id, applied) VALUES (?, ?)", (_APPLIED, applied))


def soil(c: sqlite3.Connection) -> None:
    """Remember, with what was destroyed, that bytes of it are left until everything was scoured and swept."""
    if persons.there(c, ("ledger_mark",)):
        c.execute("INSERT OR REPLACE INTO ledger_mark(id, applied) VALUES (?, 1)", (_SOILED,))


def clean(c: sqlite3.Connection) -> None:
    """Remember that nothing is left."""
    c.execute("DELETE FROM ledger_mark WHERE id = ?", (_SOILED,))


def note_look(c: sqlite3.Connection, now: datetime) -> None:
    """Remember when the terms were looked after."""
    c.execute("INSERT OR REPLACE INTO ledger_mark(id, applied) VALUES (?, ?)", (LOOKED, to_ms(now)))
