"""The nasty cases that were met on Bluesky, by their number, and what the desk shows for each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_parts import ANA, BRAND, LUIS, MemoryVault
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.bluesky.facets import facets
from socialdesk.connectors.bluesky.session import identifier_of
from socialdesk.connectors.contract import (
    AuthRequired,
    Direction,
    Identity,
    Outgoing,
    Rejected,
)

pytestmark = pytest.mark.anyio


async def test_1_more_than_a_page_arrives_and_a_colleague_reads_it_on_the_phone(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 1, A1: nothing is lost between two visits, whatever isRead says."""
    bluesky.mention("primera")
    _, cursor = await read(connector)
    for number in range(730):
        clock.moment += timedelta(seconds=1)
        bluesky.mention(f"mensaje {number}")
    for note in bluesky.notes:
        note["isRead"] = True
    found, _ = await read(connector, cursor)
    assert set(words(found)) >= {f"mensaje {number}" for number in range(730)}


async def test_1_the_way_down_survives_a_restart(
    bluesky: FakeBluesky, vault: MemoryVault, clock: ManualClock
) -> None:
    """Nasty 1, A1: a new process goes on where the cursor stands, in the middle of a long way down."""
    found: list[str] = []
    cursor = ""
    for _ in range(2):
        for number in range(640):
            clock.moment += timedelta(seconds=1)
            bluesky.mention(f"{clock.moment:%H%M%S} {number}")
        more = True
        while more:
            host = bluesky.host(vault)
            async with host.http:
                connector = BlueskyConnector(host)
                page = await connector.fetch(cursor)
            cursor, more = page.cursor, page.more
            found += [item.text for raw in page.items for item in connector.parse(raw)]
    newest = [note["record"]["text"] for note in bluesky.notes][-1100:]
    assert set(found) >= set(newest)


