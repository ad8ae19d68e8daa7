"""Accounts, sessions, tokens and the audit log of the desk; review, second coding and saved searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the tables."""
    _accounts()
    _sessions()
    _tokens()
    _log()
    _review()
    _second_coding()
    _searches()


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError


def _accounts() -> None:
    op.create_table(
        "desk_users",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_desk_users")),
    )


def _sessions() -> None:
    op.create_table(
        "desk_sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["name"], ["desk_users.name"], name=op.f("fk_desk_sessions_name")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_desk_sessions")),
    )
    op.create_index(op.f("ix_desk_sessions_name"), "desk_sessions", ["name"])


def _tokens() -> None:
    op.create_table(
        "desk_tokens",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["name"], ["desk_users.name"], name=op.f("fk_desk_tokens_name")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_desk_tokens")),
    )
    op.create_index(op.f("ix_desk_tokens_name"), "desk_tokens", ["name"])


def _log() -> None:
    op.create_table(
        "desk_log",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_desk_log")),
    )


def _review() -> None:
    op.create_table(
        "reviewed",
        sa.Column("judgement", NUMBER, nullable=False),
        sa.Column("report", NUMBER, nullable=False),
        sa.Column("claim", sa.Text()),
        sa.ForeignKeyConstraint(["judgement"], ["judgements.number"], name=op.f("fk_reviewed_judgement")),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name=op.f("fk_reviewed_report")),
        sa.PrimaryKeyConstraint("judgement", name=op.f("pk_reviewed")),
    )
    op.create_index("ix_reviewed_report", "reviewed", ["report", "claim"])


def _second_coding() -> None:
    op.create_table(
        "samples",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
    )
    op.create_table(
        "sampled",
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("read", sa.Text(), nullable=False),
        sa.Column("first", sa.Text()),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sample"], ["samples.id"], name=op.f("fk_sampled_sample")),
        sa.ForeignKeyConstraint(["report"], ["reports.key"], name=op.f("fk_sampled_report")),
        sa.PrimaryKeyConstraint("sample", "position", name=op.f("pk_sampled")),
    )
    op.create_table(
        "codings",
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["sample", "position"], ["sampled.sample", "sampled.position"], name=op.f("fk_codings_sample")
        ),
        sa.PrimaryKeyConstraint("sample", "position", "coder", name=op.f("pk_codings")),
    )


def _searches() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("feed_key", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text()),
        sa.Column("secret", sa.Text()),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    op.create_table(
        "notices",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("problem", sa.Text()),
        sa.ForeignKeyConstraint(["search"], ["searches.id"], name=op.f("fk_notices_search")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notices")),
        sa.UniqueConstraint("search", "incident", "at", name=op.f("uq_notices_search_incident_at")),
    )
    op.create_index("ix_notices_next_at", "notices", ["next_at"])
