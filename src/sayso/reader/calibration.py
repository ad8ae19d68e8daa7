"""How sure the reader says it is, as a share of right answers: a monotone table for each kind of answer, from the card.

The network's own probabilities are too high for what it has seen often and too low for rare types. `training.calibrate` compares
them with annotated reports that the weights were not trained on and writes the tables; without tables nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from sayso.model import Argument, Claim, Source

CLAIM = "claim"
SLOTS = ("actor", "recipient", "place", "date", "count", "source")
Filled = TypeVar("Filled", bound=Argument[Any] | Source)
Table = tuple[Sequence[float], Sequence[float]]
"""Probabilities of the network in rising order, and the share that is right at each."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """`tables` by the name of what is calibrated: the claim itself, or a slot."""

    tables: Mapping[str, Table] = field(default_factory=dict)

    def of(self, name: str, confidence: float) -> float:
        """The share right among answers of `name` of which the network was this sure, between its points in a straight line."""
        if name not in self.tables:
            return confidence
        given, right = self.tables[name]
        return round(float(np.interp(confidence, given, right)), 3)

    def claim(self, claim: Claim) -> Claim:
        """`claim` with every confidence calibrated."""
        return replace(
            claim,
            confidence=self.of(CLAIM, claim.confidence),
            source=self._slot("source", claim.source),
            actor=tuple(self._slot("actor", one) for one in claim.actor),
            recipient=tuple(self._slot("recipient", one) for one in claim.recipient),
            place=claim.place and self._slot("place", claim.place),
            date=claim.date and self._slot("date", claim.date),
            count=claim.count and self._slot("count", claim.count),
        )

    def _slot(self, name: str, filled: Filled) -> Filled:
        return replace(filled, confidence=self.of(name, filled.confidence))
