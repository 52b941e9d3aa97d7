"""How long a network asks to wait, however it says so (NEED A1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialdesk.connectors.patience import asked_until, clock_ahead

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
AHEAD = "Sun, 22 Nov 2026 10:10:00 GMT"
"""A server's clock, ten minutes ahead."""


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"ratelimit-reset": str(EPOCH + 90)}, 90),
        ({"x-ratelimit-reset": f"{EPOCH + 90}.5"}, 90.5),
        ({"x-ratelimit-reset": "2026-11-22T10:01:30.123456Z"}, 90.123456),
        ({"x-ratelimit-reset": "2026-11-22T11:01:30+01:00"}, 90),
        ({"x-ratelimit-reset": "2026-11-22T10:01:30"}, 90),
        ({"ratelimit-reset": "90"}, 90),
        ({"x-ratelimit-reset": "0"}, 0),
        ({"retry-after": "90"}, 90),
        ({"retry-after": " 90 "}, 90),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:30 GMT"}, 90),
        ({"retry-after": "Sun, 22 Nov 2026 10:11:30 GMT", "date": AHEAD}, 90),
        ({"ratelimit-reset": str(EPOCH + 690), "date": AHEAD}, 90),
        ({"x-ratelimit-reset": "2026-11-22T10:11:30Z", "date": AHEAD}, 90),
        ({"ratelimit-reset": "90", "retry-after": "7", "date": AHEAD}, 90),
        ({"ratelimit-reset": "soon", "retry-after": "90"}, 90),
        ({"ratelimit-reset": "", "x-ratelimit-reset": str(EPOCH + 90)}, 90),
        ({"ratelimit-reset": "9" * 30, "retry-after": "90"}, 90),
        ({"retry-after": "90", "date": "yesterday"}, 90),
        ({"ratelimit-reset": str(EPOCH + 90), "date": "Thu, 01 Jan 1970 00:00:00 GMT"}, 90),
        ({"retry-after": "soon"}, None),
        ({"ratelimit-reset": "nan", "retry-after": "1e400"}, None),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, None),
        ({"x-ratelimit-reset": "9999-12-31T23:59:59-14:00"}, None),
        ({"x-ratelimit-reset": "0001-01-01T00:00:00+14:00"}, None),
        ({"retry-after": "-999999999999"}, None),
        ({}, None),
    ],
)
def test_every_way_of_asking_for_patience_is_understood(headers: dict[str, str], wait: float | None) -> None:
    """The moment is by our own clock; nonsense is nothing, and hides no other header."""
    assert asked_until(headers, NOW) == (None if wait is None else NOW + timedelta(seconds=wait))


@pytest.mark.parametrize(
    ("date", "ahead"), [(AHEAD, 600), ("", 0), ("soon", 0), ("0", 0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0)]
)
def test_how_far_a_clock_is_ahead(date: str, ahead: int) -> None:
    assert clock_ahead({"date": date}, NOW) == timedelta(seconds=ahead)
