"""Answers of YouTube that differ from what its documentation shows, floods, and visits that are cut off (NEEDS A1, B1)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_google import Leave
from contract.fake_youtube import ANA, LUIS, ME, FakeYouTube, no
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Media, Rejected, Temporary
from socialdesk.connectors.youtube import YouTubeConnector
from socialdesk.connectors.youtube.parsing import plain

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeYouTube:
    return FakeYouTube(clock)


@pytest.fixture
async def shop(server: FakeYouTube) -> AsyncIterator[YouTubeConnector]:
    host = server.host(Leave(server))
    async with host.http:
        yield YouTubeConnector(host)


@pytest.mark.parametrize("seconds", [0, 60])
async def test_ten_thousand_comments(
    server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock, seconds: int
) -> None:
    """A film that everybody talks about: none is left out, also where all came at once."""
    _, cursor = await read(shop)
    clock.moment += timedelta(hours=2)
    for number in range(10_000):
        clock.moment += timedelta(seconds=seconds)
        server.comment(f"hola {number}")
    items, cursor = await read(shop, cursor)
    assert {f"hola {number}" for number in range(10_000)} <= set(words(items))
    before = server.units
    await shop.fetch(cursor)
    assert server.units - before <= 3


async def test_five_thousand_answers_to_one_comment(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """Page by page, to the last."""
    thread = server.comment("¿Quién más?")["id"]
    for number in range(5_000):
        server.comment(f"yo {number}", LUIS, thread)
    assert {f"yo {number}" for number in range(5_000)} <= set(words((await read(shop))[0]))


async def test_a_page_that_youtube_has_forgotten_is_read_from_the_first(
    server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock
) -> None:
    """A desk that was off in the middle of a long list goes on."""
    for number in range(150):
        clock.moment += timedelta(seconds=1)
        server.comment(f"hola {number}")
    page = await shop.fetch("")
    assert page.more
    refused = False

    async def expired(request: httpx.Request) -> httpx.Response | None:
        nonlocal refused
        if refused or "pageToken" not in request.url.params:
            return None
        refused = True
        return no(400, "invalidPageToken")

    server.answer = expired
    assert {f"hola {number}" for number in range(150)} <= set(words((await read(shop, page.cursor))[0]))


async def test_an_old_cursor_is_understood(server: FakeYouTube, shop: YouTubeConnector) -> None:
    """One written before the list's depth was kept."""
    server.comment("hola")
    cursor = json.loads((await read(shop))[1])
    for which in ("published", "heldForReview", "likelySpam"):
        cursor[which] = cursor[which][:4]
    del cursor["held"]
    server.comment("otra")
    assert "otra" in words((await read(shop, json.dumps(cursor)))[0])


@pytest.mark.parametrize("refusal", [no(403, "forbidden"), no(403, "quotaExceeded"), no(500, "backendError")])
async def test_lists_of_what_is_held_back_stop_no_public_comment(
    server: FakeYouTube, shop: YouTubeConnector, refusal: httpx.Response
) -> None:
    """A sign-in that may not see them reads the rest."""
    server.comment("hola")

    async def not_those(request: httpx.Request) -> httpx.Response | None:
        return refusal if "moderationStatus" in request.url.params else None

    server.answer = not_those
    assert words((await read(shop))[0]) == ["hola"]


