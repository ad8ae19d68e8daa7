"""Stopped, starved, locked or crowded, a ledger loses nothing, and ends as one that nothing happened to."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import multiprocessing
import random
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from tests.ledger import invented

from sayso import layout
from sayso.errors import LedgerError
from sayso.ingest.origins import DAYS_APART, alike, sign
from sayso.ledger import Copies, Fate, Ledger, Writer, add, claims, open_ledger, reports, schema
from sayso.ledger.health import ledger_checks

FORK = multiprocessing.get_context("fork")  # a child is at work within a millisecond
COPIES = Copies(sign, alike, DAYS_APART)
KILLS = 12  # on each database
COUNT = 60


def exported(book: Ledger) -> bytes:
    """Everything that a ledger gives, as its exports write it."""
    out = io.StringIO()
    for stored in reports(book):
        row = layout.report_json(stored.report) | {"origin": stored.origin, "prints": stored.prints}
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    table = csv.writer(out)
    for found in claims(book):
        table.writerows(
            (*row.values(), found.origin) for row in layout.rows(replace(found.report, claims=(found.claim,)))
        )
    return out.getvalue().encode()


def expected(count: int, folder: Path) -> bytes:
    """The export of a ledger to which nothing happened."""
    with open_ledger(folder / "calm.db", create=True) as book:
        add(Writer(book, "1", copies=COPIES), invented.reports(count), invented.read_all)
        return exported(book)


def adds(where: str, count: int, seed: int = 0) -> None:
    """Adds `count` reports in an order of its own."""
    listed = list(invented.reports(count))
    random.Random(seed).shuffle(listed)
    with open_ledger(where, create=True) as book:
        add(Writer(book, "1", copies=COPIES), listed, invented.read_all)


def test_killed_at_any_moment_it_ends_as_if_never_killed(where: str, tmp_path: Path) -> None:
    chance = random.Random(4)
    killed = 0
    for _ in range(10 * KILLS):
        child = FORK.Process(target=adds, args=(where, COUNT))
        child.start()
        child.join(chance.uniform(0.0, 0.5) if killed else 0.05)
        if child.is_alive():
            child.kill()
            child.join()
            killed += 1
        if killed == KILLS or child.exitcode == 0:
            break

    adds(where, COUNT)

    with open_ledger(where) as book:
        assert exported(book) == expected(COUNT, tmp_path)
    assert all(check.ok for check in ledger_checks(where))


def test_eight_processes_add_to_one_ledger_without_a_duplicate(where: str, tmp_path: Path) -> None:
    children = [FORK.Process(target=adds, args=(where, COUNT, seed)) for seed in range(8)]
    for child in children:
        child.start()
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0] * 8
    with open_ledger(where) as book:
        assert exported(book) == expected(COUNT, tmp_path)


def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    """The kernel lets no file of the child grow beyond the limit."""
    where, told = str(tmp_path / "sayso.db"), FORK.SimpleQueue()

    def starved() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))  # an empty ledger has 414,000 bytes
        try:
            adds(where, COUNT)
        except LedgerError as exc:
            told.put(str(exc))

    child = FORK.Process(target=starved)
    child.start()
    child.join()

    assert "goes on where it stopped" in told.get()
    with open_ledger(where) as book:
        before = {stored.report.id for stored in reports(book)}
    adds(where, COUNT)
    with open_ledger(where) as book:
        assert 0 < len(before) < COUNT
        assert exported(book) == expected(COUNT, tmp_path)


def test_no_room_left_in_the_file_is_said(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "sayso.db", create=True, patience=1) as book:
        with book.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(LedgerError, match="no room left on the disk"):
            add(Writer(book, "1"), invented.reports(COUNT), invented.read_all)


def test_a_locked_ledger_is_said_and_keeps_what_it_has(where: str) -> None:
    adds(where, 3)
    with open_ledger(where, patience=0.2) as book:
        with contextlib.ExitStack() as lock:
            _lock(where, lock)
            with pytest.raises(LedgerError, match="in use by another program"):
                Writer(book, "1").add(invented.read(invented.report(10)))

        assert Writer(book, "1").add(invented.read(invented.report(10)))
        assert len(list(reports(book))) == 4


def _lock(where: str, held: contextlib.ExitStack) -> None:
    if "://" in where:
        connection = held.enter_context(psycopg.connect(where))
        connection.execute("LOCK TABLE reports IN EXCLUSIVE MODE")
        return
    other = held.enter_context(open_ledger(where))
    held.enter_context(other.write())


def test_a_writer_waits_for_its_turn(where: str) -> None:
    """The other program is another process: SQLite's locks are shared within one."""
    adds(where, 1)
    holding = FORK.Event()

    def hold() -> None:
        with contextlib.ExitStack() as lock:
            _lock(where, lock)
            holding.set()
            time.sleep(0.5)

    child = FORK.Process(target=hold)
    child.start()
    assert holding.wait(60)
    adds(where, 4)
    child.join()

    with open_ledger(where) as book:
        assert len(list(reports(book))) == 4


