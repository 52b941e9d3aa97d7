"""What lies in the outbox, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.domain.models import Delivery, OutboxItem
from socialdesk.domain.outbox import SETTLED, UNDOABLE
from socialdesk.domain.priority import from_ms
from socialdesk.errors import NotFound
from socialdesk.storage.database import Reader, Row

if TYPE_CHECKING:
    from socialdesk.domain.answers import Approval

_ITEMS = """
SELECT o.id, o.conversation_id, o.account_id, a.name, o.state, o.text, o.private, o.key, o.attempts, o.created_at,
    o.next_attempt_at, o.reason, o.detail, o.url, o.sent_at, o.agent, o.approval, o.scheduled, o.after_id, o.public_of
FROM outbox o CROSS JOIN account a ON a.id = o.account_id
"""

_APPROVALS = """
SELECT v.id, v.outbox_id, v.agent, v.at, v.verdict, v.before, v.after, v.note
FROM outbox o JOIN approval v ON v.outbox_id = o.id WHERE o.conversation_id = :id ORDER BY v.id
"""


def items(reader: Reader, *, all_states: bool = False) -> list[OutboxItem]:
    """Return the replies that have not settled, or all of them, oldest first."""
    # Naming the states that are wanted, not those that are not, lets the index serve.
    wanted = "" if all_states else f" WHERE o.state IN ({_listed(frozenset(Delivery) - SETTLED)})"
    return [_item(row) for row in reader.all(_ITEMS + wanted + " ORDER BY o.id")]


def item(reader: Reader, outbox_id: int) -> OutboxItem:
    """Return one reply; raises ``NotFound``."""
    row = reader.one(_ITEMS + " WHERE o.id = :id", {"id": outbox_id})
    if row is None:
        raise NotFound(str(outbox_id), code="reply")
    return _item(row)


def last_undoable(reader: Reader) -> OutboxItem | None:
    """Return the newest reply that can still be taken back and that somebody wrote."""
    row = reader.one(
        _ITEMS + f" WHERE o.state IN ({_listed(UNDOABLE)}) AND o.automatic = 0 ORDER BY o.id DESC LIMIT 1"
    )
    return None if row is None else _item(row)


def approvals(reader: Reader, conversation_id: int) -> list[Approval]:
    """Return what was said of the replies of a conversation before they left, oldest first."""
    from socialdesk.domain.answers import Approval

    found = reader.all(_APPROVALS, {"id": conversation_id})
    return [Approval._make((*row[:3], from_ms(row[3]), *row[4:])) for row in found]


def _listed(states: frozenset[Delivery]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def _item(row: Row) -> OutboxItem:
    number, conversation, account_id, account, state, text, private, key, attempts = row[:9]
    created_at, next_at, reason, detail, url, sent_at, agent, approval, scheduled, after_id, public_of = row[
        9:
    ]
    return OutboxItem(
        number,
        conversation,
        account_id,
        account,
        Delivery(state),
        text,
        bool(private),
        key,
        attempts,
        from_ms(created_at),
        None if next_at is None else from_ms(next_at),
        reason,
        detail,
        url,
        None if sent_at is None else from_ms(sent_at),
        agent,
        approval,
        bool(scheduled),
        after_id,
        public_of,
    )
