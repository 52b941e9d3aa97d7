"""Synapse and the connector alone (A1, A4, B1, B3, B4)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contract.fake_mailbox import MailVault as Vault
from live.matrix.matrixserver import PASSWORD, MatrixServer, Person, shared
from socialdesk.clock import SystemClock
from socialdesk.connectors.contract import (
    AuthRequired,
    Direction,
    Host,
    Item,
    Media,
    Outgoing,
    RateLimited,
    Rejected,
)
from socialdesk.connectors.matrix import MatrixConnector
from socialdesk.connectors.testing import read, understood
from socialdesk.domain.models import View

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]
OPEN = View("all")
IN_TIME = 20.0


@asynccontextmanager
async def signed_in(
    server: MatrixServer, shop: Person, vault: Vault | None = None
) -> AsyncIterator[MatrixConnector]:
    """A connector to the shop's account."""
    async with httpx.AsyncClient(trust_env=False) as http:
        settings = {"user": shop.user, "server": server.base}
        connector = MatrixConnector(
            Host("tienda", settings, vault or Vault(password=PASSWORD), http, SystemClock())
        )
        yield connector
        await connector.aclose()


def a_reply(connector: MatrixConnector, item: Item, text: str) -> Outgoing:
    """A reply to a message."""
    at = datetime.now(UTC)
    return Outgoing(connector.new_key(at), item.conversation, item.remote, text, item.private, at, "es")


async def messages(connector: MatrixConnector, cursor: str = "") -> tuple[list[Item], str]:
    """What is new."""
    raws, cursor = await read(connector, cursor)
    return understood(connector, raws), cursor


async def test_question_and_answer(server: MatrixServer, people: tuple[Person, Person, Person]) -> None:
    """A1, B1: told within two seconds, answered in its room, read back as ours, once; the customer's chat was accepted."""
    shop, ana, _ = people
    async with signed_in(server, shop) as connector:
        assert (await connector.check()).handle == shop.user
        _, cursor = await messages(connector)
        room = ana.room(shop, direct=True)
        ana.say(room, "antes de entrar")
        found, cursor = await messages(connector, cursor)
        assert [(one.text, one.private) for one in found] == [("antes de entrar", True)]
        heard = asyncio.Event()
        listening = asyncio.create_task(connector.listen(heard.set))
        await asyncio.wait_for(heard.wait(), IN_TIME)
        _, cursor = await messages(connector, cursor)
        await asyncio.sleep(0.5)  # the long question is on its way
        heard.clear()
        ana.say(room, "¿Abrís hoy? 😀")
        accepted = time.monotonic()
        await asyncio.wait_for(heard.wait(), IN_TIME)
        (item,), cursor = await messages(connector, cursor)
        took = time.monotonic() - accepted
        assert (
            item.text == "¿Abrís hoy? 😀" and item.author.name == ana.user[1:].partition(":")[0].capitalize()
        )
        assert took < 2, f"{took:.2f} s"
        print(f"from acceptance to the item: {took:.2f} s")
        receipt = await connector.send(a_reply(connector, item, "Sí, hasta las 20 h"))
        (back,), _ = await messages(connector, cursor)
        listening.cancel()
        await asyncio.wait({listening})
    assert (back.id, back.direction, back.conversation) == (receipt.id, Direction.OUT, room)
    assert [one["content"]["body"] for one in ana.seen(room, shop.user)] == ["Sí, hasta las 20 h"]


async def test_what_a_limited_answer_leaves_out(
    server: MatrixServer, people: tuple[Person, Person, Person]
) -> None:
    """A1: 130 messages while nobody looked, and as many before the first look; the oldest first."""
    shop, ana, luis = people
    room = shared(shop, ana, luis)
    first = [f"antes {number}" for number in range(130)]
    for number, text in enumerate(first):
        (ana, luis)[number % 2].say(room, text)
    async with signed_in(server, shop) as connector:
        found, cursor = await messages(connector)
        assert [one.text for one in found] == first
        later = [f"después {number}" for number in range(130)]
        for number, text in enumerate(later):
            (ana, luis)[number % 2].say(room, text)
        found, cursor = await messages(connector, cursor)
        assert [one.text for one in found] == later
        assert {one.conversation for one in found} == {room} and {one.contact.id for one in found} == {
            ana.user
        }
        assert {one.author.id for one in found} == {ana.user, luis.user} and not any(
            one.private for one in found
        )
        assert (await messages(connector, cursor))[0] == []


