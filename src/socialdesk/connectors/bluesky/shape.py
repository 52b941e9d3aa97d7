"""Careful looks into answers whose shape nobody guarantees: a wrong type is as good as nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_VOLATILE = frozenset(
    {"isRead", "viewer", "avatar", "associated", "status", "verification", "debug"}
    | {"likeCount", "repostCount", "replyCount", "quoteCount", "bookmarkCount", "threadgate"}
)


def mapping(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return the array, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return the string, or an empty one."""
    return value if isinstance(value, str) else ""


def moment(value: Any) -> datetime | None:
    """Return the moment written in ISO 8601, aware and in UTC; None where it is none. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text(value).strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stamp(at: datetime) -> str:
    """Return a moment as the protocol writes it: milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lasting(value: Any) -> Any:
    """Return the value without what changes by itself (counts, read marks), so that another payload means an edit."""
    if isinstance(value, list):
        return [lasting(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: one for key, one in value.items() if key not in _VOLATILE}
    # A record is the author's own and signed; it stays as it is.
    return {key: one if key in ("record", "value") else lasting(one) for key, one in kept.items()}


def post_time(view: Any) -> datetime | None:
    """Return the time by which Bluesky sorts a post: the earlier of what its author declares and its arrival.

    Source: ``sortAt`` in the AppView's notification and feed queries.
    """
    view = mapping(view)
    declared = moment(mapping(view.get("record")).get("createdAt"))
    indexed = moment(view.get("indexedAt"))
    return min((at for at in (declared, indexed) if at is not None), default=None)


def repo_of(uri: Any) -> str:
    """Return whose record an ``at://`` address names (a DID), or nothing."""
    parts = text(uri).split("/")
    return parts[2] if len(parts) > 2 and parts[0] == "at:" else ""


def key_of(uri: Any) -> str:
    """Return the record key, the last part of an ``at://`` address."""
    return text(uri).rsplit("/", 1)[-1]


def web_address(uri: str) -> str:
    """Return where a browser shows that post; by DID, because handles change."""
    return f"https://bsky.app/profile/{repo_of(uri)}/post/{key_of(uri)}"
