"""WhatsApp passes the conformance suite."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_meta import no
from contract.fake_whatsapp import LUIS, Drawer, FakeWhatsApp
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Connector
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble
from socialdesk.connectors.whatsapp import WhatsAppConnector

HTML = httpx.Response(200, text="<html>Welcome to the hotel</html>")


class WhatsApp(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeWhatsApp(clock)
        self.server.answer = self._answer
        self.vault = Drawer(self.server)
        self.secrets = [self.server.token, self.server.relay_key]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._last = ""
        self._calls = 0

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return WhatsAppConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.write(text)["id"]

    def poison(self) -> bool:
        self.server.write("?", timestamp="ayer")
        return True

    def sent(self) -> list[str]:
        return self.server.said()

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        file = {"id": "7", "filename": words, "mime_type": words, "caption": "hola"}
        self._last = self.server.write(None, LUIS, name=words, type="document", document=file)["id"]
        return True

    def edit(self, text: str) -> bool:
        newer = {"original_message_id": self._last, "message": {"type": "text", "text": {"body": text}}}
        self.server.write(None, type="edit", edit=newer)
        return True

    def delete(self) -> bool:
        self.server.write(None, type="revoke", revoke={"original_message_id": self._last})
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["/77"] = content
        file = {"id": "77", "filename": name, "mime_type": "image/png"}
        self.server.write(None, type="document", document=file)
        return True

    def acted(self) -> list[Act] | None:
        return [Act.LIKE] if self.server.reactions.get(self._last) else []

    def hang_up(self) -> bool:
        self._calls += 1
        return True

    def another(self) -> Network | None:
        return WhatsApp(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.method == "POST" and request.url.path.endswith("/messages")
        match self._kind:
            case Trouble.SIGNED_OUT if request.url.host == "relay.example.org":
                return httpx.Response(401, json={"error": "unauthorized"})
            case Trouble.SIGNED_OUT:
                return no(190, "Error validating access token", 463)
            case Trouble.LIMITED:
                return httpx.Response(429, json={"error": {"code": 80007, "message": "slow"}})
            case Trouble.BROKEN:
                return httpx.Response(502, text="<html>Bad Gateway</html>")
            case Trouble.GARBLED:
                return HTML
            case Trouble.UNREACHABLE:
                raise httpx.ConnectError("no route to host")
            case Trouble.SILENT:
                await asyncio.Event().wait()
            case Trouble.LOST_ANSWER if writing:
                self.server.serve(request)
                raise httpx.ReadTimeout("nothing came back")
            case Trouble.LOST_REQUEST if writing:
                raise httpx.ReadTimeout("nothing came back")
        if request.url.params.get("wait", "0") != "0":
            return await self._wait(request)
        return None

    async def _wait(self, request: httpx.Request) -> httpx.Response:
        """Answer when something has come, as the relay does, or not at all once somebody hung up."""
        call = self._calls
        while len(self.server.mailbox) <= int(request.url.params["after"]):
            if self._calls != call:
                raise httpx.ReadError("the connection ended")
            await asyncio.sleep(0.001)
        return self.server.serve(request)


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address, and with it no token that is asked about, to any log."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


class TestWhatsApp(ConnectorSuite):
    """One business number behind a relay."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = WhatsApp(clock)
        yield network
        await network.aclose()
