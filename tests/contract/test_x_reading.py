"""What X is asked for where a list has several pages, or a number is none (NEEDS A1, B1)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.fake_x import LUIS, SHOP, FakeX, Keys
from contract.reading import read
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Raw
from socialdesk.connectors.x import XConnector

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(clock: ManualClock) -> FakeX:
    return FakeX(clock)


@pytest.fixture
async def shop(server: FakeX) -> AsyncIterator[XConnector]:
    host = server.host(Keys(server))
    async with host.http:
        yield XConnector(host)


async def test_all_pages_of_the_search_have_one_beginning(
    server: FakeX, shop: XConnector, clock: ManualClock
) -> None:
    """The seven days move on meanwhile; X knows a page only by the same question."""
    own = server.write("Rebajas", SHOP)
    for number in range(150):
        server.write(f"¿Qué tal {number}?", LUIS, quotes=own["id"])
    cursor = ""
    for _ in range(2):
        cursor = (await shop.fetch(cursor)).cursor
        clock.moment += timedelta(minutes=3)
    asked = [query for _, path, query in server.calls if path.endswith("/search/recent")]
    assert len(asked) == 2 and "next_token" in asked[1]
    assert asked[0]["since_id"] == asked[1]["since_id"]


async def test_a_number_that_is_none_spoils_no_second_look(server: FakeX, shop: XConnector) -> None:
    """X refuses all that are asked for together with it."""
    post = server.write("@tienda hola")
    raws, _ = await testing.read(shop)
    odd = json.loads(json.dumps(raws[0].payload).replace(post["id"], "x1"))
    server.gone[post["id"]] = "resource-not-found"
    changed = await shop.revisit([Raw("x1", odd), *raws])
    assert [raw.id for raw in changed] == [post["id"]]


async def test_a_next_page_that_cannot_be_written_is_none(server: FakeX, shop: XConnector) -> None:
    """Half a sign is no place in a list."""
    server.write("@tienda hola")

    async def half(request: httpx.Request) -> httpx.Response | None:
        if "/mentions" not in request.url.path:
            return None
        body = server.serve(request).json()
        body["meta"]["next_token"] = "\ud800"
        return httpx.Response(200, content=json.dumps(body).encode())

    server.answer = half
    assert [item.text for item in (await read(shop))[0]] == ["hola"]
