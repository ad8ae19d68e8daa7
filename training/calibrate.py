"""What the reader's confidence is worth: the share of right answers by how sure it was, written into the card and the model card.

    python -m training.calibrate --shared ../shared [--weights FOLDER] [--pages FOLDER]

Reads gold dev, which no weights are trained on, and fits one curve (Platt's: a logistic line over the log-odds, drawn towards
"as it is") for claims and one for each slot. What it reports is measured with the reports left out one after the other: each is
judged by curves that have not seen it. Run it again for new weights; `python -m training` does so itself.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sayso.ingest import Options
from sayso.ingest.reports import from_record
from sayso.model import Argument, Claim, Report, Span
from sayso.reader.calibration import CLAIM, SLOTS, Calibration
from sayso.reader.network import CARD, Network
from sayso.reader.reader import Reader
from sayso.resolve import dates
from sayso.resolve.claims import resolve
from training.corpora import Record, read_lines
from training.tune import alike, gold_spans, pairs

Numbers = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ROOT / "src/sayso/data/weights"
POINTS = np.linspace(0, 1, 21)
EDGE = 0.01  # log-odds are taken between this and one less it
PULL = 1.0  # weight of "as it is" against the examples, as if one more had been seen
BINS = 10
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
OPENS, CLOSES = "<!-- generated: thresholds -->", "<!-- end -->"


class Answer(NamedTuple):
    """One claim or filled slot of a report (by number): how sure the network was, and whether the annotators agree."""

    report: int
    name: str
    confidence: float
    right: bool


class Held(NamedTuple):
    """Answers with the share of right ones that curves fitted without their report expect, and how many claims were to be read."""

    answers: Sequence[Answer]
    chances: Numbers
    wanted: int

    def only(self, names: Iterable[str]) -> Held:
        """Those of some names."""
        chosen = set(names)
        kept = [index for index, answer in enumerate(self.answers) if answer.name in chosen]
        return Held([self.answers[index] for index in kept], self.chances[kept], self.wanted)

    @property
    def right(self) -> Numbers:
        """1 for each right answer."""
        return np.array([answer.right for answer in self.answers], dtype=np.float64)


def read(weights: Path, records: Sequence[Record]) -> list[Report]:
    """Annotated texts read through every stage, with the network's own probabilities."""
    reader = Reader(Network(weights), find_days=dates.find)
    reader.calibration = Calibration()
    asked = ("id", "text", "title", "outlet", "published")
    made = (from_record({key: record[key] for key in asked if key in record}, Options()) for record in records)
    return [resolve(reader.read(report)) for report in made]


def answers(reports: Sequence[Report], records: Sequence[Record]) -> list[Answer]:
    """Claims, right where the trigger and its type are; slots of right claims. What is paired to a minor one counts not."""
    found: list[Answer] = []
    for number, (report, record) in enumerate(zip(reports, records, strict=True)):
        gold = {id(claim): one for one, claim in pairs(report, record)}
        for claim in report.claims:
            one = gold.get(id(claim))
            if one and one["minor"]:
                continue
            right = bool(one and one["type"] == claim.type)
            found.append(Answer(number, CLAIM, claim.confidence, right))
            if one and right:
                found += [Answer(number, *rest) for rest in _slots(record["text"], one, claim)]
    return found


def _slots(text: str, gold: Record, claim: Claim) -> Iterator[tuple[str, float, bool]]:
    for name in ("actor", "recipient", "place"):
        left = gold_spans(gold, name)
        for argument in _filled(getattr(claim, name)):
            hit = next((span for span in left if alike(text, span, argument.span)), None)
            left = [span for span in left if span != hit]
            yield name, argument.confidence, hit is not None
    if claim.date and claim.date.value:
        yield "date", claim.date.confidence, claim.date.value.value == gold["date"]
    if claim.count and claim.count.value:
        said, wanted = claim.count.value, gold["count"] or {}
        yield "count", claim.count.confidence, (said.low, said.high) == (wanted.get("low", -1), wanted.get("high", -1))
    span, own = gold["source"]["span"], claim.source.span
    same = alike(text, Span(*span), own) if span and own else not span and not own
    yield "source", claim.source.confidence, bool(same and claim.source.kind == gold["source"]["kind"])


