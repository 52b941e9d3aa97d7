"""X charges for what is read and written: each call is paid for from the account's purse (NEEDS G4, promises of issue 7)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from contract.fake_x import LUIS, SHOP, FakeX, Keys, problem
from contract.purses import CountedPurse
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Act, OutcomeUnknown, Period, RateLimited, Rejected
from socialdesk.connectors.x import XConnector
from socialdesk.connectors.x.prices import ANSWER, EACH, MANAGE, MEDIA, POST, USER, WITH_ADDRESS

pytestmark = pytest.mark.anyio
EURO = 1_000_000
Open = Callable[..., Awaitable[tuple[XConnector, CountedPurse]]]


@pytest.fixture
def server(clock: ManualClock) -> FakeX:
    return FakeX(clock)


@asynccontextmanager
async def shop(
    server: FakeX, limit: int = EURO, **options: str
) -> AsyncIterator[tuple[XConnector, CountedPurse]]:
    purse = CountedPurse(limit)
    host = replace(server.host(Keys(server), **options), purse=purse)
    async with host.http:
        yield XConnector(host), purse


async def test_what_is_read_is_charged_once_in_a_day_of_utc(server: FakeX, clock: ManualClock) -> None:
    server.write("@tienda ¿abrís hoy?")
    async with shop(server) as (connector, purse):
        _, cursor = await read(connector)
        assert purse.reading == USER + POST + USER, "who we are, the post, its author"
        clock.moment += timedelta(minutes=5)
        await read(connector, cursor)
        assert purse.reading == USER + POST + USER, "a visit that brings nothing is free"
        await read(connector)
        assert purse.reading == USER + POST + USER
        clock.moment += timedelta(days=1)
        await read(connector)
        assert purse.reading == USER + 2 * (POST + USER)


async def test_an_empty_purse_stops_reading_before_x_is_asked(server: FakeX) -> None:
    server.write("@tienda hola")
    async with shop(server, limit=EACH + 4 * EACH) as (connector, _):
        with pytest.raises(RateLimited) as refusal:
            await connector.fetch("")
        assert refusal.value.code == "budget_spent"
    assert [path for _, path, _ in server.calls] == ["/2/users/me"]


async def test_less_is_asked_for_where_little_is_left_and_nothing_is_lost(server: FakeX) -> None:
    for number in range(12):
        server.write(f"@tienda pregunta {number}")
    async with shop(server, limit=9 * EACH) as (connector, purse):
        items, _ = await read(connector)
        assert len(items) == 12
        assert purse.reading <= purse.limit
    asked = [params["max_results"] for _, path, params in server.calls if path.endswith("/mentions")]
    assert asked[0] == "8" and len(asked) > 1 and all(5 <= int(one) <= 8 for one in asked)


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("¡Gracias!", ANSWER),
        ("Mira https://tienda.example/horario", WITH_ADDRESS),
        ("Mira tienda.es", WITH_ADDRESS),
    ],
)
async def test_an_answer_with_an_address_costs_more(server: FakeX, text: str, cost: int) -> None:
    server.write("@tienda hola")
    async with shop(server) as (connector, purse):
        ((item,), _) = await read(connector)
        await connector.send(reply_to(item, connector, text))
        assert purse.answering == cost


async def test_an_answer_that_would_cost_too_much_does_not_leave(server: FakeX) -> None:
    """It keeps its words, and a person decides."""
    server.write("@tienda hola")
    async with shop(server) as (connector, purse):
        ((item,), _) = await read(connector)
        purse.limit = purse.reading + WITH_ADDRESS - 1
        before = len(server.calls)
        with pytest.raises(Rejected) as refusal:
            await connector.send(reply_to(item, connector, "https://tienda.example"))
        assert (refusal.value.code, len(server.calls)) == ("budget_spent", before)
        await connector.send(reply_to(item, connector, "Hoy hasta las ocho"))


async def test_a_refused_answer_is_free_and_one_of_unknown_fate_is_not(server: FakeX) -> None:
    server.write("@tienda hola")
    async with shop(server) as (connector, purse):
        ((item,), _) = await read(connector)

        async def refused(request: httpx.Request) -> httpx.Response | None:
            return problem(403, "Forbidden") if request.method == "POST" else None

        async def lost(request: httpx.Request) -> httpx.Response | None:
            if request.method == "POST":
                raise httpx.ReadTimeout("no answer")
            return None

        server.answer = refused
        with pytest.raises(Rejected):
            await connector.send(reply_to(item, connector))
        assert purse.answering == 0
        server.answer = lost
        with pytest.raises(OutcomeUnknown):
            await connector.send(reply_to(item, connector))
        assert purse.answering == ANSWER


async def test_a_budget_in_euros_becomes_dollars(server: FakeX) -> None:
    tariff = XConnector.tariff({"budget": "12,50", "dollar": "0.80"})
    assert (tariff.limit, tariff.period, tariff.euros) == (15_625_000, Period.MONTH, 0.8)
    assert XConnector.tariff({}).limit == 10 * EURO, "asked for with that default"
    assert XConnector.tariff({"budget": "0"}).limit == 0
    for wrong in ("mucho", "-3", "nan", "1e99"):
        async with shop(server, budget=wrong) as (connector, _):
            with pytest.raises(Rejected) as refusal:
                await connector.check()
            assert refusal.value.code == "bad_budget"
            assert XConnector.tariff({"budget": wrong}).limit == 10 * EURO


def test_what_comes_along_is_counted_dearly() -> None:
    """X's price list does not say whether it charges for it."""
    assert EACH == 3 * (POST + USER) + 4 * MEDIA and MANAGE < ANSWER


