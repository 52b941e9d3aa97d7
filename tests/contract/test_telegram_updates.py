"""Telegram's updates: one reader at a time, albums whole, nobody's words taken for another's (NEEDS A1, A4, B3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_telegram import ANA, BOT, GROUP, LUIS, BotVault, FakeTelegram
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Direction, Item, Rejected, Temporary
from socialdesk.connectors.telegram import TelegramConnector, inbox

pytestmark = pytest.mark.anyio
BUSINESS = "Ax9"
OWNER = {"id": 7000000777, "is_bot": False, "first_name": "Dueña"}
CHAT = {"id": ANA["id"], "type": "private", "first_name": "Ana"}


@pytest.fixture
def server(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> FakeTelegram:
    """An empty network, whose albums come without pauses."""
    monkeypatch.setattr(inbox, "ALBUM_PAUSE", 0)
    return FakeTelegram(clock)


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[TelegramConnector]:
    """The brand's bot."""
    host = server.host(BotVault())
    async with host.http:
        yield TelegramConnector(host)


async def a_while() -> None:
    """Let all others go on."""
    for _ in range(60):
        await asyncio.sleep(0)


async def end(task: asyncio.Future[Any]) -> None:
    """End it."""
    task.cancel()
    await asyncio.wait({task})


# One reader ----------------------------------------------------------------------------------


