"""What arrives from Bluesky, and what the desk makes of it (NEEDS A1, B4, E1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_parts import ANA, BRAND, LUIS, MemoryVault
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.bluesky.parsing import parse
from socialdesk.connectors.contract import Direction, Item, Kind, RateLimited, Raw, Temporary

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


async def test_an_answer_written_elsewhere_is_ours(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """A1: the customer who was answered by phone waits no more."""
    question = bluesky.mention("¿Abrís hoy?")
    clock.moment += timedelta(minutes=1)
    first = bluesky.post(BRAND, "Sí, hasta las 20 h", parent=question)
    clock.moment += timedelta(minutes=1)
    bluesky.post(BRAND, "Y mañana también", parent=first)
    bluesky.post(BRAND, "Un anuncio")
    found, _ = await read(connector)
    assert len({item.conversation for item in found}) == 1
    assert {(item.text, item.direction, item.contact.id) for item in found} == {
        ("¿Abrís hoy?", Direction.IN, ANA["did"]),
        ("Sí, hasta las 20 h", Direction.OUT, ANA["did"]),
        ("Y mañana también", Direction.OUT, ANA["did"]),
    }


async def test_our_own_reply_comes_back_under_its_receipt(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """It is one message on the desk, not two."""
    bluesky.mention("¿Abrís hoy?")
    found, cursor = await read(connector)
    receipt = await connector.send(reply_to(found[0], connector))
    clock.moment += timedelta(minutes=1)
    found, _ = await read(connector, cursor)
    ours = [item for item in found if item.direction is Direction.OUT]
    assert [(item.id, item.text) for item in ours] == [(receipt.id, "¡Gracias!")]


async def test_each_customer_in_a_thread_has_their_own_conversation(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """A1: two people below one post are two clocks, and one's answer does not stop the other's."""
    offer = bluesky.post(BRAND, "Rebajas")
    ana = bluesky.mention("¿Hasta cuándo?", parent=offer)
    luis = bluesky.mention("¿Y en la web?", LUIS, parent=ana)
    bluesky.post(BRAND, "También en la web", parent=luis)
    found, _ = await read(connector)
    by_text = {item.text: item for item in found if not item.context}
    assert by_text["¿Hasta cuándo?"].conversation == f"{offer['uri']}|{ANA['did']}"
    assert by_text["¿Y en la web?"].conversation == f"{offer['uri']}|{LUIS['did']}"
    assert by_text["También en la web"].conversation == f"{offer['uri']}|{LUIS['did']}"
    ids = [item.id for item in found]
    assert len(ids) == len(set(ids))


async def test_a_post_is_one_message_whatever_it_is_told_for(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """The same post as a reply and as a mention is a reply."""
    post = bluesky.mention("@tienda ¿hola?", parent=bluesky.post(BRAND, "Rebajas"))
    bluesky.notify(post, "mention")
    found, _ = await read(connector)
    assert [(item.text, item.kind) for item in found if not item.context] == [("@tienda ¿hola?", Kind.REPLY)]


async def test_a_quote_brings_what_it_quotes(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """The quoted post is context; the quote itself waits."""
    offer = bluesky.post(BRAND, "Rebajas")
    reference = {"uri": offer["uri"], "cid": offer["cid"]}
    quote = bluesky.post(ANA, "Vaya", embed={"$type": "app.bsky.embed.record", "record": reference})
    shown = {key: offer[key] for key in ("uri", "cid", "author", "indexedAt")}
    quote["embed"] = {"record": {**shown, "value": offer["record"]}}
    bluesky.notify(quote, "quote")
    found, _ = await read(connector)
    web = f"https://bsky.app/profile/{BRAND['did']}/post/{offer['uri'].rsplit('/', 1)[1]}"
    assert [(item.text, item.kind, item.context) for item in found] == [
        ("Rebajas", Kind.POST, True),
        (f"Vaya\n❝ {web}", Kind.QUOTE, False),
    ]


async def test_nothing_but_the_notifications_fails_a_visit(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Our own posts and direct messages may be in trouble; they are read again from where they stood."""
    _, cursor = await read(connector)
    bluesky.mention("¿Hola?")
    bluesky.message("c1", ANA, "¿Hola en privado?")
    clock.moment += timedelta(minutes=1)
    bluesky.next(
        httpx.Response(400, json={"error": "InvalidRequest", "message": "Profile not found"}), "getAuthorFeed"
    )
    bluesky.next(httpx.Response(502, text="<html>"), "getLog")
    found, cursor = await read(connector, cursor)
    assert words(found) == ["¿Hola?"]
    clock.moment += timedelta(minutes=6)
    found, _ = await read(connector, cursor)
    assert words(found) == ["¿Hola?", "¿Hola en privado?"]


