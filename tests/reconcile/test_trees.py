"""Trees as plain numbers."""

from __future__ import annotations

import io

import numpy as np
import pytest

from sayso.reconcile.trees import Trees, read

# Two trees over (a, b): "a <= 1 ? 10 : (b <= 5 ? 20 : 30)" and "b <= 0 ? -1 : 1".
TREES = Trees(
    kinds=("a", "b"),
    base=0.5,
    depth=2,
    column=np.array([[0, 0, 1, 0, 0], [1, 0, 0, 0, 0]], dtype=np.int16),
    bound=np.array([[1, 0, 5, 0, 0], [0, 0, 0, 0, 0]], dtype=np.float32),
    left=np.array([[1, 1, 3, 3, 4], [1, 1, 2, 0, 0]], dtype=np.int16),
    right=np.array([[2, 1, 4, 3, 4], [2, 1, 2, 0, 0]], dtype=np.int16),
    value=np.array([[0, 10, 0, 20, 30], [0, -1, 1, 0, 0]], dtype=np.float32),
    version="v",
)


@pytest.mark.parametrize(
    ("row", "score"), [((1, 0), 9.5), ((1, 1), 11.5), ((2, 5), 21.5), ((2, 6), 31.5), ((2, -1), 19.5)]
)
def test_a_row_collects_what_its_leaves_hold(row: tuple[float, float], score: float) -> None:
    assert TREES.scores(np.array([row], dtype=np.float32)).tolist() == [score]


def test_no_rows_have_no_scores() -> None:
    assert TREES.scores(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


def test_many_rows_are_scored_as_few_are() -> None:
    rows = np.random.default_rng(0).normal(2, 4, (70_000, 2)).astype(np.float32)

    assert np.array_equal(TREES.scores(rows)[69_000:], TREES.scores(rows[69_000:]))


def stored() -> io.BytesIO:
    file = io.BytesIO()
    TREES.write(file)
    file.seek(0)
    return file


def test_what_is_stored_is_what_is_read() -> None:
    rows = np.array([(2, 6), (0, 0)], dtype=np.float32)

    assert read(stored(), ("a", "b")).scores(rows).tolist() == TREES.scores(rows).tolist()


def test_trees_for_other_evidence_are_refused() -> None:
    with pytest.raises(ValueError, match="other evidence"):
        read(stored(), ("b", "a"))
