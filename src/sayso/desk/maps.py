"""The map: countries tinted by their claims, towns as points, regions as hatched areas, and a country never as a pin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sayso.desk import words
from sayso.desk.world import Shape, World, world
from sayso.errors import ConfigError
from sayso.ledger.facets import Spot

CLOSEST = 40.0
_FINE_FROM = 3.0  # from this zoom on the finer outlines are drawn
_FIT_CLOSEST = 9.0
_ASPECT = 0.5  # height of the picture by its width
_TINTS = 5
# Half the width of an area that has no outline here, in degrees: an area is drawn as a hatched circle about that large.
_REACH = {"admin1": 0.9, "admin2": 0.35, "area": 2.0}


@dataclass(frozen=True, slots=True)
class View:
    """The part of the map that is seen: its middle, and how many times larger than the whole."""

    latitude: float
    longitude: float
    zoom: float

    @property
    def said(self) -> str:
        """As it stands in addresses: "12.6,-8,5"."""
        return f"{self.latitude:.4g},{self.longitude:.4g},{self.zoom:.3g}"


def view(said: str) -> View:
    """A view from an address. Raises `ConfigError`."""
    try:
        latitude, longitude, zoom = (float(part) for part in said.split(","))
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and 1 <= zoom <= CLOSEST):
            raise ValueError
    except ValueError as exc:
        raise ConfigError(f"{said!r} is no place of the map; write latitude, longitude and zoom as 12.6,-8,5") from exc
    return View(latitude, longitude, zoom)


@dataclass(frozen=True, slots=True)
class Land:
    """A country as it is drawn: `tint` from 0 (nothing told) to 5, `chosen` where the filters keep it."""

    shape: Shape
    name: str
    claims: int
    tint: int
    chosen: bool
    link: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A place as it is drawn: a point for a town, a hatched circle (`area`) for what is known less exactly."""

    spot: Spot
    x: float
    y: float
    radius: float
    area: bool
    chosen: bool
    link: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that the template draws; `box` is the SVG's viewBox, `scale` how many units of the plane a pixel is."""

    view: View
    box: str
    scale: float
    lands: tuple[Land, ...]
    marks: tuple[Mark, ...]

    def zoomed(self, by: float) -> str:
        """The view closer or farther, as it stands in addresses."""
        zoom = min(CLOSEST, max(1.0, self.view.zoom * by))
        return View(self.view.latitude, self.view.longitude, zoom).said


@dataclass(frozen=True, slots=True)
class Links:
    """What clicking a country or place leads to, and which are chosen; no links where it is None."""

    country: Callable[[str], str] | None = None
    place: Callable[[str], str] | None = None
    countries: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def draw(countries: Mapping[str, int], spots: Iterable[Spot], seen: View | None, links: Links) -> Drawn:
    """The map of these counts. Without a view it shows all that there is to see."""
    earth, listed = world(), [spot for spot in spots if spot.precision != "country"]
    seen = seen or fitting(earth, countries, listed)
    wide = earth.wide / seen.zoom
    high = wide * _ASPECT
    x, y = earth.at(seen.latitude, seen.longitude)
    left = min(max(0.0, x - wide / 2), earth.wide - wide)
    top = min(max(0.0, y - high / 2), max(0.0, earth.high - high))
    shapes = earth.coarse if seen.zoom < _FINE_FROM else earth.fine
    most = max(countries.values(), default=1)
    lands = tuple(
        _land(shape, countries.get(shape.code or "", 0), most, links)
        for shape in shapes
        if _meets(shape.box, (left, top, left + wide, top + high))
    )
    scale = wide / 1000
    marks = tuple(_mark(earth, spot, scale, links) for spot in listed)
    return Drawn(seen, f"{left:.1f} {top:.1f} {wide:.1f} {high:.1f}", scale, lands, marks)


def fitting(earth: World, countries: Mapping[str, int], spots: Iterable[Spot]) -> View:
    """The view in which all countries and places with claims are seen, with some room around them."""
    boxes = [
        shape.box for shape in earth.coarse if shape.code in countries and shape.box[2] - shape.box[0] < earth.wide / 2
    ]
    boxes += [(*earth.at(spot.latitude, spot.longitude),) * 2 for spot in spots]
    if not boxes:
        return View(12.0, 10.0, 1.0)
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    room = 1.5
    wide = max((right - left) * room, (bottom - top) * room / _ASPECT, earth.wide / _FIT_CLOSEST)
    latitude, longitude = earth.of((left + right) / 2, (top + bottom) / 2)
    return View(latitude, longitude, max(1.0, earth.wide / wide))


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _land(shape: Shape, claims: int, most: int, links: Links) -> Land:
    tint = 0 if not claims else 1 + min(_TINTS - 1, int(_TINTS * (claims / most) ** 0.5 * 0.999))
    link = links.country(shape.code) if links.country and shape.code and claims else None
    name = words.country(shape.code) if shape.code else shape.name
    return Land(shape, name, claims, tint, shape.code in links.countries, link)


def _mark(earth: World, spot: Spot, scale: float, links: Links) -> Mark:
    x, y = earth.at(spot.latitude, spot.longitude)
    area = spot.precision != "town"
    size = min(22.0, 5.0 + 2.2 * spot.claims**0.5) * scale
    radius = max(size, _REACH.get(spot.precision, 0.5) * earth.wide / 360) if area else size
    key = str(spot.geonameid)
    return Mark(
        spot,
        round(x, 2),
        round(y, 2),
        round(radius, 2),
        area,
        key in links.places,
        links.place(key) if links.place else None,
    )
