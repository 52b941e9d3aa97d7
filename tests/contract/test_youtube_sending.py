"""Which comment of the channel's own is the answer whose outcome is unknown; a sign-in that YouTube refuses (NEEDS B1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from contract.fake_google import Leave
from contract.fake_youtube import ME, FakeYouTube, no
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import AuthRequired, OutcomeUnknown
from socialdesk.connectors.youtube import YouTubeConnector

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeYouTube:
    return FakeYouTube(clock)


@pytest.fixture
async def shop(server: FakeYouTube) -> AsyncIterator[YouTubeConnector]:
    host = server.host(Leave(server))
    async with host.http:
        yield YouTubeConnector(host)


async def test_the_same_words_to_two_people_in_a_thread_are_two_answers(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """The first one is not the second, which was lost."""
    top = server.comment("¿Abren?")
    server.comment("¿Y mañana?", "UC-luis", top["id"])
    ana, luis = (await read(shop))[0]
    await shop.send(replace(reply_to(ana, shop, "¡Sí!"), key="one"))
    second = replace(reply_to(luis, shop, "¡Sí!"), key="two")

    async def lost(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST" and request.url.path.endswith("/comments"):
            raise httpx.ReadTimeout("nothing came back")
        return None

    server.answer = lost
    with pytest.raises(OutcomeUnknown):
        await shop.send(second)
    assert await shop.find_sent(second) is None
    server.answer = None
    server.comment("¡Sí!", ME, top["id"])
    assert await shop.find_sent(second) is not None


async def test_a_sign_in_without_a_channel_is_no_ended_one(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """YouTube says 401 to it; signing in again would not help."""

    async def signup(request: httpx.Request) -> httpx.Response | None:
        return no(401, "youtubeSignupRequired") if "/youtube/" in request.url.path else None

    server.answer = signup
    with pytest.raises(AuthRequired) as refused:
        await shop.check()
    assert refused.value.code == "no_channel"


async def test_a_thread_without_a_name_asks_for_nothing(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """It is set aside, and the rest is read."""
    top = server.comment("¿Abren?")
    for number in range(7):
        server.comment(f"Yo también {number}", "UC-luis", top["id"])
    server.comment("Hola")

    async def nameless(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/commentThreads") or "moderationStatus" in request.url.params:
            return None
        body = server.serve(request).json()
        for one in body["items"]:
            if one["snippet"]["totalReplyCount"]:
                one["id"] = one["snippet"]["topLevelComment"]["id"] = None
        return httpx.Response(200, json=body)

    server.answer = nameless
    page = await shop.fetch("")
    assert "Hola" in [raw.payload["comment"]["snippet"]["textDisplay"] for raw in page.items]
