"""`sayso add`, `claims`, `reports` and `reread`: the commands that work with a ledger."""

from __future__ import annotations

import csv
import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sayso.cli.output import _reports_in, data_console, line, nothing_in, refuse, several, tell

if TYPE_CHECKING:
    from sayso.ingest import Failure
    from sayso.ledger.adding import Failed, Fate, ReadAll, Tally, Told
    from sayso.ledger.filters import Filter
    from sayso.ledger.origins import Copies
    from sayso.ledger.query import Stored
    from sayso.ledger.writer import Writer
    from sayso.model import Report, Telling

ADD_EXAMPLES = (
    "Examples:  sayso add articles/   |   sayso add --jobs 4 --ledger mali.db reports.jsonl crawl.warc.gz   |   "
    "sayso add https://wire.example/rss   |   sayso add --ledger postgresql://localhost/sayso reports.jsonl.gz"
)
CLAIMS_EXAMPLES = (
    "Examples:  sayso claims --type COERCE --country ML --since 2025-08   |   "
    "sayso claims --source-kind anonymous --csv > said.csv   |   sayso claims --text 'coup plot' --as-of 2025-09-01"
)
SHOWN = 50  # claims or reports of a table, unless more are asked for

LedgerOption = Annotated[
    str,
    typer.Option(
        "--ledger",
        metavar="PATH|URL",
        envvar="SAYSO_LEDGER",
        help="The ledger: a file, or a database as postgresql://user@host/name.",
    ),
]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, max=256, help="Processes that read at once.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="One row each, for spreadsheets.")]


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files (text, Markdown, HTML, JSON, JSON Lines, web archives), folders, addresses of pages, feeds and sitemaps, "
            "or - for standard input.",
            show_default=False,
        ),
    ],
    ledger: LedgerOption = "sayso.db",
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of publication of all of them, as 2025-08-10.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published them all.")] = None,
    jobs: JobsOption = 1,
    keep_raw: Annotated[
        bool, typer.Option("--keep-raw", help="Keep the bytes of each page or text file too, as evidence.")
    ] = False,
) -> None:
    """Read reports and keep their claims in a ledger. Stopped at any moment, the same command goes on where it stopped."""
    with boundary():
        well = _add(sources, ledger, published, outlet, jobs, keep_raw)
    raise typer.Exit(0 if well else 1)


def reread(ledger: LedgerOption = "sayso.db", jobs: JobsOption = 1) -> None:
    """Read all reports of a ledger anew that another version of the reader has read; its claims stay, as superseded."""
    from sayso import ledger as books
    from sayso.pipeline import open_ledger

    with boundary(), open_ledger(ledger) as book:
        version = reader_version()
        total = books.outdated(book, version)
        with _progress("reading anew", total) as (told, _):
            tally = books.reread(books.Writer(book, version), read_all(jobs), told=told)
    count = several(tally[books.Fate.READ], "report")
    say(f"{count} read anew with reader {version}; former claims stay (--as-of shows them)")


def claims(
    ledger: LedgerOption = "sayso.db",
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many. [dim]\\[default: 50 in a table, all otherwise][/dim]")
    ] = None,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="Go on where a listing ended.")] = None,
    **asked: Any,
) -> None:
    """List claims of a ledger, newest report first. A filter given twice takes either; different filters must all hold."""
    from sayso.ledger import filters, open_ledger, query

    one_form(as_json, as_csv)
    with boundary(), open_ledger(ledger) as book:
        if as_json or as_csv:
            _claims_out(query.claims(book, limit=limit, after=after, **asked), as_csv)
            return
        wanted = filters.wanted(asked)
        page = query.claims_page(book, wanted, limit=limit or SHOWN, after=after)
        _claims_shown(page.found)
        say(listed(len(page.found), "claim", wanted.phrase, page.after))


def reports(
    ledger: LedgerOption = "sayso.db",
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many. [dim]\\[default: 50 in a table, all otherwise][/dim]")
    ] = None,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="Go on where a listing ended.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="List the sources that gave no report, and why.")] = False,
    **asked: Any,
) -> None:
    """List reports of a ledger, newest first. Filters about claims keep the reports that make such a claim."""
    from sayso.ledger import failures, filters, open_ledger, query

    one_form(as_json, as_csv)
    with boundary(), open_ledger(ledger) as book:
        if failed:
            for failure in failures(book):
                line(f"{failure.source}: {failure.message}")
            return
        if as_json or as_csv:
            _reports_out(query.reports(book, limit=limit, after=after, **asked), as_csv)
            return
        wanted = filters.wanted(asked)
        page = query.reports_page(book, wanted, limit=limit or SHOWN, after=after)
        _reports_shown(page.found)
        say(listed(len(page.found), "report", wanted.phrase, page.after))


