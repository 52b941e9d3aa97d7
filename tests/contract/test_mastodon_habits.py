"""How servers differ: lists, pages, orders, answers that are none, limits, streams (NEEDS A1, A4, B1)."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import ANA, BRAND, DOMAIN, LUIS, SERVER, good, refuse
from contract.reading import read, reply_to, words
from socialdesk.connectors import testing
from socialdesk.connectors.contract import AuthRequired, Count, Limit, Rejected, Temporary
from socialdesk.connectors.mastodon import MastodonConnector

pytestmark = pytest.mark.anyio
PAGE = "<html><title>Welcome</title></html>"


@pytest.mark.parametrize("refused", [(), ("quote",), ("quote", "filtered"), ("quote", "filtered", "types")])
@pytest.mark.parametrize("status", [400, 422])
async def test_kinds_that_a_server_refuses(
    mastodon: FakeMastodon, tienda: MastodonConnector, refused: tuple[str, ...], status: int
) -> None:
    """Less and less is asked for, and chosen here: the same messages come."""

    async def narrow(request: httpx.Request) -> httpx.Response | None:
        asked = str(request.url)
        return refuse(status, "no such kind") if any(one in asked for one in refused) else None

    mastodon.answer = narrow
    mastodon.mention("¿Hola?")
    mastodon.tell("favourite", mastodon.post("Oferta", BRAND), ANA)
    mastodon.tell("follow", None, LUIS)
    mastodon.tell("pleroma:emoji_reaction", mastodon.post("Oferta", BRAND), ANA)
    mastodon.mention("mirad", LUIS)
    found, _ = await read(tienda)
    assert words(found) == ["¿Hola?", "mirad"]


async def test_filtered_ones_are_asked_for(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """A1: strangers' messages, which the server would keep apart."""
    mastodon.mention("de una desconocida")
    mastodon.filtered.add(mastodon.notes[-1]["id"])
    assert words((await read(tienda))[0]) == ["de una desconocida"]


@pytest.mark.parametrize("kind", ["something_new", "annual_thing", "", None, "reply"])
async def test_unknown_kinds_are_messages_where_they_speak_to_us(
    mastodon: FakeMastodon, tienda: MastodonConnector, kind: str | None
) -> None:
    """And nothing otherwise."""
    post = mastodon.post("Oferta", BRAND)
    spoken = [mastodon.post("uno", to=post["id"]), mastodon.post("@tienda dos"), mastodon.post("tres", LUIS)]
    mastodon.notes.clear()
    for status in spoken:
        mastodon.tell("x", status)
        mastodon.notes[-1]["type"] = kind

    async def every(request: httpx.Request) -> httpx.Response | None:
        return good(mastodon.notes[::-1]) if request.url.path == "/api/v1/notifications" else None

    mastodon.answer = every
    assert set(words((await read(tienda))[0])) == {"uno", "dos"}


