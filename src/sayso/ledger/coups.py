"""Coups as reports tell them: conspiracies, attempts and seizures of power by country and year, each with who says so.

Who denies a coup tells of none: a denial makes no incident a conspiracy, attempt or seizure of power, and is counted apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, and_, func, or_, select

from sayso.ledger import conditions, filters, query, schema
from sayso.ledger.connect import Ledger
from sayso.model import Status, Telling

NEWEST = 10_000  # claims looked at


@dataclass(frozen=True, slots=True)
class Year:
    """What reports tell of coups in one country and year, by how far they went: incidents, and claims with their texts.

    `denied` is how many of them somebody denies, those of which nobody tells otherwise included; `claims` has denials too.
    """

    country: str | None
    year: str | None
    incidents: Mapping[str, int]  # conspiracy, attempt, realized, or "" where that is not said
    denied: int
    claims: int
    origins: int


def by_year(ledger: Ledger, wanted: filters.Wanted) -> tuple[tuple[Year, ...], int]:
    """Coups by country and year, newest year first, and from how many of the newest claims.

    The year is that of the claim's own date, or of publication where it gives none and is no background. Claims that nobody
    has brought together count as an incident each.
    """
    columns, members, reports = schema.claims.c, schema.memberships.c, schema.reports.c
    joined = (
        select(
            columns.number, columns.country, columns.mode, columns.status, columns.historical, columns.date_first,
            reports.published, members.incident, func.coalesce(schema.origins.c.origin, reports.key).label("origin"),
        )
        .join(schema.reports, columns.report == reports.number)
        .outerjoin(schema.memberships, (members.claim == columns.number) & conditions.member(wanted.as_of))
        .outerjoin(schema.origins, schema.origins.c.report == columns.report)
        .where(conditions.on_claims(wanted, on_sqlite=ledger.on_sqlite), columns.type == "COUP")
        .order_by(columns.line, columns.number)
        .limit(NEWEST)
    )  # fmt: skip
    with ledger.read() as connection:
        rows = connection.execute(joined).mappings().all()
    together: dict[tuple[str | None, str | None], list[RowMapping]] = defaultdict(list)
    for row in rows:
        together[row["country"], _year(row)].append(row)
    denied = {_one(row) for row in rows if row["status"] == Status.NEGATED}
    found = [_of_year(country, year, told, denied) for (country, year), told in together.items()]
    return tuple(sorted(found, key=lambda one: (one.country or "~", _down(one.year)))), len(rows)


def _year(row: RowMapping) -> str | None:
    if row["date_first"]:
        return str(row["date_first"])[:4]
    return None if row["historical"] or not row["published"] else str(row["published"])[:4]


def _down(year: str | None) -> int:
    return -int(year) if year else 1


def _one(row: RowMapping) -> tuple[str, int]:
    """The incident that a claim belongs to; by itself where nobody has brought it together with others."""
    return ("incident", row["incident"]) if row["incident"] else ("claim", row["number"])


def _of_year(country: str | None, year: str | None, rows: Sequence[RowMapping], denied: set[tuple[str, int]]) -> Year:
    incidents: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for row in rows:
        if row["status"] != Status.NEGATED:
            incidents[row["mode"] or ""].add(_one(row))
    return Year(
        country,
        year,
        {mode: len(found) for mode, found in incidents.items()},
        len({_one(row) for row in rows} & denied),
        len(rows),
        len({r["origin"] for r in rows}),
    )


def of_year(
    ledger: Ledger, country: str | None, year: str | None, *, limit: int = 300, denials: bool = False
) -> tuple[Telling, ...]:
    """The claims of one country and year of `by_year`, newest first, each with its report and who says so.

    With `denials` also those who deny what is told there without naming its country or year.
    """
    columns, reports = schema.claims.c, schema.reports.c
    dated = func.substr(columns.date_first, 1, 4)
    published = columns.date_first.is_(None) & columns.historical.is_(False)
    in_year = (
        or_(dated == year, published & (func.substr(reports.published, 1, 4) == year))
        if year
        else columns.date_first.is_(None) & or_(columns.historical.is_(True), reports.published.is_(None))
    )
    such = and_(
        columns.superseded_at.is_(None),
        columns.type == "COUP",
        columns.country == country if country else columns.country.is_(None),
        in_year,
    )
    wanted = select(columns.number).join(schema.reports, columns.report == reports.number).where(such)
    with ledger.read() as connection:
        numbers = connection.execute(wanted.order_by(columns.line, columns.number).limit(limit)).scalars().all()
        if denials:
            numbers = [*numbers, *(one for one in _denials(connection, numbers) if one not in set(numbers))]
        return tuple(query.tellings(connection, numbers).values())


def _denials(connection: Connection, claims: Sequence[int]) -> list[int]:
    """The claims that deny what the incidents of these claims tell, newest first."""
    columns, members = schema.claims.c, schema.memberships.c
    current = members.superseded_at.is_(None)
    found: list[int] = []
    for some in query.chunks(claims):
        theirs = select(members.incident).where(members.claim.in_(some), current)
        such = (
            select(columns.number)
            .join(schema.memberships, (members.claim == columns.number) & current)
            .where(members.incident.in_(theirs), columns.superseded_at.is_(None))
            .where(columns.type == "COUP", columns.status == Status.NEGATED)
            .order_by(columns.line, columns.number)
        )
        found += connection.execute(such).scalars()
    return list(dict.fromkeys(found))
