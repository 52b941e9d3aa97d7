"""A desk with accounts on servers of this machine, and its engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from socialdesk import paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.connectors import registry
from socialdesk.desk import Desk
from socialdesk.domain.models import State, View
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync.engine import Engine

ALL = View("all")


class Office:
    """The desk; each account's secret stands in the environment under its name."""

    def __init__(self) -> None:
        self.places = paths.find()
        self.places.database.parent.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.places.database)
        self.config = Config(undo=timedelta(0), allow_private_hosts=True)
        self.desk = Desk(self.database, SystemClock(), self.config)
        self.environment: dict[str, str] = {}

    def add(self, connector: str, name: str, options: Mapping[str, str], secret: str, value: str) -> None:
        """Add an account with one secret."""
        self.environment[name.upper()] = value
        self.desk.add_account(connector, name, name, options, {secret: f"env:{name.upper()}"}, None)

    def rows(self, state: State | None = None) -> list[Any]:
        """The conversations, or those in that state."""
        found = self.desk.queue(ALL, limit=10_000).rows
        return [row for row in found if state is None or row.state is state]

    def heard(self) -> int:
        """How many customers' messages are on the desk."""
        return int(self.database.read().all("SELECT count(*) FROM message WHERE direction = 'in'")[0][0])

    async def answer_all(self) -> None:
        """Answer whoever waits and has no answer on its way."""
        under_way = {one.conversation_id for one in self.desk.outbox()}
        for row in await asyncio.to_thread(self.rows, State.WAITING):
            if row.id not in under_way:
                self.desk.reply(row.id, f"respuesta a: {row.preview}", now=True)

    @asynccontextmanager
    async def at_work(self, transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Engine]:
        """The engine runs meanwhile; ``transport`` stands between it and the servers that speak HTTP."""
        secrets = Secrets(self.places.data / "secrets", environment=self.environment)
        engine = Engine(
            self.database,
            registry.load,
            secrets,
            SystemClock(),
            self.config,
            self.places,
            transport=transport,
        )
        stop = asyncio.Event()
        running = asyncio.create_task(engine.run(stop))
        try:
            yield engine
        finally:
            stop.set()
            await running
