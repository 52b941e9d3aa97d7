"""How answers leave to Facebook, Messenger and Instagram: windows, what is looked for before it is said again, moderation (NEEDS B1, B3)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from contract.fake_meta import GRAM_ANA, LUIS, FakeMeta, Safe, no
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import (
    Act,
    Connector,
    Direction,
    Item,
    OutcomeUnknown,
    Outgoing,
    RateLimited,
    Rejected,
)
from socialdesk.connectors.facebook import FacebookConnector
from socialdesk.connectors.instagram import InstagramConnector

pytestmark = pytest.mark.anyio
GRAM_LUIS = {"id": "902", "username": "luis"}


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


async def asked(connector: Connector) -> list[Item]:
    """What customers have said, oldest first."""
    items, _ = await read(connector)
    return sorted((one for one in items if one.direction is Direction.IN), key=lambda one: (one.at, one.id))


def loses_answers(server: FakeMeta, *, arrives: bool = True) -> None:
    """What is written arrives, or not, and nobody says so."""

    async def loses(request: httpx.Request) -> httpx.Response | None:
        if request.method == "GET":
            return None
        if arrives:
            server.serve(request)
        raise httpx.ReadTimeout("nothing came back")

    server.answer = loses


def counts_writes(server: FakeMeta) -> list[str]:
    """Return a list in which each call that writes will stand."""
    found: list[str] = []

    async def listens(request: httpx.Request) -> httpx.Response | None:
        if request.method != "GET":
            found.append(request.content.decode())
        return None

    server.answer = listens
    return found


async def lost(connector: Connector, server: FakeMeta, outgoing: Outgoing, *, arrives: bool) -> None:
    """Send it, and hear nothing."""
    loses_answers(server, arrives=arrives)
    with pytest.raises(OutcomeUnknown):
        await connector.send(outgoing)
    server.answer = None


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("where", ["comment", "message", "private reply"])
async def test_facebook_7_what_may_have_left_is_looked_for(
    server: FakeMeta, page: FacebookConnector, where: str, arrives: bool
) -> None:
    """And found where it is, not where it is not."""
    if where == "message":
        server.whisper("¿Hola?")
    else:
        server.comment("¿Hola?", server.post()["id"])
    (item,) = await asked(page)
    outgoing = reply_to(item, page, "Hola,\n  dígame")
    if where == "private reply":
        outgoing = replace(outgoing, private=True, opens=True)
    await lost(page, server, outgoing, arrives=arrives)
    assert (await page.find_sent(outgoing) is not None) == arrives


@pytest.mark.parametrize("where", ["comment", "message"])
async def test_facebook_7_the_same_words_to_another_are_not_taken_for_it(
    server: FakeMeta, page: FacebookConnector, where: str
) -> None:
    """Two customers in one thread, or one who asks twice, get the same thanks within a minute: the second must leave, too."""
    if where == "comment":
        top = server.comment("¡Qué bien!", server.post()["id"])
        server.clock.moment += timedelta(seconds=1)
        server.comment("¡Muy bien!", top["id"], LUIS)
    else:
        server.whisper("¡Qué bien!")
        server.clock.moment += timedelta(seconds=1)
        server.whisper("¡Muy bien!")
    first, second = [reply_to(item, page, "¡Gracias!") for item in await asked(page)]
    receipt = await page.send(first)
    await lost(page, server, second, arrives=False)
    assert await page.find_sent(second) is None
    found = await page.find_sent(first)
    assert found is not None and found.id == receipt.id


@pytest.mark.parametrize("arrives", [True, False])
async def test_instagram_11_a_private_answer_whose_outcome_is_unknown_is_looked_for(
    server: FakeMeta, gram: InstagramConnector, arrives: bool
) -> None:
    """A comment does not say where it is: the conversations that changed since are looked through."""
    media = server.picture()["id"]
    server.remark("Mi pedido", media)
    server.whisper("otra cosa", GRAM_LUIS, gram=True)
    item = next(one for one in await asked(gram) if not one.private)
    outgoing = replace(reply_to(item, gram, "¿Número?"), private=True, opens=True)
    await lost(gram, server, outgoing, arrives=arrives)
    found = await gram.find_sent(outgoing)
    assert (found is not None) == arrives
    if found is not None:
        assert found.conversation == f"dm|{GRAM_ANA['id']}"


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_visitors_post_is_answered_privately(
    server: FakeMeta, page: FacebookConnector, arrives: bool
) -> None:
    """As a post, not as a comment; and looked for where nobody knows."""
    server.post("Mi pedido no llega", LUIS)
    (item,) = await asked(page)
    outgoing = replace(reply_to(item, page, "¿Número?"), private=True, opens=True)
    await lost(page, server, outgoing, arrives=arrives)
    assert (await page.find_sent(outgoing) is not None) == arrives
    if not arrives:
        await page.send(outgoing)
    assert server.said() == ["¿Número?"]


@pytest.mark.parametrize("private", [False, True])
async def test_below_a_comment_that_is_gone_nothing_is_looked_for_for_ever(
    server: FakeMeta, page: FacebookConnector, private: bool
) -> None:
    """It is not there; the next attempt is refused by its name, and the text is kept."""
    one = server.comment("¿Abren?", server.post()["id"])
    (item,) = await asked(page)
    outgoing = replace(reply_to(item, page), private=private, opens=private)
    await lost(page, server, outgoing, arrives=False)
    del server.comments[one["id"]]
    assert await page.find_sent(outgoing) is None
    with pytest.raises(Rejected) as told:
        await page.send(outgoing)
    assert told.value.code == "parent_gone"


async def test_said_already_is_looked_for_in_the_thread(server: FakeMeta, page: FacebookConnector) -> None:
    """Meta refuses the same words twice: where they stand below the comment, they are the answer."""
    server.comment("¿Abren?", server.post()["id"])
    (item,) = await asked(page)
    outgoing = reply_to(item, page, "Sí")
    await lost(page, server, outgoing, arrives=True)

    async def knows(request: httpx.Request) -> httpx.Response | None:
        return no(506, "Duplicate status message") if request.method == "POST" else None

    server.answer = knows
    receipt = await page.send(outgoing)
    assert receipt.id in server.comments
    with pytest.raises(Rejected) as told:
        await page.send(replace(outgoing, text="Otra cosa"))
    assert told.value.code == "said_already"


@pytest.mark.parametrize("kind", ["page", "gram"])
async def test_a_private_answer_to_a_comment_of_last_week_is_refused_before_it_is_tried(
    server: FakeMeta, page: FacebookConnector, gram: InstagramConnector, clock: ManualClock, kind: str
) -> None:
    """Seven days, counted from the comment."""
    connector: Connector = page if kind == "page" else gram
    if kind == "page":
        server.comment("¿Abren?", server.post()["id"])
    else:
        server.remark("¿Abren?", server.picture()["id"])
    (item,) = await asked(connector)
    sent = counts_writes(server)
    clock.moment += timedelta(days=7, seconds=1)
    outgoing = replace(reply_to(item, connector), private=True, opens=True)
    with pytest.raises(Rejected) as told:
        await connector.send(outgoing)
    assert told.value.code == "window_closed" and sent == []


async def test_instagram_9_a_late_answer_is_a_persons_or_none(server: FakeMeta, clock: ManualClock) -> None:
    """Refused before it is tried without Meta's leave; with it sent as a person's, up to seven days."""
    server.human_agent = True
    server.whisper("¿Hola?", GRAM_ANA, gram=True)
    for agreed, later, written in (("no", 25, 0), ("yes", 25, 1), ("yes", 7 * 24 + 1, 0)):
        host = server.host(Safe(server.system), human_agent=agreed)
        async with host.http:
            gram = InstagramConnector(host)
            (item,) = await asked(gram)
            sent = counts_writes(server)
            outgoing = replace(reply_to(item, gram), at=item.at + timedelta(hours=later))
            before, clock.moment = clock.moment, item.at + timedelta(hours=later)
            try:
                await gram.send(outgoing)
            except Rejected as refusal:
                assert refusal.code == "window_closed"
            finally:
                clock.moment = before
            server.answer = None
            assert [json.loads(one).get("tag") for one in sent] == ["HUMAN_AGENT"] * written


async def test_a_limit_that_calls_itself_transient_is_a_limit(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """Nothing left: no doubt about an answer, and the wait that Meta names."""
    server.comment("¿Abren?", server.post()["id"])
    (item,) = await asked(page)

    async def limits(request: httpx.Request) -> httpx.Response | None:
        refused = no(4, "(#4) Application request limit reached", is_transient=True, status=403)
        usage = {"100": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 30}]}
        refused.headers["x-business-use-case-usage"] = json.dumps(usage)
        return refused

    server.answer = limits
    with pytest.raises(RateLimited) as told:
        await page.send(reply_to(item, page))
    assert told.value.until == server.clock.now() + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": "190", "error_subcode": "463"}, "token_ended"),
        ({"code": 10, "error_subcode": 2534022}, "window_closed"),
        ({"code": 100, "error_subcode": 2534014}, "person_unavailable"),
        ({"code": 10900}, "private_once"),
        ({"code": 100, "error_subcode": 1893061}, "rejected"),
        ({"code": None}, "rejected"),
    ],
)
async def test_codes_in_whatever_shape(
    server: FakeMeta, gram: InstagramConnector, error: dict[str, object], code: str
) -> None:
    """Digits, nothing at all; Meta's words are kept."""
    server.whisper("¿Hola?", GRAM_ANA, gram=True)
    (item,) = await asked(gram)

    async def refuses(request: httpx.Request) -> httpx.Response | None:
        told = {"error": {"message": "palabras", "type": "OAuthException", **error}}
        return httpx.Response(400, json=told) if request.method == "POST" else None

    server.answer = refuses
    with pytest.raises(Exception, match="palabras") as told:
        await gram.send(reply_to(item, gram))
    assert getattr(told.value, "code", "") == code


async def test_whoever_wrote_is_blocked_from_the_page_and_let_in_again(
    server: FakeMeta, page: FacebookConnector
) -> None:
    """By the number that the comment names; somebody whom privacy hides cannot be."""
    post = server.post()["id"]
    server.comment("¡Compra aquí!", post, LUIS)
    server.comment("¿?", post, None)
    known, hidden = await asked(page)
    await page.act(Act.BLOCK, known.remote)
    assert server.blocked == {LUIS["id"]}
    await page.act(Act.BLOCK, known.remote, undo=True)
    assert server.blocked == set()
    with pytest.raises(Rejected) as told:
        await page.act(Act.BLOCK, hidden.remote)
    assert told.value.code == "act_not_here"
