"""Learn which marked events of a pool are one, and write the trees that ship.

    python -m evaluation.marks --shared ../shared          grow the trees and write them
    python -m evaluation.marks --shared ../shared --try    cross-validate over the topics of ECB+ train only

Boosted trees over the evidence of pairs within a topic of ECB+ (training part) and of MEANTIME, of which each counts by its marked
events, not by its pairs. What is compared, how the trees grow and where the boundary lies was chosen by cross-validation over the
topics of ECB+ (training part) with ECB+ dev beside it. Needs scikit-learn. The trees look at how alike the reader sees two
triggers: grow them anew after every training, when `python -m training.vectors` has run.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation import incidents
from evaluation.bench import Bench
from evaluation.reading import Readings
from sayso.pipeline import pool_of
from sayso.reader.reader import default_network
from sayso.reconcile.evidence import EVIDENCE, Pool, evidence
from sayso.reconcile.partition import partition
from sayso.reconcile.pooling import TREES
from sayso.reconcile.trees import Floats, Trees

OUTPUT = Path(__file__).resolve().parents[1] / "src/sayso/data" / TREES
FOLDS = 5
GROWTH = {
    "max_iter": 100, "learning_rate": 0.08, "max_leaf_nodes": 15, "min_samples_leaf": 80, "l2_regularization": 5.0, "max_bins": 64,
}  # fmt: skip
SEEDS = (0,)  # as many sets of trees are grown and averaged
BOUNDARY = -0.25  # of the trees' log-odds: cross-validated CoNLL F1 is flat from -1 to 0, on dev highest about here
MEANTIME_SHARE = 0.25  # business news alone, and few chains; topics of ECB+ count in full
EASY = 0.1  # of pairs that have nothing in common this share is learnt from, each counting for ten
BOUNDARIES = tuple(step / 4 for step in range(-4, 4))
_COLUMN = {name: at for at, name in enumerate(EVIDENCE)}
_COMMON = {"shared word": 0.0, "spelling": 0.2, "sense": 0.5}  # above it a pair has something in common


@dataclass(frozen=True, slots=True)
class Topic:
    """Pairs of a topic: `rows` (pairs, kinds), whether they are `one` event, what each of those learnt from (`chosen`) counts."""

    pool: Pool
    rows: Floats
    one: npt.NDArray[np.bool_]
    chosen: npt.NDArray[np.bool_]
    counts: Floats


def topics(bench: Bench, file: str, pool: str, share: float = 1.0) -> dict[str, Topic]:
    """The pools of a corpus, each with what its marked events count."""
    rows = bench.rows(file)
    events = incidents.events_known(rows, pool)
    pools = incidents.marked_texts(rows, pool)
    return {name: _topic(pool_of(texts, default_network()), events, share) for name, texts in sorted(pools.items())}


def _topic(pool: Pool, events: Mapping[str, tuple[str, str]], share: float) -> Topic:
    ones, others = np.triu_indices(pool.size, 1)
    known = np.array([events[mark.key][1] for mark in pool.marks])
    rows, one = evidence(pool), known[ones] == known[others]
    hard = one | np.any([rows[:, _COLUMN[name]] > least for name, least in _COMMON.items()], axis=0)
    chosen = hard | (np.random.default_rng(0).random(len(one)) < EASY)
    counts = np.where(hard, 1.0, 1 / EASY) * share * pool.size / max(len(one), 1)
    return Topic(pool, rows, one, chosen, counts[chosen].astype(np.float32))


def grown(found: Sequence[Topic]) -> Trees:
    """Trees that tell the pairs of one event in these topics, 0 the boundary of even odds."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - needed for fitting only

    rows = np.concatenate([one.rows[one.chosen] for one in found])
    truth = np.concatenate([one.one[one.chosen] for one in found])
    counts = np.concatenate([one.counts for one in found])
    models = [
        HistGradientBoostingClassifier(**GROWTH, random_state=seed, early_stopping=False).fit(
            rows, truth, sample_weight=counts / counts.mean()
        )
        for seed in SEEDS
    ]
    return _plain(models)


def _plain(models: Sequence[Any]) -> Trees:
    """The trees of scikit-learn's models as arrays, averaged over the models."""
    nodes = [stage[0].nodes for model in models for stage in model._predictors]
    width = max(map(len, nodes))
    shape = (len(nodes), width)
    column, left, right = (np.zeros(shape, dtype=np.int16) for _ in range(3))
    bound, value = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    for tree, own in enumerate(nodes):
        here, leaf = np.arange(len(own)), own["is_leaf"].astype(bool)
        column[tree, here] = np.where(leaf, 0, own["feature_idx"])
        bound[tree, here] = np.where(leaf, 0, own["num_threshold"])
        left[tree, here], right[tree, here] = np.where(leaf, here, own["left"]), np.where(leaf, here, own["right"])
        value[tree, here] = np.where(leaf, own["value"] / len(models), 0)
    base = float(np.mean([model._baseline_prediction.item() for model in models]))
    depth = max(int(own["depth"].max()) for own in nodes)
    digest = hashlib.sha256(b"".join(part.tobytes() for part in (column, bound, left, right, value))).hexdigest()[:12]
    return Trees(tuple(EVIDENCE), base, depth, column, bound, left, right, value, digest)


def cross_validated(
    found: Mapping[str, Topic], beside: Sequence[Topic]
) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    """The scores of each topic's pairs by trees that were grown on other topics, and on `beside`."""
    names = sorted(found, key=int)
    for fold in range(FOLDS):
        held = names[fold::FOLDS]
        trees = grown([*(found[name] for name in names if name not in held), *beside])
        for name in held:
            yield name, trees.scores(found[name].rows)


def quality(
    found: Mapping[str, Topic],
    scores: Mapping[str, npt.NDArray[np.float64]],
    events: Mapping[str, tuple[str, str]],
    boundary: float,
) -> float:
    """CoNLL F1 where pairs are one event from `boundary` on, on average."""
    groups = []
    for name, topic in found.items():
        keys = [mark.key for mark in topic.pool.marks]
        ones, others = np.triu_indices(len(keys), 1)
        pairs = zip(ones.tolist(), others.tolist(), (scores[name] - boundary).tolist(), strict=True)
        groups += partition(keys, ((keys[a], keys[b], score) for a, b, score in pairs))
    return incidents.conll(incidents.sets_of(events), groups)["conll"]


def write(trees: Trees) -> None:
    """Write the trees that ship, their boundary moved to 0."""
    with OUTPUT.open("wb") as file:
        replace(trees, base=trees.base - BOUNDARY).write(file)
    print(f"{OUTPUT}: {len(trees.column)} trees, {OUTPUT.stat().st_size:,} bytes")


def main() -> None:
    """Write the trees, or cross-validate."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, required=True, help="folder of gold and corpora")
    options.add_argument("--try", action="store_true", dest="only_try", help="write nothing")
    args = options.parse_args()
    bench = Bench(args.shared, Readings())
    train = topics(bench, incidents.ECB_TRAIN, "topic")
    beside = list(topics(bench, incidents.MEANTIME, "corpus", MEANTIME_SHARE).values())
    if args.only_try:
        events = incidents.events_known(bench.rows(incidents.ECB_TRAIN), "topic")
        scores = dict(cross_validated(train, beside))
        for boundary in BOUNDARIES:
            print(f"boundary {boundary:+.2f}: CoNLL {quality(train, scores, events, boundary):.4f}", flush=True)
    else:
        write(grown([*train.values(), *beside]))


if __name__ == "__main__":
    main()
