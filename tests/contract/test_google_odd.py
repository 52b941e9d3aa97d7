"""Answers of Google's reviews that differ from what its documentation shows, and visits that are cut off (NEEDS A1, B1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from contract.fake_google import LOCATION, FakeReviews, Leave, refuse
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import AuthRequired, Direction, Item, Rejected, Temporary
from socialdesk.connectors.google import GoogleConnector
from socialdesk.connectors.google.parsing import reply_id
from socialdesk.connectors.oauth import code_of

pytestmark = pytest.mark.anyio
WORKSHOP = "accounts/1/locations/8"


@pytest.fixture
def server(clock: ManualClock) -> FakeReviews:
    return FakeReviews(clock)


@pytest.fixture
async def shop(server: FakeReviews) -> AsyncIterator[GoogleConnector]:
    host = server.host(Leave(server))
    async with host.http:
        yield GoogleConnector(host)


def instead(server: FakeReviews, part: str, answer: httpx.Response) -> None:
    """Answer so whatever has that in its address."""

    async def given(request: httpx.Request) -> httpx.Response | None:
        return answer if part in str(request.url) else None

    server.answer = given


def incoming(items: list[Item]) -> list[str]:
    """What customers wrote."""
    return [item.text for item in items if item.direction is Direction.IN]


@pytest.mark.parametrize(
    "refusal",
    [
        refuse(403, "PERMISSION_DENIED", "The location is not verified."),
        refuse(404, "NOT_FOUND"),
        refuse(429, "RESOURCE_EXHAUSTED"),
        httpx.Response(502, text="<html>Error</html>"),
    ],
)
async def test_a_business_that_cannot_be_read_stops_no_other(
    server: FakeReviews, shop: GoogleConnector, refusal: httpx.Response
) -> None:
    """Nor is anything lost of it: it is read once Google allows it, and first where it was its turn."""
    server.locations.append({"name": "locations/8", "title": "El Taller"})
    server.review("uno")
    server.review("otro", location=WORKSHOP)
    instead(server, f"{WORKSHOP}/reviews", refusal)
    page = await shop.fetch("")
    assert [raw.payload["review"]["comment"] for raw in page.items] == ["uno"] and not page.more
    server.answer = None
    server.calls.clear()
    items, _ = await read(shop, page.cursor)
    assert "otro" in incoming(items)
    first = next(path for _, path, _ in server.calls if path.endswith("/reviews"))
    assert (WORKSHOP in first) == (refusal.status_code in (429, 502))


async def test_a_page_that_google_has_forgotten_is_read_from_the_first(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """A desk that was off in the middle of a long list goes on."""
    for number in range(60):
        clock.moment += timedelta(minutes=1)
        server.review(f"uno {number}")
    page = await shop.fetch("")
    assert page.more

    async def expired(request: httpx.Request) -> httpx.Response | None:
        old = request.url.params.get("pageToken") == "50" and not any(
            "pageToken" not in asked for _, path, asked in server.calls if path.endswith("/reviews")
        )
        return refuse(400, "INVALID_ARGUMENT", "Invalid page token") if old else None

    server.calls.clear()
    server.answer = expired
    items, _ = await read(shop, page.cursor)
    assert {f"uno {number}" for number in range(60)} <= set(incoming(items))


async def test_a_business_in_two_accounts_is_read_once(server: FakeReviews, shop: GoogleConnector) -> None:
    """A group lists what a person's account lists, too."""
    both = [{"name": "accounts/2"}, {"name": "accounts/1"}]
    instead(server, "mybusinessaccountmanagement", httpx.Response(200, json={"accounts": both}))
    server.review("Bien")
    assert incoming((await read(shop))[0]) == ["Bien"]
    read_from = [path for _, path, _ in server.calls if path.endswith("/reviews")]
    assert read_from == [f"mybusiness.googleapis.com/v4/{LOCATION}/reviews"]


@pytest.mark.parametrize("given", ["accounts/1/locations/8", "locations/8", " locations/8, locations/9"])
async def test_only_the_businesses_that_were_named(server: FakeReviews, given: str) -> None:
    """Whoever answers for one shop sees no other's reviews."""
    server.locations.append({"name": "locations/8", "title": "El Taller"})
    server.review("uno")
    server.review("otro", location=WORKSHOP)
    host = server.host(Leave(server), locations=given)
    async with host.http:
        assert incoming((await read(GoogleConnector(host)))[0]) == ["otro"]


@pytest.mark.parametrize("given", ["locations/99", "Calle Mayor"])
async def test_a_business_that_is_not_there_is_not_another(server: FakeReviews, given: str) -> None:
    """It says so."""
    server.review("uno")
    host = server.host(Leave(server), locations=given)
    async with host.http:
        with pytest.raises(AuthRequired) as told:
            await GoogleConnector(host).fetch("")
    assert told.value.code == "no_locations"


