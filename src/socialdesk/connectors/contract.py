"""What a connector is: version 1 of the contract between socialdesk and a network's plugin.

A connector is a class named by an entry point in the group ``socialdesk.connectors``. It fetches raw items, turns
each into ``Item``s and sends replies. It needs this module, an HTTP client that the host gives it, and nothing else
of socialdesk. Everything here is standard library. Errors to raise: ``AuthRequired``, ``RateLimited``,
``Temporary``, ``Rejected``, ``OutcomeUnknown``; anything else is the plugin's own fault and pauses its account.

Times are aware and in UTC. Ids are opaque strings, unique within one account.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from socialdesk.clock import Clock
from socialdesk.domain.counting import Limit
from socialdesk.domain.measuring import Count, measure
from socialdesk.domain.models import Direction, Kind
from socialdesk.domain.outbox import Proof
from socialdesk.errors import (
    AuthRequired,
    ConnectorError,
    OutcomeUnknown,
    PluginError,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.i18n import N_

if TYPE_CHECKING:
    import httpx

CONTRACT = 1

__all__ = [
    "CONTRACT",
    "N_",
    "AuthRequired",
    "Author",
    "Capabilities",
    "Connector",
    "ConnectorError",
    "Count",
    "Direction",
    "Host",
    "Identity",
    "Item",
    "Kind",
    "Limit",
    "OutcomeUnknown",
    "Outgoing",
    "Page",
    "PluginError",
    "Proof",
    "RateLimited",
    "Raw",
    "Receipt",
    "Rejected",
    "Setting",
    "Temporary",
    "Vault",
    "measure",
]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network allows, as far as the desk must know before it asks.

    ``proof`` says how an unknown outcome of ``send`` is settled; ``settle`` is how long after an attempt the
    network's own answer to ``find_sent`` may still be incomplete; ``key_life`` how long a key is remembered.
    ``poll`` is the pace of ``fetch`` while nothing is urgent. ``notice`` is how long the text may be that holds the
    public notice; None where the network has no place for one, and ``publish_notice`` is never called.
    ``private_once``: one private message answers one public one, and no more until the customer writes back;
    ``private_window`` is how long after the customer's message that may be. Both matter only with ``private_reply``.
    """

    public_limit: Limit
    private_limit: Limit
    proof: Proof = Proof.NEITHER
    settle: timedelta = timedelta(seconds=30)
    key_life: timedelta = timedelta(hours=1)
    poll: timedelta = timedelta(seconds=30)
    public_reply: bool = True
    private_reply: bool = False
    notice: Limit | None = None
    private_once: bool = False
    private_window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to ask when an account is added; ``label`` and ``help`` are English message ids, translated by the host.

    A ``secret`` goes to the secret store and is asked for by a hidden prompt, never taken from an argument.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the account turned out to be. ``lacking`` are problem codes of what it may not do."""

    remote_id: str
    handle: str
    name: str = ""
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a brand on the network; ``id`` never changes, ``handle`` and ``name`` may.

    ``robot`` says that the network marks the account as one that no person writes from: it gets no automatic answer.
    ``reach`` is how many follow it, where the network tells that with its messages.
    """

    id: str
    handle: str
    name: str = ""
    robot: bool = False
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """One item as the network gave it; ``payload`` must survive ``json.dumps``.

    ``id`` identifies what it speaks of: the same id with another payload is an edit or a deletion.
    """

    id: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Page:
    """What one ``fetch`` brought: ``cursor`` is stored with the items and given to the next call.

    ``more`` asks to be called again at once. Items may repeat; they should come oldest first. ``lacking`` are problem
    codes of all that the account cannot do now, as in ``Identity``; None says nothing about it.
    """

    items: Sequence[Raw]
    cursor: str
    more: bool = False
    lacking: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One message, understood.

    ``conversation`` is the connector's key for what belongs together and is answered together; ``contact`` is the
    customer of that conversation, also when the brand wrote. ``context`` marks an earlier message given for
    understanding only: it starts no clock and is never answered. ``remote`` is whatever ``send`` will need to
    answer this message (ids, hashes), at most a few strings. ``text`` is raw: the host scrubs it.
    """

    id: str
    conversation: str
    direction: Direction
    at: datetime
    author: Author
    contact: Author
    text: str
    kind: Kind = Kind.OTHER
    private: bool = False
    reply_to: str = ""
    language: str = ""
    url: str = ""
    context: bool = False
    deleted: bool = False
    edited_at: datetime | None = None
    remote: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt to send a reply. Frozen: a repeat brings the same bytes and the same ``key``.

    ``reply_to`` is the ``remote`` of the message answered; ``at`` the moment of the first attempt. ``opens`` marks a
    private message to whoever wrote a public one: it goes to their private conversation, which is opened where there is
    none, and which the receipt names.
    """

    key: str
    conversation: str
    reply_to: Mapping[str, str]
    text: str
    private: bool
    at: datetime
    language: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's word that a reply is there.

    ``remote`` is what ``send`` will need to answer this reply itself, as in ``Item``: the next part of a numbered thread
    does. ``conversation`` is the key of the conversation in which it lies; needed where ``Outgoing.opens``.
    """

    id: str
    url: str = ""
    at: datetime | None = None
    conversation: str = ""
    remote: Mapping[str, str] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Host:
    """What the desk gives to a connector.

    ``options`` are the account's non-secret settings. ``http`` belongs to the host: it follows no redirect to
    another host, ignores proxy variables and is closed by the host.
    """

    account: str
    options: Mapping[str, str]
    vault: Vault
    http: httpx.AsyncClient
    clock: Clock


class Connector(ABC):
    """One account's connection to its network.

    Calls never overlap, except that ``fetch``, sending (``send``, ``find_sent``) and ``publish_notice`` may go on at once.
    """

    contract: ClassVar[int] = CONTRACT
    name: ClassVar[str]
    label: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[tuple[Setting, ...]] = ()

    def __init__(self, host: Host) -> None:
        self.host = host

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what the network allows an account with these settings; no sign-in, no network, no waiting.

        The host asks this, not ``capabilities``, how long an answer may be and whether it may be private. To be
        overridden where that depends on the settings: a server with limits of its own, several networks in one.
        """
        return cls.capabilities

    @abstractmethod
    async def check(self) -> Identity:
        """Sign in if needed and say who we are; raises ``AuthRequired`` with the network's reason."""

    @abstractmethod
    async def fetch(self, cursor: str) -> Page:
        """Return what is new since ``cursor`` (empty at the first call). Must lose nothing; may repeat."""

    @abstractmethod
    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure. Nothing to show gives an empty sequence.

        An exception puts this item, and only this one, into quarantine.
        """

    @abstractmethod
    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one reply. Where it is uncertain whether it was taken, raises ``OutcomeUnknown``."""

    def proof_for(self, outgoing: Outgoing) -> Proof:
        """Say how an unknown outcome of this one reply is settled, where its kind makes a difference."""
        return self.capabilities.proof

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Ask the network whether that reply is there; only called where ``proof_for`` says ``READ_BACK``."""
        raise PluginError(f"{self.name} declares read_back and has no find_sent")

    async def publish_notice(self, words: str | None) -> None:
        """Show these words where the account presents itself to everybody; None takes them away.

        Optional: only called where ``capabilities.notice`` is given. What the owner wrote there must stay as it is, to
        the byte (``connectors.notices`` does that); the same words again change nothing; a call whose outcome was lost is
        repeated. Raises ``Rejected`` where there is no room.
        """
        raise PluginError(f"{self.name} declares a notice and cannot publish it")

    def new_key(self, at: datetime) -> str:
        """Return a key for a new reply, stored before its first attempt."""
        import uuid

        return uuid.uuid4().hex

    async def aclose(self) -> None:
        """Let go of whatever is held, except the host's HTTP client."""
        return
