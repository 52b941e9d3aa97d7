"""Sockets for connectors whose networks do not speak HTTP, under the same rules: public addresses, unless allowed."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Collection

import httpcore

from socialdesk.connectors.hosting import may_reach
from socialdesk.errors import Rejected, Temporary
from socialdesk.sync.addresses import is_public, resolve
from socialdesk.sync.http import traffic

CONNECT = 10.0
"""Seconds that one address may take."""


class Dialler:
    """The ``contract.Dial`` of one account."""

    def __init__(self, allow_private: bool, hosts: Collection[str] = ("*",)) -> None:
        self._allow_private = allow_private
        self._hosts = hosts

    async def __call__(self, host: str, port: int) -> socket.socket:
        """Return a connected, non-blocking socket to the first address that answers.

        Raises ``Rejected`` (``private_address``, ``foreign_host``) or ``Temporary`` (``offline``, ``timeout``).
        """
        if not may_reach(host, self._hosts):
            raise Rejected(host, code="foreign_host")
        trouble = Temporary(host, code="offline")
        for address in await self._addresses(host, port):
            try:
                async with asyncio.timeout(CONNECT):
                    made = await _connected(address, port)
            except TimeoutError:
                trouble = Temporary(f"{host}:{port}", code="timeout")
            except OSError as error:
                trouble = Temporary(f"{host}:{port}: {_told(error)}", code="offline")
            else:
                _note()
                return made
        raise trouble

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await resolve(host, port)
        except httpcore.ConnectError as error:
            raise Temporary(f"{host}: {error}", code="offline") from error
        allowed = found if self._allow_private else [one for one in found if is_public(one)]
        if not allowed:
            raise Rejected(host, code="private_address")
        return allowed


async def _connected(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, (address, port))
    except BaseException:
        made.close()
        raise
    return made


def _note() -> None:
    """Whatever goes over a socket is not seen here: an attempt that had one may have left."""
    if (note := traffic.get()) is not None:
        note.left = True


def _told(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
