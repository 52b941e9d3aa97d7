"""What leaves for Bluesky: exactly once, where it belongs, or a clear reason why not (NEEDS A1, B1, B3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_parts import ANA, BRAND, LUIS
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.bluesky import BlueskyConnector, tid
from socialdesk.connectors.bluesky.facets import spans
from socialdesk.connectors.contract import (
    ConnectorError,
    Item,
    OutcomeUnknown,
    Outgoing,
    Proof,
    RateLimited,
    Rejected,
    Temporary,
)

pytestmark = pytest.mark.anyio
NOT_FOUND = {"error": "NotFound", "message": "Not found"}


@pytest.fixture
async def question(bluesky: FakeBluesky, connector: BlueskyConnector) -> Item:
    """A customer's mention."""
    bluesky.mention("¿Abrís hoy?")
    return (await read(connector))[0][0]


async def test_a_reply_deep_in_a_thread_names_its_root(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """B1: root is the thread's first post, parent the one answered, both with their hash."""
    offer = bluesky.post(BRAND, "Rebajas")
    bluesky.mention("¿Y en la web?", parent=bluesky.post(LUIS, "¿Hasta cuándo?", parent=offer))
    item = (await read(connector))[0][-1]
    receipt = await connector.send(reply_to(item, connector))
    reply = bluesky.records[receipt.id]["record"]["reply"]
    assert reply["root"] == {"uri": offer["uri"], "cid": offer["cid"]}
    assert reply["parent"]["uri"] == item.id
    assert receipt.url == f"https://bsky.app/profile/{BRAND['did']}/post/{receipt.id.rsplit('/', 1)[1]}"


async def test_links_mentions_and_tags_are_active(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item
) -> None:
    """The places are right after emoji and accents; an unknown handle stays plain text."""
    text = "👋🏽 ¡Qué ilusión, @ana.bsky.social! Mira tienda.es/rebajas, o @nadie.bsky.social #Moda2026."
    receipt = await connector.send(reply_to(question, connector, text))
    record = bluesky.records[receipt.id]["record"]
    raw = record["text"].encode()
    shown = [
        (raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(), f["features"][0])
        for f in record["facets"]
    ]
    kind = "app.bsky.richtext.facet#"
    assert shown == [
        ("@ana.bsky.social", {"$type": f"{kind}mention", "did": ANA["did"]}),
        ("tienda.es/rebajas", {"$type": f"{kind}link", "uri": "https://tienda.es/rebajas"}),
        ("#Moda2026", {"$type": f"{kind}tag", "tag": "Moda2026"}),
    ]
    assert record["langs"] == ["es"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(https://a.test/x_(y)).", ["https://a.test/x_(y)"]),
        ("Escribe a ana@tienda.es", []),
        ("#2026 #1º # #a", ["#1º", "#a"]),
        ("v3.5 y 10.000 y fin.Otra frase", []),
        ("https://tienda.es/#rebajas", ["https://tienda.es/#rebajas"]),
        ("¿tienda.es?", ["tienda.es"]),
    ],
)
async def test_what_counts_as_a_link(text: str, found: list[str]) -> None:
    """Mail addresses, numbers and sentences without a space are no links."""
    assert [text[span.start : span.end] for span in spans(text)] == found


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda post: post["viewer"].update(replyDisabled=True), "reply_disabled"),
        (lambda post: post["author"]["viewer"].update(blockedBy=True), "blocked"),
    ],
)
async def test_a_reply_nobody_would_see_is_refused(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item, change: Any, code: str
) -> None:
    """The server would take it and show it to nobody."""
    change(bluesky.posts[question.id])
    with pytest.raises(Rejected) as refused:
        await connector.send(reply_to(question, connector))
    assert refused.value.code == code
    assert bluesky.replies() == []


async def test_the_post_answered_is_gone(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item
) -> None:
    """A deleted post is told as such."""
    del bluesky.posts[question.id]
    with pytest.raises(Rejected) as refused:
        await connector.send(reply_to(question, connector))
    assert refused.value.code == "parent_gone"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(500, json={"error": "InternalServerError"}), OutcomeUnknown),
        (httpx.Response(502, text="<html>"), OutcomeUnknown),
        (httpx.Response(200, text="<html>"), OutcomeUnknown),
        (httpx.Response(200, json={}), OutcomeUnknown),
        (httpx.ReadTimeout("slow"), OutcomeUnknown),
        (httpx.ReadError("reset"), OutcomeUnknown),
        (httpx.RemoteProtocolError("closed"), OutcomeUnknown),
        (httpx.ConnectError("no route"), Temporary),
        (httpx.ConnectTimeout("slow"), Temporary),
        (httpx.PoolTimeout("busy"), Temporary),
        (httpx.Response(403, text="<html>"), Temporary),
        (httpx.Response(400, json={"error": "InvalidRequest", "message": "no"}), Rejected),
    ],
)
async def test_what_an_answer_to_a_post_means(
    bluesky: FakeBluesky,
    connector: BlueskyConnector,
    question: Item,
    answer: httpx.Response | Exception,
    expected: type[ConnectorError],
) -> None:
    """Only a definite answer, or no connection at all, is certain."""
    bluesky.next(answer, "putRecord")
    with pytest.raises(expected):
        await connector.send(reply_to(question, connector))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(200, json=[1]), "unreadable JSON"),
        (httpx.Response(200, html="<h1>Welcome</h1>"), "text/html instead of JSON"),
        (httpx.Response(302, headers={"location": "http://10.0.0.1/"}), "HTTP 302, sent to another address"),
    ],
)
async def test_a_strange_answer_is_named(
    bluesky: FakeBluesky, connector: BlueskyConnector, answer: httpx.Response, told: str
) -> None:
    bluesky.next(answer, "listNotifications")
    with pytest.raises(Temporary, match=told) as caught:
        await connector.fetch("")
    assert caught.value.code == "bad_answer"


