"""Facebook and Instagram with a relay: news at once, and what no list tells (nasty cases by their numbers; NEEDS A1, A4)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from contract.fake_meta import ANA, GONE, GRAM, GRAM_ANA, GRAM_SHOP, LUIS, PAGE, PSID, SHOP, FakeMeta, Safe
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Direction, Kind, Media, Proof
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector

pytestmark = pytest.mark.anyio
RELAY = "https://relay.example.org"


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)


@pytest.fixture
def server(clock: ManualClock) -> FakeMeta:
    """An empty network."""
    return FakeMeta(clock)


@pytest.fixture
async def page(server: FakeMeta) -> AsyncIterator[FacebookConnector]:
    """The page, with a relay."""
    host = server.host(Safe(server.system, relay_key=server.relay.key), relay=RELAY)
    async with host.http:
        yield FacebookConnector(host)


@pytest.fixture
async def gram(server: FakeMeta) -> AsyncIterator[InstagramConnector]:
    """The account on Instagram, with a relay."""
    host = server.host(Safe(server.system, relay_key=server.relay.key), relay=RELAY)
    async with host.http:
        yield InstagramConnector(host)


def tell(server: FakeMeta, account: str, field: str, **value: Any) -> None:
    """Meta brings a change to the relay."""
    at = int(server.clock.now().timestamp())
    entry = {"id": account, "time": at, "changes": [{"field": field, "value": value}]}
    server.relay.bring({"object": "page" if account == PAGE else "instagram", "entry": [entry]})


def say(server: FakeMeta, account: str, sender: str, **what: Any) -> None:
    """Meta brings something of a private conversation."""
    at = int(server.clock.now().timestamp() * 1000)
    one = {"sender": {"id": sender}, "recipient": {"id": account}, "timestamp": at, **what}
    server.relay.bring({"entry": [{"id": account, "time": at, "messaging": [one]}]})


def of_comment(server: FakeMeta, one: dict[str, Any], verb: str = "add", **more: Any) -> None:
    """Meta brings what happened to a comment."""
    about = {"comment_id": one["id"], "post_id": one["_post"], "from": one.get("from"), "message": "x"}
    above = one.get("parent", {}).get("id", one["_post"])
    at = int(server.clock.now().timestamp())
    value = {"item": "comment", "verb": verb, "parent_id": above, "created_time": at, **about, **more}
    tell(server, PAGE, "feed", **value)


async def test_without_a_relay_nobody_listens(server: FakeMeta) -> None:
    """It is a setting that may be left empty."""
    for kind in (FacebookConnector, InstagramConnector):
        assert not kind.limits({}).push and kind.limits({"relay": RELAY}).push
        assert "relay.example.org" in kind.hosts({"relay": RELAY})
        host = server.host(Safe(server.system), relay="")
        async with host.http:
            assert not kind(host).capabilities.push


async def test_the_relay_wakes(server: FakeMeta, page: FacebookConnector) -> None:
    """At once when something comes."""
    _, cursor = await read(page)
    assert cursor
    woken = 0

    def news() -> None:
        nonlocal woken
        woken += 1

    async def waits(request: httpx.Request) -> httpx.Response | None:
        if request.url.params.get("wait", "0") != "0":
            while len(server.relay.mailbox) <= int(request.url.params["after"]):
                await asyncio.sleep(0.001)
        return None

    server.answer = waits
    listening = asyncio.create_task(page.listen(news))
    await asyncio.sleep(0.02)
    assert woken == 1
    of_comment(server, server.comment("¿Abren?", server.post()["id"]))
    await asyncio.sleep(0.05)
    listening.cancel()
    assert woken == 2


async def test_facebook_2_the_same_webhook_twice_is_one_message(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """And what the lists bring as well is asked for once only."""
    one = server.comment("¿Abren?", server.post()["id"])
    of_comment(server, one)
    server.relay.again()
    found = await page.fetch("")
    assert [raw.id for raw in found.items] == [one["id"]]
    assert not any(path.endswith(one["id"]) for _, path, _ in server.calls)
    again = await page.fetch(found.cursor)
    assert again.items == [] and server.relay.confirmed == 2


async def test_facebook_3_our_own_actions_come_back_as_ours(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """By the relay, too: an echo, and a comment of the page's."""
    asked = server.comment("¿Abren?", server.post()["id"])
    server.whisper("¿Hola?")
    items, cursor = await read(page)
    for item in items:
        receipt = await page.send(reply_to(item, page, "Sí"))
        if not item.private:
            of_comment(server, server.comments[receipt.id])
        else:
            name = receipt.id.removeprefix("m|")
            echo = {"mid": name, "text": "Sí", "is_echo": True}
            say(server, PAGE, PAGE, recipient={"id": PSID[ANA["id"]]}, message=echo)
    ours = [item for item in (await read(page, cursor))[0] if item.direction is Direction.OUT]
    assert {item.text for item in ours} == {"Sí"}
    assert {item.conversation for item in ours} == {item.conversation for item in items}
    assert asked["id"]


