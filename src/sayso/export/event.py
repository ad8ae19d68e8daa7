"""An incident prepared for rows: its claims summed up once, for all the formats that ask.

Where tellings differ, what most origins say comes first; that is the order of `sayso.summary`, and no judgement of ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sayso import ontology
from sayso.export import codes
from sayso.export.told import Informants, Told, told
from sayso.model import Actor, Argument, Incident, Place, Precision, Report, Status
from sayso.summary import RULES, Figure, Numbers, Summary, figure, summarise

HAPPENED = frozenset({Status.ACTUAL, Status.ALLEGED})


@dataclass(frozen=True, slots=True)
class Party:
    """An actor or recipient as one row names it; country and sector are None where not known."""

    words: str
    country: str | None
    sector: str | None

    @property
    def code(self) -> str | None:
        """Country and sector in PLOVER's manner, "MLI MIL"; None where neither is known."""
        known = codes.country(self.country)
        return " ".join(filter(None, (known.iso3 if known else None, self.sector))) or None


class Event:
    """One incident with everything that rows ask of it; worked out when it is first asked."""

    def __init__(
        self,
        incident: Incident,
        *,
        counts: str = "range",
        descriptors: bool = False,
        informants: Informants = lambda _: (),
    ) -> None:
        self.incident = incident
        self.id = incident.id
        self.counts = counts
        self.told = tuple(told(incident.tellings, descriptors=descriptors, informants=informants))

    @cached_property
    def summary(self) -> Summary:
        """What they say together."""
        return summarise(self.incident.tellings, counts=self.counts)

    @cached_property
    def held(self) -> tuple[Told, ...]:
        """The claims that tell it as having happened, proven or not; empty for what is only planned, supposed or denied."""
        return tuple(one for one in self.told if one.claim.status in HAPPENED)

    @cached_property
    def type(self) -> str:
        """The event type that most origins give it."""
        return self.summary.events[0].value.split()[0]

    @cached_property
    def mode(self) -> str | None:
        """The mode that most origins give it, None where they give none."""
        return [*self.summary.events[0].value.split(), ""][1] or None

    @cached_property
    def plover(self) -> tuple[str, str | None]:
        """Type and mode in PLOVER's terms alone; COUP is written as what the ontology says."""
        return plover(self.type, self.mode)

    @cached_property
    def country(self) -> str | None:
        """Where it happened, as most origins have it."""
        return self.summary.countries[0].value if self.summary.countries else None

    @cached_property
    def place(self) -> Place | None:
        """The most exact place that is named for it, of one country with `country`."""
        fitting = (said.value for said in self.summary.places if self.country in (None, said.value.country))
        return next(fitting, None)

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude where a place is known better than its country; the middle of a country is no place."""
        return point(self.place)

    @cached_property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day on which it can have happened, None where no claim has a date."""
        found = self.summary.days
        return (dt.date.fromisoformat(found.first), dt.date.fromisoformat(found.last)) if found else None

    @cached_property
    def actors(self) -> tuple[Party, ...]:
        """Who did it: each once, the one that most claims name first."""
        return parties(self.told, "actor")

    @cached_property
    def recipients(self) -> tuple[Party, ...]:
        """To whom."""
        return parties(self.told, "recipient")

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """The reports that tell of it, each once, the newest first."""
        return tuple({(one.report.id, one.report.outlet): one.report for one in self.told}.values())

    @cached_property
    def texts(self) -> tuple[Told, ...]:
        """The first claim of each report."""
        seen: dict[tuple[str, str | None], Told] = {}
        for one in self.told:
            seen.setdefault((one.report.id, one.report.outlet), one)
        return tuple(seen.values())

    def numbers(self, what: str) -> Numbers | None:
        """What is said of how many were killed, arrested and so on."""
        return next((one for one in self.summary.numbers if one.what == what), None)

    def figure(self, what: str, rule: str) -> Figure | None:
        """The number by a named rule, None where nobody gives one."""
        found = self.numbers(what)
        return figure(found.standing, RULES[rule]) if found else None


def plover(kind: str, mode: str | None) -> tuple[str, str | None]:
    """Type and mode in PLOVER's terms. COUP without a mode is written as an attempt, the most cautious of what it can be."""
    entry = ontology.TYPES[kind]
    if not entry.plover:
        return kind, mode
    return entry.plover.get(mode or "", next(iter(entry.plover.values())))


def score(kind: str, mode: str | None) -> float | None:
    """PLOVER's score from conflict to cooperation: that of the mode, or else of the type."""
    entry = ontology.TYPES[kind]
    finer = entry.modes.get(mode or "")
    return finer.score if finer and finer.score is not None else entry.score


def point(place: Place | None) -> tuple[float, float] | None:
    """Latitude and longitude of a place that is known better than its country."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return None if place.precision in (Precision.COUNTRY, Precision.AREA) else (place.latitude, place.longitude)


def party(one: Told, argument: Argument[Actor]) -> Party:
    """An actor or recipient as its report names it."""
    found = argument.value
    return Party(one.name(argument) or "", found.country if found else None, found.sector if found else None)


def parties(tellings: Iterable[Told], side: str) -> tuple[Party, ...]:
    """Each party once: first those that most claims name."""
    count: dict[Party, int] = {}
    for one in tellings:
        for found in dict.fromkeys(party(one, argument) for argument in getattr(one.claim, side)):
            count[found] = count.get(found, 0) + 1
    return tuple(sorted(count, key=lambda found: -count[found]))
