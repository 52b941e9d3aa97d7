"""Matrix: what is said, in all its forms (NEEDS A1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.fake_matrix import ANA, LUIS, NAME, SHOP, FakeMatrix
from contract.matrix.common import texts
from contract.reading import read, reply_to
from socialdesk.connectors.contract import (
    Kind,
    Media,
)
from socialdesk.connectors.matrix import MatrixConnector

pytestmark = pytest.mark.anyio


FILE = {"url": f"mxc://{NAME}/abc", "info": {"mimetype": "image/png", "size": 9}}


@pytest.mark.parametrize(
    ("content", "text", "media", "told"),
    [
        ({"msgtype": "m.emote", "body": "saluda"}, "* Ana saluda", None, ""),
        ({"msgtype": "m.notice", "body": "automático"}, "automático", None, ""),
        ({"msgtype": "m.new_kind", "body": "algo nuevo"}, "algo nuevo", None, ""),
        ({"msgtype": "m.new_kind"}, "", Media.OTHER, ""),
        ({"body": "sin clase"}, "sin clase", None, ""),
        ({"msgtype": "m.text", "body": None}, "", None, ""),
        ({"msgtype": "m.text", "body": ["x"], "format": 3}, "", None, ""),
        ({"msgtype": 7, "body": "x"}, "x", None, ""),
        ({"msgtype": "m.image", "body": "pan.png", **FILE}, "", Media.IMAGE, "pan.png"),
        (
            {"msgtype": "m.image", "body": "Mirad", "filename": "pan.png", **FILE},
            "Mirad",
            Media.IMAGE,
            "pan.png",
        ),
        ({"msgtype": "m.video", "body": "v.mp4", "url": 7, "info": []}, "", Media.VIDEO, "v.mp4"),
        ({"msgtype": "m.audio", "body": "a.ogg", "org.matrix.msc3245.voice": {}}, "", Media.VOICE, "a.ogg"),
        ({"msgtype": "m.file", "body": "f", "file": {"url": "mxc://x/y", "key": {}}}, "", Media.FILE, "f"),
        (
            {"msgtype": "m.location", "body": "Aquí", "geo_uri": "geo:40.4,-3.7;u=35"},
            "",
            Media.PLACE,
            "Aquí · 40.4,-3.7",
        ),
    ],
)
async def test_each_kind_of_message(
    server: FakeMatrix,
    shop: MatrixConnector,
    content: dict[str, Any],
    text: str,
    media: Media | None,
    told: str,
) -> None:
    """What is unknown is there all the same; what is missing breaks nothing."""
    server.event(server.room(ANA), ANA, "m.room.message", content)
    [item], _ = await read(shop)
    things = [(one.media, one.description or one.name) for one in item.attachments]
    assert (item.text, things) == (text, [(media, told)] if media else [])
    assert item.author.robot is (content.get("msgtype") == "m.notice")


@pytest.mark.parametrize(
    ("kind", "content", "media", "told"),
    [
        ("m.sticker", {"body": "gato", "url": f"mxc://{NAME}/s", "info": {}}, Media.STICKER, "gato"),
        (
            "m.poll.start",
            {
                "m.poll": {
                    "question": {"m.text": [{"body": "¿Talla?"}]},
                    "answers": [{"m.text": [{"body": "S"}]}, 7],
                }
            },
            Media.POLL,
            "¿Talla? S",
        ),
        (
            "org.matrix.msc3381.poll.start",
            {"org.matrix.msc3381.poll.start": {"question": {"body": "¿Talla?"}, "answers": None}},
            Media.POLL,
            "¿Talla?",
        ),
        ("m.call.invite", {"call_id": "1", "offer": {"sdp": "v=0"}}, Media.OTHER, "📞"),
        ("m.something.new", {"x": 1}, Media.OTHER, ""),
    ],
)
async def test_each_other_kind_of_event(
    server: FakeMatrix, shop: MatrixConnector, kind: str, content: dict[str, Any], media: Media, told: str
) -> None:
    """A customer who calls, asks by a poll, or does what was not known when this was written, waits as others do."""
    server.event(server.room(ANA), ANA, kind, content)
    [item], _ = await read(shop)
    [one] = item.attachments
    assert (item.text, one.media, one.description) == ("", media, told)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": "👍"}}),
        ("m.call.hangup", {"call_id": "1"}),
        ("m.key.verification.start", {}),
        ("m.poll.response", {"m.relates_to": {"rel_type": "m.reference", "event_id": "$x"}}),
        ("m.room.message", {"msgtype": "m.key.verification.request", "body": "verify"}),
        ("com.example.bot", {"x": 1}),
        ("m.room.redaction", {}),
    ],
)
async def test_what_is_no_message_is_nothing_to_show(
    server: FakeMatrix, shop: MatrixConnector, kind: str, content: dict[str, Any]
) -> None:
    """It starts no clock."""
    server.event(server.room(ANA), ANA, kind, content)
    assert (await read(shop))[0] == []


async def test_extensible_text_is_text(server: FakeMatrix, shop: MatrixConnector) -> None:
    """The newer way to write (MSC1767)."""
    texts_ = [{"mimetype": "text/html", "body": "<b>x</b>"}, {"body": "hola"}]
    server.event(server.room(ANA), ANA, "org.matrix.msc1767.message", {"org.matrix.msc1767.text": texts_})
    assert texts((await read(shop))[0]) == ["hola"]


async def test_the_quote_before_an_answer_is_no_part_of_it(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Older programs repeat what they answer; whoever quotes by hand meant to."""
    room = server.room(ANA, LUIS)
    relation = {"m.in_reply_to": {"event_id": "$asked"}}
    server.say(room, "> <@tienda:x> ¿Cuándo?\n> hoy\n\nHoy mismo", ANA, **{"m.relates_to": relation})
    server.say(room, "> <b> citado\n\ny dicho")
    first, second = (await read(shop))[0]
    assert (first.text, first.reply_to, first.kind) == ("Hoy mismo", "$asked", Kind.REPLY)
    assert second.text == "> <b> citado\n\ny dicho"


