"""Sends one account's replies: never lost, never twice (NEEDS A1, B1).

Every step is committed before the next one begins. ``sending`` is committed, with the key and the moment of the
first attempt, before the connector is called, so whatever is found in it after a crash may have left.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from socialdesk.connectors.contract import Outgoing, Proof, Receipt
from socialdesk.domain.language import guess
from socialdesk.domain.models import Delivery
from socialdesk.domain.outbox import Unknown, after_unknown
from socialdesk.domain.text import one_line
from socialdesk.errors import AuthRequired, DeskFileError, PluginError, Rejected
from socialdesk.storage import outbox, reserve, wrongclock
from socialdesk.storage.outbox import Job, Sent
from socialdesk.sync import trouble
from socialdesk.sync.acts import Acting
from socialdesk.sync.http import Traffic, traffic
from socialdesk.sync.pace import back_off
from socialdesk.sync.post import LONGEST_WISH, Post

log = logging.getLogger(__name__)

SEND_LIMIT = 60.0
LOOK_LIMIT = 60.0
FULL_PATIENCE = 10.0
"""Seconds between looks whether a full disk has room again."""
AUTH_PATIENCE = timedelta(minutes=15)
LONGEST_TRY = LONGEST_WISH + timedelta(hours=1)
"""No try is put off for longer: the longest wish of a network, and the back-off after it."""

Step = Callable[[Connection], object]


class Sender:
    """The sending half of one account's work."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._tools = post.tools
        self._capabilities = post.connector.capabilities
        self._acting = Acting(post, self._has_room, self._keep)
        self.sent = 0
        self._full = False

    async def run(self) -> None:
        """Send until asked to leave."""
        await self.recover()
        while not self._post.leaving:
            if self._post.shut or not await self.step():
                await self._tools.pace.until(self._post.send_now, await self._idle())

    async def recover(self) -> None:
        """Take up what was under way when the engine ended."""
        await self._acting.recover()
        await self._recover_replies()

    async def _recover_replies(self) -> None:
        """Take what was under way when the engine ended as unknown; its bytes may have left until just now."""
        look_at = self._post.now() + self._capabilities.settle
        number = self._post.account.id
        count = await self._tools.store.write(lambda c: outbox.recover(c, number, look_at))
        if count:
            log.warning(
                "account %s: %d replies were under way; looking them up", self._post.account.name, count
            )

    async def drain(self) -> None:
        """Do all that is due now."""
        while not self._post.shut and await self.step():
            continue

    async def step(self) -> bool:
        """Take the reply that has been due for longest one step further, else do what else is due; False: nothing is."""
        number, hold = self._post.account.id, self._tools.config.undo
        now = self._post.now()
        await self._draw_near(now)
        job = await self._tools.store.read(lambda r: outbox.next_job(r, number, now, hold))
        if job is None:
            return await self._acting.step()
        if not await self._has_room():
            return False
        if job.state is Delivery.UNKNOWN:
            await self._clear_up(job)
        else:
            await self._attempt(job)
        return True

    async def _draw_near(self, now: datetime) -> None:
        """Believe no moment that only a clock which was ahead can have written."""
        number, due = self._post.account.id, now + self._tools.config.undo
        if await self._tools.store.read(lambda r: wrongclock.waits(r, number, now, LONGEST_TRY)):
            await self._tools.store.write(lambda c: wrongclock.draw_near(c, number, now, LONGEST_TRY, due))

    async def _has_room(self) -> bool:
        """Say whether what becomes of a reply could be written down even if the disk were full by then."""
        post, path = self._post, self._tools.store.database.path
        held = await self._tools.store.do(lambda: reserve.hold(path))
        if self._full and held:
            log.info("account %s: there is room on the disk again", post.account.name)
        elif not held and not self._full:
            log.error("account %s: the disk is full; nothing is sent", post.account.name)
        self._full = not held
        if self._full:
            post.problem = "desk_full"
        return held

    async def _idle(self) -> float | None:
        if self._full:
            return FULL_PATIENCE
        number, now = self._post.account.id, self._post.now()
        if self._post.shut:
            return None
        replies = await self._tools.store.read(lambda r: outbox.next_moment(r, number, now))
        due = min(filter(None, (replies, await self._acting.next_moment())), default=None)
        return None if due is None else max((due - now).total_seconds(), 0.001)

    # An attempt ----------------------------------------------------------------

    async def _attempt(self, job: Job) -> None:
        now = self._post.now()
        try:
            outgoing = self._outgoing(job, now)
        except Exception as error:
            await self._cannot_begin(job, error)
            return
        if not await self._tools.store.write(lambda c: outbox.begin(c, job, outgoing.key, outgoing.at, now)):
            return
        note = Traffic()
        mark = traffic.set(note)
        try:
            receipt = await self._tools.pace.limit(SEND_LIMIT, self._post.connector.send(outgoing))
            found = _sent(receipt, self._post.now())
        except Exception as error:
            await self._failed(job, outgoing, error, note.left)
        else:
            await self._is_sent(job, Delivery.SENDING, found)
        finally:
            traffic.reset(mark)

    def _outgoing(self, job: Job, now: datetime) -> Outgoing:
        """Return the same bytes, key and moment as before, or new ones where nothing is known to have left for long."""
        at, key = job.first_attempt_at, job.key
        repeat = job.state is Delivery.UNKNOWN
        if at is None or not key or (not repeat and now - at >= self._capabilities.key_life):
            at, key = now, self._post.connector.new_key(now)
        return Outgoing(
            key=key,
            conversation=job.conversation,
            reply_to=job.reply_to,
            text=job.text,
            private=job.private,
            at=at,
            language=guess(job.text),
            opens=job.opens,
            automatic=job.automatic,
        )

    async def _cannot_begin(self, job: Job, error: Exception) -> None:
        """The plugin gives no key: nothing has left, and the account's other replies must not wait for this one."""
        log.error("the connector %s is at fault", self._post.connector.name, exc_info=error)
        now, due, detail = self._post.now(), self._post.later(job.attempts + 1), trouble.describe(error)

        def step(connection: Connection) -> None:
            if outbox.begin(connection, job, job.key, job.first_attempt_at or now, now):
                outbox.settle(
                    connection, job, Delivery.SENDING, Delivery.RETRY_WAIT, PluginError.code, detail, due
                )

        await self._keep(step)

    async def _failed(self, job: Job, outgoing: Outgoing, error: Exception, left: bool) -> None:
        verdict = trouble.of_attempt(error, left=left)
        log.warning(
            "account %s: reply %d: %s: %s", self._post.account.name, job.id, verdict.code, verdict.detail
        )
        if verdict.code == PluginError.code:
            log.error("the connector %s is at fault", self._post.connector.name, exc_info=error)
        if job.state is Delivery.UNKNOWN:
            await self._still_unknown(job, verdict, given_up=isinstance(error, Rejected))
        elif verdict.target is Delivery.UNKNOWN:
            await self._became_unknown(job, outgoing, verdict)
        else:
            due = None
            if verdict.target is Delivery.RETRY_WAIT:
                due = self._post.later(job.attempts + 1, verdict.until)
            if isinstance(error, AuthRequired):
                # Whether the whole account is signed out is for the receiver to find out, now.
                due = self._post.now() + AUTH_PATIENCE
                self._post.receive_now.set()
            await self._settle(job, Delivery.SENDING, verdict.target, verdict, due)

    async def _became_unknown(self, job: Job, outgoing: Outgoing, verdict: trouble.Verdict) -> None:
        match self._proof(outgoing):
            case Proof.KEY:
                due = self._post.later(job.attempts + 1, verdict.until)
            case Proof.READ_BACK:
                due = self._post.now() + self._capabilities.settle
            case _:
                due = self._post.now()
        await self._settle(job, Delivery.SENDING, Delivery.UNKNOWN, verdict, due)

    async def _still_unknown(self, job: Job, verdict: trouble.Verdict, *, given_up: bool) -> None:
        """A repeat under the same key failed: even a definite no says nothing of the attempt before."""
        due = self._post.later(job.attempts + 1, verdict.until)

        def step(connection: Connection) -> None:
            reason, detail = verdict.code, verdict.detail
            outbox.settle(connection, job, Delivery.SENDING, Delivery.UNKNOWN, reason, detail, due)
            if given_up:
                outbox.settle(connection, job, Delivery.UNKNOWN, Delivery.NEEDS_PERSON, reason, detail)

        await self._keep(step)

    # An unknown outcome --------------------------------------------------------

    async def _clear_up(self, job: Job) -> None:
        outgoing = self._outgoing(job, self._post.now())
        # A key is remembered from its first use, so its age counts from the first attempt.
        age = self._post.now() - outgoing.at
        match after_unknown(self._proof(outgoing), age, self._capabilities.key_life):
            case Unknown.REPEAT:
                await self._attempt(job)
            case Unknown.LOOK:
                await self._look(job, outgoing)
            case Unknown.ASK_PERSON:
                verdict = trouble.Verdict(Delivery.NEEDS_PERSON, "outcome_unknown", "")
                await self._settle(job, Delivery.UNKNOWN, Delivery.NEEDS_PERSON, verdict, None)

    async def _look(self, job: Job, outgoing: Outgoing) -> None:
        """Ask the network; only called once the settle time is over, so that "not there" can be believed."""
        try:
            receipt = await self._tools.pace.limit(LOOK_LIMIT, self._post.connector.find_sent(outgoing))
            found = None if receipt is None else _sent(receipt, outgoing.at)
        except Exception as error:
            detail = trouble.describe(error)
            log.warning(
                "account %s: reply %d cannot be looked up: %s", self._post.account.name, job.id, detail
            )
            due = self._post.later(job.attempts + 1, trouble.of_account(error).until)
            await self._keep(lambda c: outbox.postpone(c, job, due, detail))
            return
        if found is not None:
            await self._is_sent(job, Delivery.UNKNOWN, found)
            return
        verdict = trouble.Verdict(Delivery.RETRY_WAIT, "not_delivered", "")
        await self._settle(job, Delivery.UNKNOWN, Delivery.RETRY_WAIT, verdict, self._post.now())

    def _proof(self, outgoing: Outgoing) -> Proof:
        try:
            return self._post.connector.proof_for(outgoing)
        except Exception:
            log.exception("the connector %s is at fault", self._post.connector.name)
            return Proof.NEITHER

    # Storing -------------------------------------------------------------------

    async def _is_sent(self, job: Job, current: Delivery, receipt: Sent) -> None:
        account, remote_id = self._post.account, self._post.remote_id
        now = self._post.now()
        await self._keep(lambda c: outbox.sent(c, account, remote_id, job, current, receipt, now))
        self.sent += 1

    async def _settle(
        self, job: Job, current: Delivery, target: Delivery, why: trouble.Verdict, due: datetime | None
    ) -> None:
        await self._keep(lambda c: outbox.settle(c, job, current, target, why.code, why.detail, due))

    async def _keep(self, step: Step) -> None:
        """Commit what happened, however long the disk takes to allow it: it cannot be asked for again."""
        failures = 0
        while True:
            try:
                await self._tools.store.write(step)
            except Exception as error:
                failures += 1
                if isinstance(error, DeskFileError) and error.code == "desk_full":
                    path = self._tools.store.database.path
                    if await self._tools.store.do(lambda p=path: reserve.release(p)):  # type: ignore[misc]
                        continue
                log.error("account %s: cannot store what happened: %s", self._post.account.name, error)
                await self._tools.pace.until(asyncio.Event(), back_off(failures, self._tools.random))
            else:
                return


def _sent(receipt: Receipt, otherwise: datetime) -> Sent:
    """Check and scrub a receipt; one that cannot be used raises, and the outcome counts as unknown."""
    if not isinstance(receipt, Receipt) or not isinstance(receipt.id, str) or not receipt.id:
        raise PluginError("send returned no receipt")
    at = otherwise if receipt.at is None or receipt.at.tzinfo is None else receipt.at
    remote = {key: value for key, value in receipt.remote.items() if isinstance(value, str)}
    return Sent(receipt.id, one_line(receipt.url), at, remote, receipt.conversation)
