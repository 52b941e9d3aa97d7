"""A second person's look at a reply: who, when, what they changed, what they said (NEEDS C4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.answers import Overruled, Promise
from socialdesk.domain.models import Delivery, Seen
from socialdesk.domain.outbox import RESTORED
from socialdesk.domain.priority import to_ms
from socialdesk.domain.privacy import Deed
from socialdesk.domain.text import one_line, scrub
from socialdesk.errors import NotFound, Refused
from socialdesk.storage import audit, commitments, habits, kin, replies
from socialdesk.storage.steps import move

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Word(NamedTuple):
    """What a second person says of a reply: as it is, or with another ``text``.

    ``seen`` is what they have read; None is what its author had. ``promises`` are those of the other text, ``overrules``
    what of it was found and let stand.
    """

    agent: str
    people: Collection[str]
    text: str | None = None
    note: str = ""
    seen: Seen | None = None
    promises: Sequence[Promise] = ()
    overrules: Sequence[Overruled] = ()


def approve(connection: Connection, outbox_id: int, word: Word, leaves_at: datetime, now: datetime) -> None:
    """Let a reply leave, and those that leave with it.

    It leaves at the moment that was chosen for it, or at ``leaves_at``; in a desk that was restored it may have left
    already, and a person looks first. Raises ``Refused``: ``own_reply``,
    ``not_approver``, ``empty``, ``written_since`` where the customer has written more than was seen, and ``step`` where
    it waits for nobody.
    """
    waiting = _waiting(connection, outbox_id, word.agent, word.people)
    this = next(one for one in waiting if one.id == outbox_id)
    if _unread(connection, this, word.seen):
        raise Refused(str(this.conversation_id), code="written_since")
    after = this.text if word.text is None else scrub(word.text).strip()
    if not after:
        raise Refused(code="empty")
    verdict = "approved" if after == this.text else "changed"
    _keep(connection, this, word.agent, verdict, after, word.note, now)
    if verdict == "changed":
        _change(connection, this, after, word, now)
        # The text before it was split is not what leaves any more.
        connection.exec_driver_sql("UPDATE outbox SET whole = '' WHERE id = ?", (waiting[0].id,))
    for one in waiting:
        if one.reason == RESTORED:
            move(connection, one.id, Delivery.AWAITING_APPROVAL, Delivery.NEEDS_PERSON, next_attempt_at=None)
            continue
        chosen = one.next_attempt_at if one.scheduled else None
        due = max(chosen or 0, to_ms(leaves_at))
        move(connection, one.id, Delivery.AWAITING_APPROVAL, Delivery.QUEUED, next_attempt_at=due)


def _change(connection: Connection, this: kin.Kin, after: str, word: Word, now: datetime) -> None:
    """Give a reply another text: what that no longer promises is not owed, what it promises anew is."""
    number, conversation = this.id, this.conversation_id
    audit.note(connection, Deed.EDITED, now, word.agent, f"reply {number}", conversation_id=conversation)
    connection.exec_driver_sql("UPDATE outbox SET text = ? WHERE id = ?", (after, number))
    commitments.forget(connection, number, unless_in=one_line(after))
    anew = [promise for promise in word.promises if promise.text not in one_line(this.text)]
    commitments.promise(connection, conversation, anew, word.agent, now, number)
    habits.overrule(connection, conversation, number, word.overrules, word.agent, now)


def refuse(
    connection: Connection, outbox_id: int, agent: str, people: Collection[str], note: str, now: datetime
) -> str:
    """Make a reply a draft again, and those that leave with it; returns the draft. Raises ``Refused`` as above."""
    waiting = _waiting(connection, outbox_id, agent, people)
    this = next(one for one in waiting if one.id == outbox_id)
    _keep(connection, this, agent, "refused", "", note, now)
    for one in waiting:
        move(connection, one.id, Delivery.AWAITING_APPROVAL, Delivery.CANCELLED, next_attempt_at=None)
        commitments.forget(connection, one.id)
    return replies.give_back(connection, waiting, now, whole=True)


def _waiting(
    connection: Connection, outbox_id: int, agent: str, people: Collection[str]
) -> Sequence[kin.Kin]:
    """Return the replies that the word of this agent decides."""
    found = kin.all_of(connection, outbox_id)
    if not found:
        raise NotFound(str(outbox_id), code="reply")
    waiting = [one for one in found if one.state is Delivery.AWAITING_APPROVAL]
    this = next((one for one in waiting if one.id == outbox_id), None)
    if this is None:
        raise Refused(code="step")
    if same(this.agent, agent):
        raise Refused(agent, code="own_reply")
    if people and not any(same(one, agent) for one in people):
        raise Refused(", ".join(people), code="not_approver")
    return waiting


def _unread(connection: Connection, this: kin.Kin, seen: Seen | None) -> bool:
    """Say whether the customer has written since, and the approver has not read it."""
    since, heard = connection.exec_driver_sql(
        "SELECT count(*) FILTER (WHERE m.id > coalesce(o.reply_to, 0)), count(*) FROM message m, outbox o"
        " WHERE o.id = ? AND m.conversation_id = o.conversation_id AND m.direction = 'in' AND m.context = 0",
        (this.id,),
    ).one()
    return bool(since) and (seen is None or heard > seen.heard)


def same(one: str, other: str) -> bool:
    """Say whether two names are one person's."""
    return one.strip().casefold() == other.strip().casefold()


def _keep(
    connection: Connection, this: kin.Kin, agent: str, verdict: str, after: str, note: str, now: datetime
) -> None:
    connection.exec_driver_sql(
        "INSERT INTO approval(outbox_id, agent, at, verdict, before, after, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (this.id, agent, to_ms(now), verdict, this.text, after, one_line(note)),
    )
