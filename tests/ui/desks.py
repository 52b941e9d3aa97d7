"""Small desks for the screens' tests, on a real database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.connectors.contract import Capabilities, Limit
from socialdesk.desk import Desk
from socialdesk.domain.models import Direction, Kind
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest

ALLOWED = Capabilities(public_limit=Limit(300), private_limit=Limit(1000))
"""What the test network allows."""


class TestDesk:
    """A desk with one brand, Café Luna, on one network."""

    __test__ = False

    def __init__(self, path: Path, clock: ManualClock, config: Config) -> None:
        self.clock = clock
        self.config = config
        self.database = Database(path)
        self.desk = Desk(self.database, clock, config)
        self.account = self.desk.add_account("demo", "luna", "Café Luna", {}, {}, None)
        self._number = 0

    def hear(
        self,
        customer: str,
        text: str,
        minutes_ago: float = 1,
        *,
        name: str = "",
        out: bool = False,
        private: bool = False,
        kind: Kind = Kind.MENTION,
    ) -> int:
        """Let a customer (or, ``out``, the brand) have written; returns the conversation's id."""
        self._number += 1
        person = Person(customer, customer, name)
        item = Incoming(
            id=f"m{self._number}",
            conversation=f"c-{customer}",
            direction=Direction.OUT if out else Direction.IN,
            at=self.clock.now() - timedelta(minutes=minutes_ago),
            author=Person("brand", "cafeluna", "Café Luna") if out else person,
            contact=person,
            text=text,
            kind=kind,
            private=private,
            language="es",
        )
        return self.take([item])[0]

    def take(self, items: Sequence[Incoming]) -> list[int]:
        """Store messages as the engine would."""
        with self.database.write() as connection:
            return sorted(ingest(connection, self.account, items, self.clock.now()))

    def texts(self) -> list[tuple[str, str]]:
        """Return the outbox: state and text."""
        return [(str(item.state), item.text) for item in self.desk.outbox(all_states=True)]


def customers(desk: TestDesk, number: int) -> list[int]:
    """Let that many customers write, the first the longest ago; returns their conversations, most urgent first."""
    return [
        desk.hear(f"user{n:02}", f"Question number {n}", minutes_ago=400 - n, name=f"User {n:02}")
        for n in range(number)
    ]


def hour(clock: ManualClock) -> datetime:
    """Return the test's present."""
    return clock.now()
