"""Accounts and brands, what they could not understand, and histories from other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from socialdesk.desk.holding import Holding
from socialdesk.domain.models import Account, Brand, ImportReport, Quarantined
from socialdesk.domain.text import one_line
from socialdesk.storage import accounts

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.connectors.contract import Identity, Tariff
    from socialdesk.domain.spending import Budget


class Accounts(Holding):
    """The accounts that the desk serves."""

    def accounts(self) -> list[Account]:
        """Return the accounts in use, by name."""
        return accounts.accounts(self._database.read())

    def budgets(self) -> Mapping[int, Budget]:
        """Return how the accounts stand whose networks charge, by their numbers."""
        from socialdesk.storage import spending

        return spending.budgets(self._database.read(), self._clock.now())

    def brands(self) -> list[Brand]:
        """Return the brands, by name."""
        return accounts.brands(self._database.read())

    def quarantine(self, account: str | None = None) -> list[Quarantined]:
        """Return what could not be understood, newest first."""
        return accounts.quarantine(self._database.read(), account)

    def add_account(
        self,
        connector: str,
        name: str,
        brand: str,
        options: Mapping[str, str],
        secrets: Mapping[str, str],
        identity: Identity | None,
    ) -> Account:
        """Add an account; ``secrets`` says where each secret lives. Raises ``Refused`` where the name is taken."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.add(
                connection,
                connector,
                name,
                brand,
                self._clock.now(),
                options=options,
                secrets=secrets,
                remote_id=identity.remote_id if identity else "",
                handle=one_line(identity.handle) if identity else "",
                lacking=identity.lacking if identity else (),
            )
            self._note_consent(connection, name, secrets)
        return accounts.account(self._database.read(), name)

    def set_paused(self, name: str, paused: bool) -> Account:
        """Pause an account, or serve it again; raises ``NotFound``."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.set_paused(connection, name, paused)
        return accounts.account(self._database.read(), name)

    def set_options(self, name: str, changed: Mapping[str, str]) -> Account:
        """Give an account other settings; raises ``NotFound``."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.set_options(connection, name, changed)
        return accounts.account(self._database.read(), name)

    def allow(self, account_id: int, tariff: Tariff) -> None:
        """Keep what an account may spend from now on, before its engine has seen it."""
        from socialdesk.storage import spending
        from socialdesk.sync.purse import allowance_of

        with self._database.write() as connection:
            spending.allow(connection, account_id, allowance_of(tariff))

    def sign_in(self, name: str, secrets: Mapping[str, str], identity: Identity) -> Account:
        """Give an account other secrets (where each one lives) and what the network now says of it."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.sign_in(
                connection,
                name,
                secrets,
                identity.remote_id,
                one_line(identity.handle),
                identity.lacking,
                identity.learned,
            )
            self._note_consent(connection, name, secrets)
        return accounts.account(self._database.read(), name)

    def _note_consent(self, connection: Connection, name: str, secrets: Mapping[str, str]) -> None:
        """Let the audit remember that somebody typed, while signing in, that a secret may lie in plain text."""
        from socialdesk.domain.privacy import Deed
        from socialdesk.storage import audit

        for setting, place in secrets.items():
            if place.startswith("plain:"):
                audit.note(
                    connection,
                    Deed.CONSENT,
                    self._clock.now(),
                    self._agent(),
                    f"account {name}",
                    detail=f"plain {setting}",
                )

    def remove_account(self, name: str) -> None:
        """Stop serving an account; its conversations stay. Raises ``Refused`` while replies are unsettled."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.remove(connection, name, self._clock.now())

    def import_history(
        self, lines: Iterable[str], progress: Callable[[int], None] | None = None
    ) -> ImportReport:
        """Take in a history from another tool, one JSON message a line; twice changes nothing."""
        from socialdesk.storage import importing

        self._begin()
        return importing.import_history(self._database, lines, self._clock.now, progress)
