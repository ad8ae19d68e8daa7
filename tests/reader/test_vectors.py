"""Vectors of triggers: made for the weights that ship, and left out where a projection is of other weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sayso.errors import DataError
from sayso.reader.network import PROJECTION, Network, _projection
from sayso.reader.reader import default_network


def test_the_projection_that_ships_is_of_the_weights_that_ship() -> None:
    """New weights need a new one, or claims are compared by their words alone: run `python -m training.vectors`."""
    network = default_network()
    states = np.zeros((2, 384), dtype=np.float32)

    assert [len(vector) for vector in network.vectors(states)] == [64, 64]


def test_a_projection_of_other_weights_is_not_used(tmp_path: Path) -> None:
    np.savez(tmp_path / PROJECTION, version="other", middle=np.zeros(4), projection=np.eye(4))

    assert _projection(tmp_path / PROJECTION, "these") is None
    assert _projection(tmp_path / "none.npz", "these") is None


def test_a_damaged_projection_is_refused(tmp_path: Path) -> None:
    (tmp_path / PROJECTION).write_bytes(b"no archive")

    with pytest.raises(DataError, match=r"make it anew with `python -m training.vectors`"):
        _projection(tmp_path / PROJECTION, "these")


def test_vectors_are_signed_bytes() -> None:
    network = Network(default_network().folder)
    network.__dict__["_projected"] = (np.ones(2, np.float32), np.array([[1, 0], [0, 100]], np.float32))

    assert network.vectors(np.array([[3.4, 3]], np.float32)) == [np.array([2, 127], np.int8).tobytes()]
