"""The desk's tables. Migrations create them; a test keeps the two alike.

Times are whole milliseconds since 1970 in UTC, so that SQLite orders them and an index serves them; the columns
ending in ``_at``, and ``waiting_since``, are such times. Repositories turn rows into the frozen values of
``domain.models``: no live row leaves this package.
"""

# No ``from __future__ import annotations`` here: SQLModel reads the annotations themselves.
from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from socialdesk.storage.columns import ID, flag, long, time, word


class BrandRow(SQLModel, table=True):
    """A small business."""

    __tablename__ = "brand"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created_at: int = Field(sa_column=time())


class AccountRow(SQLModel, table=True):
    """A brand's presence on a network; ``options`` and ``lacking`` are JSON; ``secrets`` says where each secret lives.

    A removed account (``removed_at``) keeps its row, and is paused, for the sake of its conversations.
    """

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    connector: str
    channel: str
    name: str = Field(unique=True)
    brand_id: int = Field(foreign_key="brand.id")
    remote_id: str = ""
    handle: str = ""
    options: str = "{}"
    secrets: str = "{}"
    paused: bool = False
    state: str = "new"
    problem: str = ""
    detail: str = ""
    lacking: str = "[]"
    cursor: str = Field(default="", sa_column=Column(Text, nullable=False))
    failures: int = 0
    last_success_at: int | None = Field(default=None, sa_column=time(null=True))
    next_attempt_at: int | None = Field(default=None, sa_column=time(null=True))
    created_at: int = Field(sa_column=time())
    removed_at: int | None = Field(default=None, sa_column=time(null=True))


