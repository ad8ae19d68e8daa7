"""Which state of a ledger an answer was drawn from: what an export says of itself, and what a pack of evidence adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from sayso.ledger import schema, values
from sayso.ledger.connect import HEAD, Ledger
from sayso.model import Report, SourceKind, Span


@dataclass(frozen=True, slots=True)
class Edition:
    """`moment` is when the last thing in it became known, None for an empty ledger; `readers` the versions whose claims stand."""

    schema: str
    moment: str | None
    readers: tuple[str, ...]


def edition(ledger: Ledger, as_of: str | None = None) -> Edition:
    """The state of a ledger now, or as it was at a moment; it depends on what is stored and on nothing else."""
    reports, readings, claims = schema.reports.c, schema.readings.c, schema.claims.c
    incidents = schema.incidents.c
    moments = [reports.known_from, readings.known_from, claims.known_from, claims.superseded_at, incidents.changed_at]
    stands: ColumnElement[bool] = readings.superseded_at.is_(None)
    if as_of is not None:
        stands = and_(readings.known_from <= as_of, or_(stands, readings.superseded_at > as_of))
    with ledger.read() as connection:
        found = [connection.execute(_last(moment, as_of)).scalar() for moment in moments]
        versions = connection.execute(select(readings.version).where(stands).distinct()).scalars()
        return Edition(HEAD, max((moment for moment in found if moment), default=None), tuple(sorted(versions)))


def _last(moment: ColumnElement[str], as_of: str | None) -> Select[Any]:
    wanted = select(func.max(moment))
    return wanted if as_of is None else wanted.where(moment <= as_of)


def original(ledger: Ledger, report: Report) -> bytes | None:
    """The bytes that a report was read from, None where they were not kept."""
    wanted = (
        select(schema.raw.c.content)
        .join(schema.reports, schema.reports.c.raw == schema.raw.c.digest)
        .where(schema.reports.c.id == report.id, schema.reports.c.text == report.text)
        .limit(1)
    )
    with ledger.read() as connection:
        found: bytes | None = connection.execute(wanted).scalar()
    return found


def informants(
    ledger: Ledger, reports: Iterable[Report], as_of: str | None = None
) -> Callable[[Report], tuple[Span, ...]]:
    """Where these reports describe informants whom they do not name: in any claim that was read in them by then."""
    keys = {(report.id, report.outlet, report.text): values.report_key(report) for report in reports}
    claims, columns = schema.claims.c, schema.reports.c
    found: dict[str, list[Span]] = defaultdict(list)
    with ledger.read() as connection:
        known = select(columns.number, columns.key).where(columns.key.in_(set(keys.values())))
        numbers = {row.number: row.key for row in connection.execute(known)}
        # Nothing but the report is asked for, so that no database goes by the kind of source, of which there are too many.
        read = select(claims.report, claims.source_kind, claims.source_start, claims.source_stop, claims.known_from)
        for row in connection.execute(read.where(claims.report.in_(numbers))):
            secret = row.source_kind == SourceKind.ANONYMOUS and row.source_start is not None
            if secret and (as_of is None or row.known_from <= as_of):
                found[numbers[row.report]].append(Span(row.source_start, row.source_stop))
    return lambda report: tuple(found.get(keys.get((report.id, report.outlet, report.text), ""), ()))
