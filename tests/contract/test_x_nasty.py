"""X's traps, by their numbers in the list of nasty cases (NEEDS A1, A4, B1, B3)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_x import ANA, LUIS, ME, NOT_SUMMONED, SHOP, FakeX, Keys, problem
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import (
    Act,
    AuthRequired,
    Direction,
    Kind,
    Media,
    Outgoing,
    RateLimited,
    Raw,
    Rejected,
)
from socialdesk.connectors.x import XConnector
from socialdesk.connectors.x.shape import first_id, given_at

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeX:
    """An empty network."""
    return FakeX(clock)


@pytest.fixture
def vault(server: FakeX) -> Keys:
    """Signed in."""
    return Keys(server)


@pytest.fixture
async def shop(server: FakeX, vault: Keys) -> AsyncIterator[XConnector]:
    """The brand's account."""
    host = server.host(vault)
    async with host.http:
        yield XConnector(host)


async def answering(shop: XConnector, text: str, **changes: Any) -> Outgoing:
    """An answer to the only message there is."""
    ((item,), _) = await read(shop)
    return replace(reply_to(item, shop, text), **changes)


def always(server: FakeX, part: str, answer: httpx.Response) -> None:
    """Answer so whatever has that in its address."""

    async def instead(request: httpx.Request) -> httpx.Response | None:
        return answer if part in str(request.url) else None

    server.answer = instead


async def test_case_1_what_the_list_left_out_is_found_by_the_next_sweep(
    server: FakeX, shop: XConnector, clock: ManualClock
) -> None:
    """Twice a day a whole day is looked through again."""
    missed = server.write("@tienda ¿Alguien?")
    server.lost.add(missed["id"])
    clock.moment += timedelta(minutes=1)
    server.write("@tienda otra cosa", LUIS)
    items, cursor = await read(shop)
    assert [item.text for item in items] == ["otra cosa"]
    server.lost.clear()
    items, cursor = await read(shop, cursor)
    assert items == []
    clock.moment += timedelta(hours=12)
    items, cursor = await read(shop, cursor)
    assert "¿Alguien?" in [item.text for item in items]
    before = server.handed
    await read(shop, cursor)
    assert server.handed == before, "the sweep is over"


async def test_case_2_an_empty_page_keeps_the_place(server: FakeX, shop: XConnector) -> None:
    """No data, no newest id, even no meta: the next visit begins where this one did."""
    server.write("@tienda primero")
    _, cursor = await read(shop)
    for nothing in ({"meta": {"result_count": 0}}, {}, {"meta": None, "data": None}):
        always(server, "/mentions", httpx.Response(200, json=nothing))
        assert (await shop.fetch(cursor)).items == []
        cursor = (await shop.fetch(cursor)).cursor
    server.answer = None
    before = server.handed
    server.write("@tienda segundo")
    items, _ = await read(shop, cursor)
    assert [item.text for item in items] == ["segundo"] and server.handed == before + 1


@pytest.mark.parametrize(
    "told", [NOT_SUMMONED, "The original Tweet author restricted who can reply to this Tweet."]
)
async def test_case_3_an_answer_that_x_refuses_says_so_with_its_words(
    server: FakeX, shop: XConnector, told: str
) -> None:
    """A definite no: nothing is repeated, and the person reads why."""
    post = server.write("@tienda hola")
    server.closed[post["id"]] = told
    outgoing = await answering(shop, "Hola, Ana")
    with pytest.raises(Rejected) as no:
        await shop.send(outgoing)
    assert (no.value.code, no.value.detail) == ("reply_refused", told)
    assert server.said() == []


