"""Sayso's incidents against the events of another coder: what both have, what is missed, what is only here.

Two are candidates for the same event if they are of one country, their days are at most so far apart and, where both have a point,
so are their places. Each is matched at most once: the nearest candidates first, ties by their ids. So the result depends on the two
sets and on nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sayso.export import acled, ucdp
from sayso.export.event import Event
from sayso.export.others import Coded
from sayso.model import Incident, Precision

DAYS, KILOMETRES = 3, 50.0
_A_DAY = 25.0  # kilometres that weigh as much as a day
_EXACT = (
    Precision.TOWN,
    Precision.ADMIN2,
)  # the middle of a larger division is too far from most of what happens in it
_TYPE = 1.0  # days that another type weighs
_EARTH = 6371.0
MATCHED, MISSED, ONLY_HERE = "matched", "missed", "only here"


@dataclass(frozen=True, slots=True)
class Here:
    """An incident as far as it is compared."""

    id: str
    first: dt.date
    last: dt.date
    country: str
    place: str | None
    point: tuple[float, float] | None
    type: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of the result: an event of theirs, an incident of ours, or both, and how far apart they are.

    `days` is 0 where their days meet; `kilometres` is None where one has no point.
    """

    outcome: str
    theirs: Coded | None
    here: Here | None
    days: int | None = None
    kilometres: float | None = None

    @property
    def same_type(self) -> bool | None:
        """Whether both are of one type; None unless both are there."""
        return self.theirs.type == self.here.type if self.theirs and self.here else None


@dataclass(frozen=True, slots=True)
class Compared:
    """All lines, and how many incidents could not be compared: without a day or country, or outside of what the file covers."""

    pairs: tuple[Pair, ...]
    without_day_or_country: int
    outside: int

    def of(self, outcome: str) -> list[Pair]:
        """The lines of one outcome."""
        return [pair for pair in self.pairs if pair.outcome == outcome]


def compare(
    theirs: Sequence[Coded],
    incidents: Iterable[Incident],
    layout: str,
    *,
    days: int = DAYS,
    kilometres: float = KILOMETRES,
) -> Compared:
    """Matches events of a file in that layout with incidents that are told as having happened."""
    here: list[Here] = []
    unplaced = outside = 0
    covers = _Cover(theirs, days)
    for incident in incidents:
        event = Event(incident)
        kind = _type(event, layout)
        if kind is None:
            continue
        if event.days is None or event.country is None:
            unplaced += 1
        elif covers.has(event.country, *event.days):
            name = event.place.name if event.place else None
            point = event.point if event.place and event.place.precision in _EXACT else None
            here.append(Here(event.id, *event.days, event.country, name, point, kind))
        else:
            outside += 1
    return Compared(tuple(_matched(theirs, here, days, kilometres)), unplaced, outside)


def _type(event: Event, layout: str) -> str | None:
    """What the coder would call an incident, None for what he does not code."""
    if layout == "ACLED":
        return next((row.kind for row in acled.rows(event)), None)
    return next((_VIOLENCE.get(ucdp.violence(row) or 0, "") for row in ucdp.rows(event)), None)


_VIOLENCE = {1: "state-based", 2: "non-state", 3: "one-sided"}


class _Cover:
    """Countries and days that a file is about: what lies outside of them is no fault of either."""

    def __init__(self, theirs: Sequence[Coded], days: int) -> None:
        self._countries = {one.country for one in theirs}
        reach = dt.timedelta(days=days)
        self._first = min((one.first for one in theirs), default=dt.date.max) - (reach if theirs else dt.timedelta())
        self._last = max((one.last for one in theirs), default=dt.date.min) + (reach if theirs else dt.timedelta())

    def has(self, country: str, first: dt.date, last: dt.date) -> bool:
        return country in self._countries and first <= self._last and last >= self._first


def _matched(theirs: Sequence[Coded], here: Sequence[Here], days: int, kilometres: float) -> Iterator[Pair]:
    """Matches, the nearest first; then what is missed, then what is only here, both by day."""
    taken: set[int] = set()
    used: set[int] = set()
    pairs: list[Pair] = []
    for _, _, _, one, other, pair in sorted(_candidates(theirs, here, days, kilometres), key=lambda found: found[:5]):
        if one not in taken and other not in used:
            taken.add(one)
            used.add(other)
            pairs.append(pair)
    yield from sorted(pairs, key=lambda pair: (pair.theirs.first, pair.theirs.id) if pair.theirs else (dt.date.max, ""))
    missed = (one for index, one in enumerate(theirs) if index not in taken)
    yield from (Pair(MISSED, one, None) for one in sorted(missed, key=lambda one: (one.first, one.id)))
    rest = (one for index, one in enumerate(here) if index not in used)
    yield from (Pair(ONLY_HERE, None, one) for one in sorted(rest, key=lambda one: (one.first, one.id)))


def _candidates(
    theirs: Sequence[Coded], here: Sequence[Here], days: int, kilometres: float
) -> Iterator[tuple[float, str, str, int, int, Pair]]:
    """Pairs that may be one event, each with what it weighs; found by country and day, not by trying all."""
    by_country: dict[str | None, list[tuple[dt.date, int]]] = defaultdict(list)
    for index, one in enumerate(theirs):
        by_country[one.country].append((one.first, index))
    longest = max((one.last - one.first for one in theirs), default=dt.timedelta())
    reach = dt.timedelta(days=days)
    for listed in by_country.values():
        listed.sort()
    for number, mine in enumerate(here):
        listed = by_country.get(mine.country, [])
        for first, index in listed[bisect_left(listed, (mine.first - reach - longest, -1)) :]:
            if first > mine.last + reach:
                break
            other = theirs[index]
            apart, far = _days(mine, other), _kilometres(mine.point, other.point)
            if apart <= days and (far is None or far <= kilometres):
                weight = apart + (far or 0.0) / _A_DAY + (_TYPE if mine.type != other.type else 0.0)
                yield weight, other.id, mine.id, index, number, Pair(MATCHED, other, mine, apart, far)


def _days(one: Here, other: Coded) -> int:
    """Days between the two; 0 where they meet."""
    return max(0, (one.first - other.last).days, (other.first - one.last).days)


def _kilometres(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """Distance over the ground; None where one has no point."""
    if one is None or other is None:
        return None
    (north, east), (south, west) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    half = math.sin((north - south) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin((east - west) / 2) ** 2
    return round(2 * _EARTH * math.asin(min(1.0, math.sqrt(half))), 1)


COLUMNS = (
    "outcome", "their_id", "incident", "their_first_day", "their_last_day", "first_day", "last_day", "days_apart",
    "country", "their_place", "place", "kilometres_apart", "their_type", "type", "same_type",
)  # fmt: skip


def _ends(one: Coded | Here | None) -> tuple[str | None, str | None]:
    return (one.first.isoformat(), one.last.isoformat()) if one else (None, None)


def row(pair: Pair) -> dict[str, object]:
    """One line as a flat row, keys as in `COLUMNS`."""
    theirs, here = pair.theirs, pair.here
    one = theirs or here
    cells = (
        pair.outcome, theirs and theirs.id, here and here.id,
        *_ends(theirs), *_ends(here),
        pair.days, one and one.country, theirs and theirs.place, here and here.place, pair.kilometres,
        theirs and theirs.type, here and here.type, pair.same_type,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))
