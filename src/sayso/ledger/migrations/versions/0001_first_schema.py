"""The first schema."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes all tables in an empty database."""
    _failures()
    _raw()
    _reports()
    _origins()
    _readings()
    _attributions()
    _claims()
    _mentions()
    _parties()
    for table in ("reports_text", "claims_text"):
        _text(table)


def downgrade() -> None:
    """A ledger is never brought back: nothing in it may be lost."""
    raise NotImplementedError


def _failures() -> None:
    op.create_table(
        "failures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failures")),
    )


def _raw() -> None:
    op.create_table(
        "raw",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_raw")),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("outlet", sa.Text()),
        sa.Column("outlet_folded", sa.Text()),
        sa.Column("published", MOMENT),
        sa.Column("language", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("issues", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text()),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["raw"], ["raw.digest"], name=op.f("fk_reports_raw")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reports")),
        sa.UniqueConstraint("key", name=op.f("uq_reports_key")),
    )
    op.create_index(op.f("ix_reports_id"), "reports", ["id"])
    op.create_index("ix_reports_line", "reports", ["line", "number"])
    op.create_index("ix_reports_outlet", "reports", ["outlet_folded", "line"])


def _origins() -> None:
    op.create_table(
        "origins",
        sa.Column("report", NUMBER, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name=op.f("fk_origins_report")),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_origins")),
    )
    op.create_index(op.f("ix_origins_origin"), "origins", ["origin"])


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("report", NUMBER, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("issues", sa.Text(), nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name=op.f("fk_readings_report")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_readings")),
    )
    op.create_index("ix_readings_report", "readings", ["report"])
    op.create_index(
        "uq_readings_current",
        "readings",
        ["report"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _attributions() -> None:
    op.create_table(
        "attributions",
        sa.Column("reading", NUMBER, nullable=False),
        sa.Column("attribution", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text()),
        sa.Column("start", sa.Integer()),
        sa.Column("stop", sa.Integer()),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"], name=op.f("fk_attributions_reading")),
        sa.PrimaryKeyConstraint("reading", "attribution", "position", name=op.f("pk_attributions")),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("reading", NUMBER, nullable=False),
        sa.Column("report", NUMBER, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.Column("revised", sa.Boolean(), nullable=False),
        sa.Column("trigger_start", sa.Integer(), nullable=False),
        sa.Column("trigger_stop", sa.Integer(), nullable=False),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_stop", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("outlet_folded", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("country_how", sa.Text()),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_start", sa.Integer()),
        sa.Column("source_stop", sa.Integer()),
        sa.Column("source_confidence", sa.Float(), nullable=False),
        sa.Column("place_start", sa.Integer()),
        sa.Column("place_stop", sa.Integer()),
        sa.Column("place_confidence", sa.Float()),
        sa.Column("place_reason", sa.Text()),
        sa.Column("place_geonameid", sa.BigInteger()),
        sa.Column("place_name", sa.Text()),
        sa.Column("place_folded", sa.Text()),
        sa.Column("place_country", sa.Text()),
        sa.Column("place_admin1", sa.Text()),
        sa.Column("place_latitude", sa.Float()),
        sa.Column("place_longitude", sa.Float()),
        sa.Column("place_precision", sa.Text()),
        sa.Column("place_how", sa.Text()),
        sa.Column("date_start", sa.Integer()),
        sa.Column("date_stop", sa.Integer()),
        sa.Column("date_confidence", sa.Float()),
        sa.Column("date_reason", sa.Text()),
        sa.Column("date_value", sa.Text()),
        sa.Column("date_how", sa.Text()),
        sa.Column("date_first", MOMENT),
        sa.Column("date_last", MOMENT),
        sa.Column("count_start", sa.Integer()),
        sa.Column("count_stop", sa.Integer()),
        sa.Column("count_confidence", sa.Float()),
        sa.Column("count_reason", sa.Text()),
        sa.Column("count_low", sa.BigInteger()),
        sa.Column("count_high", sa.BigInteger()),
        sa.Column("count_what", sa.Text()),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"], name=op.f("fk_claims_reading")),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name=op.f("fk_claims_report")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_claims")),
    )
    current = sa.text("superseded_at IS NULL")
    for name, columns, unique in (
        ("uq_claims_current", ["reading", "id"], True),
        ("ix_claims_doubt", ["confidence", "number"], False),
    ):
        op.create_index(name, "claims", columns, unique=unique, sqlite_where=current, postgresql_where=current)
    op.create_index("ix_claims_country", "claims", ["country", "line", "type", "mode", "status", "source_kind"])
    op.create_index(op.f("ix_claims_id"), "claims", ["id"])
    op.create_index("ix_claims_line", "claims", ["line", "number"])
    op.create_index("ix_claims_mode", "claims", ["mode", "line"])
    op.create_index("ix_claims_outlet_folded", "claims", ["outlet_folded", "line"])
    op.create_index("ix_claims_place_folded", "claims", ["place_folded", "line"])
    op.create_index("ix_claims_place_geonameid", "claims", ["place_geonameid", "line"])
    op.create_index("ix_claims_report", "claims", ["report"])
    op.create_index("ix_claims_reading", "claims", ["reading"])
    op.create_index("ix_claims_source_kind", "claims", ["source_kind", "line"])
    op.create_index("ix_claims_status", "claims", ["status", "line"])
    op.create_index("ix_claims_type", "claims", ["type", "line", "mode", "status", "source_kind", "country"])


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("reading", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"], name=op.f("fk_mentions_reading")),
        sa.PrimaryKeyConstraint("reading", "position", name=op.f("pk_mentions")),
    )


def _parties() -> None:
    op.create_table(
        "parties",
        sa.Column("claim", NUMBER, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("sector", sa.Text()),
        sa.Column("how", sa.Text()),
        sa.Column("named", MOMENT),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name=op.f("fk_parties_claim")),
        sa.PrimaryKeyConstraint("claim", "role", "position", name=op.f("pk_parties")),
    )
    op.create_index("ix_parties_country", "parties", ["country", "role", "claim"])
    op.create_index("ix_parties_named", "parties", ["named", "role", "claim"])
    op.create_index("ix_parties_sector", "parties", ["sector", "role", "claim"])


def _text(table: str) -> None:
    """Words to be searched by number; they arrive folded (`sayso.ledger.words`), so each database only splits at spaces."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_table(
            table,
            sa.Column("number", sa.BigInteger(), nullable=False),
            sa.Column("words", sa.dialects.postgresql.TSVECTOR(), nullable=False),
            sa.PrimaryKeyConstraint("number", name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_words", table, ["words"], postgresql_using="gin")
        return
    op.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')")
    if sqlite3.sqlite_version_info >= (3, 42):  # what is deleted leaves no trace in the index
        op.execute(f"INSERT INTO {table}({table}, rank) VALUES ('secure-delete', 1)")  # noqa: S608
