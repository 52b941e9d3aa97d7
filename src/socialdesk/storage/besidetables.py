"""The tables of what is more than text: attachments, and what was done to messages besides answering. As ``tables``."""

# No ``from __future__ import annotations`` here: SQLModel reads the annotations themselves.
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from socialdesk.storage import tables as tables
from socialdesk.storage.columns import flag, long, time, word


class AttachmentRow(SQLModel, table=True):
    """What came with a message and is no text, as ``domain.models.Attachment``; ``remote`` is JSON."""

    __tablename__ = "attachment"
    message_id: int = Field(sa_column=Column(BigInteger, ForeignKey("message.id"), primary_key=True))
    position: int = Field(primary_key=True)
    media: str
    name: str = Field(default="", sa_column=word())
    description: str = Field(default="", sa_column=long())
    type: str = Field(default="", sa_column=word())
    size: int | None = Field(default=None, sa_column=time(null=True))
    remote: str = Field(default="{}", sa_column=Column(Text, nullable=False, server_default="{}"))


class ActRow(SQLModel, table=True):
    """One thing done to a customer's message, or with ``undo`` taken back again; ``domain.acts`` has its states.

    ``at`` is when a person asked for it, ``due_at`` when it leaves or is tried again, ``done_at`` when the network had
    it or it was given up.
    """

    __tablename__ = "act"
    __table_args__ = (
        Index("ix_act_state", "state", "account_id", "due_at"),
        Index("ix_act_conversation", "conversation_id", "id"),
        Index("ix_act_message", "message_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    message_id: int = Field(sa_column=Column(BigInteger, ForeignKey("message.id"), nullable=False))
    act: str
    undo: bool = Field(default=False, sa_column=flag())
    state: str
    reason: str = Field(default="", sa_column=word())
    detail: str = Field(default="", sa_column=word())
    agent: str = Field(default="", sa_column=word())
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default=sql("0")))
    at: int = Field(sa_column=time())
    due_at: int | None = Field(default=None, sa_column=time(null=True))
    done_at: int | None = Field(default=None, sa_column=time(null=True))
