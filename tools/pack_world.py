"""Packs the shapes of countries for the desk's map, and the names that the desk calls countries by, into one small file.

    npm pack world-atlas && tar xzf world-atlas-2.0.2.tgz
    python tools/pack_world.py package

The shapes are Natural Earth's (public domain) as world-atlas carries them, projected after Miller onto a plane 3,600 wide; each
arc is thinned once, so that neighbours keep one border. Names are those of the gazetteer.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sqlite3
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src/sayso/data"
WIDE = 3600
NORTH, SOUTH = 83.7, -56.0
COARSE, FINE = ("countries-110m.json", 0.5, 0), ("countries-50m.json", 0.35, 1)  # file, what may be lost, decimals
# ISO 3166 numbers that are not in the table of codes, by Natural Earth's name.
UNNUMBERED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Siachen Glacier": None, "Indian Ocean Ter.": None}
Point = tuple[float, float]


def project(longitude: float, latitude: float) -> Point:
    """Miller's projection, the left upper corner of the map being (0, 0)."""
    return (longitude + 180) * WIDE / 360, (miller(NORTH) - miller(latitude)) * WIDE / (2 * math.pi)


def miller(latitude: float) -> float:
    latitude = max(SOUTH, min(NORTH, latitude))
    return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(latitude)))


def arcs_of(topology: dict[str, Any], lost: float, decimals: int) -> list[list[Point]]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(project(x * sx + tx, y * sy + ty))
        found.append([(round(px, decimals), round(py, decimals)) for px, py in thinned(points, lost)])
    return found


def thinned(points: list[Point], lost: float) -> list[Point]:
    """Points without those that lie within `lost` of the line between their neighbours (Douglas and Peucker)."""
    keep, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, at = 0.0, 0
        for index in range(first + 1, last):
            distance = off_line(points[index], points[first], points[last])
            if distance > far:
                far, at = distance, index
        if far > lost:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [points[index] for index in sorted(keep)]


def off_line(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    if dx == dy == 0:
        return math.hypot(x - x1, y - y1)
    along = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)))
    return math.hypot(x - x1 - along * dx, y - y1 - along * dy)


def path_of(geometry: dict[str, Any], arcs: list[list[Point]], decimals: int) -> tuple[str, list[float]]:
    """An SVG path in steps, and the box around it."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    pieces: list[str] = []
    box = [math.inf, math.inf, -math.inf, -math.inf]
    for ring in (ring for polygon in polygons for ring in polygon):
        points = unwrapped(joined(ring, arcs))
        if len(points) < 4:
            continue
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        shifts = [0, WIDE] if left < 0 else [0, -WIDE] if right > WIDE else [0]  # the map's edge cuts what sticks out
        pieces += [steps([(x + shift, y) for x, y in points], decimals) for shift in shifts]
        ys = [y for _, y in points]
        left, right = (0, WIDE) if len(shifts) > 1 else (left, right)
        box = [min(box[0], left), min(box[1], *ys), max(box[2], right), max(box[3], *ys)]
    return "".join(pieces), [round(side, 1) for side in box]


def unwrapped(points: list[Point]) -> list[Point]:
    """A ring over the 180th meridian in one piece, sticking out of the map on one side."""
    found, shift = points[:1], 0
    for (before, _), (x, y) in pairwise(points):
        shift += WIDE if before - x > WIDE / 2 else -WIDE if x - before > WIDE / 2 else 0
        found.append((x + shift, y))
    return found


def joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += [point for point in arc if not points or point != points[-1]]
    return points


def steps(points: list[Point], decimals: int) -> str:
    x, y = points[0]
    said = [f"M{short(x, decimals)} {short(y, decimals)}l"]
    for px, py in points[1:-1]:
        said.append(f"{short(px - x, decimals)} {short(py - y, decimals)}")
        x, y = px, py
    return said[0] + " ".join(said[1:]).replace(" -", "-") + "z"


def short(number: float, decimals: int) -> str:
    said = f"{number:.{decimals}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said.replace("0.", ".", 1) if said.startswith(("0.", "-0.")) else said


def shapes(folder: Path, file: str, lost: float, decimals: int, codes: dict[str, str]) -> list[dict[str, Any]]:
    topology = json.loads((folder / file).read_text("utf-8"))
    arcs = arcs_of(topology, lost, decimals)
    found = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        path, box = path_of(geometry, arcs, decimals)
        if name == "Antarctica" or not path:
            continue
        code = UNNUMBERED[name] if name in UNNUMBERED else codes.get(geometry.get("id", ""))
        found.append({"code": code, "name": name, "box": box, "path": path})
    return found


def numbers() -> dict[str, str]:
    """ISO 3166 numbers to codes of two letters."""
    import pycountry  # noqa: PLC0415 - only this script needs it

    return {country.numeric: country.alpha_2 for country in pycountry.countries}


def names() -> dict[str, str]:
    with sqlite3.connect(f"file:{DATA / 'gazetteer.db'}?mode=ro", uri=True) as gazetteer:
        return dict(sorted(gazetteer.execute("SELECT country, name FROM places WHERE kind = 'country'").fetchall()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("atlas", type=Path, help="the folder of the package world-atlas")
    folder = parser.parse_args().atlas
    codes = numbers()
    height = (miller(NORTH) - miller(SOUTH)) * WIDE / (2 * math.pi)
    packed = {
        "wide": WIDE,
        "high": round(height),
        "north": NORTH,
        "names": names(),
        "coarse": shapes(folder, *COARSE, codes),
        "fine": shapes(folder, *FINE, codes),
    }
    written = json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode()
    (DATA / "world.json.gz").write_bytes(gzip.compress(written, 9, mtime=0))
    print(f"{len(packed['coarse'])} and {len(packed['fine'])} shapes, {len(written):,} bytes")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
