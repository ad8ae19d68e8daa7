"""Claims and incidents as tables: Arrow, pandas and polars, each imported only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from sayso import summary
from sayso.errors import ConfigError
from sayso.layout import COLUMNS, INCIDENT_COLUMNS, incident_row, rows
from sayso.model import Incident, Report, Telling

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow  # type: ignore[import-untyped]

_TYPES = {
    "bool": ("historical",),
    "float64": ("latitude", "longitude", "confidence"),
    "int64": ("geonameid", "count_low", "count_high", "start", "end"),
}
_AT_ONCE = 20_000  # rows of a batch
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Table:
    """What a table of something is: its columns, their types other than text, and the row of one thing."""

    names: tuple[str, ...]
    kinds: Mapping[str, str]
    row: Callable[[Any], Row]


_KINDS = {name: kind for kind, names in _TYPES.items() for name in names}


# --- claims of reports ---


def to_arrow(reports: Iterable[Report]) -> pyarrow.Table:
    """One row a claim, columns as in `layout.COLUMNS`. Raises `ConfigError` where pyarrow is not installed."""
    return _arrow(_READ, (row for report in reports for row in rows(report)))


def to_pandas(reports: Iterable[Report]) -> pandas.DataFrame:
    """The same as a data frame with nullable types, so that a missing count stays missing. Raises `ConfigError` without pandas."""
    return _pandas(_READ, (row for report in reports for row in rows(report)))


# --- claims and incidents of a ledger ---


class _Answer(Protocol):
    """Claims or incidents, as `what` says."""

    what: str

    def __iter__(self) -> Iterator[Any]: ...


def arrow_of(answer: _Answer) -> pyarrow.Table:
    """An Arrow table of what a ledger answered."""
    table = _TABLES[answer.what]
    return _arrow(table, map(table.row, answer))


def pandas_of(answer: _Answer) -> pandas.DataFrame:
    """A pandas data frame of it."""
    table = _TABLES[answer.what]
    return _pandas(table, map(table.row, answer))


def polars_of(answer: _Answer) -> polars.DataFrame:
    """A polars data frame of it. Raises `ConfigError` without polars."""
    try:
        import polars as pl  # noqa: PLC0415 - optional
    except ImportError as exc:
        raise ConfigError("polars data frames need polars: pip install 'sayso[polars]'") from exc
    frame = pl.from_arrow(arrow_of(answer))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _claim(one: Telling) -> Row:
    report = replace(one.report, claims=(one.claim,))
    return {"incident": one.incident, **next(iter(rows(report))), "url": one.report.url, "origin": one.origin}


def _incident(incident: Incident) -> Row:
    return incident_row(incident, summary.summarise(incident.tellings))


_READ = _Table(tuple(name for name, _ in COLUMNS), _KINDS, lambda row: row)
_COUNTED = "geonameid count_low count_best count_high claims reports outlets origins named anonymous"
_TABLES = {
    "claims": _Table(("incident", *_READ.names, "url", "origin"), _KINDS, _claim),
    "incidents": _Table(
        tuple(name for name, _ in INCIDENT_COLUMNS),
        {**dict.fromkeys(("latitude", "longitude"), "float64"), **dict.fromkeys(_COUNTED.split(), "int64")},
        _incident,
    ),
}


# --- tables ---


def _arrow(table: _Table, found: Iterable[Row]) -> pyarrow.Table:
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional
    except ImportError as exc:
        raise ConfigError("Arrow tables need pyarrow: pip install 'sayso[arrow]'") from exc
    schema = pa.schema([(name, pa.type_for_alias(table.kinds.get(name, "string"))) for name in table.names])
    left, batches = iter(found), []
    while some := list(islice(left, _AT_ONCE)):
        batches.append(pa.RecordBatch.from_pylist(some, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def _pandas(table: _Table, found: Iterable[Row]) -> pandas.DataFrame:
    try:
        import pandas as pd  # noqa: PLC0415 - optional
    except ImportError as exc:
        raise ConfigError("data frames need pandas: pip install 'sayso[pandas]'") from exc
    frame = pd.DataFrame(list(found), columns=list(table.names))
    kinds = {"bool": "boolean", "float64": "Float64", "int64": "Int64"}
    return frame.astype({name: kinds[kind] for name, kind in table.kinds.items()})
