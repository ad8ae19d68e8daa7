"""Learn what each feature weighs when two claims are compared, and write the table that ships.

    python -m evaluation.likeness --shared ../shared

Logistic regression over the levels of pairs, in two steps. What words weigh is learnt from annotated reports: mentions of ECB+
(training part) and of MEANTIME, pairs within a topic, with the encoder's vectors. Generated text can hardly teach that: on a
generated world days, places, kinds, parties and counts are learnt, and words are held close to what they weighed.
Levels are held to their order: one further off never weighs more. The base that ships is the highest at which another generated
world is put together with the precision of `LEAST_PRECISION`. ECB+ dev and the world
that is reported played no part; which keys make up a block, and `LEAST_PRECISION`, were chosen with BASIL dev at hand.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluation import incidents
from evaluation.bench import Bench
from evaluation.incidents import Labelled, Pairs
from evaluation.reading import Readings
from sayso.reader.reader import default_network
from sayso.reconcile import compare
from sayso.reconcile.compare import TABLE
from sayso.reconcile.facts import Facts
from sayso.reconcile.levels import LEVELS, levels

OUTPUT = Path(__file__).resolve().parents[1] / "src/sayso/data" / TABLE
SEEDS = (101, 102)  # worlds to learn on, and to set the base on; the reported one has another seed
EVENTS, DAYS = 1_500, 70
LEAST_PRECISION = 0.94
RIDGE, FIRM = 20.0, 400.0  # how firmly weights are held to nothing, and those of words to what annotated reports gave
WORDS = ("trigger", "deed", "meaning", "sentence", "names", "title", "topic", "marks", "report")
SHARES = {"MEANTIME": 0.25}  # business news alone; the others count in full
MOST = 60_000  # rows of the regression; more change no weight by a tenth
# Levels that run from likest to least like; the levels of other features are free.
GRADED: Mapping[str, Sequence[Sequence[str]]] = {
    **{
        name: [LEVELS[name]]
        for name in ("told", "place", "kind", "actors", "recipients", "count", "trigger", "deed", "meaning", "sentence", "names",
                     "title", "topic", "marks")
    },
    "day": [LEVELS["day"][:5], LEVELS["day"][5:]],
}  # fmt: skip
BASES = tuple(step / 4 for step in range(-6, 9))
Row = tuple[tuple[str, str], ...]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """Pairs of one kind of data: how often each combination of levels was seen, of two events and of one."""

    name: str
    seen: Mapping[Row, tuple[int, int]]

    @property
    def pairs(self) -> int:
        """How many pairs it has."""
        return sum(map(sum, self.seen.values()))


def side(name: str, found: Sequence[Labelled], pairs: Pairs) -> Side:
    """The pairs counted by their levels."""
    found_levels = levels([one.facts for one in found], *pairs.T)
    sizes = [len(LEVELS[feature]) + 1 for feature in LEVELS]  # one for silence
    row = np.ravel_multi_index([places + 1 for places in found_levels.values()], sizes)
    _, events = np.unique([one.event for one in found], return_inverse=True)
    rows, which = np.unique(row, return_inverse=True)
    counts = np.zeros((len(rows), 2), dtype=np.int64)
    np.add.at(counts, (which, (events[pairs[:, 0]] == events[pairs[:, 1]]).astype(np.int64)), 1)
    found_at = zip(*(places.tolist() for places in np.unravel_index(rows, sizes)), strict=True)
    return Side(name, dict(zip(map(_named, found_at), map(tuple, counts.tolist()), strict=True)))


def _named(places: Sequence[int]) -> Row:
    """Levels by name; 0 is silence."""
    return tuple((feature, LEVELS[feature][at - 1]) for feature, at in zip(LEVELS, places, strict=True) if at)


class Fit:
    """Weights of all levels and a base a side, by bounded quasi-Newton steps."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self.names = [(name, level) for name, levels in LEVELS.items() for level in levels]
        places = {item: at for at, item in enumerate(self.names)}
        rows = [(number, row, counts) for number, one in enumerate(sides) for row, counts in one.seen.items()]
        rows = random.Random(0).sample(rows, min(len(rows), MOST))
        self.design = np.zeros((len(rows), len(places) + len(sides)), dtype=np.float32)
        self.counts = np.array([counts for *_, counts in rows], dtype=np.float64)
        shares = [1e5 * SHARES.get(one.name, 1.0) / one.pairs for one in sides]
        for at, (number, row, _) in enumerate(rows):
            self.design[at, [places[item] for item in row]] = 1
            self.design[at, len(places) + number] = 1
            self.counts[at] *= shares[number]

    def solve(self, learnt: Sequence[str], before: Numbers | None = None) -> Numbers:
        """One number a column: of the features `learnt`, near to `before` for words, and of bases; others stay as before.

        Levels are written as steps upward from the last of their chain, none of them negative.
        """
        from scipy.optimize import minimize  # noqa: PLC0415 - needed for fitting only

        steps = self._steps()
        design = self.design @ steps.astype(np.float32)
        apart, together = self.counts.T
        held, firm = np.zeros(len(steps)), np.zeros(len(steps))
        for at, (name, _) in enumerate(self.names):
            known = before is not None and name in WORDS
            held[at], firm[at] = (before[at], FIRM) if known and before is not None else (0.0, RIDGE)

        def loss(weights: Numbers) -> tuple[float, Numbers]:
            scores = (design @ weights.astype(np.float32)).astype(np.float64)
            value = (apart * np.logaddexp(0, scores) + together * np.logaddexp(0, -scores)).sum()
            slope = (apart + together) / (1 + np.exp(-scores)) - together
            away = steps @ weights - held
            return value + (firm * away**2).sum(), design.T @ slope.astype(np.float32) + 2 * steps.T @ (firm * away)

        start = np.linalg.solve(steps, held)
        ordered = {at for chain in self._chains() for at in chain[:-1]}
        bounds: list[tuple[float | None, float | None]] = [
            (0.0, None) if at in ordered else (None, None) for at in range(len(steps))
        ]
        for at, (name, _) in enumerate(self.names):
            if name not in learnt:
                bounds[at] = (float(start[at]), float(start[at]))
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 150})
        return np.asarray(steps @ found.x)

    def _chains(self) -> Iterator[list[int]]:
        for name, chains in GRADED.items():
            for chain in chains:
                yield [self.names.index((name, level)) for level in chain]

    def _steps(self) -> Numbers:
        """What each number adds to: its own level, and if it is a step all levels above it too."""
        steps = np.eye(self.design.shape[1])
        for chain in self._chains():
            for above, at in enumerate(chain):
                steps[chain[:above], at] = 1
        return steps


