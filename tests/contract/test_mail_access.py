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
from socialdesk.connectors.contract import AuthRequired, RateLimited, Rejected, Temporary
from socialdesk.connectors.mail import access, listening, wire
from socialdesk.connectors.mail.servers import Security, Server, provider, server_of
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


# Servers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "imap", "smtp", "security"),
    [
        ("a@gmail.com", "imap.gmail.com", "smtp.gmail.com", Security.TLS),
        ("a@hotmail.es", "outlook.office365.com", "smtp-mail.outlook.com", Security.STARTTLS),
        ("a@icloud.com", "imap.mail.me.com", "smtp.mail.me.com", Security.STARTTLS),
        ("a@yahoo.co.uk", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", Security.TLS),
        ("a@FastMail.fm", "imap.fastmail.com", "smtp.fastmail.com", Security.TLS),
    ],
)
def test_servers_by_the_address(address: str, imap: str, smtp: str, security: Security) -> None:
    """Known providers need no server; all of it is encrypted."""
    found = provider({"address": address})
    assert found.imap and found.smtp
    assert (found.imap.host, found.imap.port, found.imap.security) == (imap, 993, Security.TLS)
    assert (found.smtp.host, found.smtp.security) == (smtp, security)


def test_a_domain_of_ones_own() -> None:
    """Its provider's name will do, or a server; without either nothing is guessed, and it is told."""
    own = {"address": "info@tienda.test"}
    assert provider(own) == provider({"address": "info@gmail.com.evil.test"})
    assert provider(own).imap is None
    ionos = provider({**own, "imap": "ionos"})
    assert ionos.imap is not None and ionos.imap.host == "imap.ionos.es"
    typed = provider({**own, "imap": "imap.tienda.test"})
    assert typed.smtp == Server("smtp.tienda.test", 465)
    assert provider({**own, "imap": "mail.tienda.test", "smtp": "mail.tienda.test:587"}).smtp == Server(
        "mail.tienda.test", 587, Security.STARTTLS
    )


async def test_no_server_is_told(mail: FakeMail) -> None:
    """By a code that says what to add."""
    async with at_work(mail, imap="", smtp="") as connector:
        with pytest.raises(Rejected) as told:
            await connector.check()
    assert told.value.code == "server_unknown"


@pytest.mark.parametrize(
    "typed",
    [
        "plain://imap.shop.es",
        "plain://8.8.8.8:143",
        "ftp://x",
        "imap.shop.es:0",
        "imap.shop.es:99999",
        ":993",
        "plain://imap.localhost.evil.test",
    ],
)
def test_servers_that_are_refused(typed: str) -> None:
    """In the clear only to this machine and network."""
    with pytest.raises(Rejected):
        server_of(typed, 993)


@pytest.mark.parametrize(
    "typed",
    [
        "plain://127.0.0.1:143",
        "plain://localhost:143",
        "plain://[::1]:143",
        "plain://192.168.1.5",
        "starttls://mail.shop.es",
        "mail.shop.es:143",
        "tls://mail.shop.es:1993",
    ],
)
def test_servers_that_are_taken(typed: str) -> None:
    """As people write them."""
    assert server_of(typed, 993)


# TLS -------------------------------------------------------------------------------


async def test_an_encrypted_server_is_never_spoken_to_in_the_clear(mail: FakeMail) -> None:
    """A server that speaks no TLS where it should gets no password, on either side."""
    async with at_work(mail, imap="imap.shop.test:993") as connector:
        with pytest.raises(Temporary):
            await connector.fetch("")
    async with at_work(mail) as connector:
        mail.box.arrive(mail.box.letter("hola"))
        (item,), _ = await read(connector)
        outgoing = reply_to(item, connector)
    for smtp in ("smtp.shop.test:465", "smtp.shop.test:587"):
        mail.calls.clear()
        async with at_work(mail, smtp=smtp) as connector:
            with pytest.raises(Temporary):
                await connector.send(outgoing)
        assert not [call for call in mail.calls if "AUTH" in call or "MAIL" in call]


async def test_starttls_that_is_missing_ends_it(mail: FakeMail) -> None:
    """No falling back."""
    async with at_work(mail, imap="starttls://imap.shop.test:143") as connector:
        with pytest.raises(Temporary):
            await connector.fetch("")
    assert not [call for call in mail.calls if "AUTH" in call or "LOGIN" in call]


@pytest.mark.parametrize(("imap", "smtp"), [("tls", "tls"), ("starttls", "starttls")])
async def test_encrypted_both_ways(mail: FakeMail, certificate: ssl.SSLContext, imap: str, smtp: str) -> None:
    """From the first byte, or after one command in the clear; the password goes over it only."""
    mail.tls = certificate
    ports = {"tls": (993, 465), "starttls": (1143, 587)}
    servers = {
        "imap": f"{imap}://mail.tienda.test:{ports[imap][0]}",
        "smtp": f"{smtp}://mail.tienda.test:{ports[smtp][1]}",
    }
    async with at_work(mail, None, **servers) as connector:
        await connector.check()
        await connector.send(await _reply(mail, connector))
    assert len(mail.box.taken) == 1
    assert mail.clear_passwords == 0


