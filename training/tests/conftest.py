"""A tiny encoder and a tiny folder of corpora: everything that a training run needs, in a second's work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

TEXT = 'Soldiers arrested 20 officers in Bamako on Sunday, a source said. "They fired," he added. The army denied the coup.'
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def span(words: str) -> list[int]:
    """Where `words` stand in `TEXT`."""
    at = TEXT.index(words)
    return [at, at + len(words)]


def claim(trigger: str, **slots: Any) -> dict[str, Any]:
    """An annotated claim with nothing in its slots but what is given."""
    empty: dict[str, Any] = {
        "type": "COERCE", "mode": "arrest", "status": "actual", "historical": False, "actor": [], "recipient": [], "place": None,
        "country": None, "date": None, "count": None, "source": {"kind": "report", "span": None}, "minor": False,
    }  # fmt: skip
    return {**empty, "trigger": span(trigger), **slots}


def report(name: str, **known: Any) -> dict[str, Any]:
    """A report of `TEXT` with three claims."""
    source = {"kind": "anonymous", "span": span("a source")}
    claims = [
        claim("arrested", actor=[span("Soldiers")], recipient=[span("20 officers")], place=span("Bamako"), source=source,
              count={"span": span("20"), "low": 20, "high": 20, "what": "arrested"}, date="2025-08-10"),
        claim("fired", type="ASSAULT", mode="firearms", source=source),
        claim("coup", type="COUP", mode="realized", status="negated", actor=[span("army")]),
    ]  # fmt: skip
    return {
        "id": name,
        "text": TEXT,
        "title": "",
        "published": "2025-08-10",
        "outlet": "VOA",
        "claims": claims,
        **known,
    }


def write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    """JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of random weights with a vocabulary of the words of `TEXT`, as Hugging Face keeps one."""
    folder = tmp_path_factory.mktemp("tiny") / "encoder"
    packaged = tokenizer()
    packaged.enable_truncation(16)
    packaged.enable_padding(length=16)
    packaged.save(str(make(folder) / "tokenizer.json"))
    return folder


def make(folder: Path) -> Path:
    """The tiny encoder in `folder`, without its tokenizer."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=64,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def tokenizer() -> Tokenizer:
    """Whole words and marks as pieces; special pieces have other numbers than BERT's."""
    split = pre_tokenizers.BertPreTokenizer()
    words = sorted({word.lower() for word, _ in split.pre_tokenize_str(TEXT)})
    numbers = {piece: number for number, piece in enumerate([*words, *SPECIAL])}
    made = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    made.add_special_tokens(list(SPECIAL))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = split
    ends = [(piece, numbers[piece]) for piece in ("[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return made


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file of corpora that a build or the choice of keenness reads, a few lines each; our annotation under `own`."""
    folder = tmp_path_factory.mktemp("shared")
    mentions = [{"span": span("Bamako"), "type": "Location"}]
    said = [
        {
            "source": [span("a source")],
            "cue": [span("said")],
            "content": [span("Soldiers arrested 20 officers in Bamako on Sunday")],
        }
    ]
    other = [{"span": span("Bamako"), "type": "country"}, {"span": span("coup"), "type": "weapon"}]
    for part in ("train", "dev"):
        write(folder / f"gold/{part}.jsonl", [report(f"g{number}") for number in range(3)])
        write(
            folder / f"corpora/mentions/worldwide-{part}.jsonl",
            [{"id": f"w-{part}", "text": TEXT, "mentions": mentions}],
        )
        write(
            folder / f"corpora/attribution/polnear-{part}.jsonl",
            [{"id": f"p-{part}", "text": TEXT, "attributions": said}],
        )
    for name in ("mentions/crossner-politics-train", "mentions/re3d"):
        write(folder / f"corpora/{name}.jsonl", [{"id": name, "text": TEXT, "mentions": other}])
    write(folder / "corpora/events/m2e2-train.jsonl", [{"id": "m", "text": TEXT}])
    write(folder / "corpora/coding/hrdsattack-train.jsonl", [{"id": "h", "text": TEXT + " Reuters"}])
    for name in ("gwn", "tr-news"):
        write(folder / f"corpora/places/{name}.jsonl", [{"id": name, "text": TEXT}])
    write(folder / "own/own.jsonl", [report("o")])
    write(folder / "own/newswire.jsonl", [_apart("m", TEXT), _apart("h", TEXT + " Reuters")])
    return folder


def _apart(name: str, text: str) -> dict[str, Any]:
    known = {key: value for key, value in report(name).items() if key not in ("text", "title")}
    return {**known, "sha256": hashlib.sha256(text.encode()).hexdigest()}
