"""What accounts may spend at networks that charge, and what each day cost; until when an answer is taken, and stars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it all; nothing that is there changes."""
    op.create_table(
        "allowance",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("monthly", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("euros", sa.Float(), nullable=False),
        sa.Column("look", sa.BigInteger(), nullable=False),
        sa.Column("pause", sa.Integer(), nullable=False),
    )
    op.create_table(
        "spending",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("reading", sa.BigInteger(), nullable=False),
        sa.Column("answering", sa.BigInteger(), nullable=False),
    )
    for table in ("message", "conversation"):
        op.add_column(table, sa.Column("answer_until", sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("rating", sa.Integer(), nullable=True))