async def test_a_look_that_is_refused_finds_neither_yes_nor_no(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """ "Not there" would send the answer a second time."""
    server.comment("¿Abren?")
    ((item,), _) = await read(shop)
    outgoing = reply_to(item, shop)
    await shop.send(outgoing)

    async def refused(request: httpx.Request) -> httpx.Response | None:
        return no(403, "forbidden") if request.url.path.endswith("/comments") else None

    server.answer = refused
    with pytest.raises(Rejected):
        await shop.find_sent(outgoing)


async def test_a_picture_is_named_and_its_address_is_no_edit(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """It is signed anew for six hours at each look."""
    comment = server.comment("", imageUrl="https://yt3.example/a?sig=1")
    raws, _ = await testing.read(shop)
    ((item,),) = [shop.parse(raw) for raw in raws]
    assert [one.media for one in item.attachments] == [Media.IMAGE]
    comment["snippet"]["imageUrl"] = "https://yt3.example/a?sig=2"
    assert [raw.payload for raw in (await testing.read(shop))[0]] == [raw.payload for raw in raws]
    assert await shop.revisit(raws) == []


async def test_what_was_held_back_and_is_shown_now_says_so(
    server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock
) -> None:
    """What was told of it before is replaced."""
    held = server.comment("¿Tenéis web?")
    server.state[held["id"]] = held["snippet"]["moderationStatus"] = "heldForReview"
    (item,), cursor = await read(shop)
    assert item.title == "YouTube: heldForReview"
    server.state[held["id"]] = held["snippet"]["moderationStatus"] = "published"
    clock.moment += timedelta(minutes=1)
    (item,), _ = await read(shop, cursor)
    assert item.title == "YouTube: published"


async def test_a_comment_from_the_future_hides_no_later_one(
    server: FakeYouTube, shop: YouTubeConnector, clock: ManualClock
) -> None:
    """A clock somewhere is wrong."""
    at = "2027-11-22T09:00:00.5Z"
    server.comment("del futuro", publishedAt=at, updatedAt=at)
    _, cursor = await read(shop)
    clock.moment += timedelta(minutes=2)
    for number in range(150):
        server.comment(f"hoy {number}", LUIS)
    assert {f"hoy {number}" for number in range(150)} <= set(words((await read(shop, cursor))[0]))


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ('It&#39;s <b>great</b><br>see <a href="https://a.test">1:02</a>', "It's great\nsee 1:02"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("me <3 it", "me <3 it"),
    ],
)
def test_marks_of_html_are_no_words(shown: str, meant: str) -> None:
    """Plain text was asked for."""
    assert plain(shown) == meant


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(502, text="<html>bad gateway</html>"),
        httpx.Response(200, json=[]),
    ],
)
async def test_a_page_that_is_no_answer_moves_nothing(
    server: FakeYouTube, shop: YouTubeConnector, answer: httpx.Response
) -> None:
    """It is asked again later from the same place."""
    server.comment("hola")

    async def instead(request: httpx.Request) -> httpx.Response | None:
        return answer if "commentThreads" in request.url.path else None

    server.answer = instead
    with pytest.raises(Temporary):
        await shop.fetch("")
    server.answer = None
    assert words((await read(shop))[0]) == ["hola"]


async def test_members_that_nobody_knows_and_numbers_as_words(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """Counts in quotes, null where something was, odd answers beside good ones."""
    thread = server.comment("¿Abren?", likeCount="7", viewerRating=None, novelty={"a": [1]})["id"]
    for number in range(7):
        server.comment(f"yo {number}", ANA, thread)
    server.comment("Sí", ME, thread)

    async def odd(request: httpx.Request) -> httpx.Response | None:
        answer = server.serve(request)
        if "commentThreads" not in request.url.path or "moderationStatus" in request.url.params:
            return answer
        body = answer.json()
        body["items"][0]["snippet"]["totalReplyCount"] = "8"
        return httpx.Response(200, json={**body, "items": [None, *body["items"]]})

    server.answer = odd
    assert {f"yo {number}" for number in range(7)} <= set(words((await read(shop))[0]))


async def test_what_is_held_back_does_not_count_as_deleted(
    server: FakeYouTube, shop: YouTubeConnector
) -> None:
    """Asked for by name, YouTube may keep it to itself."""
    held = server.comment("¿Tenéis web?")
    server.state[held["id"]] = held["snippet"]["moderationStatus"] = "heldForReview"
    raws, _ = await testing.read(shop)
    del server.comments[held["id"]]
    assert [await shop.revisit(raws) for _ in range(3)] == [[], [], []]
