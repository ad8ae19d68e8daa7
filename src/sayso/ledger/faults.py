"""What a database says when it fails, to a `LedgerError` that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sayso.errors import LedgerError

_KEPT = "everything stored before is kept, and the same command goes on where it stopped"

_RESCUE = 'damaged; copy it, save what it holds (sqlite3 COPY ".recover" | sqlite3 RESCUED), or add the sources again to a new one'

# Names of SQLite's result codes, by how they begin, to what it means for the user.
_SQLITE = (
    ("SQLITE_FULL", f"no room left on the disk; make some, then run the command again: {_KEPT}"),
    ("SQLITE_IOERR", f"the disk did not take or give what was asked (full, over quota, or failing); {_KEPT}"),
    (
        "SQLITE_READONLY",
        "may not be written; check the permissions of the file and of its folder, or name another with --ledger",
    ),
    (
        "SQLITE_PERM",
        "may not be opened; check the permissions of the file and of its folder, or name another with --ledger",
    ),
    (
        "SQLITE_CANTOPEN",
        "cannot be opened; check that its folder exists and may be written, or name another with --ledger",
    ),
    (
        "SQLITE_BUSY",
        f"in use by another program, which did not let go of it in time; try again when that is done: {_KEPT}",
    ),
    (
        "SQLITE_LOCKED",
        f"in use by another program, which did not let go of it in time; try again when that is done: {_KEPT}",
    ),
    ("SQLITE_NOTADB", "not a ledger, nor any SQLite database; name another with --ledger"),
    ("SQLITE_CORRUPT", _RESCUE),
)

# Classes or codes of PostgreSQL's SQLSTATE, the longer ones first.
_POSTGRES = (
    ("53100", f"no room left on the server's disk; make some, then run the command again: {_KEPT}"),
    ("53300", "the server has no connection free; run fewer commands at once"),
    ("25006", "the server or this connection only reads; name a primary server with --ledger"),
    ("42501", "the user of this address may not do that there; grant it the rights, or name another with --ledger"),
    ("55P03", f"in use by another program, which did not let go of it in time; try again when that is done: {_KEPT}"),
    ("57014", f"in use by another program, which did not let go of it in time; try again when that is done: {_KEPT}"),
    ("XX00", "damaged, the server says; restore it from a backup"),
)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turns errors of the database into `LedgerError`, with the name of the ledger `where` and what to do."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as exc:
        raise LedgerError(f"{where}: {_meaning(exc)}") from exc


def _meaning(exc: Exception) -> str:
    cause: BaseException = exc.orig if isinstance(exc, DBAPIError) and exc.orig is not None else exc
    for attribute, meanings in (("sqlite_errorname", _SQLITE), ("sqlstate", _POSTGRES)):
        code = getattr(cause, attribute, None) or ""
        for begin, said in meanings:
            if code.startswith(begin):
                return said
    first_line = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    if type(cause).__module__.startswith("psycopg"):
        advice = f"check the address, and that the database was made; {_KEPT}"
        return f"the server cannot be reached, or refused ({first_line}); {advice}"
    return f"{first_line}; {_KEPT}"
