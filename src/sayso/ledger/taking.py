"""Events that people marked elsewhere, as judgements: what the reader found too is accepted or corrected, the rest is added.

Taking the same marks twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sayso.errors import ConfigError
from sayso.ledger.judgements import review
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction
from sayso.model import Claim, Span

ACCEPTED, CORRECTED, ADDED, THERE, REFUSED = "accepted", "corrected", "added", "already there", "refused"


class Marked(Protocol):
    """One event as somebody marked it; None and absent slots say nothing."""

    @property
    def trigger(self) -> Span:
        """The words that name it."""

    @property
    def type(self) -> str:
        """Event type."""

    @property
    def mode(self) -> str | None:
        """Mode."""

    @property
    def status(self) -> str | None:
        """Status."""

    @property
    def historical(self) -> bool | None:
        """Whether it is background."""

    @property
    def source_kind(self) -> str | None:
        """Who says so."""

    @property
    def slots(self) -> Mapping[str, tuple[Span, ...]]:
        """Spans by slot."""


@dataclass(slots=True)
class Taken:
    """What became of the marks; `refused` says why some could not be taken."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)


def take(reviewer: Reviewer, key: str, events: Iterable[Marked], taken: Taken, *, why: str | None = None) -> None:
    """Judges the claims of the report that is stored under `key` by what somebody marked in it; tells `taken`."""
    for event in events:
        try:
            taken.counts[_take(reviewer, key, event, why)] += 1
        except ConfigError as exc:
            taken.counts[REFUSED] += 1
            taken.refused.append(f"{event.type} at {event.trigger.start}: {exc}")


def _take(reviewer: Reviewer, key: str, event: Marked, why: str | None) -> str:
    there = review.reviewed(reviewer.ledger, key)
    same = (one for one in there.report.claims if one.type == event.type and one.trigger.overlaps(event.trigger))
    claim = next(iter(sorted(same, key=lambda one: one.trigger.gap(event.trigger))), None)
    if claim is None:
        given = {"type": Correction(value=event.type), **_corrections(event, None)}
        reviewer.add(key, event.trigger, given, why=why)
        return ADDED
    corrections = _corrections(event, claim)
    if corrections:
        reviewer.correct(key, claim.id, corrections, why=why)
        return CORRECTED
    if claim.id in there.decided:
        return THERE
    reviewer.accept(key, claim.id, why=why)
    return ACCEPTED


def _corrections(event: Marked, claim: Claim | None) -> dict[str, Correction]:
    """What the marks say otherwise than the claim; without a claim, all that they say."""
    plain = {"mode": event.mode, "status": event.status, "historical": event.historical}
    found = {
        name: Correction(value=value)
        for name, value in plain.items()
        if value is not None and (claim is None or getattr(claim, name) != value)
    }
    for name, spans in event.slots.items():
        if name != "source" and spans and (claim is None or _spans(claim, name) != spans):
            found[name] = Correction(spans=spans)
    return found | _source(event, claim)


def _source(event: Marked, claim: Claim | None) -> dict[str, Correction]:
    spans = event.slots.get("source", ())
    if not spans and event.source_kind is None:
        return {}
    kind = event.source_kind or (str(claim.source.kind) if claim and claim.source.span else None)
    held = (str(claim.source.kind), _spans(claim, "source")) if claim else None
    return {} if held == (kind, spans) else {"source": Correction(spans=spans, value=kind)}


def _spans(claim: Claim, name: str) -> tuple[Span, ...]:
    """The spans that a claim has in a slot, in order."""
    held = getattr(claim, name)
    listed = held if isinstance(held, tuple) else (held,)
    return tuple(sorted(one.span for one in listed if one is not None and one.span is not None))
