"""Run by Alembic: the migrations of a ledger, on the connection (and in the transaction) that `sayso.ledger.connect` hands in."""

from __future__ import annotations

from alembic import context

from sayso.ledger.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
