"""A strict stand-in for a network, in a SQLite file so that it outlives a killed client, and a connector to it.

What it takes it keeps for good; it counts what it was given twice. Faults come from outside: requests lost before or
after they were carried out, replies that arrive late, whatever exception a script asks for.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar

import httpx

from socialdesk.connectors.contract import (
    Act,
    Author,
    Capabilities,
    Connector,
    Direction,
    Host,
    Identity,
    Item,
    Kind,
    Limit,
    Outgoing,
    Page,
    Proof,
    Raw,
    Receipt,
)
from socialdesk.connectors.notices import put, take_away

SETTLE = timedelta(seconds=30)
Fault = Exception | str
"""What a scripted call does instead of its work: raise, or ``"hang"``."""


class Network:
    """What the network holds: customers' messages and our replies."""

    def __init__(self, path: str = ":memory:", *, dedupes: bool = True) -> None:
        self.dedupes = dedupes
        self._db = sqlite3.connect(path, isolation_level=None, timeout=20)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS item(n INTEGER PRIMARY KEY, account, id, payload)")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS post(n INTEGER PRIMARY KEY, account, key, conversation, text, at, visible)"
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def customer(self, account: str, number: str, text: str, at: datetime, **more: Any) -> None:
        """A customer writes; ``more`` goes into the payload (``conversation``, ``poison``, ``deleted``)."""
        payload = {"conversation": f"c-{number}", "who": "ana", "text": text, "at": at.isoformat(), **more}
        self._db.execute(
            "INSERT INTO item(account, id, payload) VALUES (?, ?, ?)", (account, number, json.dumps(payload))
        )

    def items(self, account: str, after: int, limit: int) -> list[tuple[int, str, str]]:
        """Return what was written after that number."""
        sql = "SELECT n, id, payload FROM item WHERE account = ? AND n > ? ORDER BY n LIMIT ?"
        return self._db.execute(sql, (account, after, limit)).fetchall()

    def take(self, account: str, outgoing: Outgoing, visible: datetime) -> str:
        """Take a reply; under a key that is known, the same one again."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            known = self._db.execute(
                "SELECT n, text FROM post WHERE account = ? AND key = ?", (account, outgoing.key)
            ).fetchone()
            if known is not None and self.dedupes:
                assert known[1] == outgoing.text, "a key came back with other bytes"
                number = known[0]
            else:
                number = self._db.execute(
                    "INSERT INTO post(account, key, conversation, text, at, visible) VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        account,
                        outgoing.key,
                        outgoing.conversation,
                        outgoing.text,
                        outgoing.at.isoformat(),
                        visible.timestamp(),
                    ),
                ).lastrowid
        finally:
            self._db.execute("COMMIT")
        return f"reply-{number}"

    def find(self, account: str, key: str, now: datetime) -> str | None:
        """Return a reply that can be seen by now."""
        row = self._db.execute(
            "SELECT n FROM post WHERE account = ? AND key = ? AND visible <= ?",
            (account, key, now.timestamp()),
        ).fetchone()
        return None if row is None else f"reply-{row[0]}"

    def posts(self, account: str | None = None) -> list[str]:
        """Return the texts of all replies taken, in order, those taken twice twice."""
        rows = self._db.execute("SELECT account, text FROM post ORDER BY n").fetchall()
        return [text for owner, text in rows if account in (None, owner)]


@dataclass
class Script:
    """How one account's network behaves; all rates are between 0 and 1."""

    network: Network
    random: Random = field(default_factory=lambda: Random(1))
    lose_before: float = 0.0
    lose_after: float = 0.0
    late: float = 0.0
    lateness: timedelta = timedelta(seconds=20)
    latency: Callable[[], float] | None = None
    fetches: deque[Fault] = field(default_factory=deque)
    sends: deque[Fault] = field(default_factory=deque)
    looks: deque[Fault] = field(default_factory=deque)
    calls: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    fails_always: Exception | None = None
    lacking: tuple[str, ...] | None = None
    profile: str = ""
    room: int = 256
    notices: deque[Fault] = field(default_factory=deque)
    acts: deque[Fault] = field(default_factory=deque)


