"""The networks' names as people write them."""

from __future__ import annotations

from socialdesk.i18n import N_, _

_NAMES = {
    "bluesky": "Bluesky",
    "counter": N_("counter"),
    "demo": N_("demo"),
    "facebook": "Facebook",
    "google": "Google",
    "instagram": "Instagram",
    "mail": N_("mail"),
    "mastodon": "Mastodon",
    "matrix": "Matrix",
    "phone": N_("phone"),
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}

_SHORT = {
    "bluesky": "Bsky",
    "counter": N_("Shop"),
    "facebook": "FB",
    "instagram": "Insta",
    "mastodon": "Masto",
    "phone": N_("Tel."),
    "telegram": "TG",
    "whatsapp": "WA",
    "youtube": "YT",
}


def is_known(channel: str) -> bool:
    """Say whether this is one of the channels that we know."""
    return channel in _NAMES


def channel_name(channel: str) -> str:
    """Return the name of a channel in the language of the interface; one we do not know is named by its id."""
    return _(_NAMES[channel]) if channel in _NAMES else channel


def short_channel_name(channel: str) -> str:
    """Return the name of a channel as people shorten it, for a column of six cells."""
    return _(_SHORT[channel]) if channel in _SHORT else channel_name(channel)
