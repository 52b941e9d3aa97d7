"""Reads what a relay of one's own took in for an account: for networks that bring messages to an address and keep no list.

The relay is ``socialdesk relay`` (docs/relay.md): it numbers what arrives, keeps it until it is confirmed, and a day longer.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import httpx

from socialdesk.connectors.contract import N_, AuthRequired, Host, Rejected, Setting, Temporary
from socialdesk.connectors.rest import Rest, trouble_of
from socialdesk.connectors.shapes import mapping, mappings, moment, text, whole

WAIT = 25
_LONG = httpx.Timeout(WAIT + 15, connect=10)

RELAY = Setting(
    "relay",
    N_("Relay"),
    N_("The address of your relay, as in https://relay.example.org."),
)
RELAY_KEY = Setting(
    "relay_key", N_("Relay key"), N_('The desk key that "socialdesk relay new-mailbox" showed.'), secret=True
)


class Delivery(NamedTuple):
    """Something that was brought: its number in the mailbox, when it came, and its JSON."""

    position: int
    at: datetime | None
    body: dict[str, Any]


class Batch(NamedTuple):
    """What a mailbox had: deliveries in their order, and the numbers of its oldest and its newest."""

    deliveries: list[Delivery]
    newest: int
    oldest: int

    def passed(self, position: int) -> int:
        """Return how far a desk may go that was given nothing after a position: to before the oldest that is kept."""
        return max(position, self.oldest - 1 if self.oldest else self.newest)


class Mailbox:
    """One account's mailbox at its relay."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._rest = Rest(host)
        self._base = host.options.get("relay", "").strip().rstrip("/")

    async def after(self, position: int, *, limit: int = 100) -> Batch:
        """Return what came after a position; nothing is taken away by that."""
        answer = await self._ask(
            "GET", "/v1/items", {"after": str(position), "limit": str(limit), "wait": "0"}
        )
        newest, oldest = whole(answer.get("newest")), whole(answer.get("oldest"))
        if newest is None or not isinstance(answer.get("items"), list):
            raise Temporary("the relay's answer is none of a relay", code="relay_trouble")
        found = [_delivery(one) for one in mappings(answer.get("items"))]
        known = [one for one in found if one is not None and one.position > position]
        return Batch(known, newest, oldest or 0)

    async def confirm(self, position: int) -> None:
        """Say that everything up to a position is stored here."""
        await self._ask("POST", "/v1/confirm", None, {"through": position})

    async def listen(self, position: Callable[[], int], news: Callable[[], None]) -> None:
        """Wait for what comes after a position and tell of it, until the connection ends."""
        news()
        told = position()
        while True:
            known = max(told, position())
            params = {"after": str(known), "limit": "1", "wait": str(WAIT)}
            answer = await self._ask("GET", "/v1/items", params, timeout=_LONG)
            newest = whole(answer.get("newest")) or 0
            if newest > known:
                told = newest
                news()

    async def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: Any = None,
        timeout: httpx.Timeout | None = None,
    ) -> dict[str, Any]:
        key = (await self._host.vault.secret("relay_key")).strip()
        headers = {"Authorization": f"Bearer {key}"}
        url = self._base + path
        try:
            if timeout is None:
                return await self._rest.call(method, url, headers=headers, params=params, body=body)
            response = await self._host.http.request(
                method, url, headers=headers, params=params, timeout=timeout
            )
        except Rejected as refusal:
            if getattr(refusal, "status", 0) in (401, 403):
                raise AuthRequired(refusal.detail, code="relay_key_refused") from None
            raise
        except httpx.RequestError as error:
            raise trouble_of(error) from error
        if response.status_code != 200:
            raise Temporary(f"HTTP {response.status_code}", code="relay_trouble")
        try:
            return mapping(response.json())
        except ValueError:
            raise Temporary("the relay's answer is no JSON", code="bad_answer") from None


def _delivery(one: dict[str, Any]) -> Delivery | None:
    """Return a delivery; what is no JSON has an empty body, so that its number is passed all the same."""
    position = whole(one.get("position"))
    if position is None:
        return None
    try:
        body = mapping(json.loads(base64.b64decode(text(one.get("body")))))
    except (ValueError, RecursionError):
        body = {}
    return Delivery(position, moment(one.get("at")), body)
