"""What a conversation says of each message, in words (NEEDS A1, C2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialdesk.domain.models import Delivery, Direction, Kind, ThreadMessage
from socialdesk.widgets.thread_lines import message_lines

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HEARD = ThreadMessage(
    1, "r1", Direction.IN, NOW - timedelta(hours=1), "ana", "Ana", "Where is it?", Kind.MENTION, False
)
OURS = HEARD._replace(direction=Direction.OUT, outbox_id=7, delivery=Delivery.QUEUED, kind=Kind.REPLY)


def said(message: ThreadMessage, now: datetime = NOW) -> str:
    lines = message_lines(message, 60, now, "u")
    return "\n".join("".join(text for text, _part in (*line.left, *line.right)) for line in lines)


def test_who_when_and_what() -> None:
    assert said(HEARD) == "Ana  @anamention · 10:00\n│ Where is it?\n"


def test_private_edited_deleted_and_context_are_words() -> None:
    assert "private" in said(HEARD._replace(private=True))
    assert "edited" in said(HEARD._replace(edited_at=NOW))
    assert "deleted by its author" in said(HEARD._replace(deleted_at=NOW))
    assert "for context" in said(HEARD._replace(context=True))


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (Delivery.QUEUED, "leaves in 8 s · u undoes"),
        (Delivery.SENDING, "leaving now"),
        (Delivery.UNKNOWN, "We do not know whether it left. Checking."),
        (Delivery.NEEDS_PERSON, "never sent twice by itself"),
        (Delivery.FAILED, "The network refused this reply"),
        (Delivery.SENT, "✓ sent"),
        (Delivery.CANCELLED, "taken back"),
        (Delivery.AWAITING_APPROVAL, "waits for approval"),
    ],
)
def test_every_state_of_a_reply_is_told(delivery: Delivery, words: str) -> None:
    reason = {Delivery.FAILED: "rejected"}.get(delivery, "")
    message = OURS._replace(delivery=delivery, reason=reason, leaves_at=NOW + timedelta(seconds=8))
    assert words in " ".join(said(message).split())


def test_a_retry_says_when_and_why() -> None:
    message = OURS._replace(
        delivery=Delivery.RETRY_WAIT, reason="offline", leaves_at=NOW + timedelta(minutes=5)
    )
    assert "The network cannot be reached. Next try at 11:05" in " ".join(said(message).split())


def test_a_long_hold_names_the_moment() -> None:
    assert "leaves 23 Nov" in said(OURS._replace(leaves_at=NOW + timedelta(days=1)))
