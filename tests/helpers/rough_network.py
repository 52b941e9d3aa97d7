"""A network with bad habits, in memory: answers get lost, items come late, twice, stale, edited, deleted, unreadable.

What it holds in the end is what a desk must hold in the end; ``Rough.truth`` tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import ClassVar

import httpx

from socialdesk.connectors.contract import (
    Author,
    Capabilities,
    Connector,
    Direction,
    Identity,
    Item,
    Kind,
    Limit,
    Outgoing,
    Page,
    Raw,
    Receipt,
)
from socialdesk.errors import RateLimited, Temporary

OVERLAP = 40
"""Positions that are read again: a network that shows items late never shows them later than this."""
PAGE = 100
POLL = timedelta(hours=2)
FAULTS = 0.05


@dataclass
class Written:
    """A message of a customer, as it is now."""

    text: str
    at: datetime
    who: str
    conversation: str
    version: int = 0
    deleted: bool = False
    poison: bool = False


@dataclass
class Rough:
    """One account's network."""

    random: Random
    skew: timedelta = timedelta()
    items: dict[str, Written] = field(default_factory=dict)
    before: dict[str, Written] = field(default_factory=dict)
    feed: list[tuple[datetime, str]] = field(default_factory=list)  # when it can be seen, which item
    stale: set[tuple[str, int]] = field(default_factory=set)  # changes whose item was shown as it had been
    resets: int = 0

    def write(self, number: str, text: str, now: datetime, *, poison: bool = False) -> None:
        """A customer writes; what they wrote may be seen later than what others write afterwards."""
        who = f"c{self.random.randrange(8)}"
        self.items[number] = Written(text, now + self.skew, who, f"with-{who}", poison=poison)
        self._show(number, now)

    def edit(self, number: str, text: str, now: datetime) -> None:
        """A customer puts other words in the place of theirs."""
        self._change(number, now, text=text)

    def delete(self, number: str, now: datetime) -> None:
        """A customer takes back what they wrote."""
        self._change(number, now, deleted=True)

    def _change(self, number: str, now: datetime, **fields: object) -> None:
        old = self.items[number]
        self.before[number] = old
        self.items[number] = replace(old, version=old.version + 1, **fields)  # type: ignore[arg-type]
        self._show(number, now)

    def _show(self, number: str, now: datetime) -> None:
        late = timedelta(minutes=self.random.randrange(1, 240)) if self.random.random() < 0.1 else timedelta()
        self.feed.append((now + late, number))

    def serve(self, cursor: str, now: datetime) -> Page:
        """Return what can be seen after a cursor; one that the network has forgotten begins anew."""
        self._fault()
        position = int(cursor or 0)
        if position and self.random.random() < 0.01:
            self.resets, position = self.resets + 1, 0
        first = max(position - OVERLAP, 0)
        overdue = len(self.feed) - OVERLAP
        seen = [
            (place, number)
            for place, (at, number) in enumerate(self.feed[first:], first + 1)
            if at <= now or place <= overdue
        ]
        page = seen[:PAGE]
        self._fault()  # the answer is lost on its way
        last = max((place for place, _ in page), default=position)
        raws = [self._raw(number, again=place > last - OVERLAP) for place, number in page]
        return Page(raws, str(max(position, last)), len(seen) > PAGE)

    def _raw(self, number: str, *, again: bool) -> Raw:
        """Return an item as it is; once, where it will be read again, as it was before its last change."""
        item = self.items[number]
        told = (number, item.version)
        if again and number in self.before and told not in self.stale and self.random.random() < 0.05:
            self.stale.add(told)  # another machine of theirs had not heard of the change yet
            item = self.before[number]
        return Raw(number, {**vars(item), "at": item.at.isoformat()})

    def _fault(self) -> None:
        if self.random.random() < FAULTS / 2:
            raise self.random.choice(
                [
                    Temporary("503"),
                    httpx.ReadTimeout("lost"),
                    RateLimited("429"),
                    ConnectionResetError("reset"),
                    ValueError("no JSON"),
                ]
            )

    def truth(self) -> dict[str, str]:
        """Return what is readable in the end, by its number; "" was deleted."""
        return {
            number: "" if item.deleted else item.text
            for number, item in self.items.items()
            if not item.poison
        }


class Roughly(Connector):
    """The connector to it."""

    name = "scripted"
    label = "Rough"
    capabilities = Capabilities(Limit(300), Limit(1000), poll=POLL)
    networks: ClassVar[dict[str, Rough]]

    async def check(self) -> Identity:
        """Sign in."""
        return Identity(f"id-{self.host.account}", f"@{self.host.account}")

    async def fetch(self, cursor: str) -> Page:
        """Read on."""
        return self.networks[self.host.account].serve(cursor, self.host.clock.now())

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Understand one message."""
        payload = raw.payload
        if payload["poison"] and not getattr(self, "version", ""):
            raise KeyError("author")
        author = Author(payload["who"], f"@{payload['who']}", payload["who"].title())
        at = datetime.fromisoformat(payload["at"])
        return [
            Item(
                id=raw.id,
                conversation=payload["conversation"],
                direction=Direction.IN,
                at=at,
                author=author,
                contact=author,
                text=payload["text"],
                kind=Kind.MENTION,
                deleted=payload["deleted"],
                edited_at=at + timedelta(minutes=payload["version"]) if payload["version"] else None,
            )
        ]

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Nobody answers here."""
        raise NotImplementedError


def connector_of(networks: dict[str, Rough], version: str = "") -> type[Roughly]:
    """Return a connector bound to those networks; one with a version understands what the first one cannot."""
    return type("Roughly", (Roughly,), {"networks": networks, "version": version})
