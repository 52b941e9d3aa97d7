"""Google's reviews pass the conformance suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_google import FakeAccounts, FakeReviews, Leave, refuse
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Connector, Dialog
from socialdesk.connectors.google import GoogleConnector
from socialdesk.connectors.testing import ConnectorSuite, Network, Person, Trouble

HTML = httpx.Response(200, text="<html>Welcome to the hotel</html>")


class Owner(Person):
    """Somebody who types the client's secret, allows it and pastes the address where the browser ends, or another."""

    def __init__(self, server: FakeAccounts, honest: bool) -> None:
        super().__init__(server.secret)
        self._server = server
        self._honest = honest

    async def tell(self, text: str, url: str = "") -> None:
        await super().tell(text, url)
        ended = self._server.authorize(url)
        self._answers = [ended if self._honest else ended.replace("state=", "state=other")]


async def troubled(
    server: FakeAccounts, kind: Trouble | None, request: httpx.Request
) -> httpx.Response | None:
    """Answer as that trouble would; shared by Google's networks."""
    signing = request.url.host == "oauth2.googleapis.com"
    writing = request.method != "GET" and not signing
    match kind:
        case Trouble.SIGNED_OUT if signing:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": "revoked"})
        case Trouble.SIGNED_OUT:
            return refuse(401, "UNAUTHENTICATED")
        case Trouble.LIMITED:
            return refuse(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'")
        case Trouble.BROKEN:
            return httpx.Response(503, text="<html>Error 503</html>")
        case Trouble.GARBLED:
            return HTML
        case Trouble.UNREACHABLE:
            raise httpx.ConnectError("no route to host")
        case Trouble.SILENT:
            await asyncio.Event().wait()
        case Trouble.LOST_ANSWER if writing:
            server.serve(request)
            raise httpx.ReadTimeout("nothing came back")
        case Trouble.LOST_REQUEST if writing:
            raise httpx.ReadTimeout("nothing came back")
    return None


class Reviews(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeReviews(clock)
        self.server.answer = self._answer
        self.vault = Leave(self.server)
        self.secrets = [self.server.secret, self.server.renewal]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._last = ""

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return GoogleConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.review(text)["name"]

    def poison(self) -> bool:
        self.server.review("?", createTime="ayer")
        return True

    def sent(self) -> list[str]:
        return self.server.replies()

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.review("hola", reviewer={"displayName": words})["name"]
        return True

    def edit(self, text: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.reviews[self._last] |= {"comment": text, "updateTime": self.server.stamp()}
        return True

    def delete(self) -> bool:
        del self.server.reviews[self._last]
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["/p/1"] = content
        media = {"mediaFormat": "PHOTO", "googleUrl": "https://lh3.googleusercontent.com/p/1"}
        self.server.review("¿Esto?", reviewMediaItems=[media])
        return True

    def person(self, *, honest: bool = True) -> Dialog | None:
        return Owner(self.server, honest)

    def another(self) -> Network | None:
        return Reviews(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        return await troubled(self.server, self._kind, request)


class TestGoogle(ConnectorSuite):
    """The reviews of one business."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Reviews(clock)
        yield network
        await network.aclose()
