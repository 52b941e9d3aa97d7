"""More than text: titles, attachments, and what is done to a message besides answering it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the networks know beside the text; nothing that is there changes."""
    op.add_column("message", _text("title"))
    op.add_column("message_version", _text("title"))
    _attachments()
    _acts()
    # Titles and what attachments say. It keeps its own texts: they lie in two tables.
    op.execute(
        "CREATE VIRTUAL TABLE beside_fts USING fts5("
        "words, prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute("CREATE VIRTUAL TABLE beside_terms USING fts5vocab('beside_fts', 'instance')")
    # An erasure kept a row of its own out of the index of customers, which then counted as damage.
    op.execute("INSERT INTO contact_fts(contact_fts) VALUES ('rebuild')")


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _time(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _attachments() -> None:
    op.create_table(
        "attachment",
        _time("message_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        _word("name"),
        _text("description"),
        _word("type"),
        _time("size", null=True),
        sa.Column("remote", sa.Text(), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("message_id", "position"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
    )


def _acts() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        _time("message_id"),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("undo", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("state", sa.String(), nullable=False),
        *(_word(name) for name in ("reason", "detail", "agent")),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _time("at"),
        _time("due_at", null=True),
        _time("done_at", null=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
    )
    op.create_index("ix_act_state", "act", ["state", "account_id", "due_at"])
    op.create_index("ix_act_conversation", "act", ["conversation_id", "id"])
    op.create_index("ix_act_message", "act", ["message_id"])
