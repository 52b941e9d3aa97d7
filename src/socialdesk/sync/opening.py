"""Builds a connector for an account: its class, its secrets, its HTTP client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from socialdesk.clock import Clock
from socialdesk.config import Config
from socialdesk.connectors.contract import Connector, Host
from socialdesk.connectors.metering import Endless
from socialdesk.domain.models import Account
from socialdesk.secrets import Secrets
from socialdesk.storage.standing import Enrolled
from socialdesk.sync.dialing import Dialler
from socialdesk.sync.http import make_client
from socialdesk.sync.purse import AccountPurse
from socialdesk.sync.storeroom import Storeroom
from socialdesk.sync.vault import AccountVault

ALLOW_PRIVATE = "allow_private"
"""The account's option that, set to "yes", lets it reach a server on this machine or network."""

Connectors = Callable[[str], type[Connector]]
"""Returns the connector of a name, or raises ``PluginError``; ``connectors.registry.load`` is the one in use."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connector ready for use, with the client that the desk closes after it, and its purse where the network charges."""

    connector: Connector
    http: httpx.AsyncClient
    purse: AccountPurse | None = None

    async def aclose(self) -> None:
        """Let go of both, whatever the plugin thinks of it."""
        try:
            async with asyncio.timeout(5):
                await self.connector.aclose()
        except Exception:  # noqa: S110  # a plugin that cannot even close itself is about to be forgotten
            pass
        finally:
            await self.http.aclose()


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens accounts; ``sessions`` is the folder of the encrypted sign-in sessions.

    What is spent is counted where there is a ``store``: in the engine. What a person tries by hand is not.
    """

    connectors: Connectors
    secrets: Secrets
    sessions: Path
    clock: Clock
    config: Config
    transport: httpx.AsyncBaseTransport | None = None
    store: Storeroom | None = None

    async def open(self, enrolled: Enrolled) -> Opened:
        """Import the plugin, off the event loop, and build its connector; raises whatever the plugin raises."""
        account = enrolled.account
        kind = await asyncio.to_thread(self.connectors, account.connector)
        private = self.config.allow_private_hosts or account.options.get(ALLOW_PRIVATE) == "yes"
        hosts = kind.hosts(account.options)
        http = make_client(allow_private=private, hosts=hosts, transport=self.transport)
        vault = AccountVault(self.secrets, enrolled.secrets, self.sessions / f"{account.id}.json")
        purse = self._purse(account, kind)
        dialler = Dialler(private, hosts)
        host = Host(account.name, dict(account.options), vault, http, self.clock, dialler, purse or Endless())
        try:
            return Opened(kind(host), http, purse)
        except BaseException:
            await http.aclose()
            raise

    def _purse(self, account: Account, kind: type[Connector]) -> AccountPurse | None:
        tariff = kind.tariff(account.options)
        return AccountPurse(account, tariff, self.store, self.clock) if tariff and self.store else None
