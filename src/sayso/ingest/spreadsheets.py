"""Reports in a table: CSV or tab-separated, a report a row, its columns called as the keys of JSON are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from sayso.errors import InputError

LARGEST_ROW = 20_000_000  # bytes of a line, characters of a cell: as long as a report may be
_DELIMITERS = (",", ";", "\t", "|")


def records(stream: BinaryIO) -> Iterator[tuple[int, dict[str, str] | InputError]]:
    """The number of the line on which each row ends, and its cells by column; an error for a row that is damaged.

    Raises `InputError` where there is no header, or no column that can hold a text.
    """
    csv.field_size_limit(LARGEST_ROW)
    lines = _lines(stream)
    head = next(lines, "")
    delimiter = max(_DELIMITERS, key=head.count)
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    if not {"text", "body", "content"} & set(names):
        raise InputError('no column is called "text" (or "body", "content"); the first line names the columns')
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader, None)
        except (csv.Error, InputError) as exc:
            yield reader.line_num + 1, InputError(f"a damaged row: {exc}")
            continue
        if row is None:
            return
        if row and len(row) != len(names):
            yield reader.line_num + 1, InputError(f"a row of {len(row)} cells; the first line names {len(names)}")
        elif any(cell.strip() for cell in row):
            yield reader.line_num + 1, dict(zip(names, row, strict=True))


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines as text; a line that is not UTF-8 is read as Windows-1252, one that is too long ends the file."""
    first = True
    while line := stream.readline(LARGEST_ROW + 1):
        if len(line) > LARGEST_ROW:
            raise InputError(f"a line is longer than {LARGEST_ROW:,} bytes")
        if first:
            line, first = line.removeprefix(b"\xef\xbb\xbf"), False
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            yield line.decode("cp1252", "replace")
