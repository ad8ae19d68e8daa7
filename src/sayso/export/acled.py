"""Incidents in ACLED's 31 columns: event types by `data/acled.toml`, the lowest number, count words as ACLED counts them."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from sayso.export import codes, tables
from sayso.export.declared import Column, File, Format, Grain, Kind, Options
from sayso.export.event import Event, Party
from sayso.export.rows import TERMS
from sayso.model import Precision
from sayso.summary import RULES, Statement, figure

_VIOLENT = ("Battles", "Explosions/Remote violence", "Violence against civilians")
_EXACT = {Precision.TOWN: 1, Precision.ADMIN2: 2, Precision.ADMIN1: 3}


@functools.cache
def mapping() -> Mapping[str, Any]:
    """The table of `data/acled.toml`."""
    return tomllib.loads(resources.files("sayso.data").joinpath("acled.toml").read_text("utf-8"))


@functools.cache
def _inter() -> Mapping[str, str]:
    return {sector: inter for inter, sectors in mapping()["inter"].items() for sector in sectors}


def inter(party: Party, country: str | None) -> str | None:
    """ACLED's kind of an actor; None where no sector is known."""
    found = _inter().get(party.sector or "")
    foreign = found == "State forces" and None not in (party.country, country) and party.country != country
    return "External/Other forces" if foreign else found


@dataclass(frozen=True, slots=True)
class Row:
    """An incident with what the table makes of it; `first` and `second` are its sides in ACLED's order."""

    event: Event
    kind: str
    sub: str
    first: tuple[Party, ...]
    second: tuple[Party, ...]
    lead: str | None

    def inter(self, side: int) -> str | None:
        """ACLED's kind of the first actor of a side."""
        parties = (self.first, self.second)[side]
        if side == 0 and self.lead and parties:
            return self.lead
        return inter(parties[0], self.event.country) if parties else None


def rows(event: Event, _: Options = Options()) -> Iterable[Row]:  # noqa: B008 - frozen
    """The row of an incident that is told as having happened and that ACLED's types cover; otherwise none."""
    found = next((row for row in mapping()["row"] if _fits(row, event)), None) if event.held else None
    if found is not None:
        sides = (event.recipients, event.actors) if found.get("swap") else (event.actors, event.recipients)
        yield Row(event, found["event"], found["sub"], *sides, found.get("lead"))


def _fits(row: Mapping[str, Any], event: Event) -> bool:
    if row["type"] != event.type or row.get("mode", event.mode or "") != (event.mode or ""):
        return False
    known = [inter(party, event.country) for party in event.recipients]
    kinds = {kind for kind in known if kind}
    wanted = row.get("recipient")
    return wanted is None or (bool(kinds) and (kinds == {"Civilians"}) is (wanted == "civilians"))


# --- cells ---


def fatalities(event: Event) -> int | None:
    """The lowest of the most recent numbers of people killed; None, and not 0, where nobody gives one."""
    found = event.numbers("killed")
    if found is None:
        return None
    return figure([_as_acled_counts(one) for one in found.standing], RULES["acled"]).low


def _as_acled_counts(statement: Statement) -> Statement:
    telling = statement.by[0]
    count = telling.claim.count
    said = re.findall(r"\w+", count.span.of(telling.report.text).casefold()) if count else []
    own = next((mapping()["words"][word] for word in said if word in mapping()["words"]), None)
    vague = own is not None and not any(word.isdigit() for word in said) and statement.high is None
    return replace(statement, low=own) if vague else statement


def _day(row: Row) -> tuple[str, int] | None:
    """The day and ACLED's precision of time (1 day, 2 week, 3 month); None for what is known worse than a month."""
    if row.event.days is None:
        return None
    first, last = row.event.days
    length = (last - first).days + 1
    precision = 1 if length == 1 else 2 if length <= 7 else 3 if length <= 31 else None
    return (first.isoformat(), precision) if precision else None


def _known(row: Row) -> codes.Country | None:
    return codes.country(row.event.country)


def _others(parties: tuple[Party, ...]) -> str | None:
    return "; ".join(party.words for party in parties[1:]) or None


def _interaction(row: Row) -> str | None:
    kinds = [kind for side in (0, 1) if (kind := row.inter(side))]
    return "-".join(kinds) or None


def _disorder(row: Row) -> str:
    found: str = mapping()["disorder"][row.kind]
    return found


def _civilian(row: Row) -> str | None:
    return "Civilian targeting" if row.kind in _VIOLENT and row.inter(1) == "Civilians" else None


def notes(event: Event) -> str:
    """The sentence of the first report, and in words what the row cannot say: where tellings differ, and who tells."""
    first = event.held[-1] if event.held else event.told[-1]
    numbers = "; ".join(f"{one.what} {one.figure.words}" for one in event.summary.numbers)
    parts = (
        " ".join(first.sentence.split()),
        numbers and f"Numbers: {numbers}.",
        f"Told by {event.summary.witnesses}.",
    )
    return " ".join(part for part in parts if part)


def _at(index: int) -> Any:
    return lambda row: row.event.point[index] if row.event.point else None


def changed(event: Event) -> int:
    """Seconds since 1970 at which a claim last came or went."""
    return int(dt.datetime.fromisoformat(event.incident.changed_at).timestamp())


