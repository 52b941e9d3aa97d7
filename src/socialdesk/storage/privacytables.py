"""The tables of privacy: who did what, what is blocked, and how far the ledger was applied. As ``tables``."""

# No ``from __future__ import annotations`` here: SQLModel reads the annotations themselves.
from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel

from socialdesk.storage.columns import time, word


class AuditRow(SQLModel, table=True):
    """One thing that somebody did; triggers refuse every change of a row and every deletion.

    ``what`` is one of ``domain.privacy.Deed``. ``subject`` names what was done to without naming a customer, ``detail`` says
    more of it; neither holds a word of what anybody wrote. ``agent`` is "" where the desk did it by itself.
    """

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_column=time())
    what: str
    agent: str = Field(default="", sa_column=word())
    brand: str = Field(default="", sa_column=word())
    subject: str = Field(default="", sa_column=word())
    detail: str = Field(default="", sa_column=word())
    conversation_id: int | None = None


class BlockedRow(SQLModel, table=True):
    """What is kept of a person for judges and authorities alone, until ``destroy_at``; nothing else reads it.

    ``who`` is as in ``storage.ledger``, ``reason`` "asked" or "retention", ``content`` the rows as JSON.
    """

    __tablename__ = "blocked"
    __table_args__ = (Index("ix_blocked_destroy", "destroy_at"),)
    id: int | None = Field(default=None, primary_key=True)
    who: str = Field(default="", sa_column=word())
    brand: str = Field(default="", sa_column=word())
    reason: str = Field(default="", sa_column=word())
    at: int = Field(sa_column=time())
    destroy_at: int = Field(sa_column=time())
    content: str = Field(sa_column=Column(Text, nullable=False))


class LedgerMarkRow(SQLModel, table=True):
    """Row 1: how many bytes of the ledger of erasures this desk file has carried out.

    Row 2 is there while bytes of what was destroyed are left, so that a crash does not let them lie: 1, or one more than
    the copies in which alone they may be left, because their key was not at hand. Row 3: when this
    file was put in the desk's place from a backup, in milliseconds since 1970; row 4: when the terms were last looked after.
    """

    __tablename__ = "ledger_mark"
    id: int | None = Field(default=None, primary_key=True)
    applied: int = Field(sa_column=Column(BigInteger, nullable=False))
