"""Matrix: signing in, and staying signed in (NEEDS G3)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from contract.fake_mailbox import MailVault as Vault
from contract.fake_matrix import NAME, PASSWORD, SERVER, SHOP, FakeMatrix
from contract.matrix.common import HTML
from socialdesk.connectors import testing
from socialdesk.connectors.contract import (
    AuthRequired,
    Rejected,
    Temporary,
)
from socialdesk.connectors.matrix import MatrixConnector
from socialdesk.connectors.matrix.discovery import hosts_of, user_of

pytestmark = pytest.mark.anyio


async def test_a_token_that_has_expired_is_renewed(
    server: FakeMatrix, shop: MatrixConnector, vault: Vault
) -> None:
    """soft_logout: by its renewal, once, on the same device; the new one is stored at once."""
    await shop.check()
    device, before = vault.kept["device"], vault.kept["access"]
    server.expire()
    await asyncio.gather(shop.check(), shop.fetch(""))
    assert vault.kept["device"] == device and vault.kept["access"] != before
    assert sum(path.endswith("/refresh") for _, path in server.calls) == 1


async def test_without_renewals_the_password_signs_in_again(
    server: FakeMatrix, shop: MatrixConnector, vault: Vault
) -> None:
    """As the same device, so that keys stay good."""
    server.refreshes = False
    await shop.check()
    device = vault.kept["device"]
    for soft in (True, False):
        server.expire(soft)
        await shop.fetch("")
        assert vault.kept["device"] == device


async def test_a_token_that_was_pasted(server: FakeMatrix) -> None:
    """It is asked whose it is; once it has ended only a person can help, and nothing of it is told."""
    token = server.sign_in("ELEMENT").access
    host = server.host(Vault(token=token))
    async with host.http:
        shop = MatrixConnector(host)
        assert (await shop.check()).remote_id == SHOP
        server.expire()
        with pytest.raises(AuthRequired) as told:
            await shop.fetch("")
        assert token not in repr(told.value)


@pytest.mark.parametrize("token", ["syt_of_nobody", "with space", "línea\nnueva", "{", '{"client":"c"}'])
async def test_a_token_that_is_none(server: FakeMatrix, token: str) -> None:
    """A sign-in to be made, and nothing else."""
    host = server.host(Vault(token=token))
    async with host.http:
        with pytest.raises(AuthRequired):
            await MatrixConnector(host).check()


async def test_a_wrong_password(server: FakeMatrix) -> None:
    """In the server's words."""
    host = server.host(Vault(password="falsa"))
    async with host.http:
        with pytest.raises(AuthRequired) as told:
            await MatrixConnector(host).check()
    assert told.value.detail == "Invalid username or password"


async def test_a_server_that_takes_no_passwords(server: FakeMatrix, shop: MatrixConnector) -> None:
    """That is said, with what helps."""
    server.takes_passwords = False
    with pytest.raises(AuthRequired) as told:
        await shop.check()
    assert told.value.code == "password_not_taken"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"errcode": "M_NOT_FOUND"}),
        httpx.Response(200, text="<html>a shop</html>"),
        httpx.Response(200, json={"m.homeserver": {"base_url": "javascript:alert(1)"}}),
        httpx.Response(200, json={"m.homeserver": {"base_url": "http://matrix.tienda.example"}}),
        httpx.Response(200, json={"m.homeserver": None}),
        httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
        httpx.Response(500, text=HTML),
    ],
)
async def test_a_name_that_points_nowhere(
    server: FakeMatrix, shop: MatrixConnector, answer: httpx.Response
) -> None:
    """Then the name itself is tried, never an address without TLS; where no server is there either, that is said."""
    server.well_known = answer
    with pytest.raises((Rejected, Temporary)):
        await shop.check()
    assert {request for request in server.calls if "_matrix" in request[1]} == {
        ("GET", "/_matrix/client/versions")
    }


@pytest.mark.parametrize(
    ("typed", "user"),
    [
        ("@tienda:tienda.example", SHOP),
        (" tienda:Tienda.Example ", SHOP),
        ("https://matrix.to/#/@tienda:tienda.example", SHOP),
        ("\u200b@tienda:tienda.example\u2069", SHOP),
        ("tienda", "tienda"),
    ],
)
def test_how_people_type_their_address(typed: str, user: str) -> None:
    """With and without the sign before it, and as the link that programs copy."""
    assert user_of({"user": typed}) == user


