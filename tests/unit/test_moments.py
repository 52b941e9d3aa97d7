"""Until when a conversation can be put away (NEEDS A3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialdesk.screens.moments import suggestions, understood

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)  # 11:00 in Madrid


def local(moment: datetime) -> str:
    return moment.astimezone().strftime("%a %d %H:%M")


def test_the_usual_moments() -> None:
    assert [local(moment) for _name, moment in suggestions(SUNDAY)] == [
        "Sun 22 12:00",
        "Sun 22 16:00",
        "Mon 23 09:00",
    ]
    tuesday_evening = SUNDAY + timedelta(days=2, hours=8)
    assert [local(moment) for _name, moment in suggestions(tuesday_evening)] == [
        "Tue 24 20:00",
        "Wed 25 09:00",
        "Mon 30 09:00",
    ]


def test_nine_is_nine_after_the_clocks_change() -> None:
    """The night of 25 October 2026 has 25 hours in Madrid."""
    saturday = datetime(2026, 10, 24, 16, 0, tzinfo=UTC)
    tomorrow = suggestions(saturday)[1][1]
    assert tomorrow == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45m", "Sun 22 11:45"),
        ("3 h", "Sun 22 14:00"),
        ("2d", "Tue 24 11:00"),
        ("17:30", "Sun 22 17:30"),
        ("9:05", "Mon 23 09:05"),
        ("2026-11-30 09:00", "Mon 30 09:00"),
    ],
)
def test_what_can_be_typed(text: str, expected: str) -> None:
    moment = understood(text, SUNDAY)
    assert moment is not None and local(moment) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "0h", "2026-11-20 09:00", "2026-02-30 09:00", "9999d9"]
)
def test_what_cannot(text: str) -> None:
    assert understood(text, SUNDAY) is None
