"""Rows to files: CSV, tab-separated, JSON Lines, Parquet and Excel, each a row at a time and the same to the byte every time."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from sayso.errors import ConfigError, ExportError
from sayso.export.declared import TYPES, Column, File, Kind, Options, Sink, cells
from sayso.export.event import Event
from sayso.export.told import Told
from sayso.layout import defused

_PARQUET_ROWS = 20_000  # in a group: some tens of megabytes of claims
_SHEET_ROWS = 1_000_000  # of Excel's 1,048,576
_SHEET_CELL = 32_767  # characters that Excel takes
_EPOCH = dt.datetime(
    2000, 1, 1, tzinfo=dt.UTC
)  # a workbook wants to know when it was made; that would make no two alike

Rows = Callable[[Any, Options], Iterable[Any]]


class Table(Protocol):
    """A file of rows that is being written."""

    def write(self, row: Sequence[object]) -> None:
        """One more row."""

    def close(self) -> None:
        """No more rows."""

    def abandon(self) -> None:
        """Lets go of a file that nobody will see."""


Make = Callable[[Path, File, Options], Table]


class TableSink(Sink):
    """Rows of claims or of incidents into a table; a cell that is not what its column declares ends the export."""

    def __init__(
        self, table: Table, file: File, *, claims: Rows | None, incidents: Rows | None, options: Options
    ) -> None:
        self._table = table
        self._file = file
        self._claims = claims
        self._incidents = incidents
        self._options = options
        self.hears = {name for name, rows in (("claim", claims), ("incident", incidents)) if rows is not None}

    def claim(self, one: Told) -> None:
        """The rows of a claim."""
        if self._claims is not None:
            self._write(self._claims(one, self._options))

    def incident(self, event: Event) -> None:
        """The rows of an incident."""
        if self._incidents is not None:
            self._write(self._incidents(event, self._options))

    def _write(self, rows: Iterable[Any]) -> None:
        for row in rows:
            made = cells(self._file.columns, row)
            check_cells(self._file, made)
            self._table.write(made)

    def close(self) -> None:
        """Finishes the file."""
        self._table.close()

    def abandon(self) -> None:
        """Lets go of it."""
        self._table.abandon()


def check_cells(file: File, made: Sequence[object]) -> None:
    """Raises `ExportError` for a cell that is not of the kind that its column declares, or that must not be empty."""
    for column, cell in zip(file.columns, made, strict=True):
        if cell is None:
            if column.required:
                raise ExportError(f"{file.name}: {column.name} is empty")
        elif not isinstance(cell, TYPES[column.kind]) or (isinstance(cell, bool) and column.kind is not Kind.FLAG):
            raise ExportError(f"{file.name}: {column.name} is no {column.kind}: {cell!r}")


def table_of(
    make: Make, *, claims: Rows | None = None, incidents: Rows | None = None
) -> Callable[[File, Path, Options], Sink]:
    """What opens a file as a table of this kind, with a row a claim or an incident."""

    def opened(file: File, path: Path, options: Options) -> Sink:
        return TableSink(make(path, file, options), file, claims=claims, incidents=incidents, options=options)

    return opened


# --- kinds of tables ---


class Csv:
    """Commas and quotation marks, UTF-8, a header; with ``--hxl`` a row of HXL tags below it."""

    def __init__(self, path: Path, file: File, options: Options, *, mark: bool = False) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="")
        self._writer = csv.writer(self._stream, lineterminator="\n")
        self._writer.writerow([column.name for column in file.columns])
        if options.hxl:
            self._writer.writerow([column.hxl or "" for column in file.columns])

    def write(self, row: Sequence[object]) -> None:
        """One line."""
        self._writer.writerow([defused(cell) for cell in row])

    def close(self) -> None:
        """Finishes the file."""
        self._stream.close()

    abandon = close


def marked_csv(path: Path, file: File, options: Options) -> Csv:
    """CSV that begins with a byte order mark."""
    return Csv(path, file, options, mark=True)


class Tabs:
    """Tab-separated without quotation marks: tabs and line breaks within a cell become spaces."""

    def __init__(self, path: Path, file: File, _: Options) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8", newline="")
        if file.dialect.get("header", True):
            self.write([column.name for column in file.columns])

    def write(self, row: Sequence[object]) -> None:
        """One line."""
        self._stream.write("\t".join("" if cell is None else _one_line(defused(cell)) for cell in row) + "\n")

    def close(self) -> None:
        """Finishes the file."""
        self._stream.close()

    abandon = close


def _one_line(cell: object) -> str:
    return " ".join(str(cell).split()) if isinstance(cell, str) else str(cell)


class Lines:
    """JSON Lines: an object a row, keys as in the columns; what is not known is null."""

    def __init__(self, path: Path, file: File, _: Options) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8", newline="")
        self._names = [column.name for column in file.columns]

    def write(self, row: Sequence[object]) -> None:
        """One line."""
        self._stream.write(json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Finishes the file."""
        self._stream.close()

    abandon = close


