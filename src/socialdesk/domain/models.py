"""The values that travel between the rooms. All are frozen; all times are aware and in UTC.

Named tuples: as data classes they would add 5 ms to every start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

_NONE: Mapping[str, int] = MappingProxyType({})


class Box(StrEnum):
    """Where a conversation lies on the desk."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


class State(StrEnum):
    """What a row of the queue says of its conversation."""

    WAITING = "waiting"  # open, the customer waits for us
    ANSWERED = "answered"  # open, we wait for the customer
    SNOOZED = "snoozed"
    DONE = "done"


class Direction(StrEnum):
    """Who wrote: ``in`` from the customer's side, ``out`` from the brand's."""

    IN = "in"
    OUT = "out"


class Kind(StrEnum):
    """What a message is on its network."""

    MENTION = "mention"
    REPLY = "reply"
    QUOTE = "quote"
    COMMENT = "comment"
    DIRECT = "direct"
    REVIEW = "review"
    POST = "post"
    CALL = "call"
    VISIT = "visit"
    OTHER = "other"


class Media(StrEnum):
    """What an attachment is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    FILE = "file"
    STICKER = "sticker"
    POLL = "poll"
    PLACE = "place"
    CONTACT = "contact"
    LINK = "link"
    ENCRYPTED = "encrypted"  # something for whose reading another program is needed
    OTHER = "other"


class Act(StrEnum):
    """What can be done to a customer's message besides answering it; ``block`` and ``mute`` concern its author."""

    LIKE = "like"
    HIDE = "hide"
    MUTE = "mute"
    BLOCK = "block"
    REPORT = "report"
    SPAM = "spam"


class ActState(StrEnum):
    """Where something stands that is to be done to a message besides answering it."""

    QUEUED = "queued"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"  # taken back before it left


class Attachment(NamedTuple):
    """What came with a message and is no text; as ``connectors.items.Attachment``, scrubbed.

    ``size`` is in bytes. ``remote`` is what its connector needs to fetch it; empty where there is nothing to fetch.
    """

    media: Media
    name: str = ""
    description: str = ""
    type: str = ""
    size: int | None = None
    remote: Mapping[str, str] = MappingProxyType({})


class Enclosed(NamedTuple):
    """An attachment where it lies; ``number`` counts those of a conversation from 1, the oldest first."""

    number: int
    message_id: int
    at: datetime
    direction: Direction
    handle: str
    name: str
    attachment: Attachment


class Delivery(StrEnum):
    """The life of a reply; the allowed steps are in ``domain.outbox``."""

    QUEUED = "queued"
    AWAITING_APPROVAL = "awaiting_approval"
    SENDING = "sending"
    RETRY_WAIT = "retry_wait"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AccountState(StrEnum):
    """How an account is doing; shown beside its name."""

    NEW = "new"  # never reached yet
    OK = "ok"
    PAUSED = "paused"  # by a person
    OFFLINE = "offline"  # the network cannot be reached
    LIMITED = "limited"  # asked to wait
    AUTH = "auth"  # a person must sign in again
    TROUBLE = "trouble"  # answers we cannot use; tried again
    BROKEN = "broken"  # the plugin is missing or faulty


class Brand(NamedTuple):
    """One small business whose customers are answered here."""

    id: int
    name: str


class Account(NamedTuple):
    """One brand's presence on one network, with how its last contact went.

    ``channel`` is the network as people see it; it differs from ``connector`` where one stands for another (the demo).
    ``options`` are the connector's non-secret settings; secrets live in the secret store, never here.
    ``lacking`` lists what the account cannot do, as problem codes (``dm_not_allowed``).
    """

    id: int
    connector: str
    channel: str
    name: str
    brand_id: int
    brand: str
    handle: str
    options: Mapping[str, str]
    state: AccountState
    problem: str  # a problem code, or ""
    detail: str
    lacking: tuple[str, ...]
    last_success_at: datetime | None
    next_attempt_at: datetime | None
    quarantined: int


class QueueRow(NamedTuple):
    """One conversation as the queue shows it; timers are derived from the two moments, never stored."""

    id: int
    urgency: int
    brand: str
    account: str
    channel: str
    handle: str
    name: str
    state: State
    private: bool
    waiting_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    nudges: int
    messages: int
    language: str  # two letters, or ""
    preview: str
    last_at: datetime
    delivery: Delivery | None  # the newest reply that has not settled, if any
    draft: bool
    situation: str = ""  # the kind of case, one of the policy's
    promise: str = ""  # which promise runs: "first" or "next"
    resolve_by: datetime | None = None  # when the whole case should be solved; changes no urgency
    commit_at: datetime | None = None  # when what we promised next is due; it sorts as a deadline does
    commitment: str = ""  # what we promised
    joined_to: int | None = None  # the public conversation that this private one continues
    answer_until: datetime | None = None  # when the network stops taking an answer
    rating: int | None = None  # the stars of a review, 1 to 5

    @property
    def key(self) -> tuple[int, int]:
        """The row's place in the queue's order."""
        return (self.urgency, self.id)


