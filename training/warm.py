"""Going on from weights that ship: an exported folder back to a PyTorch `Reader`, so that paid training is not lost.

The encoder comes back from 8 bits, each weight within half a step of what it was; parameters that training leaves as the base
encoder has them (its word embeddings) are taken from there, exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from sayso.errors import DataError
from sayso.reader.network import ENCODER, HEADS
from training.train import Reader

Array = npt.NDArray[np.float32]


def load(reader: Reader, folder: Path) -> None:
    """Fills the learnt parameters of `reader` from `folder`; raises `DataError` where one is missing or of another shape."""
    found = dict(_parameters(folder / ENCODER)) | dict(_parameters(folder / HEADS))
    with torch.no_grad():
        for name, parameter in reader.named_parameters():
            if parameter.requires_grad and not _unused(name):
                parameter.copy_(_checked(name, parameter, found, folder))


def _unused(name: str) -> bool:
    return ".pooler." in name  # the reader takes the hidden states of pieces; the exporter drops what nobody reads


def _checked(name: str, parameter: torch.Tensor, found: dict[str, Array], folder: Path) -> torch.Tensor:
    value = found.get(name)
    if value is None or value.shape != tuple(parameter.shape):
        raise DataError(
            f"{folder}: no {name} of shape {tuple(parameter.shape)} there; name the encoder folder that these weights "
            "were trained from, and weights made for the present labels"
        )
    return torch.from_numpy(np.array(value, dtype=np.float32))


def _parameters(path: Path) -> Iterator[tuple[str, Array]]:
    """Name as PyTorch has it -> value. Biases and norms keep their names; a matrix is known by the node that multiplies by it."""
    if not path.is_file():
        raise DataError(f"{path}: file is missing; name a folder that `python -m training` has written")
    graph = onnx.load(str(path)).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    exact = dict(stored) | {
        node.output[0]: _dequantised(*(stored[name] for name in node.input), axis=_axis(node))
        for node in graph.node
        if node.op_type == "DequantizeLinear" and node.input[0] in stored
    }
    yield from ((name.removesuffix("_quantized"), value) for name, value in exact.items() if "::" not in name)
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            yield node.input[0].removesuffix("_quantized"), exact[node.output[0]]
        elif node.op_type == "MatMul" and node.input[1] in exact:
            yield node.name.strip("/").removesuffix("/MatMul").replace("/", ".") + ".weight", exact[node.input[1]].T


def _axis(node: onnx.NodeProto) -> int:
    return next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)


def _dequantised(values: Array, scale: Array, zero: Array, *, axis: int) -> Array:
    shape = [1] * values.ndim
    if scale.ndim:
        shape[axis] = -1
    signed: Array = (values.astype(np.float32) - zero.astype(np.float32).reshape(shape)) * scale.reshape(shape)
    return signed
