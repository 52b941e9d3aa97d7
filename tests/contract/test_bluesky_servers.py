"""Where an account on Bluesky lives, and whom it may reach (NEEDS A1, G3)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from contract.fake_bluesky import SERVICE, FakeBluesky
from contract.fake_parts import MemoryVault
from contract.reading import words
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import Connector, Host, Identity, Outgoing, Temporary, may_reach
from socialdesk.connectors.testing import read, understood
from socialdesk.errors import Rejected

pytestmark = pytest.mark.anyio
OWN = "https://pds.tienda.example"


@pytest.mark.parametrize(
    ("options", "host", "own"),
    [
        ({}, "bsky.social", True),
        ({}, "morel.us-east.host.bsky.network", True),
        ({}, "cdn.bsky.app", True),
        ({}, "evil.example", False),
        ({"service": "pds.tienda.es"}, "pds.tienda.es", True),
        ({"service": "pds.tienda.es"}, "bsky.social", False),
        ({"service": "pds.tienda.es", "pds": "https://uno.example"}, "uno.example", True),
        ({"service": "pds.tienda.es", "pds": "https://uno.example"}, "dos.uno.example", False),
        ({"service": "http://[", "pds": "http://["}, "evil.example", False),
    ],
)
def test_an_account_reaches_its_own_servers(options: dict[str, str], host: str, own: bool) -> None:
    """G3: the server that signs in, that which it named, and those of the network."""
    assert may_reach(host, BlueskyConnector.hosts(options)) is own


def strict(bluesky: FakeBluesky, vault: MemoryVault, **learned: str) -> Host:
    """Return a host as the desk's: nothing but the declared hosts is reached."""
    host = bluesky.host(vault)
    options = {**host.options, **learned}

    async def guard(request: httpx.Request) -> None:
        if not may_reach(request.url.host, BlueskyConnector.hosts(options)):
            raise Rejected(request.url.host, code="foreign_host")

    host.http.event_hooks["request"].append(guard)
    return Host(host.account, options, host.vault, host.http, host.clock)


async def test_an_account_that_is_kept_elsewhere_learns_where_and_goes_on(
    bluesky: FakeBluesky, vault: MemoryVault
) -> None:
    """A1: sign-in names the server; nothing is asked of it until the host knows it, and no answer is refused meanwhile."""
    bluesky.pds = OWN
    bluesky.mention("¿Hola?")
    host = strict(bluesky, vault)
    async with host.http:
        connector = BlueskyConnector(host)
        assert await connector.check() == Identity(
            "did:plc:brand", "tienda.bsky.social", learned={"pds": OWN}
        )
        page = await connector.fetch("")
        assert (page.items, page.cursor, page.more, page.learned) == ((), "", False, {"pds": OWN})
        now = host.clock.now()
        with pytest.raises(Temporary):
            await connector.send(Outgoing("k", "c", {"uri": "at://x/y/z", "cid": "c"}, "Hola", False, now))
    assert bluesky.calls == ["com.atproto.server.createSession"]
    host = strict(bluesky, vault, pds=OWN)
    async with host.http:
        connector = BlueskyConnector(host)
        assert (await connector.check()).name == "La Tienda"
        raws, _ = await read(connector)
        assert words(understood(connector, raws)) == ["¿Hola?"]
        assert not (await connector.fetch("")).learned
    assert bluesky.calls.count("com.atproto.server.createSession") == 1


async def test_an_account_that_came_back_needs_its_former_server_no_more(
    bluesky: FakeBluesky, vault: MemoryVault
) -> None:
    """G3: and may not reach it any longer."""
    host = strict(bluesky, vault, pds=OWN)
    async with host.http:
        assert (await BlueskyConnector(host).check()).learned == {"pds": ""}


async def test_an_account_that_moves_while_we_are_signed_in(bluesky: FakeBluesky, vault: MemoryVault) -> None:
    """A1: its former server knows the session no more, the one that signs in tells where it is now."""
    host = strict(bluesky, vault)
    async with host.http:
        connector = BlueskyConnector(host)
        await connector.check()
        former = bluesky.pds

        def gone(request: httpx.Request) -> Any:
            if f"https://{request.url.host}" == former:
                return httpx.Response(
                    400, json={"error": "ExpiredToken", "message": "Token has been revoked"}
                )
            return None

        bluesky.answers.append(gone)
        bluesky.pds = OWN
        assert await moved_to(connector) == {"pds": OWN}


async def moved_to(connector: Connector) -> Any:
    """What the host is told, at the latest by the second visit."""
    try:
        return (await connector.fetch("")).learned
    except Temporary:
        return (await connector.fetch("")).learned


@pytest.mark.parametrize("named", ["http://pds.tienda.example", "ftp://x", "", 7])
async def test_a_server_that_cannot_be_one_is_not_believed(
    bluesky: FakeBluesky, vault: MemoryVault, named: Any
) -> None:
    """G3: never from https down to http; then the one that signs in is asked."""
    document = {"service": [{"id": "#atproto_pds", "serviceEndpoint": named}]}
    session = {"did": "did:plc:brand", "handle": "t", "accessJwt": "a", "refreshJwt": "r", "didDoc": document}
    bluesky.answers.append(lambda request: httpx.Response(200, json=session))
    host = strict(bluesky, vault)
    async with host.http:
        await BlueskyConnector(host).check()
    assert vault.kept["pds"] == SERVICE
