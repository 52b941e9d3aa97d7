"""The traps of Google's reviews, by their numbers in the list of nasty cases (NEEDS A1, A4, B1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_google import FakeReviews, Leave, refuse
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import AuthRequired, Direction, Outgoing, Rejected, Temporary
from socialdesk.connectors.google import GoogleConnector
from socialdesk.connectors.google.parsing import original

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeReviews:
    """A business without reviews."""
    return FakeReviews(clock)


@pytest.fixture
async def shop(server: FakeReviews) -> AsyncIterator[GoogleConnector]:
    """The business's account."""
    host = server.host(Leave(server))
    async with host.http:
        yield GoogleConnector(host)


def always(server: FakeReviews, part: str, answer: httpx.Response) -> None:
    """Answer so whatever has that in its address."""

    async def instead(request: httpx.Request) -> httpx.Response | None:
        return answer if part in str(request.url) else None

    server.answer = instead


async def answering(shop: GoogleConnector, text: str, **changes: Any) -> Outgoing:
    """An answer to the only review there is."""
    ((item,), _) = await read(shop)
    return replace(reply_to(item, shop, text), **changes)


async def test_case_1_a_business_that_google_denies_for_a_moment(
    server: FakeReviews, shop: GoogleConnector
) -> None:
    """It is asked again, and nothing counts as deleted."""
    server.review("Bien", "FIVE")
    server.flaky = 1
    with pytest.raises(Temporary):
        await shop.fetch("")
    assert [item.text for item in (await read(shop))[0]] == ["Bien"]


async def test_case_1_a_review_is_gone_when_google_denies_it_twice(
    server: FakeReviews, shop: GoogleConnector
) -> None:
    """Once may be a mood; in between it may come back."""
    kept = server.review("Mal")
    raws, _ = await testing.read(shop)
    away = server.reviews.pop(kept["name"])
    assert await shop.revisit(raws) == []
    server.reviews[kept["name"]] = away
    assert await shop.revisit(raws) == []
    del server.reviews[kept["name"]]
    assert await shop.revisit(raws) == []
    (gone,) = await shop.revisit(raws)
    assert shop.parse(gone)[0].deleted


@pytest.mark.parametrize(
    "answer",
    [
        refuse(403, "PERMISSION_DENIED", "API has not been used in project 1", reason="SERVICE_DISABLED"),
        refuse(429, "RESOURCE_EXHAUSTED", "Quota exceeded", metadata={"quota_limit_value": "0"}),
    ],
)
async def test_case_2_a_project_that_google_has_not_approved(
    server: FakeReviews, shop: GoogleConnector, answer: httpx.Response
) -> None:
    """No pace and no fault of the sign-in: the person reads what to ask Google for."""
    always(server, "mybusiness.googleapis.com", answer)
    with pytest.raises(AuthRequired) as told:
        await shop.check()
    assert told.value.code == "api_not_approved"


async def test_case_3_no_account_is_called_by_a_wildcard(server: FakeReviews, shop: GoogleConnector) -> None:
    """One call takes it, another refuses it."""
    server.review("Bien")
    await read(shop)
    assert not any("accounts/-" in path for _, path, _ in server.calls)


async def test_case_4_a_sign_in_that_manages_nothing_says_so(
    server: FakeReviews, shop: GoogleConnector
) -> None:
    """Google answers with an empty object and no error."""
    server.locations = []
    with pytest.raises(AuthRequired) as told:
        await shop.check()
    assert told.value.code == "no_locations"


@pytest.mark.parametrize("reviewer", [{"displayName": "A Google User", "isAnonymous": True}, {}, None, 7])
async def test_case_5_somebody_without_a_name(
    server: FakeReviews, shop: GoogleConnector, reviewer: Any
) -> None:
    """The review is there, and can be answered."""
    server.review("Mal", reviewer=reviewer)
    outgoing = await answering(shop, "Lo sentimos")
    await shop.send(outgoing)
    assert server.replies() == ["Lo sentimos"]


async def test_case_6_a_leave_that_ended_says_why(server: FakeReviews, shop: GoogleConnector) -> None:
    """After seven days where the consent screen is in testing."""
    server.revoked = True
    with pytest.raises(AuthRequired) as told:
        await shop.fetch("")
    assert told.value.code == "google_grant_ended"