# --- filters as options ---


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with an option for every row of `ledger.filters.FILTERS` in the place of ``**asked``."""
    from sayso.ledger.filters import FILTERS

    signature = inspect.signature(command, eval_str=True)
    own = [
        parameter for parameter in signature.parameters.values() if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    added = [_option(row) for row in FILTERS]

    @functools.wraps(command)
    def wrapped(**given: Any) -> None:
        command(**given)

    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*added, *own)]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapped


def _option(row: Filter) -> inspect.Parameter:
    names = f"{row.option}/--no-{row.option[2:]}" if row.kind is bool else row.option
    kind = list[row.kind] | None if row.many else row.kind | None  # type: ignore[name-defined]
    option = typer.Option(names, help=row.help, metavar=row.metavar, rich_help_panel="Filters", show_default=False)
    return inspect.Parameter(row.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option])


# --- what commands share ---


@contextmanager
def boundary() -> Iterator[None]:
    """Errors raised on purpose become a message and exit code 2; a reader of our output that has seen enough ends it quietly."""
    from sayso.errors import SaysoError

    try:
        yield
    except SaysoError as exc:
        refuse(str(exc))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        say("stopped; all that was read is kept, and the same command goes on from there")
        raise typer.Exit(130) from None


def say(message: str) -> None:
    """A message beside the data."""
    print(message, file=sys.stderr)


def one_form(as_json: bool, as_csv: bool) -> None:
    """Refuses two forms at once."""
    if as_json and as_csv:
        refuse("--json and --csv cannot go together; choose one")


def listed(shown: int, what: str, phrase: str, after: str | None) -> str:
    """The closing line of a table: what it shows, in words, and how to see the rest."""
    said = f"{several(shown, what)}{f' {phrase}' if phrase else ''}"
    return f"the first {said}; more with --after {after}, or --limit" if after else said


def reader_version() -> str:
    """What a reading is kept under: the weights and the release of Sayso that resolves what they find."""
    import sayso
    from sayso.reader.reader import default_network

    return f"{default_network().version}+{sayso.__version__}"


def copies() -> Copies:
    """How a ledger tells reports that were printed from one text."""
    from sayso import ledger
    from sayso.ingest import origins

    return ledger.Copies(origins.sign, origins.alike, origins.DAYS_APART)


def read_all(jobs: int) -> ReadAll:
    """The reader that ships, on so many processes, as a ledger takes it."""
    from sayso import pipeline

    if jobs == 1:
        return lambda reports: map(pipeline.read_report, reports)
    return lambda reports: cast("Iterator[Report]", pipeline.in_parallel(reports, jobs, None))


# --- add ---


def _add(sources: list[str], where: str, published: str | None, outlet: str | None, jobs: int, keep_raw: bool) -> bool:
    """Whether all went well: something was found, and nothing failed."""
    from sayso import ingest, ledger
    from sayso.pipeline import day, open_ledger

    options = ingest.Options(outlet=outlet, published=day(published) if published else None)
    with open_ledger(where, create=True) as book, _progress("reading", _reports_in(sources)) as (told, failures):
        named = _Named(sources, expand=keep_raw)
        writer = ledger.Writer(book, reader_version(), copies=copies())
        days = _Days(writer, told, asked=published is not None)
        tally = ledger.add(
            writer,
            ingest.read(named, options, repeats=True),
            read_all(jobs),
            kept=lambda report: ledger.Kept(report.issues, named.content() if keep_raw else None),
            told=days.told,
        )
    failed = tell([*failures, *named.skipped])
    empty = not any(tally[fate] for fate in ledger.Fate if fate is not ledger.Fate.SKIPPED) and nothing_in(sources)
    days.say()
    say(closing(tally, where))
    return not failed and not empty


@dataclass(slots=True)
class _Days:
    """Watches the days of publication of what is added: those that nobody gave, and those that came too late.

    `asked` where the user gave one for all.
    """

    writer: Writer
    passed_on: Told
    asked: bool
    without: int = 0
    late: int = 0

    def told(self, fate: Fate, what: Report | Failed) -> None:
        from sayso.model import Report

        self.passed_on(fate, what)
        if isinstance(what, Report):
            self.without += fate == "read" and what.published is None
            self.late += self.asked and fate == "already there" and self.writer.published(what) != what.published

    def say(self) -> None:
        if self.without:
            say(
                f"{self.without:,} without a day of publication: words such as Sunday stay without a date, and claims of one event "
                "find each other less often; give it with --published, in a new ledger"
            )
        if self.late:
            say(
                f"{self.late:,} already there with another day of publication or none, and left so: --published changes no report "
                "that is stored; to have it otherwise, add to a new ledger with --ledger"
            )


class _Named:
    """The sources a user named, one after the other as they are asked for; knows which file is being read.

    `expand` names the files of a folder one by one, so that this is known of them too; `skipped` are those of unknown kind.
    """

    def __init__(self, sources: list[str], *, expand: bool) -> None:
        self._sources = sources
        self._expand = expand
        self._current = Path()
        self.skipped: list[Failure] = []

    def __iter__(self) -> Iterator[str]:
        for source in self._sources:
            for file in self._files(Path(source)) if self._expand and Path(source).is_dir() else [source]:
                self._current = Path(file)
                yield file

    def _files(self, folder: Path) -> Iterator[str]:
        from sayso.ingest import Failure
        from sayso.ingest.sources import kind_of

        for parent, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for path in (Path(parent, name) for name in sorted(files) if not name.startswith(".")):
                if kind_of(path):
                    yield str(path)
                else:
                    self.skipped.append(Failure(str(path), "skipped: of an unknown kind", skipped=True))

    def content(self) -> bytes | None:
        """The bytes of the page or text being read; None for collections of reports, addresses and standard input."""
        from sayso.ingest.sources import kind_of

        one_report = kind_of(self._current) in ("page", "markdown", "text")
        return self._current.read_bytes() if one_report and self._current.is_file() else None


def closing(tally: Tally, where: str) -> str:
    """The last line of what adds to a ledger: how many met which fate, and the next command."""
    from sayso.ledger import Fate

    option = "" if where == "sayso.db" else f" --ledger {where}"
    counts = ", ".join(f"{tally[fate]:,} {fate}" for fate in (Fate.READ, Fate.THERE, Fate.FAILED))
    return f"{counts}; see them with: sayso claims{option}"


@contextmanager
def _progress(doing: str, total: int | None) -> Iterator[tuple[Told, list[Failure]]]:
    """A bar with rate and time left on standard error, where that is a terminal; gathers the failures that go by."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    failures: list[Any] = []
    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=total, rate="")

        def told(fate: Fate, what: Report | Failed) -> None:
            if fate in ("failed", "skipped"):
                failures.append(what)
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, advance=1, rate=f"{speed:.1f}/s" if speed else "")

        yield told, failures


