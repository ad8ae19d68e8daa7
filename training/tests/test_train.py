"""The loop: its rate, its mean, what it leaves alone, and that it goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import DistilBertConfig, DistilBertModel

from training import corpora, train
from training.batches import Special
from training.network import Encoder
from training.tests.conftest import tokenizer

STAGE = train.Stage("try", {"gold": 0.6, "polnear": 0.2, "worldwide": 0.2}, steps=4, budget=120, balance=0.5)


@pytest.fixture
def reader(encoder: Path) -> train.Reader:
    torch.manual_seed(7)
    return train.Reader(Encoder.from_folder(str(encoder)))


def batches(shared: Path, stage: train.Stage) -> train.Sampler:
    pieces: Tokenizer = tokenizer()
    return train.sampler(corpora.load(shared, pieces, own=shared / "own"), Special.of(pieces), stage)


@pytest.mark.parametrize(
    ("step", "progress", "share"), [(0, 0.0, 0.1), (9, 0.0, 1.0), (50, 0.5, 0.6), (99, 1.0, 0.2), (99, 1.7, 0.2)]
)
def test_the_rate_rises_over_steps_and_falls_with_progress(step: int, progress: float, share: float) -> None:
    stage = train.Stage("s", {}, steps=100, warmup=0.1, final=0.2)

    assert train.schedule(stage, step, progress) == pytest.approx(share)


def test_learns_and_logs_what_it_cost(reader: train.Reader, shared: Path, tmp_path: Path) -> None:
    before = reader.heads.kind.weight.detach().clone()

    train.run(reader, STAGE, batches(shared, STAGE), tmp_path)

    (line,) = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert line["step"] == 4
    assert line["pieces"] >= 4 * 120
    assert {"mentions", "attribution", "events", "kind", "roles"} < line.keys()
    assert not torch.equal(before, reader.heads.kind.weight)


def test_a_stage_that_is_done_is_not_done_again(
    encoder: Path, reader: train.Reader, shared: Path, tmp_path: Path
) -> None:
    train.run(reader, STAGE, batches(shared, STAGE), tmp_path)
    again = train.Reader(Encoder.from_folder(str(encoder)))

    train.run(again, STAGE, batches(shared, STAGE), tmp_path)

    assert all(torch.equal(one, other) for one, other in zip(reader.parameters(), again.parameters(), strict=True))


def test_goes_on_from_a_checkpoint(encoder: Path, reader: train.Reader, shared: Path, tmp_path: Path) -> None:
    train.run(reader, replace(STAGE, steps=2), batches(shared, STAGE), tmp_path)
    again = train.Reader(Encoder.from_folder(str(encoder)))

    train.run(again, STAGE, batches(shared, STAGE), tmp_path)

    steps = [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert steps == [2, 4]


def test_time_ends_a_stage_before_its_steps_do(reader: train.Reader, shared: Path, tmp_path: Path) -> None:
    stage = replace(STAGE, steps=100_000, minutes=0.001)

    train.run(reader, stage, batches(shared, stage), tmp_path)

    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert last["step"] < 100_000
    assert last["progress"] >= 1


def test_leaves_frozen_layers_as_they_are(encoder: Path, reader: train.Reader, shared: Path, tmp_path: Path) -> None:
    untouched = Encoder.from_folder(str(encoder))
    stage = replace(STAGE, frozen=1)

    train.run(reader, stage, batches(shared, stage), tmp_path)

    kept = {
        name for name, value in untouched.named_parameters() if torch.equal(value, reader.encoder.get_parameter(name))
    }
    assert {name for name in kept if ".layer.0." in name or ".embeddings." in name} == {
        name for name, _ in untouched.named_parameters() if ".layer.0." in name or ".embeddings." in name
    }
    assert not any(".layer.1." in name for name in kept)


def test_a_later_stage_thaws_what_an_earlier_one_froze(reader: train.Reader) -> None:
    train.freeze(reader, 2)
    train.freeze(reader, 0)

    frozen = [name for name, value in reader.encoder.named_parameters() if not value.requires_grad]
    assert frozen == ["base.embeddings.word_embeddings.weight"]


def test_the_mean_lies_between_the_first_and_the_last_weights(reader: train.Reader) -> None:
    bias = reader.heads.kind.bias
    with torch.no_grad():
        bias.zero_()
    average = train.Average(reader, 0.9)

    for step in range(50):
        with torch.no_grad():
            bias.fill_(step)
        average.update(step)
    average.apply()

    assert 35 < bias[0].item() < 49


def test_takes_an_encoder_of_another_family(tmp_path: Path) -> None:
    config = DistilBertConfig(vocab_size=64, dim=32, n_layers=3, n_heads=2, hidden_dim=48, max_position_embeddings=64)
    DistilBertModel(config).save_pretrained(tmp_path)

    reader = train.Reader(Encoder.from_folder(str(tmp_path)))

    rates = sorted({group["lr"] for group in train.optimizer(reader, STAGE).param_groups})
    assert rates == pytest.approx([3e-4 * 0.9**3, 3e-4 * 0.9**2, 3e-4 * 0.9, 3e-4, 1e-3])
    hidden, *tags = reader.encoder(torch.tensor([[1, 2, 3]]), torch.zeros(1, 3, dtype=torch.int64))
    assert hidden.shape == (1, 3, 32)
    assert [layer.shape[-1] for layer in tags] == [19, 7, 3]
