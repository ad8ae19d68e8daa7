"""`sayso incidents`, `incident`, `merge`, `split`, `undo`, `reconcile`: one event, every report of it, and where they disagree."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.keeping import CsvOption, JsonOption, LedgerOption, boundary, listed, one_form, say
from sayso.cli.output import data_console, line, machine_user, refuse, several
from sayso.summary import RULES, summarise

if TYPE_CHECKING:
    from sayso.ledger.history import Change, Compared
    from sayso.ledger.judgements.merging import Done
    from sayso.model import Incident

EXAMPLES = (
    "Examples:  sayso incidents --country ML --since 2025-08   |   "
    "sayso incidents --type COUP --counts lowest --csv > coups.csv"
)
ONE_EXAMPLES = (
    "Examples:  sayso incident 147a1862872c   |   sayso incident 147a1862872c --why   |   "
    "sayso incident 147a1862872c --history"
)
SHOWN = 50
PAIRS = 10  # of the reasons, unless more are asked for


class Counts(StrEnum):
    """The rules of `summary.RULES`, by name; a test keeps them the same."""

    RANGE = "range"
    LOWEST = "lowest"
    HIGHEST = "highest"
    MEDIAN_OF_ORIGINS = "median-of-origins"
    UCDP = "ucdp"
    ACLED = "acled"


CountsOption = Annotated[
    Counts,
    typer.Option(
        help="How several numbers become one figure: "
        + " ".join(f"{rule.name}: {rule.says}" for rule in RULES.values())
    ),
]
WhyOption = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason, kept with the judgement.")]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who judges. [dim]\\[default: the user of this machine][/dim]"),
]


def incidents(
    ledger: LedgerOption = "sayso.db",
    counts: CountsOption = Counts.RANGE,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many. [dim]\\[default: 50 in a table, all otherwise][/dim]")
    ] = None,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="Go on where a listing ended.")] = None,
    **asked: Any,
) -> None:
    """List incidents, the one that changed last first: those with a claim that meets all filters."""
    from sayso.ledger import filters, open_ledger
    from sayso.ledger import incidents as kept

    one_form(as_json, as_csv)
    with boundary(), open_ledger(ledger) as book:
        if as_json or as_csv:
            _out(kept.find(book, limit=limit, after=after, **asked), str(counts), as_csv)
            return
        wanted = filters.wanted(asked)
        page = kept.incidents_page(book, wanted, limit=limit or SHOWN, after=after)
        _shown(page.found, str(counts))
        say(listed(len(page.found), "incident", wanted.phrase, page.after))


def incident(
    incident: Annotated[
        str, typer.Argument(metavar="ID", help="The incident; an id it once had leads to it, too.", show_default=False)
    ],
    ledger: LedgerOption = "sayso.db",
    counts: CountsOption = Counts.RANGE,
    why: Annotated[bool, typer.Option("--why", help="Why its claims were put together, pair by pair.")] = False,
    history: Annotated[bool, typer.Option("--history", help="What happened to it, moment by moment.")] = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="WHEN", help="As the ledger knew it then: a day (its end, UTC), or a moment.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs --why shows.")] = PAIRS,
    as_json: JsonOption = False,
) -> None:
    """Show an incident whole: numbers with who stands behind them, statuses side by side, every claim in its words."""
    from sayso import layout
    from sayso.cli import picture
    from sayso.ledger import incidents as kept
    from sayso.pipeline import open_ledger

    if why and history:
        refuse("--why and --history cannot go together; choose one")
    with boundary(), open_ledger(ledger) as book:
        found = _standing(kept.incident(book, incident, as_of=as_of), lambda to: kept.incident(book, to, as_of=as_of))
        if why:
            _reasons(kept.why(book, found.id, limit=limit), as_json)
        elif history:
            _changes(kept.history(book, found.id), as_json)
        elif as_json:
            line(
                json.dumps(
                    layout.incident_json(found, summarise(found.tellings, counts=str(counts))), ensure_ascii=False
                )
            )
        else:
            data_console().print(picture.whole(found, summarise(found.tellings, counts=str(counts))), highlight=False)


def _standing(found: Any, follow: Any) -> Incident:
    """The incident itself, or the one that it became; stops the command where it was withdrawn."""
    from sayso.ledger.incidents import Redirected, Withdrawn

    if isinstance(found, Redirected):
        say(f"{found.id} was merged into {found.to} ({found.since[:10]})")
        found = follow(found.to)
    if isinstance(found, Withdrawn):
        say(f"{found.id} was withdrawn ({found.since[:10]}): none of its claims stands any longer")
        raise typer.Exit(1)
    kept: Incident = found
    return kept


# --- judgements ---


def merge(
    one: Annotated[str, typer.Argument(metavar="A", help="An incident.", show_default=False)],
    other: Annotated[
        str, typer.Argument(metavar="B", help="Another one; the id of the larger stays.", show_default=False)
    ],
    ledger: LedgerOption = "sayso.db",
    why: WhyOption = None,
    by: ByOption = None,
) -> None:
    """Judge that two incidents are one. `sayso undo` takes it back."""
    from sayso.ledger import incidents as kept
    from sayso.pipeline import open_ledger

    with boundary(), open_ledger(ledger) as book:
        done = kept.merge(book, one, other, by=by or machine_user(), why=why, who=machine_user())
        found = kept.incident(book, one)
        say(f"merged; it is incident {getattr(found, 'to', one)} now. Take it back with: sayso undo")
        _ids(done)


def split(
    incident: Annotated[str, typer.Argument(metavar="ID", help="The incident.", show_default=False)],
    claims: Annotated[
        list[str], typer.Argument(metavar="CLAIM...", help="Claims that tell of another event.", show_default=False)
    ],
    ledger: LedgerOption = "sayso.db",
    why: WhyOption = None,
    by: ByOption = None,
) -> None:
    """Judge that some claims of an incident tell of another one. `sayso undo` takes it back."""
    from sayso.ledger import incidents as kept
    from sayso.pipeline import open_ledger

    with boundary(), open_ledger(ledger) as book:
        done = kept.split(book, incident, claims, by=by or machine_user(), why=why, who=machine_user())
        say("split. Take it back with: sayso undo")
        _ids(done)


def undo(ledger: LedgerOption = "sayso.db", by: ByOption = None) -> None:
    """Take back your last merge or split that still holds."""
    from sayso.ledger import incidents as kept
    from sayso.pipeline import open_ledger

    with boundary(), open_ledger(ledger) as book:
        _ids(kept.undo(book, by=by or machine_user(), who=machine_user()))
        say("undone; incidents have the ids that they had before")


def reconcile(ledger: LedgerOption = "sayso.db") -> None:
    """Compare all claims of a ledger anew and work out its incidents. Nothing changes where they were as they should be."""
    from rich.console import Console
    from rich.progress import Progress

    from sayso.ledger.grouping import settling
    from sayso.pipeline import open_ledger

    console = Console(stderr=True)
    with (
        boundary(),
        open_ledger(ledger) as book,
        Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("comparing", total=None)

        def told(count: int) -> None:
            bar.update(task, description="bringing together", advance=count)

        count = settling.rebuild(book, told=told)
        say(f"{several(count, 'claim')} compared and brought together; see them with: sayso incidents")


def _ids(done: Done) -> None:
    for changed in done.incidents:
        line(changed)


# --- how they are written ---


def _out(found: Iterable[Incident], rule: str, as_csv: bool) -> None:
    from sayso import layout

    if not as_csv:
        for one in found:
            line(json.dumps(layout.incident_json(one, summarise(one.tellings, counts=rule)), ensure_ascii=False))
        return
    table = csv.DictWriter(sys.stdout, [name for name, _ in layout.INCIDENT_COLUMNS], lineterminator="\n")
    table.writeheader()
    for one in found:
        row = layout.incident_row(one, summarise(one.tellings, counts=rule))
        table.writerow({name: layout.defused(value) for name, value in row.items()})


def _shown(found: Iterable[Incident], rule: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from sayso.cli import picture

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for title in ("what", "where", "when", f"how many ({rule})", "told by", "they disagree on", "id"):
        table.add_column(title, overflow="fold", no_wrap=title == "id")
    for one in found:
        told = summarise(one.tellings, counts=rule)
        table.add_row(
            Text(picture.what(told), style="bold"),
            picture.where(told),
            picture.when(told),
            picture.numbers(told),
            picture.witnesses(told),
            Text(picture.differs(told), style="yellow"),
            Text(one.id, style="dim"),
        )
    data_console().print(table, highlight=False, markup=False)


def _reasons(found: Iterable[Compared], as_json: bool) -> None:
    from rich.text import Text

    from sayso.cli import picture

    console = data_console()
    for pair in found:
        features = [{"name": one.name, "value": one.value, "weight": one.weight} for one in pair.comparison.features]
        judged = [{"kind": one.kind, "by": one.by, "why": one.why, "made_at": one.made_at} for one in pair.judged]
        if as_json:
            claims = [pair.one.claim.id, pair.other.claim.id]
            about = {"claims": claims, "score": pair.comparison.score, "same": pair.comparison.same}
            line(json.dumps(about | {"features": features, "judged": judged}, ensure_ascii=False))
            continue
        for telling in (pair.one, pair.other):
            outlet = f"{telling.report.outlet or 'no outlet'}, {telling.report.published or 'no day'}: "
            console.print(Text.assemble((outlet, "dim"), picture.quoted(telling)))
        verdict = "alike enough to link" if pair.comparison.same else "not alike enough by themselves"
        console.print(Text(f"  {pair.comparison.score:+.2f}  {verdict}", style="bold"))
        for one in pair.comparison.features:
            console.print(
                Text.assemble(
                    (f"  {one.weight:+.2f}  ", "green" if one.weight > 0 else "red"), f"{one.name}: {one.value}"
                )
            )
        for act in pair.judged:
            reason = f", because {act.why}" if act.why else ""
            console.print(Text(f"  {act.by} judged them {act.kind} on {act.made_at[:10]}{reason}", style="bold cyan"))
        console.print()


def _changes(found: Iterable[Change], as_json: bool) -> None:
    for change in found:
        if as_json:
            claim = change.telling.claim.id if change.telling else None
            row = {"at": change.at, "kind": change.kind, "said": change.said, "claim": claim, "other": change.other}
            line(json.dumps(row, ensure_ascii=False))
        else:
            line(f"{change.at[:19].replace('T', ' ')}  {change.kind:9}  {change.said}")
