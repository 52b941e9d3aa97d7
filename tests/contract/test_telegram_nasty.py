"""Telegram's traps, by their numbers in the list of nasty cases (NEEDS A1, A4, B1, B3)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_telegram import ANA, BOT, GROUP, LUIS, TOKEN, BotVault, FakeTelegram
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import (
    Act,
    AuthRequired,
    Direction,
    Kind,
    Media,
    OutcomeUnknown,
    RateLimited,
    Raw,
    Rejected,
    Temporary,
)
from socialdesk.connectors.telegram import TelegramConnector

pytestmark = pytest.mark.anyio
BUSINESS = "Ax9"
OWNER = {"id": 7000000777, "is_bot": False, "first_name": "Dueña"}


@pytest.fixture
def server(clock: ManualClock) -> FakeTelegram:
    """An empty network."""
    return FakeTelegram(clock)


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[TelegramConnector]:
    """The brand's bot."""
    host = server.host(BotVault())
    async with host.http:
        yield TelegramConnector(host)


async def test_case_1_another_reader_is_borne_for_a_minute_then_named(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """The old process may still be waiting; after that somebody has to know."""
    server.rival = True
    assert not (await bot.fetch("")).items
    server.clock.moment += timedelta(seconds=61)
    with pytest.raises(Temporary) as told:
        await bot.fetch("")
    assert told.value.code == "second_reader"
    server.rival = False
    server.write("¿Hola?")
    assert [item.text for item in (await read(bot))[0]] == ["¿Hola?"]


async def test_case_1_a_webhook_is_named_and_never_taken_away(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Another product may use it."""
    server.webhook = "https://other.example/hook"
    assert (await bot.check()).lacking == ("webhook_set",)
    with pytest.raises(Temporary) as told:
        await bot.fetch("")
    assert told.value.code == "webhook_set"
    assert "deleteWebhook" not in [method for method, _ in server.calls]


async def test_case_2_a_group_that_has_become_a_supergroup_is_answered(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """The refusal names the new id and is definite: the answer goes there, once."""
    old = {"id": -55, "type": "group", "title": "Clientes"}
    server.write("@tienda_bot ¿abrís?", LUIS, old)
    [item] = (await read(bot))[0]
    server.moved[-55] = -1005500
    await bot.send(reply_to(item, bot))
    assert [one["chat_id"] for one in server.posted] == [-1005500]


async def test_case_3_an_answer_stays_in_its_topic(server: FakeTelegram, bot: TelegramConnector) -> None:
    """Without its topic it would land in "General"."""
    server.write("@tienda_bot ¿talla?", LUIS, GROUP, message_thread_id=77, is_topic_message=True)
    [item] = (await read(bot))[0]
    receipt = await bot.send(reply_to(item, bot))
    [posted] = server.posted
    assert posted["message_thread_id"] == 77
    assert posted["reply_parameters"]["message_id"] == int(item.remote["message"])
    assert receipt.conversation == item.conversation


async def test_case_4_edits_are_asked_for_and_shown(server: FakeTelegram, bot: TelegramConnector) -> None:
    """The same message, with its new words."""
    made = server.write("¿Abris?")
    first, cursor = await read(bot)
    server.update(edited_message={**made, "text": "¿Abrís?", "edit_date": made["date"] + 60})
    second, _ = await read(bot, cursor)
    assert (second[0].id, second[0].text) == (first[0].id, "¿Abrís?")
    assert second[0].edited_at == second[0].at + timedelta(minutes=1)
    assert "edited_message" in server.calls[-1][1]["allowed_updates"]


async def test_case_5_in_groups_whoever_addresses_the_bot_is_heard(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """By name, by an answer to it, by a command; the rest is talk among others. Each customer has a clock of their own."""
    server.write("hablamos entre nosotros", ANA, GROUP)
    server.write("Oye @Tienda_Bot, ¿abrís?", ANA, GROUP)
    said = {"message_id": 3, "date": 1, "chat": GROUP, "from": BOT, "text": "Sí"}
    server.write("¿hasta cuándo?", LUIS, GROUP, reply_to_message=said)
    server.write("/ayuda", LUIS, GROUP, entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    items, _ = await read(bot)
    assert [(item.text, item.kind) for item in items] == [
        ("Oye @Tienda_Bot, ¿abrís?", Kind.MENTION),
        ("¿hasta cuándo?", Kind.REPLY),
        ("/ayuda", Kind.MENTION),
    ]
    assert len({item.conversation for item in items}) == 2 and not any(item.private for item in items)


async def test_case_6_an_album_is_one_message(server: FakeTelegram, bot: TelegramConnector) -> None:
    """Three photos, one caption: one message with three attachments."""
    for number in range(3):
        photo = [{"file_id": f"small{number}"}, {"file_id": f"big{number}", "file_size": 10}]
        more: dict[str, Any] = {"caption": "Así llegó"} if number == 1 else {}
        server.write(None, photo=photo, media_group_id="g1", **more)
    [item] = (await read(bot))[0]
    assert item.text == "Así llegó"
    assert [one.remote["file_id"] for one in item.attachments] == ["big0", "big1", "big2"]


async def test_case_7_a_business_is_answered_through_its_connection(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """Without it the network would say that the bot may not begin a conversation."""
    server.write("¿Abrís hoy?", business_connection_id=BUSINESS)
    [item] = (await read(bot))[0]
    await bot.send(reply_to(item, bot))
    assert server.posted[0]["business_connection_id"] == BUSINESS
    server.active.clear()
    with pytest.raises(Rejected) as late:
        await bot.send(reply_to(item, bot))
    server.businesses.clear()
    with pytest.raises(Rejected) as ended:
        await bot.send(reply_to(item, bot))
    assert (late.value.code, ended.value.code) == ("window_closed", "business_ended")


async def test_case_7_the_owner_s_own_answer_is_an_answer(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """A4: answered from the owner's telephone, the customer waits no more."""
    server.write("¿Abrís hoy?", business_connection_id=BUSINESS)
    chat = {"id": ANA["id"], "type": "private", "first_name": "Ana"}
    server.write("Sí, hasta las ocho", OWNER, chat, business_connection_id=BUSINESS)
    asked, answered = (await read(bot))[0]
    assert (asked.direction, answered.direction) == (Direction.IN, Direction.OUT)
    assert (asked.answer_until, answered.answer_until) == (asked.at + timedelta(hours=24), None)
    assert asked.conversation == answered.conversation and answered.contact.id == str(ANA["id"])


@pytest.mark.parametrize(("length", "taken"), [(4096, True), (4097, False)])
async def test_case_8_length_is_counted_in_code_points(
    server: FakeTelegram, bot: TelegramConnector, length: int, taken: bool
) -> None:
    """4,096 emoji are 8,192 units of UTF-16, and fit."""
    server.write("hola")
    [item] = (await read(bot))[0]
    outgoing = reply_to(item, bot, "😀" * length)
    if taken:
        await bot.send(outgoing)
    else:
        with pytest.raises(Rejected) as refused:
            await bot.send(outgoing)
        assert refused.value.code == "too_long"
    assert bool(server.posted) is taken


async def test_case_9_the_time_to_wait_stands_in_the_body(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """There is no header."""

    async def slower(_request: httpx.Request) -> httpx.Response:
        body = {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests",
            "parameters": {"retry_after": 35},
        }
        return httpx.Response(429, json=body)

    server.answer = slower
    with pytest.raises(RateLimited) as told:
        await bot.fetch("")
    assert told.value.until == server.clock.now() + timedelta(seconds=35)


async def test_case_10_deletions_of_a_business_leave_tombstones(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """The ids are those of the messages."""
    made = server.write("¿Hola?", business_connection_id=BUSINESS)
    first, cursor = await read(bot)
    gone = {"business_connection_id": BUSINESS, "chat": made["chat"], "message_ids": [made["message_id"], 9]}
    server.update(deleted_business_messages=gone)
    second, _ = await read(bot, cursor)
    assert [(item.id, item.deleted) for item in second] == [
        (first[0].id, True),
        (f"{BUSINESS}:{ANA['id']}:9", True),
    ]


@pytest.mark.parametrize(
    ("content", "media", "described"),
    [
        ({"sticker": {"file_id": "s", "emoji": "👍"}}, Media.STICKER, "👍"),
        ({"voice": {"file_id": "v", "duration": 3, "mime_type": "audio/ogg"}}, Media.VOICE, ""),
        ({"video_note": {"file_id": "n"}}, Media.VIDEO, ""),
        ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, Media.VIDEO, ""),
        ({"location": {"latitude": 40.4, "longitude": -3.7}}, Media.PLACE, "40.4, -3.7"),
        ({"contact": {"first_name": "Eva", "phone_number": "+34600"}}, Media.CONTACT, "Eva · +34600"),
        (
            {"poll": {"question": "¿Talla?", "options": [{"text": "S"}, {"text": "M"}]}},
            Media.POLL,
            "¿Talla? S / M",
        ),
        ({"dice": {"emoji": "🎲", "value": 4}}, Media.OTHER, "🎲 4"),
        ({"rich_message": {"blocks": []}}, Media.OTHER, ""),
    ],
)
async def test_case_10_what_is_no_text_is_shown_as_what_it_is(
    server: FakeTelegram, bot: TelegramConnector, content: dict[str, Any], media: Media, described: str
) -> None:
    """Something nobody knew of when this was written is a thing of another kind, and never lost."""
    server.write(None, **content)
    [item] = (await read(bot))[0]
    [thing] = item.attachments
    assert (item.text, thing.media, thing.description) == ("", media, described)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("Forbidden: bot was blocked by the user", "blocked"),
        ("Forbidden: user is deactivated", "blocked"),
        ("Forbidden: bot can't initiate conversation with a user", "messages_disabled"),
    ],
)
async def test_case_10_why_nobody_can_be_reached_is_told(
    server: FakeTelegram, bot: TelegramConnector, told: str, code: str
) -> None:
    """And nothing is repeated."""
    server.write("hola")
    [item] = (await read(bot))[0]
    server.closed[int(item.remote["chat"])] = (403, told)
    with pytest.raises(Rejected) as refused:
        await bot.send(reply_to(item, bot))
    assert refused.value.code == code


async def test_case_11_what_is_not_stored_is_not_confirmed(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """A1: asking for more would delete it on the server; a long wait in between as well."""
    for number in range(3):
        server.write(f"mensaje {number}")
    page = await bot.fetch("")
    told = asyncio.Event()
    listening = asyncio.ensure_future(bot.listen(told.set))
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(server.queue) == 3, "the page may still be lost on our side"
    await bot.fetch(page.cursor)
    assert server.queue == []
    listening.cancel()
    await asyncio.wait({listening})


async def test_case_12_what_is_written_is_sent_as_it_is(server: FakeTelegram, bot: TelegramConnector) -> None:
    """No mark-up that could fail: every sign arrives."""
    server.write("hola")
    [item] = (await read(bot))[0]
    words = "*2 < 3* & _[hola](x)_ `a` ~>#+-=|{}.!"
    await bot.send(reply_to(item, bot, words))
    assert server.posted[0]["text"] == words and "parse_mode" not in server.posted[0]


# Other habits -------------------------------------------------------------------------------------


async def test_addresses_behind_words_are_seen(server: FakeTelegram, bot: TelegramConnector) -> None:
    """Their places are counted in UTF-16."""
    link = {"type": "text_link", "offset": 3, "length": 4, "url": "https://e.example/x"}
    odd = [
        link,
        {"type": "text_link", "offset": 90, "length": 4, "url": "https://no.example"},
        "?",
        {"type": "new"},
    ]
    server.write("😀 aquí, mira", entities=odd)
    [item] = (await read(bot))[0]
    assert item.text == "😀 aquí (https://e.example/x), mira"


async def test_a_private_answer_to_somebody_in_a_group(server: FakeTelegram, bot: TelegramConnector) -> None:
    """B3: to their own chat with the bot, where they have begun one; the receipt names it."""
    server.write("@tienda_bot mi pedido", LUIS, GROUP)
    [item] = (await read(bot))[0]
    receipt = await bot.send(replace(reply_to(item, bot), private=True, opens=True))
    assert server.posted[0]["chat_id"] == LUIS["id"] and receipt.conversation == str(LUIS["id"])
    server.write("aquí estoy", LUIS)
    assert (await read(bot))[0][-1].conversation == receipt.conversation


@pytest.mark.parametrize(
    "update",
    [
        {
            "my_chat_member": {
                "chat": {"id": 1, "type": "private"},
                "from": ANA,
                "date": 1,
                "old_chat_member": {},
            }
        },
        {"business_connection": {"id": BUSINESS, "user": ANA, "date": 1, "is_enabled": False}},
        {"callback_query": {"id": "1", "from": ANA, "data": "x"}},
        {"something_new": {"id": "1"}},
        {"message": {"message_id": 1, "date": 5, "chat": GROUP, "from": ANA, "new_chat_members": [ANA]}},
        {"message": {"message_id": 1, "date": 5, "chat": {"id": -1, "type": "channel"}, "text": "Rebajas"}},
    ],
)
async def test_what_is_no_message_is_nothing_to_show(
    server: FakeTelegram, bot: TelegramConnector, update: dict[str, Any]
) -> None:
    """It is kept as it came, and blocks nothing."""
    server.update(**update)
    server.write("¿Hola?")
    assert [item.text for item in (await read(bot))[0]] == ["¿Hola?"]


@pytest.mark.parametrize(
    "message",
    [
        {"message_id": 1, "date": 5, "chat": {"id": 9}, "from": {"id": 9}, "text": "x"},
        {"message_id": 1, "date": 5, "chat": {"id": 9, "type": "private"}, "text": "x"},
        {
            "message_id": 1,
            "date": 5,
            "chat": {"id": 9, "type": "private"},
            "sender_chat": {"id": 9},
            "text": None,
        },
        {"message_id": 1, "date": 5, "chat": {"id": 9, "type": "private"}, "photo": [None, 3], "entities": 7},
        {
            "message_id": 1,
            "date": 5,
            "chat": {"id": 9, "type": "private"},
            "reply_to_message": "?",
            "poll": [],
        },
    ],
)
async def test_odd_messages_are_understood_or_nothing(
    server: FakeTelegram, bot: TelegramConnector, message: dict[str, Any]
) -> None:
    """Whatever is missing or of another kind, nothing else suffers."""
    server.update(message=message)
    server.write("¿Hola?")
    raws, _ = await testing.read(bot)
    for raw in raws:
        bot.parse(testing.stored(raw))
    assert len(raws) == 2


@pytest.mark.parametrize(
    "payload", [None, 3, [], {}, {"kind": "message"}, {"kind": "deleted"}, {"kind": "message", "parts": [{}]}]
)
async def test_a_spoilt_payload_is_refused_or_nothing(bot: TelegramConnector, payload: Any) -> None:
    """Never anything but a ``ValueError``."""
    with contextlib.suppress(ValueError):
        assert not bot.parse(Raw("x", payload))


async def test_an_unreadable_answer_to_an_answer_is_unknown(
    server: FakeTelegram, bot: TelegramConnector
) -> None:
    """A gateway's page with 200 or 502: it may have been sent, so nobody repeats it."""
    server.write("hola")
    [item] = (await read(bot))[0]
    for status in (200, 502):

        async def garbled(_request: httpx.Request, status: int = status) -> httpx.Response:
            return httpx.Response(status, text="<html>")

        server.answer = garbled
        with pytest.raises(OutcomeUnknown):
            await bot.send(reply_to(item, bot))


@pytest.mark.parametrize("token", ["123:no such", "123:x/../y", "123:ñ", TOKEN[:-1]])
async def test_a_token_that_is_none_is_a_sign_in_to_be_made(server: FakeTelegram, token: str) -> None:
    """It never becomes another address."""
    host = server.host(BotVault(token))
    async with host.http:
        with pytest.raises(AuthRequired):
            await TelegramConnector(host).check()


async def test_a_like_is_taken_back(server: FakeTelegram, bot: TelegramConnector) -> None:
    """E2: a thumb below the message; not in a business's own chats."""
    server.write("¡Gracias!")
    [item] = (await read(bot))[0]
    where = (int(item.remote["chat"]), int(item.remote["message"]))
    await bot.act(Act.LIKE, item.remote)
    assert server.reactions[where]
    await bot.act(Act.LIKE, item.remote, undo=True)
    assert not server.reactions[where]
    with pytest.raises(Rejected):
        await bot.act(Act.LIKE, {**item.remote, "business": BUSINESS})


async def test_a_file_that_is_too_big_is_told(server: FakeTelegram, bot: TelegramConnector) -> None:
    """The network's own limit and ours."""
    server.files["documents/f"] = b"x" * 100
    assert await bot.download({"file_id": "f"}, 1000) == b"x" * 100
    with pytest.raises(Rejected) as refused:
        await bot.download({"file_id": "f"}, 99)
    assert refused.value.code == "too_large"


def test_moments_are_in_utc() -> None:
    """0 marks a message that nobody can see."""
    from socialdesk.connectors.telegram.shape import moment

    assert moment(0) is None and moment("5") is None and moment(10**30) is None and moment(True) is None
    assert moment(1_700_000_000) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
