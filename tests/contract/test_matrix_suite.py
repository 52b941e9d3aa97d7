"""Matrix passes the conformance suite: a direct chat, and a room with others in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mailbox import MailVault as Vault
from contract.fake_matrix import ANA, LUIS, NAME, PASSWORD, FakeMatrix, FakeRoom
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Connector, Dialog
from socialdesk.connectors.matrix import MatrixConnector
from socialdesk.connectors.testing import ConnectorSuite, Network, Person, Trouble

HTML = httpx.Response(200, text="<html>Welcome to the hotel</html>")


class Matrix(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock, *others: str) -> None:
        self.clock = clock
        self.server = FakeMatrix(clock)
        self.server.answer = self._answer
        self.room: FakeRoom = self.server.room(ANA, *others)
        self.vault = Vault(password=PASSWORD)
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._last: dict[str, Any] = {}

    @property
    def secrets(self) -> list[str]:  # type: ignore[override]
        return self.server.secrets()

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return MatrixConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.say(self.room, text)

    def poison(self) -> bool:
        self.server.event(self.room, ANA, "m.room.message", {"body": "?"}, sender=None)
        return True

    def sent(self) -> list[str]:
        return [body["body"] for _, body in self.server.posted]

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def limited_until(self) -> datetime | None:
        return self.clock.now() + timedelta(seconds=37)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.enter(self.room, "@eva:fuera.example", words)
        file = {"msgtype": "m.file", "filename": words, "info": {"mimetype": words, "size": "?"}}
        self._last = self.server.say(self.room, words, "@eva:fuera.example", **file)
        return True

    def edit(self, text: str) -> bool:
        self._last = self.server.edit(self.room, self._last, text)
        return True

    def delete(self) -> bool:
        self.server.redact(self.room, self._last)
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files[f"{NAME}/abcDEF123"] = content
        file = {"msgtype": "m.image", "filename": name, "url": f"mxc://{NAME}/abcDEF123"}
        self.server.say(self.room, "¿Esto?", **file, info={"mimetype": "image/png", "size": len(content)})
        return True

    def hang_up(self) -> bool:
        self.server.hang_up()
        return True

    def person(self, *, honest: bool = True) -> Dialog | None:
        return Person(PASSWORD if honest else "falsa")

    def another(self) -> Network | None:
        return Matrix(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.method == "PUT"
        match self._kind:
            case Trouble.SIGNED_OUT:
                no = {"errcode": "M_UNKNOWN_TOKEN", "error": "signed out", "soft_logout": False}
                return httpx.Response(403 if request.url.path.endswith("login") else 401, json=no)
            case Trouble.LIMITED:
                no = {"errcode": "M_LIMIT_EXCEEDED", "error": "slower", "retry_after_ms": 37_000}
                return httpx.Response(429, json=no)
            case Trouble.BROKEN:
                return httpx.Response(502, text="<html>Bad Gateway</html>")
            case Trouble.GARBLED:
                return HTML
            case Trouble.UNREACHABLE:
                raise httpx.ConnectError("no route to host")
            case Trouble.SILENT:
                await asyncio.Event().wait()
            case Trouble.LOST_ANSWER if writing:
                await self.server.serve(request)
                raise httpx.ReadTimeout("nothing came back")
            case Trouble.LOST_REQUEST if writing:
                raise httpx.ReadTimeout("nothing came back")
        return None


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address to any log."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


class TestDirectChat(ConnectorSuite):
    """A customer and the shop."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Matrix(clock)
        yield network
        await network.aclose()


class TestRoom(ConnectorSuite):
    """A room with somebody else in it."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Matrix(clock, LUIS)
        yield network
        await network.aclose()
