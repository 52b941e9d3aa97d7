"""The top line's words about what lies ahead (NEEDS A5, A6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.consequences import Holds
from socialdesk.domain.promises import Policy
from socialdesk.screens.ahead import pieces, share_hours

EVENING = datetime(2026, 11, 22, 22, 16, tzinfo=UTC)
TONIGHT, TOMORROW = EVENING + timedelta(minutes=14), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SHOP = Calendar("Europe/Madrid", ((Shift(600, 840),),) * 7)
DAY = [Holds("Sol", 1, None), Holds("Luna", 2, None)]


def test_a6_one_wait_is_told_for_all_brands_only_where_they_open_together() -> None:
    assert share_hours(Policy(), DAY)
    assert share_hours(Policy(calendars={"Sol": SHOP, "Luna": SHOP}), DAY)
    assert not share_hours(Policy(calendars={"Sol": SHOP}), DAY)
    assert share_hours(Policy(calendars={"Sol": SHOP}), DAY[:1])


def told(day: list[Holds]) -> str:
    """Return what the top line says of the day, in full, late on a Sunday evening in Madrid."""
    (text, _style), *_more = pieces(day, None, None, EVENING)[0]
    return text.strip()


def test_a5_a_closing_of_tomorrow_hides_nothing_that_is_due_tonight() -> None:
    assert told([Holds("Ronda", 1, TOMORROW), Holds("Luna", 6, None)]) == "6 due today"
    assert told([Holds("Sol", 2, TONIGHT), Holds("Ronda", 1, TOMORROW)]) == "2 due before 23:30, closing"
    assert told([Holds("Sol", 2, TONIGHT), Holds("Luna", 6, None)]) == "8 due today"


def test_a5_a_closing_of_another_day_is_told_with_its_day() -> None:
    assert told([Holds("Ronda", 1, TOMORROW)]) == "1 due before closing on 23 Nov, 13:00"
    assert pieces([Holds("Ronda", 0, TOMORROW)], None, None, EVENING) == ()
