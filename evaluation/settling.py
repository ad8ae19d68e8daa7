"""Measures incidents in a ledger: that no order of arrival matters, and what adding costs when there are a million claims.

    python -m evaluation.settling orders --events 150 --orders 100
    python -m evaluation.settling million --claims 1000000

Both take their reports from the generated world of `evaluation.world`. Each works on a SQLite file of its own, `million` also on an
empty database (`--ledger postgresql://...`). The last line says whether what is promised was kept; the exit code is 1 if not.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from evaluation.ledger import _copy, _words, peak_memory
from evaluation.world import World
from sayso import pipeline
from sayso.ingest import origins
from sayso.ledger import Copies, Ledger, Writer, add, incidents, open_ledger
from sayso.ledger.grouping import settling
from sayso.model import Report

BATCHES = (1, 100, 10_000)
DAYS, EVENTS = 20, 1_500  # of the world that is copied: some hundreds of claims a day
ADDED = 800  # claims, each of a report of its own: as many as in a hundred reports of news
SLOWEST = 10.0  # seconds in which so many are added
_COPIES = Copies(origins.sign, origins.alike, origins.DAYS_APART)
_SHIFT = 10_000_000  # of numbers, as in `evaluation.ledger`


def told(seed: int, events: int, days: int) -> list[Report]:
    """The reports of a generated world in the order of their days, each with its claim."""
    tellings = (telling for _, telling in World(seed, events, days).tellings())
    reports = [replace(one.report, claims=(one.claim,)) for one in tellings]
    return sorted(reports, key=lambda report: (str(report.published), report.id))


def as_read(reports: Iterator[Report]) -> Iterator[Report]:
    """These reports come read."""
    return reports


# --- orders ---


def orders(events: int, wished: int) -> bool:
    """Adds the same reports in `wished` orders and batches, and compares which claims stand together."""
    reports = told(1, events, DAYS)
    wanted: list[list[str]] | None = None
    same = 0
    for seed in range(wished):
        size = BATCHES[seed % len(BATCHES)]
        found = _partition(random.Random(seed).sample(reports, len(reports)), size)
        wanted = wanted or found
        same += found == wanted
        print(f"order {seed}, batches of {size}: {'the same' if found == wanted else 'ANOTHER partition'}", flush=True)
    assert wanted is not None
    print(f"{sum(map(len, wanted)):,} claims, {len(wanted):,} incidents, the largest of {max(map(len, wanted))} claims")
    print(f"{same} of {wished} orders gave the same partition")
    return same == wished


def _partition(reports: list[Report], size: int) -> list[list[str]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_ledger(Path(folder) / "sayso.db", create=True, rules=pipeline.rules()) as book,
    ):
        for first in range(0, len(reports), size):
            add(Writer(book, "1", copies=_COPIES), reports[first : first + size], as_read)
        return sorted(sorted(telling.claim.id for telling in one.tellings) for one in incidents.find(book))


# --- a million ---


def million(where: str, wished: int) -> bool:
    """Fills a ledger with claims in their incidents, and adds reports to it."""
    reports = told(2, EVENTS, DAYS)
    fresh = set(random.Random(3).sample(range(len(reports)), ADDED))
    with open_ledger(where, create=True, rules=pipeline.rules()) as book:
        began = time.process_time()
        known = [report for index, report in enumerate(reports) if index not in fresh]
        add(Writer(book, "1", copies=_COPIES), known, as_read)
        print(
            f"{len(known):,} claims added one by one: {len(known) / (time.process_time() - began):.0f} a second of a core",
            flush=True,
        )
        _spread(book, max(1, wished // len(known)))
        sizes = {name: _count(book, name) for name in ("claims", "incidents", "blocks", "edges")}
        print(", ".join(f"{count:,} {name}" for name, count in sizes.items()), flush=True)
        kept = _added(book, [reports[index] for index in sorted(fresh)])
    if "://" not in where:
        print(f"file: {Path(where).stat().st_size / 1e9:.2f} GB")
    return kept


def _added(book: Ledger, reports: list[Report]) -> bool:
    """Adds reports, and says what that took: storing them, and finding their incidents."""
    rules, book.rules = book.rules, None
    before = peak_memory()
    stored = _timed(lambda: add(Writer(book, "1", copies=_COPIES), reports, as_read))
    book.rules = rules
    found = _timed(lambda: settling.settle(book))
    for what, (wall, spent) in {"stored": stored, "in their incidents": found}.items():
        print(f"{len(reports)} claims {what}: {wall:.1f} s, {spent:.1f} s of processor time")
    print(f"memory: {peak_memory():.0f} MB at most, {peak_memory() - before:.0f} MB more than before")
    return found[0] < SLOWEST or found[1] < SLOWEST / 2


def _timed(act: object) -> tuple[float, float]:
    wall, spent = time.perf_counter(), time.process_time()
    act()  # type: ignore[operator]
    return time.perf_counter() - wall, time.process_time() - spent


def _count(book: Ledger, table: str) -> int:
    with book.read() as connection:
        found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - ours
        return found


# What belongs to a claim, copied with other numbers; blocks under other keys, so that only claims of one month meet.
_COPIED = (
    "INSERT INTO facts (claim, key, content) "
    "SELECT claim + :shift, key || :copy, content FROM facts WHERE claim < 10000000",
    "INSERT INTO blocks (key, claim) SELECT key + :salt, claim + :shift FROM blocks WHERE claim < 10000000",
    "INSERT INTO edges (one, other, score) "
    "SELECT one + :shift, other + :shift, score FROM edges WHERE other < 10000000",
    "INSERT INTO incidents (number, id, known_from, changed_at) "
    "SELECT number + :shift, id || :copy, known_from, changed_at FROM incidents WHERE number < 10000000",
    "INSERT INTO memberships (number, claim, incident, known_from) "
    "SELECT number + :shift, claim + :shift, incident + :shift, known_from FROM memberships "
    "WHERE number < 10000000 AND superseded_at IS NULL",
)


def _spread(book: Ledger, copies: int) -> None:
    """Tells the same world `copies` times, with the incidents that it has, as if each were another month."""
    with book.write() as connection:
        folded = _words(connection)
        for copy in range(1, copies):
            _copy(connection, copy, folded)
            for statement in _COPIED:
                given = {"shift": copy * _SHIFT, "copy": f".{copy}", "salt": copy}
                bound = {name: value for name, value in given.items() if f":{name}" in statement}
                connection.execute(text(statement), bound)


def main() -> None:
    """Runs one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["orders", "million"])
    parser.add_argument("--ledger", help="an empty PostgreSQL database; a SQLite file of its own otherwise")
    parser.add_argument("--events", type=int, default=150)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--claims", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = chosen.ledger or str(Path(folder) / "sayso.db")
        kept = million(where, chosen.claims) if chosen.what == "million" else orders(chosen.events, chosen.orders)
    print("kept" if kept else "NOT kept")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
