"""Measures the ledger on invented reports: adding, adding again, questions over many claims, and stops at random moments.

    python -m evaluation.ledger adding --reports 2000
    python -m evaluation.ledger reading --reports 20000 --texts CORPUS.jsonl...
    python -m evaluation.ledger questions --claims 1000000
    python -m evaluation.ledger kills --kills 200

Each works on a SQLite file, or on an empty database (`--ledger postgresql://...`; `tools/postgres_for_tests.sh` starts a server).
The last line of each says whether what is promised was kept; the exit code is 1 if not.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, select, text
from tests.ledger import invented
from tests.ledger.test_interrupted import COPIES, FORK, adds, expected, exported

from evaluation import origins
from sayso.ledger import Fate, Ledger, Writer, add, open_ledger, schema, words
from sayso.ledger.filters import wanted
from sayso.ledger.query import claims_page, count_claims, reports_page
from sayso.model import Report

READER = 12.0  # reports a second of the trained reader on one core of a laptop: what the ledger has to keep up with
AGAIN = 0.05  # adding again may take so much of adding
SLOWEST = 0.2  # seconds: the median question over a million claims
TEXTS = 300  # of the corpora, among the short reports
TEMPLATES = 300  # reports that are copied to make many claims

QUESTIONS: tuple[dict[str, object], ...] = (
    {},
    {"type": "COERCE"},
    {"type": "COERCE", "mode": "arrest", "country": "ML", "source_kind": "anonymous", "status": "actual"},
    {"country": "TD"},
    {"country": ["ML", "TD"], "since": "2025-08", "until": "2025-10"},
    {"outlet": "daily sahel", "historical": True},
    {"place": "Niamey", "status": "negated"},
    {"actor_country": "TD"},
    {"actor_country": "NE", "recipient_sector": "LAB"},
    {"actor_sector": "COP", "min_confidence": 0.95},
    {"happened_since": "2025-11", "type": "SUPPORT"},
    {"text": "arrested"},
    {"text": "copy93"},
    {"text": '"a security source" segou'},
    {"text": "arrest* union", "type": "COERCE", "country": "ML"},
    {"as_of": "2100-01-01", "type": "ASSAULT"},
)


def timed_adding(book: Ledger, count: int) -> float:
    """Seconds that adding `count` invented reports takes, reading among them."""
    began = time.perf_counter()
    add(Writer(book, "1", copies=COPIES), invented.reports(count, sentences=8), invented.read_all)
    return time.perf_counter() - began


def adding(where: str, count: int) -> bool:
    """How fast the ledger itself takes reports, and how fast it knows that it has them."""
    with open_ledger(where, create=True) as book:
        timed_adding(book, count // 2)
        before = peak_memory()
        first = timed_adding(book, count) * 2  # one half of them were there
        again = timed_adding(book, count)
    invention = time.perf_counter()
    for _ in invented.reports(count, sentences=8):
        pass
    invention = time.perf_counter() - invention
    with_reader = count / READER + first
    share = max(0.0, again - invention) / with_reader
    print(f"{count} reports of 8 claims: {count / first:.0f} a second added, {count / again:.0f} a second known again")
    print(
        f"with a reader of {READER:.0f} a second: the ledger takes {first / with_reader:.1%} of the time, adding again {share:.2%}"
    )
    print(f"memory grew by {peak_memory() - before:.1f} MB over the second half")
    return share < AGAIN


def peak_memory() -> float:
    """Most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- with the reader that ships ---


