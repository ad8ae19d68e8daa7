"""Incidents in UCDP GED's 49 columns: organised violence with deaths; low, best and high."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sayso.export import acled, codes, tables
from sayso.export.declared import Column, File, Format, Grain, Kind, Options
from sayso.export.event import Event, Party
from sayso.export.rows import TERMS
from sayso.model import Precision
from sayso.summary import Figure

_WHERE = {Precision.TOWN: 1, Precision.ADMIN2: 3, Precision.ADMIN1: 4, Precision.AREA: 5, Precision.COUNTRY: 6}
_ARMED = ("Rebel group", "Political militia")
_STATE = ("State forces", "External/Other forces")


@dataclass(frozen=True, slots=True)
class Row:
    """An incident with the numbers of people killed in it."""

    event: Event
    deaths: Figure

    @property
    def country(self) -> codes.Country | None:
        """Where it happened."""
        return codes.country(self.event.country)

    def side(self, index: int) -> Party | None:
        """The first actor, or the first recipient."""
        parties = (self.event.actors, self.event.recipients)[index]
        return parties[0] if parties else None

    def kind(self, index: int) -> str | None:
        """ACLED's word for what a side is, which tells state, armed groups and civilians apart."""
        party = self.side(index)
        return acled.inter(party, self.event.country) if party else None


def rows(event: Event, _: Options = Options()) -> Iterable[Row]:  # noqa: B008 - frozen
    """The row of an assault in which people were killed; otherwise none."""
    deaths = event.figure("killed", "ucdp")
    if event.held and event.type == "ASSAULT" and deaths is not None and deaths.high > 0:
        yield Row(event, deaths)


def violence(row: Row) -> int | None:
    """1 state-based, 2 non-state, 3 one-sided; None where the sectors of both sides do not say."""
    sides = (row.kind(0), row.kind(1))
    if None in sides:
        return None
    if sides[1] == "Civilians":
        return 3 if sides[0] in (*_STATE, *_ARMED) else None
    if any(side in _STATE for side in sides):
        return 1
    return 2 if all(side in _ARMED for side in sides) else None


def _date_precision(row: Row) -> int | None:
    """1 the day, 2 two to six days, 3 a week, 4 a month, 5 longer."""
    if row.event.days is None:
        return None
    length = (row.event.days[1] - row.event.days[0]).days + 1
    return next(precision for precision, most in ((1, 1), (2, 6), (3, 7), (4, 31), (5, math.inf)) if length <= most)


def _grid(row: Row) -> int | None:
    """PRIO-GRID's number of the half-degree cell."""
    if row.event.point is None:
        return None
    latitude, longitude = row.event.point
    line, column = (min(int((value + half) * 2), half * 4 - 1) for value, half in ((latitude, 90), (longitude, 180)))
    return line * 720 + column + 1


def _gw(row: Row, index: int) -> int | None:
    party = row.side(index)
    known = codes.country(party.country) if party and row.kind(index) in _STATE else None
    return known.gw if known else None


def _articles(row: Row) -> str:
    """Every report: "outlet, day, title"."""
    return ";".join(
        ",".join(f'"{part}"' for part in (report.outlet, report.published, report.title) if part)
        for report in row.event.reports
    )


def _said_by(row: Row) -> str | None:
    """Who gives the numbers; an informant who is not named is called anonymous."""
    named = [said.value for said in row.event.summary.named]
    return "; ".join([*named, *(["anonymous source"] if row.event.summary.anonymous else [])]) or None


def _at(index: int) -> Any:
    return lambda row: row.event.point[index] if row.event.point else None


def _point(row: Row) -> str | None:
    return f"POINT ({row.event.point[1]} {row.event.point[0]})" if row.event.point else None


def _single(values: Iterable[object]) -> str | None:
    return ";".join(str(value) for value in values if value) or None


def _dyad(row: Row) -> str | None:
    sides = [side.words for index in (0, 1) if (side := row.side(index))]
    return " - ".join(sides) if len(sides) == 2 else None