async def test_edits_deletions_threads_and_reactions(
    server: MatrixServer, people: tuple[Person, Person, Person]
) -> None:
    """A4: the same message with other words, or gone; an answer stays in its thread; a reaction is nothing."""
    shop, ana, luis = people
    room = shared(ana, shop, luis)
    async with signed_in(server, shop) as connector:
        _, cursor = await messages(connector)
        root, second = ana.say(room, "¿tenéis pan?"), ana.say(room, "¿y leche?")
        found, cursor = await messages(connector, cursor)
        assert [one.id for one in found] == [root, second]
        new = {"msgtype": "m.text", "body": "¿tenéis pan de centeno?"}
        ana.say(
            room, "* …", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": root}}
        )
        ana.redact(room, second)
        heart = {"m.relates_to": {"rel_type": "m.annotation", "event_id": root, "key": "👍"}}
        ana.redact(room, ana.event(room, "m.reaction", heart))
        thread = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
        inside = luis.say(room, "para mí también", **{"m.relates_to": thread})
        found, cursor = await messages(connector, cursor)
        told = {one.id: one for one in found}
        assert set(told) == {root, second, inside}
        assert told[root].text == "¿tenéis pan de centeno?" and told[root].edited_at is not None
        assert told[second].deleted and told[inside].reply_to == root
        await connector.send(a_reply(connector, told[inside], "Sí, para los dos"))
    content = ana.seen(room, shop.user)[-1]["content"]
    assert content["m.relates_to"]["event_id"] == root and content["m.relates_to"]["rel_type"] == "m.thread"
    assert content["m.mentions"] == {"user_ids": [luis.user]}


async def test_no_answer_is_doubled_by_another_device(
    server: MatrixServer, people: tuple[Person, Person, Person]
) -> None:
    """A1: the same key again gives the same message, on the same device at once and on another after a look."""
    shop, ana, _ = people
    room = shared(ana, shop)
    vault = Vault(password=PASSWORD)
    async with signed_in(server, shop, vault) as connector:
        ana.say(room, "¿hola?")
        found, _ = await messages(connector)
        outgoing = a_reply(connector, found[-1], "Hola")
        first = await connector.send(outgoing)
        again = await connector.send(outgoing)
    vault.kept.clear()
    async with signed_in(server, shop, vault) as other:
        third = await other.send(replace(outgoing, at=outgoing.at - timedelta(seconds=30)))
    assert first.id == again.id == third.id
    assert len(ana.seen(room, shop.user)) == 1


async def test_encrypted_rooms_are_said_to_be(
    server: MatrixServer, people: tuple[Person, Person, Person]
) -> None:
    """Plainly, once, counted; and nothing is written into them in clear."""
    shop, ana, _ = people
    room = ana.room(
        shop,
        direct=True,
        initial_state=[
            {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
        ],
    )
    cipher = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEnAC…",
        "session_id": "x",
        "sender_key": "y",
        "device_id": "Z",
    }
    async with signed_in(server, shop) as connector:
        _, cursor = await messages(connector)
        for _ in range(3):
            ana.event(room, "m.room.encrypted", cipher)
        (item,), cursor = await messages(connector, cursor)
        assert [(one.media, one.description) for one in item.attachments] == [(Media.ENCRYPTED, "× 3")]
        with pytest.raises(Rejected) as refused:
            await connector.send(a_reply(connector, item, "en claro"))
        assert refused.value.code == "encrypted_room"
        shop.event(room, "m.room.encrypted", cipher)
        ana.event(room, "m.room.encrypted", cipher)
        found, _ = await messages(connector, cursor)
        assert [one.direction for one in found] == [Direction.OUT, Direction.IN]


