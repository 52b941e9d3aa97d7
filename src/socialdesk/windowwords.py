"""What is said of the time in which a network takes an answer, and of what is left once it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from socialdesk.domain.windows import is_closed
from socialdesk.i18n import N_, _
from socialdesk.wording import moment

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SAME = timedelta(minutes=1)
"""Moments this near to each other are written alike."""

_LEFT = {
    "whatsapp": N_(
        "WhatsApp takes no more words of your own in this conversation until the customer writes again; only an approved "
        "template, once the account has one: socialdesk account set NAME template=..."
    ),
}
_OTHERWISE = N_(
    "The network takes no more answers in this conversation until the customer writes again. Wait for that, or answer "
    "in the network's own app or in the browser."
)


def window_left(seconds: int) -> str:
    """Return how long a network still takes an answer, in whole minutes: "window 3 h 20"; else that it takes none."""
    if seconds <= 0:
        return _("window closed")
    return _("window {time}").format(time=_span(seconds))


def what_is_left(channel: str) -> str:
    """Return what a person can do once a window is closed."""
    return _(_LEFT.get(channel, _OTHERWISE))


def window_why(until: datetime, due_at: datetime | None, now: datetime) -> str:
    """Return what a window has to do with a conversation's place in the queue."""
    when = moment(until, now)
    if is_closed(until, now):
        return _(
            "The network took an answer until {when}; until the customer writes again it takes none."
        ).format(when=when)
    if due_at is not None and abs(until - due_at) < _SAME:
        text = _("The network takes an answer until {when} only: just as long as the promise runs.")
    elif due_at is None or until < due_at:
        text = _(
            "The network takes an answer until {when} only: that is sooner than the promise, so it decides the place "
            "in the queue and what is left."
        )
    else:
        text = _("The network takes an answer until {when}, later than the promise.")
    return text.format(when=when)


def _span(seconds: int) -> str:
    if seconds < _HOUR:
        return f"{max(1, seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE:02d}"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"
