"""Coups in the 29 columns of the Cline Center's Coup d'État Project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sayso.export import codes, tables
from sayso.export.declared import Column, File, Format, Grain, Kind, Options
from sayso.export.event import Event
from sayso.export.rows import TERMS

_TYPES = {"realized": "coup", "attempt": "attempted", "conspiracy": "conspiracy"}
_MILITARY = ("MIL", "PRM")


def _rows(event: Event, _: Options) -> Iterable[Event]:
    if event.type == "COUP" and event.held:
        yield event


def _day(event: Event) -> Any:
    """The day, where it is known to the day."""
    return event.days[0] if event.days and event.days[0] == event.days[1] else None


def _id(event: Event) -> str | None:
    known, day = codes.country(event.country), _day(event)
    return f"{known.cow}{day:%m%d%Y}" if known and known.cow and day else None


def _is(*modes: str) -> Any:
    return lambda event: int(event.mode in modes) if event.mode else None


def _cow(event: Event) -> int | None:
    known = codes.country(event.country)
    return known.cow if known else None


def _name(event: Event) -> str | None:
    known = codes.country(event.country)
    return known.name if known else None


def _by(sectors: tuple[str, ...]) -> Any:
    """1 where an actor is of these sectors; empty otherwise, for what a report does not say is no 0."""
    return lambda event: 1 if any(party.sector in sectors for party in event.actors) else None


def _foreign(event: Event) -> int | None:
    known = {party.country for party in event.actors if party.country}
    return 1 if event.country and known and event.country not in known else None


def _flag(name: str, about: str, of: Any = lambda _: None) -> Column:
    return Column(name, about, of, Kind.WHOLE, "1, 0 or empty")


def _month(event: Event) -> int | None:
    same = event.days and event.days[0].timetuple()[:2] == event.days[1].timetuple()[:2]
    return event.days[0].month if event.days and same else None


def _year(event: Event) -> int | None:
    return event.days[0].year if event.days and event.days[0].year == event.days[1].year else None


COLUMNS = (
    Column(
        "coup_id",
        "Correlates of War number of the country and the day as MMDDYYYY; empty where one of them is not known",
        _id,
    ),
    Column("cowcode", "Correlates of War number of the country", _cow, Kind.WHOLE),
    Column("country", "English name", _name),
    Column("year", "year, where it is known", _year, Kind.WHOLE),
    Column("month", "month, where it is known", _month, Kind.WHOLE),
    Column("day", "day, where it is known", lambda event: day.day if (day := _day(event)) else None, Kind.WHOLE),
    Column("event_type", "coup, attempted or conspiracy", lambda event: _TYPES.get(event.mode or "")),
    _flag("realized", "power was taken and held for a week", _is("realized")),
    _flag("unrealized", "it was not", _is("attempt", "conspiracy")),
    _flag("conspiracy", "a plot that was not set in motion", _is("conspiracy")),
    _flag("attempt", "set in motion, and failed", _is("attempt")),
    _flag("military", "1 where an actor is military or paramilitary", _by(_MILITARY)),
    _flag("dissident", "empty: Sayso does not read it"),
    _flag("rebel", "1 where an actor is an armed opposition", _by(("REB",))),
    _flag("palace", "empty"),
    _flag("foreign", "1 where all actors whose country is known are of another country", _foreign),
    *(_flag(name, "empty") for name in ("auto", "resign", "popular", "counter", "other")),
    *(
        _flag(name, "empty: what became of the leader is not read")
        for name in ("noharm", "injured", "killed", "harrest", "jailed", "tried", "fled", "exile")
    ),
)

FORMAT = Format(
    "cline",
    "Cline Center-like coups, CSV",
    "Incidents of type COUP in the 29 columns of the Coup d'État Project, version 2.",
    Grain.INCIDENT,
    (
        File(
            "cline-coups-like.csv",
            "text/csv",
            "one row a coup, attempt or conspiracy, the last changed first",
            COLUMNS,
            tables.table_of(tables.Csv, incidents=_rows),
        ),
    ),
    (
        "Everything but COUP, and coups that are only planned, supposed or denied.",
        (
            "Who the plotters were, beyond military, armed opposition and foreign; what became of the leader. Such "
            "cells are empty and not 0."
        ),
        "All numbers, and who says so. Read coup_id as text.",
        "The id of the incident: a coup_id needs country and day and is empty without them.",
    ),
    TERMS,
)
