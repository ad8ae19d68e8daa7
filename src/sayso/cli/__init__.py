"""The command line: data on standard output, messages on standard error.

Exit codes: 0 all was done; 1 something could not be read and is listed; 2 the command makes no sense as given.
Commands live in modules of this package by what they are about; heavy imports stay inside them, so that --help answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

import sayso
from sayso.cli import doctor, exporting, importing, incidents, keeping, reading, reviewing, serving, watching

app = typer.Typer(add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")
app.command(epilog=reading.EXAMPLES)(reading.read)
app.command()(reading.demo)
app.command(epilog=keeping.ADD_EXAMPLES)(keeping.add)
app.command(epilog=watching.EXAMPLES)(watching.watch)
app.command(epilog=keeping.CLAIMS_EXAMPLES)(keeping.filtered(keeping.claims))
app.command()(keeping.filtered(keeping.reports))
app.command(epilog=incidents.EXAMPLES)(keeping.filtered(incidents.incidents))
app.command(epilog=incidents.ONE_EXAMPLES)(incidents.incident)
app.command()(incidents.merge)
app.command()(incidents.split)
app.command()(incidents.undo)
app.command(epilog=exporting.EXAMPLES)(keeping.filtered(exporting.export))
app.command()(exporting.formats)
app.command(epilog=exporting.COMPARE_EXAMPLES)(keeping.filtered(exporting.compare))
app.command(name="import", epilog=importing.EXAMPLES)(importing.import_)
app.command()(keeping.reread)
app.command()(incidents.reconcile)
app.command()(doctor.doctor)
app.command(epilog=serving.EXAMPLES)(serving.serve)
app.command()(serving.desk_user)
app.command()(reviewing.training_data)
app.command(epilog=reviewing.NOTIFY_EXAMPLES)(reviewing.notify)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sayso {sayso.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Read political news into claims: who did what to whom, where, when, how many, and [b]who says so[/b]."""


def main() -> None:
    """Entry point of the command."""
    app()
