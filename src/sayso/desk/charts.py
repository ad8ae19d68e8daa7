"""Charts as values: what stands where, so that templates only write it down. Every chart has a table that says the same."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sayso.desk import words
from sayso.summary import Numbers, Statement

_DAYS, _MONTHS = 45, 40  # the most bars of a timeline by days, by months


# --- the timeline ---


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of a timeline: `key` is the day, month or year as filters take it; `height` is a share of the highest."""

    key: str
    label: str
    claims: int
    height: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from the first to the last day, without gaps; `unit` is day, month or year."""

    unit: str
    bars: tuple[Bar, ...]


def timeline(days: Mapping[dt.date, int]) -> Timeline:
    """Counts by day, drawn by day, month or year, whichever gives bars that can be told apart."""
    if not days:
        return Timeline("day", ())
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month
    unit = "day" if (last - first).days < _DAYS else "month" if months < _MONTHS else "year"
    counts = dict.fromkeys(_keys(first, last, unit), 0)
    for day, count in days.items():
        counts[_key(day, unit)] += count
    highest = max(counts.values())
    return Timeline(
        unit, tuple(Bar(key, _label(key), count, round(count / highest, 4)) for key, count in counts.items())
    )


def _key(day: dt.date, unit: str) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def _keys(first: dt.date, last: dt.date, unit: str) -> Iterable[str]:
    day = first
    while _key(day, unit) <= _key(last, unit):
        yield _key(day, unit)
        try:
            day = _following(day, unit)
        except (OverflowError, ValueError):
            return


def _following(day: dt.date, unit: str) -> dt.date:
    if unit == "day":
        return day + dt.timedelta(days=1)
    if unit == "month":
        return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return dt.date(day.year + 1, 1, 1)


def _label(key: str) -> str:
    parts = key.split("-")
    if len(parts) == 1:
        return key
    month = f"{calendar.month_abbr[int(parts[1])]} {parts[0]}"
    return month if len(parts) == 2 else f"{int(parts[2])} {month}"


# --- numbers over time ---

WIDE, HIGH = 720, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 24, 16, 34


@dataclass(frozen=True, slots=True)
class Stroke:
    """A number as it is drawn: at `x`, from `low` to `high`; open above or below where the source left it open."""

    statement: Statement
    number: int  # its row in the table beside
    x: float
    low: float
    high: float
    open_above: bool
    open_below: bool
    to: tuple[float, float] | None  # the later number of the same source that replaced it


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its words."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class NumbersChart:
    """All numbers of one kind over the days of their publication."""

    what: str
    strokes: tuple[Stroke, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def numbers_chart(numbers: Numbers) -> NumbersChart:
    """Where each number stands. Those without a day stand at the right edge, under words that say so."""
    statements = numbers.statements
    top = _nice(max(statement.ceiling for statement in statements))
    days = sorted({statement.day for statement in statements if statement.day})
    undated = any(statement.day is None for statement in statements)
    right = WIDE - _RIGHT - (90 if undated else 0)

    def x(day: dt.date | None) -> float:
        if day is None:
            return WIDE - _RIGHT - 30
        span = (days[-1] - days[0]).days or 1
        share = (day - days[0]).days / span if len(days) > 1 else 0.5
        return round(_LEFT + 30 + (right - _LEFT - 60) * share, 1)

    places = _spread([x(statement.day) for statement in statements])
    strokes = tuple(
        Stroke(
            statement, index + 1, places[index], _y(statement.floor, top), _y(statement.ceiling, top),
            statement.high is None, statement.low is None, _later(statements, index, places, top),
        )
        for index, statement in enumerate(statements)
    )  # fmt: skip
    shown = days if len(days) <= 6 else [days[0], days[len(days) // 2], days[-1]]
    across = [Tick(x(day), words.day(day)) for day in shown] + ([Tick(x(None), "no day")] if undated else [])
    up = tuple(Tick(_y(value, top), f"{round(value):,}") for value in (0, top / 2, top))
    return NumbersChart(numbers.what, strokes, tuple(across), up)


def _y(value: float, top: float) -> float:
    return round(HIGH - _BOTTOM - (HIGH - _TOP - _BOTTOM) * value / top, 1)


def _later(
    statements: Sequence[Statement], index: int, places: Sequence[float], top: float
) -> tuple[float, float] | None:
    """Where the number stands that replaced one, None where none did."""
    by = statements[index].replaced_by
    later = next((at for at, one in enumerate(statements) if by in one.by), None) if by is not None else None
    return (places[later], _y(statements[later].floor, top)) if later is not None else None


def _spread(places: list[float], least: float = 22.0) -> list[float]:
    """Places moved apart where several numbers were given on one day, around that day."""
    found = list(places)
    for place in set(places):
        same = [index for index, one in enumerate(places) if one == place]
        for order, index in enumerate(same):
            found[index] = round(place + (order - (len(same) - 1) / 2) * least, 1)
    return found


def _nice(most: int) -> float:
    """The next number above that reads well on an axis."""
    if most <= 0:
        return 2
    size = 10 ** (len(str(most)) - 1)
    return next(float(step * size) for step in (1, 2, 4, 6, 8, 10, 20) if step * size >= most * 1.05)


# --- days as said ---


@dataclass(frozen=True, slots=True)
class Stretch:
    """A date as said, from `start` to `start + width` in hundredths of the whole stretch that is drawn."""

    words: str
    start: float
    width: float


def stretches(dates: Sequence[tuple[str, str, str]]) -> tuple[list[Stretch], str, str]:
    """Dates (words, first and last day) on one scale, with the first and last day of that scale."""
    if not dates:
        return [], "", ""
    first = min(dt.date.fromisoformat(start) for _, start, _ in dates)
    last = max(dt.date.fromisoformat(end) for _, _, end in dates)
    whole = (last - first).days + 1
    found = [
        Stretch(
            said,
            round((dt.date.fromisoformat(start) - first).days * 100 / whole, 2),
            round(((dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1) * 100 / whole, 2),
        )
        for said, start, end in dates
    ]
    return found, words.day(first), words.day(last)
