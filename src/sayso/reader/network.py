"""The trained network as two ONNX graphs, run on one thread by onnxruntime.

`encoder.onnx` (8-bit) sees a window of word pieces; `heads.onnx` sees its hidden states and the triggers in it. The card beside
them says what they were trained on; a file that does not match the card's digest is refused.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from sayso.errors import DataError
from sayso.reader import labels
from sayso.reader.decode import Floats
from sayso.reader.tokens import Ints

ENCODER, HEADS, TOKENIZER, CARD = "encoder.onnx", "heads.onnx", "tokenizer.json", "card.json"
PROJECTION = "projection.npz"
_NEEDED = {"version", "labels", "special_pieces", "keenness", "least_confidence", "files"}
HEAD_NAMES = ("kind", "mode", "status", "historical", "source_kind", "counted", "roles")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the encoder says of a window: `hidden` (n, width); tag scores (n, tags) for each layer of labels."""

    hidden: Floats
    mentions: Floats
    attribution: Floats
    events: Floats


class Network:
    """Weights in a folder. Raises `DataError` where a file is missing, altered, or made for other labels than these."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card = _card(folder)
        self._check()
        self.first, self.last = self.card["special_pieces"]
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def _check(self) -> None:
        if missing := _NEEDED - self.card.keys() or {ENCODER, HEADS, TOKENIZER} - self.card["files"].keys():
            raise DataError(
                f"{self.folder / CARD}: nothing is said of {', '.join(sorted(missing))}; install Sayso anew"
            )
        if self.card["labels"] != labels.digest():
            raise DataError(
                f"{self.folder}: weights were trained for other labels than this version of Sayso has; train or install them anew"
            )
        for name, digest in self.card["files"].items():
            if not (self.folder / name).is_file():
                raise DataError(
                    f"{self.folder / name}: file is missing; install Sayso anew, or train with `python -m training`"
                )
            if hashlib.sha256((self.folder / name).read_bytes()).hexdigest() != digest:
                raise DataError(f"{self.folder / name}: differs from the card beside it; install Sayso anew")

    @property
    def version(self) -> str:
        """Name of these weights: changes whenever they do."""
        return str(self.card["version"])

    @cached_property
    def _encoder(self) -> onnxruntime.InferenceSession:
        return _session(self.folder / ENCODER)

    @cached_property
    def _heads(self) -> onnxruntime.InferenceSession:
        return _session(self.folder / HEADS)

    @cached_property
    def _projected(self) -> tuple[Floats, Floats] | None:
        return _projection(self.folder / PROJECTION, self.version)

    def vectors(self, pooled: Floats) -> list[bytes]:
        """Hidden states of triggers (triggers, width), each as some signed bytes; empty where no projection fits."""
        if self._projected is None:
            return [b""] * len(pooled)
        middle, projection = self._projected
        values = (pooled - middle) @ projection
        return [row.tobytes() for row in np.clip(np.rint(values), -127, 127).astype(np.int8)]

    def see(self, ids: Ints, shapes: Ints) -> Seen:
        """One window of pieces, (n,) each, framed by the special pieces here and unframed again."""
        framed_ids = np.concatenate([[self.first], ids, [self.last]])[None]
        framed_shapes = np.concatenate([[0], shapes, [0]])[None]
        outputs = self._encoder.run(None, {"ids": framed_ids, "shapes": framed_shapes})
        return Seen(*(output[0, 1:-1] for output in outputs))

    def judge(self, hidden: Floats, pooling: Floats, distances: Ints) -> dict[str, Floats]:
        """Scores of each trigger head for `hidden` (n, width), `pooling` and `distances` (triggers, n)."""
        outputs = self._heads.run(None, {"hidden": hidden, "pooling": pooling, "distances": distances})
        return dict(zip(HEAD_NAMES, outputs, strict=True))


def _projection(path: Path, version: str) -> tuple[Floats, Floats] | None:
    """Middle (width,) and projection (width, numbers) made for these weights; None where there are none."""
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["version"]) != version:
                return None
            return stored["middle"].astype(np.float32), stored["projection"].astype(np.float32)
    except (OSError, ValueError, KeyError) as exc:
        raise DataError(f"{path}: not a projection ({exc}); make it anew with `python -m training.vectors`") from exc


def _card(folder: Path) -> dict[str, Any]:
    try:
        card: dict[str, Any] = json.loads((folder / CARD).read_text("utf-8"))
    except OSError as exc:
        raise DataError(f"{folder}: no {CARD} there; name a folder that `python -m training` has written") from exc
    except ValueError as exc:
        raise DataError(f"{folder / CARD}: not JSON ({exc}); install Sayso anew") from exc
    if not isinstance(card, dict):
        raise DataError(f"{folder / CARD}: not a card; install Sayso anew")
    return card


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more speed comes from more processes
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
