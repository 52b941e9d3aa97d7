"""The traps of Facebook, Messenger and Instagram, by their numbers in the list of nasty cases (NEEDS A1, A4, B1, B3, G3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_meta import ANA, LUIS, PSID, SHOP, FakeMeta, Safe, no
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import (
    AuthRequired,
    Connector,
    Direction,
    Kind,
    Media,
    Outgoing,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector

pytestmark = pytest.mark.anyio
HUMAN = {"human_agent": "yes"}


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the host does: httpx writes no address, and with it no token that is asked about, to any log."""
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


async def answering(connector: Connector, text: str, **changes: Any) -> Outgoing:
    """An answer to what a customer wrote last."""
    items, _ = await read(connector)
    asked = [item for item in items if item.direction is Direction.IN]
    return replace(reply_to(max(asked, key=lambda item: item.at), connector, text), **changes)


# Facebook and Messenger ------------------------------------------------------------


@pytest.mark.parametrize("who", [None, {"name": "Ana"}, {"id": None, "name": None}])
async def test_facebook_1_somebody_whom_privacy_hides(
    server: FakeMeta, page: FacebookConnector, who: dict[str, Any] | None
) -> None:
    """The comment is there, and is answered by its number."""
    post = server.post()
    server.comment("¿Abren?", post["id"], who)
    outgoing = await answering(page, "Sí")
    await page.send(outgoing)
    assert server.said() == ["Sí"]
    items, _ = await read(page)
    assert len({item.conversation for item in items}) == 1, "question and answer stand together"


