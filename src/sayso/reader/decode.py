"""From scores to spans: the best legal path of BIO tags.

Constrained decoding alone is worth 3.5 points of F1 on mentions and 5.8 on attributions over taking each tag by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.reader.tokens import Ints, Window

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch of pieces with the index of its part (0 for the first of `labels.bio`) and the mean probability of its tags."""

    window: Window
    part: int
    confidence: float


def log_softmax(scores: Floats) -> Floats:
    """Log-probabilities over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def softmax(scores: Floats) -> Floats:
    """Probabilities over the last axis."""
    chances: Floats = np.exp(log_softmax(scores))
    return chances


def best_paths(logs: Floats) -> Ints:
    """Viterbi: `logs` (sequences, n, 1 + 2 parts) in the order O, B, I, B, I, ... -> tags (sequences, n).

    An I may follow only the B or I of its own part; every other step is free, so one maximum serves all of them. All
    sequences move together: a step costs the same for one as for fifty.
    """
    count, length, width = logs.shape
    rows = np.arange(count)
    score = logs[:, 0].copy()
    score[:, 2::2] = -np.inf  # no sequence starts inside a span
    freely = np.zeros((length, count), dtype=np.int64)  # where a free step comes from
    begun = np.zeros((length, count, width // 2), dtype=bool)  # whether an I comes from its B rather than its I
    for at in range(1, length):
        free = score.argmax(axis=1)
        begins, insides = score[:, 1::2], score[:, 2::2]
        freely[at], begun[at] = free, begins >= insides
        stay = np.maximum(begins, insides)
        score = score[rows, free][:, None] + logs[:, at]
        score[:, 2::2] = stay + logs[:, at, 2::2]
    tags = np.zeros((count, length), dtype=np.int64)
    tags[:, -1] = score.argmax(axis=1)
    for at in range(length - 1, 0, -1):
        tag = tags[:, at]
        part = np.maximum(tag - 1, 0) // 2
        inside = (tag > 0) & (tag % 2 == 0)
        tags[:, at - 1] = np.where(inside, 2 * part + 2 - begun[at, rows, part], freely[at])
    return tags


def tagged(scores: Floats, *, keenness: float | Floats = 0.0, whole: Sequence[float] = ()) -> list[list[Tagged]]:
    """Spans of each sequence of `scores` (sequences, n, 1 + 2 parts); `keenness` is taken off O, so more makes more spans.

    `keenness` is one number for all sequences, or one for each. `whole`, one number a part, is taken off the start of a span,
    so more makes fewer and longer ones.
    """
    if scores.shape[0] == 0 or scores.shape[1] == 0:
        return [[] for _ in range(scores.shape[0])]
    logs = log_softmax(scores)
    chances = np.exp(logs)
    logs[..., 0] -= np.reshape(keenness, (-1, 1))
    if whole:
        logs[..., 1::2] -= np.asarray(whole, dtype=np.float32)
    found: list[list[Tagged]] = [[] for _ in range(len(scores))]
    lively = np.flatnonzero((logs.argmax(axis=-1) > 0).any(axis=-1))  # where O is best everywhere, it is the best path
    for index, path in zip(lively.tolist(), best_paths(logs[lively]) if len(lively) else (), strict=True):
        found[index] = _spans(path, chances[index])
    return found


def _spans(path: Ints, chances: Floats) -> list[Tagged]:
    found: list[Tagged] = []
    starts = np.flatnonzero(path % 2 == 1)
    for start in starts.tolist():
        tag = int(path[start])
        end = start + 1
        while end < len(path) and path[end] == tag + 1:
            end += 1
        certainty = float(np.mean(chances[start:end, tag : tag + 2].sum(axis=-1)))
        found.append(Tagged(Window(start, end), (tag - 1) // 2, certainty))
    return found
