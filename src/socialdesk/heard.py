"""When a call or a visit was, as people say it: pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from socialdesk.domain.zones import is_skipped
from socialdesk.i18n import _

_TIME = re.compile(r"(\d\d?)[:.h](\d\d)")


def heard_at(text: str, now: datetime) -> datetime:
    """Return the moment of "", now, or of "12:40", the last time that the clocks here showed it.

    Raises ``ValueError`` in words.
    """
    if not text.strip():
        return now
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(_("Write the time as 12:40; empty is now."))
    today = now.astimezone().replace(tzinfo=None)
    moment = today.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    if moment > today:
        moment -= timedelta(days=1)
    if is_skipped(moment):
        raise ValueError(_("That time never was: the clocks were put forward over it."))
    return moment.astimezone()
