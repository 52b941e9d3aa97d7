"""Matrix: answers, and what became of them (NEEDS B1, B3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mailbox import MailVault as Vault
from contract.fake_matrix import ANA, FakeMatrix
from contract.matrix.common import HTML
from contract.reading import read, reply_to
from socialdesk.connectors.contract import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.matrix import MatrixConnector

pytestmark = pytest.mark.anyio


async def test_another_device_does_not_send_again(
    server: FakeMatrix, shop: MatrixConnector, vault: Vault
) -> None:
    """A1: the answer was lost, the session too; the key inside the message tells that it is there."""
    server.say(server.room(ANA), "¿Hola?")
    [item], _ = await read(shop)
    outgoing = reply_to(item, shop)
    first = await shop.send(outgoing)
    for number in range(120):
        server.say(server.rooms[item.conversation], f"y otra {number}")
    vault.kept.clear()
    server.clock.moment += timedelta(minutes=2)
    host = server.host(vault)
    async with host.http:
        other = MatrixConnector(host)
        assert (await other.send(outgoing)).id == first.id
        assert (await other.host.vault.load_session())["device"] != "", "it did sign in"
    assert len(server.posted) == 1 and len(server.devices) == 2


async def test_a_repeat_that_never_arrived_is_sent(server: FakeMatrix, shop: MatrixConnector) -> None:
    """The look finds nothing: then it leaves, once."""
    server.say(server.room(ANA), "¿Hola?")
    [item], _ = await read(shop)
    outgoing = reply_to(item, shop)
    server.clock.moment += timedelta(minutes=2)
    await shop.send(outgoing)
    assert len(server.posted) == 1


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, {"retry_after_ms": 2500}, 2.5),
        ({"Retry-After": "7"}, {"retry_after_ms": 2500}, 7),
        ({}, {"retry_after_ms": None}, None),
        ({}, {"retry_after_ms": "x"}, None),
        ({"Retry-After": "soon"}, {}, None),
        ({"Retry-After": "nan"}, {}, None),
        ({"Retry-After": "99999999999"}, {}, 86_400),
        ({"Retry-After": "-5"}, {}, None),
    ],
)
async def test_how_long_to_wait(
    server: FakeMatrix,
    shop: MatrixConnector,
    headers: dict[str, str],
    body: dict[str, Any],
    seconds: float | None,
) -> None:
    """The header first (since API v1.10), then the field; nonsense is no time, and nobody is silenced for more than a day."""
    await shop.check()

    async def slower(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            429, headers=headers, json={"errcode": "M_LIMIT_EXCEEDED", "error": "slow", **body}
        )

    server.answer = slower
    with pytest.raises(RateLimited) as told:
        await shop.fetch("")
    expected = None if seconds is None else server.clock.now() + timedelta(seconds=seconds)
    assert told.value.until == expected


@pytest.mark.parametrize("status", [200, 404, 403, 502, 504, 520])
async def test_a_page_in_place_of_an_answer(server: FakeMatrix, shop: MatrixConnector, status: int) -> None:
    """A proxy's words: reading is tried again; of sending only a certain no is one."""
    server.say(server.room(ANA), "¿Hola?")
    [item], cursor = await read(shop)

    async def garbled(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, text=HTML)

    server.answer = garbled
    with pytest.raises(Temporary):
        await shop.fetch(cursor)
    with pytest.raises(OutcomeUnknown if status == 200 or status >= 500 else Temporary):
        await shop.send(reply_to(item, shop))
    assert server.posted == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"next_batch":7}', b'{"rooms":{}}'])
async def test_an_answer_that_is_none_moves_nothing(
    server: FakeMatrix, shop: MatrixConnector, body: bytes
) -> None:
    """A1: without a mark there is nothing to store."""
    _, cursor = await read(shop)

    async def odd(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, content=body) if request.url.path.endswith("sync") else None

    server.answer = odd
    with pytest.raises(Temporary):
        await shop.fetch(cursor)


async def test_quotes_that_grow_on_the_way_are_too_long(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Each is two bytes in an event: what the server would refuse is refused before it leaves."""
    server.say(server.room(ANA), "¿Hola?")
    [item], _ = await read(shop)
    with pytest.raises(Rejected) as refused:
        await shop.send(reply_to(item, shop, '"' * 40_000))
    assert refused.value.code == "too_long" and server.posted == []
