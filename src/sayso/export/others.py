"""Events that others coded, read from their files: ACLED's and UCDP's CSV, and ours in their layouts."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import InputError
from sayso.export import codes, ucdp

_LARGEST = 2**24  # characters of a cell
_DAYS = ("%d %B %Y", "%d-%B-%Y", "%d-%b-%Y")  # how ACLED wrote days over the years, beside ISO 8601
_VIOLENCE = {"1": "state-based", "2": "non-state", "3": "one-sided"}


@dataclass(frozen=True, slots=True)
class Coded:
    """One event as somebody else coded it: days, country (ISO 3166 alpha-2), place, point, and their type."""

    id: str
    first: dt.date
    last: dt.date
    country: str | None
    place: str | None
    point: tuple[float, float] | None
    type: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a coder's rows are read. `knows` are columns by which a file is recognised; `types` is whether its types are ACLED's."""

    name: str
    knows: tuple[str, ...]
    read: Callable[[Mapping[str, str]], Coded]


def read(path: Path) -> tuple[Layout, list[Coded], list[InputError]]:
    """The layout of a file, its events, and the rows that could not be read.

    Raises `InputError` for a file that cannot be read or is in no layout that is known.
    """
    csv.field_size_limit(_LARGEST)
    events: list[Coded] = []
    failed: list[InputError] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            layout, rows = _recognised(lines, path)
            for number, row in rows:
                try:
                    events.append(layout.read(row))
                except (ValueError, KeyError) as exc:
                    failed.append(InputError(f"cannot be read as {layout.name}: {exc}", source=f"{path}:{number}"))
    except OSError as exc:
        raise InputError(f"cannot be read: {exc.strerror or exc}", source=str(path)) from exc
    except (UnicodeDecodeError, csv.Error) as exc:
        raise InputError(f"no CSV in UTF-8: {exc}", source=str(path)) from exc
    return layout, events, failed


def _recognised(lines: Iterator[str], path: Path) -> tuple[Layout, Iterator[tuple[int, Mapping[str, str]]]]:
    head = next(lines, "")
    delimiter = max((",", ";", "\t"), key=head.count)
    names = next(csv.reader([head], delimiter=delimiter), [])
    for layout in LAYOUTS:
        if set(layout.knows) <= set(names):
            return layout, _rows(csv.reader(lines, delimiter=delimiter), names, 2)
    if len(names) == len(ucdp.COLUMNS):  # UCDP has published files without a header
        whole = csv.reader((line for part in ([head], lines) for line in part), delimiter=delimiter)
        return LAYOUTS[1], _rows(whole, [column.name for column in ucdp.COLUMNS], 1)
    wanted = " or ".join(f"{layout.name} ({', '.join(layout.knows)})" for layout in LAYOUTS)
    raise InputError(f"its first line has not the columns of {wanted}", source=str(path))


def _rows(reader: Iterator[list[str]], names: Sequence[str], first: int) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, row in enumerate(reader, first):
        if row and not row[0].startswith("#"):  # a row of HXL tags
            yield number, dict(zip(names, row, strict=False))


def _acled(row: Mapping[str, str]) -> Coded:
    day = _day(row["event_date"])
    precision = row.get("time_precision") or "1"
    if precision == "2":
        first, last = day, day + dt.timedelta(days=6)
    elif precision == "3":
        first, last = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    else:
        first = last = day
    exact = row.get("geo_precision") != "3"
    kind, point = row["event_type"], _point(row.get("latitude"), row.get("longitude")) if exact else None
    return Coded(
        row["event_id_cnty"], first, last, codes.by_name(row["country"]), row.get("location") or None, point, kind
    )


def _ucdp(row: Mapping[str, str]) -> Coded:
    first, last = (_day(row[name][:10]) for name in ("date_start", "date_end"))
    exact = row.get("where_prec", "") in ("1", "2", "3")
    point = _point(row.get("latitude"), row.get("longitude")) if exact else None
    kind, place = _VIOLENCE.get(row["type_of_violence"], ""), row.get("where_coordinates") or None
    return Coded(row["id"], first, last, codes.by_name(row["country"]), place, point, kind)


def _day(said: str) -> dt.date:
    for form in ("%Y-%m-%d", *_DAYS):
        try:
            return dt.datetime.strptime(said.strip(), form).date()
        except ValueError:
            continue
    raise ValueError(f"{said!r} is no day")


def _point(latitude: str | None, longitude: str | None) -> tuple[float, float] | None:
    return (float(latitude), float(longitude)) if latitude and longitude else None


LAYOUTS = (
    Layout("ACLED", ("event_id_cnty", "event_date", "event_type", "country"), _acled),
    Layout("UCDP GED", ("id", "type_of_violence", "date_start", "date_end", "country"), _ucdp),
)
