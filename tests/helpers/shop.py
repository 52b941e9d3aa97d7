"""A desk to try, with customers who write to it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from socialdesk.calendars.spec import PolicySpec
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Delivery, Direction
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest
from socialdesk.storage.steps import move

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday, 13:00 in Madrid."""
HOUR = timedelta(hours=1)


class Shop:
    """A desk with one account, and a customer who writes to it."""

    def __init__(self, database: Database, promised: PolicySpec | None = None) -> None:
        self.database = database
        self.clock = ManualClock(NOW)
        self.desk = Desk(database, self.clock, Config(agent="eva", promised=promised))
        self.sources: dict[str, Source] = {}
        self.written = 0

    def account(self, name: str, connector: str = "demo", brand: str = "Lola") -> Source:
        """Add an account, once."""
        if name not in self.sources:
            added = self.desk.add_account(connector, name, brand, {}, {}, None)
            self.sources[name] = Source(added.id, added.brand_id, added.connector)
        return self.sources[name]

    def write(
        self,
        text: str = "hola",
        *,
        who: str = "ana",
        ago: timedelta = timedelta(),
        account: str = "lola",
        connector: str = "demo",
        out: bool = False,
        private: bool = False,
        named: str = "",
        **more: Any,
    ) -> int:
        """Receive a message of a customer's conversation, or one of ours; returns the conversation's id, or 0.

        0 says that nothing has changed. ``named`` is its id on the network; ``more`` are other fields of the message.
        """
        self.written += 1
        ana = Person(who, who)
        item = Incoming(
            named or f"m{self.written}",
            who,
            Direction.OUT if out else Direction.IN,
            self.clock.now() - ago,
            ana,
            ana,
            text,
            private=private,
            **more,
        )
        source = self.account(account, connector)
        with self.database.write() as connection:
            return next(iter(ingest(connection, source, [item], self.clock.now())), 0)

    def move(self, outbox_id: int, *states: Delivery) -> None:
        """Let the sender take a reply through these states."""
        with self.database.write() as connection:
            for current, target in itertools.pairwise(states):
                assert move(connection, outbox_id, current, target)

    def later(self, hours: float) -> None:
        """Let so many hours pass."""
        self.clock.moment += hours * HOUR
