"""Forms of a review that its documentation does not show, and what changes in one by itself (NEEDS A1)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from contract.fake_google import FakeReviews, Leave
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.google import GoogleConnector
from socialdesk.connectors.google.parsing import original, stars_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeReviews:
    return FakeReviews(clock)


@pytest.fixture
async def shop(server: FakeReviews) -> AsyncIterator[GoogleConnector]:
    host = server.host(Leave(server))
    async with host.http:
        yield GoogleConnector(host)


async def test_another_address_of_a_portrait_is_no_change(server: FakeReviews, shop: GoogleConnector) -> None:
    """It is signed anew, or the person has another picture."""
    person = {"displayName": "Ana", "profilePhotoUrl": "https://lh3.googleusercontent.com/a/1"}
    review = server.review("Malo", reviewer=person)
    raws, _ = await testing.read(shop)
    review["reviewer"] = {**person, "profilePhotoUrl": "https://lh3.googleusercontent.com/a/2"}
    assert list(await shop.revisit(raws)) == []


@pytest.mark.parametrize(
    ("told", "stars"),
    [("FIVE", 5), (4, 4), ("3", 3), (6, None), (True, None), ("STAR_RATING_UNSPECIFIED", None), (None, None)],
)
def test_stars_in_words_and_numbers(told: Any, stars: int | None) -> None:
    """The older interfaces count them."""
    assert stars_of({"starRating": told}) == stars


@pytest.mark.parametrize(
    "comment",
    [
        "(Traducido por Google) Good\n\n(Original)\nBueno",
        "Bueno\n\n(Traducido por Google)\nGood",
        "(Übersetzt von Google) Gut\n\n(Original)\nBueno",
        "(Translated by Google) Good (Original) Bueno",
    ],
)
def test_translations_are_marked_in_many_languages(comment: str) -> None:
    """The customer's own words are shown."""
    assert original(comment) == "Bueno"


async def test_what_has_another_name_is_no_account(server: FakeReviews, shop: GoogleConnector) -> None:
    """Nothing is asked of a place that it would name."""

    async def odd(request: httpx.Request) -> httpx.Response | None:
        if request.url.host.startswith("mybusinessaccount"):
            accounts = [{"name": "x"}, {"name": 5}, {"name": "\ud800"}, {"name": "accounts/1"}]
            return httpx.Response(200, content=json.dumps({"accounts": accounts}).encode())
        return None

    server.answer = odd
    server.review("Malo")
    assert len((await shop.fetch("")).items) == 1