def test_a_failure_within_a_report_leaves_nothing_of_it(book: Ledger) -> None:
    report = invented.read(invented.report(1))
    twice = replace(report, claims=(*report.claims, report.claims[0]))

    with pytest.raises(LedgerError):
        Writer(book, "1").add(twice)

    with book.read() as connection:
        for table in (schema.reports, schema.readings, schema.claims, schema.parties):
            assert connection.execute(select(table)).all() == []
    assert Writer(book, "1").add(report)


def test_stopped_by_the_keyboard_it_goes_on(book: Ledger) -> None:
    read: list[str] = []

    def impatient(given: object) -> object:
        for report in given:  # type: ignore[attr-defined]
            if len(read) == 5:
                raise KeyboardInterrupt
            read.append(report.id)
            yield invented.read(report)

    with pytest.raises(KeyboardInterrupt):
        add(Writer(book, "1"), invented.reports(12), impatient)  # type: ignore[arg-type]
    tally = add(Writer(book, "1"), invented.reports(12), invented.read_all)

    assert (tally[Fate.READ], tally[Fate.THERE]) == (7, 5)


# --- files that are no ledger, or no longer ---


def damage(path: Path) -> None:
    """Overwrites the middle of a file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3)
        file.write(random.Random(1).randbytes(path.stat().st_size // 3))


def read_and_add(path: Path) -> None:
    """Reads everything, and adds something."""
    with open_ledger(path) as book:
        exported(book)
    adds(str(path), COUNT + 20)


def test_a_damaged_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "sayso.db"
    adds(str(path), COUNT)
    damage(path)

    with pytest.raises(LedgerError, match=r"damaged; copy it, save what it holds"):
        read_and_add(path)
    assert not all(check.ok for check in ledger_checks(str(path)))


def _text(path: Path) -> None:
    path.write_text("no database" * 1000)


def _foreign(path: Path) -> None:
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (a)")


def _nothing(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize(
    ("prepare", "create", "message"),
    [
        (_text, True, "not a ledger, nor any SQLite database"),
        (_foreign, True, "a SQLite database of another program"),
        (_nothing, False, "empty, not a ledger; `sayso add SOURCE... --ledger "),
        (Path.mkdir, True, "a folder, not a ledger"),
        (lambda _: None, False, "there is no such ledger; `sayso add SOURCE... --ledger "),
    ],
)
def test_what_is_no_ledger_is_refused_and_left_alone(
    tmp_path: Path, prepare: Callable[[Path], None], create: bool, message: str
) -> None:
    path = tmp_path / "some.db"
    prepare(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(LedgerError, match=message):
        open_ledger(path, create=create)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="check that its folder exists"):
        open_ledger(tmp_path / "none" / "sayso.db", create=True)


def test_a_newer_ledger_is_refused(where: str) -> None:
    adds(where, 1)
    with open_ledger(where) as book, book.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(LedgerError, match="written by a newer Sayso"):
        open_ledger(where, create=True)


@pytest.mark.parametrize("writable", ["nothing", "folder", "file"])
def test_what_may_not_be_written_is_said_and_can_be_read(writable: str, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "sayso.db"
    path.parent.mkdir()
    adds(str(path), 2)
    path.chmod(0o644 if writable == "file" else 0o444)
    path.parent.chmod(0o755 if writable == "folder" else 0o555)
    told = FORK.SimpleQueue()

    child = FORK.Process(target=_as_somebody_else, args=(path, told))
    child.start()
    child.join()

    assert told.get() == 2
    assert "check the permissions of the file and of its folder" in told.get()


def _as_somebody_else(path: Path, told: multiprocessing.SimpleQueue[object]) -> None:
    """Reads and then adds; root may write everything, so that it becomes nobody first."""
    import os

    if os.geteuid() == 0:
        for folder in path.parents:
            with contextlib.suppress(OSError):
                folder.chmod(folder.stat().st_mode | 0o011)
        os.setgroups([])
        os.setegid(65534)
        os.seteuid(65534)
    with open_ledger(path) as book:
        told.put(len(list(reports(book))))
    try:
        adds(str(path), 4)
    except LedgerError as exc:
        told.put(str(exc))
    else:
        told.put("it was written")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql://sayso@127.0.0.1:1/none", "cannot be reached"),
        ("{server}/nowhere?{rest}", 'database "nowhere" does not exist'),
    ],
)
def test_a_server_or_database_that_is_not_there_is_said(postgres: str, address: str, message: str) -> None:
    server, rest = postgres.split("/postgres?")

    with pytest.raises(LedgerError, match=message):
        open_ledger(address.format(server=server, rest=rest), create=True)


def test_both_databases_have_the_schema_of_the_tables(book: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with book.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), schema.metadata)

    ours = [change for change in found if not ("_text" in str(change) and str(change[0]).startswith("remove_"))]
    assert ours == []


def test_the_newest_migration_is_the_one_that_opening_expects() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from sayso.ledger import connect

    config = Config()
    config.set_main_option("script_location", str(Path(connect.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == connect.HEAD
