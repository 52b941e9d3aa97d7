"""One account's two tasks, kept alive: nothing that happens in here reaches another account."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from socialdesk.domain.models import AccountState
from socialdesk.storage import standing
from socialdesk.storage.standing import Enrolled
from socialdesk.sync import trouble
from socialdesk.sync.listen import Listener
from socialdesk.sync.opening import Opened, Opener
from socialdesk.sync.pace import back_off
from socialdesk.sync.post import Post, Tools
from socialdesk.sync.receive import PATIENCE, Receiver
from socialdesk.sync.send import Sender

log = logging.getLogger(__name__)


class Work:
    """The work on one account, from opening its connector to closing it."""

    def __init__(self, enrolled: Enrolled, opener: Opener, tools: Tools) -> None:
        self.enrolled = enrolled
        self._opener = opener
        self._tools = tools
        self._again = asyncio.Event()
        self._leaving = False
        self._post: Post | None = None
        self._receiver: Receiver | None = None
        self._halves: tuple[asyncio.Task[None], ...] = ()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name=f"account {self.enrolled.account.name}")

    @property
    def post(self) -> Post | None:
        """The work at hand; None before the connector is open."""
        return self._post

    def nudge(self) -> None:
        """Look at the outbox now, and retry what is in trouble."""
        self._again.set()
        if self._post is not None and self._receiver is not None:
            self._post.send_now.set()
            self._receiver.nudge()

    def forgiven(self, enrolled: Enrolled) -> bool:
        """Say whether a person signed in anew, under the same settings, since the account got into trouble."""
        return self._post is not None and self._post.failures > 0 and enrolled.failures == 0

    def look(self) -> None:
        """Look at the outbox now: the desk has changed."""
        if self._post is not None:
            self._post.send_now.set()

    async def stop(self, grace: float) -> None:
        """End: receiving at once, a reply that is being sent after ``grace`` seconds at the latest."""
        self._leaving = True
        self._again.set()
        if self._post is not None:
            self._post.leave()
        if self._halves:
            self._halves[0].cancel()
        if self._task is None:
            return
        _, pending = await asyncio.wait({self._task}, timeout=grace)
        if pending:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=grace)

    async def _run(self) -> None:
        opened = await self._opened()
        if opened is None:
            return
        enrolled = self.enrolled
        self._post = post = Post(
            enrolled,
            opened.connector,
            self._tools,
            enrolled.account.state,
            failures=enrolled.failures,
            remote_id=enrolled.remote_id,
            purse=opened.purse,
        )
        if post.shut:
            post.state = AccountState.NEW  # a new start is a new chance
        self._receiver = Receiver(post)
        sender = Sender(post)
        self._halves = (
            asyncio.create_task(self._kept(self._receiver.run, post)),
            asyncio.create_task(self._kept(sender.run, post)),
        )
        ear = self._ear(post)
        try:
            await asyncio.wait(self._halves)
        finally:
            for task in (*self._halves, *ear):
                task.cancel()
            await asyncio.wait({*self._halves, *ear}, timeout=3)
            await opened.aclose()

    def _ear(self, post: Post) -> tuple[asyncio.Task[None], ...]:
        """Begin to listen where the network has something to listen to; ends when the other two have."""
        if not post.connector.capabilities.push:
            return ()
        return (asyncio.create_task(self._kept(Listener(post).run, post)),)

    async def _opened(self) -> Opened | None:
        """Return the connector, however often it takes; None where the work is to end."""
        failures = self.enrolled.failures
        while not self._leaving:
            try:
                return await self._opener.open(self.enrolled)
            except Exception as error:
                failures += 1
                await self._cannot_open(error, failures)
                pause = PATIENCE[AccountState.BROKEN].total_seconds()
                await self._tools.pace.until(self._again, pause)
        return None

    async def _cannot_open(self, error: Exception, failures: int) -> None:
        account, found = self.enrolled.account, trouble.of_account(error)
        log.error(
            "account %s: connector %s cannot be used: %s", account.name, account.connector, found.detail
        )
        following = self._tools.clock.now() + PATIENCE[AccountState.BROKEN]
        try:
            await self._tools.store.write(
                lambda c: standing.note_trouble(
                    c, account.id, AccountState.BROKEN, "plugin", found.detail, failures, following
                )
            )
        except Exception as second:
            log.warning("account %s: its trouble cannot be stored: %s", account.name, type(second).__name__)

    async def _kept(self, half: Callable[[], Awaitable[None]], post: Post) -> None:
        """Run one half until it ends by itself; where the desk fails it, begin again after a pause."""
        failures = 0
        while not self._leaving:
            began = post.now()
            try:
                await half()
            except Exception:
                failures = 1 if post.now() - began > timedelta(minutes=10) else failures + 1
                log.exception("account %s: starting again", post.account.name)
                await self._tools.pace.until(asyncio.Event(), back_off(failures, self._tools.random))
            else:
                return
