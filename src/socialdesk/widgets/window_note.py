"""What the line under an answer says of the time in which the network takes it: pure."""

from __future__ import annotations

from datetime import datetime

from socialdesk.domain.models import QueueRow
from socialdesk.domain.windows import is_closed, is_shown
from socialdesk.i18n import _
from socialdesk.widgets.lines import Piece
from socialdesk.windowwords import what_is_left, window_left
from socialdesk.wording import window_text

Remark = tuple[Piece, ...]


def placeholder(row: QueueRow | None, now: datetime) -> str:
    """Return what stands in an answer that is not begun: what is left to do, where the network takes none."""
    if row is None:
        return ""
    return what_is_left(row.channel) if is_closed(row.answer_until, now) else _("The answer goes here.")


def with_window(remark: Remark, row: QueueRow, now: datetime) -> list[Remark]:
    """Return a remark with what is to be said of the window, in more words and in fewer."""
    if is_closed(row.answer_until, now):
        closed = window_left(0)
        full = _("{closed} until the customer writes again").format(closed=closed)
        return [((f" ! {words}", "bad"),) for words in (full, closed)]
    if row.answer_until is None or not is_shown(row.answer_until, row.due_at, now):
        return [remark]
    window: Piece = (window_text(row.answer_until, now), "warn")
    if not remark:
        return [((" ", "soft"), window)]
    return [(*remark, (" · ", "soft"), window), remark]
