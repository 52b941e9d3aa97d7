"""IMAP over a socket that the host has dialled. Imported at the first connection only.

The library blocks, so each connection has a thread of its own; giving up shuts the socket, which wakes the thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError  # type: ignore[import-untyped]

from socialdesk.connectors.contract import (
    AuthRequired,
    ConnectorError,
    Host,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.mail.access import Pass
from socialdesk.connectors.mail.servers import Security, Server

T = TypeVar("T")
PATIENCE = 40.0
"""Seconds without a word from the server; the host gives a fetch sixty."""
_SLOWER = re.compile(r"\[(?:LIMIT|OVERQUOTA|THROTTLED)\]|too many|throttl|bandwidth limit|rate limit", re.I)
_LATER = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|SERVERBUG|CONTACTADMIN)\]|unavailable|temporar|try again|internal error", re.I
)


class _Given(imaplib.IMAP4):
    def __init__(self, sock: socket.socket, host: str) -> None:
        self._given = sock
        super().__init__(host)  # whose certificate STARTTLS asks for

    def _create_socket(self, timeout: float | None = None) -> socket.socket:  # type: ignore[override,unused-ignore]
        return self._given


class _Client(IMAPClient):  # type: ignore[misc,unused-ignore]
    """The library's client, on a socket that is there already."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self._given = sock
        super().__init__(server.host, server.port, ssl=server.security is Security.TLS, timeout=PATIENCE)
        self.normalise_times = False
        self._imap.debug = 0

    def _poll_socket(self, sock: socket.socket, timeout: float | None = None) -> list[bool]:
        return [True]  # news may lie in the library's own buffer, where no polling of the socket sees it

    def _create_IMAP4(self) -> imaplib.IMAP4:
        return _Given(self._given, self.host)


class Wire:
    """One signed-in connection."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._thread = ThreadPoolExecutor(1, "mail")
        self._socket: socket.socket | None = None
        self.client: Any = None
        self.folder = ""

    @classmethod
    async def opened(cls, host: Host, server: Server, access: Pass) -> Wire:
        """Connect and sign in."""
        wire = cls(host)
        try:
            wire._socket = await host.dial(server.host, server.port)
            try:
                await wire.call(wire._greet, server)
            except Rejected as refusal:  # whatever listens there, it does not want to talk now
                raise Temporary(refusal.detail, code="bad_answer") from refusal
            await wire.call(wire._sign_in, access)
        except BaseException:
            wire.close()
            raise
        return wire

    async def call(self, function: Callable[..., T], *arguments: Any, patience: float = PATIENCE) -> T:
        """Have the thread do it; what goes wrong closes the connection, but for a plain refusal."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(patience):
                return await loop.run_in_executor(self._thread, partial(function, *arguments))
        except (
            LoginError,
            IMAPClientAbortError,
            ProtocolError,
            OSError,
            EOFError,
            ValueError,
            TypeError,
            IndexError,
        ) as error:
            self.close()
            raise translated(error) from error
        except IMAPClientError as error:
            raise translated(error) from error
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return self._socket is not None

    async def readable(self, seconds: float) -> bool:
        """Wait until the server says something; False where it does not within that time."""
        if self._socket is None:
            raise Temporary("the connection is closed", code="offline")
        loop, heard = asyncio.get_running_loop(), asyncio.Event()
        number = self._socket.fileno()
        loop.add_reader(number, heard.set)
        try:
            async with asyncio.timeout(seconds):
                await heard.wait()
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(number)
        return True

    def close(self) -> None:
        """Hang up, also in the middle of a word."""
        sock, self._socket = self._socket, None
        if sock is None:
            self._thread.shutdown(wait=False)
            return
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        client = self.client
        self._thread.submit(_let_go, client, sock)
        self._thread.shutdown(wait=False)

    def _greet(self, server: Server) -> None:
        sock = self._socket
        assert sock is not None
        sock.settimeout(PATIENCE)
        if server.security is Security.TLS:
            sock = self._socket = ssl.create_default_context().wrap_socket(sock, server_hostname=server.host)
        self.client = _Client(sock, server)
        if server.security is Security.STARTTLS:
            self.client.starttls(ssl.create_default_context())
            self._socket = self.client._imap.sock

    def _sign_in(self, access: Pass) -> None:
        client = self.client
        if access.token:
            client.oauth2_login(access.user, access.secret)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(access.user, access.secret)
        else:
            client._imap._encoding = "utf-8"
            client.login(access.user, access.secret)


def _let_go(client: Any, sock: socket.socket) -> None:
    if client is not None:
        with contextlib.suppress(Exception):
            client._imap.shutdown()
    with contextlib.suppress(OSError):
        sock.close()


def translated(error: Exception) -> ConnectorError:
    """Return what went wrong in the contract's terms."""
    words = _words(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Temporary(error.verify_message or words, code="bad_certificate")
    if isinstance(error, TimeoutError):
        return Temporary(code="timeout")
    if isinstance(error, ssl.SSLError):
        return Temporary(words, code="bad_answer")
    if _SLOWER.search(words):
        return RateLimited(words)
    if isinstance(error, LoginError):
        return Temporary(words) if _LATER.search(words) else AuthRequired(words)
    if isinstance(error, IMAPClientAbortError):
        lost = any(
            word in words.lower()
            for word in ("eof", "closed", "bye", "timed out", "socket error", "logging out", "shutting")
        )
        return Temporary(words, code="offline" if lost else "bad_answer")
    if isinstance(error, OSError | EOFError):
        return Temporary(words, code="offline")
    if isinstance(error, IMAPClientError) and not isinstance(error, ProtocolError):
        return Temporary(words) if _LATER.search(words) else Rejected(words, code="request_refused")
    return Temporary(type(error).__name__, code="bad_answer")


def _words(error: Exception) -> str:
    words = error.args[0] if error.args and isinstance(error.args[0], bytes | str) else str(error)
    if isinstance(words, bytes):
        words = words.decode("utf-8", "replace")
    return re.sub(r"^b['\"](.*)['\"]$", r"\1", words)[:300]
