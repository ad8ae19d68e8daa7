"""What pages show of judgements about single claims, and of the ways to make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso import layout, ontology
from sayso.desk.page import Asked, segment
from sayso.ledger import values
from sayso.ledger.judgements import review
from sayso.ledger.judgements.revising import Decision, Kind
from sayso.model import Claim, Counted, Report

# What a key does: its name, the letter it has at first, and what it is for.
KEYS = (
    ("accept", "a", "accept the claim, and go on"),
    ("reject", "r", "reject the claim, and go on"),
    ("undo", "u", "undo what you did last"),
    ("skip", "s", "go on without deciding"),
    ("correct", "c", "correct a slot of the claim"),
    ("add", "m", "add a claim that was missed: select the words that name the event first"),
    ("next", "j", "to the next claim"),
    ("previous", "k", "to the claim before"),
    ("help", "?", "show the keys, and change them"),
)
# The slots that the form for corrections offers, in the order of their keys.
SLOTS = ("type", "status", "historical", "actor", "recipient", "place", "country", "date", "count", "source")
ADDING = "add"  # instead of a slot: the form adds a claim


@dataclass(frozen=True, slots=True)
class Judged:
    """What people made of the claims of a report, for its page: verdicts by the id of the claim, and what is no longer there."""

    decisions: tuple[Decision, ...]
    verdicts: Mapping[str, list[str]]
    last: Mapping[str, Decision]
    rejected: tuple[Claim, ...]
    unattached: tuple[str, ...]


def judged(asked: Asked, report: Report) -> Judged:
    """What stands of judgements about a report."""
    state = review.reviewed(asked.ledger, values.report_key(report))
    verdicts: dict[str, list[Decision]] = {}
    for decision in state.decisions:
        if decision.claim:
            verdicts.setdefault(decision.claim, []).append(decision)
    return Judged(
        state.decisions,
        {claim: review.in_words(_settled(found)) for claim, found in verdicts.items()},
        state.decided,
        state.rejected,
        tuple(
            f"{said} ({decision.type}, on “{decision.trigger.of(report.text)}”)"
            for decision, said in zip(state.unattached, review.in_words(state.unattached), strict=True)
        ),
    )


def _settled(decisions: list[Decision]) -> list[Decision]:
    """Decisions without those that a later one about the same slot has replaced."""
    kept: dict[str | None, Decision] = {}
    for decision in decisions:
        key = decision.field if decision.kind is Kind.CORRECT else None
        kept.pop(key, None)
        kept[key] = decision
    return list(kept.values())


def as_json(found: Judged) -> dict[str, Any]:
    """Judgements of a report for programs: all that stand, and the claims that they took out."""
    return {
        "judgements": [decision_json(decision) for decision in found.decisions],
        "rejected": [layout.claim_json(claim) for claim in found.rejected],
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """A judgement for programs."""
    return {
        "kind": str(decision.kind),
        "claim": decision.claim,
        "type": decision.type,
        "trigger": list(decision.trigger),
        "field": decision.field,
        "value": decision.value,
        "by": decision.by,
        "why": decision.why,
        "made_at": decision.made_at,
        "batch": decision.batch,
    }


def choices() -> list[str]:
    """Every type with every mode of it, for a list to choose from."""
    return [name for key, kind in ontology.TYPES.items() for name in (key, *(f"{key} {mode}" for mode in kind.modes))]


def for_templates() -> dict[str, Any]:
    """What the form for corrections and the list of keys need."""
    return {
        "review_keys": KEYS,
        "review_types": choices(),
        "review_slots": SLOTS,
        "counted": [str(what) for what in Counted],
        "editing": None,
    }


@dataclass(frozen=True, slots=True)
class Editing:
    """The form for corrections as it is open: for which claim and slot, what was sent with it, and why that was refused.

    `claim` is None and `slot` is `ADDING` where a claim is added; `back` is the page to go back to.
    """

    claim: str | None
    slot: str
    back: str
    sent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spans: tuple[tuple[str, str], ...] = ()  # characters of the text, and the words they are
    said: str | None = None

    def was(self, name: str) -> str:
        """What a field held."""
        return next(iter(self.sent.get(name, ())), "")


def claim_base(report: Report) -> str:
    """The beginning of the addresses at which claims of a report are judged."""
    return f"/reports/{segment(values.report_key(report)[:16])}/claims"
