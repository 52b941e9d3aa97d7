"""The top line's words about what lies ahead (NEEDS A5, A6)."""

from __future__ import annotations

from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.consequences import Holds
from socialdesk.domain.promises import Policy
from socialdesk.screens.ahead import share_hours

SHOP = Calendar("Europe/Madrid", ((Shift(600, 840),),) * 7)
DAY = [Holds("Sol", 1, None), Holds("Luna", 2, None)]


def test_a6_one_wait_is_told_for_all_brands_only_where_they_open_together() -> None:
    assert share_hours(Policy(), DAY)
    assert share_hours(Policy(calendars={"Sol": SHOP, "Luna": SHOP}), DAY)
    assert not share_hours(Policy(calendars={"Sol": SHOP}), DAY)
    assert share_hours(Policy(calendars={"Sol": SHOP}), DAY[:1])
