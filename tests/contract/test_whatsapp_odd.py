"""Changes of WhatsApp messages that come late, twice and in no order (NEEDS A1, B3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from contract.fake_whatsapp import ANA, Drawer, FakeWhatsApp
from contract.reading import read
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Item
from socialdesk.connectors.whatsapp import WhatsAppConnector

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


@pytest.fixture
def server(clock: ManualClock) -> FakeWhatsApp:
    """An empty mailbox."""
    return FakeWhatsApp(clock)


@pytest.fixture
async def shop(server: FakeWhatsApp) -> AsyncIterator[WhatsAppConnector]:
    """The business."""
    host = server.host(Drawer(server))
    async with host.http:
        yield WhatsAppConnector(host)


def change(server: FakeWhatsApp, kind: str, name: str, after: int, **told: Any) -> None:
    """The customer changed a message so many seconds after now."""
    at = str(int(server.clock.now().timestamp()) + after)
    about = {"original_message_id": name, **told}
    one = {"id": server.id(), "timestamp": at, "from": ANA, "type": kind, kind: about}
    server.deliver(contacts=[{"profile": {"name": "Ana"}, "wa_id": ANA}], messages=[one])


def said(words: str) -> dict[str, Any]:
    """New words, as an edit has them."""
    return {"message": {"type": "text", "text": {"body": words}}}


async def newest(shop: WhatsAppConnector) -> Item:
    """What the desk has of the one message in the end: of the same number the last counts."""
    found, _ = await read(shop)
    return {one.id: one for one in found}[found[0].id]


async def test_case_9_an_older_edit_that_comes_late_changes_nothing(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Meta tries again for days: the words that were written last count."""
    name = server.write("¿Tienen la 40?")["id"]
    change(server, "edit", name, 20, **said("¿Tienen la 42?"))
    change(server, "edit", name, 10, **said("¿Tienen la 41?"))
    assert (await newest(shop)).text == "¿Tienen la 42?"


async def test_case_9_an_edit_brings_nothing_back(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """What was taken back stays so, whenever an edit of before comes."""
    name = server.write("¿Tienen la 40?")["id"]
    change(server, "revoke", name, 20)
    change(server, "edit", name, 10, **said("¿Tienen la 41?"))
    item = await newest(shop)
    assert item.deleted and not item.text


async def test_case_9_an_edit_of_another_visit_counts_as_well(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """The cursor knows what was written last."""
    name = server.write("¿Tienen la 40?")["id"]
    change(server, "edit", name, 20, **said("¿Tienen la 42?"))
    _, cursor = await read(shop)
    change(server, "edit", name, 10, **said("¿Tienen la 41?"))
    assert "¿Tienen la 41?" not in [one.text for one in (await read(shop, cursor))[0]]


async def test_an_edit_in_a_group_stays_there(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """Also where it comes before its message."""
    at = str(int(server.clock.now().timestamp()))
    edit = {"original_message_id": "wamid.later", **said("¿A qué hora?")}
    one = {"id": server.id(), "timestamp": at, "from": ANA, "group_id": "g1", "type": "edit", "edit": edit}
    server.deliver(contacts=[{"profile": {"name": "Ana"}, "wa_id": ANA}], messages=[one])
    assert (await newest(shop)).conversation == f"group|g1|{ANA}"
