"""Mail passes the conformance suite."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ME, PASSWORD, MailVault
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Connector
from socialdesk.connectors.mail import MailConnector
from socialdesk.connectors.standin import Person
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble


class Mail(Network):
    """The strict stand-in, behind the suite's hooks: a provider that leaves copies to us."""

    keeps_sent = False

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.server = FakeMail(clock)
        self.server.box.keeps_sent = self.keeps_sent
        self.vault = MailVault()
        self.secrets = [PASSWORD]
        self._clients: list[httpx.AsyncClient] = []
        self._made: list[Connector] = []

    def connector(self) -> Connector:
        host = self.server.host(self.vault)
        self._clients.append(host.http)
        self._made.append(MailConnector(host))
        return self._made[-1]

    def arrive(self, text: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        self.server.box.arrive(self.server.box.letter(text))

    def poison(self) -> bool:
        self.server.box.arrive(b"\r\n")
        return True

    def sent(self) -> list[str]:
        return self.server.box.sent()

    def trouble(self, kind: Trouble | None) -> None:
        self.server.kind = kind
        if kind in (Trouble.SIGNED_OUT, Trouble.UNREACHABLE):
            self.server.hang_up()

    def hostile(self, words: str) -> bool:
        coded = f"=?utf-8?b?{base64.b64encode(words.encode()).decode()}?="
        self.clock.moment += timedelta(seconds=1)
        self.server.box.number += 1
        source = f"""From: {coded} <ana@cliente.test>
To: {ME}
Subject: {coded}
Date: {format_datetime(self.clock.now())}
Message-ID: <hostile{self.server.box.number}@cliente.test>
Content-Type: multipart/mixed; boundary=x

--x

hola
--x
Content-Type: image/png
Content-Disposition: attachment; filename="{coded}"

a
--x--
"""
        self.server.box.arrive(source)
        return True

    def attach(self, name: str, content: bytes) -> bool:
        self.clock.moment += timedelta(seconds=1)
        letter = self.server.box.letter("Mirad")
        coded = f"=?utf-8?b?{base64.b64encode(name.encode()).decode()}?="
        letter.add_attachment(content, maintype="image", subtype="png", filename="@")
        self.server.box.arrive(letter.as_bytes().replace(b'"@"', f'"{coded}"'.encode()))
        return True

    def hang_up(self) -> bool:
        self.server.hang_up()
        return True

    def person(self, *, honest: bool = True) -> Person:
        return Person(PASSWORD if honest else "another")

    def another(self) -> Network:
        return type(self)(self.clock)

    async def aclose(self) -> None:
        for connector in self._made:
            await connector.aclose()
        for client in self._clients:
            await client.aclose()
        await self.server.aclose()


class TestMail(ConnectorSuite):
    """After a lost answer nobody can know: a person is asked."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = Mail(clock)
        yield network
        await network.aclose()


class KeepsSent(Mail):
    """A provider that puts what it takes into Sent by itself."""

    keeps_sent = True


class TestMailThatKeepsSent(ConnectorSuite):
    """After a lost answer, Sent is asked."""

    @pytest.fixture
    async def network(self, clock: ManualClock) -> AsyncIterator[Network]:
        network = KeepsSent(clock)
        yield network
        await network.aclose()
