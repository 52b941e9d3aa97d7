"""Replies that leave one after the other: the parts of a numbered thread, a private message and its public line.

``after_id`` or ``public_of`` names the one before. A reply leaves once the one before it is there; where that one will not
be, the others stop and wait for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.models import Delivery
from socialdesk.domain.outbox import NEEDS_ATTENTION, UNDOABLE
from socialdesk.domain.priority import to_ms
from socialdesk.storage.source import Source, rows
from socialdesk.storage.steps import move

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


PART, PRIVATE = "part_before", "private_failed"
WRITTEN = "written_meanwhile"
STOPPED = (PART, PRIVATE)
"""Reasons of replies that stopped because the one before them did not leave."""
NEVER_LEFT = (*STOPPED, WRITTEN)
"""Reasons of replies that need a person and were never tried."""

_ALL = """
WITH RECURSIVE up(id, before) AS (
    SELECT id, coalesce(after_id, public_of) FROM outbox WHERE id = :id
    UNION SELECT o.id, coalesce(o.after_id, o.public_of) FROM up JOIN outbox o ON o.id = up.before),
down(id) AS (
    SELECT id FROM up WHERE before IS NULL
    UNION SELECT o.id FROM down JOIN outbox o ON o.after_id = down.id
    UNION SELECT o.id FROM down JOIN outbox o ON o.public_of = down.id)
SELECT o.id, o.conversation_id, o.state, o.text, o.whole, o.agent, o.reason, o.after_id, o.public_of, o.scheduled,
    o.next_attempt_at
FROM down JOIN outbox o ON o.id = down.id ORDER BY o.id
"""


class Kin(NamedTuple):
    """One reply of those that leave together."""

    id: int
    conversation_id: int
    state: Delivery
    text: str
    whole: str
    agent: str
    reason: str
    after_id: int | None
    public_of: int | None
    scheduled: bool
    next_attempt_at: int | None

    @property
    def undoable(self) -> bool:
        """Whether nothing of it has left, nor can have."""
        stopped = self.state is Delivery.NEEDS_PERSON and self.reason in NEVER_LEFT
        return self.state in UNDOABLE or stopped

    @property
    def before(self) -> int | None:
        """The reply that has to be there first."""
        return self.after_id if self.public_of is None else self.public_of


def all_of(source: Source, outbox_id: int) -> list[Kin]:
    """Return a reply with those it leaves together with, in their order; nothing where there is none."""
    found = map(Kin._make, rows(source, _ALL, {"id": outbox_id}))
    return [one._replace(state=Delivery(one.state)) for one in found]


def after(source: Source, outbox_id: int) -> list[Kin]:
    """Return those that wait for a reply, at first or second hand, in their order."""
    waiting, found = {outbox_id}, []
    for one in all_of(source, outbox_id):
        if one.before in waiting:
            waiting.add(one.id)
            found.append(one)
    return found


def stop(connection: Connection, outbox_id: int) -> None:
    """Let those that wait for a reply wait for a person instead, for it will not be there."""
    for one in after(connection, outbox_id):
        if one.state is Delivery.QUEUED:
            reason = PART if one.public_of is None else PRIVATE
            move(
                connection,
                one.id,
                one.state,
                Delivery.NEEDS_PERSON,
                reason=reason,
                detail="",
                next_attempt_at=None,
            )


def go_on(connection: Connection, outbox_id: int, now: datetime) -> None:
    """Let those that had stopped because of a reply leave after it again."""
    for one in after(connection, outbox_id):
        if one.state in NEEDS_ATTENTION and one.reason in STOPPED:
            move(
                connection,
                one.id,
                one.state,
                Delivery.QUEUED,
                reason="",
                detail="",
                next_attempt_at=to_ms(now),
            )


def hold_scheduled(connection: Connection, conversations: set[int]) -> None:
    """Hold what was to leave at a moment to come and was written before the customer's newest words (NEEDS C2)."""
    if not conversations or not rows(
        connection, "SELECT 1 FROM outbox WHERE state = 'queued' AND scheduled = 1 LIMIT 1"
    ):
        return
    found = rows(
        connection,
        "SELECT id, conversation_id FROM outbox WHERE state = 'queued' AND scheduled = 1 AND after_id IS NULL"
        " AND public_of IS NULL",
    )
    for number, conversation in found:
        if conversation in conversations:
            move(
                connection,
                number,
                Delivery.QUEUED,
                Delivery.NEEDS_PERSON,
                reason=WRITTEN,
                detail="",
                next_attempt_at=None,
            )
            stop(connection, number)
