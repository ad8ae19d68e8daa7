"""PLOVER and POLECAT: one record a claim, in the words of the ontology that Sayso reads by."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from sayso import ontology
from sayso.export import codes, tables
from sayso.export.declared import Column, File, Format, Grain, Kind, Options, Sink
from sayso.export.event import party, plover, point, score
from sayso.export.rows import TERMS
from sayso.export.told import Told
from sayso.model import Actor, Argument, Counted, Place, Status

_AUXILIARY = {Status.PLANNED: "future", Status.HYPOTHETICAL: "hypothetical", Status.NEGATED: "negation"}
_SIZES = {Counted.KILLED: "dead", Counted.INJURED: "injured", Counted.ARRESTED: "arrested"}
_QUADS = {
    "verbal cooperation": 1,
    "material cooperation": 2,
    "verbal conflict": 3,
    "material conflict": 4,
}


# --- PLOVER JSON Lines ---


def plover_record(one: Told) -> dict[str, Any]:
    """One claim under the field names of the PLOVER manual; an optional field of which nothing is known is left out."""
    claim, report = one.claim, one.report
    kind, mode = plover(claim.type, claim.mode)
    auxiliary = [word for word in (_AUXILIARY.get(claim.status), "historical" if claim.historical else None) if word]
    first, last = _ends(claim.date.value.value if claim.date and claim.date.value else None)
    record = {
        "id": claim.id,
        "date": first,
        "enddate": last if last != first else None,
        "actor": [_entity(one, argument) for argument in claim.actor],
        "recipient": [_entity(one, argument) for argument in claim.recipient],
        "event": kind,
        "mode": [*([mode] if mode else []), *auxiliary],
        "event_text": one.words(claim.trigger),
        "event_loc": _location(one, claim.place),
        "quad_code": _QUADS.get(ontology.TYPES[kind].quad or ""),
        "event_scale": score(kind, mode),
        "size": _size(one),
        "text": one.sentence,
        "text_info": {"start": claim.sentence.start, "end": claim.sentence.end},
        "cite_info": _kept(
            {
                "title": report.title,
                "publication": report.outlet,
                "url": report.url,
                "language": report.language,
                "citation": report.published.isoformat() if report.published else None,
            }
        ),
        "coder": "Sayso",
        "comment": _comment(one),
    }
    return {"id": claim.id, "date": "", "actor": [], "event": kind} | _kept(record)


def _ends(date: str | None) -> tuple[str | None, str | None]:
    if date is None:
        return None, None
    first, _, last = date.partition("/")
    return first, last or first


def _kept(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in (None, [], {}, "")}


def _entity(one: Told, argument: Argument[Actor]) -> dict[str, Any]:
    found = party(one, argument)
    known = codes.country(found.country)
    return _kept({"code": known.iso3 if known else None, "sector": found.sector, "entity_text": found.words})


def _location(one: Told, argument: Argument[Place] | None) -> dict[str, Any]:
    known = codes.country(one.claim.country)
    place = argument.value if argument else None
    where = point(place)
    return _kept(
        {
            "extracted_place": one.words(argument.span) if argument else None,
            "resolved_place": place.name if place else None,
            "geonameid": place.geonameid if place else None,
            "lat": where[0] if where else None,
            "lon": where[1] if where else None,
            "province": place.admin1 if place else None,
            "country": known.name if known else None,
            "country_code": known.iso3 if known else None,
            "resolution": str(place.precision) if place else None,
        }
    )


def _size(one: Told) -> dict[str, Any]:
    """The number said, where it counts what PLOVER counts; an open side stays open."""
    count = one.claim.count.value if one.claim.count else None
    if count is None or count.what not in _SIZES:
        return {}
    exact = count.low == count.high
    return {_SIZES[count.what]: count.low if exact else _kept({"low": count.low, "high": count.high})}


def _comment(one: Told) -> str:
    """Who says so, and what Sayso's own terms were."""
    said = f"{one.claim.source.kind}: {one.source}" if one.source else str(one.claim.source.kind)
    alleged = "; alleged" if one.claim.status is Status.ALLEGED else ""
    own = f"; Sayso's type is {one.claim.type} {one.claim.mode or ''}".rstrip() if one.claim.type == "COUP" else ""
    return f"said by {said}{alleged}{own}"


