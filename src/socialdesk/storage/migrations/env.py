"""What Alembic runs to migrate: everything happens on the connection, and in the transaction, of ``storage.upgrade``."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