class ContactRow(SQLModel, table=True):
    """A customer as one account's network knows them; ``tags`` are a person's words for them, comma separated."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("account_id", "remote_id"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    remote_id: str
    handle: str
    name: str
    tags: str = Field(default="", sa_column=word())
    reach: int | None = None  # how many follow them, where the network tells


class ConversationRow(SQLModel, table=True):
    """What one customer and one account write to each other in one place.

    ``urgency`` is ``domain.priority.urgency``; the wait columns are ``domain.waiting.wait_of`` of its messages.
    ``situation`` is one of the policy's, chosen by ``situation_by`` ("agent" or "rule"); ``promise`` says which one
    runs, "first" or "next"; ``began_at`` is the first message of the case, ``resolve_by`` when it should be solved;
    ``warn_at`` is when a warning of the coming breach is to be given next. ``commit_at`` is when the earliest open
    commitment is due; ``joined_to`` the public conversation that a private one continues. ``answer_until`` and ``rating`` are those of
    the customer's messages: the latest end, the newest stars.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_key"),
        Index("ix_conversation_box", "box", "urgency", "id"),
        Index("ix_conversation_brand", "brand_id", "box", "urgency", "id"),
        Index("ix_conversation_channel", "channel", "box", "urgency", "id"),
        Index("ix_conversation_warn", "warn_at", "due_at", sqlite_where=sql("warn_at IS NOT NULL")),
        Index("ix_conversation_joined", "joined_to", sqlite_where=sql("joined_to IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    brand_id: int = Field(foreign_key="brand.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)
    remote_key: str
    channel: str
    private: bool
    box: str
    urgency: int = Field(sa_column=time())
    waiting_since: int | None = Field(default=None, sa_column=time(null=True))
    due_at: int | None = Field(default=None, sa_column=time(null=True))
    snoozed_until: int | None = Field(default=None, sa_column=time(null=True))
    settled_at: int | None = Field(default=None, sa_column=time(null=True))
    settled_as: str = ""  # "resolved" | "no_reply"
    nudges: int = 0
    messages: int = 0
    language: str = ""
    preview: str = ""
    last_at: int = Field(sa_column=time())
    created_at: int = Field(sa_column=time())
    situation: str = Field(default="", sa_column=word())
    situation_by: str = Field(default="", sa_column=word())
    promise: str = Field(default="", sa_column=word())
    began_at: int | None = Field(default=None, sa_column=time(null=True))
    resolve_by: int | None = Field(default=None, sa_column=time(null=True))
    warn_at: int | None = Field(default=None, sa_column=time(null=True))
    commit_at: int | None = Field(default=None, sa_column=time(null=True))
    joined_to: int | None = None
    answer_until: int | None = Field(default=None, sa_column=time(null=True))
    rating: int | None = None


class MessageRow(SQLModel, table=True):
    """One message; ``id`` is ``storage.ids.message_id``: it grows with ``at``, so the newest has the largest id.

    ``text`` is the scrubbed copy that is shown; the item as received is in ``raw_item``. ``answer_until`` is when the network stops
    taking an answer, ``rating`` a review's stars. ``known_at`` is when this
    desk first had it (for a reply sent from here: when it left). ``remote`` is JSON. ``automatic`` is an
    acknowledgement that nobody wrote: it answers nothing and stops no clock. ``title`` stands above the text.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index("ix_message_thread", "conversation_id", "id"),
    )
    id: int = Field(sa_column=Column(ID, primary_key=True, autoincrement=False))
    conversation_id: int = Field(foreign_key="conversation.id")
    account_id: int = Field(foreign_key="account.id")
    remote_id: str
    direction: str
    at: int = Field(sa_column=time())
    known_at: int = Field(sa_column=time())
    handle: str
    name: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    kind: str
    private: bool
    context: bool = False
    from_desk: bool = False
    reply_to: str = ""
    url: str = ""
    agent: str = ""
    remote: str = "{}"
    edited_at: int | None = Field(default=None, sa_column=time(null=True))
    deleted_at: int | None = Field(default=None, sa_column=time(null=True))
    automatic: bool = Field(default=False, sa_column=flag())
    title: str = Field(default="", sa_column=long())
    answer_until: int | None = Field(default=None, sa_column=time(null=True))
    rating: int | None = None


class MessageVersionRow(SQLModel, table=True):
    """What a message said before it was edited or deleted."""

    __tablename__ = "message_version"
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    replaced_at: int = Field(sa_column=time())
    title: str = Field(default="", sa_column=long())


class RawItemRow(SQLModel, table=True):
    """An item as the network gave it (JSON). ``error`` set: in quarantine, with the reason."""

    __tablename__ = "raw_item"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index("ix_raw_item_state", "account_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    remote_id: str
    payload: str = Field(sa_column=Column(Text, nullable=False))
    state: str  # "stored" | "parsed" | "quarantined"
    error: str = ""
    parsed_by: str = ""  # the socialdesk version that tried last
    received_at: int = Field(sa_column=time())


class DraftRow(SQLModel, table=True):
    """The unfinished answer of a conversation."""

    __tablename__ = "draft"
    conversation_id: int = Field(primary_key=True, foreign_key="conversation.id")
    text: str = Field(sa_column=Column(Text, nullable=False))
    updated_at: int = Field(sa_column=time())


class OutboxRow(SQLModel, table=True):
    """One reply; ``state`` moves along ``domain.outbox.STEPS`` only.

    ``next_attempt_at`` is the end of the hold, the scheduled time or the next try; ``first_attempt_at`` the
    moment its bytes were frozen; ``attempt_at`` when the current attempt began. ``approval`` says whose: "", "person"
    or "cool_down"; ``scheduled`` that a person chose the time. ``after_id`` is the part of a numbered thread that this
    one follows, and ``whole`` the text before it was split, on the first part. A private message that ``opens`` goes to
    the conversation that it opens; ``public_of`` is the private message whose public line this is.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state", "state", "account_id", "next_attempt_at"),
        Index("ix_outbox_conversation", "conversation_id", "id"),
        Index("ix_outbox_after", "after_id", sqlite_where=sql("after_id IS NOT NULL")),
        Index("ix_outbox_public", "public_of", sqlite_where=sql("public_of IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    account_id: int = Field(foreign_key="account.id")
    reply_to: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))  # message.id
    text: str = Field(sa_column=Column(Text, nullable=False))
    private: bool
    state: str
    key: str = ""
    attempts: int = 0
    agent: str = ""
    reason: str = ""
    detail: str = ""
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    url: str = ""
    created_at: int = Field(sa_column=time())
    next_attempt_at: int | None = Field(default=None, sa_column=time(null=True))
    first_attempt_at: int | None = Field(default=None, sa_column=time(null=True))
    attempt_at: int | None = Field(default=None, sa_column=time(null=True))
    sent_at: int | None = Field(default=None, sa_column=time(null=True))
    automatic: bool = Field(default=False, sa_column=flag())
    approval: str = Field(default="", sa_column=word())
    scheduled: bool = Field(default=False, sa_column=flag())
    opens: bool = Field(default=False, sa_column=flag())
    whole: str = Field(default="", sa_column=long())
    after_id: int | None = None
    public_of: int | None = None


class PolicyRow(SQLModel, table=True):
    """A policy that was adopted; the last one is in force.

    ``text`` is the policy ready for use, ``spec`` what was written in the settings; both as in ``calendars.spec``.
    """

    __tablename__ = "policy"
    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    spec: str = Field(sa_column=Column(Text, nullable=False))
    adopted_at: int = Field(sa_column=time())


class WarningRow(SQLModel, table=True):
    """A warning before the breach that was given: ``share`` of the promise made at ``since`` had passed."""

    __tablename__ = "warning"
    __table_args__ = (UniqueConstraint("conversation_id", "since", "share"),)
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    since: int = Field(sa_column=time())
    share: float
    at: int = Field(sa_column=time())


class AcknowledgementRow(SQLModel, table=True):
    """An automatic acknowledgement: one a conversation and closure of the business."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("conversation_id", "closure_at"),)
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    closure_at: int = Field(sa_column=time())
    at: int = Field(sa_column=time())


class ClockNoticeRow(SQLModel, table=True):
    """What the public wait clock said on an account, in whole seconds, or why it could not."""

    __tablename__ = "clock_notice"
    __table_args__ = (Index("ix_clock_notice_account", "account_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    at: int = Field(sa_column=time())
    words: str = Field(sa_column=Column(Text, nullable=False))
    low: int
    expected: int
    high: int
    waiting: int
    published: bool = Field(default=False, sa_column=flag())
    error: str = Field(default="", sa_column=word())


class ClockPromiseRow(SQLModel, table=True):
    """What the wait clock expected at a moment, in whole seconds, to be compared with what then happened."""

    __tablename__ = "clock_promise"
    __table_args__ = (Index("ix_clock_promise_at", "brand", "channel", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    brand: str = Field(default="", sa_column=word())
    channel: str = Field(default="", sa_column=word())
    at: int = Field(sa_column=time())
    low: int
    expected: int
    high: int


class AllowanceRow(SQLModel, table=True):
    """What an account may spend at a network that charges (``domain.spending.Allowance``); ``pause`` is in whole seconds."""

    __tablename__ = "allowance"
    account_id: int | None = Field(default=None, primary_key=True, foreign_key="account.id")
    amount: int = Field(sa_column=time())
    monthly: bool
    zone: str
    euros: float
    look: int = Field(sa_column=time())
    pause: int


class SpendingRow(SQLModel, table=True):
    """What a day cost an account; ``day`` is a date in the allowance's zone, as ISO 8601 writes it."""

    __tablename__ = "spending"
    account_id: int | None = Field(default=None, primary_key=True, foreign_key="account.id")
    day: str = Field(primary_key=True)
    reading: int = Field(sa_column=time())
    answering: int = Field(sa_column=time())
