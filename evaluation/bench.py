"""What a task is, and what it is given: the words that the table of tasks is written in."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.reading import Readings, Row

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Bench:
    """The folder of data and the reader under test."""

    shared: Path
    readings: Readings

    def rows(self, file: str) -> list[Row]:
        """Objects of a JSON Lines file of the shared folder. Raises `ValueError` naming the line that is none."""
        rows = []
        for number, line in enumerate((self.shared / file).read_text("utf-8").split("\n"), 1):
            if line.strip():
                try:
                    rows.append(json.loads(line))
                except ValueError as exc:
                    raise ValueError(f"{file}, line {number}: not JSON ({exc})") from exc
        return rows


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the benchmark.

    `files` (below the shared folder) are its data: their digest is pinned. `floors` name the figures that must not fall, `ceilings`
    those that must not rise; figures named in neither are printed only. A new floor lies `margin` (a share of the measured value)
    below it: shares of right answers move a little between processors, times a lot between machines. `beside` puts figures of
    others next to ours. `packages` are needed beyond Sayso's own.
    """

    name: str
    about: str
    files: tuple[str, ...]
    run: Callable[[Bench], Figures]
    floors: tuple[str, ...]
    ceilings: tuple[str, ...] = ()
    margin: float = 0.01
    beside: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()

    def missing(self, shared: Path) -> list[str]:
        """What it cannot run without: files and packages that are not there."""
        files = [file for file in self.files if not (shared / file).is_file()]
        return files + [f"Python package {name}" for name in self.packages if importlib.util.find_spec(name) is None]

    def digest(self, shared: Path) -> str:
        """SHA-256 over the names and bytes of its files."""
        whole = hashlib.sha256()
        for file in self.files:
            whole.update(f"{file}\n{hashlib.sha256((shared / file).read_bytes()).hexdigest()}\n".encode())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task measured on which data."""

    task: Task
    data: str
    figures: Figures