COLUMNS = (
    Column(
        "event_id_cnty",
        "ISO 3166 alpha-3 of the country and a number: the first 52 bits of the digest of the incident's id",
        lambda row: f"{known.iso3 if (known := _known(row)) else ''}{codes.number(row.event.id)}",
        hxl="#event+code",
        required=True,
    ),
    Column(
        "event_date",
        "first day on which it can have happened; empty where it is known worse than a month",
        lambda row: (found := _day(row)) and found[0],
        unit="day",
        hxl="#date+occurred",
    ),
    Column("year", "its year", lambda row: row.event.days[0].year if _day(row) else None, Kind.WHOLE, hxl="#date+year"),
    Column(
        "time_precision",
        "1 that day, 2 that week, 3 that month",
        lambda row: (found := _day(row)) and found[1],
        Kind.WHOLE,
    ),
    Column("disorder_type", "by event type", _disorder),
    Column(
        "event_type",
        "by PLOVER type, mode and recipient, see the table",
        lambda row: row.kind,
        hxl="#event+type",
        required=True,
    ),
    Column("sub_event_type", "the same", lambda row: row.sub),
    Column(
        "actor1",
        "who stands first; demonstrators before those who meet them",
        lambda row: row.first[0].words if row.first else None,
        hxl="#group+name+first",
    ),
    Column(
        "assoc_actor_1",
        "others on that side, joined by '; '",
        lambda row: _others(row.first),
        hxl="#group+name+first+assoc",
    ),
    Column("inter1", "kind of actor1, by its sector", lambda row: row.inter(0)),
    Column(
        "actor2", "the other side", lambda row: row.second[0].words if row.second else None, hxl="#group+name+second"
    ),
    Column("assoc_actor_2", "others on that side", lambda row: _others(row.second), hxl="#group+name+second+assoc"),
    Column("inter2", "kind of actor2", lambda row: row.inter(1)),
    Column("interaction", "inter1-inter2", _interaction),
    Column("civilian_targeting", "'Civilian targeting' where actor2 of violence is civilian", _civilian),
    Column("iso", "ISO 3166 numeric", lambda row: (found := _known(row)) and found.isonum, Kind.WHOLE),
    Column(
        "region",
        "region of the country, as ACLED divides the world",
        lambda row: (found := _known(row)) and found.acled_region,
        hxl="#region+name",
    ),
    Column("country", "English name", lambda row: (found := _known(row)) and found.name, hxl="#country+name"),
    Column("admin1", "first-level division", lambda row: row.event.place and row.event.place.admin1, hxl="#adm1+name"),
    Column(
        "admin2",
        "empty unless the place is a second-level division",
        lambda row: row.event.place.name if row.event.place and row.event.place.precision is Precision.ADMIN2 else None,
        hxl="#adm2+name",
    ),
    Column("admin3", "empty", hxl="#adm3+name"),
    Column(
        "location",
        "most exact place, its name in GeoNames",
        lambda row: row.event.place and row.event.place.name,
        hxl="#loc+name",
    ),
    Column(
        "latitude", "of the place, empty for a country or an area", _at(0), Kind.NUMBER, "degrees, WGS84", "#geo+lat"
    ),
    Column(
        "longitude", "of the place, empty for a country or an area", _at(1), Kind.NUMBER, "degrees, WGS84", "#geo+lon"
    ),
    Column(
        "geo_precision",
        "1 town, 2 second-level division, 3 first-level division",
        lambda row: _EXACT.get(row.event.place.precision) if row.event.place else None,
        Kind.WHOLE,
    ),
    Column(
        "source",
        "outlets, joined by '; '",
        lambda row: "; ".join(row.event.summary.outlets) or None,
        hxl="#meta+source",
    ),
    Column("source_scale", "empty: Sayso does not rate outlets"),
    Column(
        "notes",
        "a sentence, all numbers as a range, and how many tell of it",
        lambda row: notes(row.event),
        hxl="#description",
    ),
    Column(
        "fatalities",
        "lowest of the most recent numbers killed; empty where none is given, and never 0 for want of one",
        lambda row: fatalities(row.event),
        Kind.WHOLE,
        "people",
        "#affected+killed",
    ),
    Column("tags", "empty"),
    Column(
        "timestamp",
        "moment at which a claim last came or went",
        lambda row: changed(row.event),
        Kind.WHOLE,
        "seconds since 1970, UTC",
    ),
)

FORMAT = Format(
    "acled",
    "ACLED-like, CSV",
    (
        "Incidents in the 31 columns of ACLED's export, for those who have code for them. It is not ACLED's data and "
        "follows its codebook "
        "only as far as the columns say."
    ),
    Grain.INCIDENT,
    (
        File(
            "acled-like.csv",
            "text/csv",
            "one row an incident, the last changed first",
            COLUMNS,
            tables.table_of(tables.marked_csv, incidents=rows),
        ),
    ),
    (
        (
            "Incidents that ACLED has no type for (talks, accusations, sanctions, strikes and others), and those that "
            "are only planned, supposed or denied, are left out."
        ),
        "Of numbers, the lowest of the most recent alone; who gave which is lost. In notes they stand as a range.",
        "Who says so: outlets are listed, informants are counted.",
        "COUP is a strategic development of the kind Other.",
        (
            "An assault on somebody whose sector is not known is left out: ACLED tells battles from violence against "
            "civilians."
        ),
        "An incident over several days is one row and not one a day.",
    ),
    TERMS,
    "acled: the lowest of the most recent numbers; tens are 10, dozens 12, hundreds 100",
)
