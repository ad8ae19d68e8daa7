"""Incidents in GDELT 2's event rows (61 columns), with one mention row (16 columns) for each report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sayso import ontology
from sayso.export import codes, tables
from sayso.export.declared import Column, File, Format, Grain, Kind, Options
from sayso.export.event import Event, Party, score
from sayso.export.rows import TERMS
from sayso.export.told import Told
from sayso.model import Precision, Report

# CAMEO root codes by PLOVER type; finer codes have no sure equivalent.
_ROOTS = {
    "REQUEST": "02",
    "AGREE": "03",
    "CONSULT": "04",
    "SUPPORT": "05",
    "COOPERATE": "06",
    "AID": "07",
    "CONCEDE": "08",
    "RETREAT": "08",
    "ACCUSE": "11",
    "REJECT": "12",
    "THREATEN": "13",
    "PROTEST": "14",
    "MOBILIZE": "15",
    "SANCTION": "16",
    "COERCE": "17",
}
_ASSAULT = {"heavy-weapons": "19", "firearms": "19", "aerial": "19", "drone": "19", "unconventional": "20"}
_QUADS = {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4}
_TYPES = {Precision.TOWN: 4, Precision.ADMIN2: 5, Precision.ADMIN1: 5, Precision.COUNTRY: 1}
_DIALECT = {"delimiter": "\t", "quoteChar": None, "header": False}


@dataclass(frozen=True, slots=True)
class Mention:
    """An incident and one report that tells of it."""

    event: Event
    one: Told


def _events(event: Event, _: Options) -> Iterable[Event]:
    if event.held:
        yield event


def _mentions(event: Event, _: Options) -> Iterable[Mention]:
    if event.held:
        yield from (Mention(event, one) for one in event.texts)


def _root(event: Event) -> str | None:
    kind, mode = event.plover
    return _ASSAULT.get(mode or "", "18") if kind == "ASSAULT" else _ROOTS.get(kind)


def _first(event: Event) -> dt.date | None:
    """The day it is dated to: the first, where it is known to a month or better."""
    return event.days[0] if event.days and (event.days[1] - event.days[0]).days <= 31 else None


def _day(form: str) -> Any:
    return lambda event: int(day.strftime(form)) if (day := _first(event)) else None


def _fraction(event: Event) -> float | None:
    """Year and the part of it that has gone by, by GDELT's formula."""
    day = _first(event)
    return round(day.year + (day.month * 30 + day.day) / 365, 4) if day else None


def _party(event: Event, side: str) -> Party | None:
    found: tuple[Party, ...] = getattr(event, side)
    return found[0] if found else None


def _iso3(code: str | None) -> str | None:
    known = codes.country(code)
    return known.iso3 if known else None


def _actor(number: int, side: str) -> tuple[Column, ...]:
    """The ten columns of an actor."""

    def of(field: str) -> Any:
        return lambda event: getattr(party, field) if (party := _party(event, side)) else None

    def code(event: Event) -> str | None:
        party = _party(event, side)
        return "".join(filter(None, (_iso3(party.country), party.sector))) or None if party else None

    who = f"Actor{number}"
    return (
        Column(f"{who}Code", "country and PLOVER sector put together", code),
        Column(f"{who}Name", "the words, of the one most claims name", of("words")),
        Column(f"{who}CountryCode", "ISO 3166 alpha-3", lambda event: _iso3(of("country")(event))),
        *(
            Column(f"{who}{name}", "empty")
            for name in ("KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code")
        ),
        Column(f"{who}Type1Code", "PLOVER sector", of("sector")),
        *(Column(f"{who}{name}", "empty") for name in ("Type2Code", "Type3Code")),
    )


