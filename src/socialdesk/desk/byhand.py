"""Calls and visits, written down by whoever heard them: conversations like any other (NEEDS A1, B1, F5)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.desk.base import Base
from socialdesk.domain.models import Direction, Kind
from socialdesk.domain.text import one_line, scrub
from socialdesk.errors import Refused
from socialdesk.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.incoming import Person, Source

CHANNELS = {Kind.CALL: "phone", Kind.VISIT: "counter"}
"""Which channel each kind belongs to, and with it which promise."""
_FEWEST_DIGITS = 6
_TELLING_DIGITS = 9
"""With or without the country's code it is the same telephone."""


class ByHand(Base):
    """What no network tells."""

    def write_down(
        self,
        kind: Kind,
        brand: str,
        words: str,
        *,
        who: str = "",
        number: str = "",
        at: datetime | None = None,
    ) -> int:
        """Keep what a customer said in a call or at the counter; returns the conversation, which waits from ``at``.

        The brand's account for it is made when it is first needed. Whoever gave a telephone number is known by it the
        next time; a name alone is no proof that it is the same person. ``at`` in the future counts as now.
        Raises ``Refused``: ``nothing_said``, ``unknown_brand``, ``whose_number``.
        """
        from socialdesk.storage.incoming import Incoming
        from socialdesk.storage.ingest import ingest

        text, now = scrub(words).strip(), self._clock.now()
        if not text:
            raise Refused(code="nothing_said")
        person = _person(one_line(who).strip(), one_line(number).strip())
        item = Incoming(
            id=uuid.uuid4().hex,
            conversation=person.id,
            direction=Direction.IN,
            at=min(at or now, now),
            author=person,
            contact=person,
            text=text,
            kind=kind,
            private=True,
        )
        with self._write() as connection:
            source = _account(connection, CHANNELS[kind], brand, now)
            return next(iter(ingest(connection, source, [item], now)))


def is_number(text: str) -> bool:
    """Say whether this can be a telephone number: it has six digits at least."""
    return sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


def _person(who: str, number: str) -> Person:
    from socialdesk.storage.incoming import Person

    if number and not is_number(number):
        raise Refused(number, code="whose_number")
    digits = "".join(filter(str.isdigit, number))[-_TELLING_DIGITS:]
    return Person(
        f"number-{digits}" if number else f"somebody-{uuid.uuid4().hex}",
        f"tel. {number}" if number else "",
        who or ("" if number else _("a customer")),
    )


def _account(connection: Connection, channel: str, brand: str, now: datetime) -> Source:
    """Return the brand's account for calls or visits, made where there is none in use."""
    from socialdesk.channels import channel_name
    from socialdesk.storage import registering

    if (kept := registering.of_brand(connection, channel, brand)) is not None:
        return kept
    name = registering.free_name(connection, f"{one_line(brand)} {channel_name(channel)}")
    registering.add(connection, channel, name, brand, now, remote_id=uuid.uuid4().hex, handle=channel)
    made = registering.source(connection, name)
    assert made is not None
    return made
