"""The audit log: who did what, in rows that chain, so that one changed or taken out is found.

The digest of a row covers the digest before it. Who can write the file can write the whole chain anew: note the last digest
elsewhere (`sayso doctor` says it) to be safe from that too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, text

from sayso.ledger import schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.writer import utc_now

_START = "0" * 64
_LOCK = 0x5361_7954  # held on PostgreSQL while a row is added, so that rows follow one another
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: `what` was done by `who`, and what it was about."""

    number: int
    at: str
    who: str
    what: str
    about: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How many rows there are, the last digest, and the number of the first row that does not fit (None where all do)."""

    rows: int
    last: str
    broken: int | None


def note(
    ledger: Ledger,
    who: str,
    what: str,
    about: Mapping[str, Any] | None = None,
    *,
    now: Callable[[], dt.datetime] = utc_now,
) -> None:
    """Adds a row in a transaction of its own. Raises `LedgerError`."""
    with ledger.write() as connection:
        note_within(connection, who, what, about, at=values.moment(now()))


def note_within(connection: Connection, who: str, what: str, about: Mapping[str, Any] | None, *, at: str) -> None:
    """Adds a row within the transaction of what it tells of, so that neither is there without the other.

    Let it be the last thing that the transaction does: on PostgreSQL others who want to add a row wait until it ends, and one that
    went on to wait for them would never end. What is None in `about` is left out.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    log = schema.desk_log.c
    last = connection.execute(select(log.number, log.digest).order_by(log.number.desc()).limit(1)).first()
    number, before = (last[0] + 1, last[1]) if last else (1, _START)
    told = {name: value for name, value in (about or {}).items() if value is not None}
    said = json.dumps(told, ensure_ascii=True, sort_keys=True)
    row = {"number": number, "at": at, "who": who, "what": what, "about": said}
    connection.execute(insert(schema.desk_log), row | {"digest": _digest(before, row)})


def entries(ledger: Ledger, *, limit: int = 100, before: int | None = None) -> list[Entry]:
    """The newest rows, or those before a number. Raises `LedgerError`."""
    query = select(schema.desk_log).order_by(schema.desk_log.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(schema.desk_log.c.number < before)
    with ledger.read() as connection:
        return [Entry(**{**row, "about": json.loads(row["about"])}) for row in connection.execute(query).mappings()]


def chain(ledger: Ledger) -> Chain:
    """Whether every row fits the one before it. Raises `LedgerError`."""
    seen, digest = 0, _START
    with ledger.read() as connection:
        while True:
            following = (
                select(schema.desk_log)
                .where(schema.desk_log.c.number > seen)
                .order_by(schema.desk_log.c.number)
                .limit(_AT_ONCE)
            )
            rows = connection.execute(following).mappings().all()
            for row in rows:
                if row["number"] != seen + 1 or row["digest"] != _digest(digest, row):
                    return Chain(seen, digest, seen + 1)
                seen, digest = row["number"], row["digest"]
            if len(rows) < _AT_ONCE:
                return Chain(seen, digest, None)


def _digest(before: str, row: Mapping[str, Any] | RowMapping) -> str:
    fields = [before, *(str(row[name]) for name in ("number", "at", "who", "what", "about"))]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()
