"""The one way a reply changes state: a compare-and-set along ``domain.outbox.STEPS``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update
from sqlmodel import col

from socialdesk.domain.models import Delivery
from socialdesk.domain.outbox import allowed
from socialdesk.errors import Refused
from socialdesk.storage.tables import OutboxRow


def move(connection: Connection, outbox_id: int, current: Delivery, target: Delivery, **columns: Any) -> bool:
    """Take a reply from one state to another and set ``columns`` with it.

    Returns False, and changes nothing, where the reply is not in ``current`` any more. Raises ``Refused`` for a
    step that no reply may take.
    """
    if not allowed(current, target):
        raise Refused(f"{current} -> {target}", code="step")
    done = connection.execute(
        update(OutboxRow)
        .where(col(OutboxRow.id) == outbox_id, col(OutboxRow.state) == current.value)
        .values(state=target.value, **columns)
    )
    return done.rowcount == 1
