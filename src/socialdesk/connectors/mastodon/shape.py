"""Careful looks into answers whose shape nobody guarantees: a wrong type is as good as nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

_VOLATILE = frozenset(
    {"favourites_count", "reblogs_count", "replies_count", "quotes_count", "favourited", "reblogged", "muted"}
    | {"bookmarked", "pinned", "filtered", "card", "application", "reactions", "emoji_reactions"}
    | {"votes_count", "voters_count", "voted", "own_votes", "expired", "preview_url", "meta", "blurhash"}
    | {"quote_approval", "interaction_policy", "ancestors", "descendants"}
)
_OF_PLEROMA = ("quote", "mime_type")
_DEEPEST = 40
_YEARS = range(1970, 9999)
_OF_AN_ACCOUNT = ("id", "username", "acct", "display_name", "bot", "url", "followers_count")


def mapping(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return the array, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return the string, or an empty one."""
    return value if isinstance(value, str) else ""


def identity(value: Any) -> str:
    """Return an id as text, "" where it is none; some servers write theirs as numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value) if text(value).isprintable() else ""


def step(name: str) -> str:
    """Return an id as one step of a path, whatever stands in it."""
    return quote(name, safe="")


def number(value: Any, otherwise: int) -> int:
    """Return a whole number above nought, or the other one."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31
    return value if good else otherwise


def moment(value: Any) -> datetime | None:
    """Return the moment written in ISO 8601, aware and in UTC; None where it is none. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text(value).strip())
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def stamp(at: datetime) -> str:
    """Return a moment as JSON, in UTC."""
    return at.astimezone(UTC).isoformat()


def order(value: str) -> tuple[int, str]:
    """Return what ids are sorted by among ids of one kind: each server's get longer, then lexically greater."""
    return len(value), value


def web(value: Any) -> str:
    """Return the address of a page, or nothing."""
    address = text(value)
    return address if address.startswith(("https://", "http://")) else ""


def digest(one: Any) -> str:
    """Return a name for what has no id."""
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:32]


def lasting(value: Any, depth: int = 0) -> Any:
    """Return the value without what changes by itself (counts, marks of ours), so that another payload means an edit."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [lasting(one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    if "acct" in value and "display_name" in value:
        return {key: value[key] for key in _OF_AN_ACCOUNT if key in value}
    kept = {key: lasting(one, depth + 1) for key, one in value.items() if key not in _VOLATILE}
    if "pleroma" in kept:
        theirs = mapping(kept["pleroma"])
        kept["pleroma"] = {key: theirs[key] for key in _OF_PLEROMA if theirs.get(key)}
    return kept
