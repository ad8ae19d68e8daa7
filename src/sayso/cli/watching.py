"""`sayso watch`: feeds polled as a service; what comes in goes to a sink."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import line, refuse

if TYPE_CHECKING:
    from sayso.ingest import Failure
    from sayso.ingest.watch import Sink
    from sayso.model import Report

EXAMPLES = "Examples:  sayso watch feeds.toml   |   sayso watch --once --json feeds.toml > new.jsonl"


def watch(
    plan: Annotated[
        Path, typer.Argument(help="The feeds to watch, as TOML: a [[feed]] with its url for each.", show_default=False)
    ],
    once: Annotated[bool, typer.Option("--once", help="Ask every feed that is due one time, and stop.")] = False,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was seen already; beside the plan if not given.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a report, as `sayso read` takes them.")
    ] = False,
) -> None:
    """Poll feeds politely and print the reports that are new. SIGTERM and Ctrl-C stop it cleanly."""
    serve(plan, printed_as_json if as_json else printed, once=once, state=state)


def serve(plan: Path, sink: Sink, *, once: bool = False, state: Path | None = None) -> None:
    """Watch the feeds of `plan` and give what comes in to `sink`, until a signal stops it or, with `once`, all were asked."""
    from sayso.errors import SaysoError
    from sayso.ingest.watch import FileState, Watch, load_plan

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        watched = Watch(load_plan(plan), sink, FileState(state or plan.with_suffix(".state.json")), stop=stop)
        if once:
            watched.once()
        else:
            watched.run()
    except SaysoError as exc:
        refuse(str(exc))


def printed(outcome: Report | Failure) -> None:
    """A line for each new report on standard output; failures on standard error."""
    from sayso.model import Report

    if isinstance(outcome, Report):
        title = outcome.title or outcome.text[:80].replace("\n", " ")
        line("\t".join((str(outcome.published or "no day"), outcome.outlet or "", title, outcome.url or "")))
    else:
        _tell(outcome)


def printed_as_json(outcome: Report | Failure) -> None:
    """A report as the object that `sayso read` takes in a JSON Lines file; failures on standard error."""
    from sayso.model import Report

    if isinstance(outcome, Report):
        values = {key: getattr(outcome, key) for key in ("id", "title", "outlet", "language", "url", "text")}
        published = outcome.published.isoformat() if outcome.published else None
        line(json.dumps({**values, "published": published}, ensure_ascii=False))
    else:
        _tell(outcome)


def _tell(failure: Failure) -> None:
    print(f"failed: {failure.source}: {failure.message}", file=sys.stderr, flush=True)
