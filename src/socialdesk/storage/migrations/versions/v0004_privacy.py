"""Privacy: who did what, persons that are blocked, and how much of the ledger of erasures was applied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what privacy needs; nothing that is there changes."""
    _audit()
    _blocked()
    op.create_table(
        "ledger_mark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("applied", sa.BigInteger(), nullable=False),
    )


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        *(_word(name) for name in ("agent", "brand", "subject", "detail")),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
    )
    # REPLACE deletes without asking a trigger for deletions, so a number that is taken is refused as well.
    refused = "SELECT RAISE(ABORT, 'the audit is only ever added to')"
    for name, moment, test in (
        ("audit_kept", "BEFORE DELETE", ""),
        ("audit_unchanged", "BEFORE UPDATE", ""),
        ("audit_added", "BEFORE INSERT", "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"),
    ):
        op.execute(f"CREATE TRIGGER {name} {moment} ON audit {test} BEGIN {refused}; END")


def _blocked() -> None:
    op.create_table(
        "blocked",
        sa.Column("id", sa.Integer(), primary_key=True),
        _word("who"),
        _word("brand"),
        _word("reason"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_index("ix_blocked_destroy", "blocked", ["destroy_at"])
