"""The traps of Instagram, by their numbers in the list of nasty cases (NEEDS A1, A4, B1, B3, G3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_meta import GRAM_ANA, GRAM_SHOP, FakeMeta, Safe
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import (
    Connector,
    Direction,
    Media,
    Outgoing,
    Raw,
    Rejected,
)
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector
from socialdesk.connectors.shapes import stamp

pytestmark = pytest.mark.anyio
HUMAN = {"human_agent": "yes"}


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address, and with it no token that is asked about, to any log."""
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


async def answering(connector: Connector, text: str, **changes: Any) -> Outgoing:
    """An answer to what a customer wrote last."""
    items, _ = await read(connector)
    asked = [item for item in items if item.direction is Direction.IN]
    return replace(reply_to(max(asked, key=lambda item: item.at), connector, text), **changes)


async def test_instagram_2_what_cannot_be_shown_has_a_place(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """Polls, pictures to be seen once."""
    server.whisper(None, GRAM_ANA, gram=True, is_unsupported=True)
    ((item,), _) = await read(gram)
    assert (item.text, [one.media for one in item.attachments]) == ("", [Media.OTHER])


async def test_instagram_3_stories_are_named(server: FakeMeta, gram: InstagramConnector) -> None:
    """A mention in a story, an answer to one: gone after a day, named for good."""
    link = "https://lookaside.fbsbx.com/s/1"
    server.whisper("¡Qué bonito!", GRAM_ANA, gram=True, story={"reply_to": {"link": link, "id": "1"}})
    ((item,), _) = await read(gram)
    assert (item.text, item.attachments[0].media, item.attachments[0].description) == (
        "¡Qué bonito!",
        Media.LINK,
        "↩ story",
    )


async def test_instagram_4_an_address_that_ended_says_so(server: FakeMeta, gram: InstagramConnector) -> None:
    """Stored addresses are dead days later."""
    with pytest.raises(Rejected) as told:
        await gram.download({"url": "https://scontent.cdninstagram.com/v/9.jpg"}, 100)
    assert told.value.code == "parent_gone"


async def test_instagram_5_our_own_words_are_ours_by_number_or_by_name(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """In messages the account may have another number than elsewhere."""
    server.whisper("¿Hola?", GRAM_ANA, gram=True)
    room = next(iter(server.rooms.values()))
    server._say(room, {"id": "17999", "username": "tienda"}, GRAM_ANA, "Hola")
    items, _ = await read(gram)
    assert [(item.direction, item.contact.id) for item in items] == [
        (Direction.IN, GRAM_ANA["id"]),
        (Direction.OUT, GRAM_ANA["id"]),
    ]


@pytest.mark.parametrize(
    ("who", "handle"), [(None, "Instagram"), ({"username": "ana"}, "ana"), ({"id": "901"}, "Instagram")]
)
async def test_instagram_6_authors_that_are_told_in_part(
    server: FakeMeta, gram: InstagramConnector, who: dict[str, Any] | None, handle: str
) -> None:
    """A number, a name, neither: the comment can be answered."""
    server.remark("¿Precio?", server.picture()["id"], who)
    outgoing = await answering(gram, "30 euros")
    await gram.send(outgoing)
    items, _ = await read(gram)
    assert items[0].author.handle == handle
    assert len({item.conversation for item in items}) == 1


async def test_instagram_7_answers_have_their_own_list(server: FakeMeta, gram: InstagramConnector) -> None:
    """Fifty stand beside a comment; threads that the brand answered do not look unanswered."""
    media = server.picture()["id"]
    top = server.remark("¿Quién más?", media)
    for number in range(70):
        server.remark(f"yo {number}", media, {"id": "902", "username": "luis"}, top["id"])
    server.remark("Todos", media, GRAM_SHOP, top["id"])
    items, _ = await read(gram)
    assert {f"yo {number}" for number in range(70)} <= set(words(items))
    out = [item for item in items if item.direction is Direction.OUT]
    assert [(item.text, item.contact.handle) for item in out] == [("Todos", "ana")]


async def test_instagram_10_an_answer_to_an_answer_names_whom_it_is_for(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """It stands below the first comment; after a lost answer it is found with the name before it."""
    media = server.picture()["id"]
    top = server.remark("¿Precio?", media)
    server.clock.moment += timedelta(seconds=1)
    server.remark("¿Y en azul?", media, {"id": "902", "username": "luis"}, top["id"])
    outgoing = await answering(gram, "Igual")
    receipt = await gram.send(outgoing)
    assert server.said(gram=True) == ["@luis Igual"]
    found = await gram.find_sent(outgoing)
    assert found is not None and found.id == receipt.id


async def test_instagram_11_one_private_answer_for_a_comment(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """The second attempt is refused as such."""
    server.remark("Mi pedido", server.picture()["id"])
    outgoing = await answering(gram, "¿Número?", private=True, opens=True)
    receipt = await gram.send(outgoing)
    with pytest.raises(Rejected) as told:
        await gram.send(outgoing)
    assert told.value.code == "private_once"
    found = await gram.find_sent(outgoing)
    assert found is not None and found.id == receipt.id


async def test_instagrams_own_key_is_renewed_every_week(server: FakeMeta, clock: ManualClock) -> None:
    """It would end after 60 days; what was got is kept."""
    vault = Safe(server.own_key)
    host = server.host(vault)
    async with host.http:
        gram = InstagramConnector(host)
        assert (await gram.check()).handle == "@tienda"
        clock.moment += timedelta(days=8)
        await gram.fetch("")
        assert [path for _, path, _ in server.calls].count("/refresh_access_token") == 1
        assert vault.session["renew"] == stamp(clock.now() + timedelta(days=7))
        await gram.fetch("")
        assert [path for _, path, _ in server.calls].count("/refresh_access_token") == 1


async def test_private_limits_count_bytes(server: FakeMeta, gram: InstagramConnector) -> None:
    """A thousand of them: 600 letters with accents do not fit."""
    server.whisper("¿Hola?", GRAM_ANA, gram=True)
    outgoing = await answering(gram, "á" * 600)
    with pytest.raises(Rejected) as told:
        await gram.send(outgoing)
    assert told.value.code == "too_long"


@pytest.mark.parametrize(
    "it", [{}, {"from": 7}, {"message": 7, "attachment": []}, {"parent": "x", "from": {"id": 5}}]
)
async def test_odd_comments_are_read(page: FacebookConnector, it: dict[str, Any]) -> None:
    """Unknown shapes cost words, never the message."""
    kept = {"id": "1_2", "created_time": "2026-11-22T09:00:00+0000", **it}
    (item,) = page.parse(
        Raw("1_2", {"kind": "comment", "it": kept, "us": {"id": "100", "name": "La Tienda"}})
    )
    assert item.id == "1_2"
