"""Answering well: commitments, approval, numbered threads, private conversations, what was overruled, protocols."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LONGEST_UNDO = 3_600_000
"""Milliseconds: what was to leave later than the undo window ever allowed had been scheduled."""


def upgrade() -> None:
    """Add what answering well needs; every row that is there keeps what it says."""
    _conversations()
    _outbox()
    _commitments()
    _approvals()
    _habits()
    _protocols()


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _time(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _whole(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("0"))


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def _conversations() -> None:
    op.add_column("conversation", _time("commit_at", null=True))
    op.add_column("conversation", _whole("joined_to", null=True))
    op.create_index(
        "ix_conversation_joined", "conversation", ["joined_to"], sqlite_where=sa.text("joined_to IS NOT NULL")
    )
    op.add_column("contact", _whole("reach", null=True))


def _outbox() -> None:
    for column in (_word("approval"), _flag("scheduled"), _flag("opens"), _text("whole")):
        op.add_column("outbox", column)
    for name in ("after_id", "public_of"):
        op.add_column("outbox", _whole(name, null=True))
        index = f"ix_outbox_{name.partition('_')[0]}"
        op.create_index(index, "outbox", [name], sqlite_where=sa.text(f"{name} IS NOT NULL"))
    op.execute(
        "UPDATE outbox SET scheduled = 1 WHERE state = 'queued'"  # noqa: S608 - a constant
        f" AND next_attempt_at - created_at > {_LONGEST_UNDO}"
    )


def _commitments() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("conversation_id"),
        _whole("outbox_id", null=True),
        sa.Column("text", sa.Text(), nullable=False),
        _time("due_at"),
        _time("made_at", null=True),
        _word("agent"),
        _time("kept_at", null=True),
        _word("outcome"),
        _time("warn_at", null=True),
        _of("conversation", "conversation_id"),
        _of("outbox", "outbox_id"),
    )
    op.create_index("ix_commitment_conversation", "commitment", ["conversation_id"])
    op.create_index(
        "ix_commitment_outbox", "commitment", ["outbox_id"], sqlite_where=sa.text("outbox_id IS NOT NULL")
    )
    op.create_index(
        "ix_commitment_warn", "commitment", ["warn_at"], sqlite_where=sa.text("warn_at IS NOT NULL")
    )


def _approvals() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("outbox_id"),
        _word("agent"),
        _time("at"),
        sa.Column("verdict", sa.String(), nullable=False),
        _text("before"),
        _text("after"),
        _text("note"),
        _of("outbox", "outbox_id"),
    )
    op.create_index("ix_approval_outbox", "approval", ["outbox_id"])


def _habits() -> None:
    op.create_table(
        "overrule",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("conversation_id"),
        _whole("outbox_id", null=True),
        sa.Column("family", sa.String(), nullable=False),
        _word("rule"),
        _text("excerpt"),
        _text("reason"),
        _word("agent"),
        _time("at"),
        _of("conversation", "conversation_id"),
        _of("outbox", "outbox_id"),
    )
    op.create_index("ix_overrule_conversation", "overrule", ["conversation_id"])
    op.create_table(
        "canned_use",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reply", sa.String(), nullable=False),
        _word("brand"),
        _whole("conversation_id"),
        _word("agent"),
        _time("at"),
        _of("conversation", "conversation_id"),
    )
    op.create_index("ix_canned_use_brand", "canned_use", ["brand", "reply", "at"])


def _protocols() -> None:
    op.create_table(
        "protocol_run",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("conversation_id"),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        _word("agent"),
        _time("started_at"),
        _time("ended_at", null=True),
        _of("conversation", "conversation_id"),
    )
    op.create_index("ix_protocol_run_conversation", "protocol_run", ["conversation_id"])
    op.create_table(
        "protocol_tick",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("step", sa.Integer(), primary_key=True),
        _word("agent"),
        _time("at"),
        _of("protocol_run", "run_id"),
    )