async def test_the_server_may_be_named(server: FakeMatrix) -> None:
    """By its address; then no name is asked."""
    host = server.host(Vault(password=PASSWORD), user="tienda", server=SERVER)
    async with host.http:
        found = await MatrixConnector(host).check()
    assert found.handle == SHOP and found.learned == {"homeserver": SERVER}
    assert not [path for _, path in server.calls if "well-known" in path]


def test_only_the_account_s_own_hosts() -> None:
    """G3: any until the server is found, then that one, the name's, and those below them."""
    assert hosts_of({"user": SHOP}) == ("*",)
    found = hosts_of({"user": SHOP, "homeserver": SERVER})
    assert found == (NAME, f"*.{NAME}", "matrix.tienda.example", "*.matrix.tienda.example")
    assert hosts_of({"user": "tienda", "server": "http://127.0.0.1:8008"}) == ("127.0.0.1",)


def _oauth(server: FakeMatrix, *answers: tuple[int, dict[str, Any]]) -> list[dict[str, str]]:
    """The server signs in by a code; returns what is asked of it there."""
    base, asked = f"{SERVER}/_matrix/oauth", list[dict[str, str]]()
    server.oauth = {
        "grant_types_supported": ["refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        "registration_endpoint": f"{base}/register",
        "device_authorization_endpoint": f"{base}/device",
        "token_endpoint": f"{base}/token",
    }
    waiting = list(answers)

    async def answer(request: httpx.Request) -> httpx.Response | None:
        if "/oauth/" not in request.url.path:
            return None
        content = request.content.decode()
        asked.append(json.loads(content) if content.startswith("{") else dict(httpx.QueryParams(content)))
        if request.url.path.endswith("register"):
            return httpx.Response(200, json={"client_id": "c1"})
        if request.url.path.endswith("device"):
            told = {
                "device_code": "d1",
                "user_code": "ABCD-EFGH",
                "verification_uri": "https://account.tienda.example/link",
            }
            return httpx.Response(200, json={**told, "interval": 1, "expires_in": 60})
        if asked[-1]["grant_type"] == "refresh_token":
            device = server.sign_in("BROWSER")
            return httpx.Response(200, json={"access_token": device.access, "refresh_token": device.renewal})
        status, body = waiting.pop(0)
        return httpx.Response(status, json=body)

    server.answer = answer
    return asked


async def test_signing_in_by_the_browser(
    server: FakeMatrix, shop: MatrixConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page and a code; what comes of it renews itself, and goes on after a restart."""
    paces: list[float] = []

    async def at_once(seconds: float) -> None:
        paces.append(seconds)

    monkeypatch.setattr("socialdesk.connectors.matrix.signing.asyncio.sleep", at_once)
    asked = _oauth(
        server,
        (400, {"error": "authorization_pending"}),
        (400, {"error": "slow_down"}),
        (200, {"refresh_token": "first"}),
    )
    person = testing.Person()
    got = await shop.sign_in(person)
    assert "ABCD-EFGH" in person.told and "https://account.tienda.example/link" in person.told
    assert paces == [1, 1, 6] and "first" not in person.told
    assert asked[1]["scope"].startswith("urn:matrix:client:api:* urn:matrix:client:device:SOCIALDESK")
    vault = Vault(**got)
    for _ in range(2):
        host = server.host(vault)
        async with host.http:
            connector = MatrixConnector(host)
            assert (await connector.check()).remote_id == SHOP
            server.expire()
            await connector.fetch("")
    renewals = [one["refresh_token"] for one in asked if one.get("grant_type") == "refresh_token"]
    assert renewals[0] == "first" and len(set(renewals)) == len(renewals) == 3


async def test_whoever_says_no_in_the_browser(
    server: FakeMatrix, shop: MatrixConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is not signed in."""

    async def at_once(_seconds: float) -> None:
        return None

    monkeypatch.setattr("socialdesk.connectors.matrix.signing.asyncio.sleep", at_once)
    _oauth(server, (400, {"error": "access_denied", "error_description": "no"}))
    with pytest.raises(AuthRequired):
        await shop.sign_in(testing.Person())
