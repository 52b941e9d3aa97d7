"""Where a connection may go: public addresses only, checked on the address that is really dialled."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import anyio
import httpcore

from socialdesk.errors import Rejected

_WRAPPING = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0:0/96"), IPv6Network("::/96"))
"""NAT64 (RFC 6052), IPv4-translated (RFC 2765) and IPv4-compatible addresses (RFC 4291, 2.5.5.1)."""
_INWARD = (IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))
"""NAT64 of a network's own (RFC 8215) and site-local addresses (RFC 3879)."""


def is_public(address: str) -> bool:
    """Say whether an IP address lies on the public Internet, also where an IPv6 address wraps an IPv4 one."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if any(ip in network for network in _INWARD):
            return False
        ip = _within(ip) or ip
    return ip.is_global and not ip.is_multicast


def _within(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if any(ip in network for network in _WRAPPING):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


class PublicOnly(httpcore.AsyncNetworkBackend):
    """Resolves a name once, refuses what is not public and dials the very addresses it has checked.

    Checking the name and dialling it afterwards would let a second DNS answer point inside.
    """

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first public address of that host that answers; raises ``Rejected`` where it has none."""
        addresses = await resolve(host, port)
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise Rejected(host, code="private_address")
        share = None if timeout is None else max(timeout / len(public), 2.0)
        failure: Exception | None = None
        for address in public:
            try:
                return await self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Refuse: a socket file is never a public place."""
        raise Rejected("unix socket", code="private_address")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


async def resolve(host: str, port: int) -> list[str]:
    """Return the host's addresses, IPv4 first: a broken IPv6 route is more common than none to IPv4."""
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    ordered = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
    return list(dict.fromkeys(str(entry[4][0]) for entry in ordered))
