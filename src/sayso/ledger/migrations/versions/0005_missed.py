"""Claims that the coders of a sample add, for the reader missed them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "missed",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["sample"], ["samples.id"], name=op.f("fk_missed_sample")),
        sa.ForeignKeyConstraint(["report"], ["reports.key"], name=op.f("fk_missed_report")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_missed")),
    )
    op.create_index("ix_missed_sample", "missed", ["sample", "report"])


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError
