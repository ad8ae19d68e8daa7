"""Opening a ledger: a SQLite file by path, a PostgreSQL database by address, made and brought up to date where needed.

SQLite keeps its rollback journal whatever its version: releases before 3.51.3 (but 3.50.7 and 3.44.6) can lose committed writes in
write-ahead mode with two connections, and Python often brings an older one. Writers take the lock at BEGIN and wait for it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from sayso.errors import ConfigError, LedgerError
from sayso.ledger.faults import told
from sayso.ledger.grouping.rules import Rules

DEFAULT = "sayso.db"
PATIENCE = 60.0  # seconds that a writer waits for another; eight writers of the tests never wait for more than a few
HEAD = "0005"  # the newest migration; a test keeps it true
MARK = 0x5361_7953  # application_id of a SQLite ledger: "SayS"
_OLDEST_SQLITE = (3, 35, 0)  # RETURNING
_CACHE_KIB = 32_000
_ADVISORY_LOCK = 0x5361_7953  # held on PostgreSQL while migrations run
_NOT_A_PATH = ("postgresql:", "postgres:", "postgresql+psycopg:")


class Ledger:
    """An open ledger. `read` and `write` give a connection within one transaction; `name` is how messages call it.

    `rules` say how claims are brought together; a ledger without them can be asked, but gets no new incidents or judgements.
    Use `open_ledger` to make one, and `close` (or ``with``) when done.
    """

    def __init__(self, engine: Engine, name: str, rules: Rules | None = None) -> None:
        self.engine = engine
        self.name = name
        self.rules = rules

    @property
    def on_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads. Raises `LedgerError`."""
        with told(self.name), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, all or nothing, that waits for other writers at its start. Raises `LedgerError`."""
        with (
            told(self.name),
            self.engine.connect().execution_options(sayso_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Closes its connections."""
        self.engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_ledger(
    where: str | Path = DEFAULT, *, create: bool = False, patience: float = PATIENCE, rules: Rules | None = None
) -> Ledger:
    """The ledger at a path or ``postgresql://`` address. `create` makes it where there is none.

    `patience` is how many seconds to wait for other writers; `rules` are those of `Ledger`. Raises `LedgerError` where it cannot be
    opened, is no ledger, or was written by a newer Sayso; `ConfigError` for an address that is none.
    """
    ledger = _postgres(str(where), patience) if str(where).startswith(_NOT_A_PATH) else _sqlite(where, create, patience)
    ledger.rules = rules
    try:
        _prepare(ledger, create)
    except BaseException:
        ledger.close()
        raise
    return ledger


# --- SQLite ---


def sqlite_safe_in_wal(version: tuple[int, int, int]) -> bool:
    """Whether two connections may share a file in write-ahead mode without losing commits."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def _sqlite(where: str | Path, create: bool, patience: float) -> Ledger:
    if "://" in str(where):
        raise ConfigError(f"{where}: a ledger is the path of a file, or an address that begins with postgresql://")
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise LedgerError(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or newer is needed")
    path = Path(where)
    if not create and not path.exists():
        raise LedgerError(f"{path}: there is no such ledger; `sayso add SOURCE... --ledger {path}` makes one")
    if path.is_dir():
        raise LedgerError(f"{path}: a folder, not a ledger; name a file in it")
    address = f"file:{quote(str(path.absolute()))}?mode={'rwc' if create else 'rw'}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode = TRUNCATE",
            "foreign_keys = ON",
            "synchronous = FULL",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return Ledger(engine, str(where))


def _begin(connection: Connection) -> None:
    """The driver begins nothing by itself; a writer takes the lock now, so that it never fails half-way."""
    writes = connection.get_execution_options().get("sayso_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_mark(ledger: Ledger) -> None:
    """Checks that a file is a ledger or empty."""
    with told(ledger.name), ledger.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        mark = driver.execute("PRAGMA application_id").fetchone()[0]
        tables = driver.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and mark != MARK:
            raise LedgerError(f"{ledger.name}: a SQLite database of another program; name another file with --ledger")


# --- PostgreSQL ---


def _postgres(where: str, patience: float) -> Ledger:
    try:
        url = make_url(where)
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), connect_args={"connect_timeout": max(2, int(min(patience, 10)))}
        )
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as exc:
        raise ConfigError(f"{where}: not an address of a database ({exc})") from exc
    milliseconds = int(patience * 1000)

    @event.listens_for(engine, "connect")
    def _settings(connection: object, _record: object) -> None:
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"SET lock_timeout = {milliseconds}")
        connection.commit()  # type: ignore[attr-defined]

    return Ledger(engine, url.render_as_string(hide_password=True))


# --- both ---


def _prepare(ledger: Ledger, create: bool) -> None:
    """Brings the schema up to date; two programs that do so at once wait for each other."""
    if ledger.on_sqlite:
        _check_mark(ledger)
    found = _revision(ledger)
    if found == HEAD:
        return
    if found is None and not create:
        raise LedgerError(
            f"{ledger.name}: empty, not a ledger; `sayso add SOURCE... --ledger {ledger.name}` makes it one"
        )
    if found is not None and not _known(found):
        raise LedgerError(
            f"{ledger.name}: written by a newer Sayso (schema {found}, this one knows {HEAD}); upgrade Sayso to use it"
        )
    _upgrade(ledger)


def _known(revision: str) -> bool:
    folder = Path(__file__).parent / "migrations" / "versions"
    return any(name.startswith(f"{revision}_") for name in os.listdir(folder))


def _revision(ledger: Ledger) -> str | None:
    """The migration that the ledger is at, None for an empty database."""
    with ledger.read() as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(ledger: Ledger) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second, needed once in the life of a ledger
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with ledger.write() as connection:
        if not ledger.on_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        if _revision_of(connection) == HEAD:  # another program was quicker
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if ledger.on_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {MARK}")