async def test_case_4_a_used_up_month_is_no_pace(server: FakeX, shop: XConnector, clock: ManualClock) -> None:
    """Nothing is asked again before X counts anew."""
    cap = problem(429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap", "usage-capped")
    headers = {"x-rate-limit-remaining": "39999", "x-rate-limit-reset": "1"}
    always(server, "/mentions", httpx.Response(429, json=cap.json(), headers=headers))
    with pytest.raises(RateLimited) as told:
        await shop.fetch("")
    assert told.value.code == "usage_cap"
    assert told.value.until == datetime(2026, 12, 1, tzinfo=UTC) > clock.now()


@pytest.mark.parametrize("part", ["/mentions", "/dm_events", "/search/recent"])
async def test_case_5_without_credits_everything_stops_and_says_so(
    server: FakeX, shop: XConnector, part: str
) -> None:
    """Whichever list meets it first."""
    always(server, part, problem(402, "CreditsDepleted", "No credits left."))
    with pytest.raises(AuthRequired) as told:
        await shop.fetch("")
    assert told.value.code == "credits_spent"


async def test_case_6_a_long_post_is_whole_with_its_own_addresses(server: FakeX, shop: XConnector) -> None:
    """The text beside it is cut, and its entities belong to the cut one."""
    long = "@tienda " + "muy larga " * 60 + "&amp; https://t.co/abc"
    urls = [{"url": "https://t.co/abc", "expanded_url": "https://example.org/p"}]
    note = {"text": long, "entities": {"urls": urls}}
    server.write("@tienda " + "muy larga " * 26 + "…", note_tweet=note)
    (item,) = (await read(shop))[0]
    assert item.text == ("muy larga " * 60).rstrip() + " & https://example.org/p"


async def test_addresses_of_pictures_and_quotes_are_no_words(server: FakeX, shop: XConnector) -> None:
    """X appends one for each; the shown post has none of them."""
    own = server.write("Rebajas", SHOP)
    urls = [
        {"url": "https://t.co/pic", "expanded_url": "https://x.com/ana/status/1/photo/1", "media_key": "3_1"},
        {"url": "https://t.co/quo", "expanded_url": f"https://twitter.com/tienda/status/{own['id']}?s=20"},
        {"url": "https://t.co/out", "expanded_url": "http://a.test", "unwound_url": "https://b.test/larga"},
    ]
    server.media["3_1"] = {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/m/1.jpg"}
    server.write(
        "¿Y esto? https://t.co/out https://t.co/quo https://t.co/pic",
        LUIS,
        quotes=own["id"],
        entities={"urls": urls},
        attachments={"media_keys": ["3_1", "3_unknown"]},
    )
    (item,) = (await read(shop))[0]
    assert item.text == "¿Y esto? http://a.test" and item.kind is Kind.QUOTE
    assert [(one.media, one.name) for one in item.attachments] == [(Media.IMAGE, "1.jpg"), (Media.OTHER, "")]


async def test_case_7_what_cannot_be_given_is_missing_and_the_rest_is_there(
    server: FakeX, shop: XConnector
) -> None:
    """The post above was deleted or is protected: the answer to it stands alone."""
    above = server.write("algo", LUIS)
    server.write("@tienda ¿y a esto?", to=above["id"])
    server.gone[above["id"]] = "not-authorized-for-resource"
    items, _ = await read(shop)
    assert [(item.text, item.context) for item in items] == [("¿y a esto?", False)]


async def test_case_7_a_second_look_at_several(server: FakeX, shop: XConnector) -> None:
    """One was deleted, one is protected now, one is as it was."""
    posts = [server.write(f"@tienda pregunta {number}") for number in range(3)]
    raws, _ = await testing.read(shop)
    server.gone[posts[0]["id"]] = "resource-not-found"
    server.gone[posts[1]["id"]] = "not-authorized-for-resource"
    (changed,) = await shop.revisit(raws)
    (item,) = shop.parse(changed)
    assert (item.id, item.deleted) == (posts[0]["id"], True)


async def test_case_8_a_message_that_shows_late_is_not_missed(
    server: FakeX, shop: XConnector, clock: ManualClock
) -> None:
    """The list of messages has it minutes after a newer one."""
    late = server.whisper("¿Hola?")
    server.lost.add(late["id"])
    clock.moment += timedelta(minutes=3)
    server.whisper("¿Sigue abierto?", LUIS)
    items, cursor = await read(shop)
    assert [item.text for item in items] == ["¿Sigue abierto?"]
    server.lost.clear()
    clock.moment += timedelta(minutes=2)
    items, _ = await read(shop, cursor)
    assert "¿Hola?" in [item.text for item in items]


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"code": 88, "message": "Rate limit exceeded"}]},
        {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429},
    ],
)
async def test_case_9_both_shapes_of_patience(
    server: FakeX, shop: XConnector, clock: ManualClock, body: dict[str, Any]
) -> None:
    """The moment is in the headers of both."""
    reset = int(clock.now().timestamp()) + 300
    always(server, "/mentions", httpx.Response(429, json=body, headers={"x-rate-limit-reset": str(reset)}))
    with pytest.raises(RateLimited) as told:
        await shop.fetch("")
    assert told.value.until == datetime.fromtimestamp(reset, UTC) and told.value.code == RateLimited.code


