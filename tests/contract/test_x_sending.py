"""Which of the brand's own posts and messages is the answer whose outcome is unknown, and what X's refusals mean (NEEDS B1)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from contract.fake_x import SHOP, FakeX, Keys, problem
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import OutcomeUnknown, Outgoing, Rejected, Temporary
from socialdesk.connectors.x import XConnector

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeX:
    return FakeX(clock)


@pytest.fixture
async def shop(server: FakeX) -> AsyncIterator[XConnector]:
    host = server.host(Keys(server))
    async with host.http:
        yield XConnector(host)


async def answer_to(shop: XConnector, text: str, key: str) -> Outgoing:
    """An answer to the only message there is, under a key of its own."""
    item = next(one for one in (await read(shop))[0] if one.author.handle != "@tienda")
    return replace(reply_to(item, shop, text), key=key)


def lose(server: FakeX, *, taken: bool) -> None:
    """Let what is written next come to nothing, or let its answer be lost."""

    async def lost(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST" or request.url.path.endswith("/token"):
            return None
        if taken:
            server.serve(request)
        raise httpx.ReadTimeout("nothing came back")

    server.answer = lost


async def test_a_price_is_no_address(server: FakeX, shop: XConnector) -> None:
    """The right price, which was lost, is not the wrong one that stands there."""
    server.write("@tienda ¿cuánto?")
    await shop.send(await answer_to(shop, "Cuesta 12.50", "one"))
    shop = XConnector(shop.host)
    second = await answer_to(shop, "Cuesta 13.50", "two")
    lose(server, taken=False)
    with pytest.raises(OutcomeUnknown):
        await shop.send(second)
    assert await shop.find_sent(second) is None


async def test_letters_that_are_put_together_are_the_same(server: FakeX, shop: XConnector) -> None:
    """X writes é in one sign, however it was typed."""
    server.write("@tienda ¿abren?")
    answer = await answer_to(shop, unicodedata.normalize("NFD", "Sí, mañana también"), "one")
    lose(server, taken=True)
    with pytest.raises(OutcomeUnknown):
        await shop.send(answer)
    for post in server.posts.values():
        post["text"] = unicodedata.normalize("NFC", post["text"])
    assert await shop.find_sent(answer) is not None


async def test_the_same_words_in_a_private_conversation_are_two_messages(
    server: FakeX, shop: XConnector
) -> None:
    """The first one is not the second, which was lost."""
    server.whisper("hola")
    first = await answer_to(shop, "¡Gracias!", "one")
    await shop.send(first)
    second = await answer_to(shop, "¡Gracias!", "two")
    lose(server, taken=False)
    with pytest.raises(OutcomeUnknown):
        await shop.send(second)
    assert await shop.find_sent(second) is None
    found = await shop.find_sent(first)
    assert found is not None


async def test_what_x_finds_too_long_is_called_so(server: FakeX, shop: XConnector) -> None:
    """No word of who may answer."""
    server.write("@tienda ¿abren?")
    answer = await answer_to(shop, "Sí", "one")

    async def long(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST" or request.url.path.endswith("/token"):
            return None
        return problem(403, "Forbidden", "Your Tweet text is too long.", "client-forbidden")

    server.answer = long
    with pytest.raises(Rejected) as refused:
        await shop.send(answer)
    assert refused.value.code == "too_long"


@pytest.mark.parametrize(
    ("number", "name"), [("../tweets", "tienda"), ("1" * 31, "tienda"), ("1", "\ud800"), ("1", "a b")]
)
async def test_an_account_whose_number_or_name_is_none_is_no_answer(
    server: FakeX, shop: XConnector, number: str, name: str
) -> None:
    """Nothing is asked of a place that it would name."""

    async def odd(request: httpx.Request) -> httpx.Response | None:
        odd_one = json.dumps({"data": {"id": number, "username": name, "name": "La Tienda"}})
        return httpx.Response(200, content=odd_one.encode()) if request.url.path.endswith("/me") else None

    server.answer = odd
    with pytest.raises(Temporary):
        await shop.fetch("")


async def test_an_answer_is_found_behind_hundreds_of_later_ones(server: FakeX, shop: XConnector) -> None:
    """The desk was off meanwhile, and others answered."""
    server.write("@tienda ¿abren?")
    answer = await answer_to(shop, "Sí", "one")
    lose(server, taken=True)
    with pytest.raises(OutcomeUnknown):
        await shop.send(answer)
    server.answer = None
    for number in range(600):
        server.write(f"Rebajas {number}", SHOP)
    assert await shop.find_sent(answer) is not None


async def test_a_private_answer_is_found_behind_many_messages(server: FakeX, shop: XConnector) -> None:
    """A page may be small where the budget is."""
    server.whisper("hola")
    answer = await answer_to(shop, "¡Hola!", "one")
    lose(server, taken=True)
    with pytest.raises(OutcomeUnknown):
        await shop.send(answer)
    server.answer = None
    for number in range(120):
        server.whisper(f"¿Y {number}?")
    assert await shop.find_sent(answer) is not None