class Clock:
    """Processor time of this process that passes while its block runs, summed."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._began = time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.process_time() - self._began


def reading(where: str, count: int, texts: list[Path]) -> bool:
    """Adds `count` short invented reports and `TEXTS` of the corpora with the reader that ships, then all of them once more.

    What counts is processor time, of the reader and of all else: time by the clock depends on who else is at work.
    """
    from sayso import pipeline  # noqa: PLC0415 - the others need no weights

    reader, whole, again = Clock(), Clock(), Clock()

    def read_all(given: Iterator[Report]) -> Iterator[Report]:
        for number, report in enumerate(given, 1):
            with reader:
                read = pipeline.read_report(report)
            yield read
            if number % 2500 == 0:
                print(f"{number} reports: {resident():.0f} MB of memory", flush=True)

    with open_ledger(where, create=True) as book:
        writer = Writer(book, "1", copies=COPIES)
        with whole:
            tally = add(writer, _mixed(count, texts), read_all)
        before = dump(book)
        with again:
            add(writer, _mixed(count, texts), read_all)
        same = dump(book) == before
    beside, share = whole.seconds - reader.seconds, again.seconds / whole.seconds
    print(f"{tally[Fate.READ]} reports read: {reader.seconds:.0f} s of the reader")
    print(f"everything else: {beside:.0f} s, {beside / whole.seconds:.1%} of the whole")
    print(f"adding them again: {again.seconds:.1f} s, {share:.2%}; {'no row' if same else 'ROWS'} changed")
    return share < AGAIN and same


def _mixed(count: int, texts: list[Path]) -> Iterator[Report]:
    """Texts of the corpora among the invented reports, all along the way."""
    rows = [row for path in texts for row in origins.rows(path) if row.get("text", "").strip()]
    chosen = random.Random(0).sample(rows, min(TEXTS, len(rows)))
    every = max(1, count // max(1, len(chosen)))
    for number in range(count):
        yield invented.report(number)
        if number % every == 0 and chosen:
            row = chosen.pop()
            yield Report(id=f"corpus {number}", text=row["text"], outlet=row.get("outlet"), language="en")


def resident() -> float:
    """Memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def dump(book: Ledger) -> str:
    """Digest of every row of every table."""
    digest = hashlib.sha256()
    with book.read() as connection:
        for table in schema.metadata.sorted_tables:
            rows = connection.execution_options(yield_per=1000).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            for row in rows:
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


# --- questions ---


def questions(where: str, wished: int, repeats: int) -> bool:
    """How long the first page of an answer takes over `wished` claims, question by question."""
    with open_ledger(where, create=True) as book:
        made = _fill(book, wished)
        print(f"{made:,} claims")
        middles = [_asked(book, name, page, repeats) for name, page in PAGES.items()]
    return max(middles) < SLOWEST


PAGES = {"claims": claims_page, "reports": reports_page}


def _asked(book: Ledger, name: str, page: Callable[..., object], repeats: int) -> float:
    """Median over all questions of the median time of each, which are printed with the processor time of this process."""
    medians = []
    for asked in QUESTIONS:
        timed = [_timed(book, asked, page) for _ in range(repeats)]
        clock, processor = (statistics.median(column) for column in zip(*timed, strict=True))
        medians.append(clock)
        print(
            f"{clock * 1000:8.1f} ms, {processor * 1000:6.1f} ms of this process: {name} {wanted(asked).phrase or 'all'}"
        )
    slow = sum(one > SLOWEST for one in medians)
    middle = statistics.median(medians)
    print(
        f"{middle * 1000:8.1f} ms: median question for {name}; {slow} of {len(medians)} above {SLOWEST * 1000:.0f} ms"
    )
    return middle


