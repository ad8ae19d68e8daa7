"""The places that Sayso knows: a read-only SQLite file made from GeoNames (CC BY 4.0) by `tools/pack_gazetteer.py`.

Countries, first- and second-level divisions, towns of the world from 1,000 people up, and every populated place of seven Sahel
countries. Looked up, never loaded: a report costs a few milliseconds and next to no memory.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from sayso.errors import DataError


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. `kind`: country, admin1, admin2 or town; `own_point` is False where the point is the middle of its towns."""

    geonameid: int
    name: str
    kind: str
    country: str
    admin1: str
    latitude: float | None
    longitude: float | None
    population: int
    own_point: bool
    own_name: bool


@lru_cache(maxsize=20_000)
def normal(name: str) -> str:
    """The form in which names are looked up: no accents, no case, hyphens and apostrophes as spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\s\-‐‑–'’`.]+", " ", plain).strip()


# Capitals under the names that GeoNames has for them (countryInfo.txt); none where states dispute which it is (BO, EH, IL, PS).
CAPITALS: Mapping[str, str] = {
    "AD": "Andorra la Vella", "AE": "Abu Dhabi", "AF": "Kabul", "AG": "Saint John’s", "AI": "The Valley", "AL": "Tirana",
    "AM": "Yerevan", "AO": "Luanda", "AR": "Buenos Aires", "AS": "Pago Pago", "AT": "Vienna", "AU": "Canberra",
    "AW": "Oranjestad", "AX": "Mariehamn", "AZ": "Baku", "BA": "Sarajevo", "BB": "Bridgetown", "BD": "Dhaka", "BE": "Brussels",
    "BF": "Ouagadougou", "BG": "Sofia", "BH": "Manama", "BI": "Gitega", "BJ": "Porto-Novo", "BL": "Gustavia", "BM": "Hamilton",
    "BN": "Bandar Seri Begawan", "BR": "Brasília", "BS": "Nassau", "BT": "Thimphu", "BW": "Gaborone", "BY": "Minsk",
    "BZ": "Belmopan", "CA": "Ottawa", "CC": "West Island", "CD": "Kinshasa", "CF": "Bangui", "CG": "Brazzaville", "CH": "Bern",
    "CI": "Yamoussoukro", "CK": "Avarua", "CL": "Santiago", "CM": "Yaoundé", "CN": "Beijing", "CO": "Bogotá", "CR": "San José",
    "CU": "Havana", "CV": "Praia", "CW": "Willemstad", "CX": "Flying Fish Cove", "CY": "Nicosia", "CZ": "Prague", "DE": "Berlin",
    "DJ": "Djibouti", "DK": "Copenhagen", "DM": "Roseau", "DO": "Santo Domingo", "DZ": "Algiers", "EC": "Quito", "EE": "Tallinn",
    "EG": "Cairo", "ER": "Asmara", "ES": "Madrid", "ET": "Addis Ababa", "FI": "Helsinki", "FJ": "Suva", "FK": "Stanley",
    "FM": "Palikir", "FO": "Tórshavn", "FR": "Paris", "GA": "Libreville", "GB": "London", "GD": "Saint George's", "GE": "Tbilisi",
    "GF": "Cayenne", "GG": "Saint Peter Port", "GH": "Accra", "GI": "Gibraltar", "GL": "Nuuk", "GM": "Banjul", "GN": "Conakry",
    "GP": "Basse-Terre", "GQ": "Malabo", "GR": "Athens", "GS": "Grytviken", "GT": "Guatemala City", "GU": "Hagåtña",
    "GW": "Bissau", "GY": "Georgetown", "HK": "Hong Kong", "HN": "Tegucigalpa", "HR": "Zagreb", "HT": "Port-au-Prince",
    "HU": "Budapest", "ID": "Jakarta", "IE": "Dublin", "IM": "Douglas", "IN": "New Delhi", "IQ": "Baghdad", "IR": "Tehran",
    "IS": "Reykjavík", "IT": "Rome", "JE": "Saint Helier", "JM": "Kingston", "JO": "Amman", "JP": "Tokyo", "KE": "Nairobi",
    "KG": "Bishkek", "KH": "Phnom Penh", "KI": "Tarawa", "KM": "Moroni", "KN": "Basseterre", "KP": "Pyongyang", "KR": "Seoul",
    "XK": "Pristina", "KW": "Kuwait City", "KY": "George Town", "KZ": "Astana", "LA": "Vientiane", "LB": "Beirut",
    "LC": "Castries", "LI": "Vaduz", "LK": "Colombo", "LR": "Monrovia", "LS": "Maseru", "LT": "Vilnius", "LU": "Luxembourg",
    "LV": "Riga", "LY": "Tripoli", "MA": "Rabat", "MC": "Monaco", "MD": "Chisinau", "ME": "Podgorica", "MF": "Marigot",
    "MG": "Antananarivo", "MH": "Majuro", "MK": "Skopje", "ML": "Bamako", "MM": "Nay Pyi Taw", "MN": "Ulan Bator", "MO": "Macau",
    "MP": "Saipan", "MQ": "Fort-de-France", "MR": "Nouakchott", "MS": "Plymouth", "MT": "Valletta", "MU": "Port Louis",
    "MV": "Male", "MW": "Lilongwe", "MX": "Mexico City", "MY": "Kuala Lumpur", "MZ": "Maputo", "NA": "Windhoek", "NC": "Nouméa",
    "NE": "Niamey", "NF": "Kingston", "NG": "Abuja", "NI": "Managua", "NL": "Amsterdam", "NO": "Oslo", "NP": "Kathmandu",
    "NR": "Yaren", "NU": "Alofi", "NZ": "Wellington", "OM": "Muscat", "PA": "Panama City", "PE": "Lima", "PF": "Papeete",
    "PG": "Port Moresby", "PH": "Manila", "PK": "Islamabad", "PL": "Warsaw", "PM": "Saint-Pierre", "PN": "Adamstown",
    "PR": "San Juan", "PT": "Lisbon", "PW": "Melekeok", "PY": "Asunción", "QA": "Doha", "RE": "Saint-Denis", "RO": "Bucharest",
    "RS": "Belgrade", "RU": "Moscow", "RW": "Kigali", "SA": "Riyadh", "SB": "Honiara", "SC": "Victoria", "SD": "Khartoum",
    "SS": "Juba", "SE": "Stockholm", "SG": "Singapore", "SH": "Jamestown", "SI": "Ljubljana", "SJ": "Longyearbyen",
    "SK": "Bratislava", "SL": "Freetown", "SM": "San Marino", "SN": "Dakar", "SO": "Mogadishu", "SR": "Paramaribo",
    "ST": "São Tomé", "SV": "San Salvador", "SX": "Philipsburg", "SY": "Damascus", "SZ": "Mbabane", "TC": "Cockburn Town",
    "TD": "N'Djamena", "TF": "Port-aux-Français", "TG": "Lomé", "TH": "Bangkok", "TJ": "Dushanbe", "TL": "Dili", "TM": "Ashgabat",
    "TN": "Tunis", "TO": "Nuku‘alofa", "TR": "Ankara", "TT": "Port of Spain", "TV": "Funafuti", "TW": "Taipei", "TZ": "Dodoma",
    "UA": "Kyiv", "UG": "Kampala", "US": "Washington", "UY": "Montevideo", "UZ": "Tashkent", "VA": "Vatican City",
    "VC": "Kingstown", "VE": "Caracas", "VG": "Road Town", "VI": "Charlotte Amalie", "VN": "Hanoi", "VU": "Port-Vila",
    "WF": "Mata-Utu", "WS": "Apia", "YE": "Sanaa", "YT": "Mamoudzou", "ZA": "Pretoria", "ZM": "Lusaka", "ZW": "Harare",
}  # fmt: skip

_SELECT = "SELECT p.id, p.name, p.kind, p.country, p.admin1, p.latitude, p.longitude, p.population, p.own_point"
_NAMED = (
    f"{_SELECT}, n.own FROM names n JOIN places p ON p.id = n.place WHERE n.name = ? ORDER BY p.population DESC, p.id"
)
_DIVISION = f"{_SELECT}, 1 FROM divisions d JOIN places p ON p.id = d.place WHERE d.country = ? AND d.admin1 = ?"
_COUNTRY = f"{_SELECT}, 1 FROM places p WHERE p.kind = 'country' AND p.country = ?"


class Gazetteer:
    """Names to entries. Raises `DataError` where the file is missing or is no gazetteer."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise DataError(f"{path}: gazetteer is missing; install Sayso anew")
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            self._db.execute("SELECT 1 FROM names, places, divisions LIMIT 1")
        except sqlite3.DatabaseError as exc:
            self._db.close()
            raise DataError(f"{path}: not a gazetteer ({exc}); install Sayso anew") from exc
        self.named = lru_cache(maxsize=20_000)(self._named)
        self.division = lru_cache(maxsize=5_000)(self._division)
        self.country = lru_cache(maxsize=300)(self._country)
        self.capital = lru_cache(maxsize=300)(self._capital)
        self.division_size = lru_cache(maxsize=300)(self._division_size)

    def _named(self, name: str) -> tuple[Entry, ...]:
        """Every place of that name (any spelling that `normal` folds together), largest first."""
        return tuple(_entry(row) for row in self._db.execute(_NAMED, (normal(name),)))

    def _division(self, country: str, admin1: str) -> Entry | None:
        """The first-level division of that GeoNames code."""
        row = self._db.execute(_DIVISION, (country, admin1)).fetchone()
        return _entry(row) if row else None

    def _country(self, code: str) -> Entry | None:
        """The country of an ISO 3166 alpha-2 code."""
        row = self._db.execute(_COUNTRY, (code,)).fetchone()
        return _entry(row) if row else None

    def _capital(self, code: str) -> Entry | None:
        """The capital of a country; None where there is none, or where it is disputed which it is."""
        towns = self.named(CAPITALS.get(code, ""))
        return next((entry for entry in towns if entry.country == code and entry.kind == "town"), None)

    def _division_size(self, country: str) -> int:
        """People in a first-level division of the country on average; GeoNames does not say how many live in each."""
        divisions = self._db.execute("SELECT COUNT(*) FROM divisions WHERE country = ?", (country,)).fetchone()[0]
        entry = self.country(country)
        return entry.population // divisions if entry and divisions else 0


def _entry(row: tuple[int, str, str, str, str, float | None, float | None, int, int, int]) -> Entry:
    return Entry(*row[:8], own_point=bool(row[8]), own_name=bool(row[9]))


@cache
def default() -> Gazetteer:
    """The gazetteer that ships with Sayso."""
    with resources.as_file(resources.files("sayso.data") / "gazetteer.db") as path:
        return Gazetteer(Path(path))


@cache
def areas() -> Mapping[str, str]:
    """Areas that have a name and no point: normal name -> ISO country, or "" where several."""
    text = resources.files("sayso.data").joinpath("areas.toml").read_text("utf-8")
    found: dict[str, str] = tomllib.loads(text)["areas"]
    return found
