"""Who among the stored reports was printed from one text: found as each report arrives, and the same in whatever order they do.

How copies are told is no business of a ledger, so it arrives as an argument (`Copies`). What is kept here are signatures, the
keys under which likely copies meet, and for every report the key of its origin: that of the earliest report of its group. Groups
are the connected parts of all pairs that are alike; a report that is like two groups makes them one. So they depend on the set of
reports alone, never on their order, on batches, or on how many programs add at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, text, update

from sayso.ledger import schema, storing, values
from sayso.ledger.connect import Ledger
from sayso.model import Report

Signed = tuple[bytes, Sequence[int]]  # a signature, and the keys under which likely copies meet

_LOCK = (
    0x5361_794F  # held on PostgreSQL from looking for copies to the end of the transaction, so that no union is lost
)
_AT_ONCE = 50
_UNSIGNED = text("NOT signed")


@dataclass(frozen=True, slots=True)
class Copies:
    """How copies are told: `sign` makes the signature of a report, `alike` compares two that were published within `days`."""

    sign: Callable[[Report], Signed]
    alike: Callable[[bytes, bytes], bool]
    days: int


@dataclass(frozen=True, slots=True)
class _Print:
    """A stored report as far as its origin goes."""

    number: int
    key: str
    published: dt.date | None

    @property
    def age(self) -> tuple[dt.date, str]:
        """The earliest stands for its group, of those of one day the one with the smallest key."""
        return self.published or dt.date.max, self.key


def place(connection: Connection, number: int, key: str) -> None:
    """Gives a new report an origin of its own, until it is signed."""
    connection.execute(insert(schema.origins), {"report": number, "origin": key, "signed": False})


def sign(connection: Connection, number: int, report: Report, signed: Signed, copies: Copies) -> None:
    """Stores the signature of a report and joins the groups that it belongs to. To be the last step of a transaction."""
    content, keys = signed
    own = _Print(number, values.report_key(report), report.published)
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    alike = _alike(connection, own, signed, copies)
    connection.execute(insert(schema.signatures), {"report": number, "content": content})
    rows = [{"key": one, "report": number} for one in sorted(set(keys))]
    if rows:
        connection.execute(insert(schema.sketches), rows)
    connection.execute(update(schema.origins).where(schema.origins.c.report == number).values(signed=True))
    _join(connection, own, alike)


def complete(ledger: Ledger, copies: Copies) -> int:
    """Signs the reports that were stored without a signature; how many. Raises `LedgerError`."""
    count = 0
    while found := _unsigned(ledger):
        for number, report in found:
            signed = copies.sign(report)
            with ledger.write() as connection:
                if _still_unsigned(connection, number):
                    sign(connection, number, report, signed, copies)
                    count += 1
    return count


def _unsigned(ledger: Ledger) -> list[tuple[int, Report]]:
    """Some reports without a signature."""
    wanted = select(schema.origins.c.report).where(_UNSIGNED).limit(_AT_ONCE)
    with ledger.read() as connection:
        rows = connection.execute(select(schema.reports).where(schema.reports.c.number.in_(wanted)))
        return [(row["number"], values.report(row)) for row in rows.mappings()]


def _still_unsigned(connection: Connection, number: int) -> bool:
    """Whether no other program was quicker; on PostgreSQL, nobody else can sign it from now on."""
    wanted = select(schema.origins.c.signed).where(schema.origins.c.report == number).with_for_update()
    return not connection.execute(wanted).scalar_one()


def _alike(connection: Connection, own: _Print, signed: Signed, copies: Copies) -> set[str]:
    """The origins of the stored reports that `own` is like. Once it is like one of a group, the others need no look."""
    content, keys = signed
    found: set[str] = set()
    for origin, group in groupby(connection.execute(_candidates(own, keys, copies.days)), key=lambda row: row.origin):
        if any(copies.alike(content, other) for other in _contents(connection, [row.report for row in group])):
            found.add(origin)
    return found


def _candidates(own: _Print, keys: Sequence[int], days: int) -> Select[tuple[int, str]]:
    """Stored reports of about the same time that share a key: group by group, the likeliest first."""
    sketches, origins = schema.sketches.c, schema.origins.c
    wanted = (
        select(sketches.report, origins.origin)
        .join_from(schema.sketches, schema.origins, origins.report == sketches.report)
        .where(sketches.key.in_(keys), sketches.report != own.number)
        .group_by(sketches.report, origins.origin)
        .order_by(origins.origin, func.count().desc(), sketches.report)
    )
    if own.published is None:
        return wanted
    line = schema.reports.c.line
    first, end = values.lines_published(_shifted(own.published, -days), _shifted(own.published, days))
    near = or_(and_(line >= first, line < end), line >= values.UNDATED)
    return wanted.join(schema.reports, schema.reports.c.number == sketches.report).where(near)


def _shifted(day: dt.date, days: int) -> dt.date:
    """`day` moved, as far as there are days."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))


def _contents(connection: Connection, reports: list[int]) -> Iterator[bytes]:
    """Signatures of these reports, in their order; few at a time, for mostly the first one decides."""
    for start in range(0, len(reports), _AT_ONCE):
        some = reports[start : start + _AT_ONCE]
        columns = schema.signatures.c
        query = select(columns.report, columns.content).where(columns.report.in_(some))
        by_report: dict[int, bytes] = dict(connection.execute(query).all())
        yield from (by_report[number] for number in some)


def _join(connection: Connection, own: _Print, alike: set[str]) -> None:
    """Makes one group of the groups of these origins and the report."""
    if not alike:
        return
    reports, column = schema.reports.c, schema.origins.c.origin
    query = select(reports.number, reports.key, reports.published).where(reports.key.in_(sorted(alike)))
    prints = [_Print(number, key, _day(day)) for number, key, day in connection.execute(query)]
    first = min((own, *prints), key=lambda one: one.age).key
    joined = sorted({own.key, *alike} - {first})
    changed = select(schema.origins.c.report).where(column.in_(joined)).scalar_subquery()
    claims = schema.claims.c
    told = select(claims.number).where(claims.report.in_(changed), claims.superseded_at.is_(None))
    storing.unsettle(connection, connection.execute(told).scalars())  # copies are compared as copies
    connection.execute(update(schema.origins).where(column.in_(joined)).values(origin=first))


def _day(published: str | None) -> dt.date | None:
    return dt.date.fromisoformat(published) if published else None
