"""What reading from Meta must bear: long lists, old posts, limits in the middle, parts that are not allowed (NEEDS A1, A4, B3)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_meta import ANA, GRAM_ANA, GRAM_SHOP, LUIS, PAGE, SHOP, FakeMeta, Safe, no
from contract.reading import read, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import AuthRequired, Direction, Kind, Media, RateLimited, Raw
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


# Long lists ---------------------------------------------------------------------------


async def test_ten_thousand_comments_come_in_stretches(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """None is lost, no visit asks for more than a bounded number of pages, and none begins again from the top."""
    post = server.post()["id"]
    for number in range(10_000):
        server.comment(f"c{number}", post)
        clock.moment += timedelta(seconds=1)
    cursor, said, visits = "", set[str](), 0
    while True:
        server.calls.clear()
        found = await page.fetch(cursor)
        cursor, visits = found.cursor, visits + 1
        said |= {item.text for raw in found.items for item in page.parse(raw)}
        assert comments_asked(server) <= 10 and len(cursor) < 1_000
        if not found.more:
            break
    assert len(said) == 10_000 and visits == 10
    server.calls.clear()
    server.comment("y otra", post, LUIS)
    assert "y otra" in words((await read(page, cursor))[0])
    assert comments_asked(server) <= 4


async def test_a_restart_in_a_long_list_loses_nothing(server: FakeMeta, clock: ManualClock) -> None:
    """Meta's own places are not kept: the list is read from its top again, also where a page was not stored."""
    post = server.post()["id"]
    for number in range(2_500):
        clock.moment += timedelta(seconds=1)
        server.comment(f"c{number}", post)
    said, cursor = set[str](), ""
    for turn in range(12):
        host = server.host(Safe(server.system))
        async with host.http:
            page = FacebookConnector(host)
            for stored in (True, turn % 2 == 0, True):
                found = await page.fetch(cursor)
                assert "after" not in found.cursor
                if stored:
                    cursor = found.cursor
                    said |= {item.text for raw in found.items for item in page.parse(raw)}
        if not found.more:
            break
    assert said == {f"c{number}" for number in range(2_500)}


async def test_a_place_that_is_gone_begins_the_list_anew(server: FakeMeta, page: FacebookConnector) -> None:
    """The comment that it pointed at was deleted."""
    post = server.post()["id"]
    for number in range(1_500):
        server.comment(f"c{number}", post)
    first = await page.fetch("")
    assert first.more
    refused = 0

    async def gone(request: httpx.Request) -> httpx.Response | None:
        nonlocal refused
        if request.url.params.get("after") == "1000":
            refused += 1
            return no(100, "Invalid parameter: after") if refused == 1 else None
        return None

    server.answer = gone
    raws, _ = await testing.read(page, first.cursor)
    assert refused == 2
    assert len({raw.id for raw in [*first.items, *raws]}) == 1_500


async def test_what_a_limit_cuts_is_kept_and_goes_on(server: FakeMeta, page: FacebookConnector) -> None:
    """The posts before it are stored; the next visit says how long to wait, and the one after reads the others."""
    for number in range(8):
        server.comment(f"c{number}", server.post()["id"])
    asked = 0

    async def cuts(request: httpx.Request) -> httpx.Response | None:
        nonlocal asked
        asked += request.url.path.endswith("/comments")
        return LIMIT if asked > 3 else None

    server.answer = cuts
    first = await page.fetch("")
    assert len(first.items) == 3 and first.more
    with pytest.raises(RateLimited):
        await page.fetch(first.cursor)
    server.answer = None
    raws, _ = await testing.read(page, first.cursor)
    found = testing.understood(page, [*first.items, *raws])
    assert {item.text for item in found} == {f"c{number}" for number in range(8)}


async def test_a_visit_that_fails_at_its_end_loses_no_stretch(server: FakeMeta, clock: ManualClock) -> None:
    """What was read before the relay's news failed was not stored, so it is read again."""
    vault = Safe(server.system, relay_key=server.relay.key)
    host = server.host(vault, relay="https://relay.example.org")
    async with host.http:
        page = FacebookConnector(host)
        post = server.post()["id"]
        for number in range(1_200):
            server.comment(f"c{number}", post)
        first = await page.fetch("")
        change = {"item": "comment", "verb": "add", "comment_id": "5_5", "post_id": post}
        entry = {"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": change}]}
        server.relay.bring({"object": "page", "entry": [entry]})
        always(server, "/5_5", no(190, "expired"))
        with pytest.raises(AuthRequired):
            await page.fetch(first.cursor)
        server.answer = None
        raws, _ = await testing.read(page, first.cursor)
        assert len({raw.id for raw in [*first.items, *raws]} - {"5_5"}) == 1_200


