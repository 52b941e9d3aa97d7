"""Who is to be told by itself that a message has arrived while the business is closed, and what became of that (NEEDS A5).

Once for each conversation and closure, at most once a day for each customer, and never where the other side may be a
robot: that is asked here in one statement, inside the transaction that queues the words.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.models import Delivery
from socialdesk.domain.outbox import STEPS
from socialdesk.domain.priority import to_ms
from socialdesk.storage.ids import first_id
from socialdesk.storage.situations import split
from socialdesk.storage.source import Source, rows
from socialdesk.storage.steps import move

if TYPE_CHECKING:
    from sqlalchemy import Connection

ONCE_IN = timedelta(hours=24)
TOO_QUICK = timedelta(seconds=30)
"""Who writes so soon after our own automatic message may be answering that one: no person reads and writes so fast."""
UNASKED = frozenset({"bot", "robot", "spam"})
"""Tags of customers, and situations, that get no automatic answer."""

_CANDIDATES = """
SELECT c.id, c.account_id, c.channel, c.private, c.language, c.situation, m.id, m.text, p.id, p.tags
FROM brand b JOIN conversation c ON c.brand_id = b.id JOIN account a ON a.id = c.account_id
JOIN contact p ON p.id = c.contact_id
JOIN message m ON m.id = (SELECT max(id) FROM message WHERE conversation_id = c.id AND direction = 'in'
    AND context = 0 AND deleted_at IS NULL)
WHERE b.name = :brand AND c.box = 'open' AND c.waiting_since IS NOT NULL AND c.last_at >= :closed
AND a.paused = 0 AND a.removed_at IS NULL AND m.at >= :closed AND m.kind <> 'review'
AND m.at > coalesce((SELECT applied FROM ledger_mark WHERE id = 3), 0)
AND NOT EXISTS (SELECT 1 FROM acknowledgement k WHERE k.conversation_id = c.id AND k.closure_at = :closed)
AND NOT EXISTS (SELECT 1 FROM conversation d JOIN acknowledgement k ON k.conversation_id = d.id
    WHERE d.contact_id = c.contact_id AND k.at > :day_ago)
AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id AND o.state NOT IN ('sent', 'cancelled'))
AND NOT EXISTS (SELECT 1 FROM message o WHERE o.conversation_id = c.id AND o.direction = 'out' AND o.context = 0
    AND o.automatic = 0 AND o.at >= :closed)
AND NOT EXISTS (SELECT 1 FROM message o WHERE o.account_id = c.account_id AND o.automatic = 1
    AND o.id >= :lately AND o.at BETWEEN m.at - :quick AND m.at
    AND (o.conversation_id = c.id OR o.remote_id = m.reply_to))
AND NOT EXISTS (SELECT 1 FROM account own WHERE own.connector = a.connector AND own.remote_id = p.remote_id)
ORDER BY c.id
"""


class Candidate(NamedTuple):
    """A conversation whose customer wrote while it was closed; ``text`` is what they wrote last, in ``message``."""

    conversation: int
    account: int
    channel: str
    private: bool
    language: str
    message: int
    text: str


class Pending(NamedTuple):
    """An acknowledgement that has not left; ``owed`` says that its customer still waits and that nobody is answering."""

    id: int
    state: Delivery
    brand: str
    owed: bool


def candidates(source: Source, brand: str, closed: datetime, now: datetime) -> list[Candidate]:
    """Return whom to acknowledge of a brand that has been closed since then."""
    found = rows(
        source,
        _CANDIDATES,
        {
            "brand": brand,
            "closed": to_ms(closed),
            "day_ago": to_ms(now - ONCE_IN),
            "quick": TOO_QUICK // timedelta(milliseconds=1),
            "lately": first_id(to_ms(closed - TOO_QUICK)),
        },
    )
    once: dict[int, Candidate] = {}
    for number, account, channel, private, language, situation, message, text, contact, tags in found:
        if not UNASKED & {situation, *(tag.casefold() for tag in split(tags))}:
            whom = Candidate(number, account, channel, bool(private), language, message, text)
            once.setdefault(contact, whom)
    return list(once.values())


def queue(connection: Connection, whom: Candidate, text: str, closed: datetime, now: datetime) -> None:
    """Put an acknowledgement on its way, at once, and keep that it was; a draft stays."""
    connection.exec_driver_sql(
        "INSERT INTO acknowledgement(conversation_id, closure_at, at) VALUES (?, ?, ?)",
        (whom.conversation, to_ms(closed), to_ms(now)),
    )
    connection.exec_driver_sql(
        "INSERT INTO outbox(conversation_id, account_id, reply_to, text, private, state, key, attempts, agent, reason,"
        " detail, url, created_at, next_attempt_at, automatic) VALUES (?, ?, ?, ?, ?, ?, '', 0, '', '', '', '', ?, ?, 1)",
        (
            whom.conversation,
            whom.account,
            whom.message,
            text,
            whom.private,
            Delivery.QUEUED.value,
            to_ms(now),
            to_ms(now),
        ),
    )


def pending(source: Source) -> list[Pending]:
    """Return the acknowledgements that could still be taken back."""
    found = rows(
        source,
        "SELECT o.id, o.state, b.name, c.box = 'open' AND c.waiting_since IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM outbox r WHERE r.conversation_id = c.id AND r.automatic = 0 AND r.state NOT IN ('sent', 'cancelled'))"
        " FROM outbox o JOIN conversation c ON c.id = o.conversation_id JOIN brand b ON b.id = c.brand_id"
        " WHERE o.automatic = 1 AND o.state IN ('queued', 'retry_wait', 'failed')",
    )
    return [Pending(number, Delivery(state), brand, bool(owed)) for number, state, brand, owed in found]


def withdraw(connection: Connection, one: Pending) -> None:
    """Take back an acknowledgement that has not left."""
    assert Delivery.CANCELLED in STEPS[one.state]
    move(connection, one.id, one.state, Delivery.CANCELLED, next_attempt_at=None)
