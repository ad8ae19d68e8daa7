"""Batches of random windows over documents: each draws a corpus by its share, then a document, then a stretch of it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from sayso.errors import DataError
from sayso.reader import labels
from sayso.reader.tokens import Window
from training.corpora import IGNORED, Document, Trigger

PAD = 0  # any piece: padding is masked
MASKED_SHARE = 0.06  # pieces hidden at random: a small model learns names by heart otherwise
SHORTEST, LONGEST = 48, 190
LENGTHS = (80, LONGEST, LONGEST, LONGEST)  # the reader's windows have 190 pieces; short texts come too
RARE = 0.4  # a type with n claims is drawn with weight n ** RARE: 1 as they come, 0 all alike
MASKS = ("[MASK]", "<mask>")  # as BERT's and RoBERTa's families call the piece that hides another


def tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of an encoder, told to neither cut texts off nor pad them, as many packages have it do."""
    found = Tokenizer.from_file(str(path))
    found.no_truncation()
    found.no_padding()
    return found


class Special(NamedTuple):
    """Numbers of the special pieces of one vocabulary: those that open and close a window, and the one that hides a piece."""

    first: int
    last: int
    mask: int

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Special:
        """As the tokenizer frames an empty text; raises `DataError` where it does not, or has no mask."""
        framed = tokenizer.encode("", add_special_tokens=True).ids
        masks = [piece for name in MASKS if (piece := tokenizer.token_to_id(name)) is not None]
        if len(framed) != 2 or not masks:
            raise DataError(
                f"the tokenizer frames an empty text by {len(framed)} pieces and has {len(masks)} mask pieces; name an encoder "
                f"whose tokenizer.json opens and closes a text by one piece each and has {' or '.join(MASKS)}"
            )
        return cls(framed[0], framed[1], masks[0])


@dataclass(frozen=True, slots=True)
class Example:
    """One window. Tag tensors are (n,) with the special pieces masked; `triggers` have windows counted within it."""

    ids: Tensor
    shapes: Tensor
    mentions: Tensor
    attribution: Tensor
    events: Tensor
    triggers: tuple[Trigger, ...]


