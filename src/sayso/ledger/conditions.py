"""Filters to SQL: the templates of `sayso.ledger.filters` with their values bound, never written in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select, text, true

from sayso.ledger import schema, words
from sayso.ledger.filters import AS_OF, FOUND_BY_FTS5, FOUND_BY_TSQUERY, STANDING, Filter, Values, Wanted


def on_claims(wanted: Wanted, *, on_sqlite: bool) -> ColumnElement[bool]:
    """The condition on the table of claims."""
    return and_(*_known(wanted), *(_condition(row, given, "claims", on_sqlite) for row, given in wanted.chosen))


def on_reports(wanted: Wanted, *, on_sqlite: bool) -> ColumnElement[bool]:
    """The condition on the table of reports; what is about claims must all hold of one claim."""
    own = [_condition(row, given, "reports", on_sqlite) for row, given in wanted.chosen if row.about_reports]
    asked = [_condition(row, given, "claims", on_sqlite) for row, given in wanted.chosen if not row.about_reports]
    if asked:
        own.append(schema.reports.c.number.in_(select(schema.claims.c.report).where(*_known(wanted), *asked)))
    return and_(true(), *own)


def as_read(wanted: Wanted, *, on_sqlite: bool) -> ColumnElement[bool]:
    """The condition on claims as they were read, whether they still stand or people have judged otherwise."""
    given = [_condition(row, found, "claims", on_sqlite) for row, found in wanted.chosen if row.name != "as_of"]
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


def _condition(row: Filter, given: Values, table: str, on_sqlite: bool) -> ColumnElement[bool]:
    if row.name == "text":
        found, search = (
            (FOUND_BY_FTS5, words.fts5(given[0])) if on_sqlite else (FOUND_BY_TSQUERY, words.tsquery(given[0]))
        )
        return _bound(row.sql.format(table=table, found=found.format(table=table)), search)
    bound = row.bind(given)
    return _bound(row.sql.format(table=table), bound if "IN :values" in row.sql else bound[0])


def _bound(sql: str, value: object) -> ColumnElement[bool]:
    parameter: BindParameter[Any] = bindparam("values", value, expanding=isinstance(value, list), unique=True)
    return text(f"({sql})").bindparams(parameter)  # type: ignore[return-value]
