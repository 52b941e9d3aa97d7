"""What the conformance suite needs of a network to try a connector on, and how it reads and answers there."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import (
    Act,
    Attachment,
    Author,
    Connector,
    Dialog,
    Direction,
    Identity,
    Item,
    Kind,
    Media,
    Outgoing,
    Page,
    Raw,
)


class Trouble(StrEnum):
    """What a network can do to a request. All but the two losses concern every request."""

    SIGNED_OUT = "signed_out"  # refused, and signing in again is refused too
    LIMITED = "limited"  # asked to wait
    BROKEN = "broken"  # a server error
    GARBLED = "garbled"  # an answer in no form that the connector knows, such as a portal's HTML
    UNREACHABLE = "unreachable"  # no connection comes about
    SILENT = "silent"  # no answer, ever
    LOST_ANSWER = "lost_answer"  # what is written is taken and its answer is lost; reading works
    LOST_REQUEST = "lost_request"  # what is written is lost on its way, and nobody says so; reading works


class Network(ABC):
    """A stand-in for the network with one brand's account on it. ``clock`` is the one the connector is given."""

    clock: ManualClock
    secrets: Sequence[str] = ()
    """What must never be seen in an error or a ``repr``: passwords and tokens in use."""
    troubles: frozenset[Trouble] = frozenset(Trouble)
    """Those that this network can have; the tests of the others are skipped."""

    @abstractmethod
    def connector(self) -> Connector:
        """Return a new connector to the account; its sign-in session outlives it, as after a restart."""

    @abstractmethod
    def arrive(self, text: str) -> None:
        """A customer writes to the brand, a second after whatever was before."""

    @abstractmethod
    def sent(self) -> list[str]:
        """Return the texts of the brand's replies that are on the network, oldest first."""

    @abstractmethod
    def trouble(self, kind: Trouble | None) -> None:
        """Have this trouble from now on; None ends it."""

    def question(self) -> Item | None:
        """Return a message to answer, where nothing arrives by itself because people write down what they hear; None elsewhere.

        ``arrive`` of such a network calls ``nothing_arrives``: all that concerns receiving is skipped with that reason.
        """
        return None

    def poison(self) -> bool:
        """Something arrives that nobody can understand; returns False where that cannot be."""
        return False

    def describe(self, text: str | None) -> bool:
        """The owner writes the text that holds the public notice (None: has written none); False where there is none."""
        return False

    def description(self) -> str:
        """Return that text as everybody sees it, "" where there is none."""
        return ""

    def limited_until(self) -> datetime | None:
        """Return until when ``Trouble.LIMITED`` asks to wait; None where the network names no time."""
        return None

    def hostile(self, words: str) -> bool:
        """A customer writes whose name, subject and file names are these words, where the network has such things.

        Returns False where the customer has no say in any of them.
        """
        return False

    def edit(self, text: str) -> bool:
        """The customer who wrote last changes that message; returns False where nobody can."""
        return False

    def delete(self) -> bool:
        """The customer who wrote last takes that message back; returns False where nobody can."""
        return False

    def attach(self, name: str, content: bytes) -> bool:
        """A customer sends a file; returns False where nobody can."""
        return False

    def acted(self) -> list[Act] | None:
        """Return what was done to the last customer's message and is in force; None where it cannot be told."""
        return None

    def hang_up(self) -> bool:
        """End the connection of everybody who listens; returns False where nobody does."""
        return False

    def person(self, *, honest: bool = True) -> Dialog | None:
        """Return somebody to sign in with, or who answers wrongly; None where there is no sign-in by conversation."""
        return None

    def another(self) -> Network | None:
        """Return a second stand-in with an account of its own; None where there can be one only."""
        return None

    async def aclose(self) -> None:
        """Close what the connectors were given."""
        return


class Person:
    """A ``Dialog`` with these answers, one after the other; ``told`` keeps what was said, addresses and all."""

    def __init__(self, *answers: str) -> None:
        self.told: list[str] = []
        self._answers = list(answers)

    async def tell(self, text: str, url: str = "") -> None:
        """Listen."""
        self.told += [text, url]

    async def ask(self, label: str, hint: str = "", *, secret: bool = False) -> str:
        """Answer."""
        self.told += [label, hint]
        assert self._answers, f"nobody knows what to answer to {label!r}"
        return self._answers.pop(0)


