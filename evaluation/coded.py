"""The event type of single sentences coded by hand: PLV and the PLOVER gold records."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evaluation.bench import Bench, Figures
from evaluation.reading import Row
from evaluation.scores import accuracy, macro_f1
from sayso.model import Claim, Report, Span

PLV, PLOVER = "corpora/coding/plv-train.jsonl", "corpora/coding/plover-gsr.jsonl"
# PLV's YIELD is PLOVER's CONCEDE and RETREAT together.
_PLV_TYPES = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


def plv(bench: Bench) -> Figures:
    """Type of the event between the marked source and target: that of the claim whose actor and recipient overlap them best.

    Where no claim touches either, the most confident one answers; a sentence without claims is answered wrongly. `read` is the
    share of sentences with a claim at all.
    """
    return _figures(bench, PLV, _sides, _PLV_TYPES)


def plover(bench: Bench) -> Figures:
    """Type of the marked event: that of the claim whose trigger overlaps it, else as in `plv`."""
    return _figures(
        bench, PLOVER, lambda row, claim: 4 * _touches(row["event"], [claim.trigger]) + _sides(row, claim), {}
    )


def _figures(bench: Bench, file: str, closeness: Callable[[Row, Claim], int], types: dict[str, str]) -> Figures:
    rows = bench.rows(file)
    reports = bench.readings.read(rows)
    chosen = [chosen_type(report, row, closeness) for report, row in zip(reports, rows, strict=True)]
    pairs = [(types.get(kind or "", kind), row["type"]) for kind, row in zip(chosen, rows, strict=True)]
    read = sum(kind is not None for kind in chosen) / len(chosen)
    return {"accuracy": accuracy(pairs), "macro_f1": macro_f1(pairs), "read": read}


def chosen_type(report: Report, row: Row, closeness: Callable[[Row, Claim], int]) -> str | None:
    """The type of the claim closest to what `row` marks, the most confident among equals; None without claims."""
    best = max(report.claims, key=lambda claim: (closeness(row, claim), claim.confidence), default=None)
    return best.type if best else None


def _sides(row: Row, claim: Claim) -> int:
    """How many of the marked source and target the claim has in their slots: 0, 1 or 2."""
    actor, recipient = ([argument.span for argument in slot] for slot in (claim.actor, claim.recipient))
    return _touches(row["source"], actor) + _touches(row["target"], recipient)


def _touches(marked: Sequence[Sequence[int]], spans: Sequence[Span]) -> int:
    return int(any(Span(start, end).overlaps(span) for start, end in marked for span in spans))
