"""Brings one account's messages in: fetch, store as it came, understand (NEEDS A1)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from socialdesk.connectors.contract import Page
from socialdesk.domain.models import AccountState
from socialdesk.domain.text import one_line
from socialdesk.errors import PluginError
from socialdesk.storage import inbox, outbox, standing
from socialdesk.storage.ledger import Ledger
from socialdesk.sync import trouble, understand
from socialdesk.sync.forgotten import Forgotten
from socialdesk.sync.pace import Breath
from socialdesk.sync.post import Post
from socialdesk.sync.revisit import Revisits

log = logging.getLogger(__name__)

FETCH_LIMIT = 60.0
MAX_PAGES = 10_000
NEWS_AGE = timedelta(seconds=60)
"""A success is stored at most this often while nothing changes: each one would cost the disk a commit."""
PATIENCE = {AccountState.AUTH: timedelta(minutes=15), AccountState.BROKEN: timedelta(minutes=10)}
"""The pace of attempts where only a person, or another version of the plugin, is likely to help."""
SOON = ("keyring_mute", "keyring_locked")
"""Problems on this machine that end by themselves, at the person's next sign-in to it: tried again as after a network's."""
NUDGE_AGE = timedelta(seconds=5)
"""A wake-up retries a troubled account at once, unless the last attempt is younger than this."""


class Receiver:
    """The receiving half of one account's work."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._tools = post.tools
        self._cursor = post.enrolled.cursor
        self._version = understand.version_of(type(post.connector))
        self._forgotten = Forgotten(Ledger(post.tools.store.database.path), post)
        self._noted: datetime | None = None
        self._tried: datetime | None = None
        self._breath = Breath()
        self._revisits = Revisits(post)
        self.received = 0

    async def run(self) -> None:
        """Receive until asked to leave; trouble changes the pace, never ends it."""
        delay = self._post.patience()
        while True:
            await self._tools.pace.until(self._post.receive_now, delay)
            await self._breathe()
            if self._post.leaving:
                return
            delay = await self.round()

    async def _breathe(self) -> None:
        """Let a burst of news make few rounds: each of them counts against the network's limits."""
        if self._post.listening and (pause := self._breath.before(self._post.now())):
            await self._tools.pace.until(asyncio.Event(), pause)

    async def round(self) -> float:
        """Fetch once, all pages; returns the seconds until the next time."""
        self._tried = self._post.now()
        known = self.received
        try:
            await self._understand()
            await self._identify()
            await self._collect()
            await self._keep(await self._revisits.changed(), self._cursor)
        except Exception as error:
            return await self._fail(error)
        return await self._succeed(self.received - known)

    def nudge(self) -> None:
        """Try at once where the account is in trouble and no network has asked for patience."""
        waiting = self._post.state not in (AccountState.OK, AccountState.NEW, AccountState.LIMITED)
        if waiting and (self._tried is None or self._post.now() - self._tried >= NUDGE_AGE):
            self._post.receive_now.set()

    async def _identify(self) -> None:
        if self._post.remote_id:
            return
        identity = await self._tools.pace.limit(FETCH_LIMIT, self._post.connector.check())
        handle = one_line(identity.handle)
        self._post.learn(identity, handle)
        number, lacking = self._post.account.id, identity.lacking
        await self._tools.store.write(
            lambda c: standing.note_identity(c, number, identity.remote_id, handle, lacking)
        )
        await self._note_learned(identity.learned)

    async def _collect(self) -> None:
        for _ in range(MAX_PAGES):
            page = await self._tools.pace.limit(FETCH_LIMIT, self._post.connector.fetch(self._cursor))
            moved = await self._store(page)
            await self._note_lacking(page)
            await self._note_learned(page.learned or {})
            if not page.more or self._post.leaving:
                return
            if not moved:
                raise PluginError("fetch asks to be called again and brings nothing new")
        raise PluginError("fetch never ends")

    async def _store(self, page: Page) -> bool:
        """Store the page with its cursor, then understand it; returns whether it brought anything new."""
        return await self._keep(understand.given(page), page.cursor)

    async def _keep(self, items: Sequence[inbox.Given], cursor: str) -> bool:
        moved = cursor != self._cursor
        if items or moved:
            number, now = self._post.account.id, self._post.now()
            changed = await self._tools.store.write(
                lambda c: inbox.store_page(c, number, self._forgotten.kept_out(items), cursor, now)
            )
            self._cursor = cursor
            self.received += changed
            if changed:
                await self._understand()
            moved = moved or changed > 0
        return moved

    async def _note_learned(self, learned: Mapping[str, str]) -> None:
        """Keep what the server says of itself; where it is new, the work begins anew with it."""
        number, options = self._post.account.id, self._post.account.options
        fresh = {
            name: one_line(value) for name, value in learned.items() if options.get(name) != one_line(value)
        }
        if fresh:
            await self._tools.store.write(lambda c: standing.note_learned(c, number, fresh))

    async def _note_lacking(self, page: Page) -> None:
        if page.lacking is None:
            return
        number, lacking = self._post.account.id, tuple(map(one_line, page.lacking))
        if await self._tools.store.read(lambda r: standing.lacking(r, number)) != lacking:
            await self._tools.store.write(lambda c: standing.note_lacking(c, number, lacking))

    async def _understand(self) -> None:
        """Understand all that is stored: the fresh, what a crash left over, and what another version could not."""
        account, version, connector = self._post.account, self._version, self._post.connector
        store = self._tools.store
        while found := await store.read(lambda r: inbox.pending(r, account.id, version)):
            batch = await store.do(lambda items=found: [understand.understand(connector, s) for s in items])  # type: ignore[misc]
            for item in batch:
                if item.error:
                    log.warning("account %s (%s): quarantined: %s", account.name, version, item.error)
            now = self._post.now()
            await store.write(
                lambda c, b=batch, at=now: inbox.take_in(c, account, self._forgotten.without(b), version, at)  # type: ignore[misc]
            )

    async def _succeed(self, brought: int) -> float:
        post, now = self._post, self._post.now()
        recovered = post.state is not AccountState.OK
        post.state, post.failures, post.problem, post.detail = AccountState.OK, 0, "", ""
        if recovered or self._noted is None or now - self._noted >= NEWS_AGE:
            number = post.account.id
            try:
                await self._tools.store.write(lambda c: _note_success(c, number, now, recovered))
            except Exception as error:
                return await self._fail(error)
            self._noted = now
            post.send_now.set()
        try:
            return (await self._wait(brought)).total_seconds() * self._tools.random.uniform(0.9, 1.1)
        except Exception as error:
            return await self._fail(error)

    async def _wait(self, brought: int) -> timedelta:
        """Return the time to the next look: the network's pace, or that which the budget allows."""
        can, purse = self._post.connector.capabilities, self._post.purse
        poll = can.listening_poll if self._post.listening else can.poll
        return await purse.pause(poll, brought) if purse is not None else poll

    async def _fail(self, error: Exception) -> float:
        post, found = self._post, trouble.of_account(error)
        post.state, post.failures = found.state, post.failures + 1
        post.problem, post.detail = found.code, found.detail
        following = post.later(post.failures, found.until)
        if found.state in PATIENCE and found.code not in SOON:
            following = post.now() + PATIENCE[found.state]
        self._report(error, found)
        number, failures = post.account.id, post.failures
        try:
            await self._tools.store.write(
                lambda c: standing.note_trouble(
                    c, number, found.state, found.code, found.detail, failures, following
                )
            )
        except Exception as second:
            log.warning(
                "account %s: its trouble cannot be stored: %s", post.account.name, type(second).__name__
            )
        return max((following - post.now()).total_seconds(), 0.0)

    def _report(self, error: Exception, found: trouble.Trouble) -> None:
        name = self._post.account.name
        if found.state is AccountState.BROKEN:
            log.error("account %s: the connector (%s) is at fault", name, self._version, exc_info=error)
        elif self._post.failures == 1:
            log.warning("account %s: %s: %s", name, found.code, found.detail)


def _note_success(connection: Connection, account_id: int, now: datetime, recovered: bool) -> None:
    standing.note_success(connection, account_id, now)
    if recovered:
        outbox.release(connection, account_id, now)
