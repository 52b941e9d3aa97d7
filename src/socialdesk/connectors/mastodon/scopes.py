"""What a token may do, and what it lacks (https://docs.joinmastodon.org/api/oauth-scopes/)."""

from __future__ import annotations

READING = ("read:accounts", "read:statuses", "read:notifications")
ANSWERING = ("write:statuses",)
ACTING = ("write:favourites", "write:mutes", "write:blocks", "write:reports")
PROFILE = ("write:accounts",)
ALL = (*READING, *ANSWERING, *ACTING, *PROFILE)
COARSE = "read write follow"
"""For servers that know no parts."""
_NEEDED = {
    "reading_not_allowed": READING,
    "answering_not_allowed": ANSWERING,
    "acts_not_allowed": ACTING,
    "profile_not_allowed": PROFILE,
}


def lacking(scopes: list[str]) -> tuple[str, ...]:
    """Return the problem codes of what a token with these scopes may not do."""
    return tuple(code for code, wanted in _NEEDED.items() if not all(_has(scopes, one) for one in wanted))


def offered(known: list[str]) -> str:
    """Return what to ask leave for where the server names these: no more than is needed, as small as it knows."""
    found = [one if one in known else one.partition(":")[0] for one in ALL]
    return " ".join(dict.fromkeys(one for one in found if one in known)) or "read write"


def _has(scopes: list[str], wanted: str) -> bool:
    followed = wanted in ("write:mutes", "write:blocks") and "follow" in scopes
    return wanted in scopes or wanted.partition(":")[0] in scopes or followed
