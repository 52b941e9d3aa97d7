"""Odd answers of Meta's: trouble in one part, empty pages, comments that were held back, addresses that lead elsewhere (NEEDS A1, B3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_meta import ANA, GRAM_ANA, LUIS, PAGE, FakeMeta, Safe, no
from contract.fake_relay import RELAY
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Act, RateLimited, Rejected, Temporary
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector

pytestmark = pytest.mark.anyio
MUCH = no(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)
LIMIT = no(80002, "There have been too many calls to this Instagram account.")


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


def instead(server: FakeMeta, part: str, answer: httpx.Response) -> None:
    """Answer so whatever has that in its path."""

    async def said(request: httpx.Request) -> httpx.Response | None:
        return answer if part in request.url.path else None

    server.answer = said


async def test_trouble_with_comments_keeps_no_message_away(server: FakeMeta, page: FacebookConnector) -> None:
    """Meta cannot list the posts of some pages for hours; Messenger goes on, and the trouble is told when nothing comes."""
    server.whisper("¿Abren hoy?")
    instead(server, "/feed", MUCH)
    found = await page.fetch("")
    assert [item.text for raw in found.items for item in page.parse(raw)] == ["¿Abren hoy?"]
    server.clock.moment += timedelta(hours=1)
    with pytest.raises(Temporary):
        await page.fetch(found.cursor)
    server.answer = None
    server.comment("¿Y mañana?", server.post()["id"])
    assert "¿Y mañana?" in words((await read(page, found.cursor))[0])


async def test_a_limit_inside_a_long_thread_skips_no_stretch(
    server: FakeMeta, gram: InstagramConnector
) -> None:
    """Comments were read, their answers were not: the list goes on from before them."""
    server.remark("primera", server.picture()["id"])
    old = server.picture()["id"]
    for number in range(700):
        top = server.remark(f"c{number}", old)
    for number in range(60):
        server.remark(f"r{number}", old, to=top["id"])
    instead(server, "/replies", LIMIT)
    first = await gram.fetch("")
    server.answer = None
    raws, _ = await testing.read(gram, first.cursor)
    said = {item.text for raw in [*first.items, *raws] for item in gram.parse(raw)}
    assert said == {
        "primera",
        *(f"c{number}" for number in range(700)),
        *(f"r{number}" for number in range(60)),
    }


async def test_messages_behind_an_empty_page(server: FakeMeta, page: FacebookConnector) -> None:
    """Facebook 12: an empty page with more behind it, in a conversation, too."""
    server.whisper("Hola")

    async def empty_first(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/messages") and "after" not in request.url.params:
            paging = {"cursors": {"after": "0"}, "next": "https://graph.facebook.com/x?after=0"}
            return httpx.Response(200, json={"data": [], "paging": paging})
        return None

    server.answer = empty_first
    assert words((await read(page))[0]) == ["Hola"]


async def test_a_conversation_without_its_rows_is_asked_for_again(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """An answer that has none of what every list has is no empty conversation."""
    server.whisper("Hola")
    instead(server, "/messages", httpx.Response(200, json={}))
    server.comment("Bonitas", server.post()["id"])
    first = await page.fetch("")
    server.answer = None
    server.clock.moment += timedelta(hours=1)
    server.whisper("Buenas", LUIS)
    assert words((await read(page, first.cursor))[0]) == ["Hola", "Buenas"]


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1)])
async def test_a_comment_that_was_held_back_is_found(
    server: FakeMeta, page: FacebookConnector, later: timedelta
) -> None:
    """Facebook lets it be seen later, with the time at which it was written."""
    post = server.post()["id"]
    held = server.comment("¿Tienen la 40?", post, LUIS)
    del server.comments[held["id"]]
    server.clock.moment += timedelta(hours=1)
    server.comment("Bonitas", post, ANA)
    found, cursor = await read(page)
    assert words(found) == ["Bonitas"]
    server.clock.moment += later
    server.comments = {held["id"]: held, **server.comments}
    assert "¿Tienen la 40?" in words((await read(page, cursor))[0])


async def test_an_address_that_facebook_wraps_is_no_edit(server: FakeMeta, page: FacebookConnector) -> None:
    """It is signed anew each time it is told; what is shown is where it leads."""
    wrapped = "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Foferta&h=AT{}&s=1"
    post = server.post()["id"]
    shown = {
        "type": "share",
        "url": wrapped.format(1),
        "target": {"url": wrapped.format(1)},
        "title": "Oferta",
    }
    made = server.comment("Miren", post, attachment=shown)
    raws, _ = await testing.read(page, "")
    [item] = [item for raw in raws for item in page.parse(raw)]
    assert item.attachments[0].description == "Oferta https://example.org/oferta"
    made["attachment"] = {**shown, "url": wrapped.format(2), "target": {"url": wrapped.format(2)}}
    again = await page.fetch("")
    assert [raw.payload for raw in again.items] == [raw.payload for raw in raws]


@pytest.mark.parametrize(
    "address",
    ["https://l.facebook.com/l.php?u=", "https://l.facebook.com/l.php?h=1", "https://l.facebook.com:x/l.php"],
)
async def test_a_wrapped_address_that_leads_nowhere(
    server: FakeMeta, page: FacebookConnector, address: str
) -> None:
    """It stays as it is."""
    server.comment("Miren", server.post()["id"], attachment={"type": "share", "url": address})
    assert words((await read(page))[0]) == ["Miren"]


async def test_an_edited_comment_on_instagram_is_told(server: FakeMeta, gram: InstagramConnector) -> None:
    """No list and no webhook tells of it: it is seen at the next look."""
    made = server.remark("¿Tienen la 40?", server.picture()["id"], GRAM_ANA)
    raws, _ = await testing.read(gram, "")
    assert not await gram.revisit(raws)
    made["text"] = "¿Tienen la 41?"
    [changed] = await gram.revisit(raws)
    [item] = gram.parse(changed)
    assert (item.id, item.text) == (made["id"], "¿Tienen la 41?")


async def test_a_limit_while_nothing_was_read_is_told(server: FakeMeta, gram: InstagramConnector) -> None:
    """So that the desk waits as long as Meta asks."""
    server.picture()
    instead(server, "/media", LIMIT)
    with pytest.raises(RateLimited):
        await gram.fetch("")


async def test_trouble_with_what_the_relay_tells_is_told(server: FakeMeta) -> None:
    """What the lists have comes first; nothing is asked again at once without end."""
    server.whisper("Hola")
    value = {"item": "comment", "verb": "add", "comment_id": "7_8", "post_id": f"{PAGE}_7", "message": "x"}
    change = {"field": "feed", "value": {**value, "created_time": int(server.clock.now().timestamp())}}
    server.relay.bring({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [change]}]})
    instead(server, "/7_8", no(2, "Service temporarily unavailable", status=500))
    host = server.host(Safe(server.system, relay_key=server.relay.key), relay=RELAY)
    async with host.http:
        page = FacebookConnector(host)
        first = await page.fetch("")
        assert [item.text for raw in first.items for item in page.parse(raw)] == ["Hola"]
        with pytest.raises(Temporary):
            await page.fetch(first.cursor)
        server.answer = None
        assert "x" in words((await read(page, first.cursor))[0])


async def test_an_act_that_had_no_success_is_told(server: FakeMeta, page: FacebookConnector) -> None:
    """Meta may say so with a good status."""
    made = server.comment("Hola", server.post()["id"])
    instead(server, made["id"], httpx.Response(200, json={"success": False}))
    with pytest.raises(Rejected):
        await page.act(Act.HIDE, {"comment": made["id"]})
    assert not server.hidden


async def test_nobody_by_that_number_in_messenger(server: FakeMeta, page: FacebookConnector) -> None:
    """The person's number is another one, or is gone: no fault of the words."""
    server.whisper("Hola")
    [asked] = (await read(page))[0]
    server.rooms.clear()
    with pytest.raises(Rejected) as refusal:
        await page.send(reply_to(asked, page))
    assert refusal.value.code == "person_unavailable"


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1)])
async def test_a_comment_that_was_let_through_on_instagram_is_found(
    server: FakeMeta, gram: InstagramConnector, later: timedelta
) -> None:
    """Of somebody restricted: it bears the time at which it was written."""
    media = server.picture()["id"]
    server.remark("antigua", media, GRAM_ANA)
    server.clock.moment += timedelta(days=40)
    held = server.remark("¿Tienen la 40?", media, {"id": "902", "username": "luis"})
    below = server.media[media]["_comments"]
    below.remove(held)
    server.clock.moment += timedelta(hours=1)
    server.remark("Bonitas", media, GRAM_ANA)
    _, cursor = await read(gram)
    server.remark("Preciosas", media, GRAM_ANA)
    found, cursor = await read(gram, cursor)
    assert "Preciosas" in words(found)
    server.clock.moment += later
    below.insert(1, held)
    assert set(words((await read(gram, cursor))[0])) == {"¿Tienen la 40?", "Bonitas", "Preciosas"}


@pytest.mark.parametrize("odd", [{}, {"data": [{"id": "t_1"}]}])
async def test_facebook_7_an_odd_answer_is_no_proof_that_nothing_left(
    server: FakeMeta, page: FacebookConnector, odd: dict[str, object]
) -> None:
    """Neither a list without its rows nor a conversation without its messages: it is looked for again."""
    server.whisper("Hola")
    [asked] = (await read(page))[0]
    outgoing = reply_to(asked, page)
    await page.send(outgoing)
    instead(server, "/conversations", httpx.Response(200, json=odd))
    with pytest.raises(Temporary):
        await page.find_sent(outgoing)
    server.answer = None
    assert await page.find_sent(outgoing) is not None
