"""The training loop: losses, schedule, checkpoints. One run reads a recipe and can be taken up where it stopped."""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from sayso.reader import labels
from training.batches import Batch, Sampler, trigger_inputs
from training.corpora import IGNORED, Trigger
from training.network import Encoder, TriggerHeads

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


def optimizer(reader: Reader, stage: Stage) -> torch.optim.AdamW:
    """AdamW with a lower rate for lower layers: the encoder's bottom knows English already."""
    depth = reader.encoder.base.config.num_hidden_layers
    groups: dict[float, list[nn.Parameter]] = defaultdict(list)
    for name, parameter in reader.named_parameters():
        if not name.startswith("encoder.base"):
            rate = stage.head_rate
        elif ".layer." in name or ".layers." in name:
            layer = int(name.split(".layer.")[-1].split(".layers.")[-1].split(".")[0])
            rate = stage.rate * stage.decay ** (depth - 1 - layer)
        else:
            rate = stage.rate * stage.decay**depth
        if parameter.requires_grad:
            groups[rate].append(parameter)
    return torch.optim.AdamW([{"params": p, "lr": r} for r, p in groups.items()], weight_decay=0.01, betas=(0.9, 0.98))


def schedule(stage: Stage, step: int) -> float:
    """Linear warm-up, then linear to `stage.final`."""
    rise = max(stage.warmup * stage.steps, 1)
    fall = min(max((step - rise) / (stage.steps - rise), 0), 1)
    return min((step + 1) / rise, 1 - (1 - stage.final) * fall)


def run(reader: Reader, stage: Stage, sampler: Sampler, folder: Path) -> None:
    """Trains `reader` in place for one stage; writes `log.jsonl` and a checkpoint every 200 steps, and goes on from one."""
    folder.mkdir(parents=True, exist_ok=True)
    optimise = optimizer(reader, stage)
    schedule_ = torch.optim.lr_scheduler.LambdaLR(optimise, lambda step: schedule(stage, step))
    checkpoint = folder / f"{stage.name}.pt"
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        reader.load_state_dict(state["reader"])
        optimise.load_state_dict(state["optimizer"])
        schedule_.load_state_dict(state["schedule"])
        first = state["step"]
        sampler.rng.seed(stage.seed * 7919 + first)
    reader.train()
    began, seen = time.monotonic(), 0
    means: dict[str, float] = {}
    for step in range(first, stage.steps):
        batch = sampler.batch()
        losses = reader.losses(batch)
        total = sum((WEIGHTS[name] * value for name, value in losses.items()), torch.zeros(()))
        optimise.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimise.step()
        schedule_.step()
        seen += int(batch.mask.sum())
        for name, value in losses.items():
            means[name] = 0.97 * means.get(name, value.item()) + 0.03 * value.item()
        if step % 20 == 0:
            rate = seen / (time.monotonic() - began)
            line = {
                "stage": stage.name,
                "step": step,
                "pieces": seen,
                "per_second": round(rate),
                **{k: round(v, 4) for k, v in means.items()},
            }
            with (folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
        if (step + 1) % 200 == 0 or step + 1 == stage.steps:
            state = {
                "reader": reader.state_dict(),
                "optimizer": optimise.state_dict(),
                "schedule": schedule_.state_dict(),
                "step": step + 1,
            }
            torch.save(state, checkpoint.with_suffix(".tmp"))
            checkpoint.with_suffix(".tmp").replace(checkpoint)
        if not math.isfinite(float(total)):
            raise RuntimeError(f"loss is {float(total)} at step {step} of {stage.name}")
    (folder / f"{stage.name}.json").write_text(json.dumps(asdict(stage), default=dict, indent=1))