PLOVER_KEYS = (
    Column("id", "id of the claim", required=True),
    Column("date", "day, month or year on which the act began", unit="ISO 8601"),
    Column("enddate", "day on which it ended, where it was an interval", unit="ISO 8601"),
    Column("actor", "who did it: code (ISO 3166 alpha-3), sector, entity_text", kind=Kind.LIST),
    Column("recipient", "to whom, the same", kind=Kind.LIST),
    Column("event", "one of PLOVER's sixteen types", required=True),
    Column(
        "mode",
        "PLOVER mode, and of the auxiliary modes future, hypothetical, negation, historical those that hold",
        kind=Kind.LIST,
    ),
    Column("event_text", "the words that name the event"),
    Column(
        "event_loc",
        (
            "extracted_place, resolved_place, geonameid, lat, lon, province, country, country_code, resolution "
            "(Sayso's precision)"
        ),
        kind=Kind.OBJECT,
    ),
    Column(
        "quad_code",
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
        kind=Kind.WHOLE,
    ),
    Column("event_scale", "score from conflict to cooperation", kind=Kind.NUMBER, unit="-10 to 10"),
    Column(
        "size",
        "dead, injured, arrested: a number, or low and high where a bound was said",
        kind=Kind.OBJECT,
        unit="people",
    ),
    Column("text", "the sentence"),
    Column("text_info", "start and end of the sentence in the report", kind=Kind.OBJECT, unit="characters"),
    Column("cite_info", "title, publication, url, language; citation is the day of publication", kind=Kind.OBJECT),
    Column("coder", "Sayso", required=True),
    Column("comment", "who says so; whether it is alleged; Sayso's own type where it is COUP"),
)


