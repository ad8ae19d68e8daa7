"""What is kept of a report to find its copies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSIGNED = sa.text("NOT signed")


def upgrade() -> None:
    """Adds the tables, and gives every report an origin of its own until it is signed."""
    op.add_column("reports", sa.Column("canonical", sa.Text()))
    op.add_column("origins", sa.Column("signed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_origins_unsigned", "origins", ["report"], sqlite_where=UNSIGNED, postgresql_where=UNSIGNED)
    op.create_table(
        "signatures",
        sa.Column("report", NUMBER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name=op.f("fk_signatures_report")),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_signatures")),
    )
    op.create_table(
        "sketches",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "report", name=op.f("pk_sketches")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO origins (report, origin) "
        "SELECT number, key FROM reports WHERE number NOT IN (SELECT report FROM origins)"
    )


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError
