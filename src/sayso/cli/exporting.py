"""`sayso export`, `formats` and `compare`: what is in a ledger, in the formats of others and against their data."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.keeping import CsvOption, JsonOption, LedgerOption, boundary, one_form, say
from sayso.cli.output import line, several

if TYPE_CHECKING:
    from collections.abc import Callable

    from sayso.export.compare import Compared, Pair
    from sayso.export.declared import Column, Format

EXAMPLES = (
    "Examples:  sayso export claims.csv incidents.csv -o out/ --country ML --since 2025-08   |   "
    "sayso export acled geojson -o mali/ --country ML   |   sayso export evidence --incident 3f2a -o pack.zip"
)


COMPARE_EXAMPLES = (
    "Examples:  sayso compare acled.csv --country ML --since 2025   |   "
    "sayso compare ged.csv --days 7 --csv > apart.csv"
)


def export(
    names: Annotated[
        list[str],
        typer.Argument(metavar="FORMAT...", help="What to write; `sayso formats` lists them.", show_default=False),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="PATH", help="A folder, or a file that ends in .zip.", show_default=False
        ),
    ],
    ledger: LedgerOption = "sayso.db",
    incident: Annotated[str | None, typer.Option(metavar="ID", help="This incident alone.")] = None,
    counts: Annotated[
        str,
        typer.Option(metavar="RULE", help="How one number is made of several, where a format has no rule of its own."),
    ] = "range",
    hxl: Annotated[bool, typer.Option("--hxl", help="A row of HXL tags below the header of every CSV.")] = False,
    with_descriptors: Annotated[
        bool,
        typer.Option("--with-descriptors", help="The words by which reports describe anonymous informants, too."),
    ] = False,
    **asked: Any,
) -> None:
    """Write claims and incidents of a ledger in other formats, with a manifest; all or nothing."""
    from sayso import export as exporting
    from sayso.ledger import open_ledger
    from sayso.ledger.grouping.settling import unsettled

    options = exporting.Options(with_descriptors=with_descriptors, hxl=hxl, counts=counts)
    with boundary(), open_ledger(ledger) as book, _bar() as heard:
        done = exporting.export(book, names, output, options=options, incident=incident, heard=heard, **asked)
        waiting = unsettled(book)
    if waiting:
        wait = "waits" if waiting == 1 else "wait"
        say(f"{several(waiting, 'claim')} {wait} to be brought into incidents; `sayso reconcile` does so")
    what = [several(count, kind) for count, kind in ((done.claims, "claim"), (done.incidents, "incident")) if count]
    say(f"{output}: {' and '.join(what) or 'nothing found'}; {', '.join(done.files)}")


def formats(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FORMAT]...", help="These with all their columns.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the formats of `sayso export` with columns, units and terms; those named in full, with what is lost on the way."""
    from sayso.export import FORMATS
    from sayso.export.run import formats as known

    with boundary():
        chosen = known(names) if names else tuple(FORMATS.values())
    for form in chosen:
        if as_json:
            line(json.dumps(described(form), ensure_ascii=False))
        else:
            for said in _told(form) if names else _in_short(form):
                line(said)


def described(form: Format) -> dict[str, Any]:
    """A format as JSON."""
    return {
        "name": form.name,
        "title": form.title,
        "about": form.about,
        "one_record_a": str(form.grain),
        "counts": form.count_rule,
        "lost": list(form.lost),
        "terms": form.terms,
        "files": [
            {
                "name": file.name,
                "media": file.media,
                "about": file.about,
                "columns": [
                    {"name": column.name, "about": column.about, "type": str(column.kind), "unit": column.unit, "hxl": column.hxl}
                    for column in file.columns
                ],
            }
            for file in form.files
        ],
    }  # fmt: skip


def _in_short(form: Format) -> Iterator[str]:
    """A format with its columns and units, and its terms, in a few lines."""
    import textwrap

    yield f"{form.name:18} {form.title}"
    for file in form.files:
        columns = ", ".join(f"{column.name} ({column.unit})" if column.unit else column.name for column in file.columns)
        yield textwrap.fill(f"{file.name}: {columns}", 110, initial_indent="    ", subsequent_indent="      ")
    yield textwrap.fill(form.terms, 110, initial_indent="    terms: ", subsequent_indent="      ")