async def test_a_change_after_our_answer_is_an_edit(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """The answer moves the review's time, and is no edit of the customer's."""
    review = server.review("Mal")
    (item,) = (await read(shop))[0]
    clock.moment += timedelta(hours=1)
    await shop.send(reply_to(item, shop))
    review["updateTime"] = review["reviewReply"]["updateTime"]
    assert [one.edited_at for one in (await read(shop))[0] if one.direction is Direction.IN] == [None]
    clock.moment += timedelta(hours=1)
    review |= {"comment": "Peor", "updateTime": server.stamp()}
    (after,) = [one for one in (await read(shop))[0] if one.direction is Direction.IN]
    assert after.text == "Peor" and after.edited_at is not None


def test_an_answers_name_does_not_change_with_the_digits_of_its_time() -> None:
    """Google tells now nanoseconds, now none."""
    times = ("2026-11-22T09:00:00Z", "2026-11-22T09:00:00.123456789Z", "2026-11-22T09:00:00.12Z")
    assert len({reply_id("r", {"updateTime": one}) for one in times}) == 1


async def test_an_approved_answer_is_no_longer_called_pending(
    server: FakeReviews, shop: GoogleConnector
) -> None:
    """What was told of it before is replaced."""
    review = server.review("Mal")
    (item,) = (await read(shop))[0]
    await shop.send(reply_to(item, shop))
    review["reviewReply"]["reviewReplyState"] = "APPROVED"
    assert [one.title for one in (await read(shop))[0] if one.direction is Direction.OUT] == [
        "Google: APPROVED"
    ]


async def test_a_translated_answer_is_found(server: FakeReviews, shop: GoogleConnector) -> None:
    """Google adds a translation to answers, too."""
    review = server.review("Bad")
    outgoing = reply_to((await read(shop))[0][0], shop, "Lo sentimos")
    receipt = await shop.send(outgoing)
    review["reviewReply"]["comment"] = "Lo sentimos\n\n(Translated by Google)\nWe are sorry"
    found = await shop.find_sent(outgoing)
    assert found is not None and found.id == receipt.id
    assert await shop.find_sent(replace(outgoing, text="We are sorry")) is None


async def test_a_review_from_the_future_hides_no_later_one(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """A clock somewhere is wrong."""
    server.review("del futuro", updateTime="2027-11-22T09:00:00Z")
    _, cursor = await read(shop)
    clock.moment += timedelta(hours=1)
    server.review("de hoy")
    assert "de hoy" in incoming((await read(shop, cursor))[0])


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(502, text="<html>bad gateway</html>"),
        httpx.Response(200, json=[]),
    ],
)
async def test_a_page_that_is_no_answer_moves_nothing(
    server: FakeReviews, shop: GoogleConnector, answer: httpx.Response
) -> None:
    """It is asked again later from the same place."""
    server.review("Bien")
    instead(server, f"{LOCATION}/reviews", answer)
    with pytest.raises((Temporary, Rejected)):
        await shop.fetch("")
    server.answer = None
    assert incoming((await read(shop))[0]) == ["Bien"]


async def test_fields_that_nobody_knows_and_nothing_where_something_was(
    server: FakeReviews, shop: GoogleConnector
) -> None:
    """An empty answer to a review is none; unknown members cost nothing."""
    server.review("Bien", "SIX", reviewReply={}, reviewMediaItems=None, novelty={"a": [1]})
    server.review(None, "FIVE", reviewReply=None, reviewer={"displayName": None})
    items, _ = await read(shop)
    assert [item.direction for item in items] == [Direction.IN, Direction.IN]
    assert {item.rating for item in items} == {None, 5}


@pytest.mark.parametrize(
    "pasted",
    [
        "http://127.0.0.1:8080/?state=s&code=4%2F0Ab&scope=x",
        " http://127.0.0.1:8080/?state=s&co\nde=4%2F0Ab&scope=x\n",
        "4/0Ab",
        "4%2F0Ab",
        "state=s&code=4/0Ab",
    ],
)
def test_a_code_as_people_paste_it(pasted: str) -> None:
    """The whole address, with line breaks of a terminal, or the code as the address shows it."""
    assert code_of(pasted, "s") == "4/0Ab"


async def test_what_is_missing_of_a_review_is_put_together(
    server: FakeReviews, shop: GoogleConnector
) -> None:
    """Its name of place and number, its time of its last change; stars also in digits."""
    review = server.review("Bien", "5")
    name = review["name"]

    async def bare(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/reviews"):
            return None
        return httpx.Response(
            200,
            json={"reviews": [{key: review[key] for key in review if key not in ("name", "createTime")}]},
        )

    server.answer = bare
    (item,) = (await read(shop))[0]
    assert (item.id, item.rating, item.remote["review"]) == (name, 5, name)