def _filled(slot: Any) -> Sequence[Argument[Any]]:
    return slot if isinstance(slot, tuple) else [slot] if slot else []


def _log_odds(confidence: Numbers) -> Numbers:
    kept = np.clip(confidence, EDGE, 1 - EDGE)
    odds: Numbers = np.log(kept / (1 - kept))
    return odds


def curve(found: Sequence[Answer], at: Numbers) -> Numbers:
    """The share of right answers expected `at` some confidences: Platt's line, fitted by Newton's steps."""
    if not found:
        return at
    odds = _log_odds(np.array([answer.confidence for answer in found]))
    right = np.array([answer.right for answer in found], dtype=np.float64)
    inputs, start = np.stack([odds, np.ones_like(odds)], axis=1), np.array([1.0, 0.0])
    line, pull = start.copy(), PULL * np.eye(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-inputs @ line))
        slope = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + pull
        line = line + np.linalg.solve(slope, inputs.T @ (right - chance) - pull @ (line - start))
    expected: Numbers = 1 / (1 + np.exp(-(max(line[0], 0.0) * _log_odds(at) + line[1])))
    return expected


def tables(found: Sequence[Answer]) -> dict[str, tuple[list[float], list[float]]]:
    """The tables of the card, fitted on all answers."""
    return {
        name: (
            np.round(POINTS, 3).tolist(),
            np.round(curve([answer for answer in found if answer.name == name], POINTS), 3).tolist(),
        )
        for name in (CLAIM, *SLOTS)
    }


def held_out(found: Sequence[Answer], wanted: int) -> Held:
    """Every answer judged by the curve of its name, fitted on all other reports."""
    chances = np.zeros(len(found))
    for report, name in sorted({(answer.report, answer.name) for answer in found}):
        mine = [index for index, answer in enumerate(found) if (answer.report, answer.name) == (report, name)]
        others = [answer for answer in found if answer.name == name and answer.report != report]
        chances[mine] = curve(others, np.array([found[index].confidence for index in mine]))
    return Held(found, chances, wanted)


def expected_error(chances: Numbers, right: Numbers) -> float:
    """Expected calibration error: how far chance and share of right answers lie apart, in ten bins of equal width."""
    if not len(chances):
        return 0.0
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = [abs(float((chances - right)[bins == one].sum())) for one in range(BINS)]
    return sum(gaps) / len(chances)


def threshold_rows(held: Held) -> list[tuple[float, float, float, float, float, float]]:
    """Threshold; claims kept, precision and recall among them; slots kept and right among them."""
    claims, slots = held.only([CLAIM]), held.only(SLOTS)
    rows = []
    for threshold in THRESHOLDS:
        kept, filled = claims.chances >= threshold, slots.chances >= threshold
        hits = float(claims.right[kept].sum())
        rows.append(
            (
                threshold,
                float(kept.mean()),
                hits / max(int(kept.sum()), 1),
                hits / max(held.wanted, 1),
                float(filled.mean()),
                float(slots.right[filled].sum()) / max(int(filled.sum()), 1),
            )
        )
    return rows


def errors(held: Held) -> dict[str, float]:
    """Expected calibration error of claims, of all slots together, and of each slot."""
    parts = {"claims": [CLAIM], "arguments": SLOTS} | {name: [name] for name in SLOTS}
    chosen = {title: held.only(names) for title, names in parts.items()}
    return {title: round(expected_error(part.chances, part.right), 3) for title, part in chosen.items()}