def _told(form: Format) -> Iterator[str]:
    yield f"{form.name}: {form.title}"
    yield form.about
    if form.count_rule:
        yield f"Numbers: {form.count_rule}."
    for file in form.files:
        yield f"\n{file.name} ({file.media}): {file.about}"
        yield from (_column(column) for column in file.columns)
    yield "\nWhat is lost:"
    yield from (f"- {lost}" for lost in form.lost)
    yield f"Terms: {form.terms}\n"


def _column(column: Column) -> str:
    unit = f", {column.unit}" if column.unit else ""
    return f"  {column.name}: {column.about} ({column.kind}{unit})"


# --- another coder ---


def compare(
    file: Annotated[Path, typer.Argument(help="Events of another coder: a CSV of ACLED or UCDP.", show_default=False)],
    ledger: LedgerOption = "sayso.db",
    days: Annotated[int, typer.Option(min=0, max=366, help="Most days that two may be apart.")] = 3,
    km: Annotated[int, typer.Option(min=0, max=20_000, help="Most kilometres that two may be apart.")] = 50,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    **asked: Any,
) -> None:
    """Compare incidents of a ledger with the events of another coder: matched, missed, only here; days and places apart."""
    from sayso.export import compare as comparing
    from sayso.export import others
    from sayso.ledger import incidents, open_ledger

    one_form(as_json, as_csv)
    with boundary(), open_ledger(ledger) as book:
        layout, events, failed = others.read(file)
        found = incidents.find(book, **asked)
        done = comparing.compare(events, found, layout.name, days=days, kilometres=km)
        if as_csv:
            _compared_csv(done)
        else:
            for said in map(_compared_json, done.pairs) if as_json else _compared_table(done):
                line(said)
    for failure in failed:
        say(f"failed: {failure}")
    say(_compared(done, layout.name, found.phrase))
    raise typer.Exit(1 if failed else 0)


def _compared_json(pair: Pair) -> str:
    from sayso.export.compare import row

    return json.dumps(row(pair), ensure_ascii=False)


def _compared_csv(done: Compared) -> None:
    from sayso.export.compare import COLUMNS, row
    from sayso.layout import defused

    table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: defused(cell) for name, cell in row(pair).items()} for pair in done.pairs)


def _compared_table(done: Compared) -> Iterator[str]:
    """A line each, for people."""
    for pair in done.pairs:
        one = pair.theirs or pair.here
        assert one is not None
        apart = [] if pair.days is None else [f"{pair.days} days apart" if pair.days else "same days"]
        apart += [] if pair.kilometres is None else [f"{pair.kilometres:g} km apart"]
        if pair.theirs and pair.here and not pair.same_type:
            apart.append(f"{pair.theirs.type} there, {pair.here.type} here")
        ids = " = ".join(known.id for known in (pair.theirs, pair.here) if known)
        where = ", ".join(filter(None, (one.place, one.country)))
        parts = (f"{pair.outcome:10} {one.first} {where or '—'}", one.type or "—", ids, ", ".join(apart))
        yield " · ".join(filter(None, parts))


def _compared(done: Compared, name: str, phrase: str) -> str:
    """The result in words."""
    from sayso.export.compare import MATCHED, MISSED, ONLY_HERE

    matched = done.of(MATCHED)
    same_days = sum(1 for pair in matched if pair.days == 0)
    places = [pair.kilometres for pair in matched if pair.kilometres is not None]
    near = sum(1 for far in places if far <= 5)
    types = sum(1 for pair in matched if pair.same_type)
    said = [
        f"{len(matched)} matched ({same_days} on the same days, {near} of {len(places)} within 5 km, {types} of the same type)",
        f"{len(done.of(MISSED))} of {name} missed",
        f"{len(done.of(ONLY_HERE))} only here",
        f"not compared: {done.without_day_or_country} without a day or country, {done.outside} outside of its countries and days",
    ]
    return f"{f'incidents {phrase}: ' if phrase else ''}{'; '.join(said)}"


@contextmanager
def _bar() -> Iterator[Callable[[int], None]]:
    """How many claims and incidents went by, on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("exporting"), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("exporting", total=None)

        def heard(count: int) -> None:
            if count % 100 == 0:
                bar.update(task, completed=count)

        yield heard
