"""Answers of X that differ from what its documentation shows (NEEDS A1, B1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_x import ANA, LUIS, SHOP, FakeX, Keys, problem
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Kind, Temporary
from socialdesk.connectors.x import XConnector

pytestmark = pytest.mark.anyio
_NEWER = {
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
}


@pytest.fixture
def server(clock: ManualClock) -> FakeX:
    return FakeX(clock)


@pytest.fixture
async def shop(server: FakeX) -> AsyncIterator[XConnector]:
    host = server.host(Keys(server))
    async with host.http:
        yield XConnector(host)


def in_newer_names(server: FakeX) -> None:
    """Speak as X's specification of August 2026 has it, and refuse the former names."""

    async def renamed(request: httpx.Request) -> httpx.Response | None:
        asked = dict(request.url.params)
        if "tweet.fields" in asked:
            wrong = {"parameters": {"tweet.fields": [asked["tweet.fields"]]}, "message": "unknown"}
            return problem(400, "Invalid Request", "wrong", "invalid-request", errors=[wrong])
        answer = server.serve(request)
        if not answer.is_success or "post.fields" not in asked:
            return answer
        assert "author_id" not in asked["post.fields"] and "author_id" in asked["expansions"].split(",")
        body = answer.json()
        posts = body.get("includes", {}).pop("tweets", [])
        if posts:
            body["includes"]["posts"] = [_newer(one) for one in posts]
        if "data" in body:
            body["data"] = [_newer(one) for one in body["data"]]
        return httpx.Response(200, json=body)

    server.answer = renamed


def _newer(post: dict[str, Any]) -> dict[str, Any]:
    return {_NEWER.get(key, key): value for key, value in post.items()}


async def test_both_sets_of_names_are_understood(server: FakeX, shop: XConnector) -> None:
    """Documentation and specification of X disagree on what its fields are called."""
    own = server.write("Rebajas", SHOP)
    server.write("@tienda ¿hasta…", to=own["id"], note_tweet={"text": "@tienda ¿hasta cuándo?"})
    before, _ = await read(shop)
    in_newer_names(server)
    after, cursor = await read(shop)
    assert [item.text for item in after] == ["Rebajas", "¿hasta cuándo?"] == [one.text for one in before]
    assert [(one.id, one.kind, one.reply_to) for one in after] == [
        (one.id, one.kind, one.reply_to) for one in before
    ]
    assert (await read(shop, cursor))[0] == []


async def test_the_order_of_a_history_does_not_matter(
    server: FakeX, shop: XConnector, clock: ManualClock
) -> None:
    """The first version is the one with the smallest number."""
    first = server.write("@tienda ¿Avren?")
    clock.moment += timedelta(minutes=5)
    second = server.edit(first["id"], "@tienda ¿Abren?")
    second["edit_history_tweet_ids"] = [second["id"], first["id"]]
    (item,) = (await read(shop))[0]
    assert item.id == first["id"] and item.edited_at is not None


async def test_a_post_that_is_only_passed_on_is_no_message(server: FakeX, shop: XConnector) -> None:
    """A repost repeats somebody else's mention."""
    post = server.write("@tienda ¿Abren?")
    server.write(
        "RT @ana: @tienda ¿Abren?", LUIS, referenced_tweets=[{"type": "retweeted", "id": post["id"]}]
    )
    assert [item.text for item in (await read(shop))[0]] == ["¿Abren?"]


async def test_where_an_address_leads_is_learnt_later_and_is_no_edit(server: FakeX, shop: XConnector) -> None:
    """X follows it once the post is there."""
    url = {"url": "https://t.co/a", "expanded_url": "https://short.test/1"}
    post = server.write("@tienda mira https://t.co/a", entities={"urls": [url]})
    (before,) = (await read(shop))[0]
    url |= {"unwound_url": "https://long.test/page", "title": "A page"}
    post["public_metrics"] = {"like_count": 7}
    (after,) = (await read(shop))[0]
    assert before.text == after.text == "mira https://short.test/1"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(502, text="<html>bad gateway</html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json="ok"),
    ],
)
async def test_a_page_that_is_no_answer_moves_nothing(
    server: FakeX, shop: XConnector, answer: httpx.Response
) -> None:
    """It is asked again later from the same place."""
    server.write("@tienda hola")

    async def instead(request: httpx.Request) -> httpx.Response | None:
        return answer if "/mentions" in request.url.path else None

    server.answer = instead
    with pytest.raises(Temporary):
        await shop.fetch("")
    server.answer = None
    assert [item.text for item in (await read(shop))[0]] == ["hola"]


