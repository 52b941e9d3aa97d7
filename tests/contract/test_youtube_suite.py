"""YouTube passes the conformance suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_google import Leave
from contract.fake_youtube import FakeYouTube
from contract.test_google_suite import Owner, troubled
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Connector, Dialog
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble
from socialdesk.connectors.youtube import YouTubeConnector


class YouTube(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeYouTube(clock)
        self.server.answer = self._answer
        self.vault = Leave(self.server)
        self.secrets = [self.server.secret, self.server.renewal]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._last = ""

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return YouTubeConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.comment(text)["id"]

    def poison(self) -> bool:
        self.server.comment("?")["snippet"]["publishedAt"] = "~"
        return True

    def sent(self) -> list[str]:
        return self.server.said()

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.comment("hola", authorDisplayName=words)["id"]
        return True

    def edit(self, text: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        at = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        about = self.server.comments[self._last]["snippet"]
        about.update(textOriginal=text, textDisplay=text, updatedAt=at)
        return True

    def delete(self) -> bool:
        del self.server.comments[self._last]
        return True

    def acted(self) -> list[Act] | None:
        about = self.server.comments[self._last]["snippet"]
        if about["authorChannelId"]["value"] in self.server.banned:
            return [Act.BLOCK]
        return [Act.HIDE] if self.server.state[self._last] == "heldForReview" else []

    def person(self, *, honest: bool = True) -> Dialog | None:
        return Owner(self.server, honest)

    def another(self) -> Network | None:
        return YouTube(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        return await troubled(self.server, self._kind, request)


class TestYouTube(ConnectorSuite):
    """The comments below a channel's films."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = YouTube(clock)
        yield network
        await network.aclose()
