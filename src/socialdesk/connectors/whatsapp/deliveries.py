"""From what Meta delivers to raw items. Deliveries come twice, late and out of order; edits may come before what they change."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, since_1970, text
from socialdesk.connectors.whatsapp.people import People, names_of

_MOST_CHANGES = 500
_log = logging.getLogger("socialdesk.connectors.whatsapp")


class Reader:
    """Reads deliveries; ``changes`` are the edits and withdrawals seen lately, by what they change."""

    def __init__(self, number: str, people: People, changes: object) -> None:
        self._number = number
        self._people = people
        self._changes: dict[str, dict[str, Any]] = {
            key: one for key, one in mapping(changes).items() if isinstance(one, dict)
        }

    def dump(self) -> dict[str, dict[str, Any]]:
        """Return the changes for the cursor."""
        return dict(list(self._changes.items())[-_MOST_CHANGES:])

    def read(self, body: Mapping[str, Any]) -> Iterator[Raw]:
        """Return the raw items in one delivery, in its order; what is meant for another number is left out."""
        for entry in mappings(body.get("entry")):
            for change in mappings(entry.get("changes")):
                value = mapping(change.get("value"))
                ours = identity(mapping(value.get("metadata")).get("phone_number_id"))
                if ours in ("", self._number):
                    yield from self._value(value)

    def _value(self, value: dict[str, Any]) -> Iterator[Raw]:
        names = names_of(value)
        for message in mappings(value.get("messages")):
            yield from self._message(message, value, names)
        for echo in mappings(value.get("message_echoes")):
            yield from self._echo(echo, names)
        for status in mappings(value.get("statuses")):
            if text(status.get("status")) == "failed":
                yield self._failed(status, mappings(value.get("contacts")))
        for error in mappings(value.get("errors")):
            _log.warning("WhatsApp: %s %s", error.get("code"), text(error.get("title")))

    def _echo(self, echo: dict[str, Any], names: dict[str, str]) -> Iterator[Raw]:
        """Return what was written on the telephone itself, where app and interface are used side by side."""
        telephone, scoped = identity(echo.get("to")), identity(echo.get("to_user_id"))
        customer, kind = self._people.meet(telephone, scoped), text(echo.get("type"))
        name = names.get(telephone) or names.get(scoped) or ""
        shared = {
            "kind": "echo",
            "customer": customer,
            "name": name,
            "telephone": telephone,
            "scoped": scoped,
        }
        if kind in ("edit", "revoke"):
            yield from self._changed(kind, echo, shared)
        elif kind != "reaction":
            yield self._raw(echo, shared)

    def _message(
        self, message: dict[str, Any], value: dict[str, Any], names: dict[str, str]
    ) -> Iterator[Raw]:
        telephone, scoped = identity(message.get("from")), identity(message.get("from_user_id"))
        contacts = mappings(value.get("contacts"))
        if len(contacts) == 1:
            telephone = telephone or identity(contacts[0].get("wa_id"))
            scoped = scoped or identity(contacts[0].get("user_id"))
        kind = text(message.get("type"))
        if kind == "system":
            told = mapping(message.get("system"))
            self._people.rename(telephone, identity(told.get("wa_id")) or identity(told.get("new_wa_id")))
            self._people.rename(
                scoped, identity(told.get("user_id")) if "changed_user_id" in text(told.get("type")) else ""
            )
        customer = self._people.meet(telephone, scoped)
        name = names.get(telephone) or names.get(scoped) or ""
        shared = {
            "kind": "message",
            "customer": customer,
            "name": name,
            "telephone": telephone,
            "scoped": scoped,
        }
        if kind in ("edit", "revoke"):
            yield from self._changed(kind, message, shared)
        elif kind != "reaction":
            yield self._raw(message, shared)

    def _changed(self, kind: str, message: dict[str, Any], shared: dict[str, Any]) -> Iterator[Raw]:
        """Return what a change makes of its message, also where that comes later or never came."""
        told = mapping(message.get(kind))
        target = identity(told.get("original_message_id"))
        if not target:
            return
        newer = mapping(told.get("message")) if kind == "edit" else {}
        change = {"kind": kind, "at": message.get("timestamp"), "message": newer}
        if _is_older(change, self._changes.get(target)):
            return
        self._changes[target] = change
        group = {"group_id": message["group_id"]} if "group_id" in message else {}
        stand_in = {**newer, **group, "id": target, "timestamp": message.get("timestamp")}
        yield Raw(target, {**shared, "message": stand_in, "change": change})

    def _raw(self, message: dict[str, Any], shared: dict[str, Any]) -> Raw:
        name = identity(message.get("id"))
        change = {"change": self._changes[name]} if name in self._changes else {}
        return Raw(name or f"odd|{digest(message)}", {**shared, "message": message, **change})

    def _failed(self, status: dict[str, Any], contacts: list[dict[str, Any]]) -> Raw:
        """Return that an answer of ours was not delivered after all."""
        telephone, scoped = identity(status.get("recipient_id")), identity(status.get("recipient_user_id"))
        if len(contacts) == 1:
            telephone = telephone or identity(contacts[0].get("wa_id"))
            scoped = scoped or identity(contacts[0].get("user_id"))
        customer, name = self._people.meet(telephone, scoped), identity(status.get("id"))
        about = {"kind": "failed", "customer": customer, "telephone": telephone, "scoped": scoped}
        return Raw(f"failed|{name or digest(status)}", {**about, "status": status})


def _is_older(change: dict[str, Any], known: dict[str, Any] | None) -> bool:
    """Say whether a change counts no more beside one that is known: what was taken back stays so, of edits the latest counts."""
    if known is None:
        return False
    if "revoke" in (known.get("kind"), change.get("kind")):
        return change.get("kind") != "revoke"
    at, before = since_1970(change.get("at")), since_1970(known.get("at"))
    return at is not None and before is not None and at < before