# --- listing ---


def _claims_out(found: Iterable[Telling], as_csv: bool) -> None:
    from sayso import layout

    if as_csv:
        names = [*(name for name, _ in layout.COLUMNS), "origin"]
        table = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        table.writeheader()
        for one in found:
            rows = layout.rows(replace(one.report, claims=(one.claim,)))
            table.writerows(
                {name: layout.defused(value) for name, value in row.items()} | {"origin": one.origin} for row in rows
            )
        return
    for one in found:
        report = one.report
        about = {
            "report_id": report.id,
            "outlet": report.outlet,
            "published": str(report.published or "") or None,
            "title": report.title,
            "url": report.url,
        }
        beside = {"words": one.claim.sentence.of(report.text), "origin": one.origin}
        line(json.dumps(about | layout.claim_json(one.claim) | beside, ensure_ascii=False))


def _claims_shown(found: tuple[Telling, ...]) -> None:
    from sayso import show

    console = data_console()
    for _, group in groupby(found, key=lambda one: (one.report.id, one.report.outlet, one.report.text)):
        together = list(group)
        report = replace(together[0].report, claims=tuple(one.claim for one in together), issues=())
        console.print(show.terminal(report, width=console.width), highlight=False)


REPORT_COLUMNS = (
    "id",
    "outlet",
    "published",
    "title",
    "language",
    "url",
    "claims",
    "origin",
    "prints",
    "raw",
    "reader",
    "issues",
)


def _reports_out(found: Iterator[Stored], as_csv: bool) -> None:
    from sayso import layout

    if not as_csv:
        for stored in found:
            beside = {"origin": stored.origin, "prints": stored.prints}
            line(json.dumps(layout.report_json(stored.report) | beside, ensure_ascii=False))
        return
    table = csv.DictWriter(sys.stdout, REPORT_COLUMNS, lineterminator="\n")
    table.writeheader()
    for stored in found:
        table.writerow({name: layout.defused(value) for name, value in _report_row(stored).items()})


def _report_row(stored: Stored) -> dict[str, object]:
    report = stored.report
    values = (
        report.id, report.outlet, report.published, report.title, report.language, report.url, len(report.claims),
        stored.origin, stored.prints, stored.raw, stored.version, "; ".join(report.issues) or None,
    )  # fmt: skip
    return dict(zip(REPORT_COLUMNS, values, strict=True))


def _reports_shown(found: tuple[Stored, ...]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for title in ("published", "outlet", "title", "claims", "prints", "id"):
        table.add_column(title, overflow="fold", justify="right" if title in ("claims", "prints") else "left")
    for stored in found:
        report = stored.report
        title = report.title or " ".join(report.text.split())[:60]
        counts = (str(len(report.claims)), str(stored.prints))
        table.add_row(str(report.published or ""), report.outlet or "", title, *counts, report.id)
    data_console().print(table, highlight=False, markup=False)
