"""The networks' names as people write them."""

from __future__ import annotations

from socialdesk.i18n import N_, _

_NAMES = {
    "bluesky": "Bluesky",
    "demo": N_("demo"),
    "facebook": "Facebook",
    "google": "Google",
    "instagram": "Instagram",
    "mail": N_("mail"),
    "mastodon": "Mastodon",
    "matrix": "Matrix",
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}


def channel_name(channel: str) -> str:
    """Return the name of a channel in the language of the interface; one we do not know is named by its id."""
    return _(_NAMES[channel]) if channel in _NAMES else channel
