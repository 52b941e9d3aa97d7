"""One conversation as it is read: its newest messages, and the replies that are still on their way."""

from __future__ import annotations

from socialdesk.domain.models import Acted, Attachment, Delivery, Direction, Kind, Seen, Thread, ThreadMessage
from socialdesk.domain.priority import from_ms
from socialdesk.storage import acts, enclosed, queue
from socialdesk.storage.database import Reader, Row

_MESSAGES = """
SELECT id, remote_id, direction, at, handle, name, text, kind, private, url, reply_to, context, edited_at, deleted_at,
    automatic, title, rating
FROM message WHERE conversation_id = :conversation AND id < :before ORDER BY id DESC LIMIT :limit
"""
_REPLIES = """
SELECT o.id, o.created_at, a.handle, b.name, o.text, o.private, o.url, o.state, o.next_attempt_at, o.reason, o.detail,
    o.message_id, o.automatic, o.scheduled, o.approval, o.after_id, o.agent
FROM outbox o CROSS JOIN account a ON a.id = o.account_id CROSS JOIN brand b ON b.id = a.brand_id
WHERE o.conversation_id = :conversation AND o.state <> 'cancelled' ORDER BY o.id
"""
SEEN = """
SELECT (SELECT coalesce(max(id), 0) FROM outbox WHERE conversation_id = :conversation AND state <> 'cancelled'
        AND automatic = 0),
    count(*) FILTER (WHERE direction = 'in'),
    count(*) FILTER (WHERE direction = 'out' AND id NOT IN (
        SELECT message_id FROM outbox WHERE conversation_id = :conversation AND message_id IS NOT NULL))
FROM message WHERE conversation_id = :conversation AND context = 0
"""
"""Gives ``domain.models.Seen``, to a reader and inside a write alike; what left by itself answered nobody."""
_NO_END = (1 << 63) - 1


def thread(reader: Reader, conversation_id: int, before: int | None, limit: int) -> Thread:
    """Return the newest messages before a message id, oldest first; raises ``NotFound``.

    At the newest end the replies that have not left follow. Their ``id`` is the negative of their ``outbox_id``.
    """
    with reader.snapshot():
        row = queue.row(reader, conversation_id)
        params = {"conversation": conversation_id, "before": before or _NO_END, "limit": limit + 1}
        found = reader.all(_MESSAGES, params)
        replies = reader.all(_REPLIES, params)
        draft = reader.one("SELECT text FROM draft WHERE conversation_id = :conversation", params)
        known = reader.one(SEEN, params)
        numbers = [line[0] for line in found[:limit]]
        attached, done = enclosed.of(reader, numbers), acts.of(reader, numbers)
        joined = reader.all("SELECT id FROM conversation WHERE joined_to = :conversation ORDER BY id", params)
    assert known is not None
    sent = {reply[11]: reply[0] for reply in replies if reply[11] is not None}
    lines = [
        _message(line, sent.get(line[0]), attached.get(line[0], ()), done.get(line[0], ()))
        for line in reversed(found[:limit])
    ]
    if before is None:
        lines += [_reply(reply) for reply in replies if reply[11] is None]
    return Thread(
        row,
        tuple(lines),
        len(found) > limit,
        draft[0] if draft else "",
        Seen(*known),
        tuple(number for (number,) in joined),
    )


def _message(
    row: Row, outbox_id: int | None, attachments: tuple[Attachment, ...], done: tuple[Acted, ...]
) -> ThreadMessage:
    number, remote_id, direction, at, handle, name, text, kind, private, url, reply_to = row[:11]
    context, edited, deleted, automatic, title, rating = row[11:]
    return ThreadMessage(
        number,
        remote_id,
        Direction(direction),
        from_ms(at),
        handle,
        name,
        text,
        Kind(kind),
        bool(private),
        url,
        reply_to,
        bool(context),
        edited_at=None if edited is None else from_ms(edited),
        deleted_at=None if deleted is None else from_ms(deleted),
        delivery=None if outbox_id is None else Delivery.SENT,
        outbox_id=outbox_id,
        automatic=bool(automatic),
        title=title,
        attachments=attachments,
        acts=done,
        rating=rating,
    )


def _reply(row: Row) -> ThreadMessage:
    number, created, handle, name, text, private, url, state, leaves, reason, detail, _ = row[:12]
    automatic, scheduled, approval, after_id, agent = row[12:]
    return ThreadMessage(
        -number,
        "",
        Direction.OUT,
        from_ms(created),
        handle,
        name,
        text,
        Kind.DIRECT if private else Kind.REPLY,
        bool(private),
        url=url,
        delivery=Delivery(state),
        outbox_id=number,
        leaves_at=None if leaves is None else from_ms(leaves),
        reason=reason,
        detail=detail,
        automatic=bool(automatic),
        scheduled=bool(scheduled),
        approval=approval,
        after_id=after_id,
        agent=agent,
    )
