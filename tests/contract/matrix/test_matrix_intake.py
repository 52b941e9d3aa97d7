"""Matrix: nothing lost, nothing doubled, whatever the server leaves out (NEEDS A1)."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mailbox import MailVault as Vault
from contract.fake_matrix import ANA, LUIS, FakeMatrix, good
from contract.matrix.common import texts
from contract.reading import read
from socialdesk.connectors import testing
from socialdesk.connectors.matrix import MatrixConnector

pytestmark = pytest.mark.anyio


# Nothing lost, nothing doubled --------------------------------------------------------------------


async def test_a_limited_answer_is_filled_oldest_first(server: FakeMatrix, shop: MatrixConnector) -> None:
    """A1: what /sync leaves out is read on from the last mark; the next mark counts only once that is read."""
    room, other = server.room(ANA, LUIS), server.room(ANA)
    _, cursor = await read(shop)
    written = [f"mensaje {number}" for number in range(333)]
    for text in written:
        server.say(room, text)
    server.say(other, "en otra sala")
    page = await shop.fetch(cursor)
    assert page.more and "gaps" in json.loads(page.cursor) and len(page.items) == 1
    items, _ = await read(shop, cursor)
    assert texts(items) == ["en otra sala", *written]


async def test_a_gap_survives_a_restart(server: FakeMatrix, shop: MatrixConnector, vault: Vault) -> None:
    """A1: whoever dies between two pages goes on where the stored page ended."""
    room = server.room(ANA)
    _, cursor = await read(shop)
    for number in range(400):
        server.say(room, f"mensaje {number}")
    found: list[str] = []
    for _ in range(12):
        host = server.host(vault)
        async with host.http:
            page = await MatrixConnector(host).fetch(cursor)
        found += [item.text for item in testing.understood(shop, page.items)]
        cursor = page.cursor
    assert found == [f"mensaje {number}" for number in range(400)]


@pytest.mark.parametrize("heeds_end", [True, False])
async def test_a_server_that_cannot_read_forward(
    server: FakeMatrix, shop: MatrixConnector, heeds_end: bool
) -> None:
    """Then it is read back, to where the last visit ended; nothing is left out."""
    server.reads_forward, server.heeds_end = False, heeds_end
    room = server.room(ANA)
    server.say(room, "antes")
    _, cursor = await read(shop)
    for number in range(300):
        server.say(room, f"mensaje {number}")
    items, _ = await read(shop, cursor)
    assert {item.text for item in items} >= {f"mensaje {number}" for number in range(300)}


async def test_a_server_that_does_not_heed_the_end(server: FakeMatrix, shop: MatrixConnector) -> None:
    """What it tells beyond comes again with the next mark, and is the same."""
    server.heeds_end = False
    room = server.room(ANA)
    _, cursor = await read(shop)
    for number in range(100):
        server.say(room, f"mensaje {number}")
    page = await shop.fetch(cursor)
    server.say(room, "entretanto")
    items, cursor = await read(shop, page.cursor)
    assert texts(items)[-1] == "entretanto"
    again, cursor = await read(shop, cursor)
    assert again == items[-1:]
    assert (await read(shop, cursor))[0] == []


async def test_empty_pages_are_not_the_end(server: FakeMatrix, shop: MatrixConnector) -> None:
    """A page of a gap may be empty, because everything on it is hidden from us."""
    room = server.room(ANA)
    _, cursor = await read(shop)
    for number in range(80):
        server.say(room, f"mensaje {number}")
    emptied = 0

    async def hides(request: httpx.Request) -> httpx.Response | None:
        nonlocal emptied
        if request.url.path.endswith("/messages") and emptied < 7:
            emptied += 1
            start = request.url.params["from"]
            end = f"{start}_{emptied}" if emptied < 7 else ""
            return good({"start": start, "chunk": [], "end": end or json.loads(cursor)["since"]})
        return None

    server.answer = hides
    items, _ = await read(shop, cursor)
    assert emptied == 7 and len(items) == 80


async def test_the_first_look_goes_back_a_week(server: FakeMatrix, shop: MatrixConnector) -> None:
    """What is older is left out, however many came since."""
    room, quiet = server.room(ANA), server.room(LUIS)
    for number in range(60):
        server.say(room, f"viejo {number}")
    server.say(quiet, "viejísimo", LUIS)
    server.clock.moment += timedelta(days=8)
    for number in range(120):
        server.say(room, f"nuevo {number}")
    items, _ = await read(shop)
    assert texts(items) == [f"nuevo {number}" for number in range(120)]


async def test_a_mark_that_the_server_knows_no_longer(server: FakeMatrix, shop: MatrixConnector) -> None:
    """A server that was restored refuses it: the last week is read anew, and nothing of it is lost."""
    room = server.room(ANA)
    server.say(room, "una")
    first, cursor = await read(shop)
    old = {**json.loads(cursor), "since": "s99999_x"}
    server.say(room, "dos")
    again, _ = await read(shop, json.dumps(old))
    assert texts(again) == ["una", "dos"] and again[0] == first[0]


@pytest.mark.parametrize(
    "cursor", ["?", "{}", "[]", '{"v":1}', '{"v":9,"since":"s1_x"}', '{"v":1,"user":"@x:y","since":"s1_x"}']
)
async def test_a_cursor_of_another_kind_begins_anew(
    server: FakeMatrix, shop: MatrixConnector, cursor: str
) -> None:
    """Damaged, of another version, of another account."""
    server.say(server.room(ANA), "¿Hola?")
    assert texts((await read(shop, cursor))[0]) == ["¿Hola?"]


async def test_one_event_twice_is_one_message(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Told by /sync and by /messages, with another age each time, it is the same to the letter."""
    room = server.room(ANA)
    server.say(room, "¿Hola?")
    once, _ = await testing.read(shop)
    again, _ = await testing.read(shop)
    assert [(raw.id, raw.payload) for raw in once] == [(raw.id, raw.payload) for raw in again]


