"""The engine: receives and sends for all accounts of one desk, each on its own (NEEDS A1, B1).

Plain asyncio. One engine a desk at a time, by a file lock; another one waits to take over. What it shares with
screens and commands is the desk file only: they learn from it, and it learns from them, by SQLite's
``data_version``, read once a second or when nudged.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import httpx

from socialdesk import __version__
from socialdesk.clock import Clock
from socialdesk.config import Config
from socialdesk.domain.models import AccountState
from socialdesk.errors import DeskFileError, Refused
from socialdesk.paths import Paths
from socialdesk.secrets import Secrets
from socialdesk.storage import boxes, damage, outbox, policies, standing
from socialdesk.storage.database import Database
from socialdesk.storage.standing import Enrolled
from socialdesk.sync import trouble
from socialdesk.sync.acknowledge import Acknowledger
from socialdesk.sync.caretaker import Caretaker
from socialdesk.sync.enginelock import EngineLock, lock_of
from socialdesk.sync.keeper import Keeper
from socialdesk.sync.opening import Connectors, Opener
from socialdesk.sync.pace import Pace, back_off
from socialdesk.sync.post import Post, Tools, patience
from socialdesk.sync.publish import Publisher
from socialdesk.sync.receive import Receiver
from socialdesk.sync.send import Sender
from socialdesk.sync.settings import ClockFollower
from socialdesk.sync.storeroom import Storeroom
from socialdesk.sync.work import Work

log = logging.getLogger(__name__)

TICK = 1.0
TAKE_OVER = 2.0
NAP = timedelta(seconds=30)
"""A longer gap between two looks means that the machine has slept, while the waits of the tasks stood still."""
GLIMPSES = 3
"""How often ``once`` tries the lock: whoever only asks whether an engine runs holds it for an instant."""
GRACE = 10.0
"""Seconds that a reply which is being sent gets to end; after that it is unknown, and cleared up at the next start."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How one account fared in ``Engine.once``; ``received`` counts new items, ``sent`` replies that left."""

    account: str
    state: AccountState
    problem: str = ""
    detail: str = ""
    received: int = 0
    sent: int = 0

    @property
    def ok(self) -> bool:
        """Whether the account was reached, or a person has paused it."""
        return self.state in (AccountState.OK, AccountState.PAUSED)


