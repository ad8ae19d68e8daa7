"""Filters to SQL: the templates of `sayso.ledger.filters` with their values bound, never written in.

A filter that looks into another table (words, parties) can be met by three claims or by half of them, and what is quick for the
one is slow for the other: to gather the few and sort them, or to walk along the order and ask each claim. Databases guess which,
mostly wrongly; so a page of answers counts first, up to `FEW` (`counted`). A condition without counts leaves the choice to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    true,
)

from sayso.ledger import schema, words
from sayso.ledger.filters import AS_OF, FOUND_BY_FTS5, FOUND_BY_TSQUERY, STANDING, Filter, Values, Wanted

FEW = 3_000  # claims that are gathered and sorted in some tens of milliseconds
Counts = Mapping[str, bool]  # whether few claims, or reports, meet a filter, by its name
# On SQLite, which guesses worst: the filter whose index is walked, the one that most likely keeps fewest first. The columns of the
# others are kept from being chosen by a plus before them.
_LEADING = ("geonameid", "place", "country", "outlet", "type", "mode", "source_kind", "status")
_NONE = ""  # leads where claims are asked report by report
_ASKED = "claims"  # in `Counts`: whether few claims meet all that is asked of claims


class _Shape(NamedTuple):
    """What a condition is written for."""

    table: str
    on_sqlite: bool
    counts: Counts
    leading: str | None = None


def on_claims(
    wanted: Wanted, *, on_sqlite: bool, counts: Counts | None = None, walked: bool = False
) -> ColumnElement[bool]:
    """The condition on the table of claims; `counts` are those that `counted` found.

    Claims that are `walked` in an order of their own are asked one by one: no filter leads.
    """
    shape = _Shape("claims", on_sqlite, counts or {}, _NONE if walked else _leading(wanted))
    return and_(*_known(wanted), *(_condition(row, given, shape) for row, given in wanted.chosen))


def on_reports(wanted: Wanted, *, on_sqlite: bool, counts: Counts | None = None) -> ColumnElement[bool]:
    """The condition on the table of reports; what is about claims must all hold of one claim."""
    shape = _Shape("reports", on_sqlite, counts or {})
    own = [_condition(row, given, shape) for row, given in wanted.chosen if row.about_reports]
    number, few = schema.reports.c.number, shape.counts.get(_ASKED, True)
    claims = _asked_of_claims(wanted, shape, _leading(wanted) if few else _NONE)
    if claims is not None and few:
        some = select(schema.claims.c.report).where(claims)
        fenced = _ASKED in shape.counts and not on_sqlite
        own.append(number == any_(func.array(some.scalar_subquery())) if fenced else number.in_(some))
    elif claims is not None:
        own.append(exists().where(schema.claims.c.report == number, claims))
    return and_(true(), *own)


def counted(connection: Connection, wanted: Wanted, table: str) -> Counts:
    """Whether few of `table` (claims or reports) meet each of the filters that look into another table."""
    shape = _Shape(table, connection.dialect.name == "sqlite", {})
    counts = {
        row.name: _few(connection, elsewhere)
        for row, given in wanted.chosen
        if (elsewhere := _elsewhere(row, given, shape))
        if not (
            shape.on_sqlite and row.name == "text" and not words.plain(given[0])
        )  # FTS5 is slow to ask them of one text
    }
    if table == "reports" and any(not row.about_reports for row, _ in wanted.chosen):
        counts[_ASKED] = any(few for name, few in counts.items() if name != "text") or _few_asked(
            connection, wanted, shape
        )
    return counts


def _few_asked(connection: Connection, wanted: Wanted, shape: _Shape) -> bool:
    """Whether few claims meet what is asked of their own columns; what is asked elsewhere would take too long to count."""
    own = Wanted(tuple((row, given) for row, given in wanted.chosen if not row.among))
    claims = _asked_of_claims(own, shape, _leading(own))
    if claims is None:
        return False
    some = select(schema.claims.c.number).where(claims).limit(FEW + 1).subquery()
    return bool(connection.execute(select(func.count()).select_from(some)).scalar_one() <= FEW)


def _few(connection: Connection, elsewhere: _Elsewhere) -> bool:
    sql = f"SELECT count(*) FROM ({elsewhere.numbers} LIMIT {FEW + 1}) AS found"  # noqa: S608 - templates of ours
    return int(connection.execute(text(sql).bindparams(_parameter(elsewhere.value))).scalar_one()) <= FEW


def _leading(wanted: Wanted) -> str | None:
    names = {row.name for row, _ in wanted.chosen}
    return next((name for name in _LEADING if name in names), None)


def _asked_of_claims(wanted: Wanted, shape: _Shape, leading: str | None) -> ColumnElement[bool] | None:
    """What is asked of claims where reports are listed; None where nothing is."""
    claims = shape._replace(table="claims", leading=leading)
    asked = [_condition(row, given, claims) for row, given in wanted.chosen if not row.about_reports]
    return and_(*_known(wanted), *asked) if asked else None


def as_read(wanted: Wanted, *, on_sqlite: bool) -> ColumnElement[bool]:
    """The condition on claims as they were read, whether they still stand or people have judged otherwise."""
    shape = _Shape("claims", on_sqlite, {})
    given = [_condition(row, found, shape) for row, found in wanted.chosen if row.name != "as_of"]
    return and_(schema.claims.c.revised.is_(False), *given)


def member(as_of: str | None) -> ColumnElement[bool]:
    """Memberships that stand, or stood at a moment."""
    members = schema.memberships.c
    if as_of is None:
        return members.superseded_at.is_(None)
    return and_(members.known_from <= as_of, or_(members.superseded_at.is_(None), members.superseded_at > as_of))


def _known(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Claims of the readings that stood at the moment asked for."""
    if wanted.as_of is None:
        return [schema.claims.c.superseded_at.is_(None)]
    return [_bound(template.format(table="claims"), wanted.as_of) for template in (AS_OF, STANDING)]