def _timed(book: Ledger, asked: dict[str, object], page: Callable[..., object]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's processor; on SQLite the database is this process."""
    began, processor = time.perf_counter(), time.process_time()
    page(book, wanted(asked), limit=50)
    return time.perf_counter() - began, time.process_time() - processor


def _fill(book: Ledger, wished: int) -> int:
    """Adds `TEMPLATES` reports and copies their rows, each copy a day earlier, in another country and with a word of its own.

    A ledger that was filled before is left as it is.
    """
    held = count_claims(book, wanted({}))
    if held:
        return held
    add(Writer(book, "1"), invented.reports(TEMPLATES, sentences=8), invented.read_all)
    size = count_claims(book, wanted({}))
    copies = max(0, wished // size - 1)
    with book.write() as connection:
        listed = _words(connection)
        for copy in range(1, copies + 1):
            _copy(connection, copy, listed)
    with book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not book.on_sqlite:
            connection.execute(text("VACUUM ANALYZE"))
    return size * (copies + 1)


def _words(connection: Connection) -> list[tuple[int, str]]:
    """The folded sentences of the first claims, which FTS5 keeps no copy of."""
    columns = schema.claims.c
    rows = connection.execute(
        select(columns.number, schema.reports.c.text, columns.sentence_start, columns.sentence_stop).join_from(
            schema.claims, schema.reports
        )
    )
    return [(number, " ".join(words.searchable(said[start:stop]))) for number, said, start, stop in rows]


def _code(number: int) -> str:
    """An invented country: 93 is "TD"."""
    return chr(ord("K") + number // 10 % 10) + chr(ord("A") + number % 10)


def _copy(connection: Connection, copy: int, folded: list[tuple[int, str]]) -> None:
    country = _code(int((copy / 100) ** 2 * 100)) if copy % 3 else None
    moved = {
        "number": "number + :shift",
        "report": "report + :shift",
        "reading": "reading + :shift",
        "claim": "claim + :shift",
    }
    moved |= {
        "key": "key || :copy",
        "origin": "origin || :copy",
        "line": f"line + {copy << 40}",
        "country": "COALESCE(:country, country)",
    }
    shift = 10_000_000 * copy
    for table in (schema.reports, schema.origins, schema.readings, schema.claims, schema.parties):
        names = [column.name for column in table.columns]
        first = {"parties": "claim", "origins": "report"}.get(table.name, "number")
        taken = ", ".join(moved.get(name, f'"{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        statement = f"INSERT INTO {table.name} ({listed}) SELECT {taken} FROM {table.name} WHERE {first} < 10000000"  # noqa: S608 - ours
        given = {"shift": shift, "copy": f".{copy}", "country": country}
        connection.execute(
            text(statement.replace(":country", "CAST(:country AS text)")),
            {k: v for k, v in given.items() if f":{k}" in statement},
        )
    if connection.dialect.name == "sqlite":
        rows = [{"number": number + shift, "words": f"{said} copy{copy}"} for number, said in folded]
        connection.execute(text("INSERT INTO claims_text (rowid, words) VALUES (:number, :words)"), rows)
    else:
        taken = f"number + {shift}, words || '''copy{copy}'':99'"
        own = f"INSERT INTO claims_text SELECT {taken} FROM claims_text WHERE number < 10000000"  # noqa: S608
        connection.exec_driver_sql(own)


# --- kills ---


def kills(where: str, wished: int, count: int) -> bool:
    """Kills `wished` processes that add, at random moments, then lets one finish and compares the exports."""
    chance, killed = random.Random(0), 0
    began = time.perf_counter()
    adds(str(Path(tempfile.mkdtemp()) / "timed.db"), count)
    whole = time.perf_counter() - began
    while killed < wished:
        child = FORK.Process(target=adds, args=(where, count, killed))
        child.start()
        child.join(chance.uniform(0, 4 * whole / wished))
        if child.exitcode == 0:
            print(f"all were added after {killed} kills; give more --reports")
            return False
        child.kill()
        child.join()
        killed += 1
    with open_ledger(where, create=True) as book:
        held = sum(1 for _ in _reports(book))
    adds(where, count)
    with open_ledger(where) as book:
        same = exported(book) == expected(count, Path(tempfile.mkdtemp()))
    verdict = "the same, byte for byte" if same else "NOT THE SAME"
    print(f"{killed} kills with {held} of {count} reports stored by then; the exports are {verdict}")
    return same


def _reports(book: Ledger) -> Iterator[Report]:
    after = None
    while True:
        page = reports_page(book, wanted({}), limit=100, after=after)
        yield from (stored.report for stored in page.found)
        if (after := page.after) is None:
            return


def main() -> None:
    """Runs one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["adding", "reading", "questions", "kills"])
    parser.add_argument(
        "--texts", type=Path, nargs="*", default=[], help="JSON Lines of news, some of which are read too"
    )
    parser.add_argument("--ledger", help="an empty PostgreSQL database; a SQLite file of its own otherwise")
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = chosen.ledger or str(Path(folder) / "sayso.db")
        kept = {
            "adding": lambda: adding(where, chosen.reports),
            "reading": lambda: reading(where, chosen.reports, chosen.texts),
            "questions": lambda: questions(where, chosen.claims, chosen.repeats),
            "kills": lambda: kills(where, chosen.kills, chosen.reports),
        }[chosen.what]()
    print("kept" if kept else "NOT kept")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
