"""Everything a person can do with the desk, one method each: the only door of screens and commands.

Plain synchronous calls, safe from any thread; a screen runs them in a worker thread. Reads cost no SQLAlchemy; the
first write of a process imports it, which is why the writing modules are imported where they are used. Every method
raises only errors of ``socialdesk.errors``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.clock import Clock
from socialdesk.config import Config
from socialdesk.domain.models import (
    Account,
    Brand,
    Counts,
    ImportReport,
    OutboxItem,
    Quarantined,
    QueueRow,
    QueueWindow,
    SearchHit,
    Seek,
    Seen,
    Thread,
    Undo,
    View,
)
from socialdesk.errors import ConfigError, Refused
from socialdesk.storage import accounts, outgoing, queue, search, threads
from socialdesk.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.calendars.spec import PolicySpec
    from socialdesk.connectors.contract import Identity
    from socialdesk.domain.consequences import Holds, Preview, Warned
    from socialdesk.domain.promises import Policy, Step
    from socialdesk.domain.waitclock import Honesty, Reading


class Desk:
    """One desk: reads first, then what a person does."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        config: Config,
        connectors: Callable[[], Collection[str]] | None = None,
    ) -> None:
        """``connectors`` names those that there are; by default all that are installed."""
        self._database = database
        self._clock = clock
        self._config = config
        self._connectors = connectors or _installed
        self._begun = False

    def _write(self) -> AbstractContextManager[Connection]:
        """Return a transaction on a desk that has its policy."""
        self._begin()
        return self._database.write()

    def _begin(self) -> None:
        if not self._begun:
            from socialdesk.storage import policies

            # Promises that cannot be used must stop no reply; the doctor and the screen's start say so.
            with suppress(ConfigError):
                policies.begin(self._database, self._config.policy, self._clock.now())
            self._begun = True

    def version(self) -> int:
        """Return a number that changes when the desk has changed."""
        return self._database.version()

    def queue(self, view: View, seek: Seek = Seek(), limit: int = 200) -> QueueWindow:  # noqa: B008 - frozen
        """Return a run of rows of a view, most urgent first."""
        return queue.window(self._database.read(), view, seek, limit, self._clock.now())

    def row(self, conversation_id: int) -> QueueRow:
        """Return one conversation; raises ``NotFound``."""
        return queue.row(self._database.read(), conversation_id)

    def counts(self) -> Counts:
        """Count the conversations by where they lie."""
        return queue.counts(self._database.read(), self._clock.now())

    def thread(self, conversation_id: int, before: int | None = None, limit: int = 100) -> Thread:
        """Return the newest messages before a message id, oldest first, then the replies on their way."""
        return threads.thread(self._database.read(), conversation_id, before, limit)

    def search(
        self,
        words: str,
        before: int | None = None,
        limit: int = 50,
        brand: str | None = None,
        channel: str | None = None,
    ) -> list[SearchHit]:
        """Return the newest messages that have all the words; the last word may be a beginning."""
        return search.search(self._database.read(), words, before, limit, brand, channel)

    def customers(
        self, words: str, limit: int = 20, brand: str | None = None, channel: str | None = None
    ) -> list[QueueRow]:
        """Return the conversations of customers so called, newest first; the last word may be a beginning."""
        return search.customers(self._database.read(), words, limit, brand, channel)

    def accounts(self) -> list[Account]:
        """Return the accounts in use, by name."""
        return accounts.accounts(self._database.read())

    def brands(self) -> list[Brand]:
        """Return the brands, by name."""
        return accounts.brands(self._database.read())

    def outbox(self, *, all_states: bool = False) -> list[OutboxItem]:
        """Return the replies that have not settled, or all, oldest first."""
        return outgoing.items(self._database.read(), all_states=all_states)

    def last_undoable(self) -> OutboxItem | None:
        """Return the newest reply that can still be taken back."""
        return outgoing.last_undoable(self._database.read())

    def quarantine(self, account: str | None = None) -> list[Quarantined]:
        """Return what could not be understood, newest first."""
        return accounts.quarantine(self._database.read(), account)

    def save_draft(self, conversation_id: int, text: str) -> None:
        """Keep an unfinished answer; an empty one is forgotten."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.save_draft(connection, conversation_id, text, self._clock.now())

    def reply(
        self,
        conversation_id: int,
        text: str,
        *,
        private: bool = False,
        now: bool = False,
        at: datetime | None = None,
        seen: Seen | None = None,
    ) -> OutboxItem:
        """Answer the customer: after the undo window, at once (``now``) or at a moment (``at``).

        ``seen`` is how far the conversation had come for the writer (``Thread.seen``); None insists. Raises
        ``Refused``: ``empty``; ``no_connector`` and ``account_removed``, where nothing could ever leave;
        ``answered_meanwhile`` and ``written_meanwhile``, where there is more than was seen. The text is then the
        draft, unless there is another one. Whether it fits the network is the caller's question.
        """
        from socialdesk.domain.text import scrub
        from socialdesk.storage import replies

        text = scrub(text).strip()
        if not text:
            raise Refused(code="empty")
        moment, agent, connectors = self._clock.now(), self._config.agent or _login_name(), self._connectors()
        leaves_at = at or (moment if now else moment + self._config.undo)
        with self._database.write() as connection:
            refusal = replies.why_not(connection, conversation_id, seen, connectors)
            if refusal is None:
                number = replies.queue_reply(
                    connection,
                    conversation_id,
                    text,
                    private=private,
                    leaves_at=leaves_at,
                    agent=agent,
                    now=moment,
                )
            else:
                replies.keep_as_draft(connection, conversation_id, text, moment)
        if refusal is not None:
            raise refusal
        return outgoing.item(self._database.read(), number)

    def undo_reply(self, outbox_id: int) -> str:
        """Take back a reply that has not left; returns the draft that its text has become. Raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            return replies.undo(connection, outbox_id, self._clock.now())

    def resend(self, outbox_id: int) -> None:
        """Let a reply that needs a person leave again; raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.resend(connection, outbox_id, self._clock.now())

    def mark_sent(self, outbox_id: int) -> None:
        """Settle a reply of unknown outcome as sent; raises ``Refused``."""
        from socialdesk.storage import replies

        with self._write() as connection:
            replies.mark_sent(connection, outbox_id, self._clock.now())

    def discard(self, outbox_id: int) -> None:
        """Give up a reply that needs a person; raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.discard(connection, outbox_id)

    def resolve(self, conversation_id: int) -> Undo:
        """Put a conversation away as resolved."""
        return self._settle(conversation_id, "resolved")

    def no_reply_needed(self, conversation_id: int) -> Undo:
        """Put a conversation away as one that needs no answer."""
        return self._settle(conversation_id, "no_reply")

    def _settle(self, conversation_id: int, settled_as: str) -> Undo:
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.settle(connection, conversation_id, settled_as, self._clock.now())

    def snooze(self, conversation_id: int, until: datetime) -> Undo:
        """Put a conversation out of sight until a moment; the customer's wait keeps running. Raises ``Refused``."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.snooze(connection, conversation_id, until, self._clock.now())

    def reopen(self, conversation_id: int) -> Undo:
        """Put a conversation back on the desk, waiting as its messages say."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.reopen(connection, conversation_id)

    def undo(self, undo: Undo) -> None:
        """Put a conversation back where it lay; one whose customer has written since stays open."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            boxes.undo(connection, undo)

    def wake(self) -> int:
        """Bring back the conversations whose snooze is over; returns how many."""
        if not queue.anything_to_wake(self._database.read(), self._clock.now()):
            return 0
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.wake(connection, self._clock.now())

    def policy(self) -> Policy:
        """Return the policy in force: promises, calendars, situations."""
        from socialdesk.storage import policies

        return policies.in_force(self._database.read())

    def policy_change(self, spec: PolicySpec) -> Preview | None:
        """Return what a policy would change for those who wait now, or None where it is the one in force."""
        from socialdesk.storage import policies

        return policies.change(self._database.read(), spec, self._config.policy, self._clock.now())

    def adopt_policy(self, spec: PolicySpec) -> None:
        """Put a policy in force and recompute every open deadline."""
        from socialdesk.storage import policies

        with self._database.write() as connection:
            policies.adopt(connection, spec, self._clock.now())

    def set_situation(self, conversation_id: int, situation: str, by: str = "agent") -> Undo:
        """Say what kind of case a conversation is; "" leaves it to the rules. Raises ``Refused``: ``situation``."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.set_situation(connection, conversation_id, situation, by)

    def why(self, conversation_id: int) -> tuple[Step, ...]:
        """Return the arithmetic of a deadline, step by step; nothing where nobody waits. Raises ``NotFound``."""
        from socialdesk.storage import deadlines

        return deadlines.why(self._database.read(), conversation_id)

    def set_tags(self, conversation_id: int, tags: Iterable[str]) -> None:
        """Give the customer of a conversation tags, in place of those they had; the rules may go by them."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            boxes.set_tags(connection, conversation_id, tags)

    def day(self, now: datetime | None = None) -> list[Holds]:
        """Return what the day still holds, by brand: deadlines before it closes, or before midnight."""
        from socialdesk.storage import deadlines

        return deadlines.day(self._database.read(), now or self._clock.now())

    def warnings(self, now: datetime | None = None) -> list[Warned]:
        """Return the promises about to be broken, each share of each promise once for the whole desk."""
        from socialdesk.storage import warnings

        moment = now or self._clock.now()
        if not warnings.any_due(self._database.read(), moment):
            return []
        with self._write() as connection:
            return warnings.take(connection, moment)

    def clock(self, brand: str | None = None, channel: str | None = None) -> Reading:
        """Return how long a customer who writes now will wait; None stands for every brand or channel."""
        from socialdesk.storage import clocks

        return clocks.reading(self._database.read(), self.policy(), brand, channel, self._clock.now())

    def clock_places(self) -> list[tuple[str, str]]:
        """Return the brands and channels that have a clock of their own."""
        from socialdesk.storage import clocks

        return clocks.places(self._database.read())

    def clock_honesty(self, brand: str | None, channel: str | None, since: datetime) -> Honesty:
        """Return how many customers have waited no longer than the clock said, since a moment."""
        from socialdesk.storage import clocks

        return clocks.honest(self._database.read(), brand, channel, since, self._clock.now())

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
                handle=identity.handle if identity else "",
                lacking=identity.lacking if identity else (),
            )
        return accounts.account(self._database.read(), name)

    def set_paused(self, name: str, paused: bool) -> Account:
        """Pause an account, or serve it again; raises ``NotFound``."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.set_paused(connection, name, paused)
        return accounts.account(self._database.read(), name)

    def sign_in(self, name: str, secrets: Mapping[str, str], identity: Identity) -> Account:
        """Give an account other secrets (where each one lives) and what the network now says of it."""
        from socialdesk.storage import registering

        with self._database.write() as connection:
            registering.sign_in(
                connection, name, secrets, identity.remote_id, identity.handle, identity.lacking
            )
        return accounts.account(self._database.read(), name)

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


def _installed() -> Collection[str]:
    from socialdesk.connectors import registry

    return registry.names()


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
