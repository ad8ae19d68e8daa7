"""The closed lists that the network answers in: one place for training, export and reading.

The order of every list is part of the trained weights; the model's card repeats the digest of them all (`digest`).
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
import numpy.typing as npt

from sayso import ontology
from sayso.model import Counted, MentionKind, SourceKind, Status

OUTSIDE = "O"
MENTIONS = tuple(MentionKind)
ATTRIBUTION_PARTS = ("source", "cue", "content")
TYPES = tuple(ontology.TYPES)
MODES = tuple((kind, mode) for kind in TYPES for mode in (None, *ontology.TYPES[kind].modes))
STATUSES = tuple(Status)
SOURCE_KINDS = tuple(SourceKind)
COUNTED = tuple(Counted)
ROLES = ("actor", "recipient", "place", "date", "count", "source")

MAX_DISTANCE = 10  # buckets of distance on either side of a trigger, see `distance_buckets`
DISTANCES = 2 * MAX_DISTANCE + 1


def bio(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Tags for spans of `parts`: O, then B and I of each."""
    return (OUTSIDE, *(f"{edge}-{part}" for part in parts for edge in "BI"))


MENTION_TAGS = bio(tuple(MENTIONS))
ATTRIBUTION_TAGS = bio(ATTRIBUTION_PARTS)
EVENT_TAGS = bio(("event",))


_BOUNDS = (1, 2, 3, 4, 6, 9, 14, 24, 48)


def distance_buckets(distances: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Pieces from the trigger (negative before it, 0 within) as buckets: exact to 4, then wider and wider."""
    size = np.searchsorted(_BOUNDS, np.abs(distances), side="right")
    return MAX_DISTANCE + np.sign(distances) * size


def digest() -> str:
    """SHA-256 over all lists in order: weights trained on other lists must not be read with these."""
    lists = [
        MENTION_TAGS,
        ATTRIBUTION_TAGS,
        EVENT_TAGS,
        TYPES,
        MODES,
        STATUSES,
        SOURCE_KINDS,
        COUNTED,
        ROLES,
        DISTANCES,
    ]
    return hashlib.sha256(json.dumps(lists, default=list).encode()).hexdigest()