class JsonLines(Sink):
    """One object a claim, as `record` makes it."""

    def __init__(self, path: Path) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8", newline="")

    def claim(self, one: Told) -> None:
        """One line."""
        self._stream.write(json.dumps(plover_record(one), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Finishes the file."""
        self._stream.close()


PLOVER = Format(
    "plover",
    "PLOVER, JSON Lines",
    (
        "One record a claim under the field names of the PLOVER manual. COUP, which PLOVER does not know, is written "
        "as its equivalent: "
        "conspiracy as ACCUSE allege, attempt as ASSAULT, realized as COERCE seize."
    ),
    Grain.CLAIM,
    (
        File(
            "plover.jsonl",
            "application/jsonl",
            "one object a claim",
            PLOVER_KEYS,
            lambda _file, path, _options: JsonLines(path),
        ),
    ),
    (
        "Date and actor are required in PLOVER; where a claim has none they are empty, and no day of publication is put there.",
        "The kind of source and the words of who says so survive as a comment only; so do COUP and alleged.",
        "Counts of anything but dead, injured and arrested.",
        "Contexts, religion, ethnicity, gender, age: Sayso does not read them.",
        "Which claims tell of one incident.",
    ),
    TERMS + " Field names and codes are those of the PLOVER manual (Open Event Data Alliance, CC BY-SA 4.0).",
)

# --- POLECAT ---


def _first(one: Told, side: str) -> Any:
    arguments = getattr(one.claim, side)
    return party(one, arguments[0]) if arguments else None


def _all(one: Told, side: str, field: str) -> str | None:
    found = [getattr(party(one, argument), field) for argument in getattr(one.claim, side)]
    return "; ".join(dict.fromkeys(value for value in found if value)) or None


def _iso3(code: str | None) -> str | None:
    known = codes.country(code)
    return known.iso3 if known else None


def _cow(code: str | None) -> int | None:
    known = codes.country(code)
    return known.cow if known else None


def _who(side: str, word: str) -> tuple[Column, ...]:
    """The eight columns of actor or recipient."""

    def of(field: str) -> Any:
        return lambda one: getattr(found, field) if (found := _first(one, side)) else None

    return (
        Column(f"{word} Name", "fullest name in the report, of the first one", of("words")),
        Column(f"{word} Country", "ISO 3166 alpha-3, of the first one", lambda one: _iso3(of("country")(one))),
        Column(
            f"{word} COW", "Correlates of War number of that country", lambda one: _cow(of("country")(one)), Kind.WHOLE
        ),
        Column(f"Primary {word} Sector", "PLOVER sector, of the first one", of("sector")),
        Column(f"{word} Sectors", "of all of them, joined by '; '", lambda one: _all(one, side, "sector")),
        Column(f"{word} Title", "empty: Sayso does not read titles apart"),
        Column(
            f"{word} Name Raw",
            "the words of all of them, joined by '; '",
            lambda one: "; ".join(one.words(argument.span) or "" for argument in getattr(one.claim, side)) or None,
        ),
        Column(f"Wikipedia {word} ID", "empty: Sayso looks nobody up"),
    )


def _place(field: str, precision: str | None = None) -> Any:
    def of(one: Told) -> object:
        place = one.claim.place.value if one.claim.place else None
        fits = place is not None and precision in (None, str(place.precision))
        return getattr(place, field) if fits else None

    return of


def _point(one: Told) -> tuple[float, float] | None:
    return point(one.claim.place.value) if one.claim.place else None


def _quad(one: Told) -> str | None:
    quad = ontology.TYPES[plover(one.claim.type, one.claim.mode)[0]].quad
    return quad.upper() if quad else None


def _precision(one: Told) -> str | None:
    place = one.claim.place.value if one.claim.place else None
    return str(place.precision) if place else None


def _date(one: Told) -> str | None:
    return _ends(one.claim.date.value.value if one.claim.date and one.claim.date.value else None)[0]


def _country_name(one: Told) -> str | None:
    known = codes.country(one.claim.country)
    return known.iso3 if known else None


POLECAT_COLUMNS = (
    Column("Event ID", "id of the claim", lambda one: one.claim.id, required=True),
    Column("Event Date", "day, month or year on which the act began", _date, unit="ISO 8601"),
    Column(
        "Event Type",
        "PLOVER type; COUP as its equivalent",
        lambda one: plover(one.claim.type, one.claim.mode)[0],
        required=True,
    ),
    Column("Event Mode", "PLOVER mode", lambda one: plover(one.claim.type, one.claim.mode)[1]),
    Column(
        "Intensity",
        "PLOVER score",
        lambda one: score(*plover(one.claim.type, one.claim.mode)),
        Kind.NUMBER,
        "-10 to 10",
    ),
    Column("Quad Code", "kind of act, in capitals", _quad),
    Column("Contexts", "empty: Sayso does not read contexts"),
    *_who("actor", "Actor"),
    *_who("recipient", "Recipient"),
    Column("Placename", "name in GeoNames", _place("name")),
    Column("City", "the same, if it is a town", _place("name", "town")),
    Column("District", "the same, if it is a second-level division", _place("name", "admin2")),
    Column("Province", "first-level division", _place("admin1")),
    Column("Country", "where it happened, ISO 3166 alpha-3", _country_name),
    Column(
        "Latitude",
        "of what Feature Type says; empty for a country",
        lambda one: (_point(one) or (None, None))[0],
        Kind.NUMBER,
        "degrees, WGS84",
    ),
    Column(
        "Longitude",
        "of what Feature Type says; empty for a country",
        lambda one: (_point(one) or (None, None))[1],
        Kind.NUMBER,
        "degrees, WGS84",
    ),
    Column("GeoNames ID", "of the place", _place("geonameid"), Kind.WHOLE),
    Column(
        "Raw Placename",
        "the words of the report",
        lambda one: one.words(one.claim.place.span) if one.claim.place else None,
    ),
    Column("Feature Type", "Sayso's precision: town, admin2, admin1, country, area", _precision),
    Column("Source", "outlet", lambda one: one.report.outlet),
    Column(
        "Publication Date",
        "day of publication",
        lambda one: one.report.published.isoformat() if one.report.published else None,
        unit="day",
    ),
    Column("Story People", "empty"),
    Column("Story Organizations", "empty"),
    Column("Story Locations", "empty"),
    Column("Language", "ISO 639 code", lambda one: one.report.language),
    Column("Version", "Sayso", lambda _: "Sayso"),
)


def _told(one: Told, _: Options) -> Iterable[Told]:
    if one.claim.status in (Status.ACTUAL, Status.ALLEGED) and not one.claim.historical:
        yield one


POLECAT = Format(
    "polecat",
    "POLECAT-like, tab-separated",
    "Claims in the 40 columns of POLECAT's files; one row a claim that is told as having happened.",
    Grain.CLAIM,
    (
        File(
            "polecat-like.tsv",
            "text/tab-separated-values",
            "one row a claim, newest report first",
            POLECAT_COLUMNS,
            tables.table_of(tables.Tabs, claims=_told),
            {"delimiter": "\t", "quoteChar": None},
        ),
    ),
    (
        "Who says so, all numbers, the sentence: the layout has no room for them.",
        "Claims that are planned, supposed, denied or background are left out.",
        "Of several actors or recipients, name and country of the first only.",
        "Contexts, titles, Wikipedia ids and what else the story names stay empty.",
        "Tabs and line breaks within a cell become spaces.",
    ),
    TERMS,
)
FORMATS = (PLOVER, POLECAT)
