"""Valid values in one line each: spans are found by their words, so that a test reads as a sentence about them.

claim(TEXT, "marched", "PROTEST", actor={"teachers": Actor(...)}, place=("Lyon", "not in the gazetteer"), said_by="police")
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sayso.model import Actor, Argument, Claim, Count, Date, Place, Report, Source, SourceKind, Span, Status

T = TypeVar("T")
Slot = tuple[str, T | str]  # words and what they stand for, or the reason why that is not known


def span(text: str, words: str) -> Span:
    """Where `words` stand in `text` for the first time."""
    start = text.index(words)
    return Span(start, start + len(words))


def slot(text: str, words: str, found: T | str | None = None, confidence: float = 0.9) -> Argument[T]:
    """A slot filled by `words`: with their value, or with the reason why there is none."""
    if isinstance(found, str):
        return Argument(span(text, words), None, found, confidence)
    return Argument(span(text, words), found, None, confidence)


def claim(  # noqa: PLR0913 - one name a slot, so that a test reads as a sentence
    text: str,
    trigger: str,
    kind: str = "PROTEST",
    *,
    actor: Mapping[str, Actor | str] | None = None,
    recipient: Mapping[str, Actor | str] | None = None,
    place: Slot[Place] | None = None,
    date: Slot[Date] | None = None,
    count: Slot[Count] | None = None,
    said_by: str | None = None,
    **fields: Any,
) -> Claim:
    """A claim of `text`, on the word of `said_by` or of the outlet itself; `fields` replaces any other field."""
    source = Source(SourceKind.ORGANISATION, span(text, said_by), 0.8) if said_by else Source(SourceKind.REPORT)
    made: dict[str, Any] = {
        "id": f"claim-{trigger}",
        "trigger": span(text, trigger),
        "sentence": Span(0, len(text)),
        "type": kind,
        "mode": None,
        "status": Status.ACTUAL,
        "historical": False,
        "source": source,
        "actor": tuple(slot(text, words, found) for words, found in (actor or {}).items()),
        "recipient": tuple(slot(text, words, found) for words, found in (recipient or {}).items()),
        "place": slot(text, *place) if place else None,
        "date": slot(text, *date) if date else None,
        "count": slot(text, *count) if count else None,
    }
    return Claim(**{**made, **fields})


def report(text: str, *claims: Claim, **fields: Any) -> Report:
    """A report of `text` with its `claims`."""
    return Report(**{"id": "r1", "text": text, "claims": claims, **fields})
