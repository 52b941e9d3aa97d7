"""A strict stand-in for a mail provider, over sockets that never leave the process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Any

import httpx

from contract.fake_imap import ImapSession
from contract.fake_mailbox import ME, Mailbox, MailVault
from contract.fake_smtp import SmtpSession
from contract.fake_structure import structure
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host, Temporary
from socialdesk.connectors.mail import MailConnector
from socialdesk.connectors.standin import Trouble

IMAP, SMTP = 1143, 1465


class FakeMail:
    """The provider's servers, and a way to their sockets."""

    def __init__(self, clock: ManualClock) -> None:
        self.box = Mailbox(clock)
        self.clock = clock
        self.user = ME
        self.kind: Trouble | None = None
        self.capabilities = "IMAP4rev1 IDLE NAMESPACE SPECIAL-USE AUTH=PLAIN AUTH=XOAUTH2"
        self.calls: list[str] = []
        self.envelopes: list[tuple[str, tuple[str, ...]]] = []
        self.scripted: dict[str, str] = {}
        self.unfetchable: set[int] = set()
        self.carried = 0
        self.structure: Callable[[bytes], bytes] = structure
        self.dialled: list[tuple[str, int]] = []
        self.answers: list[Callable[[httpx.Request], httpx.Response]] = []
        self.tls: ssl.SSLContext | None = None
        self.clear_passwords = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    def host(self, vault: MailVault | None = None, **options: str) -> Host:
        """What the desk would give to a connector."""
        settings = {"address": ME, "imap": f"plain://127.0.0.1:{IMAP}", "smtp": f"plain://127.0.0.1:{SMTP}"}
        if self.box.keeps_sent:
            settings["keeps_sent"] = "yes"
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer), trust_env=False)
        return Host("correo", {**settings, **options}, vault or MailVault(), http, self.clock, self.dial)

    async def dial(self, host: str, port: int) -> socket.socket:
        """Connect."""
        self.dialled.append((host, port))
        if self.kind is Trouble.UNREACHABLE:
            raise Temporary(host, code="offline")
        near, far = socket.socketpair()
        near.setblocking(False)
        kind: Any = SmtpSession if port in (SMTP, 465, 587) else ImapSession
        task = asyncio.create_task(self._serve(kind, far, self.tls if port in (993, 465) else None))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return near

    def hang_up(self) -> None:
        """End all connections."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def aclose(self) -> None:
        """Stop."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.hang_up()

    async def _serve(self, kind: Any, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        came: asyncio.Future[asyncio.StreamWriter] = loop.create_future()
        reader = asyncio.StreamReader(2**22)
        try:
            await loop.connect_accepted_socket(
                lambda: asyncio.StreamReaderProtocol(reader, lambda _, writer: came.set_result(writer)),
                sock,
                ssl=tls,
            )
        except OSError:
            sock.close()
            return
        writer = await came
        self._writers.add(writer)
        session = kind(self, reader, writer)
        session.encrypted = tls is not None
        try:
            await session.serve()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert self.answers, f"{request.url} was asked"
        return self.answers.pop(0)(request)


def connector(mail: FakeMail, vault: MailVault | None = None, **options: str) -> MailConnector:
    """A connector to that mailbox."""
    return MailConnector(mail.host(vault, **options))
