"""Servers of mail: which they are by the address, and never in the clear."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from contract.fake_mail import FakeMail
from contract.mailreading import at_work, read, reply_to
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Rejected, Temporary
from socialdesk.connectors.mail import MailConnector
from socialdesk.connectors.mail.servers import Security, Server, provider, server_of
from socialdesk.connectors.mail.wire import translated

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


async def _reply(mail: FakeMail, connector: Any) -> Any:
    mail.box.arrive(mail.box.letter("hola"))
    return reply_to((await read(connector))[0][-1], connector)


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


def test_hosts_that_may_be_reached() -> None:
    """G3: the two servers, and where tokens are had; nothing that a letter could name."""
    assert MailConnector.hosts({"address": "a@gmail.com"}) == [
        "imap.gmail.com",
        "smtp.gmail.com",
        "oauth2.googleapis.com",
    ]
    own = {"address": "a@b.test", "imap": "office365"}
    assert MailConnector.hosts(own) == [
        "outlook.office365.com",
        "smtp.office365.com",
        "login.microsoftonline.com",
    ]
    assert MailConnector.hosts({"address": "a@b.test", "imap": "imap.b.test"}) == [
        "imap.b.test",
        "smtp.b.test",
    ]
    assert MailConnector.hosts({"address": "a@b.test", "imap": "plain://imap.b.test"}) == []


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