def draw(
    document: Document, rng: random.Random, special: Special, *, longest: int = LONGEST, around: Trigger | None = None
) -> Example:
    """A window of random length that starts at a sentence; one that shows the trigger `around` where it is given."""
    size = rng.randint(max(longest // 2, SHORTEST), longest)
    latest = max(len(document.pieces) - size // 2, 1)
    starts = [start for start in document.sentence_starts if start < latest]
    if around is not None:
        starts = [start for start in starts if start <= around.window.start and around.window.end <= start + size]
    start = rng.choice(starts or [max(around.window.end - size, 0) if around else 0])
    return cut(document, Window(start, min(start + size, len(document.pieces))), rng, special)


def cut(document: Document, window: Window, rng: random.Random, special: Special) -> Example:
    """The example of one window, some pieces masked."""
    start, end = window
    ids = document.pieces.ids[start:end].copy()
    ids[np.asarray([rng.random() < MASKED_SHARE for _ in ids], dtype=bool)] = special.mask
    return Example(
        ids=_framed(ids, special.first, special.last),
        shapes=_framed(document.pieces.shapes[start:end], 0, 0),
        mentions=_framed_tags(document.mentions, window),
        attribution=_framed_tags(document.attribution, window),
        events=_framed_tags(document.events, window),
        triggers=tuple(_triggers(document, window, rng)),
    )


def _framed(values: np.ndarray, first: int, last: int) -> Tensor:
    return torch.from_numpy(np.concatenate([[first], values, [last]]).astype(np.int64))


def _framed_tags(tags: np.ndarray | None, window: Window) -> Tensor:
    inside = np.full(window.end - window.start, IGNORED) if tags is None else tags[window.start : window.end]
    return _framed(inside, IGNORED, IGNORED)


def _triggers(document: Document, window: Window, rng: random.Random) -> list[Trigger]:
    known = document.triggers if document.contents is None else _quoted_words(document, window, rng)
    return [
        _shifted(trigger, window)
        for trigger in known
        if window.start <= trigger.window.start and trigger.window.end <= window.end
    ]


def _quoted_words(document: Document, window: Window, rng: random.Random) -> list[Trigger]:
    """PolNeAR's contents as stand-ins for events: a word inside has that source, a word outside has the outlet's own voice."""
    assert document.contents is not None
    report = labels.SOURCE_KINDS.index(labels.SOURCE_KINDS[-1])
    found = []
    for content, sources in document.contents:
        if content.start >= window.start and content.end <= window.end and rng.random() < 0.5 and sources:
            at = rng.randrange(content.start, content.end)
            found.append(Trigger(Window(at, at + 1), roles={"source": sources}))
    for _ in range(2):
        at = rng.randrange(window.start, window.end)
        if document.attribution is not None and document.attribution[at] == 0:
            found.append(Trigger(Window(at, at + 1), source_kind=report, roles={"source": ()}))
    return found


def _shifted(trigger: Trigger, window: Window) -> Trigger:
    """The trigger counted from the window's first piece, behind its opening special piece."""
    by = 1 - window.start
    roles = {
        role: None
        if fillers is None
        else tuple(Window(w.start + by, w.end + by) for w in fillers if w.start >= window.start and w.end <= window.end)
        for role, fillers in (trigger.roles or {}).items()
    }
    values = {
        name: getattr(trigger, name) for name in ("kind", "mode", "status", "historical", "source_kind", "counted")
    }
    return Trigger(Window(trigger.window.start + by, trigger.window.end + by), **values, roles=roles)


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples padded to one length: `ids`, `shapes`, `mask` and tags are (batch, n)."""

    ids: Tensor
    shapes: Tensor
    mask: Tensor
    mentions: Tensor
    attribution: Tensor
    events: Tensor
    triggers: tuple[tuple[Trigger, ...], ...]


def collate(examples: Sequence[Example]) -> Batch:
    """One batch, padded at the end."""
    pad = torch.nn.utils.rnn.pad_sequence
    ids = pad([e.ids for e in examples], batch_first=True, padding_value=PAD)
    return Batch(
        ids=ids,
        shapes=pad([e.shapes for e in examples], batch_first=True),
        mask=pad([torch.ones_like(e.ids) for e in examples], batch_first=True),
        mentions=pad([e.mentions for e in examples], batch_first=True, padding_value=IGNORED),
        attribution=pad([e.attribution for e in examples], batch_first=True, padding_value=IGNORED),
        events=pad([e.events for e in examples], batch_first=True, padding_value=IGNORED),
        triggers=tuple(e.triggers for e in examples),
    )


@dataclass(frozen=True, slots=True)
class Mix:
    """Which windows make a batch: how often each corpus is drawn, pieces in all, and the seed of chance.

    A share `balance` of the windows of a corpus with typed claims is drawn around a claim: a type first, the rarer ones more
    often than they come, and then one of its claims.
    """

    shares: Mapping[str, float]
    budget: int
    seed: int
    balance: float = 0.0


class Sampler:
    """Endless batches of a mix of documents."""

    def __init__(self, documents: Mapping[str, Sequence[Document]], mix: Mix, special: Special) -> None:
        self.documents, self.mix, self.special = documents, mix, special
        self.names = [name for name in mix.shares if documents.get(name)]
        self.shares = [mix.shares[name] for name in self.names]
        self.weights = {name: [len(d.pieces) for d in documents[name]] for name in self.names}
        self.typed = {name: _by_type(documents[name]) for name in self.names}
        self.rng = random.Random(mix.seed)

    def batch(self) -> Batch:
        """Windows of one rough length together, so that padding stays small."""
        longest = self.rng.choice(LENGTHS)
        examples: list[Example] = []
        while sum(len(e.ids) for e in examples) < self.mix.budget:
            name = self.rng.choices(self.names, self.shares)[0]
            document, around = self._choose(name)
            examples.append(draw(document, self.rng, self.special, longest=longest, around=around))
        return collate(examples)

    def _choose(self, name: str) -> tuple[Document, Trigger | None]:
        kinds = self.typed[name]
        if kinds and self.rng.random() < self.mix.balance:
            weights = [len(claims) ** RARE for claims in kinds.values()]
            return self.rng.choice(self.rng.choices(list(kinds.values()), weights)[0])
        return self.rng.choices(self.documents[name], self.weights[name])[0], None


def _by_type(documents: Sequence[Document]) -> dict[int, list[tuple[Document, Trigger | None]]]:
    found: dict[int, list[tuple[Document, Trigger | None]]] = defaultdict(list)
    for document in documents:
        for trigger in document.triggers:
            if trigger.kind != IGNORED:
                found[trigger.kind].append((document, trigger))
    return found


def trigger_inputs(triggers: Sequence[Trigger], length: int) -> tuple[Tensor, Tensor]:
    """`pooling` (triggers, length) and `distances` (triggers, length), as `TriggerHeads` takes them."""
    pooling = torch.zeros(len(triggers), length)
    distances = torch.zeros(len(triggers), length, dtype=torch.int64)
    for row, trigger in enumerate(triggers):
        start, end = trigger.window
        pooling[row, start:end] = 1 / (end - start)
        positions = np.arange(length)
        away = np.where(positions < start, positions - start, np.maximum(positions - end + 1, 0))
        distances[row] = torch.from_numpy(labels.distance_buckets(away))
    return pooling, distances
