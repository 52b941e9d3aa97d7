"""Promises and calendars: the policy in force, situations, warnings, automatic messages, the public wait clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the promises need; every row that is there keeps what it says."""
    _policy()
    _situations()
    _cases()
    _automatic()
    _warnings()
    _clock()


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _time(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("0"))


def _policy() -> None:
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        _time("adopted_at"),
    )


def _situations() -> None:
    for column in (_word("situation"), _word("situation_by"), _word("promise")):
        op.add_column("conversation", column)
    for moment in ("began_at", "resolve_by", "warn_at"):
        op.add_column("conversation", _time(moment, null=True))
    # Only those whose warning is still to come are in it, so that it costs nothing for all others.
    op.create_index(
        "ix_conversation_warn",
        "conversation",
        ["warn_at", "due_at"],
        sqlite_where=sa.text("warn_at IS NOT NULL"),
    )
    op.add_column("contact", _word("tags"))


def _cases() -> None:
    """Tell of those that are open what the columns say from now on; their deadlines stay as they are."""
    case = "m.conversation_id = conversation.id AND m.context = 0 AND m.deleted_at IS NULL"
    since = "coalesce(conversation.settled_at, -1)"
    op.execute(
        f"UPDATE conversation SET began_at = (SELECT min(m.at) FROM message m WHERE {case} AND m.direction = 'in'"  # noqa: S608
        f" AND m.known_at > {since}) WHERE box <> 'done'"
    )
    op.execute(
        "UPDATE conversation SET promise = CASE WHEN EXISTS (SELECT 1 FROM message m"  # noqa: S608
        f" WHERE {case} AND m.direction = 'out' AND CASE WHEN m.from_desk THEN m.known_at ELSE m.at END > {since})"
        " THEN 'next' ELSE 'first' END WHERE waiting_since IS NOT NULL"
    )


def _automatic() -> None:
    op.add_column("message", _flag("automatic"))
    op.add_column("outbox", _flag("automatic"))


def _warnings() -> None:
    op.create_table(
        "warning",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("conversation_id"),
        _time("since"),
        sa.Column("share", sa.Float(), nullable=False),
        _time("at"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.UniqueConstraint("conversation_id", "since", "share"),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("conversation_id"),
        _time("closure_at"),
        _time("at"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.UniqueConstraint("conversation_id", "closure_at"),
    )


def _clock() -> None:
    op.create_table(
        "clock_notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("account_id"),
        _time("at"),
        sa.Column("words", sa.Text(), nullable=False),
        *(_whole(name) for name in ("low", "expected", "high", "waiting")),
        _flag("published"),
        _word("error"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
    )
    op.create_index("ix_clock_notice_account", "clock_notice", ["account_id", "at"])
    op.create_table(
        "clock_promise",
        sa.Column("id", sa.Integer(), primary_key=True),
        _word("brand"),
        _word("channel"),
        _time("at"),
        *(_whole(name) for name in ("low", "expected", "high")),
    )
    op.create_index("ix_clock_promise_at", "clock_promise", ["brand", "channel", "at"])