async def test_2_no_cursor_at_all(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 2: without a cursor the newest page is read, and the hole is filled when cursors are back."""
    bluesky.mention("antes")
    _, cursor = await read(connector)
    bluesky.forget_cursor = True
    for number in range(150):
        clock.moment += timedelta(minutes=2)
        bluesky.mention(f"mensaje {number}")
    found, cursor = await read(connector, cursor)
    assert "mensaje 149" in words(found)
    bluesky.forget_cursor = False
    later, _ = await read(connector, cursor)
    assert {*words(found), *words(later)} >= {f"mensaje {number}" for number in range(150)}


async def test_3_short_and_empty_pages_and_unknown_reasons(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 3: an empty page is not the end, and what nobody knows is left out."""
    bluesky.mention("la más vieja")
    for _ in range(250):
        clock.moment += timedelta(seconds=1)
        bluesky.notify(bluesky.post(LUIS, "me gusta"), "like")
    bluesky.notify(bluesky.post(LUIS, "novedad"), "invented")
    bluesky.mention("la más nueva")
    found, _ = await read(connector)
    assert words(found) == ["la más vieja", "la más nueva"]


async def test_4_a_back_dated_reply_lies_below_what_was_seen(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 4, A1: it is found, at once within two hours and within the hour when it is up to a day old."""
    for number in range(300):
        clock.moment += timedelta(minutes=5)
        bluesky.mention(f"mensaje {number}")
    _, cursor = await read(connector)
    bluesky.mention("escrita hace una hora", created=clock.now() - timedelta(hours=1))
    bluesky.mention("escrita hace veinte horas", created=clock.now() - timedelta(hours=20))
    found, cursor = await read(connector, cursor)
    assert "escrita hace una hora" in words(found)
    clock.moment += timedelta(hours=1)
    found, cursor = await read(connector, cursor)
    late = next(item for item in found if item.text == "escrita hace veinte horas")
    assert late.at == clock.now() - timedelta(hours=21)


async def test_4_reading_again_is_cheap(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """A visit that finds nothing new costs one call a list, not a day's worth."""
    for number in range(300):
        clock.moment += timedelta(minutes=5)
        bluesky.mention(f"mensaje {number}")
    _, cursor = await read(connector)
    bluesky.calls.clear()
    clock.moment += timedelta(seconds=30)
    _, unmoved = await read(connector, cursor)
    assert unmoved == cursor, "a cursor that moves for nothing costs the desk a commit"
    assert sorted(bluesky.calls) == [
        "app.bsky.feed.getAuthorFeed",
        "app.bsky.notification.listNotifications",
        "chat.bsky.convo.getLog",
    ]


async def test_5_blocked_and_deleted_posts_in_a_thread(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 5: what cannot be seen is a placeholder, and the message itself can be answered."""
    offer = bluesky.post(BRAND, "Rebajas")
    question = bluesky.post(LUIS, "¿De verdad?", parent=offer)
    mine = bluesky.mention("¿Y en tallas grandes?", parent=question)
    bluesky.threads[mine["uri"]] = {
        "post": mine,
        "parent": {
            "$type": "app.bsky.feed.defs#blockedPost",
            "uri": question["uri"],
            "blocked": True,
            "author": {"did": LUIS["did"]},
        },
    }
    other = bluesky.mention(
        "¿Hola?", parent={**offer, "uri": f"at://{BRAND['did']}/app.bsky.feed.post/3jzfcijpj2z2a"}
    )
    found, _ = await read(connector)
    assert {item.text[0] for item in found if item.context} == {"🚫", "🗑"}
    assert set(words(found)) == {"¿Y en tallas grandes?", "¿Hola?"}
    assert {item.id for item in found} >= {mine["uri"], other["uri"]}
    receipt = await connector.send(reply_to(next(i for i in found if i.id == mine["uri"]), connector))
    assert bluesky.records[receipt.id]["record"]["reply"]["parent"]["uri"] == mine["uri"]


async def test_5_context_is_the_thread_above(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """The posts above a question are shown in the customer's own conversation, and start no clock."""
    offer = bluesky.post(BRAND, "Rebajas")
    first = bluesky.post(ANA, "¿Hasta cuándo?", parent=offer)
    bluesky.mention("Perdón, @tienda ¿hasta cuándo?", parent=first)
    found, _ = await read(connector)
    assert [(item.text, item.context) for item in found] == [
        ("Rebajas", True),
        ("¿Hasta cuándo?", True),
        ("Perdón, @tienda ¿hasta cuándo?", False),
    ]
    assert len({item.conversation for item in found}) == 1
    assert [item.direction for item in found] == [Direction.OUT, Direction.IN, Direction.IN]


async def test_5_failing_context_holds_nothing_back(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """A server that cannot give the thread still gives the message; the thread follows at the next visit."""
    first = bluesky.post(LUIS, "Arriba")
    bluesky.mention("Abajo", parent=first)
    bluesky.next(httpx.Response(502, text="<html>"), "getPostThread")
    found, cursor = await read(connector)
    assert [item.text for item in found] == ["Abajo"]
    found, _ = await read(connector, cursor)
    assert [item.text for item in found] == ["Arriba", "Abajo"]


async def test_6_the_answer_to_a_reply_is_lost(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """Nasty 6, A1: the same key again gives the same post, never a second one and never a 500."""
    bluesky.mention("¿Abrís hoy?")
    found, _ = await read(connector)
    outgoing = reply_to(found[0], connector, "Sí, hasta las 20 h")
    first = await connector.send(outgoing)
    again = await connector.send(outgoing)
    assert first.id == again.id
    assert bluesky.replies() == ["Sí, hasta las 20 h"]


async def test_6_a_thread_closed_between_two_attempts(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """What has left is not called refused because the thread was closed or deleted afterwards."""
    post = bluesky.mention("¿Abrís hoy?")
    found, _ = await read(connector)
    outgoing = reply_to(found[0], connector)
    receipt = await connector.send(outgoing)
    del bluesky.posts[post["uri"]]
    assert (await connector.send(outgoing)).id == receipt.id


async def test_7_an_expired_token_is_http_400(
    bluesky: FakeBluesky, connector: BlueskyConnector, vault: MemoryVault
) -> None:
    """Nasty 7: it is renewed, stored at once, and nobody signs in again."""
    await read(connector)
    before = vault.saves
    bluesky.expire()
    bluesky.mention("¿Hola?")
    found, _ = await read(connector)
    assert words(found) == ["¿Hola?"]
    assert vault.saves == before + 1
    assert vault.kept["refreshJwt"] == bluesky.renewal
    assert bluesky.calls.count("com.atproto.server.createSession") == 1


async def test_8_an_app_password_without_direct_messages(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 8: the account says what it lacks; nothing else suffers."""
    bluesky.dm_allowed = False
    assert await connector.check() == Identity(
        "did:plc:brand", "tienda.bsky.social", "La Tienda", ("dm_not_allowed",)
    )
    bluesky.mention("¿Hola?")
    assert (await connector.fetch("")).lacking == ("dm_not_allowed",)
    found, cursor = await read(connector)
    assert words(found) == ["¿Hola?"]
    bluesky.calls.clear()
    await read(connector, cursor)
    assert not [call for call in bluesky.calls if call.startswith("chat.")]
    private = Outgoing(connector.new_key(found[0].at), "c", found[0].remote, "Hola", True, found[0].at)
    with pytest.raises(Rejected) as refused:
        await connector.send(private)
    assert refused.value.code == "dm_not_allowed"


async def test_9_direct_messages_go_through_our_own_server(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 9: with the proxy header, to the account's server; the stand-in refuses anything else."""
    bluesky.message("c1", ANA, "antes de instalar")
    found, cursor = await read(connector)
    assert words(found) == ["antes de instalar"]
    clock.moment += timedelta(minutes=1)
    bluesky.message("c1", ANA, "¿me leéis?")
    bluesky.event("logReadConvo", "c1")
    bluesky.event("logInventedLater", "c1", message={"id": "x"})
    found, cursor = await read(connector, cursor)
    assert [(i.text, i.private, i.conversation, i.contact.handle) for i in found] == [
        ("¿me leéis?", True, "c1", "ana.bsky.social")
    ]
    await connector.send(reply_to(found[0], connector, "Te leemos"))
    clock.moment += timedelta(minutes=1)
    found, cursor = await read(connector, cursor)
    assert [(i.text, i.direction, i.contact.handle) for i in found] == [
        ("Te leemos", Direction.OUT, "ana.bsky.social")
    ]


async def test_10_places_are_counted_in_bytes() -> None:
    """Nasty 10: the tag of "😀 #abcdef" lies at bytes 5 to 12."""

    async def nobody(handle: str) -> str | None:
        return None

    assert await facets("😀 #abcdef", nobody) == [
        {
            "index": {"byteStart": 5, "byteEnd": 12},
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "abcdef"}],
        }
    ]


async def test_11_length_is_checked_before_anything_leaves(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 11: 300 as readers count and 3000 bytes; a family of emoji is one."""
    bluesky.mention("¿Hola?")
    found, _ = await read(connector)
    await connector.send(reply_to(found[0], connector, "👨‍👩‍👧‍👦" * 100))
    bluesky.calls.clear()
    for text in ("a" * 301, "👨‍👩‍👧‍👦" * 299):
        with pytest.raises(Rejected) as refused:
            await connector.send(reply_to(found[0], connector, text))
        assert refused.value.code == "too_long"
    assert not bluesky.calls


@pytest.mark.parametrize(
    "typed", ["@tienda.bsky.social", " Tienda.bsky.social ", "tienda", "\u202a@tienda.bsky.social\u202c"]
)
async def test_12_names_as_people_type_them(bluesky: FakeBluesky, vault: MemoryVault, typed: str) -> None:
    """Nasty 12: @, spaces, capitals, invisible marks and a missing domain are put right."""
    host = bluesky.host(vault, typed)
    async with host.http:
        assert (await BlueskyConnector(host).check()).handle == "tienda.bsky.social"
    assert identifier_of(typed) == "tienda.bsky.social"


async def test_12_people_are_their_did(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 12: a lost or changed handle is still the same customer in the same conversation."""
    first = bluesky.mention("uno")
    clock.moment += timedelta(minutes=1)
    lost: dict[str, Any] = {"did": ANA["did"], "handle": "handle.invalid", "displayName": None}
    bluesky.mention("dos", lost, parent=first)
    found, _ = await read(connector)
    assert len({item.conversation for item in found}) == 1
    assert {item.contact.id for item in found} == {ANA["did"]}
    assert [item.contact.handle for item in found] == ["ana.bsky.social", ANA["did"]]


async def test_12_a_wrong_password_is_told_in_the_servers_words(bluesky: FakeBluesky) -> None:
    """Nasty 12: and nothing of the password is in what is told."""
    host = bluesky.host(MemoryVault("wrong-pass-word-here"))
    async with host.http:
        with pytest.raises(AuthRequired) as refused:
            await BlueskyConnector(host).fetch("")
    assert refused.value.detail == "Invalid identifier or password"
    assert bluesky.calls == ["com.atproto.server.createSession"]
