"""Channels without a network: nothing comes in by itself, and a reply is a note of what the customer was told."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from socialdesk.connectors.contract import (
    N_,
    Capabilities,
    Connector,
    Count,
    Identity,
    Item,
    Limit,
    Outgoing,
    Page,
    Proof,
    Raw,
    Receipt,
    Rejected,
)

_NOTE = Limit(10_000, Count.GRAPHEMES)


class _ByHand(Connector):
    """What is written down here is there as soon as it is stored, so sending it cannot fail."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=_NOTE,
        private_limit=_NOTE,
        proof=Proof.KEY,
        key_life=timedelta(days=3650),
        poll=timedelta(minutes=5),
        public_reply=False,
        private_reply=True,
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return none: what is noted here goes nowhere."""
        return ()

    async def check(self) -> Identity:
        """Return an identity of its own: there is nobody to ask."""
        return Identity(uuid.uuid4().hex, self.name)

    async def fetch(self, cursor: str) -> Page:
        """Return nothing: people write it down."""
        return Page((), cursor)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Return nothing: no item is ever fetched."""
        return ()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take the note; the same one again is the same one. Raises ``Rejected`` ("too_long")."""
        if not _NOTE.fits(outgoing.text):
            raise Rejected(f"> {_NOTE.size}", code="too_long")
        return Receipt(f"note-{outgoing.key}", at=outgoing.at)


class PhoneConnector(_ByHand):
    """Calls."""

    name: ClassVar[str] = "phone"
    label: ClassVar[str] = N_("Phone")


class CounterConnector(_ByHand):
    """Visits to the shop."""

    name: ClassVar[str] = "counter"
    label: ClassVar[str] = N_("Counter")
