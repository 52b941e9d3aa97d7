"""WhatsApp's traps, by their numbers in the list of nasty cases (NEEDS A1, A4, B1, B3)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_meta import no
from contract.fake_whatsapp import ANA, LUIS, NUMBER, SCOPED, Drawer, FakeWhatsApp
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import (
    AuthRequired,
    Direction,
    Item,
    Media,
    OutcomeUnknown,
    Rejected,
    Temporary,
)
from socialdesk.connectors.whatsapp import WhatsAppConnector

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address, and with it no token that is asked about, to any log."""
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


async def only(shop: WhatsAppConnector, cursor: str = "") -> Item:
    """The one message there is."""
    ((item,), _) = await read(shop, cursor)
    return item


async def test_case_1_a_customer_without_a_telephone_number(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Their message is there, under the number that only this business knows."""
    server.write("¿Hola?", "", SCOPED, name="Eva")
    item = await only(shop)
    assert (item.text, item.contact.id, item.contact.name) == ("¿Hola?", SCOPED, "Eva")


async def test_case_2_that_number_never_stands_where_a_telephone_does(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Meta would say yes and deliver nothing."""
    server.write("¿Hola?", "", SCOPED)
    await shop.send(reply_to(await only(shop), shop))
    assert server.sent[0]["recipient"] == SCOPED and "to" not in server.sent[0]


@pytest.mark.parametrize("contacts", [[], [{}], [{"wa_id": ANA}], None, [{"profile": None}]])
async def test_case_3_lean_contacts_beside_a_status(
    server: FakeWhatsApp, shop: WhatsAppConnector, contacts: Any
) -> None:
    """A status says little of the person; nothing breaks, and only failures are news."""
    server.deliver(
        contacts=contacts, statuses=[{"id": "wamid.1", "status": "delivered", "timestamp": "1795341600"}]
    )
    server.write("¿Hola?")
    assert (await only(shop)).text == "¿Hola?"


async def test_case_4_a_failure_counts_whatever_came_before_or_after(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """It is said where the answer stands, and the customer waits again."""
    server.write("¿Hola?")
    asked = await only(shop)
    receipt = await shop.send(reply_to(asked, shop))
    error = {"code": 131047, "title": "Re-engagement message"}
    server.status(receipt.id, "read")
    server.status(receipt.id, "failed", errors=[error])
    server.status(receipt.id, "sent")
    items, _ = await read(shop)
    (news,) = [item for item in items if item.id.startswith("failed")]
    assert news.text == "⚠ WhatsApp 131047: Re-engagement message"
    assert (news.conversation, news.direction, news.reply_to) == (
        asked.conversation,
        Direction.IN,
        receipt.id,
    )


async def test_case_5_delivered_and_undeliverable_at_once(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Said once, whichever comes first and however often: a person looks; the customer can be answered below it."""
    server.write("¿Hola?")
    receipt = await shop.send(reply_to(await only(shop), shop))
    error = {"code": 131026, "title": "Message undeliverable"}
    for status in ("delivered", "failed", "delivered", "failed"):
        server.status(receipt.id, status, **({"errors": [error]} if status == "failed" else {}))
    items, _ = await read(shop)
    (news,) = [item for item in items if item.id.startswith("failed")]
    assert news.answer_until is None, "Meta's word opens no window"
    await shop.send(reply_to(news, shop, "¿Te llegó?"))
    assert server.said()[-1] == "¿Te llegó?" and server.sent[-1]["to"] == ANA


async def test_case_3_a_failure_that_names_nobody_but_beside_it(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """The one contact of the delivery is whom it is about."""
    status = {"id": "wamid.1", "status": "failed", "timestamp": "1795341600", "errors": []}
    server.deliver(contacts=[{"user_id": SCOPED}], statuses=[status])
    item = await only(shop)
    assert (item.conversation, item.remote["scoped"]) == (f"dm|{SCOPED}", SCOPED)


async def test_case_6_a_status_before_the_call_returned(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Of a message that nobody knows yet: it waits for nothing and breaks nothing."""
    server.status("wamid.unknown", "sent")
    assert (await read(shop))[0] == []


async def test_case_7_the_same_delivery_twice(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """One message, by its id."""
    server.write("¿Hola?")
    server.mailbox.append({**server.mailbox[0], "position": 2})
    items, _ = await read(shop)
    assert len(items) == 1


async def test_case_8_what_may_have_left_is_not_said_again_by_itself(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """There is no list of what was sent: a person decides. Our own key goes along for Meta's statuses."""
    server.write("¿Hola?")
    outgoing = reply_to(await only(shop), shop)

    async def loses(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/messages"):
            server.serve(request)
            raise httpx.ReadTimeout("nothing came back")
        return None

    server.answer = loses
    with pytest.raises(OutcomeUnknown):
        await shop.send(outgoing)
    assert server.sent[0]["biz_opaque_callback_data"] == outgoing.key
    assert shop.proof_for(outgoing).value == "neither"


@pytest.mark.parametrize("kind", ["edit", "revoke"])
async def test_case_9_a_change_before_its_message(
    server: FakeWhatsApp, shop: WhatsAppConnector, clock: ManualClock, kind: str
) -> None:
    """What comes late does not bring back what was changed; without its message the change stands alone."""
    change = {
        "original_message_id": "wamid.late",
        "message": {"type": "text", "text": {"body": "a las 6"}},
    }
    more: dict[str, Any] = {"type": kind, kind: change}
    server.write(None, ANA, "", **more)
    early = await only(shop)
    _, cursor = await read(shop)
    clock.moment -= timedelta(minutes=1)
    server.write("a las 5", id="wamid.late")
    late = await only(shop, cursor)
    shown = ("a las 6", False) if kind == "edit" else ("", True)
    assert (early.text, early.deleted) == shown == (late.text, late.deleted)
    assert early.id == late.id == "wamid.late"


async def test_case_10_one_person_under_two_numbers(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """Known by telephone first, then by both, then by the other alone: one conversation."""
    server.write("uno", ANA)
    server.write("dos", ANA, SCOPED)
    server.write("tres", "", SCOPED)
    items, cursor = await read(shop)
    assert {item.conversation for item in items} == {f"dm|{ANA}"}
    server.write("cuatro", "", SCOPED)
    assert (await only(shop, cursor)).conversation == f"dm|{ANA}"


@pytest.mark.parametrize(
    ("more", "text", "media"),
    [
        ({"type": "unsupported", "errors": [{"code": 131051}]}, "", Media.OTHER),
        ({"type": "audio", "audio": {"id": "1", "voice": True, "mime_type": "audio/ogg"}}, "", Media.VOICE),
        ({"type": "sticker", "sticker": {"id": "2"}}, "", Media.STICKER),
        ({"type": "image", "image": {"id": "3", "caption": "mira"}}, "mira", Media.IMAGE),
        ({"type": "location", "location": {"latitude": 1.5, "longitude": 2, "name": "Sol"}}, "", Media.PLACE),
        ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Eva"}}]}, "", Media.CONTACT),
        ({"type": "poll_from_the_future", "poll_from_the_future": {}}, "", Media.OTHER),
        ({"type": None}, "", Media.OTHER),
    ],
)
async def test_case_11_whatever_comes_has_a_place(
    server: FakeWhatsApp, shop: WhatsAppConnector, more: dict[str, Any], text: str, media: Media
) -> None:
    """Without words, of unknown kinds."""
    server.write(None, **more)
    item = await only(shop)
    assert (item.text, [one.media for one in item.attachments]) == (text, [media])


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"type": "button", "button": {"text": "Sí", "payload": "x"}}, "Sí"),
        (
            {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"title": "Lunes"}}},
            "Lunes",
        ),
        (
            {
                "type": "order",
                "order": {
                    "product_items": [
                        {"quantity": 2, "product_retailer_id": "A1", "item_price": 5, "currency": "EUR"}
                    ]
                },
            },
            "2 × A1 5 EUR",
        ),
    ],
)
async def test_case_11_choices_are_words(
    server: FakeWhatsApp, shop: WhatsAppConnector, more: dict[str, Any], text: str
) -> None:
    """What was tapped is what was said."""
    server.write(None, **more)
    assert (await only(shop)).text == text


async def test_case_11_a_reaction_is_no_question(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """Also one to a message that nobody knows."""
    server.write(None, type="reaction", reaction={"message_id": "wamid.x", "emoji": "👍"})
    assert (await read(shop))[0] == []


async def test_case_12_another_number_is_the_same_person(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """The notice links both, and starts no clock."""
    server.write("¿Hola?", ANA)
    system = {"type": "user_changed_number", "body": "Ana changed", "wa_id": LUIS}
    server.write(None, ANA, type="system", system=system)
    server.write("¿Sigues ahí?", LUIS)
    items, _ = await read(shop)
    assert {item.conversation for item in items} == {f"dm|{ANA}"}
    assert [item.context for item in items] == [False, True, False]
    assert items[-1].remote["telephone"] == LUIS


async def test_after_a_day_only_a_template_leaves(server: FakeWhatsApp, clock: ManualClock) -> None:
    """With its gap filled on one line; without a template the answer is refused before it is tried."""
    server.write("¿Hola?")
    for options, said in ((dict[str, str](), None), ({"template": "seguimos/es"}, "Hola, ya está")):
        host = server.host(Drawer(server), **options)
        async with host.http:
            shop = WhatsAppConnector(host)
            outgoing = replace(
                reply_to(await only(shop), shop, "Hola,\n  ya está"), at=clock.now() + timedelta(days=2)
            )
            if said is None:
                with pytest.raises(Rejected) as told:
                    await shop.send(outgoing)
                assert told.value.code == "window_closed" and server.sent == []
            else:
                await shop.send(outgoing)
                assert server.said() == [said]
                assert server.sent[0]["template"]["language"] == {"code": "es"}


async def test_an_answer_from_the_telephone_itself_is_ours(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Where app and interface are used side by side."""
    server.write("¿Abren?")
    at = str(int(server.clock.now().timestamp()))
    echo = {
        "id": "wamid.e",
        "from": "34900000000",
        "to": ANA,
        "timestamp": at,
        "type": "text",
        "text": {"body": "Sí"},
    }
    server.deliver(message_echoes=[echo])
    items, _ = await read(shop)
    assert [(item.direction, item.contact.id, item.text) for item in items] == [
        (Direction.IN, ANA, "¿Abren?"),
        (Direction.OUT, ANA, "Sí"),
    ]


async def test_a_relay_that_begins_anew_loses_nothing(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """It counts from one again: all that it has is read."""
    for number in range(5):
        server.write(f"uno {number}")
    _, cursor = await read(shop)
    server.mailbox.clear()
    server.write("otra vez")
    assert (await only(shop, cursor)).text == "otra vez"


async def test_what_is_stored_is_confirmed_by_the_next_visit(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Not before: a page that was not stored comes again."""
    server.write("¿Hola?")
    page = await shop.fetch("")
    assert server.confirmed == 0
    await shop.fetch(page.cursor)
    assert server.confirmed == 1


async def test_bytes_that_are_no_json_stop_nothing(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """And what is meant for another number is left out."""
    server.bring(b"\xff\xfe")
    server.bring(b"[1, 2]")
    other = {
        "metadata": {"phone_number_id": "999"},
        "messages": [{"id": "wamid.z", "from": ANA, "timestamp": "1"}],
    }
    server.deliver(**other)
    server.write("¿Hola?")
    assert (await only(shop)).text == "¿Hola?"


async def test_a_relay_that_does_not_know_us_is_named(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """Not mistaken for Meta's sign-in."""
    server.relay.key = "another"
    with pytest.raises(AuthRequired) as told:
        await shop.check()
    assert told.value.code == "relay_key_refused"


@pytest.mark.parametrize(
    ("answer", "code"),
    [(no(131026, "Message undeliverable"), "person_unavailable"), (no(131047, "late"), "window_closed")],
)
async def test_refusals_by_their_codes(
    server: FakeWhatsApp, shop: WhatsAppConnector, answer: httpx.Response, code: str
) -> None:
    """Each is a definite no."""
    server.write("¿Hola?")
    outgoing = reply_to(await only(shop), shop)

    async def refuses(request: httpx.Request) -> httpx.Response | None:
        return answer if request.url.path == f"/v26.0/{NUMBER}/messages" else None

    server.answer = refuses
    with pytest.raises(Rejected) as told:
        await shop.send(outgoing)
    assert told.value.code == code


async def test_an_answer_from_the_telephone_is_changed_there(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Edited or taken back: still ours, in the same conversation."""
    server.write("¿Abren?")
    at = str(int(server.clock.now().timestamp()))
    echo = {"id": "wamid.e", "to": ANA, "timestamp": at, "type": "text", "text": {"body": "Si"}}
    newer = {"original_message_id": "wamid.e", "message": {"type": "text", "text": {"body": "Sí"}}}
    edit = {"id": "wamid.f", "to": ANA, "timestamp": at, "type": "edit", "edit": newer}
    server.deliver(message_echoes=[echo])
    server.deliver(message_echoes=[edit])
    items, _ = await read(shop)
    assert [(item.id, item.text, item.direction) for item in items[1:]] == [("wamid.e", "Sí", Direction.OUT)]


async def test_a_message_in_a_group_is_answered_in_it(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """It is no private conversation with whoever wrote it."""
    server.write("¿Hola?")
    server.write("¿Alguien?", group_id="g1")
    items, _ = await read(shop)
    assert [item.conversation for item in items] == [f"dm|{ANA}", f"group|g1|{ANA}"]
    sent: list[dict[str, Any]] = []

    async def listens(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/messages"):
            sent.append(json.loads(request.content))
            return httpx.Response(200, json={"messages": [{"id": "wamid.g"}]})
        return None

    server.answer = listens
    await shop.send(reply_to(items[1], shop))
    assert (sent[0]["recipient_type"], sent[0]["to"]) == ("group", "g1")


async def test_a_message_from_an_advertisement_names_it(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """Odd parts of it cost nothing."""
    advert = {"source_url": "https://fb.me/x", "headline": "Rebajas", "source_type": "ad", "ctwa_clid": "x"}
    server.write("¿Precio?", referral=advert)
    server.write("¿Y este?", referral={"headline": 7}, context={"id": None, "forwarded": True})
    items, _ = await read(shop)
    assert [one.name for one in items[0].attachments] == ["Rebajas"]
    assert items[1].text == "¿Y este?"


async def test_what_the_token_may_not_do_is_named(server: FakeWhatsApp, shop: WhatsAppConnector) -> None:
    """A missing permission, an end that is near."""
    ends = int((server.clock.now() + timedelta(hours=20)).timestamp())

    async def tells(request: httpx.Request) -> httpx.Response | None:
        told = {"data": {"scopes": ["whatsapp_business_management"], "expires_at": ends}}
        return httpx.Response(200, json=told) if request.url.path.endswith("/debug_token") else None

    server.answer = tells
    assert (await shop.check()).lacking == ("dm_not_allowed", "token_ends_soon")


async def test_a_desk_that_is_given_nothing_skips_nothing(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """A relay that names a newer one than it gives has more to give."""
    server.write("uno")
    _, cursor = await read(shop)
    server.write("dos")

    async def gives_nothing(request: httpx.Request) -> httpx.Response | None:
        told = {"items": [], "newest": 2, "oldest": 1}
        return httpx.Response(200, json=told) if request.url.path == "/v1/items" else None

    server.answer = gives_nothing
    found = await shop.fetch(cursor)
    assert found.items == [] and not found.more
    server.answer = None
    assert (await only(shop, found.cursor)).text == "dos"


async def test_an_answer_that_is_none_of_a_relay_forgets_nothing(
    server: FakeWhatsApp, shop: WhatsAppConnector
) -> None:
    """An empty body with a good status."""
    server.write("uno")
    _, cursor = await read(shop)

    async def empty(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200) if request.url.path == "/v1/items" else None

    server.answer = empty
    with pytest.raises(Temporary):
        await shop.fetch(cursor)
