"""The tables of answering well: commitments, approvals, what was overruled and used, protocols. As ``tables``."""

# No ``from __future__ import annotations`` here: SQLModel reads the annotations themselves.
from sqlalchemy import Column, Index, Text
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from socialdesk.storage import tables as tables
from socialdesk.storage.columns import long, time, word


class CommitmentRow(SQLModel, table=True):
    """A promise of ours to do something, due at a moment.

    ``made_at`` is when the reply that holds it left, None while it has not. ``outcome`` says how it ended at
    ``kept_at``: "kept", "cancelled", or "resolved" with its conversation; "" is open. ``warn_at`` as a conversation's.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        Index("ix_commitment_conversation", "conversation_id"),
        Index("ix_commitment_outbox", "outbox_id", sqlite_where=sql("outbox_id IS NOT NULL")),
        Index("ix_commitment_warn", "warn_at", sqlite_where=sql("warn_at IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id")
    text: str = Field(sa_column=Column(Text, nullable=False))
    due_at: int = Field(sa_column=time())
    made_at: int | None = Field(default=None, sa_column=time(null=True))
    agent: str = Field(default="", sa_column=word())
    kept_at: int | None = Field(default=None, sa_column=time(null=True))
    outcome: str = Field(default="", sa_column=word())
    warn_at: int | None = Field(default=None, sa_column=time(null=True))


class ApprovalRow(SQLModel, table=True):
    """What a second person said of a reply: ``verdict`` is "approved", "changed" or "refused"."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_outbox", "outbox_id"),)
    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox.id")
    agent: str = Field(default="", sa_column=word())
    at: int = Field(sa_column=time())
    verdict: str
    before: str = Field(default="", sa_column=long())
    after: str = Field(default="", sa_column=long())
    note: str = Field(default="", sa_column=long())


class OverruleRow(SQLModel, table=True):
    """A finding of the check that an agent overruled, with the reason given."""

    __tablename__ = "overrule"
    __table_args__ = (Index("ix_overrule_conversation", "conversation_id"),)
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id")
    family: str
    rule: str = Field(default="", sa_column=word())
    excerpt: str = Field(default="", sa_column=long())
    reason: str = Field(default="", sa_column=long())
    agent: str = Field(default="", sa_column=word())
    at: int = Field(sa_column=time())


class CannedUseRow(SQLModel, table=True):
    """A use of the canned reply of that id."""

    __tablename__ = "canned_use"
    __table_args__ = (Index("ix_canned_use_brand", "brand", "reply", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    reply: str
    brand: str = Field(default="", sa_column=word())
    conversation_id: int = Field(foreign_key="conversation.id")
    agent: str = Field(default="", sa_column=word())
    at: int = Field(sa_column=time())


class ProtocolRunRow(SQLModel, table=True):
    """A protocol being followed in a conversation; ``started_by`` is "agent" or "rule"."""

    __tablename__ = "protocol_run"
    __table_args__ = (Index("ix_protocol_run_conversation", "conversation_id"),)
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    protocol: str
    started_by: str
    agent: str = Field(default="", sa_column=word())
    started_at: int = Field(sa_column=time())
    ended_at: int | None = Field(default=None, sa_column=time(null=True))


class ProtocolTickRow(SQLModel, table=True):
    """A step of a protocol that was done; steps count from 0."""

    __tablename__ = "protocol_tick"
    run_id: int = Field(primary_key=True, foreign_key="protocol_run.id")
    step: int = Field(primary_key=True)
    agent: str = Field(default="", sa_column=word())
    at: int = Field(sa_column=time())
