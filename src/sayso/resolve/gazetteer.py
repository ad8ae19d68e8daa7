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


def normal(name: str) -> str:
    """The form in which names are looked up: no accents, no case, hyphens and apostrophes as spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\s\-‐‑–'’`.]+", " ", plain).strip()


_COLUMNS = "p.id, p.name, p.kind, p.country, p.admin1, p.latitude, p.longitude, p.population, p.own_point"


class Gazetteer:
    """Names to entries. Raises `DataError` where the file is missing or is no gazetteer."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise DataError(f"{path}: gazetteer is missing; install Sayso anew")
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            self._db.execute("SELECT 1 FROM names LIMIT 1")
        except sqlite3.DatabaseError as exc:
            raise DataError(f"{path}: not a gazetteer ({exc}); install Sayso anew") from exc
        self.named = lru_cache(maxsize=20_000)(self._named)
        self.division = lru_cache(maxsize=5_000)(self._division)

    def _named(self, name: str) -> tuple[Entry, ...]:
        """Every place of that name (any spelling that `normal` folds together), largest first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS}, n.own FROM names n JOIN places p ON p.id = n.place WHERE n.name = ? ORDER BY p.population DESC, p.id",  # noqa: S608
            (normal(name),),
        )
        return tuple(_entry(row) for row in rows)

    def _division(self, country: str, admin1: str) -> Entry | None:
        """The first-level division of that GeoNames code."""
        row = self._db.execute(
            f"SELECT {_COLUMNS}, 1 FROM divisions d JOIN places p ON p.id = d.place WHERE d.country = ? AND d.admin1 = ?",  # noqa: S608
            (country, admin1),
        ).fetchone()
        return _entry(row) if row else None

    @cache  # noqa: B019 - one gazetteer lives as long as its process
    def country(self, code: str) -> Entry | None:
        """The country of an ISO 3166 alpha-2 code."""
        row = self._db.execute(
            f"SELECT {_COLUMNS}, 1 FROM places p WHERE p.kind = 'country' AND p.country = ?", (code,)
        ).fetchone()  # noqa: S608
        return _entry(row) if row else None


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
