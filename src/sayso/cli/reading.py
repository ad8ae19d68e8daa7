"""`sayso read` and `sayso demo`: reports in, claims out, nothing kept."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import data_console, line, nothing_in, progress, refuse, tell

if TYPE_CHECKING:
    from sayso.ingest import Failure
    from sayso.model import Report

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
EXAMPLES = (
    "Examples:  sayso read article.html   |   sayso read --json folder/ > claims.jsonl   |   "
    "cat story.txt | sayso read - --published 2025-08-10"
)


class Form(StrEnum):
    """How reports are written."""

    TABLE = "table"
    QUOTES = "quotes"
    JSON = "json"
    CSV = "csv"


def read(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Text, Markdown, HTML, JSON or JSON Lines files, folders, addresses, or - for standard input.",
            show_default=False,
        ),
    ],
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help='Day of publication, as 2025-08-10; words like "Sunday" count from it.'),
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published the reports.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the report.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a report.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="One row a claim.")] = False,
    quotes: Annotated[bool, typer.Option("--quotes", help="The text with its claims marked.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes that read at once.")] = 1,
    encoder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Read with weights that `python -m training` wrote there.")
    ] = None,
    min_confidence: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="P", help="Leave out claims that are right less often than this, 0 to 1."),
    ] = 0.0,
) -> None:
    """Read reports and print their claims."""
    from sayso.errors import SaysoError
    from sayso.ingest import Options
    from sayso.pipeline import day, read_sources

    chosen = [form for form, wanted in ((Form.JSON, as_json), (Form.CSV, as_csv), (Form.QUOTES, quotes)) if wanted]
    if len(chosen) > 1:
        refuse(f"--{chosen[0]} and --{chosen[1]} cannot go together; choose one")
    try:
        options = Options(outlet=outlet, title=title, published=day(published) if published else None)
        outcomes = read_sources(sources, options, jobs=jobs, weights=encoder, min_confidence=min_confidence)
        well = _written(outcomes, sources, chosen[0] if chosen else Form.TABLE)
    except SaysoError as exc:
        refuse(str(exc))
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(0 if well else 1)


def demo() -> None:
    """Read three reports on one invented coup plot that disagree on numbers and sources, and bring together what they say."""
    from sayso.errors import SaysoError

    try:
        _demo()
    except SaysoError as exc:
        refuse(str(exc))


def _demo() -> None:
    """The samples, read into a ledger that is thrown away, report by report; last the incident that all of them tell of."""
    from sayso import show, summary
    from sayso.cli import picture, samples
    from sayso.ledger import incidents, open_ledger, reports

    console = data_console()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        samples.make_ledger(path, by_hand=False)
        with open_ledger(path) as book:
            for stored in reversed(list(reports(book))):
                console.print(show.terminal(stored.report, width=console.width), highlight=False)
            told = [(one, summary.summarise(one.tellings)) for one in incidents.find(book)]
    one, found = max(
        told, key=lambda both: (len(both[1].outlets), len(both[1].numbers), len(both[0].tellings), both[0].id)
    )
    console.rule("one incident, and what they say of it")
    console.print(picture.whole(one, found), highlight=False)


def _written(outcomes: Iterable[Report | Failure], sources: list[str], form: Form) -> bool:
    """Reports written as they come; the failures told at the end. Whether something was found and nothing failed."""
    from sayso.ingest import Failure

    failures: list[Failure] = []
    write, found = _writer(form), False
    with progress(sources) as advance:
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                write(outcome)
                found = True
            advance(outcome)
    failed = tell(failures)
    return not failed and (found or not nothing_in(sources))


def _writer(form: Form) -> Callable[[Report], None]:
    from sayso import layout, show

    if form is Form.JSON:
        return lambda report: line(json.dumps(layout.report_json(report), ensure_ascii=False))
    if form is Form.CSV:
        table = csv.DictWriter(sys.stdout, [name for name, _ in layout.COLUMNS], lineterminator="\n")
        table.writeheader()
        return lambda report: table.writerows(
            {name: layout.defused(value) for name, value in row.items()} for row in layout.rows(report)
        )
    console = data_console()
    if form is Form.QUOTES:
        console.print(show.legend(), highlight=False)
        return lambda report: console.print(show.heading(report), show.quotes(report), "", sep="\n", highlight=False)
    return lambda report: console.print(show.terminal(report, width=console.width), highlight=False)