async def test_who_is_named_is_told(server: FakeMatrix, shop: MatrixConnector) -> None:
    """By m.mentions, as programs send it."""
    server.say(server.room(ANA, LUIS), "¿Tienda?", ANA, **{"m.mentions": {"user_ids": [SHOP]}})
    assert [item.kind for item in (await read(shop))[0]] == [Kind.MENTION]


async def test_an_answer_stays_in_its_thread_and_names_whom_it_answers(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """B3; in a chat of two nobody needs naming, and nothing is quoted."""
    room, chat = server.room(ANA, LUIS), server.room(ANA)
    thread = {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$last"},
    }
    said = server.say(room, "¿y yo?", LUIS, **{"m.relates_to": thread})
    server.say(chat, "¿Hola?")
    first, second = (await read(shop))[0]
    assert first.reply_to == "$root"
    receipt = await shop.send(reply_to(first, shop))
    await shop.send(reply_to(second, shop))
    (_, in_thread), (_, plain) = server.posted
    assert in_thread["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": False,
        "m.in_reply_to": {"event_id": said["event_id"]},
    }
    assert in_thread["m.mentions"] == {"user_ids": [LUIS]} and receipt.remote["thread"] == "$root"
    assert plain["m.mentions"] == {} and "m.relates_to" not in plain


async def test_automatic_words_are_marked(server: FakeMatrix, shop: MatrixConnector) -> None:
    """As the specification has it for robots: a notice, which robots do not answer."""
    server.say(server.room(ANA), "¿Hola?")
    [item], _ = await read(shop)
    await shop.send(replace(reply_to(item, shop), automatic=True))
    assert server.posted[0][1]["msgtype"] == "m.notice"
