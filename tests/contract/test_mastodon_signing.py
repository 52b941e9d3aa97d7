"""Leave to use an account on Mastodon: getting it, and what is lacking (NEEDS B1)."""

from __future__ import annotations

import httpx
import pytest

from contract.fake_door import OUT_OF_BAND
from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import good, refuse
from contract.reading import read, reply_to
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Act, AuthRequired, Rejected
from socialdesk.connectors.mastodon import MastodonConnector

pytestmark = pytest.mark.anyio
PAGE = "<html><title>Welcome</title></html>"


@pytest.mark.parametrize("body", ["", "Unauthorized", '{"error":"The access token is invalid"}', PAGE])
async def test_signed_out_is_signed_out_in_any_words(
    mastodon: FakeMastodon, tienda: MastodonConnector, body: str
) -> None:
    """B1: a person has to act, whatever stands in the answer."""
    mastodon.mention("¿Hola?")
    [item], cursor = await read(tienda)

    async def out(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, text=body)

    mastodon.answer = out
    for call in (tienda.fetch(cursor), tienda.send(reply_to(item, tienda)), tienda.check()):
        with pytest.raises(AuthRequired):
            await call


async def test_a_token_that_may_not_read_is_named(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """Not as something that passes."""
    await tienda.fetch("")
    mastodon.scopes = ["read:accounts", "read:statuses", "write:statuses"]
    assert set((await tienda.check()).lacking) == {"reading_not_allowed", "acts_not_allowed"}
    with pytest.raises(AuthRequired) as told:
        await tienda.fetch("")
    assert told.value.code == "reading_not_allowed"


@pytest.mark.parametrize(("scopes", "code"), [([], "not_allowed"), (["write"], "rejected")])
async def test_what_a_token_may_not_do_is_told_from_what_a_server_does_not_want(
    mastodon: FakeMastodon, tienda: MastodonConnector, scopes: list[str], code: str
) -> None:
    """B1: the missing permission by its name; the author who takes no answers, in the server's words."""
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)
    mastodon.scopes = ["read", *scopes]

    async def closed(request: httpx.Request) -> httpx.Response | None:
        return refuse(403, "no answers here") if request.method in ("POST", "PATCH") else None

    mastodon.answer = closed
    calls = (
        tienda.send(reply_to(item, tienda)),
        tienda.act(Act.MUTE, item.remote),
        tienda.publish_notice("20 min"),
    )
    for call in calls:
        with pytest.raises(Rejected, match="no answers here") as told:
            await call
        assert told.value.code.endswith(code)


async def test_a_server_that_may_not_be_reached_is_no_refused_sign_in(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """B1: the person is told that its address lies inside the network, not that the sign-in was refused."""

    async def inside(_request: httpx.Request) -> httpx.Response:
        raise Rejected("127.0.0.1", code="private_address")

    mastodon.answer = inside
    for call in (tienda.sign_in(testing.Person()), tienda.check()):
        with pytest.raises(Rejected) as told:
            await call
        assert told.value.code == "private_address"


@pytest.mark.parametrize(
    "answer", [httpx.Response(404, html=PAGE), httpx.Response(405, json={}), httpx.Response(200, html=PAGE)]
)
async def test_a_website_that_is_no_mastodon_server_is_named(
    mastodon: FakeMastodon, tienda: MastodonConnector, answer: httpx.Response
) -> None:
    """B1: before anything is asked of the person."""

    async def site(_request: httpx.Request) -> httpx.Response:
        return answer

    mastodon.answer = site
    with pytest.raises(Rejected) as told:
        await tienda.sign_in(testing.Person())
    assert told.value.code == "not_mastodon"


@pytest.mark.parametrize("refusal", [400, 422, 403])
async def test_scopes_that_a_server_does_not_know(
    mastodon: FakeMastodon, tienda: MastodonConnector, refusal: int
) -> None:
    """Then it is asked for reading and writing as a whole."""

    async def coarse(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.startswith("/.well-known"):
            return refuse(404, "no")
        if request.url.path != "/api/v1/apps":
            return None
        if "read:" in request.content.decode() or "read%3A" in request.content.decode():
            return refuse(refusal, "invalid scopes")
        mastodon.door.apps["1"] = {
            "redirect_uris": OUT_OF_BAND,
            "scopes": "read write follow",
            "client_secret": "s",
        }
        return good({"client_id": "1", "client_secret": "s"})

    mastodon.answer = coarse
    person = testing.Person()
    if refusal == 403:
        with pytest.raises(AuthRequired):
            await tienda.sign_in(person)
        return
    person._answers = ["wrong"]
    with pytest.raises(AuthRequired):
        await tienda.sign_in(person)
    assert any("scope=read+write+follow" in told for told in person.told)