def needs(network: Network, trouble: Trouble) -> None:
    """Skip the test where the network never has that trouble."""
    if trouble not in network.troubles:
        pytest.skip(f"this network is never {trouble}")


def nothing_arrives() -> None:
    """Skip the test: this is a channel for which people write down what they hear."""
    pytest.skip("nothing arrives by itself on this channel: people write it down")


async def read(connector: Connector, cursor: str = "") -> tuple[list[Raw], str]:
    """Fetch until there is no more, as the engine does; returns the raw items and the last cursor."""
    found: list[Raw] = []
    for _ in range(1000):
        page = await connector.fetch(cursor)
        assert isinstance(page, Page) and isinstance(page.cursor, str)
        if page.learned is not None or page.lacking is not None:
            says_itself(page.lacking or (), page.learned or {})
        found += page.items
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("fetch asks for more for ever")


def stored(raw: Raw) -> Raw:
    """Return the item as it comes back from storage."""
    assert raw.id
    return Raw(raw.id, json.loads(json.dumps(raw.payload, allow_nan=False)))


def understood(connector: Connector, raws: Sequence[Raw]) -> list[Item]:
    """Return the messages in raw items, each known once, as after storage."""
    items = [item for raw in raws for item in connector.parse(stored(raw))]
    return list({item.id: item for item in items}.values())


async def a_reply(network: Network, connector: Connector, text: str) -> Outgoing:
    """Have a customer write, and return a reply to that."""
    question = network.question() or await _asked_now(network, connector)
    at = network.clock.now().astimezone(UTC)
    return Outgoing(
        key=connector.new_key(at),
        conversation=question.conversation,
        reply_to=question.remote,
        text=text,
        private=question.private,
        at=at,
        language="es",
    )


async def _asked_now(network: Network, connector: Connector) -> Item:
    network.arrive(f"pregunta de las {network.clock.now():%H:%M:%S}")
    raws, _ = await read(connector)
    return latest(understood(connector, raws))


async def asked(network: Network, connector: Connector, text: str = "¿Hola?") -> Item:
    """Have a customer write, and return the message."""
    network.arrive(text)
    raws, _ = await read(connector)
    return latest(understood(connector, raws))


def latest(items: Sequence[Item]) -> Item:
    """Return what a customer wrote last."""
    return max((one for one in items if one.direction is Direction.IN and not one.context), key=_when)


def _when(item: Item) -> datetime:
    return item.at


def says_itself(lacking: Sequence[str], learned: Mapping[str, str]) -> None:
    """Assert that what a network allows and denies is in the contract's form."""
    assert all(isinstance(code, str) and code for code in lacking)
    assert _strings(learned), "what was learned is strings by names"


def well_known(identity: Identity) -> None:
    """Assert that an identity is in the contract's form."""
    assert identity.remote_id and identity.handle
    says_itself(identity.lacking, identity.learned)


def well_formed(item: Item) -> None:
    """Assert that a message is in the contract's form: ids, times, texts, attachments."""
    assert item.id and item.conversation and item.contact.id and item.author.id
    for at in (item.at, item.edited_at, item.answer_until):
        assert at is None or at.utcoffset() == timedelta(0), "times are aware and in UTC"
    assert item.answer_until is None or item.answer_until > item.at, "an answer is taken for a while"
    assert item.rating is None or (type(item.rating) is int and 1 <= item.rating <= 5), "stars are 1 to 5"
    assert isinstance(item.text, str) and isinstance(item.title, str) and isinstance(item.url, str)
    assert isinstance(item.direction, Direction) and isinstance(item.kind, Kind)
    assert _strings(item.remote), "what send needs is strings by names"
    for author in (item.author, item.contact):
        assert isinstance(author, Author) and isinstance(author.name, str) and isinstance(author.handle, str)
        assert author.reach is None or author.reach >= 0
    for one in item.attachments:
        _attached(one)


def _attached(one: Attachment) -> None:
    assert isinstance(one, Attachment) and isinstance(one.media, Media)
    assert all(isinstance(words, str) for words in (one.name, one.description, one.type))
    assert one.size is None or (isinstance(one.size, int) and one.size >= 0)
    assert _strings(one.remote), "what download needs is strings by names"


def _strings(mapping: Mapping[str, str]) -> bool:
    return all(isinstance(part, str) for pair in mapping.items() for part in pair)
