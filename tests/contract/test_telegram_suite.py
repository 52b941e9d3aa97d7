"""Telegram passes the conformance suite."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from contract.fake_telegram import ANA, TOKEN, BotVault, FakeTelegram, refuse
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Connector
from socialdesk.connectors.telegram import TelegramConnector
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble

HTML = httpx.Response(200, text="<html>Welcome to the hotel</html>")


class Telegram(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeTelegram(clock)
        self.server.answer = self._answer
        self.vault = BotVault()
        self.secrets = [TOKEN]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._last: tuple[int, int] = (0, 0)

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return TelegramConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        made = self.server.write(text)
        self._last = (made["chat"]["id"], made["message_id"])

    def poison(self) -> bool:
        self.server.update(message={"message_id": 1, "date": 1, "chat": {"id": "?"}})
        return True

    def sent(self) -> list[str]:
        return [one["text"] for one in self.server.posted]

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def limited_until(self) -> datetime | None:
        return self.clock.now() + timedelta(seconds=37)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        who = {**ANA, "id": 7000000009, "first_name": words, "username": words}
        file = {"file_id": "f", "file_name": words, "mime_type": words}
        made = self.server.write(None, who, caption="hola", document=file)
        self._last = (made["chat"]["id"], made["message_id"])
        return True

    def edit(self, text: str) -> bool:
        chat, message = self._last
        old = next(
            u["message"] for u in self.server.history if u.get("message", {}).get("message_id") == message
        )
        assert old["chat"]["id"] == chat
        self.server.update(
            edited_message={**old, "text": text, "edit_date": int(self.clock.now().timestamp())}
        )
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["documents/f1"] = content
        file = {"file_id": "f1", "file_name": name, "file_size": len(content), "mime_type": "image/png"}
        self.server.write(None, caption="¿Esto?", document=file)
        return True

    def acted(self) -> list[Act] | None:
        return [Act.LIKE] if self.server.reactions.get(self._last) else []

    def another(self) -> Network | None:
        return Telegram(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.url.path.endswith(("sendMessage", "setMessageReaction"))
        match self._kind:
            case Trouble.SIGNED_OUT:
                return refuse(401, "Unauthorized")
            case Trouble.LIMITED:
                return refuse(429, "Too Many Requests: retry after 37", retry_after=37)
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
    """As the host does: httpx writes no address, and with it no token, to any log."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


class TestTelegram(ConnectorSuite):
    """A bot's private chats."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Telegram(clock)
        yield network
        await network.aclose()
