"""The desk's tables. Migrations create them; a test keeps the two alike.

Times are whole milliseconds since 1970 in UTC, so that SQLite orders them and an index serves them; the columns
ending in ``_at``, and ``waiting_since``, are such times. Repositories turn rows into the frozen values of
``domain.models``: no live row leaves this package.
"""

# No ``from __future__ import annotations`` here: SQLModel reads the annotations themselves.
from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

# Only an INTEGER primary key is SQLite's own row number, which the full-text index speaks of.
_ID = BigInteger().with_variant(Integer(), "sqlite")


def _time(*, null: bool = False) -> Column:  # type: ignore[type-arg]
    return Column(BigInteger, nullable=null)


class BrandRow(SQLModel, table=True):
    """A small business."""

    __tablename__ = "brand"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created_at: int = Field(sa_column=_time())


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
    last_success_at: int | None = Field(default=None, sa_column=_time(null=True))
    next_attempt_at: int | None = Field(default=None, sa_column=_time(null=True))
    created_at: int = Field(sa_column=_time())
    removed_at: int | None = Field(default=None, sa_column=_time(null=True))


class ContactRow(SQLModel, table=True):
    """A customer as one account's network knows them."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("account_id", "remote_id"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    remote_id: str
    handle: str
    name: str


class ConversationRow(SQLModel, table=True):
    """What one customer and one account write to each other in one place.

    ``urgency`` is ``domain.priority.urgency``; the wait columns are ``domain.waiting.wait_of`` of its messages.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_key"),
        Index("ix_conversation_box", "box", "urgency", "id"),
        Index("ix_conversation_brand", "brand_id", "box", "urgency", "id"),
        Index("ix_conversation_channel", "channel", "box", "urgency", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    brand_id: int = Field(foreign_key="brand.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)
    remote_key: str
    channel: str
    private: bool
    box: str
    urgency: int = Field(sa_column=_time())
    waiting_since: int | None = Field(default=None, sa_column=_time(null=True))
    due_at: int | None = Field(default=None, sa_column=_time(null=True))
    snoozed_until: int | None = Field(default=None, sa_column=_time(null=True))
    settled_at: int | None = Field(default=None, sa_column=_time(null=True))
    settled_as: str = ""  # "resolved" | "no_reply"
    nudges: int = 0
    messages: int = 0
    language: str = ""
    preview: str = ""
    last_at: int = Field(sa_column=_time())
    created_at: int = Field(sa_column=_time())


class MessageRow(SQLModel, table=True):
    """One message; ``id`` is ``storage.ids.message_id``: it grows with ``at``, so the newest has the largest id.

    ``text`` is the scrubbed copy that is shown; the item as received is in ``raw_item``. ``known_at`` is when this
    desk first had it (for a reply sent from here: when it left). ``remote`` is JSON.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index("ix_message_thread", "conversation_id", "id"),
    )
    id: int = Field(sa_column=Column(_ID, primary_key=True, autoincrement=False))
    conversation_id: int = Field(foreign_key="conversation.id")
    account_id: int = Field(foreign_key="account.id")
    remote_id: str
    direction: str
    at: int = Field(sa_column=_time())
    known_at: int = Field(sa_column=_time())
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
    edited_at: int | None = Field(default=None, sa_column=_time(null=True))
    deleted_at: int | None = Field(default=None, sa_column=_time(null=True))


class MessageVersionRow(SQLModel, table=True):
    """What a message said before it was edited or deleted."""

    __tablename__ = "message_version"
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    replaced_at: int = Field(sa_column=_time())


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
    received_at: int = Field(sa_column=_time())


class DraftRow(SQLModel, table=True):
    """The unfinished answer of a conversation."""

    __tablename__ = "draft"
    conversation_id: int = Field(primary_key=True, foreign_key="conversation.id")
    text: str = Field(sa_column=Column(Text, nullable=False))
    updated_at: int = Field(sa_column=_time())


class OutboxRow(SQLModel, table=True):
    """One reply; ``state`` moves along ``domain.outbox.STEPS`` only.

    ``next_attempt_at`` is the end of the hold, the scheduled time or the next try; ``first_attempt_at`` the
    moment its bytes were frozen; ``attempt_at`` when the current attempt began.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state", "state", "account_id", "next_attempt_at"),
        Index("ix_outbox_conversation", "conversation_id", "id"),
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
    created_at: int = Field(sa_column=_time())
    next_attempt_at: int | None = Field(default=None, sa_column=_time(null=True))
    first_attempt_at: int | None = Field(default=None, sa_column=_time(null=True))
    attempt_at: int | None = Field(default=None, sa_column=_time(null=True))
    sent_at: int | None = Field(default=None, sa_column=_time(null=True))
