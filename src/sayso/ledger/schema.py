"""The tables of a ledger: one schema for SQLite and PostgreSQL.

A report is stored once, under a digest of its text and outlet. Each reading of it by one version of the reader brings its own
claims; a later reading supersedes them and removes nothing. Who is reported as speaking is stored as characters of that one
report, never as a row of its own: nothing here can tie the anonymous source of one report to anybody in another.

`line` puts reports and claims in one order that depends on nothing but their content: newest report first, those without a day
last, the claims of a report in the order of its text (`sayso.ledger.values.line`). Every index ends in it, so that a page of
answers is found without sorting.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import TEXT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up INTEGER keys only
# Days and moments, ISO 8601 in UTC: compared as bytes, so that both databases order them alike.
_Moment = Text().with_variant(TEXT(collation="C"), "postgresql")

raw = Table(
    "raw",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of `content`, hexadecimal
    Column("content", LargeBinary, nullable=False),  # bytes as they were given or fetched
)

reports = Table(
    "reports",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # digest of text and outlet
    Column("id", Text, nullable=False, index=True),  # the one it came with, or a digest
    Column("line", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("title", Text),
    Column("outlet", Text),
    Column("outlet_folded", Text),
    Column("published", _Moment),
    Column("language", Text),
    Column("url", Text),
    Column("canonical", Text),  # the address that its page gives itself
    Column("issues", Text, nullable=False),  # JSON list
    Column("raw", ForeignKey(raw.c.digest)),
    Column("known_from", _Moment, nullable=False),
)
Index("ix_reports_line", reports.c.line, reports.c.number)
Index("ix_reports_outlet", reports.c.outlet_folded, reports.c.line)

# Reports printed from one text share an origin: the key of the earliest of them. Every report has one, its own when alone.
origins = Table(
    "origins",
    metadata,
    Column("report", ForeignKey(reports.c.number), primary_key=True),
    Column("origin", Text, nullable=False, index=True),
    Column("signed", Boolean, nullable=False, server_default=false()),  # whether it has a signature yet
)
_UNSIGNED = text("NOT signed")
Index("ix_origins_unsigned", origins.c.report, sqlite_where=_UNSIGNED, postgresql_where=_UNSIGNED)

# What tells the copies of a report, as `sayso.ledger.origins` is given it.
signatures = Table(
    "signatures",
    metadata,
    Column("report", ForeignKey(reports.c.number), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Keys under which likely copies meet: some fifty rows a report, which refer to it without a constraint that costs as much again.
sketches = Table(
    "sketches",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("report", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

readings = Table(
    "readings",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("report", ForeignKey(reports.c.number), nullable=False),
    Column("version", Text, nullable=False),  # of the reader
    Column("issues", Text, nullable=False),  # JSON list: those of the report and those of this reading
    Column("known_from", _Moment, nullable=False),
    Column("superseded_at", _Moment),
)
Index("ix_readings_report", readings.c.report)
_CURRENT = text("superseded_at IS NULL")
Index("uq_readings_current", readings.c.report, unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT)

claims = Table(
    "claims",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("reading", ForeignKey(readings.c.number), nullable=False),
    Column("report", ForeignKey(reports.c.number), nullable=False),
    Column("id", Text, nullable=False, index=True),
    Column("line", BigInteger, nullable=False),
    Column("known_from", _Moment, nullable=False),
    Column("superseded_at", _Moment),
    Column("revised", Boolean, nullable=False),  # what people made of a claim that was read, or added
    Column("trigger_start", Integer, nullable=False),
    Column("trigger_stop", Integer, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_stop", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("mode", Text),
    Column("status", Text, nullable=False),
    Column("historical", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("outlet_folded", Text),  # the report's, so that it can be indexed with `line`
    Column("country", Text),
    Column("country_how", Text),
    Column("source_kind", Text, nullable=False),
    Column("source_start", Integer),
    Column("source_stop", Integer),
    Column("source_confidence", Float, nullable=False),
    Column("place_start", Integer),
    Column("place_stop", Integer),
    Column("place_confidence", Float),
    Column("place_reason", Text),
    Column("place_geonameid", BigInteger),
    Column("place_name", Text),
    Column("place_folded", Text),
    Column("place_country", Text),
    Column("place_admin1", Text),
    Column("place_latitude", Float),
    Column("place_longitude", Float),
    Column("place_precision", Text),
    Column("place_how", Text),
    Column("date_start", Integer),
    Column("date_stop", Integer),
    Column("date_confidence", Float),
    Column("date_reason", Text),
    Column("date_value", Text),
    Column("date_how", Text),
    Column("date_first", _Moment),
    Column("date_last", _Moment),
    Column("count_start", Integer),
    Column("count_stop", Integer),
    Column("count_confidence", Float),
    Column("count_reason", Text),
    Column("count_low", BigInteger),
    Column("count_high", BigInteger),
    Column("count_what", Text),
    Column("vector", LargeBinary),  # what the encoder makes of trigger and sentence, to be compared
)
Index("ix_claims_line", claims.c.line, claims.c.number)
Index("ix_claims_report", claims.c.report)
Index("ix_claims_reading", claims.c.reading)
Index("uq_claims_current", claims.c.reading, claims.c.id, unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT)
Index("ix_claims_doubt", claims.c.confidence, claims.c.number, sqlite_where=_CURRENT, postgresql_where=_CURRENT)
for _name in ("mode", "status", "source_kind", "outlet_folded", "place_folded", "place_geonameid"):
    Index(f"ix_claims_{_name}", claims.c[_name], claims.c.line)
# The filters that are asked together most: what else is asked is checked in the index, and few rows are fetched in vain.
for _names in (
    ("country", "line", "type", "mode", "status", "source_kind"),
    ("type", "line", "mode", "status", "source_kind", "country"),
):
    Index(f"ix_claims_{_names[0]}", *(claims.c[_name] for _name in _names))

# Actors and recipients, as this one claim names them.
parties = Table(
    "parties",
    metadata,
    Column("claim", ForeignKey(claims.c.number), primary_key=True),
    Column("role", Text, primary_key=True),  # actor or recipient
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reason", Text),
    Column("name", Text),
    Column("country", Text),
    Column("sector", Text),
    Column("how", Text),
    Column("named", _Moment),  # compared as bytes too, so that beginnings of names are found:
    # the folded name of those who are named, see `sayso.ledger.naming`
)
for _name in ("country", "sector", "named"):
    Index(f"ix_parties_{_name}", parties.c[_name], parties.c.role, parties.c.claim)

mentions = Table(
    "mentions",
    metadata,
    Column("reading", ForeignKey(readings.c.number), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("kind", Text, nullable=False),
)

# One row a stretch of words; an attribution without any has one row without part.
attributions = Table(
    "attributions",
    metadata,
    Column("reading", ForeignKey(readings.c.number), primary_key=True),
    Column("attribution", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("part", Text),  # source, cue or content
    Column("start", Integer),
    Column("stop", Integer),
)

failures = Table(
    "failures",
    metadata,
    Column("id", Text, primary_key=True),  # digest of the other two
    Column("source", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("first_seen", _Moment, nullable=False),
)

# Words of reports and of the sentences of claims, to be searched; made by the migrations because each database has its own kind
# (FTS5 or tsvector). Both have a row a `number` and a column `words`.
REPORTS_TEXT = "reports_text"
CLAIMS_TEXT = "claims_text"

# --- judgements, and the incidents that follow from them ---

# What somebody judged: about two claims (same, different, unsure) or about one (accept, reject, correct, add). A row is appended,
# perhaps revoked later, never edited. A claim is meant by report, trigger and type, which outlive its reading.
judgements = Table(
    "judgements",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("batch", Text, nullable=False, index=True),  # one act of a person, undone together
    Column("kind", Text, nullable=False),
    Column("report", ForeignKey(reports.c.key), nullable=False, index=True),
    Column("trigger_start", Integer, nullable=False),
    Column("trigger_stop", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("other_report", ForeignKey(reports.c.key), index=True),
    Column("other_start", Integer),
    Column("other_stop", Integer),
    Column("other_type", Text),
    Column("field", Text),
    Column("value", Text),  # JSON
    Column("by", Text, nullable=False),
    Column("why", Text),
    Column("score", Float),
    Column("made_at", _Moment, nullable=False),
    Column("revoked_at", _Moment),
    Column("revoked_by", Text),
)
Index("ix_judgements_made_at", judgements.c.made_at, judgements.c.number)

# Claims that came, went, changed or were judged since incidents were last worked out; emptied by that.
unsettled = Table(
    "unsettled",
    metadata,
    Column("claim", ForeignKey(claims.c.number), primary_key=True),
    Column("compared", Boolean, nullable=False),  # whether facts, blocks and edges are those of the claim as it is now
)

# One row: by which version of the rules the claims of this ledger are compared.
rules = Table("rules", metadata, Column("version", Text, primary_key=True))

# What of a current claim is compared, and the stable key of the claim.
facts = Table(
    "facts",
    metadata,
    Column("claim", ForeignKey(claims.c.number), primary_key=True),
    Column("key", Text, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
)

# Current claims by the blocks in which they meet those that may tell of the same; `key` is a digest of the block's name.
blocks = Table(
    "blocks",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("claim", ForeignKey(claims.c.number), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# Pairs of current claims that look alike enough to tell of the same; `one` is the smaller number.
edges = Table(
    "edges",
    metadata,
    Column("one", ForeignKey(claims.c.number), primary_key=True),
    Column("other", ForeignKey(claims.c.number), primary_key=True, index=True),
    Column("score", Float, nullable=False),
    sqlite_with_rowid=False,
)

# An incident that ended was merged into its successor, or has none where all its claims were withdrawn.
incidents = Table(
    "incidents",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("known_from", _Moment, nullable=False),
    Column("changed_at", _Moment, nullable=False),
    Column("ended_at", _Moment),
    Column("successor", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("incidents.number")),
)
Index("ix_incidents_changed_at", incidents.c.changed_at, incidents.c.id)

# Which claims an incident had, from when until when.
memberships = Table(
    "memberships",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("claim", ForeignKey(claims.c.number), nullable=False, index=True),
    Column("incident", ForeignKey(incidents.c.number), nullable=False, index=True),
    Column("known_from", _Moment, nullable=False),
    Column("superseded_at", _Moment),
)
Index("uq_memberships_current", memberships.c.claim, unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT)

# Begun, merged, split, withdrawn, restored: what happened to an incident as a whole, and with which other one.
turns = Table(
    "turns",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("incident", ForeignKey(incidents.c.number), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("other", ForeignKey(incidents.c.number)),
    Column("at", _Moment, nullable=False),
)

# --- the desk ---

desk_users = Table(
    "desk_users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),  # argon2id, with its salt and costs
    Column("role", Text, nullable=False),  # viewer, coder, editor, admin
    Column("added_at", _Moment, nullable=False),
    Column("closed_at", _Moment),
)

# Cookies and tokens are kept as digests, so that who reads the ledger cannot use them.
desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the cookie
    Column("name", ForeignKey(desk_users.c.name), nullable=False, index=True),
    Column("began_at", _Moment, nullable=False),
    Column("ends_at", _Moment, nullable=False),
)
desk_tokens = Table(
    "desk_tokens",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the token
    Column("name", ForeignKey(desk_users.c.name), nullable=False, index=True),
    Column("label", Text, nullable=False),  # what it is for, in its owner's words
    Column("made_at", _Moment, nullable=False),
    Column("revoked_at", _Moment),
)

# Who did what: rows are added, never changed, and each digest covers the one before it (`sayso.ledger.team.audit`).
desk_log = Table(
    "desk_log",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("at", _Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),  # JSON object
    Column("digest", Text, nullable=False),
)

# --- review ---

# Which claim each judgement about a single claim applies to, by its id; None where no claim fits it. Derived, like incidents.
reviewed = Table(
    "reviewed",
    metadata,
    Column("judgement", ForeignKey(judgements.c.number), primary_key=True),
    Column("report", ForeignKey(reports.c.number), nullable=False),
    Column("claim", Text),
)
Index("ix_reviewed_report", reviewed.c.report, reviewed.c.claim)

# A sample of claims that one person has judged, given to others to judge blind; `first` is what the first made of them.
samples = Table(
    "samples",
    metadata,
    Column("id", Text, primary_key=True),
    Column("asked", Text, nullable=False),  # JSON: the filters that it was drawn by
    Column("made_by", Text, nullable=False),
    Column("made_at", _Moment, nullable=False),
)
sampled = Table(
    "sampled",
    metadata,
    Column("sample", ForeignKey(samples.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("report", ForeignKey(reports.c.key), nullable=False),
    Column("claim", Text, nullable=False),
    Column("read", Text, nullable=False),  # JSON: the claim before anybody judged it
    Column("first", Text),  # JSON: as it stood when the sample was drawn, None where it was rejected
    Column("first_by", Text, nullable=False),
)
codings = Table(
    "codings",
    metadata,
    Column("sample", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("coder", Text, primary_key=True),
    Column("value", Text),  # JSON: the claim as this coder has it, None where it was rejected
    Column("done", Boolean, nullable=False),
    Column("made_at", _Moment, nullable=False),
    ForeignKeyConstraint(["sample", "position"], ["sampled.sample", "sampled.position"]),
)

# Claims that coders of a sample add, for the reader missed them: those of the `first`, as they stood when it was drawn, and those
# of others.
missed = Table(
    "missed",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("sample", ForeignKey(samples.c.id), nullable=False),
    Column("report", ForeignKey(reports.c.key), nullable=False),
    Column("coder", Text, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("value", Text, nullable=False),  # JSON: the claim
    Column("made_at", _Moment, nullable=False),
)
Index("ix_missed_sample", missed.c.sample, missed.c.report)

# --- saved searches ---

searches = Table(
    "searches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("asked", Text, nullable=False),  # JSON object: filters with their values
    Column("owner", Text, nullable=False),
    Column("made_at", _Moment, nullable=False),
    Column("ended_at", _Moment),
    Column("feed_key", Text, nullable=False),  # opens this one feed and nothing else
    Column("webhook", Text),
    Column("secret", Text),  # signs what is sent to the webhook
    Column("told_until", _Moment, nullable=False),
)
# What is to be sent to webhooks, and what became of it.
notices = Table(
    "notices",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("search", ForeignKey(searches.c.id), nullable=False),
    Column("incident", Text, nullable=False),
    Column("kind", Text, nullable=False),  # new, changed or contradicted
    Column("at", _Moment, nullable=False),
    Column("body", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", _Moment),  # None once it was sent or given up
    Column("sent_at", _Moment),
    Column("problem", Text),
    UniqueConstraint("search", "incident", "at"),
)
Index("ix_notices_next_at", notices.c.next_at)
