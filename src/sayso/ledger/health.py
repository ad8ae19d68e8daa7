"""Whether a ledger can be trusted: its database, its schema, and whether it is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from sayso.errors import SaysoError
from sayso.ledger import schema
from sayso.ledger.connect import HEAD, Ledger, open_ledger, sqlite_safe_in_wal
from sayso.ledger.faults import told
from sayso.ledger.team import audit

_COUNTED = (schema.reports, schema.claims, schema.failures)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is as it should be, and what was found."""

    name: str
    ok: bool
    said: str


def ledger_checks(where: str) -> Iterator[Check]:
    """What is found of the database library, and of the ledger at `where`. A ledger that there is not yet is no problem."""
    yield _sqlite()
    if "://" not in where and not Path(where).exists():
        yield Check("ledger", True, f"{where}: none there yet; `sayso add SOURCE...` makes one")
        return
    try:
        with open_ledger(where) as ledger:
            yield Check("ledger", True, f"{ledger.name}: {_server(ledger)}schema {HEAD}, {_contents(ledger)}")
            yield from _whole(ledger)
    except SaysoError as exc:
        yield Check("ledger", False, str(exc))


def _sqlite() -> Check:
    major, minor, patch = sqlite3.sqlite_version_info
    safe = sqlite_safe_in_wal((major, minor, patch))
    said = "" if safe else "; its write-ahead mode can lose commits, which does not matter here"
    return Check("sqlite", True, f"{sqlite3.sqlite_version}, used with the rollback journal{said}")


def _server(ledger: Ledger) -> str:
    """The version of a server that keeps the ledger."""
    if ledger.on_sqlite:
        return ""
    with ledger.read() as connection:
        return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()}, "


def _several(count: int, things: str) -> str:
    """So many of something, named in the plural as tables are: "1 report", "1,200 reports"."""
    return f"{count:,} {things.removesuffix('s') if count == 1 else things}"


def _without(count: int) -> str:
    return f"{_several(count, 'reports')} without one"


def _contents(ledger: Ledger) -> str:
    with ledger.read() as connection:
        return ", ".join(
            _several(connection.execute(select(func.count()).select_from(table)).scalar_one(), table.name)
            for table in _COUNTED
        )


def _log(ledger: Ledger) -> Check:
    """Whether the audit log of the desk is as it was written."""
    found = audit.chain(ledger)
    if found.broken is not None:
        return Check("audit log", False, f"row {found.broken} was changed, or rows before it were taken out")
    return Check("audit log", True, f"{_fit(found.rows)}; the last digest is {found.last}")


def _fit(rows: int) -> str:
    return "1 row, and it is as it was written" if rows == 1 else f"{rows:,} rows fit one another"


def _whole(ledger: Ledger) -> Iterator[Check]:
    """Every page and index of a SQLite file; on both databases, that what belongs together is there."""
    if ledger.on_sqlite:
        with told(ledger.name), ledger.engine.connect() as connection:
            found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(5)"))]
            found += [
                f"row {row[1]} of {row[0]} refers to nothing"
                for row in connection.execute(text("PRAGMA foreign_key_check"))
            ][:5]
        yield Check(
            "integrity", found == ["ok"], "every page and index is whole" if found == ["ok"] else "; ".join(found)
        )
    yield _log(ledger)
    readings, reports = schema.readings.c, schema.reports.c
    current = select(readings.report).where(readings.superseded_at.is_(None))
    with ledger.read() as connection:
        unread = connection.execute(select(func.count()).where(reports.number.not_in(current))).scalar_one()
    yield Check("readings", unread == 0, _without(unread) if unread else "every report has one that stands")
    yield _origins(ledger)


def _origins(ledger: Ledger) -> Check:
    """Whether every report has an origin; one that was not compared yet is no fault."""
    reports, origins = schema.reports.c, schema.origins.c
    with ledger.read() as connection:
        without = select(func.count()).where(reports.number.not_in(select(origins.report)))
        missing = connection.execute(without).scalar_one()
        waiting = connection.execute(
            select(func.count()).select_from(schema.origins).where(text("NOT signed"))
        ).scalar_one()
    if missing:
        return Check("origins", False, _without(missing))
    are = "is" if waiting == 1 else "are"
    later = f"; {waiting:,} {are} compared with the others when something is added next" if waiting else ""
    return Check("origins", True, f"every report has one{later}")
