"""How far people agree who coded the same claims: percent, and Krippendorff's alpha for names without an order.

Alpha is 1 where all agree, 0 where they agree as often as chance would have it, and below that where they agree less. It takes any
number of coders and units that some of them left out (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any

from sayso.model import Argument, Claim

REJECTED = "rejected"
ACCEPTED = "an event"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree on one field: on how many units, in which share of all pairs, and `alpha`, None where nothing varies."""

    field: str
    units: int
    share: float | None
    alpha: float | None


def agreement(units: Iterable[Sequence[Hashable]], field: str = "") -> Agreement:
    """Agreement over units, each the values that its coders gave it. A unit with fewer than two says nothing."""
    paired = [unit for unit in units if len(unit) > 1]
    pairs = [one == other for unit in paired for one, other in combinations(unit, 2)]
    share = sum(pairs) / len(pairs) if pairs else None
    return Agreement(field, len(paired), share, _alpha(paired))


def _alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha, nominal; None where there are no two different values to disagree by."""
    values = Counter(value for unit in units for value in unit)
    total = sum(values.values())
    if len(values) < 2:
        return None
    observed = sum(_apart(Counter(unit), len(unit)) / (len(unit) - 1) for unit in units) / total
    expected = _apart(values, total) / (total * (total - 1))
    return 1 - observed / expected


def _apart(values: Counter[Hashable], total: int) -> int:
    """Ordered pairs of different values."""
    return total * total - sum(count * count for count in values.values())


# --- claims ---


def _spans(arguments: Sequence[Argument[Any]]) -> Hashable:
    return tuple(sorted(argument.span for argument in arguments))


def _span(argument: Argument[Any] | None) -> Hashable:
    return argument.span if argument else None


def _count(claim: Claim) -> Hashable:
    return (claim.count.value.low, claim.count.value.high) if claim.count and claim.count.value else None


# What of a claim two coders are compared by; words are the same where they are the same characters.
FIELDS: Mapping[str, Any] = MappingProxyType(
    {
        "type": lambda claim: claim.type,
        "mode": lambda claim: claim.mode,
        "status": lambda claim: str(claim.status),
        "historical": lambda claim: claim.historical,
        "actor": lambda claim: _spans(claim.actor),
        "recipient": lambda claim: _spans(claim.recipient),
        "place": lambda claim: _span(claim.place),
        "country": lambda claim: claim.country,
        "date": lambda claim: claim.date.value.value if claim.date and claim.date.value else None,
        "count": _count,
        "counted": lambda claim: str(claim.count.value.what) if claim.count and claim.count.value else None,
        "source": lambda claim: str(claim.source.kind),
        "speaker": lambda claim: claim.source.span,
    }
)


def on_claims(units: Sequence[Sequence[Claim | None]]) -> tuple[Agreement, ...]:
    """Agreement of coders on claims, field by field; None is a claim that a coder rejected.

    Fields are compared where nobody rejected the claim: a rejected one has none.
    """
    verdicts = agreement(([REJECTED if one is None else ACCEPTED for one in unit] for unit in units), "is it an event")
    kept = [[claim for claim in unit if claim is not None] for unit in units if all(unit)]
    return (
        verdicts,
        *(agreement(([value(claim) for claim in unit] for unit in kept), field) for field, value in FIELDS.items()),
    )


def said(claim: Claim | None, text: str) -> dict[str, str]:
    """What a coder made of a claim, field by field in words: a row of the raw table."""
    if claim is None:
        return {"verdict": REJECTED, **dict.fromkeys(FIELDS, "")}
    return {"verdict": ACCEPTED, **{field: _words(value(claim), text) for field, value in FIELDS.items()}}


def _words(value: Any, text: str) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "; ".join(_words(one, text) for one in value)
    if hasattr(value, "of"):
        return str(value.of(text))
    if isinstance(value, tuple):
        return " to ".join("open" if side is None else str(side) for side in value)
    return str(value)
