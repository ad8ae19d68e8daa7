"""Countries as other data sets call them, and ids made of digests."""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

_DIGITS = 13  # hexadecimal: 52 bits, which a spreadsheet and JavaScript still hold exactly


@dataclass(frozen=True, slots=True)
class Country:
    """One country: ISO 3166 codes, English name, FIPS 10-4, Correlates of War, Gleditsch and Ward, and others' regions.

    A code that there is not is None; a region is empty where none is known.
    """

    iso2: str
    iso3: str
    isonum: int | None
    name: str
    fips: str | None
    cow: int | None
    gw: int | None
    acled_region: str | None
    ucdp_region: str | None


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


@functools.cache
def countries() -> Mapping[str, Country]:
    """All countries by ISO 3166 alpha-2."""
    with resources.files("sayso.data").joinpath("country_codes.tsv").open("r", encoding="utf-8") as lines:
        return {
            row["iso2"]: Country(
                row["iso2"],
                row["iso3"],
                _number(row["isonum"]),
                row["name"],
                row["fips"] or None,
                _number(row["cow"]),
                _number(row["gw"]),
                row["acled_region"] or None,
                row["ucdp_region"] or None,
            )
            for row in csv.DictReader(lines, delimiter="\t")
        }


def country(code: str | None) -> Country | None:
    """The country of an ISO 3166 alpha-2 code, None where there is none."""
    return countries().get(code) if code else None


def by_name(said: str) -> str | None:
    """ISO 3166 alpha-2 of an English name or a code of three letters, None where it is neither."""
    return _names().get(said.strip().casefold())


@functools.cache
def _names() -> Mapping[str, str]:
    listed = {name.casefold(): one.iso2 for one in countries().values() for name in (one.name, one.iso3)}
    return {spelt.casefold(): code for spelt, code in _SPELT.items()} | listed


# How ACLED, UCDP and the Cline Center spell countries that GeoNames spells otherwise.
_SPELT = {
    "Bosnia-Herzegovina": "BA",
    "Cambodia (Kampuchea)": "KH",
    "Cape Verde": "CV",
    "Congo": "CG",
    "Cote d'Ivoire": "CI",
    "Czechia": "CZ",
    "DR Congo (Zaire)": "CD",
    "East Timor": "TL",
    "eSwatini": "SZ",
    "Gambia": "GM",
    "Kingdom of eSwatini (Swaziland)": "SZ",
    "Macedonia": "MK",
    "Madagascar (Malagasy)": "MG",
    "Myanmar (Burma)": "MM",
    "Palestine": "PS",
    "Republic of Congo": "CG",
    "Republic of Korea": "KR",
    "Republic of the Congo": "CG",
    "Rumania": "RO",
    "Russia (Soviet Union)": "RU",
    "Serbia (Yugoslavia)": "RS",
    "Surinam": "SR",
    "Swaziland": "SZ",
    "Turkey": "TR",
    "United Kingdom": "GB",
    "United States of America": "US",
    "Yemen (North Yemen)": "YE",
    "Zimbabwe (Rhodesia)": "ZW",
}


def digest(*parts: object) -> str:
    """Sixteen hexadecimal digits that depend on the parts and nothing else."""
    return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()[:16]


def number(*parts: object) -> int:
    """A whole number for layouts that want one as an id: the first 52 bits of the SHA-256 of the parts."""
    return int(digest(*parts)[:_DIGITS], 16)
