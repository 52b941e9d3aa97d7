"""A desk file with accounts on a scripted network, and an engine on it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from helpers.manual import Inline, ManualPace
from helpers.network import Network, Script, Scripted, connector_for
from helpers.sealed import seal
from socialdesk import paths
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.domain.outbox import Proof
from socialdesk.domain.priority import to_ms
from socialdesk.errors import PluginError
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync.engine import Engine

STRIDE = 20.0
"""Seconds; short of what the engine takes for a machine that has slept."""


@dataclass
class Bench:
    """Everything a test of the engine needs."""

    clock: ManualClock
    proof: Proof = Proof.KEY
    config: Config = field(default_factory=Config)
    scripts: dict[str, Script] = field(default_factory=dict)
    network_file: str = ":memory:"
    sealed: bool = False

    def __post_init__(self) -> None:
        self.paths = paths.find()
        self.paths.database.parent.mkdir(parents=True, exist_ok=True)
        if self.sealed:
            seal(self.paths.database)
        self.database = Database(self.paths.database)
        self.network = Network(self.network_file, dedupes=self.proof is Proof.KEY)
        self.pace = ManualPace(self.clock)
        self.kind: type[Scripted] = connector_for(self.scripts, self.proof)

    def close(self) -> None:
        """Close both files."""
        self.database.close()
        self.network.close()

    def add(self, name: str = "shop", connector: str = "scripted", **script: Any) -> Script:
        """Add an account; ``script`` says how its network behaves."""
        now = to_ms(self.clock.now())
        with self.database.write() as c:
            c.exec_driver_sql(
                "INSERT INTO brand(name, created_at) VALUES ('Brand', ?) ON CONFLICT DO NOTHING", (now,)
            )
            c.exec_driver_sql(
                "INSERT INTO account(connector, channel, name, brand_id, remote_id, handle, options, secrets, paused, state,"
                " problem, detail, lacking, cursor, failures, created_at)"
                " VALUES (?, ?, ?, 1, '', '', '{}', '{}', 0, 'new', '', '', '[]', '', 0, ?)",
                (connector, connector, name, now),
            )
        self.scripts[name] = Script(self.network, **script)
        return self.scripts[name]

    def write(self, sql: str, *values: Any) -> None:
        """Change the desk as another process would."""
        with self.database.write() as c:
            c.exec_driver_sql(sql, values)

    def reply(
        self, text: str, *, conversation: int = 1, at: datetime | None = None, state: str = "queued"
    ) -> int:
        """Put a reply into the outbox, due now."""
        now = to_ms(self.clock.now())
        with self.database.write() as c:
            return int(
                c.exec_driver_sql(
                    "INSERT INTO outbox(conversation_id, account_id, reply_to, text, private, state, key, attempts, agent,"
                    " reason, detail, url, created_at, next_attempt_at, scheduled)"
                    " SELECT id, account_id, (SELECT max(id) FROM message WHERE conversation_id = c.id), ?, 0, ?, '', 0,"
                    " 'me', '', '', '', ?, ?, ? FROM conversation c WHERE id = ? RETURNING id",
                    (text, state, now, now if at is None else to_ms(at), at is not None, conversation),
                ).scalar_one()
            )

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the desk."""
        return self.database.read().all(sql)

    def states(self) -> list[str]:
        """Return the states of all replies."""
        return [row[0] for row in self.all("SELECT state FROM outbox ORDER BY id")]

    def account(self, name: str = "shop") -> tuple[str, str]:
        """Return an account's state and problem."""
        row = self.database.read().one("SELECT state, problem FROM account WHERE name = :n", {"n": name})
        assert row is not None
        return (row[0], row[1])

    def texts(self) -> list[str]:
        """Return the texts of all messages received, oldest first."""
        return [row[0] for row in self.all("SELECT text FROM message WHERE direction = 'in' ORDER BY id")]

    def engine(self, seed: int = 1) -> Engine:
        """Return a new engine on this desk."""

        def connectors(name: str) -> type[Scripted]:
            if name != "scripted":
                raise PluginError(f"no connector is called {name!r}")
            return self.kind

        return Engine(
            self.database,
            connectors,
            Secrets(self.paths.data / "secrets.json", environment={}),
            self.clock,
            self.config,
            self.paths,
            pace=self.pace,
            random=Random(seed),
            executor=Inline(1),
        )

    @contextlib.asynccontextmanager
    async def running(self, seed: int = 1) -> AsyncIterator[Engine]:
        """Run an engine; it is asked to leave at the end."""
        asyncio.get_running_loop().set_default_executor(Inline(1))
        engine, stop = self.engine(seed), asyncio.Event()
        task = asyncio.create_task(engine.run(stop))
        try:
            await self.pace.advance(1)
            yield engine
        finally:
            stop.set()
            await task

    @contextlib.asynccontextmanager
    async def killed(self, seed: int = 1) -> AsyncIterator[Engine]:
        """Run an engine that ends as if the machine had lost power."""
        asyncio.get_running_loop().set_default_executor(Inline(1))
        engine = self.engine(seed)
        before = asyncio.all_tasks()
        asyncio.create_task(engine.run(asyncio.Event()))  # noqa: RUF006
        await self.pace.advance(1)
        yield engine
        engine._lock.release()
        tasks = asyncio.all_tasks() - before
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=5)

    async def advance(self, seconds: float | timedelta) -> None:
        """Let time pass."""
        await self.pace.advance(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)

    async def hours(self, hours: float) -> None:
        """Let hours pass in which nothing hangs on the second: the engine looks at the desk every ``STRIDE`` only."""
        await self.pace.advance(hours * 3600, STRIDE)


def distinct(texts: Sequence[str]) -> bool:
    """Say whether no text comes twice."""
    return len(set(texts)) == len(texts)
