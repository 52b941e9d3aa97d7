"""What reading from Meta must bear: long lists, old posts, limits in the middle, parts that are not allowed (NEEDS A1, A4, B3)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_meta import ANA, GRAM_ANA, GRAM_SHOP, LUIS, PAGE, SHOP, FakeMeta, Safe, no
from contract.reading import read, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Direction
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector

pytestmark = pytest.mark.anyio
GRAM_LUIS = {"id": "902", "username": "luis"}
LIMIT = no(80001, "There have been too many calls to this Page account.")


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
    """The page."""
    host = server.host(Safe(server.system))
    async with host.http:
        yield FacebookConnector(host)


@pytest.fixture
async def gram(server: FakeMeta) -> AsyncIterator[InstagramConnector]:
    """The account on Instagram."""
    host = server.host(Safe(server.system))
    async with host.http:
        yield InstagramConnector(host)


def always(server: FakeMeta, part: str, answer: httpx.Response) -> None:
    """Answer so whatever has that in its address."""

    async def instead(request: httpx.Request) -> httpx.Response | None:
        return answer if part in str(request.url) else None

    server.answer = instead


def comments_asked(server: FakeMeta) -> int:
    """How often comments were asked for since the calls were cleared."""
    return sum(path.endswith("/comments") for _, path, _ in server.calls)


# Old posts, counts, replies ------------------------------------------------------------


async def test_a_comment_on_an_old_post_is_found(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """Months old, behind a hundred newer ones: at the next sweep; and nothing from before the desk began."""
    old = server.post("de hace meses")["id"]
    server.comment("de entonces", old)
    clock.moment += timedelta(days=90)
    for number in range(120):
        server.post(f"nuevo {number}")
    items, cursor = await read(page)
    assert words(items) == []
    clock.moment += timedelta(hours=7)
    server.comment("¿Todavía vale?", old, LUIS)
    items, cursor = await read(page, cursor)
    assert words(items) == ["¿Todavía vale?"]


async def test_a_comment_below_an_old_picture_is_found(
    server: FakeMeta, gram: InstagramConnector, clock: ManualClock
) -> None:
    """On Instagram likewise."""
    old = server.picture("de hace meses")["id"]
    server.remark("de entonces", old)
    clock.moment += timedelta(days=90)
    for _ in range(60):
        server.picture()
    items, cursor = await read(gram)
    assert words(items) == []
    clock.moment += timedelta(hours=7)
    server.remark("¿Todavía?", old, GRAM_LUIS)
    assert words((await read(gram, cursor))[0]) == ["¿Todavía?"]


async def test_a_reply_moves_no_post_and_is_counted(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """The usual count is that of first comments only."""
    top = server.comment("¿Abren?", server.post()["id"])
    _, cursor = await read(page)
    clock.moment += timedelta(minutes=1)
    server.comment("yo también pregunto", top["id"], LUIS)
    assert "yo también pregunto" in words((await read(page, cursor))[0])


async def test_an_answer_deep_in_many_threads_is_found_without_reading_them_all(
    server: FakeMeta, gram: InstagramConnector, clock: ManualClock
) -> None:
    """Threads are gone through until there are as many new ones as are told of."""
    media = server.picture()["id"]
    tops = []
    for number in range(400):
        clock.moment += timedelta(seconds=1)
        tops.append(server.remark(f"t{number}", media))
    _, cursor = await read(gram)
    clock.moment += timedelta(hours=1)
    server.remark("¿y yo?", media, GRAM_LUIS, tops[280]["id"])
    server.calls.clear()
    items, cursor = await read(gram, cursor)
    assert "¿y yo?" in words(items) and comments_asked(server) == 4
    clock.moment += timedelta(seconds=1)
    server.remark("el último", media, GRAM_LUIS)
    server.calls.clear()
    items, cursor = await read(gram, cursor)
    assert "el último" in words(items) and comments_asked(server) <= 2


async def test_a_picture_whose_comments_are_not_counted_is_read(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """The count may be missing."""
    media = server.picture()
    server.remark("¿Precio?", media["id"])
    about = {key: media[key] for key in ("id", "caption", "timestamp")}
    always(server, "/media", httpx.Response(200, json={"data": [about]}))
    assert words((await read(gram))[0]) == ["¿Precio?"]


# Who is answered ----------------------------------------------------------------------


async def test_an_answer_from_elsewhere_below_a_visitors_post_ends_the_wait(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """It stands in the conversation of the post; so does what its writer adds."""
    post = server.post("¿Esto es normal?", LUIS)["id"]
    server.comment("¿Hola?", post, LUIS)
    server.comment("Lo miramos", post, SHOP)
    items, _ = await read(page)
    assert {item.conversation for item in items} == {f"{post}|{LUIS['id']}"}
    assert [(item.text, item.direction) for item in items if item.direction is Direction.OUT] == [
        ("Lo miramos", Direction.OUT)
    ]


async def test_an_answer_in_a_thread_of_several_is_for_whom_it_names(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """Not for whoever began it."""
    top = server.comment("¿Abren?", server.post()["id"])
    server.comment("¿Y el lunes?", top["id"], LUIS)
    tags = [{"id": LUIS["id"], "name": "Luis", "type": "user", "offset": 0, "length": 4}]
    server.comment("Luis, también", top["id"], SHOP, message_tags=tags)
    items, _ = await read(page)
    (ours,) = [item for item in items if item.direction is Direction.OUT]
    assert ours.contact.id == LUIS["id"] and ours.conversation == f"{top['id']}|{LUIS['id']}"


async def test_an_answer_below_our_own_comment_is_for_the_customer_before_it(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """Nobody has a conversation with themselves."""
    ours = server.comment("¡Concurso!", server.post()["id"], SHOP)
    server.comment("¿Hasta cuándo?", ours["id"], LUIS)
    server.comment("Hasta el lunes", ours["id"], SHOP)
    items, _ = await read(page)
    assert {(item.text, item.conversation) for item in items} == {
        ("¿Hasta cuándo?", f"{ours['id']}|{LUIS['id']}"),
        ("Hasta el lunes", f"{ours['id']}|{LUIS['id']}"),
    }


async def test_an_answer_on_instagram_is_for_whom_it_names(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """As the app writes it, with the name before it."""
    media = server.picture()["id"]
    top = server.remark("¿Precio?", media)
    server.remark("¿Y en azul?", media, GRAM_LUIS, top["id"])
    server.remark("@luis Igual", media, GRAM_SHOP, top["id"])
    items, _ = await read(gram)
    (ours,) = [item for item in items if item.direction is Direction.OUT]
    assert ours.conversation == f"{top['id']}|{GRAM_LUIS['id']}"


async def test_strangers_below_a_post_that_names_the_page_are_left_out(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """A newspaper names the page, a thousand people comment: who names it, or is answered by it, concerns it."""
    paper = {"id": "600", "name": "El Diario"}
    post = server.post("La Tienda abre el domingo", paper)
    server.comment("qué bien", post["id"])
    server.comment("¿La Tienda?", post["id"], LUIS, message_tags=[{"id": PAGE, "name": "La Tienda"}])
    tagged = server.posts.pop(post["id"])
    summary = {"comments": {"summary": {"total_count": 2}}}
    always(server, "/tagged", httpx.Response(200, json={"data": [{**tagged, **summary}]}))
    server.posts[post["id"]] = tagged
    always_feed = server.answer

    async def both(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/feed"):
            return httpx.Response(200, json={"data": []})
        assert always_feed is not None
        return await always_feed(request)

    server.answer = both
    assert sorted(words((await read(page))[0])) == ["La Tienda abre el domingo", "¿La Tienda?"]


# What is not allowed, or changes by itself ---------------------------------------------


async def test_messages_that_are_not_allowed_hide_no_comment(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """And are named as missing; so is what may be read again."""
    server.comment("¿Abren?", server.post()["id"])
    always(server, "/conversations", no(200, "Requires pages_messaging", status=403))
    found = await page.fetch("")
    assert len(found.items) == 1 and found.lacking == ("dm_not_allowed",)
    server.answer = None
    assert (await page.fetch(found.cursor)).lacking == ()


async def test_comments_that_are_not_allowed_hide_no_message(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """The other way round."""
    server.whisper("¿Hola?")
    always(server, "/feed", no(10, "Requires pages_read_engagement", status=403))
    found = await page.fetch("")
    assert len(found.items) == 1 and found.lacking == ("reading_not_allowed",)


async def test_one_conversation_that_cannot_be_read_hides_no_other(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """A definite no to one of them."""
    server.whisper("uno")
    server.whisper("dos", LUIS)
    always(server, f"t_messenger_9{ANA['id']}/messages", no(100, "Unsupported get request", 33))
    assert words((await read(page))[0]) == ["dos"]


async def test_a_conversation_without_messages_hides_no_other(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """A field without anything is left out."""
    server.whisper("uno", GRAM_ANA, gram=True)
    server.whisper("dos", GRAM_LUIS, gram=True)
    always(server, f"/t_instagram_{GRAM_ANA['id']}?", httpx.Response(200, json={"id": "t"}))
    assert words((await read(gram))[0]) == ["dos"]


async def test_one_post_that_cannot_be_read_hides_no_other(server: FakeMeta, page: FacebookConnector) -> None:
    """Deleted between two calls."""
    first = server.post()["id"]
    server.comment("uno", first)
    server.comment("dos", server.post()["id"])
    always(server, f"{first}/comments", no(100, "Unsupported get request", 33))
    assert words((await read(page))[0]) == ["dos"]


async def test_signed_addresses_are_no_edits_and_files_are_asked_for_anew(
    server: FakeMeta, page: FacebookConnector, gram: InstagramConnector
) -> None:
    """Each answer signs them anew: what is stored stays the same, and a file comes from where it lies now."""
    address = "https://scontent-mad1-1.xx.fbcdn.net/v/1.jpg"
    server.files["/v/1.jpg"] = b"picture"
    media = {"image": {"src": address}}
    server.comment("¿Esto?", server.post()["id"], attachment={"type": "photo", "media": media})
    server.whisper("mira", attachments={"data": [{"image_data": {"url": address}, "name": "1"}]})
    server.whisper("mira", GRAM_ANA, gram=True, story={"mention": {"link": address, "id": "4"}})
    for connector, many in ((page, 2), (gram, 1)):
        first, _ = await testing.read(connector)
        second, _ = await testing.read(connector)
        assert {raw.id: raw.payload for raw in first} == {raw.id: raw.payload for raw in second}
        assert "fbcdn" not in json.dumps([raw.payload for raw in first])
        remotes = [one.remote for item in testing.understood(connector, first) for one in item.attachments]
        assert len(remotes) == many
        for remote in remotes:
            assert await connector.download(remote, 100) == b"picture"


async def test_no_key_is_stored_with_a_message(
    server: FakeMeta, page: FacebookConnector, gram: InstagramConnector
) -> None:
    """Meta writes it into the addresses of pages, also of those inside a message."""
    paging = {"next": f"https://graph.facebook.com/x?access_token={server.page_key}"}
    server.whisper("mira", attachments={"data": [], "paging": paging}, shares={"data": [], "paging": paging})
    media = server.picture()["id"]
    top = server.remark("¿Precio?", media)
    for number in range(60):
        server.remark(f"yo {number}", media, GRAM_LUIS, top["id"])
    for connector in (page, gram):
        raws, _ = await testing.read(connector)
        assert raws and "access_token" not in json.dumps([raw.payload for raw in raws])


async def test_a_busy_account_is_visited_less(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """Above 80 percent each five minutes, until Meta counts less."""
    server.usage = {"100": [{"type": "pages", "call_count": 91, "total_time": "12"}]}
    _, cursor = await read(page)
    await page.fetch(cursor)
    server.calls.clear()
    clock.moment += timedelta(minutes=1)
    assert (await page.fetch(cursor)).cursor == cursor and server.calls == []
    clock.moment += timedelta(minutes=5)
    await page.fetch(cursor)
    assert server.calls
