"""Shapes and names of countries, unpacked once: what the map draws and what pages call a country."""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """A country's outline on the plane of the map: its code (None where it has none), an SVG path, and the box around it."""

    code: str | None
    name: str
    box: tuple[float, float, float, float]
    path: str


@dataclass(frozen=True, slots=True)
class World:
    """The plane is `wide` by `high`; `coarse` shapes are for the whole of it, `fine` ones for looking closer."""

    wide: int
    high: int
    north: float
    names: dict[str, str]
    coarse: tuple[Shape, ...]
    fine: tuple[Shape, ...]

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point of the earth is on the plane (Miller's projection, as the shapes were packed)."""
        scale = self.wide / (2 * math.pi)
        return (longitude + 180) * self.wide / 360, (_miller(self.north) - _miller(latitude)) * scale

    def of(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a point of the plane."""
        merc = _miller(self.north) - y * 2 * math.pi / self.wide
        latitude = math.degrees(2.5 * (math.atan(math.exp(0.8 * merc)) - math.pi / 4))
        return latitude, x * 360 / self.wide - 180


def _miller(latitude: float) -> float:
    return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(latitude)))


@cache
def world() -> World:
    """The map of the world that ships with Sayso."""
    packed = json.loads(gzip.decompress(resources.files("sayso.data").joinpath("world.json.gz").read_bytes()))
    return World(
        packed["wide"],
        packed["high"],
        packed["north"],
        packed["names"],
        _shapes(packed["coarse"]),
        _shapes(packed["fine"]),
    )


def _shapes(rows: list[dict[str, Any]]) -> tuple[Shape, ...]:
    return tuple(Shape(row["code"], row["name"], tuple(row["box"]), row["path"]) for row in rows)
