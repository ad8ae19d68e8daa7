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
MISSED = "missed by the reader"


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


def on_claims(
    units: Sequence[Sequence[Claim | None]], missed: Sequence[Sequence[Claim | None]] = ()
) -> tuple[Agreement, ...]:
    """Agreement of coders on claims, field by field; None is a claim that a coder rejected, or did not add.

    `missed` are claims that some of them added. They count like others, and once more by themselves: in which share of pairs both
    found the event. That has no alpha, for what nobody found is in nobody's list, so that none can agree on it.
    Fields are compared where nobody rejected the claim: a rejected one has none.
    """
    every = [*units, *missed]
    kept = [[claim for claim in unit if claim is not None] for unit in every if all(unit)]
    found = agreement(_verdicts(missed), MISSED)
    return (
        agreement(_verdicts(every), "is it an event"),
        *([Agreement(found.field, found.units, found.share, None)] if found.units else []),
        *(agreement(([value(claim) for claim in unit] for unit in kept), field) for field, value in FIELDS.items()),
    )


def _verdicts(units: Iterable[Sequence[Claim | None]]) -> list[list[str]]:
    return [[REJECTED if one is None else ACCEPTED for one in unit] for unit in units]


def events(added: Mapping[str, Sequence[Claim]]) -> list[dict[str, Claim | None]]:
    """Claims that coders added to one report, event by event: for each coder the claim, None where the coder added none of it.

    Two claims are of one event where their triggers overlap; of several those of one type first, then those that overlap most.
    """
    found: list[dict[str, Claim]] = []
    for coder, claims in added.items():
        fits = sorted(
            (claim.type != known.type, claim.trigger.gap(known.trigger), number, place)
            for place, event in enumerate(found)
            for known in event.values()
            for number, claim in enumerate(claims)
            if claim.trigger.overlaps(known.trigger)
        )
        placed: set[int] = set()
        for *_, number, place in fits:
            if number not in placed and coder not in found[place]:
                found[place][coder] = claims[number]
                placed.add(number)
        found += [{coder: claim} for number, claim in enumerate(claims) if number not in placed]
    return [{coder: event.get(coder) for coder in added} for event in found]


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
