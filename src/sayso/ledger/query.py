"""Asking a ledger: claims and reports in one order, a page at a time.

The order is that of `sayso.ledger.schema`: newest report first, a report's claims as they stand in its text. A page ends with a
cursor, from which the next one goes on however much was added in between.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Select, Table, func, select, tuple_

from sayso.errors import ConfigError
from sayso.ledger import conditions, filters, schema, values
from sayso.ledger.answers import Answer, paged
from sayso.ledger.connect import Ledger
from sayso.model import Claim, Report, Telling

_CLAIMS_AT_ONCE = 500
_REPORTS_AT_ONCE = 50
_AT_ONCE = 10_000  # values in one question; SQLite takes 32,766

T = TypeVar("T")
_KEY = re.compile("[0-9a-f]{12,64}")  # enough of a report's key to name it


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """Claims in order; `after` is the cursor of the next page, None on the last."""

    found: tuple[Telling, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A report with its reading, and what the ledger keeps beside it.

    `origin` is the key of the report that it and its copies were printed from, `prints` how many of that text the ledger has.
    """

    report: Report
    version: str | None
    known_from: str
    origin: str | None
    prints: int
    raw: str | None


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """Reports in order; `after` is the cursor of the next page, None on the last."""

    found: tuple[Stored, ...]
    after: str | None


# --- claims ---


def claims(ledger: Ledger, *, limit: int | None = None, after: str | None = None, **asked: Any) -> Answer[Telling]:
    """Claims that meet the filters, whose names are those of `filters.FILTERS`: ``claims(ledger, type="COERCE", country=["ML"])``.

    They are fetched as they are looked at; each page is its own transaction, so that a long listing keeps no writer waiting.
    Raises `ConfigError` for a filter or value that there is not; looking at them raises `LedgerError`, and `ConfigError` for a
    cursor that there is not.
    """
    wanted = filters.wanted(asked)
    return Answer(
        lambda: _claims(ledger, wanted, limit, after), lambda: count_claims(ledger, wanted), "claims", wanted.phrase
    )


def _claims(ledger: Ledger, wanted: filters.Wanted, limit: int | None, after: str | None) -> Iterator[Telling]:
    return paged(
        lambda size, start: claims_page(ledger, wanted, limit=size, after=start),
        at_once=_CLAIMS_AT_ONCE,
        limit=limit,
        after=after,
    )


def claims_page(ledger: Ledger, wanted: filters.Wanted, *, limit: int, after: str | None = None) -> ClaimsPage:
    """Up to `limit` claims after the cursor."""
    with ledger.read() as connection:
        counts = conditions.counted(connection, wanted, "claims")
        such = conditions.on_claims(wanted, on_sqlite=ledger.on_sqlite, counts=counts)
        query = _paged(select(schema.claims).where(such), schema.claims, limit, after)
        rows = connection.execute(query).mappings().all()
        following = _cursor(rows, limit)
        found = _tellings(connection, rows[:limit], wanted.as_of)
    return ClaimsPage(tuple(found), following)


def tellings(
    connection: Connection, numbers: Iterable[int], as_of: str | None = None, *, only_standing: bool = False
) -> dict[int, Telling]:
    """The claims of these numbers in the order of all, by number; `as_of` says which incidents are named."""
    rows = rows_of(connection, schema.claims, schema.claims.c.number, numbers)
    if only_standing:
        rows = [row for row in rows if row["superseded_at"] is None]
    rows.sort(key=lambda row: (row["line"], row["number"]))
    return dict(zip((row["number"] for row in rows), _tellings(connection, rows, as_of), strict=True))


def _tellings(connection: Connection, rows: Sequence[RowMapping], as_of: str | None) -> list[Telling]:
    """Claims from their rows, each with its report, origin and incident."""
    numbers = [row["number"] for row in rows]
    texts = {row["report"] for row in rows}
    reports, parties = _reports_of(connection, texts), _parties_of(connection, numbers)
    origins = _origins_of(connection, texts)
    incidents = _incidents_of(connection, numbers, as_of)
    return [
        Telling(
            reports[row["report"]],
            values.claim(row, parties[row["number"]]),
            origins.get(row["report"]),
            incidents.get(row["number"]),
        )
        for row in rows
    ]


def _incidents_of(connection: Connection, claims: list[int], as_of: str | None) -> dict[int, str]:
    """The id of the incident that each claim belongs to, or belonged to at a moment."""
    members = schema.memberships.c
    joined = (
        select(members.claim, schema.incidents.c.id)
        .join_from(schema.memberships, schema.incidents, members.incident == schema.incidents.c.number)
        .where(conditions.member(as_of))
    )
    return {
        claim: incident
        for some in chunks(claims)
        for claim, incident in connection.execute(joined.where(members.claim.in_(some)))
    }


