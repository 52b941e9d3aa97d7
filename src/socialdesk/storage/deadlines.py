"""What is asked of the open deadlines: why one lies where it lies, and how many the day still holds (NEEDS A5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from socialdesk.domain.calendars import timeline
from socialdesk.domain.consequences import Holds
from socialdesk.domain.models import Box
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.promises import EVERY_STEP, Policy, Step, Which, steps
from socialdesk.errors import NotFound
from socialdesk.storage import accounts, policies
from socialdesk.storage.database import Reader

_DUE = """
SELECT count(*) FROM conversation WHERE brand_id = :brand AND box = :box AND urgency BETWEEN :now AND :end
    AND (due_at IS NOT NULL OR commit_at IS NOT NULL)
"""


def why(reader: Reader, conversation_id: int) -> tuple[Step, ...]:
    """Return the arithmetic of a conversation's deadline; nothing where nobody waits. Raises ``NotFound``."""
    row = reader.one(
        "SELECT b.name, c.channel, c.situation, c.waiting_since, c.promise FROM conversation c"
        " CROSS JOIN brand b ON b.id = c.brand_id WHERE c.id = :id",
        {"id": conversation_id},
    )
    if row is None:
        raise NotFound(str(conversation_id), code="conversation")
    brand, channel, situation, since, which = row
    if since is None:
        return ()
    policy = policies.in_force(reader)
    about: Which = "next" if which == "next" else "first"
    return steps(policy, brand, channel, situation, from_ms(since), about, EVERY_STEP)


def day(reader: Reader, now: datetime) -> list[Holds]:
    """Return how many deadlines each brand's day still holds."""
    policy = policies.in_force(reader)
    return [_holds(reader, policy, brand.id, brand.name, now) for brand in accounts.brands(reader)]


def _holds(reader: Reader, policy: Policy, number: int, brand: str, now: datetime) -> Holds:
    closes = _closes(policy, brand, now)
    end = _midnight(now) if closes is None else closes
    params = {"brand": number, "box": Box.OPEN.value, "now": to_ms(now), "end": to_ms(end)}
    row = reader.one(_DUE, params)
    assert row is not None
    return Holds(brand, int(row[0]), closes)


def _closes(policy: Policy, brand: str, now: datetime) -> datetime | None:
    """Return when the brand next closes today, the day being that of its own zone; None where it does not."""
    if brand not in policy.calendars:
        return None
    line = timeline(policy.calendars[brand])
    opens = line.next_open(now)
    if opens is None or opens.astimezone(line.zone).date() != now.astimezone(line.zone).date():
        return None
    closes = line.closes(opens)
    # Open around the clock, it closes some other year: the day ends at midnight then.
    return closes if closes is not None and closes - now <= timedelta(days=1) else None


def _midnight(now: datetime) -> datetime:
    local = now.astimezone() + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
