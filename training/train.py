"""The training loop: losses, schedule, checkpoints. One run reads a recipe and can be taken up where it stopped."""

from __future__ import annotations

import json
import math
import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from sayso.reader import labels
from training.batches import Batch, Mix, Sampler, Special, trigger_inputs
from training.corpora import IGNORED, Document, Trigger
from training.network import Encoder, TriggerHeads

EACH = 100  # steps between checkpoints
_LAYER = re.compile(r"\.(?:layers?|h)\.(\d+)\.")
TOKEN_HEADS = ("mentions", "attribution", "events")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of training: `shares` of the corpora, `steps` of `budget` pieces, peak learning rates."""

    name: str
    shares: Mapping[str, float]
    steps: int
    budget: int = 2048
    rate: float = 3e-4
    head_rate: float = 1e-3
    decay: float = 0.9  # of the rate from each layer to the one below
    warmup: float = 0.06
    final: float = 0.02  # share of the rate at the last step
    seed: int = 1
    balance: float = 0.0  # share of windows drawn around a claim whose type is drawn first, so that rare types are seen
    minutes: float | None = (
        None  # of training, where time runs out before the steps do: the rate falls with what is nearer
    )
    average: float = 0.995  # what the mean of the weights keeps at each step
    frozen: int = (
        0  # layers of the encoder, from below, that stay as they are: where time is short, the upper ones need it more
    )


def sampler(documents: Mapping[str, Sequence[Document]], special: Special, stage: Stage) -> Sampler:
    """Batches as a stage wants them."""
    mix = Mix(stage.shares, budget=stage.budget, seed=stage.seed, balance=stage.balance)
    return Sampler(documents, mix, special)


class Reader(nn.Module):
    """Encoder and trigger heads with one loss."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = TriggerHeads(encoder.base.config.hidden_size)

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Each head's mean loss over what the batch has labels for, weighted against the others."""
        hidden, *logits = self.encoder(batch.ids, batch.shapes, batch.mask)
        found: dict[str, Tensor] = {}
        for name, scores in zip(TOKEN_HEADS, logits, strict=True):
            target = getattr(batch, name)
            if (target != IGNORED).any():
                weight = torch.tensor([1.0, 1.5, 1.5]) if name == "events" else None
                found[name] = functional.cross_entropy(
                    scores.flatten(0, 1), target.flatten(), weight=weight, ignore_index=IGNORED
                )
        sums: dict[str, list[Tensor]] = defaultdict(list)
        for row, triggers in enumerate(batch.triggers):
            if triggers:
                length = int(batch.mask[row].sum())
                for name, value in self._trigger_losses(hidden[row, :length], triggers).items():
                    sums[name].append(value)
        found |= {name: torch.cat(values).mean() for name, values in sums.items() if sum(v.numel() for v in values)}
        return found

    def _trigger_losses(self, hidden: Tensor, triggers: tuple[Trigger, ...]) -> dict[str, Tensor]:
        out = self.heads(hidden, *trigger_inputs(triggers, len(hidden)))
        out["mode"] = _of_their_type(out["mode"], triggers)
        found = {}
        for name in ("kind", "mode", "status", "historical", "source_kind", "counted"):
            target = torch.tensor([getattr(trigger, name) for trigger in triggers])
            keep = target != IGNORED
            found[name] = functional.cross_entropy(out[name][keep], target[keep], reduction="none")
        target = _role_targets(triggers, len(hidden))
        keep = target[:, 0] != IGNORED  # (triggers, roles)
        each = functional.cross_entropy(
            out["roles"].permute(0, 3, 1, 2), target, ignore_index=IGNORED, reduction="none"
        )
        found["roles"] = each.sum(1)[keep]
        return found


def _of_their_type(logits: Tensor, triggers: tuple[Trigger, ...]) -> Tensor:
    """Mode logits with the modes of other types than the trigger's shut out."""
    kinds = torch.tensor([labels.TYPES.index(kind) for kind, _ in labels.MODES])
    own = torch.tensor([trigger.kind for trigger in triggers])
    return logits.masked_fill(kinds != own.unsqueeze(1), -1e4)


def _role_targets(triggers: tuple[Trigger, ...], length: int) -> Tensor:
    """(triggers, length, roles) of O, B, I; IGNORED for roles that the corpus does not annotate."""
    target = torch.full((len(triggers), length, len(labels.ROLES)), IGNORED)
    for row, trigger in enumerate(triggers):
        for column, role in enumerate(labels.ROLES):
            fillers = (trigger.roles or {}).get(role)
            if fillers is None:
                continue
            target[row, :, column] = 0
            for start, end in fillers:
                target[row, start + 1 : end, column] = 2
                target[row, start, column] = 1
    return target


WEIGHTS = {"mentions": 1.0, "attribution": 1.0, "events": 1.5, "kind": 0.5, "mode": 0.3, "status": 0.3, "historical": 0.3,
           "source_kind": 0.3, "counted": 0.1, "roles": 0.25}  # fmt: skip


def freeze(reader: Reader, layers: int) -> None:
    """Leaves the lowest `layers` of the encoder and its embeddings as they are; thaws what an earlier stage froze above them."""
    words = reader.encoder.base.get_input_embeddings().weight
    for name, parameter in reader.encoder.named_parameters():
        below = 0 <= _layer(name) < layers or (layers > 0 and _is_embedding(name))
        parameter.requires_grad_(not below and parameter is not words)


def _is_embedding(name: str) -> bool:
    return ".embeddings." in name or name.startswith("shapes.")


def _layer(name: str) -> int:
    """Number of the encoder's layer that a parameter belongs to, as every family of encoders counts them; -1 for none."""
    found = _LAYER.search(name)
    return int(found[1]) if found else -1