async def test_case_10_an_edited_post_is_the_same_one(
    server: FakeX, shop: XConnector, clock: ManualClock
) -> None:
    """Its first id stays; an answer goes to the version that stands."""
    first = server.write("@tienda ¿Avren?")
    (before,), cursor = await read(shop)
    clock.moment += timedelta(minutes=5)
    second = server.edit(first["id"], "@tienda ¿Abren?")
    (after,), _ = await read(shop, cursor)
    assert after.id == before.id == first["id"] and after.at == before.at
    assert after.text == "¿Abren?" and after.edited_at == given_at(second["id"])
    assert after.remote["post"] == second["id"] and after.conversation == before.conversation


async def test_case_11_a_message_without_its_participants(server: FakeX, shop: XConnector) -> None:
    """Whom it is with stands in the conversation's name; a group's messages are those who wrote them."""
    server.whisper("Hola", ANA)
    server.whisper("Buenas", SHOP, to=ANA["id"])
    server.whisper("Somos tres", LUIS, dm_conversation_id="77")
    server.whisper("", ANA, event_type="ParticipantsJoin")
    items, _ = await read(shop)
    place = "-".join(sorted((ANA["id"], ME), key=int))
    assert [(item.direction, item.contact.id, item.conversation) for item in items] == [
        (Direction.IN, ANA["id"], f"dm|{place}"),
        (Direction.OUT, ANA["id"], f"dm|{place}"),
        (Direction.IN, LUIS["id"], "dm|77"),
    ]
    assert all(item.private and item.kind is Kind.DIRECT for item in items)


async def test_after_a_lost_answer_the_same_words_are_refused_and_found(
    server: FakeX, shop: XConnector
) -> None:
    """X calls it a duplicate; it stands below the question, with its address shortened and our name before it."""
    server.write("@tienda ¿Dónde están?")
    outgoing = await answering(shop, "En tienda.example, calle Mayor 1")
    assert await shop.find_sent(outgoing) is None
    receipt = await shop.send(outgoing)
    made = server.posts[receipt.id]
    made["text"] = "@ana En https://t.co/x1, calle Mayor 1"
    made["entities"] = {"urls": [{"url": "https://t.co/x1", "expanded_url": "https://tienda.example"}]}
    found = await shop.find_sent(outgoing)
    assert found is not None and found.id == receipt.id
    made["text"] = outgoing.text
    with pytest.raises(Rejected) as no:
        await shop.send(outgoing)
    assert no.value.code == "said_already"


async def test_an_answer_written_elsewhere_is_known(server: FakeX, shop: XConnector) -> None:
    """A colleague answered in the app; a post of the brand to nobody is none."""
    post = server.write("@tienda ¿Abren?")
    server.write("Mañana sí", SHOP, to=post["id"])
    server.write("Rebajas", SHOP)
    items, _ = await read(shop)
    out = [item for item in items if item.direction is Direction.OUT]
    assert [(item.text, item.contact.id) for item in out] == [("Mañana sí", ANA["id"])]
    assert {item.conversation for item in items} == {f"{post['id']}|{ANA['id']}"}


async def test_an_answer_and_a_quote_that_name_nobody_are_found(server: FakeX, shop: XConnector) -> None:
    """The mentions do not have them, the search does."""
    own = server.write("Rebajas", SHOP)
    server.write("¿Hasta cuándo?", to=own["id"])
    server.write("Menuda tienda", LUIS, quotes=own["id"])
    items, cursor = await read(shop)
    found = {item.text: item.kind for item in items if not item.context}
    assert found == {"¿Hasta cuándo?": Kind.REPLY, "Menuda tienda": Kind.QUOTE}
    assert [item.text for item in items if item.context] == ["Rebajas"]
    assert (await read(shop, cursor))[0] == []


