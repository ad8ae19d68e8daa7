"""Boosted trees that ship as plain numbers: what speaks for a pair, added up over many small questions.

Nothing is needed to run them but numpy; `python -m evaluation.marks` fits and writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int16]
_ROWS = 1 << 15  # asked at once, so that memory does not grow with the pairs


@dataclass(frozen=True, slots=True)
class Trees:
    """`kinds` name the columns that rows have. All arrays but `base` are (trees, nodes), the first node of a tree its root.

    A row goes to `left` where its column `column` is at most `bound`, else to `right`; a leaf leads to itself, and its `value`
    is added. `depth` is that of the deepest leaf, `version` changes whenever a number does.
    """

    kinds: tuple[str, ...]
    base: float
    depth: int
    column: Ints
    bound: Floats
    left: Ints
    right: Ints
    value: Floats
    version: str

    def scores(self, rows: Floats) -> npt.NDArray[np.float64]:
        """The log-odds of each row of (rows, kinds), as (rows,)."""
        parts = [self._scores(rows[at : at + _ROWS]) for at in range(0, len(rows), _ROWS)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _scores(self, rows: Floats) -> npt.NDArray[np.float64]:
        total = np.full(len(rows), self.base)
        places = np.arange(len(rows))
        for column, bound, left, right, value in zip(
            self.column, self.bound, self.left, self.right, self.value, strict=True
        ):
            node = np.zeros(len(rows), dtype=np.int16)
            for _ in range(self.depth):
                node = np.where(rows[places, column[node]] <= bound[node], left[node], right[node])
            total += value[node]
        return total

    def write(self, file: IO[bytes]) -> None:
        """Store them, to be had again by `read`."""
        np.savez_compressed(
            file, kinds=np.array(self.kinds), base=np.array(self.base), depth=np.array(self.depth), column=self.column,
            bound=self.bound, left=self.left, right=self.right, value=self.value, version=np.array(self.version),
        )  # fmt: skip


def read(file: IO[bytes], kinds: Sequence[str]) -> Trees:
    """The trees that a file holds. Raises `ValueError` or `KeyError` where they are not, or are for other `kinds` of evidence."""
    with np.load(file, allow_pickle=False) as stored:
        found = tuple(map(str, stored["kinds"]))
        if found != tuple(kinds):
            raise ValueError("made for other evidence than this version compares")
        return Trees(
            kinds=found, base=float(stored["base"]), depth=int(stored["depth"]), column=stored["column"], bound=stored["bound"],
            left=stored["left"], right=stored["right"], value=stored["value"], version=str(stored["version"]),
        )  # fmt: skip
