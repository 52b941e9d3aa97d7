"""Signing in to mail: servers by the address, passwords, tokens, codes; listening and downloading."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ME, REFRESH, MailVault
from contract.mailreading import at_work, read, reply_to
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import AuthRequired, RateLimited, Temporary
from socialdesk.connectors.mail import access
from socialdesk.connectors.mail.wire import translated
from socialdesk.connectors.standin import Trouble

pytestmark = pytest.mark.anyio
TOKEN = canary("mailaccess")


@pytest.fixture
async def mail(clock: ManualClock) -> FakeMail:
    """A mailbox."""
    return FakeMail(clock)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What the server of mail.tienda.test shows; this machine trusts it."""
    from contract.fake_certificate import certificate

    made, trusted = certificate(tmp_path, "mail.tienda.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return made


# Tokens ----------------------------------------------------------------------------


def gives(**answer: Any) -> Callable[[httpx.Request], httpx.Response]:
    """An answer of a token server."""
    return lambda request: httpx.Response(200, json=answer)


async def test_a_token_opens_both_doors_and_is_kept(mail: FakeMail, clock: ManualClock) -> None:
    """XOAUTH2: had once for its hour, renewed before it ends, the newer refresh token kept."""
    vault = MailVault(refresh_token=REFRESH)
    mail.box.tokens.add(TOKEN)
    asked: list[dict[str, list[str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append({"url": [str(request.url)], **parse_qs(request.content.decode())})
        return httpx.Response(
            200, json={"access_token": TOKEN, "expires_in": 3600, "refresh_token": f"{REFRESH}2"}
        )

    mail.answers += [answer, answer]
    async with at_work(mail, vault, client="our-client") as connector:
        assert (await connector.check()).remote_id == ME
        clock.moment += timedelta(minutes=50)
        await connector.send(await _reply(mail, connector))
    assert [one["refresh_token"] for one in asked] == [[REFRESH]]
    async with at_work(mail, vault, client="our-client") as connector:
        clock.moment += timedelta(minutes=10)
        await connector.check()
    assert [one["refresh_token"] for one in asked] == [[REFRESH], [f"{REFRESH}2"]]
    assert asked[0]["url"] == ["https://login.microsoftonline.com/common/oauth2/v2.0/token"]


async def _reply(mail: FakeMail, connector: Any) -> Any:
    mail.box.arrive(mail.box.letter("hola"))
    return reply_to((await read(connector))[0][-1], connector)


async def test_a_token_that_died_early_is_renewed_once(mail: FakeMail) -> None:
    """Servers forget them, after a change of password for instance."""
    vault = MailVault(refresh_token=REFRESH)
    mail.box.tokens.add(TOKEN)
    mail.answers += [
        gives(access_token="dead", expires_in=3600),
        gives(access_token=TOKEN, expires_in="3600"),
    ]
    async with at_work(mail, vault, client="c") as connector:
        await connector.fetch("")
    mail.answers += [gives(access_token="dead", expires_in=3600), gives(access_token="dead", expires_in=3600)]
    mail.box.tokens.clear()
    vault.kept = {}
    async with at_work(mail, vault, client="c") as connector:
        with pytest.raises(AuthRequired):
            await connector.fetch("")


async def test_an_extra_the_refresh_answer_is_lost(mail: FakeMail) -> None:
    """Nasty cases, short extras: the former refresh token stays, so that the next try can use it."""
    vault = MailVault(refresh_token=REFRESH)

    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("nothing came back")

    mail.box.tokens.add(TOKEN)
    mail.answers += [lost, gives(access_token=TOKEN, expires_in=3600)]
    async with at_work(mail, vault, client="c") as connector:
        with pytest.raises(Temporary):
            await connector.fetch("")
        await connector.fetch("")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            httpx.Response(
                400, json={"error": "invalid_grant", "error_description": "AADSTS70008: expired\r\nTrace"}
            ),
            AuthRequired,
        ),
        (httpx.Response(401, json={"error": "invalid_client"}), AuthRequired),
        (httpx.Response(200, html="<html>portal</html>"), Temporary),
        (httpx.Response(502, html="<html>"), Temporary),
        (httpx.Response(200, json=[]), Temporary),
        (httpx.Response(200, json={"token_type": "Bearer"}), Temporary),
        (httpx.Response(429, json={"error": "slow"}), RateLimited),
    ],
)
async def test_token_servers_that_say_no(
    mail: FakeMail, answer: httpx.Response, expected: type[Exception]
) -> None:
    """Each in its own words, first line only."""
    mail.answers.append(lambda request: answer)
    async with at_work(mail, MailVault(refresh_token=REFRESH), client="c") as connector:
        with pytest.raises(expected) as told:
            await connector.fetch("")
    assert "Trace" not in str(told.value)


async def test_google_has_its_own_address(mail: FakeMail) -> None:
    """And its clients a secret."""
    seen: list[httpx.Request] = []
    mail.box.tokens.add(TOKEN)
    mail.user = "info@gmail.com"

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"access_token": TOKEN, "expires_in": 3599})

    mail.answers.append(answer)
    vault = MailVault(refresh_token=REFRESH, client_secret="sesame")
    async with at_work(mail, vault, client="c", address="info@gmail.com") as connector:
        await connector.fetch("")
    assert str(seen[0].url) == "https://oauth2.googleapis.com/token"
    assert parse_qs(seen[0].content.decode())["client_secret"] == ["sesame"]


