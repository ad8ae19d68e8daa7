"""What must hold before anything is written: one row a check, asked of every claim and incident that an export meets."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sayso import ontology
from sayso.errors import ExportError
from sayso.export import codes
from sayso.export.event import Event
from sayso.export.told import ANONYMOUS, Told
from sayso.model import Claim, Place, Span
from sayso.summary import days

_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Check:
    """`holds` is asked of a claim; `says` is what is wrong where it does not."""

    says: str
    holds: Callable[[Told], bool]


def _spans(claim: Claim) -> Iterable[Span]:
    slots = [claim.place, claim.date, claim.count, *claim.actor, *claim.recipient]
    yield from (
        claim.trigger,
        claim.sentence,
        *(slot.span for slot in slots if slot),
        *filter(None, [claim.source.span]),
    )


def _within(one: Told) -> bool:
    return all(0 <= span.start <= span.end <= len(one.report.text) for span in _spans(one.claim))


def _typed(one: Told) -> bool:
    kind = ontology.TYPES.get(one.claim.type)
    return kind is not None and (one.claim.mode is None or one.claim.mode in kind.modes)


def _place(one: Told) -> Place | None:
    return one.claim.place.value if one.claim.place else None


def _on_earth(one: Told) -> bool:
    place = _place(one)
    if place is None or place.latitude is None or place.longitude is None:
        return place is None or place.latitude is place.longitude
    return -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180


def _counts(one: Told) -> bool:
    count = one.claim.count.value if one.claim.count else None
    return count is None or count.low is None or count.high is None or 0 <= count.low <= count.high


def _dated(one: Told) -> bool:
    value = one.claim.date.value.value if one.claim.date and one.claim.date.value else None
    try:
        return value is None or len({dt.date.fromisoformat(day) for day in days(value)}) > 0
    except ValueError:
        return False


def _countries(one: Told) -> bool:
    place = _place(one)
    named = (one.claim.country, place.country if place else None)
    return all(code is None or _COUNTRY.fullmatch(code) for code in named)


def _kept_apart(one: Told) -> bool:
    """Where the source is hidden, its cell says so."""
    span = one.claim.source.span
    return span is None or not one.hides(span) or ANONYMOUS in (one.source or "")


CHECKS = (
    Check("words of it lie outside its report", _within),
    Check("its type or mode is not in the ontology", _typed),
    Check("its place is not on earth", _on_earth),
    Check("its lowest number is above its highest", _counts),
    Check("its date is no date", _dated),
    Check("its country is no code of two letters", _countries),
    Check("it lets out the words of an anonymous informant", _kept_apart),
)


class Checker:
    """Asks every check of all that goes by; raises `ExportError` at the first that does not hold."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()

    def claim(self, one: Told) -> None:
        """One claim."""
        for check in CHECKS:
            if not check.holds(one):
                raise ExportError(
                    f"claim {one.claim.id} of report {one.report.id}: {check.says}; nothing was written. "
                    "`sayso doctor` checks the ledger, `sayso reread` reads its reports anew"
                )

    def incident(self, event: Event) -> None:
        """One incident with its claims."""
        if not event.told:
            raise ExportError(
                f"incident {event.id} has no claims; nothing was written. `sayso doctor` checks the ledger"
            )
        number = codes.number(event.id)
        if number in self._numbers:
            raise ExportError(f"incident {event.id}: another one has the same number {number}; export fewer at a time")
        self._numbers.add(number)
        for one in event.told:
            self.claim(one)
