"""How likely two claims tell of one event, and why: a table of features whose weights were learnt from annotated data.

The weight of the level at which a pair stands in a feature is its part of the log-odds; a feature that is silent adds nothing. The
weights are read from `data/likeness.toml`, which the fitting writes (`python -m evaluation.likeness`); zero is the boundary.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sayso.errors import DataError
from sayso.reconcile.columns import Ints
from sayso.reconcile.facts import Facts
from sayso.reconcile.levels import LEVELS, SILENT, levels
from sayso.reconcile.partition import LINK
from sayso.reconcile.reasons import reason

TABLE = "likeness.toml"
_UNIT = 1000  # weights are added in thousandths


class Feature(NamedTuple):
    """One reason for or against: what was looked at, what was found, in words, and its part of the log-odds."""

    name: str
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two claims are: `score` in log-odds, and the features that make it up, heaviest first."""

    score: float
    same: bool
    features: tuple[Feature, ...]


def scores(facts: Sequence[Facts], pairs: npt.ArrayLike) -> list[float]:
    """The log-odds that the two claims of each pair tell of one event, in whole thousandths: (pairs,).

    `pairs` (pairs, 2) are places in `facts`. The same either way round, and whatever other pairs are asked with one.
    """
    ends, table = np.array(pairs, dtype=np.int64).reshape(-1, 2), weights()
    found = np.full(len(ends), round(table.base * _UNIT), dtype=np.int64)
    for name, at in levels(facts, *ends.T).items():
        found += table.thousandths[name][at]
    given: list[float] = (found / _UNIT).tolist()
    return given


def compare(one: Facts, other: Facts) -> Comparison:
    """The score with its reasons in words; the same either way round."""
    if (other.key, other.report) < (one.key, one.report):
        one, other = other, one
    table = weights()
    found = [Feature("at the outset", "two claims that share a day, a place, an actor or a rare word", table.base)]
    found += [
        Feature(name, reason(name, level, one, other), table.levels[name][level])
        for name, level in levels_of(one, other).items()
    ]
    (total,) = scores([one, other], [(0, 1)])
    return Comparison(total, total >= LINK, tuple(sorted(found, key=lambda feature: -abs(feature.weight))))


def levels_of(one: Facts, other: Facts) -> dict[str, str]:
    """The level of each feature that says something of a pair."""
    found = levels([one, other], np.array([0]), np.array([1]))
    return {name: LEVELS[name][int(at[0])] for name, at in found.items() if at[0] != SILENT}


# --- weights ---


@dataclass(frozen=True, slots=True)
class Weights:
    """`base` and, for each feature, the weight of each level; `version` changes whenever one of them does.

    `thousandths` has the weights of each feature in the order of its levels, and 0 behind them, where `SILENT` points to.
    """

    base: float
    levels: Mapping[str, Mapping[str, float]]
    version: str
    thousandths: Mapping[str, Ints]


@cache
def weights() -> Weights:
    """The table that ships."""
    try:
        raw: dict[str, Any] = tomllib.loads(resources.files("sayso.data").joinpath(TABLE).read_text("utf-8"))
        found = {name: {level: float(raw[name][level]) for level in LEVELS[name]} for name in LEVELS}
        numbers = {
            name: np.array([*(round(weight * _UNIT) for weight in one.values()), 0]) for name, one in found.items()
        }
        return Weights(float(raw["base"]), MappingProxyType(found), str(raw["version"]), numbers)
    except (OSError, ValueError, KeyError) as exc:
        raise DataError(f"{TABLE} of the package cannot be read: {exc!r}; reinstall sayso") from exc
