"""From PyTorch weights to what ships: two ONNX graphs, the encoder in 8 bits, and a card with their digests.

Static quantisation, calibrated by absolute minimum and maximum: unsigned 8-bit activations, signed 7-bit weights. Dynamic
quantisation would make a text's result depend on its batch-mates; clipping outliers cost 4.5 points of F1. Products are not
rounded to 8 bits again: a few widths carry values far beyond the others', and rounding them moved one attribution tag in twenty.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime import quantization
from torch import Tensor, nn

from sayso.reader import labels
from sayso.reader.network import CARD, ENCODER, HEAD_NAMES, HEADS, TOKENIZER
from training import batches
from training.batches import Special
from training.corpora import Document
from training.train import Reader

OPSET = 17
CALIBRATION_WINDOWS = 160
LARGEST = 25_000_000  # bytes a file, so that a repository and a wheel can carry it


class _EncoderGraph(nn.Module):
    """The encoder with the attention of one unpadded window: no mask."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.encoder = reader.encoder

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.encoder(ids, shapes, None))


class _HeadsGraph(nn.Module):
    """The trigger heads with their outputs in the order of `HEAD_NAMES`."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.heads = reader.heads

    def forward(self, hidden: Tensor, pooling: Tensor, distances: Tensor) -> tuple[Tensor, ...]:
        out = self.heads(hidden, pooling, distances)
        return tuple(out[name] for name in HEAD_NAMES)


def export(reader: Reader, tokenizer: Path, documents: Sequence[Document], folder: Path, card: dict[str, Any]) -> None:
    """Writes encoder, heads, tokenizer and card; raises `ValueError` where ONNX and PyTorch disagree or a file is too large."""
    special = Special.of(batches.tokenizer(tokenizer))
    reader.eval()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / ENCODER
        _write_encoder(reader, plain)
        _compare(reader, plain, _windows(documents, special, 4))
        _quantise(plain, folder / ENCODER, _windows(documents, special, CALIBRATION_WINDOWS))
    _write_heads(reader, folder / HEADS)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    files = {}
    for name in (ENCODER, HEADS, TOKENIZER):
        data = (folder / name).read_bytes()
        if len(data) > LARGEST:
            raise ValueError(f"{name} has {len(data):,} bytes, more than {LARGEST:,}")
        files[name] = hashlib.sha256(data).hexdigest()
    version = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:12]
    full = {
        **card,
        "version": version,
        "labels": labels.digest(),
        "special_pieces": [special.first, special.last],
        "files": files,
    }
    (folder / CARD).write_text(json.dumps(full, indent=1, ensure_ascii=False) + "\n", "utf-8")


Axes = dict[str, dict[int, str]]
"""Input or output of a graph -> which of its axes vary in length."""


def _write_encoder(reader: Reader, path: Path) -> None:
    words = reader.encoder.base.get_input_embeddings().weight
    ids = torch.randint(len(words), (1, 24))
    varies = {1: "pieces"}
    inputs: Axes = {"ids": varies, "shapes": varies}
    outputs: Axes = dict.fromkeys(("hidden", "mentions", "attribution", "events"), varies)
    _to_onnx(_EncoderGraph(reader), (ids, torch.zeros_like(ids)), path, inputs=inputs, outputs=outputs)


def _write_heads(reader: Reader, path: Path) -> None:
    width = reader.encoder.base.config.hidden_size
    sample = (torch.randn(24, width), torch.full((2, 24), 1 / 24), torch.zeros(2, 24, dtype=torch.int64))
    each = {0: "triggers", 1: "pieces"}
    outputs: Axes = {name: each if name == "roles" else {0: "triggers"} for name in HEAD_NAMES}
    inputs: Axes = {"hidden": {0: "pieces"}, "pooling": each, "distances": each}
    _to_onnx(_HeadsGraph(reader), sample, path, inputs=inputs, outputs=outputs)


def _to_onnx(graph: nn.Module, sample: tuple[Tensor, ...], path: Path, *, inputs: Axes, outputs: Axes) -> None:
    """One file without external data. The exporter leaves a module as it was told: hence eval, or dropout stays on."""
    torch.onnx.export(
        graph.eval(),
        sample,
        str(path),
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes=inputs | outputs,
        opset_version=OPSET,
        dynamo=False,
    )


def _windows(documents: Sequence[Document], special: Special, count: int) -> Iterator[dict[str, np.ndarray]]:
    rng = np.random.default_rng(5)
    for index in rng.permutation(len(documents))[:count]:
        pieces = documents[index].pieces
        start = int(rng.integers(0, max(len(pieces) - 190, 1)))
        ids, shapes = pieces.ids[start : start + 190], pieces.shapes[start : start + 190]
        yield {
            "ids": np.concatenate([[special.first], ids, [special.last]])[None],
            "shapes": np.concatenate([[0], shapes, [0]])[None],
        }


def _compare(reader: Reader, path: Path, windows: Iterable[dict[str, np.ndarray]]) -> None:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for window in windows:
        with torch.no_grad():
            expected = reader.encoder(torch.from_numpy(window["ids"]), torch.from_numpy(window["shapes"]), None)
        for theirs, ours in zip(expected, session.run(None, window), strict=True):
            worst = float(np.abs(theirs.numpy() - ours).max())
            if worst > 1e-3:
                raise ValueError(f"ONNX differs from PyTorch by {worst}")


class _Calibration(quantization.CalibrationDataReader):
    def __init__(self, windows: Iterator[dict[str, np.ndarray]]) -> None:
        self.windows = windows

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.windows, None)


def _quantise(plain: Path, output: Path, windows: Iterator[dict[str, np.ndarray]]) -> None:
    prepared = plain.with_name("prepared.onnx")
    quantization.quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
    model = onnx.load(str(prepared))
    exact = [node.name for node in model.graph.node if node.op_type in ("MatMul", "Gemm") and _is_tag_head(node)]
    quantization.quantize_static(
        str(prepared),
        str(output),
        _Calibration(windows),
        quant_format=quantization.QuantFormat.QDQ,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        reduce_range=True,
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
        nodes_to_exclude=exact,
        calibrate_method=quantization.CalibrationMethod.MinMax,
        extra_options={
            "ActivationSymmetric": False,
            "WeightSymmetric": True,
            "OpTypesToExcludeOutputQuantization": ["MatMul", "Gemm"],
        },
    )


def _is_tag_head(node: onnx.NodeProto) -> bool:
    """Heads stay exact: they are small, and their scores are what decisions are made of."""
    return any(
        f"encoder/{head}" in node.name or f"/{head}/" in node.name for head in ("mention", "attribution", "event")
    )
