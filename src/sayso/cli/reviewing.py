"""`sayso training-data` and `sayso notify`: what reviewers judged as data, and messages about saved searches."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from sayso.cli.keeping import LedgerOption, boundary, say

if TYPE_CHECKING:
    from sayso.ledger import Ledger

WebhookOption = Annotated[
    list[str] | None,
    typer.Option(
        "--webhook-to",
        metavar="ADDRESS",
        help="Addresses that saved searches may tell, by their beginning, as https://hooks.example.org/. May be repeated.",
    ),
]
NOTIFY_EXAMPLES = (
    "Examples:  sayso notify --webhook-to https://hooks.example.org/   |   "
    "sayso notify --every 60 --webhook-to https://hooks.example.org/sayso/ --ledger mali.db"
)


def training_data(
    ledger: LedgerOption = "sayso.db",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; standard output if not given."),
    ] = None,
) -> None:
    """Write what reviewers judged as training data: one report a line, in the layout of the annotation guidelines."""
    from sayso.export import training_data as data
    from sayso.ledger import open_ledger

    with boundary(), open_ledger(ledger) as book:
        number = 0
        with _to(output) as out:
            for number, line in enumerate(data.lines(book), 1):  # noqa: B007 - the last number is told
                out.write(line)
    say(f"reports that people have reviewed: {number:,}" + (f", in {output}" if output else ""))


@contextmanager
def _to(path: Path | None) -> Iterator[TextIO]:
    """A file to write to, or standard output, which stays open."""
    from sayso.errors import ConfigError

    if path is None:
        yield sys.stdout
        return
    try:
        file = path.open("w", encoding="utf-8", newline="\n")
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be written ({exc.strerror}); name another with --output") from exc
    with file:
        yield file


def notify(
    ledger: LedgerOption = "sayso.db",
    webhook_to: WebhookOption = None,
    every: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="Go on, and look so often; once if not given.")
    ] = None,
) -> None:
    """Tell the addresses of saved searches what is new, changed or contradicted. Exit code 1 if a message did not arrive."""
    from sayso import notices
    from sayso.ledger import open_ledger

    with boundary(), open_ledger(ledger) as book:
        allowed = notices.checked(webhook_to or [])
        if every is None:
            failed = _once(book, allowed)
            raise typer.Exit(1 if failed else 0)
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            _once(book, allowed)
            stop.wait(every)


def _once(book: Ledger, allowed: tuple[str, ...]) -> int:
    from sayso import notices

    arrived, failed = notices.send_due(book, allowed)
    say(f"messages: {arrived:,} arrived, {failed:,} did not")
    return failed
