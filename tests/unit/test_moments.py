"""Until when a conversation can be put away (NEEDS A3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from socialdesk.screens.moments import Unclear, suggestions, understood

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
        ("23/11 9:00", "Mon 23 09:00"),
        ("24/11", "Tue 24 09:00"),
        ("mañana", "Mon 23 09:00"),
        ("Mañana a las 10", "Mon 23 10:00"),
        ("tomorrow 9:00", "Mon 23 09:00"),
        ("tomorrow at 10:30", "Mon 23 10:30"),
        ("pasado mañana a las 9h", "Tue 24 09:00"),
        ("hoy 17:00", "Sun 22 17:00"),
        ("viernes", "Fri 27 09:00"),
        ("el miércoles a las 12:30", "Wed 25 12:30"),
        ("on Friday at 10", "Fri 27 10:00"),
        ("lun 20:00", "Mon 23 20:00"),
        ("domingo 18:00", "Sun 22 18:00"),
        ("domingo", "Sun 29 09:00"),
        ("24 nov, 12:00", "Tue 24 12:00"),
        ("mar, 24 nov, 12:00", "Tue 24 12:00"),
        ("1 de diciembre a las 9", "Tue 01 09:00"),
        ("3 Dec", "Thu 03 09:00"),
    ],
)
def test_what_can_be_typed(text: str, expected: str) -> None:
    moment = understood(text, SUNDAY)
    assert moment is not None and local(moment) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *[
            (text, "Not understood")
            for text in ("", "soon", "25:00", "2026-02-30 09:00", "9999d9", "17", "24 nev", "lu")
        ],
        *[(text, "in the past") for text in ("0h", "2026-11-20 09:00", "21/11 9:00", "hoy 10:00")],
        *[(text, "more than a year") for text in ("400d", "99999d", "2029-01-01 09:00")],
    ],
)
def test_what_cannot(text: str, words: str) -> None:
    """Each with its own words: not understood, past, too far."""
    with pytest.raises(Unclear, match=words):
        understood(text, SUNDAY)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 29, 59])
def test_suggestions_come_in_order_and_well_apart(hour: int, minute: int) -> None:
    """None in the past, none within half an hour of another."""
    for day in range(7):
        now = datetime(2026, 11, 16 + day, hour, minute, tzinfo=UTC)
        moments = [now, *(moment for _name, moment in suggestions(now))]
        assert all(b - a >= timedelta(minutes=30) for a, b in pairwise(moments))


def test_a_time_that_the_clocks_skip_is_told() -> None:
    """At 2:00 on 28 March 2027 it is 3:00 in Madrid."""
    for text in ("28/3/2027 2:30", "2027-03-28 02:30"):
        with pytest.raises(Unclear, match="02:30 never comes: the clocks are put forward"):
            understood(text, SUNDAY)
    assert local(understood("28/3/2027 3:30", SUNDAY)) == "Sun 28 03:30"
    assert local(understood("2027-03-28 01:59", SUNDAY)) == "Sun 28 01:59"