class _Elsewhere(NamedTuple):
    """A look into another table: which `numbers` of claims or reports it gives, as a query, and under which `key`."""

    numbers: str
    key: str
    value: object


def _elsewhere(row: Filter, given: Values, shape: _Shape) -> _Elsewhere | None:
    """How a filter looks into another table; None for one that asks the table itself."""
    if row.name == "text":
        template = FOUND_BY_FTS5 if shape.on_sqlite else FOUND_BY_TSQUERY
        search = words.fts5(given[0]) if shape.on_sqlite else words.tsquery(given[0])
        return _Elsewhere(template.format(table=shape.table), "rowid" if shape.on_sqlite else "number", search)
    return _Elsewhere(row.among, "claim", row.bind(given)) if row.among else None


def _condition(row: Filter, given: Values, shape: _Shape) -> ColumnElement[bool]:
    elsewhere = _elsewhere(row, given, shape)
    if elsewhere is None:
        bound = row.bind(given)
        passed_over = (
            shape.on_sqlite and shape.leading is not None and row.name in _LEADING and row.name != shape.leading
        )
        sql = f"{'+' if passed_over else ''}{row.sql.format(table=shape.table)}"
        return _bound(sql, bound if "IN :values" in row.sql else bound[0])
    return _bound(_looked_up(elsewhere, f"{shape.table}.number", shape, shape.counts.get(row.name)), elsewhere.value)


def _looked_up(elsewhere: _Elsewhere, number: str, shape: _Shape, few: bool | None) -> str:
    """The condition that `number` is among those found elsewhere; PostgreSQL is kept from choosing otherwise."""
    if few is None or (few and shape.on_sqlite):
        return f"{number} IN ({elsewhere.numbers})"
    if few:
        return f"{number} = ANY (ARRAY({elsewhere.numbers}))"
    return f"EXISTS ({elsewhere.numbers} AND {elsewhere.key} = {number}{'' if shape.on_sqlite else ' OFFSET 0'})"


def _bound(sql: str, value: object) -> ColumnElement[bool]:
    return text(f"({sql})").bindparams(_parameter(value))  # type: ignore[return-value]


def _parameter(value: object) -> BindParameter[Any]:
    return bindparam("values", value, expanding=isinstance(value, list), unique=True)
