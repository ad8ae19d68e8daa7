"""`sayso import`: reports that people annotated elsewhere, their marks taken as judgements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.keeping import JobsOption, LedgerOption, boundary, copies, read_all, reader_version, say
from sayso.cli.output import machine_user, refuse

if TYPE_CHECKING:
    from sayso.errors import InputError
    from sayso.ingest.annotated import Annotated as Marks
    from sayso.ledger import Ledger
    from sayso.ledger.taking import Taken

EXAMPLES = (
    "Examples:  sayso import project.json --by ana   |   "
    "sayso import doccano.jsonl --outlet 'Example Wire' --published 2025-08-10"
)


def import_(
    projects: Annotated[
        list[Path], typer.Argument(help="Label Studio (JSON) or doccano (JSON Lines) projects.", show_default=False)
    ],
    ledger: LedgerOption = "sayso.db",
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who annotated, where the project does not say.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of publication of all of them, as 2025-08-10.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published them all.")] = None,
    jobs: JobsOption = 1,
) -> None:
    """Take reports that people annotated in Label Studio or doccano; what they marked becomes judgements of theirs."""
    from sayso.errors import InputError
    from sayso.ledger.taking import Taken
    from sayso.pipeline import open_ledger

    taken, failed = Taken(), 0
    with boundary(), open_ledger(ledger, create=True) as book:
        for project in projects:
            for found in _marks(project, outlet, published):
                if isinstance(found, InputError):
                    failed += 1
                    say(f"failed: {project}: {found}")
                else:
                    _take(book, found, by, taken, jobs)
    for said in taken.refused:
        say(f"refused: {said}")
    counts = ", ".join(f"{count:,} {what}" for what, count in sorted(taken.counts.items()))
    say(f"claims {counts or 'none'}; undo with: sayso undo, or look at them in the desk")
    raise typer.Exit(1 if failed or taken.refused else 0)


def _marks(project: Path, outlet: str | None, published: str | None) -> list[Marks | InputError]:
    from sayso import ontology
    from sayso.errors import InputError
    from sayso.ingest import Options, annotated
    from sayso.pipeline import day

    options = Options(outlet=outlet, published=day(published) if published else None)
    types = {name: tuple(kind.modes) for name, kind in ontology.TYPES.items()}
    try:
        return list(annotated.read(project.read_text("utf-8-sig"), types, options))
    except InputError as exc:
        refuse(f"{project}: {exc}")
    except (OSError, UnicodeDecodeError) as exc:
        refuse(f"{project}: cannot be read: {exc}")


def _take(book: Ledger, found: Marks, by: str | None, taken: Taken, jobs: int) -> None:
    """Reads and stores the report if it is new, then takes what was marked in it."""
    from sayso import ledger as books
    from sayso.ledger import taking, values
    from sayso.ledger.judgements.review import Reviewer
    from sayso.pipeline import resolve_claim

    for issue in found.issues:
        say(f"{found.report.id}: {issue}")
    books.add(books.Writer(book, reader_version(), copies=copies()), [found.report], read_all(jobs))
    reviewer = Reviewer(book, found.by or by or machine_user(), resolve_claim, who=machine_user())
    taking.take(reviewer, values.report_key(found.report), found.events, taken, why="annotated in another program")