class Scripted(Connector):
    """The connector to ``Network``; made by ``connector_for``, which gives it its script."""

    name = "scripted"
    label = "Scripted"
    capabilities = Capabilities(Limit(300), Limit(1000), settle=SETTLE, poll=timedelta(seconds=30))
    scripts: ClassVar[dict[str, Script]]
    page: ClassVar[int] = 100

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.script = self.scripts[host.account]

    async def check(self) -> Identity:
        """Sign in."""
        self.script.calls.append("check")
        return Identity(f"id-{self.host.account}", f"@{self.host.account}")

    async def fetch(self, cursor: str) -> Page:
        """Return what is new."""
        self.script.calls.append("fetch")
        if self.script.fails_always is not None:
            raise self.script.fails_always
        await self._fault(self.script.fetches)
        rows = self.script.network.items(self.host.account, int(cursor or 0), self.page)
        last = str(rows[-1][0]) if rows else cursor
        return Page(
            [Raw(row[1], json.loads(row[2])) for row in rows],
            last,
            len(rows) == self.page,
            self.script.lacking,
        )

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Understand one message."""
        payload = raw.payload
        if payload.get("poison"):
            raise KeyError("author")
        who = payload["who"]
        customer = Author(who, f"@{who}", who.title(), payload.get("robot", False))
        return [
            Item(
                id=raw.id,
                conversation=payload["conversation"],
                direction=Direction.IN,
                at=datetime.fromisoformat(payload["at"]),
                author=customer,
                contact=customer,
                text=payload["text"],
                kind=Kind(payload.get("kind", "mention")),
                reply_to=payload.get("reply_to", ""),
                language=payload.get("language", ""),
                deleted=payload.get("deleted", False),
                remote={"uri": raw.id},
            )
        ]

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Hand over a reply, unless the script has other plans."""
        script = self.script
        script.calls.append(f"send {outgoing.key}")
        script.parents.append(outgoing.reply_to.get("uri", ""))
        await self._fault(script.sends)
        await self._travel()
        if script.random.random() < script.lose_before:
            raise httpx.ReadTimeout("the request was lost")
        now = self.host.clock.now()
        late = script.lateness if script.random.random() < script.late else timedelta()
        number = script.network.take(self.host.account, outgoing, now + late)
        await self._travel()
        if late or script.random.random() < script.lose_after:
            raise httpx.ReadTimeout("the answer was lost")
        return _receipt(number, outgoing, now)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look a reply up."""
        self.script.calls.append(f"look {outgoing.key}")
        await self._fault(self.script.looks)
        number = self.script.network.find(self.host.account, outgoing.key, self.host.clock.now())
        return None if number is None else _receipt(number, outgoing, None)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Do something to a message; the calls tell what was asked for."""
        self.script.calls.append(f"{'undo ' if undo else ''}{act.value} {on['uri']}")
        await self._fault(self.script.acts)

    async def publish_notice(self, words: str | None) -> None:
        """Show a notice in the profile."""
        script = self.script
        script.calls.append(f"notice {words}")
        await self._fault(script.notices)
        script.profile = (
            put(script.profile, words, Limit(script.room)) if words else take_away(script.profile)
        )

    async def _fault(self, faults: deque[Fault]) -> None:
        if not faults:
            return
        fault = faults.popleft()
        if isinstance(fault, Exception):
            raise fault
        await asyncio.Event().wait()

    async def _travel(self) -> None:
        if self.script.latency is not None:
            await asyncio.sleep(self.script.latency())


def _receipt(number: str, outgoing: Outgoing, at: datetime | None) -> Receipt:
    home = f"private-{outgoing.conversation}" if outgoing.opens else ""
    return Receipt(number, f"https://net.example/{number}", at, home, {"uri": number})


def connector_for(scripts: dict[str, Script], proof: Proof = Proof.KEY) -> type[Scripted]:
    """Return a connector class bound to those scripts (by account name), with that proof."""
    capabilities = Capabilities(
        Limit(300),
        Limit(1000),
        proof=proof,
        settle=SETTLE,
        poll=timedelta(seconds=30),
        notice=Limit(256),
        acts=frozenset({Act.LIKE, Act.BLOCK, Act.REPORT, Act.SPAM}),
        undoable=frozenset({Act.LIKE, Act.BLOCK}),
    )
    return type("Scripted", (Scripted,), {"scripts": scripts, "capabilities": capabilities})