async def test_unknown_fields_and_numbers_for_ids(server: FakeX, shop: XConnector) -> None:
    """Ids may come as numbers, fields that nobody knows beside them."""
    own = server.write("Rebajas", SHOP)
    post = server.write("@tienda ¿cu&nto?", LUIS, to=own["id"], novelty={"a": [None]}, withheld=None)

    async def odd(request: httpx.Request) -> httpx.Response | None:
        answer = server.serve(request)
        body = answer.json()
        for one in body.get("data", []) if isinstance(body.get("data"), list) else []:
            one.update({"id": int(one["id"]), "author_id": int(one.get("author_id", 0))})
        return httpx.Response(answer.status_code, json=body)

    server.answer = odd
    items, _ = await read(shop)
    told = next(item for item in items if not item.context)
    assert (told.id, told.kind, told.text, told.author.id) == (
        post["id"],
        Kind.REPLY,
        "¿cu&nto?",
        LUIS["id"],
    )


async def test_an_empty_page_with_more_behind_it(server: FakeX, shop: XConnector) -> None:
    """Fewer than were asked for, or none, is not the end."""
    server.write("@tienda hola")
    empty = True

    async def first_nothing(request: httpx.Request) -> httpx.Response | None:
        nonlocal empty
        if empty and "/mentions" in request.url.path:
            empty = False
            return httpx.Response(200, json={"meta": {"result_count": 0, "next_token": "p0"}})
        return None

    server.answer = first_nothing
    raws, _ = await testing.read(shop)
    assert [raw.payload["author"]["id"] for raw in raws] == [ANA["id"]]


async def test_a_page_that_x_has_forgotten_is_read_from_the_first(
    server: FakeX, shop: XConnector, clock: ManualClock
) -> None:
    """The second page may be called as the forgotten one was: that is no circle."""
    for number in range(150):
        clock.moment += timedelta(seconds=1)
        server.write(f"@tienda pregunta {number}")
    page = await shop.fetch("")
    assert page.more
    refused = False

    async def expired(request: httpx.Request) -> httpx.Response | None:
        nonlocal refused
        if refused or "pagination_token" not in request.url.params:
            return None
        refused = True
        return problem(400, "Invalid Request", "pagination_token is not valid.", "invalid-request")

    server.answer = expired
    items, _ = await read(shop, page.cursor)
    assert {f"pregunta {number}" for number in range(150)} <= {item.text for item in items}


async def test_an_address_is_no_text_to_be_unescaped(server: FakeX, shop: XConnector) -> None:
    """X escapes what was typed, once; addresses beside it are as they are."""
    url = {"url": "https://t.co/a", "expanded_url": "https://a.test/?x=1&copy=2&lt=3"}
    server.write("@tienda 5 < 6 & &lt; https://t.co/a", entities={"urls": [url]})
    (item,) = (await read(shop))[0]
    assert item.text == "5 < 6 & &lt; https://a.test/?x=1&copy=2&lt=3"


@pytest.mark.parametrize("group", [False, True])
async def test_a_private_message_is_answered_where_it_was_written(
    server: FakeX, shop: XConnector, group: bool
) -> None:
    """In the conversation of the two, or of several; after a lost answer it is found there."""
    place: dict[str, Any] = {"dm_conversation_id": "1580000000000000000"} if group else {}
    event = server.whisper("¿Hola?", **place)
    ((item,), _) = await read(shop)
    outgoing = reply_to(item, shop, "Dinos")
    assert await shop.find_sent(outgoing) is None
    receipt = await shop.send(outgoing)
    where = f"/2/dm_conversations/{event['dm_conversation_id']}"
    assert {path for _, path, _ in server.calls if where in path} == {
        f"{where}/messages",
        f"{where}/dm_events",
    }
    assert receipt.conversation == item.conversation
    found = await shop.find_sent(outgoing)
    assert found is not None and found.id == receipt.id