async def test_case_7_every_page_of_every_business(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """Fifty a page; each business has a place of its own."""
    server.locations.append({"name": "locations/8", "title": "El Taller"})
    for number in range(120):
        clock.moment += timedelta(minutes=5)
        server.review(f"uno {number}")
        server.review(f"otro {number}", location="accounts/1/locations/8")
    items, cursor = await read(shop)
    assert len(items) == 240
    clock.moment += timedelta(hours=2)
    server.review("y otro", location="accounts/1/locations/8")
    items, _ = await read(shop, cursor)
    assert "y otro" in [item.text for item in items] and len(items) < 120
    assert (items[-1].rating, items[-1].title) == (2, "El Taller")


async def test_case_8_a_deleted_review_is_told_by_no_list(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """It is asked for by its name while its author waits; the others stay as they are."""
    gone, kept = server.review("Mal"), server.review("Peor")
    raws, cursor = await testing.read(shop)
    del server.reviews[gone["name"]]
    clock.moment += timedelta(hours=1)
    again, _ = await read(shop, cursor)
    assert not any(item.deleted for item in again)
    assert await shop.revisit(raws) == []
    (changed,) = await shop.revisit(raws)
    assert (changed.id, shop.parse(changed)[0].deleted) == (gone["name"], True)
    assert kept["name"] in server.reviews


@pytest.mark.parametrize(
    "at", ["2026-11-22T09:00:00Z", "2026-11-22T09:00:00.123456789Z", "2026-11-22T10:00:00.5+01:00"]
)
async def test_case_9_moments_in_all_their_forms(server: FakeReviews, shop: GoogleConnector, at: str) -> None:
    """Whole seconds, nanoseconds, another zone."""
    server.review("Bien", createTime=at, updateTime=at)
    ((item,), _) = await read(shop)
    assert item.at.replace(microsecond=0).isoformat() == "2026-11-22T09:00:00+00:00"


async def test_case_10_an_answer_that_google_does_not_show_says_so(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """Taken is not visible; what became of it is read again."""
    review = server.review("Mal")
    outgoing = await answering(shop, "Lo sentimos")
    receipt = await shop.send(outgoing)
    review["updateTime"] = server.stamp()
    out = [item for item in (await read(shop))[0] if item.direction is Direction.OUT]
    assert [(item.id, item.title) for item in out] == [(receipt.id, "Google: PENDING")]
    review["reviewReply"] |= {"reviewReplyState": "REJECTED", "policyViolation": "SPAM"}
    out = [item for item in (await read(shop))[0] if item.direction is Direction.OUT]
    assert [(item.id, item.title) for item in out] == [(receipt.id, "Google: REJECTED (SPAM)")]
    found = await shop.find_sent(outgoing)
    assert found is not None and found.id == receipt.id


async def test_case_11_the_limit_is_in_bytes(server: FakeReviews, shop: GoogleConnector) -> None:
    """2,100 letters of two bytes do not fit."""
    server.review("Плохо")
    outgoing = await answering(shop, "ж" * 2100)
    with pytest.raises(Rejected) as no:
        await shop.send(outgoing)
    assert no.value.code == "too_long"
    await shop.send(replace(outgoing, text="ж" * 2048))


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("(Translated by Google) The worst\n\n(Original)\nLo peor", "Lo peor"),
        ("Lo peor\n\n(Translated by Google)\nThe worst", "Lo peor"),
        ("(Original) es mi tienda favorita", "(Original) es mi tienda favorita"),
        ("(Translated by Google)", "(Translated by Google)"),
        ("Bien", "Bien"),
    ],
)
def test_case_12_the_customers_own_words(comment: str, shown: str) -> None:
    """A translation is Google's, before them or behind."""
    assert original(comment) == shown


async def test_case_12_stars_without_words(server: FakeReviews, shop: GoogleConnector) -> None:
    """The stars say it all; an unknown number of them is shown as it is named."""
    server.review(None, "ONE")
    server.review(None, "STAR_RATING_UNSPECIFIED")
    items, _ = await read(shop)
    assert {(item.text, item.rating, item.title) for item in items} == {
        ("", 1, "La Tienda Sol"),
        ("", None, "STAR_RATING_UNSPECIFIED · La Tienda Sol"),
    }


async def test_a_box_that_was_not_ticked_is_named(server: FakeReviews, shop: GoogleConnector) -> None:
    """The sign-in works, and gives less leave than was asked for."""
    narrow = refuse(403, "PERMISSION_DENIED", "Insufficient scopes", reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    always(server, "mybusiness", narrow)
    with pytest.raises(AuthRequired) as told:
        await shop.check()
    assert told.value.code == "scope_missing"


async def test_an_edited_review_is_the_same_one(
    server: FakeReviews, shop: GoogleConnector, clock: ManualClock
) -> None:
    """It comes up again, with other words and other stars."""
    review = server.review("Mal", "ONE")
    ((before,), cursor) = await read(shop)
    clock.moment += timedelta(days=2)
    review |= {"comment": "Lo arreglaron", "starRating": "FIVE", "updateTime": server.stamp()}
    ((after,), _) = await read(shop, cursor)
    assert (after.id, after.at) == (before.id, before.at)
    assert (before.rating, after.text, after.rating) == (
        1,
        "Lo arreglaron",
        5,
    ) and after.edited_at is not None
