"""The command, from a folder of corpora and any encoder to weights that `sayso` reads with, and on from there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sayso.errors import DataError
from sayso.model import Report
from sayso.reader.network import Network
from sayso.reader.reader import Reader
from training import card, train, warm
from training.__main__ import main
from training.batches import Special
from training.network import Encoder
from training.tests.conftest import TEXT, make, tokenizer

pytestmark = pytest.mark.filterwarnings(
    "ignore"
)  # torch's older exporter, the one that needs no further package, warns


def trained(shared: Path, encoder: Path, folder: Path, *more: str) -> dict[str, Any]:
    """Weights in `folder` by the command, with two steps a stage; their card."""
    paths = {
        "--shared": shared,
        "--annotation": shared / "own",
        "--encoder": encoder,
        "--output": folder,
        "--runs": folder / "runs",
    }
    main([str(word) for pair in paths.items() for word in pair] + ["--steps", "0", *more])
    found: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def weights(shared: Path, encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    trained(shared, encoder, folder)
    return folder


def test_any_encoder_becomes_weights_that_read(weights: Path) -> None:
    network = Network(weights)

    assert Special.of(tokenizer())[:2] == (network.first, network.last)
    one, other = (Reader(network).read(Report(id="r", text=TEXT)) for _ in range(2))
    assert one == other


def test_the_card_tells_data_stages_and_cost(weights: Path) -> None:
    told = json.loads((weights / "card.json").read_text("utf-8"))

    assert told["build"] == "all"
    assert {name: data["documents"] for name, data in told["data"].items()} == {
        "gold": 3, "newswire": 2, "own": 1, "polnear": 1, "worldwide": 1,
    }  # fmt: skip
    assert [stage["name"] for stage in told["stages"]] == ["first", "second"]
    assert told["cost"]["steps"] == 4
    assert told["cost"]["pieces"] > 4 * 2048
    assert told["cost"]["watt_hours"] >= 0
    assert told["untaught"] == []
    assert set(told["keenness"].values()) <= {0.0, 0.4, 0.8, 1.2, 1.6, 2.0}


def test_goes_on_from_weights_and_names_them(shared: Path, encoder: Path, weights: Path, tmp_path: Path) -> None:
    before = json.loads((weights / "card.json").read_text("utf-8"))

    told = trained(shared, encoder, tmp_path / "more", "--from", str(weights))

    assert told["before"]["version"] == before["version"]
    assert told["before"]["cost"] == before["cost"]
    assert [stage["name"] for stage in told["stages"]] == ["third"]
    assert told["version"] != before["version"]


def test_the_open_build_takes_open_data_alone_and_says_nothing_it_was_not_taught(
    shared: Path, encoder: Path, tmp_path: Path
) -> None:
    told = trained(shared, encoder, tmp_path / "open", "--corpora", "open")

    assert set(told["data"]) == {"own", "voa", "crossner", "re3d"}
    assert (
        told["data"]["voa"]["documents"] == 4
    )  # three of gold train, one of M2E2; the report with agency copy is left out
    assert told["untaught"] == ["attribution"]
    assert Reader(Network(tmp_path / "open")).read(Report(id="r", text=TEXT)).attributions == ()


def test_weights_come_back_within_half_a_step_of_eight_bits(weights: Path, encoder: Path) -> None:
    run = torch.load(weights / "runs/second.pt", weights_only=True)["average"]
    reader = train.Reader(Encoder.from_folder(str(encoder)))

    warm.load(reader, weights)

    for name, value in reader.named_parameters():
        if name in run and ".pooler." not in name:
            step = float(run[name].abs().max()) / 63  # 7 bits and a sign
            assert torch.allclose(value, run[name], atol=step), name


def test_exported_and_loaded_weights_say_the_same(weights: Path, encoder: Path) -> None:
    reader, network = train.Reader(Encoder.from_folder(str(encoder))), Network(weights)
    warm.load(reader.eval(), weights)
    ids = np.arange(20)

    seen = network.see(ids, np.zeros_like(ids))

    framed = torch.tensor([[network.first, *ids, network.last]])
    with torch.no_grad():
        hidden = reader.encoder(framed, torch.zeros_like(framed))[0][0, 1:-1].numpy()
    assert np.abs(hidden - seen.hidden).mean() < 0.05


def test_weights_of_another_encoder_are_refused(weights: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    reader = train.Reader(Encoder.from_folder(str(make(tmp_path / "encoder"))))
    reader.heads.kind = torch.nn.Linear(16, 17)

    with pytest.raises(DataError, match=r"no heads\.kind\.weight of shape \(17, 16\)"):
        warm.load(reader, weights)


def test_a_folder_without_weights_is_refused(encoder: Path, tmp_path: Path) -> None:
    reader = train.Reader(Encoder.from_folder(str(encoder)))
    shutil.copy(encoder / "tokenizer.json", tmp_path)

    with pytest.raises(DataError, match="name a folder that `python -m training` has written"):
        warm.load(reader, tmp_path)


def test_the_card_keeps_what_came_before_it() -> None:
    kept = card.before({"version": "b", "stages": [2], "cost": {}, "files": {}, "before": {"version": "a"}})

    assert kept == {"before": {"version": "b", "stages": [2], "cost": {}, "before": {"version": "a"}}}
