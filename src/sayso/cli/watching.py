"""`sayso watch`: feeds polled as a service; what is new goes to a ledger."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.keeping import LedgerOption, closing, copies, read_all, reader_version
from sayso.cli.output import line, refuse

if TYPE_CHECKING:
    from sayso.ingest import Failure
    from sayso.ingest.watch import Plan, Sink, State
    from sayso.ledger.adding import Failed, Fate
    from sayso.model import Report

EXAMPLES = (
    "Examples:  sayso watch feeds.toml   |   sayso watch --ledger sahel.db --once feeds.toml   |   "
    "sayso watch --json feeds.toml > new.jsonl"
)


def watch(
    plan: Annotated[
        Path,
        typer.Argument(help="The feeds to watch, as TOML: a \\[\\[feed]] with its url for each.", show_default=False),
    ],
    ledger: LedgerOption = "sayso.db",
    once: Annotated[bool, typer.Option("--once", help="Ask every feed that is due one time, and stop.")] = False,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was seen already; beside the plan if not given.")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print what is new, one JSON object a report as `sayso add` takes them; keep nothing."
        ),
    ] = False,
) -> None:
    """Poll feeds politely, read what is new, and keep it in a ledger. SIGTERM and Ctrl-C stop it cleanly."""
    from sayso.errors import SaysoError
    from sayso.ingest.watch import FileState, load_plan

    try:
        feeds, seen = load_plan(plan), FileState(state or plan.with_suffix(".state.json"))
        seen.load()  # whatever is wrong with it is said before a ledger is made
        with nullcontext(printed_as_json) if as_json else kept(ledger) as sink:
            serve(feeds, sink, seen, once=once)
    except SaysoError as exc:
        refuse(str(exc))


def serve(plan: Plan, sink: Sink, seen: State, *, once: bool = False) -> None:
    """Watch the feeds of `plan` and give what comes in to `sink`, until a signal stops it or, with `once`, all were asked."""
    from sayso.ingest.watch import Watch

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    watched = Watch(plan, sink, seen, stop=stop)
    if once:
        watched.once()
    else:
        watched.run()


@contextmanager
def kept(where: str) -> Iterator[Sink]:
    """A sink that adds to the ledger, prints a line for each new report, and says at the end how many there were.

    What the ledger cannot take stops the watch: its entry was not noted as seen, so that the next start brings it again.
    """
    from sayso import ledger
    from sayso.ledger.adding import Tally
    from sayso.pipeline import open_ledger

    tally = Tally()
    with open_ledger(where, create=True) as book:
        writer = ledger.Writer(book, reader_version(), copies=copies())

        def sink(outcome: Report | Failure) -> None:
            done = ledger.add(
                writer, [outcome], read_all(1), kept=lambda report: ledger.Kept(report.issues), told=_told
            )
            for fate, count in done.counts.items():
                tally.counts[fate] += count

        yield sink
    print(closing(tally, where), file=sys.stderr)


def _told(fate: Fate, what: Report | Failed) -> None:
    """A line for each new report on standard output; failures on standard error."""
    from sayso.model import Report

    if not isinstance(what, Report):
        _tell(what)
    elif fate == "read":
        title = what.title or what.text[:80].replace("\n", " ")
        claims = f"{len(what.claims)} claim{'' if len(what.claims) == 1 else 's'}"
        line("\t".join((str(what.published or "no day"), what.outlet or "", title, claims, what.url or "")))


def printed_as_json(outcome: Report | Failure) -> None:
    """A report as the object that `sayso add` takes in a JSON Lines file; failures on standard error."""
    from sayso.model import Report

    if isinstance(outcome, Report):
        names = ("id", "title", "outlet", "language", "url", "canonical", "text")
        values = {key: getattr(outcome, key) for key in names}
        published = outcome.published.isoformat() if outcome.published else None
        line(json.dumps({**values, "published": published}, ensure_ascii=False))
    else:
        _tell(outcome)


def _tell(failure: Failure | Failed) -> None:
    print(f"failed: {failure.source}: {failure.message}", file=sys.stderr, flush=True)