def rows_of(connection: Connection, table: Table, column: Column[Any], wanted: Iterable[Any]) -> list[RowMapping]:
    """The rows of `table` whose `column` has one of the values, however many those are."""
    return [
        row for some in chunks(wanted) for row in connection.execute(select(table).where(column.in_(some))).mappings()
    ]


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Values in lists of a length that both databases take in one question."""
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def count_claims(ledger: Ledger, wanted: filters.Wanted) -> int:
    """How many claims meet the filters."""
    with ledger.read() as connection:
        return connection.execute(
            select(func.count())
            .select_from(schema.claims)
            .where(conditions.on_claims(wanted, on_sqlite=ledger.on_sqlite))
        ).scalar_one()


# --- reports ---


def reports(ledger: Ledger, *, limit: int | None = None, after: str | None = None, **asked: Any) -> Iterator[Stored]:
    """Reports that meet the filters, each with all its claims; filters about claims keep reports that have such a claim.

    Raises as `claims` does.
    """
    wanted = filters.wanted(asked)
    return paged(
        lambda size, start: reports_page(ledger, wanted, limit=size, after=start),
        at_once=_REPORTS_AT_ONCE,
        limit=limit,
        after=after,
    )


def reports_page(ledger: Ledger, wanted: filters.Wanted, *, limit: int, after: str | None = None) -> ReportsPage:
    """Up to `limit` reports after the cursor, with what was read in them as of the moment asked for."""
    with ledger.read() as connection:
        counts = conditions.counted(connection, wanted, "reports")
        such = conditions.on_reports(wanted, on_sqlite=ledger.on_sqlite, counts=counts)
        query = _paged(select(schema.reports).where(such), schema.reports, limit, after)
        rows = connection.execute(query).mappings().all()
        following = _cursor(rows, limit)
        found = _stored(connection, rows[:limit], wanted.as_of)
    return ReportsPage(tuple(found), following)


def report(ledger: Ledger, name: str, *, as_of: str | None = None) -> Stored | None:
    """The report of that id, or whose key (`values.report_key`) begins with `name`, with all that was read in it.

    Ids are the users' own and may repeat: of several reports with one id, the first that was added.
    """
    columns = schema.reports.c
    named = select(schema.reports).where(columns.id == name).order_by(columns.number).limit(1)
    keyed = select(schema.reports).where(columns.key.between(name, f"{name}g")).order_by(columns.number).limit(1)
    with ledger.read() as connection:
        rows = connection.execute(named).mappings().all()
        if not rows and _KEY.fullmatch(name):
            rows = connection.execute(keyed).mappings().all()
        return next(iter(_stored(connection, rows, as_of)), None)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a claim stands: the key of its report, from when until when it was held."""

    report: str
    known_from: str
    superseded_at: str | None


def whereabouts(ledger: Ledger, claim: str) -> Whereabouts | None:
    """Where the claim of that id is, its latest row if it was held more than once."""
    columns = schema.claims.c
    query = (
        select(schema.reports.c.key, columns.known_from, columns.superseded_at)
        .join(schema.reports, schema.reports.c.number == columns.report)
        .where(columns.id == claim)
        .order_by(columns.number.desc())
        .limit(1)
    )
    with ledger.read() as connection:
        row = connection.execute(query).first()
    return Whereabouts(*row) if row else None


def _stored(connection: Connection, rows: Sequence[RowMapping], as_of: str | None) -> list[Stored]:
    numbers = [row["number"] for row in rows]
    readings = _readings_of(connection, numbers, as_of)
    read = {reading["report"]: reading for reading in readings}
    by_reading = read_in(connection, [reading["number"] for reading in readings], as_of)
    origins = _origins_of(connection, numbers)
    prints = _prints_of(connection, set(origins.values()))
    stored = []
    for row in rows:
        report, reading = values.report(row), read.get(row["number"])
        if reading is not None:
            report = replace(report, **by_reading[reading["number"]], issues=values.issues(reading["issues"]))
        version = reading["version"] if reading is not None else None
        origin = origins.get(row["number"])
        stored.append(Stored(report, version, row["known_from"], origin, prints.get(origin, 1), row["raw"]))
    return stored


def _readings_of(connection: Connection, reports: list[int], as_of: str | None) -> Sequence[RowMapping]:
    query = select(schema.readings).where(schema.readings.c.report.in_(reports), _stood(schema.readings, as_of))
    return connection.execute(query).mappings().all()