async def test_trouble_on_the_way_down_keeps_what_was_read(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """A limit in the middle of many pages costs none of them."""
    pages: list[str] = []
    for number in range(350):
        clock.moment += timedelta(seconds=1)
        bluesky.mention(f"mensaje {number}")

    def limited(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("listNotifications"):
            return None
        pages.append(request.url.params.get("cursor", ""))
        return httpx.Response(429, json={}) if len(pages) in (3, 4) else None

    bluesky.answers.append(limited)
    page = await connector.fetch("")
    assert page.more and 150 < len(page.items) <= 200
    with pytest.raises(RateLimited):
        await connector.fetch(page.cursor)
    bluesky.answers.clear()
    found, _ = await read(connector, page.cursor)
    assert len(found) + len(page.items) == 350


async def test_a_page_without_its_list_is_a_bad_answer(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """JSON of another shape is trouble that passes, not an empty inbox."""
    bluesky.next(httpx.Response(200, json={"notifications": None}), "listNotifications")
    with pytest.raises(Temporary) as told:
        await connector.fetch("")
    assert told.value.code == "bad_answer"


async def test_a_context_that_was_not_stored_comes_again(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """The desk was busy: the same cursor brings the same page, its surroundings included."""
    _, cursor = await read(connector)
    bluesky.mention("¿Hola?", parent=bluesky.post(BRAND, "Rebajas"))
    for _ in range(2):
        found, _ = await read(connector, cursor)
        assert [item.text for item in found] == ["Rebajas", "¿Hola?"]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"RateLimit-Reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Sun, 22 Nov 2026 10:01:30 GMT"}, 90),
        # The server's clock is ten minutes ahead: what it names is meant by that clock.
        ({"Retry-After": "Sun, 22 Nov 2026 10:11:30 GMT", "Date": "Sun, 22 Nov 2026 10:10:00 GMT"}, 90),
        ({"RateLimit-Reset": "soon", "Retry-After": "90"}, 90),
        ({"Retry-After": "soon"}, None),
        ({"RateLimit-Reset": "nan", "Retry-After": "1e400"}, None),
        # A moment after the end of time, by a clock that is behind.
        (
            {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT", "Date": "Sat, 22 Nov 2025 10:00:00 GMT"},
            None,
        ),
        ({}, None),
    ],
)
async def test_a_network_that_asks_us_to_wait_is_understood_however_it_says_so(
    bluesky: FakeBluesky, connector: BlueskyConnector, headers: dict[str, str], wait: int | None
) -> None:
    """A1: seconds, a date, the end of its window, or nothing at all."""
    bluesky.next(
        httpx.Response(429, json={"error": "RateLimitExceeded"}, headers=headers), "listNotifications"
    )
    with pytest.raises(RateLimited) as limited:
        await connector.fetch("")
    assert limited.value.until == (None if wait is None else NOW + timedelta(seconds=wait))


async def test_direct_messages_that_fail_for_hours_are_told_of(
    bluesky: FakeBluesky, vault: MemoryVault, clock: ManualClock
) -> None:
    """A1: in silence a customer would wait unseen. A restart does not begin the hours anew; the first success ends it."""
    cursor = ""

    async def visit(connector: BlueskyConnector, minutes: int) -> tuple[str, ...] | None:
        nonlocal cursor
        clock.moment += timedelta(minutes=minutes)
        page = await connector.fetch(cursor)
        cursor = page.cursor
        return page.lacking

    host = bluesky.host(vault)
    async with host.http:
        connector = BlueskyConnector(host)
        assert await visit(connector, 0) == ()
        bluesky.chat_works = False
        assert [await visit(connector, 30) for _ in range(6)] == [None] * 6
        bluesky.message("c1", ANA, "¿Hola?")
        again = BlueskyConnector(host)
        assert await visit(again, 30) == ("dm_failing",)
        assert await visit(again, 1) is None, "not asked again so soon"
        assert await visit(again, 30) == ("dm_failing",)
        bluesky.chat_works = True
        assert await visit(again, 30) == ()
        bluesky.chat_works = False
        assert await visit(again, 170) is None, "the hours count from the last success"


async def test_a_deleted_direct_message_is_a_tombstone(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """What the customer took back is marked as such."""
    _, cursor = await read(connector)
    message = bluesky.message("c1", ANA, "¡Uy!")
    gone = {key: message[key] for key in ("id", "rev", "sender", "sentAt")}
    bluesky.event("logDeleteMessage", "c1", message=gone)
    found, _ = await read(connector, cursor)
    assert [(item.id, item.deleted) for item in found] == [(message["id"], True)]


async def test_messages_from_before_are_read_once(
    bluesky: FakeBluesky, vault: MemoryVault, clock: ManualClock
) -> None:
    """Conversations of the last week are there at the first visit, also more than one page of them."""
    bluesky.message("old", ANA, "hace un mes")
    clock.moment += timedelta(days=30)
    for number in range(25):
        bluesky.message(f"c{number}", ANA, f"mensaje {number}")
    host = bluesky.host(vault)
    async with host.http:
        found, _ = await read(BlueskyConnector(host))
    assert sorted(words(found)) == sorted(f"mensaje {number}" for number in range(25))


def parsed(raw: Raw) -> Item:
    """The one message in it."""
    (item,) = parse(raw)
    return item


def note(**changes: Any) -> Raw:
    """A stored mention with something odd about it."""
    record = {"text": "hola", "createdAt": "2026-11-22T09:00:00Z", **changes.pop("record", {})}
    base = {"uri": "at://did:plc:ana/app.bsky.feed.post/3k", "cid": "c", "author": ANA, "reason": "mention"}
    payload = {**base, "indexedAt": "2026-11-22T09:00:01.5Z", "record": record, **changes}
    return Raw("x", {"kind": "notification", "notification": payload})


@pytest.mark.parametrize(
    ("declared", "at"),
    [
        ("2026-11-22T09:00:00Z", NOW - timedelta(hours=1)),
        ("2026-11-22T10:00:00+01:00", NOW - timedelta(hours=1)),
        ("2030-01-01T00:00:00Z", NOW - timedelta(minutes=59, seconds=58, milliseconds=500)),
        ("1970-01-01T00:00:00Z", NOW - timedelta(minutes=59, seconds=58, milliseconds=500)),
        ("0001-01-01T00:00:00+14:00", NOW - timedelta(minutes=59, seconds=58, milliseconds=500)),
        ("yesterday", NOW - timedelta(minutes=59, seconds=58, milliseconds=500)),
        (None, NOW - timedelta(minutes=59, seconds=58, milliseconds=500)),
    ],
)
def test_when_it_was_written(declared: Any, at: datetime) -> None:
    """What the author declares counts unless it cannot be: then when it arrived."""
    assert parsed(note(record={"createdAt": declared})).at == at


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"text": None}, ""),
        ({"text": 7}, ""),
        ({"langs": None, "facets": None, "labels": None, "embed": None, "reply": None}, "hola"),
        (
            {"facets": [{"features": [{"uri": "https://a.test/long"}, {"uri": None}, {"did": "d"}]}]},
            "hola\n🔗 https://a.test/long",
        ),
    ],
)
def test_a_post_in_words(record: dict[str, Any], text: str) -> None:
    """What a terminal cannot show is said in signs that need no translation."""
    assert parsed(note(record=record)).text == text


