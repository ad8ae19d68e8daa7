"""What all commands share: data on standard output, messages and progress on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from sayso.ingest import Failure

NARROWEST = 110  # columns of a table where output is no terminal


def tell(failures: list[Failure]) -> list[Failure]:
    """Lists what gave no report, at the end, on standard error; returns what counts as failed."""
    failed = [failure for failure in failures if not failure.skipped]
    for failure in failures:
        print(f"{'skipped' if failure.skipped else 'failed'}: {failure.source}: {failure.message}", file=sys.stderr)
    if failed:
        print(f"{len(failed)} of the sources gave no report; everything else was read", file=sys.stderr)
    return failed


def nothing_in(sources: list[str]) -> bool:
    """Whether one of them is a folder; says then, for nothing was found, what is looked for in folders."""
    from sayso.ingest.sources import KNOWN

    folders = [source for source in sources if Path(source).is_dir()]
    if folders:
        print(f"nothing to read was found in {', '.join(folders)}; files that are read: {KNOWN}", file=sys.stderr)
    return bool(folders)


def several(count: int, noun: str) -> str:
    """So many of something: "1 claim", "1,200 claims"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def machine_user() -> str:
    """Who uses this machine, as the operating system knows him and whatever the environment says: what the audit log calls him."""
    try:
        import pwd
    except ImportError:  # not on Windows
        import getpass

        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that has no name
        return f"uid-{os.getuid()}"


def line(text: str) -> None:
    """One line of data on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def data_console() -> Console:
    """The console that data is shown on; `NARROWEST` columns wide where output is no terminal."""
    from rich.console import Console

    console = Console(soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = NARROWEST
    return console


@contextmanager
def progress(sources: list[str]) -> Iterator[Callable[[object], None]]:
    """A count with its rate on standard error, where that is a terminal and there may be many reports."""
    from rich.console import Console

    console = Console(stderr=True)
    many = len(sources) > 1 or any(
        Path(source).is_dir() or source.endswith((".jsonl", ".ndjson", ".gz")) for source in sources
    )
    if not (console.is_terminal and many):
        yield lambda _: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=_reports_in(sources))
        yield lambda _: bar.advance(task)


def _reports_in(sources: Iterable[str]) -> int | None:
    """How many reports `sources` hold, as far as that can be told without opening any; None where it cannot."""
    total = 0
    for source in sources:
        path = Path(source)
        if path.is_dir():
            total += sum(1 for found in path.rglob("*") if found.is_file() and not found.name.startswith("."))
        elif path.suffix in (".jsonl", ".ndjson") and path.is_file():
            with path.open("rb") as lines:
                total += sum(1 for line in lines if line.strip())
        elif path.suffix == ".gz" or source == "-":
            return None
        else:
            total += 1
    return total


def refuse(message: str) -> NoReturn:
    """Says what is wrong with the command and stops with exit code 2."""
    print(f"sayso: {message}", file=sys.stderr)
    raise typer.Exit(2)
