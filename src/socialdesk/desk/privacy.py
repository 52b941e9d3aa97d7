"""What is known of persons: told to them, erased, kept for as long as was said; and who did what (promises 14, 15)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk.desk.holding import Holding

if TYPE_CHECKING:
    from socialdesk.domain.privacy import Contact, Deed, Done, Due, Erasure


class Keeping(Holding):
    """The rights of those who write to the desk."""

    def people(self, words: str, brand: str = "") -> list[Contact]:
        """Return the customers of a conversation's number, or of exactly that handle, name or id; blocked ones as well."""
        from socialdesk.storage import dossier

        return dossier.find(self._database.read(), words, brand)

    def erase(
        self, people: Collection[Contact], *, at_once: bool = False, logs: Path | None = None
    ) -> Erasure:
        """Erase a person: blocked for the brand's term, or destroyed ``at_once``, backups included.

        ``logs`` is the folder of the logs, which may speak of them. Raises ``Refused`` while a reply to them is being sent.
        """
        from socialdesk.storage import keeping

        now = self._clock.now()
        return keeping.erase(
            self._database,
            people,
            now,
            self._agent(),
            self._config.keeping_for,
            at_once=at_once,
            logs=logs,
        )

    def keep_terms(self) -> Due:
        """Carry out what the terms of keeping, and the ledger after a restore, ask for by now."""
        from socialdesk.storage import keeping

        brands = [brand.name for brand in self._brands()]
        return keeping.keep_terms(self._database, brands, self._config.keeping_for, self._clock.now())

    def dossier(self, people: Collection[Contact]) -> list[dict[str, Any]]:
        """Return all that is theirs and nothing of another's, ready for JSON; the audit remembers that it was asked for."""
        from socialdesk.domain.privacy import Deed
        from socialdesk.storage import dossier
        from socialdesk.storage.ledger import Ledger

        told = dossier.export(self._database.read(), people)
        ledger = Ledger(self._database.path).refresh()
        for one in people:
            self.note(Deed.EXPORTED, ledger.person(one.channel, one.brand, one.remote_id), brand=one.brand)
        return told

    def audit(self, since: datetime | None = None, what: str = "", limit: int = 1000) -> list[Done]:
        """Return who did what, the newest first."""
        from socialdesk.storage import audit

        return audit.lines(self._database.read(), since, what, limit)

    def note(self, what: Deed, subject: str, *, detail: str = "", brand: str = "") -> None:
        """Let the audit remember something that this desk's person did."""
        from socialdesk.storage import audit

        with self._database.write() as connection:
            audit.note(
                connection, what, self._clock.now(), self._agent(), subject, detail=detail, brand=brand
            )

    def _brands(self) -> list[Any]:
        from socialdesk.storage import accounts

        return list(accounts.brands(self._database.read()))
