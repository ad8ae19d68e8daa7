"""What an export says of itself: a Frictionless Data Package with digests, filters, count rule and versions.

Nothing in it depends on when or where it was made: the same state of a ledger gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sayso.export.declared import Column, File, Format, Kind, Options

NAME = "datapackage.json"
_FIELD = {Kind.WHOLE: "integer", Kind.NUMBER: "number", Kind.FLAG: "boolean", Kind.LIST: "array", Kind.OBJECT: "object"}
_TABLES = ("text/csv", "text/tab-separated-values", "spreadsheetml")  # Parquet describes itself
_BLOCK = 1 << 20


def manifest(folder: Path, formats: Iterable[Format], options: Options, made: Mapping[str, Any]) -> bytes:
    """The manifest of what lies in `folder`; `made` is what is said of the export as a whole."""
    declared = {file.name: (form, file) for form in formats for file in form.files}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    resources = [_resource(folder, path, declared.get(path.name), options) for path in paths]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "sayso-export",
        "title": "Export of a Sayso ledger",
        **made,
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(folder: Path, path: Path, declared: tuple[Format, File] | None, options: Options) -> dict[str, Any]:
    name = path.relative_to(folder).as_posix()
    found: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]", "-", name.lower()),
        "path": name,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
    }
    if declared is None:
        return found
    form, file = declared
    found |= {"title": form.title, "description": form.about, "mediatype": file.media}
    found |= {"sayso:lost": list(form.lost), "sayso:terms": form.terms}
    if form.count_rule:
        found["sayso:count_rule"] = form.count_rule
    if any(kind in file.media for kind in _TABLES):
        found |= _table(file, options)
    return found


def _table(file: File, options: Options) -> dict[str, Any]:
    suffix = {"text/csv": "csv", "text/tab-separated-values": "csv"}.get(file.media) or file.name.rpartition(".")[2]
    dialect = {key: value for key, value in file.dialect.items() if value is not None}
    if options.hxl and file.media == "text/csv":
        dialect["commentRows"] = [2]
    described = {
        "format": suffix,
        "encoding": "utf-8",
        "schema": {"fields": [_field(column) for column in file.columns]},
    }
    return described | ({"dialect": dialect} if dialect else {})


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "type": _FIELD.get(column.kind, "string"),
        "description": column.about,
    }
    if column.kind is Kind.FLAG:
        described |= {"trueValues": ["True", "true"], "falseValues": ["False", "false"]}
    if column.unit:
        described["sayso:unit"] = column.unit
    if column.required:
        described["constraints"] = {"required": True}
    return described


def digest(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
