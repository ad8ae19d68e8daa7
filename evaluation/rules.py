"""Rules measured without the network: places and dates whose spans are given."""

from __future__ import annotations

from evaluation import dates, places
from evaluation.bench import Bench, Figures

TOPONYMS = tuple(f"corpora/places/{file}.jsonl" for file in places.CORPORA.values())
WIKIWARS = "corpora/time/wikiwars-train.jsonl"


def toponyms(bench: Bench) -> Figures:
    """`places.score` on each corpus: shares of linked toponyms, spans given."""
    scores = {name: places.score(bench.shared / file) for name, file in zip(places.CORPORA, TOPONYMS, strict=True)}
    return {
        f"{name} {figure}": value
        for name, score in scores.items()
        for figure, value in score.items()
        if figure != "toponyms"
    }


def wikiwars(bench: Bench) -> Figures:
    """F1 of time expressions with the right value, spans given and found, as `dates.timexes` counts them."""
    given, found = dates.timexes(bench.shared / WIKIWARS, "wikiwars", [])
    return {"given_f1": _f1(given), "end_to_end_f1": _f1(found)}


def _f1(figure: dates.Figure) -> float:
    return 2 * figure.right / max(1, figure.given + figure.wanted)
