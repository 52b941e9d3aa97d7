"""What a connector is: version 1 of the contract between socialdesk and a network's plugin.

A connector is a class named by an entry point in the group ``socialdesk.connectors``. It fetches raw items, turns
each into ``Item``s and sends replies. It needs this module, an HTTP client that the host gives it, and nothing else
of socialdesk, or a library of its own for what does not speak HTTP. Everything here is standard library. Errors to raise: ``AuthRequired``, ``RateLimited``,
``Temporary``, ``Rejected``, ``OutcomeUnknown``; anything else is the plugin's own fault and pauses its account.

Times are aware and in UTC. Ids are opaque strings, unique within one account.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from socialdesk.connectors.hosting import Dial, Dialog, Host, Vault, may_reach
from socialdesk.connectors.items import Attachment, Author, Item, Outgoing, Page, Raw, Receipt
from socialdesk.connectors.metering import Period, Purse, Tariff, charged
from socialdesk.domain.counting import Limit
from socialdesk.domain.measuring import Count, measure
from socialdesk.domain.models import Act, Direction, Kind, Media
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

CONTRACT = 1

__all__ = [
    "CONTRACT",
    "N_",
    "Act",
    "Attachment",
    "AuthRequired",
    "Author",
    "Capabilities",
    "Connector",
    "ConnectorError",
    "Count",
    "Dial",
    "Dialog",
    "Direction",
    "Host",
    "Identity",
    "Item",
    "Kind",
    "Limit",
    "Media",
    "OutcomeUnknown",
    "Outgoing",
    "Page",
    "Period",
    "PluginError",
    "Proof",
    "Purse",
    "RateLimited",
    "Raw",
    "Receipt",
    "Rejected",
    "Setting",
    "Tariff",
    "Temporary",
    "Vault",
    "charged",
    "may_reach",
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
    ``acts`` are what else can be done to a customer's message, ``undoable`` those that can be taken back.
    ``push``: ``listen`` tells of news at once; ``fetch`` is then called every ``listening_poll`` only, as long as it listens.
    ``revisit`` is how often messages of customers who wait are looked at again for edits and deletions, where the
    network's list of news does not tell of them. ``downloads``: attachments can be fetched.
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
    acts: frozenset[Act] = frozenset()
    undoable: frozenset[Act] = frozenset()
    push: bool = False
    listening_poll: timedelta = timedelta(minutes=5)
    revisit: timedelta | None = None
    downloads: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to ask when an account is added; ``label`` and ``help`` are English message ids, translated by the host.

    A ``secret`` goes to the secret store and is asked for by a hidden prompt, never taken from an argument. It is asked for
    only where that named by ``instead_of`` was not given, and that named by ``only_with`` was.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    instead_of: str = ""
    only_with: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the account turned out to be.

    ``lacking`` are problem codes of what it may not do. ``learned`` is what its server said of itself and ``limits``
    needs (how long a post may be): the host keeps it and gives it back among the options.
    """

    remote_id: str
    handle: str
    name: str = ""
    lacking: tuple[str, ...] = ()
    learned: Mapping[str, str] = field(default_factory=dict)


class Connector(ABC):
    """One account's connection to its network.

    Calls never overlap, except that ``fetch`` (with ``revisit``), sending (``send``, ``find_sent``, ``act``), ``listen``,
    ``download`` and ``publish_notice`` may go on at once.
    """

    contract: ClassVar[int] = CONTRACT
    name: ClassVar[str]
    label: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[tuple[Setting, ...]] = ()
    signs_in: ClassVar[bool] = False
    """Whether leave to use an account can be had by a conversation with the person: ``sign_in``."""

    def __init__(self, host: Host) -> None:
        self.host = host

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what the network allows an account with these settings; no sign-in, no network, no waiting.

        The host asks this, not ``capabilities``, how long an answer may be and whether it may be private. To be
        overridden where that depends on the settings: a server with limits of its own, several networks in one.
        """
        return cls.capabilities

    @classmethod
    def tariff(cls, options: Mapping[str, str]) -> Tariff | None:
        """Return what an account with these settings may spend, where the network charges for calls or counts them by the day."""
        return None

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the hosts that an account with these settings may reach; the host refuses all others.

        "forum.example" is that host, "*.forum.example" every one below it, "*" any public one: for networks whose
        servers are only found on the way. A stranger's address in a message is never among them.
        """
        return ("*",)

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Get leave to use the account: show an address, ask for the code that stands there; returns the secrets it got.

        Optional: called once, before ``check``, where ``signs_in`` is set and the person has given none of the secret
        settings, which must not be ``required`` then. The secrets are named as those settings; the host keeps them where
        the person wants and gives them back by the vault. Raises ``AuthRequired`` with the network's reason.
        """
        raise PluginError(f"{self.name} declares a sign-in and has none")

    @abstractmethod
    async def check(self) -> Identity:
        """Sign in if needed and say who we are; raises ``AuthRequired`` with the network's reason."""

    @abstractmethod
    async def fetch(self, cursor: str) -> Page:
        """Return what is new since ``cursor`` (empty at the first call). Must lose nothing; may repeat."""

    async def listen(self, news: Callable[[], None]) -> None:
        """Stay connected and call ``news`` whenever ``fetch`` may bring something, first as soon as it listens.

        Optional: only called where ``capabilities.push`` is set. Ends, by returning or raising, when the connection does;
        the host fetches at its usual pace meanwhile and calls again after a pause.
        """
        raise PluginError(f"{self.name} declares push and cannot listen")

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Return those of these that were edited or deleted since: the same ids, other payloads.

        Optional: only called where ``capabilities.revisit`` is given, with at most 100 raw items as they are stored.
        """
        raise PluginError(f"{self.name} declares revisit and cannot look again")

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return an attachment by its ``remote``; raises ``Rejected`` ("too_large") beyond ``most`` bytes.

        Optional: only called where ``capabilities.downloads`` is set.
        """
        raise PluginError(f"{self.name} declares downloads and has none")

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

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Do to the message with this ``remote``, or to its author, what ``act`` says, or take it back.

        Optional: only called with members of ``capabilities.acts`` (with ``undo``: of ``undoable``). The same again
        changes nothing; a call whose outcome was lost is repeated, except ``REPORT`` and ``SPAM``, which may be reports, too.
        """
        raise PluginError(f"{self.name} declares {act} and cannot do it")

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
