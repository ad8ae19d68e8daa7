"""The network: one small encoder, token heads, and trigger heads over its hidden states.

`Encoder` answers for every piece: mention, attribution and event tags. `TriggerHeads` answers for every trigger: type, mode,
status, background, kind of source, what is counted, and for every piece which of six roles it plays for that trigger.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedModel

from sayso.reader import labels
from sayso.reader.tokens import SHAPES

ROLE_TAGS = 3  # O, B, I for each role on its own: one noun phrase may be actor and source at once
POINTER_WIDTH = 192
DROPOUT = 0.15
ENCODER_DROPOUT = 0.08
MUTE = 20.0  # score of O where nothing was learnt: above what any keenness takes off it
ATTENTION_DROPOUT = (
    "attention_probs_dropout_prob",
    "attention_dropout",
)  # as families of encoders name it in their config


class PooledDropout(nn.Module):
    """Dropout whose masks are slices of one random pool.

    Drawing a fresh Bernoulli mask took two thirds of a forward pass on a CPU (3.0 s against 0.9 s for 2,048 pieces);
    a slice at a random place costs one multiplication.
    """

    POOL = 1 << 23

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.pool: Tensor | None = None

    def forward(self, values: Tensor) -> Tensor:
        """`values` of any shape, a share `p` of them zeroed while training."""
        if not self.training or self.p == 0:
            return values
        if self.pool is None or self.pool.device != values.device or self.pool.numel() < 2 * values.numel():
            size = max(self.POOL, 4 * values.numel())
            self.pool = (torch.rand(size, device=values.device) >= self.p).to(values.dtype) / (1 - self.p)
        start = int(torch.randint(self.pool.numel() - values.numel(), ()))
        return values * self.pool[start : start + values.numel()].view(values.shape)


def _replace_dropout(module: nn.Module) -> None:
    """Pooled dropout for every dropout of the encoder; none on attention weights, where it costs most."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, PooledDropout(ENCODER_DROPOUT))
        else:
            _replace_dropout(child)


class Encoder(nn.Module):
    """Hidden states and three layers of tags over word pieces."""

    def __init__(self, base: PreTrainedModel) -> None:
        super().__init__()
        self.base = base
        width = base.config.hidden_size
        self.shapes = nn.Embedding(SHAPES, width)
        nn.init.zeros_(self.shapes.weight)
        self.dropout = PooledDropout(DROPOUT)
        self.mention = nn.Linear(width, len(labels.MENTION_TAGS))
        self.attribution = nn.Linear(width, len(labels.ATTRIBUTION_TAGS))
        self.event = nn.Linear(width, len(labels.EVENT_TAGS))

    @classmethod
    def from_folder(cls, folder: str) -> Encoder:
        """Any Hugging Face encoder folder that takes `inputs_embeds`."""
        config = AutoConfig.from_pretrained(folder)
        for name in ATTENTION_DROPOUT:
            if hasattr(config, name):
                setattr(config, name, 0.0)
        base = AutoModel.from_pretrained(folder, config=config, attn_implementation="sdpa")
        _replace_dropout(base)
        base.get_input_embeddings().weight.requires_grad_(
            False
        )  # half of all parameters, learnt on far more text than ours
        return cls(base)

    def mute(self, layer: str) -> None:
        """Makes a layer of tags that no corpus taught say nothing, rather than what chance put into it."""
        head: nn.Linear = getattr(self, {"mentions": "mention", "attribution": "attribution", "events": "event"}[layer])
        with torch.no_grad():
            head.weight.zero_()
            head.bias.zero_()[0] = MUTE

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """`ids`, `shapes`, `mask`: (batch, n) -> hidden (batch, n, width) and logits (batch, n, tags) for each head."""
        embedded = self.base.get_input_embeddings()(ids) + self.shapes(shapes)
        hidden = self.base(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        dropped = self.dropout(hidden)
        return hidden, self.mention(dropped), self.attribution(dropped), self.event(dropped)


class TriggerHeads(nn.Module):
    """What a trigger's claim says, from the hidden states of its window."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dropout = PooledDropout(DROPOUT)
        self.summary = nn.Sequential(nn.Linear(width, width), nn.GELU())
        self.kind = nn.Linear(width, len(labels.TYPES))
        self.mode = nn.Linear(width, len(labels.MODES))
        self.status = nn.Linear(2 * width, len(labels.STATUSES))
        self.historical = nn.Linear(2 * width, 2)
        self.source_kind = nn.Linear(2 * width, len(labels.SOURCE_KINDS))
        self.counted = nn.Linear(2 * width, len(labels.COUNTED))
        self.piece = nn.Linear(width, 2 * POINTER_WIDTH)
        self.trigger = nn.Linear(width, 2 * POINTER_WIDTH)
        self.distance = nn.Embedding(labels.DISTANCES, POINTER_WIDTH)
        self.role = nn.Linear(POINTER_WIDTH, len(labels.ROLES) * ROLE_TAGS)
        with torch.no_grad():
            self.role.bias.view(len(labels.ROLES), ROLE_TAGS)[:, 0] = 4.0  # nearly every piece plays no role

    def forward(self, hidden: Tensor, pooling: Tensor, distances: Tensor) -> dict[str, Tensor]:
        """`hidden` (n, width), `pooling` (triggers, n) whose rows average a trigger's pieces, `distances` (triggers, n) buckets.

        Returns logits: "kind", "mode", "status", "historical", "source_kind", "counted" (triggers, labels) and
        "roles" (triggers, n, roles, 3).
        """
        pooled = self.dropout(pooling @ hidden)
        summary = self.dropout(self.summary(pooled))
        roles = self._roles(self.dropout(hidden), pooled, distances)
        source, count, date = (self._filler(roles, hidden, role) for role in ("source", "count", "date"))
        return {
            "kind": self.kind(summary),
            "mode": self.mode(summary),
            "status": self.status(torch.cat([summary, source], -1)),
            "historical": self.historical(torch.cat([summary, date], -1)),
            "source_kind": self.source_kind(torch.cat([summary, source], -1)),
            "counted": self.counted(torch.cat([summary, count], -1)),
            "roles": roles,
        }

    def _roles(self, hidden: Tensor, pooled: Tensor, distances: Tensor) -> Tensor:
        piece_sum, piece_gate = self.piece(hidden).unsqueeze(0).chunk(2, -1)
        trigger_sum, trigger_gate = self.trigger(pooled).unsqueeze(1).chunk(2, -1)
        joint = nn.functional.gelu(piece_sum + trigger_sum + piece_gate * trigger_gate + self.distance(distances))
        return self.role(self.dropout(joint)).unflatten(-1, (len(labels.ROLES), ROLE_TAGS))

    def _filler(self, roles: Tensor, hidden: Tensor, role: str) -> Tensor:
        """The hidden states of the pieces that fill `role`, each weighted by its probability: (triggers, width)."""
        logits = roles[:, :, labels.ROLES.index(role)]
        return (1 - logits.softmax(-1)[..., 0]) @ hidden
