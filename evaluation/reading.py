"""Annotated rows read as a user's reports would be, through every stage, in as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sayso.ingest import Options
from sayso.ingest.reports import from_record
from sayso.model import Report
from sayso.pipeline import read_report

Row = dict[str, Any]
_ASKED = ("id", "text", "title", "outlet", "published")  # what a report is; the rest of a row is annotation


def read(row: Row, weights: Path | None) -> Report:
    """A row as ingest makes a report of it, read and resolved. Its language is given: every corpus here is English."""
    record = {**{key: row[key] for key in _ASKED if key in row}, "language": "en"}
    try:
        return read_report(from_record(record, Options()), weights=weights)
    except Exception as exc:
        exc.add_note(f"while reading report {row['id']}")
        raise


@dataclass(frozen=True, slots=True)
class Readings:
    """One set of weights (None: those that ship) and a number of processes to read with."""

    weights: Path | None = None
    workers: int = 1

    def read(self, rows: Iterable[Row]) -> list[Report]:
        """Rows as reports with mentions, attributions and resolved claims, in their order."""
        rows, work = list(rows), partial(read, weights=self.weights)
        if self.workers < 2 or len(rows) < 2:
            return [work(row) for row in rows]
        spawn = multiprocessing.get_context("spawn")  # threads of onnxruntime do not survive a fork
        with ProcessPoolExecutor(min(self.workers, len(rows)), mp_context=spawn) as pool:
            return list(pool.map(work, rows, chunksize=2))


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
