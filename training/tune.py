"""Keenness: how much to take off the score of "nothing here" in each layer, chosen on the dev parts and written into the card.

Cross-entropy makes a tagger shy of rare labels; F1 wants as many misses as false alarms. One number a layer restores that balance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sayso.model import Claim, Report, Span
from sayso.reader import labels
from sayso.reader.calibration import Calibration
from sayso.reader.network import Network, Seen
from sayso.reader.reader import Reader
from sayso.reader.tokens import Ints
from training.corpora import Record, read_lines

GRID = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0)
LEAST = (0.0, 0.2, 0.25, 0.3, 0.35, 0.4)
NEAR = 12  # characters between two triggers that still name one event, as the scorer has it


def choose(weights: Path, shared: Path) -> dict[str, Any]:
    """The best value of `GRID` for each layer, one after the other, the others at what was chosen before, as the card has them.

    Events are searched together with `least_confidence`: many triggers, then only those whose type is fairly sure, beat few.
    """
    network = _Remembering(weights)
    found = dict(network.card["keenness"])
    least = 0.0
    gold = list(read_lines(shared / "gold/dev.jsonl"))
    layers: list[tuple[str, Sequence[Record], Callable[[Report, Record], tuple[int, int, int]]]] = [
        ("mentions", list(read_lines(shared / "corpora/mentions/worldwide-dev.jsonl"))[:40], _mentions),
        ("attribution", list(read_lines(shared / "corpora/attribution/polnear-dev.jsonl"))[:25], _attributions),
        *(
            (role, gold, _slot(role))
            for role in labels.ROLES
            if role in ("actor", "recipient", "place", "count", "source")
        ),
    ]
    _, found["events"], least = max(
        (f1, value, floor)
        for value in GRID
        for floor, f1 in _events_by_floor(network, {**found, "events": value}, gold).items()
    )
    for layer, records, score in layers:
        found[layer] = max(GRID, key=lambda value: _f1(network, {**found, layer: value}, least, records, score))
    found["date"] = found["place"]  # gold dates are values, not words
    return {"keenness": found, "least_confidence": least}


class _Remembering(Network):
    """Sees each window once: what is tried here changes decoding alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._seen: dict[bytes, Seen] = {}

    def see(self, ids: Ints, shapes: Ints) -> Seen:
        key = ids.tobytes() + shapes.tobytes()
        if key not in self._seen:
            self._seen[key] = super().see(ids, shapes)
        return self._seen[key]


def _bare(network: Network, keenness: Mapping[str, float], least: float) -> Reader:
    """A reader that tells the network's own probabilities: a floor is one of them."""
    reader = Reader(network)
    reader.keenness, reader.least, reader.calibration = dict(keenness), least, Calibration()
    return reader


def _f1(
    network: Network,
    chosen: Mapping[str, float],
    least: float,
    records: Iterable[Record],
    score: Callable[[Report, Record], tuple[int, int, int]],
) -> float:
    reader = _bare(network, chosen, least)
    hit = gold = read = 0
    for record in records:
        counts = score(reader.read(Report(id=record["id"], text=record["text"])), record)
        hit, gold, read = hit + counts[0], gold + counts[1], read + counts[2]
    return 2 * hit / (gold + read) if gold + read else 0.0


def _mentions(report: Report, record: Record) -> tuple[int, int, int]:
    read = {(mention.span, str(mention.kind)) for mention in report.mentions}
    gold = {(Span(*mention["span"]), mention["type"]) for mention in record["mentions"]}
    return len(read & gold), len(gold), len(read)


def _attributions(report: Report, record: Record) -> tuple[int, int, int]:
    read = {
        (part, span)
        for found in report.attributions
        for part in labels.ATTRIBUTION_PARTS
        for span in getattr(found, part)
    }
    gold = {
        (part, Span(*span))
        for found in record["attributions"]
        for part in labels.ATTRIBUTION_PARTS
        for span in found[part]
    }
    return len(read & gold), len(gold), len(read)


def _events_by_floor(network: Network, chosen: Mapping[str, float], records: Sequence[Record]) -> dict[float, float]:
    """Typed F1 for each of `LEAST`, from one reading."""
    reader = _bare(network, chosen, 0.0)
    read = [(reader.read(Report(id=record["id"], text=record["text"])), record) for record in records]
    found = {}
    for floor in LEAST:
        hit = gold = claims = 0
        for report, record in read:
            kept = replace(report, claims=tuple(claim for claim in report.claims if claim.confidence >= floor))
            paired = pairs(kept, record)
            hit += sum(not one["minor"] and one["type"] == claim.type for one, claim in paired)
            gold += sum(not one["minor"] for one in record["claims"])
            claims += len(kept.claims) - sum(bool(one["minor"]) for one, _ in paired)
        found[floor] = 2 * hit / (gold + claims) if gold + claims else 0.0
    return found


def pairs(report: Report, record: Record) -> list[tuple[Record, Claim]]:
    """Annotated claims with the claim that was read for each, equal types and nearer triggers first."""
    left, paired = list(report.claims), []
    for gold in sorted(record["claims"], key=lambda claim: bool(claim["minor"])):
        span = Span(*gold["trigger"])
        near = [claim for claim in left if claim.trigger.gap(span) <= (NEAR if claim.type == gold["type"] else 0)]
        if near:
            best = min(near, key=lambda claim: (claim.type != gold["type"], claim.trigger.gap(span)))
            left.remove(best)
            paired.append((gold, best))
    return paired


def _slot(role: str) -> Callable[[Report, Record], tuple[int, int, int]]:
    def score(report: Report, record: Record) -> tuple[int, int, int]:
        hit = wanted_spans = read_spans = 0
        for gold, claim in pairs(report, record):
            if gold["type"] == claim.type and not gold["minor"]:
                wanted, read = gold_spans(gold, role), _read_spans(claim, role)
                hit += sum(any(alike(record["text"], one, other) for other in read) for one in wanted)
                wanted_spans, read_spans = wanted_spans + len(wanted), read_spans + len(read)
        return hit, wanted_spans, read_spans

    return score


def gold_spans(claim: Record, role: str) -> list[Span]:
    """What an annotated claim has in a slot."""
    value: Any = claim[role]
    if role in ("actor", "recipient"):
        return [Span(*span) for span in value]
    span = value["span"] if isinstance(value, Mapping) else value
    return [Span(*span)] if span else []


def _read_spans(claim: Claim, role: str) -> list[Span]:
    value: Any = getattr(claim, role)
    items: Sequence[Any] = value if isinstance(value, tuple) else (value,)
    return [item.span for item in items if item is not None and item.span]


def alike(text: str, one: Span, other: Span) -> bool:
    """Whether two spans share half of the words of the longer."""
    words, others = set(one.of(text).lower().split()), set(other.of(text).lower().split())
    return 2 * len(words & others) >= max(len(words), len(others))
