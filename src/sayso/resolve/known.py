"""Who is known by name: officials and rulers with their days of office, organisations, armed groups, towns.

Packed by `tools/pack_actors.py` from the PETRARCH-2 dictionaries and REIGN into `data/actors.tsv.gz`. What the lists do
not cover is not said: an office that was open when a list ended gives the country, and the sector only up to that day.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from sayso.errors import DataError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

# The last day that each list can speak of: the dictionaries were made in January 2014, REIGN goes to February 2021.
_COVERED = {"p": "20140130", "r": "20140130", "l": "20210228", "s": "20210228"}


class Fact(NamedTuple):
    """One line of the pack: what a name stands for. `spells` are (sector, first, last day), YYYYMMDD or empty."""

    kind: str
    country: str | None
    spells: tuple[tuple[str, str, str], ...]

    @property
    def ruler(self) -> bool:
        """Whether it names somebody who ruled a country."""
        return self.kind in "rl"

    def sector(self, published: dt.date | None) -> str | None:
        """The sector on the day of publication, ELI after a ruler's last office, None where the list does not say."""
        if self.kind == "o":
            return self.spells[0][0] or None
        if published is None:
            return None
        day = f"{published:%Y%m%d}"
        for sector, start, end in self.spells:
            if (start or day) <= day <= (end or _COVERED[self.kind]):
                return sector or None
        over = self.spells and all(end and end < day for _, _, end in self.spells)
        return "ELI" if over and self.ruler and day <= _COVERED[self.kind] else None

    def in_office(self, published: dt.date | None) -> bool:
        """Whether one of the spells holds the day of publication; open ends hold every later day."""
        day = f"{published:%Y%m%d}" if published else ""
        return not day or any((start or day) <= day <= (end or day) for _, start, end in self.spells)

    def left_office(self, published: dt.date | None) -> bool:
        """Whether a spell was over before the day of publication."""
        day = f"{published:%Y%m%d}" if published else "99999999"
        return any(end and end < day for _, _, end in self.spells)


@cache
def _lines() -> dict[str, str]:
    """Folded name -> its lines, still packed: most are never asked for, and text takes less memory than values."""
    try:
        raw = resources.files("sayso.data").joinpath("actors.tsv.gz").read_bytes()
        text = gzip.decompress(raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise DataError(f"actors.tsv.gz of the package cannot be read: {exc}; reinstall sayso") from exc
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, rest = line.split("\t", 1)
        found[name] = f"{found[name]}\n{rest}" if name in found else rest
    return found


def facts(name: str) -> list[Fact]:
    """All that is known under a folded name, full names and organisations only (see `surnames`)."""
    return [fact for fact in _facts(name) if fact.kind not in "sc"]


def surnames(name: str) -> list[Fact]:
    """The countries that had a ruler of this folded surname, and when."""
    return [fact for fact in _facts(name) if fact.kind == "s"]


def town(name: str) -> str | None:
    """The country of a town or province whose folded name only one country has."""
    countries = [fact.country for fact in _facts(name) if fact.kind == "c"]
    return countries[0] if len(countries) == 1 else None


def _facts(name: str) -> Iterator[Fact]:
    for line in filter(None, _lines().get(name, "").split("\n")):
        kind, country, written = line.split("\t")
        spells = (spell.partition(":") for spell in filter(None, written.split(";")))
        yield Fact(kind, country or None, tuple((sector, *_days(days)) for sector, _, days in spells))


def _days(written: str) -> tuple[str, str]:
    start, _, end = written.partition("-")
    return start, end