async def test_a_file_is_fetched(server: MatrixServer, people: tuple[Person, Person, Person]) -> None:
    """With the account's sign-in, as servers want since API v1.11; too large is refused."""
    shop, ana, _ = people
    room, photo = shared(ana, shop), bytes(range(256)) * 4000
    address = ana.upload(photo, "image/png")
    info = {"mimetype": "image/png", "size": len(photo)}
    async with signed_in(server, shop) as connector:
        ana.say(room, "Así llegó", msgtype="m.image", filename="año.png", url=address, info=info)
        found, _ = await messages(connector)
        (one,) = found[-1].attachments
        assert (found[-1].text, one.name, one.size) == ("Así llegó", "año.png", len(photo))
        assert await connector.download(one.remote, len(photo)) == photo
        with pytest.raises(Rejected) as refused:
            await connector.download(one.remote, len(photo) - 1)
        assert refused.value.code == "too_large"


async def test_refusals(server: MatrixServer, people: tuple[Person, Person, Person]) -> None:
    """A wrong password, a token of nobody, a room that was left."""
    shop, ana, _ = people
    async with signed_in(server, shop, Vault(password="falsa")) as connector:
        with pytest.raises(AuthRequired):
            await connector.check()
    async with signed_in(server, shop, Vault(token="syt_nobody_x")) as connector:
        with pytest.raises(AuthRequired):
            await connector.check()
    room = shared(ana, shop)
    async with signed_in(server, shop) as connector:
        ana.say(room, "¿hola?")
        found, _ = await messages(connector)
        ana.call("POST", f"rooms/{room}/kick", {"user_id": shop.user})
        with pytest.raises(Rejected) as refused:
            await connector.send(a_reply(connector, found[-1], "tarde"))
        assert refused.value.code == "room_closed"


async def test_a_lost_sign_in_is_mended(server: MatrixServer, people: tuple[Person, Person, Person]) -> None:
    """Tokens are renewed; a device that somebody signed out signs in again under its own name; a pasted token works."""
    shop, _, _ = people
    vault = Vault(password=PASSWORD)
    async with signed_in(server, shop, vault) as connector:
        await connector.check()
        device, access = vault.kept["device"], vault.kept["access"]
        assert vault.kept["renewal"]
        vault.kept["access"] = "syt_expired_x"
    async with signed_in(server, shop, vault) as connector:
        await connector.check()
        assert vault.kept["access"] not in (access, "syt_expired_x") and vault.kept["device"] == device
        body = {
            "auth": {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": shop.user},
                "password": PASSWORD,
            }
        }
        answer = shop.http.request("DELETE", f"/_matrix/client/v3/devices/{device}", json=body)
        if answer.status_code == 401:
            body["auth"]["session"] = answer.json()["session"]
            answer = shop.http.request("DELETE", f"/_matrix/client/v3/devices/{device}", json=body)
        assert answer.status_code == 200, answer.text
        await connector.fetch("")
        assert vault.kept["device"] == device
    token = vault.kept["access"]
    async with signed_in(server, shop, Vault(token=token)) as connector:
        assert (await connector.check()).remote_id == shop.user


async def test_the_server_s_patience_is_heeded(server: MatrixServer) -> None:
    """The server's own word on how long to wait, and nothing of it sent."""
    shop, ana = server.person("lenta", limited=True), server.person("ana")
    room = shared(ana, shop)
    async with signed_in(server, shop) as connector:
        ana.say(room, "¿hola?")
        found, _ = await messages(connector)
        sent = 0
        with pytest.raises(RateLimited) as told:
            for sent in range(60):
                await connector.send(a_reply(connector, found[-1], f"respuesta {sent}"))
        assert told.value.until is not None and told.value.until > datetime.now(UTC)
    assert len(ana.seen(room, shop.user)) == sent
    for one in (shop, ana):
        one.http.close()