def _geo(prefix: str, *, action: bool) -> tuple[Column, ...]:
    """The eight columns of a place; only those of the action are filled, for an actor's whereabouts are not read."""
    if not action:
        kinds = {"_Type": Kind.WHOLE, "_Lat": Kind.NUMBER, "_Long": Kind.NUMBER}
        return tuple(
            Column(f"{prefix}{name}", "empty: where an actor is, is not read", kind=kinds.get(name, Kind.TEXT))
            for name in _GEO
        )
    return (
        Column(f"{prefix}_Type", "1 country, 4 town, 5 division", _geo_type, Kind.WHOLE),
        Column(f"{prefix}_Fullname", "place, division, country", _fullname),
        Column(
            f"{prefix}_CountryCode",
            "FIPS 10-4",
            lambda event: known.fips if (known := codes.country(event.country)) else None,
        ),
        Column(f"{prefix}_ADM1Code", "empty: the division is in the full name"),
        Column(f"{prefix}_ADM2Code", "empty"),
        Column(
            f"{prefix}_Lat",
            "empty for a country",
            lambda event: event.point and event.point[0],
            Kind.NUMBER,
            "degrees, WGS84",
        ),
        Column(
            f"{prefix}_Long",
            "empty for a country",
            lambda event: event.point and event.point[1],
            Kind.NUMBER,
            "degrees, WGS84",
        ),
        Column(
            f"{prefix}_FeatureID",
            "GeoNames id",
            lambda event: str(event.place.geonameid) if event.place and event.place.geonameid else None,
        ),
    )


_GEO = ("_Type", "_Fullname", "_CountryCode", "_ADM1Code", "_ADM2Code", "_Lat", "_Long", "_FeatureID")


def _geo_type(event: Event) -> int | None:
    if event.place is not None:
        return _TYPES.get(event.place.precision)
    return 1 if event.country else None


def _fullname(event: Event) -> str | None:
    known, place = codes.country(event.country), event.place
    parts = (place.name if place else None, place.admin1 if place else None, known.name if known else None)
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None


def _stamp(moment: str) -> int:
    """A moment as YYYYMMDDHHMMSS."""
    return int(dt.datetime.fromisoformat(moment).strftime("%Y%m%d%H%M%S"))


def _published(report: Report) -> int | None:
    return int(report.published.strftime("%Y%m%d000000")) if report.published else None


def _quad(event: Event) -> int | None:
    return _QUADS.get(ontology.TYPES[event.plover[0]].quad or "")


