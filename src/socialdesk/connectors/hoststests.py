"""The part of the conformance suite about where a connector may go: to the hosts that it names, and nowhere else."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from socialdesk.connectors.contract import Connector, Identity, Page, Rejected, may_reach
from socialdesk.connectors.standin import Network

_HOST = re.compile(r"(\*\.)?[^\s/:*@?#]+|\*")
_ADDRESS = re.compile(r"(\*\.)?[^\s/*@?#]+|\*")
"""The same with colons, for addresses of IPv6."""
ODD = ("", "http://[", "https://", "::::", "\x00", "*", "ñandú.example", "a b", "x" * 300, "/etc/passwd")
"""What may stand in any setting."""


class HostsSuite:
    """What a connector must declare of its hosts, and keep to; part of ``testing.ConnectorSuite``."""

    @pytest.fixture(autouse=True)
    def only_its_hosts(self, network: Network) -> Iterator[Watch]:
        """Refuse whatever ``hosts`` does not name, as the desk does; a test in which that was asked for is red."""
        watch = Watch()
        made = network.connector

        def connector() -> Connector:
            return watch.over(made())

        network.connector = connector  # type: ignore[method-assign]
        yield watch
        assert not watch.strays, f"asked, and not among its hosts: {sorted(watch.strays)}"

    async def test_its_hosts_are_names(self, connector: Connector) -> None:
        """``api.example.org``, ``*.example.org`` or ``*``: no addresses of pages, no ports; and the same each time."""
        hosts = type(connector).hosts(connector.host.options)
        _well_formed(hosts)
        assert list(type(connector).hosts(connector.host.options)) == list(hosts)

    async def test_hosts_are_told_without_asking_anybody(
        self, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before an account is there, with any settings, and in the screen's own process: no network, no fault."""

        def asked(*_: Any, **__: Any) -> None:
            raise AssertionError("hosts() asks a network")

        for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
            monkeypatch.setattr(socket, name, asked)
        kind, options = type(connector), dict(connector.host.options)
        found = [kind.hosts({}), kind.hosts({one.name: one.default for one in kind.settings})]
        found += [kind.hosts({**options, name: odd}) for name in options for odd in ODD]
        for hosts in found:
            assert not isinstance(hosts, str) and all(isinstance(one, str) for one in hosts)


class Watch:
    """Keeps connectors to their hosts, and notes what else they asked for.

    What a network tells of itself (``learned``) counts at once, while the desk lets go of a connector and makes another.
    """

    def __init__(self) -> None:
        self.strays: set[str] = set()
        self._learned: dict[str, str] = {}

    def over(self, connector: Connector) -> Connector:
        """Return the connector, with its host under watch."""
        host = connector.host

        def allow(name: str) -> None:
            if not may_reach(name, type(connector).hosts({**host.options, **self._learned})):
                self.strays.add(name)
                raise Rejected(name, code="foreign_host")

        async def request(asked: Any) -> None:
            allow(asked.url.host)

        async def dial(name: str, port: int) -> socket.socket:
            allow(name)
            return await dialled(name, port)

        hooks = getattr(host.http, "event_hooks", None)  # a network without HTTP has no client
        if hooks is not None:
            host.http.event_hooks = {**hooks, "request": [request, *hooks["request"]]}
        dialled = host.dial
        object.__setattr__(host, "dial", dial)
        self._listen(connector)
        return connector

    def _listen(self, connector: Connector) -> None:
        check, fetch = connector.check, connector.fetch

        async def checked() -> Identity:
            identity = await check()
            self._learned |= identity.learned
            return identity

        async def fetched(cursor: str) -> Page:
            page = await fetch(cursor)
            self._learned |= page.learned or {}
            return page

        vars(connector).update(check=checked, fetch=fetched)


def _well_formed(hosts: Collection[str]) -> None:
    assert not isinstance(hosts, str), "a collection of names, not one name"
    for one in hosts:
        known = _ADDRESS if one.count(":") > 1 else _HOST
        assert known.fullmatch(one), f"{one!r} is no host"
