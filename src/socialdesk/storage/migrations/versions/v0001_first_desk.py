"""The first desk: accounts, conversations, messages, replies and the full-text index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    _brands_and_accounts()
    _conversations()
    _messages()
    _replies()
    _search()


def _whole(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _time(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _brands_and_accounts() -> None:
    op.create_table(
        "brand",
        sa.Column("id", sa.Integer(), primary_key=True),
        _word("name"),
        _time("created_at"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        _word("connector"),
        _word("channel"),
        _word("name"),
        _whole("brand_id"),
        _word("remote_id"),
        _word("handle"),
        _word("options"),
        _word("secrets"),
        _flag("paused"),
        _word("state"),
        _word("problem"),
        _word("detail"),
        _word("lacking"),
        _text("cursor"),
        _whole("failures"),
        _time("last_success_at", null=True),
        _time("next_attempt_at", null=True),
        _time("created_at"),
        _time("removed_at", null=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"]),
        sa.UniqueConstraint("name"),
    )


def _conversations() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("account_id"),
        _word("remote_id"),
        _word("handle"),
        _word("name"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.UniqueConstraint("account_id", "remote_id"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("account_id"),
        _whole("brand_id"),
        _whole("contact_id"),
        _word("remote_key"),
        _word("channel"),
        _flag("private"),
        _word("box"),
        _time("urgency"),
        _time("waiting_since", null=True),
        _time("due_at", null=True),
        _time("snoozed_until", null=True),
        _time("settled_at", null=True),
        _word("settled_as"),
        _whole("nudges"),
        _whole("messages"),
        _word("language"),
        _word("preview"),
        _time("last_at"),
        _time("created_at"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"]),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.UniqueConstraint("account_id", "remote_key"),
    )
    op.create_index("ix_conversation_box", "conversation", ["box", "urgency", "id"])
    op.create_index("ix_conversation_brand", "conversation", ["brand_id", "box", "urgency", "id"])
    op.create_index("ix_conversation_channel", "conversation", ["channel", "box", "urgency", "id"])
    op.create_index("ix_conversation_contact_id", "conversation", ["contact_id"])


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", _ID, primary_key=True, autoincrement=False, nullable=False),
        _whole("conversation_id"),
        _whole("account_id"),
        _word("remote_id"),
        _word("direction"),
        _time("at"),
        _time("known_at"),
        _word("handle"),
        _word("name"),
        _text("text"),
        _word("kind"),
        _flag("private"),
        _flag("context"),
        _flag("from_desk"),
        _word("reply_to"),
        _word("url"),
        _word("agent"),
        _word("remote"),
        _time("edited_at", null=True),
        _time("deleted_at", null=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.UniqueConstraint("account_id", "remote_id"),
    )
    op.create_index("ix_message_thread", "message", ["conversation_id", "id"])
    op.create_table(
        "message_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        _time("message_id"),
        _text("text"),
        _time("replaced_at"),
    )
    op.create_index("ix_message_version_message_id", "message_version", ["message_id"])
    op.create_table(
        "raw_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("account_id"),
        _word("remote_id"),
        _text("payload"),
        _word("state"),
        _word("error"),
        _word("parsed_by"),
        _time("received_at"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.UniqueConstraint("account_id", "remote_id"),
    )
    op.create_index("ix_raw_item_state", "raw_item", ["account_id", "state"])


def _replies() -> None:
    op.create_table(
        "draft",
        sa.Column("conversation_id", sa.Integer(), primary_key=True),
        _text("text"),
        _time("updated_at"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        _whole("conversation_id"),
        _whole("account_id"),
        _time("reply_to", null=True),
        _text("text"),
        _flag("private"),
        _word("state"),
        _word("key"),
        _whole("attempts"),
        _word("agent"),
        _word("reason"),
        _word("detail"),
        _time("message_id", null=True),
        _word("url"),
        _time("created_at"),
        _time("next_attempt_at", null=True),
        _time("first_attempt_at", null=True),
        _time("attempt_at", null=True),
        _time("sent_at", null=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
    )
    op.create_index("ix_outbox_conversation", "outbox", ["conversation_id", "id"])
    op.create_index("ix_outbox_state", "outbox", ["state", "account_id", "next_attempt_at"])


def _search() -> None:
    # Filled by storage.ingest once a batch: a trigger makes FTS5 write its index out for every single row.
    op.execute(
        "CREATE VIRTUAL TABLE message_fts USING fts5("
        "text, content='message', content_rowid='id', prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    # The words of that index, in order: what a search for the beginning of a word asks first.
    op.execute("CREATE VIRTUAL TABLE message_terms USING fts5vocab('message_fts', 'instance')")
    # Customers by the words of their names, filled by storage.contacts once a batch as well.
    op.execute(
        "CREATE VIRTUAL TABLE contact_fts USING fts5("
        "handle, name, content='contact', content_rowid='id', prefix='2 3',"
        " tokenize='unicode61 remove_diacritics 2')"
    )
