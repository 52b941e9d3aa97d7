"""Matrix: encrypted rooms said plainly, edits, deletions (NEEDS A1, B3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.fake_mailbox import MailVault as Vault
from contract.fake_matrix import ANA, LUIS, SHOP, FakeMatrix
from contract.matrix.common import CIPHER, texts
from contract.reading import read, reply_to
from socialdesk.connectors.contract import (
    Direction,
    Media,
    Rejected,
)
from socialdesk.connectors.matrix import MatrixConnector

pytestmark = pytest.mark.anyio


# Encrypted ----------------------------------------------------------------------------------------


async def test_encrypted_messages_are_one_line_that_says_so(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """Counted, under one id, so that the customer waits; the shop's own answer ends the wait and the line."""
    room = server.room(ANA)
    server.state(room, ANA, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    for _ in range(3):
        server.event(room, ANA, "m.room.encrypted", CIPHER)
    first, cursor = await read(shop)
    server.event(room, ANA, "m.room.encrypted", CIPHER)
    more, cursor = await read(shop, cursor)
    server.event(room, SHOP, "m.room.encrypted", CIPHER)
    server.event(room, ANA, "m.room.encrypted", CIPHER)
    last, _ = await read(shop, cursor)
    assert [
        (one.text, one.attachments[0].media, one.attachments[0].description) for one in [*first, *more]
    ] == [
        ("", Media.ENCRYPTED, "× 3"),
        ("", Media.ENCRYPTED, "× 4"),
    ]
    assert first[0].id == more[0].id and first[0].at == more[0].at
    assert [one.direction for one in last] == [Direction.OUT, Direction.IN]
    assert last[1].id != first[0].id and last[1].attachments[0].description == ""
    assert "AwgAEn" not in repr([first, more, last])


async def test_nothing_is_written_in_clear_into_an_encrypted_room(
    server: FakeMatrix, shop: MatrixConnector, vault: Vault
) -> None:
    """Also where it became one after the question; the stand-in fails where it is tried."""
    room = server.room(ANA)
    server.say(room, "¿Hola?")
    [item], cursor = await read(shop)
    server.state(room, ANA, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    host = server.host(vault)
    async with host.http:
        fresh = MatrixConnector(host)  # has not read yet
        for connector in (fresh, shop):
            if connector is shop:
                await read(shop, cursor)
            with pytest.raises(Rejected) as refused:
                await connector.send(reply_to(item, connector))
            assert refused.value.code == "encrypted_room"


async def test_what_is_no_encrypted_message_is_not_counted(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Edits, references and what was taken back."""
    room = server.room(ANA)
    for kind in ("m.replace", "m.reference", "m.annotation"):
        content = {**CIPHER, "m.relates_to": {"rel_type": kind, "event_id": "$x"}}
        server.event(room, ANA, "m.room.encrypted", content)
    server.redact(room, server.event(room, ANA, "m.room.encrypted", CIPHER))
    assert (await read(shop))[0] == []


# Changes ------------------------------------------------------------------------------------------


async def test_an_edit_of_what_is_long_past(server: FakeMatrix, shop: MatrixConnector) -> None:
    """A4: the message is looked up; its own moment stays, and that of the edit is told."""
    room = server.room(ANA)
    old = server.say(room, "¿a las 8?")
    [first], cursor = await read(shop)
    server.clock.moment += timedelta(days=2)
    server.edit(room, old, "¿a las 9?")
    [edited], _ = await read(shop, cursor)
    assert (edited.id, edited.at, edited.text) == (first.id, first.at, "¿a las 9?")
    assert edited.edited_at == server.clock.now().replace(
        microsecond=edited.edited_at.microsecond if edited.edited_at else 0
    )


async def test_an_edit_in_a_gap_is_the_last_word(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Told beside the message by /messages, and by itself: the same."""
    room = server.room(ANA)
    _, cursor = await read(shop)
    old = server.say(room, "uno")
    server.edit(room, old, "dos")
    for number in range(100):
        server.say(room, f"mensaje {number}")
    items, _ = await read(shop, cursor)
    assert [item.text for item in items if item.id == old["event_id"]] == ["dos"]


async def test_nobody_edits_what_another_wrote(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Such an edit is none."""
    room = server.room(ANA, LUIS)
    server.edit(room, server.say(room, "mío"), "tuyo", LUIS)
    assert texts((await read(shop))[0]) == ["mío"]


async def test_an_edit_of_what_we_may_not_see(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Its words are shown under the message's id."""
    room = server.room(ANA)
    server.edit(room, {"event_id": "$hidden", "sender": ANA}, "lo nuevo")
    [item], _ = await read(shop)
    assert (item.id, item.text) == ("$hidden", "lo nuevo")


async def test_a_reaction_that_is_taken_back_leaves_no_trace(
    server: FakeMatrix, shop: MatrixConnector
) -> None:
    """It was no message."""
    room = server.room(ANA)
    heart = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": "👍"}}
    server.redact(room, server.event(room, ANA, "m.reaction", heart))
    assert (await read(shop))[0] == []