COLUMNS = (
    Column(
        "id",
        "the first 52 bits of the digest of the incident's id, as a number",
        lambda row: codes.number(row.event.id),
        Kind.WHOLE,
        required=True,
    ),
    Column("relid", "id of the incident", lambda row: row.event.id),
    Column("year", "year of date_start", lambda row: row.event.days[0].year if row.event.days else None, Kind.WHOLE),
    Column("active_year", "empty: it belongs to a conflict, which Sayso does not code", kind=Kind.FLAG),
    Column("code_status", "empty"),
    Column(
        "type_of_violence",
        "1 state-based, 2 non-state, 3 one-sided, by the sectors of both sides; empty where one is not known",
        violence,
        Kind.WHOLE,
    ),
    *(
        Column(name, "empty: Sayso does not code conflicts and dyads", kind=Kind.WHOLE)
        for name in ("conflict_dset_id", "conflict_new_id")
    ),
    Column("conflict_name", "empty"),
    *(Column(name, "empty", kind=Kind.WHOLE) for name in ("dyad_dset_id", "dyad_new_id")),
    Column("dyad_name", "side_a - side_b", _dyad),
    *(Column(name, "empty", kind=Kind.WHOLE) for name in ("side_a_dset_id", "side_a_new_id")),
    Column("side_a", "the first actor", lambda row: side.words if (side := row.side(0)) else None),
    *(Column(name, "empty", kind=Kind.WHOLE) for name in ("side_b_dset_id", "side_b_new_id")),
    Column("side_b", "the first recipient", lambda row: side.words if (side := row.side(1)) else None),
    Column(
        "number_of_sources", "reports that tell of it", lambda row: row.event.summary.reports, Kind.WHOLE, "reports"
    ),
    Column("source_article", "outlet, day and title of every report", _articles),
    Column("source_office", "outlets, joined by ';'", lambda row: _single(row.event.summary.outlets)),
    Column(
        "source_date",
        "days of publication, joined by ';'",
        lambda row: _single(dict.fromkeys(report.published for report in row.event.reports)),
        unit="day",
    ),
    Column(
        "source_headline", "titles, joined by ';'", lambda row: _single(report.title for report in row.event.reports)
    ),
    Column("source_original", "who says so, joined by '; '", _said_by),
    Column(
        "where_prec",
        "1 town, 3 second-level division, 4 first-level division, 5 area, 6 country",
        lambda row: _WHERE[row.event.place.precision] if row.event.place else 6 if row.event.country else None,
        Kind.WHOLE,
    ),
    Column(
        "where_coordinates",
        "name of what the coordinates stand for",
        lambda row: row.event.place.name if row.event.place and row.event.point else None,
    ),
    Column(
        "where_description",
        "all places named",
        lambda row: _single(said.value.name for said in row.event.summary.places),
    ),
    Column("adm_1", "first-level division", lambda row: row.event.place and row.event.place.admin1),
    Column(
        "adm_2",
        "empty unless the place is a second-level division",
        lambda row: row.event.place.name if row.event.place and row.event.place.precision is Precision.ADMIN2 else None,
    ),
    Column("latitude", "of the place, empty for a country or an area", _at(0), Kind.NUMBER, "degrees, WGS84"),
    Column("longitude", "of the place, empty for a country or an area", _at(1), Kind.NUMBER, "degrees, WGS84"),
    Column("geom_wkt", "the same as a point", _point),
    Column("priogrid_gid", "PRIO-GRID cell of the point", _grid, Kind.WHOLE),
    Column("country", "English name", lambda row: row.country and row.country.name),
    Column("country_id", "Gleditsch and Ward number", lambda row: row.country and row.country.gw, Kind.WHOLE),
    Column("region", "UCDP's region", lambda row: row.country and row.country.ucdp_region),
    Column("event_clarity", "empty", kind=Kind.WHOLE),
    Column("date_prec", "1 the day, 2 two to six days, 3 a week, 4 a month, 5 longer", _date_precision, Kind.WHOLE),
    Column(
        "date_start",
        "first day on which it can have happened",
        lambda row: row.event.days and row.event.days[0].isoformat(),
        unit="day",
    ),
    Column(
        "date_end",
        "last day on which it can have happened",
        lambda row: row.event.days and row.event.days[1].isoformat(),
        unit="day",
    ),
    *(
        Column(name, "empty: Sayso does not know who of the dead was whose", kind=Kind.WHOLE, unit="people")
        for name in ("deaths_a", "deaths_b", "deaths_civilians")
    ),
    Column(
        "deaths_unknown",
        "the same as best: whose they were is not known",
        lambda row: row.deaths.best,
        Kind.WHOLE,
        "people",
    ),
    Column(
        "best",
        "the lower number, for Sayso holds no source more reliable than another",
        lambda row: row.deaths.best,
        Kind.WHOLE,
        "people",
    ),
    Column("high", "the highest number that stands", lambda row: row.deaths.high, Kind.WHOLE, "people"),
    Column("low", "the lowest number that stands", lambda row: row.deaths.low, Kind.WHOLE, "people"),
    Column("gwnoa", "Gleditsch and Ward number of side_a, if it is a state", lambda row: _gw(row, 0), Kind.WHOLE),
    Column("gwnob", "Gleditsch and Ward number of side_b, if it is a state", lambda row: _gw(row, 1), Kind.WHOLE),
)

FORMAT = Format(
    "ucdp",
    "UCDP GED-like, CSV",
    (
        "Incidents in the 49 columns of UCDP's Georeferenced Event Dataset: assaults for which a number of people "
        "killed is given."
    ),
    Grain.INCIDENT,
    (
        File(
            "ucdp-ged-like.csv",
            "text/csv",
            "one row an incident, the last changed first",
            COLUMNS,
            tables.table_of(tables.Csv, incidents=rows),
        ),
    ),
    (
        "Everything but assaults with a number of people killed that are told as having happened.",
        "Conflicts, dyads and their numbers: the first actor and recipient stand for the sides.",
        "Who of the dead was whose, and who gave which number.",
        "UCDP's threshold of 25 deaths a year and its tests of organised violence are not applied.",
    ),
    TERMS,
    "ucdp: low, best and high of the numbers that stand; best is the lower one",
)