def optimizer(reader: Reader, stage: Stage) -> torch.optim.AdamW:
    """AdamW with a lower rate for lower layers: the encoder's bottom knows English already."""
    depth = reader.encoder.base.config.num_hidden_layers
    groups: dict[float, list[nn.Parameter]] = defaultdict(list)
    for name, parameter in reader.named_parameters():
        share = stage.decay ** (depth - 1 - _layer(name))  # embeddings are one below the lowest layer
        rate = stage.rate * share if name.startswith("encoder.base") else stage.head_rate
        if parameter.requires_grad:
            groups[rate].append(parameter)
    return torch.optim.AdamW([{"params": p, "lr": r} for r, p in groups.items()], weight_decay=0.01, betas=(0.9, 0.98))


def schedule(stage: Stage, step: int, progress: float) -> float:
    """Share of the peak rate: a linear warm-up over steps, then linear to `stage.final` as `progress` goes from 0 to 1."""
    rise = max(stage.warmup * stage.steps, 1)
    return min((step + 1) / rise, 1 - (1 - stage.final) * min(max(progress, 0), 1))


class Average:
    """The running mean of what a reader has learnt: steadier than its last step, at the cost of one addition."""

    def __init__(self, reader: Reader, keep: float) -> None:
        self.keep = keep
        self._learnt = {name: value for name, value in reader.named_parameters() if value.requires_grad}
        self.values = {name: value.detach().clone() for name, value in self._learnt.items()}

    def update(self, step: int) -> None:
        """After each step; early ones count for more, or the first weights would stay in the mean for long."""
        keep = min(self.keep, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, value in self._learnt.items():
                self.values[name].lerp_(value, 1 - keep)

    def apply(self) -> None:
        """Puts the mean into the reader."""
        with torch.no_grad():
            for name, value in self._learnt.items():
                value.copy_(self.values[name])


class _Run:
    """One stage under way: all that a checkpoint holds, and the log beside it."""

    def __init__(self, reader: Reader, stage: Stage, folder: Path) -> None:
        self.reader, self.stage, self.folder = reader, stage, folder
        freeze(reader, stage.frozen)
        self.optimise = optimizer(reader, stage)
        self.peaks = [group["lr"] for group in self.optimise.param_groups]
        self.average = Average(reader, stage.average)
        self.step, self.pieces, self.seconds, self.processor = 0, 0, 0.0, 0.0
        self.means: dict[str, float] = {}
        self._path = folder / f"{stage.name}.pt"
        if self._path.exists():
            self._go_on()

    @property
    def progress(self) -> float:
        """From 0 to 1: of the steps or of the time, whichever is farther."""
        minutes = self.stage.minutes
        return max(self.step / self.stage.steps, self.seconds / (60 * minutes) if minutes else 0)

    def learn(self, batches: Sampler) -> None:
        """One step."""
        began, worked = time.monotonic(), time.process_time()
        batch = batches.batch()
        share = schedule(self.stage, self.step, self.progress)
        for group, peak in zip(self.optimise.param_groups, self.peaks, strict=True):
            group["lr"] = peak * share
        losses = self.reader.losses(batch)
        total = sum((WEIGHTS[name] * value for name, value in losses.items()), torch.zeros(()))
        if not math.isfinite(total.item()):
            raise RuntimeError(f"loss is {total.item()} at step {self.step} of {self.stage.name}")
        self.optimise.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
        self.optimise.step()
        self.average.update(self.step)
        for name, value in losses.items():
            self.means[name] = 0.97 * self.means.get(name, value.item()) + 0.03 * value.item()
        self.step, self.pieces = self.step + 1, self.pieces + int(batch.mask.sum())
        self.seconds += time.monotonic() - began
        self.processor += time.process_time() - worked

    def log(self) -> None:
        """One line of how far it is, how fast, and the losses of late."""
        line = {
            "stage": self.stage.name,
            "step": self.step,
            "pieces": self.pieces,
            "per_second": round(self.pieces / self.seconds),
            "progress": round(self.progress, 4),
            "processor": round(self.processor),
            **{name: round(value, 4) for name, value in self.means.items()},
        }
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")

    def save(self) -> None:
        """A checkpoint, whole or not at all."""
        state = {
            "reader": self.reader.state_dict(),
            "average": self.average.values,
            "optimizer": self.optimise.state_dict(),
            "counts": [self.step, self.pieces, self.seconds, self.processor],
        }
        torch.save(state, self._path.with_suffix(".tmp"))
        self._path.with_suffix(".tmp").replace(self._path)

    def _go_on(self) -> None:
        state = torch.load(self._path, weights_only=True)
        self.reader.load_state_dict(state["reader"])
        self.average.values.update(state["average"])
        self.optimise.load_state_dict(state["optimizer"])
        self.step, self.pieces, self.seconds, self.processor = state["counts"]


def run(reader: Reader, stage: Stage, batches: Sampler, folder: Path) -> None:
    """Trains `reader` in place for one stage and leaves it at the mean of its late weights.

    Writes `log.jsonl` and a checkpoint every `EACH` steps, and goes on from one. A stage that ends by `minutes` is as long as
    the machine is fast; the checkpoint tells how many steps it came to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    going = _Run(reader, stage, folder)
    batches.rng.seed(stage.seed * 7919 + going.step)
    reader.train()
    while going.progress < 1:
        going.learn(batches)
        if going.step % 20 == 0 or going.progress >= 1:
            going.log()
        if going.step % EACH == 0 or going.progress >= 1:
            going.save()
    going.average.apply()
    (folder / f"{stage.name}.json").write_text(json.dumps(asdict(stage), default=dict, indent=1))
