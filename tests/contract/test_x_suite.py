"""X passes the conformance suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from contract.fake_x import ANA, SHOP, FakeX, Keys, problem
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Connector, Dialog
from socialdesk.connectors.testing import ConnectorSuite, Network, Person, Trouble
from socialdesk.connectors.x import XConnector

HTML = httpx.Response(200, text="<html>Welcome to the hotel</html>")


class Newcomer(Person):
    """Somebody who authorizes the app and pastes the address where the browser ends, or another."""

    def __init__(self, server: FakeX, honest: bool) -> None:
        super().__init__()
        self._server = server
        self._honest = honest

    async def tell(self, text: str, url: str = "") -> None:
        await super().tell(text, url)
        ended = self._server.authorize(url)
        self._answers = [ended if self._honest else ended.replace("state=", "state=other")]


class X(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeX(clock)
        self.server.answer = self._answer
        self.vault = Keys(self.server)
        self.secrets = [*self.server._keys, *self.server._renewals]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._own = self.server.write("Rebajas", SHOP)
        self._last = ""

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return XConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.write(f"@tienda {text}", to=self._own["id"])["id"]

    def poison(self) -> bool:
        self.server.write("@tienda ?", {"id": ""})
        return True

    def sent(self) -> list[str]:
        return self.server.said()

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def limited_until(self) -> datetime | None:
        return self.clock.now().replace(microsecond=0) + timedelta(seconds=600)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        eve = {**ANA, "id": "9000000000000000009", "name": words}
        self.server.people[eve["id"]] = eve
        self.server.media["3_1"] = {"media_key": "3_1", "type": "photo", "alt_text": words}
        made = self.server.write("@tienda hola", eve, attachments={"media_keys": ["3_1"]})
        self._last = made["id"]
        return True

    def edit(self, text: str) -> bool:
        self._last = self.server.edit(self._last, f"@tienda {text}")["id"]
        return True

    def delete(self) -> bool:
        self.server.gone[self._last] = "resource-not-found"
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["/media/Gx.jpg"] = content
        file = {
            "media_key": "3_2",
            "type": "photo",
            "url": "https://pbs.twimg.com/media/Gx.jpg",
            "alt_text": name,
        }
        self.server.media["3_2"] = file
        self.server.write("@tienda ¿Esto?", attachments={"media_keys": ["3_2"]})
        return True

    def acted(self) -> list[Act] | None:
        return [Act.HIDE] if self._last in self.server.hidden else []

    def person(self, *, honest: bool = True) -> Dialog | None:
        return Newcomer(self.server, honest)

    def another(self) -> Network | None:
        return X(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.method != "GET" and not request.url.path.endswith("/token")
        match self._kind:
            case Trouble.SIGNED_OUT:
                return problem(400 if request.url.path.endswith("/token") else 401, "Unauthorized")
            case Trouble.LIMITED:
                reset = str(int((self.clock.now() + timedelta(seconds=600)).timestamp()))
                refused = problem(429, "Too Many Requests")
                return httpx.Response(429, json=refused.json(), headers={"x-rate-limit-reset": reset})
            case Trouble.BROKEN:
                return httpx.Response(503, text="<html>Over capacity</html>")
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
        return None


class TestX(ConnectorSuite):
    """Mentions below a post of the brand."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = X(clock)
        yield network
        await network.aclose()