# Conversations ---------------------------------------------------------------------


class Person:
    """Somebody at a terminal."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.told: list[tuple[str, str]] = []

    async def tell(self, text: str, url: str = "") -> None:
        """Read it."""
        self.told.append((text, url))

    async def ask(self, label: str, hint: str = "", *, secret: bool = False) -> str:
        """Answer."""
        assert secret
        return self.answers.pop(0)


async def test_microsoft_by_a_code(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8628: a page and a code are shown; it is asked at the pace that was named, slower when told."""
    slept: list[float] = []

    async def no_time(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", no_time)
    started = {
        "device_code": "dc",
        "user_code": "ABCD-1234",
        "verification_uri": "https://microsoft.com/devicelogin",
        "interval": 5,
        "expires_in": 900,
    }
    refusals = [
        httpx.Response(400, json={"error": code})
        for code in ("authorization_pending", "slow_down", "authorization_pending")
    ]
    mail.answers.append(gives(**started))
    mail.answers += [lambda request, one=one: one for one in refusals]  # type: ignore[misc]
    mail.answers.append(gives(access_token=TOKEN, refresh_token=REFRESH))
    person = Person()
    async with at_work(mail, address="info@outlook.es", imap="", smtp="", client="our-client") as connector:
        assert await connector.sign_in(person) == {"refresh_token": REFRESH}
    assert [url for _text, url in person.told] == ["https://microsoft.com/devicelogin", "ABCD-1234"]
    assert slept == [5, 5, 10, 10]


@pytest.mark.parametrize(
    "code", ["authorization_declined", "expired_token", "bad_verification_code", "access_denied"]
)
async def test_a_code_that_was_refused(mail: FakeMail, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """The reason is Microsoft's."""

    async def no_time(seconds: float) -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", no_time)
    mail.answers.append(gives(device_code="d", user_code="u", verification_uri="https://x.test"))
    mail.answers.append(lambda request: httpx.Response(400, json={"error": code}))
    async with at_work(mail, address="info@outlook.es", imap="", smtp="", client="c") as connector:
        with pytest.raises(AuthRequired, match=code):
            await connector.sign_in(Person())


async def test_microsoft_without_a_client_id(mail: FakeMail) -> None:
    """Told before anything is asked of it."""
    async with at_work(mail, address="info@outlook.es", imap="", smtp="") as connector:
        with pytest.raises(AuthRequired) as told:
            await connector.sign_in(Person())
    assert told.value.code == "client_missing"


async def test_passwords_by_conversation(
    mail: FakeMail, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of the provider is shown where it is known; Google's own client needs its token and secret."""

    def trusting() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    mail.user, mail.box.password = "info@gmail.com", "abcd efgh"
    mail.tls = certificate
    person = Person("abcd efgh")
    async with at_work(mail, address="info@gmail.com", imap="", smtp="") as connector:
        monkeypatch.setattr(ssl, "create_default_context", trusting)
        assert await connector.sign_in(person) == {"password": "abcd efgh"}
    assert person.told[0][1] == "https://myaccount.google.com/apppasswords"
    async with at_work(mail, address="info@gmail.com", imap="", smtp="", client="c") as connector:
        assert await connector.sign_in(Person("token", "secret")) == {
            "refresh_token": "token",
            "client_secret": "secret",
        }
    mail.user = ME
    async with at_work(mail) as connector:
        assert await connector.sign_in(Person("abcd efgh")) == {"password": "abcd efgh"}
        with pytest.raises(AuthRequired):
            await connector.sign_in(Person("otra"))


# Signing in by password --------------------------------------------------------------


async def test_passwords_where_only_login_is_offered(mail: FakeMail) -> None:
    """Also with letters that no telegraph has."""
    mail.capabilities = "IMAP4rev1"
    async with at_work(mail) as connector:
        assert (await connector.check()).handle == ME


@pytest.mark.parametrize("words", ["[UNAVAILABLE] User backend is down", "[INUSE] busy", "Temporary failure"])
def test_a_server_in_trouble_is_no_wrong_password(words: str) -> None:
    """Nobody is asked for a password because of it."""
    from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

    assert isinstance(translated(LoginError(words)), Temporary)
    assert isinstance(translated(LoginError("b'[AUTHENTICATIONFAILED] Invalid'")), AuthRequired)
    assert (
        translated(LoginError("b'[AUTHENTICATIONFAILED] Invalid'")).detail == "[AUTHENTICATIONFAILED] Invalid"
    )
    assert isinstance(translated(LoginError("[ALERT] Too many simultaneous connections")), RateLimited)


async def test_the_sending_server_is_tried_too(mail: FakeMail) -> None:
    """``check`` finds out before the first answer does."""
    mail.scripted["AUTH"] = (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant"
    )
    async with at_work(mail) as connector:
        assert await connector.check()


async def test_tokens_are_never_shown(mail: FakeMail) -> None:
    """Not in what represents them."""
    assert REFRESH not in repr(access.Pass("a", REFRESH, True))
    vault = MailVault(refresh_token=REFRESH)
    mail.kind = Trouble.BROKEN
    mail.answers.append(gives(access_token=TOKEN))
    async with at_work(mail, vault, client="c") as connector:
        with pytest.raises(Temporary) as told:
            await connector.fetch("")
        assert TOKEN not in json.dumps(repr(vars(connector))) + repr(told.value) + repr(told.value.__cause__)