@pytest.mark.parametrize("scheme", ["tls", "starttls"])
async def test_the_certificate_of_another(mail: FakeMail, certificate: ssl.SSLContext, scheme: str) -> None:
    """Ends it on both sides before anything is said."""
    mail.tls = certificate
    async with at_work(mail) as connector:
        outgoing = await _reply(mail, connector)
    ports = (993, 465) if scheme == "tls" else (1143, 587)
    mail.calls.clear()
    async with at_work(
        mail, imap=f"{scheme}://other.test:{ports[0]}", smtp=f"{scheme}://other.test:{ports[1]}"
    ) as connector:
        for call in (lambda: connector.fetch(""), lambda: connector.send(outgoing)):
            with pytest.raises(Temporary) as told:
                await call()
            assert told.value.code == "bad_certificate"
    assert not [call for call in mail.calls if "AUTH" in call or "LOGIN" in call or "MAIL" in call]


def test_a_certificate_that_is_not_the_servers() -> None:
    """Has a code of its own."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "Hostname mismatch"
    assert (translated(error).code, translated(error).detail) == ("bad_certificate", "Hostname mismatch")


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


# Listening ---------------------------------------------------------------------------


async def test_news_at_once(mail: FakeMail) -> None:
    """IDLE: told when it begins to listen, and at each letter; cancelled, it hangs up."""
    heard = asyncio.Queue[int]()
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: heard.put_nowait(1)))
        async with asyncio.timeout(5):
            await heard.get()
            for number in range(3):
                while not mail.box.changed:
                    await asyncio.sleep(0)
                mail.box.arrive(mail.box.letter(f"{number}"))
                await heard.get()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_news_that_comes_while_idle_begins(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece with the server's consent, where the library would not look; told all the same."""
    heard: list[int] = []
    taken = wire.Wire.call

    async def call(self: wire.Wire, function: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        if getattr(function, "__name__", "") == "_idle" and len(heard) == 2:
            mail.box.folders["INBOX"].add(b"From: a@b.c\r\n\r\n", mail.clock.now())
        return await taken(self, function, *arguments, **more)

    monkeypatch.setattr(wire.Wire, "call", call)
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: heard.append(1)))
        async with asyncio.timeout(5):
            while not (heard and mail.box.changed):
                await asyncio.sleep(0.01)
            mail.box.arrive(mail.box.letter("una"))
            while len(heard) < 3:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_it_stops_listening_when_the_line_goes_dead(mail: FakeMail) -> None:
    """Then the host fetches at its usual pace and calls again."""
    heard = asyncio.Event()
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(heard.set))
        async with asyncio.timeout(5):
            await heard.wait()
            while not mail.box.changed:
                await asyncio.sleep(0)
            mail.hang_up()
            with pytest.raises(Temporary):
                await task


async def test_a_server_without_idle_is_asked(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """NOOP tells of news too, a little later."""
    monkeypatch.setattr(listening, "NOOP", 0.01)
    mail.capabilities = mail.capabilities.replace(" IDLE", "")
    heard = asyncio.Queue[int]()
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: heard.put_nowait(1)))
        async with asyncio.timeout(5):
            await heard.get()
            mail.box.arrive(mail.box.letter("hola"))
            await heard.get()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_idle_is_asked_for_anew(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before servers or routers forget it."""
    monkeypatch.setattr(listening, "AGAIN", 0.01)
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: None))
        async with asyncio.timeout(5):
            while mail.calls.count("IDLE") < 3:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# Attachments -----------------------------------------------------------------------


async def test_attachments_come_when_they_are_asked_for(mail: FakeMail) -> None:
    """B3: whole or not at all; found again where the folder was numbered anew; gone is told."""
    made = mail.box.letter("Mirad")
    made.add_attachment(b"%PDF" + b"\0\n=" * 999, maintype="application", subtype="pdf", filename="a.pdf")
    made.add_attachment("línea\nü=3", filename="nota.txt")
    mail.box.arrive(mail.box.letter("otra"))
    mail.box.arrive(made)
    async with at_work(mail) as connector:
        item = next(one for one in (await read(connector))[0] if one.text == "Mirad")
        pdf, note = item.attachments
        assert (pdf.size, pdf.type, note.name) == (3001, "application/pdf", "nota.txt")
        assert await connector.download(pdf.remote, 3001) == b"%PDF" + b"\0\n=" * 999
        assert (await connector.download(note.remote, 99)).decode().replace(
            "\r\n", "\n"
        ).strip() == "línea\nü=3"
        with pytest.raises(Rejected) as told:
            await connector.download(pdf.remote, 3000)
        assert told.value.code == "too_large"
        del mail.box.folders["INBOX"].letters[0]
        mail.box.folders["INBOX"].renumber()
        assert len(await connector.download(pdf.remote, 3001)) == 3001
        mail.box.folders["INBOX"].letters.clear()
        with pytest.raises(Rejected) as gone:
            await connector.download(pdf.remote, 3001)
    assert gone.value.code == "attachment_gone"


@pytest.mark.parametrize("section", ["", "1.MIME", "HEADER", "1]<0.9> BODY[2", "TEXT"])
async def test_only_parts_can_be_asked_for(mail: FakeMail, section: str) -> None:
    """What was stored is not believed to be what we stored."""
    async with at_work(mail) as connector:
        with pytest.raises(Rejected):
            await connector.download({"folder": "INBOX", "validity": "7", "uid": "1", "section": section}, 99)


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
