"""What YouTube's comments do that nobody expects (shared facts on its Data API; NEEDS A1, A4, B1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_google import Leave
from contract.fake_youtube import ANA, LUIS, ME, FakeYouTube, no
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import AuthRequired, Direction, OutcomeUnknown, RateLimited, Raw, Rejected
from socialdesk.connectors.youtube import YouTubeConnector
from socialdesk.connectors.youtube.client import next_day

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeYouTube:
    """A channel without comments."""
    return FakeYouTube(clock)


@pytest.fixture
async def shop(server: FakeYouTube) -> AsyncIterator[YouTubeConnector]:
    """The channel."""
    host = server.host(Leave(server))
    async with host.http:
        yield YouTubeConnector(host)


async def test_an_answer_to_an_old_thread_is_found(
    server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock
) -> None:
    """It does not move its thread up: within the newest hundred at once, farther down within the hour."""
    old = server.comment("¿Hay azules?")["id"]
    for number in range(150):
        clock.moment += timedelta(seconds=30)
        server.comment(f"otra cosa {number}", LUIS)
    _, cursor = await read(shop)
    server.comment("¿Nadie?", ANA, old)
    clock.moment += timedelta(minutes=61)
    items, cursor = await read(shop, cursor)
    assert "¿Nadie?" in words(items)
    before = server.units
    assert words((await read(shop, cursor))[0]).count("¿Nadie?") <= 1
    assert server.units - before <= 4, "and then only the newest page is looked at"


async def test_more_answers_than_stand_beside_a_thread(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """Five come with it; the rest is asked for, page by page."""
    thread = server.comment("¿Alguien más?")["id"]
    for number in range(130):
        server.comment(f"yo {number}", LUIS, thread)
    items, _ = await read(shop)
    assert {f"yo {number}" for number in range(130)} <= set(words(items))
    assert {item.conversation for item in items} == {f"{thread}|{ANA}", f"{thread}|{LUIS}"}


async def test_what_waits_for_the_owner_is_read_and_says_so(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """The public does not see it, the brand does."""
    held = server.comment("¿Tenéis web? tienda.example")["id"]
    server.state[held] = "heldForReview"
    server.comments[held]["snippet"]["moderationStatus"] = "heldForReview"
    ((item,), _) = await read(shop)
    assert (item.id, item.title) == (held, "YouTube: heldForReview")


async def test_a_used_up_quota_waits_for_midnight_in_california(
    server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock
) -> None:
    """A pace of minutes would only burn the next day's."""
    server.quota = 0
    with pytest.raises(RateLimited) as told:
        await shop.fetch("")
    assert told.value.code == "quota_used" and told.value.until == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert next_day(datetime(2026, 7, 1, 8, tzinfo=UTC)) == datetime(2026, 7, 2, 7, tzinfo=UTC)


async def test_pages_in_a_circle_end(server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock) -> None:
    """YouTube's next page may be one that was read."""
    server.circle = True
    for number in range(5):
        server.comment(f"hola {number}")
    items, _ = await read(shop)
    assert len(items) == 5 and server.units < 200


async def test_a_film_whose_comments_are_closed(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """A definite no, with its own words."""
    server.comment("¿Hola?")
    ((item,), _) = await read(shop)
    server.closed = True
    with pytest.raises(Rejected) as told:
        await shop.send(reply_to(item, shop))
    assert told.value.code == "reply_disabled"


async def test_a_failure_in_the_middle_is_no_refusal(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """YouTube says 400 and does not say whether the comment stands."""
    server.comment("¿Hola?")
    ((item,), _) = await read(shop)

    async def stumbles(request: httpx.Request) -> httpx.Response | None:
        return (
            no(400, "processingFailure")
            if request.method == "POST" and "youtube" in request.url.path
            else None
        )

    server.answer = stumbles
    with pytest.raises(OutcomeUnknown):
        await shop.send(reply_to(item, shop))


async def test_a_sign_in_without_a_channel_says_so(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """Many people's Google account has none; the brand's is another."""

    async def none(request: httpx.Request) -> httpx.Response | None:
        return (
            httpx.Response(200, json={"kind": "x", "items": []}) if "channels" in request.url.path else None
        )

    server.answer = none
    with pytest.raises(AuthRequired) as told:
        await shop.check()
    assert told.value.code == "no_channel"


async def test_somebody_whose_channel_is_gone(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """No number, perhaps no name: the comment is there, and apart from others of the kind."""
    for _ in range(2):
        server.comment("adiós")["snippet"].update(authorChannelId=None, authorDisplayName="")
    items, _ = await read(shop)
    assert [item.author.handle for item in items] == ["?", "?"]
    assert len({item.contact.id for item in items}) == 2


async def test_the_channels_own_answer_is_for_whoever_began(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """Written in YouTube's studio; a thread that the channel began itself has no customer."""
    thread = server.comment("¿Abren?")["id"]
    server.comment("Mañana sí", ME, thread)
    server.comment("¡Nueva colección!", ME)
    items, _ = await read(shop)
    assert [(item.direction, item.contact.id) for item in items] == [
        (Direction.IN, ANA),
        (Direction.OUT, ANA),
    ]


async def test_a_count_that_changes_is_no_edit(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """Likes change by themselves."""
    comment = server.comment("¿Hola?")
    raws, _ = await testing.read(shop)
    comment["snippet"]["likeCount"] += 7
    assert await shop.revisit(raws) == []


@pytest.mark.parametrize("snippet", [{}, None, {"textOriginal": 7}, {"authorChannelId": "x", "updatedAt": 1}])
async def test_odd_comments_are_read(shop: YouTubeConnector, snippet: Any) -> None:
    """Unknown shapes cost words, never the message; what has no time is set aside."""
    comment = {"id": "Ug1", "snippet": snippet}
    raw = Raw("Ug1", {"kind": "comment", "comment": comment, "thread": "Ug1", "me": ME})
    with pytest.raises(ValueError, match="time"):
        shop.parse(raw)
    dated = {**(snippet or {}), "publishedAt": "2026-11-22T09:00:00Z"}
    (item,) = shop.parse(Raw("Ug1", {**raw.payload, "comment": {"id": "Ug1", "snippet": dated}}))
    assert item.id == "Ug1" and item.author.handle == "?"
