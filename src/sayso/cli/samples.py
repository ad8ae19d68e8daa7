"""The ledger of the demo: the samples that ship with Sayso, read as any other reports."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def make_ledger(path: Path) -> None:
    """A ledger at `path` with the samples in it. Raises `SaysoError`."""
    from sayso import ingest, ledger
    from sayso.cli.keeping import copies, read_all, reader_version
    from sayso.pipeline import open_ledger

    with open_ledger(path, create=True) as book:
        reports = ingest.read([str(SAMPLES)], ingest.Options())
        ledger.add(ledger.Writer(book, reader_version(), copies=copies()), reports, read_all(1))