@pytest.mark.parametrize(
    "raw",
    [
        Raw("x", None),
        Raw("x", {"kind": "invented"}),
        note(author=None),
        note(uri=None),
        note(indexedAt=None, record={"createdAt": None}),
        Raw("x", {"kind": "dm", "message": {"id": "m"}, "convo": "c"}),
    ],
)
def test_without_the_indispensable_it_goes_to_quarantine(raw: Raw) -> None:
    """Nobody, nowhere or at no time: ``parse`` says so."""
    with pytest.raises(ValueError):
        parsed(raw)


def test_a_group_is_one_conversation() -> None:
    """Its customer is the group, whoever speaks."""
    message = {"id": "m", "text": "hola", "sender": {"did": LUIS["did"]}, "sentAt": "2026-11-22T09:00:00Z"}
    payload = {"kind": "dm", "message": message, "convo": "c", "me": BRAND["did"], "group": True}
    item = parsed(Raw("m", {**payload, "members": [BRAND, ANA, LUIS]}))
    assert (item.author.handle, item.contact.id, item.contact.handle) == (
        "luis.bsky.social",
        "c",
        "ana.bsky.social, luis.bsky.social",
    )


async def test_an_account_marked_as_automated_is_known_as_one(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """A5: it gets no automatic answer; a label that was taken back counts no more."""
    label = {"src": "did:plc:robot", "val": "bot"}
    robots = [
        {"did": f"did:plc:r{n}", "handle": f"r{n}.bsky.social", "labels": labels}
        for n, labels in enumerate([[label], [label | {"neg": True}], [{"val": "nudity"}], "?"])
    ]
    for robot in robots:
        bluesky.mention("¿Hola?", author=robot)
    items = {item.author.handle: item.author.robot for item in (await read(connector))[0]}
    assert items == {
        "r0.bsky.social": True,
        "r1.bsky.social": False,
        "r2.bsky.social": False,
        "r3.bsky.social": False,
    }


async def test_a_page_full_of_old_posts_starves_no_newer_one(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """A1: while a long history is walked down, what arrives meanwhile is there a few calls later."""
    for number in range(450):
        bluesky.mention(f"antiguo {number}")
        bluesky.clock.moment += timedelta(minutes=5)
    bluesky.page_size = 20
    page = await connector.fetch("")
    assert page.more
    bluesky.mention("¿Hola?")
    calls = 1
    while not any("¿Hola?" in item.text for raw in page.items for item in connector.parse(raw)):
        page = await connector.fetch(page.cursor)
        calls += 1
        assert calls <= 8
