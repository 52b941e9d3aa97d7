"""What the desk gives to a connector. Part of the contract."""

from __future__ import annotations

import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from socialdesk.clock import Clock
from socialdesk.connectors.metering import Endless, Purse
from socialdesk.errors import PluginError

if TYPE_CHECKING:
    import httpx


def may_reach(host: str, hosts: Collection[str]) -> bool:
    """Say whether a host is one of these, as ``contract.Connector.hosts`` writes them."""
    name = host.casefold().rstrip(".")
    for one in map(str.casefold, hosts):
        if one in ("*", name) or (one.startswith("*.") and name.endswith(one[1:])):
            return True
    return False


class Vault(Protocol):
    """The account's secrets, read from wherever the person keeps them, and its sign-in session, kept encrypted."""

    async def secret(self, name: str) -> str:
        """Return the secret setting of that name; raises ``AuthRequired`` where there is none."""
        ...

    async def load_session(self) -> dict[str, str]:
        """Return what ``save_session`` stored last, or nothing."""
        ...

    async def save_session(self, session: Mapping[str, str]) -> None:
        """Store the session, replacing the former one in one step."""
        ...


class Dialog(Protocol):
    """The person who adds an account, while ``Connector.sign_in`` talks with them.

    Texts are English message ids, translated by the host; ``url`` is shown as it is, to be opened in any browser.
    """

    async def tell(self, text: str, url: str = "") -> None:
        """Show a sentence and, on a line of its own, an address."""
        ...

    async def ask(self, label: str, hint: str = "", *, secret: bool = False) -> str:
        """Return the person's answer, never empty; ``secret`` hides what is typed."""
        ...


class Dial(Protocol):
    """Opens connections for networks that do not speak HTTP, under the rules that hold for HTTP too."""

    async def __call__(self, host: str, port: int) -> socket.socket:
        """Return a connected, non-blocking TCP socket, without TLS yet; raises ``Temporary`` or ``Rejected``."""
        ...


async def no_sockets(host: str, port: int) -> socket.socket:
    """Refuse: this host speaks HTTP only."""
    raise PluginError(f"no socket to {host}:{port} is given here")


@dataclass(frozen=True, slots=True)
class Host:
    """What the desk gives to a connector.

    ``options`` are the account's non-secret settings. ``http`` belongs to the host: it follows no redirect to
    another host, ignores proxy variables and is closed by the host. ``dial`` is for networks that do not speak HTTP, ``purse``
    for those that charge (``connectors.metering``).
    """

    account: str
    options: Mapping[str, str]
    vault: Vault
    http: httpx.AsyncClient
    clock: Clock
    dial: Dial = no_sockets
    purse: Purse = field(default_factory=Endless)