def write(weights: Path, shared: Path) -> Held:
    """Fit the curves, put them into the card of `weights`, and give back what was held out."""
    records = list(read_lines(shared / "gold/dev.jsonl"))
    found = answers(read(weights, records), records)
    held = held_out(found, sum(not claim["minor"] for record in records for claim in record["claims"]))
    path = weights / CARD
    card = json.loads(path.read_text("utf-8"))
    card |= {"calibration": tables(found), "calibration_error": errors(held)}
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return held


def described(held: Held, card: Mapping[str, Any]) -> str:
    """The part of the model card: the errors, and what a threshold costs."""
    said = errors(held)
    slots = ", ".join(f"{name} {said[name]:.3f}" for name in SLOTS)
    lines = [
        f"Of weights {card['version']}, on gold dev, each report judged by curves fitted on the others: expected calibration error",
        f"(ten bins) of claims {said['claims']:.3f}, of all slots together {said['arguments']:.3f}; {slots}.",
        "",
        "![What a threshold costs](thresholds.svg)",
        "",
        "| least confidence | claims kept | right among them (type) | of all annotated claims | slots kept | right among them |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for threshold, *shares in threshold_rows(held):
        lines.append(f"| {threshold:.1f} | " + " | ".join(f"{share:.2f}" for share in shares) + " |")
    return "\n".join(lines)


def chart(held: Held) -> str:
    """The claims' half of the table as a picture: precision, recall and share kept by least confidence."""
    rows = threshold_rows(held)
    wide, high, left, top = 440, 240, 46, 16

    def at(x: float, y: float) -> str:
        return f"{left + x * wide:.1f},{top + (1 - y) * high:.1f}"

    shapes = ['<rect width="100%" height="100%" fill="#fff"/>']
    shapes += [f'<polyline points="{at(0, 1)} {at(0, 0)} {at(1, 0)}" fill="none" stroke="#888"/>']
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(tick, tick).split(",")
        shapes.append(f'<text x="{left - 6}" y="{float(y) + 4:.1f}" text-anchor="end">{tick:.2f}</text>')
        shapes.append(f'<text x="{x}" y="{top + high + 18}" text-anchor="middle">{tick:.2f}</text>')
    shapes.append(f'<text x="{left + wide / 2}" y="{top + high + 38}" text-anchor="middle">least confidence</text>')
    for column, name, colour, beside in (
        (2, "right", "#1b7837", 6),
        (3, "found", "#2166ac", 0),
        (1, "kept", "#b35806", 3),
    ):
        points = " ".join(at(row[0], float(row[column])) for row in rows)
        x, y = at(rows[beside][0], float(rows[beside][column])).split(",")
        shapes.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shapes.append(f'<text x="{float(x) + 4:.1f}" y="{float(y) - 6:.1f}" fill="{colour}">{name}</text>')
    size = f'viewBox="0 0 {left + wide + 40} {top + high + 48}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def describe(held: Held, card: Mapping[str, Any], pages: Path) -> None:
    """Put table and chart into the model card among `pages`, which has a place for them."""
    page = pages / "model-card.md"
    before, _, rest = page.read_text("utf-8").partition(OPENS)
    _, _, after = rest.partition(CLOSES)
    page.write_text(f"{before}{OPENS}\n{described(held, card)}\n{CLOSES}{after}", "utf-8")
    (pages / "thresholds.svg").write_text(chart(held), "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, write, describe."""
    options = argparse.ArgumentParser(
        "training.calibrate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--shared", type=Path, required=True, help="folder that holds gold/")
    options.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of weights whose card is written")
    options.add_argument(
        "--pages", type=Path, help="folder of model-card.md; default: docs/, for the weights that ship"
    )
    chosen = options.parse_args(arguments)
    held = write(chosen.weights, chosen.shared)
    card = json.loads((chosen.weights / CARD).read_text("utf-8"))
    pages = chosen.pages or (ROOT / "docs" if chosen.weights.resolve() == WEIGHTS else None)
    if pages:
        describe(held, card, pages)
    print(described(held, card))


if __name__ == "__main__":
    main()
