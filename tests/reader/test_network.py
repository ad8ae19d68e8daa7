"""Weights that are missing, altered or made for other labels are refused in words that say what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sayso.errors import DataError
from sayso.reader.network import CARD, ENCODER, HEAD_NAMES, HEADS, TOKENIZER, Network
from sayso.reader.reader import default_network

LARGEST = 25_000_000  # bytes a file


@pytest.fixture
def weights(toy_weights: Path, tmp_path: Path) -> Path:
    """A copy of the toy's weights that a test may spoil."""
    return Path(shutil.copytree(toy_weights, tmp_path / "weights"))


def rewrite(weights: Path, **entries: Any) -> None:
    """Replace entries of the card; None takes one out."""
    card = json.loads((weights / CARD).read_text("utf-8")) | entries
    (weights / CARD).write_text(json.dumps({key: value for key, value in card.items() if value is not None}), "utf-8")


def test_accepts_what_ships() -> None:
    assert Network(default_network().folder).version == default_network().version


def test_every_file_that_ships_can_be_carried_by_a_repository() -> None:
    assert all(path.stat().st_size < LARGEST for path in default_network().folder.iterdir())


def test_the_toy_is_small_and_the_same_each_time(toy_weights: Path, tmp_path: Path) -> None:
    from tests.reader import toy

    again = toy.write(tmp_path)

    assert sum(path.stat().st_size for path in again.iterdir()) < 50_000
    assert all(path.read_bytes() == (toy_weights / path.name).read_bytes() for path in again.iterdir())


@pytest.mark.parametrize("name", [ENCODER, HEADS, TOKENIZER])
def test_refuses_a_folder_with_a_file_missing(weights: Path, name: str) -> None:
    (weights / name).unlink()

    with pytest.raises(DataError, match=f"{name}: file is missing; install Sayso anew"):
        Network(weights)


@pytest.mark.parametrize("name", [ENCODER, HEADS, TOKENIZER])
def test_refuses_a_file_altered_by_one_byte(weights: Path, name: str) -> None:
    with (weights / name).open("ab") as stream:
        stream.write(b"\0")

    with pytest.raises(DataError, match=f"{name}: differs from the card beside it; install Sayso anew"):
        Network(weights)


def test_refuses_weights_for_other_labels(weights: Path) -> None:
    rewrite(weights, labels="other")

    with pytest.raises(DataError, match="trained for other labels"):
        Network(weights)


@pytest.mark.parametrize("entry", ["version", "labels", "files", "special_pieces", "keenness", "least_confidence"])
def test_refuses_a_card_that_says_too_little(weights: Path, entry: str) -> None:
    """A card without one of these was a KeyError."""
    rewrite(weights, **{entry: None})

    with pytest.raises(DataError, match=f"nothing is said of {entry}"):
        Network(weights)


def test_refuses_a_card_that_leaves_a_file_unchecked(weights: Path) -> None:
    """Files that the card does not name were read without a look at their digest."""
    files = json.loads((weights / CARD).read_text("utf-8"))["files"]
    rewrite(weights, files={name: digest for name, digest in files.items() if name != HEADS})

    with pytest.raises(DataError, match=f"nothing is said of {HEADS}"):
        Network(weights)


@pytest.mark.parametrize(("card", "complaint"), [("{", "not JSON"), ("[]", "not a card"), ("\udcff", "not JSON")])
def test_refuses_a_card_that_is_none(weights: Path, card: str, complaint: str) -> None:
    (weights / CARD).write_bytes(card.encode("utf-8", "surrogateescape"))

    with pytest.raises(DataError, match=complaint):
        Network(weights)


def test_refuses_a_path_that_is_no_folder_of_weights(weights: Path, tmp_path: Path) -> None:
    """A file in the place of the folder was a NotADirectoryError."""
    for path in (tmp_path, tmp_path / "nowhere", weights / CARD):
        with pytest.raises(DataError, match=r"no card\.json there"):
            Network(path)


def test_says_of_each_piece_and_trigger_what_was_asked(toy_network: Network) -> None:
    ids, shapes = np.arange(5, dtype=np.int64), np.zeros(5, dtype=np.int64)
    seen = toy_network.see(ids, shapes)
    pooling, distances = np.full((2, 5), 0.2, dtype=np.float32), np.zeros((2, 5), dtype=np.int64)
    judged = toy_network.judge(seen.hidden, pooling, distances)

    assert len({len(layer) for layer in (seen.hidden, seen.mentions, seen.attribution, seen.events)} | {5}) == 1
    assert list(judged) == list(HEAD_NAMES)
    assert {len(scores) for scores in judged.values()} == {2}
    assert judged["roles"].shape[:2] == (2, 5)
