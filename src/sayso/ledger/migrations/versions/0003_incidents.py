"""Judgements, and the incidents that follow from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
CURRENT = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    """Adds the tables; the claims that are there wait to be brought together."""
    op.add_column("claims", sa.Column("vector", sa.LargeBinary()))
    _judgements()
    _compared()
    _incidents()
    op.execute("INSERT INTO unsettled (claim, compared) SELECT number, false FROM claims WHERE superseded_at IS NULL")


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("trigger_start", sa.Integer(), nullable=False),
        sa.Column("trigger_stop", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("other_report", sa.Text()),
        sa.Column("other_start", sa.Integer()),
        sa.Column("other_stop", sa.Integer()),
        sa.Column("other_type", sa.Text()),
        sa.Column("field", sa.Text()),
        sa.Column("value", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("score", sa.Float()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_by", sa.Text()),
        sa.ForeignKeyConstraint(["report"], ["reports.key"], name=op.f("fk_judgements_report")),
        sa.ForeignKeyConstraint(["other_report"], ["reports.key"], name=op.f("fk_judgements_other_report")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_judgements")),
    )
    for column in ("batch", "report", "other_report"):
        op.create_index(op.f(f"ix_judgements_{column}"), "judgements", [column])
    op.create_index("ix_judgements_made_at", "judgements", ["made_at", "number"])


def _compared() -> None:
    op.create_table(
        "unsettled",
        sa.Column("claim", NUMBER, nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name=op.f("fk_unsettled_claim")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_unsettled")),
    )
    op.create_table(
        "rules", sa.Column("version", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("version", name="pk_rules")
    )
    op.create_table(
        "facts",
        sa.Column("claim", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name=op.f("fk_facts_claim")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_facts")),
    )
    op.create_index(op.f("ix_facts_key"), "facts", ["key"])
    op.create_table(
        "blocks",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("claim", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name=op.f("fk_blocks_claim")),
        sa.PrimaryKeyConstraint("key", "claim", name=op.f("pk_blocks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_blocks_claim"), "blocks", ["claim"])
    op.create_table(
        "edges",
        sa.Column("one", NUMBER, nullable=False),
        sa.Column("other", NUMBER, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["claims.number"], name=op.f("fk_edges_one")),
        sa.ForeignKeyConstraint(["other"], ["claims.number"], name=op.f("fk_edges_other")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_edges")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_edges_other"), "edges", ["other"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("successor", NUMBER),
        sa.ForeignKeyConstraint(["successor"], ["incidents.number"], name=op.f("fk_incidents_successor")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incidents")),
        sa.UniqueConstraint("id", name=op.f("uq_incidents_id")),
    )
    op.create_index("ix_incidents_changed_at", "incidents", ["changed_at", "id"])
    op.create_table(
        "memberships",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("claim", NUMBER, nullable=False),
        sa.Column("incident", NUMBER, nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name=op.f("fk_memberships_claim")),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_memberships_incident")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_claim"), "memberships", ["claim"])
    op.create_index(op.f("ix_memberships_incident"), "memberships", ["incident"])
    op.create_index(
        "uq_memberships_current",
        "memberships",
        ["claim"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_table(
        "turns",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("incident", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other", NUMBER),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_turns_incident")),
        sa.ForeignKeyConstraint(["other"], ["incidents.number"], name=op.f("fk_turns_other")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_turns")),
    )
    op.create_index(op.f("ix_turns_incident"), "turns", ["incident"])
