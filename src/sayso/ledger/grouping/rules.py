"""How claims are compared and brought together, as a ledger is given it: it keeps what they come to and knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sayso.errors import ConfigError
from sayso.model import Telling

Pair = tuple[str, str]


class Facts(Protocol):
    """What of a claim is compared; `key` outlives its reading."""

    @property
    def key(self) -> str:
        """The stable key of the claim."""

    def to_bytes(self) -> bytes:
        """A form that can be stored."""


class Feature(Protocol):
    """One reason for or against, in words, with its weight."""

    @property
    def name(self) -> str:
        """What was looked at."""

    @property
    def value(self) -> str:
        """What was found, in words."""

    @property
    def weight(self) -> float:
        """Its part of the score."""


class Comparison(Protocol):
    """How alike two claims are, and why."""

    @property
    def score(self) -> float:
        """Log-odds that both tell of one event."""

    @property
    def same(self) -> bool:
        """Whether that is enough to link them."""

    @property
    def features(self) -> Sequence[Feature]:
        """What makes up the score, heaviest first."""


class Partition(Protocol):
    """Groups of keys from scores of pairs, and from pairs that must or cannot stand together."""

    def __call__(
        self,
        keys: Iterable[str],
        edges: Iterable[tuple[str, str, float]],
        must: Iterable[Pair] = (),
        cannot: Iterable[Pair] = (),
    ) -> list[list[str]]:
        """The groups, sorted."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Pure functions, and a `version` that changes whenever one of them does.

    `facts_of` says what of a claim is compared (`load` takes its bytes back), `blocks` where it meets others; `scores` takes claims
    and pairs of places among them; a score from `link` on links two claims; `partition` makes groups.
    """

    facts_of: Callable[[Telling, str], Facts]
    load: Callable[[bytes], Facts]
    blocks: Callable[[Any], Iterable[str]]
    scores: Callable[[Sequence[Any], Sequence[tuple[int, int]]], list[float]]
    compare: Callable[[Any, Any], Comparison]
    partition: Partition
    link: float
    version: str


def needed(rules: Rules | None) -> Rules:
    """The rules that a ledger was opened with. Raises `ConfigError` where it was opened without."""
    if rules is None:
        raise ConfigError(
            "this ledger was opened without the rules that bring claims together; open it with sayso.pipeline.open_ledger"
        )
    return rules
