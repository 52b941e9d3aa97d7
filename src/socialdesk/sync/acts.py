"""Does what people want done to customers' messages besides answering them (NEEDS B1, D5, D6)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from socialdesk.domain.models import Act, ActState, Delivery
from socialdesk.errors import AuthRequired, PluginError
from socialdesk.storage import acts
from socialdesk.storage.acts import Job
from socialdesk.sync import trouble
from socialdesk.sync.http import Traffic, traffic
from socialdesk.sync.post import Post

log = logging.getLogger(__name__)

ACT_LIMIT = 60.0
ONCE = (Act.REPORT, Act.SPAM)
"""What somebody there reads: it is never repeated where nobody knows whether it arrived."""
GIVEN_UP = timedelta(days=1)
"""So long after it was wanted, what has not succeeded is wanted no more."""
AUTH_PATIENCE = timedelta(minutes=15)

Step = Callable[[Connection], object]


class Acting:
    """The part of one account's sending that is no reply; its calls never overlap with sending."""

    def __init__(
        self,
        post: Post,
        has_room: Callable[[], Awaitable[bool]],
        keep: Callable[[Step], Awaitable[None]],
    ) -> None:
        """``has_room`` says whether what happens could be written down, ``keep`` writes it however long that takes."""
        self._post = post
        self._store = post.tools.store
        self._has_room = has_room
        self._keep = keep

    async def recover(self) -> None:
        """Take up again what was under way when the engine ended."""
        number, now = self._post.account.id, self._post.now()
        if await self._store.read(lambda r: acts.is_under_way(r, number)):
            await self._store.write(lambda c: acts.recover(c, number, now))

    async def next_moment(self) -> datetime | None:
        """Return when something becomes due."""
        number, now = self._post.account.id, self._post.now()
        return await self._store.read(lambda r: acts.next_moment(r, number, now))

    async def step(self) -> bool:
        """Do what has been due for longest; False where nothing is."""
        number, now = self._post.account.id, self._post.now()
        job = await self._store.read(lambda r: acts.next_job(r, number, now))
        if job is None or not await self._has_room():
            return False
        if not self._can(job):
            await self._keep(lambda c: acts.settle(c, job, ActState.FAILED, now, "act_not_here"))
        elif await self._store.write(lambda c: acts.begin(c, job)):
            await self._do(job)
        return True

    def _can(self, job: Job) -> bool:
        post = self._post
        try:
            able = type(post.connector).limits(post.account.options)
        except Exception:
            log.exception("the connector %s is at fault", post.connector.name)
            able = post.connector.capabilities
        return job.act in (able.undoable if job.undo else able.acts)

    async def _do(self, job: Job) -> None:
        note = Traffic()
        mark = traffic.set(note)
        try:
            work = self._post.connector.act(job.act, job.remote, undo=job.undo)
            await self._post.tools.pace.limit(ACT_LIMIT, work)
        except Exception as error:
            await self._failed(job, error, left=note.left)
        else:
            now = self._post.now()
            await self._keep(lambda c: acts.settle(c, job, ActState.DONE, now))
        finally:
            traffic.reset(mark)

    async def _failed(self, job: Job, error: Exception, *, left: bool) -> None:
        verdict = trouble.of_attempt(error, left=left)
        log.warning(
            "account %s: act %d: %s: %s", self._post.account.name, job.id, verdict.code, verdict.detail
        )
        if verdict.code == PluginError.code:
            log.error("the connector %s is at fault", self._post.connector.name, exc_info=error)
        now, code, detail = self._post.now(), verdict.code, verdict.detail
        unknown = verdict.target is Delivery.UNKNOWN
        if unknown and job.act in ONCE and not job.undo:
            await self._keep(lambda c: acts.settle(c, job, ActState.FAILED, now, acts.UNKNOWN, detail))
        elif verdict.target is Delivery.FAILED or now - job.at > GIVEN_UP:
            await self._keep(lambda c: acts.settle(c, job, ActState.FAILED, now, code, detail))
        else:
            due = self._post.later(job.attempts + 1, verdict.until)
            if isinstance(error, AuthRequired):
                due = now + AUTH_PATIENCE
                self._post.receive_now.set()
            await self._keep(lambda c: acts.postpone(c, job, due, code, detail))
