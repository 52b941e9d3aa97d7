"""Long lists of Meta's, read a stretch at a time: restarts, limits in the middle, places that are gone (NEEDS A1, A4, B3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_meta import LUIS, PAGE, FakeMeta, Safe, no
from contract.reading import read, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import AuthRequired, RateLimited
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


def comments_asked(server: FakeMeta) -> int:
    """How often comments were asked for since the calls were cleared."""
    return sum(path.endswith("/comments") for _, path, _ in server.calls)


async def test_ten_thousand_comments_come_in_stretches(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """None is lost, no visit asks for more than a bounded number of pages, and none begins again from the top."""
    post = server.post()["id"]
    for number in range(10_000):
        server.comment(f"c{number}", post)
        clock.moment += timedelta(seconds=1)
    cursor, said, visits = "", set[str](), 0
    while True:
        server.calls.clear()
        found = await page.fetch(cursor)
        cursor, visits = found.cursor, visits + 1
        said |= {item.text for raw in found.items for item in page.parse(raw)}
        assert comments_asked(server) <= 10 and len(cursor) < 1_000
        if not found.more:
            break
    assert len(said) == 10_000 and visits == 10
    server.calls.clear()
    server.comment("y otra", post, LUIS)
    assert "y otra" in words((await read(page, cursor))[0])
    assert comments_asked(server) <= 4


async def test_a_restart_in_a_long_list_loses_nothing(server: FakeMeta, clock: ManualClock) -> None:
    """Meta's own places are not kept: the list is read from its top again, also where a page was not stored."""
    post = server.post()["id"]
    for number in range(2_500):
        clock.moment += timedelta(seconds=1)
        server.comment(f"c{number}", post)
    said, cursor = set[str](), ""
    for turn in range(12):
        host = server.host(Safe(server.system))
        async with host.http:
            page = FacebookConnector(host)
            for stored in (True, turn % 2 == 0, True):
                found = await page.fetch(cursor)
                assert "after" not in found.cursor
                if stored:
                    cursor = found.cursor
                    said |= {item.text for raw in found.items for item in page.parse(raw)}
        if not found.more:
            break
    assert said == {f"c{number}" for number in range(2_500)}


async def test_a_place_that_is_gone_begins_the_list_anew(server: FakeMeta, page: FacebookConnector) -> None:
    """The comment that it pointed at was deleted."""
    post = server.post()["id"]
    for number in range(1_500):
        server.comment(f"c{number}", post)
    first = await page.fetch("")
    assert first.more
    refused = 0

    async def gone(request: httpx.Request) -> httpx.Response | None:
        nonlocal refused
        if request.url.params.get("after") == "1000":
            refused += 1
            return no(100, "Invalid parameter: after") if refused == 1 else None
        return None

    server.answer = gone
    raws, _ = await testing.read(page, first.cursor)
    assert refused == 2
    assert len({raw.id for raw in [*first.items, *raws]}) == 1_500


async def test_what_a_limit_cuts_is_kept_and_goes_on(server: FakeMeta, page: FacebookConnector) -> None:
    """The posts before it are stored; the next visit says how long to wait, and the one after reads the others."""
    for number in range(8):
        server.comment(f"c{number}", server.post()["id"])
    asked = 0

    async def cuts(request: httpx.Request) -> httpx.Response | None:
        nonlocal asked
        asked += request.url.path.endswith("/comments")
        return LIMIT if asked > 3 else None

    server.answer = cuts
    first = await page.fetch("")
    assert len(first.items) == 3 and first.more
    with pytest.raises(RateLimited):
        await page.fetch(first.cursor)
    server.answer = None
    raws, _ = await testing.read(page, first.cursor)
    found = testing.understood(page, [*first.items, *raws])
    assert {item.text for item in found} == {f"c{number}" for number in range(8)}


async def test_a_visit_that_fails_at_its_end_loses_no_stretch(server: FakeMeta, clock: ManualClock) -> None:
    """What was read before the relay's news failed was not stored, so it is read again."""
    vault = Safe(server.system, relay_key=server.relay.key)
    host = server.host(vault, relay="https://relay.example.org")
    async with host.http:
        page = FacebookConnector(host)
        post = server.post()["id"]
        for number in range(1_200):
            server.comment(f"c{number}", post)
        first = await page.fetch("")
        change = {"item": "comment", "verb": "add", "comment_id": "5_5", "post_id": post}
        entry = {"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": change}]}
        server.relay.bring({"object": "page", "entry": [entry]})
        always(server, "/5_5", no(190, "expired"))
        with pytest.raises(AuthRequired):
            await page.fetch(first.cursor)
        server.answer = None
        raws, _ = await testing.read(page, first.cursor)
        assert len({raw.id for raw in [*first.items, *raws]} - {"5_5"}) == 1_200


async def test_conversations_of_the_same_second_are_all_read(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """More than fit into one visit, with the same time."""
    for number in range(75):
        server.whisper(f"hola {number}", {"id": str(7000 + number), "name": f"n{number}"})
    assert len(words((await read(page))[0])) == 75


async def test_pages_of_posts_without_cursors(server: FakeMeta, page: FacebookConnector) -> None:
    """Some lists name an address only; the key in it goes nowhere."""
    server.timed_pages = True
    for number in range(70):
        server.comment(f"c{number}", server.post()["id"])
    assert len(words((await read(page))[0])) == 70


async def test_an_answer_without_rows_is_no_empty_list(server: FakeMeta, page: FacebookConnector) -> None:
    """An empty body with a good status must not make the desk forget what it knows."""
    server.comment("¿Abren?", server.post()["id"])
    _, cursor = await read(page)
    always(server, "/feed", httpx.Response(200))
    with pytest.raises(Exception, match="without its rows"):
        await page.fetch(cursor)
