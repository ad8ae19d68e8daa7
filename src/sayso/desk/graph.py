"""A network laid out on the server: the same actors and relations always come to stand in the same places.

Springs pull together what is related, everything pushes everything else away, and the start is a circle in the order of the keys,
so that nothing depends on chance. After that, names that would cover each other are moved apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

WIDE, HIGH = 1000, 640
_ROUNDS = 300
_MARGIN_X, _MARGIN_Y = 95, 34
_ROW, _COLUMN = 30, 130  # height and width that a name needs


@dataclass(frozen=True, slots=True)
class At:
    """Where a node stands on a plane of `WIDE` by `HIGH`."""

    x: float
    y: float


def layout(count: int, edges: Sequence[tuple[int, int, float]]) -> list[At]:
    """Places for `count` nodes, by edges between their numbers with weights."""
    if count == 0:
        return []
    angles = 2 * np.pi * np.arange(count) / count
    at = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ideal, heat = 1.6 / np.sqrt(count), 0.2
    ends = np.array([(one, other) for one, other, _ in edges], dtype=int).reshape(-1, 2)
    weights = np.array([weight for _, _, weight in edges])
    for _ in range(_ROUNDS):
        at = _moved(at, _forces(at, ends, weights, ideal), heat)
        heat *= 0.985
    return _on_the_plane(at)


def _forces(at: np.ndarray, ends: np.ndarray, weights: np.ndarray, ideal: float) -> np.ndarray:
    apart = at[:, None, :] - at[None, :, :]
    distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
    force: np.ndarray = (apart * (ideal**2 / distance**2)[:, :, None]).sum(axis=1) - 0.35 * at
    if len(ends):
        along = at[ends[:, 0]] - at[ends[:, 1]]
        length = np.maximum(np.sqrt((along**2).sum(axis=1)), 1e-3)
        pull = along * (length * weights / ideal)[:, None]
        np.add.at(force, ends[:, 0], -pull)
        np.add.at(force, ends[:, 1], pull)
    return force


def _moved(at: np.ndarray, force: np.ndarray, heat: float) -> np.ndarray:
    size = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
    moved: np.ndarray = at + force / size[:, None] * np.minimum(size, heat)[:, None]
    return moved


def _on_the_plane(at: np.ndarray) -> list[At]:
    low, high = at.min(axis=0), at.max(axis=0)
    scale = np.where(high - low > 1e-6, high - low, 1.0)
    unit = np.where(high - low > 1e-6, (at - low) / scale, 0.5)
    room = np.array([WIDE - 2 * _MARGIN_X, HIGH - 2 * _MARGIN_Y])
    places = unit * room + np.array([_MARGIN_X, _MARGIN_Y])
    return _spread([At(float(x), float(y)) for x, y in places])


def _spread(places: list[At]) -> list[At]:
    """Moves up or down what would cover a name, to the nearest room there is."""
    order = sorted(range(len(places)), key=lambda i: (places[i].y, places[i].x, i))
    kept: dict[int, At] = {}
    for number in order:
        x, y = places[number].x, places[number].y
        steps = [side * step * _ROW / 3 for step in range(2 * HIGH // _ROW * 3) for side in (1, -1)]
        rooms = (At(round(x, 1), round(y + step, 1)) for step in steps if _MARGIN_Y / 2 <= y + step <= HIGH - _MARGIN_Y)
        kept[number] = next((at for at in rooms if not _covered(at, kept.values())), At(round(x, 1), round(y, 1)))
    return [kept[number] for number in range(len(places))]


def _covered(at: At, others: Iterable[At]) -> bool:
    return any(abs(other.x - at.x) < _COLUMN and abs(other.y - at.y) < _ROW for other in others)
