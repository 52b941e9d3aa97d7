"""Bluesky passes the conformance suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from contract import fake_profile
from contract.fake_bluesky import FakeBluesky
from contract.fake_moderation import BLOCK, GATE, LIKE
from contract.fake_parts import ANA, BRAND, PASSWORD, MemoryVault, cid
from socialdesk.clock import ManualClock
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import Act, Connector
from socialdesk.connectors.optionaltests import OptionalSuite
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble

HTML = httpx.Response(200, html="<html>Sign in to the hotel's network</html>")
BROKEN = httpx.Response(503, json={"error": "InternalServerError", "message": "Internal Server Error"})


class Bluesky(Network):
    """The strict stand-in, behind the suite's hooks."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeBluesky(clock)
        self.vault = MemoryVault()
        self.secrets = [PASSWORD, self.server.access, self.server.renewal]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self.server.answers.append(self._answer)

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return BlueskyConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self.server.mention(text)

    def poison(self) -> bool:
        self.server.notes.append({"uri": 7, "reason": "mention", "record": None, "indexedAt": "later"})
        return True

    def sent(self) -> list[str]:
        return self.server.replies()

    def trouble(self, kind: Trouble | None) -> None:
        self.secrets = [*self.secrets, self.server.access, self.server.renewal]
        if kind is Trouble.SIGNED_OUT:
            self.vault.password = "a-former-password"
            self.server.revoke()
        elif self._kind is Trouble.SIGNED_OUT:
            self.vault.password = PASSWORD
        self._kind = kind

    def describe(self, text: str | None) -> bool:
        fake_profile.save(self.server.records, None if text is None else {"description": text})
        return True

    def description(self) -> str:
        return str(fake_profile.saved(self.server.records).get("description", ""))

    def limited_until(self) -> datetime:
        return self.clock.now() + timedelta(seconds=60)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.mention("¿Hola?", {**ANA, "displayName": words})
        return True

    def edit(self, text: str) -> bool:
        post = self.server.posts[self.server.notes[-1]["uri"]]
        post["record"] = {**post["record"], "text": text}
        post["cid"] = cid(post["record"])
        return True

    def delete(self) -> bool:
        del self.server.posts[self.server.notes[-1]["uri"]]
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        blob = self.server.upload(ANA["did"], content)
        pictures = [{"image": blob, "alt": name}]
        self.server.mention("Mirad", embed={"$type": "app.bsky.embed.images", "images": pictures})
        return True

    def another(self) -> Network:
        return type(self)(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.method == "POST" and request.url.path.endswith(
            ("Record", "sendMessage", "createReport", "muteActor")
        )
        match self._kind:
            case Trouble.LIMITED:
                headers = {"RateLimit-Reset": str(int(self.clock.now().timestamp()) + 60)}
                body = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
                return httpx.Response(429, json=body, headers=headers)
            case Trouble.BROKEN:
                return BROKEN
            case Trouble.GARBLED:
                return HTML
            case Trouble.UNREACHABLE:
                raise httpx.ConnectError("no route to host")
            case Trouble.SILENT:
                await asyncio.Event().wait()
            case Trouble.LOST_ANSWER if writing:
                self.server._serve(request.url.path.removeprefix("/xrpc/"), request)
                raise httpx.ReadTimeout("nothing came back")
            case Trouble.LOST_REQUEST if writing:
                raise httpx.ReadTimeout("nothing came back")
        return None


class TestBluesky(ConnectorSuite):
    """Public messages and replies."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Bluesky(clock)
        yield network
        await network.aclose()


class InOurThread(Bluesky):
    """The same, with customers who answer a post of the brand, where replies can be hidden, too."""

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self.server.mention(text, parent=self.server.post(BRAND, "Rebajas"))

    def acted(self) -> list[Act]:
        server = self.server
        return [
            *[Act.LIKE] * len(server.of(LIKE)),
            *[Act.HIDE] * sum(len(gate["hiddenReplies"]) for gate in server.of(GATE)),
            *[Act.MUTE] * len(server.muted),
            *[Act.BLOCK] * len(server.of(BLOCK)),
            *[Act.SPAM if one["reasonType"].endswith("Spam") else Act.REPORT for one in server.reports],
        ]


class TestActs(OptionalSuite):
    """What is done to their replies."""

    pytestmark = pytest.mark.anyio

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = InOurThread(clock)
        yield network
        await network.aclose()

    @pytest.fixture
    def connector(self, network: Network) -> Connector:
        return network.connector()


class DirectMessages(Bluesky):
    """The same, with customers who write direct messages."""

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self.server.message("convo", ANA, text)

    def sent(self) -> list[str]:
        ours = [one for convo in self.server.convos.values() for one in convo["messages"]]
        return [one["text"] for one in ours if one["sender"]["did"] == "did:plc:brand"]

    def hostile(self, words: str) -> bool:
        return False

    def edit(self, text: str) -> bool:
        return False

    def delete(self) -> bool:
        return False

    def attach(self, name: str, content: bytes) -> bool:
        return False

    def poison(self) -> bool:
        self.server.event("logCreateMessage", "convo", message={"id": "m?", "sender": "nobody"})
        return True


class TestDirectMessages(ConnectorSuite):
    """Direct messages, which have no keys: our own are read back."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = DirectMessages(clock)
        yield network
        await network.aclose()
