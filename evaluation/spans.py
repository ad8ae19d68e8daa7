"""Spans that the reader tags, before they become claims: who says what (PolNeAR) and what is named (Worldwide Newswire)."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.bench import Bench, Figures
from evaluation.reading import Row
from evaluation.scores import Matches, covered, same, tokens, total
from sayso.model import Attribution, Report, Span

POLNEAR, WORLDWIDE = "corpora/attribution/polnear-dev.jsonl", "corpora/mentions/worldwide-dev.jsonl"
PARTS = ("source", "cue", "content")


def polnear(bench: Bench) -> Figures:
    """Exact span and token F1 of source, cue and content, micro over reports.

    Every contiguous piece is a span, a piece shared by several attributions counts once, and which pieces belong together is not
    scored: so were the BIO taggers scored to which the figures are compared. Tokens are words and single marks.
    """
    rows = bench.rows(POLNEAR)
    pairs = list(zip(bench.readings.read(rows), rows, strict=True))
    exact = {part: total(same(_given(report, part), _wanted(row, part)) for report, row in pairs) for part in PARTS}
    token = {part: total(_tokens(report, row, part) for report, row in pairs) for part in PARTS}
    figures = {f"{part}_f1": matches.f1 for part, matches in exact.items()} | {"micro_f1": total(exact.values()).f1}
    return figures | {f"{part}_token_f1": matches.f1 for part, matches in token.items()}


def _pieces(attribution: Attribution, part: str) -> tuple[Span, ...]:
    pieces: tuple[Span, ...] = getattr(attribution, part)
    return pieces


def _given(report: Report, part: str) -> set[Span]:
    return {span for attribution in report.attributions for span in _pieces(attribution, part)}


def _wanted(row: Row, part: str) -> set[Span]:
    return {Span(*span) for attribution in row["attributions"] for span in attribution[part]}


def _tokens(report: Report, row: Row, part: str) -> Matches:
    every = tokens(row["text"])
    return same(covered(every, _given(report, part)), covered(every, _wanted(row, part)))


def worldwide(bench: Bench) -> Figures:
    """Exact F1 of named mentions, span and type right; then of each type alone. Inner mentions are not scored."""
    rows = bench.rows(WORLDWIDE)
    pairs = [(_mentions(report), _named(row)) for report, row in zip(bench.readings.read(rows), rows, strict=True)]
    return {"f1": total(same(given, wanted) for given, wanted in pairs).f1} | dict(_by_type(pairs))


def _mentions(report: Report) -> set[tuple[Span, str]]:
    return {(mention.span, str(mention.kind)) for mention in report.mentions}


def _named(row: Row) -> set[tuple[Span, str]]:
    return {(Span(*mention["span"]), mention["type"]) for mention in row["mentions"]}


def _by_type(pairs: list[tuple[set[tuple[Span, str]], set[tuple[Span, str]]]]) -> Iterator[tuple[str, float]]:
    for kind in sorted({kind for _, wanted in pairs for _, kind in wanted}):
        only = [tuple({item for item in side if item[1] == kind} for side in pair) for pair in pairs]
        yield kind, total(same(given, wanted) for given, wanted in only).f1