def table(weights: Numbers, base: float, sides: Sequence[Side]) -> str:
    """The file that ships."""
    counted = ", ".join(f"{one.name} {one.pairs:,}" for one in sides)
    digest = hashlib.sha256(repr([sorted(one.seen.items()) for one in sides]).encode()).hexdigest()[:16]
    columns = iter(weights)
    body = [f"base = {base:.2f}"]
    for name, named in LEVELS.items():
        body += ["", f"[{name}]", *(f'"{level}" = {next(columns):.2f}' for level in named)]
    text = "\n".join(body).replace("-0.00", "0.00") + "\n"
    head = [
        "# What each level of each feature weighs when two claims are compared, in log-odds; 0 is the boundary.",
        "# Written by `python -m evaluation.likeness`, not by hand.",
        f'pairs = "{counted}"',
        f'data = "{digest}"',
        f'version = "{hashlib.sha256(text.encode()).hexdigest()[:12]}"',
    ]
    return "\n".join([*head, text])


def with_strangers(found: Sequence[Labelled]) -> Pairs:
    """The pairs that meet, and as many that need not: what a feature weighs must not depend on why a pair met."""
    met = incidents.pairs_met([one.facts for one in found])
    chance, known = random.Random(1), set(map(tuple, met.tolist()))
    strangers = (tuple(sorted(chance.sample(range(len(found)), 2))) for _ in range(9 * len(met)))
    near = (pair for pair in strangers if pair not in known and _near(found[pair[0]].facts, found[pair[1]].facts))
    return np.concatenate([met, list(itertools.islice(near, len(met)))])


def _near(one: Facts, other: Facts) -> bool:
    """Whether two claims are of one kind of event in one country, or of about one time."""
    kind = (one.country, one.type) == (other.country, other.type)
    return kind or (one.told is not None and other.told is not None and abs(one.told - other.told) < 4)


def learn(annotated: Sequence[Side], world: Side) -> Numbers:
    """The weights of all levels, and the world's base."""
    said = Fit(annotated).solve(WORDS)
    return Fit([world]).solve(tuple(LEVELS), said)


def best_base(found: Sequence[Labelled], shifts: Iterable[float]) -> float:
    """The highest of `shifts` of all scores that keeps the precision of a world; the lowest where none does."""
    truth, facts = incidents.by_event(found), [one.facts for one in found]
    scored = incidents.edges(facts, incidents.pairs_met(facts))
    best = min(shifts)
    for shift in sorted(shifts):
        precision, recall = incidents.b_cubed(truth, incidents.grouped(facts, scored, shift))
        print(f"base {shift:+.2f}: precision {precision:.3f}, recall {recall:.3f}", flush=True)
        if precision >= LEAST_PRECISION:
            best = shift
    return best


def write(weights: Numbers, base: float, sides: Sequence[Side]) -> None:
    """Write the table, and use it from now on."""
    OUTPUT.write_text(table(weights, base, sides), "utf-8")
    compare.weights.cache_clear()


def main() -> None:
    """Learn and write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, required=True, help="folder of gold and corpora")
    bench = Bench(options.parse_args().shared, Readings())
    first, second = (incidents.generated(seed, EVENTS, DAYS) for seed in SEEDS)
    train = incidents.mentions(bench.rows(incidents.ECB_TRAIN), default_network(), pool="topic")
    others = incidents.mentions(bench.rows(incidents.MEANTIME), default_network(), pool="corpus")
    annotated = [
        side("ECB+ train", train, incidents.pairs_within(train)),
        side("MEANTIME", others, incidents.pairs_within(others)),
    ]
    world = side("generated world", first, with_strangers(first))
    weights = learn(annotated, world)
    write(weights, float(weights[-1]), [*annotated, world])
    write(weights, float(weights[-1]) + best_base(second, BASES), [*annotated, world])


if __name__ == "__main__":
    main()