async def test_facebook_3_our_own_answer_comes_back_as_ours(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """In public and in private, by its number, whoever wrote it."""
    post = server.post()
    asked = server.comment("¿Abren?", post["id"])
    server.comment("Mañana sí", asked["id"], SHOP)
    server.comment("¡Gracias a todos!", post["id"], SHOP)
    server.whisper("¿Y el domingo?")
    outgoing = await answering(page, "También")
    receipt = await page.send(outgoing)
    items, _ = await read(page)
    ours = {item.id: (item.text, item.contact.name) for item in items if item.direction is Direction.OUT}
    assert ours.pop(receipt.id) == ("También", "Ana")
    assert list(ours.values()) == [("Mañana sí", "Ana")]


async def test_facebook_4_no_retired_tag_is_used(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """Late answers leave as a person's, or not at all."""
    sent: list[Any] = []

    async def listens(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/messages") and request.method == "POST":
            sent.append(request.content.decode())
        return None

    server.answer = listens
    server.whisper("¿Hola?")
    outgoing = await answering(page, "Hola")
    await page.send(outgoing)
    clock.moment += timedelta(hours=25)
    with pytest.raises(Rejected) as told:
        await page.send(replace(outgoing, at=clock.now()))
    assert told.value.code == "window_closed"
    assert len(sent) == 1 and "tag" not in sent[0]


async def test_facebook_5_the_longer_window_is_for_persons_only(server: FakeMeta, clock: ManualClock) -> None:
    """An automatic text keeps to the 24 hours even where Meta allows more."""
    server.human_agent = True
    host = server.host(Safe(server.system), **HUMAN)
    async with host.http:
        page = FacebookConnector(host)
        server.whisper("¿Hola?")
        outgoing = await answering(page, "Hola")
        clock.moment += timedelta(days=2)
        with pytest.raises(Rejected) as told:
            await page.send(replace(outgoing, at=clock.now(), automatic=True))
        assert told.value.code == "window_closed"
        await page.send(replace(outgoing, at=clock.now()))
        assert server.said() == ["Hola"]


async def test_facebook_6_the_window_begins_with_what_the_person_wrote_last(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """Not with our last answer; and the network's word counts."""
    server.whisper("¿Hola?")
    clock.moment += timedelta(hours=23)
    outgoing = await answering(page, "Hola")
    await page.send(outgoing)
    clock.moment += timedelta(hours=2)
    with pytest.raises(Rejected):
        await page.send(replace(outgoing, text="¿Sigue ahí?", at=clock.now()))
    always(server, "/messages", no(10, "(#10) This message is sent outside of allowed window.", 2018065))
    with pytest.raises(Rejected) as told:
        await page.send(outgoing)
    assert told.value.code == "window_closed"


async def test_facebook_8_a_comment_without_words(server: FakeMeta, page: FacebookConnector) -> None:
    """A photo, a sticker: what came is named."""
    post = server.post()
    image = {"image": {"src": "https://scontent.xx.fbcdn.net/v/1.jpg"}}
    server.comment(None, post["id"], attachment={"type": "sticker", "media": image})
    ((item,), _) = await read(page)
    assert (item.text, [one.media for one in item.attachments]) == ("", [Media.STICKER])


async def test_facebook_9_a_person_who_cannot_be_reached(server: FakeMeta, page: FacebookConnector) -> None:
    """A definite no for this person, and nothing wrong with the sign-in."""
    server.whisper("¿Hola?")
    outgoing = await answering(page, "Hola")
    always(server, "/messages", no(551, "This person isn't available right now.", 1545041))
    with pytest.raises(Rejected) as told:
        await page.send(outgoing)
    assert told.value.code == "person_unavailable"


async def test_facebook_10_the_code_counts_before_the_subcode(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """An unknown subcode of 10 is a permission, and keeps Meta's words."""
    server.whisper("¿Hola?")
    outgoing = await answering(page, "Hola")
    always(server, "/messages", no(10, "Requires pages_messaging", 999))
    with pytest.raises(Rejected) as told:
        await page.send(outgoing)
    assert (told.value.code, told.value.detail) == ("permission_missing", "Requires pages_messaging")


async def test_facebook_11_what_cannot_be_seen_any_more_is_marked(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """Deleted or forbidden: the words are kept."""
    post = server.post()
    asked = server.comment("¿Abren?", post["id"])
    raws, _ = await testing.read(page)
    del server.comments[asked["id"]]
    assert await page.revisit(raws) == [], "one look may be wrong"
    (gone,) = await page.revisit(raws)
    (item,) = page.parse(gone)
    assert item.deleted and item.text == "¿Abren?"


async def test_facebook_12_an_empty_page_with_more_behind_it(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """Privacy empties pages; only the missing link ends a list. No cursor of theirs outlives the call."""
    post = server.post()
    server.comment("la vieja", post["id"])
    served = 0

    async def empties(request: httpx.Request) -> httpx.Response | None:
        nonlocal served
        if "/comments" in request.url.path and "after" not in request.url.params:
            served += 1
            paging = {"cursors": {"after": "0"}, "next": "https://graph.facebook.com/next"}
            return httpx.Response(200, json={"data": [], "paging": paging})
        return None

    server.answer = empties
    page_ = await page.fetch("")
    assert served == 1 and "after" not in page_.cursor
    assert [page.parse(raw)[0].text for raw in page_.items] == ["la vieja"]


async def test_a_persons_key_reads_nothing_so_the_pages_own_is_used(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """With the wrong one the lists are empty, without an error."""
    server.comment("¿Abren?", server.post()["id"])
    assert words((await read(page))[0]) == ["¿Abren?"]


async def test_which_page(server: FakeMeta) -> None:
    """Several: the person is told their names; a wrong one is told as such."""
    server.pages.append(
        {"id": "101", "name": "El Taller", "access_token": server.page_key, "instagram_business_account": {}}
    )
    for options, code in (({}, "which_page"), ({"page": "No existe"}, "no_such_page")):
        host = server.host(Safe(server.system), **options)
        async with host.http:
            with pytest.raises(AuthRequired) as told:
                await FacebookConnector(host).check()
        assert told.value.code == code
    host = server.host(Safe(server.system), page="La Tienda")
    async with host.http:
        assert (await FacebookConnector(host).check()).remote_id == "100"


async def test_what_the_token_may_not_do_is_named(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """A task that the page did not give, a permission that was not asked for, an end that is near."""
    server.tasks = ["MODERATE"]
    server.scopes = ["pages_read_engagement", "pages_messaging", "pages_manage_engagement"]
    server.expires = int((clock.now() + timedelta(days=9)).timestamp())
    assert (await page.check()).lacking == ("dm_not_allowed", "reading_not_allowed", "token_ends_soon")


@pytest.mark.parametrize("given", ["page", "gram"])
async def test_the_proof_of_the_apps_secret(server: FakeMeta, given: str) -> None:
    """Where the app demands it, with each call, for the key that is used."""
    server.demands_proof = True
    kind = FacebookConnector if given == "page" else InstagramConnector
    host = server.host(Safe(server.system, server.app_secret))
    async with host.http:
        await kind(host).check()
        await kind(host).fetch("")


async def test_a_visitors_post_is_a_message(server: FakeMeta, page: FacebookConnector) -> None:
    """And is answered below it."""
    server.post("¿Esto es normal?", LUIS)
    server.post("Rebajas")
    outgoing = await answering(page, "Lo miramos")
    await page.send(outgoing)
    items, _ = await read(page)
    assert [(item.text, item.kind) for item in items if item.direction is Direction.IN] == [
        ("¿Esto es normal?", Kind.MENTION)
    ]
    assert server.said()[-1] == "Lo miramos"


async def test_only_changed_posts_are_read_again(server: FakeMeta, page: FacebookConnector) -> None:
    """There is no list of new comments, and calls are counted."""
    posts = [server.post(f"post {number}") for number in range(45)]
    for one in posts:
        server.comment("hola", one["id"])
    items, cursor = await read(page)
    assert len(items) == 45
    server.calls.clear()
    server.comment("¿y esto?", posts[7]["id"], LUIS)
    items, _ = await read(page, cursor)
    assert "¿y esto?" in words(items)
    assert [path for _, path, _ in server.calls if path.endswith("/comments")] == [
        f"/v26.0/{posts[7]['id']}/comments"
    ]


async def test_a_comment_is_answered_privately_once(server: FakeMeta, page: FacebookConnector) -> None:
    """Into a conversation that the receipt names; the second time is refused, and the first is found."""
    server.comment("Mi pedido no llega", server.post()["id"])
    outgoing = await answering(page, "¿Nos da el número?", private=True, opens=True)
    receipt = await page.send(outgoing)
    assert receipt.conversation == f"dm|{PSID[ANA['id']]}"
    with pytest.raises(Rejected) as told:
        await page.send(outgoing)
    assert told.value.code == "private_once"
    found = await page.find_sent(outgoing)
    assert found is not None and (found.id, found.conversation) == (receipt.id, receipt.conversation)


async def test_recommendations_are_reviews(server: FakeMeta, page: FacebookConnector) -> None:
    """Answered where a story of them exists."""
    common = {
        "created_time": server.stamp(),
        "reviewer": {"id": "5", "name": "Eva"},
        "review_text": "Mal trato",
    }
    server.ratings.append({**common, "recommendation_type": "negative", "open_graph_story": {"id": "77"}})
    ((item,), _) = await read(page)
    assert (item.kind, item.title, item.text, item.remote["comment"]) == (
        Kind.REVIEW,
        "👎",
        "Mal trato",
        "77",
    )
    assert item.rating is None, "a thumb is no number of stars"


@pytest.mark.parametrize(("given", "kept"), [(2, 2), (7, None), ("5", None), (True, None), (None, None)])
async def test_reviews_from_before_the_recommendations_have_stars(
    server: FakeMeta, page: FacebookConnector, given: object, kept: int | None
) -> None:
    server.ratings.append(
        {"created_time": server.stamp(), "reviewer": {"id": "5", "name": "Eva"}, "rating": given}
    )
    ((item,), _) = await read(page)
    assert (item.kind, item.rating, item.title) == (Kind.REVIEW, kept, "")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (no(190, "expired", 463), AuthRequired, "token_ended"),
        (no(4, "Application request limit reached"), RateLimited, "rate_limited"),
        (no(368, "The action attempted has been deemed abusive"), RateLimited, "behaviour_limit"),
        (no(2, "Service temporarily unavailable", is_transient=True), Temporary, "temporary"),
        (no(4, "Application request limit reached", is_transient=True), RateLimited, "rate_limited"),
        (no(80002, "too many calls to this Instagram account"), RateLimited, "rate_limited"),
        (httpx.Response(200, json={"error": {"code": 190, "message": "x"}}), AuthRequired, "auth_required"),
    ],
)
async def test_errors_by_their_codes(
    server: FakeMeta, page: FacebookConnector, answer: httpx.Response, kind: type[Exception], code: str
) -> None:
    """The status is 400 or 403 for all, and 200 now and then."""
    always(server, "/feed", answer)
    with pytest.raises(kind) as told:
        await page.fetch("")
    assert getattr(told.value, "code", "") == code


async def test_while_meta_counts_much_what_can_wait_waits(
    server: FakeMeta, page: FacebookConnector, clock: ManualClock
) -> None:
    """Above 80 percent the lists beside are read five times less often."""
    server.usage = {"100": [{"type": "pages", "call_count": 85}]}
    _, cursor = await read(page)
    server.calls.clear()
    clock.moment += timedelta(minutes=11)
    await read(page, cursor)
    assert not any("tagged" in path or "ads" in path for _, path, _ in server.calls)
