"""Which page or account of Meta's it is, what its token may do, and odd shapes of what it reads (NEEDS A1, B3, G3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_meta import LUIS, PAGE, SHOP, FakeMeta, Safe, no
from contract.reading import read
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import AuthRequired, Direction, Kind, Media, Raw
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector

pytestmark = pytest.mark.anyio
GRAM_LUIS = {"id": "902", "username": "luis"}
LIMIT = no(80001, "There have been too many calls to this Page account.")


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


@pytest.fixture
def server(clock: ManualClock) -> FakeMeta:
    """An empty network."""
    return FakeMeta(clock)


@pytest.fixture
async def page(server: FakeMeta) -> AsyncIterator[FacebookConnector]:
    """The page."""
    host = server.host(Safe(server.system))
    async with host.http:
        yield FacebookConnector(host)


@pytest.fixture
async def gram(server: FakeMeta) -> AsyncIterator[InstagramConnector]:
    """The account on Instagram."""
    host = server.host(Safe(server.system))
    async with host.http:
        yield InstagramConnector(host)


def always(server: FakeMeta, part: str, answer: httpx.Response) -> None:
    """Answer so whatever has that in its address."""

    async def instead(request: httpx.Request) -> httpx.Response | None:
        return answer if part in str(request.url) else None

    server.answer = instead


async def test_a_person_without_pages_is_no_page(server: FakeMeta, page: FacebookConnector) -> None:
    """A token that manages none answers for the person, whose lists are empty for ever."""
    server.pages = []
    with pytest.raises(AuthRequired) as told:
        await page.check()
    assert told.value.code == "no_such_page"


async def test_the_pages_of_a_large_business_are_all_looked_through(server: FakeMeta) -> None:
    """More than a hundred, over several pages of the list."""
    others = [{"id": str(5000 + n), "name": f"p{n}", "access_token": server.page_key} for n in range(120)]

    async def listed(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/me/accounts"):
            return server._page([*others, *server.pages], dict(request.url.params))
        return None

    server.answer = listed
    host = server.host(Safe(server.system), page="la tienda")
    async with host.http:
        assert (await FacebookConnector(host).check()).remote_id == PAGE


async def test_a_pages_key_that_died_is_got_anew(server: FakeMeta, page: FacebookConnector) -> None:
    """With the token that gave it."""
    _, cursor = await read(page)
    former, server.page_key = server.page_key, "another"
    server.pages[0]["access_token"] = "another"
    assert former != server.page_key
    with pytest.raises(AuthRequired):
        await page.fetch(cursor)
    await page.fetch(cursor)


async def test_leave_for_another_page_is_none_for_this_one(server: FakeMeta, page: FacebookConnector) -> None:
    """Meta grants some permissions page by page."""
    server.scopes = ["pages_read_engagement", "pages_read_user_content", "pages_messaging"]
    server.scopes += ["pages_manage_engagement"]
    server.granular = [{"scope": "pages_messaging", "target_ids": ["999"]}]
    assert (await page.check()).lacking == ("dm_not_allowed",)


async def test_instagrams_token_that_ends_soon_is_named(
    server: FakeMeta, gram: InstagramConnector, clock: ManualClock
) -> None:
    """As Facebook's is; and one of its own that cannot be renewed any more."""
    server.expires = int((clock.now() + timedelta(days=5)).timestamp())
    assert (await gram.check()).lacking == ("token_ends_soon",)
    host = server.host(Safe(server.own_key))
    async with host.http:
        own = InstagramConnector(host)
        await own.check()
        clock.moment += timedelta(days=2)
        await own.fetch("")
        always(server, "/refresh_access_token", no(190, "Cannot refresh", 463))
        clock.moment += timedelta(days=50)
        found = await own.fetch("")
        assert found.lacking == ("token_ends_soon",)


async def test_who_we_are_may_stand_in_a_list(server: FakeMeta) -> None:
    """Instagram's own sign-in documents its answer so."""
    host = server.host(Safe(server.own_key))
    async with host.http:
        always(server, "/me?", httpx.Response(200, json={"data": [{"user_id": "17", "username": "tienda"}]}))
        assert (await InstagramConnector(host).check()).remote_id == "17"


# Odd shapes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"from": None},
        {"message": "", "attachments": {"data": []}},
        {"attachments": {"data": [{"mime_type": "video/mp4", "size": "x"}, {}, None]}},
        {"shares": {"data": [{"link": "https://www.instagram.com/p/1/"}]}},
        {"sticker": "https://scontent.fbcdn.net/s.png"},
        {"story": {"from_the_future": 7}},
        {"is_unsupported": True},
        {"created_time": 1795341600},
        {"created_time": "1795341600000"},
        {"to": None, "from_the_future": {"x": [1]}},
    ],
)
async def test_odd_messages_are_read(server: FakeMeta, page: FacebookConnector, more: dict[str, Any]) -> None:
    """Without words they have a place."""
    message = {"id": "m_1", "created_time": "2026-11-22T09:00:00+0000", "from": {"id": "9"}, **more}
    payload = {"kind": "message", "message": message, "customer": {"id": "9"}}
    (item,) = page.parse(Raw("m|m_1", {**payload, "us": {"id": PAGE, "name": "x", "platform": "messenger"}}))
    assert item.id == "m|m_1" and item.conversation == "dm|9" and item.direction is Direction.IN
    assert item.text or item.attachments
    testing.well_formed(item)


async def test_a_message_of_ours_without_sender(page: FacebookConnector) -> None:
    """Whom it was for tells whose it is."""
    message = {"id": "m_1", "created_time": "2026-11-22T09:00:00+0000", "to": {"data": [{"id": "9"}]}}
    us = {"id": PAGE, "name": "x", "platform": "messenger"}
    (item,) = page.parse(Raw("m|m_1", {"kind": "message", "message": message, "customer": {}, "us": us}))
    assert (item.direction, item.conversation, item.author.id) == (Direction.OUT, "dm|9", PAGE)


async def test_a_comment_whose_number_is_withheld_is_seen(server: FakeMeta, page: FacebookConnector) -> None:
    """Without the task of moderating: it can be read, and not answered."""
    post = server.post()["id"]
    server.comment("¿Abren?", post)
    it = {"message": "¿Abren?", "created_time": server.stamp()}
    always(server, f"{post}/comments", httpx.Response(200, json={"data": [it]}))
    ((item,), _) = await read(page)
    assert (item.text, item.remote) == ("¿Abren?", {})


async def test_a_visitors_post_without_words_or_name(server: FakeMeta, page: FacebookConnector) -> None:
    """A photo by somebody whom privacy hides, answered from elsewhere."""
    post = server.post("", LUIS)
    post["from"] = None
    server.comment("¡Gracias!", post["id"], SHOP)
    items, _ = await read(page)
    asked, ours = sorted(items, key=lambda item: item.direction)
    assert asked.conversation == ours.conversation
    assert (asked.kind, asked.author.name) == (Kind.MENTION, "")
    assert {one.media for one in asked.attachments} <= {Media.OTHER}
