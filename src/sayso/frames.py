"""Claims as tables: Arrow and pandas, each imported only when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sayso.errors import ConfigError
from sayso.layout import COLUMNS, rows
from sayso.model import Report

if TYPE_CHECKING:
    import pandas
    import pyarrow  # type: ignore[import-untyped]

_TYPES = {
    "bool": ("historical",),
    "float64": ("latitude", "longitude", "confidence"),
    "int64": ("geonameid", "count_low", "count_high", "start", "end"),
}


def to_arrow(reports: Iterable[Report]) -> pyarrow.Table:
    """One row a claim, columns as in `layout.COLUMNS`. Raises `ConfigError` where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional
    except ImportError as exc:
        raise ConfigError("Arrow tables need pyarrow: pip install 'sayso[arrow]'") from exc
    kinds: dict[str, Any] = {name: kind for kind, names in _TYPES.items() for name in names}
    schema = pa.schema([(name, pa.type_for_alias(kinds.get(name, "string"))) for name, _ in COLUMNS])
    return pa.Table.from_pylist([row for report in reports for row in rows(report)], schema=schema)


def to_pandas(reports: Iterable[Report]) -> pandas.DataFrame:
    """The same as a data frame with nullable types, so that a missing count stays missing. Raises `ConfigError` without pandas."""
    try:
        import pandas as pd  # noqa: PLC0415 - optional
    except ImportError as exc:
        raise ConfigError("data frames need pandas: pip install 'sayso[pandas]'") from exc
    frame = pd.DataFrame([row for report in reports for row in rows(report)], columns=[name for name, _ in COLUMNS])
    kinds = {"bool": "boolean", "float64": "Float64", "int64": "Int64"}
    return frame.astype({name: kinds[kind] for kind, names in _TYPES.items() for name in names})
