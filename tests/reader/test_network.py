"""Weights that are missing, altered or made for other labels are refused in words that say what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sayso.errors import DataError
from sayso.reader.network import CARD, ENCODER, HEADS, Network
from sayso.reader.reader import default_network

LARGEST = 25_000_000  # bytes a file


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_network().folder, tmp_path / "weights"))


def test_accepts_what_ships(weights: Path) -> None:
    assert Network(weights).version == default_network().version


def test_every_file_can_be_carried_by_a_repository() -> None:
    assert all(path.stat().st_size < LARGEST for path in default_network().folder.iterdir())


def test_refuses_an_altered_file(weights: Path) -> None:
    with (weights / HEADS).open("ab") as stream:
        stream.write(b"\0")

    with pytest.raises(DataError, match="differs from the card beside it; install Sayso anew"):
        Network(weights)


@pytest.mark.parametrize("name", [ENCODER, CARD])
def test_refuses_a_folder_with_a_file_missing(weights: Path, name: str) -> None:
    (weights / name).unlink()

    with pytest.raises(DataError, match=r"missing|no card"):
        Network(weights)


def test_refuses_weights_for_other_labels(weights: Path) -> None:
    card = json.loads((weights / CARD).read_text("utf-8"))
    (weights / CARD).write_text(json.dumps({**card, "labels": "other"}))

    with pytest.raises(DataError, match="trained for other labels"):
        Network(weights)


def test_refuses_a_card_that_is_no_json(weights: Path) -> None:
    (weights / CARD).write_text("{")

    with pytest.raises(DataError, match="not JSON"):
        Network(weights)
