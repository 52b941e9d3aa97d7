"""Sockets for mail and its like: they go where HTTP may go, and what had one may have left (NEEDS A1, G3)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpcore
import pytest

from socialdesk.errors import Rejected, Temporary
from socialdesk.sync.dialing import Dialler
from socialdesk.sync.http import Traffic, traffic

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses stand for themselves; no other name is known."""

    async def resolve(host: str, _port: int) -> list[str]:
        if host.endswith(".invalid"):
            raise httpcore.ConnectError("Name or service not known")
        return ["127.0.0.1"] if host == "localhost" else [host]

    monkeypatch.setattr("socialdesk.sync.dialing.resolve", resolve)


@asynccontextmanager
async def server() -> AsyncIterator[int]:
    """Greet whoever calls; gives the port."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def test_a_local_server_is_reached_where_the_account_allows_it() -> None:
    """The socket is ready for asyncio."""
    async with server() as port:
        made = await Dialler(True)("127.0.0.1", port)
        assert not made.getblocking()
        reader, writer = await asyncio.open_connection(sock=made)
        assert await reader.readline() == b"* OK\r\n"
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1"])
async def test_no_address_inside_is_dialled_otherwise(host: str) -> None:
    """G3: a hostile setting or answer leads to no service of this machine or network."""
    with pytest.raises(Rejected) as refused:
        await Dialler(False)(host, 993)
    assert refused.value.code == "private_address"


async def test_nobody_there_is_no_fault_of_the_account() -> None:
    """A refused connection and an unknown name are "offline": tried again."""
    with socket.create_server(("127.0.0.1", 0)) as kept:
        port = kept.getsockname()[1]
    for host in ("127.0.0.1", "no.such.name.invalid"):
        with pytest.raises(Temporary) as failed:
            await Dialler(True)(host, port)
        assert failed.value.code == "offline"


async def test_an_attempt_with_a_socket_may_have_left() -> None:
    """A1: where a connector breaks down in the middle of sending, nobody believes that nothing was sent."""
    note = Traffic()
    token = traffic.set(note)
    try:
        async with server() as port:
            with pytest.raises(Temporary):
                await Dialler(True)("no.such.name.invalid", port)
            assert not note.left
            (await Dialler(True)("127.0.0.1", port)).close()
            assert note.left
    finally:
        traffic.reset(token)


async def test_only_the_account_s_own_servers_are_dialled() -> None:
    """G3: the same rule as for HTTP."""
    async with server() as port:
        with pytest.raises(Rejected) as refused:
            await Dialler(True, ("imap.example",))("127.0.0.1", port)
        assert refused.value.code == "foreign_host"
        (await Dialler(True, ("127.0.0.1",))("127.0.0.1", port)).close()
