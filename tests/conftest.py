"""What several folders of tests share: the repository on the path, and a network small enough to be built anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.reader import toy

from sayso.reader.network import Network

settings.register_profile("unhurried", deadline=None)  # a busy machine is no defect
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the reader needs, where every word always means the same: see `tests/reader/toy.py`."""
    return toy.write(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="session")
def toy_network(toy_weights: Path) -> Network:
    return Network(toy_weights)
