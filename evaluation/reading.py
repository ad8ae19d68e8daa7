"""Annotated rows read as a user's reports would be: ingested, read, resolved, in as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from sayso.ingest import Options
from sayso.ingest.reports import from_record
from sayso.model import Report
from sayso.read.network import Network
from sayso.read.reader import Reader

Row = dict[str, Any]
_ASKED = ("id", "text", "title", "outlet", "published")  # what a report is; the rest of a row is annotation


@cache
def reader(weights: Path | None) -> Reader:
    """The reader with the weights in a folder, or with those that ship; one a process."""
    return Reader(Network(weights) if weights else None)


def ingested(row: Row) -> Report:
    """The report of a row as ingest makes it, without its annotation. Its language is given: every corpus here is English."""
    return from_record({**{key: row[key] for key in _ASKED if key in row}, "language": "en"}, Options())


def read(row: Row, weights: Path | None) -> Report:
    """A row ingested and read."""
    return reader(weights).read(ingested(row))


def resolved(row: Row, weights: Path | None) -> Report:
    """A row ingested, read and resolved."""
    from sayso.resolve.claims import resolve  # noqa: PLC0415 - tasks that look nothing up run without the tables

    return resolve(read(row, weights))


@dataclass(frozen=True, slots=True)
class Readings:
    """One set of weights and a number of processes to read with."""

    weights: Path | None = None
    workers: int = 1

    def read(self, rows: Iterable[Row]) -> list[Report]:
        """Rows as reports with mentions, attributions and claims, in their order."""
        return self._each(partial(read, weights=self.weights), list(rows))

    def resolved(self, rows: Iterable[Row]) -> list[Report]:
        """The same with the arguments of claims resolved."""
        return self._each(partial(resolved, weights=self.weights), list(rows))

    def _each(self, work: partial[Report], rows: Sequence[Row]) -> list[Report]:
        if self.workers < 2 or len(rows) < 2:
            return [work(row) for row in rows]
        spawn = multiprocessing.get_context("spawn")  # threads of onnxruntime do not survive a fork
        with ProcessPoolExecutor(min(self.workers, len(rows)), mp_context=spawn) as pool:
            return list(pool.map(work, rows, chunksize=2))


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