class Parquet:
    """Parquet by pyarrow, a group of rows at a time."""

    def __init__(self, path: Path, file: File, _: Options) -> None:
        try:
            import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - optional
            import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415
        except ImportError as exc:
            raise ConfigError("Parquet needs pyarrow: pip install 'sayso[export]'") from exc
        self._batch = pa.RecordBatch
        self._schema = pa.schema([(column.name, _arrow(pa, column)) for column in file.columns])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Sequence[object]] = []
        self._array = pa.array

    def write(self, row: Sequence[object]) -> None:
        """One row, written with its group."""
        self._waiting.append(row)
        if len(self._waiting) == _PARQUET_ROWS:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self._waiting, strict=True) if self._waiting else ()
        arrays = [
            self._array(list(cells), field.type)
            for cells, field in zip(columns, self._schema, strict=bool(self._waiting))
        ]
        if arrays:
            self._writer.write_batch(self._batch.from_arrays(arrays, schema=self._schema))
        self._waiting = []

    def close(self) -> None:
        """Finishes the file."""
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        """Lets go of the file."""
        self._writer.close()


def _arrow(pa: Any, column: Column) -> Any:
    kinds = {Kind.WHOLE: pa.int64, Kind.NUMBER: pa.float64, Kind.FLAG: pa.bool_}
    return kinds.get(column.kind, pa.string)()


class Excel:
    """A workbook by XlsxWriter, row by row; a sheet holds a million rows, a cell 32,767 characters. Nothing in it is a formula."""

    def __init__(self, path: Path, file: File, _: Options) -> None:
        try:
            import xlsxwriter.exceptions  # type: ignore[import-untyped]  # noqa: PLC0415 - optional
        except ImportError as exc:
            raise ConfigError("Excel files need XlsxWriter: pip install 'sayso[export]'") from exc
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": str(path.parent),
            },
        )
        self._book.set_properties({"created": _EPOCH.replace(tzinfo=None)})
        self._refused: type[Exception] = xlsxwriter.exceptions.FileCreateError
        self._head = [column.name for column in file.columns]
        self._name = file.name.partition(".")[0]
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(self._name if self._sheets == 1 else f"{self._name} {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self._put(self._head)

    def write(self, row: Sequence[object]) -> None:
        """One row."""
        if self._row > _SHEET_ROWS:
            self._begin()
        self._put(row)

    def _put(self, row: Sequence[object]) -> None:
        for position, cell in enumerate(row):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, position, str(defused(cell))[:_SHEET_CELL])
            elif isinstance(cell, bool):
                self._sheet.write_boolean(self._row, position, cell)
            elif isinstance(cell, (int, float)):
                self._sheet.write_number(self._row, position, cell)
        self._row += 1

    def close(self) -> None:
        """Finishes the file."""
        try:
            self._book.close()
        except self._refused as exc:  # it wraps what the system said
            self._book.fileclosed = True
            raise (exc.args[0] if exc.args and isinstance(exc.args[0], OSError) else OSError(str(exc))) from exc

    def abandon(self) -> None:
        """Lets go of the files that hold rows until the workbook is put together, which would take long."""
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        self._book.fileclosed = True