class Engine:
    """Receives and sends. Everything it works with comes from outside."""

    def __init__(
        self,
        database: Database,
        connectors: Connectors,
        secrets: Secrets,
        clock: Clock,
        config: Config,
        paths: Paths,
        *,
        pace: Pace | None = None,
        random: Random | None = None,
        executor: Executor | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._database = database
        self._store = Storeroom(database, executor)
        self._tools = Tools(self._store, clock, pace or Pace(), random or Random(), config)
        self._opener = Opener(connectors, secrets, paths.sessions, clock, config, transport, self._store)
        self._lock = EngineLock(lock_of(database.path))
        self._works: dict[int, Work] = {}
        self._ending: dict[int, asyncio.Task[None]] = {}
        self._acknowledger = Acknowledger(self._tools)
        self._keeper = Keeper(self._tools)
        self._caretaker = Caretaker(self._tools, self._end_for)
        self._trouble: DeskFileError | None = None
        follower = ClockFollower(paths.config_file, config.clock)
        self._publisher = Publisher(self._tools, self._opener, follower, self._works, self._ending)
        self._nudged = asyncio.Event()
        self._pushed = False
        self._version = -1
        self._failures = 0
        self._looked: datetime | None = None

    def nudge(self) -> None:
        """Look at the desk now, and retry accounts in trouble."""
        self._pushed = True
        self._nudged.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Receive and send until ``stop`` is set; waits for its turn where another engine is at work.

        Raises ``DeskFileError`` where the desk is damaged, or turns out to be.
        """
        watch = asyncio.create_task(self._end_when(stop))
        try:
            while not stop.is_set() and not self._lock.take():
                await self._tools.pace.until(self._nudged, TAKE_OVER)
            log.info("socialdesk %s receives and sends", __version__)
            damage.refuse(self._database.path)
            await self._begin()
            await self._serve(stop)
            if self._trouble is not None:
                raise self._trouble
        finally:
            log.info("socialdesk leaves")
            watch.cancel()
            await self._shut()

    async def _serve(self, stop: asyncio.Event) -> None:
        publishing = asyncio.create_task(self._publisher.run(), name="wait clock")
        caring = asyncio.create_task(self._caretaker.run(), name="caretaker")
        try:
            while not stop.is_set() and self._trouble is None:
                await self._tools.pace.until(self._nudged, await self._tend())
        finally:
            publishing.cancel()
            caring.cancel()
            await asyncio.wait({publishing, caring})
        if self._trouble is None:
            await self._publisher.leave()

    def _end_for(self, error: DeskFileError) -> None:
        self._trouble = error
        self._nudged.set()

    async def once(self) -> tuple[Visit, ...]:
        """Fetch every account once and send what is due; raises ``Refused`` where another engine is at work."""
        for _ in range(GLIMPSES):
            if self._lock.take():
                break
            await asyncio.sleep(0.05)
        else:
            raise Refused(code="engine_running")
        try:
            damage.refuse(self._database.path)
            await self._begin()
            await self._wake_snoozed()
            accounts = await self._store.read(standing.enrolled)
            visits = tuple(await asyncio.gather(*(self._visit(enrolled) for enrolled in accounts)))
            await self._keeper.look()
            await self._publisher.once()
            return visits
        finally:
            await self._shut()

    async def _begin(self) -> None:
        """Forget whom a restored desk knows again; let one that has no policy adopt that of the settings.

        Where it cannot, the presets are in force.
        """
        await self._keeper.look()
        wanted, now = self._tools.config.policy, self._tools.clock.now()
        try:
            await self._store.do(lambda: policies.begin(self._database, wanted, now))
        except Exception as error:
            log.error("the promises of the settings cannot be used: %s", trouble.describe(error))

    # The running engine ---------------------------------------------------------

    async def _end_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._nudged.set()

    async def _tend(self) -> float:
        """Follow what has changed on the desk; returns the seconds until the next look."""
        now, before = self._tools.clock.now(), self._looked
        self._looked = now
        self._pushed |= before is not None and abs(now - before) > NAP
        try:
            version = await self._store.do(self._database.version)
            if version != self._version or self._pushed:
                await self._follow()
                self._version = version
            await self._wake_snoozed()
            await self._acknowledger.look(version)
            await self._keeper.look()
        except Exception as error:
            self._failures += 1
            log.error("the desk cannot be read: %s", trouble.describe(error))
            return max(back_off(self._failures, self._tools.random), TICK)
        self._failures = 0
        return TICK

    async def _follow(self) -> None:
        """Begin and end the work on accounts as they come, change and go; wake the others' senders."""
        pushed, self._pushed = self._pushed, False
        wanted = {e.account.id: e for e in await self._store.read(standing.enrolled)}
        for number, work in list(self._works.items()):
            enrolled = wanted.get(number)
            if enrolled is None or enrolled.settings != work.enrolled.settings:
                self._end(number)
            elif pushed or work.forgiven(enrolled):
                work.nudge()
            else:
                work.look()
        for number, enrolled in wanted.items():
            if number in self._works or number in self._ending:
                continue
            if enrolled.paused:
                await self._set_aside(enrolled)
            else:
                self._works[number] = work = Work(enrolled, self._opener, self._tools)
                work.start()

    def _end(self, number: int) -> None:
        work = self._works.pop(number)
        task = asyncio.create_task(work.stop(GRACE))
        self._ending[number] = task

        def ended(_: asyncio.Task[None]) -> None:
            self._ending.pop(number, None)
            self._publisher.look()
            self._version = -1
            self._nudged.set()

        task.add_done_callback(ended)

    async def _set_aside(self, enrolled: Enrolled) -> None:
        """A paused account sends nothing, but what a crash left in the middle of it must not look as if it did."""
        now = self._tools.clock.now()
        number = enrolled.account.id
        if await self._store.read(lambda r: outbox.is_under_way(r, number)):
            await self._store.write(lambda c: outbox.recover(c, number, now))

    async def _wake_snoozed(self) -> None:
        now = self._tools.clock.now()
        if await self._store.read(lambda r: boxes.any_over(r, now)):
            await self._store.write(lambda c: boxes.wake(c, now))

    async def _shut(self) -> None:
        for number in list(self._works):
            self._end(number)
        if self._ending:
            await asyncio.wait(list(self._ending.values()), timeout=GRACE * 2)
        self._store.close()
        self._lock.release()

    # One round ------------------------------------------------------------------

    async def _visit(self, enrolled: Enrolled) -> Visit:
        account = enrolled.account
        if enrolled.paused:
            return Visit(account.name, AccountState.PAUSED)
        if patience(account, self._tools.clock.now()):
            return Visit(account.name, account.state, account.problem, account.detail)
        try:
            opened = await self._opener.open(enrolled)
        except Exception as error:
            return await self._unopened(enrolled, error)
        post = Post(
            enrolled,
            opened.connector,
            self._tools,
            AccountState.NEW,
            remote_id=enrolled.remote_id,
            purse=opened.purse,
        )
        receiver, sender = Receiver(post), Sender(post)
        try:
            await receiver.round()
            await self._acknowledger.round()
            await sender.recover()
            await sender.drain()
        finally:
            await opened.aclose()
        if post.problem == "desk_full":
            post.state = AccountState.TROUBLE
        return Visit(account.name, post.state, post.problem, post.detail, receiver.received, sender.sent)

    async def _unopened(self, enrolled: Enrolled, error: Exception) -> Visit:
        account, found = enrolled.account, replace(trouble.of_account(error), state=AccountState.BROKEN)
        now, failures = self._tools.clock.now(), enrolled.failures + 1
        await self._store.write(
            lambda c: standing.note_trouble(c, account.id, found.state, "plugin", found.detail, failures, now)
        )
        return Visit(account.name, found.state, "plugin", found.detail)
