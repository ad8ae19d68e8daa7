"""A network of a few kilobytes in the place of the trained one: every word of a short vocabulary always means the same.

Its hidden states say which class a piece is of; tags and heads read the class. A trigger's slots are filled by the pieces of the
right class within fourteen pieces of it, so that distances count too. It is built with `onnx.helper`, holds no random number and
runs in the same session as the trained network.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from sayso.model import MentionKind, SourceKind, Status
from sayso.reader import labels
from sayso.reader.network import CARD, ENCODER, HEAD_NAMES, HEADS, TOKENIZER

Table = npt.NDArray[np.float32]

CLASSES: Mapping[str, tuple[str, ...]] = {
    "other": (),
    "person": ("diallo", "ndiaye"),
    "place": ("bamako", "kati", "lyon", "##kati"),
    "body": ("police", "union", "soldiers"),
    "cue": ("said", "told"),
    "content": ("lies", "nothing"),
    "arrest": ("arrested", "detained"),
    "protest": ("marched",),
    "day": ("sunday", "friday"),
    "number": ("12", "300"),
    "victims": ("protesters", "rioters", "prot"),
    "rest of victims": ("##ests",),
}
MENTIONS = {"person": MentionKind.PERSON, "place": MentionKind.LOCATION, "body": MentionKind.ORGANIZATION}
PARTS = {"person": "source", "cue": "cue", "content": "content"}
KINDS = {"arrest": ("COERCE", "arrest"), "protest": ("PROTEST", "demo")}
ROLES = {
    "body": "actor", "victims": "recipient", "rest of victims": "recipient", "place": "place", "day": "date", "number": "count",
    "person": "source",
}  # fmt: skip
INSIDE = {"rest of victims": "victims"}
SURE = 6.0  # the score of what the class says, against 0 for all else
REACH = 14  # pieces from a trigger in which its slots are filled
SPECIAL = ("[UNK]", "[CLS]", "[SEP]")
CHARACTERS = string.ascii_lowercase + string.digits + string.punctuation + "“”‘’«»—…"


def vocabulary() -> list[str]:
    """Special pieces, the words of the classes, and single characters for all other words."""
    words = [word for group in CLASSES.values() for word in group]
    singles = [*CHARACTERS, *(f"##{letter}" for letter in string.ascii_lowercase + string.digits)]
    return list(dict.fromkeys((*SPECIAL, *words, *singles)))


def write(folder: Path, card: Mapping[str, object] | None = None) -> Path:
    """Encoder, heads, tokenizer and a card that fits them, whose entries `card` replaces."""
    (folder / ENCODER).write_bytes(_encoder().SerializeToString(deterministic=True))
    (folder / HEADS).write_bytes(_heads().SerializeToString(deterministic=True))
    _tokenizer().save(str(folder / TOKENIZER))
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (ENCODER, HEADS, TOKENIZER)}
    keenness = dict.fromkeys(("mentions", "attribution", "events", *labels.ROLES), 0.0)
    full = {
        "version": "toy",
        "labels": labels.digest(),
        "special_pieces": [SPECIAL.index("[CLS]"), SPECIAL.index("[SEP]")],
        "keenness": keenness,
        "least_confidence": 0.0,
        "files": files,
    }
    (folder / CARD).write_text(json.dumps(full | dict(card or {})), "utf-8")
    return folder


def _tokenizer() -> Tokenizer:
    pieces = {piece: index for index, piece in enumerate(vocabulary())}
    tokenizer = Tokenizer(WordPiece(pieces, unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def _score(tags: Sequence[object], meant: Mapping[str, object]) -> Table:
    """Scores (classes, tags): `SURE` for the tag that a class means, and for the first where it means none."""
    table = np.zeros((len(CLASSES), len(tags)), dtype=np.float32)
    for row, name in enumerate(CLASSES):
        table[row, tags.index(meant[name]) if name in meant else 0] = SURE
    return table


def _bio(meant: Mapping[str, str]) -> dict[str, str]:
    return {name: f"{'I' if name in INSIDE else 'B'}-{part}" for name, part in meant.items()}


def _model(
    inputs: Mapping[str, int], outputs: Sequence[str], steps: Sequence[tuple[str, str, str]], **tables: Table
) -> ModelProto:
    """A graph of `steps` (operator, inputs, output) over inputs of a type each and constant tables."""
    nodes = [helper.make_node(operator, given.split(), [result]) for operator, given, result in steps]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info(name, kind, None) for name, kind in inputs.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(table, name) for name, table in tables.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _encoder() -> ModelProto:
    pieces = vocabulary()
    classes = np.zeros((len(pieces), len(CLASSES)), dtype=np.float32)
    for column, words in enumerate(CLASSES.values()):
        classes[[pieces.index(word) for word in words], column] = 1
    classes[~classes.any(axis=1), 0] = 1
    return _model(
        {"ids": TensorProto.INT64, "shapes": TensorProto.INT64},
        ["hidden", "mentions", "attribution", "events"],
        [
            ("Gather", "classes ids", "hidden"),
            ("MatMul", "hidden of_mentions", "mentions"),
            ("MatMul", "hidden of_attribution", "attribution"),
            ("MatMul", "hidden of_events", "events"),
        ],
        classes=classes,
        of_mentions=_score(labels.MENTION_TAGS, _bio(MENTIONS)),
        of_attribution=_score(labels.ATTRIBUTION_TAGS, _bio(PARTS)),
        of_events=_score(labels.EVENT_TAGS, _bio(dict.fromkeys(KINDS, "event"))),
    )


def _heads() -> ModelProto:
    kinds = {name: kind for name, (kind, _) in KINDS.items()}
    sources = dict.fromkeys(CLASSES, SourceKind.REPORT) | {"protest": SourceKind.PERSON}
    roles = np.zeros((len(CLASSES), len(labels.ROLES), 3), dtype=np.float32)
    roles[:, :, 0] = SURE / 2
    for row, name in enumerate(CLASSES):
        if name in ROLES:
            roles[row, labels.ROLES.index(ROLES[name]), 2 if name in INSIDE else 1] = SURE
    far = labels.distance_buckets(np.arange(-60, 61))
    near = set(labels.distance_buckets(np.arange(-REACH + 1, REACH)).tolist())
    too_far = np.zeros((labels.DISTANCES, len(labels.ROLES), 3), dtype=np.float32)
    too_far[[bucket for bucket in set(far.tolist()) if bucket not in near], :, 0] = 2 * SURE
    steps = [
        ("MatMul", "pooling hidden", "pooled"),
        *(("MatMul", f"pooled of_{name}", name) for name in HEAD_NAMES[:-1]),
        ("MatMul", "hidden of_roles", "by_class"),
        ("Gather", "too_far distances", "by_distance"),
        ("Add", "by_class by_distance", "flat"),
        ("Reshape", "flat form", "roles"),
    ]
    return _model(
        {"hidden": TensorProto.FLOAT, "pooling": TensorProto.FLOAT, "distances": TensorProto.INT64},
        list(HEAD_NAMES),
        steps,
        of_kind=_score(labels.TYPES, kinds),
        of_mode=_score(labels.MODES, KINDS),
        of_status=_score(labels.STATUSES, dict.fromkeys(CLASSES, Status.ACTUAL)),
        of_historical=_score((False, True), {}),
        of_source_kind=_score(labels.SOURCE_KINDS, sources),
        of_counted=_score(labels.COUNTED, {}),
        of_roles=roles.reshape(len(CLASSES), -1),
        too_far=too_far.reshape(labels.DISTANCES, -1),
        form=np.array([0, 0, len(labels.ROLES), 3], dtype=np.int64),
    )