@pytest.mark.parametrize("links", ["ids of their own", "none", "odd", "to nowhere"])
async def test_pages_are_followed_by_their_links_or_their_ids(
    mastodon: FakeMastodon, tienda: MastodonConnector, links: str
) -> None:
    """A1: what the header names need not be an id of the list."""
    for number in range(100):
        mastodon.clock.moment += timedelta(seconds=1)
        mastodon.mention(f"mensaje {number}")

    async def paged(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/api/v1/notifications":
            return None
        below = request.url.params.get("max_id", "")
        if links == "ids of their own":
            start = int(below.removeprefix("inner-") or 0)
            page = mastodon.notes[::-1][start : start + 40]
            return good(page, link=f'<{SERVER}/api/v1/notifications?max_id=inner-{start + 40}>; rel="next"')
        answer = mastodon.serve(request)
        header = {"none": {}, "odd": {"link": "<<>;;, rel"}, "to nowhere": {"link": "<http://[>; rel=next"}}[
            links
        ]
        return good(answer.json(), **header)

    mastodon.answer = paged
    assert len(words((await read(tienda))[0])) == 100


async def test_a_list_in_another_order(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """A1: oldest first, or one out of its place: nothing is left out, and the oldest is told first."""
    for number in range(90):
        mastodon.clock.moment += timedelta(seconds=1)
        mastodon.mention(f"mensaje {number}")
    _, cursor = await read(tienda)
    kept = json.loads(cursor)
    kept["notes"] |= {"seen": mastodon.notes[29]["id"], "at": mastodon.notes[29]["created_at"], "blind": True}

    async def turned(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/api/v1/notifications":
            return None
        page = mastodon.serve(request).json()
        early = mastodon.notes[3]  # an old one among the new
        return good([*page[:5], early, *page[5:]][:: -1 if "max_id" not in request.url.params else 1])

    mastodon.answer = turned
    found, _ = await read(tienda, json.dumps(kept))
    assert set(words(found)) >= {f"mensaje {number}" for number in range(30, 90)}


@pytest.mark.parametrize("turned", [False, True])
async def test_threads_are_put_in_order(
    mastodon: FakeMastodon, tienda: MastodonConnector, turned: bool
) -> None:
    """B3: replies under our posts that name nobody, and what stands above, in whatever order the server tells it."""
    post = mastodon.post("Oferta", BRAND)
    first = mastodon.post("¿talla M?", LUIS, to=post["id"])
    more = mastodon.post("¿y la L?", LUIS, to=first["id"])
    talk = mastodon.post("yo la vi", ANA, to=first["id"])
    mastodon.post("¿dónde?", LUIS, to=talk["id"])
    mastodon.mention("¿sigue?", LUIS, to=more["id"])

    async def context(request: httpx.Request) -> httpx.Response | None:
        if not turned or not request.url.path.endswith("/context"):
            return None
        told = mastodon.serve(request).json()
        return good({name: one[::-1] for name, one in told.items()})

    mastodon.answer = context
    raws, _ = await testing.read(tienda)
    found = [item for raw in raws for item in tienda.parse(testing.stored(raw))]
    assert set(words(found)) == {"¿talla M?", "¿y la L?", "¿sigue?"}
    assert {item.conversation for item in found} == {f"{post['id']}|{LUIS['id']}"}


@pytest.mark.parametrize("status", [200, 401, 403, 404, 500, 502, 503])
@pytest.mark.parametrize("body", [PAGE, "", "null", "7", '{"error":"no"}', "[", '{"a":' * 2000])
async def test_answers_that_are_none_move_nothing(
    mastodon: FakeMastodon, tienda: MastodonConnector, status: int, body: str
) -> None:
    """A1: whatever stands in place of the list."""
    mastodon.mention("¿Hola?")
    _, cursor = await read(tienda)

    async def odd(request: httpx.Request) -> httpx.Response | None:
        listed = request.url.path == "/api/v1/notifications"
        return httpx.Response(status, text=body) if listed else None

    mastodon.answer = odd
    with pytest.raises((Temporary, AuthRequired, Rejected)):
        await tienda.fetch(cursor)
    mastodon.answer = None
    mastodon.mention("¿Y ahora?")
    assert words((await read(tienda, cursor))[0]) == ["¿Y ahora?"]


async def test_a_server_without_notifications_is_no_deleted_message(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """What is not there to be read is not "the message that you answer"."""
    mastodon.missing.add("/api/v1/notifications")
    with pytest.raises(Rejected) as told:
        await tienda.fetch("")
    assert told.value.code == "rejected"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Gracias...  hasta «luego»", "<p>@ana Gracias… hasta &ldquo;luego&rdquo;</p>"),
        ("**Sí**, a las _nueve_", "<p>@ana <strong>Sí</strong>, a las <em>nueve</em></p>"),
        ("Aquí: https://e.example/x?a=1&b=2", '<p>@ana Aquí: <a href="https://e.example/x?a=1&amp;b=2">e.example/x</a></p>'),
        ("👍", "<p>@ana 👍</p>"),
        ("uno\n\ndos", "<p>@ana uno</p><p>dos</p>"),
    ],
)  # fmt: skip
async def test_an_answer_is_found_whatever_the_server_made_of_it(
    mastodon: FakeMastodon, tienda: MastodonConnector, written: str, shown: str
) -> None:
    """A1: also where it does not tell the words as they were typed."""
    mastodon.heeds_keys = False
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)
    outgoing = reply_to(item, tienda, written)
    receipt = await tienda.send(outgoing)
    mastodon.statuses[receipt.id]["content"] = shown

    async def no_source(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(404, html=PAGE) if request.url.path.endswith("/source") else None

    mastodon.answer = no_source
    found = await tienda.find_sent(outgoing)
    assert found is not None and found.id == receipt.id
    assert await tienda.find_sent(reply_to(item, tienda, "👎" if written == "👍" else "No")) is None


# The server's own word ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "document", "limit"),
    [
        ("v2", {"configuration": {"statuses": {"max_characters": 5000, "characters_reserved_per_url": 25}}}, Limit(4968, Count.CODE_POINTS)),
        ("v2", {"configuration": {"statuses": {"max_characters": 1000, "characters_reserved_per_url": 23}}}, Limit(968, Count.MASTODON)),
        ("v1", {"max_toot_chars": 5000, "version": "2.7.2 (compatible; Akkoma 3.15)"}, Limit(4968, Count.CODE_POINTS)),
        ("v1", {"configuration": None, "max_toot_chars": "500"}, Limit(468, Count.CODE_POINTS)),
        ("v1", {"max_toot_chars": -3}, Limit(468, Count.CODE_POINTS)),
        ("none", {}, Limit(468, Count.MASTODON)),
    ],
)  # fmt: skip
async def test_how_long_an_answer_may_be(
    mastodon: FakeMastodon, tienda: MastodonConnector, path: str, document: dict[str, Any], limit: Limit
) -> None:
    """As the server says, newer or older; where it says nothing, as Mastodon has it."""

    async def answer(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/instance"):
            return None
        return good(document) if f"/{path}/" in request.url.path else httpx.Response(404, html=PAGE)

    mastodon.answer = answer
    learned = (await tienda.check()).learned
    assert MastodonConnector.limits({"server": DOMAIN, **learned}).public_limit == limit


@pytest.mark.parametrize(("streams", "most"), [(True, 45), (False, 240)])
async def test_what_an_idle_hour_asks(
    mastodon: FakeMastodon, tienda: MastodonConnector, streams: bool, most: int
) -> None:
    """A1: of the 3,600 calls that are allowed, and of the 1,200 with a place in a list."""
    for number in range(5):
        mastodon.mention(f"mensaje {number}")
        mastodon.post("Oferta", BRAND)
    _, cursor = await read(tienda)
    can = tienda.capabilities
    pace, until = can.listening_poll if streams else can.poll, mastodon.clock.moment + timedelta(hours=1)
    mastodon.calls.clear()
    while mastodon.clock.moment < until:
        mastodon.clock.moment += pace
        _, cursor = await read(tienda, cursor)
    placed = [params for _, _, params in mastodon.calls if {"min_id", "max_id"} & params.keys()]
    print(f"an idle hour: {len(mastodon.calls)} calls, {len(placed)} of them with a place in a list")
    assert len(mastodon.calls) <= most


async def test_a_server_that_does_not_stream(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """It is asked at its pace, and that is all."""
    for response in (
        refuse(404, "no"),
        httpx.Response(200, html=PAGE),
        httpx.Response(400),
        httpx.Response(502),
    ):

        async def answer(_request: httpx.Request, response: httpx.Response = response) -> httpx.Response:
            return response

        mastodon.answer = answer
        with pytest.raises(Temporary):
            await tienda.listen(lambda: None)


async def test_a_notice_that_the_server_passes_over_is_not_published(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """It says yes and changes nothing."""

    async def deaf(request: httpx.Request) -> httpx.Response | None:
        return good({**BRAND, "source": {"note": ""}}) if request.method == "PATCH" else None

    mastodon.answer = deaf
    with pytest.raises(Temporary):
        await tienda.publish_notice("unos 20 min")
    mastodon.answer = None
    await tienda.publish_notice("unos 20 min")
    assert "unos 20 min" in mastodon.note


async def test_what_the_stream_says(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """Messages and what cannot be read are news; beats, likes and other lists are none."""
    heard: list[int] = []
    listening = asyncio.ensure_future(tienda.listen(lambda: heard.append(1)))
    while not heard:
        await asyncio.sleep(0)
    for event, data in [
        ("notification", {"type": "favourite"}),
        ("update", {"id": "1"}),
        ("delete", "1"),
        ("announcement", ""),
        ("notification", {"type": "mention"}),
        ("notification", {"type": "something_new"}),
        ("notification", "{"),
        ("notifications_merged", "1"),
    ]:
        mastodon.push(event, data)
    mastodon.streams[0].queue.put_nowait(
        b"data\n:\nevent\n\nid: 1\nretry: x\n\n" + b"event: notification\r\ndata: {}\r\n\r\n"
    )
    mastodon.streams[0].queue.put_nowait(None)
    await listening
    assert len(heard) == 6
