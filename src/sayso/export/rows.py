"""Claims and incidents in Sayso's own columns: CSV, JSON Lines, Parquet, Excel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sayso import layout
from sayso.export import tables
from sayso.export.declared import Column, File, Format, Grain, Kind, Options
from sayso.export.event import Event, Party
from sayso.export.told import Told
from sayso.model import Counted

TERMS = (
    "Yours: what you export belongs to you. The texts that it quotes belong to their outlets; "
    "place names are GeoNames' (CC BY 4.0)."
)
_KINDS = {
    "historical": Kind.FLAG,
    **dict.fromkeys(("latitude", "longitude", "confidence"), Kind.NUMBER),
    **dict.fromkeys(("geonameid", "count_low", "count_high", "start", "end"), Kind.WHOLE),
}
_UNITS = {
    "published": "day",
    "date": "day, month, year or interval",
    "latitude": "degrees, WGS84",
    "longitude": "degrees, WGS84",
    "count_low": "what count_what says",
    "count_high": "what count_what says",
    "start": "characters of the report's text",
    "end": "characters of the report's text",
    "confidence": "probability from 0 to 1",
}
_HXL = {
    "report_id": "#report+code",
    "outlet": "#meta+source+name",
    "published": "#date+reported",
    "title": "#description+title",
    "claim_id": "#claim+code",
    "type": "#event+type",
    "mode": "#event+mode",
    "status": "#status",
    "actor": "#group+name+first",
    "actor_name": "#group+name+full+first",
    "actor_country": "#country+code+first",
    "actor_sector": "#sector+code+first",
    "recipient": "#group+name+second",
    "recipient_name": "#group+name+full+second",
    "recipient_country": "#country+code+second",
    "recipient_sector": "#sector+code+second",
    "place": "#loc+name+said",
    "place_name": "#loc+name",
    "geonameid": "#loc+code+geonames",
    "admin1": "#adm1+name",
    "latitude": "#geo+lat",
    "longitude": "#geo+lon",
    "precision": "#geo+precision",
    "country": "#country+code",
    "date": "#date+occurred",
    "count_low": "#affected+min",
    "count_high": "#affected+max",
    "count_what": "#affected+type",
    "source_kind": "#meta+source+type",
    "source": "#meta+source+said",
    "sentence": "#description",
}

# --- claims ---


def _claims(one: Told, _: Options) -> Iterable[Mapping[str, Any]]:
    yield {"incident": one.telling.incident, "origin": one.telling.origin, "url": one.report.url, **one.row}


def _of(name: str, about: str) -> Column:
    return Column(
        name,
        about,
        lambda row: row[name],
        _KINDS.get(name, Kind.TEXT),
        _UNITS.get(name),
        _HXL.get(name),
        required=name in ("report_id", "claim_id", "type", "status"),
    )


CLAIM_COLUMNS = (
    Column(
        "incident",
        "id of the incident that it was judged to report, as in incidents",
        lambda row: row["incident"],
        hxl="#event+code",
    ),
    *(_of(name, about) for name, about in layout.COLUMNS),
    Column("url", "address of the report", lambda row: row["url"], hxl="#meta+url"),
    Column("origin", "key that reports printed from one text share", lambda row: row["origin"], hxl="#meta+origin"),
)
_CLAIM_LOST = (
    "What a slot was not resolved for, and the grounds of what was: they are in the JSON of `sayso claims --json`.",
    "Mentions and attributions that are no claims.",
)
_SHEET_LOST = (
    *_CLAIM_LOST,
    "Characters of a cell beyond 32,767, and the difference between an empty and a missing text.",
)

# --- incidents ---

_COUNTED = tuple(str(what) for what in Counted if what is not Counted.OTHER)


def _side(found: tuple[Party, ...]) -> dict[str, str | None]:
    def joined(values: Iterable[str | None]) -> str | None:
        listed = list(values)
        return "; ".join(value or "" for value in listed) if any(listed) else None

    return {
        "words": joined(one.words for one in found),
        "countries": joined(one.country for one in found),
        "sectors": joined(one.sector for one in found),
    }


def _incident(event: Event, _: Options) -> Iterable[Event]:
    yield event


def _listed(values: Iterable[object]) -> str | None:
    return "; ".join(map(str, values)) or None


def _bound(what: str, side: str) -> Column:
    def of(event: Event) -> object:
        found = event.numbers(what)
        return getattr(found.figure, side) if found else None

    words = {"low": "lowest", "high": "highest"}[side]
    tag = {"low": "min", "high": "max"}[side]
    return Column(
        f"{what}_{side}",
        f"{words} number of {what} by the count rule",
        of,
        Kind.WHOLE,
        "people",
        f"#affected+{what}+{tag}",
    )


def _disputed(what: str) -> Column:
    def of(event: Event) -> object:
        found = event.numbers(what)
        return found.disputed if found else None

    return Column(f"{what}_disputed", f"whether numbers of {what} exclude each other", of, Kind.FLAG)


INCIDENT_COLUMNS = (
    Column("incident", "id; it stays while claims come and go", lambda e: e.id, hxl="#event+code", required=True),
    Column("type", "event type that most origins give", lambda e: e.type, hxl="#event+type", required=True),
    Column("mode", "mode that most origins give", lambda e: e.mode, hxl="#event+mode"),
    Column(
        "events",
        "all types and modes given, most origins first",
        lambda e: _listed(said.value for said in e.summary.events),
    ),
    Column(
        "statuses",
        "all statuses given, most origins first",
        lambda e: _listed(said.value for said in e.summary.statuses),
        hxl="#status",
    ),
    Column(
        "first_day",
        "first day on which it can have happened",
        lambda e: e.days and e.days[0].isoformat(),
        unit="day",
        hxl="#date+occurred+start",
    ),
    Column(
        "last_day",
        "last day on which it can have happened",
        lambda e: e.days and e.days[1].isoformat(),
        unit="day",
        hxl="#date+occurred+end",
    ),
    Column(
        "dates",
        "all dates given",
        lambda e: _listed(said.value for said in e.summary.dates),
        unit="day, month, year or interval",
    ),
    Column(
        "country",
        "where it happened, as most origins have it, ISO 3166 alpha-2",
        lambda e: e.country,
        hxl="#country+code",
    ),
    Column(
        "place", "most exact place named, its name in GeoNames", lambda e: e.place and e.place.name, hxl="#loc+name"
    ),
    Column(
        "geonameid", "its GeoNames id", lambda e: e.place and e.place.geonameid, Kind.WHOLE, hxl="#loc+code+geonames"
    ),
    Column("admin1", "first-level division", lambda e: e.place and e.place.admin1, hxl="#adm1+name"),
    Column(
        "latitude",
        "where the place is better known than its country",
        lambda e: e.point and e.point[0],
        Kind.NUMBER,
        "degrees, WGS84",
        "#geo+lat",
    ),
    Column(
        "longitude",
        "where the place is better known than its country",
        lambda e: e.point and e.point[1],
        Kind.NUMBER,
        "degrees, WGS84",
        "#geo+lon",
    ),
    Column(
        "precision",
        "what the coordinates stand for: town, admin2, admin1; country and area have none",
        lambda e: str(e.place.precision) if e.place else None,
        hxl="#geo+precision",
    ),
    Column(
        "places", "all places named, most exact first", lambda e: _listed(said.value.name for said in e.summary.places)
    ),
    Column("actors", "who did it, most claims first", lambda e: _side(e.actors)["words"], hxl="#group+name+first"),
    Column(
        "actor_countries",
        "their countries, in the same order",
        lambda e: _side(e.actors)["countries"],
        hxl="#country+code+first",
    ),
    Column("actor_sectors", "their PLOVER sectors", lambda e: _side(e.actors)["sectors"], hxl="#sector+code+first"),
    Column("recipients", "to whom", lambda e: _side(e.recipients)["words"], hxl="#group+name+second"),
    Column(
        "recipient_countries", "their countries", lambda e: _side(e.recipients)["countries"], hxl="#country+code+second"
    ),
    Column(
        "recipient_sectors", "their PLOVER sectors", lambda e: _side(e.recipients)["sectors"], hxl="#sector+code+second"
    ),
    *(column for what in _COUNTED for column in (_bound(what, "low"), _bound(what, "high"), _disputed(what))),
    Column("differs", "what its claims disagree on: numbers, status, day, place", lambda e: _listed(e.summary.differs)),
    Column("claims", "claims that tell of it", lambda e: len(e.told), Kind.WHOLE, "claims"),
    Column("reports", "reports that tell of it", lambda e: e.summary.reports, Kind.WHOLE, "reports"),
    Column(
        "origins",
        "texts that these were printed from: copies count once",
        lambda e: e.summary.origins,
        Kind.WHOLE,
        "origins",
    ),
    Column("outlets", "who published them", lambda e: _listed(e.summary.outlets), hxl="#meta+source+name"),
    Column(
        "named_informants",
        "who is named as saying so",
        lambda e: _listed(said.value for said in e.summary.named),
        hxl="#meta+source+said",
    ),
    Column(
        "anonymous_informants",
        "how many others say so, counted within each text",
        lambda e: e.summary.anonymous,
        Kind.WHOLE,
        "people or documents",
    ),
    Column(
        "first_published",
        "day of the first report",
        lambda e: e.summary.published and e.summary.published[0].isoformat(),
        unit="day",
        hxl="#date+reported+start",
    ),
    Column(
        "last_published",
        "day of the last report",
        lambda e: e.summary.published and e.summary.published[1].isoformat(),
        unit="day",
        hxl="#date+reported+end",
    ),
    Column("known_from", "moment since which the ledger knows it", lambda e: e.incident.known_from, unit="moment, UTC"),
    Column(
        "changed_at", "moment at which a claim last came or went", lambda e: e.incident.changed_at, unit="moment, UTC"
    ),
)
_INCIDENT_LOST = (
    "Who gave which number: export claims beside it, they carry the id of their incident.",
    "Values that only the less frequent claims give are listed, without saying which claim gives which.",
)

# --- formats ---

_CHILD = "claims.csv, exported with it, has the claims of each incident as child rows."
_TABLES: tuple[tuple[str, str, str, tables.Make, str | None], ...] = (
    ("csv", "CSV", "text/csv", tables.Csv, None),
    ("jsonl", "JSON Lines", "application/jsonl", tables.Lines, None),
    ("parquet", "Parquet", "application/vnd.apache.parquet", tables.Parquet, "export"),
    ("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tables.Excel, "export"),
)


def _formats() -> Iterable[Format]:
    for suffix, title, media, make, needs in _TABLES:
        file = File(
            f"claims.{suffix}",
            media,
            "one row a claim, newest report first",
            CLAIM_COLUMNS,
            tables.table_of(make, claims=_claims),
        )
        lost = _SHEET_LOST if suffix == "xlsx" else _CLAIM_LOST
        yield Format(
            f"claims.{suffix}",
            f"Claims, {title}",
            "What every claim says, who says so, and the sentence it stands on; `incident` is the id of its incident.",
            Grain.CLAIM,
            (file,),
            lost,
            TERMS,
            needs=needs,
        )
    for suffix, title, media, make, needs in _TABLES:
        file = File(
            f"incidents.{suffix}",
            media,
            "one row an incident, the last changed first",
            INCIDENT_COLUMNS,
            tables.table_of(make, incidents=_incident),
        )
        yield Format(
            f"incidents.{suffix}",
            f"Incidents, {title}",
            f"What the claims of each incident say together, and where they differ. {_CHILD}",
            Grain.INCIDENT,
            (file,),
            _INCIDENT_LOST,
            TERMS,
            "as asked for with --counts; without it the range of all numbers that stand",
            needs,
        )


FORMATS = tuple(_formats())
