"""What of a payload stays as it is: addresses of Meta's files are signed anew each time they are told, and end after days.

So they are not stored, where they would make each look at a message seem an edit of it, and are asked for again when a file is wanted.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

FILE = "meta:file"
"""Stands where an address of a file stood."""
_WRAPPERS = ("https://l.facebook.com/l.php?", "https://l.instagram.com/?")
_HOSTS = ("fbcdn.net", "fbsbx.com", "cdninstagram.com")
_VOLATILE = frozenset(
    {
        "can_hide",
        "can_reply_privately",
        "comment_count",
        "comments",
        "hidden",
        "is_hidden",
        "like_count",
        "paging",
        "reactions",
        "replies",
        "updated_time",
        "user_likes",
    }
)


def lasting(value: Any) -> Any:
    """Return a payload without what changes by itself: counts, states, addresses of files; and of pages, in which a key stands."""
    if isinstance(value, dict):
        return {key: lasting(one) for key, one in value.items() if key not in _VOLATILE}
    if isinstance(value, list):
        return [lasting(one) for one in value]
    if not isinstance(value, str):
        return value
    return FILE if is_file(value) else _unwrapped(value)


def _unwrapped(address: str) -> str:
    """Return where an address leads that Meta wraps in a signed one of its own, which is another one each time."""
    if not address.startswith(_WRAPPERS):
        return address
    return next(iter(parse_qs(address.partition("?")[2]).get("u", [])), address)


def is_file(address: str) -> bool:
    """Say whether that is the address of a file of Meta's."""
    if not address.startswith(("https://", "http://")):
        return False
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return any(host == one or host.endswith(f".{one}") for one in _HOSTS)
