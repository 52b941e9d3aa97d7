"""Facebook and Instagram pass the conformance suite."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from contract.fake_meta import ANA, GRAM_ANA, FakeMeta, Safe, no
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Connector
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble

HTML = httpx.Response(200, text="<html>Welcome to the hotel</html>")
USAGE = {"100": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 17}]}


class Meta(Network):
    """The strict stand-in, behind the suite's hooks: comments below one post of the page."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeMeta(clock)
        self.server.answer = self._answer
        self.vault = Safe(self.server.system)
        self.secrets = [self.server.system, self.server.page_key, self.server.own_key]
        self._kind: Trouble | None = None
        self._clients: list[httpx.AsyncClient] = []
        self._post = self.server.post()["id"]
        self._last = ""

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return FacebookConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.comment(text, self._post)["id"]

    def poison(self) -> bool:
        self.server.comment("?", self._post)["created_time"] = "ayer"
        return True

    def sent(self) -> list[str]:
        return self.server.said()

    def trouble(self, kind: Trouble | None) -> None:
        self._kind = kind

    def limited_until(self) -> datetime | None:
        return self.clock.now() + timedelta(minutes=17)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.comment("hola", self._post, {**ANA, "name": words})["id"]
        return True

    def edit(self, text: str) -> bool:
        self.server.comments[self._last]["message"] = text
        return True

    def delete(self) -> bool:
        del self.server.comments[self._last]
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["/v/1.jpg"] = content
        image = {"image": {"src": "https://scontent.xx.fbcdn.net/v/1.jpg"}}
        self.server.comment("¿Esto?", self._post, attachment={"type": "photo", "title": name, "media": image})
        return True

    def acted(self) -> list[Act] | None:
        found = [Act.LIKE] if self._last in self.server.likes else []
        found += [Act.BLOCK] if self.server.blocked else []
        return [*found, *([Act.HIDE] if self._last in self.server.hidden else [])]

    def another(self) -> Network | None:
        return type(self)(self.clock)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        writing = request.method != "GET"
        match self._kind:
            case Trouble.SIGNED_OUT:
                return no(
                    190, "The session has been invalidated because the user changed their password.", 460
                )
            case Trouble.LIMITED:
                refused = no(80001, "There have been too many calls to this Page account.")
                refused.headers["x-business-use-case-usage"] = str(USAGE).replace("'", '"')
                return refused
            case Trouble.BROKEN:
                return httpx.Response(500, text="<html>Sorry, something went wrong</html>")
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


class Gram(Meta):
    """Comments below one picture of the account."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self._picture = self.server.picture()["id"]

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        return InstagramConnector(host)

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.remark(text, self._picture)["id"]

    def poison(self) -> bool:
        self.server.remark("?", self._picture)["timestamp"] = "ayer"
        return True

    def sent(self) -> list[str]:
        return self.server.said(gram=True)

    def hostile(self, words: str) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self._last = self.server.remark("hola", self._picture, {**GRAM_ANA, "username": words})["id"]
        return True

    def edit(self, text: str) -> bool:
        return False

    def delete(self) -> bool:
        comments = self.server.media[self._picture]["_comments"]
        comments[:] = [one for one in comments if one["id"] != self._last]
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        self.server.files["/v/1.jpg"] = content
        image = {"image_data": {"url": "https://scontent.cdninstagram.com/v/1.jpg"}, "name": name}
        self.server.whisper("¿Esto?", GRAM_ANA, gram=True, attachments={"data": [image]})
        return True


class MetaWithRelay(Meta):
    """The page, and a relay that wakes."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.vault = Safe(self.server.system, relay_key=self.server.relay.key)
        self.secrets = [*self.secrets, self.server.relay.key]
        self._calls = 0

    def connector(self) -> Connector:
        host = self.server.host(self.vault, relay="https://relay.example.org")
        self._clients.append(host.http)
        return FacebookConnector(host)

    def arrive(self, text: str) -> None:
        super().arrive(text)
        value = {"item": "comment", "verb": "add", "comment_id": self._last, "post_id": self._post}
        entry = {"id": "100", "time": 1795341600, "changes": [{"field": "feed", "value": value}]}
        self.server.relay.bring({"object": "page", "entry": [entry]})

    def hang_up(self) -> bool:
        self._calls += 1
        return True

    async def _answer(self, request: httpx.Request) -> httpx.Response | None:
        if request.url.host != "relay.example.org":
            return await super()._answer(request)
        if self._kind is Trouble.SIGNED_OUT:
            return httpx.Response(401, json={"error": "unauthorized"})
        if self._kind not in (Trouble.LOST_ANSWER, Trouble.LOST_REQUEST):
            answer = await super()._answer(request)
            if answer is not None:
                return answer
        call = self._calls
        while request.url.params.get("wait", "0") != "0" and (
            len(self.server.relay.mailbox) <= int(request.url.params["after"])
        ):
            if self._calls != call:
                raise httpx.ReadError("the connection ended")
            await asyncio.sleep(0.001)
        return None


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address, and with it no token that is asked about, to any log."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


class TestFacebook(ConnectorSuite):
    """Comments on a page."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Meta(clock)
        yield network
        await network.aclose()


class TestInstagram(ConnectorSuite):
    """Comments on an account that belongs to a page."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Gram(clock)
        yield network
        await network.aclose()


class OwnGram(Gram):
    """The same by Instagram's own sign-in."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.vault = Safe(self.server.own_key)


class TestInstagramByItself(ConnectorSuite):
    """Comments on an account without a page."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = OwnGram(clock)
        yield network
        await network.aclose()


class TestFacebookWithRelay(ConnectorSuite):
    """Comments on a page that a relay tells of."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = MetaWithRelay(clock)
        yield network
        await network.aclose()