async def test_a_second_look_on_the_same_day_is_free(server: FakeX, clock: ManualClock) -> None:
    """X charges for a post once in a day of UTC, and its list leaves some out."""
    missed = server.write("@tienda ¿alguien?")
    server.lost.add(missed["id"])
    server.write("@tienda hola")
    async with shop(server) as (connector, purse):
        _, cursor = await read(connector)
        before = purse.reading
        server.lost.clear()
        clock.moment = clock.moment.replace(hour=11, minute=44)
        items, cursor = await read(connector, cursor)
        assert items == []
        clock.moment = clock.moment.replace(hour=11, minute=46)
        items, cursor = await read(connector, cursor)
        assert [item.text for item in items if not item.context] == ["¿alguien?", "hola"]
        assert purse.reading == before + POST, "for the one that was missing; its author was read already"
        handed = server.handed
        await read(connector, cursor)
        assert server.handed == handed


async def test_a_like_and_its_end_are_charged_as_x_charges_them(server: FakeX) -> None:
    """Dearer than hiding."""
    async with shop(server, likes="yes") as (connector, purse):
        await connector.act(Act.LIKE, {"post": "1"})
        assert purse.answering == USER + 15_000, "who we are is asked once"
        await connector.act(Act.LIKE, {"post": "1"}, undo=True)
        assert purse.answering == USER + 25_000


async def test_case_12_an_answer_with_an_address_is_set_aside_dearly_before_it_leaves(server: FakeX) -> None:
    """X takes 0.20 dollars for it in place of 0.015; an address without https:// counts, too."""
    server.write("@tienda hola")
    async with shop(server, limit=EURO) as (connector, purse):
        ((item,), _) = await read(connector)
        purse.limit = purse.reading + 2 * WITH_ADDRESS - 1
        await connector.send(reply_to(item, connector, "Mira tienda.example/horario"))
        assert purse.answering == 200_000
        with pytest.raises(Rejected) as refusal:
            await connector.send(reply_to(item, connector, "O tienda.example/mapa"))
        assert refusal.value.code == "budget_spent"


async def test_a_second_look_asks_for_no_more_than_is_left(server: FakeX) -> None:
    """Fifty who wait would cost more than a small budget has, and must not stop what is new."""
    async with shop(server, limit=EURO) as (connector, purse):
        for number in range(50):
            server.write(f"@tienda {number}")
        raws, _ = await testing.read(connector)
        purse.limit = purse.reading + 10 * EACH
        server.gone[raws[0].id] = "resource-not-found"
        server.calls.clear()
        assert [raw.id for raw in await connector.revisit(raws)] == [raws[0].id]
        ((_, _, asked),) = [call for call in server.calls if call[1] == "/2/tweets"]
        assert len(asked["ids"].split(",")) == 10
        purse.limit = purse.reading
        assert await connector.revisit(raws) == []


async def test_posts_with_four_pictures_that_answer_and_quote_cost_no_more_than_was_set_aside(
    server: FakeX,
) -> None:
    """X charges for all that comes along; ``CountedPurse`` refuses a cost above what was set aside."""
    for number in range(14):
        who = {"id": str(9_100_000_000_000_000_000 + number), "username": f"u{number}", "name": f"U{number}"}
        server.people[who["id"]] = who
        below, quoted = server.write("hola", who), server.write("otra", who)
        keys = [f"3_{number}{picture}" for picture in range(4)]
        server.media |= {
            key: {"media_key": key, "type": "photo", "url": "https://pbs.twimg.com/a.jpg"} for key in keys
        }
        more = {"attachments": {"media_keys": keys}}
        server.write(f"@tienda {number}", who, to=below["id"], quotes=quoted["id"], **more)
    async with shop(server, limit=15 * EACH) as (connector, purse):
        items, _ = await read(connector)
        assert len([item for item in items if not item.context]) == 14
        assert purse.reading <= purse.limit


@pytest.mark.parametrize("wrong", ["1,000", "1_000", "1e3", "12.345", "٣"])
async def test_an_amount_that_may_mean_two_things_is_refused(server: FakeX, wrong: str) -> None:
    async with shop(server, budget=wrong) as (connector, _):
        with pytest.raises(Rejected) as refusal:
            await connector.check()
        assert refusal.value.code == "bad_budget"


async def test_lists_go_on_when_there_is_money_again(server: FakeX, clock: ManualClock) -> None:
    """The search's smallest page is dearer than the mentions': while it is not affordable, it is tried again."""
    async with shop(server, limit=8 * EACH) as (connector, purse):
        _, cursor = await read(connector)
        searched = [path for _, path, _ in server.calls if "search" in path]
        assert searched == []
        purse.limit = 100 * EACH
        clock.moment += timedelta(minutes=5)
        server.write("hola", LUIS, to=server.write("nuestro", SHOP)["id"])
        await read(connector, cursor)
        assert any("search" in path for _, path, _ in server.calls)