async def test_a_comment_on_a_picture_or_an_ad_comes_by_the_relay(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """In no list of posts: it is read by its number."""
    hidden = server.post()
    one = server.comment("¿Precio?", hidden["id"], LUIS)
    del server.posts[hidden["id"]]
    of_comment(server, one)
    items, cursor = await read(page)
    assert [(item.text, item.contact.id) for item in items] == [("¿Precio?", LUIS["id"])]
    server.posts[hidden["id"]] = hidden
    again, _ = await read(page, cursor)
    assert {(item.id, item.text, item.conversation) for item in again} <= {
        (item.id, item.text, item.conversation) for item in items
    }


async def test_an_edit_and_a_deletion_come_by_the_relay(server: FakeMeta, page: FacebookConnector) -> None:
    """With the time of the edit; the same message, the same conversation."""
    top = server.comment("¿Abren?", server.post()["id"])
    one = server.comment("¿Y hoi?", top["id"], LUIS)
    items, cursor = await read(page)
    one["message"] = "¿Y hoy?"
    of_comment(server, one, "edited")
    ((edited,), cursor) = await read(page, cursor)
    assert (edited.id, edited.text, edited.edited_at is not None) == (one["id"], "¿Y hoy?", True)
    del server.comments[one["id"]]
    of_comment(server, one, "remove")
    found, _ = await read(page, cursor)
    (gone,) = [item for item in found if item.deleted]
    assert (gone.id, gone.text) == (one["id"], "")
    assert {edited.conversation, gone.conversation} <= {item.conversation for item in items}


async def test_what_cannot_be_asked_for_is_taken_as_it_was_told(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """A comment that was hidden from us meanwhile, a mention in somebody else's post."""
    value = {"comment_id": "8_8", "post_id": "8_0", "parent_id": "8_0", "message": "¿Precio?", "from": LUIS}
    tell(server, PAGE, "feed", item="comment", verb="add", **value)
    mention = {"post_id": "9_9", "sender_id": "77", "sender_name": "Eva", "message": "Compré en La Tienda"}
    tell(server, PAGE, "mention", item="post", verb="add", **mention)
    items, _ = await read(page)
    assert [(item.text, item.author.name, item.kind) for item in items] == [
        ("¿Precio?", "Luis", Kind.COMMENT),
        ("Compré en La Tienda", "Eva", Kind.MENTION),
    ]


async def test_more_messages_than_meta_shows_come_by_the_relay(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """Twenty of a conversation can be read; the others as they were told."""
    for number in range(30):
        made = server.whisper(f"m{number}")
        say(server, PAGE, PSID[ANA["id"]], message={"mid": made["id"], "text": f"m{number}"})
    items, _ = await read(page)
    assert {item.text for item in items} == {f"m{number}" for number in range(30)} and len(items) == 30
    assert len({item.conversation for item in items}) == 1


async def test_instagram_1_an_unsent_message_is_removed(server: FakeMeta, gram: InstagramConnector) -> None:
    """Its text, too."""
    made = server.whisper("secreto", GRAM_ANA, gram=True)
    items, cursor = await read(gram)
    say(server, GRAM, GRAM_ANA["id"], message={"mid": made["id"], "is_deleted": True})
    ((gone,), _) = await read(gram, cursor)
    assert (gone.id, gone.deleted, gone.text) == (items[0].id, True, "")
    assert gone.conversation == items[0].conversation


async def test_instagram_1_an_edited_message_is_the_same(server: FakeMeta, gram: InstagramConnector) -> None:
    """With its new words, asked for anew."""
    made = server.whisper("a las 5", GRAM_ANA, gram=True)
    items, cursor = await read(gram)
    made["message"] = "a las 6"
    say(server, GRAM, GRAM_ANA["id"], message_edit={"mid": made["id"], "text": "a las 6", "num_edit": 1})
    found, _ = await read(gram, cursor)
    (edited,) = [item for item in found if item.edited_at]
    assert (edited.id, edited.text) == (items[0].id, "a las 6")


async def test_instagram_2_and_3_what_only_the_delivery_tells_has_a_place(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """A poll, an answer to a story that is gone."""
    who = GRAM_ANA["id"]
    say(server, GRAM, who, message={"mid": "m_x", "is_unsupported": True})
    story = {"story": {"id": "1", "url": "https://lookaside.fbsbx.com/s/1"}}
    say(server, GRAM, who, message={"mid": "m_y", "text": "¡Bonito!", "reply_to": story})
    mention = [{"type": "story_mention", "payload": {"url": "https://lookaside.fbsbx.com/s/2"}}]
    say(server, GRAM, who, message={"mid": "m_z", "attachments": mention})
    items, _ = await read(gram)
    assert [(item.text, [one.media for one in item.attachments]) for item in items] == [
        ("", [Media.OTHER]),
        ("¡Bonito!", [Media.LINK]),
        ("", [Media.FILE]),
    ]


async def test_instagram_5_an_echo_makes_no_second_message(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """Nor a conversation of its own."""
    server.whisper("¿Hola?", GRAM_ANA, gram=True)
    ((asked,), cursor) = await read(gram)
    receipt = await gram.send(reply_to(asked, gram, "Hola"))
    echo = {"mid": receipt.id.removeprefix("m|"), "text": "Hola", "is_echo": True}
    say(server, GRAM, GRAM, recipient={"id": GRAM_ANA["id"]}, message=echo)
    items, _ = await read(gram, cursor)
    ours = [item for item in items if item.direction is Direction.OUT]
    assert [(item.id, item.conversation) for item in ours] == [(receipt.id, asked.conversation)]


async def test_instagram_8_a_comment_on_a_boosted_post_is_one(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """Told twice, with the number of the advertisement and with that of the picture."""
    media = server.picture()["id"]
    one = server.remark("¿Precio?", media)
    for about in ({"id": media}, {"id": "999", "ad_id": "5", "original_media_id": media}):
        tell(server, GRAM, "comments", id=one["id"], text="¿Precio?", **{"from": GRAM_ANA}, media=about)
    tell(server, GRAM, "comments", id="77", text="¿Y este?", **{"from": GRAM_ANA}, media={"id": "999"})
    items, _ = await read(gram)
    assert [(item.text, item.contact.handle) for item in items] == [("¿Precio?", "ana"), ("¿Y este?", "ana")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"entry": None},
        {"entry": [{"id": GRAM, "time": 7}]},
        {"entry": [{"id": GRAM, "changes": [], "messaging": [{}]}, 7]},
        {"entry": [{"id": GRAM, "messaging": [{"read": {"mid": "m"}}, {"reaction": {"mid": "m"}}]}]},
        {"entry": [{"id": GRAM, "messaging": [{"postback": {"mid": "m", "title": "x"}}]}]},
        {"entry": [{"id": GRAM, "messaging": [{"message": {"text": "x"}}, {"message_edit": 7}]}]},
        {"entry": [{"id": GRAM, "changes": [{"field": "story_insights", "value": {"x": 1}}]}]},
        {"entry": [{"id": GRAM, "changes": [{"field": "mentions", "value": {}}]}]},
        {"entry": [{"id": "999", "changes": [{"field": "comments", "value": {"id": "1", "text": "x"}}]}]},
        b"\xff\xfe",
    ],
)
async def test_instagram_12_deliveries_of_other_shapes_stop_nothing(
    server: FakeMeta, gram: InstagramConnector, body: Any
) -> None:
    """Without changes, without messages, of other kinds, for others: the next one is read."""
    server.relay.bring(body)
    made = server.whisper("¿Hola?", GRAM_ANA, gram=True)
    both = {"field": "comments", "value": {"id": "5", "text": "¿Precio?", "from": GRAM_ANA, "media": {}}}
    one = {"sender": {"id": "901"}, "recipient": {"id": GRAM}, "timestamp": 1, "message": {"mid": made["id"]}}
    server.relay.bring({"entry": [{"id": GRAM, "time": 1795341600, "changes": [both], "messaging": [one]}]})
    assert sorted(words((await read(gram))[0])) == ["¿Hola?", "¿Precio?"]


async def test_a_mention_on_instagram_comes_by_the_relay_only(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """In a comment, in a caption; answered below, and never looked for there."""
    server.mentions["55"] = {
        "id": "55",
        "text": "@tienda ¿tenéis esto?",
        "timestamp": server.stamp(),
        "username": "luis",
        "media": {"id": "900", "permalink": "https://www.instagram.com/p/x/"},
    }
    tell(server, GRAM, "mentions", media_id="900", comment_id="55")
    server.relay.again()
    tell(server, GRAM, "mentions", media_id="901")
    items, _ = await read(gram)
    first, second = items
    assert (first.text, first.kind, first.author.handle) == ("@tienda ¿tenéis esto?", Kind.MENTION, "luis")
    assert (second.kind, [one.media for one in second.attachments]) == (Kind.MENTION, [Media.OTHER])
    outgoing = reply_to(first, gram, "Sí")
    sent: list[bytes] = []

    async def listens(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST":
            sent.append(request.content)
        return None

    server.answer = listens
    await gram.send(outgoing)
    assert sent == [b"media_id=900&comment_id=55&message=S%C3%AD"]
    assert gram.proof_for(outgoing) is Proof.NEITHER


async def test_a_relay_in_trouble_is_named_and_stops_nothing(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """The lists are read as ever."""
    server.comment("¿Abren?", server.post()["id"])
    for answer, code in (
        (httpx.Response(401, json={}), "relay_key_refused"),
        (httpx.Response(502, text="<html>"), "relay_trouble"),
        (httpx.Response(200), "relay_trouble"),
        (httpx.Response(200, json={"items": 7, "newest": None}), "relay_trouble"),
    ):

        async def refuses(request: httpx.Request, told: httpx.Response = answer) -> httpx.Response | None:
            return told if request.url.host == "relay.example.org" else None

        server.answer = refuses
        found = await page.fetch("")
        assert len(found.items) == 1 and found.lacking == (code,)
    server.answer = None
    assert (await page.fetch(found.cursor)).lacking == ()


async def test_the_relays_position_survives_and_is_confirmed_late(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """By the visit after the one that brought it; a relay that was set up anew is read from its beginning."""
    for number in range(5):
        change = {"comment_id": f"8_{number}", "post_id": "8_0", "message": "x", "from": LUIS}
        tell(server, PAGE, "feed", item="comment", verb="add", **change)
    first = await page.fetch("")
    assert len(first.items) == 5 and server.relay.confirmed == 0
    assert json.loads(first.cursor)["relay"] == 5
    await page.fetch(first.cursor)
    assert server.relay.confirmed == 5
    server.relay.mailbox.clear()
    tell(server, PAGE, "feed", item="comment", verb="add", comment_id="9_1", post_id="9", message="y")
    assert len((await page.fetch(first.cursor)).items) == 1


async def test_a_comment_of_ours_told_by_the_relay_stands_in_its_thread(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """On a picture that no list has any more, answered in the app."""
    media = server.picture()["id"]
    top = server.remark("¿Precio?", media)
    ours = server.remark("Diez", media, GRAM_SHOP, top["id"])
    value = {"id": ours["id"], "text": "Diez", "from": GRAM_SHOP, "parent_id": top["id"]}
    tell(server, GRAM, "comments", **value, media={"id": media})

    async def no_list(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, json={"data": []}) if request.url.path.endswith("/media") else None

    server.answer = no_list
    ((item,), _) = await read(gram)
    assert (item.direction, item.conversation) == (Direction.OUT, f"{top['id']}|{GRAM_ANA['id']}")
    assert GONE.status_code == 400 and SHOP


async def test_what_cannot_be_read_yet_keeps_no_visit_busy(server: FakeMeta) -> None:
    """Right after a restart, when all that the lists repeat seems new: it is asked for again at the next visit, not at once for ever."""
    server.comment("¿Abren?", server.post()["id"])
    vault = Safe(server.system, relay_key=server.relay.key)
    host = server.host(vault, relay=RELAY)
    async with host.http:
        _, cursor = await read(FacebookConnector(host))
        server.whisper("¿Hola?")
        _, cursor = await read(FacebookConnector(host), cursor)
        tell(server, PAGE, "feed", item="comment", verb="add", comment_id="5_5", post_id="5")

        async def busy(request: httpx.Request) -> httpx.Response | None:
            return httpx.Response(503) if request.url.path.endswith("/5_5") else None

        server.answer = busy
        found = await FacebookConnector(host).fetch(cursor)
        assert found.items and found.cursor == cursor and not found.more
        server.answer = None
        assert "5_5" in {raw.id for raw in (await FacebookConnector(host).fetch(cursor)).items}
