"""The nasty cases that were met on Bluesky, by their number: their other sides, and what sessions do to them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_parts import ANA, BRAND, LUIS, MemoryVault
from contract.reading import read, reply_to, words
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import AuthRequired, OutcomeUnknown, Rejected, Temporary

pytestmark = pytest.mark.anyio
CREATE, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"


async def test_1_what_was_read_on_the_phone_is_no_news(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 1: a mark that flips, counts that grow and another avatar leave the payload as it was: nothing is done twice."""
    note = bluesky.mention("¿Hola?")
    first, cursor = await testing.read(connector)
    bluesky.notes[0] |= {"isRead": True, "likeCount": 7}
    bluesky.notes[0]["author"] = {**note["author"], "avatar": "https://cdn.bsky.app/img/avatar/x"}
    again, _ = await testing.read(connector, cursor)
    assert {raw.id: raw.payload for raw in again} == {raw.id: raw.payload for raw in first}


async def test_2_the_cursor_is_forgotten_half_way_down(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 2: the next visit goes as deep again, so that nothing stays below."""
    for number in range(250):
        clock.moment += timedelta(minutes=10)
        bluesky.mention(f"mensaje {number}")

    def forgets(request: httpx.Request) -> None:
        if request.url.path.endswith("listNotifications"):
            bluesky.forget_cursor = "cursor" in request.url.params

    bluesky.answers.append(forgets)
    found, cursor = await read(connector)
    bluesky.answers.clear()
    bluesky.forget_cursor = False
    clock.moment += timedelta(minutes=1)
    later, _ = await read(connector, cursor)
    assert {*words(found), *words(later)} == {f"mensaje {number}" for number in range(250)}


async def test_4_a_reply_that_is_back_dated_by_days(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 4, A1: it is found within a day."""
    for number in range(200):
        clock.moment += timedelta(hours=1)
        bluesky.mention(f"mensaje {number}")
    _, cursor = await read(connector)
    bluesky.mention("escrita hace cinco días", created=clock.now() - timedelta(days=5))
    found: list[str] = []
    for _hour in range(25):
        clock.moment += timedelta(hours=1)
        seen, cursor = await read(connector, cursor)
        found += words(seen)
    assert "escrita hace cinco días" in found


async def test_4_two_of_one_moment_at_the_end_of_a_page(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """A1: the server's cursor is a bare moment, so the second of them falls between two pages; another page size finds it."""
    for number in range(300):
        clock.moment += timedelta(seconds=1 if number % 10 else 0)
        bluesky.mention(f"mensaje {number}")
    found: set[str] = set()
    clock.moment = clock.moment.replace(minute=7, second=0)
    for _ in range(2):
        seen, _ = await read(connector)
        found |= set(words(seen))
        clock.moment += timedelta(minutes=1)
    assert found == {f"mensaje {number}" for number in range(300)}


async def test_5_the_thread_is_gone_when_it_is_asked_for(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 5: 400 NotFound costs the message nothing, and is asked for once."""
    post = bluesky.mention("Abajo", parent=bluesky.post(LUIS, "Arriba"))
    del bluesky.posts[post["uri"]]
    found, cursor = await read(connector)
    assert [item.text for item in found] == ["Abajo"]
    bluesky.calls.clear()
    await read(connector, cursor)
    assert "app.bsky.feed.getPostThread" not in bluesky.calls


async def test_6_a_server_error_although_the_post_is_there(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 6, A1: nobody knows, the same key settles it, and there is one post."""
    bluesky.mention("¿Abrís hoy?")
    outgoing = reply_to((await read(connector))[0][0], connector, "Sí")

    async def taken(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("putRecord"):
            return None
        bluesky.answers.clear()
        await bluesky._answer(request)
        return httpx.Response(500, json={"error": "InternalServerError", "message": "Internal Server Error"})

    bluesky.answers.append(taken)
    with pytest.raises(OutcomeUnknown):
        await connector.send(outgoing)
    receipt = await connector.send(outgoing)
    assert bluesky.replies() == ["Sí"] and receipt.id in bluesky.records


async def test_7_several_calls_with_an_expired_token_renew_it_once(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 7: receiving and sending find it expired at the same moment; a renewal replaces both tokens."""
    bluesky.mention("¿Hola?")
    item = (await read(connector))[0][0]
    bluesky.expire()
    bluesky.calls.clear()

    async def slowly(request: httpx.Request) -> None:
        await asyncio.sleep(0)

    bluesky.answers.append(slowly)
    await asyncio.gather(connector.fetch(""), connector.check(), connector.send(reply_to(item, connector)))
    assert (bluesky.calls.count(REFRESH), bluesky.calls.count(CREATE)) == (1, 0)
    assert bluesky.replies() == ["¡Gracias!"]


async def test_7_a_renewed_session_is_what_the_next_start_uses(
    bluesky: FakeBluesky, vault: MemoryVault
) -> None:
    """Nasty 7: signing in is limited to 300 a day."""
    for _ in range(3):
        host = bluesky.host(vault)
        async with host.http:
            await BlueskyConnector(host).fetch("")
        bluesky.expire()
    assert (bluesky.calls.count(CREATE), bluesky.calls.count(REFRESH)) == (1, 2)


async def test_7_the_answer_to_a_renewal_is_lost(
    bluesky: FakeBluesky, connector: BlueskyConnector, vault: MemoryVault
) -> None:
    """The former token may be worthless by then (short extras): then somebody has to sign in, and the password does."""
    await connector.fetch("")
    bluesky.expire()

    async def renewed(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("refreshSession"):
            return None
        bluesky.answers.clear()
        await bluesky._answer(request)
        raise httpx.ReadTimeout("nothing came back")

    bluesky.answers.append(renewed)
    with pytest.raises(Temporary):
        await connector.fetch("")
    bluesky.mention("¿Hola?")
    assert words((await read(connector))[0]) == ["¿Hola?"]
    assert vault.kept["accessJwt"] == bluesky.access


@pytest.mark.parametrize("message", ["Bad token method", "Bad token scope"])
async def test_8_both_wordings_of_a_password_without_direct_messages(
    bluesky: FakeBluesky, connector: BlueskyConnector, message: str
) -> None:
    """Nasty 8: nobody is signed out by it, and no new session is asked for."""

    def refuses(request: httpx.Request) -> httpx.Response | None:
        body = {"error": "InvalidToken", "message": message}
        return httpx.Response(400, json=body) if "chat.bsky" in request.url.path else None

    bluesky.answers.append(refuses)
    assert (await connector.fetch("")).lacking == ("dm_not_allowed",)
    assert (await connector.check()).lacking == ("dm_not_allowed",)
    assert (bluesky.calls.count(CREATE), bluesky.calls.count(REFRESH)) == (1, 0)


async def test_9_a_server_that_knows_no_direct_messages(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 9: 404 XRPCNotSupported troubles nothing else, and is no reason to call the account signed out."""

    def unknown(request: httpx.Request) -> httpx.Response | None:
        body = {"error": "XRPCNotSupported", "message": "XRPCNotSupported"}
        return httpx.Response(404, json=body) if "chat.bsky" in request.url.path else None

    bluesky.answers.append(unknown)
    bluesky.mention("¿Hola?")
    assert (await connector.check()).handle == BRAND["handle"]
    assert words((await read(connector))[0]) == ["¿Hola?"]


async def test_11_an_address_counts_in_full(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """Nasty 11: nobody shortens it, so it is refused before anything leaves."""
    bluesky.mention("¿Hola?")
    item = (await read(connector))[0][0]
    bluesky.calls.clear()
    with pytest.raises(Rejected) as refused:
        await connector.send(reply_to(item, connector, f"Mira https://tienda.es/{'a' * 290}"))
    assert refused.value.code == "too_long" and not bluesky.calls


async def test_11_one_post_that_the_server_refuses_stops_no_other(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Nasty 11: it is a no to this one, in the server's words."""
    bluesky.mention("¿Hola?")
    item = (await read(connector))[0][0]
    told = "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes"
    bluesky.next(httpx.Response(400, json={"error": "InvalidRequest", "message": told}), "putRecord")
    with pytest.raises(Rejected) as refused:
        await connector.send(reply_to(item, connector, "una"))
    assert refused.value.detail == told
    await connector.send(reply_to(item, connector, "otra"))
    assert bluesky.replies() == ["otra"]


async def test_12_a_customer_who_takes_another_handle(
    bluesky: FakeBluesky, connector: BlueskyConnector, clock: ManualClock
) -> None:
    """Nasty 12: the same person in the same conversation, under the new name."""
    first = bluesky.mention("uno")
    clock.moment += timedelta(minutes=1)
    renamed: dict[str, Any] = {**ANA, "handle": "ana.example"}
    bluesky.mention("dos", renamed, parent=first)
    found, _ = await read(connector)
    assert {item.conversation for item in found} == {f"{first['uri']}|{ANA['did']}"}
    assert found[-1].contact.handle == "ana.example"


@pytest.mark.parametrize(
    ("status", "name", "message"),
    [
        (401, "AuthFactorTokenRequired", "A sign in code has been sent to your email address"),
        (401, "AccountTakedown", "Account has been taken down"),
        (400, "InvalidRequest", "Input/identifier must be a string"),
    ],
)
async def test_12_why_nobody_is_let_in_is_told_in_the_servers_words(
    bluesky: FakeBluesky, connector: BlueskyConnector, status: int, name: str, message: str
) -> None:
    """Nasty 12: whatever the reason, a person is asked."""
    bluesky.next(httpx.Response(status, json={"error": name, "message": message}), "createSession")
    with pytest.raises(AuthRequired) as refused:
        await connector.fetch("")
    assert refused.value.detail == message