def _stood(table: Table, as_of: str | None) -> ColumnElement[bool]:
    """That a row stands, or stood at that moment."""
    if as_of is None:
        return table.c.superseded_at.is_(None)
    return (table.c.known_from <= as_of) & (table.c.superseded_at.is_(None) | (table.c.superseded_at > as_of))


def claims_of(connection: Connection, wanted: ColumnElement[bool]) -> list[tuple[RowMapping, Claim]]:
    """Claims with their rows, in the order of all."""
    columns = schema.claims.c
    rows = (
        connection.execute(select(schema.claims).where(wanted).order_by(columns.line, columns.number)).mappings().all()
    )
    parties = _parties_of(connection, [row["number"] for row in rows])
    return [(row, values.claim(row, parties[row["number"]])) for row in rows]


def read_in(connection: Connection, readings: list[int], as_of: str | None = None) -> dict[int, dict[str, Any]]:
    """The fields of a report that a reading gives, for each reading, with the claims that stood."""
    by_reading: dict[int, list[Claim]] = defaultdict(list)
    columns, known = schema.claims.c, schema.readings.c
    reports = select(known.report).where(known.number.in_(readings))  # claims are found by their reports
    wanted = columns.report.in_(reports) & columns.reading.in_(readings) & _stood(schema.claims, as_of)
    for row, claim in claims_of(connection, wanted):
        by_reading[row["reading"]].append(claim)
    mentions = _grouped(connection, schema.mentions, readings)
    attributions = _grouped(connection, schema.attributions, readings)
    return {
        reading: {
            "claims": tuple(by_reading[reading]),
            "mentions": values.mentions(mentions.get(reading, ())),
            "attributions": values.attributions(attributions.get(reading, ())),
        }
        for reading in readings
    }


def _grouped(connection: Connection, table: Table, readings: list[int]) -> dict[int, list[RowMapping]]:
    """The rows of a table that belong to each reading, in the order of its key."""
    rows = connection.execute(
        select(table).where(table.c.reading.in_(readings)).order_by(*table.primary_key.columns)
    ).mappings()
    return {reading: list(group) for reading, group in groupby(rows, key=lambda row: row["reading"])}


def _reports_of(connection: Connection, numbers: Iterable[int]) -> dict[int, Report]:
    rows = rows_of(connection, schema.reports, schema.reports.c.number, numbers)
    return {row["number"]: values.report(row) for row in rows}


def _origins_of(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """The origin of each of these reports."""
    rows = rows_of(connection, schema.origins, schema.origins.c.report, numbers)
    return {row["report"]: row["origin"] for row in rows}


def _prints_of(connection: Connection, origins: set[str]) -> dict[str | None, int]:
    """How many reports have each of these origins."""
    column = schema.origins.c.origin
    query = select(column, func.count()).where(column.in_(origins)).group_by(column)
    return dict(connection.execute(query).all())


def _parties_of(connection: Connection, claims: list[int]) -> dict[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    rows = rows_of(connection, schema.parties, schema.parties.c.claim, claims)
    for row in sorted(rows, key=lambda row: (row["claim"], row["role"], row["position"])):
        found[row["claim"]].append(row)
    return found


# --- failures ---


@dataclass(frozen=True, slots=True)
class NotRead:
    """A source that once gave no report, and why."""

    source: str
    message: str
    first_seen: str


def failures(ledger: Ledger) -> list[NotRead]:
    """All that ever failed, by source."""
    columns = schema.failures.c
    query = select(columns.source, columns.message, columns.first_seen).order_by(columns.source, columns.message)
    with ledger.read() as connection:
        return sorted((NotRead(*row) for row in connection.execute(query)), key=lambda row: (row.source, row.message))


# --- pages ---


def _paged(query: Select[Any], table: Table, limit: int, after: str | None) -> Select[Any]:
    """One more than `limit`, to know whether there is more."""
    if after is not None:
        line, number = _parsed(after)
        query = query.where(tuple_(table.c.line, table.c.number) > (line, number))
    return query.order_by(table.c.line, table.c.number).limit(limit + 1)


def _cursor(rows: Sequence[RowMapping], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return f"{last['line']}.{last['number']}"


def _parsed(cursor: str) -> tuple[int, int]:
    line, _, number = cursor.partition(".")
    if not (line.isascii() and line.isdecimal() and number.isascii() and number.isdecimal() and len(cursor) < 40):
        raise ConfigError(f"{cursor!r} is no place to go on from; give what the listing before it ended with")
    return int(line), int(number)
