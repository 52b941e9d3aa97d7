"""What becomes of posts later: edits, deletions, counts, and the brand's own answers from elsewhere (NEEDS A1, A4)."""

from __future__ import annotations

import httpx
import pytest

from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import BRAND, good, iso
from contract.reading import read
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Direction
from socialdesk.connectors.mastodon import MastodonConnector

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("way", ["by their ids", "one by one", "a page for people"])
async def test_edits_and_deletions_are_found(
    mastodon: FakeMastodon, tienda: MastodonConnector, way: str
) -> None:
    """Gone is what two looks in a row do not find; also where posts cannot be asked for by their ids."""
    statuses = [mastodon.mention(f"mensaje {number}") for number in range(4)]
    known, _ = await testing.read(tienda)

    async def answer(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/api/v1/statuses" or way == "by their ids":
            return None
        return (
            httpx.Response(405, json={"error": "no"})
            if way == "one by one"
            else httpx.Response(200, html="<p>")
        )

    mastodon.answer = answer
    assert await tienda.revisit(known) == []
    statuses[0] |= {"content": "<p>@tienda otra cosa</p>", "edited_at": iso(mastodon.clock.now())}
    statuses[1]["media_attachments"] = [{"id": "5", "type": "image", "description": "foto"}]
    statuses[2]["favourites_count"] = 7
    mastodon.remove(statuses[3]["id"])
    items = testing.understood(tienda, await tienda.revisit(known))
    assert [(item.text, item.edited_at is not None) for item in items] == [
        ("otra cosa", True),
        ("mensaje 1", False),
    ]
    *_, gone = testing.understood(tienda, await tienda.revisit(known))
    assert (gone.text, gone.deleted) == ("mensaje 3", True)


async def test_one_post_that_cannot_be_asked_for_hides_no_other(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """A page for people in place of it: the others' edits are found."""
    first, second = mastodon.mention("una"), mastodon.mention("dos")
    known, _ = await testing.read(tienda)
    second["content"] = "<p>@tienda tres</p>"

    async def answer(request: httpx.Request) -> httpx.Response | None:
        assert request.headers["accept"] == "application/json"
        page = request.url.path in ("/api/v1/statuses", f"/api/v1/statuses/{first['id']}")
        return httpx.Response(404, html="<p>") if page else None

    mastodon.answer = answer
    assert [item.text for item in testing.understood(tienda, await tienda.revisit(known))] == ["tres"]


async def test_a_server_in_trouble_deletes_nothing(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """A post that could not be asked for is not gone."""
    mastodon.mention("¿Hola?")
    known, _ = await testing.read(tienda)

    async def answer(request: httpx.Request) -> httpx.Response | None:
        return (
            good([]) if request.url.path == "/api/v1/statuses" else httpx.Response(403, json={"error": "no"})
        )

    mastodon.answer = answer
    assert [await tienda.revisit(known) for _ in range(3)] == [[], [], []]


async def test_an_answer_from_the_brand_s_telephone_is_an_answer(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """A4: read back once, in its conversation, also where it names nobody."""
    status = mastodon.mention("¿Abrís?")
    mastodon.post("Sí, a las nueve", BRAND, to=status["id"])
    found, _ = await read(tienda)
    asked = next(item for item in found if item.direction is Direction.IN)
    [answer] = [item for item in found if item.direction is Direction.OUT]
    assert (answer.text, answer.conversation) == ("Sí, a las nueve", asked.conversation)


async def test_what_is_stored_is_the_same_each_time(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """Counts that change by themselves are no edit."""
    status = mastodon.mention("¿Hola?")
    once, _ = await testing.read(tienda)
    status |= {"favourites_count": 9, "replies_count": 3, "favourited": True, "card": {"title": "x"}}
    again, _ = await testing.read(tienda)
    assert [(raw.id, raw.payload) for raw in once] == [(raw.id, raw.payload) for raw in again]