ID = "the first 52 bits of the digest of the incident's id, as a number"
EVENT_COLUMNS = (
    Column("GlobalEventID", ID, lambda event: codes.number(event.id), Kind.WHOLE, required=True),
    Column(
        "Day",
        "first day on which it can have happened; empty where it is known worse than a month",
        _day("%Y%m%d"),
        Kind.WHOLE,
        "YYYYMMDD",
    ),
    Column("MonthYear", "its month", _day("%Y%m"), Kind.WHOLE, "YYYYMM"),
    Column("Year", "its year", _day("%Y"), Kind.WHOLE),
    Column("FractionDate", "the year and the part of it gone by", _fraction, Kind.NUMBER),
    *_actor(1, "actors"),
    *_actor(2, "recipients"),
    Column("IsRootEvent", "empty", kind=Kind.WHOLE),
    Column("EventCode", "CAMEO root code of the PLOVER type", _root),
    Column("EventBaseCode", "the same", _root),
    Column("EventRootCode", "the same", _root),
    Column(
        "QuadClass",
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
        _quad,
        Kind.WHOLE,
    ),
    Column(
        "GoldsteinScale",
        "PLOVER's score, which is not Goldstein's",
        lambda event: score(*event.plover),
        Kind.NUMBER,
        "-10 to 10",
    ),
    Column("NumMentions", "claims that tell of it", lambda event: len(event.told), Kind.WHOLE, "claims"),
    Column("NumSources", "outlets", lambda event: len(event.summary.outlets), Kind.WHOLE, "outlets"),
    Column("NumArticles", "reports", lambda event: event.summary.reports, Kind.WHOLE, "reports"),
    Column("AvgTone", "empty: Sayso reads no tone", kind=Kind.NUMBER),
    *_geo("Actor1Geo", action=False),
    *_geo("Actor2Geo", action=False),
    *_geo("ActionGeo", action=True),
    Column(
        "DATEADDED",
        "moment since which the ledger knows it",
        lambda event: _stamp(event.incident.known_from),
        Kind.WHOLE,
        "YYYYMMDDHHMMSS, UTC",
    ),
    Column(
        "SOURCEURL",
        "address of the first report that has one",
        lambda event: next((report.url for report in reversed(event.reports) if report.url), None),
    ),
)
MENTION_COLUMNS = (
    Column("GlobalEventID", ID, lambda row: codes.number(row.event.id), Kind.WHOLE, required=True),
    Column(
        "EventTimeDate",
        "first day of the event, at midnight",
        lambda row: int(day.strftime("%Y%m%d000000")) if (day := _first(row.event)) else None,
        Kind.WHOLE,
        "YYYYMMDDHHMMSS",
    ),
    Column(
        "MentionTimeDate",
        "day of publication, at midnight",
        lambda row: _published(row.one.report),
        Kind.WHOLE,
        "YYYYMMDDHHMMSS",
    ),
    Column(
        "MentionType",
        "1 where the report has an address, 2 otherwise: it has a title",
        lambda row: 1 if row.one.report.url else 2,
        Kind.WHOLE,
    ),
    Column("MentionSourceName", "outlet", lambda row: row.one.report.outlet),
    Column(
        "MentionIdentifier",
        "address, or id of the report",
        lambda row: row.one.report.url or row.one.report.id,
        required=True,
    ),
    Column("SentenceID", "empty: the sentence is told by its characters", kind=Kind.WHOLE),
    Column(
        "Actor1CharOffset",
        "first character of the first actor",
        lambda row: row.one.claim.actor[0].span.start if row.one.claim.actor else None,
        Kind.WHOLE,
        "characters",
    ),
    Column(
        "Actor2CharOffset",
        "first character of the first recipient",
        lambda row: row.one.claim.recipient[0].span.start if row.one.claim.recipient else None,
        Kind.WHOLE,
        "characters",
    ),
    Column(
        "ActionCharOffset",
        "first character of the trigger",
        lambda row: row.one.claim.trigger.start,
        Kind.WHOLE,
        "characters",
    ),
    Column("InRawText", "1: it is in the text as given", lambda _: 1, Kind.WHOLE),
    Column(
        "Confidence",
        "the reader's probability",
        lambda row: round(row.one.claim.confidence * 100),
        Kind.WHOLE,
        "percent",
    ),
    Column("MentionDocLen", "length of the report", lambda row: len(row.one.report.text), Kind.WHOLE, "characters"),
    Column("MentionDocTone", "empty", kind=Kind.NUMBER),
    Column("MentionDocTranslationInfo", "empty: nothing was translated"),
    Column("Extras", "empty"),
)

FORMAT = Format(
    "gdelt",
    "GDELT-like events and mentions, tab-separated",
    (
        "Incidents in the 61 columns of GDELT 2's event files, without a header, and the reports that tell of each in "
        "the 16 columns of its mentions."
    ),
    Grain.INCIDENT,
    (
        File(
            "gdelt-like.export.CSV",
            "text/tab-separated-values",
            "one row an incident, the last changed first",
            EVENT_COLUMNS,
            tables.table_of(tables.Tabs, incidents=_events),
            _DIALECT,
        ),
        File(
            "gdelt-like.mentions.CSV",
            "text/tab-separated-values",
            "one row a report of an incident",
            MENTION_COLUMNS,
            tables.table_of(tables.Tabs, incidents=_mentions),
            _DIALECT,
        ),
    ),
    (
        "All numbers of people, who says so, and the sentences.",
        "CAMEO's finer codes: PLOVER types give root codes only; sectors are PLOVER's and not CAMEO's.",
        "Of several actors or recipients, the one that most claims name.",
        "What is only planned, supposed or denied is left out. Tone is not read.",
        "Tabs and line breaks within a cell become spaces.",
    ),
    TERMS,
)
