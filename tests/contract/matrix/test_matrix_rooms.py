"""Matrix: whose conversation a room is, and invitations (NEEDS A1, A4)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_matrix import ANA, LUIS, SHOP, FakeMatrix, good
from contract.matrix.common import HTML, texts
from contract.reading import read, reply_to
from socialdesk.connectors.contract import (
    Direction,
    Kind,
    Rejected,
)
from socialdesk.connectors.matrix import MatrixConnector

pytestmark = pytest.mark.anyio


# Whose conversation -------------------------------------------------------------------------------


async def test_a_room_is_one_conversation_of_its_first_customer(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """Each line shows who wrote it; also in a later visit, and where the shop wrote, from another program."""
    room = server.room(ANA, LUIS)
    server.say(room, "¡Bienvenidos!", SHOP)
    server.say(room, "¿abrís?", LUIS)
    _, cursor = await read(shop)
    server.say(room, "yo también quiero saberlo")
    server.say(room, "A las nueve", SHOP)
    items, _ = await read(shop, cursor)
    assert [(item.author.id, item.contact.id, item.direction) for item in items] == [
        (ANA, LUIS, Direction.IN),
        (SHOP, LUIS, Direction.OUT),
    ]
    assert {item.conversation for item in items} == {room.id}
    assert items[0].author.name == "Ana" and items[1].contact.name == "Luis"


async def test_who_is_spoken_to_first_is_nobody_until_they_answer(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """The shop's own words begin no customer; in a direct chat there is only one that it can be."""
    room, chat = server.room(ANA, LUIS), server.room(ANA)
    server.say(room, "¡Bienvenidos!", SHOP)
    server.say(chat, "Su pedido está listo", SHOP)
    items, _ = await read(shop)
    assert [(item.contact.id, item.contact.handle) for item in items] == [(room.id, ""), (ANA, ANA)]


@pytest.mark.parametrize(
    ("others", "listed", "open_", "private"),
    [
        ((), False, False, True),
        ((), False, True, False),
        ((LUIS,), False, False, False),
        ((LUIS,), True, False, True),
    ],
)
async def test_what_is_private(
    server: FakeMatrix,
    shop: MatrixConnector,
    others: tuple[str, ...],
    listed: bool,
    open_: bool,
    private: bool,
) -> None:
    """B3: two members and no open door, or a direct chat by the account's own list."""
    room = server.room(ANA, *others, open_=open_)
    server.say(room, "¿Hola?")
    if listed:
        server.account("m.direct", {ANA: [room.id, 7], LUIS: None})
    items, cursor = await read(shop)
    server.say(room, "¿Y ahora?")
    items += (await read(shop, cursor))[0]
    assert [item.private for item in items][-1] is private
    assert items[-1].kind is (Kind.DIRECT if private else Kind.OTHER)


async def test_a_server_that_counts_nobody(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Then it is asked who is in."""
    room = server.room(ANA, LUIS)
    server.say(room, "¿Hola?")

    async def no_summary(request: httpx.Request) -> httpx.Response | None:
        response = await server.serve(request)
        if not request.url.path.endswith("/sync"):
            return response
        answer = response.json()
        for told in answer.get("rooms", {}).get("join", {}).values():
            told.pop("summary", None)
        return good(answer)

    server.answer = no_summary
    assert [item.private for item in (await read(shop))[0]] == [False]


# Invitations --------------------------------------------------------------------------------------


async def test_an_invitation_is_accepted_and_what_was_said_before_is_read(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """A1: the first words of a customer come before anybody is in the room."""
    _, cursor = await read(shop)
    room = server.room(ANA, ours=False)
    server.invite(room, ANA, direct=True)
    server.say(room, "¿Hola?")
    items, _ = await read(shop, cursor)
    assert [(item.text, item.private) for item in items] == [("¿Hola?", True)] and server.joins == [room.id]


async def test_a_flood_of_invitations_keeps_no_customer_out(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """Two of one person, four of one server that is not ours, in turns, ten an hour; the rest waits."""
    _, cursor = await read(shop)
    for number in range(40):
        spammer = f"@spam{number // 20 if number < 10 else number}:malo.example"
        server.invite(server.room(spammer, ours=False, name="spam"), spammer)
    room = server.room(ANA, ours=False, name="ana")
    server.invite(room, ANA)
    _items, cursor = await read(shop, cursor)
    assert room.id in server.joins[:2]
    assert sum("spam" in joined for joined in server.joins) == 4
    assert (await read(shop, cursor))[0] == [] and len(server.joins) == 5
    server.clock.moment += timedelta(minutes=61)
    await read(shop, cursor)
    assert len(server.joins) == 9


async def test_no_more_than_ten_rooms_an_hour(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Whoever they are from."""
    _, cursor = await read(shop)
    for number in range(15):
        who = f"@c{number}:s{number}.example"
        server.invite(server.room(who, ours=False), who)
    await read(shop, cursor)
    assert len(server.joins) == 10


async def test_open_rooms_and_spaces_are_left_to_a_person(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Anybody can be invited there for show."""
    _, cursor = await read(shop)
    server.invite(server.room(ANA, ours=False, open_=True), ANA)
    space = server.room(ANA, ours=False)
    server.state(space, ANA, "m.room.create", {"type": "m.space"})
    server.invite(space, ANA)
    await read(shop, cursor)
    assert server.joins == []


@pytest.mark.parametrize(
    ("status", "body", "again"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 120_000}, 2),
        (502, None, 2),
        (403, {"errcode": "M_FORBIDDEN"}, 1),
        (404, {"errcode": "M_NOT_FOUND"}, 1),
    ],
)
async def test_an_invitation_that_cannot_be_accepted_stops_nothing(
    server: FakeMatrix, shop: MatrixConnector, status: int, body: Any, again: int
) -> None:
    """It is tried later, or let go; messages come meanwhile."""
    room = server.room(LUIS)
    _, cursor = await read(shop)
    server.invite(server.room(ANA, ours=False), ANA)
    server.joins_answer = lambda _room: (
        httpx.Response(status, json=body) if body else httpx.Response(status, text=HTML)
    )
    server.say(room, "¿Hola?", LUIS)
    items, cursor = await read(shop, cursor)
    assert texts(items) == ["¿Hola?"] and len(server.joins) == 1
    _, cursor = await read(shop, cursor)
    assert len(server.joins) == 1
    server.clock.moment += timedelta(minutes=11)
    await read(shop, cursor)
    assert len(server.joins) == again


async def test_a_room_that_moves_is_followed(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Its customers are in the new one."""
    room = server.room(ANA)
    _, cursor = await read(shop)
    newer = server.room(ANA, ours=False)
    newer.members[SHOP] = "invite"
    server.state(room, ANA, "m.room.tombstone", {"body": "moved", "replacement_room": newer.id})
    server.say(newer, "aquí seguimos")
    items, _ = await read(shop, cursor)
    assert texts(items) == ["aquí seguimos"]


async def test_the_last_words_before_we_were_shown_out(server: FakeMatrix, shop: MatrixConnector) -> None:
    """A1: they are read; the room is then forgotten, and no trouble."""
    room = server.room(ANA, LUIS)
    _, cursor = await read(shop)
    server.say(room, "adiós")
    room.members[SHOP] = "leave"
    server.state(room, ANA, "m.room.member", {"membership": "leave"}, SHOP)
    items, cursor = await read(shop, cursor)
    assert texts(items) == ["adiós"] and json.loads(cursor)["rooms"] == {}
    with pytest.raises(Rejected) as refused:
        await shop.send(reply_to(items[0], shop))
    assert refused.value.code == "room_closed"
