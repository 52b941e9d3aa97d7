"""Matrix: files, and other servers' habits (NEEDS A1)."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from contract.fake_matrix import ANA, NAME, FakeMatrix, good
from contract.matrix.common import texts
from contract.reading import read, reply_to
from socialdesk.connectors import testing
from socialdesk.connectors.contract import (
    Item,
    Raw,
    Rejected,
)
from socialdesk.connectors.matrix import MatrixConnector

pytestmark = pytest.mark.anyio


# Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("old", [False, True])
async def test_files_of_newer_and_older_servers(server: FakeMatrix, shop: MatrixConnector, old: bool) -> None:
    """With the sign-in, since API v1.11; before that at another place."""
    server.old_media, server.files[f"{NAME}/abc"] = old, b"pan"
    assert await shop.download({"mxc": f"mxc://{NAME}/abc"}, 3) == b"pan"


@pytest.mark.parametrize(
    "address",
    ["", "https://x.example/a", f"mxc://{NAME}/../../v3/logout", f"mxc://{NAME}/a?b", "mxc://a/b/c"],
)
async def test_an_address_that_is_none_of_a_file(
    server: FakeMatrix, shop: MatrixConnector, address: str
) -> None:
    """It reaches nothing."""
    with pytest.raises(Rejected):
        await shop.download({"mxc": address}, 9)
    assert server.calls == []


# Other servers' habits ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at", [0, -1, None, "1700000000000", 1e30, True, 1_795_341_600_000.5, 99_999_999_999_999_999]
)
async def test_odd_moments(server: FakeMatrix, shop: MatrixConnector, at: Any) -> None:
    """A message whose moment is none was written when it was seen."""
    server.event(
        server.room(ANA), ANA, "m.room.message", {"msgtype": "m.text", "body": "x"}, origin_server_ts=at
    )
    items, _ = await read(shop)
    assert [item.at.tzinfo for item in items] in ([UTC], [])
    if not isinstance(at, int) or at > 0 or isinstance(at, bool):
        assert len(items) == 1


@pytest.mark.parametrize(
    "event",
    [
        None,
        7,
        "x",
        [],
        {},
        {"type": "m.room.message"},
        {"type": "m.room.message", "event_id": "$1", "content": None, "sender": ANA},
        {"type": None, "event_id": "$1", "sender": ANA, "origin_server_ts": 5},
        {"type": "m.room.member", "state_key": 7, "content": []},
        {"type": "m.room.message", "sender": {"x": 1}, "event_id": 9, "content": {"body": "x"}},
        {"type": "m.room.encrypted", "content": {"a": 1}},
        {"type": "m.room.redaction", "redacts": 7, "content": "x"},
    ],
)
async def test_odd_events_spoil_only_themselves(
    server: FakeMatrix, shop: MatrixConnector, event: Any
) -> None:
    """Whatever is missing or of another kind."""
    room = server.room(ANA)
    server.say(room, "antes")

    async def odd(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/sync"):
            return None
        answer = (await server.serve(request)).json()
        for told in answer["rooms"]["join"].values():
            told["timeline"]["events"].insert(0, event)
            told["unknown"], told["ephemeral"] = None, 7
        answer |= {"presence": [], "to_device": None, "account_data": {"events": [event]}}
        answer["rooms"] |= {"knock": 7, "invite": {"!x:y": event}, "leave": None}
        return good(answer)

    server.answer = odd
    raws, _ = await testing.read(shop)
    understood: list[Item] = []
    for raw in raws:
        with contextlib.suppress(ValueError):
            understood += shop.parse(testing.stored(raw))
    assert "antes" in texts(understood)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        3,
        [],
        {},
        {"kind": "event"},
        {"kind": "sealed"},
        {"kind": "event", "event": {"sender": ANA}},
        {"kind": "event", "event": {"sender": ANA, "origin_server_ts": 5}, "room": 7},
    ],
)
async def test_a_spoilt_payload_is_refused_or_nothing(shop: MatrixConnector, payload: Any) -> None:
    """Never anything but a ``ValueError``."""
    with contextlib.suppress(ValueError):
        assert not shop.parse(Raw("x", payload))


async def test_ids_of_any_form(server: FakeMatrix, shop: MatrixConnector) -> None:
    """Older rooms' ids name a server, newer rooms have none; each is one step of a path."""
    room = server.room(ANA)
    made = server.say(room, "¿Hola?")
    made["event_id"] = "$143273582443PhrSn/x+y:example.org"
    server.rooms["!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"] = server.rooms.pop(room.id)
    room.id = "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"
    [item], cursor = await read(shop)
    assert item.url == f"https://matrix.to/#/{room.id}/$143273582443PhrSn%2Fx%2By:example.org"
    await shop.send(reply_to(item, shop))
    server.edit(room, made, "¿Hay alguien?")
    items, _ = await read(shop, cursor)
    assert (items[-1].id, items[-1].text) == (item.id, "¿Hay alguien?")


def test_moments_are_in_utc() -> None:
    """Milliseconds, whole or not."""
    from socialdesk.connectors.matrix.shape import moment

    assert moment(1_700_000_000_000) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert moment(0) is None and moment("5") is None and moment(10**30) is None and moment(True) is None
