"""What is kept of persons, for how long, and who did what (promises 14 and 15 of docs/reliability.md)."""

from __future__ import annotations

import calendar
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Deed(StrEnum):
    """What the audit keeps."""

    SENT = "sent"  # a reply left; the agent is who wrote it
    ACTED = "acted"  # a customer's message was liked, hidden, reported..., or its author muted or blocked
    EDITED = "edited"  # somebody changed another's reply before it left
    BLOCKED = "blocked"  # a person's data were put aside, for judges and authorities alone
    ERASED = "erased"  # a person's data were destroyed
    EXPORTED = "exported"  # a person's data were written out
    POLICY = "policy"  # the promises changed
    CONSENT = "consent"  # somebody typed that a secret may lie in plain text


class Done(NamedTuple):
    """A line of the audit; see ``storage.privacytables.AuditRow``."""

    id: int
    at: datetime
    what: str
    agent: str
    brand: str
    subject: str
    detail: str
    conversation_id: int | None


class Term(NamedTuple):
    """A length of time by the calendar, as laws count it: "2 years", "18 months", "90 days"."""

    months: int = 0
    days: int = 0

    def after(self, moment: datetime) -> datetime:
        """Return the moment when the term that begins at ``moment`` has passed."""
        return _moved(moment, self.months, self.days)

    def before(self, moment: datetime) -> datetime:
        """Return the moment at which a term that has passed at ``moment`` began."""
        return _moved(moment, -self.months, -self.days)


def _moved(moment: datetime, months: int, days: int) -> datetime:
    from datetime import timedelta

    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    year = min(max(year, 1), 9998)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last)) + timedelta(days=days)


BLOCK = Term(months=36)
"""How long blocked data are kept unless the settings say: until the gravest breach of data protection lapses in Spain
(Ley Orgánica 3/2018, articles 32 and 72)."""


class Keeping(NamedTuple):
    """How long a brand keeps what it knows of persons.

    ``retention`` counts from the last message of a conversation for which nobody waits; None keeps it for ever. ``block``
    is how long what is erased stays blocked before it is destroyed; nothing destroys it at once.
    """

    retention: Term | None = None
    block: Term = BLOCK


class Contact(NamedTuple):
    """A customer as one account knows them; ``conversations`` are numbers, ``blocked`` ids of what is put aside."""

    brand: str
    channel: str
    remote_id: str
    handle: str
    name: str
    account: str = ""
    id: int = 0
    conversations: tuple[int, ...] = ()
    blocked: tuple[int, ...] = ()


class Erasure(NamedTuple):
    """What an erasure did: how many conversations and messages, and until when they stay blocked (None: destroyed).

    ``backups`` were written anew without the person; ``deleted`` could not be, and are gone. ``closed`` are encrypted with
    a key that is not at hand, ``strays`` are desk files beside the desk that it has not made: in these the person may be.
    """

    conversations: int
    messages: int
    until: datetime | None
    backups: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


class Due(NamedTuple):
    """What the terms of keeping did: conversations put aside because of the retention, blocked ones destroyed."""

    retired: int = 0
    destroyed: int = 0
    again: int = 0  # erasures that a restored desk had lost, done again
