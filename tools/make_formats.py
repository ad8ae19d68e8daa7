"""Writes what `docs/formats.md` says of export formats, from their declarations and from the ledger of `example_ledger.py`.

`make_codebook.py` calls this; run that one.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.example_ledger import ARRESTS, example

from sayso.export import FORMATS, acled, export
from sayso.export.declared import Column, File, Format

# Formats with one and the same columns are told together.
_TOGETHER = {
    "Claims": ("claims.csv", "claims.jsonl", "claims.parquet", "claims.xlsx"),
    "Incidents": ("incidents.csv", "incidents.jsonl", "incidents.parquet", "incidents.xlsx"),
}
_LONGEST = 120  # characters of an example's cell


@functools.cache
def exported() -> dict[str, bytes]:
    """Every file of an export of the example, and of the evidence for the arrests."""
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as book:
        export(book, [name for name, form in FORMATS.items() if not form.one_incident], Path(folder, "all"))
        export(book, ["evidence"], Path(folder, "pack"), incident=ARRESTS)
        files = [path for name in ("pack", "all") for path in Path(folder, name).rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def overview() -> str:
    """All formats, a line each."""
    rows = [
        (
            f"[`{form.name}`](#{_anchor(form)})",
            form.title,
            ", ".join(f"`{file.name}`" for file in form.files),
            f"one a {form.grain}",
        )
        for form in FORMATS.values()
    ]
    return _table(("format", "what it is", "files", "records"), rows)


def _heading(form: Format) -> str:
    return next((title for title, names in _TOGETHER.items() if form.name in names), form.title)


def _anchor(form: Format) -> str:
    kept = "".join(letter for letter in _heading(form).lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def details() -> str:
    """A section a format, or a section of several that have the same columns."""
    together = {name: title for title, names in _TOGETHER.items() for name in names}
    sections: dict[str, list[Format]] = {}
    for form in FORMATS.values():
        sections.setdefault(together.get(form.name, form.title), []).append(form)
    return "\n\n".join(_section(title, forms) for title, forms in sections.items())


def _section(title: str, forms: list[Format]) -> str:
    first = forms[0]
    lost = dict.fromkeys(said for form in forms for said in form.lost)
    parts = [f"### {title}", f"`sayso export {' | '.join(form.name for form in forms)} -o PATH`", first.about]
    if first.count_rule:
        parts.append(f"*Numbers:* {first.count_rule}.")
    if first.name == "acled":
        parts.append(_acled())
    for file in first.files:
        parts += list(_file(first, file, [one.files[0].name for one in forms] if len(forms) > 1 else [file.name]))
    parts.append("*What is lost:*\n\n" + "\n".join(f"- {said}" for said in lost))
    parts.append(f"*Terms:* {first.terms}")
    return "\n\n".join(parts)


def _acled() -> str:
    """How PLOVER's types become ACLED's."""
    rows = (
        (
            " ".join(filter(None, (row["type"], row.get("mode"))))
            + (" without a mode" if row.get("mode") == "" else ""),
            row.get("recipient", ""),
            row["event"],
            row["sub"],
        )
        for row in acled.mapping()["row"]
    )
    return _table(("PLOVER", "recipient", "event type", "sub-event type"), rows)


def _file(form: Format, file: File, names: list[str]) -> Iterator[str]:
    """What a file holds, with the example in it."""
    cells, record = _example(form, file)
    yield f"{', '.join(f'`{name}`' for name in names)}: {file.about}."
    heads = ("column", "type", "what it holds", *(("in the example",) if cells else ()))
    yield _table(heads, (_column(column, cells) for column in file.columns))
    if record:
        yield record


def _column(column: Column, cells: dict[str, str] | None) -> tuple[str, ...]:
    kind = f"{column.kind}, {column.unit}" if column.unit else str(column.kind)
    tag = f" · `{column.hxl}`" if column.hxl else ""
    shown = (_shown(cells.get(column.name, "")),) if cells else ()
    return (f"`{column.name}`", kind, f"{column.about}{tag}", *shown)


def _shown(cell: str) -> str:
    """A cell of the example, on one line and not too long."""
    flat = " ".join(cell.split()).replace("`", "'")
    return f"`{flat[:_LONGEST]}{'…' if len(flat) > _LONGEST else ''}`" if flat else ""


def _example(form: Format, file: File) -> tuple[dict[str, str] | None, str | None]:
    """The example as cells by column where the file is a table, else as a record; neither where it has none."""
    content = exported().get(f"all/{file.name}") or exported()[f"pack/{file.name}"]
    if file.name in ("ro-crate-metadata.json",):
        listing = "\n".join(sorted(name.removeprefix("pack/") for name in exported() if name.startswith("pack/")))
        return None, f"The pack of the arrests:\n\n```\n{listing}\n```"
    if file.media.startswith("text/"):
        return _row(file, content), None if _row(file, content) else "The example has no row here: nobody was killed."
    return None, _record(form, content.decode())


def _row(file: File, content: bytes) -> dict[str, str] | None:
    """The row of the arrests, or of the coup where those have none."""
    names = [column.name for column in file.columns]
    delimiter = file.dialect.get("delimiter", ",")
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter, quoting=quoting))
    rows = [
        dict(zip(names, line, strict=True)) for line in (lines if file.dialect.get("header") is False else lines[1:])
    ]
    telling = [row for row in rows if "arrest" in " ".join(row.values()).lower()]
    return next(iter([*reversed(telling), *rows]), None)


def _record(form: Format, text: str) -> str | None:
    """One record, broken into lines for reading."""
    if form.name == "gexf":
        return f"```xml\n{text[text.index('    <nodes>') : text.index('  </graph>')].rstrip()}\n```"
    if form.name == "ftm":
        about = [line for line in text.splitlines() if f"incident-{ARRESTS}" in line.split('"prop"')[0]]
        return f"The Event of the arrests:\n\n```json\n{chr(10).join(about[:4])}\n```"
    if form.name == "geojson":
        return _json(_feature(text))
    if form.name == "annotations":
        return _json(_short(json.loads(text)["items"][-2]))
    return _json(
        next(json.loads(line) for line in text.splitlines() if '"arrest"' in line and "minister" in line.lower())
    )


def _feature(text: str) -> dict[str, Any]:
    feature: dict[str, Any] = next(one for one in json.loads(text)["features"] if one["id"] == ARRESTS)
    known = {key: value for key, value in feature["properties"].items() if value is not None}
    return feature | {"properties": known}


def _short(annotation: dict[str, Any]) -> dict[str, Any]:
    """An annotation whose body is cut to what fits the page."""
    body = annotation["body"]
    return annotation | {"body": [*body[:-1], body[-1] | {"value": f"{body[-1]['value'][:_LONGEST]}…"}]}


def _json(value: Any) -> str:
    return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```"


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ("---",) * len(head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
