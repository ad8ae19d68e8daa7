"""Which marked events of a pool are one: evidence of all pairs, trees that weigh it, and the partition that claims have too."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from sayso.errors import DataError
from sayso.reconcile.evidence import EVIDENCE, Pool, evidence
from sayso.reconcile.partition import partition
from sayso.reconcile.trees import Trees, read

TREES = "marks.npz"


@cache
def trees() -> Trees:
    """The trees that ship."""
    try:
        with resources.files("sayso.data").joinpath(TREES).open("rb") as file:
            return read(file, tuple(EVIDENCE))
    except (OSError, ValueError, KeyError) as exc:
        raise DataError(f"{TREES} of the package cannot be read: {exc}; reinstall sayso") from exc


def scores(pool: Pool) -> list[tuple[str, str, float]]:
    """All pairs of a pool with the log-odds that they are one event; 0 is the boundary."""
    if pool.size < 2:
        return []
    ones, others = np.triu_indices(pool.size, 1)
    found = trees().scores(evidence(pool))
    keys = [mark.key for mark in pool.marks]
    return [
        (keys[a], keys[b], score) for a, b, score in zip(ones.tolist(), others.tolist(), found.tolist(), strict=True)
    ]


def together(pool: Pool) -> list[list[str]]:
    """The keys of marks judged to be of one event, as groups. The order in which a pool was given changes nothing."""
    return partition([mark.key for mark in pool.marks], scores(pool))
