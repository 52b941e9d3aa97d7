"""What a person does with an answer: drafts it, sends it on its way, takes it back, settles it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert
from sqlmodel import col

from socialdesk.domain.models import Delivery, Direction, Kind, Seen
from socialdesk.domain.outbox import NEEDS_ATTENTION
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.privacy import Deed
from socialdesk.domain.text import scrub
from socialdesk.errors import NotFound, Refused
from socialdesk.storage import audit, commitments, kin, marked, waits
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest
from socialdesk.storage.steps import move
from socialdesk.storage.tables import OutboxRow
from socialdesk.storage.threads import SEEN


class Leaving(NamedTuple):
    """How a reply is to leave; the fields are columns of ``outbox``, and ``now`` is when it was written."""

    now: datetime
    leaves_at: datetime
    agent: str = ""
    private: bool = False
    approval: str = ""
    scheduled: bool = False
    opens: bool = False
    whole: str = ""
    after_id: int | None = None
    public_of: int | None = None
    drafted: bool = True  # it was the draft; else another text that is being written stays


def save_draft(
    connection: Connection, conversation_id: int, text: str, now: datetime, over: str | None = None
) -> None:
    """Keep an unfinished answer; an empty one is forgotten.

    ``over`` is the one that the writer began from. Raises ``NotFound``, and ``Refused`` where another stands there now.
    """
    _conversation(connection, conversation_id)
    text = scrub(text)
    if over is not None and _draft(connection, conversation_id) not in ("", text, scrub(over)):
        raise Refused(code="draft_elsewhere")
    if not text:
        connection.exec_driver_sql("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))
        return
    connection.exec_driver_sql(
        "INSERT INTO draft(conversation_id, text, updated_at) VALUES (?, ?, ?) ON CONFLICT(conversation_id)"
        " DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at",
        (conversation_id, text, to_ms(now)),
    )


def add_to_draft(connection: Connection, conversation_id: int, text: str, now: datetime) -> str:
    """Put words below what is drafted; returns the draft. Raises ``NotFound``."""
    found = _draft(connection, conversation_id)
    draft = found.rstrip()
    text = scrub(f"{draft}\n\n{text}" if draft else text)
    save_draft(connection, conversation_id, text, now)
    return text


def _draft(connection: Connection, conversation_id: int) -> str:
    found = connection.exec_driver_sql(
        "SELECT text FROM draft WHERE conversation_id = ?", (conversation_id,)
    ).scalar()
    return str(found or "")


def why_not(
    connection: Connection, conversation_id: int, seen: Seen | None, connectors: Collection[str]
) -> Refused | None:
    """Return why no reply may be put on its way, or None; raises ``NotFound``.

    ``connectors`` are those that there are. ``seen`` is what the writer has read; None asks nothing.
    """
    conversation = _conversation(connection, conversation_id)
    if conversation.removed_at is not None:
        return Refused(conversation.name, code="account_removed")
    if conversation.connector not in connectors:
        return Refused(conversation.connector, code="no_connector")
    if seen is None:
        return None
    now = Seen(*connection.exec_driver_sql(SEEN, {"conversation": conversation_id}).one())
    if now.reply > seen.reply or now.told > seen.told:
        return Refused(code="answered_meanwhile")
    return Refused(code="written_meanwhile") if now.heard > seen.heard else None


def keep_as_draft(connection: Connection, conversation_id: int, text: str, now: datetime) -> None:
    """Keep the text of a refused reply, unless something else is being drafted."""
    drafted = "SELECT 1 FROM draft WHERE conversation_id = ?"
    if connection.exec_driver_sql(drafted, (conversation_id,)).first() is None:
        save_draft(connection, conversation_id, text, now)


def queue_reply(connection: Connection, conversation_id: int, text: str, leaving: Leaving) -> int:
    """Put a reply in the outbox, clear its draft and return the reply's id.

    It answers the customer's newest message. In a private conversation it is private. Raises ``NotFound``.
    """
    conversation = _conversation(connection, conversation_id)
    connection.exec_driver_sql(
        "DELETE FROM draft WHERE conversation_id = ? AND (? OR trim(text) = trim(?))",
        (conversation_id, leaving.drafted, text),
    )
    awaits = leaving.approval == "person"
    # Who approves decides when it leaves, unless that was chosen.
    due = None if awaits and not leaving.scheduled else to_ms(leaving.leaves_at)
    values = {
        "conversation_id": conversation_id,
        "account_id": conversation.account_id,
        "reply_to": _newest_inbound(connection, conversation_id),
        "text": text,
        "private": leaving.private or bool(conversation.private),
        "state": (Delivery.AWAITING_APPROVAL if awaits else Delivery.QUEUED).value,
        "agent": leaving.agent,
        "created_at": to_ms(leaving.now),
        "next_attempt_at": due,
        "approval": leaving.approval,
        "scheduled": leaving.scheduled,
        "opens": leaving.opens,
        "whole": leaving.whole,
        "after_id": leaving.after_id,
        "public_of": leaving.public_of,
    }
    empty = dict.fromkeys(("key", "reason", "detail", "url"), "")
    added = connection.execute(
        insert(OutboxRow).values(attempts=0, **empty, **values).returning(col(OutboxRow.id))
    )
    number: int = added.scalar_one()  # type: ignore[assignment]
    return number


def queue_parts(
    connection: Connection, conversation_id: int, text: str, parts: Sequence[str], leaving: Leaving
) -> list[int]:
    """Put a text in the outbox in parts that leave one after the other; returns their ids."""
    numbers: list[int] = []
    for part in parts:
        place = leaving._replace(
            after_id=numbers[-1] if numbers else leaving.after_id, whole="" if numbers else text
        )
        numbers.append(queue_reply(connection, conversation_id, part, place))
    return numbers


def undo(connection: Connection, outbox_id: int, now: datetime) -> str:
    """Take back a reply that has not left, and those that leave with it; the text goes before whatever is drafted by now.

    Returns the draft. Raises ``Refused`` where all has left, or may have.
    """
    reply = _reply(connection, outbox_id)
    together = kin.all_of(connection, outbox_id)
    back = [one for one in together if one.undoable]
    if not back:
        raise Refused(str(reply.state), code="left")
    for one in back:
        move(connection, one.id, one.state, Delivery.CANCELLED, next_attempt_at=None)
        commitments.forget(connection, one.id)
    return give_back(connection, back, now, whole=len(back) == len(together))


def give_back(connection: Connection, taken: Sequence[kin.Kin], now: datetime, *, whole: bool) -> str:
    """Make a draft of the texts of replies that were taken back; returns the draft. ``whole``: nothing of them has left."""
    conversation = taken[-1].conversation_id
    words = taken[0].whole if whole and taken[0].whole else "\n\n".join(one.text for one in taken)
    draft = connection.exec_driver_sql(
        "SELECT text FROM draft WHERE conversation_id = ?", (conversation,)
    ).scalar()
    text = f"{words}\n\n{draft}" if draft else words
    save_draft(connection, conversation, text, now)
    return text


def resend(connection: Connection, outbox_id: int, now: datetime) -> None:
    """Let a reply that needs a person leave again, as a new attempt, and what waits for it; raises ``Refused``."""
    reply = _reply(connection, outbox_id)
    if reply.reason in kin.STOPPED:
        raise Refused(code=reply.reason)
    _settle(
        connection,
        outbox_id,
        Delivery.QUEUED,
        key="",
        attempts=0,
        reason="",
        detail="",
        scheduled=False,
        first_attempt_at=None,
        attempt_at=None,
        next_attempt_at=to_ms(now),
    )
    kin.go_on(connection, outbox_id, now)


def discard(connection: Connection, outbox_id: int, now: datetime) -> None:
    """Give up a reply that needs a person, and what waits for it; the words are the draft. Raises ``Refused``."""
    together = kin.all_of(connection, outbox_id)
    waiting = [one for one in kin.after(connection, outbox_id) if one.undoable]
    _settle(connection, outbox_id, Delivery.CANCELLED, next_attempt_at=None)
    for one in waiting:
        move(connection, one.id, one.state, Delivery.CANCELLED, next_attempt_at=None)
    given_up = [one for one in together if one.id == outbox_id or one in waiting]
    for one in given_up:
        commitments.forget(connection, one.id)
    if not _reply(connection, outbox_id).automatic:
        give_back(connection, given_up, now, whole=len(given_up) == len(together))


def mark_sent(connection: Connection, outbox_id: int, now: datetime, agent: str = "") -> None:
    """Believe the person that a reply of unknown outcome did leave, or that they gave a refused one on the network's own page.

    It joins the thread and stops the wait.

    Where the network shows it already, its line is the reply's. What waits for it may leave.
    """
    reply = _reply(connection, outbox_id)
    if reply.reason in kin.NEVER_LEFT:
        raise Refused(str(reply.state), code="step")
    audit.note(
        connection,
        Deed.SENT,
        now,
        agent or reply.agent,
        f"reply {outbox_id}",
        conversation_id=reply.conversation_id,
        detail="marked as sent",
    )
    by_hand = reply.attempt_at is None or reply.state == Delivery.FAILED
    left_at = now if by_hand else from_ms(reply.attempt_at)
    _settle(connection, outbox_id, Delivery.SENT, sent_at=to_ms(left_at), next_attempt_at=None)
    remote_id = marked.shown_already(connection, reply) or marked.own_id(outbox_id)
    source = Source(reply.account_id, reply.brand_id, reply.connector)
    ingest(connection, source, [_as_message(reply, remote_id, left_at)], now)
    connection.exec_driver_sql(
        "UPDATE outbox SET message_id = (SELECT id FROM message WHERE account_id = ? AND remote_id = ?) WHERE id = ?",
        (reply.account_id, remote_id, outbox_id),
    )
    if commitments.leave(connection, outbox_id, now):
        waits.refresh(connection, {reply.conversation_id})
    kin.go_on(connection, outbox_id, now)


def _settle(connection: Connection, outbox_id: int, target: Delivery, **columns: Any) -> None:
    state = Delivery(_reply(connection, outbox_id).state)
    if state not in NEEDS_ATTENTION or not move(connection, outbox_id, state, target, **columns):
        raise Refused(state.value, code="step")


def _reply(connection: Connection, outbox_id: int) -> Row[Any]:
    found = connection.exec_driver_sql(
        "SELECT o.*, a.connector, a.brand_id, a.handle, b.name AS brand, c.remote_key FROM outbox o"
        " JOIN conversation c ON c.id = o.conversation_id JOIN account a ON a.id = o.account_id"
        " JOIN brand b ON b.id = a.brand_id WHERE o.id = ?",
        (outbox_id,),
    ).first()
    if found is None:
        raise NotFound(str(outbox_id), code="reply")
    return found


def _as_message(reply: Row[Any], remote_id: str, left_at: datetime) -> Incoming:
    return Incoming(
        remote_id,
        reply.remote_key,
        Direction.OUT,
        left_at,
        Person("", reply.handle, reply.brand),
        None,
        reply.text,
        Kind.DIRECT if reply.private else Kind.REPLY,
        bool(reply.private),
        from_desk=True,
        known_at=left_at,
        agent=reply.agent,
        automatic=bool(reply.automatic),
    )


def _conversation(connection: Connection, conversation_id: int) -> Row[Any]:
    found = connection.exec_driver_sql(
        "SELECT c.account_id, c.private, a.name, a.connector, a.removed_at FROM conversation c"
        " JOIN account a ON a.id = c.account_id WHERE c.id = ? AND c.box <> 'erased'",
        (conversation_id,),
    ).first()
    if found is None:
        raise NotFound(str(conversation_id), code="conversation")
    return found


def _newest_inbound(connection: Connection, conversation_id: int) -> int | None:
    newest: int | None = connection.exec_driver_sql(
        "SELECT id FROM message WHERE conversation_id = ? AND direction = 'in' AND context = 0"
        " AND deleted_at IS NULL ORDER BY id DESC LIMIT 1",
        (conversation_id,),
    ).scalar()
    return newest