async def test_a_key_is_renewed_once_and_kept(
    server: FakeX, shop: XConnector, vault: Keys, clock: ManualClock
) -> None:
    """After two hours; whoever starts again uses what was kept, and another sign-in replaces it."""
    await shop.check()
    clock.moment += timedelta(hours=3)
    await shop.fetch("")
    assert [path for _, path, _ in server.calls].count("/2/oauth2/token") == 1
    host = server.host(vault)
    async with host.http:
        await XConnector(host).fetch("")
    assert [path for _, path, _ in server.calls].count("/2/oauth2/token") == 1
    vault.token = json.dumps(server.grant())
    kept = vault.session["access"]
    host = server.host(vault)
    async with host.http:
        await XConnector(host).fetch("")
    assert vault.session["access"] != kept


async def test_what_the_sign_in_gave_no_leave_for_is_named(server: FakeX) -> None:
    """And the rest works."""
    server.scope = "tweet.read users.read offline.access"
    host = server.host(Keys(server))
    async with host.http:
        shop = XConnector(host)
        assert (await shop.check()).lacking == ("answering_not_allowed", "dm_not_allowed", "encrypted_unseen")
        server.write("@tienda hola")
        assert [item.text for item in (await read(shop))[0]] == ["hola"]


async def test_a_public_question_is_answered_privately(server: FakeX, shop: XConnector) -> None:
    """Into the conversation of the two, which the receipt names."""
    server.write("@tienda mi pedido no llega")
    outgoing = await answering(shop, "¿Nos das el número?", private=True, opens=True)
    receipt = await shop.send(outgoing)
    place = "-".join(sorted((ANA["id"], ME), key=int))
    assert receipt.conversation == f"dm|{place}" and receipt.id == f"dm|{server.events[-1]['id']}"
    found = await shop.find_sent(outgoing)
    assert found is not None and found.id == receipt.id
    server.no_messages.add(ANA["id"])
    with pytest.raises(Rejected) as no:
        await shop.send(outgoing)
    assert no.value.code == "messages_disabled"


async def test_only_answers_below_our_own_posts_can_be_hidden(server: FakeX, shop: XConnector) -> None:
    """X says no to others, and so do we, plainly."""
    server.write("@tienda fatal")
    (item,) = (await read(shop))[0]
    with pytest.raises(Rejected) as no:
        await shop.act(Act.HIDE, item.remote)
    assert no.value.code == "not_our_thread"


async def test_likes_only_where_the_contract_has_them(server: FakeX, vault: Keys) -> None:
    """They were taken from pay-per-use in April 2026."""
    assert Act.LIKE not in XConnector.limits({}).acts
    assert Act.LIKE in XConnector.limits({"likes": "yes"}).acts
    host = server.host(vault, likes="yes")
    async with host.http:
        shop = XConnector(host)
        await shop.act(Act.LIKE, {"post": "1"})
        assert server.likes == {"1"}
        await shop.act(Act.LIKE, {"post": "1"}, undo=True)
        assert server.likes == set()


@pytest.mark.parametrize(
    "post",
    [
        {"author_id": ANA["id"], "text": None, "lang": 7, "entities": [], "referenced_tweets": "x"},
        {"author_id": ANA["id"], "note_tweet": [], "attachments": [], "edit_history_tweet_ids": None},
        {
            "author_id": ANA["id"],
            "entities": {"urls": [None, {"url": 7}]},
            "created_at": "2026-11-22T09:00:00Z",
        },
    ],
)
async def test_odd_posts_are_read(shop: XConnector, post: dict[str, Any]) -> None:
    """Unknown shapes cost words, never the message."""
    name = first_id(datetime(2026, 11, 22, 9, tzinfo=UTC))
    payload = {"kind": "post", "post": {"id": name, **post}, "author": {"id": ANA["id"]}, "me": {"id": ME}}
    (item,) = shop.parse(Raw(name, payload))
    assert item.id == name and item.author.handle == "?"


def test_ids_hold_their_moment() -> None:
    """A post of known date: 1460323737035677698 was written on 15 November 2021, 19:08:05 UTC (X's documentation)."""
    at = given_at("1460323737035677698")
    assert at is not None and at.replace(microsecond=0) == datetime(2021, 11, 15, 19, 8, 5, tzinfo=UTC)
    assert int(first_id(at)) <= 1460323737035677698 < int(first_id(at + timedelta(milliseconds=1)))
    assert given_at("20") is None and given_at("x") is None
