"""What is said of the time in which a network takes an answer, and of what is left once it is over."""

from __future__ import annotations

from socialdesk.i18n import N_, _

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

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


def _span(seconds: int) -> str:
    if seconds < _HOUR:
        return f"{max(1, seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE:02d}"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"
