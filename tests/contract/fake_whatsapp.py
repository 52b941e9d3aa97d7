"""A small and strict stand-in for WhatsApp's Cloud API and for the relay that its deliveries go through."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from contract.fake_meta import no
from contract.fake_relay import RELAY, FakeRelay
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

NUMBER, ANA, LUIS = "106540352242922", "34600000001", "34600000002"
SCOPED = "ES.13491208655302741918"


class Drawer:
    """The vault."""

    def __init__(self, network: FakeWhatsApp) -> None:
        self.secrets = {"token": network.token, "relay_key": network.relay_key, "app_secret": ""}

    async def secret(self, name: str) -> str:
        """Return a secret."""
        return self.secrets[name]

    async def load_session(self) -> dict[str, str]:
        """There is none."""
        return {}

    async def save_session(self, session: Any) -> None:
        """There is none."""
        raise AssertionError("no session here")


class FakeWhatsApp:
    """One business number, its customers, and the relay's mailbox."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.token, self.relay_key = canary("whatsapp-token"), canary("relay-key")
        self.relay = FakeRelay(clock, self.relay_key)
        self.sent: list[dict[str, Any]] = []
        self.reactions: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.heard: dict[str, Any] = {}
        self.waiting: list[Any] = []
        self.template_names = {"seguimos"}
        self._numbers = 100
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: Drawer, **options: str) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", {"number": NUMBER, "relay": RELAY, **options}, vault, client, self.clock)

    def id(self) -> str:
        """Return a new message id."""
        self._numbers += 1
        return f"wamid.HBgL{self._numbers}"

    def deliver(self, **value: Any) -> dict[str, Any]:
        """Meta brings something to the relay; returns the delivery."""
        about = {"display_phone_number": "34900000000", "phone_number_id": NUMBER}
        value = {"messaging_product": "whatsapp", "metadata": about, **value}
        body = {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
        }
        self.bring(json.dumps(body).encode())
        return body

    def bring(self, raw: bytes) -> None:
        """Put bytes into the mailbox."""
        self.relay.bring(raw)

    @property
    def mailbox(self) -> list[dict[str, Any]]:
        """What the relay has."""
        return self.relay.mailbox

    @property
    def confirmed(self) -> int:
        """Up to where the desk has confirmed it."""
        return self.relay.confirmed

    def write(
        self, text: str | None, telephone: str = ANA, scoped: str = "", *, name: str = "Ana", **more: Any
    ) -> dict[str, Any]:
        """A customer writes; returns the message."""
        message: dict[str, Any] = {"id": self.id(), "timestamp": str(int(self.clock.now().timestamp()))}
        message |= {"type": "text", "text": {"body": text}} if text is not None else {}
        message |= {
            **({"from": telephone} if telephone else {}),
            **({"from_user_id": scoped} if scoped else {}),
            **more,
        }
        who = {**({"wa_id": telephone} if telephone else {}), **({"user_id": scoped} if scoped else {})}
        self.deliver(contacts=[{"profile": {"name": name}, **who}], messages=[message])
        for number in filter(None, (telephone, scoped)):
            self.heard[number] = self.clock.now()
        return message

    def status(self, name: str, status: str, **more: Any) -> None:
        """What became of a message of ours."""
        at = str(int(self.clock.now().timestamp()))
        self.deliver(statuses=[{"id": name, "status": status, "timestamp": at, "recipient_id": ANA, **more}])

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (answer := await self.answer(request)) is not None:
            return answer
        return self.serve(request)

    def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as the relay and as Meta do."""
        url = request.url
        if url.host == "relay.example.org":
            return self.relay.serve(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return no(190, "Error validating access token", 463)
        if url.host == "lookaside.fbsbx.com":
            return httpx.Response(200, content=self.files[url.path])
        path = url.path.removeprefix("/v26.0/")
        if request.method == "GET" and path == NUMBER:
            about = {"id": NUMBER, "display_phone_number": "+34 900 000 000", "verified_name": "La Tienda"}
            return httpx.Response(200, json=about)
        if request.method == "GET":
            return httpx.Response(200, json={"id": path, "url": f"https://lookaside.fbsbx.com/{path}"})
        assert path == f"{NUMBER}/messages"
        return self._take(json.loads(request.content))

    def _take(self, body: dict[str, Any]) -> httpx.Response:
        assert body["messaging_product"] == "whatsapp" and body["recipient_type"] == "individual"
        assert ("to" in body) != ("recipient" in body), "one of the two"
        assert "." not in body.get("to", ""), "Meta would say yes and deliver nothing"
        to = body.get("to") or body["recipient"]
        if body["type"] == "reaction":
            self.reactions[body["reaction"]["message_id"]] = body["reaction"]["emoji"]
            return httpx.Response(200, json={"messages": [{"id": self.id()}]})
        if to not in self.heard:
            return no(131026, "(#131026) Message undeliverable")
        late = self.clock.now() - self.heard[to] > timedelta(hours=24)
        if body["type"] == "text" and late:
            return no(131047, "(#131047) Re-engagement message")
        if body["type"] == "template" and body["template"]["name"] not in self.template_names:
            return no(132001, "(#132001) Template name does not exist in the translation")
        if body["type"] == "text" and len(body["text"]["body"]) > 4096:
            return no(100, "text too long")
        made = {**body, "id": self.id()}
        self.sent.append(made)
        who = {"input": to, **({"wa_id": to} if "to" in body else {"user_id": to})}
        return httpx.Response(
            200, json={"messaging_product": "whatsapp", "contacts": [who], "messages": [{"id": made["id"]}]}
        )

    def said(self) -> list[str]:
        """Return the texts that were taken."""
        return [
            one["text"]["body"]
            if one["type"] == "text"
            else one["template"]["components"][0]["parameters"][0]["text"]
            for one in self.sent
        ]
