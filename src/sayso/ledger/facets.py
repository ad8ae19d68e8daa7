"""How the claims of a question spread over types, countries, days and places: what a page shows beside a listing.

Counting a million claims takes seconds, so the newest `MOST` are counted and it is said when there are more, and a question that
takes longer than `PATIENCE` to count is left uncounted. One statement does it all, so that the interpreter is free meanwhile.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CTE,
    Column,
    Connection,
    Float,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import OperationalError

from sayso.ledger import conditions, filters, schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.faults import told

MOST = 5_000  # claims that are counted: 25 ms of a million; 10,000 take twice that
PATIENCE = 0.4  # seconds
SHOWN = 12  # values of one facet
_PLACES = 400
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
COUNTED = ("type", "status", "source_kind", "country", "outlet")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with how many claims tell of it. `precision` says what the coordinates stand for."""

    geonameid: int
    name: str
    country: str | None
    precision: str
    latitude: float
    longitude: float
    claims: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of claims: by the values of each facet, the most frequent first; by day of publication; by place.

    `claims` is how many were counted, `capped` whether there are more, `counted` False where it would have taken too long.
    """

    claims: int = 0
    capped: bool = False
    counted: bool = True
    values: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)
    days: dict[dt.date, int] = field(default_factory=dict)
    undated: int = 0
    spots: tuple[Spot, ...] = ()


def facets(ledger: Ledger, wanted: filters.Wanted, *, most: int = MOST) -> Facets:
    """The facets of the claims that meet the filters. Raises `LedgerError`, and `ConfigError` for a value that there is not."""
    such = _such(ledger, wanted, most)
    with told(ledger.name), ledger.engine.connect() as connection, connection.begin():
        try:
            with _patience(connection):
                rows = connection.execute(_counts(such)).all()
        except OperationalError as exc:
            if not _interrupted(exc):
                raise
            return Facets(counted=False)
    with ledger.read() as connection:
        return _facets(connection, rows, most)


def _such(ledger: Ledger, wanted: filters.Wanted, most: int) -> CTE:
    columns = schema.claims.c
    needed = (
        columns.type, columns.status, columns.source_kind, columns.country, columns.outlet_folded.label("outlet"),
        columns.line, columns.place_geonameid, columns.place_name, columns.place_country, columns.place_precision,
        columns.place_latitude, columns.place_longitude,
    )  # fmt: skip
    query = select(*needed).where(conditions.on_claims(wanted, on_sqlite=ledger.on_sqlite))
    return query.order_by(columns.line, columns.number).limit(most + 1).cte("such")


def _counts(such: CTE) -> Any:
    """Rows of facet, value, how many, and for places what is known of them."""
    nothing = [cast(null(), kind) for kind in (Text, Text, Text, Float, Float)]
    parts: list[Any] = [
        select(literal(name), cast(such.c[name], Text), func.count(), *nothing).group_by(such.c[name])
        for name in COUNTED
    ]
    age = such.c.line.op(">>")(literal_column(str(values.DAY_SHIFT)))  # PostgreSQL shifts by an integer only
    parts.append(select(literal("age"), cast(age, Text), func.count(), *nothing).group_by(age))
    spot = (
        such.c.place_name,
        such.c.place_country,
        such.c.place_precision,
        such.c.place_latitude,
        such.c.place_longitude,
    )
    parts.append(
        select(
            literal("place"), cast(such.c.place_geonameid, Text), func.count(), *(func.min(column) for column in spot)
        )
        .where(such.c.place_geonameid.is_not(None), such.c.place_latitude.is_not(None))
        .group_by(such.c.place_geonameid)
    )
    return union_all(*parts)


def _facets(connection: Connection, rows: Any, most: int) -> Facets:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    total = sum(row[2] for row in found["type"])
    counted = {
        name: sorted(
            ((row[1], row[2]) for row in found[name] if row[1] is not None), key=lambda pair: (-pair[1], pair[0])
        )
        for name in COUNTED
    }
    countries = dict(counted["country"])
    counted["outlet"] = _as_written(connection, counted["outlet"][:SHOWN])
    days = {values.day_of(int(row[1])): row[2] for row in found["age"]}
    spots = sorted(
        (Spot(int(row[1]), row[3], row[4], row[5], row[6], row[7], row[2]) for row in found["place"]),
        key=lambda spot: (-spot.claims, spot.geonameid),
    )
    return Facets(
        claims=min(total, most),
        capped=total > most,
        values={name: pairs[:SHOWN] for name, pairs in counted.items()},
        countries=countries,
        days={day: days[day] for day in sorted(day for day in days if day)},
        undated=days.get(None, 0),
        spots=tuple(spots[:_PLACES]),
    )


def _as_written(connection: Connection, folded: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Outlets as one of their reports writes them."""
    columns = schema.reports.c
    written = []
    for name, count in folded:
        one = select(columns.outlet).where(columns.outlet_folded == name).limit(1)
        written.append((connection.execute(one).scalar() or name, count))
    return written


# --- patience ---


@contextmanager
def _patience(connection: Connection) -> Iterator[None]:
    """Lets the database stop what takes longer than `PATIENCE`."""
    driver: Any = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        connection.execute(text(f"SET LOCAL statement_timeout = {int(PATIENCE * 1000)}"))
        yield
        return
    until = time.monotonic() + PATIENCE
    driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _interrupted(exc: OperationalError) -> bool:
    code = getattr(exc.orig, "sqlite_errorname", None) or getattr(exc.orig, "sqlstate", None)
    return code in ("SQLITE_INTERRUPT", "57014")


# --- versions ---


Version = tuple[Any, ...]


def version(ledger: Ledger) -> Version:
    """The last of reports, readings, claims, memberships, judgements and undoings.

    It is another whenever any of them comes, and cheap to ask: what costs much can be kept until then.
    """
    with ledger.read() as connection:
        return tuple(connection.execute(_LAST).one())


def judged(ledger: Ledger) -> Version:
    """The last judgement and undoing alone."""
    with ledger.read() as connection:
        return tuple(connection.execute(_LAST_JUDGED).one())


def _last(*columns: Column[Any]) -> Select[Any]:
    return select(*(select(func.max(column)).scalar_subquery() for column in columns))


_JUDGED = (schema.judgements.c.number, schema.judgements.c.revoked_at)
_COMING = (schema.reports, schema.readings, schema.claims, schema.memberships)
_LAST = _last(*(table.c.number for table in _COMING), *_JUDGED)
_LAST_JUDGED = _last(*_JUDGED)
