"""What words mean, as numbers: stems of like meaning lie close together.

The table is packed by `tools/pack_senses.py` from the encoder that the reader was trained from, as it was before, seeing one word
at a time: what a word means in news at large, not what it means here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from sayso.errors import DataError
from sayso.reconcile import words

TABLE = "senses.npz"
Floats = npt.NDArray[np.float32]


@cache
def _table() -> tuple[dict[str, int], Floats]:
    """The row of each stem, and the rows (stems, numbers)."""
    try:
        with (
            resources.files("sayso.data").joinpath(TABLE).open("rb") as file,
            np.load(file, allow_pickle=False) as stored,
        ):
            stems = {str(stem): at for at, stem in enumerate(stored["stems"])}
            return stems, stored["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError) as exc:
        raise DataError(f"{TABLE} of the package cannot be read: {exc}; reinstall sayso") from exc


def of(stems: Iterable[str]) -> Floats:
    """The mean sense of some stems (numbers,), those that all reports use left out if there are others; nought if none is known."""
    known, rows = _table()
    said = list(stems)
    own = [stem for stem in said if words.share(stem) < words.STOP] or said
    found = [known[stem] for stem in own if stem in known]
    mean: Floats = rows[found].mean(axis=0) if found else np.zeros(rows.shape[1], dtype=np.float32)
    return mean
