"""Mastodon passes the conformance suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import ANA, FILES, TOKEN, TokenVault, iso, refuse
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Connector, Dialog
from socialdesk.connectors.mastodon import MastodonConnector
from socialdesk.connectors.testing import ConnectorSuite, Network, Person, Trouble

HTML = httpx.Response(200, html="<html>Sign in to the hotel's network</html>")


class Newcomer(Person):
    """Somebody who opens the page and types the code that it shows, or another."""

    def __init__(self, server: FakeMastodon, honest: bool) -> None:
        super().__init__()
        self._server = server
        self._honest = honest

    async def tell(self, text: str, url: str = "") -> None:
        await super().tell(text, url)
        self._answers = [self._server.door.authorize(url) if self._honest else "not-the-code"]


class Mastodon(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeMastodon(clock)
        self.server.answer = self._answer
        self.vault = TokenVault()
        self.secrets = [TOKEN]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._last = ""

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return MastodonConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.mention(text)["id"]

    def poison(self) -> bool:
        note = self.server.tell("mention", {"id": None, "content": 7, "account": None})
        return bool(note)

    def sent(self) -> list[str]:
        return self.server.replies()

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def describe(self, text: str | None) -> bool:
        self.server.note = text or ""
        return True

    def description(self) -> str:
        return self.server.note

    def limited_until(self) -> datetime | None:
        return self.clock.now() + timedelta(seconds=60)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.mention("¿Hola?", {**ANA, "display_name": words}, warning=words)
        return True

    def edit(self, text: str) -> bool:
        status = self.server.statuses[self._last]
        status["content"] = f"<p>{text}</p>"
        status["edited_at"] = iso(self.clock.now())
        return True

    def delete(self) -> bool:
        self.server.remove(self._last)
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["/media/1.png"] = content
        file: dict[str, Any] = {"id": "9", "type": "image", "url": f"https://{FILES}/media/1.png"}
        self.server.mention("¿Esto?", media_attachments=[{**file, "description": name}])
        return True

    def acted(self) -> list[Act] | None:
        status = self.server.statuses[self._last]
        author = status["account"]["id"]
        found = [
            Act.LIKE if self._last in self.server.favourites else None,
            Act.MUTE if author in self.server.muted else None,
            Act.BLOCK if author in self.server.blocked else None,
        ]
        found += [
            Act.SPAM if one["category"] == "spam" else Act.REPORT
            for one in self.server.reports
            if one["status_ids"] == [self._last] and one["account_id"] == author
        ]
        return [one for one in found if one]

    def hang_up(self) -> bool:
        for stream in self.server.streams:
            stream.queue.put_nowait(None)
        return bool(self.server.streams)

    def person(self, *, honest: bool = True) -> Dialog | None:
        return Newcomer(self.server, honest)

    def another(self) -> Network | None:
        return type(self)(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.method in ("POST", "PATCH")
        match self._kind:
            case Trouble.SIGNED_OUT:
                return refuse(401, "The access token is invalid")
            case Trouble.LIMITED:
                return self.server.limited()
            case Trouble.BROKEN:
                return httpx.Response(503, html="<html>We're sorry, but something went wrong</html>")
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


class TestMastodon(ConnectorSuite):
    """A server of today."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Mastodon(clock)
        yield network
        await network.aclose()


class Heedless(Mastodon):
    """Another server: no keys, no stream, no posts by their ids, smaller pages."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.server.heeds_keys = False
        self.server.most = 20
        self.server.max_characters = 5_000


class TestHeedless(ConnectorSuite):
    """A server that knows less."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Heedless(clock)
        yield network
        await network.aclose()