async def test_conversations_of_the_same_second_are_all_read(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """More than fit into one visit, with the same time."""
    for number in range(75):
        server.whisper(f"hola {number}", {"id": str(7000 + number), "name": f"n{number}"})
    assert len(words((await read(page))[0])) == 75


async def test_pages_of_posts_without_cursors(server: FakeMeta, page: FacebookConnector) -> None:
    """Some lists name an address only; the key in it goes nowhere."""
    server.timed_pages = True
    for number in range(70):
        server.comment(f"c{number}", server.post()["id"])
    assert len(words((await read(page))[0])) == 70


async def test_an_answer_without_rows_is_no_empty_list(server: FakeMeta, page: FacebookConnector) -> None:
    """An empty body with a good status must not make the desk forget what it knows."""
    server.comment("¿Abren?", server.post()["id"])
    _, cursor = await read(page)
    always(server, "/feed", httpx.Response(200))
    with pytest.raises(Exception, match="without its rows"):
        await page.fetch(cursor)


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


# The account ---------------------------------------------------------------------------


async def test_a_person_without_pages_is_no_page(server: FakeMeta, page: FacebookConnector) -> None:
    """A token that manages none answers for the person, whose lists are empty for ever."""
    server.pages = []
    with pytest.raises(AuthRequired) as told:
        await page.check()
    assert told.value.code == "no_such_page"


async def test_the_pages_of_a_large_business_are_all_looked_through(server: FakeMeta) -> None:
    """More than a hundred, over several pages of the list."""
    others = [{"id": str(5000 + n), "name": f"p{n}", "access_token": server.page_key} for n in range(120)]

    async def listed(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/me/accounts"):
            return server._page([*others, *server.pages], dict(request.url.params))
        return None

    server.answer = listed
    host = server.host(Safe(server.system), page="la tienda")
    async with host.http:
        assert (await FacebookConnector(host).check()).remote_id == PAGE


async def test_a_pages_key_that_died_is_got_anew(server: FakeMeta, page: FacebookConnector) -> None:
    """With the token that gave it."""
    _, cursor = await read(page)
    former, server.page_key = server.page_key, "another"
    server.pages[0]["access_token"] = "another"
    assert former != server.page_key
    with pytest.raises(AuthRequired):
        await page.fetch(cursor)
    await page.fetch(cursor)


async def test_leave_for_another_page_is_none_for_this_one(server: FakeMeta, page: FacebookConnector) -> None:
    """Meta grants some permissions page by page."""
    server.scopes = ["pages_read_engagement", "pages_read_user_content", "pages_messaging"]
    server.scopes += ["pages_manage_engagement"]
    server.granular = [{"scope": "pages_messaging", "target_ids": ["999"]}]
    assert (await page.check()).lacking == ("dm_not_allowed",)


async def test_instagrams_token_that_ends_soon_is_named(
    server: FakeMeta, gram: InstagramConnector, clock: ManualClock
) -> None:
    """As Facebook's is; and one of its own that cannot be renewed any more."""
    server.expires = int((clock.now() + timedelta(days=5)).timestamp())
    assert (await gram.check()).lacking == ("token_ends_soon",)
    host = server.host(Safe(server.own_key))
    async with host.http:
        own = InstagramConnector(host)
        await own.check()
        clock.moment += timedelta(days=2)
        await own.fetch("")
        always(server, "/refresh_access_token", no(190, "Cannot refresh", 463))
        clock.moment += timedelta(days=50)
        found = await own.fetch("")
        assert found.lacking == ("token_ends_soon",)


async def test_who_we_are_may_stand_in_a_list(server: FakeMeta) -> None:
    """Instagram's own sign-in documents its answer so."""
    host = server.host(Safe(server.own_key))
    async with host.http:
        always(server, "/me?", httpx.Response(200, json={"data": [{"user_id": "17", "username": "tienda"}]}))
        assert (await InstagramConnector(host).check()).remote_id == "17"


# Odd shapes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"from": None},
        {"message": "", "attachments": {"data": []}},
        {"attachments": {"data": [{"mime_type": "video/mp4", "size": "x"}, {}, None]}},
        {"shares": {"data": [{"link": "https://www.instagram.com/p/1/"}]}},
        {"sticker": "https://scontent.fbcdn.net/s.png"},
        {"story": {"from_the_future": 7}},
        {"is_unsupported": True},
        {"created_time": 1795341600},
        {"created_time": "1795341600000"},
        {"to": None, "from_the_future": {"x": [1]}},
    ],
)
async def test_odd_messages_are_read(server: FakeMeta, page: FacebookConnector, more: dict[str, Any]) -> None:
    """Without words they have a place."""
    message = {"id": "m_1", "created_time": "2026-11-22T09:00:00+0000", "from": {"id": "9"}, **more}
    payload = {"kind": "message", "message": message, "customer": {"id": "9"}}
    (item,) = page.parse(Raw("m|m_1", {**payload, "us": {"id": PAGE, "name": "x", "platform": "messenger"}}))
    assert item.id == "m|m_1" and item.conversation == "dm|9" and item.direction is Direction.IN
    assert item.text or item.attachments
    testing.well_formed(item)


async def test_a_message_of_ours_without_sender(page: FacebookConnector) -> None:
    """Whom it was for tells whose it is."""
    message = {"id": "m_1", "created_time": "2026-11-22T09:00:00+0000", "to": {"data": [{"id": "9"}]}}
    us = {"id": PAGE, "name": "x", "platform": "messenger"}
    (item,) = page.parse(Raw("m|m_1", {"kind": "message", "message": message, "customer": {}, "us": us}))
    assert (item.direction, item.conversation, item.author.id) == (Direction.OUT, "dm|9", PAGE)


async def test_a_comment_whose_number_is_withheld_is_seen(server: FakeMeta, page: FacebookConnector) -> None:
    """Without the task of moderating: it can be read, and not answered."""
    post = server.post()["id"]
    server.comment("¿Abren?", post)
    it = {"message": "¿Abren?", "created_time": server.stamp()}
    always(server, f"{post}/comments", httpx.Response(200, json={"data": [it]}))
    ((item,), _) = await read(page)
    assert (item.text, item.remote) == ("¿Abren?", {})


async def test_a_visitors_post_without_words_or_name(server: FakeMeta, page: FacebookConnector) -> None:
    """A photo by somebody whom privacy hides, answered from elsewhere."""
    post = server.post("", LUIS)
    post["from"] = None
    server.comment("¡Gracias!", post["id"], SHOP)
    items, _ = await read(page)
    asked, ours = sorted(items, key=lambda item: item.direction)
    assert asked.conversation == ours.conversation
    assert (asked.kind, asked.author.name) == (Kind.MENTION, "")
    assert {one.media for one in asked.attachments} <= {Media.OTHER}