async def test_case_1_there_is_never_a_second_reader_of_ours(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Visits and waits take turns, whoever comes when; a conflict would cost an update's worth of time each."""
    _, cursor = await read(bot)
    told = asyncio.Event()
    listening = asyncio.ensure_future(bot.listen(told.set))
    seen: list[Item] = []
    for number in range(30):
        if number % 3 == 0:
            server.write(f"mensaje {number}")
        found, cursor = await read(bot, cursor)
        seen += found
        for _ in range(number % 7):
            await asyncio.sleep(0)
    assert server.conflicts == 0 and not listening.done()
    assert [item.text for item in seen] == [f"mensaje {number}" for number in range(0, 30, 3)]
    await end(listening)


async def test_what_is_confirmed_is_not_told_again_for_ever(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """A message makes two visits: one brings it, one confirms it; then there is quiet."""
    _, cursor = await read(bot)
    told: list[int] = []
    listening = asyncio.ensure_future(bot.listen(lambda: told.append(1)))
    await a_while()
    _, cursor = await read(bot, cursor)
    await a_while()
    told.clear()
    server.write("¿Hola?")
    for _ in range(5):
        await a_while()
        if told:
            told.clear()
            _, cursor = await read(bot, cursor)
    visits = [body for method, body in server.calls if method == "getUpdates" and not body["timeout"]]
    assert len(visits) == 4, "two before, two for the message"
    assert server.queue == []
    await end(listening)


async def test_a_network_in_trouble_is_not_asked_more_often_because_we_listen(
    server: FakeTelegram, bot: TelegramConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host comes again at a pace of its own; news would call it at once."""
    monkeypatch.setattr(inbox, "REMINDER", 0.001)
    _, cursor = await read(bot)
    told: list[int] = []
    listening = asyncio.ensure_future(bot.listen(lambda: told.append(1)))

    await a_while()

    async def broken(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>")

    server.answer = broken
    with pytest.raises(Temporary):
        await bot.fetch(cursor)
    told.clear()
    await asyncio.sleep(0.02)
    assert not told
    await end(listening)


async def test_case_1_a_rival_is_named_although_visits_succeed(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Two who wait end each other; short visits in between go well, and what the other took is gone: that has to be seen."""

    async def rival(request: httpx.Request) -> httpx.Response | None:
        return None if b'"timeout":0' in request.content.replace(b" ", b"") else conflict

    conflict = httpx.Response(
        409, json={"ok": False, "error_code": 409, "description": "Conflict: terminated by other"}
    )
    await bot.fetch("")
    server.answer = rival
    for lacking in ((), ("second_reader",)):
        listening = asyncio.ensure_future(bot.listen(lambda: None))
        await a_while()
        assert (await bot.fetch("")).lacking == lacking
        with pytest.raises(Temporary):
            await asyncio.wait_for(listening, 1)
        server.clock.moment += timedelta(seconds=61)
    server.write("¿Hola?")
    page = await bot.fetch("")
    assert page.lacking == ("second_reader",) and len(page.items) == 1
    server.answer = None
    listening = asyncio.ensure_future(bot.listen(lambda: None))
    await a_while()
    page = await bot.fetch(page.cursor)
    await a_while()
    server.write("¿Sigues ahí?")
    await a_while()
    assert (await bot.fetch(page.cursor)).lacking == ()
    await end(listening)


# Albums --------------------------------------------------------------------------------------


def photo(server: FakeTelegram, number: int, **more: Any) -> dict[str, Any]:
    """One part of an album."""
    return server.write(None, photo=[{"file_id": f"p{number}"}], media_group_id="g1", **more)


def pictures(item: Item) -> list[str]:
    """What an album shows."""
    return [one.remote["file_id"] for one in item.attachments]


async def test_case_6_an_album_is_waited_for(
    server: FakeTelegram, bot: TelegramConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts come one after the other, while we are already told of the first."""
    photo(server, 0)
    waited, sleep = 0, asyncio.sleep

    async def pause(seconds: float) -> None:
        nonlocal waited
        if seconds:
            waited += 1
            if waited < 3:
                photo(server, waited)
        await sleep(0)

    monkeypatch.setattr(inbox, "ALBUM_PAUSE", 0.5)
    monkeypatch.setattr(asyncio, "sleep", pause)
    page = await bot.fetch("")
    monkeypatch.undo()
    [item] = [one for raw in page.items for one in bot.parse(raw)]
    assert pictures(item) == ["p0", "p1", "p2"]


async def test_case_6_a_part_that_comes_late_joins_its_album(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Other words later do, too, and none of the pictures is lost by them."""
    first = photo(server, 0, caption="Así llegó")
    [one], cursor = await read(bot)
    photo(server, 1)
    [two], cursor = await read(bot, cursor)
    assert two.id == one.id and pictures(two) == ["p0", "p1"] and two.text == "Así llegó"
    server.update(edited_message={**first, "caption": "Así llegó, roto", "edit_date": first["date"] + 60})
    [three], _ = await read(bot, cursor)
    assert three.id == one.id and pictures(three) == ["p0", "p1"] and three.text == "Así llegó, roto"
    assert three.edited_at == one.at + timedelta(minutes=1)


async def test_case_6_a_replay_of_an_album_is_the_album_as_it_is_now(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """What was not stored comes again: the words before an edit do not replace those after it."""
    first = photo(server, 0, caption="antes")
    server.update(edited_message={**first, "caption": "después", "edit_date": first["date"] + 60})
    photo(server, 1)
    page = await bot.fetch("")
    again = await bot.fetch("")
    assert [(raw.id, raw.payload) for raw in again.items] == [(raw.id, raw.payload) for raw in page.items]
    [item] = [one for raw in again.items for one in bot.parse(raw)]
    assert item.text == "después" and pictures(item) == ["p0", "p1"]


async def test_case_10_one_picture_of_an_album_is_taken_back(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """The others stay."""
    made = [photo(server, number, business_connection_id=BUSINESS) for number in range(3)]
    [before], cursor = await read(bot)
    gone = {"business_connection_id": BUSINESS, "chat": CHAT, "message_ids": [made[1]["message_id"]]}
    server.update(deleted_business_messages=gone)
    [after], _ = await read(bot, cursor)
    assert after.id == before.id and pictures(after) == ["p0", "p2"] and not after.deleted


# Whose words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"user": ANA, "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]},
        {"reactions": [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 3}]},
    ],
)
async def test_a_reaction_does_not_replace_the_message_it_is_about(
    server: FakeTelegram, bot: TelegramConnector, more: dict[str, Any]
) -> None:
    """It has chat, number and time of a message, and would be taken for other words of it."""
    made = server.write("¿Abrís hoy?")
    _, cursor = await read(bot)
    about = {"chat": made["chat"], "message_id": made["message_id"], "date": made["date"]}
    server.update(message_reaction={**about, **more})
    assert (await read(bot, cursor))[0] == []


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ({"text": "@tienda_bot2 hola"}, False),
        ({"text": "a@tienda_bot hola"}, False),
        ({"text": "hola, @tienda_bot."}, True),
        (
            {
                "text": "😀 /ayuda@otro_bot",
                "entities": [{"type": "bot_command", "offset": 3, "length": 15}],
            },
            False,
        ),
        (
            {
                "text": "😀 /ayuda@Tienda_Bot",
                "entities": [{"type": "bot_command", "offset": 3, "length": 17}],
            },
            True,
        ),
        (
            {
                "text": "La Tienda, ¿abrís?",
                "entities": [{"type": "text_mention", "offset": 0, "length": 9, "user": BOT}],
            },
            True,
        ),
        (
            {"text": "hola a todos", "reply_to_message": {"from": BOT, "forum_topic_created": {"name": "x"}}},
            False,
        ),
    ],
)
async def test_case_5_who_is_addressed_in_a_group(
    server: FakeTelegram, bot: TelegramConnector, message: dict[str, Any], heard: bool
) -> None:
    """Neither another bot's command nor a longer name is ours; all in a topic "answers" whoever opened it."""
    rest = {key: value for key, value in message.items() if key != "text"}
    server.write(message["text"], LUIS, GROUP, **rest)
    assert bool((await read(bot))[0]) is heard


async def test_whoever_writes_in_a_chat_s_name_is_no_person_to_write_to(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """B3: a private answer to an anonymous administrator would stand in the group, for all to read."""
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    server.write("@tienda_bot ¿abrís?", anonymous, GROUP, sender_chat=GROUP)
    [item], _ = await read(bot)
    assert item.author.id == str(GROUP["id"]) and item.author.name == "Clientes"
    with pytest.raises(Rejected) as refused:
        await bot.send(replace(reply_to(item, bot), private=True, opens=True))
    assert refused.value.code == "messages_disabled" and server.posted == []


async def test_a_private_answer_never_stands_in_a_group(server: FakeTelegram, bot: TelegramConnector) -> None:
    """B3: whoever asks for it."""
    server.write("@tienda_bot ¿abrís?", LUIS, GROUP)
    [item], _ = await read(bot)
    with pytest.raises(Rejected):
        await bot.send(replace(reply_to(item, bot), private=True))
    assert server.posted == []


@pytest.mark.parametrize(
    "more", [{"is_from_offline": True}, {"sender_business_bot": {"id": 5, "is_bot": True}}]
)
async def test_an_absence_notice_answers_nobody(
    server: FakeTelegram, bot: TelegramConnector, more: dict[str, Any]
) -> None:
    """A4: what no person wrote in the business's name is shown, and the customer's clock runs on."""
    server.write("¿Abrís hoy?", business_connection_id=BUSINESS)
    server.write("Ahora no estamos", OWNER, CHAT, business_connection_id=BUSINESS, **more)
    _, notice = (await read(bot))[0]
    assert (notice.direction, notice.context) == (Direction.OUT, True)


async def test_letters_to_a_channel_are_private_and_answered_in_their_topic(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Each who writes has a topic of their own; without it the network refuses."""
    letters = {"id": -1009, "type": "supergroup", "title": "La Tienda", "is_direct_messages": True}
    topics = [{"topic_id": one["id"], "user": one} for one in (ANA, LUIS)]
    server.write("¿Tenéis la talla 40?", ANA, letters, direct_messages_topic=topics[0])
    server.write("¿Abrís?", LUIS, letters, direct_messages_topic=topics[1])
    brand = {"id": -1007, "type": "channel", "title": "La Tienda"}
    server.write("Sí", ANA, letters, direct_messages_topic=topics[0], sender_chat=brand)
    asked, other, answered = (await read(bot))[0]
    assert asked.private and asked.conversation == answered.conversation != other.conversation
    assert (answered.direction, answered.contact.id) == (Direction.OUT, str(ANA["id"]))
    receipt = await bot.send(reply_to(asked, bot))
    assert server.posted[0]["direct_messages_topic_id"] == ANA["id"]
    assert receipt.remote["direct"] == str(ANA["id"])


async def test_case_2_in_the_new_group_no_other_message_is_answered(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Numbers begin anew there: the old one may be anybody's."""
    server.write("@tienda_bot ¿abrís?", LUIS, {"id": -55, "type": "group", "title": "Clientes"})
    [item], _ = await read(bot)
    server.moved[-55] = -1005500
    await bot.send(reply_to(item, bot))
    assert "reply_parameters" not in server.posted[0]


async def test_rich_messages_are_read(server: FakeTelegram, bot: TelegramConnector) -> None:
    """Words in blocks, in pieces; what is of another shape is passed over."""
    bold = {"type": "bold", "text": ["40", {"type": "italic", "text": " o 41"}]}
    deep: Any = "hondo"
    for _ in range(2000):
        deep = {"text": deep}
    blocks = [
        {"type": "paragraph", "text": ["Talla ", bold]},
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "azul"}]}]},
        {"type": "new", "text": 7},
        deep,
        None,
    ]
    server.queue.append(
        {
            "update_id": 900,
            "message": {
                "message_id": 1,
                "date": 5,
                "chat": CHAT,
                "from": ANA,
                "rich_message": {"blocks": blocks[:3]},
            },
        }
    )
    [item], _ = await read(bot)
    assert item.text == "Talla 40 o 41\nazul"
    from socialdesk.connectors.telegram.describe import words

    assert words({"rich_message": {"blocks": blocks}}).startswith("Talla")


async def test_a_checklist_and_a_broken_sender(server: FakeTelegram, bot: TelegramConnector) -> None:
    """Tasks in words; whoever cannot be read is the chat itself."""
    checklist = {"title": "Pedido", "tasks": [{"id": 1, "text": "azul"}, {"id": 2, "text": "rojo"}]}
    server.write(None, checklist=checklist)
    server.update(message={"message_id": 2, "date": 5, "chat": CHAT, "from": {"id": "?"}, "text": "hola"})
    first, second = (await read(bot))[0]
    assert first.attachments[0].description == "Pedido: azul / rojo"
    assert (second.author.id, second.direction) == (str(ANA["id"]), Direction.IN)


@pytest.mark.parametrize("address", ["http://[", "exa mple", "https://bot.example:99999"])
def test_a_server_that_is_none_is_reached_by_nobody(address: str) -> None:
    """G3: nothing fails before the person is told."""
    TelegramConnector.hosts({"server": address})