# Listening ----------------------------------------------------------------------------------------


async def test_one_long_question_at_a_time(server: FakeMatrix, shop: MatrixConnector) -> None:
    """What came to it is taken over by the visit that follows: no second question for the same."""
    room = server.room(ANA)
    _, cursor = await read(shop)
    told = asyncio.Event()
    listening = asyncio.ensure_future(shop.listen(told.set))
    await told.wait()
    for number in range(3):
        await _until(lambda: server.waiting == 1)
        asked = sum(path.endswith("/sync") for _, path in server.calls)
        told.clear()
        server.say(room, f"mensaje {number}")
        await asyncio.wait_for(told.wait(), 5)
        items, cursor = await read(shop, cursor)
        assert texts(items) == [f"mensaje {number}"]
        await _until(lambda: server.waiting == 1)
        assert sum(path.endswith("/sync") for _, path in server.calls) <= asked + 1
    listening.cancel()
    await asyncio.wait({listening})


async def test_what_is_no_news_moves_nothing(server: FakeMatrix, shop: MatrixConnector) -> None:
    """A page that was not stored is asked for again from the stored mark, whatever was waited for meanwhile."""
    room = server.room(ANA)
    _, cursor = await read(shop)
    told = asyncio.Event()
    listening = asyncio.ensure_future(shop.listen(told.set))
    await _until(lambda: server.waiting == 1)
    server.say(room, "uno")
    await _until(lambda: server.waiting == 1)
    lost = await shop.fetch(cursor)
    server.say(room, "dos")
    items, _ = await read(shop, cursor)
    assert len(lost.items) == 1 and texts(items) == ["uno", "dos"]
    listening.cancel()
    await asyncio.wait({listening})


async def _until(true: Any) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it does not come about")
