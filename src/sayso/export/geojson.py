"""Incidents on a map: GeoJSON, one feature an incident, without a point where none is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from sayso.export.declared import Column, File, Format, Grain, Kind, Options, Sink, cells
from sayso.export.event import Event
from sayso.export.rows import INCIDENT_COLUMNS, TERMS
from sayso.model import Precision

_STANDS_FOR = {
    Precision.TOWN: "a town: the point is GeoNames' for it",
    Precision.ADMIN2: "a second-level division: the point is GeoNames' for it, the event can be anywhere in it",
    Precision.ADMIN1: "a first-level division: the point is GeoNames' for it, the event can be anywhere in it",
    Precision.COUNTRY: "a country: no point, the event can be anywhere in it",
    Precision.AREA: "an area without known bounds: no point",
}
_OWN = tuple(column for column in INCIDENT_COLUMNS if column.name not in ("latitude", "longitude"))


def stands_for(event: Event) -> str:
    """What the geometry of an incident stands for, or why it has none."""
    if event.place is not None:
        return _STANDS_FOR[event.place.precision]
    return _STANDS_FOR[Precision.COUNTRY] if event.country else "no place is named: no point"


PROPERTIES = (*_OWN, Column("stands_for", "what the point stands for, or why there is none", stands_for))


def feature(event: Event) -> dict[str, Any]:
    """One incident; its geometry is null where no more than its country is known."""
    point = event.point
    return {
        "type": "Feature",
        "id": event.id,
        "geometry": {"type": "Point", "coordinates": [point[1], point[0]]} if point else None,
        "properties": dict(zip((column.name for column in PROPERTIES), cells(PROPERTIES, event), strict=True)),
    }


class Features(Sink):
    """A FeatureCollection, a feature a line."""

    def __init__(self, path: Path) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8", newline="")
        self._stream.write('{"type": "FeatureCollection", "features": [')
        self._between = "\n"

    def incident(self, event: Event) -> None:
        """One line."""
        self._stream.write(self._between + json.dumps(feature(event), ensure_ascii=False))
        self._between = ",\n"

    def close(self) -> None:
        """Finishes the file."""
        self._stream.write("\n]}\n")
        self._stream.close()


def _opened(_: File, path: Path, __: Options) -> Sink:
    return Features(path)


FORMAT = Format(
    "geojson",
    "GeoJSON",
    (
        "Incidents as features for maps (RFC 7946). Each says what its point stands for; where no more than a country "
        "is known there is no point, "
        "and the geometry is null."
    ),
    Grain.INCIDENT,
    (
        File(
            "incidents.geojson",
            "application/geo+json",
            "one feature an incident, its properties the columns of incidents",
            (Column("geometry", "point, WGS84; null for a country or an area", kind=Kind.OBJECT), *PROPERTIES),
            _opened,
        ),
    ),
    ("Who gave which number: export claims beside it.", "Other places that claims name are listed by name only."),
    TERMS,
    "as asked for with --counts; without it the range of all numbers that stand",
)