async def test_an_address_of_another_kind_is_a_bad_address(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    bluesky.next(httpx.UnsupportedProtocol("gopher"), "createSession")
    with pytest.raises(Rejected) as caught:
        await connector.check()
    assert caught.value.code == "bad_address"


async def test_a_limit_names_its_end(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item, clock: ManualClock
) -> None:
    """The header is in seconds since 1970."""
    end = clock.now() + timedelta(minutes=3)
    headers = {"RateLimit-Reset": str(int(end.timestamp()))}
    bluesky.next(httpx.Response(429, json={"error": "RateLimitExceeded"}, headers=headers), "putRecord")
    with pytest.raises(RateLimited) as limited:
        await connector.send(reply_to(question, connector))
    assert limited.value.until == end


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("MessagesDisabled", "messages_disabled"),
        ("NotFollowedBySender", "not_followed"),
        ("BlockedActor", "blocked"),
        ("ConvoLocked", "rejected"),
    ],
)
async def test_why_a_direct_message_is_refused(
    bluesky: FakeBluesky, connector: BlueskyConnector, name: str, code: str
) -> None:
    """The reason is kept by name, the words are the server's."""
    bluesky.message("c1", ANA, "Hola")
    item = (await read(connector))[0][0]
    bluesky.next(httpx.Response(400, json={"error": name, "message": "recipient says no"}), "sendMessage")
    with pytest.raises(Rejected) as refused:
        await connector.send(reply_to(item, connector))
    assert (refused.value.code, refused.value.detail) == (code, "recipient says no")


async def test_a_public_thread_is_taken_to_private(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item
) -> None:
    """B3: a private answer to a public message opens the conversation with its author."""
    at = connector.host.clock.now()
    private = Outgoing(
        "k", question.conversation, question.remote, "Te escribo por aquí", True, at, opens=True
    )
    assert connector.proof_for(private) is Proof.READ_BACK
    receipt = await connector.send(private)
    assert bluesky.replies() == ["Te escribo por aquí"]
    assert (await connector.find_sent(private)) == receipt
    bluesky.message(receipt.conversation, ANA, "Vale")
    answer = (await read(connector))[0][-1]
    assert (answer.conversation, answer.private) == (receipt.conversation, True), "both lie together"


@pytest.mark.parametrize("name", ["NotFollowedBySender", "MessagesDisabled"])
async def test_b3_a_customer_who_takes_no_private_messages_is_named_as_such(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item, name: str
) -> None:
    """Whom somebody takes messages from (chat.bsky.actor.declaration, allowIncoming) their server decides."""
    at = connector.host.clock.now()
    private = Outgoing("k", question.conversation, question.remote, "Te escribo", True, at, opens=True)
    bluesky.next(httpx.Response(400, json={"error": name, "message": "no"}), "getConvoForMembers")
    with pytest.raises(Rejected) as refused:
        await connector.send(private)
    assert refused.value.code in ("not_followed", "messages_disabled")
    assert bluesky.replies() == []


async def test_c2_the_next_part_of_a_thread_answers_the_one_before_under_the_same_root(
    bluesky: FakeBluesky, connector: BlueskyConnector, question: Item
) -> None:
    first = await connector.send(reply_to(question, connector, "una (1/2)"))
    part = reply_to(question, connector, "dos (2/2)")
    second = await connector.send(replace(part, reply_to=first.remote))
    shown = bluesky.records[second.id]["record"]["reply"]
    assert (shown["parent"]["uri"], shown["root"]["uri"]) == (first.id, question.id)
    again = await connector.send(replace(part, reply_to=first.remote))
    assert again.remote == second.remote


async def test_the_same_words_of_before_do_not_count(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """A1: "Gracias" of a minute ago is not the "Gracias" whose answer was lost."""
    bluesky.message("c1", ANA, "Hola")
    item = (await read(connector))[0][0]
    await connector.send(reply_to(item, connector, "Gracias"))
    clock.moment += timedelta(minutes=1)
    outgoing = reply_to(item, connector, "Gracias")
    assert await connector.find_sent(outgoing) is None
    bluesky.message("c1", BRAND, "Gracias")
    assert await connector.find_sent(outgoing) is not None


def test_keys_grow() -> None:
    """Keys are TIDs: they sort by time, also where the clock steps back, and tell their moment."""
    at = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    clock = tid.TidClock(1023)
    keys = [clock.next(at + timedelta(seconds=step)) for step in (0, 0, -5, 1)]
    assert keys == sorted(set(keys))
    assert tid.moment(keys[0]) == at
    assert tid.moment("not a key") is None
