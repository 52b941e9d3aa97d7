"""What Meta brought to the relay for a page or an account on Instagram: it wakes the desk, and tells what no list tells.

https://developers.facebook.com/docs/graph-api/webhooks. Deliveries come twice, late and in no order. What the lists tell as well is
asked for once only, by its number, so that it is the same message from wherever it came.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from socialdesk.connectors import relaying
from socialdesk.connectors.contract import (
    N_,
    AuthRequired,
    Capabilities,
    Host,
    RateLimited,
    Raw,
    Rejected,
    Setting,
    Temporary,
)
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping, mappings, stamp, text

_log = logging.getLogger("socialdesk.connectors.meta")
_LISTENING = timedelta(minutes=2)
RELAY = replace(
    relaying.RELAY,
    help=N_(
        "The address of your relay, as in https://relay.example.org: with one, news is there at once. Leave it empty to do without."
    ),
    required=False,
)
RELAY_KEY: Setting = replace(relaying.RELAY_KEY, required=False, only_with="relay")


class Event(NamedTuple):
    """One thing that happened: ``field`` as Meta calls it, what it says, and when it was told."""

    field: str
    value: dict[str, Any]
    at: datetime | None


class News(NamedTuple):
    """What the relay had, until which position, and whether there is more."""

    events: list[Event]
    position: int
    more: bool = False


def limits(capabilities: Capabilities, options: Mapping[str, str]) -> Capabilities:
    """Return what an account with these settings can do: with a relay it hears at once."""
    relay = options.get("relay", "").strip()
    return replace(capabilities, push=True, listening_poll=_LISTENING) if relay else capabilities


class Hooks:
    """One account's mailbox at its relay, where it has one. ``trouble`` is the code of what the relay last refused, or ""."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._mailbox = relaying.Mailbox(host) if host.options.get("relay", "").strip() else None
        self._position = 0
        self.trouble = ""

    async def news(self, position: int, us: Us) -> News:
        """Return what came after a position, which is stored by now; the relay's trouble stops nothing else."""
        if self._mailbox is None:
            return News([], position)
        try:
            if position:
                await self._mailbox.confirm(position)
            batch = await self._mailbox.after(position)
            if batch.newest < position:  # a relay that was set up anew counts from the beginning
                batch = await self._mailbox.after(0)
                position = 0
        except (AuthRequired, RateLimited, Rejected, Temporary) as error:
            _log.warning("%s: relay: %s (%s)", self._host.account, error.code, error)
            self.trouble = "relay_key_refused" if error.code == "relay_key_refused" else "relay_trouble"
            return News([], position)
        self.trouble = ""
        last = max([position, *(one.position for one in batch.deliveries)])
        last = last if batch.deliveries else batch.passed(position)
        self._position = last
        found = [event for one in batch.deliveries for event in events(one.body, us)]
        return News(found, last, bool(batch.deliveries) and batch.newest > last)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait at the relay."""
        if self._mailbox is None:
            raise Temporary("no relay", code="relay_trouble")
        await self._mailbox.listen(lambda: self._position, news)


def events(body: Mapping[str, Any], us: Us) -> Iterator[Event]:
    """Return what happened, in one delivery; what is meant for another account is left out."""
    for entry in mappings(body.get("entry")):
        if identity(entry.get("id")) not in (us.id, us.place):
            continue
        at = when(entry.get("time"))
        for change in mappings(entry.get("changes")):
            value = mapping(change.get("value"))
            yield Event(text(change.get("field")), value, when(value.get("created_time")) or at)
        for one in [*mappings(entry.get("messaging")), *mappings(entry.get("standby"))]:
            for field in ("message", "message_edit"):
                if told := mapping(one.get(field)):
                    value = {**told, "sender": one.get("sender"), "recipient": one.get("recipient")}
                    yield Event(field, value, when(one.get("timestamp")) or at)


async def private(graph: Graph, us: Us, event: Event, known: set[str]) -> Raw | None:
    """Return the message of which Meta tells; None where the lists have brought it."""
    value, name = event.value, identity(event.value.get("mid"))
    if not name or event.at is None:
        return None
    people = [mapping(value.get("sender")), mapping(value.get("recipient"))]
    customer = next((one for one in people if not us.is_us(one)), {})
    told = {
        "id": name,
        "created_time": stamp(event.at),
        "from": people[0],
        "to": {"data": [people[1]]},
        "message": text(value.get("text")),
    }
    if value.get("is_deleted") is True:
        raw = messages.as_raw({**told, "message": ""}, customer, us)
        return Raw(raw.id, {**raw.payload, "deleted": True})
    if f"m|{name}" in known and event.field == "message":
        return None
    try:
        found = await graph.get(name, {"fields": messages.fields_of(us)})
    except Refusal as refusal:
        _log.info("%s: a message: %s (%s)", graph.host.account, refusal.code, refusal)
        found = {}
    raw = messages.as_raw(found if identity(found.get("id")) == name else _told(told, value), customer, us)
    edited = {"edited": stamp(event.at)} if event.field == "message_edit" else {}
    return Raw(raw.id, {**raw.payload, **edited})


def _told(message: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Return a message as the delivery tells it, in the shape that the lists have."""
    found = []
    for one in mappings(value.get("attachments")):
        kind, url = text(one.get("type")), text(mapping(one.get("payload")).get("url"))
        known = kind if kind in ("image", "video", "audio") else ""
        found.append({f"{known}_data": {"url": url}} if known and url else {"file_url": url, "name": kind})
    story = mapping(mapping(value.get("reply_to")).get("story"))
    about = {"story": {"reply_to": {"id": story.get("id"), "link": story.get("url")}}} if story else {}
    unsupported = {"is_unsupported": True} if value.get("is_unsupported") is True else {}
    return {**message, "attachments": {"data": found}, **about, **unsupported}
