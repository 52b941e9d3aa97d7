"""From updates to raw items: one a message, and one for all that was sent as an album and comes as several messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.telegram.parsing import identity_of, place_of
from socialdesk.connectors.telegram.shape import items, mapping, number, text

REMEMBERED = 200
"""Albums whose parts are kept at hand for what comes later: another part, other words, a deletion."""
_NO_MESSAGES = frozenset(["old_chat_member", "old_reaction", "reactions", "boost", "user_chat_id"])
"""What marks an update that names a chat, and perhaps a message in it, and is none: it must not replace that message."""


class Albums:
    """The parts of the newest albums, by album; the first part that came names it."""

    def __init__(self) -> None:
        self._parts: dict[str, list[dict[str, Any]]] = {}

    def with_part(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Return all known parts, this one among them: the newer of two that are the same message."""
        place = place_of(message)
        key = f"{place.business}:{place.chat}:{message.get('media_group_id')}"
        parts = self._parts.pop(key, [])
        self._parts[key] = parts = _with(parts, message)
        while len(self._parts) > REMEMBERED:
            del self._parts[next(iter(self._parts))]
        return list(parts)

    def without(self, identity: str) -> list[dict[str, Any]]:
        """Return what is left of the album of a message that is no more; nothing where it stood alone or was its first."""
        for key, parts in self._parts.items():
            if identity in map(identity_of, parts[1:]):
                self._parts[key] = left = [part for part in parts if identity_of(part) != identity]
                return list(left)
        return []


def _with(parts: list[dict[str, Any]], message: dict[str, Any]) -> list[dict[str, Any]]:
    for place, part in enumerate(parts):
        if identity_of(part) == identity_of(message):
            newer = int(number(message.get("edit_date")) or 0) >= int(number(part.get("edit_date")) or 0)
            return [*parts[:place], message, *parts[place + 1 :]] if newer else parts
    return [*parts, message]


def is_part(update: dict[str, Any]) -> bool:
    """Say whether this belongs to an album, of which more may be on its way."""
    message = message_in(update) or {}
    return bool(message.get("media_group_id")) and not message.get("edit_date")


def raws_of(updates: list[dict[str, Any]], me: dict[str, Any], albums: Albums, at: int) -> list[Raw]:
    """Return one raw item a message; ``at`` is now in seconds since 1970, which deletions do not tell."""
    raws: list[Raw] = []
    for update in updates:
        for raw in _raws(update, me, albums, at):
            if len(raw.payload.get("parts", ())) > 1:  # an album grows in its place
                raws = [one for one in raws if one.id != raw.id]
            raws.append(raw)
    return raws


def _raws(update: dict[str, Any], me: dict[str, Any], albums: Albums, at: int) -> Iterator[Raw]:
    if gone := mapping(update.get("deleted_business_messages")):
        yield from _gone(gone, me, albums, at)
        return
    message, own = message_in(update), f"update:{update['update_id']}"
    if message is None:
        yield Raw(own, {"kind": "other", "update": update})
        return
    parts = albums.with_part(message) if message.get("media_group_id") else [message]
    yield _raw(parts, me, own)


def _raw(parts: list[dict[str, Any]], me: dict[str, Any], otherwise: str = "") -> Raw:
    return Raw(identity_of(parts[0]) or otherwise, {"kind": "message", "me": me, "parts": parts})


def _gone(gone: dict[str, Any], me: dict[str, Any], albums: Albums, at: int) -> Iterator[Raw]:
    business, chat = text(gone.get("business_connection_id")), mapping(gone.get("chat"))
    payload = {"kind": "deleted", "business": business, "chat": chat, "at": at}
    for one in items(gone.get("message_ids")):
        name = identity_of({"chat": chat, "message_id": one, "business_connection_id": business})
        if left := albums.without(name):
            yield _raw(left, me)
        elif name:
            yield Raw(name, payload)


def message_in(update: dict[str, Any]) -> dict[str, Any] | None:
    """Return the message of an update, also of a kind that was not known when this was written."""
    for value in update.values():
        if (
            isinstance(value, dict)
            and "chat" in value
            and ("message_id" in value or "date" in value)
            and _NO_MESSAGES.isdisjoint(value)
        ):
            return value
    return None