class QueueWindow(NamedTuple):
    """A run of consecutive rows of a view: ``rows[0]`` is row number ``first`` of ``total``."""

    first: int
    total: int
    rows: tuple[QueueRow, ...]


class Seek(NamedTuple):
    """Which run of rows is wanted: from an end of the view, beside a row's key (excluded), or centred on it.

    The key's row need not exist any more.
    """

    where: Literal["top", "bottom", "after", "before", "around"] = "top"
    key: tuple[int, int] | None = None


class Counts(NamedTuple):
    """How many conversations lie where; ``late`` is part of ``waiting``, ``snoozed_late`` of ``snoozed``.

    Those to whom we owe what we promised count as waiting.
    """

    waiting: int = 0
    late: int = 0
    answered: int = 0
    snoozed: int = 0
    done: int = 0
    unsettled: int = 0  # replies that need a person
    brands: Mapping[str, int] = _NONE  # name -> waiting
    channels: Mapping[str, int] = _NONE  # connector -> waiting
    snoozed_late: int = 0


class Acted(NamedTuple):
    """Something that was done to a customer's message besides answering it, or with ``undo`` taken back, or will be.

    ``leaves_at`` is the end of the hold, or the next attempt; ``done_at`` when the network had it, or it was given up.
    """

    id: int
    message_id: int
    conversation_id: int
    act: Act
    undo: bool
    state: ActState
    reason: str  # a problem code
    detail: str
    agent: str
    at: datetime
    leaves_at: datetime | None
    done_at: datetime | None


class ThreadMessage(NamedTuple):
    """One line of a conversation: a message received or sent, or a reply still on its way.

    ``delivery`` is None for what the network itself gave us; otherwise ``outbox_id`` names the reply.
    """

    id: int
    remote_id: str
    direction: Direction
    at: datetime
    handle: str
    name: str
    text: str
    kind: Kind
    private: bool
    url: str = ""
    reply_to: str = ""
    context: bool = False  # shown for understanding, started no clock
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    delivery: Delivery | None = None
    outbox_id: int | None = None
    leaves_at: datetime | None = None  # end of the hold, or the next attempt
    reason: str = ""  # a problem code
    detail: str = ""
    automatic: bool = False  # nobody wrote it, and it answers nothing
    scheduled: bool = False  # a person chose when it leaves
    approval: str = ""  # "person": a second one must agree; "cool_down": held for reflection
    after_id: int | None = None  # the reply that it follows, as a part of a numbered thread
    agent: str = ""  # who wrote the reply
    title: str = ""  # stands above the text: a subject, a warning
    attachments: tuple[Attachment, ...] = ()
    acts: tuple[Acted, ...] = ()  # of each kind the newest that is worth a word
    rating: int | None = None  # a review's stars, 1 to 5


class Seen(NamedTuple):
    """How far a conversation had come when somebody read it: what is beyond that, they have not seen."""

    reply: int  # the number of its newest reply from this desk, or 0
    heard: int  # how many messages of the customer
    told: int  # how many messages of the brand that no reply from this desk has become


class Thread(NamedTuple):
    """A conversation, oldest message first; ``older`` says that more lies before ``messages[0]``.

    ``joined`` are the private conversations that continue it.
    """

    row: QueueRow
    messages: tuple[ThreadMessage, ...]
    older: bool
    draft: str
    seen: Seen
    joined: tuple[int, ...] = ()


class OutboxItem(NamedTuple):
    """One reply and where it stands.

    ``approval`` is "person" where a second one must agree, "cool_down" where it was held for reflection.
    """

    id: int
    conversation_id: int
    account_id: int
    account: str
    state: Delivery
    text: str
    private: bool
    key: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    reason: str
    detail: str
    url: str
    sent_at: datetime | None
    agent: str = ""
    approval: str = ""
    scheduled: bool = False  # a person chose when it leaves
    after_id: int | None = None  # the reply that it follows, as a part of a numbered thread
    public_of: int | None = None  # the private message that must be there before this public line leaves


class SearchHit(NamedTuple):
    """A message found by its words; ``state`` is that of its conversation."""

    message_id: int
    conversation_id: int
    at: datetime
    brand: str
    channel: str
    handle: str
    name: str
    direction: Direction
    text: str
    state: State


class View(NamedTuple):
    """A saved way to look at the queue. ``late`` keeps the overdue only."""

    name: str
    box: Box = Box.OPEN
    late: bool = False
    waiting_only: bool = False
    brand: str | None = None
    channel: str | None = None


class Undo(NamedTuple):
    """How a conversation lay before a person moved it.

    ``what`` names the move: resolve, no_reply, snooze, reopen, situation.
    """

    conversation_id: int
    what: str
    box: Box
    snoozed_until: datetime | None
    settled_at: datetime | None
    settled_as: str
    situation: str = ""
    situation_by: str = ""


class Quarantined(NamedTuple):
    """An item that could not be understood, kept as the network gave it (``payload``, JSON)."""

    account: str
    remote_id: str
    error: str
    received_at: datetime
    payload: str


class ImportReport(NamedTuple):
    """What came of an import; ``skipped`` are line numbers, from 1, with the reason."""

    read: int
    added: int
    skipped: tuple[tuple[int, str], ...]
